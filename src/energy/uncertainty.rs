//! From published figures to 5th and 95th percentiles: a seeded Monte Carlo over independent figures.
//!
//! A figure is drawn once a trial and shared by all terms that use it, so an estimate knows that a figure which is too low is too low
//! everywhere. [`TRIALS`] trials with a fixed seed give the same bits on every machine. The draws are *stratified* (a Latin
//! hypercube: McKay, Beckman & Conover, Technometrics 21:239, 1979): each figure takes each of `TRIALS` equal slices of its distribution once,
//! in an order of its own, so that a term that rests on one figure has that figure's percentiles to three digits.
//!
//! How a figure's distribution follows from its file:
//!
//! | figure | distribution |
//! |---|---|
//! | no interval published | log-normal on each side of the nominal value; P5 = nominal ÷ f, P95 = nominal × f, f of [`uncertainty_factor`](super::uncertainty_factor) |
//! | interval published; measured, derived or a vendor's | log-uniform on each side: half the trials between low and nominal, half between nominal and high, none beyond: the ends are the least and the most that anybody published |
//! | interval published; simulated, from general knowledge or a guess | log-normal on each side with the published ends as P5 and P95: ends that no meter confirmed are no bounds |
//! | one end published | that end as above, the other by the factor |
//!
//! The median of every figure is its published value. Where a published value is itself the least or the most (a stated minimum), half the
//! trials take it as it is. Trials of *different* devices are not paired; a ratio by trial is taken of one device alone.

use super::quantity::Range;
use crate::numerics::{exp, ln, normal_below};
use crate::rng::{Purpose, Stream};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Trials of an estimate.
pub const TRIALS: usize = 4000;

/// The seed of all trials.
const SEED: u64 = 0x5EED_1057;

/// What is drawn independently of everything else: equal slots share their draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot(u32);

impl Slot {
    /// Arithmetic of a table: one draw for all operations, since what the table leaves out is left out of all of them.
    pub(super) const ARITHMETIC: Self = Self(1000);
    /// Memory of a table: one technology, one draw.
    pub(super) const MEMORY: Self = Self(1001);
    /// How often a machine reads a weight that it needs again.
    pub(super) const REUSE: Self = Self(1002);
    /// The share of synaptic events that move a potential.
    pub(super) const STATE_TRAFFIC: Self = Self(1003);
    /// The share of synaptic events that fetch a weight.
    pub(super) const FETCHES: Self = Self(1004);
    /// The figure of a multiply-accumulate on a dense device.
    pub(super) const MAC: Self = Self(1005);

    /// A figure by its name's place in the list of names.
    pub(super) fn figure(name: super::figure::FigureName) -> Self {
        Self(name as u32)
    }

    /// A quantity of a system or a case, by number.
    pub(super) fn other(index: usize) -> Self {
        Self(2000 + index as u32)
    }
}

/// How a quantity spreads on each side of its nominal value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// The end is the 5th or 95th percentile of a log-normal.
    LogNormal,
    /// The end is a bound, and all ratios up to it are as likely as one another.
    LogUniform,
}

/// A positive quantity with its spread: the median is the nominal value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread<T> {
    pub(super) range: Range<T>,
    pub(super) below: Tail,
    pub(super) above: Tail,
}

/// The 95th percentile of a standard normal number.
const Z95: f64 = 1.644_853_626_951_472_2;

impl Spread<f64> {
    /// Bounds, log-uniform on each side.
    pub(super) fn between(low: f64, nominal: f64, high: f64) -> Self {
        Self { range: Range { low, nominal, high }, below: Tail::LogUniform, above: Tail::LogUniform }
    }
}

impl<T: Copy + std::ops::Div<T, Output = f64>> Spread<T> {
    /// The same spread of the quantity over its nominal value.
    pub(super) fn relative(self) -> Spread<f64> {
        let Range { low, nominal, high } = self.range;
        Spread { range: Range { low: low / nominal, nominal: 1.0, high: high / nominal }, below: self.below, above: self.above }
    }
}

impl Spread<f64> {
    /// The quantity in every trial.
    pub(super) fn factors(self, slot: Slot) -> impl Iterator<Item = f64> {
        let Range { low, nominal, high } = self.range;
        let down = if low > 0.0 && nominal > 0.0 { ln(nominal / low) } else { 0.0 };
        let up = if high > 0.0 && nominal > 0.0 { ln(high / nominal) } else { 0.0 };
        let order = order(slot);
        (0..TRIALS).map(move |trial| {
            let stratum = order[trial] as usize;
            // From -1 at the bottom over 0 at the median to 1 at the top; of a normal number over that of the 95th percentile.
            let (tail, log) = if stratum * 2 < TRIALS { (self.below, down) } else { (self.above, up) };
            let place = match tail {
                Tail::LogUniform => 2.0 * middle(stratum) - 1.0,
                Tail::LogNormal => NORMAL[stratum] / Z95,
            };
            if log == 0.0 { nominal } else { nominal * exp(log * place) }
        })
    }
}

