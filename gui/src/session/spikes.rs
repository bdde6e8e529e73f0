//! Every spike of a session, in bounded memory.

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

/// Spikes by population, ascending.
#[derive(Debug, Clone, Default)]
pub struct Spikes {
    trains: Vec<(Vec<u64>, Vec<u32>)>,
}

impl Spikes {
    /// Ticks and neurons of a population's spikes from `from` to `to`, both included.
    #[must_use]
    pub fn between(&self, population: usize, from: u64, to: u64) -> (&[u64], &[u32]) {
        let Some((ticks, ids)) = self.trains.get(population) else { return (&[], &[]) };
        let first = ticks.partition_point(|t| *t < from);
        let end = ticks.partition_point(|t| *t <= to).max(first);
        (&ticks[first..end], &ids[first..end])
    }

    /// Spikes that are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.trains.iter().map(|(ticks, _)| ticks.len()).sum()
    }

    /// True before the first one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn push(&mut self, population: usize, tick: u64, id: u32) {
        if self.trains.len() <= population {
            self.trains.resize_with(population + 1, Default::default);
        }
        self.trains[population].0.push(tick);
        self.trains[population].1.push(id);
    }
}
