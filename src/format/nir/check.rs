//! Whether the parts of a graph make sense one by one: what both reading and writing ask for.

use super::{Class, DatasetSpec, Kind, NirArray, NirGraph, NirNode, Rule};
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use std::collections::BTreeSet;

/// The most nodes of a graph. The largest known have a few hundred.
pub(super) const MAX_NODES: usize = 10_000;

/// The most edges of a graph.
pub(super) const MAX_EDGES: usize = 20_000;

/// The most values that one node may take or give.
pub(super) const MAX_VALUES: usize = 1 << 27;

/// The most dimensions of an array: HDF5's limit.
const MAX_RANK: usize = 32;

/// The place of a node, or of one of its datasets.
pub(super) fn place(node: &str, dataset: &str) -> String {
    if dataset.is_empty() { format!("/node/nodes/{node}") } else { format!("/node/nodes/{node}/{dataset}") }
}

/// The number of values of a shape, where it can be counted.
pub(super) fn product(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1usize, |product, &n| product.checked_mul(n))
}

/// Everything wrong with a graph's parts.
pub(super) fn graph(graph: &NirGraph) -> Diagnostics {
    let mut complaints = Diagnostics::new();
    if graph.nodes.len() > MAX_NODES {
        complaints.push(too_many_nodes(graph.nodes.len()));
        return complaints;
    }
    for (name, node) in &graph.nodes {
        if name.is_empty() || name == "." || name.contains(['/', '\0']) {
            complaints.push(Diagnostic::at("/node/nodes", format!("{} cannot be the name of a node", quoted(name))));
        }
        self::node(name, node, &mut complaints);
    }
    edges(&graph.nodes.keys().map(String::as_str).collect(), &graph.edges, &mut complaints);
    ends(graph.nodes.values().map(|node| node.kind), &mut complaints);
    complaints
}

/// A complaint about the number of nodes.
pub(super) fn too_many_nodes(found: usize) -> Diagnostic {
    Diagnostic::at("/node/nodes", format!("holds {found} nodes; at most {MAX_NODES} can be read"))
}

/// A graph takes something in and gives something.
pub(super) fn ends(kinds: impl Iterator<Item = Kind>, complaints: &mut Diagnostics) {
    let found: BTreeSet<Kind> = kinds.collect();
    for (kind, verb) in [(Kind::Input, "takes nothing in"), (Kind::Output, "gives nothing")] {
        if !found.contains(&kind) {
            let name = kind.primitive().name;
            complaints.push(
                Diagnostic::at("/node/nodes", format!("there is no {name} node: the graph {verb}"))
                    .help(format!("export the graph with its {name} node")),
            );
        }
    }
}

/// Everything wrong with the edges.
pub(super) fn edges(names: &BTreeSet<&str>, edges: &[(String, String)], complaints: &mut Diagnostics) {
    if edges.len() > MAX_EDGES {
        let message = format!("holds {} edges; at most {MAX_EDGES} can be read", edges.len());
        complaints.push(Diagnostic::at("/node/edges", message));
        return;
    }
    // Each once, however often the file has it.
    for (source, target) in edges.iter().collect::<BTreeSet<_>>() {
        for end in BTreeSet::from([source, target]) {
            if !names.contains(end.as_str()) {
                let message = format!("edge {} -> {}: there is no node {}", quoted(source), quoted(target), quoted(end));
                let parts: Vec<_> = names.iter().filter(|n| n.starts_with(&format!("{end}."))).map(|n| quoted(n)).collect();
                let mut complaint = Diagnostic::at("/node/edges", message);
                if !parts.is_empty() {
                    complaint = complaint.help(format!(
                        "the file has {}: an early exporter took a layer apart and left this edge behind; export it again",
                        parts.join(", ")
                    ));
                }
                complaints.push(complaint);
            }
        }
    }
}

/// Everything wrong with a node.
pub(super) fn node(name: &str, node: &NirNode, complaints: &mut Diagnostics) {
    let primitive = node.kind.primitive();
    let mut sound = true;
    for spec in primitive.datasets {
        match node.array(spec.name) {
            Some(array) => {
                if let Some(message) = array_complaint(spec, array) {
                    complaints.push(Diagnostic::at(place(name, spec.name), message));
                    sound = false;
                }
            }
            None if spec.required => {
                complaints.push(Diagnostic::at(
                    place(name, ""),
                    format!("is a {}, but has no dataset `{}`", primitive.name, spec.name),
                ));
                sound = false;
            }
            None => {}
        }
    }
    for other in node.arrays.keys().filter(|key| primitive.datasets.iter().all(|spec| spec.name != **key)) {
        complaints.push(Diagnostic::at(place(name, other), format!("a {} has no such dataset", primitive.name)));
    }
    if sound {
        match primitive.class {
            Class::Matrix => bias(name, node, complaints),
            _ => common_shape(name, node, complaints),
        }
    }
}

