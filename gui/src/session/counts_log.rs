//! Exact counts at even times, in bounded memory.

use spikewatt::counts::EventCounts;

/// As many moments as are kept; then every other one is left out and twice the time lies between two.
const MOST: usize = 4096;
/// Memory that they may take, bytes: networks of very many projections have fewer moments.
const BYTES: usize = 64 << 20;
/// As many are kept all the same.
const LEAST: usize = 64;

/// Counts since the beginning, at moments that lie ever further apart as the run goes on.
#[derive(Debug, Clone, Default)]
pub struct CountsLog {
    every: u64,
    ticks: Vec<u64>,
    counts: Vec<EventCounts>,
}

impl CountsLog {
    pub(super) fn new(every: u64) -> Self {
        Self { every: every.max(1), ticks: Vec::new(), counts: Vec::new() }
    }

    /// Ticks between two moments.
    #[must_use]
    pub fn every(&self) -> u64 {
        self.every
    }

    /// The moments, ascending.
    #[must_use]
    pub fn ticks(&self) -> &[u64] {
        &self.ticks
    }

    /// The counts at each moment.
    #[must_use]
    pub fn counts(&self) -> &[EventCounts] {
        &self.counts
    }

    /// The counts at the last moment not after `tick`; `None` before the first.
    #[must_use]
    pub fn at(&self, tick: u64) -> Option<&EventCounts> {
        let after = self.ticks.partition_point(|t| *t <= tick);
        self.counts.get(after.checked_sub(1)?)
    }

    pub(super) fn push(&mut self, tick: u64, counts: EventCounts) {
        match self.ticks.last() {
            Some(last) if *last >= tick => return,
            // What came since the last moment of the grid replaces what came before.
            Some(last) if last % self.every != 0 && last / self.every == tick / self.every => {
                self.ticks.pop();
                self.counts.pop();
            }
            _ => {}
        }
        let most = (BYTES / bytes_of(&counts)).clamp(LEAST, MOST);
        self.ticks.push(tick);
        self.counts.push(counts);
        if self.ticks.len() > most {
            self.every *= 2;
            let keep: Vec<bool> = self.ticks.iter().map(|t| t % self.every == 0).collect();
            let (mut a, mut b) = (keep.iter(), keep.iter());
            self.ticks.retain(|_| a.next().copied().unwrap_or(true));
            self.counts.retain(|_| b.next().copied().unwrap_or(true));
        }
    }
}

/// Memory of counts, bytes.
fn bytes_of(counts: &EventCounts) -> usize {
    size_of_val(counts) + size_of_val(&counts.populations[..]) + size_of_val(&counts.projections[..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn very_many_projections_take_no_more_memory() {
        let counts = EventCounts::zero(100, 10_000);
        let mut log = CountsLog::new(1);
        for tick in 0..1_000 {
            log.push(tick, counts.clone());
            assert!(log.counts.len() * bytes_of(&counts) <= BYTES + bytes_of(&counts));
        }
        assert!(log.counts.len() >= LEAST / 2, "{} are kept", log.counts.len());
    }

    #[test]
    fn an_hour_takes_no_more_memory_than_a_minute() {
        let mut log = CountsLog::new(1);
        for tick in 0..100_000 {
            let mut counts = EventCounts::zero(1, 0);
            counts.populations[0].spikes = tick;
            log.push(tick, counts);
            assert!(log.ticks.len() <= MOST);
        }
        assert!(log.ticks.len() > MOST / 4);
        for tick in [0u64, 5, 1_000, 50_001, 99_999] {
            let at = log.at(tick).expect("it began at 0").populations[0].spikes;
            assert!(at <= tick && tick - at < 2 * log.every(), "{at} at {tick}");
        }
    }
}
