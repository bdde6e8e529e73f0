//! Networks written by people.

use super::Bench;

const GOOD: &str = r#"dt = "0.1 ms"
duration = "10 ms"
[[population]]
name = "e"
size = 10
model = "lif_delta"
params = { tau_m = "20 ms" }
[[stimulus]]
kind = "poisson"
rate = "1 kHz"
to = "e"
weight = "1 mV"
delay = "1 ms"
[[projection]]
from = "e"
to = "e"
connect = { rule = "fixed_indegree", indegree = 3 }
weight = "0.1 mV"
delay = "1.5 ms"
[record]
v = [{ population = "e", ids = [0] }]
"#;

const RULE: &str = r#"{ rule = "fixed_indegree", indegree = 3 }"#;

/// Each is the good network with one text in place of another, and what must be said: the place behind the file's name first.
const REPLACED: &[(&str, &str, &str, &[&str])] = &[
    ("toml: a syntax error", "size = 10", "size 10", &[":5:"]),
    ("toml: a key twice", "size = 10", "size = 10\nsize = 10", &[":6:1: "]),
    ("toml: an unknown model", "lif_delta", "lif_dleta", &[":6:9: ", "lif_dleta", "lif_delta"]),
    ("toml: an unknown key", "size = 10", "sise = 10", &[":5:1: ", "sise"]),
    ("toml: an unknown section", "[record]", "[recrod]", &[":20:", "recrod"]),
    ("toml: an unknown parameter", "tau_m =", "tau_n =", &[":7:12: ", "tau_n"]),
    ("toml: an unknown population", "from = \"e\"", "from = \"ex\"", &[":15:8: ", "`ex`"]),
    ("toml: an unknown unit", "\"1 kHz\"", "\"1 khz\"", &[":10:8: ", "khz"]),
    ("toml: no unit", "\"20 ms\"", "20", &[":7:20: ", "20 ms"]),
    ("toml: a wrong unit", "\"20 ms\"", "\"20 mV\"", &[":7:20: ", "mV"]),
    ("toml: a wrong type of size", "size = 10", "size = \"ten\"", &[":5:8: ", "whole number"]),
    ("toml: a wrong type of name", "name = \"e\"", "name = 3", &[":4:8: ", "text"]),
    ("toml: a wrong type of list", "ids = [0]", "ids = 0", &[":21:"]),
    ("toml: no size", "size = 10\n", "", &[":3:1: ", "size"]),
    ("toml: 10^12 neurons", "size = 10", "size = 1_000_000_000_000", &[":5:8: ", "1000000000000"]),
    ("toml: 9·10^18 neurons", "size = 10", "size = 9000000000000000000", &[":5:8: ", "4294967295"]),
    ("toml: 10^19 neurons", "size = 10", "size = 10000000000000000000", &[":5:8: "]),
    ("toml: 4·10^9 neurons", "size = 10", "size = 4000000000", &["population.e", "memory"]),
    ("toml: a shape of 2^64", "size = 10", "shape = [4294967296, 4294967296]", &[":5:"]),
    ("toml: an indegree of 4·10^9", "indegree = 3", "indegree = 4000000000", &["projection.e_e", "memory"]),
    ("toml: an indegree of 5·10^9", "indegree = 3", "indegree = 5000000000", &[":17:49: "]),
    ("toml: 10^12 synapses", RULE, r#"{ rule = "fixed_total", total = 1000000000000 }"#, &["projection.e_e", "memory"]),
    ("toml: a probability of two", RULE, r#"{ rule = "fixed_probability", p = 2 }"#, &[":17:", "between 0 and 1"]),
    ("toml: a negative indegree", "indegree = 3", "indegree = -3", &[":17:49: "]),
    ("toml: an unknown rule", "fixed_indegree", "fixed_in", &[":17:20: ", "fixed_in"]),
    ("toml: an id out of range", "ids = [0]", "ids = [10]", &[":21:", "ids are 0 to 9"]),
    ("toml: an id of 10^12", "ids = [0]", "ids = [1000000000000]", &[":21:"]),
    ("toml: a pair out of range", RULE, r#"{ rule = "list", pairs = [[0, 10]] }"#, &[":17:", "there is no target 10"]),
    ("toml: a negative rate", "\"1 kHz\"", "\"-1 kHz\"", &[":10:8: ", "-1000"]),
    ("toml: a rate without end", "\"1 kHz\"", "\"1e300 kHz\"", &["stimulus"]),
    ("toml: NaN for a parameter", "\"20 ms\"", "nan", &[":7:20: ", "NaN"]),
    ("toml: an infinite weight", "\"0.1 mV\"", "inf", &[":18:10: ", "inf"]),
    ("toml: a negative time constant", "\"20 ms\"", "\"-20 ms\"", &[":7:20: ", "-20"]),
    ("toml: a circle without delay", "\"1.5 ms\"", "\"0 ms\"", &[":19:9: ", "`e`"]),
    ("toml: a delay below a tick", "\"1.5 ms\"", "\"0.04 ms\"", &[":19:9: ", "0.04 ms"]),
    ("toml: a negative delay", "\"1.5 ms\"", "\"-1.5 ms\"", &[":19:9: ", "-1.5"]),
    ("toml: a delay of a century", "\"1.5 ms\"", "\"3e9 s\"", &["projection.e_e.delay"]),
    ("toml: an endless duration", "\"10 ms\"", "\"1e300 s\"", &["--duration"]),
    ("toml: a tick of nothing", "\"0.1 ms\"", "\"0 ms\"", &[":1:6: "]),
    ("toml: a tick too small to count", "\"0.1 ms\"", "\"1e-300 ms\"", &["--duration"]),
    (
        "toml: two populations of one name",
        "[[stimulus]]",
        "[[population]]\nname = \"e\"\nsize = 1\nmodel = \"lif_exp\"\n[[stimulus]]",
        &[":9:8: ", "2 population sections are called `e`"],
    ),
    ("toml: a list that is not there", RULE, r#"{ rule = "list", file = "none.csv" }"#, &[":17:", "cannot be read"]),
    ("toml: a list that is a folder", RULE, r#"{ rule = "list", file = "." }"#, &[":17:", "cannot be read"]),
    ("toml: a list with a ragged row", RULE, r#"{ rule = "list", file = "ragged.csv" }"#, &["DIR/ragged.csv:3:1: "]),
    ("toml: a list with words", RULE, r#"{ rule = "list", file = "words.csv" }"#, &["DIR/words.csv:2:1: ", "`one`"]),
    ("toml: a matrix of another shape", RULE, r#"{ rule = "dense", file = "matrix.npy" }"#, &[":17:", "1 × 2", "10"]),
    ("toml: a matrix that claims 2^50 rows", RULE, r#"{ rule = "dense", file = "claims.npy" }"#, &[":17:", "claims the shape"]),
    ("toml: a matrix with NaN", RULE, r#"{ rule = "dense", rows = [[nan]] }"#, &[":17:"]),
];

pub(super) fn cases(bench: &mut Bench) {
    bench.file("ragged.csv", "source,target\n0,1\n0,1,2\n");
    bench.file("words.csv", "source,target\none,1\n");
    bench.file("matrix.npy", super::datasets::npy("<f4", "(1, 2)", &[0; 8]));
    bench.file("claims.npy", super::datasets::npy("<f4", "(1125899906842624, 10)", &[0; 8]));
    for (number, (name, from, to, words)) in REPLACED.iter().enumerate() {
        assert!(GOOD.contains(from), "{name}: {from}");
        let file = format!("{number}.toml");
        let mut text = GOOD.replacen(from, to, 1);
        if to.contains("dense") {
            text = text.replace("weight = \"0.1 mV\"\n", "");
        }
        bench.file(&file, text);
        let at = format!("DIR/{file}");
        let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        if words[0].starts_with(':') {
            words[0].insert_str(0, &at);
        } else if !words[0].starts_with("DIR/") {
            words.push(at.clone());
        }
        bench.refuse(name, &["run", &at], &words.iter().map(String::as_str).collect::<Vec<_>>());
    }
    for (name, file, bytes, words) in [
        ("toml: an empty file", "empty.toml", &b""[..], &["DIR/empty.toml", "no populations"][..]),
        ("toml: cut within a text", "cut.toml", &GOOD.as_bytes()[..70], &["DIR/cut.toml:6:"]),
        ("toml: rubbish", "rubbish.toml", &[0, 159, 146, 150, 255, 10, 13, 7], &["DIR/rubbish.toml", "UTF-8"]),
        ("toml: zeros", "zeros.toml", &[0; 3000], &["DIR/zeros.toml:1:1"]),
        ("toml: an HDF5 file by its content", "h5.toml", b"\x89HDF\r\n\x1a\n", &["DIR/h5.toml"]),
    ] {
        bench.file(file, bytes);
        bench.refuse(name, &["run", &format!("DIR/{file}")], words);
    }
    bench.file("deep.toml", format!("a = {}", "[".repeat(100_000)));
    bench.refuse("toml: lists nested without end", &["inspect", "DIR/deep.toml"], &["DIR/deep.toml:1:"]);
    bench.file("ids.toml", GOOD.replace("ids = [0]", &format!("ids = [{}]", "0, ".repeat(300_000))));
    bench.refuse("toml: an id many times", &["run", "DIR/ids.toml"], &["DIR/ids.toml:21:", "twice"]);
    let several = GOOD
        .replace("size = 10", "size = -1")
        .replace("\"1 kHz\"", "5")
        .replace("from = \"e\"", "from = \"i\"")
        .replace("delay = \"1.5 ms\"", "dealy = \"1.5 ms\"");
    bench.file("several.toml", several);
    let case = bench.refuse("toml: several faults, in the order of lines", &["run", "DIR/several.toml"], &[]);
    case.words = [":5:8: ", ":10:8: ", ":15:8: ", ":19:1: "].map(|at| format!("several.toml{at}")).into();
    case.complaints = Some(5);
    case.in_order = true;
}
