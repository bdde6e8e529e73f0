//! Poisson numbers of events, by address.
//!
//! How many events a target gets in a tick is a function of (stream, tick, target) for means above [`PoissonNumber::RARE`]; for rarer
//! events it is a function of (stream, tick), which gives the few targets with events by the gaps between them, so that a tick costs its
//! events and not its targets. Either way any part of the targets can be asked for alone.

use crate::numerics::{exp, ln};
use crate::rng::{Stream, unit};
use std::ops::Range;

/// The Poisson distribution of the number of events in a tick.
#[derive(Debug, Clone, PartialEq)]
pub struct PoissonNumber {
    mean: f64,
    /// `below[k]`: 2⁴⁸ times the probability of at most k events. A 48-bit word below it, and not below the one before, means k.
    below: Vec<u64>,
    /// For each of the upper [`FIRST_BITS`] bits of a word, the number it means; [`UNSURE`] where that depends on the bits after.
    first: Vec<u8>,
}

const FIRST_BITS: u32 = 12;
const UNSURE: u8 = u8::MAX;

/// Targets whose rare events follow from one another: a part of the targets asks for the blocks that it overlaps.
const BLOCK: usize = 1 << 16;

/// Targets that share a draw: each takes 16 of its 128 bits.
const SHARED: usize = 8;

impl PoissonNumber {
    /// The largest mean per tick that is drawn; `exp(−mean)` is still a normal number there.
    pub const MAX_MEAN: f64 = 500.0;

    /// Below this mean per tick, targets with events are found by the gaps between them.
    pub const RARE: f64 = 0.02;

    /// For a mean per tick.
    #[must_use]
    pub fn new(mean: f64) -> Self {
        let mut term = exp(-mean);
        let mut sum = term;
        let mut below = Vec::new();
        // Until the tail is below the resolution of a word.
        loop {
            let bound = (sum * (1u64 << 48) as f64).round();
            below.push(bound as u64);
            if bound >= ((1u64 << 48) - 1) as f64 || below.len() > 4096 {
                break;
            }
            term *= mean / below.len() as f64;
            sum += term;
        }
        let number = |word: u64| below.partition_point(|bound| *bound <= word);
        let first = (0..1u64 << FIRST_BITS)
            .map(|upper| {
                let (low, high) = (number(upper << (48 - FIRST_BITS)), number(((upper + 1) << (48 - FIRST_BITS)) - 1));
                u8::try_from(low).ok().filter(|low| usize::from(*low) == high && *low != UNSURE).unwrap_or(UNSURE)
            })
            .collect();
        Self { mean, below, first }
    }

    /// The mean per tick.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Whether events are so rare that their targets are found by the gaps between them.
    #[must_use]
    pub fn is_rare(&self) -> bool {
        self.mean < Self::RARE
    }

    /// Calls `each(target, number)` for the targets of `range` with events in a tick, ascending.
    pub fn among(&self, stream: &Stream, tick: u64, range: Range<usize>, mut each: impl FnMut(usize, u32)) {
        if self.is_rare() {
            self.by_gaps(stream, tick, range, each);
            return;
        }
        let mut numbers = [0u32; 256];
        let mut at = range.start;
        while at < range.end {
            let here = numbers.len().min(range.end - at);
            self.fill(stream, tick, at, &mut numbers[..here]);
            for (n, number) in numbers[..here].iter().enumerate().filter(|(_, number)| **number > 0) {
                each(at + n, *number);
            }
            at += here;
        }
    }

    /// The numbers of targets `start`, `start + 1`, … in a tick; only where events are not rare.
    pub fn fill(&self, stream: &Stream, tick: u64, start: usize, numbers: &mut [u32]) {
        const WORDS: usize = 128;
        let mut words = [0u32; WORDS + 4];
        let skipped = start % SHARED;
        let mut done = 0;
        while done < numbers.len() {
            let before = if done == 0 { skipped } else { 0 };
            let here = (numbers.len() - done).min(WORDS * 2 - before);
            let draw = tick << 32 | ((start + done) / SHARED) as u64;
            let needed = (before + here).div_ceil(SHARED) * 4;
            stream.fill(draw, &mut words[..needed]);
            for (at, number) in numbers[done..done + here].iter_mut().enumerate() {
                let place = before + at;
                let half = words[place / 2] >> (16 * (place % 2)) & 0xffff;
                let first = self.first[(half >> (16 - FIRST_BITS)) as usize];
                *number = if first == UNSURE { self.finish(stream, tick, start + done + at, half) } else { u32::from(first) };
            }
            done += here;
        }
    }

