//! Membranes of the neurons that are followed, and what stimuli brought them, in bounded memory.

use super::Neuron;
use std::collections::{BTreeMap, VecDeque};

/// As many samples, and as many events of stimuli, of a watched neuron as are kept; the oldest go first.
const MOST: usize = 200_000;
/// As many samples of all neurons that are followed and not watched: 64 MB.
const MOST_OF_OTHERS: usize = 4_000_000;

/// Events of a stimulus that reached a neuron in one tick.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StimulusEvent {
    /// The tick in which they arrived.
    pub tick: u64,
    /// The stimulus' place in the network.
    pub stimulus: usize,
    /// How many.
    pub events: u32,
    /// The strength of one.
    pub weight: f64,
}

/// A membrane over time, and the events of stimuli that reached it.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// Samples that are kept at most.
    most: usize,
    samples: VecDeque<(u64, f64)>,
    stimuli: VecDeque<StimulusEvent>,
}

impl Trace {
    /// Samples (tick, value) from `from` to `to`, both included, ascending.
    pub fn between(&self, from: u64, to: u64) -> impl Iterator<Item = (u64, f64)> + '_ {
        let first = self.samples.partition_point(|(tick, _)| *tick < from);
        let end = self.samples.partition_point(|(tick, _)| *tick <= to);
        self.samples.range(first..end.max(first)).copied()
    }

    /// The value at the last sample not after `tick`.
    #[must_use]
    pub fn at(&self, tick: u64) -> Option<f64> {
        let after = self.samples.partition_point(|(t, _)| *t <= tick);
        self.samples.get(after.checked_sub(1)?).map(|(_, value)| *value)
    }

    /// Events of stimuli from tick `from` to tick `to`, both included, ascending: those that arrived while the neuron was followed.
    pub fn stimuli(&self, from: u64, to: u64) -> impl ExactSizeIterator<Item = StimulusEvent> + '_ {
        let first = self.stimuli.partition_point(|event| event.tick < from);
        let end = self.stimuli.partition_point(|event| event.tick <= to);
        self.stimuli.range(first..end.max(first)).copied()
    }

    /// Lets the oldest samples go where there are too many.
    fn let_go(&mut self) {
        let over = self.samples.len().saturating_sub(self.most);
        self.samples.drain(..over);
        if self.samples.capacity() > 4 * self.most {
            self.samples.shrink_to(2 * self.most);
        }
    }

    /// Samples that are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// True before the first one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// The tick of the first sample that is kept.
    #[must_use]
    pub fn first_tick(&self) -> Option<u64> {
        self.samples.front().map(|(tick, _)| *tick)
    }
}

/// The membranes that are followed.
#[derive(Debug, Clone, Default)]
pub struct TraceLog {
    traces: BTreeMap<Neuron, Trace>,
}

impl TraceLog {
    /// The trace of a neuron, where it is followed.
    #[must_use]
    pub fn of(&self, neuron: Neuron) -> Option<&Trace> {
        self.traces.get(&neuron)
    }

    /// Follows these neurons, in order, some of which are watched and keep more of their past.
    pub(super) fn watch(&mut self, neurons: &[Neuron], watched: &[Neuron]) {
        self.traces.retain(|neuron, _| neurons.binary_search(neuron).is_ok());
        let others = (MOST_OF_OTHERS / neurons.len().max(1)).min(MOST);
        for neuron in neurons {
            let trace = self.traces.entry(*neuron).or_default();
            trace.most = if watched.contains(neuron) { MOST } else { others };
            trace.let_go();
        }
    }

    pub(super) fn extend(&mut self, neuron: Neuron, ticks: &[u64], values: impl Iterator<Item = f64>) {
        if let Some(trace) = self.traces.get_mut(&neuron) {
            trace.samples.extend(ticks.iter().copied().zip(values));
            trace.let_go();
        }
    }

    pub(super) fn stimulated(&mut self, neuron: Neuron, events: &[StimulusEvent]) {
        if let Some(Trace { stimuli, .. }) = self.traces.get_mut(&neuron) {
            stimuli.extend(events);
            let over = stimuli.len().saturating_sub(MOST);
            stimuli.drain(..over);
        }
    }

    pub(super) fn clear(&mut self) {
        self.traces.values_mut().for_each(|trace| *trace = Trace { most: trace.most, ..Trace::default() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_takes_no_more_memory_than_it_may() {
        let (mut log, neuron) = (TraceLog::default(), Neuron::default());
        log.watch(&[neuron], &[neuron]);
        for piece in 0..1_000u64 {
            let ticks: Vec<u64> = (piece * 1_000..(piece + 1) * 1_000).collect();
            log.extend(neuron, &ticks, std::iter::repeat_n(piece as f64, 1_000));
            let trace = &log.traces[&neuron];
            assert!(trace.len() <= MOST && trace.samples.capacity() <= 2 * MOST + 2_000, "{}", trace.samples.capacity());
        }
        let trace = log.of(neuron).expect("it is followed");
        assert_eq!((trace.len(), trace.first_tick(), trace.at(999_999)), (MOST, Some(800_000), Some(999.0)));
    }

    #[test]
    fn a_neuron_that_is_no_longer_watched_keeps_less() {
        let all: Vec<Neuron> = (0..400).map(|id| Neuron { population: 0, id }).collect();
        let mut log = TraceLog::default();
        log.watch(&all, &all[..1]);
        let ticks: Vec<u64> = (1..=50_000).collect();
        all[..2].iter().for_each(|neuron| log.extend(*neuron, &ticks, ticks.iter().map(|tick| *tick as f64)));
        let kept = |log: &TraceLog, at: usize| log.of(all[at]).map(|trace| (trace.len(), trace.at(50_000)));
        assert_eq!((kept(&log, 0), kept(&log, 1)), (Some((50_000, Some(5e4))), Some((10_000, Some(5e4)))));
        log.watch(&all, &all[1..2]);
        assert_eq!(kept(&log, 0), Some((10_000, Some(5e4))));
        assert!(log.traces[&all[0]].samples.capacity() <= 40_000);
        log.watch(&all[1..2], &all[1..2]);
        assert_eq!((kept(&log, 0), kept(&log, 1)), (None, Some((10_000, Some(5e4)))));
    }
}
