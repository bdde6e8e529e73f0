//! Bundles: the sparse projections of one source population, stored together.
//!
//! A spike walks one row per shard, through all target populations at once. A row is sorted by delay and within a delay by place, so that
//! at every tick the spikes that are d ticks old walk their connections of delay d, and all of them add to one array of the
//! tick: nothing is kept for later ticks. A connection takes 2 bytes for its target in shards of at most 65,536 places (else 4), none
//! for its delay, none for a weight that all share, and 4 for a drawn one.
//!
//! Drawn weights are whole multiples of a *unit*, a power of two per target population, no coarser than 2⁻²⁹ of the largest weight that could
//! be drawn onto it. Sums of them are sums of integers, which have no order: any number of threads, any execution, the same bits.

use super::memory::connections;
use super::{CompiledPopulation, Rows};
use crate::network::{Connect, Delay, Network, Projection};
use crate::neuron::lazy::Targets;
use crate::neuron::{Output, Values};
use std::ops::Range;
use std::sync::Arc;

/// The sparse projections of one source population that are walked together. A copy shares its connections.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// Source population.
    pub from: usize,
    /// Its projections.
    pub members: Vec<Member>,
    /// How weights are kept.
    pub kind: WeightKind,
    /// The smallest delay, ticks.
    pub min_delay: u32,
    /// The largest delay, ticks.
    pub max_delay: u32,
    /// Connections by shard of the target.
    pub shards: Vec<Arc<BundleShard>>,
}

/// A projection of a bundle.
#[derive(Debug, Clone)]
pub struct Member {
    /// The projection.
    pub projection: usize,
    /// Its target population.
    pub to: usize,
    /// Its weight, in a bundle of [`WeightKind::One`].
    pub weight: f64,
}

/// How a bundle keeps its weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WeightKind {
    /// One for each member.
    One,
    /// One for each connection, in units of the target population.
    Units,
    /// One for each connection, as given.
    Given,
}

/// A bundle's connections onto one shard.
#[derive(Debug, Clone)]
pub struct BundleShard {
    /// Delay of the first class, ticks.
    pub first_delay: u32,
    /// Delays from the first to the largest that could be: classes of a row.
    pub classes: u32,
    /// `index[source * classes + class]..` the next entry: connections of a class.
    pub index: Vec<u32>,
    /// Target of each connection: its place in the shard.
    pub targets: Places,
    /// Weight of each connection.
    pub weights: ShardWeights,
    /// Delay of each connection, where delays are too many for classes; there is one class then.
    pub delays: Option<Vec<u16>>,
    /// Delays that occur, ascending.
    pub used: Vec<u32>,
    /// Connections of each member and source: `fan_out[member][source]`.
    pub fan_out: Vec<Vec<u32>>,
    /// Connections with a weight other than zero, where some are zero.
    pub nonzero: Option<Vec<Vec<u32>>>,
    /// Where weights are negative: all, none, or some.
    pub sign: Sign,
}

/// Places of targets in a shard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Places {
    /// In shards of at most 65,536 places.
    Narrow(Vec<u16>),
    /// In larger ones.
    Wide(Vec<u32>),
}

impl Places {
    pub(super) fn new(places: usize, len: usize) -> Self {
        if places <= 1 << 16 { Self::Narrow(vec![0; len]) } else { Self::Wide(vec![0; len]) }
    }

    /// The place of connection `i`.
    #[inline]
    #[must_use]
    pub fn at(&self, i: usize) -> u32 {
        match self {
            Self::Narrow(places) => u32::from(places[i]),
            Self::Wide(places) => places[i],
        }
    }

    /// The places of connections `range`.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Targets<'_> {
        match self {
            Self::Narrow(places) => Targets::Narrow(&places[range]),
            Self::Wide(places) => Targets::Wide(&places[range]),
        }
    }

    pub(super) fn set(&mut self, i: usize, place: u32) {
        match self {
            Self::Narrow(places) => places[i] = place as u16,
            Self::Wide(places) => places[i] = place,
        }
    }
}

/// Weights of a bundle's connections onto a shard.
#[derive(Debug, Clone)]
pub enum ShardWeights {
    /// Those of the members.
    One,
    /// In units of the target population.
    Units(Vec<i32>),
    /// As given.
    Given(Vec<f64>),
}

/// Which signs the weights of a shard have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// None is below zero.
    Positive,
    /// All are below zero.
    Negative,
    /// Some are.
    Mixed,
}

/// Bits of a drawn weight without its sign.
const WEIGHT_BITS: i32 = 30;

/// The unit of a population whose largest drawn weight is `largest`: a power of two.
pub(super) fn unit(largest: f64) -> f64 {
    if !(largest.is_normal() && largest > 0.0) {
        return 2f64.powi(-WEIGHT_BITS);
    }
    // The exponent as it is stored, one more where there are bits below it: ⌈log₂ largest⌉, exact on every platform.
    let bits = largest.to_bits();
    let exponent = (bits >> 52) as i32 - 1023 + i32::from(bits << 12 != 0);
    2f64.powi((exponent - WEIGHT_BITS).max(-1000))
}

/// Whether some connections of a projection deliver within the tick.
pub(super) fn within_tick(p: &Projection) -> bool {
    let of_delay = match &p.delay {
        Delay::Ticks(ticks) => *ticks == 0,
        Delay::Ms(Values::One(ms)) => *ms <= 0.0,
        Delay::Ms(Values::Each(ms)) => ms.iter().any(|ms| *ms <= 0.0),
        Delay::Ms(Values::Drawn(_)) => false,
    };
    match &p.connect {
        Connect::List(list) => list.iter().any(|c| c.3.map_or(of_delay, |ms| ms <= 0.0)),
        _ => of_delay,
    }
}

