//! The clock and the event engine: a network in slices, one for each shard.
//!
//! Threads share a network by target: each owns some neurons of every population and everything that arrives there. Within a
//! window of one minimum delay nothing that is emitted can arrive, so the slices run alone; between windows the spikes are
//! exchanged, and each slice walks all of them in one order. Sums into a neuron therefore have one order on any number of
//! threads, and results are the same bits.

use super::barrier::Barrier;
use super::slice::{Slice, Told};
use crate::compile::CompiledNetwork;
use crate::counts::EventCounts;
use crate::neuron::Kick;
use crate::record::{Probe, Recorder};
use crate::spike::InputTrain;
use std::sync::{Arc, Mutex, MutexGuard, RwLock, RwLockReadGuard};

/// A network in slices.
pub(super) struct Sliced {
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

/// Why a lock is good: only a panic elsewhere could have spoiled it, and then this thread is to end too.
const UNSPOILED: &str = "no other thread of the simulation panicked";

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect(UNSPOILED)
}

impl Sliced {
    /// At time 0, on at most so many threads: as many as the network has shards. Neurons that can be are advanced on demand where `lazy`.
    pub(super) fn new(net: Arc<CompiledNetwork>, threads: usize, lazy: bool) -> Self {
        let shards = net.shards.count();
        let slices = (0..shards).map(|shard| Mutex::new(Slice::new(&net, shard, lazy))).collect();
        let window = u64::from(net.min_delay.max(1));
        let told = || RwLock::new(Told::new(window as usize, net.populations.len()));
        let told = (0..shards).map(|_| [told(), told()]).collect();
        let threads = threads.clamp(1, shards);
        // A pool that cannot be made (no threads left in the system) leaves the work to the caller's thread: slower, same bits.
        let pool = (threads > 1).then(|| rayon::ThreadPoolBuilder::new().num_threads(threads).build().ok()).flatten();
        let threads = if pool.is_some() { threads } else { 1 };
        Self { net, slices, told, pool, threads, tick: 0, window }
    }

    pub(super) fn tick(&self) -> u64 {
        self.tick
    }

    pub(super) fn reset(&mut self, epoch: u64) {
        self.tick = 0;
        self.slices.iter().for_each(|slice| locked(slice).reset(epoch));
    }

    pub(super) fn set_input(&mut self, population: usize, train: &Arc<InputTrain>) {
        self.slices.iter().for_each(|slice| locked(slice).set_input(population, train.clone(), self.tick));
    }

    /// Whether some neurons are touched on demand.
    pub(super) fn is_lazy(&self) -> bool {
        self.slices.iter().any(|slice| locked(slice).is_lazy())
    }

    pub(super) fn epoch(&self) -> u64 {
        locked(&self.slices[0]).epoch()
    }

    /// Values of neurons that are there, or of all where `ids` is empty.
    pub(super) fn value(&self, population: usize, variable: &str, ids: &[u32], values: &mut [f64]) {
        for slice in &self.slices {
            locked(slice).value(population, variable, ids, self.tick, values);
        }
    }

    /// Kicks a neuron that is there.
    pub(super) fn kick(&mut self, population: usize, neuron: u32) -> Kick {
        let (net, tick) = (self.net.clone(), self.tick);
        let kick = |slice: &Mutex<Slice>| locked(slice).kick(&net, population, neuron, tick);
        self.slices.iter().find_map(kick).unwrap_or(Kick::Unable)
    }

    /// Goes on with another network of the same shape.
    pub(super) fn adopt(&mut self, net: Arc<CompiledNetwork>) {
        self.slices.iter().for_each(|slice| locked(slice).adopt(&self.net, &net, self.tick));
        self.net = net;
    }

    /// Lets so many ticks pass.
    pub(super) fn run(&mut self, ticks: u64, recorder: &mut dyn Recorder) {
        let end = self.tick + ticks;
        let probes = recorder.probes().to_vec();
        let barrier = Barrier::new(self.threads);
        let recorder = Mutex::new(recorder);
        let this = &*self;
        let work = |worker: usize| {
            let _guard = barrier.guard();
            let mut recorder = (worker == 0).then(|| locked(&recorder));
            // A map would fix the lifetime of what is recorded to, and not let it be lent for a shorter time.
            #[allow(clippy::manual_map)]
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

    /// Counts since the start, but for those that follow from the network's sizes.
    pub(super) fn counts(&self) -> EventCounts {
        let net = &*self.net;
        let mut counts = EventCounts::zero(net.populations.len(), net.projections.len());
        self.slices.iter().for_each(|slice| counts += &locked(slice).counts(net, self.tick));
        counts
    }
}

/// Tells a recorder what the slices did in a window.
fn record(told: &[RwLockReadGuard<'_, Told>], populations: usize, start: u64, window: u64, recorder: &mut dyn Recorder) {
    let mut ids = Vec::new();
    let wanted: Vec<usize> = (0..populations).filter(|p| recorder.wants_spikes(*p)).collect();
    for offset in 0..window as usize {
        for &population in &wanted {
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
