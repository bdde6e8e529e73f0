//! A logarithmic axis over whole decades.

use super::numbers::{mean, si};
use crate::numerics::ln;
use crate::report::Range;
use std::f64::consts::LN_10;

/// A logarithmic axis over whole decades.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::report) struct Axis {
    from: f64,
    decades: f64,
}

impl Axis {
    /// The axis that holds all values. None where no value is positive and finite.
    pub(in crate::report) fn over<I: IntoIterator<Item = f64>>(values: I) -> Option<Self> {
        let (mut from, mut to) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|value| value.is_normal() && *value > 0.0) {
            let decade = ln(value) / LN_10;
            // Rounding must not open a decade for a value that is a power of ten.
            from = from.min((decade + 1e-9).floor());
            to = to.max((decade - 1e-9).ceil());
        }
        from.is_finite().then(|| Self { from, decades: (to - from).max(1.0) })
    }

    /// The axis that holds all ranges.
    pub(in crate::report) fn over_ranges<'a, I: IntoIterator<Item = &'a Range>>(ranges: I) -> Option<Self> {
        Self::over(ranges.into_iter().flat_map(|range| [range.low, range.nominal, range.high]))
    }

    /// Where a value stands, from 0 at the start to 1 at the end. A value that is no number, or off the axis, stands at an end.
    pub(in crate::report) fn place(&self, value: f64) -> f64 {
        let share = (ln(value.max(f64::MIN_POSITIVE)) / LN_10 - self.from) / self.decades;
        if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
    }

    /// The ends of the axis, as exponents of ten.
    pub(in crate::report) fn ends(&self) -> (f64, f64) {
        (self.from, self.from + self.decades)
    }

    /// Marks for so many labels at most: exponents of ten at even distances, all of them or multiples of three, as the metric
    /// prefixes go.
    pub(in crate::report) fn marks(&self, most: usize) -> Vec<f64> {
        let mut step = 1.0;
        let at = |step: f64| {
            let first = (self.from / step).ceil();
            let last = (self.ends().1 / step).floor();
            (first, (last - first + 1.0).max(0.0))
        };
        while at(step).1 > most.max(2) as f64 {
            step = if step == 1.0 { 3.0 } else { step * 2.0 };
        }
        let (first, number) = at(step);
        (0..number as usize).map(|index| (first + index as f64) * step).collect()
    }
}

/// A power of ten with its unit, without zeros behind the point: `1 µJ`. A plain number has no unit and no prefix.
pub(in crate::report) fn power_of_ten(exponent: f64, unit: &str) -> String {
    let value = format!("1e{exponent}").parse().unwrap_or(f64::NAN);
    if unit.is_empty() { mean(value) } else { si(value, unit).replace(".00", "").replace(".0 ", " ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_places() {
        let axis = Axis::over([1e-6, 1.0]).expect("there are values");
        assert_eq!(axis.ends(), (-6.0, 0.0));
        assert!((axis.place(1e-3) - 0.5).abs() < 1e-12);
        assert_eq!([axis.place(1e-9), axis.place(1e3), axis.place(f64::NAN), axis.place(-1.0)], [0.0, 1.0, 0.0, 0.0]);
        assert!(Axis::over([f64::NAN, -1.0, 0.0, f64::INFINITY]).is_none());
    }

    #[test]
    fn marks_follow_the_metric_prefixes() {
        let marks = |from: f64, to: f64| Axis::over([from, to]).expect("there are values").marks(6);
        assert_eq!(marks(1e-2, 1e1), [-2.0, -1.0, 0.0, 1.0]);
        assert_eq!(marks(1e-11, 1e-1), [-9.0, -6.0, -3.0]);
        assert!(marks(1e-300, 1e300).len() <= 6);
        assert_eq!([power_of_ten(-6.0, "J"), power_of_ten(1.0, "J"), power_of_ten(-2.0, "")].join(", "), "1 µJ, 10 J, 0.01");
    }
}
