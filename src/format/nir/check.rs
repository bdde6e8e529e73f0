//! Whether the parts of a graph make sense one by one: what both reading and writing ask for.

use super::ports::{Side, find};
use super::rules::array_complaint;
use super::{Class, Kind, NirArray, NirGraph, NirNode, Rule, window};
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use std::collections::BTreeSet;

/// The most nodes of a graph, those of the graphs within included. The largest known have a few hundred.
pub(super) const MAX_NODES: usize = 10_000;

/// The most edges, counted likewise.
pub(super) const MAX_EDGES: usize = 20_000;

/// The most values that one node may take or give.
pub(super) const MAX_VALUES: usize = 1 << 27;

/// The most graphs within one another.
pub(super) const MAX_NESTING: usize = 64;

/// The group of the outermost graph.
pub(super) const ROOT: &str = "/node";

/// The place of a node of the outermost graph, or of one of its datasets.
pub(super) fn place(node: &str, dataset: &str) -> String {
    within(ROOT, node, dataset)
}

/// The place of a node of the graph at `group`, or of one of its datasets.
pub(super) fn within(group: &str, node: &str, dataset: &str) -> String {
    if dataset.is_empty() { format!("{group}/nodes/{node}") } else { format!("{group}/nodes/{node}/{dataset}") }
}

/// The number of values of a shape, where it can be counted.
pub(super) fn product(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1usize, |product, &n| product.checked_mul(n))
}

/// Everything wrong with a graph's parts.
pub(super) fn graph(graph: &NirGraph) -> Diagnostics {
    let mut complaints = Diagnostics::new();
    let mut left = Left::default();
    graph_at(ROOT, graph, 0, &mut left, &mut complaints);
    ends(graph.nodes.values().map(|node| node.kind), &mut complaints);
    complaints
}

/// How many nodes and edges there may still be.
pub(super) struct Left {
    nodes: usize,
    edges: usize,
}

impl Default for Left {
    fn default() -> Self {
        Self { nodes: MAX_NODES, edges: MAX_EDGES }
    }
}

impl Left {
    /// Takes so many nodes of the graph at `group`; false with a complaint where there are too many.
    pub(super) fn nodes(&mut self, group: &str, found: usize, complaints: &mut Diagnostics) -> bool {
        let message = || format!("holds {found} nodes; at most {MAX_NODES} can be read, in all graphs of a file together");
        take(&mut self.nodes, found, &format!("{group}/nodes"), message, complaints)
    }

    /// Takes so many edges.
    pub(super) fn edges(&mut self, group: &str, found: usize, complaints: &mut Diagnostics) -> bool {
        let message = || format!("holds {found} edges; at most {MAX_EDGES} can be read, in all graphs of a file together");
        take(&mut self.edges, found, &format!("{group}/edges"), message, complaints)
    }
}

fn take(left: &mut usize, found: usize, at: &str, message: impl Fn() -> String, complaints: &mut Diagnostics) -> bool {
    let enough = found <= *left;
    if enough {
        *left -= found;
    } else {
        complaints.push(Diagnostic::at(at, message()));
    }
    enough
}

/// A complaint about a graph that lies too deep.
pub(super) fn too_deep(at: &str) -> Diagnostic {
    Diagnostic::at(at, format!("is a graph within {MAX_NESTING} others; no more can be read"))
}

