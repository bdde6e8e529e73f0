//! The program as its users meet it: exit codes, standard output, files.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn spikewatt(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_spikewatt")).args(arguments).current_dir(root()).output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn ok(arguments: &[&str]) -> String {
    let output = spikewatt(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

fn refused(arguments: &[&str]) -> String {
    let output = spikewatt(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stderr));
    assert!(output.stdout.is_empty(), "{arguments:?}: nothing goes to standard output");
    text(&output.stderr)
}

const COMPARE: &[&str] =
    &["compare", "networks/digits.nir", "--input", "datasets/digits.h5", "--dense", "networks/digits-mlp.onnx"];

fn valid(json: &str) -> serde_json::Value {
    let report: serde_json::Value = serde_json::from_str(json).expect("JSON and nothing else");
    let schema = serde_json::from_str(spikewatt::report::SCHEMA).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a good schema");
    let wrong: Vec<_> = validator.iter_errors(&report).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    report
}

#[test]
fn json_output_follows_the_schema() {
    let comparison = valid(&ok(&[COMPARE, &["--json", "-"]].concat()));
    let runs = |kind: &str, runs: &str| {
        let entries = comparison["energy"].as_array().expect("a list").iter();
        entries.filter(|e| e["kind"] == kind && e["runs"] == runs && e.get("energy_per_sample_j").is_some()).count()
    };
    assert!(runs("neuromorphic", "spiking") >= 4, "at least four neuromorphic devices are priced");
    assert!(runs("dense", "dense") >= 4, "at least four dense devices are priced");
    assert!(comparison["verdict"]["text"].as_str().is_some_and(|t| t.len() > 20));
    valid(&ok(&["run", "networks/digits.nir", "--input", "datasets/digits.h5", "--samples", "5", "--json", "-"]));
    for name in ["01-one-neuron", "02-f-i-curve", "03-delay-line", "04-winner-take-all"] {
        valid(&ok(&["run", &format!("networks/{name}.toml"), "--json", "-"]));
    }
}

/// The entries of a comparison's energy.
fn energy(arguments: &[&str]) -> Vec<serde_json::Value> {
    let report = valid(&ok(&[COMPARE, arguments, &["--json", "-"]].concat()));
    report["energy"].as_array().expect("a list").clone()
}

#[test]
fn each_device_is_priced_at_its_highest_tier_or_at_the_one_asked_for() {
    let highest = energy(&[]);
    let tier = |id: &str| highest.iter().find(|e| e["device"] == id).map(|e| e["tier"].clone());
    for (id, expected) in [("loihi1-sanafe", 3), ("asic-45nm-memory", 2), ("asic-45nm-arith", 1), ("mcu-m4-l4r5", 3)] {
        assert_eq!(tier(id), Some(expected.into()), "{id}");
    }
    for asked in [1, 2, 3] {
        let entries = energy(&["--tier", &asked.to_string()]);
        assert!(!entries.is_empty() && entries.iter().all(|e| e["tier"] == asked), "{asked}");
    }
    let operations = energy(&["--tier", "1", "--device", "loihi1-sanafe"]);
    assert!(operations[0]["energy_per_sample_j"]["nominal"].as_f64().expect("a price") < 1e-6, "no standing power");
    let wrong = refused(&[COMPARE, &["--tier", "2", "--device", "odin"]].concat());
    assert!(wrong.contains("--tier") && wrong.contains("odin has 3"), "{wrong}");
}

#[test]
fn devices_of_a_folder_are_priced_and_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("plain");
    let mine = std::fs::read_to_string("src/energy/devices/truenorth.toml")
        .expect("a device")
        .replace("id = \"truenorth\"", "id = \"mine\"");
    std::fs::write(folder.path().join("mine.toml"), &mine).expect("a file");
    assert!(energy(&["--devices", path]).iter().any(|e| e["device"] == "mine"), "with the default ones");
    assert!(
        ok(&["devices", "--devices", path]).contains("mine") && ok(&["devices", "mine", "--devices", path]).contains("merolla")
    );
    std::fs::write(folder.path().join("bad.toml"), mine.replace("\nsource = \"sawada-2016\"", "")).expect("a file");
    let wrong = refused(&[COMPARE, &["--devices", path]].concat());
    assert!(wrong.contains("bad.toml:") && wrong.contains("`source` is missing"), "{wrong}");
}

