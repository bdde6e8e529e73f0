//! Spikes and traces kept in memory.

use super::{NeuronSpikes, Probe, Recorder, Selection, SpikeDigest};
use crate::compile::CompiledNetwork;
use crate::diagnostic::Result;
use crate::network::Record;

/// Spikes of a population: (tick, neuron) pairs, ascending.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SpikeTrain {
    /// The population.
    pub population: usize,
    /// Ticks, ascending.
    pub ticks: Vec<u64>,
    /// Neurons, one per tick.
    pub ids: Vec<u32>,
    /// In exact time, the fraction of a tick by which each is later than its tick; empty on a grid.
    pub fractions: Vec<f64>,
}

impl SpikeTrain {
    /// Times in ticks, ascending.
    pub fn times(&self) -> impl Iterator<Item = f64> {
        let fraction = |at: usize| self.fractions.get(at).copied().unwrap_or(0.0);
        self.ticks.iter().enumerate().map(move |(at, tick)| *tick as f64 + fraction(at))
    }
}

/// Samples of a probe.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// What was sampled.
    pub probe: Probe,
    /// Ticks of the samples.
    pub ticks: Vec<u64>,
    /// `values[sample * neurons + neuron]`.
    pub values: Vec<f64>,
}

/// Keeps what it hears in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryRecorder {
    /// One train for each population whose spikes are kept.
    pub trains: Vec<SpikeTrain>,
    /// One trace per probe.
    pub traces: Vec<Trace>,
    probes: Vec<Probe>,
    /// Place in `trains` of each population.
    slot: Vec<Option<usize>>,
    /// Where spikes of all neurons are counted besides.
    neurons: Option<NeuronSpikes>,
    /// What stands for all spikes.
    digest: Option<SpikeDigest>,
}

impl MemoryRecorder {
    /// A recorder of what `record` asks for.
    ///
    /// # Errors
    /// Where it names populations, variables or neurons that are not there.
    pub fn new(net: &CompiledNetwork, record: &Record) -> Result<Self> {
        Ok(Self::of(net, &Selection::new(net, record)?))
    }

    /// A recorder of what is selected.
    #[must_use]
    pub fn of(net: &CompiledNetwork, selection: &Selection) -> Self {
        let mut slot = vec![None; net.populations.len()];
        for (at, &population) in selection.spikes.iter().enumerate() {
            slot[population] = Some(at);
        }
        let train = |&population: &usize| SpikeTrain { population, ..SpikeTrain::default() };
        let trace = |probe: &Probe| Trace { probe: probe.clone(), ticks: Vec::new(), values: Vec::new() };
        Self {
            trains: selection.spikes.iter().map(train).collect(),
            traces: selection.probes.iter().map(trace).collect(),
            probes: selection.probes.clone(),
            slot,
            neurons: None,
            digest: None,
        }
    }

    /// The same, counting the spikes of every neuron besides; clones count into the same numbers.
    #[must_use]
    pub fn counting(self, neurons: NeuronSpikes) -> Self {
        Self { neurons: Some(neurons), ..self }
    }

    /// The same, with a digest of all spikes besides.
    #[must_use]
    pub fn digesting(self) -> Self {
        Self { digest: Some(SpikeDigest::new()), ..self }
    }

    /// The digest of all spikes, where it was asked for.
    #[must_use]
    pub fn digest(&self) -> Option<[u8; 32]> {
        self.digest.as_ref().map(SpikeDigest::digest)
    }

    /// A recorder of all spikes of every population, and of nothing else.
    #[must_use]
    pub fn all_spikes(net: &CompiledNetwork) -> Self {
        Self::of(net, &Selection { spikes: (0..net.populations.len()).collect(), probes: Vec::new() })
    }
}

impl Recorder for MemoryRecorder {
    fn wants_spikes(&self, population: usize) -> bool {
        self.neurons.is_some() || self.digest.is_some() || self.slot[population].is_some()
    }

    fn spikes(&mut self, population: usize, tick: u64, ids: &[u32]) {
        if let Some(neurons) = &mut self.neurons {
            neurons.spikes(population, tick, ids);
        }
        if let Some(digest) = &mut self.digest {
            digest.spikes(population, tick, ids);
        }
        if let Some(slot) = self.slot[population] {
            let train = &mut self.trains[slot];
            train.ticks.resize(train.ticks.len() + ids.len(), tick);
            train.ids.extend_from_slice(ids);
        }
    }

    fn exact_spike(&mut self, population: usize, tick: u64, fraction: f64, id: u32) {
        if let Some(neurons) = &mut self.neurons {
            neurons.spikes(population, tick, &[id]);
        }
        if let Some(digest) = &mut self.digest {
            digest.exact_spike(population, tick, fraction, id);
        }
        if let Some(slot) = self.slot[population] {
            let train = &mut self.trains[slot];
            train.ticks.push(tick);
            train.fractions.push(fraction);
            train.ids.push(id);
        }
    }

    fn probes(&self) -> &[Probe] {
        &self.probes
    }

    fn sample(&mut self, probe: usize, tick: u64, values: &[f64]) {
        self.traces[probe].ticks.push(tick);
        self.traces[probe].values.extend_from_slice(values);
    }
}
