//! What a readout population did, for decoding an answer: kept in place of all its spikes.

use super::{Probe, Recorder};
use crate::compile::CompiledNetwork;
use crate::neuron::Output;

/// Spike count, first spike and highest membrane of every neuron of a population.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    population: usize,
    /// Spikes of each neuron.
    pub counts: Vec<u64>,
    /// Tick of each neuron's first spike.
    pub first: Vec<Option<u64>>,
    /// Highest membrane (for a population without one, highest output) of each neuron.
    pub highest: Vec<f64>,
    probes: Vec<Probe>,
}

impl Tally {
    /// A tally of `population`, with its highest membrane where `membrane`.
    #[must_use]
    pub fn new(net: &CompiledNetwork, population: usize, membrane: bool) -> Self {
        let p = &net.populations[population];
        let spec = p.model.spec();
        let variable = if spec.variable("v").is_some() { "v" } else { "output" };
        let sampled = membrane && (variable == "v" || spec.output == Output::Analog);
        let ids = (0..p.size as u32).collect();
        Self {
            population,
            counts: vec![0; p.size],
            first: vec![None; p.size],
            highest: vec![f64::NEG_INFINITY; p.size],
            probes: if sampled { vec![Probe { population, variable: variable.into(), ids, every: 1 }] } else { Vec::new() },
        }
    }

    /// Empties the tally for another sample.
    pub fn clear(&mut self) {
        self.counts.fill(0);
        self.first.fill(None);
        self.highest.fill(f64::NEG_INFINITY);
    }
}

impl Recorder for Tally {
    fn wants_spikes(&self, population: usize) -> bool {
        population == self.population
    }

    fn spikes(&mut self, _population: usize, tick: u64, ids: &[u32]) {
        for &id in ids {
            self.counts[id as usize] += 1;
            self.first[id as usize].get_or_insert(tick);
        }
    }

    fn probes(&self) -> &[Probe] {
        &self.probes
    }

    fn sample(&mut self, _probe: usize, _tick: u64, values: &[f64]) {
        for (highest, v) in self.highest.iter_mut().zip(values) {
            *highest = highest.max(*v);
        }
    }
}
