//! Weights times a factor, with the connections shared where they can be.

use crate::compile::bundle::{self, BundleShard, ShardWeights, WeightKind};
use crate::compile::{CompiledNetwork, Convolved, MatrixRows, Rows, Shards};
use crate::network::Coefficients;
use rayon::prelude::*;
use std::sync::Arc;

impl CompiledNetwork {
    /// Multiplies the weights of each projection by its factor, each finite and not below zero.
    pub(super) fn scale_weights(&mut self, factors: &[f64]) {
        for (p, factor) in self.projections.iter_mut().zip(factors).filter(|(_, factor)| **factor != 1.0) {
            if let Some(rows) = scaled(&p.rows, self.populations[p.from].size, *factor) {
                let mut own = (**p).clone();
                own.nonzero = rows.nonzero(self.populations[p.from].size);
                own.rows = rows;
                *p = Arc::new(own);
            }
        }
        let rest = self.scale_units(factors);
        let Self { bundles, shards, projections, .. } = self;
        for (index, bundle) in bundles.iter_mut().enumerate() {
            let of: Vec<f64> = match bundle.kind {
                WeightKind::One => {
                    bundle.members.iter_mut().for_each(|m| m.weight *= factors[m.projection]);
                    // The rows have no weights; what is zero now is told apart by the member.
                    if bundle.members.iter().all(|m| factors[m.projection] == 1.0) {
                        continue;
                    }
                    vec![1.0; bundle.members.len()]
                }
                WeightKind::Units => bundle.members.iter().map(|m| rest[m.projection]).collect(),
                WeightKind::Given => bundle.members.iter().map(|m| factors[m.projection]).collect(),
            };
            let to: Vec<usize> = bundle.members.iter().map(|m| m.to).collect();
            if of.iter().any(|factor| *factor != 1.0) {
                bundle.shards.par_iter_mut().enumerate().for_each(|(at, shard)| {
                    *shard = Arc::new(scaled_shard(shard, &of, &to, shards, at));
                });
            } else if bundle.kind != WeightKind::One {
                continue;
            }
            for (member, m) in bundle.members.iter().enumerate() {
                let mut own = (*projections[m.projection]).clone();
                own.rows = bundle::rows(bundle, index, member);
                projections[m.projection] = Arc::new(own);
            }
        }
    }

    /// Multiplies the units of drawn weights by the largest factor onto their population; gives what is left of each projection's factor.
    fn scale_units(&mut self, factors: &[f64]) -> Vec<f64> {
        let mut largest = vec![0.0f64; self.populations.len()];
        let drawn = || self.bundles.iter().filter(|b| b.kind == WeightKind::Units).flat_map(|b| &b.members);
        drawn().for_each(|m| largest[m.to] = largest[m.to].max(factors[m.projection]));
        let mut rest = vec![1.0; factors.len()];
        for m in drawn() {
            let most = largest[m.to];
            rest[m.projection] = if most > 0.0 { factors[m.projection] / most } else { 0.0 };
        }
        self.units.iter_mut().zip(&largest).filter(|(_, most)| **most > 0.0).for_each(|(unit, most)| *unit *= most);
        rest
    }
}

/// A shard of a bundle with the weights of each member times its factor; `to` names the members' populations.
fn scaled_shard(shard: &BundleShard, factors: &[f64], to: &[usize], shards: &Shards, at: usize) -> BundleShard {
    let mut of_place = vec![1.0; shards.places(at)];
    for (factor, &to) in factors.iter().zip(to) {
        let base = shards.base(at, to);
        of_place[base..base + shards.neurons(at, to).len()].fill(*factor);
    }
    let factor = |i: usize| of_place[shard.targets.at(i) as usize];
    let weights = match &shard.weights {
        ShardWeights::One => ShardWeights::One,
        ShardWeights::Units(w) => {
            let scaled = w.iter().enumerate().map(|(i, w)| (f64::from(*w) * factor(i)).round_ties_even() as i32);
            ShardWeights::Units(scaled.collect())
        }
        ShardWeights::Given(w) => ShardWeights::Given(w.iter().enumerate().map(|(i, w)| w * factor(i)).collect()),
    };
    let mut made = BundleShard { weights, nonzero: None, ..shard.clone() };
    made.nonzero = made.count_nonzero(&|| to.iter().copied(), shards, at);
    made
}

/// Rows that are stored alone, times a factor; none for those of a bundle.
fn scaled(rows: &Rows, sources: usize, factor: f64) -> Option<Rows> {
    Some(match rows {
        Rows::Bundled { .. } => return None,
        Rows::Dense { matrix, delay } => {
            let targets = matrix.targets;
            let matrix = MatrixRows::new(sources, targets, |s, t| matrix.at(s * targets + t) * factor);
            Rows::Dense { matrix, delay: *delay }
        }
        Rows::Full { targets, weight, delay, skip_self } => {
            Rows::Full { targets: *targets, weight: weight * factor, delay: *delay, skip_self: *skip_self }
        }
        Rows::Diagonal { weights, delay } => Rows::Diagonal { weights: times(weights, factor), delay: *delay },
        Rows::Sparse { offsets, targets, weights, delays } => Rows::Sparse {
            offsets: offsets.clone(),
            targets: targets.clone(),
            weights: times(weights, factor),
            delays: delays.clone(),
        },
        Rows::Convolution(c) => {
            let weights = times(&c.weights, factor);
            Rows::Convolution(Convolved::reweighted(c, weights, factor == 0.0))
        }
    })
}

/// One stays one, and single precision stays what it is where that loses nothing.
fn times(weights: &Coefficients, factor: f64) -> Coefficients {
    match weights {
        Coefficients::One(w) => Coefficients::One(w * factor),
        Coefficients::Single(w) => Coefficients::Double(w.iter().map(|w| f64::from(*w) * factor).collect()).single(),
        Coefficients::Double(w) => Coefficients::Double(w.iter().map(|w| w * factor).collect()).single(),
    }
}
