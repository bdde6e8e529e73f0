//! Tables of spikes: CSV.

use super::document::text_of;
use super::spikes::{Spikes, name_of};
use super::types::line_at;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Result, quoted};
use crate::whole_file::write_whole;
use std::fmt::Write;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// Columns of times and of nodes, by the names that tables have for them.
const TIMES: &[&str] = &["timestamps", "timestamp", "times"];
const NODES: &[&str] = &["node_ids", "node_id", "gids"];

/// True where the first line of a file names such columns.
pub(super) fn is_table(path: &Path) -> bool {
    let mut first = String::new();
    let mut read = || {
        // Devices and pipes have no end.
        if !std::fs::metadata(path)?.is_file() {
            return Err(std::io::Error::other("this is no file"));
        }
        BufReader::new(std::fs::File::open(path)?.take(4096)).read_line(&mut first)
    };
    if read().is_err() {
        return false;
    }
    let columns: Vec<_> = first.split([' ', ',', '\t']).map(str::trim).collect();
    [TIMES, NODES].iter().all(|known| columns.iter().any(|column| known.contains(column)))
}

/// Reads a table.
pub(super) fn of_csv(path: &Path) -> Result<Vec<Spikes>> {
    // One wrong column spoils every row; a few examples tell as much.
    const MOST: usize = 10;
    let text = text_of(path)?;
    let place = |start: usize| {
        let start = line_at(&text, start);
        let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        Place::in_text(&text, start, end)
    };
    let first = text.lines().next().unwrap_or_default();
    let delimiter = [b',', b'\t'].into_iter().find(|delimiter| first.as_bytes().contains(delimiter)).unwrap_or(b' ');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
    let unreadable = |error: csv::Error| Diagnostic::new(format!("this is no table of spikes: {error}")).file(path);
    let header = reader.headers().map_err(unreadable)?.clone();
    let column = |names: &[&str]| header.iter().position(|column| names.contains(&column));
    let columns = (column(TIMES), column(NODES));
    let (Some(time_at), Some(id_at)) = columns else {
        let missing = if columns.0.is_none() { "timestamps" } else { "node_ids" };
        return Err(Diagnostic::new(format!("the column `{missing}` is missing"))
            .place(place(0))
            .file(path)
            .help("the first line of a table of spikes names its columns: timestamps population node_ids")
            .into());
    };
    let population_at = column(&["population", "populations"]);
    let mut wrong = Diagnostics::new();
    let mut all: Vec<Spikes> = Vec::new();
    for record in reader.records() {
        if wrong.iter().count() >= MOST {
            break;
        }
        let mut complain = |at: Option<&csv::Position>, message: String| {
            let at = at.map_or(0, csv::Position::byte) as usize;
            wrong.push(Diagnostic::new(message).place(place(at)).file(path));
        };
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let message = match error.kind() {
                    csv::ErrorKind::UnequalLengths { len, .. } => {
                        format!("the first line has {} values, this one {len}", header.len())
                    }
                    _ => error.to_string(),
                };
                complain(error.position(), message);
                continue;
            }
        };
        let time = record[time_at].parse::<f64>().ok().filter(|time| time.is_finite());
        let id = record[id_at].parse::<u64>().ok();
        let (Some(time), Some(id)) = (time, id) else {
            let (name, what, found) = match time {
                None => ("timestamps", "a time in ms", &record[time_at]),
                Some(_) => ("node_ids", "a whole number from 0", &record[id_at]),
            };
            complain(record.position(), format!("`{name}`: expected {what}, found {}", quoted(found)));
            continue;
        };
        let population = population_at.map(|at| &record[at]).filter(|name| !name.is_empty());
        let at = all.iter().position(|spikes| spikes.population.as_deref() == population).unwrap_or_else(|| {
            all.push(Spikes { population: population.map(str::to_owned), ..Spikes::default() });
            all.len() - 1
        });
        all[at].times_ms.push(time);
        all[at].node_ids.push(id);
    }
    wrong.or(all)
}

/// Writes spikes as CSV with the columns `timestamps population node_ids`. The file appears whole or not at all; times are written so
/// that they read back to the last bit.
///
/// # Errors
/// The file cannot be written, a name has spaces or line ends in it, or spikes are of several samples, for which CSV has no column.
pub fn write_spikes_csv(path: impl AsRef<Path>, spikes: &[Spikes]) -> Result<()> {
    let mut text = String::from("timestamps population node_ids\n");
    for train in spikes {
        let name = name_of(train);
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '"' || c == ',') {
            return Err(Diagnostic::new(format!("{} cannot be the name of a population in CSV", quoted(name))).into());
        }
        if !train.samples.is_empty() {
            return Err(Diagnostic::new("holds spikes of several samples of a data set, and CSV has no column for these")
                .help("write HDF5")
                .into());
        }
        for (time, id) in train.times_ms.iter().zip(&train.node_ids) {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{time} {name} {id}");
        }
    }
    write_whole(path.as_ref(), |beside| std::fs::write(beside, &text).map_err(|error| error.to_string()))
}
