//! Which shard of a network owns which neurons.
//!
//! A shard has some neurons of every population and everything that arrives there, so that a thread writes to its own shards alone.
//! Within a shard its neurons are numbered through, population by population: a *place*. What is computed does not depend on the number of
//! shards.

use std::ops::Range;

/// The shards of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shards {
    count: usize,
    /// Neurons of each population that take input; 0 for input populations, which have no places.
    sizes: Vec<usize>,
}

impl Shards {
    /// Shards of populations of these sizes, 0 for those without places.
    pub(super) fn new(count: usize, sizes: Vec<usize>) -> Self {
        Self { count: count.max(1), sizes }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The neurons of `size` that lie in a shard.
    #[must_use]
    pub fn part(&self, shard: usize, size: usize) -> Range<usize> {
        size * shard / self.count..size * (shard + 1) / self.count
    }

    /// The neurons of a population with places in a shard.
    #[must_use]
    pub fn neurons(&self, shard: usize, population: usize) -> Range<usize> {
        self.part(shard, self.sizes[population])
    }

    /// The place of a population's first neuron in a shard.
    #[must_use]
    pub fn base(&self, shard: usize, population: usize) -> usize {
        (0..population).map(|p| self.neurons(shard, p).len()).sum()
    }

    /// Places in a shard.
    #[must_use]
    pub fn places(&self, shard: usize) -> usize {
        self.base(shard, self.sizes.len())
    }
}
