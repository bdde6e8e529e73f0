//! Figures of parameters, short enough to be read.

use super::NirArray;

/// Values of two parameters side by side.
pub(super) fn both<'a>(one: &'a NirArray, other: &'a NirArray) -> impl Iterator<Item = (f64, f64)> + 'a {
    let at = |array: &NirArray, at: usize| array.at(if array.len() == 1 { 0 } else { at });
    (0..one.len().max(other.len())).map(move |n| (at(one, n), at(other, n)))
}

/// One value, or the lowest and the highest.
pub(super) fn range(values: impl Iterator<Item = f64>, shown: impl Fn(f64) -> String) -> String {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    let [low, high] = [low, high].map(shown);
    if low == high { low } else { format!("{low} … {high}") }
}

/// Four figures: enough to recognise a value by.
pub(super) fn number(value: f64) -> String {
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    if rounded != 0.0 && !(1e-4..1e6).contains(&rounded.abs()) { format!("{rounded:e}") } else { format!("{rounded}") }
}

/// A factor before what it multiplies; 1 is not written.
pub(super) fn times(factor: &str, what: &str) -> String {
    match factor {
        "1" => what.to_owned(),
        _ if factor.contains('…') => format!("({factor}) {what}"),
        _ => format!("{factor} {what}"),
    }
}

/// What is added; nothing where it is zero.
pub(super) fn plus(shift: &str) -> String {
    if shift == "0" {
        String::new()
    } else {
        format!(" + {}", if shift.contains('…') { format!("({shift})") } else { shift.to_owned() })
    }
}

pub(super) fn shape(of: &[usize]) -> String {
    if of.is_empty() { "1".into() } else { of.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ") }
}

pub(super) fn list(array: &NirArray) -> String {
    array.values().map(number).collect::<Vec<_>>().join(" × ")
}
