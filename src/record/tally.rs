//! What a readout population did, for decoding an answer: kept in place of all its spikes.

use super::{Probe, Recorder};
use crate::compile::CompiledNetwork;
use crate::dataset::decode::{Decoding, decide};
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
    by_step: Option<ByStep>,
}

/// The answer that would be read off after each step.
#[derive(Debug, Clone, PartialEq)]
struct ByStep {
    decoding: Decoding,
    answers: Vec<Option<u32>>,
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
            by_step: None,
        }
    }

    /// The same, keeping the answer after each step.
    #[must_use]
    pub fn by_step(self, decoding: Decoding) -> Self {
        Self { by_step: Some(ByStep { decoding, answers: Vec::new() }), ..self }
    }

    /// The answers after steps 1 to `ticks` of a run that took so many; none where they were not asked for. The last is the answer of the run.
    #[must_use]
    pub fn answers_by_step(mut self, ticks: u64) -> Vec<Option<u32>> {
        self.fill(ticks);
        self.by_step.map_or_else(Vec::new, |by_step| by_step.answers)
    }

    /// Answers up to a tick are those of what is known now.
    fn fill(&mut self, tick: u64) {
        let Some(by_step) = &mut self.by_step else { return };
        if (by_step.answers.len() as u64) < tick {
            let now = decide(by_step.decoding, &self.counts, &self.first, &self.highest).map(|class| class as u32);
            by_step.answers.resize(tick as usize, now);
        }
    }

    /// Whether membranes decide: they are told after all spikes of a window, so that spikes say nothing of how far the run is.
    fn is_by_membrane(&self) -> bool {
        self.by_step.as_ref().is_some_and(|by_step| by_step.decoding == Decoding::MaxMembrane)
    }

    /// Empties the tally for another sample.
    pub fn clear(&mut self) {
        self.counts.fill(0);
        self.first.fill(None);
        self.highest.fill(f64::NEG_INFINITY);
        if let Some(by_step) = &mut self.by_step {
            by_step.answers.clear();
        }
    }
}

impl Recorder for Tally {
    fn wants_spikes(&self, population: usize) -> bool {
        population == self.population
    }

    fn spikes(&mut self, _population: usize, tick: u64, ids: &[u32]) {
        if !self.is_by_membrane() {
            self.fill(tick.saturating_sub(1));
        }
        for &id in ids {
            self.counts[id as usize] += 1;
            self.first[id as usize].get_or_insert(tick);
        }
    }

    fn probes(&self) -> &[Probe] {
        &self.probes
    }

    fn sample(&mut self, _probe: usize, tick: u64, values: &[f64]) {
        for (highest, v) in self.highest.iter_mut().zip(values) {
            *highest = highest.max(*v);
        }
        if self.is_by_membrane() {
            self.fill(tick);
        }
    }
}
