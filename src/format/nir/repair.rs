//! What early exporters broke and whose meaning is certain, put right with a note.

use super::ports::{Side, find};
use super::{Kind, NirGraph, NirNode};
use crate::diagnostic::quoted;
use std::collections::{BTreeMap, BTreeSet};

/// Puts right the edges of a graph whose nodes could all be read.
pub(super) fn edges(graph: &mut NirGraph, notes: &mut Vec<String>) {
    for layer in unknown(graph) {
        assemble(graph, &layer, notes);
    }
    rename(graph, notes);
}

/// The names in edges that lead nowhere.
fn unknown(graph: &NirGraph) -> BTreeSet<String> {
    let ends = graph.edges.iter().flat_map(|(source, target)| [(source, Side::Source), (target, Side::Target)]);
    ends.filter(|(end, side)| !graph.nodes.contains_key(*end) && find(&graph.nodes, end, *side).is_err())
        .map(|(end, _)| end.clone())
        .collect()
}

/// snnTorch of October 2023 took a recurrent layer `x` apart into `x.input`, `x.lif`, `x.w_rec` and `x.output` and left the edges to and
/// from `x` as they were, with an edge of `x` to itself for its recurrence (history of neuromorphs/NIR, revisions 3f7c85aa87 and
/// e5390d8016, whose parameters are the same). They make up a graph again.
fn assemble(graph: &mut NirGraph, layer: &str, notes: &mut Vec<String>) {
    let prefix = format!("{layer}.");
    let within = |name: &str| name.starts_with(&prefix);
    let parts: BTreeSet<String> = graph.nodes.keys().filter(|name| within(name)).cloned().collect();
    let count = |kind| parts.iter().filter(|part| graph.nodes[*part].kind == kind).count();
    let crossing = graph.edges.iter().any(|(source, target)| within(source) != within(target));
    if (count(Kind::Input), count(Kind::Output)) != (1, 1) || crossing {
        return;
    }
    let inner_name = |name: &str| name[prefix.len()..].to_owned();
    let nodes: BTreeMap<_, _> = parts.iter().filter_map(|part| Some((inner_name(part), graph.nodes.remove(part)?))).collect();
    let (inside, outside): (Vec<_>, Vec<_>) =
        std::mem::take(&mut graph.edges).into_iter().partition(|(source, _)| within(source));
    let edges = inside.into_iter().map(|(source, target)| (inner_name(&source), inner_name(&target))).collect();
    let inner = NirGraph { nodes, edges, ..NirGraph::default() };
    let recurrent = has_cycle(&inner);
    let (itself, outside): (Vec<_>, Vec<_>) =
        outside.into_iter().partition(|(source, target)| recurrent && source == layer && target == layer);
    graph.edges = outside;
    graph.nodes.insert(layer.to_owned(), NirNode::nested(inner));
    let shown: Vec<_> = parts.iter().map(|part| quoted(part)).collect();
    notes.push(format!("{} was taken apart by an early exporter; {} are put together again", quoted(layer), shown.join(", ")));
    if !itself.is_empty() {
        notes.push(format!(
            "an edge of {} to itself stands for the recurrence that it has within, and is left out",
            quoted(layer)
        ));
    }
}

/// True where a node of the graph leads back to itself.
fn has_cycle(graph: &NirGraph) -> bool {
    graph.nodes.keys().any(|start| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![start.as_str()]);
        while let Some(at) = next.pop() {
            for (_, target) in graph.edges.iter().filter(|(source, _)| source == at) {
                if target == start {
                    return true;
                }
                if seen.insert(target.as_str()) {
                    next.push(target);
                }
            }
        }
        false
    })
}

/// The graphs of the NIR paper have a node `lif1` that no edge names, and edges of a `lif` that no node is: one and the same.
fn rename(graph: &mut NirGraph, notes: &mut Vec<String>) {
    let unknown = unknown(graph);
    let named: BTreeSet<&str> = graph.edges.iter().flat_map(|(source, target)| [source.as_str(), target]).collect();
    let lonely: Vec<_> = graph.nodes.keys().filter(|name| !named.contains(name.as_str())).cloned().collect();
    let (Some(wrong), [right]) = (unknown.first().filter(|_| unknown.len() == 1), &lonely[..]) else { return };
    if !right.starts_with(wrong.as_str()) && !wrong.starts_with(right.as_str()) {
        return;
    }
    for (source, target) in &mut graph.edges {
        for end in [source, target] {
            if end == wrong {
                end.clone_from(right);
            }
        }
    }
    notes.push(format!(
        "edges name a node {}, which is not there; {}, which no edge names, is taken for it",
        quoted(wrong),
        quoted(right)
    ));
}
