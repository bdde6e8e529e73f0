//! What the configuration files say together.

use super::document::{Document, Item};
use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use std::path::{Path, PathBuf};

/// The files of one configuration: the one that was named, and those it refers to.
#[derive(Debug)]
pub(super) struct Config {
    pub(super) documents: Vec<Document>,
    pub(super) notes: Vec<String>,
}

/// An HDF5 file and the table of its types.
#[derive(Debug)]
pub(super) struct Pair<'a> {
    pub(super) at: Item<'a>,
    pub(super) file: PathBuf,
    pub(super) types: Option<PathBuf>,
}

impl Config {
    /// Reads a configuration: `config.json`, or a circuit's or a simulation's alone.
    pub(super) fn open(file: &Path) -> Result<Self> {
        let mut wrong = Diagnostics::new();
        let mut notes = Vec::new();
        let mut documents = vec![Document::open(file)?];
        let mut seen = vec![identity(file)];
        let mut next = 0;
        while next < documents.len() {
            let mut found = Vec::new();
            for key in ["network", "simulation"] {
                let Some(item) = documents[next].get(key).filter(|item| item.value.is_string()) else { continue };
                let Some(path) = wrong.take(item.file()) else { continue };
                if !seen.contains(&identity(&path)) {
                    seen.push(identity(&path));
                    found.push(path);
                } else if next == 0 {
                    wrong.push(
                        item.complaint("refers to a file that is being read already")
                            .help("name the circuit's configuration here"),
                    );
                }
            }
            for path in found {
                documents.extend(wrong.take(Document::open(&path)));
            }
            next += 1;
        }
        if wrong.is_empty() && documents.iter().all(|doc| doc.get("networks").is_none()) {
            // Older examples leave it to the simulator's command line.
            let beside = documents[0].beside("circuit_config.json");
            if beside.is_file() && identity(&beside) != seen[0] {
                notes.push("The configuration names no network; the circuit_config.json beside it is taken.".into());
                documents.extend(wrong.take(Document::open(&beside)));
            } else {
                wrong.push(
                    Diagnostic::new("this is no SONATA configuration: it has no `networks` and refers to no `network`")
                        .file(file)
                        .help("give config.json, or a simulation's configuration with the key \"network\""),
                );
            }
        }
        wrong.or(Self { documents, notes })
    }

    /// A key of whichever file has it; the first one where several do.
    pub(super) fn get(&self, key: &str) -> Option<Item<'_>> {
        self.documents.iter().find_map(|doc| doc.get(key))
    }

    /// A folder of components, where it is named.
    pub(super) fn component(&self, name: &str) -> Result<Option<PathBuf>> {
        let found = self.documents.iter().filter_map(|doc| doc.get("components")).find_map(|components| components.get(name));
        found.map(|item| item.file()).transpose()
    }

    /// The files of `networks.nodes` or `networks.edges`.
    pub(super) fn pairs(&self, what: &str) -> Result<Vec<Pair<'_>>> {
        let mut wrong = Diagnostics::new();
        let mut pairs = Vec::new();
        for networks in self.documents.iter().filter_map(|doc| doc.get("networks")) {
            let Some(list) = networks.get(what).and_then(|list| wrong.take(list.list())) else { continue };
            for at in list {
                if at.get("enabled").is_some_and(|enabled| enabled.value == false) {
                    continue;
                }
                let Some(file) = at.get(&format!("{what}_file")) else {
                    wrong.push(at.complaint(format!("`{what}_file` is missing")));
                    continue;
                };
                // `node_types_file`, `edge_types_file`.
                let types = at.get(&format!("{}_types_file", what.trim_end_matches('s'))).map(|item| item.file());
                let types = types.and_then(|types| wrong.take(types));
                if let Some(file) = wrong.take(file.file()) {
                    pairs.push(Pair { at, file, types });
                }
            }
        }
        wrong.or(pairs)
    }

    /// A key of `run`.
    pub(super) fn run(&self, key: &str) -> Option<Item<'_>> {
        self.documents.iter().filter_map(|doc| doc.get("run")).find_map(|run| run.get(key))
    }
}

/// The file itself, by whatever path it is named.
fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
