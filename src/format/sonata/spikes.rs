//! Files of spikes: HDF5 in the present layout and in the old one, and CSV.

use super::document::text_of;
use super::members::whole_numbers;
use super::types::line_at;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Result, quoted};
use crate::format::h5::H5File;
use crate::whole_file::write_whole;
use hdf5::types::VarLenUnicode;
use std::fmt::Write;
use std::path::Path;

/// What every SONATA file begins with (SONATA developer guide).
pub(crate) const MAGIC: u32 = 0x0A7A;

/// The population of spikes of which the file does not say it, when they are written: what pySONATA calls it.
pub const UNNAMED: &str = "default";

/// How spikes are sorted.
#[derive(hdf5::H5Type, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
#[allow(non_camel_case_types)] // the names are SONATA's, and stand in the file
pub enum Sorting {
    /// Not at all, or nobody says.
    #[default]
    none = 0,
    /// By node, and each node's by time.
    by_id = 1,
    /// By time.
    by_time = 2,
}

/// Spikes of a population.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spikes {
    /// The population; absent where the file does not say it, as in the old layout.
    pub population: Option<String>,
    /// Times, ms.
    pub times_ms: Vec<f64>,
    /// The node of each.
    pub node_ids: Vec<u64>,
    /// The sample that each belongs to, in results over the samples of a data set; empty otherwise. Times count from a sample's start.
    pub samples: Vec<u64>,
    /// How the file says that they are sorted; what it says is not relied on.
    pub sorting: Sorting,
}

impl Spikes {
    /// How they are sorted in fact.
    #[must_use]
    pub fn sorted(&self) -> Sorting {
        let by_time = self.samples.is_sorted() && self.times_ms.is_sorted();
        let pairs = || self.node_ids.iter().zip(&self.times_ms);
        let by_id = pairs().zip(pairs().skip(1)).all(|(a, b)| a.0 < b.0 || a.0 == b.0 && a.1 <= b.1);
        match (by_time, by_id) {
            (true, _) => Sorting::by_time,
            (false, true) => Sorting::by_id,
            (false, false) => Sorting::none,
        }
    }
}

/// True where the file is HDF5 and holds spikes in one of SONATA's layouts.
#[must_use]
pub fn holds_spikes(path: &Path) -> bool {
    let at_root = |h5: &H5File| h5.exists("/spikes/timestamps");
    let in_a_group = |h5: &H5File| {
        h5.members("/spikes").is_ok_and(|names| names.iter().any(|name| h5.exists(&format!("/spikes/{name}/timestamps"))))
    };
    H5File::sniff(path) && H5File::open(path).is_ok_and(|h5| h5.is_group("/spikes") && (at_root(&h5) || in_a_group(&h5)))
}

/// Reads a file of spikes, one entry a population.
///
/// Of HDF5, both layouts are read: `/spikes/<population>/{timestamps, node_ids}` and the old `/spikes/{timestamps, gids}`; times
/// in milliseconds, or in seconds where the attribute `units` says so. Any other file is taken for CSV with the columns `timestamps`,
/// `population` and `node_ids`, in any order, with spaces, commas or tabs between them; `population` may be absent, and `gids` is another
/// name of `node_ids`.
///
/// # Errors
/// The file is missing, damaged or something else; every complaint with its place.
pub fn read_spikes(path: impl AsRef<Path>) -> Result<Vec<Spikes>> {
    let path = path.as_ref();
    if H5File::sniff(path) { of_hdf5(&H5File::open(path)?) } else { of_csv(path) }
}

fn of_hdf5(h5: &H5File) -> Result<Vec<Spikes>> {
    let mut wrong = Diagnostics::new();
    if h5.exists("/spikes/timestamps") {
        return Ok(vec![of_group(h5, "/spikes", None)?]);
    }
    let mut all = Vec::new();
    for name in h5.members("/spikes")? {
        let at = format!("/spikes/{name}");
        if h5.is_group(&at) {
            all.extend(wrong.take(of_group(h5, &at, Some(name))));
        }
    }
    if all.is_empty() && wrong.is_empty() {
        let message = "holds no spikes: neither `timestamps` nor groups of populations";
        return Err(h5.complaint("/spikes", message).into());
    }
    wrong.or(all)
}

