//! What is known of a session's past.

use super::{CountsLog, Neuron, Spikes, TraceLog};
use std::collections::VecDeque;

/// A sample that was shown, or is being shown.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleMark {
    /// Its number in the data set.
    pub sample: usize,
    /// The tick before its first one.
    pub began: u64,
    /// Its class, where the data set has labels.
    pub label: Option<u32>,
    /// Spikes of each readout neuron so far.
    pub votes: Vec<u64>,
    /// What the readout answers so far.
    pub answer: Option<usize>,
    /// It was shown to its end.
    pub ended: bool,
    /// Multiply-accumulates of the dense network for it, where there is one: all, and those without a zero.
    pub dense_macs: Option<(u64, u64)>,
    /// What the dense network answers.
    pub dense_answer: Option<usize>,
}

/// As many samples as are kept; where there are twice as many, the older half goes.
const MOST_SAMPLES: usize = 10_000;

/// What is known of a session's past, in bounded memory.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// Spikes of all populations.
    pub spikes: Spikes,
    /// Exact counts at even times.
    pub counts: CountsLog,
    /// Membranes of the neurons that are followed.
    pub traces: TraceLog,
    /// Samples in the order in which they were shown, the last ones of a long run.
    pub samples: Vec<SampleMark>,
    /// The last kicks: whom, the tick after which, and the lift of its membrane.
    pub kicks: VecDeque<(Neuron, u64, f64)>,
    /// The tick after which parameters became what they are now; 0 where they always were.
    pub changed: u64,
}

impl History {
    /// Keeps a kick; the oldest go where there are very many.
    pub(super) fn kicked(&mut self, neuron: Neuron, tick: u64, lift: f64) {
        const MOST: usize = 10_000;
        if self.kicks.len() == MOST {
            self.kicks.pop_front();
        }
        self.kicks.push_back((neuron, tick, lift));
    }

    /// The sample that was shown at a tick.
    #[must_use]
    pub fn sample_at(&self, tick: u64) -> Option<&SampleMark> {
        let after = self.samples.partition_point(|s| s.began < tick.max(1));
        self.samples.get(after.checked_sub(1)?)
    }

    /// Puts a sample behind the others.
    pub(super) fn begin_sample(&mut self, mark: SampleMark) {
        if self.samples.len() == 2 * MOST_SAMPLES {
            self.samples.drain(..MOST_SAMPLES);
        }
        self.samples.push(mark);
    }
}
