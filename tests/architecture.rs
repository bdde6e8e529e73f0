//! The house keeps its shape: floors use only lower floors, and ARCHITECTURE.md tells the truth.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Floor of each module, lowest first; modules of one floor may use each other.
const FLOORS: &[&[&str]] = &[
    &["units", "diagnostic", "rng", "numerics", "whole_file"],
    &["neuron", "spike", "counts"],
    &["network", "format", "dataset"],
    &["compile"],
    &["engine", "record", "placement"],
    &["energy", "dense"],
    &["report"],
    &["study"],
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// The module of a file under `src`, and its text without its tests.
fn modules() -> Vec<(String, PathBuf, String)> {
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    files
        .into_iter()
        .filter_map(|path| {
            let inner = path.strip_prefix(root().join("src")).expect("under src").to_owned();
            let module = inner.iter().next()?.to_string_lossy().trim_end_matches(".rs").to_owned();
            let name = path.file_stem()?.to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).expect("a text");
            let own = if name == "tests" || name.ends_with("_tests") { "" } else { text.split("#[cfg(test)]").next()? };
            (module != "lib" && module != "main" && module != "cli").then(|| (module, path, own.to_owned()))
        })
        .collect()
}

#[test]
fn floors_use_only_lower_floors() {
    let floor: BTreeMap<&str, usize> =
        FLOORS.iter().enumerate().flat_map(|(at, names)| names.iter().map(move |name| (*name, at))).collect();
    let mut seen = 0;
    for (module, path, text) in modules() {
        let own = *floor.get(module.as_str()).unwrap_or_else(|| panic!("{}: `{module}` has no floor", path.display()));
        for (at, _) in text.match_indices("crate::") {
            let line = text[..at].rsplit('\n').next().unwrap_or("");
            if line.trim_start().starts_with("//") {
                continue;
            }
            let used: String = text[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if let Some(&other) = floor.get(used.as_str()) {
                seen += 1;
                assert!(other <= own, "{}: floor {own} ({module}) uses floor {other} ({used})", path.display());
            }
        }
    }
    assert!(seen > 50, "the test reads the `crate::` paths: only {seen} found");
}

#[test]
fn energy_reads_counts_and_devices_only() {
    for (module, path, text) in modules() {
        if module == "energy" {
            for forbidden in
                ["crate::engine", "crate::compile", "crate::network", "crate::record", "crate::dataset", "crate::neuron"]
            {
                assert!(!text.contains(forbidden), "{} uses {forbidden}", path.display());
            }
        }
        if ["engine", "compile", "neuron", "record"].contains(&module.as_str()) {
            assert!(!text.contains("joule"), "{}: the engine knows no joules", path.display());
        }
        if module == "placement" {
            for forbidden in ["crate::engine", "crate::energy", "joule"] {
                assert!(!text.contains(forbidden), "{} uses {forbidden}", path.display());
            }
        }
    }
}

#[test]
fn every_invariant_names_a_test_that_is_there() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md is there");
    let mut all = String::new();
    for folder in ["src", "tests", "gui"] {
        let mut files = Vec::new();
        rust_files(&root().join(folder), &mut files);
        files.iter().for_each(|f| all.push_str(&fs::read_to_string(f).expect("a text")));
    }
    let invariants: Vec<_> = text.lines().filter(|line| line.contains("Invariant:")).collect();
    assert!(invariants.len() >= 8, "ARCHITECTURE.md states its invariants");
    for line in invariants {
        let guard = line.split("Guard: `").nth(1).and_then(|rest| rest.split('`').next());
        let guard = guard.unwrap_or_else(|| panic!("no guard in: {line}"));
        assert!(all.contains(&format!("fn {guard}(")), "the guard `{guard}` is not there: {line}");
    }
}

#[test]
fn files_named_in_the_documents_are_there() {
    for document in ["ARCHITECTURE.md", "README.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root().join(document)).expect("the document is there");
        for named in text.split('`').skip(1).step_by(2) {
            let is_path =
                ["src/", "gui/", "tests/", "networks/", "datasets/", "benches/", ".ci/"].iter().any(|p| named.starts_with(p));
            if is_path && !named.contains([' ', '*', '<', '{']) {
                assert!(root().join(named).exists(), "{document} names `{named}`, which is not there");
            }
        }
    }
}

#[test]
fn nothing_but_the_usual_stands_at_the_top() {
    let usual = [
        "Cargo.toml",
        "Cargo.lock",
        "src",
        "networks",
        "datasets",
        "gui",
        "tests",
        "benches",
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "target",
        "proptest-regressions",
    ];
    for entry in fs::read_dir(root()).expect("a folder") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        assert!(name.starts_with('.') || usual.contains(&name.as_str()), "`{name}` stands at the top level");
    }
}
