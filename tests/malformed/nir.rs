//! Trained networks: copies of sound files, changed in one place.

use super::{Bench, root};
use hdf5::types::VarLenUnicode;

/// input (4) → lif (4) → output (4).
const CHAIN: &str = "tests/data/nir/primitive_graph_metadata.nir";

/// A network with weights: nodes `0` (Affine, 1 × 1), `1` (LIF), `input`, `output`.
const WEIGHTS: &str = "tests/data/nir/paper_lif_norse.nir";

pub(super) fn text(file: &hdf5::File, at: &str, value: &str) {
    let _ = file.unlink(at);
    file.new_dataset::<VarLenUnicode>().create(at).unwrap().write_scalar(&value.parse::<VarLenUnicode>().unwrap()).unwrap();
}

pub(super) fn edges(file: &hdf5::File, names: &[&str]) {
    file.unlink("/node/edges").unwrap();
    let ends: Vec<VarLenUnicode> = names.iter().map(|name| name.parse().unwrap()).collect();
    file.new_dataset::<VarLenUnicode>().shape((names.len() / 2, 2)).create("/node/edges").unwrap().write_raw(&ends).unwrap();
}

pub(super) fn numbers<T: hdf5::H5Type>(file: &hdf5::File, at: &str, shape: &[usize], values: &[T]) {
    let _ = file.unlink(at);
    file.new_dataset::<T>().shape(shape).create(at).unwrap().write_raw(values).unwrap();
}

pub(super) fn unlink(file: &hdf5::File, at: &str) {
    file.unlink(at).unwrap();
}

pub(super) type Change = fn(&hdf5::File);

const CHANGED: &[(&str, &str, Change, &[&str])] = &[
    ("nir: HDF5 without a network", CHAIN, |f| unlink(f, "/node"), &["no group /node"]),
    ("nir: a node's group is missing", CHAIN, |f| unlink(f, "/node/nodes"), &["/node/nodes: is missing"]),
    ("nir: no edges", CHAIN, |f| unlink(f, "/node/edges"), &["/node/edges: is missing"]),
    ("nir: an edge is missing", CHAIN, |f| edges(f, &["input", "lif"]), &["/node/edges: ", "`output`"]),
    ("nir: an edge to nowhere", CHAIN, |f| edges(f, &["input", "lif", "lif", "nowhere"]), &["/node/edges: ", "`nowhere`"]),
    ("nir: three ends of an edge", CHAIN, |f| numbers(f, "/node/edges", &[1, 3], &[0i32; 3]), &["/node/edges: expected text"]),
    ("nir: numbers for edges' names", CHAIN, |f| numbers(f, "/node/edges", &[1, 2], &[0i32; 2]), &["/node/edges: expected text"]),
    ("nir: no type", CHAIN, |f| unlink(f, "/node/nodes/lif/type"), &["/node/nodes/lif/type: is missing"]),
    ("nir: an unknown type", CHAIN, |f| text(f, "/node/nodes/lif/type", "LIFX"), &["/node/nodes/lif/type: ", "`LIFX`", "LIF"]),
    ("nir: a convolution", CHAIN, |f| text(f, "/node/nodes/lif/type", "Conv2d"), &["/node/nodes/lif: ", "Conv2d", "`weight`"]),
    ("nir: no input", CHAIN, |f| unlink(f, "/node/nodes/input"), &["/node/nodes: ", "no Input node"]),
    ("nir: a parameter is missing", CHAIN, |f| unlink(f, "/node/nodes/lif/tau"), &["/node/nodes/lif: ", "`tau`"]),
    (
        "nir: a group for a parameter",
        CHAIN,
        |f| {
            unlink(f, "/node/nodes/lif/tau");
            f.create_group("/node/nodes/lif/tau").unwrap();
        },
        &["/node/nodes/lif/tau: expected a dataset, found a group"],
    ),
    (
        "nir: a dataset for a group",
        CHAIN,
        |f| {
            unlink(f, "/node/nodes");
            numbers(f, "/node/nodes", &[1], &[1.0f32]);
        },
        &["/node/nodes: expected a group, found a dataset"],
    ),
    ("nir: text for a parameter", CHAIN, |f| text(f, "/node/nodes/lif/tau", "long"), &["lif/tau: expected numbers, found text"]),
    ("nir: NaN for a parameter", CHAIN, |f| numbers(f, "/node/nodes/lif/tau", &[1], &[f64::NAN]), &["lif/tau: ", "NaN"]),
    ("nir: a negative time constant", CHAIN, |f| numbers(f, "/node/nodes/lif/tau", &[1], &[-1f64]), &["lif/tau: ", "found -1"]),
    ("nir: three parameters for four neurons", CHAIN, |f| numbers(f, "/node/nodes/lif/r", &[3], &[1f64; 3]), &["lif/", "[3]"]),
    (
        "nir: 10^12 parameters never written",
        CHAIN,
        |f| {
            unlink(f, "/node/nodes/lif/tau");
            f.new_dataset::<f64>().chunk(1024).shape(1_000_000_000_000usize).create("/node/nodes/lif/tau").unwrap();
        },
        &["lif/tau: claims the shape [1000000000000]"],
    ),
    ("nir: an input of 2^126", CHAIN, |f| numbers(f, "/node/nodes/input/shape", &[2], &[i64::MAX; 2]), &["input/shape: claims"]),
    ("nir: an input of minus one", CHAIN, |f| numbers(f, "/node/nodes/input/shape", &[1], &[-1i64]), &["input/shape: ", "-1"]),
    (
        "nir: an input of three, neurons of four",
        CHAIN,
        |f| numbers(f, "/node/nodes/input/shape", &[1], &[3i64]),
        &["/node/nodes/input: `input` says [3]", "[4]"],
    ),
    ("nir: NaN for a weight", WEIGHTS, |f| numbers(f, "/node/nodes/0/weight", &[1, 1], &[f32::NAN]), &["/0/weight: ", "NaN"]),
    (
        "nir: an infinite weight",
        WEIGHTS,
        |f| numbers(f, "/node/nodes/0/weight", &[1, 1], &[f32::INFINITY]),
        &["/0/weight: ", "inf"],
    ),
    ("nir: a vector for a matrix", WEIGHTS, |f| numbers(f, "/node/nodes/0/weight", &[1], &[1f32]), &["/0/weight: ", "[1]"]),
    ("nir: a bias too long", WEIGHTS, |f| numbers(f, "/node/nodes/0/bias", &[3], &[1f32; 3]), &["/0/bias: ", "[3]"]),
    (
        "nir: a circle without delay",
        "networks/digits.nir",
        |f| {
            // Between two weights there is no neuron to hold a tick back.
            let names: Vec<String> = f.group("/node/nodes").unwrap().member_names().unwrap();
            assert!(names.contains(&"fc1".to_owned()), "{names:?}");
            numbers(f, "/node/nodes/fc1/weight", &[64, 64], &[0f32; 64 * 64]);
            let _ = f.unlink("/node/nodes/fc1/bias");
            text(f, "/node/nodes/fc1/type", "Linear");
            edges(f, &["input", "fc1", "fc1", "fc1", "fc1", "output"]);
        },
        &["/node/edges", "fc1"],
    ),
];

