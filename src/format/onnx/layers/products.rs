//! Products with a constant matrix: each makes a layer.

use super::super::fold::{self, Layout};
use super::super::graph::attribute;
use super::super::tensor::Tensor;
use super::{Builder, Step};
use crate::diagnostic::{Diagnostic, quoted};
use crate::network::{Activation, DenseLayer, DenseMatrix, DenseWeights};
use rten_onnx::onnx::NodeProto;

impl Builder<'_> {
    /// The node's two operands: the constant, and true where it is the right one.
    pub(super) fn operand(&mut self, node: &NodeProto) -> Result<(Tensor, bool), Diagnostic> {
        let constant = |at: usize| node.input.get(at).filter(|name| self.constants.has(name)).cloned();
        match (constant(0), constant(1), node.input.len()) {
            (None, Some(name), _) => Ok((self.floats(&name)?, true)),
            (Some(name), None, 2..) => Ok((self.floats(&name)?, false)),
            _ => Err(Diagnostic::new("expected one computed value and one constant as inputs")),
        }
    }

    /// Y = alpha A' B' + beta C, where A' and B' are A and B or their transposes.
    pub(super) fn gemm(&mut self, node: &NodeProto, at: usize) -> Step {
        let (weight, right) = self.operand(node)?;
        let flag = |name| attribute(node, name).and_then(|a| a.i).unwrap_or(0) != 0;
        let factor = |name| attribute(node, name).and_then(|a| a.f).unwrap_or(1.0);
        let (trans_a, trans_b) = (flag("transA"), flag("transB"));
        let (takes, gives, weight) = match (right, trans_a, trans_b) {
            (true, trans_a, trans_b) => {
                (if trans_a { Layout::Columns } else { Layout::Rows }, Layout::Rows, turned(weight, !trans_b))
            }
            (false, trans_a, trans_b) => {
                (if trans_b { Layout::Rows } else { Layout::Columns }, Layout::Columns, turned(weight, trans_a))
            }
        };
        self.product(node, at, weight, takes, factor("alpha"))?;
        self.layout = Some(gives);
        let Some(bias) = node.input.get(2).filter(|name| !name.is_empty()) else { return Ok(()) };
        if !self.constants.has(bias) {
            return Err(Diagnostic::new(format!("its bias {} is computed; expected a constant", quoted(bias))));
        }
        let bias = self.floats(bias)?;
        let beta = factor("beta");
        let values = self.per_output(&bias)?;
        if let Some(layer) = self.layers.last_mut() {
            layer.bias = values.iter().map(|v| beta * v).collect();
        }
        Ok(())
    }

    pub(super) fn matmul(&mut self, node: &NodeProto, at: usize) -> Step {
        let (weight, right) = self.operand(node)?;
        self.product(node, at, turned(weight, right), if right { Layout::Rows } else { Layout::Columns }, 1.0)
    }

    /// Adds the layer of a product with `weight`, outputs × inputs, that takes its samples as `takes` says.
    fn product(&mut self, node: &NodeProto, at: usize, weight: Tensor, takes: Layout, factor: f32) -> Step {
        let &[outputs, inputs] = weight.dims.as_slice() else {
            return Err(Diagnostic::new(format!("its weights have the shape {:?}, expected a matrix", weight.dims)));
        };
        if let Some(shape) = self.shape.take() {
            if shape.len() > 2 {
                return Err(Diagnostic::new(format!(
                    "it takes a value of {} dimensions, expected samples × features",
                    shape.len()
                ))
                .help("flatten the input first: `torch.flatten(x, 1)`"));
            }
            if (takes, shape.len()) == (Layout::Columns, 2) {
                self.width = shape[0];
            }
        }
        self.take_as(takes)?;
        if let Some(width) = self.width.filter(|width| *width != inputs) {
            let before = self.layers.last().map_or_else(
                || "the network's input has".to_owned(),
                |layer| format!("the layer before it, {}, gives", quoted(&layer.name)),
            );
            return Err(Diagnostic::new(format!("its weights take {inputs} values, but {before} {width}")));
        }
        let factor = factor * std::mem::replace(&mut self.factor, 1.0);
        let mut values = weight.values;
        if factor != 1.0 {
            fold::scale(&mut values, factor);
        }
        let name = match node.name.as_deref().unwrap_or_default() {
            "" => format!("{}_{at}", node.op_type.as_deref().unwrap_or_default()),
            name => name.to_owned(),
        };
        let weight = DenseWeights::Matrix(DenseMatrix { targets: outputs, sources: inputs, values });
        self.layers.push(DenseLayer { name, weight, bias: Vec::new(), activation: Activation::Identity });
        (self.width, self.lost) = (Some(outputs), false);
        Ok(())
    }

    pub(super) fn take_as(&mut self, takes: Layout) -> Step {
        match self.layout {
            None => self.layout = Some(takes),
            Some(layout) if layout == takes || layout == Layout::Vector => {}
            Some(layout) => {
                return Err(Diagnostic::new(format!(
                    "it takes samples as {}, but they are {} here",
                    takes.words(),
                    layout.words()
                )));
            }
        }
        Ok(())
    }
}

/// The matrix, or its transpose.
fn turned(matrix: Tensor, transpose: bool) -> Tensor {
    if transpose { matrix.transposed() } else { matrix }
}
