//! Numbers as people read them.

use crate::units;

/// What stands where there is no figure.
pub(in crate::report) const NONE: &str = "–";

/// A count with commas between thousands: `121,344`.
pub(in crate::report) fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with so many decimals and commas between thousands. Very large ones are written with an exponent.
pub(in crate::report) fn decimal(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return NONE.to_owned();
    }
    if value.abs() >= 1e15 {
        return format!("{value:.2e}");
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.find('.').map_or((text.as_str(), ""), |at| text.split_at(at));
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}{}{fraction}", whole.parse().map_or_else(|_| whole.to_owned(), count))
}

/// A number on its own: about three figures, without zeros at the end.
pub(in crate::report) fn mean(value: f64) -> String {
    let size = value.abs();
    if value.fract() == 0.0 || !value.is_finite() {
        return decimal(value, 0);
    }
    if size < 1e-6 {
        return format!("{value:.2e}");
    }
    let decimals = match size {
        size if size >= 1e4 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        size => (size.log10().floor().abs() as usize).saturating_add(2).min(9),
    };
    let text = decimal(value, decimals);
    if size < 1.0 { text.trim_end_matches('0').to_owned() } else { text }
}

/// Numbers that stand in one column or table: with the same decimals, so that their points align. A zero is a zero.
pub(in crate::report) fn column(values: &[Option<f64>]) -> Vec<String> {
    let decimals = decimals(values.iter().copied().flatten());
    let write = |value| if value == 0.0 { "0".to_owned() } else { decimal(value, decimals) };
    values.iter().map(|value| value.map_or_else(|| NONE.to_owned(), write)).collect()
}

/// Decimals that give the largest value three figures or more.
fn decimals<I: IntoIterator<Item = f64>>(values: I) -> usize {
    let values: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    if values.iter().all(|value| value.fract() == 0.0) || largest >= 1e4 {
        0
    } else if largest >= 100.0 {
        1
    } else if largest >= 1.0 {
        2
    } else {
        4
    }
}

/// A part of a whole as a percentage. Only a true 0 and a true 1 are written as such.
pub(in crate::report) fn share(part: f64, decimals: usize) -> String {
    let smallest = 0.1_f64.powi(i32::try_from(decimals).unwrap_or(0));
    let percent = 100.0 * part;
    if !part.is_finite() {
        NONE.to_owned()
    } else if percent > 0.0 && percent < smallest / 2.0 {
        format!("<{smallest:.decimals$} %")
    } else if percent < 100.0 && percent >= 100.0 - smallest / 2.0 {
        format!(">{:.decimals$} %", 100.0 - smallest)
    } else {
        format!("{} %", decimal(percent, decimals))
    }
}

/// The share of `part` in `whole`; none of nothing.
pub(in crate::report) fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// A value with its unit and a metric prefix: `4.31 µJ`.
pub(in crate::report) fn si(value: f64, unit: &str) -> String {
    let size = value.abs();
    if !value.is_finite() {
        NONE.to_owned()
    } else if size >= 1e12 || (size > 0.0 && size < 1e-15) {
        format!("{value:.2e} {unit}")
    } else {
        units::si(value, unit)
    }
}

/// A size in bytes, with decimal prefixes; small ones exactly.
pub(in crate::report) fn bytes(value: u64) -> String {
    if value < 1_000_000 { format!("{} B", count(value)) } else { si(value as f64, "B") }
}

/// A number of things, with the word in singular or plural.
pub(in crate::report) fn things(value: u64, singular: &str) -> String {
    format!("{} {singular}{}", count(value), if value == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!([count(0), count(999), count(121_344), count(u64::MAX)].join(" "), "0 999 121,344 18,446,744,073,709,551,615");
        assert_eq!(
            [mean(337.067), mean(2.6331), mean(103_368.9), mean(25.0), mean(0.04), mean(0.15), mean(0.26881), mean(2e-9)]
                .join(" "),
            "337.1 2.63 103,369 25 0.04 0.15 0.269 2.00e-9"
        );
        assert_eq!([decimal(-1234.5, 1), decimal(f64::NAN, 1), decimal(1e300, 0)].join(" "), "-1,234.5 – 1.00e300");
        assert_eq!(
            [share(0.925, 2), share(1e-6, 1), share(0.99999, 1), share(1.0, 1)].join(", "),
            "92.50 %, <0.1 %, >99.9 %, 100.0 %"
        );
        assert_eq!([bytes(40_120), bytes(54_000_000), si(1e300, "J")].join(", "), "40,120 B, 54.0 MB, 1.00e300 J");
        assert_eq!(
            [things(1, "synapse"), things(2, "synapse"), things(0, "neuron")].join(", "),
            "1 synapse, 2 synapses, 0 neurons"
        );
        assert_eq!(column(&[Some(337.067), None, Some(10.2306), Some(0.0)]), ["337.1", "–", "10.2", "0"]);
    }

    proptest! {
        #[test]
        fn commas_change_nothing(value: u64) {
            prop_assert_eq!(count(value).replace(',', ""), value.to_string());
        }

        #[test]
        fn no_number_panics(value: f64) {
            for text in [decimal(value, 2), mean(value), share(value, 1), si(value, "J")] {
                prop_assert!(text.len() < 40, "{}", text);
            }
        }
    }
}