fn array_complaint(spec: &DatasetSpec, array: &NirArray) -> Option<String> {
    let shape = &array.shape;
    let len = array.len();
    if product(shape) != Some(len) {
        return Some(format!("the shape {shape:?} does not hold {len} values"));
    }
    if len == 0 {
        return Some(format!("is empty (shape {shape:?})"));
    }
    if shape.len() > MAX_RANK {
        return Some(format!("has {} dimensions; at most {MAX_RANK} are possible", shape.len()));
    }
    match spec.rule {
        Rule::Shape => shape_complaint(array),
        Rule::Whole if len == 1 && array.whole().is_some() => None,
        Rule::Whole => Some(format!("expected one whole number, found the shape {shape:?}")),
        Rule::Weight => weight_shape(shape).or_else(|| number_complaint(array, crate::neuron::Check::Finite)),
        Rule::Bias => number_complaint(array, crate::neuron::Check::Finite),
        Rule::Each(check) => number_complaint(array, check),
    }
}

/// What is wrong with sizes given as an array.
fn shape_complaint(array: &NirArray) -> Option<String> {
    let Some(sizes) = array.whole().filter(|sizes| array.shape.len() <= 1 && sizes.len() <= MAX_RANK) else {
        return Some(format!("expected a list of sizes, whole numbers; found the shape {:?}", array.shape));
    };
    if let Some(wrong) = sizes.iter().find(|n| **n <= 0) {
        return Some(format!("expected sizes above zero, found {wrong} in {sizes:?}"));
    }
    let total = sizes.iter().try_fold(1usize, |product, &n| product.checked_mul(usize::try_from(n).ok()?));
    match total {
        Some(total) if total <= MAX_VALUES => None,
        _ => Some(format!("claims the size {sizes:?}; at most {MAX_VALUES} values can be read")),
    }
}

fn weight_shape(shape: &[usize]) -> Option<String> {
    let [leading @ .., _, _] = shape else {
        return Some(format!("expected a matrix, outputs × inputs; found the shape {shape:?}"));
    };
    leading
        .iter()
        .any(|n| *n != 1)
        .then(|| format!("has the shape {shape:?}; several matrices in one node cannot be run by this version"))
}

fn number_complaint(array: &NirArray, check: crate::neuron::Check) -> Option<String> {
    let (at, value) = array.values().enumerate().find(|(_, value)| !check.allows(*value))?;
    let others = array.values().filter(|value| !check.allows(*value)).count() - 1;
    let others = if others == 0 { String::new() } else { format!(" and {others} more") };
    Some(format!("expected {}, found {value} at position {at}{others}", check.words()))
}

/// One bias per row, or one for all.
fn bias(name: &str, node: &NirNode, complaints: &mut Diagnostics) {
    let (Some(weight), Some(bias)) = (node.array("weight"), node.array("bias")) else { return };
    let rows = weight.shape[weight.shape.len() - 2];
    if bias.len() != rows && bias.len() != 1 {
        let message =
            format!("expected {rows} values, one per row of `weight` ({:?}); found the shape {:?}", weight.shape, bias.shape);
        complaints.push(Diagnostic::at(place(name, "bias"), message));
    }
}

/// Parameters of neurons have one shape; single values hold for all neurons.
fn common_shape(name: &str, node: &NirNode, complaints: &mut Diagnostics) {
    let each = node.kind.primitive().datasets.iter().filter(|spec| matches!(spec.rule, Rule::Each(_)));
    let mut first: Option<(&str, &NirArray)> = None;
    for spec in each {
        let Some(array) = node.array(spec.name).filter(|array| array.len() > 1) else { continue };
        match first {
            Some((other, with)) if with.len() != array.len() => {
                let message = format!(
                    "has the shape {:?}, but `{other}` has {:?}: expected one value per neuron, or one for all",
                    array.shape, with.shape
                );
                complaints.push(Diagnostic::at(place(name, spec.name), message));
            }
            Some(_) => {}
            None => first = Some((spec.name, array)),
        }
        if array.len() > MAX_VALUES {
            complaints.push(Diagnostic::at(place(name, spec.name), format!("has more than {MAX_VALUES} values")));
        }
    }
}
