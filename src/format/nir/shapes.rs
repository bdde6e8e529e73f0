//! What shapes nodes take and give.
//!
//! Weights and the parameters of neurons fix shapes; where every parameter is a single number, the neighbours do. A convolution or a
//! pool gives what follows from what it takes, and takes what the file or its source says. `Input`, `Output` and `Flatten` only claim
//! theirs, since exporters leave batch and time in it: of `[1, 100, 16]` before a node that takes 16 values, the leading dimensions
//! are dropped with a note.

use super::check::product;
use super::window::{Window, channels, dimensions};
use super::wiring::Wiring;
use super::{Class, NirNode, Rule};
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
/// Nodes that are joined by an edge differ in size, or a window is larger than what it moves over.
pub(super) fn infer(wiring: &Wiring<'_>, notes: &mut Vec<String>) -> Result<Vec<Ports>> {
    let mut shapes = Shapes {
        wiring,
        takes: vec![None; wiring.len()],
        gives: vec![None; wiring.len()],
        notes: Vec::new(),
        complaints: Diagnostics::new(),
    };
    shapes.fix();
    shapes.spread(false);
    // What is still open takes what is claimed, the input's claim first; what nobody claims is a single value.
    for class in [Class::Input, Class::Flatten, Class::Output] {
        shapes.believe(class != Class::Input, |shapes, at| if wiring.class(at) == class { shapes.claim(at) } else { None });
    }
    shapes.spread(true);
    if shapes.complaints.is_empty() {
        shapes.believe(true, |shapes, at| dimensions(shapes.wiring.nodes[at].kind).is_none().then(|| vec![1]));
    }
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
                    if let [leading @ .., rows, columns] = &weight.shape[..] {
                        let several = if product(leading) == Some(1) { &[][..] } else { leading };
                        self.takes[at] = Some([several, &[*columns]].concat());
                        self.gives[at] = Some([several, &[*rows]].concat());
                    }
                }
                (Class::Convolution, _) => {
                    if let (Some(mut space), Some([inputs, ..])) = (node.sizes("input_shape"), channels(node)) {
                        space.resize(dimensions(node.kind).unwrap_or(space.len()), space[0]);
                        self.through(at, [&[inputs], &space[..]].concat());
                    }
                }
                (Class::Neuron(_) | Class::Scale | Class::Delay, _) => {
                    let each = node.kind.primitive().datasets.iter().filter(|spec| matches!(spec.rule, Rule::Each(_)));
                    let array = each.filter_map(|spec| node.array(spec.name)).find(|array| array.len() > 1);
                    let shape = array.map(|array| self.unbatched(at, &array.shape));
                    self.takes[at].clone_from(&shape);
                    self.gives[at] = shape;
                }
                _ => {}
            }
        }
    }

    /// A shape of parameters without the leading ones that early exporters left for batch, where a neighbour has fewer dimensions.
    fn unbatched(&mut self, at: usize, shape: &[usize]) -> Vec<usize> {
        let neighbours = self.wiring.sources[at].iter().chain(&self.wiring.targets[at]);
        let rank = neighbours.filter_map(|other| rank(self.wiring.nodes[*other])).next().unwrap_or(shape.len());
        let (rest, kept) = shape.split_at(shape.len().saturating_sub(rank));
        if rest.is_empty() || rest.iter().any(|n| *n != 1) {
            return shape.to_vec();
        }
        self.drop_note(at, shape, kept);
        kept.to_vec()
    }

    /// What a node claims without being sure.
    fn claim(&self, at: usize) -> Option<Vec<usize>> {
        let name = if self.wiring.class(at) == Class::Flatten { "input_type" } else { "shape" };
        self.wiring.nodes[at].sizes(name)
    }

    /// Tells neighbours what is known, until nothing new is learnt. That what comes out of a `Flatten` went in as it is, is believed
    /// only at last.
    fn spread(&mut self, at_last: bool) {
        let mut learnt = true;
        while learnt {
            learnt = false;
            for (source, target) in self.wiring.edges() {
                let (given, taken) = (&self.gives[source], &self.takes[target]);
                let (at, shape) = match (given, taken) {
                    (Some(given), None) => (target, given.clone()),
                    (None, Some(taken)) => match self.wiring.class(source) {
                        // What went in does not follow from what came out.
                        Class::Convolution | Class::Pool => continue,
                        Class::Flatten if !at_last => continue,
                        _ => (source, taken.clone()),
                    },
                    _ => continue,
                };
                self.learn(at, shape, at == target);
                learnt = true;
            }
        }
    }

    /// Gives every open node what `guess` says of it.
    fn believe(&mut self, at_last: bool, guess: impl Fn(&Self, usize) -> Option<Vec<usize>>) {
        for at in 0..self.wiring.len() {
            if self.takes[at].is_none()
                && let Some(mut shape) = guess(self, at)
            {
                // A window tells how many dimensions it takes, though not which.
                let ranks = self.wiring.targets[at].iter().filter(|to| dimensions(self.wiring.nodes[**to].kind).is_some());
                if let Some(rank) = ranks.filter_map(|to| rank(self.wiring.nodes[*to])).next().filter(|rank| *rank < shape.len())
                {
                    let kept = shape.split_off(shape.len() - rank);
                    let claim = [shape, kept.clone()].concat();
                    self.drop_note(at, &claim, &kept);
                    (self.takes[at], self.gives[at]) = (Some(kept.clone()), Some(kept));
                } else {
                    self.learn(at, shape, true);
                }
                self.spread(at_last);
            }
        }
    }

    /// A neighbour says that a node takes this shape, or gives it.
    fn learn(&mut self, at: usize, shape: Vec<usize>, forward: bool) {
        let class = self.wiring.class(at);
        let shape = match self.claim(at) {
            Some(claim) if matches!(class, Class::Input | Class::Output) => self.trim(at, claim, shape),
            Some(claim) if class == Class::Flatten => {
                let kept = self.trim(at, claim, shape.clone());
                if forward { shape } else { kept }
            }
            _ => shape,
        };
        match class {
            Class::Convolution | Class::Pool => {
                let rank = rank(self.wiring.nodes[at]).unwrap_or(shape.len());
                let (rest, kept) = shape.split_at(shape.len().saturating_sub(rank));
                let kept = if rest.iter().all(|n| *n == 1) { kept.to_vec() } else { shape };
                self.through(at, kept);
            }
            Class::Flatten => {
                self.gives[at] = Some(self.flattened(at, &shape));
                self.takes[at] = Some(shape);
            }
            _ => {
                self.gives[at] = Some(shape.clone());
                self.takes[at] = Some(shape);
            }
        }
    }

    /// What a convolution or a pool gives for what it takes.
    fn through(&mut self, at: usize, takes: Vec<usize>) {
        let node = self.wiring.nodes[at];
        let Some(window) = Window::of(node) else {
            self.takes[at] = Some(takes);
            return;
        };
        let wrong = match &takes[..] {
            [inputs, space @ ..] if space.len() == window.kernel.len() => match (channels(node), window.output(space)) {
                (Some([expected, ..]), _) if expected != *inputs => {
                    Some(format!("takes {expected} channels (`weight` and `groups`), but is given {inputs} (shape {takes:?})"))
                }
                (_, Err(wrong)) => Some(wrong),
                (channels, Ok(space)) => {
                    let gives = [&[channels.map_or(*inputs, |[_, outputs, _]| outputs)], &space[..]].concat();
                    if product(&gives).is_some_and(|n| n <= super::check::MAX_VALUES) {
                        self.gives[at] = Some(gives);
                        None
                    } else {
                        Some(format!("gives the shape {gives:?}; at most {} values can be held", super::check::MAX_VALUES))
                    }
                }
            },
            _ => {
                let words = ["length", "rows × columns"][window.kernel.len().clamp(1, 2) - 1];
                Some(format!("takes channels × {words}, but is given the shape {takes:?}"))
            }
        };
        if let Some(wrong) = wrong {
            let shown = format!("{} {wrong}", quoted(self.wiring.names[at]));
            self.complaints.push(Diagnostic::at(self.wiring.place(at, ""), shown));
        }
        self.takes[at] = Some(takes);
    }

    /// The shape that a `Flatten` makes of another. Its dimensions are those of a tensor without batch; a negative one counts from the end.
    fn flattened(&mut self, at: usize, shape: &[usize]) -> Vec<usize> {
        let node = self.wiring.nodes[at];
        let (rank, last) = (shape.len() as i64, shape.len().saturating_sub(1));
        let mut dimension = |name: &str, default: i64| {
            let given = node.array(name).and_then(|array| array.whole()?.first().copied()).unwrap_or(default);
            // One too many is a batch's dimension that was counted.
            if !(-rank - 1..=rank).contains(&given) {
                let message = format!("is {given}, but {} is given the shape {shape:?}", quoted(self.wiring.names[at]));
                self.complaints.push(Diagnostic::at(self.wiring.place(at, name), message));
            }
            let from_start = if given < 0 { given.saturating_add(rank) } else { given };
            usize::try_from(from_start).unwrap_or(0).min(last)
        };
        let (start, end) = (dimension("start_dim", 1), dimension("end_dim", -1));
        if shape.is_empty() || start >= end {
            return shape.to_vec();
        }
        let middle = product(&shape[start..=end]).unwrap_or(usize::MAX);
        [&shape[..start], &[middle], &shape[end + 1..]].concat()
    }

    /// The part of a claimed shape that a neighbour agrees with.
    fn trim(&mut self, at: usize, claim: Vec<usize>, neighbour: Vec<usize>) -> Vec<usize> {
        let size = product(&neighbour);
        let fits = |from: &usize| product(&claim[*from..]) == size;
        let from = if claim.ends_with(&neighbour) { Some(claim.len() - neighbour.len()) } else { (0..claim.len()).find(fits) };
        match from {
            Some(0) => claim,
            Some(from) => {
                let kept = claim[from..].to_vec();
                self.drop_note(at, &claim, &kept);
                kept
            }
            None => {
                let name = quoted(self.wiring.names[at]);
                let message = format!("{name} says {claim:?}, but its neighbour has {neighbour:?}");
                self.complaints.push(Diagnostic::at(self.wiring.place(at, ""), message));
                neighbour
            }
        }
    }

    fn drop_note(&mut self, at: usize, claim: &[usize], kept: &[usize]) {
        self.notes.push(format!(
            "{} says {claim:?}, of which its neighbours take {kept:?}: the rest is taken for batch and time",
            quoted(self.wiring.names[at])
        ));
    }

    /// Both ends of an edge have one size, and one shape where both have more than a row.
    fn compare(&mut self) {
        for at in 0..self.wiring.len() {
            if self.takes[at].is_none() && self.complaints.is_empty() {
                let message = format!(
                    "{} has no `input_shape`, and nothing that feeds it says how large its input is",
                    quoted(self.wiring.names[at])
                );
                self.complaints.push(Diagnostic::at(self.wiring.place(at, ""), message));
            }
        }
        for (source, target) in self.wiring.edges() {
            let (Some(given), Some(taken)) = (&self.gives[source], &self.takes[target]) else { continue };
            let [from, into] = [given, taken].map(|shape| without_ones(shape));
            if product(given) != product(taken) || (from.len() > 1 && into.len() > 1 && from != into) {
                let shown =
                    if product(given) == product(taken) { |shape: &[usize]| format!("the shape {shape:?}") } else { values };
                let (given, taken) = (shown(given), shown(taken));
                let [source, target] = [source, target].map(|at| quoted(self.wiring.names[at]));
                let message = format!("edge {source} -> {target}: {source} gives {given}, {target} takes {taken}");
                self.complaints.push(Diagnostic::at("/node/edges", message));
            }
        }
    }
}

/// How many dimensions a node takes, and gives, where its kind says so.
fn rank(node: &NirNode) -> Option<usize> {
    match node.kind.class() {
        Class::Matrix => {
            let leading = node.array("weight")?.shape.split_last_chunk::<2>()?.0;
            Some(if product(leading) == Some(1) { 1 } else { leading.len() + 1 })
        }
        _ => Some(dimensions(node.kind)? + 1),
    }
}

/// Dimensions of size 1 change no order.
fn without_ones(shape: &[usize]) -> Vec<usize> {
    shape.iter().copied().filter(|n| *n != 1).collect()
}

fn values(shape: &[usize]) -> String {
    match shape {
        [n] => format!("{n} values"),
        _ => format!("{} values (shape {shape:?})", product(shape).unwrap_or(usize::MAX)),
    }
}

/// True where every parameter of a node's neurons is a single number.
pub(super) fn single_values(node: &NirNode) -> bool {
    let each = node.kind.primitive().datasets.iter().filter(|spec| matches!(spec.rule, Rule::Each(_)));
    each.filter_map(|spec| node.array(spec.name)).all(|array| array.len() == 1)
}
