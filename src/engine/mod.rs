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

mod arrivals;
mod barrier;
mod batch;
mod calendar;
mod deliver;
mod exact;
mod part;
mod slice;
mod stimuli;

pub use batch::{SampleOutcome, run_samples};
pub use exact::ExactSimulation;

use crate::compile::CompiledNetwork;
use crate::counts::EventCounts;
use crate::record::{Probe, Recorder};
use crate::spike::InputTrain;
use barrier::Barrier;
use slice::{Slice, Told};
use std::sync::{Arc, Mutex, MutexGuard, RwLock, RwLockReadGuard};

/// Which execution runs a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineKind {
    /// Whole populations stepped, spikes delivered as events.
    Clock,
    /// Neurons touched only when something reaches them; those without a closed form are stepped.
    Event,
}

impl EngineKind {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Event => "event",
        }
    }
}

/// A network in time.
pub struct Simulation {
    net: Arc<CompiledNetwork>,
    slices: Vec<Mutex<Slice>>,
    /// What each slice told after a window, for even and for odd windows: while slow threads still hear of one window, fast ones tell of the
    /// next.
    told: Vec<[RwLock<Told>; 2]>,
    pool: Option<rayon::ThreadPool>,
    threads: usize,
    tick: u64,
    window: u64,
}

impl std::fmt::Debug for Simulation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulation").field("net", &self.net.name).field("tick", &self.tick).finish_non_exhaustive()
    }
}

/// Why a lock is good: only a panic elsewhere could have spoiled it, and then this thread is to end too.
const UNSPOILED: &str = "no other thread of the simulation panicked";

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect(UNSPOILED)
}

impl Simulation {
    /// A simulation at time 0 that steps its neurons, on at most so many threads: as many as the network has shards.
    ///
    /// Networks that deliver within the tick have one shard; their samples run side by side instead ([`run_samples`]).
    #[must_use]
    pub fn new(net: Arc<CompiledNetwork>, threads: usize) -> Self {
        Self::with_engine(net, threads, EngineKind::Clock)
    }

    /// A simulation at time 0 by the execution `engine`.
    #[must_use]
    pub fn with_engine(net: Arc<CompiledNetwork>, threads: usize, engine: EngineKind) -> Self {
        let shards = net.shards.count();
        let slices = (0..shards).map(|shard| Mutex::new(Slice::new(&net, shard, engine == EngineKind::Event))).collect();
        let window = u64::from(net.min_delay.max(1));
        let told = || RwLock::new(Told::new(window as usize, net.populations.len()));
        let told = (0..shards).map(|_| [told(), told()]).collect();
        let threads = threads.clamp(1, shards);
        // A pool that cannot be made (no threads left in the system) leaves the work to the caller's thread: slower, same bits.
        let pool = (threads > 1).then(|| rayon::ThreadPoolBuilder::new().num_threads(threads).build().ok()).flatten();
        let threads = if pool.is_some() { threads } else { 1 };
        Self { net, slices, told, pool, threads, tick: 0, window }
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
        self.slices.iter().for_each(|slice| locked(slice).reset(epoch));
    }

    /// Gives an input population what it puts out from now on; tick 1 of the train is the next tick.
    pub fn set_input(&mut self, population: usize, train: Arc<InputTrain>) {
        self.slices.iter().for_each(|slice| locked(slice).set_input(population, train.clone(), self.tick));
    }

    /// Lets so many ticks pass.
    pub fn run(&mut self, ticks: u64, recorder: &mut dyn Recorder) {
        let end = self.tick + ticks;
        let probes = recorder.probes().to_vec();
        let barrier = Barrier::new(self.threads);
        let recorder = Mutex::new(recorder);
        let this = &*self;
        let work = |worker: usize| {
            let _guard = barrier.guard();
            let mut recorder = (worker == 0).then(|| locked(&recorder));
            let recorder = match &mut recorder {
                Some(recorder) => Some(&mut ***recorder as &mut dyn Recorder),
                None => None,
            };
            this.work(worker, end, &probes, &barrier, recorder);
        };
        match &self.pool {
            Some(pool) => {
                pool.broadcast(|thread| work(thread.index()));
            }
            None => work(0),
        }
        self.tick = end;
    }

    /// What one thread does: its slices, window after window.
    fn work(&self, worker: usize, end: u64, probes: &[Probe], barrier: &Barrier, mut recorder: Option<&mut dyn Recorder>) {
        let net = &*self.net;
        let mine = || (worker..self.slices.len()).step_by(self.threads);
        let mut slices: Vec<_> = mine().map(|index| locked(&self.slices[index])).collect();
        let mut start = self.tick;
        let mut parity = 0;
        while start < end {
            let window = self.window.min(end - start);
            for (slice, index) in slices.iter_mut().zip(mine()) {
                slice.advance(net, start, window, probes);
                slice.tell(&mut self.told[index][parity].write().expect(UNSPOILED));
            }
            barrier.wait();
            let all: Vec<_> = self.told.iter().map(|told| told[parity].read().expect(UNSPOILED)).collect();
            for slice in &mut slices {
                slice.hear(net, start, window, all.iter().map(|told| &**told));
            }
            if let Some(recorder) = &mut recorder {
                record(&all, net.populations.len(), start, window, *recorder);
            }
            start += window;
            parity = 1 - parity;
        }
    }

    /// Exact counts since the start.
    #[must_use]
    pub fn counts(&self) -> EventCounts {
        let net = &*self.net;
        let mut counts = EventCounts::zero(net.populations.len(), net.projections.len());
        self.slices.iter().for_each(|slice| counts += &locked(slice).counts(net, self.tick));
        counts.ticks = self.tick;
        counts.samples = 1;
        for (p, count) in net.projections.iter().zip(&mut counts.projections) {
            count.spikes_in = counts.populations[p.from].spikes;
            count.dense_macs = p.rows.synapses(net.populations[p.from].size) * counts.ticks;
        }
        counts
    }
}

/// Tells a recorder what the slices did in a window.
fn record(told: &[RwLockReadGuard<'_, Told>], populations: usize, start: u64, window: u64, recorder: &mut dyn Recorder) {
    let mut ids = Vec::new();
    for offset in 0..window as usize {
        for population in (0..populations).filter(|p| recorder.wants_spikes(*p)).collect::<Vec<_>>() {
            ids.clear();
            told.iter().for_each(|told| ids.extend_from_slice(&told.spikes[offset][population]));
            if !ids.is_empty() {
                recorder.spikes(population, start + 1 + offset as u64, &ids);
            }
        }
    }
    let mut values = Vec::new();
    for (at, first) in told[0].samples.iter().enumerate() {
        values.clear();
        told.iter().for_each(|told| values.extend_from_slice(&told.samples[at].values));
        recorder.sample(first.probe, first.tick, &values);
    }
}
