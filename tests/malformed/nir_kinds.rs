//! Convolutions, pools, delays, and graphs within graphs.

use super::nir::{Change, edges, numbers, text, unlink};

/// input (2 × 9 × 8) → node (Conv2d, 4 × 2 × 3 × 3, stride 2) → output.
const CONV: &str = "tests/data/nir/primitives/conv2d_s2p1.nir";

/// The same with `padding` = `same`.
const SAME: &str = "tests/data/nir/primitive_conv2d_same.nir";

/// input (2 × 8 × 6) → node (SumPool2d) → output.
const POOL: &str = "tests/data/nir/primitives/sumpool2d.nir";

/// input (6) → node (Delay) → output.
const DELAY: &str = "tests/data/nir/primitives/delay.nir";

/// input → fc → rnn (input → lif ⇄ w_rec, lif → output) → output.
const NESTED: &str = "tests/data/nir/primitives/graph_recurrent_nested.nir";

/// Numbers packed by LZF.
const LZF: &str = "tests/data/nir/primitive_compression_lzf.nir";

const NODE: &str = "/node/nodes/node";

fn whole(file: &hdf5::File, name: &str, values: &[i64]) {
    numbers(file, &format!("{NODE}/{name}"), &[values.len()], values);
}

/// Graphs within graphs, each with `twice` links to the next.
fn deep(file: &hdf5::File, depth: usize, twice: bool) {
    let mut at = "/node".to_owned();
    for _ in 0..depth {
        let inner = format!("{at}/nodes/g");
        file.create_group(&inner).unwrap();
        text(file, &format!("{inner}/type"), "NIRGraph");
        file.create_group(&format!("{inner}/nodes")).unwrap();
        file.new_dataset::<f32>().shape((0, 2)).create(format!("{inner}/edges").as_str()).unwrap();
        if twice {
            file.link_hard(&inner, &format!("{at}/nodes/h")).unwrap();
        }
        at = inner;
    }
}

