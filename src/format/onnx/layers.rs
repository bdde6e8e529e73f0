//! The chain's nodes as dense layers.

mod products;

use super::constants::Constants;
use super::fold::{self, Layout};
use super::graph::{attribute, label};
use super::tensor::{self, Tensor};
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use crate::network::{Activation, DenseLayer, DenseNetwork};
use rten_onnx::onnx::{NodeProto, ValueInfoProto};

/// Layers as far as the chain has been followed.
pub(super) struct Builder<'a> {
    constants: &'a Constants<'a>,
    opset: i64,
    layers: Vec<DenseLayer>,
    notes: Vec<String>,
    /// Features of one sample here, where known.
    width: Option<usize>,
    /// How the samples lie in a value, where known.
    layout: Option<Layout>,
    /// The declared shape, until something flattens it.
    shape: Option<Vec<Option<usize>>>,
    /// A factor not yet folded into a layer.
    factor: f32,
    /// After a node that could not be read nothing is known, and nothing is worth a complaint, until the next product.
    lost: bool,
    /// Values that may still be read: constants used many times must not fill the memory from a small file.
    allowance: usize,
}

type Step = std::result::Result<(), Diagnostic>;

impl<'a> Builder<'a> {
    pub(super) fn new(constants: &'a Constants<'a>, opset: i64, file_bytes: usize, input: &ValueInfoProto) -> Self {
        let declared = input.r#type.as_ref().and_then(|t| t.tensor_type.as_ref()).and_then(|t| t.shape.as_ref());
        let shape: Option<Vec<Option<usize>>> = declared
            .map(|s| s.dim.iter().map(|d| d.dim_value.and_then(|d| usize::try_from(d).ok()).filter(|d| *d > 0)).collect());
        let (layout, width) = match shape.as_deref() {
            Some([features]) => (Some(Layout::Vector), *features),
            Some([_, rest @ ..]) => (None, rest.iter().try_fold(1_usize, |product, d| product.checked_mul((*d)?))),
            _ => (None, None),
        };
        Self {
            constants,
            opset,
            layers: Vec::new(),
            notes: Vec::new(),
            width,
            layout,
            shape,
            factor: 1.0,
            lost: false,
            allowance: file_bytes.saturating_mul(4).saturating_add(1 << 20),
        }
    }

    /// Follows the chain through a node that is not understood.
    pub(super) fn lose_track(&mut self) {
        (self.width, self.layout, self.shape, self.lost, self.factor) = (None, None, None, true, 1.0);
    }

    /// Follows the chain through a node.
    pub(super) fn add(&mut self, node: &NodeProto, at: usize) -> Step {
        let step = match node.op_type.as_deref().unwrap_or_default() {
            "Gemm" => self.gemm(node, at),
            "MatMul" => self.matmul(node, at),
            op @ ("Add" | "Sub" | "Mul" | "Div") => self.elementwise(node, op),
            "Relu" => self.relu(),
            "Softmax" => self.softmax(node),
            "Flatten" => self.flatten(node),
            "Reshape" => self.reshape(node),
            // `Dropout` does nothing once a network is trained.
            _ => Ok(()),
        };
        step.map_err(|complaint| {
            self.lose_track();
            match complaint.place {
                crate::diagnostic::Place::Whole => complaint.place(crate::diagnostic::Place::Path(label(node, at))),
                _ => complaint,
            }
        })
    }

    /// The network, if what was followed makes one.
    pub(super) fn finish(mut self, source: &str) -> Result<DenseNetwork> {
        let mut complaints = Diagnostics::new();
        if self.layers.is_empty() && !self.lost {
            complaints.push(Diagnostic::new("the network has no layers: expected at least one `Gemm` or `MatMul` with weights"));
        }
        if self.factor != 1.0 {
            complaints.push(Diagnostic::new("a factor after the last layer's activation belongs to no layer"));
        }
        for layer in &self.layers {
            if !layer.weight.values().chain(layer.bias.iter().copied()).all(f32::is_finite) {
                let message = "its weights, multiplied and added up as the nodes say, leave the range of 32-bit floats";
                complaints.push(Diagnostic::at(format!("node {}", quoted(&layer.name)), message));
            }
        }
        self.notes.dedup();
        complaints.or(DenseNetwork { source: source.to_owned(), layers: self.layers, notes: self.notes })
    }

