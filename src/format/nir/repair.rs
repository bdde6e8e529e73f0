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
    if graph.nodes.range(prefix.clone()..).next().is_none_or(|(name, _)| !within(name)) {
        return;
    }
    let parts: BTreeSet<String> = graph.nodes.keys().filter(|name| within(name)).cloned().collect();
    let count = |kind| parts.iter().filter(|part| graph.nodes[*part].kind == kind).count();
    let part = |name: &String| !within(name) || parts.contains(name);
    let crossing = graph.edges.iter().any(|(source, target)| within(source) != within(target));
    let whole = graph.edges.iter().all(|(source, target)| part(source) && part(target));
    if (count(Kind::Input), count(Kind::Output)) != (1, 1) || crossing || !whole {
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

/// True where a node of the graph leads back to itself: where taking away, again and again, what nothing feeds leaves some.
fn has_cycle(graph: &NirGraph) -> bool {
    let mut targets: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut fed: BTreeMap<&str, usize> = graph.nodes.keys().map(|name| (name.as_str(), 0)).collect();
    for (source, target) in &graph.edges {
        targets.entry(source).or_default().push(target);
        *fed.entry(target).or_default() += 1;
    }
    let mut free: Vec<&str> = fed.iter().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect();
    let mut left = fed.len();
    while let Some(name) = free.pop() {
        left -= 1;
        for target in targets.get(name).into_iter().flatten() {
            if let Some(count) = fed.get_mut(target) {
                *count -= 1;
                if *count == 0 {
                    free.push(target);
                }
            }
        }
    }
    left > 0
}

/// The graphs of the NIR paper have a node `lif1` that no edge names, and edges of a `lif` that no node is: one and the same.
fn rename(graph: &mut NirGraph, notes: &mut Vec<String>) {
    let unknown = unknown(graph);
    let named: BTreeSet<&str> = graph.edges.iter().flat_map(|(source, target)| [source.as_str(), target]).collect();
    let lonely: Vec<_> = graph.nodes.keys().filter(|name| !named.contains(name.as_str())).cloned().collect();
    let (Some(wrong), [right]) = (unknown.first().filter(|_| unknown.len() == 1), &lonely[..]) else { return };
    // One name with something behind it, which is no part of the other; and no port, which an edge would name differently.
    let rest = right.strip_prefix(wrong.as_str()).or_else(|| wrong.strip_prefix(right.as_str()));
    let port = matches!(graph.nodes[right].kind, Kind::Input | Kind::Output);
    if port || rest.is_none_or(|rest| rest.contains('.')) {
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn graph(names: &[&str], edges: &[(&str, &str)]) -> NirGraph {
        let kind = |name: &str| match name.rsplit('.').next() {
            Some("input") => Kind::Input,
            Some("output") => Kind::Output,
            _ => Kind::LIF,
        };
        let nodes = names.iter().map(|name| ((*name).to_owned(), NirNode::new(kind(name)))).collect();
        let edges = edges.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        NirGraph { nodes, edges, ..NirGraph::default() }
    }

    fn repaired(mut graph: NirGraph) -> (NirGraph, Vec<String>) {
        let mut notes = Vec::new();
        edges(&mut graph, &mut notes);
        (graph, notes)
    }

    const PARTS: &[&str] = &["input", "x.input", "x.lif", "x.rec", "x.output", "output"];
    const WITHIN: &[(&str, &str)] = &[("x.input", "x.lif"), ("x.lif", "x.rec"), ("x.rec", "x.lif"), ("x.lif", "x.output")];

    #[test]
    fn a_layer_that_was_taken_apart_is_a_graph_again() {
        let (whole, notes) = repaired(graph(PARTS, &[WITHIN, &[("input", "x"), ("x", "output"), ("x", "x")]].concat()));
        assert_eq!(whole.nodes.keys().collect::<Vec<_>>(), ["input", "output", "x"]);
        assert_eq!(whole.edges, graph(&[], &[("input", "x"), ("x", "output")]).edges);
        let inner = whole.nodes["x"].graph.as_ref().unwrap();
        assert_eq!(
            **inner,
            graph(&["input", "lif", "rec", "output"], &[("input", "lif"), ("lif", "rec"), ("rec", "lif"), ("lif", "output")])
        );
        assert_eq!(notes.len(), 2, "{notes:?}");
        // An edge to itself of a layer without recurrence means something.
        let (kept, _) =
            repaired(graph(PARTS, &[&WITHIN[..2], &WITHIN[3..], &[("input", "x"), ("x", "output"), ("x", "x")]].concat()));
        assert_eq!(kept.edges.len(), 3);
    }

    #[test]
    fn what_could_mean_several_things_is_left() {
        // The outer graph reaches in.
        let crossing = graph(PARTS, &[WITHIN, &[("input", "x"), ("x.lif", "output")]].concat());
        assert_eq!(repaired(crossing.clone()).0, crossing);
        let astray = graph(PARTS, &[WITHIN, &[("input", "x"), ("x", "output"), ("x.lost", "x.lif")]].concat());
        assert_eq!(repaired(astray.clone()).0, astray, "an edge of a part that is not there is told");
        // Two ways in.
        let mut twice = graph(PARTS, &[WITHIN, &[("input", "x"), ("x", "output")]].concat());
        twice.nodes.insert("x.second".into(), NirNode::new(Kind::Input));
        assert_eq!(repaired(twice.clone()).0, twice);
        // Nothing of it is there.
        let lost = graph(&["input", "output"], &[("input", "x"), ("x", "output")]);
        assert_eq!(repaired(lost.clone()).0, lost);
    }

    #[test]
    fn a_node_under_a_longer_name_is_found() {
        let wrong = [("input", "lif"), ("lif", "output")];
        let (right, notes) = repaired(graph(&["input", "lif1", "output"], &wrong));
        assert_eq!(right.edges, graph(&[], &[("input", "lif1"), ("lif1", "output")]).edges);
        assert!(notes[0].contains("`lif1`, which no edge names, is taken for it"), "{notes:?}");
        for names in [&["input", "other", "output"][..], &["input", "lif1", "lif2", "output"]] {
            let graph = graph(names, &wrong);
            assert_eq!(repaired(graph.clone()).0, graph);
        }
    }
}
