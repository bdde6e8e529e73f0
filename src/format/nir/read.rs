//! Files → graphs.

use super::check::{Left, MAX_NESTING, ROOT, within};
use super::{Kind, Metadata, MetadataValue, NirArray, NirGraph, NirNode, Numbers, PRIMITIVES, Rule, check, repair};
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use crate::format::h5::{H5File, Identity};
use std::collections::BTreeSet;
use std::path::Path;

/// Remarks within remarks are read so deep.
const MAX_DEPTH: usize = 8;

/// The most remarks of one group, and of a whole file.
const MAX_REMARKS: usize = 1000;

/// The most values of arrays that several links lead to, all links together: they could be many and the file small.
const MAX_SHARED: u64 = 1 << 23;

/// Arrays of so few values are not looked at for that.
const SMALL: usize = 1024;

/// Reads a NIR file.
///
/// Every version of nir so far is read, old layouts included: parameters that are one number for all neurons, no `v_reset` (0), no
/// `w_in` (1), no `input_shape`, batch and time left in shapes, layers that an exporter took apart. Remarks that cannot be read are left
/// out with a note.
///
/// # Errors
/// All complaints at once: the file is not HDF5 or no NIR graph, is damaged, or claims absurd sizes; a node is of an unknown type; a
/// dataset is missing, of the wrong shape, or holds NaN, infinite values or time constants not above zero; an edge names an unknown
/// node; there is no `Input` or `Output`; graphs lie too deep within one another, or one contains itself.
pub fn read(path: impl AsRef<Path>) -> Result<NirGraph> {
    let path = path.as_ref();
    let h5 = H5File::open(path)?;
    let mut reader = Reader {
        arrays: Vec::new(),
        shared: MAX_SHARED,
        h5: &h5,
        left: Left::default(),
        remarks: MAX_REMARKS,
        graphs: Vec::new(),
        depth: 0,
        notes: Vec::new(),
        complaints: Diagnostics::new(),
    };
    let graph = reader.file();
    let Reader { complaints, .. } = reader;
    complaints.in_file(path).or(graph)
}

/// A file that is being read, and how much of it there may still be.
struct Reader<'a> {
    h5: &'a H5File,
    left: Left,
    /// The arrays so far that are not small.
    arrays: Vec<Identity>,
    shared: u64,
    remarks: usize,
    /// The graphs so far, and how many of them are around the one being read.
    graphs: Vec<Identity>,
    depth: usize,
    notes: Vec<String>,
    complaints: Diagnostics,
}