#[test]
fn budgets_that_are_not_kept_end_with_1_and_are_named() {
    const CHECK: &[&str] = &["check", "networks/digits.nir", "--input", "datasets/digits.h5"];
    let kept =
        [CHECK, &["--device", "xylo-audio2", "--max-latency", "20ms", "--max-power", "5mW", "--min-accuracy", "95%"]].concat();
    assert!(ok(&kept).starts_with("digits: 3 of 3 budgets kept over 360 samples"));
    let broken = [CHECK, &["--device", "xylo-audio2", "--max-latency", "10ms", "--min-accuracy", "0.99"]].concat();
    let output = spikewatt(&broken);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let told = text(&output.stdout);
    for part in
        ["latency broken on xylo-audio2: the high end is 1.70 times the budget", "accuracy broken: 3.44 points are missing"]
    {
        assert!(told.contains(part), "{told}");
    }
    let output = spikewatt(&[CHECK, &["--device", "odin", "--max-energy", "1J", "--json", "-"]].concat());
    assert_eq!(output.status.code(), Some(1));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON and nothing else");
    assert_eq!((&json["kept"], &json["budgets"][0]["what"]), (&false.into(), &"fits".into()));
    let wrong = refused(&["check", "networks/digits.nir", "--max-power", "5mW"]);
    assert!(wrong.contains("--device") && wrong.contains("--input"), "all complaints at once: {wrong}");
    assert!(refused(CHECK).contains("there is no budget"));
    assert!(refused(&[CHECK, &["--min-accuracy", "120%"]].concat()).contains("is no share"));
}

#[test]
fn the_first_command_of_the_readme_prints_the_comparison() {
    let shown = ok(COMPARE);
    let first = shown.lines().next().expect("a line");
    assert!(["Spiking", "Dense", "Undecided"].iter().any(|w| first.starts_with(w)), "the verdict comes first: {first}");
    for part in ["ACCURACY", "POPULATIONS", "OPERATIONS", "ENERGY", "BREAK-EVEN", "NEUROBENCH", "CAVEATS"] {
        assert!(shown.contains(part), "{part} is missing");
    }
    assert!(!shown.contains('\u{1b}'), "no colour codes where nobody sees them");
}

#[test]
fn runs_repeat_and_do_not_depend_on_threads() {
    let facts = |json: &str| {
        let mut report: serde_json::Value = serde_json::from_str(json).expect("JSON");
        for key in ["build_wall_s", "run_wall_s", "peak_memory_bytes", "threads"] {
            report["run"].as_object_mut().expect("a part").remove(key);
        }
        report
    };
    for arguments in [&["run", "networks/04-winner-take-all.toml"][..], COMPARE] {
        let one = facts(&ok(&[arguments, &["--json", "-", "--threads", "1"]].concat()));
        for threads in ["1", "2", "3"] {
            assert_eq!(one, facts(&ok(&[arguments, &["--json", "-", "--threads", threads]].concat())), "{threads} threads");
        }
    }
    let seed =
        |seed: &str| facts(&ok(&["run", "networks/04-winner-take-all.toml", "--json", "-", "--seed", seed]))["counts"].clone();
    assert_eq!(seed("5"), seed("5"));
    assert_ne!(seed("5"), seed("6"));
}

