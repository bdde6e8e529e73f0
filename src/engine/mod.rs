//! Time passes: the clock engine, which steps whole populations and delivers spikes as events.
//!
//! Order at one tick: stimuli; deliveries; threshold tests after all deliveries of that tick; fan-out; samples. A spike of tick t with
//! delay d counts in tick t + d. Projections that deliver within the tick (delay 0, layered networks) are followed in topological
//! order, so that a layer sees what the layer below did in the same tick.
//!
//! Threads share a network by target: each owns a slice of every population and everything that arrives there. Within a
//! window of one minimum delay nothing that is emitted can arrive, so the slices run alone; between windows the spikes are
//! exchanged, and each slice walks all of them in one order. Sums into a neuron therefore have one order on any number of
//! threads, and results are the same bits.

mod batch;
mod deliver;
mod slice;

pub use batch::{SampleOutcome, run_samples};

use crate::compile::CompiledNetwork;
use crate::counts::EventCounts;
use crate::record::Recorder;
use crate::spike::InputTrain;
use rayon::prelude::*;
use slice::Slice;
use std::sync::Arc;

/// Which execution runs a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineKind {
    /// Whole populations stepped, spikes delivered as events.
    Clock,
}

impl EngineKind {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Clock => "clock",
        }
    }
}

/// A network in time.
pub struct Simulation {
    net: Arc<CompiledNetwork>,
    slices: Vec<Slice>,
    pool: Option<rayon::ThreadPool>,
    tick: u64,
    window: u64,
    counts: EventCounts,
    /// Spikes of the current window: `spikes[tick in window][population]`.
    spikes: Vec<Vec<Vec<u32>>>,
}

impl std::fmt::Debug for Simulation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulation").field("net", &self.net.name).field("tick", &self.tick).finish_non_exhaustive()
    }
}

impl Simulation {
    /// A simulation at time 0 on at most so many threads: as many as its neurons keep busy.
    ///
    /// Networks that deliver within the tick run on one thread; their samples run side by side instead ([`run_samples`]).
    #[must_use]
    pub fn new(net: Arc<CompiledNetwork>, threads: usize) -> Self {
        // Fewer neurons than this are stepped faster than a thread is woken.
        const WORTH_A_THREAD: u64 = 256;
        let worth = (net.neurons() / WORTH_A_THREAD).max(1) as usize;
        Self::in_slices(net, threads.clamp(1, worth))
    }

    /// A simulation at time 0 on exactly so many threads, where the network can be sliced.
    #[must_use]
    pub fn in_slices(net: Arc<CompiledNetwork>, slices: usize) -> Self {
        let parts = if net.min_delay == 0 { 1 } else { slices.max(1) };
        let slices: Vec<_> = (0..parts).map(|part| Slice::new(&net, part, parts)).collect();
        // A pool that cannot be made (no threads left in the system) leaves the work to the caller's thread: slower, same bits.
        let pool = (parts > 1).then(|| rayon::ThreadPoolBuilder::new().num_threads(parts).build().ok()).flatten();
        let window = u64::from(net.min_delay.max(1));
        let counts = EventCounts::zero(net.populations.len(), net.projections.len());
        let spikes = vec![vec![Vec::new(); net.populations.len()]; window as usize];
        Self { net, slices, pool, tick: 0, window, counts, spikes }
    }

    /// The network.
    #[must_use]
    pub fn network(&self) -> &Arc<CompiledNetwork> {
        &self.net
    }

    /// Ticks passed.
    #[must_use]
    pub fn tick(&self) -> u64 {
        self.tick
    }

    /// Back to time 0: every state, queue and count as at the start. Random stimuli draw as if `epoch` ticks had passed before, so that
    /// samples run one after the other, or side by side, do not hear the same noise.
    pub fn reset(&mut self, epoch: u64) {
        self.tick = 0;
        for slice in &mut self.slices {
            slice.reset(epoch);
        }
        self.counts = EventCounts::zero(self.net.populations.len(), self.net.projections.len());
    }

    /// Gives an input population what it puts out from now on; tick 1 of the train is the next tick.
    pub fn set_input(&mut self, population: usize, train: Arc<InputTrain>) {
        for slice in &mut self.slices {
            slice.set_input(population, train.clone(), self.tick);
        }
    }

    /// Lets so many ticks pass.
    pub fn run(&mut self, ticks: u64, recorder: &mut dyn Recorder) {
        let end = self.tick + ticks;
        let probes = recorder.probes().to_vec();
        let net = self.net.clone();
        let net = &*net;
        while self.tick < end {
            let start = self.tick;
            let window = self.window.min(end - start);
            let advance = |slice: &mut Slice| slice.advance(net, start, window, &probes);
            match &self.pool {
                Some(pool) => pool.install(|| self.slices.par_iter_mut().for_each(advance)),
                None => self.slices.iter_mut().for_each(advance),
            }
            self.collect(start, window, recorder);
            let spikes = &self.spikes;
            let deliver = |slice: &mut Slice| slice.deliver(net, start, window, spikes);
            match &self.pool {
                Some(pool) => pool.install(|| self.slices.par_iter_mut().for_each(deliver)),
                None => self.slices.iter_mut().for_each(deliver),
            }
            self.tick += window;
        }
        self.counts.ticks += ticks;
    }

    /// Joins what the slices did in a window, and tells it.
    fn collect(&mut self, start: u64, window: u64, recorder: &mut dyn Recorder) {
        for offset in 0..window as usize {
            for population in 0..self.net.populations.len() {
                let joined = &mut self.spikes[offset][population];
                joined.clear();
                for slice in &self.slices {
                    joined.extend_from_slice(slice.spikes(offset, population));
                }
                if !joined.is_empty() && recorder.wants_spikes(population) {
                    recorder.spikes(population, start + 1 + offset as u64, joined);
                }
            }
        }
        let samples = self.slices[0].samples().len();
        let mut values = Vec::new();
        for at in 0..samples {
            values.clear();
            let (probe, tick) = (self.slices[0].samples()[at].probe, self.slices[0].samples()[at].tick);
            for slice in &self.slices {
                values.extend_from_slice(&slice.samples()[at].values);
            }
            recorder.sample(probe, tick, &values);
        }
    }

    /// Exact counts since the start.
    #[must_use]
    pub fn counts(&self) -> EventCounts {
        let mut counts = self.counts.clone();
        for slice in &self.slices {
            counts += slice.counts();
        }
        for (p, count) in self.net.projections.iter().zip(&mut counts.projections) {
            count.dense_macs = p.rows.synapses(self.net.populations[p.from].size) * counts.ticks;
        }
        counts.samples = 1;
        counts
    }
}
