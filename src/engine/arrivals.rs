//! What arrives at the neurons of a shard in one tick.
//!
//! Every event of the tick is one addition to a small array, by place. Events of projections with one weight are counted, in a *lane* of
//! each bundle. Drawn weights are whole numbers: a 64-bit word has their sum in its lower part and the number of events in its upper
//! part, so that one addition serves both. Weights as given are summed in double precision, in the order of delivery.

use crate::compile::{Bundle, BundleShard, CompiledNetwork, Places, ShardWeights, Sign, WeightKind};
use std::ops::Range;

/// Narrow places index arrays of this length, with no need to check.
const NARROW: usize = 1 << 16;

/// Lower bits of a packed word. Drawn weights have at most 30 bits and a sign, and a neuron fewer than 2¹⁶ of them
/// ([`crate::compile::MAX_DRAWN_FAN_IN`]): sums stay below 2⁴⁷, and numbers below 2¹⁶.
const SHIFT: u32 = 48;

/// Arrivals of the tick.
#[derive(Debug)]
pub(super) struct Arrivals {
    places: usize,
    /// Events of each bundle of one weight per member: `lanes[bundle]`, empty for other kinds.
    lanes: Vec<Vec<u32>>,
    /// Sums of drawn weights of zero and above, and below zero, each with the number of events above its lower [`SHIFT`] bits. Empty where
    /// no drawn weight of the sign is.
    packed: [Vec<u64>; 2],
    /// Sums of given weights, by sign, and their events.
    given: [Vec<f64>; 2],
    given_events: Vec<u32>,
}

impl Arrivals {
    pub(super) fn new(net: &CompiledNetwork, shard: usize) -> Self {
        let places = net.shards.places(shard);
        let room = if places <= NARROW { NARROW } else { places };
        let has = |kind: WeightKind, sign: Sign| {
            net.bundles.iter().filter(|b| b.kind == kind).any(|b| {
                let of = b.shards[shard].sign;
                of == sign || of == Sign::Mixed
            })
        };
        let words = |kind, sign| if has(kind, sign) { room } else { 0 };
        Self {
            places,
            lanes: net.bundles.iter().map(|b| vec![0; if b.kind == WeightKind::One { room } else { 0 }]).collect(),
            packed: [Sign::Positive, Sign::Negative].map(|sign| vec![0; words(WeightKind::Units, sign)]),
            given: [Sign::Positive, Sign::Negative].map(|sign| vec![0.0; words(WeightKind::Given, sign)]),
            given_events: vec![0; if net.bundles.iter().any(|b| b.kind == WeightKind::Given) { room } else { 0 }],
        }
    }

    pub(super) fn reset(&mut self) {
        let places = self.places;
        let lanes = self.lanes.iter_mut().chain([&mut self.given_events]);
        lanes.for_each(|lane| lane.iter_mut().take(places).for_each(|n| *n = 0));
        self.packed.iter_mut().for_each(|sums| sums.iter_mut().take(places).for_each(|sum| *sum = 0));
        self.given.iter_mut().for_each(|sums| sums.iter_mut().take(places).for_each(|sum| *sum = 0.0));
    }

    /// Events at connections `range` of a bundle.
    #[inline]
    pub(super) fn add(&mut self, bundle: usize, shard: &BundleShard, range: Range<usize>) {
        match (&shard.targets, &shard.weights) {
            (Places::Narrow(targets), ShardWeights::One) => {
                let lane: &mut [u32; NARROW] =
                    (&mut self.lanes[bundle][..]).try_into().expect("a lane has room for narrow places");
                targets[range].iter().for_each(|&t| lane[usize::from(t)] += 1);
            }
            (Places::Wide(targets), ShardWeights::One) => {
                let lane = &mut self.lanes[bundle][..];
                targets[range].iter().for_each(|&t| lane[t as usize] += 1);
            }
            (Places::Narrow(targets), ShardWeights::Units(units)) => {
                let (targets, units, one) = (&targets[range.clone()], &units[range], 1u64 << SHIFT);
                let all = |sums: &mut Vec<u64>| {
                    let sums: &mut [u64; NARROW] = (&mut sums[..]).try_into().expect("sums have room for narrow places");
                    for (&t, &w) in targets.iter().zip(units) {
                        let sum = &mut sums[usize::from(t)];
                        *sum = sum.wrapping_add(one.wrapping_add(i64::from(w) as u64));
                    }
                };
                match shard.sign {
                    Sign::Positive => all(&mut self.packed[0]),
                    Sign::Negative => all(&mut self.packed[1]),
                    Sign::Mixed => self.add_mixed(|i| (usize::from(targets[i]), units[i]), targets.len()),
                }
            }
            (Places::Wide(targets), ShardWeights::Units(units)) => {
                let (targets, units) = (&targets[range.clone()], &units[range]);
                self.add_mixed(|i| (targets[i] as usize, units[i]), targets.len());
            }
            (targets, ShardWeights::Given(weights)) => {
                for i in range {
                    let (t, w) = (targets.at(i) as usize, weights[i]);
                    self.given[usize::from(w < 0.0)][t] += w;
                    self.given_events[t] += 1;
                }
            }
        }
    }

