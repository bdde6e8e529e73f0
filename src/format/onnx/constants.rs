//! Constants of a graph: initialisers, `Constant` nodes, and constants passed on or transposed.

use super::graph::{attribute, label};
use super::tensor::{self, Tensor};
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use rten_onnx::onnx::{GraphProto, NodeProto, TensorProto};
use std::collections::BTreeMap;

/// Where a constant comes from.
#[derive(Debug, Clone, Copy)]
enum Origin<'a> {
    Initialiser(&'a TensorProto),
    Constant(&'a NodeProto, usize),
}

/// The constants of a graph, by name; true where they are transposed on the way.
#[derive(Debug, Default)]
pub(super) struct Constants<'a>(BTreeMap<&'a str, (Origin<'a>, bool)>);

impl<'a> Constants<'a> {
    /// Collects them; the second value says of each node whether it only makes constants. A name defined twice is a complaint.
    pub(super) fn collect(graph: &'a GraphProto, complaints: &mut Diagnostics) -> (Self, Vec<bool>) {
        let mut all = Self::default();
        for tensor in &graph.initializer {
            let name = tensor.name.as_deref().unwrap_or_default();
            if all.0.insert(name, (Origin::Initialiser(tensor), false)).is_some() {
                complaints.push(Diagnostic::at(tensor::place(name), "it is there twice"));
            }
        }
        // The specification sorts nodes, so that a constant is known before a node passes it on.
        let is_constant = graph.node.iter().enumerate().map(|(at, node)| all.add_node(node, at, complaints)).collect();
        (all, is_constant)
    }

    fn add_node(&mut self, node: &'a NodeProto, at: usize, complaints: &mut Diagnostics) -> bool {
        let input = node.input.first().and_then(|name| self.0.get(name.as_str())).copied();
        let constant = match (node.op_type.as_deref(), input) {
            (Some("Constant"), _) => (Origin::Constant(node, at), false),
            (Some("Identity"), Some(input)) => input,
            (Some("Transpose"), Some((origin, transposed))) => {
                let in_place = attribute(node, "perm").is_some_and(|perm| perm.ints.is_sorted());
                (origin, transposed == in_place)
            }
            _ => return false,
        };
        let Some(name) = node.output.first() else { return true };
        if self.0.contains_key(name.as_str()) {
            complaints.push(Diagnostic::at(label(node, at), format!("its output {} is defined before", quoted(name))));
        } else {
            self.0.insert(name, constant);
        }
        true
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The floats of a constant.
    pub(super) fn floats(&self, name: &str) -> Result<Tensor, Diagnostic> {
        let (found, transposed) = match self.0.get(name) {
            None => return Err(Diagnostic::new(format!("there is no constant {}", quoted(name)))),
            Some((Origin::Initialiser(tensor), transposed)) => (tensor::floats(tensor, &tensor::place(name))?, *transposed),
            Some((Origin::Constant(node, at), transposed)) => {
                let place = label(node, *at);
                let float = attribute(node, "value_float").and_then(|a| a.f);
                let found = match (attribute(node, "value").and_then(|a| a.t.as_ref()), float) {
                    (Some(tensor), _) => tensor::floats(tensor, &place)?,
                    (None, Some(value)) if value.is_finite() => Tensor::scalar(value),
                    _ => return Err(Diagnostic::at(place, "the constant is neither a tensor nor a finite float")),
                };
                (found, *transposed)
            }
        };
        match (transposed, found.dims.len()) {
            (false, _) => Ok(found),
            (true, 0..=2) => Ok(found.transposed()),
            (true, rank) => {
                Err(Diagnostic::at(tensor::place(name), format!("{rank} dimensions are transposed, expected a matrix")))
            }
        }
    }

    /// The integers of a constant.
    pub(super) fn integers(&self, name: &str) -> Result<Vec<i64>, Diagnostic> {
        match self.0.get(name) {
            Some((Origin::Initialiser(tensor), false)) => tensor::integers(tensor, &tensor::place(name)),
            Some((Origin::Constant(node, at), false)) => {
                let place = label(node, *at);
                match (attribute(node, "value").and_then(|a| a.t.as_ref()), attribute(node, "value_ints")) {
                    (Some(tensor), _) => tensor::integers(tensor, &place),
                    (None, Some(list)) => Ok(list.ints.clone()),
                    (None, None) => Err(Diagnostic::at(place, "the constant is no list of integers")),
                }
            }
            _ => Err(Diagnostic::new(format!("there is no list of integers {}", quoted(name)))),
        }
    }
}
