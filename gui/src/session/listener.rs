//! What the simulation's thread hears between two looks of the window.

use super::{History, Neuron, StimulusEvent};
use spikewatt::compile::CompiledNetwork;
use spikewatt::record::{Probe, Recorder};
use std::ops::RangeInclusive;

/// Hears everything of one piece of time, then hands it to the history. Its room is kept from piece to piece.
#[derive(Debug, Default)]
pub(super) struct Listener {
    /// Added to the engine's ticks, which begin anew with each sample.
    pub(super) base: u64,
    /// Populations that are inputs, which [`Listener::heard_spike`] leaves out.
    inputs: Vec<bool>,
    probes: Vec<Probe>,
    /// Ticks and neurons by population.
    spikes: Vec<(Vec<u64>, Vec<u32>)>,
    /// Ticks by probe, and for each of them the values of all its neurons.
    samples: Vec<(Vec<u64>, Vec<f64>)>,
    /// What stimuli brought to the neurons that are followed.
    stimuli: Vec<(Neuron, Vec<StimulusEvent>)>,
    heard_spike: bool,
}

impl Listener {
    pub(super) fn new(inputs: Vec<bool>) -> Self {
        let spikes = vec![Default::default(); inputs.len()];
        Self { inputs, spikes, ..Self::default() }
    }

    /// Follows the membranes of these neurons, which are in order, every so many ticks. What was heard of others before is forgotten.
    pub(super) fn watch(&mut self, neurons: &[Neuron], every: u64, variable: impl Fn(usize) -> Option<&'static str>) {
        self.probes = neurons
            .chunk_by(|a, b| a.population == b.population)
            .filter_map(|of| {
                let population = of[0].population;
                let variable = variable(population)?.to_owned();
                Some(Probe { population, variable, ids: of.iter().map(|neuron| neuron.id).collect(), every })
            })
            .collect();
        self.samples = vec![Default::default(); self.probes.len()];
        self.stimuli.clear();
    }

    /// Hears what stimuli brought to some neurons in ticks that have just passed: no recorder is told, so it is drawn again, under the
    /// parameters that those ticks had.
    pub(super) fn hear_stimuli(&mut self, net: &CompiledNetwork, neurons: &[Neuron], ticks: RangeInclusive<u64>, epoch: u64) {
        self.stimuli.resize_with(neurons.len(), Default::default);
        for (neuron, (of, heard)) in neurons.iter().zip(&mut self.stimuli) {
            *of = *neuron;
            let base = self.base;
            net.each_stimulus_event(neuron.population, neuron.id, ticks.clone(), epoch, &mut |stimulus, tick, events, weight| {
                heard.push(StimulusEvent { tick: base + tick, stimulus, events, weight });
            });
            heard.sort_by_key(|event| event.tick);
        }
    }

    /// Whether a neuron has spiked, inputs left out, since this was last asked.
    pub(super) fn heard_spike(&mut self) -> bool {
        std::mem::take(&mut self.heard_spike)
    }

    /// Puts what was heard into the history.
    pub(super) fn hand_over(&mut self, history: &mut History) {
        for (population, (ticks, ids)) in self.spikes.iter_mut().enumerate().filter(|(_, (ticks, _))| !ticks.is_empty()) {
            history.spikes.extend(population, ticks, ids);
            ticks.clear();
            ids.clear();
        }
        history.spikes.make_room();
        for (probe, (ticks, values)) in self.probes.iter().zip(&mut self.samples) {
            for (at, id) in probe.ids.iter().enumerate() {
                let own = values.iter().skip(at).step_by(probe.ids.len()).copied();
                history.traces.extend(Neuron { population: probe.population, id: *id }, ticks, own);
            }
            ticks.clear();
            values.clear();
        }
        for (neuron, heard) in &mut self.stimuli {
            history.traces.stimulated(*neuron, heard);
            heard.clear();
        }
    }
}

impl Recorder for Listener {
    fn wants_spikes(&self, _population: usize) -> bool {
        true
    }

    fn spikes(&mut self, population: usize, tick: u64, ids: &[u32]) {
        self.heard_spike |= !self.inputs[population];
        let (ticks, heard) = &mut self.spikes[population];
        heard.extend_from_slice(ids);
        ticks.resize(heard.len(), self.base + tick);
    }

    fn probes(&self) -> &[Probe] {
        &self.probes
    }

    fn sample(&mut self, probe: usize, tick: u64, values: &[f64]) {
        let (ticks, heard) = &mut self.samples[probe];
        ticks.push(self.base + tick);
        heard.extend_from_slice(values);
    }
}
