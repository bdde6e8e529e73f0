//! A layer ready to run: its weights as a product, its zeros counted.

use super::convolve::Slide;
use super::number::Number;
use super::{LayerWork, WEIGHT_BITS};
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use crate::network::{Activation, DenseLayer, DenseMatrix, DenseNetwork, DenseWeights};
use crate::numerics;
use nalgebra::{DMatrix, DVector};

/// A layer ready to run.
pub(super) struct Layer<T: Number> {
    name: String,
    product: Product<T>,
    inputs: usize,
    outputs: usize,
    /// Empty for none.
    bias: DVector<T>,
    pub(super) activation: Activation,
    /// Non-zero weights that each input meets.
    fan_out: Vec<u64>,
    /// Multiply-accumulates of one sample, zeros included.
    macs: u64,
    /// Weights that it keeps.
    weights: u64,
    /// Biases that it keeps.
    biases: u64,
}

enum Product<T: Number> {
    Matrix(DMatrix<T>),
    Slide(Slide<T>),
}

/// What is counted of a layer in a block of samples.
pub(super) struct LayerCounts {
    pub(super) effective_macs: u64,
    pub(super) zero_outputs: u64,
    /// The lowest and the highest input.
    pub(super) inputs: [f32; 2],
}

/// The layers of a network, if they fit together.
pub(super) fn prepare<T: Number>(network: &DenseNetwork) -> Result<Vec<Layer<T>>> {
    let mut complaints = Diagnostics::new();
    for (layer, before) in network.layers.iter().zip(std::iter::once(None).chain(network.layers.iter().map(Some))) {
        let mut wrong = |message: String| complaints.push(Diagnostic::at(format!("layer {}", quoted(&layer.name)), message));
        match &layer.weight {
            DenseWeights::Matrix(DenseMatrix { targets, sources, values }) => {
                if targets.checked_mul(*sources) != Some(values.len()) {
                    wrong(format!("{targets} × {sources} weights expected, found {}", values.len()));
                }
            }
            DenseWeights::Convolution(c) => c.complaints().into_iter().for_each(&mut wrong),
        }
        let (inputs, outputs) = (layer.weight.inputs(), layer.weight.outputs());
        if !layer.bias.is_empty() && layer.bias.len() != outputs {
            wrong(format!("{outputs} biases expected, found {}", layer.bias.len()));
        }
        if let Some(before) = before.filter(|before| before.weight.outputs() != inputs) {
            let given = before.weight.outputs();
            wrong(format!("its weights take {inputs} values, but the layer before it, {}, gives {given}", quoted(&before.name)));
        }
    }
    complaints.or(())?;
    Ok(network.layers.iter().map(Layer::new).collect())
}

impl<T: Number> Layer<T> {
    fn new(layer: &DenseLayer) -> Self {
        let biases = layer.bias.len() as u64;
        let (product, fan_out, macs, weights, biases) = match &layer.weight {
            DenseWeights::Matrix(matrix) => {
                let weight = DMatrix::from_row_iterator(
                    matrix.targets,
                    matrix.sources,
                    matrix.values.iter().map(|w| T::of(f64::from(*w))),
                );
                let fan_out = weight.column_iter().map(|column| column.iter().filter(|w| !w.is_zero()).count() as u64).collect();
                // A diagonal is the element-wise product that it is.
                let macs = if is_diagonal(matrix) { matrix.targets as u64 } else { layer.weight.macs() };
                (Product::Matrix(weight), fan_out, macs, macs, biases)
            }
            DenseWeights::Convolution(c) => {
                let slide = Slide::new(c);
                let fan_out = if c.weights.len().is_none() { vec![0; layer.weight.inputs()] } else { slide.fan_out() };
                // One bias a channel, spread over its cells.
                let (weights, biases) = (c.weights.len().unwrap_or(0) as u64, biases.min(c.channels_out as u64));
                (Product::Slide(slide), fan_out, layer.weight.macs(), weights, biases)
            }
        };
        Self {
            name: layer.name.clone(),
            product,
            inputs: layer.weight.inputs(),
            outputs: layer.weight.outputs(),
            bias: DVector::from_iterator(layer.bias.len(), layer.bias.iter().map(|b| T::of(f64::from(*b)))),
            activation: layer.activation,
            fan_out,
            macs,
            weights,
            biases,
        }
    }

    pub(super) fn inputs(&self) -> usize {
        self.inputs
    }

    /// Bytes of the inputs and outputs of one sample.
    pub(super) fn activation_bytes(&self) -> u64 {
        self.values() * u64::from(WEIGHT_BITS / 8)
    }

    /// The work of so many samples that does not depend on their values.
    pub(super) fn work(&self, samples: u64) -> LayerWork {
        LayerWork {
            name: self.name.clone(),
            inputs: self.inputs,
            outputs: self.outputs,
            macs: self.macs * samples,
            effective_macs: 0,
            weight_bytes: (self.weights + self.biases) * u64::from(WEIGHT_BITS / 8),
            zero_activations: 0,
            weights: self.weights,
            nonzero_weight_macs: self.fan_out.iter().sum::<u64>() * samples,
        }
    }

    /// Σ over non-zero inputs of their non-zero weights; one sample after the other.
    pub(super) fn effective_macs(&self, inputs: &[T]) -> u64 {
        let of = |column: &[T]| column.iter().zip(&self.fan_out).filter(|(x, _)| !x.is_zero()).map(|(_, n)| n).sum::<u64>();
        inputs.chunks_exact(self.inputs().max(1)).map(of).sum()
    }

    /// Inputs and outputs of one sample.
    pub(super) fn values(&self) -> u64 {
        (self.inputs + self.outputs) as u64
    }

    /// Weights that it keeps; those that are shared count once.
    pub(super) fn weights(&self) -> u64 {
        self.weights
    }

    /// Replaces the biases.
    pub(super) fn with_bias(self, change: impl Fn(T) -> T) -> Self {
        Self { bias: self.bias.map(change), ..self }
    }

    /// W x + b, one sample a column.
    pub(super) fn sums(&self, inputs: &DMatrix<T>) -> DMatrix<T> {
        let mut sums = match &self.product {
            Product::Matrix(weight) => weight * inputs,
            Product::Slide(slide) => {
                let mut sums = DMatrix::zeros(self.outputs, inputs.ncols());
                let columns = sums.as_mut_slice().chunks_exact_mut(self.outputs);
                columns.zip(inputs.as_slice().chunks_exact(self.inputs)).for_each(|(out, input)| slide.add(input, out));
                sums
            }
        };
        if !self.bias.is_empty() {
            sums.column_iter_mut().for_each(|mut column| column += &self.bias);
        }
        sums
    }

    /// Applies the activation.
    pub(super) fn activate(&self, sums: &mut DMatrix<T>) {
        match self.activation {
            Activation::Identity => {}
            Activation::Relu => sums.apply(|x| *x = x.max(T::zero())),
            Activation::Softmax => sums.column_iter_mut().for_each(|mut column| {
                // exp(x − max) ÷ Σ exp(x − max): the same value, without overflow.
                let max = column.max().double();
                let total: f64 = column.iter().map(|x| numerics::exp(x.double() - max)).sum();
                column.apply(|x| *x = T::of(numerics::exp(x.double() - max) / total));
            }),
        }
    }
}

/// True for a square matrix whose only non-zero weights lie on the diagonal.
fn is_diagonal(matrix: &DenseMatrix) -> bool {
    let n = matrix.targets;
    n == matrix.sources && matrix.values.iter().enumerate().all(|(at, w)| *w == 0.0 || at / n == at % n)
}
