//! A graph with its edges resolved: nodes by number, in the order of their names.

use super::inline::Flat;
use super::{Class, NirNode, check};
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use std::collections::{BTreeMap, BTreeSet};

/// Nodes and who feeds whom. Everything is in the order of names, since the order of a file's edges means nothing.
#[derive(Debug)]
pub(super) struct Wiring<'a> {
    /// Names, ascending.
    pub(super) names: Vec<&'a str>,
    /// Nodes.
    pub(super) nodes: Vec<&'a NirNode>,
    /// For each node, the nodes it feeds.
    pub(super) targets: Vec<Vec<usize>>,
    /// For each node, the nodes that feed it.
    pub(super) sources: Vec<Vec<usize>>,
    /// The node that takes samples.
    pub(super) input: usize,
    /// Where nodes of inner graphs stand in the file.
    places: &'a BTreeMap<String, String>,
}

impl<'a> Wiring<'a> {
    /// Resolves the edges of a graph that [`check::graph`] finds sound. An edge given twice counts once, with a note, as in the frameworks'
    /// importers.
    ///
    /// # Errors
    /// The graph has several inputs, an edge into an input or out of an output, or none where one must be.
    pub(super) fn new(flat: &'a Flat<'_>, notes: &mut Vec<String>) -> Result<Self> {
        let mut complaints = Diagnostics::new();
        let graph = &flat.graph;
        let names: Vec<&str> = graph.nodes.keys().map(String::as_str).collect();
        let nodes: Vec<&NirNode> = graph.nodes.values().collect();
        let number: BTreeMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
        let mut edges = BTreeSet::new();
        let mut twice = 0;
        for (source, target) in &graph.edges {
            if let (Some(&source), Some(&target)) = (number.get(source.as_str()), number.get(target.as_str())) {
                twice += usize::from(!edges.insert((source, target)));
            }
        }
        if twice > 0 {
            notes.push(format!("{twice} edges stand in the file more than once; each counts once"));
        }
        let class = |at: usize| nodes[at].kind.class();
        for &(source, target) in &edges {
            let shown = format!("edge {} -> {}", quoted(names[source]), quoted(names[target]));
            if class(source) == Class::Output {
                complaints.push(Diagnostic::at("/node/edges", format!("{shown}: an Output feeds no other node")));
            }
            if class(target) == Class::Input {
                complaints.push(Diagnostic::at("/node/edges", format!("{shown}: an Input is fed by no other node")));
            }
        }
        for at in 0..nodes.len() {
            let (lonely, what) = match class(at) {
                Class::Input => (edges.iter().all(|edge| edge.0 != at), "no edge leaves the Input node"),
                Class::Output => (edges.iter().all(|edge| edge.1 != at), "no edge leads to the Output node"),
                _ => continue,
            };
            if lonely {
                complaints.push(
                    Diagnostic::at("/node/edges", format!("{what} {}", quoted(names[at])))
                        .help("export the network again with all its edges"),
                );
            }
        }
        let inputs: Vec<usize> = (0..nodes.len()).filter(|at| class(*at) == Class::Input).collect();
        if inputs.len() > 1 {
            let shown: Vec<_> = inputs.iter().map(|at| quoted(names[*at])).collect();
            complaints.push(
                Diagnostic::at("/node/nodes", format!("has several Input nodes: {}", shown.join(", ")))
                    .help("this version runs graphs with one Input"),
            );
        }
        let mut wiring = Self {
            targets: vec![Vec::new(); names.len()],
            sources: vec![Vec::new(); names.len()],
            input: inputs.first().copied().unwrap_or(0),
            names,
            nodes,
            places: &flat.places,
        };
        for (source, target) in edges {
            wiring.targets[source].push(target);
            wiring.sources[target].push(source);
        }
        complaints.or(wiring)
    }

    /// The number of nodes.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The place of a node in the file, or of one of its datasets.
    pub(super) fn place(&self, at: usize, dataset: &str) -> String {
        match self.places.get(self.names[at]) {
            Some(place) if dataset.is_empty() => place.clone(),
            Some(place) => format!("{place}/{dataset}"),
            None => check::place(self.names[at], dataset),
        }
    }

    /// What becomes of a node.
    pub(super) fn class(&self, at: usize) -> Class {
        self.nodes[at].kind.class()
    }

    /// Every edge, in the order of names.
    pub(super) fn edges(&self) -> impl Iterator<Item = (usize, usize)> {
        self.targets.iter().enumerate().flat_map(|(source, targets)| targets.iter().map(move |target| (source, *target)))
    }

    /// The nodes that the input reaches.
    pub(super) fn reached(&self) -> Vec<bool> {
        let mut reached = vec![false; self.len()];
        let mut next = vec![self.input];
        while let Some(at) = next.pop() {
            if !std::mem::replace(&mut reached[at], true) {
                next.extend(&self.targets[at]);
            }
        }
        reached
    }
}