pub(super) fn cases(bench: &mut Bench) {
    for (number, (name, sample, change, words)) in CHANGED.iter().chain(super::nir_kinds::CHANGED).enumerate() {
        let path = bench.path(&format!("{number}.nir"));
        std::fs::copy(root(sample), &path).unwrap();
        let file = hdf5::File::open_rw(&path).unwrap();
        change(&file);
        file.close().unwrap();
        let at = format!("DIR/{number}.nir");
        bench.refuse(name, &["inspect", &at], &[&[at.as_str()], *words].concat());
    }
    let whole = std::fs::read(root("networks/digits.nir")).unwrap();
    let half = &whole[..whole.len() / 2];
    for (name, file, bytes, words) in [
        ("nir: an empty file", "empty.nir", &b""[..], "is not an HDF5 file"),
        ("nir: text", "text.nir", b"[network]\n", "is not an HDF5 file"),
        ("nir: a signature and nothing else", "signature.nir", &whole[..8], "HDF5"),
        ("nir: cut in its middle", "half.nir", half, "HDF5"),
        ("nir: without its last byte", "last.nir", &whole[..whole.len() - 1], "HDF5"),
    ] {
        bench.file(file, bytes);
        let at = format!("DIR/{file}");
        bench.refuse(name, &["run", &at, "--input", "ROOT/datasets/digits.h5"], &[&at, words]);
    }
    std::fs::create_dir(bench.path("folder.nir")).unwrap();
    bench.refuse("nir: a folder", &["inspect", "DIR/folder.nir"], &["DIR/folder.nir: is not a file"]);
    let mut wide = whole.clone();
    wide[13..15].copy_from_slice(&[16, 16]);
    bench.file("wide.nir", wide);
    bench.refuse("nir: places of 16 bytes", &["inspect", "DIR/wide.nir"], &["DIR/wide.nir: ", "16 bytes"]);
}
