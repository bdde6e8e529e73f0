//! What runs through the network at the moment that is looked at, from the spikes that are recorded.

use crate::view::Cx;

/// Bins of a pulse train along a connection.
pub(super) const BINS: usize = 12;

/// Activity at a moment.
pub(super) struct Activity {
    /// The moment.
    pub(super) tick: u64,
    /// Ticks that light up: a spike fades, and its pulse travels, over so many.
    pub(super) glow: u64,
    /// Ticks over which rates are taken.
    pub(super) rated: u64,
    /// Spikes of each population in each part of the glow, the newest first.
    pub(super) bins: Vec<[u32; BINS]>,
    /// Spikes a second and neuron; absent where a population gives numbers.
    pub(super) rates: Vec<Option<f64>>,
}

impl Activity {
    /// That of the moment that is looked at.
    pub(super) fn at(cx: &Cx<'_>) -> Self {
        let (scene, tick) = (cx.scene, cx.tick());
        // Ten milliseconds, or what passes in half a second while it runs faster.
        let runs = if cx.view.cursor.is_none() && cx.now.playing { cx.now.pace * 500.0 } else { 0.0 };
        let glow = scene.tick(runs.max(10.0)).max(BINS as u64);
        let began = cx.history.sample_at(tick).map_or(0, |sample| sample.began);
        let rated = scene.tick(50.0).max(glow).min(tick.saturating_sub(began).max(1));
        let mut bins = vec![[0; BINS]; scene.net.populations.len()];
        let mut rates = Vec::with_capacity(bins.len());
        for (at, p) in scene.net.populations.iter().enumerate() {
            for (k, bin) in bins[at].iter_mut().enumerate() {
                let far = |k: usize| (k as u64 * glow) / BINS as u64;
                let (near, far) = (far(k), far(k + 1));
                if far > near && tick >= near {
                    let from = (tick + 1).saturating_sub(far);
                    *bin = cx.history.spikes.between(at, from, tick - near).0.len() as u32;
                }
            }
            let numbers = p.model.spec().output == spikewatt::neuron::Output::Analog;
            let spikes = cx.history.spikes.between(at, (tick + 1).saturating_sub(rated), tick).0.len();
            let seconds = rated as f64 * scene.dt_s();
            rates.push((!numbers).then(|| spikes as f64 / (p.size.max(1) as f64 * seconds)));
        }
        Self { tick, glow, rated, bins, rates }
    }

    /// How bright a population is as a whole, 0 to 1: the share of its neurons that spiked in the glow, on a scale of roots.
    pub(super) fn of(&self, population: usize, size: usize) -> f32 {
        let faded: f32 = self.bins[population].iter().enumerate().map(|(k, n)| *n as f32 * (1.0 - k as f32 / BINS as f32)).sum();
        (faded / size.max(1) as f32).sqrt().min(1.0)
    }
}

/// A rate for people.
pub(super) fn rate_text(rate: Option<f64>) -> String {
    match rate {
        None => "gives numbers".to_owned(),
        Some(rate) if rate >= 100.0 => format!("{rate:.0} Hz"),
        Some(rate) => format!("{rate:.1} Hz"),
    }
}
