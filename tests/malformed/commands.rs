//! Several files together, places that cannot be written to, options out of range.

use super::Bench;

const RUN: &[&str] = &["run", "ROOT/networks/01-one-neuron.toml"];
const DIGITS: &[&str] = &["run", "ROOT/networks/digits.nir", "--input", "ROOT/datasets/digits.h5"];

pub(super) fn cases(bench: &mut Bench) {
    bench.file("bad.csv", "a,b\n1,x\n");
    bench.file("bad.toml", "seed = \"x\"\n");
    bench.file("bad.onnx", "hello");
    bench.file("bad.nir", "hello");
    bench.file("lost.xyz", "hello");
    bench.refuse(
        "two bad files at once",
        &["run", "DIR/bad.toml", "--input", "DIR/bad.csv"],
        &["DIR/bad.toml:1:8: ", "DIR/bad.csv:2:3: "],
    );
    bench.refuse(
        "three bad files at once",
        &["compare", "DIR/bad.nir", "--input", "DIR/bad.csv", "--dense", "DIR/bad.onnx"],
        &["DIR/bad.nir: ", "DIR/bad.csv:2:3: ", "DIR/bad.onnx: "],
    );
    bench.refuse(
        "a dense network of another width",
        &[
            "compare",
            "ROOT/networks/digits.nir",
            "--input",
            "ROOT/datasets/digits.h5",
            "--dense",
            "ROOT/tests/data/nir/wild_ifsynfire.nir",
        ],
        &["ROOT/tests/data/nir/wild_ifsynfire.nir: "],
    );
    bench.refuse("inspect: an unknown ending", &["inspect", "DIR/lost.xyz"], &["DIR/lost.xyz: ", ".toml", ".h5"]);
    bench.refuse("run: an unknown ending", &["run", "DIR/lost.xyz"], &["DIR/lost.xyz: ", ".toml"]);
    bench.refuse("run: no such file", &["run", "DIR/none.toml"], &["DIR/none.toml: cannot be read"]);
    bench.refuse("run: no data set", &["run", "ROOT/networks/digits.nir"], &["--input"]);
    bench.refuse("run: a data set that nobody takes", &[RUN, &DIGITS[2..]].concat(), &["--input", "no input population"]);
    bench.refuse(
        "json into no folder",
        &[RUN, &["--json", "DIR/no/such/report.json"]].concat(),
        &["DIR/no/such/report.json: cannot be written"],
    );
    bench.refuse("json onto a folder", &[RUN, &["--json", "DIR/"]].concat(), &["DIR/", "cannot be written"]);
    bench.refuse(
        "results into no folder",
        &[RUN, &["--out", "DIR/no/such/out.h5"]].concat(),
        &["DIR/no/such/out.h5: cannot be written"],
    );
    bench.refuse("results onto a folder", &[RUN, &["--out", "DIR/"]].concat(), &["DIR/", "cannot be written"]);
    for (name, options, words) in [
        ("no steps", &["--steps", "0"][..], &["--steps"][..]),
        ("10^18 steps", &["--steps", "1000000000000000000"], &["--duration", "1000000000000000000"]),
        ("a time without unit", &["--duration", "5"], &["--duration", "bare number 5"]),
        ("a negative time", &["--duration=-5ms"], &["--duration"]),
        ("a tick that is not a number", &["--dt", "nan"], &["--dt"]),
        ("a million threads", &["--threads", "1000000"], &["--threads", "1024"]),
        ("a seed that is no number", &["--seed", "x"], &["--seed"]),
        ("recording of an unknown population", &["--out", "DIR/o.h5", "--record", "v:x"], &["01-one-neuron.toml: record", "`x`"]),
        ("recording of 10^12 neurons", &["--out", "DIR/o.h5", "--record", "v:n:0-999999999999"], &["0-999999999999"]),
        ("recording of neuron 4·10^9", &["--out", "DIR/o.h5", "--record", "v:n:4000000000"], &["record", "4000000000"]),
        ("recording of an unknown variable", &["--out", "DIR/o.h5", "--record", "w:n"], &["record", "`w`"]),
    ] {
        bench.refuse(name, &[RUN, options].concat(), words);
    }
    for (name, options, words) in [
        ("an unknown part", &["--split", "validation"][..], &["ROOT/datasets/digits.h5: ", "`validation`", "test"][..]),
        ("no samples", &["--samples", "0"], &["samples"]),
        ("an unknown encoding", &["--encode", "morse"], &["--encode", "rate"]),
        ("10^11 steps of a sample", &["--steps", "100000000000"], &["steps"]),
    ] {
        bench.refuse(name, &[DIGITS, options].concat(), words);
    }
    if cfg!(target_os = "linux") {
        // Elsewhere the system promises memory that it has not. A plain run's traces go to the file as they come.
        bench.refuse(
            "traces that fill the memory",
            &[DIGITS, &["--out", "DIR/o.h5", "--record", "v", "--steps", "100000000"]].concat(),
            &["digits.nir: record: ", "memory"],
        );
    }
}
