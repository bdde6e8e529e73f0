//! Graphs → files, in the layout of nir 1.0.8.

use super::{Kind, Metadata, MetadataValue, NirArray, NirGraph, Numbers, check};
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use hdf5::types::VarLenUnicode;
use hdf5::{Group, H5Type};
use std::path::Path;

/// The version of the `nir` package whose layout is written.
const LAYOUT: &str = "1.0.8";

/// h5py's default for gzip.
const GZIP_LEVEL: u8 = 4;

/// Writes a NIR file: gzip-compressed arrays, beside the target first and then renamed, so that it appears whole or not at all.
///
/// Reading it back gives the same graph, every value to the last bit. Notes are not written.
///
/// # Errors
/// The graph would be refused by [`super::read`], a text holds a zero character, or the file cannot be written.
pub fn write(graph: &NirGraph, path: impl AsRef<Path>) -> Result<()> {
    let path = path.as_ref();
    check::graph(graph).or(()).map_err(|complaints| complaints.in_file(path))?;
    write_checked(graph, path).map_err(|complaint| Diagnostics::from(complaint.file(path)))
}

fn write_checked(graph: &NirGraph, path: &Path) -> std::result::Result<(), Diagnostic> {
    let failed = |error: &dyn std::fmt::Display| {
        let words = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        Diagnostic::new(format!("cannot be written: {words}"))
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        // Others may read the file as far as the user's mask allows, as with any other file.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let beside = builder.prefix(".spikewatt-").suffix(".nir").tempfile_in(folder).map_err(|error| failed(&error))?;
    hdf5::silence_errors(true);
    let file = hdf5::File::create(beside.path()).map_err(|error| failed(&error))?;
    write_graph(graph, &file).map_err(|error| failed(&error))?;
    file.close().map_err(|error| failed(&error))?;
    beside.persist(path).map_err(|error| failed(&error.error))?;
    Ok(())
}

fn write_graph(graph: &NirGraph, file: &Group) -> hdf5::Result<()> {
    write_text(file, "version", graph.version.as_deref().unwrap_or(LAYOUT))?;
    let root = file.create_group("node")?;
    write_nodes(graph, &root)
}

fn write_nodes(graph: &NirGraph, root: &Group) -> hdf5::Result<()> {
    write_text(root, "type", Kind::NIRGraph.primitive().name)?;
    let nodes = root.create_group("nodes")?;
    for (name, node) in &graph.nodes {
        let group = nodes.create_group(name)?;
        if let Some(inner) = &node.graph {
            write_nodes(inner, &group)?;
            continue;
        }
        write_text(&group, "type", node.kind.primitive().name)?;
        for (name, array) in &node.arrays {
            write_array(&group, name, array)?;
        }
        for (name, word) in &node.words {
            write_text(&group, name, word)?;
        }
        write_metadata(&group, &node.metadata)?;
    }
    let ends = graph.edges.iter().flat_map(|(source, target)| [text(source), text(target)]);
    let ends = ends.collect::<hdf5::Result<Vec<_>>>()?;
    root.new_dataset::<VarLenUnicode>().shape((graph.edges.len(), 2)).create("edges")?.write_raw(&ends)?;
    write_metadata(root, &graph.metadata)
}

/// nir writes no group for no remarks.
fn write_metadata(group: &Group, metadata: &Metadata) -> hdf5::Result<()> {
    if metadata.is_empty() { Ok(()) } else { write_remarks(&group.create_group("metadata")?, metadata) }
}

fn write_remarks(group: &Group, metadata: &Metadata) -> hdf5::Result<()> {
    for (name, value) in metadata {
        match value {
            MetadataValue::Text(text) => write_text(group, name, text)?,
            MetadataValue::Numbers(array) => write_array(group, name, array)?,
            MetadataValue::Group(inner) => write_remarks(&group.create_group(name)?, inner)?,
        }
    }
    Ok(())
}

fn text(of: &str) -> hdf5::Result<VarLenUnicode> {
    of.parse().map_err(|_| hdf5::Error::from(format!("{} holds a zero character", quoted(of))))
}

fn write_text(group: &Group, name: &str, value: &str) -> hdf5::Result<()> {
    group.new_dataset::<VarLenUnicode>().create(name)?.write_scalar(&text(value)?)
}

fn write_array(group: &Group, name: &str, array: &NirArray) -> hdf5::Result<()> {
    match &array.numbers {
        Numbers::F32(values) => write_numbers(group, name, &array.shape, values),
        Numbers::F64(values) => write_numbers(group, name, &array.shape, values),
        Numbers::I64(values) => write_numbers(group, name, &array.shape, values),
    }
}

fn write_numbers<T: H5Type>(group: &Group, name: &str, shape: &[usize], values: &[T]) -> hdf5::Result<()> {
    let builder = group.new_dataset::<T>();
    // HDF5 compresses chunks only, and neither a single value nor an empty array has any.
    let builder = if shape.is_empty() || values.is_empty() { builder } else { builder.deflate(GZIP_LEVEL) };
    builder.shape(shape).create(name)?.write_raw(values)
}
