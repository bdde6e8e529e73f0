//! Intervals as bars on a shared logarithmic axis, in plain characters.

use crate::report::Range;
use crate::report::sections::axis::{Axis, power_of_ten};
use crate::report::sections::words;

/// A logarithmic axis so many columns wide.
pub(super) struct Bars {
    axis: Axis,
    columns: usize,
}

impl Bars {
    /// The axis that holds all ranges. None where no range has a positive, finite value.
    pub(super) fn over<'a, I: IntoIterator<Item = &'a Range>>(ranges: I, columns: usize) -> Option<Self> {
        Axis::over_ranges(ranges).map(|axis| Self { axis, columns: columns.max(3) })
    }

    /// The ends of the axis as a header: `1 µJ          1 J`.
    pub(super) fn header(&self, unit: &str) -> String {
        let (from, to) = self.axis.ends();
        let (low, high) = (power_of_ten(from, unit), power_of_ten(to, unit));
        let space = self.columns.saturating_sub(words::width(&low) + words::width(&high)).max(1);
        format!("{low}{}{high}", " ".repeat(space))
    }

    /// The bar of a range: `├──┼────┤` at its place.
    pub(super) fn bar(&self, range: &Range) -> String {
        let at = |value: f64| (self.axis.place(value) * (self.columns - 1) as f64).round() as usize;
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
        let axis = Bars::over([&wide, &thin], 13).expect("there are values");
        assert_eq!(axis.header("J"), "1 µJ      1 J");
        assert_eq!(axis.bar(&wide), "├───┼───┤    ");
        assert_eq!(axis.bar(&thin), "            ┼");
    }

    #[test]
    fn no_values_have_no_axis_and_odd_ones_no_panic() {
        let odd = Range { low: f64::NAN, nominal: -1.0, high: f64::INFINITY };
        assert!(Bars::over([&odd], 20).is_none());
        let axis = Bars::over([&Range { low: 1e-300, nominal: 1.0, high: 1e300 }], 3).expect("there are values");
        assert_eq!(axis.bar(&odd).chars().count(), 3);
        assert!(!axis.header("J").is_empty());
    }
}