/// The middle of a slice of the unit interval.
fn middle(stratum: usize) -> f64 {
    (stratum as f64 + 0.5) / TRIALS as f64
}

/// The normal number below which the middle of each slice lies.
static NORMAL: LazyLock<Vec<f64>> = LazyLock::new(|| {
    (0..TRIALS)
        .map(|stratum| {
            // Halving an interval 60 times leaves the last bit; it is done once.
            let (mut low, mut high) = (-9.0, 9.0);
            for _ in 0..60 {
                let middle_of = 0.5 * (low + high);
                if normal_below(middle_of) < middle(stratum) { low = middle_of } else { high = middle_of }
            }
            0.5 * (low + high)
        })
        .collect()
});

/// The slice that a slot takes in each trial: a shuffle of its own.
fn order(slot: Slot) -> Arc<[u16]> {
    static ORDERS: Mutex<BTreeMap<Slot, Arc<[u16]>>> = Mutex::new(BTreeMap::new());
    let mut orders = ORDERS.lock().unwrap_or_else(PoisonError::into_inner);
    let shuffled = || {
        let stream = Stream::new(SEED, Purpose::Uncertainty, slot.0);
        let mut order: Vec<u16> = (0..TRIALS as u16).collect();
        for last in (1..TRIALS).rev() {
            order.swap(last, stream.below(last as u64, last as u64 + 1) as usize);
        }
        order.into()
    };
    Arc::clone(orders.entry(slot).or_insert_with(shuffled))
}

/// The 5th and 95th percentile of trials around a nominal value. Puts the trials in order.
///
/// The nominal value is that of the nominal figures, not the median of the trials; it is never left outside the interval.
pub(super) fn percentiles(values: &mut [f64], nominal: f64) -> Range<f64> {
    let at = |values: &mut [f64], share: f64| {
        // Slices have their middles at (i + ½) / n.
        let place = (share * values.len() as f64 - 0.5).clamp(0.0, values.len() as f64 - 1.0);
        let (below, part) = (place.floor() as usize, place.fract());
        let (_, &mut first, rest) = values.select_nth_unstable_by(below, f64::total_cmp);
        let next = rest.iter().copied().min_by(f64::total_cmp).unwrap_or(first);
        first + (next - first) * part
    };
    let low = at(values, 0.05).min(nominal);
    Range { low, nominal, high: at(values, 0.95).max(nominal) }
}

#[cfg(test)]
mod tests {
    use super::super::figure::FigureName;
    use super::*;

    fn spread(tail: Tail) -> Spread<f64> {
        Spread { range: Range { low: 2.0, nominal: 4.0, high: 20.0 }, below: tail, above: tail }
    }

    #[test]
    fn a_log_normal_has_its_ends_at_the_percentiles() {
        let mut values: Vec<_> = spread(Tail::LogNormal).factors(Slot::MAC).collect();
        let range = percentiles(&mut values, 4.0);
        assert!((range.low - 2.0).abs() < 1e-3 && (range.high - 20.0).abs() < 0.02, "{range:?}");
        assert!(values.iter().any(|&v| v < 1.5) && values.iter().any(|&v| v > 30.0), "it has tails");
    }

    #[test]
    fn a_log_uniform_stays_between_its_ends() {
        let mut values: Vec<_> = spread(Tail::LogUniform).factors(Slot::MAC).collect();
        assert!(values.iter().all(|v| (2.0..=20.0).contains(v)));
        // A tenth of the way into each half: 2 · 2^0.1 and 4 · 5^0.9.
        let range = percentiles(&mut values, 4.0);
        assert!((range.low - 2.0 * 2f64.powf(0.1)).abs() < 1e-3 && (range.high - 4.0 * 5f64.powf(0.9)).abs() < 0.02, "{range:?}");
        values.sort_by(f64::total_cmp);
        assert!((values[TRIALS / 2] - 4.0).abs() < 0.01, "half of the trials on each side");
    }

    #[test]
    fn equal_slots_share_their_draws_and_others_are_independent() {
        let of = |slot| spread(Tail::LogNormal).factors(slot).map(ln).collect::<Vec<_>>();
        let (a, again, b) = (of(Slot::figure(FigureName::Spike)), of(Slot::figure(FigureName::Spike)), of(Slot::MEMORY));
        assert_eq!(a, again);
        let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
        let (ma, mb) = (mean(&a), mean(&b));
        let covariance: f64 = a.iter().zip(&b).map(|(x, y)| (x - ma) * (y - mb)).sum();
        let variance = |v: &[f64], m: f64| v.iter().map(|x| (x - m).powi(2)).sum::<f64>();
        let correlation = covariance / (variance(&a, ma) * variance(&b, mb)).sqrt();
        // Five standard errors of the correlation of independent draws.
        assert!(correlation.abs() < 5.0 / (TRIALS as f64).sqrt(), "{correlation}");
    }

    #[test]
    fn the_draws_are_the_same_bits_everywhere() {
        // Trial 0 of a slot, as first drawn: a change of generator, seed or order would move every printed range.
        assert_eq!(order(Slot::MEMORY)[..4], [3987, 3469, 1239, 3333]);
    }
}
