//! What shapes nodes take and give.
//!
//! Weights and the parameters of neurons fix shapes; where every parameter is a single number, the neighbours do. `Input`, `Output`
//! and `Flatten` only claim theirs, since exporters leave batch and time in it: of `[1, 100, 16]` before a node that takes 16 values, the
//! leading dimensions are dropped with a note.

use super::check::product;
use super::wiring::Wiring;
use super::{Class, Rule};
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};

/// The shapes that a node takes and gives.
#[derive(Debug, Clone)]
pub(super) struct Ports {
    /// What it takes.
    pub(super) takes: Vec<usize>,
    /// What it gives.
    pub(super) gives: Vec<usize>,
}

impl Ports {
    /// The number of values it takes.
    pub(super) fn inputs(&self) -> usize {
        product(&self.takes).unwrap_or(usize::MAX)
    }

    /// The number of values it gives.
    pub(super) fn outputs(&self) -> usize {
        product(&self.gives).unwrap_or(usize::MAX)
    }
}

/// The ports of every node.
///
/// # Errors
/// Nodes that are joined by an edge differ in size.
pub(super) fn infer(wiring: &Wiring<'_>, notes: &mut Vec<String>) -> Result<Vec<Ports>> {
    let mut shapes = Shapes {
        wiring,
        takes: vec![None; wiring.len()],
        gives: vec![None; wiring.len()],
        notes: Vec::new(),
        complaints: Diagnostics::new(),
    };
    shapes.fix();
    shapes.spread();
    // What is still open takes what is claimed, the input's claim first; what nobody claims is a single value.
    for class in [Class::Input, Class::Flatten, Class::Output] {
        shapes.believe(|shapes, at| if wiring.class(at) == class { shapes.claim(at) } else { None });
    }
    shapes.believe(|_, _| Some(vec![1]));
    shapes.compare();
    notes.append(&mut shapes.notes);
    let ports = shapes
        .takes
        .into_iter()
        .zip(shapes.gives)
        .map(|(takes, gives)| Ports { takes: takes.unwrap_or_default(), gives: gives.unwrap_or_default() });
    let ports = ports.collect();
    shapes.complaints.or(ports)
}

struct Shapes<'a> {
    wiring: &'a Wiring<'a>,
    takes: Vec<Option<Vec<usize>>>,
    gives: Vec<Option<Vec<usize>>>,
    notes: Vec<String>,
    complaints: Diagnostics,
}

impl Shapes<'_> {
    /// What parameters fix.
    fn fix(&mut self) {
        for (at, node) in self.wiring.nodes.iter().enumerate() {
            match (node.kind.class(), node.array("weight")) {
                (Class::Matrix, Some(weight)) => {
                    if let [.., rows, columns] = weight.shape[..] {
                        self.takes[at] = Some(vec![columns]);
                        self.gives[at] = Some(vec![rows]);
                    }
                }
                (Class::Neuron(_) | Class::Scale, _) => {
                    let each = node.kind.primitive().datasets.iter().filter(|spec| matches!(spec.rule, Rule::Each(_)));
                    let array = each.filter_map(|spec| node.array(spec.name)).find(|array| array.len() > 1);
                    self.takes[at] = array.map(|array| array.shape.clone());
                    self.gives[at] = self.takes[at].clone();
                }
                _ => {}
            }
        }
    }

    /// What a node claims without being sure.
    fn claim(&self, at: usize) -> Option<Vec<usize>> {
        let name = if self.wiring.class(at) == Class::Flatten { "input_type" } else { "shape" };
        self.wiring.nodes[at].sizes(name)
    }

    /// Tells neighbours what is known, until nothing new is learnt.
    fn spread(&mut self) {
        let mut learnt = true;
        while learnt {
            learnt = false;
            for (source, target) in self.wiring.edges() {
                let (given, taken) = (&self.gives[source], &self.takes[target]);
                let (at, shape) = match (given, taken) {
                    (Some(given), None) => (target, given.clone()),
                    (None, Some(taken)) => (source, taken.clone()),
                    _ => continue,
                };
                self.learn(at, shape);
                learnt = true;
            }
        }
    }

    /// Gives every open node what `guess` says of it.
    fn believe(&mut self, guess: impl Fn(&Self, usize) -> Option<Vec<usize>>) {
        for at in 0..self.wiring.len() {
            if self.takes[at].is_none()
                && let Some(shape) = guess(self, at)
            {
                self.learn(at, shape);
                self.spread();
            }
        }
    }

    /// A neighbour says that a node takes, or gives, this shape.
    fn learn(&mut self, at: usize, shape: Vec<usize>) {
        let class = self.wiring.class(at);
        let shape = match self.claim(at) {
            Some(claim) if matches!(class, Class::Input | Class::Output | Class::Flatten) => self.trim(at, claim, shape),
            _ => shape,
        };
        let flat = || vec![product(&shape).unwrap_or(usize::MAX)];
        self.gives[at] = Some(if class == Class::Flatten { flat() } else { shape.clone() });
        self.takes[at] = Some(shape);
    }

    /// The part of a claimed shape that a neighbour agrees with.
    fn trim(&mut self, at: usize, claim: Vec<usize>, neighbour: Vec<usize>) -> Vec<usize> {
        let size = product(&neighbour);
        let fits = |from: &usize| product(&claim[*from..]) == size;
        let from = if claim.ends_with(&neighbour) { Some(claim.len() - neighbour.len()) } else { (0..claim.len()).find(fits) };
        let name = quoted(self.wiring.names[at]);
        match from {
            Some(0) => claim,
            Some(from) => {
                let kept = claim[from..].to_vec();
                self.notes.push(format!(
                    "{name} says {claim:?}, of which its neighbours take {kept:?}: the rest is taken for batch and time"
                ));
                kept
            }
            None => {
                let message = format!("{name} says {claim:?}, but its neighbour has {neighbour:?}");
                self.complaints.push(Diagnostic::at(super::check::place(self.wiring.names[at], ""), message));
                neighbour
            }
        }
    }

    /// Both ends of an edge have one size.
    fn compare(&mut self) {
        for (source, target) in self.wiring.edges() {
            let (Some(given), Some(taken)) = (&self.gives[source], &self.takes[target]) else { continue };
            if product(given) != product(taken) {
                let [source, target] = [source, target].map(|at| quoted(self.wiring.names[at]));
                let message =
                    format!("edge {source} -> {target}: {source} gives {}, {target} takes {}", values(given), values(taken));
                self.complaints.push(Diagnostic::at("/node/edges", message));
            }
        }
    }
}

fn values(shape: &[usize]) -> String {
    match shape {
        [n] => format!("{n} values"),
        _ => format!("{} values (shape {shape:?})", product(shape).unwrap_or(usize::MAX)),
    }
}

/// True where every parameter of a node's neurons is a single number.
pub(super) fn single_values(node: &super::NirNode) -> bool {
    let each = node.kind.primitive().datasets.iter().filter(|spec| matches!(spec.rule, Rule::Each(_)));
    each.filter_map(|spec| node.array(spec.name)).all(|array| array.len() == 1)
}
