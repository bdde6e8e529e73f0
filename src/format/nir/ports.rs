//! Where the end of an edge leads: to a node, or into a graph within the graph.

use super::{Kind, NirNode};
use crate::diagnostic::quoted;
use std::collections::BTreeMap;

/// An end of an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// What it leaves.
    Source,
    /// What it leads to.
    Target,
}

impl Side {
    /// The kind of a graph's ports on this side: an edge leads to an `Input` and leaves an `Output`.
    fn port(self) -> Kind {
        match self {
            Self::Source => Kind::Output,
            Self::Target => Kind::Input,
        }
    }
}

/// A node, and its port where the node is a graph.
pub(super) type End<'a> = (&'a str, Option<&'a str>);

/// What an end of an edge names among these nodes: a node, a graph with one port on this side, or `G.B`, the port B of the graph G
/// (nir's `docs/source/api_design.md`). A dot in a name is else only a character.
///
/// # Errors
/// In words: there is no such node or port, or several ports could be meant.
pub(super) fn find<'a>(nodes: &'a BTreeMap<String, NirNode>, end: &'a str, side: Side) -> Result<End<'a>, String> {
    let port = side.port();
    let what = port.primitive().name;
    if let Some((name, node)) = nodes.get_key_value(end) {
        let Some(graph) = &node.graph else { return Ok((name, None)) };
        let ports: Vec<_> = graph.nodes.iter().filter(|(_, node)| node.kind == port).map(|(name, _)| name.as_str()).collect();
        return match ports[..] {
            [port] => Ok((name, Some(port))),
            [] => Err(format!("the graph {} has no {what} node", quoted(name))),
            _ => {
                let shown: Vec<_> = ports.iter().map(|port| quoted(&format!("{name}.{port}"))).collect();
                Err(format!("the graph {} has several {what} nodes: say {}", quoted(name), shown.join(" or ")))
            }
        };
    }
    let mut wrong = format!("there is no node {}", quoted(end));
    for (dot, _) in end.match_indices('.') {
        let Some((name, graph)) = nodes.get_key_value(&end[..dot]).and_then(|(name, node)| Some((name, node.graph.as_ref()?)))
        else {
            continue;
        };
        match graph.nodes.get_key_value(&end[dot + 1..]) {
            Some((inner, node)) if node.kind == port => return Ok((name, Some(inner))),
            Some((inner, _)) => wrong = format!("{} is no {what} node of the graph {}", quoted(inner), quoted(name)),
            None => wrong = format!("the graph {} has no node {}", quoted(name), quoted(&end[dot + 1..])),
        }
    }
    Err(wrong)
}
