//! Figures in words.

use spikewatt::energy::{Joules, Range, Watts};

/// A whole number with its thousands apart.
#[must_use]
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An energy, as `4.31 µJ`.
#[must_use]
pub fn joules(value: f64) -> String {
    Joules(value).to_string()
}

/// An energy with its range, as `4.31 µJ (1.20 µJ to 9.00 µJ)`.
#[must_use]
pub fn span(range: Range<f64>) -> String {
    range.map(Joules).to_string()
}

/// A power with its range.
#[must_use]
pub fn watts(range: Range<f64>) -> String {
    range.map(Watts).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let cases = [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678")];
        for (value, text) in cases {
            assert_eq!(grouped(value), text);
        }
    }
}
