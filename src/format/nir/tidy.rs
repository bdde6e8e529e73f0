//! Graphs as nir 1.0.8 itself would write them, whatever their exporter left in them.

use super::check::{ROOT, product, within};
use super::inline::Flat;
use super::shapes::{Ports, infer};
use super::window::dimensions;
use super::wiring::Wiring;
use super::{Class, NirArray, NirGraph, NirNode, Numbers, Rule, check};
use crate::diagnostic::Diagnostics;
use std::collections::{BTreeMap, BTreeSet};

/// One value for all neurons is not spread over more than these.
const MAX_SPREAD: usize = 1 << 24;

/// The same graph in the layout of nir 1.0.8, whose `nir.read` is strict.
///
/// Batch and time leave the shapes; parameters get one value per neuron, `v_reset` and `w_in` included; convolutions get their
/// `input_shape`; numbers for two dimensions are two; an edge given twice is given once. What the graph computes stays the same.
///
/// Of a graph that makes no network, only the edges are put in order, and a note says why.
#[must_use]
pub fn tidy(mut graph: NirGraph) -> NirGraph {
    graph.version = None;
    once(&mut graph);
    let mut notes = Vec::new();
    match ports(&graph, &mut notes) {
        Ok(ports) => nodes(&mut graph, ROOT, &ports),
        Err(complaints) => {
            let first = complaints.iter().next().map(|complaint| complaint.message.clone()).unwrap_or_default();
            notes.push(format!("shapes are left as they are: {first}"));
        }
    }
    graph.notes.extend(notes);
    graph
}

/// Gives each edge once.
fn once(graph: &mut NirGraph) {
    let mut seen = BTreeSet::new();
    graph.edges.retain(|edge| seen.insert(edge.clone()));
    for inner in graph.nodes.values_mut().filter_map(|node| node.graph.as_mut()) {
        once(inner);
    }
}

/// What each node takes and gives, by its place in the file; a `Flatten` also whether its targets take one row.
fn ports(graph: &NirGraph, notes: &mut Vec<String>) -> Result<BTreeMap<String, (Ports, bool)>, Diagnostics> {
    check::graph(graph).or(())?;
    let flat = Flat::of(graph);
    let wiring = Wiring::new(&flat, &mut Vec::new())?;
    let ports = infer(&wiring, notes)?;
    let row = |at: usize| !wiring.targets[at].is_empty() && wiring.targets[at].iter().all(|to| ports[*to].takes.len() == 1);
    Ok((0..wiring.len()).map(|at| (wiring.place(at, ""), (ports[at].clone(), row(at)))).collect())
}

fn nodes(graph: &mut NirGraph, group: &str, ports: &BTreeMap<String, (Ports, bool)>) {
    for (name, node) in &mut graph.nodes {
        let at = within(group, name, "");
        match (&mut node.graph, ports.get(&at)) {
            (Some(inner), _) => nodes(inner, &at, ports),
            (None, Some((ports, row))) => self::node(node, ports, *row),
            (None, None) => {}
        }
    }
}

fn node(node: &mut NirNode, ports: &Ports, row: bool) {
    match node.kind.class() {
        Class::Input | Class::Output => set(node, "shape", vector(&ports.gives)),
        Class::Flatten => {
            set(node, "input_type", vector(&ports.takes));
            let whole =
                |name: &str, default: i64| node.array(name).and_then(|array| array.whole()?.first().copied()).unwrap_or(default);
            let dims = if row && ports.gives.len() != 1 { [0, -1] } else { [whole("start_dim", 1), whole("end_dim", -1)] };
            set(node, "start_dim", number(dims[0]));
            set(node, "end_dim", number(dims[1]));
        }
        Class::Matrix => {
            let leading = ports.takes.len().saturating_sub(1);
            if let Some(weight) = node.arrays.get_mut("weight")
                && let [.., rows, columns] = weight.shape[..]
            {
                weight.shape = [&ports.takes[..leading], &[rows, columns]].concat();
            }
            spread(node, "bias", &ports.gives);
        }
        Class::Convolution => {
            let space = ports.takes.get(1..).unwrap_or_default();
            set(node, "input_shape", if space.len() == 1 { number(space[0] as i64) } else { vector(space) });
            spread(node, "bias", ports.gives.get(..1).unwrap_or_default());
            counts(node);
        }
        Class::Pool => counts(node),
        Class::Scale | Class::Delay | Class::Neuron(_) => {
            let double = node.arrays.values().any(|array| !matches!(array.numbers, Numbers::F32(_)));
            for spec in node.kind.primitive().datasets.iter().filter(|spec| matches!(spec.rule, Rule::Each(_))) {
                if !node.arrays.contains_key(spec.name) {
                    // What old files lack: a weight of the input of 1, a reset to 0.
                    let value = if spec.name == "w_in" { 1.0 } else { 0.0 };
                    let numbers = if double { Numbers::F64(vec![value]) } else { Numbers::F32(vec![value as f32]) };
                    set(node, spec.name, NirArray::new([1], numbers));
                }
                spread(node, spec.name, &ports.gives);
            }
        }
        Class::Graph => {}
    }
}

fn set(node: &mut NirNode, name: &str, array: NirArray) {
    node.arrays.insert(name.to_owned(), array);
}

fn number(value: i64) -> NirArray {
    NirArray::new([], vec![value])
}

fn vector(sizes: &[usize]) -> NirArray {
    NirArray::vector(sizes.iter().map(|n| *n as i64).collect::<Vec<_>>())
}

/// One number for each dimension of space; of one dimension, a number without shape.
fn counts(node: &mut NirNode) {
    let Some(dimensions) = dimensions(node.kind) else { return };
    for spec in node.kind.primitive().datasets {
        let Some(array) = node.arrays.get_mut(spec.name) else { continue };
        match spec.rule {
            Rule::Counts(1) | Rule::PaddingOrWord(1) => array.shape.clear(),
            Rule::Counts(_) | Rule::Padding(_) | Rule::PaddingOrWord(_) if array.len() == 1 => repeat(array, &[dimensions]),
            _ => {}
        }
    }
}

/// Gives a parameter this shape, where its values fill it or are one for all, or one for each of the last dimension.
fn spread(node: &mut NirNode, name: &str, shape: &[usize]) {
    let Some(array) = node.arrays.get_mut(name) else { return };
    let Some(values) = product(shape).filter(|values| *values <= MAX_SPREAD || *values == array.len()) else { return };
    if !array.is_empty()
        && values.is_multiple_of(array.len())
        && (array.len() == 1 || values == array.len() || shape.last() == Some(&array.len()))
    {
        repeat(array, shape);
    }
}

fn repeat(array: &mut NirArray, shape: &[usize]) {
    let values = product(shape).unwrap_or_default();
    match &mut array.numbers {
        Numbers::F32(all) => fill(all, values),
        Numbers::F64(all) => fill(all, values),
        Numbers::I64(all) => fill(all, values),
    }
    array.shape = shape.to_vec();
}

fn fill<T: Copy>(all: &mut Vec<T>, values: usize) {
    let given = all.len();
    all.reserve(values.saturating_sub(given));
    for at in given..values {
        all.push(all[at % given]);
    }
}
