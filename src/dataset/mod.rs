//! Labelled samples: from files, to what an input population gets.
//!
//! [`Dataset::open`] reads a file of any format in [`DATASETS`]; [`encode`] turns one sample into spikes or currents;
//! [`decode`] turns what the output population did into a class. A new format is one file here and one line in the list.

mod axes;
mod csv;
pub mod decode;
pub mod encode;
mod native;
mod npy;
mod samples;

use std::io::Read;
use std::path::{Path, PathBuf};

pub use samples::{Raster, Samples, SpikeLists, Stored, Values};

use crate::diagnostic::{Diagnostic, Diagnostics, Place, Result, quoted};

/// A file format of data sets.
#[derive(Debug)]
pub struct DatasetFormat {
    /// Short name.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// Endings of file names, without the dot, in lower case.
    pub extensions: &'static [&'static str],
    /// True where a file surely is of this format; gets the path and the file's first 64 bytes or fewer.
    pub sniff: fn(&Path, &[u8]) -> bool,
    /// Reads a file; gets the names of an array's axes where somebody gave them.
    pub read: fn(&Path, Option<&str>) -> Result<Dataset>,
}

/// Every format that can be read.
pub const DATASETS: &[DatasetFormat] = &[native::FORMAT, npy::FORMAT, csv::FORMAT];

/// Most channels a data set may have: the engine numbers neurons in 32 bits, and a channel number read from a file must
/// not decide how much memory is taken.
pub(crate) const MOST_CHANNELS: usize = 1 << 24;

/// The names an axis may bear. `sample` is always the first and `step`, where there is one, the second.
pub const AXES: &[&str] = &["sample", "step", "channel", "polarity", "frequency", "feature", "z", "y", "x"];

/// Labelled samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// The file's name without folder and ending.
    pub name: String,
    /// The file it was read from, if any.
    pub file: Option<PathBuf>,
    /// What it is, in a line.
    pub title: Option<String>,
    /// Under which licence it may be used.
    pub licence: Option<String>,
    /// Where it is from.
    pub source: Option<String>,
    /// The paper to cite.
    pub citation: Option<String>,
    /// Input channels: the product of `shape`.
    pub channels: usize,
    /// Sizes of the axes that make up a channel number, slowest first (8 × 8 for an image of 8 rows).
    pub shape: Vec<usize>,
    /// Names of these axes, out of [`AXES`].
    pub axes: Vec<String>,
    /// The samples.
    pub samples: Samples,
    /// The class of each sample.
    pub labels: Option<Vec<u32>>,
    /// Names of the classes, where they have names.
    pub class_names: Vec<String>,
    /// Which sample is for what.
    pub split: Option<Split>,
    /// What the reader had to assume.
    pub notes: Vec<String>,
}

/// Which sample is for what: training, testing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Names of the parts.
    pub names: Vec<String>,
    /// Each sample's part, an index of `names`.
    pub of: Vec<u8>,
}

impl Dataset {
    /// A data set of these samples and nothing else: one axis of channels, no labels.
    #[must_use]
    pub fn new(name: impl Into<String>, channels: usize, samples: Samples) -> Self {
        Self {
            name: name.into(),
            file: None,
            title: None,
            licence: None,
            source: None,
            citation: None,
            channels,
            shape: vec![channels],
            axes: vec!["channel".into()],
            samples,
            labels: None,
            class_names: Vec::new(),
            split: None,
            notes: Vec::new(),
        }
    }