    /// Events at connections of drawn weights whose source has spiked in this tick before: a word has no room for any number of them.
    pub(super) fn add_again(&mut self, shard: &BundleShard, range: Range<usize>, unit: impl Fn(u32) -> f64) {
        let room = if self.places <= NARROW { NARROW } else { self.places };
        self.given.iter_mut().for_each(|sums| sums.resize(room, 0.0));
        self.given_events.resize(room, 0);
        for i in range {
            let t = shard.targets.at(i);
            let weight = shard.weight(i, unit(t), 0.0);
            self.given[usize::from(weight < 0.0)][t as usize] += weight;
            self.given_events[t as usize] += 1;
        }
    }

    fn add_mixed(&mut self, at: impl Fn(usize) -> (usize, i32), len: usize) {
        let one = 1u64 << SHIFT;
        for i in 0..len {
            let (t, w) = at(i);
            let sum = &mut self.packed[usize::from(w < 0)][t];
            *sum = sum.wrapping_add(one.wrapping_add(i64::from(w) as u64));
        }
    }

    /// Hands over what arrived at the places `run` of a population, and forgets it: adds to the sums by channel (one, or two by sign)
    /// and to the events.
    #[allow(clippy::too_many_arguments)]
    #[inline(always)]
    pub(super) fn take(
        &mut self,
        bundles: &[Bundle],
        population: usize,
        unit: f64,
        run: Range<usize>,
        by_sign: bool,
        sums: &mut [&mut [f64]; 2],
        events: &mut [u32],
    ) {
        for (bundle, lane) in bundles.iter().zip(&mut self.lanes).filter(|(b, _)| b.kind == WeightKind::One) {
            let Some(member) = bundle.members.iter().find(|m| m.to == population) else { continue };
            let weight = member.weight;
            let sum = &mut sums[usize::from(by_sign && weight < 0.0)];
            let lane = &mut lane[run.clone()];
            for ((sum, events), number) in sum.iter_mut().zip(events.iter_mut()).zip(lane) {
                *sum += f64::from(*number) * weight;
                *events += std::mem::take(number);
            }
        }
        for (channel, packed) in self.packed.iter_mut().enumerate().filter(|(_, packed)| !packed.is_empty()) {
            let sum = &mut sums[usize::from(by_sign && channel == 1)];
            for ((sum, events), packed) in sum.iter_mut().zip(events.iter_mut()).zip(&mut packed[run.clone()]) {
                let (units, number) = unpack(std::mem::take(packed));
                *sum += units * unit;
                *events += number;
            }
        }
        for (channel, given) in self.given.iter_mut().enumerate().filter(|(_, given)| !given.is_empty()) {
            let sum = &mut sums[usize::from(by_sign && channel == 1)];
            sum.iter_mut().zip(&mut given[run.clone()]).for_each(|(sum, given)| *sum += std::mem::take(given));
        }
        if !self.given_events.is_empty() {
            events.iter_mut().zip(&mut self.given_events[run]).for_each(|(events, given)| *events += std::mem::take(given));
        }
    }
}

/// The sum in the lower bits of a word, and the number of events above.
#[inline(always)]
fn unpack(word: u64) -> (f64, u32) {
    let units = ((word << (64 - SHIFT)) as i64) >> (64 - SHIFT);
    let number = (word.wrapping_sub(units as u64) >> SHIFT) as u32;
    // A whole number below 2⁵¹ in magnitude becomes a double by bits, which vectors of integers lack an instruction for.
    const MAGIC: u64 = 0x4338_0000_0000_0000;
    let exact = f64::from_bits((units as u64).wrapping_add(MAGIC)) - f64::from_bits(MAGIC);
    (exact, number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_holds_a_sum_and_a_number() {
        for weights in [&[5i32, -7, 1 << 30, -(1 << 30), -(1 << 30)][..], &[-1], &[1 << 30; 65_535], &[-(1 << 30); 65_535], &[]] {
            let word = weights.iter().fold(0u64, |word, w| word.wrapping_add((1u64 << SHIFT).wrapping_add(i64::from(*w) as u64)));
            let sum: i64 = weights.iter().map(|w| i64::from(*w)).sum();
            assert_eq!(unpack(word), (sum as f64, weights.len() as u32));
        }
    }
}
