//! Every spike of a session, in bounded memory.

use spikewatt::record::SpikeHistory;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering};

/// A spike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spiked {
    /// When.
    pub tick: u64,
    /// The population.
    pub population: usize,
    /// The neuron.
    pub id: u32,
}

/// Memory that spikes may take, bytes: 11 million of them.
const BYTES: usize = 128 << 20;
/// Bytes of a spike: its tick and its neuron.
const BYTES_EACH: usize = size_of::<u64>() + size_of::<u32>();

/// Spikes by population, ascending, the oldest let go where there are too many.
///
/// They lie one behind another, so that those of a stretch of time are a slice, found by halving, and how many there are is a difference of two places.
#[derive(Debug, Clone)]
pub struct Spikes {
    trains: Vec<Train>,
    len: usize,
    most: usize,
    begins: u64,
    generation: u64,
}

#[derive(Debug, Clone, Default)]
struct Train {
    ticks: Vec<u64>,
    ids: Vec<u32>,
}

impl Train {
    /// Makes room by quarters of what there is, so that what is reserved stays near what is held.
    fn reserve(&mut self, more: usize) {
        if self.ticks.capacity() - self.ticks.len() < more {
            let room = more.max(self.ticks.len() / 4).max(64);
            self.ticks.reserve_exact(room);
            self.ids.reserve_exact(room);
        }
    }

    fn let_go_before(&mut self, tick: u64) {
        let gone = self.ticks.partition_point(|t| *t < tick);
        self.ticks.drain(..gone);
        self.ids.drain(..gone);
        let room = self.ticks.len() + self.ticks.len() / 4;
        self.ticks.shrink_to(room);
        self.ids.shrink_to(room);
    }
}

impl Default for Spikes {
    fn default() -> Self {
        Self::holding(BYTES)
    }
}

impl Spikes {
    /// An empty store that holds so many bytes of spikes.
    #[must_use]
    pub fn holding(bytes: usize) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let generation = NEXT.fetch_add(1, Ordering::Relaxed);
        Self { trains: Vec::new(), len: 0, most: (bytes / BYTES_EACH).max(1), begins: 0, generation }
    }

    /// Tells stores apart: what was drawn from one holds for it alone, as long as [`Spikes::begins`] stays.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The first tick from which on every spike is kept; 0 as long as none was let go.
    #[must_use]
    pub fn begins(&self) -> u64 {
        self.begins
    }

    /// Ticks and neurons of a population's spikes from `from` to `to`, both included.
    #[must_use]
    pub fn between(&self, population: usize, from: u64, to: u64) -> (&[u64], &[u32]) {
        let Some(train) = self.trains.get(population) else { return (&[], &[]) };
        let first = train.ticks.partition_point(|t| *t < from);
        let end = train.ticks.partition_point(|t| *t <= to).max(first);
        (&train.ticks[first..end], &train.ids[first..end])
    }

    /// How many spikes of a population there are from `from` to `to`, both included; found without a look at each.
    #[must_use]
    pub fn count(&self, population: usize, from: u64, to: u64) -> usize {
        self.between(population, from, to).0.len()
    }

    /// Spikes that are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// True before the first one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Memory that is reserved for spikes, bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.trains.iter().map(|t| t.ticks.capacity() * size_of::<u64>() + t.ids.capacity() * size_of::<u32>()).sum()
    }

    /// Adds spikes of a population, ascending and none before its last.
    pub fn extend(&mut self, population: usize, ticks: &[u64], ids: &[u32]) {
        if self.trains.len() <= population {
            self.trains.resize_with(population + 1, Train::default);
        }
        let train = &mut self.trains[population];
        train.reserve(ticks.len());
        train.ticks.extend_from_slice(ticks);
        train.ids.extend_from_slice(ids);
        self.len += ticks.len();
    }

    /// Lets the oldest go where there are more than may be kept: a quarter at once, and all of a tick together. To be called when all
    /// populations have been told of the same stretch of time.
    pub fn make_room(&mut self) {
        if self.len <= self.most {
            return;
        }
        let keep = self.most - self.most / 4;
        let after =
            |tick: u64| -> usize { self.trains.iter().map(|t| t.ticks.len() - t.ticks.partition_point(|t| *t < tick)).sum() };
        let mut low = self.begins;
        let mut high = self.trains.iter().filter_map(|t| t.ticks.last()).max().map_or(low, |last| last + 1);
        // The earliest tick from which on no more are left than are to be kept.
        while low < high {
            let middle = low + (high - low) / 2;
            if after(middle) <= keep { high = middle } else { low = middle + 1 }
        }
        self.begins = low;
        self.trains.iter_mut().for_each(|train| train.let_go_before(low));
        self.len = self.trains.iter().map(|t| t.ticks.len()).sum();
    }
}

/// All of a session's spikes, in ticks of the session; of samples that follow one another each begins where the one before ended.
impl SpikeHistory for Spikes {
    fn first_tick(&self) -> u64 {
        self.begins.max(1)
    }

    fn each_spike(&self, population: usize, ticks: RangeInclusive<u64>, take: &mut dyn FnMut(u64, u32)) {
        let (ticks, ids) = self.between(population, *ticks.start(), *ticks.end());
        ticks.iter().zip(ids).for_each(|(tick, id)| take(*tick, *id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_takes_no_more_memory_than_it_may() {
        let most = 30_000 * BYTES_EACH;
        let mut spikes = Spikes::holding(most);
        let mut all: Vec<Vec<(u64, u32)>> = vec![Vec::new(); 3];
        for piece in 0..2_000u64 {
            // Populations take turns to be busy, so that room of those that fell silent must be given back.
            let busy = (piece / 300 % 3) as usize;
            for (population, all) in all.iter_mut().enumerate() {
                let n = if population == busy { 90 } else { 1 };
                let ticks: Vec<u64> = (0..n).map(|k| piece * 10 + k / 10).collect();
                let ids: Vec<u32> = (0..n as u32).collect();
                all.extend(ticks.iter().copied().zip(ids.iter().copied()));
                spikes.extend(population, &ticks, &ids);
            }
            spikes.make_room();
            assert!(spikes.bytes() <= most + most / 3, "{} bytes", spikes.bytes());
        }
        assert!(spikes.len() >= 20_000, "{} are kept", spikes.len());
        assert!(spikes.begins() > 0);
        for (population, all) in all.iter().enumerate() {
            let kept: Vec<_> = all.iter().copied().filter(|(tick, _)| *tick >= spikes.begins()).collect();
            let (ticks, ids) = spikes.between(population, 0, u64::MAX);
            assert!(
                ticks.iter().copied().zip(ids.iter().copied()).eq(kept),
                "all from the beginning of the history on, and no other"
            );
        }
    }

    #[test]
    fn a_stretch_has_its_ends() {
        let mut spikes = Spikes::default();
        spikes.extend(1, &[3, 3, 5, 9], &[0, 7, 1, 2]);
        assert_eq!(spikes.between(1, 3, 5), (&[3, 3, 5][..], &[0, 7, 1][..]));
        assert_eq!((spikes.count(1, 4, 8), spikes.count(1, 10, 20), spikes.count(0, 0, 9), spikes.count(4, 0, 9)), (1, 0, 0, 0));
        assert_ne!(spikes.generation(), Spikes::default().generation());
    }
}