#[test]
fn results_are_written_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (h5, json) = (at("out.h5"), at("report.json"));
    ok(&["run", "networks/01-one-neuron.toml", "--out", &h5, "--json", &json, "--quiet", "--record", "spikes,v:n:0-0"]);
    let file = hdf5::File::open(&h5).expect("HDF5");
    let times = file.dataset("spikes/n/timestamps").expect("spikes").read_raw::<f64>().expect("numbers");
    assert_eq!(times.len(), 8);
    assert!((times[0] - 22.0).abs() < 1e-9);
    assert_eq!(file.dataset("report/n/data").expect("a trace").shape(), [2500, 1]);
    let report = valid(&std::fs::read_to_string(&json).expect("a report"));
    assert_eq!(report["counts"]["total"]["spikes"], 8);
    assert!(ok(&["inspect", &h5]).starts_with("one neuron: 8 spikes"), "a result file holds its report");
    // Nothing is half-written where writing fails.
    let lost = at("no/such/folder/out.h5");
    assert!(refused(&["run", "networks/01-one-neuron.toml", "--out", &lost]).contains("cannot be written"));
    let names: Vec<PathBuf> = std::fs::read_dir(folder.path()).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn help_teaches_and_completions_exist() {
    for command in ["run", "compare", "inspect", "devices", "bench", "verify"] {
        let help = ok(&[command, "--help"]);
        assert!(help.contains("Example"), "{command} --help shows examples");
    }
    assert!(ok(&["completions", "bash"]).contains("_spikewatt"));
    assert!(ok(&["completions", "zsh"]).contains("#compdef spikewatt"));
    assert!(ok(&["inspect", "networks/digits.nir"]).contains("a spiking network"));
    assert!(ok(&["inspect", "datasets/digits.h5"]).contains("CC BY 4.0"));
    assert!(ok(&["inspect", "networks/digits-mlp.onnx"]).contains("relu"));
    assert!(ok(&["inspect", "--models"]).contains("lif_delta"));
    let page = ok(&["inspect", "--models", "lif_cond_exp"]);
    for word in ["c_m dv/dt", "fourth order", "nS, by sign", "g_l", "Meffin", "drops no events"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    assert!(refused(&["inspect", "--models", "lif_dleta"]).contains("lif_delta"));
    assert!(ok(&["devices"]).contains("loihi1-sanafe"));
    assert!(ok(&["devices", "truenorth"]).contains("Merolla"));
    serde_json::from_str::<serde_json::Value>(&ok(&["devices", "--json", "-"])).expect("JSON");
}

#[test]
fn keys_of_a_network_are_set_by_hand() {
    let microcircuit = "networks/10-microcircuit.toml";
    let report = valid(&ok(&["run", microcircuit, "--set", "scale=0.01", "--set", "duration=20ms", "--json", "-"]));
    assert_eq!(report["network"]["neurons"], 771, "48.5 neurons of layer 5 become 48");
    assert!((report["run"]["duration_s"].as_f64().expect("a number") - 0.02).abs() < 1e-12);
    let caveats = report["caveats"].to_string();
    assert!(caveats.contains("Set by hand: scale = 0.01") && caveats.contains("Scaled by 0.01"), "{caveats}");
    let shown = ok(&["inspect", microcircuit, "--set", "population.L23E.size=20"]);
    assert!(shown.contains("20 ") && !shown.contains("20683"), "{shown}");
    let line = "networks/03-delay-line.toml";
    let spikes = |set: &str| valid(&ok(&["run", line, "--set", set, "--json", "-"]))["counts"]["total"]["spikes"].clone();
    assert_eq!((spikes("projection.hops.weight=20mV"), spikes("projection.hops.weight=10 mV")), (10.into(), 1.into()));
    assert!(refused(&["run", line, "--set", "projection.hop.weight=1mV"]).contains("did you mean `hops`?"));
    assert!(refused(&["run", line, "--set", "scale=0"]).starts_with("error: --set scale: "));
    assert!(refused(&["run", line, "--set", "scale=0.5"]).contains("given one by one cannot be scaled"));
    assert!(refused(&["run", line, "--set", "scale"]).contains("KEY=VALUE"));
    assert!(refused(&["inspect", "datasets/digits.h5", "--set", "a=1"]).contains("--set a"));
    assert!(refused(&["inspect", "networks/digits-mlp.onnx", "--set", "a=1"]).contains("--set a"));
    assert!(refused(&[COMPARE, &["--set", "seed=2"]].concat()).contains("only keys of TOML networks can be set"));
}

#[test]
fn bad_usage_ends_with_2_and_says_what_to_do() {
    assert!(refused(&["run", "networks/none.toml"]).contains("none.toml"));
    assert!(refused(&["run", "README.md"]).contains(".toml, .nir"));
    assert!(refused(&["compare", "networks/digits.nir"]).contains("--input"));
    assert!(refused(&["run", "networks/digits.nir"]).contains("--input"));
    assert!(refused(&["run", "networks/01-one-neuron.toml", "--dt", "20"]).contains("bare number 20"));
    assert!(refused(&["devices", "loihi9"]).contains("loihi9"));
    assert!(refused(&[COMPARE, &["--device", "loihi9,truenorth,nope"]].concat()).contains("nope"), "all complaints at once");
    assert!(refused(&[COMPARE, &["--split", "validation"]].concat()).contains("test"), "the parts are listed");
    assert!(refused(&["run", "networks/01-one-neuron.toml", "--input", "datasets/digits.h5"]).contains("input"));
    assert!(refused(&[]).contains("Usage"));
}

#[test]
fn benches_are_listed_and_run() {
    let listed = ok(&["bench"]);
    assert!(listed.contains("brunel") && listed.contains("question"), "{listed}");
    let json =
        ok(&["bench", "cuba-4k", "sparse/1e4-1hz", "--duration", "10ms", "--repeat", "1", "--threads", "1", "--json", "-"]);
    let report: serde_json::Value = serde_json::from_str(&json).expect("JSON and nothing else");
    let results = report["results"].as_array().expect("a list");
    let cases: Vec<_> = results.iter().map(|r| format!("{}/{}", r["bench"], r["case"]).replace('"', "")).collect();
    assert_eq!(cases, ["cuba-4k/full", "sparse/1e4-1hz"]);
    for result in results {
        assert!(result["wall_s"]["median"].as_f64().is_some_and(|s| s > 0.0), "{result}");
        assert_eq!(result["best_peer"]["peer"], "GeNN", "{result}");
    }
    assert!(report["limits"]["rmw_256_kib_per_s"].as_f64().is_some_and(|rate| rate > 0.0));
    assert!(ok(&["bench", "cuba-4k", "--duration", "10ms", "--repeat", "1"]).contains("This machine"));
    assert!(refused(&["bench", "brunl"]).contains("did you mean `brunel`? benches are brunel"));
}
