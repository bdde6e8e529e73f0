//! What can be open: each kind of thing that panels have to show.

use spikewatt::format::{OpenOptions, open_network};
use spikewatt::report::to_json;
use spikewatt::study::{Keep, Plan, Provenance, Quiet, Settings, report, run};
use spikewatt_gui::session::Source;
use std::path::{Path, PathBuf};

/// Something to open.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) source: fn(&Path) -> Source,
}

pub(super) const CASES: &[Case] = &[
    Case { name: "digits beside their dense network", source: digits },
    Case { name: "excitation, inhibition and several stimuli", source: |_| Source::of_text("small.toml", SMALL) },
    Case { name: "exact time", source: |_| Source::of_text("exact.toml", &exact()) },
    Case { name: "a readout of numbers", source: |_| Source::of_text("numbers.toml", &numbers()) },
    Case { name: "nothing connected", source: |_| Source::of_text("lonely.toml", LONELY) },
    Case { name: "a file of results", source: results },
];

fn digits(_: &Path) -> Source {
    let file = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    Source {
        network: file("networks/digits.nir"),
        text: None,
        input: Some(file("datasets/digits.h5")),
        dense: Some(file("networks/digits-mlp.onnx")),
    }
}

pub(super) const SMALL: &str = r#"
name = "small"
dt = "0.1 ms"
duration = "50 ms"
[[population]]
name = "e"
size = 20
model = "lif_delta"
params = { tau_m = "10 ms", v_rest = "0 mV", v_th = "10 mV", v_reset = "0 mV", t_ref = "1 ms" }
[[population]]
name = "i"
size = 5
model = "lif_delta"
params = { tau_m = "10 ms", v_rest = "0 mV", v_th = "10 mV", v_reset = "0 mV", t_ref = "1 ms" }
[[stimulus]]
name = "drive"
kind = "poisson"
rate = "2 kHz"
to = "e"
weight = "2 mV"
delay = "1 ms"
[[stimulus]]
name = "kicks"
kind = "spikes"
times = ["3 ms", "9 ms"]
to = { population = "i", ids = [2] }
weight = "30 mV"
delay = "1 ms"
[[projection]]
name = "e to i"
from = "e"
to = "i"
connect = { rule = "all_to_all" }
weight = "1 mV"
delay = "1 ms"
[[projection]]
name = "i to e"
from = "i"
to = "e"
connect = { rule = "all_to_all" }
weight = "-2 mV"
delay = "1.5 ms"
[record]
spikes = ["e", "i"]
v = [{ population = "e", every = "0.1 ms" }]
"#;

const LONELY: &str = r#"
name = "lonely"
dt = "0.1 ms"
[[population]]
name = "n"
size = 1
model = "lif_delta"
params = { tau_m = "20 ms", v_rest = "0 mV", v_th = "20 mV", v_reset = "0 mV", t_ref = "2 ms" }
"#;

/// The same without a grid.
fn exact() -> String {
    let (network, _) = SMALL.split_once("[record]").expect("it records");
    network.replace("dt = \"0.1 ms\"\n", "")
}

/// The same with a leaky integrator behind it.
fn numbers() -> String {
    let (network, _) = SMALL.split_once("[record]").expect("it records");
    let readout = r#"
[[population]]
name = "out"
size = 3
model = "li"
params = { tau_m = "20 ms" }
[[projection]]
name = "e to out"
from = "e"
to = "out"
connect = { rule = "all_to_all" }
weight = "0.5 mV"
delay = "1 ms"
"#;
    format!("{network}{readout}")
}

/// A run of the small network, written by the library.
fn results(folder: &Path) -> Source {
    let (network, out): (PathBuf, PathBuf) = (folder.join("small.toml"), folder.join("small.h5"));
    if !out.exists() {
        std::fs::write(&network, SMALL).expect("written");
        let network = open_network(&network, &OpenOptions::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
        let settings = Settings { keep: Keep::File(out.clone()), ..Settings::default() };
        let plan = Plan::new(&network, None, &settings).unwrap_or_else(|wrong| panic!("{wrong}"));
        let mut outcome = run(&network, None, &plan, &Quiet).unwrap_or_else(|wrong| panic!("{wrong}"));
        let report = report(&network, None, &plan, &outcome, None, None, &Provenance::default());
        let json = to_json(&report).unwrap_or_else(|wrong| panic!("{wrong}"));
        outcome.write(&json).unwrap_or_else(|wrong| panic!("{wrong}"));
    }
    Source::of_network(out)
}