    /// Reads a file, whose format is told by its first bytes or else by its name.
    ///
    /// # Errors
    /// The file is missing, of no known format, or something in it is wrong: every complaint names its place.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::open_as(path, None)
    }

    /// The same, of an array whose axes are given, such as `sample,step,y,x`: names out of [`AXES`], in the order of the array. Without
    /// `sample` the whole array is one sample.
    ///
    /// # Errors
    /// Those of [`Dataset::open`]; the axes are not those of the array, or the file says itself what its axes are.
    pub fn open_as(path: impl AsRef<Path>, axes: Option<&str>) -> Result<Self> {
        let path = path.as_ref();
        let mut head = Vec::with_capacity(64);
        std::fs::File::open(path)
            .and_then(|file| file.take(64).read_to_end(&mut head))
            .map_err(|error| Diagnostic::new(format!("cannot be read: {error}")).file(path))?;
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("").to_ascii_lowercase();
        let format = DATASETS
            .iter()
            .find(|format| (format.sniff)(path, &head))
            .or_else(|| DATASETS.iter().find(|format| format.extensions.contains(&ending.as_str())));
        let Some(format) = format else {
            let known: Vec<_> = DATASETS.iter().flat_map(|format| format.extensions).map(|e| format!(".{e}")).collect();
            let complaint = Diagnostic::new("is of no known data set format").file(path);
            return Err(complaint.help(format!("files ending in {} are read", known.join(", "))).into());
        };
        let mut dataset = (format.read)(path, axes).map_err(|complaints| complaints.in_file(path))?;
        dataset.file = Some(path.to_owned());
        dataset.name = stem(path);
        Ok(dataset)
    }

    /// Writes the data set as HDF5 in the native layout. The file appears whole or not at all.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_native(&self, path: impl AsRef<Path>) -> Result<()> {
        native::write(self, path.as_ref())
    }

    /// How many samples there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.samples {
            Samples::Values(values) => values.len() / self.channels.max(1),
            Samples::Frames { steps, values } => values.len() / (steps * self.channels).max(1),
            Samples::Spikes(lists) => lists.len(),
            Samples::Raster(raster) => raster.len(),
        }
    }

    /// True where there are no samples. No reader gives such a data set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Steps of every sample, where the samples have their own time grid.
    #[must_use]
    pub fn steps(&self) -> Option<usize> {
        match &self.samples {
            Samples::Frames { steps, .. } => Some(*steps),
            Samples::Raster(raster) => Some(raster.steps()),
            Samples::Values(_) | Samples::Spikes(_) => None,
        }
    }

    /// Time of the last spike of all samples in seconds, where the samples are spikes in continuous time.
    #[must_use]
    pub fn duration_s(&self) -> Option<f64> {
        if let Samples::Spikes(lists) = &self.samples { lists.latest_s() } else { None }
    }

    /// How many classes there are: by their names, else by the largest label; 0 without labels.
    #[must_use]
    pub fn classes(&self) -> usize {
        let by_label = self.labels.iter().flatten().max().map_or(0, |&largest| largest as usize + 1);
        by_label.max(self.class_names.len())
    }

    /// The samples of a part of the data set, ascending. Without a name: those of `test` if there is such a part, else all.
    /// `all` names all.
    ///
    /// # Errors
    /// There is no part of that name.
    pub fn select(&self, split: Option<&str>) -> Result<Vec<usize>> {
        let names: &[String] = self.split.as_ref().map_or(&[], |split| &split.names);
        let part = names.iter().position(|name| name == split.unwrap_or("test"));
        match (part, &self.split) {
            (Some(part), Some(Split { of, .. })) => {
                Ok((0..self.len()).filter(|&sample| usize::from(of[sample]) == part).collect())
            }
            _ if split.is_none_or(|name| name == "all") => Ok((0..self.len()).collect()),
            _ => {
                let mut complaint = Diagnostic::new(format!("has no part {}", quoted(split.unwrap_or_default())));
                complaint.file.clone_from(&self.file);
                Err(complaint.help(format!("its parts are {}", [names, &["all".to_owned()]].concat().join(", "))).into())
            }
        }
    }

    /// What every reader checks last.
    fn checked(self) -> Result<Self> {
        let mut wrong = Diagnostics::new();
        if self.is_empty() {
            wrong.push(Diagnostic::new("holds no samples"));
        }
        if self.channels == 0 {
            wrong.push(Diagnostic::new("has no channels"));
        }
        if self.channels > MOST_CHANNELS {
            wrong.push(Diagnostic::new(format!("has {} channels; at most {MOST_CHANNELS} can be used", self.channels)));
        }
        wrong.or(self)
    }
}

/// Refuses axes that are given for a file that tells its own.
fn no_axes(axes: Option<&str>) -> Result<()> {
    let complaint = |_| Diagnostic::new("says itself what its axes are").place(Place::Argument("--axes".into()));
    axes.map(complaint).into_iter().collect::<Diagnostics>().or(())
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn three() -> Dataset {
        let mut dataset = Dataset::new("a", 2, Samples::Values(Values::new(vec![0.0, 0.1, 0.2, 0.3, 0.4, 0.5])));
        dataset.split = Some(Split { names: vec!["train".into(), "test".into()], of: vec![0, 1, 0] });
        dataset
    }

    #[test]
    fn the_test_part_is_chosen_unless_told_otherwise() {
        let mut dataset = three();
        assert_eq!(dataset.len(), 3);
        assert_eq!(dataset.select(None).unwrap(), [1]);
        assert_eq!(dataset.select(Some("train")).unwrap(), [0, 2]);
        assert_eq!(dataset.select(Some("all")).unwrap(), [0, 1, 2]);
        let error = dataset.select(Some("valid")).unwrap_err().to_string();
        assert!(error.contains("has no part `valid`") && error.contains("train, test, all"), "{error}");
        dataset.split = None;
        assert_eq!(dataset.select(None).unwrap(), [0, 1, 2]);
        assert!(dataset.select(Some("test")).is_err());
    }

    #[test]
    fn a_file_of_no_known_format_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.xyz");
        assert!(Dataset::open(&path).unwrap_err().to_string().contains("cannot be read: No such file"));
        std::fs::write(&path, "hello").unwrap();
        let error = Dataset::open(&path).unwrap_err().to_string();
        assert!(error.contains("no known data set format") && error.contains(".npy"), "{error}");
    }

    #[test]
    fn every_format_reports_a_damaged_file() {
        let folder = tempfile::tempdir().unwrap();
        for format in DATASETS {
            for extension in format.extensions {
                for junk in [&b""[..], b"\0\xff\x80junk\n\n", b"\x89HDF\r\n\x1a\n", b"\x93NUMPY\x01\x00\xff"] {
                    let path = folder.path().join(format!("junk.{extension}"));
                    std::fs::write(&path, junk).unwrap();
                    let error = Dataset::open(&path).unwrap_err();
                    assert!(error.iter().all(|complaint| complaint.file.as_deref() == Some(&path)), "{error}");
                }
            }
        }
    }
}
