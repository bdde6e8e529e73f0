//! A NIR graph, as a file holds it.

use super::{Kind, NirArray};
use std::collections::BTreeMap;

/// Nodes and the edges between them. A node may be a graph itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NirGraph {
    /// The version of the `nir` package that wrote the file.
    pub version: Option<String>,
    /// Nodes by name. A file does not keep their order.
    pub nodes: BTreeMap<String, NirNode>,
    /// (source, target), in the file's order, which means nothing: exporters write Python sets. `G` stands for the one `Input` or `Output`
    /// of a graph `G`, `G.B` for its port `B`.
    pub edges: Vec<(String, String)>,
    /// What the exporter says about the graph.
    pub metadata: Metadata,
    /// What the reader left out or put right, the graphs within included. Those have no notes and no version of their own.
    pub notes: Vec<String>,
}

/// A node: a primitive with its parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct NirNode {
    /// Which primitive it is.
    pub kind: Kind,
    /// Its parameters, by the names of its row in [`super::PRIMITIVES`].
    pub arrays: BTreeMap<String, NirArray>,
    /// Parameters that are words: `padding` may be `same` or `valid`.
    pub words: BTreeMap<String, String>,
    /// What the exporter says about it; for a `NIRGraph`, [`NirGraph::metadata`] does.
    pub metadata: Metadata,
    /// The graph that it is; of a `NIRGraph` only.
    pub graph: Option<Box<NirGraph>>,
}

/// Free-form remarks, by name.
pub type Metadata = BTreeMap<String, MetadataValue>;

/// A remark.
#[derive(Debug, Clone, PartialEq)]
pub enum MetadataValue {
    /// Text.
    Text(String),
    /// A number or an array; booleans are 0 and 1.
    Numbers(NirArray),
    /// Further remarks.
    Group(Metadata),
}

impl MetadataValue {
    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The number, where it is a single one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Numbers(array) if array.len() == 1 => array.values().next(),
            _ => None,
        }
    }
}

impl NirGraph {
    /// Adds a node.
    #[must_use]
    pub fn node(mut self, name: impl Into<String>, node: NirNode) -> Self {
        self.nodes.insert(name.into(), node);
        self
    }

    /// Adds an edge.
    #[must_use]
    pub fn edge(mut self, source: impl Into<String>, target: impl Into<String>) -> Self {
        self.edges.push((source.into(), target.into()));
        self
    }

    /// Adds the edges of a chain of nodes.
    #[must_use]
    pub fn chain(mut self, names: &[&str]) -> Self {
        self.edges.extend(names.windows(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned())));
        self
    }
}

impl NirNode {
    /// A node without parameters yet.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self { kind, arrays: BTreeMap::new(), words: BTreeMap::new(), metadata: Metadata::new(), graph: None }
    }

    /// A node that is a graph.
    #[must_use]
    pub fn nested(graph: NirGraph) -> Self {
        Self { graph: Some(Box::new(graph)), ..Self::new(Kind::NIRGraph) }
    }

    /// Sets a parameter that is a word.
    #[must_use]
    pub fn with_word(mut self, name: impl Into<String>, word: impl Into<String>) -> Self {
        self.words.insert(name.into(), word.into());
        self
    }

    /// Sets a parameter.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, array: NirArray) -> Self {
        self.arrays.insert(name.into(), array);
        self
    }

    /// A parameter, where the node has it.
    #[must_use]
    pub fn array(&self, name: &str) -> Option<&NirArray> {
        self.arrays.get(name)
    }

    /// The sizes in a parameter such as `shape`.
    #[must_use]
    pub fn sizes(&self, name: &str) -> Option<Vec<usize>> {
        self.array(name)?.whole()?.into_iter().map(|n| usize::try_from(n).ok()).collect()
    }
}
