//! What a step can ask about what the learner did.

use crate::project::Edits;
use crate::view::Cx;
use spikewatt::counts::EventCounts;

/// A moment of the session, to compare with.
#[derive(Debug, Clone, Default)]
pub struct Mark {
    /// The tick.
    pub tick: u64,
    /// The counts then.
    pub counts: EventCounts,
    /// What was changed then.
    pub edits: Edits,
    /// The devices that were chosen then: the spiking network's, the dense one's.
    pub devices: (String, String),
}

impl Mark {
    /// The present.
    #[must_use]
    pub fn now(cx: &Cx<'_>) -> Self {
        Self {
            tick: cx.now.tick,
            counts: cx.now.counts.clone(),
            edits: cx.view.edits.now().clone(),
            devices: (cx.view.spiking_device.clone(), cx.view.dense_device.clone()),
        }
    }
}

/// The present beside the moment at which the step began.
#[derive(Debug)]
pub struct Facts<'a, 'c> {
    /// The present and the past.
    pub cx: &'a Cx<'c>,
    /// When the step began.
    pub began: &'a Mark,
    /// The tick at which something was last changed.
    pub edited: u64,
}

impl Facts<'_, '_> {
    /// Milliseconds that have passed since the step began.
    #[must_use]
    pub fn ran_ms(&self) -> f64 {
        self.cx.scene.ms(self.cx.now.tick.saturating_sub(self.began.tick))
    }

    /// Spikes of a population since the step began.
    #[must_use]
    pub fn spikes(&self, population: &str) -> u64 {
        let Some(at) = self.cx.scene.network.population(population) else { return 0 };
        let of = |counts: &EventCounts| counts.populations.get(at).map_or(0, |p| p.spikes);
        of(&self.cx.now.counts).saturating_sub(of(&self.began.counts))
    }

    /// Mean rate of a population's neurons over the last so many milliseconds, Hz; `None` where less has passed since something was changed.
    #[must_use]
    pub fn rate_hz(&self, population: &str, ms: f64) -> Option<f64> {
        let cx = self.cx;
        let (at, ticks) = (cx.scene.network.population(population)?, cx.scene.tick(ms));
        let from = cx.now.tick.checked_sub(ticks)?;
        if from < self.edited {
            return None;
        }
        let spikes = cx.history.spikes.between(at, from + 1, cx.now.tick).0.len();
        Some(spikes as f64 / cx.scene.net.populations[at].size as f64 / (ms * 1e-3))
    }

    /// Synaptic events per synapse and sample over the last so many samples; `None` where fewer have passed since something was changed.
    #[must_use]
    pub fn events_per_synapse(&self, samples: f64) -> Option<f64> {
        let cx = self.cx;
        let from = cx.now.tick.checked_sub((cx.scene.ticks? as f64 * samples) as u64)?;
        if from < self.edited {
            return None;
        }
        let events = |counts: &EventCounts| counts.projections.iter().map(|p| p.synaptic_events).sum::<u64>();
        let before = cx.history.counts.at(from).map_or(0, events);
        Some((events(&cx.now.counts) - before) as f64 / cx.scene.net.synapses() as f64 / samples)
    }

    /// A parameter of a population's first neuron, as it was opened and as it is.
    #[must_use]
    pub fn param(&self, population: &str, name: &str) -> Option<(f64, f64)> {
        let at = self.cx.scene.network.population(population)?;
        Some((self.cx.scene.built.populations[at].param(name, 0)?, self.cx.scene.net.populations[at].param(name, 0)?))
    }

    /// What the weights of a projection are multiplied by.
    #[must_use]
    pub fn weight_factor(&self, projection: &str) -> f64 {
        self.cx.view.edits.now().weights.get(projection).copied().unwrap_or(1.0)
    }

    /// What the rate of a stimulus is multiplied by.
    #[must_use]
    pub fn rate_factor(&self, stimulus: &str) -> f64 {
        self.cx.view.edits.now().rates.get(stimulus).copied().unwrap_or(1.0)
    }
}

/// Changes something of the network, as the sliders do.
pub(super) fn edit(cx: &mut Cx<'_>, change: impl FnOnce(&mut Edits)) {
    let mut edits = cx.view.edits.now().clone();
    change(&mut edits);
    cx.view.edits.set(edits);
}

/// Sets a parameter of a population.
pub(super) fn set(cx: &mut Cx<'_>, population: &str, param: &str, value: f64) {
    edit(cx, |edits| {
        edits.set.entry(population.into()).or_default().insert(param.into(), value);
    });
}
