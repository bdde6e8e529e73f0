//! What the simulation's thread hears between two looks of the window.

use super::{History, Neuron};
use spikewatt::record::{Probe, Recorder};

/// Hears everything of one piece of time, then hands it to the history.
#[derive(Debug, Default)]
pub(super) struct Listener {
    /// Added to the engine's ticks, which begin anew with each sample.
    pub(super) base: u64,
    /// Populations that are inputs, which [`Listener::heard_spike`] leaves out.
    inputs: Vec<bool>,
    probes: Vec<Probe>,
    spikes: Vec<(usize, u64, u32)>,
    samples: Vec<(usize, u64, Vec<f64>)>,
    heard_spike: bool,
}

impl Listener {
    pub(super) fn new(inputs: Vec<bool>) -> Self {
        Self { inputs, ..Self::default() }
    }

    /// Follows the membranes of these neurons, every so many ticks.
    pub(super) fn watch(&mut self, neurons: &[Neuron], every: u64, variable: impl Fn(usize) -> Option<&'static str>) {
        self.probes = neurons
            .iter()
            .filter_map(|neuron| {
                let variable = variable(neuron.population)?.to_owned();
                Some(Probe { population: neuron.population, variable, ids: vec![neuron.id], every })
            })
            .collect();
    }

    /// Whether a neuron has spiked, inputs left out, since this was last asked.
    pub(super) fn heard_spike(&mut self) -> bool {
        std::mem::take(&mut self.heard_spike)
    }

    /// Puts what was heard into the history.
    pub(super) fn hand_over(&mut self, history: &mut History) {
        for (population, tick, id) in self.spikes.drain(..) {
            history.spikes.push(population, tick, id);
        }
        for (probe, tick, values) in self.samples.drain(..) {
            let probe = &self.probes[probe];
            for (id, value) in probe.ids.iter().zip(values) {
                history.traces.push(Neuron { population: probe.population, id: *id }, tick, value);
            }
        }
    }
}

impl Recorder for Listener {
    fn wants_spikes(&self, _population: usize) -> bool {
        true
    }

    fn spikes(&mut self, population: usize, tick: u64, ids: &[u32]) {
        self.heard_spike |= !self.inputs[population];
        let base = self.base;
        self.spikes.extend(ids.iter().map(|id| (population, base + tick, *id)));
    }

    fn probes(&self) -> &[Probe] {
        &self.probes
    }

    fn sample(&mut self, probe: usize, tick: u64, values: &[f64]) {
        self.samples.push((probe, self.base + tick, values.to_vec()));
    }
}
