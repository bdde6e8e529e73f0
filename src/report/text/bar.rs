//! Intervals as bars on a shared logarithmic axis, in plain characters.

use super::numbers::si;
use super::words;
use crate::numerics::ln;
use crate::report::Range;
use std::f64::consts::LN_10;

/// A logarithmic axis over whole decades.
pub(super) struct Axis {
    from: f64,
    decades: f64,
    columns: usize,
}

impl Axis {
    /// The axis that holds all ranges. None where no range has a positive, finite value.
    pub(super) fn over<'a, I: IntoIterator<Item = &'a Range>>(ranges: I, columns: usize) -> Option<Self> {
        let (mut from, mut to) = (f64::INFINITY, f64::NEG_INFINITY);
        for range in ranges {
            for value in [range.low, range.nominal, range.high].into_iter().filter(|value| value.is_normal() && *value > 0.0) {
                let decade = ln(value) / LN_10;
                // Rounding must not open a decade for a value that is a power of ten.
                from = from.min((decade + 1e-9).floor());
                to = to.max((decade - 1e-9).ceil());
            }
        }
        from.is_finite().then(|| Self { from, decades: (to - from).max(1.0), columns: columns.max(3) })
    }

    /// The ends of the axis as a header: `1 µJ          1 J`.
    pub(super) fn header(&self, unit: &str) -> String {
        let end = |exponent: f64| {
            let text = si(format!("1e{exponent}").parse().unwrap_or(f64::NAN), unit);
            text.replace(".00", "").replace(".0 ", " ")
        };
        let (low, high) = (end(self.from), end(self.from + self.decades));
        let space = self.columns.saturating_sub(words::width(&low) + words::width(&high)).max(1);
        format!("{low}{}{high}", " ".repeat(space))
    }

    /// The bar of a range: `├──┼────┤` at its place.
    pub(super) fn bar(&self, range: &Range) -> String {
        let at = |value: f64| {
            let share = (ln(value.max(f64::MIN_POSITIVE)) / LN_10 - self.from) / self.decades;
            // A value that is no number goes to the start; `as` saturates.
            ((share * (self.columns - 1) as f64).round() as usize).min(self.columns - 1)
        };
        let (low, nominal, high) = (at(range.low), at(range.nominal), at(range.high));
        let mut bar = vec![' '; self.columns];
        for (column, mark) in bar.iter_mut().enumerate() {
            *mark = match column {
                c if c == nominal => '┼',
                c if c == low => '├',
                c if c == high => '┤',
                c if c > low && c < high => '─',
                _ => ' ',
            };
        }
        bar.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_share_one_axis() {
        let wide = Range { low: 1e-6, nominal: 1e-4, high: 1e-2 };
        let thin = Range { low: 0.9, nominal: 1.0, high: 1.0 };
        let axis = Axis::over([&wide, &thin], 13).expect("there are values");
        assert_eq!(axis.header("J"), "1 µJ      1 J");
        assert_eq!(axis.bar(&wide), "├───┼───┤    ");
        assert_eq!(axis.bar(&thin), "            ┼");
    }

    #[test]
    fn no_values_have_no_axis_and_odd_ones_no_panic() {
        let odd = Range { low: f64::NAN, nominal: -1.0, high: f64::INFINITY };
        assert!(Axis::over([&odd], 20).is_none());
        let axis = Axis::over([&Range { low: 1e-300, nominal: 1.0, high: 1e300 }], 3).expect("there are values");
        assert_eq!(axis.bar(&odd).chars().count(), 3);
        assert!(!axis.header("J").is_empty());
    }
}
