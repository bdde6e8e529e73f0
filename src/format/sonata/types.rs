//! Tables of node and edge types: CSV with spaces between the columns.

use super::document::text_of;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Result, quoted};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What node or edge types have in common.
#[derive(Debug)]
pub(super) struct Types {
    file: PathBuf,
    text: String,
    columns: Vec<String>,
    rows: BTreeMap<u64, Row>,
}

#[derive(Debug)]
struct Row {
    /// Where the row begins in the text.
    at: usize,
    cells: Vec<Option<String>>,
}

impl Types {
    /// Reads a table whose types are numbered in the column `key` (`node_type_id`).
    pub(super) fn read(file: &Path, key: &str) -> Result<Self> {
        // One wrong column spoils every row; a few examples tell as much.
        const MOST: usize = 10;
        let text = text_of(file)?;
        let mut table = Self { file: file.to_owned(), text, columns: Vec::new(), rows: BTreeMap::new() };
        let mut wrong = Diagnostics::new();
        let mut rows = BTreeMap::new();
        let mut reader = csv::ReaderBuilder::new().delimiter(b' ').from_reader(table.text.as_bytes());
        let header = reader.headers().map_err(|error| Diagnostic::new(format!("this is no table: {error}")).file(file))?.clone();
        let Some(id) = header.iter().position(|column| column == key) else {
            let help = format!("the first line names the columns, with spaces between them, and {key} is one of them");
            return Err(table.at(0, format!("the column `{key}` is missing")).help(help).into());
        };
        for record in reader.records() {
            if wrong.iter().count() >= MOST {
                break;
            }
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let message = match error.kind() {
                        csv::ErrorKind::UnequalLengths { len, .. } => {
                            format!("the first line has {} columns, this one {len}", header.len())
                        }
                        _ => error.to_string(),
                    };
                    wrong.push(table.at(error.position().map_or(0, csv::Position::byte) as usize, message));
                    continue;
                }
            };
            let at = record.position().map_or(0, csv::Position::byte) as usize;
            let Some(number) = whole(&record[id]) else {
                wrong.push(table.at(at, format!("`{key}`: expected a whole number, found {}", quoted(&record[id]))));
                continue;
            };
            let cells =
                record.iter().map(|cell| (!matches!(cell, "" | "NULL" | "None" | "NaN" | "nan")).then(|| cell.to_owned()));
            if rows.insert(number, Row { at, cells: cells.collect() }).is_some() {
                wrong.push(table.at(at, format!("`{key}` {number} stands here twice")));
            }
        }
        table.columns = header.iter().map(str::to_owned).collect();
        table.rows = rows;
        wrong.or(table)
    }

    /// Whether there is such a type.
    pub(super) fn has(&self, id: u64) -> bool {
        self.rows.contains_key(&id)
    }

    /// Whether there is such a column.
    pub(super) fn has_column(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column == name)
    }

    /// The cell of a type, where it has a value.
    pub(super) fn text(&self, id: u64, column: &str) -> Option<&str> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.rows.get(&id)?.cells[at].as_deref()
    }

    /// The cell of a type as a number, where it has a value.
    pub(super) fn number(&self, id: u64, column: &str) -> Result<Option<f64>> {
        let Some(text) = self.text(id, column) else { return Ok(None) };
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Some(value)),
            _ => Err(self.complaint(id, format!("`{column}`: expected a number, found {}", quoted(text))).into()),
        }
    }

    /// A complaint at the row of a type.
    pub(super) fn complaint(&self, id: u64, message: impl Into<String>) -> Diagnostic {
        self.at(self.rows.get(&id).map_or(0, |row| row.at), message)
    }

    fn at(&self, start: usize, message: impl Into<String>) -> Diagnostic {
        let start = line_at(&self.text, start);
        let end = self.text[start..].find('\n').map_or(self.text.len(), |end| start + end);
        let end = start + self.text[start..end].trim_end().len();
        Diagnostic::new(message).place(Place::in_text(&self.text, start, end)).file(&self.file)
    }
}

/// The beginning of a row, of which the CSV reader may give the end of the line before.
pub(super) fn line_at(text: &str, start: usize) -> usize {
    let start = start.min(text.len());
    let ends = text.as_bytes()[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    start + ends
}

/// A whole number; some tools write one as `100.0`.
fn whole(text: &str) -> Option<u64> {
    text.strip_suffix(".0").unwrap_or(text).parse().ok()
}
