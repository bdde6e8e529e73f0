//! `spikewatt convert`.

use spikewatt::dataset::Dataset;
use spikewatt::diagnostic::{Diagnostic, Result, quoted};
use spikewatt::format::nir;
use spikewatt::format::sonata::{UNNAMED, holds_spikes, read_spikes, write_spikes, write_spikes_csv};
use std::path::{Path, PathBuf};

/// Write what a file holds in another format.
///
/// Spikes in SONATA's layouts, old ones included, become HDF5 in the present layout or CSV; CSV of spikes becomes HDF5. NIR of any version is
/// written anew, in the present layout. Data sets become HDF5 in Spikewatt's own layout. What OUT is to be is told by its ending.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  spikewatt convert spikes.old.h5 spikes.h5
  spikewatt convert spikes.h5 spikes.csv
  spikewatt convert trained.nir clean.nir
  spikewatt convert samples.npy samples.h5")]
pub(super) struct Args {
    /// The file to read
    #[arg(value_name = "IN")]
    from: PathBuf,
    /// The file to write; it appears whole or not at all, and replaces one that is there
    #[arg(value_name = "OUT")]
    to: PathBuf,
}

/// A way from one format to another.
struct Conversion {
    /// What it is, for people.
    about: &'static str,
    /// Whether a file of this ending is one that it reads.
    reads: fn(&Path, ending: &str) -> bool,
    /// Endings of what it writes.
    writes: &'static [&'static str],
    /// Does it, and says in a line what was done.
    convert: fn(&Path, &Path) -> Result<String>,
}

/// Every conversion; the first that reads the one file and writes the other is taken.
const CONVERSIONS: &[Conversion] = &[
    Conversion {
        about: "spikes (.h5, .csv) to SONATA's present layout (.h5) or CSV (.csv)",
        reads: |path, _| holds_spikes(path),
        writes: &["h5", "hdf5", "csv"],
        convert: spikes,
    },
    Conversion {
        about: "a trained network (.nir) to NIR's present layout (.nir)",
        reads: |_, ending| ending == "nir",
        writes: &["nir"],
        convert: network,
    },
    Conversion {
        about: "a data set (.h5, .npy, .csv) to Spikewatt's own layout (.h5)",
        reads: |_, ending| spikewatt::dataset::DATASETS.iter().any(|format| format.extensions.contains(&ending)),
        writes: &["h5", "hdf5"],
        convert: dataset,
    },
];

impl Args {
    pub(super) fn run(&self) -> Result<()> {
        let (from, to) = (ending(&self.from), ending(&self.to));
        if !self.from.exists() {
            return Err(Diagnostic::new("there is no such file").file(&self.from).into());
        }
        let mut readable = CONVERSIONS.iter().filter(|conversion| (conversion.reads)(&self.from, &from)).peekable();
        let all: Vec<_> = CONVERSIONS.iter().map(|conversion| conversion.about).collect();
        let help = format!("there are: {}", all.join("; "));
        if readable.peek().is_none() {
            return Err(Diagnostic::new("is nothing that can be converted").file(&self.from).help(help).into());
        }
        let Some(conversion) = readable.find(|conversion| conversion.writes.contains(&to.as_str())) else {
            let message = format!("a file like {} does not become one with the ending {}", self.from.display(), quoted(&to));
            return Err(Diagnostic::new(message).file(&self.to).help(help).into());
        };
        let done = (conversion.convert)(&self.from, &self.to)?;
        eprintln!("{}: {done}", self.to.display());
        Ok(())
    }
}

fn ending(path: &Path) -> String {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
}

fn spikes(from: &Path, to: &Path) -> Result<String> {
    let spikes = read_spikes(from)?;
    let written = if ending(to) == "csv" { write_spikes_csv(to, &spikes) } else { write_spikes(to, &spikes) };
    written.map_err(|wrong| wrong.in_file(from))?;
    let total: usize = spikes.iter().map(|train| train.times_ms.len()).sum();
    let unnamed = spikes.iter().any(|train| train.population.is_none());
    let as_what = if unnamed { format!(", of a population that the file does not name, as `{UNNAMED}`") } else { String::new() };
    Ok(format!("{total} spikes of {}{as_what}", counted(spikes.len(), "population")))
}

fn network(from: &Path, to: &Path) -> Result<String> {
    let graph = nir::tidy(nir::read(from)?);
    nir::write(&graph, to)?;
    let notes: String = graph.notes.iter().map(|note| format!("\n  note: {note}")).collect();
    Ok(format!("NIR of {}{notes}", counted(graph.nodes.len(), "node")))
}

fn dataset(from: &Path, to: &Path) -> Result<String> {
    let dataset = Dataset::open(from)?;
    dataset.write_native(to)?;
    let notes: String = dataset.notes.iter().map(|note| format!("\n  note: {note}")).collect();
    Ok(format!("a data set of {}, {}{notes}", counted(dataset.len(), "sample"), counted(dataset.channels, "channel")))
}

fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
