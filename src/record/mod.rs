//! Who listens: recorders of spikes and traces, the tally of a readout, and statistics of what was heard.
//!
//! A recorder never changes a result. What is not asked for costs nothing: an engine collects only what [`Recorder`] says it wants.

mod column;
mod digest;
mod file;
mod history;
mod memory;
mod neuron_spikes;
mod results;
mod selection;
mod sonata;
mod statistics;
mod tally;

pub use digest::SpikeDigest;
pub use file::FileRecorder;
pub use history::SpikeHistory;
pub use memory::{MemoryRecorder, SpikeTrain, Trace};
pub use neuron_spikes::NeuronSpikes;
pub use results::{RecordedSpikes, RecordedTrace, RecordedTrain, Results};
pub use selection::Selection;
pub use sonata::{read_report, write_results};
pub use statistics::{Correlation, QUANTILES, Spread, Statistics};
pub use tally::Tally;

/// State variables of some neurons of a population, sampled every so many ticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The population.
    pub population: usize,
    /// The variable (`v`); `output` is the value that an analog population gives.
    pub variable: String,
    /// The neurons, ascending.
    pub ids: Vec<u32>,
    /// Ticks between samples: on a grid the first is taken at tick 1, in exact time at this tick.
    pub every: u64,
}

/// What an engine tells as it goes: in ascending order of ticks, and within a tick in the order of populations.
///
/// An engine may call it from a thread of its own, from one at a time.
pub trait Recorder: Send {
    /// Whether the spikes of a population are wanted.
    fn wants_spikes(&self, _population: usize) -> bool {
        false
    }

    /// The spikes of a population in a tick, ascending; a neuron that spikes k times stands there k times. Not called where there
    /// are none.
    fn spikes(&mut self, _population: usize, _tick: u64, _ids: &[u32]) {}

    /// A spike in exact time, a fraction of a tick after it. They come in ascending order of time.
    fn exact_spike(&mut self, population: usize, tick: u64, _fraction: f64, id: u32) {
        self.spikes(population, tick, &[id]);
    }

    /// What is sampled.
    fn probes(&self) -> &[Probe] {
        &[]
    }

    /// A sample of probe `probe`, one value per neuron of it.
    fn sample(&mut self, _probe: usize, _tick: u64, _values: &[f64]) {}

    /// True where it can keep no more of what it hears, so that a run may as well end.
    fn failed(&self) -> bool {
        false
    }
}

/// Listens to nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Recorder for Silent {}

/// Two recorders as one.
#[derive(Debug)]
pub struct Both<A, B> {
    /// Told first.
    pub first: A,
    /// Told second.
    pub second: B,
    probes: Vec<Probe>,
}

impl<A: Recorder, B: Recorder> Both<A, B> {
    /// Joins two recorders.
    pub fn new(first: A, second: B) -> Self {
        let probes = first.probes().iter().chain(second.probes()).cloned().collect();
        Self { first, second, probes }
    }
}

impl<A: Recorder, B: Recorder> Recorder for Both<A, B> {
    fn wants_spikes(&self, population: usize) -> bool {
        self.first.wants_spikes(population) || self.second.wants_spikes(population)
    }

    fn spikes(&mut self, population: usize, tick: u64, ids: &[u32]) {
        if self.first.wants_spikes(population) {
            self.first.spikes(population, tick, ids);
        }
        if self.second.wants_spikes(population) {
            self.second.spikes(population, tick, ids);
        }
    }

    fn exact_spike(&mut self, population: usize, tick: u64, fraction: f64, id: u32) {
        if self.first.wants_spikes(population) {
            self.first.exact_spike(population, tick, fraction, id);
        }
        if self.second.wants_spikes(population) {
            self.second.exact_spike(population, tick, fraction, id);
        }
    }

    fn probes(&self) -> &[Probe] {
        &self.probes
    }

    fn sample(&mut self, probe: usize, tick: u64, values: &[f64]) {
        let own = self.first.probes().len();
        if probe < own {
            self.first.sample(probe, tick, values);
        } else {
            self.second.sample(probe - own, tick, values);
        }
    }

    fn failed(&self) -> bool {
        self.first.failed() || self.second.failed()
    }
}
