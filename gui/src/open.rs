//! What files are: a network, results, a data set, a dense network or a project, told by what they hold.

use crate::project::Project;
use crate::session::Source;
use spikewatt::diagnostic::{Diagnostic, Diagnostics, Result};
use spikewatt::record::Results;
use std::path::{Path, PathBuf};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// A spiking network.
    Network,
    /// Spikes of a run.
    Results,
    /// Samples.
    Data,
    /// A dense network.
    Dense,
    /// A project of this viewer.
    Project,
}

/// What several files come to.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// A source.
    Source(Source),
    /// A project, by its file.
    Project(PathBuf),
}

/// What a file is.
///
/// # Errors
/// Where it cannot be read, or is none of them.
pub fn holds(path: &Path) -> Result<Holds> {
    let unreadable = |error: std::io::Error| Diagnostics::from(Diagnostic::new(format!("cannot be read: {error}")).file(path));
    let found = std::fs::metadata(path).map_err(unreadable)?;
    if found.is_dir() {
        return Err(Diagnostic::new("is a folder; a file is needed").file(path).into());
    }
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    Ok(match ending.as_str() {
        "toml" => {
            let text = std::fs::read_to_string(path).map_err(unreadable)?;
            if Project::is_one(&text) { Holds::Project } else { Holds::Network }
        }
        "nir" | "json" => Holds::Network,
        "onnx" => Holds::Dense,
        "h5" | "hdf5" if Results::is_one(path) => Holds::Results,
        "h5" | "hdf5" | "npy" | "csv" => Holds::Data,
        _ => {
            return Err(Diagnostic::new("what a file is, is told by its ending, and this one is unknown")
                .file(path)
                .help("networks end in .toml, .nir or .json, dense ones in .onnx, data sets in .h5, .npy or .csv, results in .h5")
                .into());
        }
    })
}

/// What files come to that are opened together: one network with its data and its dense network, or these for what is open.
///
/// # Errors
/// Where a file is unknown, two are of one kind, or they belong to no network; every complaint at once.
pub fn gather(paths: &[PathBuf], open: Option<&Source>) -> Result<Wanted> {
    let mut wrong = Diagnostics::new();
    let mut of: [Option<PathBuf>; 5] = Default::default();
    for path in paths {
        let Some(kind) = wrong.take(holds(path)) else { continue };
        if let Some(other) = &of[kind as usize] {
            let what = ["network", "file of results", "data set", "dense network", "project"][kind as usize];
            let message = format!("is a second {what} beside {}; one can be opened at a time", other.display());
            wrong.push(Diagnostic::new(message).file(path));
        }
        of[kind as usize] = Some(path.clone());
    }
    let [network, results, input, dense, project] = of;
    if let Some(alone) = project.as_ref().or(results.as_ref())
        && paths.len() > 1
    {
        wrong.push(Diagnostic::new("is opened alone, not together with other files").file(alone));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    if let Some(project) = project {
        return Ok(Wanted::Project(project));
    }
    let mut source = match network.or(results) {
        Some(network) => Source::of_network(network),
        None => open.filter(|source| !source.is_results()).cloned().unwrap_or_default(),
    };
    source.input = input.or(source.input);
    source.dense = dense.or(source.dense);
    if source == Source::default() || source.network.as_os_str().is_empty() {
        let help = "open the network first, or both together";
        let told = |path: &PathBuf| Diagnostic::new("belongs to a network, and none is open").file(path).help(help);
        return Err(source.input.iter().chain(&source.dense).map(told).collect());
    }
    Ok(Wanted::Source(source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_what_they_hold() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let [network, data, dense] =
            ["networks/digits.nir", "datasets/digits.h5", "networks/digits-mlp.onnx"].map(|name| root.join(name));
        assert_eq!(holds(&data).expect("known"), Holds::Data);
        let all = gather(&[dense.clone(), data.clone(), network.clone()], None).expect("they belong together");
        let source = Source { network: network.clone(), text: None, input: Some(data.clone()), dense: Some(dense.clone()) };
        assert_eq!(all, Wanted::Source(source));
        let told = gather(&[data.clone(), dense.clone()], None).expect_err("no network");
        assert_eq!(told.iter().count(), 2, "{told}");
        let open = Source::of_network(&network);
        assert_eq!(
            gather(std::slice::from_ref(&data), Some(&open)).expect("for what is open"),
            Wanted::Source(Source { input: Some(data.clone()), ..open })
        );
        assert!(gather(&[network.clone(), network], None).is_err());
        assert!(gather(&[root.join("README.md"), root.join("no.toml")], None).is_err_and(|w| w.iter().count() == 2));
    }
}