    /// The number for a word whose first bits do not tell it, from 32 more bits of a draw of the target's own.
    #[cold]
    fn finish(&self, stream: &Stream, tick: u64, target: usize, half: u32) -> u32 {
        // Bit 31 of a target's number is free; it parts these draws from the shared ones.
        let more = stream.words(tick << 32 | 1 << 31 | target as u64)[0] as u32;
        let word = u64::from(half) << 32 | u64::from(more);
        self.below.partition_point(|bound| *bound <= word) as u32
    }

    /// The gaps between targets with events are geometric with p = 1 − e^(−mean); the number of events at each is Poisson, given that it
    /// is not 0.
    fn by_gaps(&self, stream: &Stream, tick: u64, range: Range<usize>, mut each: impl FnMut(usize, u32)) {
        if self.mean <= 0.0 || range.is_empty() {
            return;
        }
        for block in range.start / BLOCK..=(range.end - 1) / BLOCK {
            let first = block * BLOCK;
            let within = range.start.max(first) - first..(range.end - first).min(BLOCK);
            self.block_by_gaps(stream, tick << 32 | (block as u64) << 18, within, |at, number| each(first + at, number));
        }
    }

    fn block_by_gaps(&self, stream: &Stream, first_draw: u64, range: Range<usize>, mut each: impl FnMut(usize, u32)) {
        let mut at = 0u64;
        for draw in first_draw.. {
            let [gap, number] = stream.words(draw);
            // ln(1 − p) is −mean.
            at = at.saturating_add((-ln(1.0 - unit(gap)) / self.mean) as u64);
            if at >= range.end as u64 {
                break;
            }
            if at >= range.start as u64 {
                let none = exp(-self.mean);
                let u = none + (1.0 - none) * unit(number);
                let (mut k, mut term, mut sum) = (0, none, none);
                while u >= sum && k < 64 {
                    k += 1;
                    term *= self.mean / f64::from(k);
                    sum += term;
                }
                each(at as usize, k.max(1));
            }
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    #[test]
    fn poisson_numbers_have_their_mean_and_variance() {
        let stream = Stream::new(3, Purpose::Poisson, 0);
        for mean in [0.0, 0.0005, 0.01, 0.03, 0.3, 2.0, 30.0, 400.0] {
            let number = PoissonNumber::new(mean);
            let (ticks, targets) = (40u64, 5_000usize);
            let n = ticks as f64 * targets as f64;
            let (mut sum, mut squares) = (0.0, 0.0);
            for tick in 0..ticks {
                number.among(&stream, tick, 0..targets, |_, k| {
                    sum += f64::from(k);
                    squares += f64::from(k).powi(2);
                });
            }
            let (average, variance) = (sum / n, squares / n - (sum / n).powi(2));
            assert!((average - mean).abs() <= 5.0 * (mean / n).sqrt(), "{mean}: {average}");
            // The variance of a Poisson sample's variance is (mean + 2 mean²) / n.
            assert!((variance - mean).abs() <= 5.0 * ((mean + 2.0 * mean * mean) / n).sqrt(), "{mean}: {variance}");
        }
    }

    #[test]
    fn numbers_have_the_probabilities_of_the_distribution() {
        let stream = Stream::new(5, Purpose::Poisson, 0);
        for mean in [0.015, 0.05, 1.6] {
            let number = PoissonNumber::new(mean);
            let n = 400_000usize;
            let mut seen = [0u64; 12];
            number.among(&stream, 1, 0..n, |_, k| seen[(k as usize).min(11)] += 1);
            let mut p = (-mean).exp();
            for (k, seen) in seen.iter().enumerate().skip(1).take(6) {
                p *= mean / k as f64;
                let expected = p * n as f64;
                assert!((*seen as f64 - expected).abs() <= 5.0 * expected.sqrt() + 1.0, "{mean}, {k}: {seen} and {expected}");
            }
        }
    }

    #[test]
    fn any_part_of_the_targets_can_be_asked_for_alone() {
        let stream = Stream::new(4, Purpose::Poisson, 1);
        for mean in [0.005, 0.02, 0.7, 12.0] {
            let number = PoissonNumber::new(mean);
            let of = |range: Range<usize>| {
                let mut found = Vec::new();
                number.among(&stream, 77, range, |n, k| found.push((n, k)));
                found
            };
            let whole = of(0..3000);
            for cut in [1, 7, 8, 255, 256, 1003] {
                assert_eq!(whole, [of(0..cut), of(cut..cut + 900), of(cut + 900..3000)].concat());
            }
        }
    }
}
