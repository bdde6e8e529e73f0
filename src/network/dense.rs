//! A conventional network of dense and convolutional layers, as ONNX and NIR files describe one.

use super::{Coefficients, Convolution};

/// What follows a layer's weighted sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// Nothing.
    Identity,
    /// max(0, x).
    Relu,
    /// exp(x) over its sum.
    Softmax,
}

/// Weights of a dense layer, `values[output * sources + input]`.
#[derive(Debug, Clone, PartialEq)]
pub struct DenseMatrix {
    /// Rows: outputs.
    pub targets: usize,
    /// Columns: inputs.
    pub sources: usize,
    /// Row by row.
    pub values: Vec<f32>,
}

/// What a layer makes of its inputs.
#[derive(Debug, Clone, PartialEq)]
pub enum DenseWeights {
    /// Every output from every input.
    Matrix(DenseMatrix),
    /// A kernel slid over a grid; with one weight for all, a layer that pools.
    Convolution(Convolution),
}

impl DenseWeights {
    /// Values that the layer takes.
    #[must_use]
    pub fn inputs(&self) -> usize {
        match self {
            Self::Matrix(matrix) => matrix.sources,
            Self::Convolution(c) => c.sources().unwrap_or(usize::MAX),
        }
    }

    /// Values that the layer gives.
    #[must_use]
    pub fn outputs(&self) -> usize {
        match self {
            Self::Matrix(matrix) => matrix.targets,
            Self::Convolution(c) => c.targets().unwrap_or(usize::MAX),
        }
    }

    /// The weights themselves, each once; none for a layer that pools.
    pub fn values(&self) -> Box<dyn Iterator<Item = f32> + '_> {
        match self {
            Self::Matrix(matrix) => Box::new(matrix.values.iter().copied()),
            Self::Convolution(c) => match &c.weights {
                Coefficients::One(_) => Box::new(std::iter::empty()),
                Coefficients::Single(w) => Box::new(w.iter().copied()),
                Coefficients::Double(w) => Box::new(w.iter().map(|w| *w as f32)),
            },
        }
    }

    /// Multiply-accumulates of one sample, zeros included: inputs × outputs of a matrix, inputs met by taps of a convolution (those that lie on the
    /// padding are none), and none of a layer that pools, which only adds. A convolution must have no complaints.
    #[must_use]
    pub fn macs(&self) -> u64 {
        match self {
            Self::Matrix(matrix) => (matrix.targets as u64).saturating_mul(matrix.sources as u64),
            Self::Convolution(c) if c.weights.len().is_none() => 0,
            Self::Convolution(c) => c.connections(),
        }
    }
}

/// y = activation(W x + b).
#[derive(Debug, Clone, PartialEq)]
pub struct DenseLayer {
    /// Its name in the file.
    pub name: String,
    /// Its weights.
    pub weight: DenseWeights,
    /// One value per output; empty for none.
    pub bias: Vec<f32>,
    /// What follows.
    pub activation: Activation,
}

/// Layers in the order of evaluation.
#[derive(Debug, Clone, PartialEq)]
pub struct DenseNetwork {
    /// Where it came from, in words (`digits-mlp.onnx`, `derived from digits.nir`).
    pub source: String,
    /// The layers; each one's inputs are the outputs of the one before.
    pub layers: Vec<DenseLayer>,
    /// What a reader had to assume.
    pub notes: Vec<String>,
}
