//! Files of reports: values of nodes, or of parts of them, over time.

use super::members::whole_numbers;
use crate::diagnostic::{Diagnostics, Result};
use crate::format::h5::H5File;
use std::ops::Range;
use std::path::Path;

/// Values of a population's nodes over time. A node may have several columns, one for each of its elements (compartments).
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The population.
    pub population: String,
    /// The unit of the values, where it is said; some files say the variable instead.
    pub units: Option<String>,
    /// Time of the first row, of the end, and between two rows, ms.
    pub time_ms: [f64; 3],
    /// The nodes.
    pub node_ids: Vec<u64>,
    /// Node `n` has the columns `index_pointer[n]..index_pointer[n + 1]`.
    pub index_pointer: Vec<u64>,
    /// The element that each column is of.
    pub element_ids: Vec<u64>,
    /// Where on its element each column is, from 0 to 1; empty where nothing is said.
    pub element_pos: Vec<f64>,
    /// Rows.
    pub rows: usize,
    /// Values, row by row.
    pub values: Vec<f64>,
}

impl Report {
    /// Columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.element_ids.len()
    }

    /// The columns of a node.
    #[must_use]
    pub fn columns_of(&self, node_id: u64) -> Option<Range<usize>> {
        let at = self.node_ids.iter().position(|id| *id == node_id)?;
        Some(self.index_pointer[at] as usize..self.index_pointer[at + 1] as usize)
    }

    /// The values of a column, in the order of time.
    pub fn column(&self, column: usize) -> impl Iterator<Item = f64> {
        let columns = self.columns();
        (0..self.rows).map(move |row| self.values[row * columns + column])
    }
}

/// True where the file is HDF5 and holds reports in SONATA's layout.
#[must_use]
pub fn holds_report(path: &Path) -> bool {
    H5File::sniff(path)
        && H5File::open(path).is_ok_and(|h5| {
            h5.is_group("/report")
                && h5.members("/report").is_ok_and(|names| names.iter().any(|name| h5.exists(&format!("/report/{name}/data"))))
        })
}

/// Reads a file of reports, one entry a population: `/report/<population>/data`, a row for each time, and what `mapping` says of its
/// columns (`node_ids`, `index_pointer` or `index_pointers`, `element_ids`, `element_pos`, `time`).
///
/// # Errors
/// The file is missing, damaged or something else; every complaint with its place.
pub fn read_report(path: impl AsRef<Path>) -> Result<Vec<Report>> {
    let h5 = H5File::open(path)?;
    let mut wrong = Diagnostics::new();
    let mut all = Vec::new();
    for name in h5.members("/report")? {
        all.extend(wrong.take(report(&h5, name)));
    }
    if all.is_empty() && wrong.is_empty() {
        return Err(h5.complaint("/report", "holds no reports").into());
    }
    wrong.or(all)
}

fn report(h5: &H5File, population: String) -> Result<Report> {
    let at = format!("/report/{population}");
    let (data, mapping) = (format!("{at}/data"), format!("{at}/mapping"));
    let mut wrong = Diagnostics::new();
    let in_mapping = |name: &str| format!("{mapping}/{name}");
    let pointer = ["index_pointer", "index_pointers"].map(in_mapping);
    let pointer = pointer.iter().find(|path| h5.exists(path)).unwrap_or(&pointer[0]);
    let ids = ["node_ids", "gids"].map(in_mapping);
    let ids = ids.iter().find(|path| h5.exists(path)).unwrap_or(&ids[0]);
    let values = wrong.take(h5.floats(&data));
    let node_ids = wrong.take(whole_numbers(h5, ids));
    let index_pointer = wrong.take(whole_numbers(h5, pointer));
    let time_path = in_mapping("time");
    let time = wrong.take(h5.floats(&time_path));
    let element_ids =
        if h5.exists(&in_mapping("element_ids")) { wrong.take(whole_numbers(h5, &in_mapping("element_ids"))) } else { None };
    let element_pos =
        if h5.exists(&in_mapping("element_pos")) { wrong.take(h5.floats(&in_mapping("element_pos"))) } else { None };
    let units = wrong.take(h5.attribute_string(&data, "units")).flatten();
    let (Some((shape, values)), Some(node_ids), Some(mut index_pointer), Some((_, time))) =
        (values, node_ids, index_pointer, time)
    else {
        return Err(wrong);
    };
    let &[rows, columns] = shape.as_slice() else {
        return Err(h5.complaint(&data, format!("expected rows of values, found the shape {shape:?}")).into());
    };
    // Some writers leave out the end of the last node.
    if index_pointer.len() == node_ids.len() {
        index_pointer.push(columns as u64);
    }
    if index_pointer.len() != node_ids.len() + 1 {
        let message = format!("has {} values for {} nodes, and one more is wanted", index_pointer.len(), node_ids.len());
        wrong.push(h5.complaint(pointer, message));
    } else if !index_pointer.is_sorted() || index_pointer.last().is_some_and(|last| *last > columns as u64) {
        wrong.push(h5.complaint(pointer, format!("leads beyond the {columns} columns, or backwards")));
    }
    let element_ids = element_ids.unwrap_or_else(|| vec![0; columns]);
    let element_pos = element_pos.map(|(_, values)| values).unwrap_or_default();
    if element_ids.len() != columns || !(element_pos.is_empty() || element_pos.len() == columns) {
        wrong.push(h5.complaint(&mapping, format!("tells of {} elements, and there are {columns} columns", element_ids.len())));
    }
    let Ok(time_ms) = <[f64; 3]>::try_from(time) else {
        wrong.push(h5.complaint(&time_path, "expected three numbers: start, end and step"));
        return Err(wrong);
    };
    wrong.or(Report { population, units, time_ms, node_ids, index_pointer, element_ids, element_pos, rows, values })
}
