//! Time without a grid: spikes happen when the membrane reaches threshold, and arrive exactly one delay later.
//!
//! Time passes in windows of at most the shortest delay, (k W, (k + 1) W]. What is emitted in one arrives in a later one, so within it each
//! neuron is advanced through its own events alone, and slices of neurons go side by side; there is no queue that all share. A
//! neuron whose crossing is predicted lies in the bucket of its window; windows in which nothing is due are passed over.
//!
//! The events of a neuron are sorted by time, and at one time by what they are and then by the spike they come from, so a sum has one
//! order, and results are the same bits for any number of threads and however a run is cut into pieces.

mod bucket;
mod drive;
mod slice;

use crate::compile::CompiledNetwork;
use crate::counts::EventCounts;
use crate::record::{Probe, Recorder};
use crate::spike::InputTrain;
use rayon::prelude::*;
use slice::{Sample, Slice, Spike};
use std::sync::Arc;

/// The longest window, ticks: a millisecond. Longer ones would only hold more events at once.
const LONGEST_WINDOW: u64 = 1_000_000;

/// Fewer events than this in a window are handled faster than threads are woken.
const WORTH_A_THREAD: usize = 1024;

/// A network in exact time. A tick is a nanosecond.
pub struct ExactSimulation {
    net: Arc<CompiledNetwork>,
    slices: Vec<Slice>,
    pool: Option<rayon::ThreadPool>,
    tick: u64,
    window: u64,
    /// Spikes of the current window, by time.
    spikes: Vec<Spike>,
    samples: Vec<Sample>,
}

impl std::fmt::Debug for ExactSimulation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExactSimulation").field("net", &self.net.name).field("tick", &self.tick).finish_non_exhaustive()
    }
}

impl ExactSimulation {
    /// A simulation at time 0, on at most so many threads: as many as its neurons keep busy. The network must be compiled without a grid
    /// (one without a tick length).
    #[must_use]
    pub fn new(net: Arc<CompiledNetwork>, threads: usize) -> Self {
        // Fewer neurons than this are not worth a thread.
        const NEURONS: u64 = 256;
        let worth = (net.neurons() / NEURONS).max(1) as usize;
        Self::in_slices(net, threads.clamp(1, worth))
    }

    /// A simulation at time 0 on exactly so many threads.
    #[must_use]
    pub fn in_slices(net: Arc<CompiledNetwork>, slices: usize) -> Self {
        let parts = slices.max(1);
        let window = if net.projections.is_empty() { LONGEST_WINDOW } else { u64::from(net.min_delay.max(1)) };
        let window = window.min(LONGEST_WINDOW);
        let slices = (0..parts).map(|part| Slice::new(&net, part, parts, window)).collect();
        // A pool that cannot be made (no threads left in the system) leaves the work to the caller's thread: slower, same bits.
        let pool = (parts > 1).then(|| rayon::ThreadPoolBuilder::new().num_threads(parts).build().ok()).flatten();
        Self { net, slices, pool, tick: 0, window, spikes: Vec::new(), samples: Vec::new() }
    }

    /// The network.
    #[must_use]
    pub fn network(&self) -> &Arc<CompiledNetwork> {
        &self.net
    }

    /// Ticks (nanoseconds) passed.
    #[must_use]
    pub fn tick(&self) -> u64 {
        self.tick
    }

    /// Back to time 0: every state, queue and count as at the start. Random stimuli draw other numbers for another `epoch`.
    pub fn reset(&mut self, epoch: u64) {
        self.tick = 0;
        let net = &*self.net;
        self.slices.iter_mut().for_each(|slice| slice.reset(net, epoch));
    }

    /// Gives an input population the spikes of a train; its tick 1 is the next tick, a nanosecond. Numbers have no meaning in exact time, and
    /// are not put in.
    pub fn set_input(&mut self, population: usize, train: &InputTrain) {
        let tick = self.tick;
        self.slices.iter_mut().for_each(|slice| slice.set_input(population, train, tick));
    }

    /// Lets so many ticks (nanoseconds) pass. What happens at the last of them belongs to it.
    pub fn run(&mut self, ticks: u64, recorder: &mut dyn Recorder) {
        let end = self.tick.saturating_add(ticks);
        let probes = recorder.probes().to_vec();
        let net = self.net.clone();
        let net = &*net;
        let mut done = self.tick;
        while done < end {
            let due = self.slices.iter().filter_map(|slice| slice.due(net)).chain(sampled(&probes, done, self.window)).min();
            let Some(number) = due.filter(|number| number * self.window < end) else { break };
            let window = Window { number, first: number * self.window, last: (number + 1) * self.window, done, end };
            let work: usize = self.slices.iter().map(|slice| slice.waiting(number)).sum();
            let worth = work >= WORTH_A_THREAD;
            each(self.pool.as_ref().filter(|_| worth), &mut self.slices, |slice| slice.advance(net, &window, &probes));
            self.collect(recorder);
            let spikes = &self.spikes;
            each(self.pool.as_ref().filter(|_| worth), &mut self.slices, |slice| slice.hear(net, spikes));
            done = window.last.min(end);
        }
        self.tick = end;
    }

    /// Joins what the slices did in a window, and tells it.
    fn collect(&mut self, recorder: &mut dyn Recorder) {
        self.spikes.clear();
        self.samples.clear();
        for slice in &mut self.slices {
            self.spikes.append(&mut slice.spikes);
            self.samples.append(&mut slice.samples);
        }
        self.spikes.sort_unstable_by_key(|spike| (spike.at, spike.population, spike.neuron));
        for spike in &self.spikes {
            if recorder.wants_spikes(spike.population as usize) {
                recorder.exact_spike(spike.population as usize, spike.at.tick, spike.at.fraction, spike.neuron);
            }
        }
        self.samples.sort_unstable_by_key(|sample| (sample.tick, sample.probe, sample.neuron));
        for row in self.samples.chunk_by(|a, b| (a.tick, a.probe) == (b.tick, b.probe)) {
            let values: Vec<f64> = row.iter().map(|sample| sample.value).collect();
            recorder.sample(row[0].probe, row[0].tick, &values);
        }
    }

    /// Exact counts since the start. There is no clock, so nothing is counted that only a clock does.
    #[must_use]
    pub fn counts(&self) -> EventCounts {
        let net = &*self.net;
        let mut counts = EventCounts::zero(net.populations.len(), net.projections.len());
        self.slices.iter().for_each(|slice| counts += slice.counts());
        counts.ticks = self.tick;
        counts.samples = 1;
        for (p, count) in net.projections.iter().zip(&mut counts.projections) {
            count.spikes_in = counts.populations[p.from].spikes;
        }
        counts
    }
}

/// A window of time, (first, last], of which (done, end] is to pass now.
struct Window {
    number: u64,
    first: u64,
    last: u64,
    done: u64,
    end: u64,
}

/// The windows in which probes are next sampled after `done`.
fn sampled(probes: &[Probe], done: u64, window: u64) -> impl Iterator<Item = u64> {
    probes.iter().filter(|probe| !probe.ids.is_empty()).map(move |probe| {
        let next = (done / probe.every + 1).saturating_mul(probe.every);
        (next - 1) / window
    })
}

/// Calls `work` for every slice, side by side where there is a pool.
fn each(pool: Option<&rayon::ThreadPool>, slices: &mut [Slice], work: impl Fn(&mut Slice) + Sync + Send) {
    match pool {
        Some(pool) => pool.install(|| slices.par_iter_mut().for_each(work)),
        None => slices.iter_mut().for_each(work),
    }
}
