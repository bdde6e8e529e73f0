//! Arithmetic with constants, folded into a layer's weights and bias.

use super::tensor::Tensor;
use crate::diagnostic::Diagnostic;
use crate::network::{DenseLayer, DenseWeights};

/// How the samples lie in a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// One sample a row: x W.
    Rows,
    /// One sample a column: W x.
    Columns,
    /// One sample in all.
    Vector,
}

impl Layout {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Columns => "columns",
            Self::Vector => "a single vector",
        }
    }
}

/// Multiplies all values.
pub(super) fn scale(values: &mut [f32], factor: f32) {
    values.iter_mut().for_each(|v| *v *= factor);
}

/// A constant as one value per output, as broadcasting over the samples makes it; nothing where it does not fit.
pub(super) fn per_output(constant: &Tensor, outputs: usize, layout: Option<Layout>) -> Option<Vec<f32>> {
    let dims = constant.dims.as_slice();
    let fits = match (layout, dims) {
        (Some(Layout::Columns), [outer @ .., last, 1]) => *last == outputs && outer.iter().all(|d| *d == 1),
        (Some(Layout::Rows | Layout::Vector) | None, [outer @ .., last]) => *last == outputs && outer.iter().all(|d| *d == 1),
        _ => false,
    };
    match constant.values.as_slice() {
        &[value] => Some(vec![value; outputs]),
        values if fits => Some(values.to_vec()),
        _ => None,
    }
}

/// y ∘ c or c ∘ y, where y = W x + b is a layer without activation and c has one value per output. `right` says that c is the
/// right operand.
///
/// y ± c = W x + (b ± c); c − y = −W x + (c − b); c y = (c W) x + c b.
pub(super) fn into_layer(layer: &mut DenseLayer, op: &str, constant: &[f32], right: bool) -> Result<(), Diagnostic> {
    let mut bias = std::mem::take(&mut layer.bias);
    if bias.is_empty() && matches!(op, "Add" | "Sub") {
        bias = vec![0.0; constant.len()];
    }
    let DenseWeights::Matrix(matrix) = &mut layer.weight else {
        return Err(Diagnostic::new("it follows a layer that is no matrix"));
    };
    let rows = matrix.values.chunks_exact_mut(matrix.sources.max(1));
    match (op, right) {
        ("Add", _) => bias.iter_mut().zip(constant).for_each(|(b, c)| *b += c),
        ("Sub", true) => bias.iter_mut().zip(constant).for_each(|(b, c)| *b -= c),
        ("Sub", false) => {
            rows.for_each(|row| scale(row, -1.0));
            bias.iter_mut().zip(constant).for_each(|(b, c)| *b = c - *b);
        }
        ("Mul", _) => {
            rows.zip(constant).for_each(|(row, c)| scale(row, *c));
            bias.iter_mut().zip(constant).for_each(|(b, c)| *b *= c);
        }
        ("Div", true) if constant.iter().all(|c| *c != 0.0) => {
            rows.zip(constant).for_each(|(row, c)| row.iter_mut().for_each(|w| *w /= c));
            bias.iter_mut().zip(constant).for_each(|(b, c)| *b /= c);
        }
        ("Div", true) => return Err(Diagnostic::new("it divides by zero")),
        _ => return Err(Diagnostic::new("it divides a constant by a computed value, which no dense layer does")),
    }
    layer.bias = bias;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Activation, DenseMatrix};

    fn after(op: &str, right: bool) -> (Vec<f32>, Vec<f32>) {
        let weight = DenseWeights::Matrix(DenseMatrix { targets: 2, sources: 2, values: vec![1.0, 2.0, 3.0, 4.0] });
        let mut layer = DenseLayer { name: "l".into(), weight, bias: vec![1.0, -1.0], activation: Activation::Identity };
        into_layer(&mut layer, op, &[2.0, 4.0], right).expect("it folds");
        (layer.weight.values().collect(), layer.bias)
    }

    #[test]
    fn arithmetic_after_a_layer_changes_its_weights_and_bias() {
        let weight = vec![1.0, 2.0, 3.0, 4.0];
        assert_eq!(after("Add", true), (weight.clone(), vec![3.0, 3.0]));
        assert_eq!(after("Sub", true), (weight, vec![-1.0, -5.0]));
        assert_eq!(after("Sub", false), (vec![-1.0, -2.0, -3.0, -4.0], vec![1.0, 5.0]));
        assert_eq!(after("Mul", false), (vec![2.0, 4.0, 12.0, 16.0], vec![2.0, -4.0]));
        assert_eq!(after("Div", true), (vec![0.5, 1.0, 0.75, 1.0], vec![0.5, -0.25]));
    }

    #[test]
    fn constants_broadcast_over_samples_only() {
        let shaped = |dims: &[usize]| Tensor { dims: dims.to_vec(), values: vec![1.0, 2.0], rounded: false };
        assert!(per_output(&shaped(&[2]), 2, Some(Layout::Rows)).is_some());
        assert!(per_output(&shaped(&[1, 2]), 2, None).is_some());
        assert!(per_output(&shaped(&[2, 1]), 2, Some(Layout::Columns)).is_some());
        assert!(per_output(&shaped(&[2]), 2, Some(Layout::Columns)).is_none());
        assert!(per_output(&shaped(&[2, 1]), 2, Some(Layout::Rows)).is_none());
        assert_eq!(per_output(&Tensor::scalar(3.0), 2, Some(Layout::Columns)), Some(vec![3.0, 3.0]));
    }
}