    /// The floats of a constant.
    fn floats(&mut self, name: &str) -> std::result::Result<Tensor, Diagnostic> {
        if self.allowance == 0 {
            return Err(Diagnostic::new("its constants, used many times, make a network many times larger than the file"));
        }
        let tensor = self.constants.floats(name)?;
        self.allowance = self.allowance.saturating_sub(tensor.values.len());
        if tensor.rounded {
            self.notes.push(format!("{}: 64-bit floats were rounded to 32 bits", tensor::place(name)));
        }
        Ok(tensor)
    }

    /// A constant as one value per output of the last layer.
    fn per_output(&self, constant: &Tensor) -> std::result::Result<Vec<f32>, Diagnostic> {
        let outputs = self.layers.last().map_or(0, |layer| layer.weight.outputs());
        fold::per_output(constant, outputs, self.layout).ok_or_else(|| {
            let message = format!("a constant of shape {:?} does not give one value to each of {outputs} outputs", constant.dims);
            Diagnostic::new(message)
        })
    }

    /// A sum, difference, product or quotient with a constant, folded into the layer before it, or a factor into the one after.
    fn elementwise(&mut self, node: &NodeProto, op: &str) -> Step {
        let (constant, right) = self.operand(node)?;
        if self.lost {
            return Ok(());
        }
        let open = self.factor == 1.0 && self.layers.last().is_some_and(|layer| layer.activation == Activation::Identity);
        if open {
            let values = self.per_output(&constant)?;
            return self.layers.last_mut().map_or(Ok(()), |layer| fold::into_layer(layer, op, &values, right));
        }
        match (op, constant.values.as_slice(), right) {
            ("Mul", &[factor], _) if factor != 0.0 => self.factor *= factor,
            ("Div", &[divisor], true) if divisor != 0.0 => self.factor /= divisor,
            _ => {
                return Err(Diagnostic::new("it changes the input or an activation by a constant, which no dense layer does")
                    .help("put the change into the data or into the weights of the layer after it"));
            }
        }
        self.notes.push("a constant factor before a layer was folded into its weights".to_owned());
        Ok(())
    }

    fn relu(&mut self) -> Step {
        match self.layers.last_mut() {
            _ if self.lost => {}
            Some(layer) if layer.activation == Activation::Identity => layer.activation = Activation::Relu,
            // Activations of zero and above stay what they are.
            Some(_) if self.factor > 0.0 => {}
            _ => return Err(Diagnostic::new("it follows no layer")),
        }
        Ok(())
    }

    fn softmax(&mut self, node: &NodeProto) -> Step {
        let axis = attribute(node, "axis").and_then(|a| a.i).unwrap_or(if self.opset >= 13 { -1 } else { 1 });
        let over_features = match self.layout {
            Some(Layout::Columns) => axis == 0 || axis == -2,
            Some(Layout::Vector) => axis == 0 || axis == -1,
            Some(Layout::Rows) | None => axis == 1 || axis == -1,
        };
        match self.layers.last_mut() {
            _ if self.lost => {}
            _ if !over_features => return Err(Diagnostic::new(format!("its axis {axis} is not that of the features"))),
            Some(layer) if layer.activation == Activation::Identity => layer.activation = Activation::Softmax,
            _ => return Err(Diagnostic::new("it follows no product with weights")),
        }
        Ok(())
    }

    fn flatten(&mut self, node: &NodeProto) -> Step {
        let axis = attribute(node, "axis").and_then(|a| a.i).unwrap_or(1);
        let rank = self.shape.as_ref().map(Vec::len);
        if axis == 1 || rank.is_some_and(|rank| axis == 1 - rank as i64) {
            self.shape = None;
            return self.take_as(Layout::Rows);
        }
        Err(Diagnostic::new(format!("its axis is {axis}; expected 1: samples × features")))
    }

    fn reshape(&mut self, node: &NodeProto) -> Step {
        let shape = match node.input.get(1) {
            Some(name) if self.constants.has(name) => self.constants.integers(name)?,
            _ => return Err(Diagnostic::new("the shape it gives is computed or missing; expected a constant")),
        };
        let all = |d: i64| d == -1 || self.width.is_none_or(|width| usize::try_from(d) == Ok(width));
        let flat = match *shape.as_slice() {
            [samples, features] => samples >= -1 && all(features) && (samples, features) != (-1, -1),
            _ => false,
        };
        if !flat {
            return Err(Diagnostic::new(format!("it gives the shape {shape:?}; expected samples × features, as [-1, features]")));
        }
        self.shape = None;
        self.take_as(Layout::Rows)
    }
}
