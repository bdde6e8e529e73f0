//! A conventional network of dense layers, as ONNX and NIR files describe one.

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

/// y = activation(W x + b).
#[derive(Debug, Clone, PartialEq)]
pub struct DenseLayer {
    /// Its name in the file.
    pub name: String,
    /// Weights, outputs × inputs.
    pub weight: DenseMatrix,
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
