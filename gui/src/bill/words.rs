//! Figures in words.

use spikewatt::energy::{Joules, Range, Watts};

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
