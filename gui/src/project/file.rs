//! A project: where things are from, what was changed of them, and how they are looked at.

use super::Edits;
use super::Place;
use crate::session::{Neuron, Source};
use serde::{Deserialize, Serialize};
use spikewatt::diagnostic::{self, Diagnostic, Result};
use spikewatt::whole_file::write_whole;
use std::path::{Component, Path, PathBuf};

/// How a project's file ends.
pub const ENDING: &str = "spikewatt.toml";
/// The version of its keys.
const VERSION: u32 = 1;

/// A project, as its file has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Project {
    /// Version of the keys, and what tells a project from a network.
    pub spikewatt_project: u32,
    /// The device that runs the spiking network.
    pub spiking_device: String,
    /// The device that runs the dense one.
    pub dense_device: String,
    /// The theme: `system`, `light` or `dark`.
    #[serde(default)]
    pub theme: String,
    /// Size of text and marks, 1 as usual.
    #[serde(default = "one")]
    pub scale: f32,
    /// Neurons whose membranes are followed.
    #[serde(default)]
    pub watched: Vec<Neuron>,
    /// Files.
    pub source: Source,
    /// What was changed of the network.
    #[serde(default)]
    pub edits: Edits,
    /// Where the panels stand.
    #[serde(default)]
    pub panels: Option<Place>,
}

fn one() -> f32 {
    1.0
}

impl Project {
    /// A project of the present version.
    #[must_use]
    pub fn new(source: Source) -> Self {
        Self {
            spikewatt_project: VERSION,
            spiking_device: String::new(),
            dense_device: String::new(),
            theme: String::new(),
            scale: 1.0,
            watched: Vec::new(),
            source,
            edits: Edits::default(),
            panels: None,
        }
    }

    /// True where a text is a project's and not a network's.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        text.lines().take_while(|line| !line.starts_with('[')).any(|line| line.trim_start().starts_with("spikewatt_project"))
    }

    /// Reads a project. Paths in it count from its folder.
    ///
    /// # Errors
    /// Where it cannot be read, is no TOML, or has no key that it needs.
    pub fn read(path: &Path) -> Result<Self> {
        let text =
            std::fs::read_to_string(path).map_err(|error| Diagnostic::new(format!("cannot be read: {error}")).file(path))?;
        let mut project: Self = toml::from_str(&text).map_err(|error| {
            let told = Diagnostic::new(format!("is no project: {}", error.message())).file(path);
            match error.span() {
                Some(span) => told.place(diagnostic::Place::in_text(&text, span.start, span.end)),
                None => told,
            }
        })?;
        if project.spikewatt_project != VERSION {
            let message = format!("is a project of version {}; this viewer reads version {VERSION}", project.spikewatt_project);
            return Err(Diagnostic::new(message).file(path).into());
        }
        let folder = folder_of(path);
        project.source = project.source.map_paths(|at| folder.join(at));
        Ok(project)
    }

    /// Writes it, whole or not at all. Paths under the project's folder are written as seen from there.
    ///
    /// # Errors
    /// Where the folder cannot be written to.
    pub fn write(&self, path: &Path) -> Result<()> {
        let folder = absolute(&folder_of(path));
        let mut written = self.clone();
        written.source = self.source.map_paths(|at| relative(&absolute(at), &folder));
        let text =
            toml::to_string(&written).map_err(|error| Diagnostic::new(format!("cannot be written: {error}")).file(path))?;
        write_whole(path, |beside| std::fs::write(beside, text).map_err(|error| error.to_string()))
    }
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// The same path from the root, without steps that lead back.
fn absolute(path: &Path) -> PathBuf {
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}

/// `path` as seen from `folder`, both absolute; as it is where they have nothing in common but the root.
fn relative(path: &Path, folder: &Path) -> PathBuf {
    let common = path.components().zip(folder.components()).take_while(|(a, b)| a == b).count();
    if !path.components().take(common).any(|part| matches!(part, Component::Normal(_))) {
        return path.to_owned();
    }
    let up = folder.components().skip(common).map(|_| Component::ParentDir);
    up.chain(path.components().skip(common)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_reads_back_as_it_was_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let below = folder.path().join("below");
        std::fs::create_dir(&below).expect("a folder");
        let network = folder.path().join("net.toml");
        std::fs::write(&network, "name = \"x\"").expect("written");
        let mut project = Project::new(Source { dense: Some(below.join("d.onnx")), ..Source::of_network(&network) });
        project.watched.push(Neuron { population: 1, id: 7 });
        project.edits.set.entry("e".into()).or_default().insert("v_th".into(), 2.5);
        project.edits.set.entry("i".into()).or_default().insert("v_th".into(), f64::INFINITY);
        project.edits.input = Some(0.5);
        project.spiking_device = "loihi".into();
        let path = below.join(format!("a.{ENDING}"));
        project.write(&path).expect("written");
        let text = std::fs::read_to_string(&path).expect("there");
        assert!(text.contains("\"../net.toml\"") && text.contains("\"d.onnx\""), "{text}");
        assert!(Project::is_one(&text) && !Project::is_one("name = \"x\"\n[spikewatt_project]\n"));
        let read = Project::read(&path).expect("good");
        assert_eq!(read.source.network.canonicalize().expect("there"), network.canonicalize().expect("there"));
        assert_eq!(Project { source: project.source.clone(), ..read }, project);
        std::fs::write(&path, "spikewatt_project = 1\nsource = 3\n").expect("written");
        assert!(Project::read(&path).expect_err("no source").to_string().contains(":2:"));
    }
}