fn of_group(h5: &H5File, at: &str, population: Option<String>) -> Result<Spikes> {
    let mut wrong = Diagnostics::new();
    let time_path = format!("{at}/timestamps");
    let id_path = ["node_ids", "gids"].map(|name| format!("{at}/{name}"));
    let id_path = id_path.iter().find(|path| h5.exists(path)).unwrap_or(&id_path[0]);
    let times = wrong.take(h5.floats(&time_path));
    let ids = wrong.take(whole_numbers(h5, id_path));
    let factor = wrong.take(unit(h5, &time_path));
    let sample_path = format!("{at}/sample");
    let samples = if h5.exists(&sample_path) { wrong.take(whole_numbers(h5, &sample_path)) } else { Some(Vec::new()) };
    let (Some((shape, mut times)), Some(node_ids), Some(samples), Some(factor)) = (times, ids, samples, factor) else {
        return Err(wrong);
    };
    if !samples.is_empty() && samples.len() != node_ids.len() {
        let message = format!("has {} values for {} spikes", samples.len(), node_ids.len());
        return Err(h5.complaint(&sample_path, message).into());
    }
    if shape.len() != 1 || times.len() != node_ids.len() {
        let message = format!("holds {} times for {} nodes", times.len(), node_ids.len());
        return Err(h5.complaint(&time_path, message).into());
    }
    if let Some(odd) = times.iter().find(|time| !time.is_finite()) {
        return Err(h5.complaint(&time_path, format!("holds the time {odd}")).into());
    }
    if factor != 1.0 {
        times.iter_mut().for_each(|time| *time *= factor);
    }
    // An enumeration in newer files, a text in older ones.
    let sorting = match (h5.attribute_string(at, "sorting"), h5.attribute_int(at, "sorting")) {
        (Ok(Some(text)), _) => match text.as_str() {
            "by_id" | "by_gid" | "gid" | "id" => Sorting::by_id,
            "by_time" | "time" => Sorting::by_time,
            _ => Sorting::none,
        },
        (_, Ok(Some(1))) => Sorting::by_id,
        (_, Ok(Some(2))) => Sorting::by_time,
        _ => Sorting::none,
    };
    Ok(Spikes { population, times_ms: times, node_ids, samples, sorting })
}

/// The factor from the unit of a dataset of times to milliseconds.
fn unit(h5: &H5File, at: &str) -> Result<f64> {
    match h5.attribute_string(at, "units")?.as_deref() {
        None | Some("" | "ms" | "msec" | "millisecond" | "milliseconds") => Ok(1.0),
        Some("s" | "sec" | "second" | "seconds") => Ok(1e3),
        Some(other) => Err(h5.complaint(&format!("{at}@units"), format!("expected ms, found {}", quoted(other))).into()),
    }
}

fn of_csv(path: &Path) -> Result<Vec<Spikes>> {
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
    let columns = (column(&["timestamps", "timestamp", "times"]), column(&["node_ids", "node_id", "gids"]));
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

/// Writes spikes as HDF5 in the present layout, each population in the order in which it is given. The file appears whole or not at
/// all. Spikes of no population are written as those of [`UNNAMED`].
///
/// # Errors
/// The file cannot be written, two entries are of one population, or a name has a slash in it.
pub fn write_spikes(path: impl AsRef<Path>, spikes: &[Spikes]) -> Result<()> {
    let path = path.as_ref();
    for (at, train) in spikes.iter().enumerate() {
        let name = name_of(train);
        if name.is_empty() || name.contains('/') || name == "." {
            return Err(Diagnostic::new(format!("{} cannot be the name of a population in HDF5", quoted(name))).into());
        }
        if spikes[..at].iter().any(|other| name_of(other) == name) {
            return Err(Diagnostic::new(format!("two trains of spikes are of the population {}", quoted(name))).into());
        }
    }
    hdf5::silence_errors(true);
    write_whole(path, |beside| fill(beside, spikes).map_err(|error| error.to_string()))
}

fn name_of(spikes: &Spikes) -> &str {
    spikes.population.as_deref().unwrap_or(UNNAMED)
}

fn fill(path: &Path, spikes: &[Spikes]) -> hdf5::Result<()> {
    let file = hdf5::File::create(path)?;
    file.new_attr::<u32>().create("magic")?.write_scalar(&MAGIC)?;
    file.new_attr::<u32>().shape([2]).create("version")?.write_raw(&[0u32, 1])?;
    file.create_group("spikes")?;
    for train in spikes {
        let group = file.create_group(&format!("spikes/{}", name_of(train)))?;
        group.new_attr::<Sorting>().create("sorting")?.write_scalar(&train.sorted())?;
        let times = group.new_dataset::<f64>().shape([train.times_ms.len()]).create("timestamps")?;
        times.write_raw(&train.times_ms)?;
        let unit: VarLenUnicode = "ms".parse().map_err(|_| hdf5::Error::from("a unit has no null character"))?;
        times.new_attr::<VarLenUnicode>().create("units")?.write_scalar(&unit)?;
        group.new_dataset::<u64>().shape([train.node_ids.len()]).create("node_ids")?.write_raw(&train.node_ids)?;
        if !train.samples.is_empty() {
            group.new_dataset::<u64>().shape([train.samples.len()]).create("sample")?.write_raw(&train.samples)?;
        }
    }
    file.flush()
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
