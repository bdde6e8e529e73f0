//! Files that a network file names: lists as CSV, matrices as `.npy`, spikes in SONATA's layout.

use super::cursor::Item;
use crate::diagnostic::{Diagnostic, Place, quoted};
use crate::format::sonata::{Spikes, holds_spikes, read_spikes};
use crate::network::{Coefficients, Matrix, suggestion};
use std::path::PathBuf;

/// The bytes of the file that an item names, relative to the network file.
fn bytes(item: &Item<'_>) -> Option<(PathBuf, Vec<u8>)> {
    let path = item.doc.base.join(item.string()?);
    let read = || {
        // Devices and pipes have no end.
        if std::fs::metadata(&path)?.is_file() { std::fs::read(&path) } else { Err(std::io::Error::other("this is no file")) }
    };
    match read() {
        Ok(bytes) => Some((path, bytes)),
        Err(error) => {
            item.complain_with_help(format!("cannot be read: {error}"), "file names are relative to the network file");
            None
        }
    }
}

/// The spikes of a population in a SONATA file that an item names, where it is one: those that the file says are this population's, or
/// all where it holds those of one alone. An inner `None` where something is wrong with it.
pub(super) fn sonata_spikes(item: &Item<'_>, population: &str) -> Option<Option<Spikes>> {
    let path = item.doc.base.join(item.string()?);
    if !holds_spikes(&path) {
        return None;
    }
    let mut all = match read_spikes(&path) {
        Ok(all) => all,
        Err(wrong) => {
            wrong.iter().for_each(|complaint| item.doc.add(&item.span, complaint.clone()));
            return Some(None);
        }
    };
    let named = all.iter().position(|train| train.population.as_deref() == Some(population));
    let Some(at) = named.or((all.len() == 1).then_some(0)) else {
        let known: Vec<_> = all.iter().filter_map(|train| train.population.as_deref()).collect();
        let help = suggestion(population, "populations in it", &known);
        item.complain_with_help(format!("the file holds no spikes of the population {}", quoted(population)), help);
        return Some(None);
    };
    let train = all.swap_remove(at);
    if train.samples.is_empty() {
        return Some(Some(train));
    }
    item.complain("the file holds spikes of several samples of a data set, each from its own time 0");
    Some(None)
}

/// A row of a CSV file.
pub(super) struct Row<'a> {
    columns: &'a [(&'a str, Option<usize>)],
    record: &'a csv::StringRecord,
    complaints: &'a mut Vec<String>,
}

impl Row<'_> {
    pub(super) fn complain(&mut self, message: String) {
        self.complaints.push(message);
    }

    fn parse<T: std::str::FromStr>(&mut self, column: &str, what: &str) -> Option<T> {
        let at = self.columns.iter().find(|(name, _)| *name == column)?.1?;
        let text = self.record.get(at)?;
        let value = text.parse().ok();
        if value.is_none() {
            self.complain(format!("`{column}`: expected {what}, found {}", quoted(text)));
        }
        value
    }

    /// A column of neuron ids.
    pub(super) fn index(&mut self, column: &str) -> Option<u32> {
        self.parse(column, "a whole number from 0")
    }

    /// A column of numbers.
    pub(super) fn number(&mut self, column: &str) -> Option<f64> {
        self.parse(column, "a number")
    }
}

/// Reads a CSV file with a header, row by row. True where nothing was wrong.
pub(super) fn csv(item: &Item<'_>, needed: &[&str], optional: &[&str], mut each: impl FnMut(&mut Row<'_>)) -> bool {
    // One wrong column spoils every row; a few examples tell as much.
    const MOST: usize = 10;
    let Some((path, bytes)) = bytes(item) else { return false };
    let Ok(text) = String::from_utf8(bytes) else {
        item.complain("this file is no text in UTF-8");
        return false;
    };
    let add = |offset: usize, message: String, help: Option<String>| {
        let end = text[offset.min(text.len())..].find('\n').map_or(text.len(), |at| offset + at);
        let place = Place::in_text(&text, offset, text[..end].trim_end().len());
        item.doc.add(&item.span, Diagnostic { help, ..Diagnostic::new(message).place(place).file(&path) });
    };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            item.complain(format!("this is no CSV file: {error}"));
            return false;
        }
    };
    let known: Vec<&str> = needed.iter().chain(optional).copied().collect();
    let columns: Vec<_> = known.iter().map(|name| (*name, header.iter().position(|column| column == *name))).collect();
    let mut wrong = 0;
    let start = header.position().map_or(0, |p| p.byte() as usize);
    for column in header.iter().filter(|column| !known.contains(column)) {
        add(start, format!("unknown column {}", quoted(column)), Some(suggestion(column, "columns", &known)));
        wrong += 1;
    }
    for (column, _) in columns.iter().filter(|(name, at)| at.is_none() && needed.contains(name)) {
        add(
            start,
            format!("the column `{column}` is missing"),
            Some(format!("the first line names the columns: {}", known.join(","))),
        );
        wrong += 1;
    }
    if wrong > 0 {
        return false;
    }
    for record in reader.records() {
        let mut complaints = Vec::new();
        let offset = match &record {
            Ok(record) => {
                each(&mut Row { columns: &columns, record, complaints: &mut complaints });
                record.position().map_or(0, csv::Position::byte)
            }
            Err(error) => {
                complaints.push(row_error(error, header.len()));
                error.position().map_or(0, csv::Position::byte)
            }
        };
        for complaint in complaints {
            wrong += 1;
            add(offset as usize, complaint, None);
        }
        if wrong >= MOST {
            break;
        }
    }
    wrong == 0
}

