//! Reading HDF5 without trusting it: every size is checked before memory is taken, every error names its HDF5 path.
//!
//! Shared by all readers of HDF5 files. Numbers are converted by the HDF5 library itself, so any width and byte order
//! reads, NumPy's 16-bit floats and booleans included.

mod attributes;
mod heap;
mod lists;
mod lzf;
mod numbers;
mod superblock;
mod text;
mod width;

use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use hdf5::types::{FixedAscii, FixedUnicode, TypeDescriptor, VarLenArray, VarLenAscii};

use crate::diagnostic::{Diagnostic, Diagnostics, Result};

/// Tells things in one file apart.
pub(crate) type Identity = hdf5::LocationToken;

/// The first eight bytes of an HDF5 file (HDF5 File Format Specification 3.0, section II.A).
const SIGNATURE: [u8; 8] = *b"\x89HDF\r\n\x1a\n";

/// Deflate gives at most 1032 bytes for one (RFC 1951: 258 bytes for two bits and a bit of overhead; zlib's "maximum
/// compression factor").
const LARGEST_RATIO: u64 = 1032;

/// What any dataset may claim beyond that, for small ones that were never written.
const SLACK: u64 = 1 << 20;

/// An HDF5 file opened for reading.
#[derive(Debug)]
pub(crate) struct H5File {
    file: hdf5::File,
    path: PathBuf,
    bytes: u64,
}

/// What the elements of a dataset or attribute are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Whole numbers, booleans and other enumerations.
    Integer { unsigned: bool },
    /// Numbers with a fraction.
    Float,
    /// Text of a fixed number of bytes.
    FixedText { unicode: bool },
    /// Text of any length.
    Text { unicode: bool },
    /// A list of numbers per element.
    List,
    /// Anything else.
    Other,
}

impl Kind {
    fn of(kind: &hdf5::Datatype) -> Self {
        // The conversions are asked first, since describing an enumeration of unchecked width is not safe in the crate.
        if kind.conv_to::<f64>().is_some() {
            if kind.size() > 8 {
                return Self::Other;
            }
            return match kind.to_descriptor() {
                Ok(TypeDescriptor::Unsigned(_)) => Self::Integer { unsigned: true },
                Ok(TypeDescriptor::Integer(_) | TypeDescriptor::Boolean | TypeDescriptor::Enum(_)) => {
                    Self::Integer { unsigned: false }
                }
                // 16-bit floats have no descriptor without the crate's feature for them.
                _ => Self::Float,
            };
        }
        if kind.conv_to::<FixedAscii<1>>().is_some() {
            return Self::FixedText { unicode: false };
        }
        if kind.conv_to::<FixedUnicode<1>>().is_some() {
            return Self::FixedText { unicode: true };
        }
        if kind.conv_to::<VarLenArray<f64>>().is_none() && kind.conv_to::<VarLenAscii>().is_none() {
            return Self::Other;
        }
        match kind.to_descriptor() {
            Ok(TypeDescriptor::VarLenAscii) => Self::Text { unicode: false },
            Ok(TypeDescriptor::VarLenUnicode) => Self::Text { unicode: true },
            _ => Self::List,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Integer { .. } => "whole numbers",
            Self::Float => "numbers with a fraction",
            Self::FixedText { .. } | Self::Text { .. } => "text",
            Self::List => "lists of numbers",
            Self::Other => "data of an unsupported type",
        }
    }
}

