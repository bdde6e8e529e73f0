//! Graphs within graphs, laid out flat.

use super::check::{ROOT, within};
use super::ports::{End, Side, find};
use super::{Kind, NirArray, NirGraph, NirNode};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A graph without graphs in it.
#[derive(Debug)]
pub(super) struct Flat<'a> {
    /// The graph: the file's own where it is flat already.
    pub(super) graph: Cow<'a, NirGraph>,
    /// Where nodes stand in the file, by their name here, where that is not the outermost graph.
    pub(super) places: BTreeMap<String, String>,
}

impl<'a> Flat<'a> {
    /// Lays out a graph that [`super::check::graph`] finds sound.
    ///
    /// Node B of graph G becomes `G.B`, or `G.B#2` where that name is taken. `Input` and `Output` of an inner graph are names only: each becomes
    /// a `Flatten` of a single dimension, which changes nothing.
    pub(super) fn of(graph: &'a NirGraph) -> Self {
        if graph.nodes.values().all(|node| node.graph.is_none()) {
            return Self { graph: Cow::Borrowed(graph), places: BTreeMap::new() };
        }
        let outer = NirGraph { nodes: BTreeMap::new(), edges: Vec::new(), ..head(graph) };
        let mut flat = Laying { graph: outer, places: BTreeMap::new() };
        flat.lay(graph, "", ROOT);
        Self { graph: Cow::Owned(flat.graph), places: flat.places }
    }
}

/// A graph's words about itself.
fn head(graph: &NirGraph) -> NirGraph {
    NirGraph {
        version: graph.version.clone(),
        metadata: graph.metadata.clone(),
        notes: graph.notes.clone(),
        ..NirGraph::default()
    }
}

struct Laying {
    graph: NirGraph,
    places: BTreeMap<String, String>,
}

impl Laying {
    /// Lays out one graph and gives the new names of its nodes, its own ports under themselves.
    fn lay(&mut self, graph: &NirGraph, prefix: &str, group: &str) -> BTreeMap<String, String> {
        let outermost = prefix.is_empty();
        let mut names = BTreeMap::new();
        // Plain nodes first: of names that meet, the outer one stays.
        for (name, node) in graph.nodes.iter().filter(|(_, node)| node.graph.is_none()) {
            let flat = super::projections::unique(format!("{prefix}{name}"), |other| self.graph.nodes.contains_key(other));
            let is_port = !outermost && matches!(node.kind, Kind::Input | Kind::Output);
            self.graph.nodes.insert(flat.clone(), if is_port { port() } else { node.clone() });
            if !outermost {
                self.places.insert(flat.clone(), within(group, name, ""));
            }
            names.insert(name.clone(), flat);
        }
        let mut ports: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
        for (name, node) in &graph.nodes {
            if let Some(inner) = &node.graph {
                ports.insert(name, self.lay(inner, &format!("{prefix}{name}."), &within(group, name, "")));
            }
        }
        let flat = |(node, port): End<'_>| match port {
            Some(port) => ports.get(node)?.get(port).cloned(),
            None => names.get(node).cloned(),
        };
        for (source, target) in &graph.edges {
            let ends = [(source, Side::Source), (target, Side::Target)];
            if let [Some(source), Some(target)] = ends.map(|(end, side)| find(&graph.nodes, end, side).ok().and_then(flat)) {
                self.graph.edges.push((source, target));
            }
        }
        names
    }
}

/// What passes on what it gets, shape and all.
fn port() -> NirNode {
    let zero = || NirArray::new([], vec![0i64]);
    NirNode::new(Kind::Flatten).with("start_dim", zero()).with("end_dim", zero())
}
