//! Files → graphs.

use super::check::{MAX_NODES, place};
use super::primitive::UNSUPPORTED;
use super::{Kind, Metadata, MetadataValue, NirArray, NirGraph, NirNode, Numbers, PRIMITIVES, Rule, check};
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use crate::format::h5::H5File;
use std::collections::BTreeSet;
use std::path::Path;

/// Remarks within remarks are read so deep.
const MAX_DEPTH: usize = 8;

/// The most remarks of one group.
const MAX_REMARKS: usize = 1000;

/// Reads a NIR file.
///
/// Every version of nir so far is read, old layouts included: parameters that are one number for all neurons, no `v_reset` (0), no
/// `w_in` (1), batch and time left in `Input` and `Output`. Remarks that cannot be read are left out with a note.
///
/// # Errors
/// All complaints at once: the file is not HDF5 or no NIR graph, is damaged, or claims absurd sizes; a node is of an unknown type or of
/// one that cannot be run yet; a dataset is missing, of the wrong shape, or holds NaN, infinite values or time constants not above zero; an
/// edge names an unknown node; there is no `Input` or `Output`.
pub fn read(path: impl AsRef<Path>) -> Result<NirGraph> {
    let path = path.as_ref();
    let h5 = H5File::open(path)?;
    let mut complaints = Diagnostics::new();
    let graph = read_graph(&h5, &mut complaints);
    complaints.in_file(path).or(graph)
}

fn read_graph(h5: &H5File, complaints: &mut Diagnostics) -> NirGraph {
    let mut graph = NirGraph::default();
    if !h5.is_group("/node") {
        complaints.push(
            Diagnostic::new("is an HDF5 file, but holds no NIR graph: there is no group /node")
                .help("NIR files are written by `nir.write(path, graph)` in Python"),
        );
        return graph;
    }
    if h5.exists("/version") {
        match h5.string("/version") {
            Ok(version) => graph.version = Some(version),
            Err(_) => graph.notes.push("/version is no text and was left out".into()),
        }
    }
    if let Some(found) = complaints.take(h5.string("/node/type"))
        && found != "NIRGraph"
    {
        let message = format!("expected NIRGraph, found {}", quoted(&found));
        complaints
            .push(Diagnostic::at("/node/type", message).help("wrap a single node in a graph: `nir.NIRGraph(nodes, edges)`"));
    }
    let names = complaints.take(h5.members("/node/nodes"));
    if let Some(names) = names.as_ref().filter(|names| names.len() <= MAX_NODES) {
        let mut kinds = Vec::new();
        let mut all_known = true;
        for name in names {
            let (kind, node) = read_node(h5, name, &mut graph.notes, complaints);
            all_known &= kind.is_some();
            kinds.extend(kind);
            if let Some(node) = node {
                check::node(name, &node, complaints);
                graph.nodes.insert(name.clone(), node);
            }
        }
        // A node that could not be read may be the missing one.
        if all_known {
            check::ends(kinds.into_iter(), complaints);
        }
    } else if let Some(names) = &names {
        complaints.push(check::too_many_nodes(names.len()));
    }
    if let Some((shape, ends)) = complaints.take(h5.strings("/node/edges")) {
        // A graph without edges has an array of none, of any rank.
        if !ends.is_empty() && (shape.len() != 2 || shape[1] != 2) {
            let message = format!("expected pairs of names, shape (edges, 2); found the shape {shape:?}");
            complaints.push(Diagnostic::at("/node/edges", message));
        } else {
            graph.edges = ends.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
        }
    }
    if let Some(names) = &names {
        check::edges(&names.iter().map(String::as_str).collect::<BTreeSet<_>>(), &graph.edges, complaints);
    }
    graph.metadata = read_metadata(h5, "/node/metadata", 0, &mut graph.notes);
    graph
}

/// The kind of a node, where it is known, and the node, where it can be read.
fn read_node(h5: &H5File, name: &str, notes: &mut Vec<String>, complaints: &mut Diagnostics) -> (Option<Kind>, Option<NirNode>) {
    let Some(kind_name) = complaints.take(h5.string(&place(name, "type"))) else { return (None, None) };
    let Some(primitive) = PRIMITIVES.iter().find(|p| p.name == kind_name) else {
        complaints.push(if UNSUPPORTED.contains(&kind_name.as_str()) {
            let article = if kind_name.starts_with(['A', 'I']) { "an" } else { "a" };
            let what = format!("node {} is {article} {kind_name}, which this version cannot run", quoted(name));
            Diagnostic::at(place(name, ""), what).help(match kind_name.as_str() {
                "NIRGraph" => "export the network flat, without graphs inside it",
                _ => "networks of Affine, Linear, Scale, Flatten and neuron nodes can be run",
            })
        } else {
            let known: Vec<_> = PRIMITIVES.iter().map(|p| p.name).collect();
            Diagnostic::at(place(name, "type"), format!("{} is no primitive of NIR", quoted(&kind_name)))
                .help(format!("those that can be run are {}", known.join(", ")))
        });
        return (None, None);
    };
    let mut node = NirNode::new(primitive.kind);
    let mut whole = true;
    for spec in primitive.datasets {
        let at = place(name, spec.name);
        if !h5.exists(&at) {
            continue;
        }
        match complaints.take(read_array(h5, &at)) {
            Some(mut array) => {
                // One size may stand alone.
                if spec.rule == Rule::Shape && array.shape.is_empty() {
                    array.shape.push(1);
                }
                // Early exporters filled an optional shape with zeros.
                let open = array.whole().is_some_and(|sizes| sizes.iter().any(|n| *n <= 0));
                if spec.rule == Rule::Shape && !spec.required && open {
                    notes.push(format!("{at} has sizes of zero and was left out"));
                    continue;
                }
                node.arrays.insert(spec.name.to_owned(), array);
            }
            None => whole = false,
        }
    }
    node.metadata = read_metadata(h5, &place(name, "metadata"), 0, notes);
    (Some(primitive.kind), whole.then_some(node))
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

/// Remarks are never an error: what cannot be read is left out.
fn read_metadata(h5: &H5File, at: &str, depth: usize, notes: &mut Vec<String>) -> Metadata {
    let mut metadata = Metadata::new();
    if !h5.is_group(at) {
        return metadata;
    }
    let names = h5.members(at).unwrap_or_default();
    if depth == MAX_DEPTH || names.len() > MAX_REMARKS {
        notes.push(format!("the remarks under {at} are too many or too deep, and were left out"));
        return metadata;
    }
    for name in names {
        let inner = format!("{at}/{name}");
        let value = if h5.is_group(&inner) {
            Some(MetadataValue::Group(read_metadata(h5, &inner, depth + 1, notes)))
        } else if let Ok(text) = h5.string(&inner) {
            Some(MetadataValue::Text(text))
        } else {
            read_array(h5, &inner).ok().map(MetadataValue::Numbers)
        };
        match value {
            Some(value) => {
                metadata.insert(name, value);
            }
            None => notes.push(format!("the remark {inner} cannot be read and was left out")),
        }
    }
    metadata
}
