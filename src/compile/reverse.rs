//! Who reaches a neuron: connections by target, found by looking through them, since rows are by source.
//!
//! Targets lie one behind another in memory, so that ten million of them are looked through in some milliseconds and no index is kept.

use super::{CompiledNetwork, Places, Rows};

/// A connection onto a neuron.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Incoming {
    /// The source neuron.
    pub source: u32,
    /// Its weight.
    pub weight: f64,
    /// Its delay, ticks.
    pub delay: u32,
}

impl CompiledNetwork {
    /// The connections of a projection onto one of its targets, by ascending source; none where there is no such projection or neuron.
    #[must_use]
    pub fn incoming(&self, projection: usize, target: u32) -> Vec<Incoming> {
        let mut found = Vec::new();
        let Some(p) = self.projections.get(projection).filter(|p| (target as usize) < self.populations[p.to].size) else {
            return found;
        };
        let (sources, t) = (self.populations[p.from].size, target as usize);
        let mut put = |source: usize, weight: f64, delay: u32| found.push(Incoming { source: source as u32, weight, delay });
        match &p.rows {
            Rows::Dense { matrix, delay } => (0..sources).for_each(|s| put(s, matrix.at(s * matrix.targets + t), *delay)),
            Rows::Full { weight, delay, skip_self, .. } => {
                (0..sources).filter(|s| !(*skip_self && *s == t)).for_each(|s| put(s, *weight, *delay));
            }
            Rows::Diagonal { weights, delay } if t < sources => put(t, weights.at(t), *delay),
            Rows::Diagonal { .. } => {}
            Rows::Convolution(c) => {
                for s in 0..sources {
                    c.each(s, &mut |other, weight| {
                        if other == t {
                            put(s, weight, c.delay);
                        }
                    });
                }
            }
            Rows::Sparse { offsets, targets, weights, delays } => {
                for i in (0..targets.len()).filter(|i| targets[*i] == target) {
                    put(offsets.partition_point(|start| *start <= i as u64) - 1, weights.at(i), delays.at(i));
                }
            }
            Rows::Bundled { bundle, member, .. } => {
                let bundle = &self.bundles[*bundle];
                let lives = |shard: &usize| self.shards.neurons(*shard, p.to).contains(&t);
                let Some(at) = (0..self.shards.count()).find(lives) else { return found };
                let (shard, place) = (&bundle.shards[at], self.shards.base(at, p.to) + t - self.shards.neurons(at, p.to).start);
                let classes = shard.classes as usize;
                let mut connection = |i: usize| {
                    // The last row that starts here or before, empty ones passed over.
                    let row = shard.index.partition_point(|start| *start as usize <= i) - 1;
                    let weight = shard.weight(i, self.units[p.to], bundle.members[*member].weight);
                    put(row / classes, weight, shard.delay(row % classes, i));
                };
                match &shard.targets {
                    Places::Narrow(places) => each_at(places, place as u16, &mut connection),
                    Places::Wide(places) => each_at(places, place as u32, &mut connection),
                }
            }
        }
        found
    }
}

/// Calls `each` with the places of a value. Blocks without it are passed over by a loop without branches.
fn each_at<T: PartialEq + Copy>(values: &[T], wanted: T, each: &mut impl FnMut(usize)) {
    const BLOCK: usize = 256;
    for (at, block) in values.chunks(BLOCK).enumerate() {
        if block.iter().fold(false, |any, value| any | (*value == wanted)) {
            (0..block.len()).filter(|i| block[*i] == wanted).for_each(|i| each(at * BLOCK + i));
        }
    }
}