pub(super) const CHANGED: &[(&str, &str, Change, &[&str])] = &[
    (
        "conv: a kernel without width",
        CONV,
        |f| numbers(f, "/node/nodes/node/weight", &[4, 2, 9], &[1f32; 72]),
        &["node/weight: ", "[4, 2, 9]"],
    ),
    ("conv: no kernel", CONV, |f| unlink(f, "/node/nodes/node/weight"), &["/node/nodes/node: ", "`weight`"]),
    (
        "conv: a kernel without places",
        CONV,
        |f| numbers(f, "/node/nodes/node/weight", &[4, 2, 0, 3], &[0f32; 0]),
        &["node/weight: is empty"],
    ),
    (
        "conv: a NaN in the kernel",
        CONV,
        |f| numbers(f, "/node/nodes/node/weight", &[4, 2, 1, 1], &[f32::NAN; 8]),
        &["node/weight: ", "NaN"],
    ),
    ("conv: a stride of zero", CONV, |f| whole(f, "stride", &[0, 1]), &["node/stride: ", "above zero, found 0"]),
    ("conv: a stride of a half", CONV, |f| numbers(f, "/node/nodes/node/stride", &[2], &[0.5f64; 2]), &["node/stride: ", "0.5"]),
    ("conv: three strides", CONV, |f| whole(f, "stride", &[1, 1, 1]), &["node/stride: ", "1, 1, 1"]),
    ("conv: a stride of 2^40", CONV, |f| whole(f, "stride", &[1 << 40, 1]), &["node/stride: claims 1099511627776"]),
    ("conv: a border below zero", CONV, |f| whole(f, "padding", &[-1, 1]), &["node/padding: ", "found -1"]),
    ("conv: a border of 2^40", CONV, |f| whole(f, "padding", &[1 << 40]), &["node/padding: claims 1099511627776"]),
    ("conv: a border of 2^27", CONV, |f| whole(f, "padding", &[1 << 27]), &["/node/nodes/node: ", "at most"]),
    ("conv: a border of an unknown name", SAME, |f| text(f, "/node/nodes/node/padding", "sane"), &["node/padding: ", "`sane`"]),
    ("conv: the same size with a stride", SAME, |f| whole(f, "stride", &[2, 2]), &["node/padding: `same`", "[2, 2]"]),
    ("conv: a dilation of zero", CONV, |f| whole(f, "dilation", &[0]), &["node/dilation: ", "found 0"]),
    ("conv: a dilation of 2^20", CONV, |f| whole(f, "dilation", &[1 << 20]), &["/node/nodes/node: ", "does not fit into [9, 8]"]),
    ("conv: groups that do not divide", CONV, |f| whole(f, "groups", &[3]), &["node/groups: 3 groups"]),
    ("conv: no groups", CONV, |f| whole(f, "groups", &[0]), &["node/groups: ", "found 0"]),
    ("conv: 2^62 groups", CONV, |f| whole(f, "groups", &[1 << 62]), &["node/groups: claims"]),
    ("conv: more channels than come in", CONV, |f| whole(f, "groups", &[2]), &["`input` says [2, 9, 8]", "[4, 9, 8]"]),
    ("conv: a bias for five channels", CONV, |f| numbers(f, "/node/nodes/node/bias", &[5], &[0f32; 5]), &["node/bias: ", "[5]"]),
    (
        "conv: a kernel larger than its input",
        CONV,
        |f| numbers(f, "/node/nodes/node/weight", &[4, 2, 20, 3], &[0f32; 480]),
        &["/node/nodes/node: ", "[20, 3]", "[9, 8]"],
    ),
    ("conv: an input of 2^80", CONV, |f| whole(f, "input_shape", &[1 << 40, 1 << 40]), &["node/input_shape: claims"]),
    ("conv: an input of 2^54", CONV, |f| whole(f, "input_shape", &[1 << 27, 1 << 27]), &["/node/nodes/node: ", "at most"]),
    (
        "conv: an input of another size",
        CONV,
        |f| whole(f, "input_shape", &[12, 6]),
        &["/node/edges: edge `input` -> `node`", "[2, 9, 8]", "[2, 12, 6]"],
    ),
    (
        "conv: an input without rows",
        CONV,
        |f| {
            unlink(f, "/node/nodes/node/input_shape");
            numbers(f, "/node/nodes/input/shape", &[1], &[144i64]);
        },
        &["/node/nodes/node: ", "channels × rows × columns", "[144]"],
    ),
    ("pool: a window of zero", POOL, |f| whole(f, "kernel_size", &[0, 2]), &["node/kernel_size: ", "found 0"]),
    (
        "pool: a window of 2^20",
        POOL,
        |f| whole(f, "kernel_size", &[1 << 20]),
        &["/node/nodes/node: ", "does not fit into [8, 6]"],
    ),
    (
        "pool: a window that fills the border",
        POOL,
        |f| {
            whole(f, "kernel_size", &[1 << 20]);
            whole(f, "padding", &[1 << 20]);
        },
        &["/node/nodes/node: ", "at most"],
    ),
    (
        "pool: a word for a border",
        POOL,
        |f| text(f, "/node/nodes/node/padding", "same"),
        &["node/padding: expected numbers, found text"],
    ),
    ("pool: no stride", POOL, |f| unlink(f, "/node/nodes/node/stride"), &["/node/nodes/node: ", "`stride`"]),
    ("delay: into the past", DELAY, |f| numbers(f, "/node/nodes/node/delay", &[6], &[-1f64; 6]), &["node/delay: ", "found -1"]),
    (
        "delay: for ever",
        DELAY,
        |f| numbers(f, "/node/nodes/node/delay", &[6], &[f64::INFINITY; 6]),
        &["node/delay: ", "found inf"],
    ),
    (
        "delay: 10^30 seconds",
        DELAY,
        |f| numbers(f, "/node/nodes/node/delay", &[6], &[1e30; 6]),
        &["node/delay: ", "too many steps"],
    ),
    (
        "flatten: a dimension that is not there",
        "tests/data/nir/primitive_flatten.nir",
        |f| whole(f, "start_dim", &[9]),
        &["node/start_dim: is 9", "[2, 3, 4]"],
    ),
    ("nested: no nodes", NESTED, |f| unlink(f, "/node/nodes/rnn/nodes"), &["/node/nodes/rnn/nodes: is missing"]),
    ("nested: no edges", NESTED, |f| unlink(f, "/node/nodes/rnn/edges"), &["/node/nodes/rnn/edges: is missing"]),
    (
        "nested: an unknown type",
        NESTED,
        |f| text(f, "/node/nodes/rnn/nodes/lif/type", "X"),
        &["/node/nodes/rnn/nodes/lif/type: `X`"],
    ),
    (
        "nested: a negative time constant",
        NESTED,
        |f| numbers(f, "/node/nodes/rnn/nodes/lif/tau", &[1], &[-1f64]),
        &["/node/nodes/rnn/nodes/lif/tau: ", "-1"],
    ),
    (
        "nested: another size within",
        NESTED,
        |f| numbers(f, "/node/nodes/rnn/nodes/w_rec/weight", &[4, 5], &[1f32; 20]),
        &["`rnn.lif` -> `rnn.w_rec`", "5 values"],
    ),
    (
        "nested: no port",
        NESTED,
        |f| text(f, "/node/nodes/rnn/nodes/input/type", "Output"),
        &["/node/edges: edge `fc` -> `rnn`", "no Input node"],
    ),
    (
        "nested: several ports",
        NESTED,
        |f| {
            f.create_group("/node/nodes/rnn/nodes/other").unwrap();
            text(f, "/node/nodes/rnn/nodes/other/type", "Input");
            numbers(f, "/node/nodes/rnn/nodes/other/shape", &[1], &[4i64]);
        },
        &["/node/edges: edge `fc` -> `rnn`", "several Input nodes", "`rnn.input` or `rnn.other`"],
    ),
    (
        "nested: a node that is no port",
        NESTED,
        |f| edges(f, &["input", "fc", "fc", "rnn.lif", "rnn", "output"]),
        &["/node/edges: ", "`lif` is no Input node of the graph `rnn`"],
    ),
    (
        "nested: a port that is not there",
        NESTED,
        |f| edges(f, &["input", "fc", "fc", "rnn.x", "rnn", "output"]),
        &["/node/edges: ", "the graph `rnn` has no node `x`"],
    ),
    ("nested: 1000 deep", NESTED, |f| deep(f, 1000, false), &["/nodes/g/nodes/g/nodes/g", "a graph within 64 others"]),
    (
        "nested: two ways to each of 60",
        NESTED,
        |f| deep(f, 60, true),
        &["/nodes/h: is a graph that stands in the file elsewhere"],
    ),
    (
        "nested: a graph that contains itself",
        NESTED,
        |f| {
            for name in ["a", "b", "c"] {
                f.link_hard("/node/nodes/rnn", &format!("/node/nodes/rnn/nodes/{name}")).unwrap();
            }
        },
        &["/node/nodes/rnn/nodes/a: is a graph that stands in the file elsewhere"],
    ),
    (
        "nested: the whole within itself",
        NESTED,
        |f| f.link_hard("/node", "/node/nodes/node").unwrap(),
        &["/node/nodes/node: is a graph that stands in the file elsewhere, or around itself"],
    ),
    (
        "nested: one array again and again",
        "tests/data/nir/primitives/affine_500x300_chunked.nir",
        |f| {
            for number in 0..1000 {
                f.link_hard("/node/nodes/fc", &format!("/node/nodes/{number}")).unwrap();
            }
            // So that the file is small and the array is not.
            unlink(f, "/node/nodes/fc/weight");
            let builder = f.new_dataset::<f32>().deflate(9).chunk((1 << 10, 1 << 10)).shape((1 << 10, 1 << 12));
            builder.create("/node/nodes/fc/weight").unwrap().write_raw(&vec![0f32; 1 << 22]).unwrap();
        },
        &["/node/nodes/", "stands in the file in many places"],
    ),
    ("lzf: a list of numbers that are not there", LZF, |f| unlink(f, "/node/nodes/lif/tau"), &["/node/nodes/lif: ", "`tau`"]),
];
