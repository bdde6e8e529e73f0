//! Bad input, given to the program as its users would: refused with exit code 2, the file and the place, and nothing on standard
//! output; never a panic, a signal, a hang, an HDF5 stack of errors, or memory without end.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod commands;
mod datasets;
mod mutations;
mod nir;
mod nir_kinds;
mod onnx;
mod program;
mod toml;

use program::{Answer, spikewatt};
use std::path::{Path, PathBuf};

/// A file of the repository.
fn root(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// One run of the program that must be refused.
struct Case {
    name: &'static str,
    arguments: Vec<String>,
    /// What standard error must say.
    words: Vec<String>,
    /// How many complaints it must hold, where that is the point.
    complaints: Option<usize>,
    /// Whether the words must stand in this order.
    in_order: bool,
}

/// The cases, and the folder of their files.
struct Bench {
    folder: tempfile::TempDir,
    cases: Vec<Case>,
}

impl Bench {
    /// A place for a file.
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file and gives its path.
    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Adds a case. In arguments and words, `DIR/` is the folder of the cases and `ROOT/` that of the repository.
    fn refuse(&mut self, name: &'static str, arguments: &[&str], words: &[&str]) -> &mut Case {
        let folder = format!("{}/", self.folder.path().display());
        let root = format!("{}/", root("").display().to_string().trim_end_matches('/'));
        let real = |texts: &[&str]| texts.iter().map(|text| text.replace("DIR/", &folder).replace("ROOT/", &root)).collect();
        assert!(self.cases.iter().all(|case| case.name != name), "two cases are called {name}");
        self.cases.push(Case { name, arguments: real(arguments), words: real(words), complaints: None, in_order: false });
        self.cases.last_mut().unwrap()
    }
}

/// What is wrong with an answer, whatever the input was.
fn faults(answer: &Answer) -> Vec<String> {
    let mut faults = Vec::new();
    for text in ["panicked", "RUST_BACKTRACE", "HDF5-DIAG", "internal error", "ulimit"] {
        if answer.stderr.contains(text) {
            faults.push(format!("standard error says {text:?}"));
        }
    }
    match answer.code {
        None if answer.late => faults.push("it did not end in time".into()),
        None => faults.push("a signal ended it".into()),
        Some(0) => {}
        Some(2) if !answer.stdout.is_empty() => faults.push("it wrote to standard output".into()),
        Some(2) if !answer.stderr.contains("error: ") => faults.push("it does not say what is wrong".into()),
        Some(2) => {}
        Some(code) => faults.push(format!("it ended with {code}")),
    }
    faults
}

#[test]
fn malformed_input_is_refused_with_its_place() {
    let mut bench = Bench { folder: tempfile::tempdir().unwrap(), cases: Vec::new() };
    toml::cases(&mut bench);
    nir::cases(&mut bench);
    onnx::cases(&mut bench);
    datasets::cases(&mut bench);
    commands::cases(&mut bench);
    assert!(bench.cases.len() >= 100, "{} cases", bench.cases.len());
    let mut failed = Vec::new();
    for case in &bench.cases {
        let answer = spikewatt(&case.arguments);
        let mut faults = faults(&answer);
        if answer.code == Some(0) {
            faults.push("it was taken".into());
        }
        faults.extend(case.words.iter().filter(|w| !answer.stderr.contains(*w)).map(|w| format!("{w:?} is not said")));
        let places: Vec<_> = case.words.iter().map(|w| answer.stderr.find(w.as_str())).collect();
        if case.in_order && !places.is_sorted() {
            faults.push("not in this order".into());
        }
        let complaints = answer.stderr.matches("error: ").count();
        if case.complaints.is_some_and(|expected| expected != complaints) {
            faults.push(format!("{complaints} complaints"));
        }
        if !faults.is_empty() {
            failed.push(format!("── {}: {}\n{:?}\n{}", case.name, faults.join("; "), case.arguments, answer.stderr));
        }
    }
    assert!(failed.is_empty(), "{} of {} cases failed\n{}", failed.len(), bench.cases.len(), failed.join("\n"));
    let left: Vec<_> = std::fs::read_dir(bench.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".spikewatt-")), "half-written files: {left:?}");
}

#[test]
fn no_mutation_of_a_real_file_breaks_the_program() {
    mutations::check();
}

#[test]
fn files_that_once_hung_or_ate_memory_are_refused() {
    mutations::regressions();
}
