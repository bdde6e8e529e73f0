//! Files ↔ networks, one format a file, in one list.

pub(crate) mod h5;
pub mod nir;
pub mod onnx;
pub mod sonata;
pub mod toml;

use crate::diagnostic::{Diagnostic, Diagnostics, Place, Result};
use crate::network::{DenseNetwork, Network};
use crate::neuron::Semantics;
use std::path::Path;
use std::str::FromStr;

/// A key of a network file and the value to put in its place, written `KEY=VALUE`: `scale=0.1`, `duration=2s`,
/// `population.e.size=1000`, `stimulus.drive.rate=2kHz`. A section is named by its kind and its name, and what is no TOML by itself
/// is a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The path of the key, with dots.
    pub key: String,
    /// The value, as TOML or as a bare text.
    pub value: String,
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text.split_once('=') {
            Some((key, value)) if !key.trim().is_empty() && !value.trim().is_empty() => {
                Ok(Self { key: key.trim().to_owned(), value: value.trim().to_owned() })
            }
            _ => Err("write KEY=VALUE, such as scale=0.1 or duration=2s".to_owned()),
        }
    }
}

/// Choices of the person who opens a network, which override what the file says or what would be guessed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OpenOptions {
    /// How trained networks' neurons step.
    pub semantics: Option<Semantics>,
    /// Length of a tick, ms.
    pub dt_ms: Option<f64>,
    /// Keys of a TOML file set by hand, in order.
    pub set: Vec<Setting>,
}

/// A file format of networks.
#[derive(Debug)]
pub struct Format {
    /// Its name.
    pub name: &'static str,
    /// One line of what it is.
    pub about: &'static str,
    /// File endings, without the dot.
    pub extensions: &'static [&'static str],
    /// Reads a spiking network, where the format holds such.
    pub network: Option<fn(&Path, &OpenOptions) -> Result<Network>>,
    /// Reads a dense network, where the format holds such.
    pub dense: Option<fn(&Path) -> Result<DenseNetwork>>,
}

/// Every format of networks.
pub const FORMATS: &[Format] = &[
    Format {
        name: "TOML",
        about: "a network file written by people",
        extensions: &["toml"],
        network: Some(|path, options| {
            let mut network = toml::read_with(path, &options.set)?;
            network.semantics = options.semantics.unwrap_or(network.semantics);
            network.dt_ms = options.dt_ms.or(network.dt_ms);
            Ok(network)
        }),
        dense: None,
    },
    Format {
        name: "NIR",
        about: "a network trained in a Python framework",
        extensions: &["nir"],
        network: Some(|path, options| {
            nothing_set(path, options)?;
            let graph = nir::read(path)?;
            nir::to_network(&graph, stem(path), options.semantics, options.dt_ms).map_err(|wrong| wrong.in_file(path))
        }),
        dense: Some(|path| nir::to_dense(&nir::read(path)?, name_of(path)).map_err(|wrong| wrong.in_file(path))),
    },
    Format {
        name: "SONATA",
        about: "a network of point neurons, by its config.json",
        extensions: &["json"],
        network: Some(|path, options| {
            nothing_set(path, options)?;
            sonata::read(path, options)
        }),
        dense: None,
    },
    Format { name: "ONNX", about: "a dense network", extensions: &["onnx"], network: None, dense: Some(|path| onnx::read(path)) },
];

/// Opens a spiking network.
///
/// # Errors
/// Where the file cannot be read as one; every complaint at once.
pub fn open_network(path: &Path, options: &OpenOptions) -> Result<Network> {
    match of_path(path)?.network {
        Some(read) => read(path, options),
        None => Err(not_holding(path, "spiking networks", |f| f.network.is_some())),
    }
}

/// Opens a dense network.
///
/// # Errors
/// Where the file cannot be read as one; every complaint at once.
pub fn open_dense(path: &Path) -> Result<DenseNetwork> {
    match of_path(path)?.dense {
        Some(read) => read(path),
        None => Err(not_holding(path, "dense networks", |f| f.dense.is_some())),
    }
}

/// The format of a file, by its ending.
fn of_path(path: &Path) -> Result<&'static Format> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    FORMATS.iter().find(|f| f.extensions.contains(&ending.as_str())).ok_or_else(|| {
        let known: Vec<_> = FORMATS.iter().flat_map(|f| f.extensions).map(|e| format!(".{e}")).collect();
        Diagnostic::new("a network's format is told by its file's ending, and this one is unknown")
            .file(path)
            .help(format!("endings are {}", known.join(", ")))
            .into()
    })
}

fn not_holding(path: &Path, what: &str, holds: impl Fn(&Format) -> bool) -> Diagnostics {
    let known: Vec<_> = FORMATS.iter().filter(|f| holds(f)).flat_map(|f| f.extensions).map(|e| format!(".{e}")).collect();
    Diagnostic::new(format!("files of this ending hold no {what}"))
        .file(path)
        .help(format!("those are in {}", known.join(", ")))
        .into()
}

/// Refuses settings for a file that has no keys to set.
fn nothing_set(path: &Path, options: &OpenOptions) -> Result<()> {
    let wrong = options.set.iter().map(|setting| {
        Diagnostic::new(format!("only keys of TOML networks can be set, and {} is none", name_of(path)))
            .place(Place::Argument(format!("--set {}", setting.key)))
    });
    wrong.collect::<Diagnostics>().or(())
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default()
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default()
}