impl H5File {
    /// Opens a file.
    ///
    /// # Errors
    /// The file is missing, unreadable, not HDF5, or cut short.
    pub(crate) fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let whole = |message: String| Diagnostics::from(Diagnostic::new(message).file(path));
        let unreadable = |error: std::io::Error| whole(format!("cannot be read: {error}"));
        let mut stream = std::fs::File::open(path).map_err(unreadable)?;
        let meta = stream.metadata().map_err(unreadable)?;
        if !meta.is_file() {
            return Err(whole("is not a file".into()));
        }
        let Some(start) = signature(&mut stream, meta.len()) else {
            return Err(whole("is not an HDF5 file: it does not begin with HDF5's signature".into()));
        };
        if let Some(message) = superblock::complaint(&mut stream, start).map_err(unreadable)? {
            return Err(Diagnostic::new(message).file(path).help("the file is damaged, or of an unusual kind").into());
        }
        if let Some((kind, at)) = heap::endless(&mut stream, start, meta.len()).map_err(unreadable)? {
            let message = format!("is a damaged HDF5 file: the {kind} heap at byte {at} would never end");
            return Err(Diagnostic::new(message).file(path).help("make or download the file again").into());
        }
        // Otherwise the library prints its whole stack of errors to standard error.
        hdf5::silence_errors(true);
        let file = hdf5::File::open(path).map_err(|error| {
            Diagnostic::new(format!("is a damaged or unfinished HDF5 file: {}", words(&error)))
                .file(path)
                .help("make or download the file again")
        })?;
        Ok(Self { file, path: path.to_owned(), bytes: meta.len() })
    }

    /// True where the file at `path` begins as an HDF5 file does.
    pub(crate) fn sniff(path: &Path) -> bool {
        let Ok(mut stream) = std::fs::File::open(path) else { return false };
        let bytes = stream.metadata().map_or(0, |meta| meta.len());
        signature(&mut stream, bytes).is_some()
    }

    /// The file's size in bytes.
    pub(crate) fn size(&self) -> u64 {
        self.bytes
    }

    /// A complaint at an HDF5 path.
    pub(crate) fn complaint(&self, at: &str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::at(at, message).file(&self.path)
    }

    /// True where the path leads to something, or to a link that leads nowhere.
    pub(crate) fn exists(&self, at: &str) -> bool {
        // Where a step before the last is missing, the library complains, and the crate takes that for an answer.
        at.trim_matches('/').is_empty() || self.file.link_exists(at)
    }

    /// True where the path is a group.
    pub(crate) fn is_group(&self, at: &str) -> bool {
        self.exists(at) && self.file.group(at).is_ok()
    }

    /// What the path leads to, whatever it is called there: two paths may lead to one thing.
    pub(crate) fn identity(&self, at: &str) -> Option<Identity> {
        self.exists(at).then(|| self.file.loc_info_by_name(at).ok()).flatten().map(|info| info.token)
    }

    /// The names in a group, sorted.
    ///
    /// # Errors
    /// There is no such group, or its names are damaged.
    pub(crate) fn members(&self, group: &str) -> Result<Vec<String>> {
        let names = self.group(group)?.member_names().map_err(|error| self.unreadable(group, &error))?;
        let mut checked = Vec::with_capacity(names.len());
        for name in names {
            // The crate does not check what the file holds.
            let name = String::from_utf8(name.into_bytes());
            checked.push(name.map_err(|_| self.complaint(group, "has a member whose name is not UTF-8"))?);
        }
        checked.sort_unstable();
        Ok(checked)
    }

    /// The shape of a dataset; empty for a single value.
    ///
    /// # Errors
    /// There is no such dataset, or it claims more than the file can hold.
    pub(crate) fn dims(&self, at: &str) -> Result<Vec<usize>> {
        self.shape(at, &*self.dataset(at)?)
    }

    fn group(&self, at: &str) -> Result<hdf5::Group> {
        self.present(at)?;
        self.file.group(at).map_err(|error| {
            let dataset = self.file.dataset(at).is_ok();
            let message = if dataset { "expected a group, found a dataset".into() } else { damage(&error) };
            self.complaint(at, message).into()
        })
    }

    fn dataset(&self, at: &str) -> Result<hdf5::Dataset> {
        self.present(at)?;
        self.file.dataset(at).map_err(|error| {
            let group = self.file.group(at).is_ok();
            let message = if group { "expected a dataset, found a group".into() } else { damage(&error) };
            self.complaint(at, message).into()
        })
    }

    fn present(&self, at: &str) -> Result<()> {
        if self.exists(at) { Ok(()) } else { Err(self.complaint(at, "is missing").into()) }
    }

    /// The shape of `data`, once it is clear that the file can hold what it claims.
    fn shape(&self, at: &str, data: &hdf5::Container) -> Result<Vec<usize>> {
        let space = data.space().map_err(|error| self.unreadable(at, &error))?;
        if space.is_null() {
            return Ok(vec![0]);
        }
        let shape = space.shape();
        let width = data.dtype().map_err(|error| self.unreadable(at, &error))?.size() as u64;
        let elements = shape.iter().try_fold(1u64, |product, &n| product.checked_mul(n as u64));
        let claimed = elements.and_then(|n| n.checked_mul(width));
        let stored = data.storage_size().min(self.bytes);
        if claimed.is_some_and(|bytes| bytes <= LARGEST_RATIO * stored + SLACK) {
            return Ok(shape);
        }
        let message = format!("claims the shape {shape:?}, but only {stored} bytes are stored for it");
        Err(self.complaint(at, message).help("the file is damaged or was never written to its end").into())
    }

    fn unreadable(&self, at: &str, error: &hdf5::Error) -> Diagnostics {
        self.complaint(at, damage(error)).into()
    }
}

fn damage(error: &hdf5::Error) -> String {
    let words = words(error);
    // The library looks for filters it lacks in a folder of plugins, and complains of that folder.
    if words.contains("plugin") || words.contains("filter") {
        return "is compressed in a way that this program cannot read; gzip and LZF are ways that it can".into();
    }
    format!("cannot be read: {words}")
}

/// The library's own words, on one line.
fn words(error: &hdf5::Error) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where HDF5's signature stands, if it does: files may begin with a block of 512, 1024, … bytes of something else.
fn signature(stream: &mut (impl Read + Seek), bytes: u64) -> Option<u64> {
    let mut at = 0;
    while at + 8 <= bytes {
        let mut head = [0; 8];
        stream.seek(SeekFrom::Start(at)).and_then(|_| stream.read_exact(&mut head)).ok()?;
        if head == SIGNATURE {
            return Some(at);
        }
        at = if at == 0 { 512 } else { at * 2 };
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;
