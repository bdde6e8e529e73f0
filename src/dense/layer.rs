//! A layer ready to run: its weights as a matrix for the product, its zeros counted.

use super::{LayerWork, WEIGHT_BITS};
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use crate::network::{Activation, DenseLayer, DenseMatrix, DenseNetwork};
use crate::numerics;
use nalgebra::{DMatrix, DVector};

/// A layer ready to run.
pub(super) struct Layer {
    name: String,
    weight: DMatrix<f32>,
    /// Empty for none.
    bias: DVector<f32>,
    pub(super) activation: Activation,
    /// Non-zero weights from each input.
    fan_out: Vec<u64>,
    diagonal: bool,
}

/// What is counted of a layer in a block of samples.
pub(super) struct LayerCounts {
    pub(super) effective_macs: u64,
    pub(super) zero_outputs: u64,
}

/// The layers of a network, if they fit together.
pub(super) fn prepare(network: &DenseNetwork) -> Result<Vec<Layer>> {
    let mut complaints = Diagnostics::new();
    for (layer, before) in network.layers.iter().zip(std::iter::once(None).chain(network.layers.iter().map(Some))) {
        let mut wrong = |message: String| complaints.push(Diagnostic::at(format!("layer {}", quoted(&layer.name)), message));
        let DenseMatrix { targets, sources, values } = &layer.weight;
        if targets.checked_mul(*sources) != Some(values.len()) {
            wrong(format!("{targets} × {sources} weights expected, found {}", values.len()));
        }
        if !layer.bias.is_empty() && layer.bias.len() != *targets {
            wrong(format!("{targets} biases expected, found {}", layer.bias.len()));
        }
        if let Some(before) = before.filter(|before| before.weight.targets != *sources) {
            let given = before.weight.targets;
            wrong(format!("its weights take {sources} values, but the layer before it, {}, gives {given}", quoted(&before.name)));
        }
    }
    complaints.or(())?;
    Ok(network.layers.iter().map(Layer::new).collect())
}

impl Layer {
    fn new(layer: &DenseLayer) -> Self {
        let weight = DMatrix::from_row_slice(layer.weight.targets, layer.weight.sources, &layer.weight.values);
        Self {
            name: layer.name.clone(),
            fan_out: weight.column_iter().map(|column| column.iter().filter(|w| **w != 0.0).count() as u64).collect(),
            diagonal: is_diagonal(&layer.weight),
            weight,
            bias: DVector::from_column_slice(&layer.bias),
            activation: layer.activation,
        }
    }

    pub(super) fn inputs(&self) -> usize {
        self.weight.ncols()
    }

    /// Bytes of the inputs and outputs of one sample.
    pub(super) fn activation_bytes(&self) -> u64 {
        (self.weight.ncols() + self.weight.nrows()) as u64 * u64::from(WEIGHT_BITS / 8)
    }

    /// The work of so many samples that does not depend on their values.
    pub(super) fn work(&self, samples: u64) -> LayerWork {
        let weights = if self.diagonal { self.weight.nrows() } else { self.weight.len() } as u64;
        LayerWork {
            name: self.name.clone(),
            inputs: self.weight.ncols(),
            outputs: self.weight.nrows(),
            macs: weights * samples,
            effective_macs: 0,
            weight_bytes: (weights + self.bias.len() as u64) * u64::from(WEIGHT_BITS / 8),
            zero_activations: 0,
        }
    }

    /// Σ over non-zero inputs of their non-zero weights; one sample after the other.
    pub(super) fn effective_macs(&self, inputs: &[f32]) -> u64 {
        let of = |column: &[f32]| column.iter().zip(&self.fan_out).filter(|(x, _)| **x != 0.0).map(|(_, n)| n).sum::<u64>();
        inputs.chunks_exact(self.inputs().max(1)).map(of).sum()
    }

    /// W x + b, one sample a column.
    pub(super) fn sums(&self, inputs: &DMatrix<f32>) -> DMatrix<f32> {
        let mut sums = &self.weight * inputs;
        if !self.bias.is_empty() {
            sums.column_iter_mut().for_each(|mut column| column += &self.bias);
        }
        sums
    }

    /// Applies the activation.
    pub(super) fn activate(&self, sums: &mut DMatrix<f32>) {
        match self.activation {
            Activation::Identity => {}
            Activation::Relu => sums.apply(|x| *x = x.max(0.0)),
            Activation::Softmax => sums.column_iter_mut().for_each(|mut column| {
                // exp(x − max) ÷ Σ exp(x − max): the same value, without overflow.
                let max = f64::from(column.max());
                let total: f64 = column.iter().map(|x| numerics::exp(f64::from(*x) - max)).sum();
                column.apply(|x| *x = (numerics::exp(f64::from(*x) - max) / total) as f32);
            }),
        }
    }
}

/// True for a square matrix whose only non-zero weights lie on the diagonal.
fn is_diagonal(matrix: &DenseMatrix) -> bool {
    let n = matrix.targets;
    n == matrix.sources && matrix.values.iter().enumerate().all(|(at, w)| *w == 0.0 || at / n == at % n)
}