impl Reader<'_> {
    fn file(&mut self) -> NirGraph {
        let h5 = self.h5;
        if !h5.is_group(ROOT) {
            self.complaints.push(
                Diagnostic::new("is an HDF5 file, but holds no NIR graph: there is no group /node")
                    .help("NIR files are written by `nir.write(path, graph)` in Python"),
            );
            return NirGraph::default();
        }
        let mut version = None;
        if h5.exists("/version") {
            match h5.string("/version") {
                Ok(found) => version = Some(found),
                Err(_) => self.notes.push("/version is no text and was left out".into()),
            }
        }
        if let Some(found) = self.complaints.take(h5.string("/node/type"))
            && found != "NIRGraph"
        {
            let message = format!("expected NIRGraph, found {}", quoted(&found));
            self.complaints
                .push(Diagnostic::at("/node/type", message).help("wrap a single node in a graph: `nir.NIRGraph(nodes, edges)`"));
        }
        let graph = self.graph(ROOT);
        NirGraph { version, notes: std::mem::take(&mut self.notes), ..graph }
    }

    /// The graph in a group, as far as it can be read.
    fn graph(&mut self, group: &str) -> NirGraph {
        let mut graph = NirGraph::default();
        let (h5, identity) = (self.h5, self.h5.identity(group));
        if self.depth > MAX_NESTING {
            self.complaints.push(check::too_deep(group));
            return graph;
        }
        // Each has its own place in a sound file. Links could have it hold itself, or so many that they are never read to their end.
        if identity.is_some_and(|identity| self.graphs.contains(&identity)) {
            self.complaints.push(Diagnostic::at(group, "is a graph that stands in the file elsewhere, or around itself"));
            return graph;
        }
        let Some(names) = self.complaints.take(h5.members(&format!("{group}/nodes"))) else {
            return graph;
        };
        if !self.left.nodes(group, names.len(), &mut self.complaints) {
            return graph;
        }
        self.graphs.extend(identity);
        self.depth += 1;
        let mut kinds = Vec::new();
        for name in &names {
            let at = within(group, name, "");
            let (kind, node) = self.node(&at);
            kinds.extend(kind);
            if let Some(node) = node {
                check::node(&at, &node, &mut self.complaints);
                graph.nodes.insert(name.clone(), node);
            }
        }
        self.depth -= 1;
        self.edges(group, &mut graph);
        if graph.nodes.len() == names.len() {
            repair::edges(&mut graph, &mut self.notes);
        }
        // A node that could not be read may be the missing one.
        if group == ROOT && kinds.len() == names.len() {
            check::ends(kinds.into_iter(), &mut self.complaints);
        }
        let known = names.iter().chain(graph.nodes.keys()).map(String::as_str).collect::<BTreeSet<_>>();
        check::edges(group, &known, &graph, &mut self.complaints);
        graph.metadata = self.metadata(&format!("{group}/metadata"), 0);
        graph
    }

    fn edges(&mut self, group: &str, graph: &mut NirGraph) {
        let at = format!("{group}/edges");
        let Some((shape, ends)) = self.complaints.take(self.h5.strings(&at)) else { return };
        // A graph without edges has an array of none, of any rank.
        if !ends.is_empty() && (shape.len() != 2 || shape[1] != 2) {
            let message = format!("expected pairs of names, shape (edges, 2); found the shape {shape:?}");
            self.complaints.push(Diagnostic::at(at, message));
        } else if self.left.edges(group, ends.len() / 2, &mut self.complaints) {
            graph.edges = ends.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
        }
    }

    /// The kind of a node, where it is known, and the node, where it can be read.
    fn node(&mut self, at: &str) -> (Option<Kind>, Option<NirNode>) {
        let h5 = self.h5;
        let Some(kind_name) = self.complaints.take(h5.string(&format!("{at}/type"))) else { return (None, None) };
        let Some(primitive) = PRIMITIVES.iter().find(|p| p.name == kind_name) else {
            let known: Vec<_> = PRIMITIVES.iter().map(|p| p.name).collect();
            self.complaints.push(
                Diagnostic::at(format!("{at}/type"), format!("{} is no primitive of NIR", quoted(&kind_name)))
                    .help(format!("those that can be run are {}", known.join(", "))),
            );
            return (None, None);
        };
        if primitive.kind == Kind::NIRGraph {
            return (Some(primitive.kind), Some(NirNode::nested(self.graph(at))));
        }
        let mut node = NirNode::new(primitive.kind);
        let mut whole = true;
        for spec in primitive.datasets {
            let at = format!("{at}/{}", spec.name);
            if !h5.exists(&at) {
                continue;
            }
            if matches!(spec.rule, Rule::PaddingOrWord(_))
                && let Ok(word) = h5.string(&at)
            {
                node.words.insert(spec.name.to_owned(), word);
                continue;
            }
            let Some(mut array) = self.array(&at) else {
                whole = false;
                continue;
            };
            // One size may stand alone.
            if spec.rule == Rule::Shape && array.shape.is_empty() {
                array.shape.push(1);
            }
            // Early exporters filled an optional shape with zeros.
            let open = array.is_empty() || array.whole().is_some_and(|sizes| sizes.iter().any(|n| *n <= 0));
            if matches!(spec.rule, Rule::Shape | Rule::Counts(_)) && !spec.required && open {
                self.notes.push(format!("{at} has sizes of zero and was left out"));
                continue;
            }
            node.arrays.insert(spec.name.to_owned(), array);
        }
        node.metadata = self.metadata(&format!("{at}/metadata"), 0);
        (Some(primitive.kind), whole.then_some(node))
    }

    /// An array, unless it was read so often that the file is not meant to be read.
    fn array(&mut self, at: &str) -> Option<NirArray> {
        let shape = self.complaints.take(self.h5.dims(at))?;
        let values = check::product(&shape).unwrap_or(usize::MAX);
        if values > SMALL
            && let Some(identity) = self.h5.identity(at)
        {
            if !self.arrays.contains(&identity) {
                self.arrays.push(identity);
            } else if let Some(left) = self.shared.checked_sub(values as u64) {
                self.shared = left;
            } else {
                let message = format!(
                    "is an array of {values} values that stands in the file in many places; at most {MAX_SHARED} are read anew"
                );
                self.complaints.push(Diagnostic::at(at, message));
                return None;
            }
        }
        self.complaints.take(read_array(self.h5, at))
    }

    /// Remarks are never an error: what cannot be read is left out.
    fn metadata(&mut self, at: &str, depth: usize) -> Metadata {
        let mut metadata = Metadata::new();
        let h5 = self.h5;
        if !h5.is_group(at) {
            return metadata;
        }
        let names = h5.members(at).unwrap_or_default();
        if depth == MAX_DEPTH || names.len() > self.remarks {
            self.notes.push(format!("the remarks under {at} are too many or too deep, and were left out"));
            return metadata;
        }
        self.remarks -= names.len();
        for name in names {
            let inner = format!("{at}/{name}");
            let value = if h5.is_group(&inner) {
                Some(MetadataValue::Group(self.metadata(&inner, depth + 1)))
            } else if let Ok(text) = h5.string(&inner) {
                Some(MetadataValue::Text(text))
            } else {
                read_array(h5, &inner).ok().map(MetadataValue::Numbers)
            };
            match value {
                Some(value) => {
                    metadata.insert(name, value);
                }
                None => self.notes.push(format!("the remark {inner} cannot be read and was left out")),
            }
        }
        metadata
    }
}

fn read_array(h5: &H5File, at: &str) -> Result<NirArray> {
    fn array<T: Into<Numbers>>((shape, numbers): (Vec<usize>, T)) -> NirArray {
        NirArray::new(shape, numbers)
    }
    match h5.float_width(at)? {
        Some(..=4) => h5.floats32(at).map(array),
        Some(_) => h5.floats(at).map(array),
        // Whole numbers too large for 64 bits signed become floating-point ones.
        None => h5.ints(at).map(array).or_else(|_| h5.floats(at).map(array)),
    }
}
