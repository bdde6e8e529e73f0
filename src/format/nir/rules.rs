//! What the datasets of nodes may hold.

use super::check::{MAX_VALUES, product};
use super::{DatasetSpec, NirArray, Rule};
use crate::neuron::Check;

/// The most dimensions of an array: HDF5's limit.
const MAX_RANK: usize = 32;

/// What is wrong with an array by itself, in words.
pub(super) fn array_complaint(spec: &DatasetSpec, array: &NirArray) -> Option<String> {
    let shape = &array.shape;
    let len = array.len();
    if product(shape) != Some(len) {
        return Some(format!("the shape {shape:?} does not hold {len} values"));
    }
    if len == 0 {
        return Some(format!("is empty (shape {shape:?})"));
    }
    if shape.len() > MAX_RANK {
        return Some(format!("has {} dimensions; at most {MAX_RANK} are possible", shape.len()));
    }
    match spec.rule {
        Rule::Shape => shape_complaint(array),
        Rule::Whole if len == 1 && array.whole().is_some() => None,
        Rule::Whole => Some(format!("expected one whole number, found the shape {shape:?}")),
        Rule::Counts(dimensions) => counts_complaint(array, dimensions, 1),
        Rule::Padding(dimensions) | Rule::PaddingOrWord(dimensions) => counts_complaint(array, dimensions, 0),
        Rule::Weight if shape.len() < 2 => Some(format!("expected a matrix, outputs × inputs; found the shape {shape:?}")),
        Rule::Kernel(dimensions) if shape.len() != 2 + dimensions => {
            Some(format!("expected outputs × inputs × {dimensions} dimensions of space; found the shape {shape:?}"))
        }
        Rule::Weight | Rule::Kernel(_) => number_complaint(array, Check::Finite),
        Rule::Bias => number_complaint(array, Check::Finite),
        Rule::Each(check) => number_complaint(array, check),
    }
}

/// What is wrong with sizes given as an array.
fn shape_complaint(array: &NirArray) -> Option<String> {
    let Some(sizes) = array.whole().filter(|sizes| array.shape.len() <= 1 && sizes.len() <= MAX_RANK) else {
        return Some(format!("expected a list of sizes, whole numbers; found the shape {:?}", array.shape));
    };
    if let Some(wrong) = sizes.iter().find(|n| **n <= 0) {
        return Some(format!("expected sizes above zero, found {wrong} in {sizes:?}"));
    }
    let total = sizes.iter().try_fold(1usize, |product, &n| product.checked_mul(usize::try_from(n).ok()?));
    match total {
        Some(total) if total <= MAX_VALUES => None,
        _ => Some(format!("claims the size {sizes:?}; at most {MAX_VALUES} values can be read")),
    }
}

/// What is wrong with whole numbers for the dimensions of space.
fn counts_complaint(array: &NirArray, dimensions: usize, least: i64) -> Option<String> {
    let above = if least == 0 { "of zero or above" } else { "above zero" };
    let number = if dimensions == 1 { "one whole number".into() } else { format!("one or {dimensions} whole numbers") };
    let Some(counts) = array.whole().filter(|counts| array.shape.len() <= 1 && [1, dimensions].contains(&counts.len())) else {
        return Some(format!("expected {number} {above}, found {}", shown(array)));
    };
    if let Some(wrong) = counts.iter().find(|n| **n < least) {
        return Some(format!("expected {number} {above}, found {wrong}"));
    }
    let most = counts.iter().find(|n| usize::try_from(**n).map_or(true, |n| n > MAX_VALUES))?;
    Some(format!("claims {most}; at most {MAX_VALUES} is possible"))
}

/// A short array by its values, a long one by its shape.
fn shown(array: &NirArray) -> String {
    let values = || array.values().map(|v| v.to_string()).collect::<Vec<_>>().join(", ");
    if array.len() <= 4 { values() } else { format!("the shape {:?}", array.shape) }
}

fn number_complaint(array: &NirArray, check: Check) -> Option<String> {
    let (at, value) = array.values().enumerate().find(|(_, value)| !check.allows(*value))?;
    let others = array.values().filter(|value| !check.allows(*value)).count() - 1;
    let others = if others == 0 { String::new() } else { format!(" and {others} more") };
    Some(format!("expected {}, found {value} at position {at}{others}", check.words()))
}
