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
    /// What all samples before came to, those that are no longer kept included.
    pub before: Tried,
}

/// What samples came to, one after the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tried {
    /// Samples that were shown, or at least begun and given a tick.
    pub samples: u64,
    /// Multiply-accumulates of the dense network for them: all, and those without a zero.
    pub macs: (u64, u64),
    /// Those with a label that were shown to their end.
    pub answered: u64,
    /// Right answers of the spiking network among these.
    pub right: u64,
    /// Answers of the dense network among these, and right ones.
    pub dense: (u64, u64),
}

impl Tried {
    /// The same with one sample more.
    #[must_use]
    pub fn and(self, mark: &SampleMark) -> Self {
        let macs = mark.dense_macs.unwrap_or((0, 0));
        let asked = mark.label.filter(|_| mark.ended).map(|label| label as usize);
        let right = |answer: Option<usize>| u64::from(asked.is_some() && answer == asked);
        Self {
            samples: self.samples + 1,
            macs: (self.macs.0 + macs.0, self.macs.1 + macs.1),
            answered: self.answered + u64::from(asked.is_some()),
            right: self.right + right(mark.answer),
            dense: (
                self.dense.0 + u64::from(asked.is_some() && mark.dense_answer.is_some()),
                self.dense.1 + right(mark.dense_answer),
            ),
        }
    }
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

    /// What the samples came to that began before a tick, found without a look at each.
    #[must_use]
    pub fn tried(&self, tick: u64) -> Tried {
        self.up_to(self.samples.partition_point(|mark| mark.began < tick))
    }

    /// The same of those that had all their ticks by then.
    #[must_use]
    pub fn tried_whole(&self, ticks: u64, tick: u64) -> Tried {
        self.up_to(self.samples.partition_point(|mark| mark.began < tick && mark.began + ticks <= tick))
    }

    fn up_to(&self, end: usize) -> Tried {
        match end.checked_sub(1) {
            Some(last) => self.samples[last].before.and(&self.samples[last]),
            // Before the first that is kept nothing is known but what all came to.
            None => self.samples.first().map_or_else(Tried::default, |first| first.before),
        }
    }

    /// Puts a sample behind the others. One that began at the same moment had no tick and is as if it had never been.
    pub(super) fn begin_sample(&mut self, mut mark: SampleMark) {
        mark.before = match self.samples.last() {
            Some(last) if last.began == mark.began => last.before,
            Some(last) => last.before.and(last),
            None => Tried::default(),
        };
        if self.samples.len() == 2 * MOST_SAMPLES {
            self.samples.drain(..MOST_SAMPLES);
        }
        self.samples.push(mark);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kicks_of_an_hour_are_bounded() {
        let mut history = History::default();
        (0..30_000).for_each(|tick| history.kicked(Neuron::default(), tick, 1.0));
        assert_eq!((history.kicks.len(), history.kicks.back().map(|kick| kick.1)), (10_000, Some(29_999)));
    }

    #[test]
    fn sums_over_samples_are_those_of_all_that_were_shown() {
        let mut history = History::default();
        let mut all: Vec<SampleMark> = Vec::new();
        let mut began = 0;
        for n in 0..50_000u64 {
            let mark = SampleMark {
                sample: n as usize,
                began,
                label: (n % 7 != 0).then_some((n % 10) as u32),
                votes: Vec::new(),
                answer: Some((n % 3) as usize),
                ended: n % 11 != 0,
                dense_macs: Some((n, n / 2)),
                dense_answer: (n % 5 != 0).then_some((n % 4) as usize),
                before: Tried::default(),
            };
            history.begin_sample(mark.clone());
            assert!(history.samples.len() <= 2 * MOST_SAMPLES);
            // One without a tick is replaced by the next.
            if all.last().is_some_and(|last| last.began == began) {
                all.pop();
            }
            all.push(mark);
            began += if n % 13 == 0 { 0 } else { 20 };
        }
        let sum =
            |until: &dyn Fn(&SampleMark) -> bool| all.iter().filter(|m| until(m)).fold(Tried::default(), |sum, m| sum.and(m));
        let first = history.samples[0].began;
        for tick in [first + 1, first + 777, began - 25, began, began + 100] {
            assert_eq!(history.tried(tick), sum(&|mark| mark.began < tick), "at {tick}");
            assert_eq!(history.tried_whole(20, tick), sum(&|mark| mark.began + 20 <= tick), "whole ones at {tick}");
        }
        assert!(history.tried(began).samples > 2 * MOST_SAMPLES as u64, "those that are no longer kept are in it");
        assert_eq!(History::default().tried(5), Tried::default());
    }
}
