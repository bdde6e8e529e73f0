//! Real files with a few bytes changed, cut short or zeroed: read or refused, whatever the bytes.

use super::{faults, program::spikewatt, root};
use spikewatt::rng::{Purpose, Stream};
use std::path::Path;

/// Mutations of each file.
const EACH: u64 = 150;

/// Files, and what is done with them; `FILE` is the mutated copy. Steps are few, since a remark may ask for any number of them.
const FILES: &[(&str, &[&str])] = &[
    ("networks/digits.nir", &["run", "FILE", "--input", "ROOT/datasets/digits.h5", "--samples", "2", "--steps", "5", "--quiet"]),
    ("tests/data/nir/wild_ifsynfire.nir", &["inspect", "FILE"]),
    ("tests/data/nir/primitives/graph_recurrent_nested.nir", &["inspect", "FILE"]),
    ("tests/data/nir/primitives/conv2d_s2p1.nir", &["inspect", "FILE"]),
    ("tests/data/nir/primitive_compression_lzf.nir", &["inspect", "FILE"]),
    ("tests/data/datasets/shd_like.h5", &["inspect", "FILE"]),
    ("networks/digits-mlp.onnx", &["inspect", "FILE"]),
];

/// Numbers of a stream, one after another.
struct Draws {
    stream: Stream,
    next: u64,
}

impl Draws {
    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize {
        self.next += 1;
        self.stream.below(self.next, end as u64) as usize
    }
}

fn mutate(bytes: &mut Vec<u8>, draws: &mut Draws) {
    let len = bytes.len();
    // Most of a file is numbers; what tells where they are stands mostly at its beginning.
    let at = if draws.below(3) == 0 { draws.below(len.min(4096)) } else { draws.below(len) };
    match draws.below(5) {
        0 => bytes.truncate(at),
        1 => {
            let end = len.min(at + [1, 4, 8, 16, 512][draws.below(5)]);
            let value = [0, 0xff][draws.below(2)];
            bytes[at..end].fill(value);
        }
        2 => {
            let from = draws.below(len - 64);
            let to = at.min(len - 64);
            bytes.copy_within(from..from + 8, to);
        }
        _ => {
            bytes[at] ^= 1 << draws.below(8);
            for _ in 0..draws.below(8) {
                let at = draws.below(len);
                bytes[at] ^= 1 << draws.below(8);
            }
        }
    }
}

/// What goes wrong with the mutations of a file.
fn campaign(folder: &Path, number: u32) -> Vec<String> {
    let (sample, arguments) = FILES[number as usize];
    let whole = std::fs::read(root(sample)).unwrap();
    let file = folder.join(format!("{number}.{}", Path::new(sample).extension().unwrap().display()));
    let arguments: Vec<String> = arguments
        .iter()
        .map(|argument| argument.replace("FILE", &file.display().to_string()))
        .map(|argument| argument.strip_prefix("ROOT/").map_or(argument.clone(), |name| root(name).display().to_string()))
        .collect();
    let mut failed = Vec::new();
    for seed in 0..EACH {
        let mut bytes = whole.clone();
        mutate(&mut bytes, &mut Draws { stream: Stream::new(seed, Purpose::Init, number), next: 0 });
        std::fs::write(&file, bytes).unwrap();
        let answer = spikewatt(&arguments);
        let mut faults = faults(&answer);
        if answer.code == Some(2) && !answer.stderr.contains(&file.display().to_string()) {
            faults.push("it does not name the file".into());
        }
        if !faults.is_empty() {
            failed.push(format!("── {sample}, mutation {seed}: {}\n{}", faults.join("; "), answer.stderr));
        }
    }
    failed
}

pub(super) fn check() {
    let folder = tempfile::tempdir().unwrap();
    let failed: Vec<String> = std::thread::scope(|scope| {
        let folder = folder.path();
        let all: Vec<_> = (0..FILES.len() as u32).map(|number| scope.spawn(move || campaign(folder, number))).collect();
        all.into_iter().flat_map(|one| one.join().unwrap()).collect()
    });
    assert!(failed.is_empty(), "{} mutations failed\n{}", failed.len(), failed.join("\n"));
}

/// Each file under tests/data/malformed once made the HDF5 library loop for ever or take memory without bound.
pub(super) fn regressions() {
    let mut seen = 0;
    for entry in std::fs::read_dir(root("tests/data/malformed")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "md") {
            continue;
        }
        let answer = spikewatt(&["inspect".to_owned(), path.display().to_string()]);
        assert_eq!((answer.code, faults(&answer)), (Some(2), vec![]), "{}\n{}", path.display(), answer.stderr);
        assert!(answer.stderr.contains(&path.display().to_string()), "{}", answer.stderr);
        // Before the library is asked, that is: afterwards it is too late.
        let ours = ["would never end", "/node/edges: a list claims 1073741824 elements"];
        assert!(ours.iter().any(|words| answer.stderr.contains(words)), "{}", answer.stderr);
        seen += 1;
    }
    assert_eq!(seen, 5);
}