fn row_error(error: &csv::Error, columns: usize) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { len, .. } => format!("the first line has {columns} values, this one {len}"),
        _ => error.to_string(),
    }
}

/// Reads a matrix, one row per target, from an `.npy` file.
pub(super) fn npy(item: &Item<'_>) -> Option<Matrix> {
    let (_, bytes) = bytes(item)?;
    let help = "save it with numpy.save(\"weights.npy\", w.astype(\"float32\")), one row per target";
    match matrix(&bytes) {
        Ok(matrix) => Some(matrix),
        Err(message) => {
            item.complain_with_help(message, help);
            None
        }
    }
}

fn matrix(bytes: &[u8]) -> Result<Matrix, String> {
    check_header(bytes)?;
    let broken = |error: std::io::Error| format!("this is no .npy file: {error}");
    let file = npyz::NpyFile::new(bytes).map_err(broken)?;
    let &[targets, sources] = file.shape() else {
        return Err(format!("expected a matrix, found an array of {} dimensions", file.shape().len()));
    };
    let (targets, sources) = (targets as usize, sources as usize);
    let fortran = file.order() == npyz::Order::Fortran;
    let dtype = file.dtype().descr();
    fn by_rows<T: Copy>(values: Vec<T>, fortran: bool, targets: usize, sources: usize) -> Vec<T> {
        if !fortran {
            return values;
        }
        (0..targets * sources).map(|at| values[(at % sources) * targets + at / sources]).collect()
    }
    let values = match file.try_data::<f32>() {
        Ok(data) => {
            let values = data.collect::<Result<_, _>>().map_err(broken)?;
            Coefficients::Single(by_rows(values, fortran, targets, sources))
        }
        Err(file) => match file.try_data::<f64>() {
            Ok(data) => {
                let values = data.collect::<Result<_, _>>().map_err(broken)?;
                Coefficients::Double(by_rows(values, fortran, targets, sources))
            }
            Err(_) => return Err(format!("expected floating-point numbers of 32 or 64 bits, found {dtype}")),
        },
    };
    Ok(Matrix { targets, sources, values })
}

/// Holds a header's claims against the file's length before anything is made of them, and its nesting against the depth
/// that a reader can follow.
fn check_header(bytes: &[u8]) -> Result<(), String> {
    let short = || "this is no .npy file: it ends too early".to_owned();
    if !bytes.starts_with(b"\x93NUMPY") {
        return Err("this is no .npy file".to_owned());
    }
    let wide = *bytes.get(6).ok_or_else(short)? > 1;
    let start = if wide { 12 } else { 10 };
    let length = bytes.get(8..start).ok_or_else(short)?.iter().rev().fold(0usize, |sum, byte| sum << 8 | usize::from(*byte));
    let header = bytes.get(start..start.saturating_add(length)).ok_or_else(short)?;
    if header.iter().filter(|byte| b"([{".contains(byte)).count() > 8 {
        return Err("this .npy file holds no plain array".to_owned());
    }
    let header = String::from_utf8_lossy(header);
    let shape = header.split("shape").nth(1).and_then(|rest| rest.split(['(', ')']).nth(1)).unwrap_or_default();
    let mut sizes = shape.split(',').map(str::trim).filter(|n| !n.is_empty());
    let claimed = sizes.try_fold(1usize, |product, n| product.checked_mul(n.parse().ok()?));
    match claimed {
        // Two bytes are the least a number of the kinds read here could take.
        Some(claimed) if claimed <= bytes.len() => Ok(()),
        _ => Err(format!("this .npy file claims the shape ({shape}), and holds {} bytes", bytes.len())),
    }
}