fn graph_at(group: &str, graph: &NirGraph, depth: usize, left: &mut Left, complaints: &mut Diagnostics) {
    if depth > MAX_NESTING {
        complaints.push(too_deep(group));
        return;
    }
    if !left.nodes(group, graph.nodes.len(), complaints) || !left.edges(group, graph.edges.len(), complaints) {
        return;
    }
    for (name, node) in &graph.nodes {
        if name.is_empty() || name == "." || name.contains(['/', '\0']) {
            complaints.push(Diagnostic::at(format!("{group}/nodes"), format!("{} cannot be the name of a node", quoted(name))));
        }
        let at = within(group, name, "");
        self::node(&at, node, complaints);
        if let Some(inner) = &node.graph {
            if inner.version.is_some() || !inner.notes.is_empty() {
                complaints.push(Diagnostic::at(&at, "is a graph within another, and has no version and no notes of its own"));
            }
            graph_at(&at, inner, depth + 1, left, complaints);
        }
    }
    edges(group, &graph.nodes.keys().map(String::as_str).collect(), graph, complaints);
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

/// Everything wrong with the edges between the nodes of these names, of which the graph may lack some that could not be read.
pub(super) fn edges(group: &str, names: &BTreeSet<&str>, graph: &NirGraph, complaints: &mut Diagnostics) {
    // Each once, however often the file has it.
    for (source, target) in graph.edges.iter().collect::<BTreeSet<_>>() {
        for (end, side) in BTreeSet::from([(source, Side::Source), (target, Side::Target)]) {
            if names.contains(end.as_str()) && !graph.nodes.contains_key(end) {
                continue;
            }
            let Err(wrong) = find(&graph.nodes, end, side) else { continue };
            let message = format!("edge {} -> {}: {wrong}", quoted(source), quoted(target));
            let mut complaint = Diagnostic::at(format!("{group}/edges"), message);
            let parts: Vec<_> = names.iter().filter(|n| n.starts_with(&format!("{end}."))).map(|n| quoted(n)).collect();
            if !names.contains(end.as_str()) && !parts.is_empty() {
                complaint = complaint.help(format!(
                    "the file has {}: an early exporter took a layer apart and left this edge behind; export it again",
                    parts.join(", ")
                ));
            }
            complaints.push(complaint);
            if source == target {
                break;
            }
        }
    }
}

/// Everything wrong with a node, the graph within it aside.
pub(super) fn node(at: &str, node: &NirNode, complaints: &mut Diagnostics) {
    let primitive = node.kind.primitive();
    let place = |dataset: &str| format!("{at}/{dataset}");
    let mut sound = true;
    for spec in primitive.datasets {
        match (node.array(spec.name), node.words.get(spec.name)) {
            (Some(array), None) => {
                if let Some(message) = array_complaint(spec, array) {
                    complaints.push(Diagnostic::at(place(spec.name), message));
                    sound = false;
                }
            }
            (None, Some(word)) => {
                if !matches!(spec.rule, Rule::PaddingOrWord(_)) || !["same", "valid"].contains(&word.as_str()) {
                    let expected =
                        if matches!(spec.rule, Rule::PaddingOrWord(_)) { "numbers, `same` or `valid`" } else { "numbers" };
                    complaints.push(Diagnostic::at(place(spec.name), format!("expected {expected}, found {}", quoted(word))));
                    sound = false;
                }
            }
            (Some(_), Some(_)) => {
                complaints.push(Diagnostic::at(place(spec.name), "is both a word and numbers"));
                sound = false;
            }
            (None, None) if spec.required => {
                complaints.push(Diagnostic::at(at, format!("is a {}, but has no dataset `{}`", primitive.name, spec.name)));
                sound = false;
            }
            (None, None) => {}
        }
    }
    for other in
        node.arrays.keys().chain(node.words.keys()).filter(|key| primitive.datasets.iter().all(|spec| spec.name != **key))
    {
        complaints.push(Diagnostic::at(place(other), format!("a {} has no such dataset", primitive.name)));
    }
    if node.graph.is_some() != (node.kind == Kind::NIRGraph) {
        let message = if node.graph.is_some() { "has a graph within it, but is none" } else { "is a graph, but has no nodes" };
        complaints.push(Diagnostic::at(at, message));
    }
    if node.graph.is_some() && !node.metadata.is_empty() {
        complaints.push(Diagnostic::at(at, "is a graph: its remarks stand in the graph itself"));
    }
    if sound {
        match primitive.class {
            Class::Matrix => bias(at, node, complaints),
            Class::Convolution => {
                convolution(at, node, complaints);
                bias(at, node, complaints);
            }
            Class::Pool | Class::Graph => {}
            _ => common_shape(at, node, complaints),
        }
    }
}

/// Groups share the channels, and "same" means something.
fn convolution(at: &str, node: &NirNode, complaints: &mut Diagnostics) {
    let Some([_, outputs, groups]) = window::channels(node) else { return };
    if !outputs.is_multiple_of(groups) {
        let message = format!("{groups} groups do not divide the {outputs} outputs of `weight`");
        complaints.push(Diagnostic::at(format!("{at}/groups"), message));
    }
    let strides = node.sizes("stride").unwrap_or_default();
    if node.words.get("padding").is_some_and(|word| word == "same") && strides.iter().any(|n| *n != 1) {
        let message = format!("`same` has no meaning with a stride of {strides:?}");
        complaints.push(Diagnostic::at(format!("{at}/padding"), message).help("give the border in numbers"));
    }
}

/// One bias per output, or one for all.
fn bias(at: &str, node: &NirNode, complaints: &mut Diagnostics) {
    let (Some(weight), Some(bias)) = (node.array("weight"), node.array("bias")) else { return };
    let rows = match (node.kind.class(), &weight.shape[..]) {
        (Class::Matrix, [.., rows, _]) | (_, [rows, ..]) => *rows,
        _ => return,
    };
    // Of several matrices, each has its own or all have the same.
    let all = weight.shape[..weight.shape.len() - 2].iter().product::<usize>() * rows;
    let several = node.kind.class() == Class::Matrix && bias.len() == all;
    if bias.len() != rows && bias.len() != 1 && !several {
        let message =
            format!("expected {rows} values, one per output of `weight` ({:?}); found the shape {:?}", weight.shape, bias.shape);
        complaints.push(Diagnostic::at(format!("{at}/bias"), message));
    }
}

/// Parameters of neurons have one shape; single values hold for all neurons.
fn common_shape(at: &str, node: &NirNode, complaints: &mut Diagnostics) {
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
                complaints.push(Diagnostic::at(format!("{at}/{}", spec.name), message));
            }
            Some(_) => {}
            None => first = Some((spec.name, array)),
        }
        if array.len() > MAX_VALUES {
            complaints.push(Diagnostic::at(format!("{at}/{}", spec.name), format!("has more than {MAX_VALUES} values")));
        }
    }
}