/// The rows of a bundle's member.
pub(super) fn rows(bundle: &Bundle, index: usize, member: usize) -> Rows {
    let sources = bundle.shards[0].fan_out[member].len();
    let sum =
        |of: &dyn Fn(&BundleShard, usize) -> u32| (0..sources).map(|s| bundle.shards.iter().map(|k| of(k, s)).sum()).collect();
    let fan_out: Vec<u32> = sum(&|shard, s| shard.fan_out[member][s]);
    let all: u64 = fan_out.iter().map(|n| u64::from(*n)).sum();
    let nonzero: Vec<u32> = sum(&|shard, s| shard.nonzero.as_ref().unwrap_or(&shard.fan_out)[member][s]);
    let nonzero: u64 = nonzero.iter().map(|n| u64::from(*n)).sum();
    let zeros = if bundle.kind == WeightKind::One && bundle.members[member].weight == 0.0 { all } else { all - nonzero };
    Rows::Bundled { bundle: index, member, fan_out, zeros, delays: (bundle.min_delay, bundle.max_delay) }
}

/// How a projection's weights would be kept in a bundle; `None` for projections that are stored alone: those of numbers, of whole
/// matrices, and those that deliver within the tick.
pub(super) fn kind_of(p: &Projection, from: &CompiledPopulation) -> Option<WeightKind> {
    if within_tick(p) || from.model.spec().output != Output::Spikes {
        return None;
    }
    let one_delay = matches!(p.delay, Delay::Ticks(_) | Delay::Ms(Values::One(_)));
    let one_weight = matches!(p.weight.0, Values::One(_));
    match &p.connect {
        Connect::Dense(_) | Connect::Diagonal(_) | Connect::Convolution(_) if one_delay => None,
        Connect::AllToAll | Connect::OneToOne if one_delay && one_weight => None,
        Connect::Dense(_) | Connect::Diagonal(_) | Connect::Convolution(_) => Some(WeightKind::Given),
        Connect::List(list) if list.iter().any(|c| c.2.is_some()) => Some(WeightKind::Given),
        _ => Some(match &p.weight.0 {
            Values::One(_) => WeightKind::One,
            Values::Drawn(_) => WeightKind::Units,
            Values::Each(_) => WeightKind::Given,
        }),
    }
}

/// The most drawn weights onto one neuron that are kept in units, so that sums of them fit into a word.
pub const MAX_DRAWN_FAN_IN: u64 = (1 << 16) - 1;

/// Keeps drawn weights as they are given onto populations where neurons could have more than [`MAX_DRAWN_FAN_IN`] of them.
pub(super) fn limit_drawn_fan_in(
    network: &Network,
    kinds: &mut [Option<WeightKind>],
    sizes: &[usize],
    position: &dyn Fn(&str) -> usize,
) {
    // Random in-degrees scatter; half the room is more than thirty standard deviations.
    let mut fan_in = vec![0.0; sizes.len()];
    for p in &network.projections {
        let (from, to) = (sizes[position(&p.from)] as f64, sizes[position(&p.to)] as f64);
        fan_in[position(&p.to)] += match &p.connect {
            Connect::List(list) => list.len() as f64,
            _ => connections(p, from, to) / to.max(1.0),
        };
    }
    for (p, kind) in network.projections.iter().zip(kinds) {
        if *kind == Some(WeightKind::Units) && fan_in[position(&p.to)] > MAX_DRAWN_FAN_IN as f64 / 2.0 {
            *kind = Some(WeightKind::Given);
        }
    }
}

impl BundleShard {
    /// Connections of a source in a class.
    #[inline]
    #[must_use]
    pub fn class(&self, source: usize, class: usize) -> Range<usize> {
        let at = source * self.classes as usize + class;
        self.index[at] as usize..self.index[at + 1] as usize
    }

    /// Connections of a source.
    #[must_use]
    pub fn row(&self, source: usize) -> Range<usize> {
        let at = source * self.classes as usize;
        self.index[at] as usize..self.index[at + self.classes as usize] as usize
    }

    /// The delay of connection `i` of a class, ticks.
    #[must_use]
    pub fn delay(&self, class: usize, i: usize) -> u32 {
        self.delays.as_ref().map_or(self.first_delay + class as u32, |delays| u32::from(delays[i]))
    }

    /// The weight of connection `i`, in units or as given; `one` where all share it.
    #[must_use]
    pub fn weight(&self, i: usize, unit: f64, one: f64) -> f64 {
        match &self.weights {
            ShardWeights::One => one,
            ShardWeights::Units(units) => f64::from(units[i]) * unit,
            ShardWeights::Given(weights) => weights[i],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::unit;

    #[test]
    fn a_unit_is_a_power_of_two_that_30_bits_of_reach_the_largest_weight() {
        for largest in [1.0, 1.0 + f64::EPSILON, 1.5, 87.8, 1e-290, 1e300, 0.1, 4096.0] {
            let unit = unit(largest);
            assert_eq!(unit.to_bits() << 12, 0, "{largest}: a power of two");
            assert!(largest / unit <= f64::from(1 << 30) && largest / unit > f64::from(1 << 29), "{largest}: {unit}");
        }
    }
}
