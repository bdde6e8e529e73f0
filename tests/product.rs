//! What a product asks, as a person asks it: systems, budgets, runs that are repeated from their report.

use spikewatt::format::{OpenOptions, open_network};
use spikewatt::study::{Keep, Outcome, Plan, Quiet, Settings, run, windows};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn spikewatt_in(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_spikewatt")).args(arguments).current_dir(folder).output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// Standard output of a command that must end with a code.
fn ends(folder: &Path, code: i32, arguments: &[&str]) -> String {
    let output = spikewatt_in(folder, arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}{}", text(&output.stderr), text(&output.stdout));
    if code == 2 { text(&output.stderr) } else { text(&output.stdout) }
}

/// A folder with copies of files of the repository.
fn folder_with(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for file in files {
        let name = Path::new(file).file_name().expect("a name");
        std::fs::copy(root().join(file), folder.path().join(name)).expect("it is copied");
    }
    folder
}

fn changed(folder: &Path, report: &str, change: impl Fn(&mut serde_json::Value)) -> PathBuf {
    let text = std::fs::read_to_string(folder.join(report)).expect("it was written");
    let mut value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let before = value.clone();
    change(&mut value);
    assert_ne!(value, before, "the test must change something");
    let path = folder.join("changed.json");
    std::fs::write(&path, value.to_string()).expect("it is written");
    path
}

#[test]
fn a_fresh_report_is_repeated_and_a_changed_one_is_told() {
    let folder = folder_with(&["networks/digits.nir", "networks/digits-mlp.onnx", "datasets/digits.h5"]);
    let at = folder.path();
    let compare = ["compare", "digits.nir", "--input", "digits.h5", "--dense", "digits-mlp.onnx", "--samples", "12"];
    let choices =
        ["--encode", "rate", "--steps", "9", "--seed", "77", "--device", "xylo-audio2", "--threads", "2", "--json", "r.json"];
    ends(at, 0, &[&compare[..], &choices[..]].concat());
    for threads in ["1", "2"] {
        let told = ends(at, 0, &["verify", "--report", "r.json", "--threads", threads]);
        assert!(told.starts_with("digits: same spikes."), "{told}");
        for part in [
            "network file",
            "input file",
            "dense network's file",
            "spikes",
            "counts",
            "12 × 9 steps",
            "answers of the dense network",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert!(!told.contains("OTHER"), "{told}");
    }
    // Beside the report, wherever one stands.
    ends(root(), 0, &["verify", "--report", &at.join("r.json").display().to_string()]);

    let other = |change: &dyn Fn(&mut serde_json::Value), what: &[&str]| {
        let path = changed(at, "r.json", change);
        let told = ends(at, 1, &["verify", "--report", &path.display().to_string()]);
        for what in what {
            assert!(told.contains(&format!("OTHER  {what}")), "{what}: {told}");
        }
        told
    };
    other(&|report| report["run"]["seed"] = 78.into(), &["spikes", "counts"]);
    other(&|report| report["run"]["spikes_sha256"] = "0".repeat(64).into(), &["spikes"]);
    other(&|report| report["run"]["replay"]["steps"] = 10.into(), &["spikes", "samples and steps"]);
    other(&|report| report["counts"]["projections"][0]["synapses"] = 1.into(), &["counts"]);
    let answer = |report: &serde_json::Value| report["task"]["predictions"][3].as_i64().expect("an answer");
    other(&|report| report["task"]["predictions"][3] = (answer(report) + 1).into(), &["answers"]);
    other(&|report| report["dense"]["predictions"][0] = 11.into(), &["answers of the dense network"]);
    let told = other(&|report| report["network"]["sha256"] = "0".repeat(64).into(), &["network file"]);
    assert!(told.contains("so the run was not repeated") && !told.contains("  same   counts"), "{told}");

    // The JSON of it.
    let json: serde_json::Value =
        serde_json::from_str(&ends(at, 0, &["verify", "--report", "r.json", "--json", "-"])).expect("JSON");
    assert_eq!((&json["same"], &json["repeated"]), (&true.into(), &true.into()));

    // Another file under the name.
    let mut bytes = std::fs::read(at.join("digits.h5")).expect("it is there");
    *bytes.last_mut().expect("it is not empty") ^= 1;
    std::fs::write(at.join("digits.h5"), bytes).expect("it is written");
    assert!(ends(at, 1, &["verify", "--report", "r.json"]).contains("OTHER  input file"));
    std::fs::remove_file(at.join("digits.h5")).expect("it was there");
    let wrong = ends(at, 2, &["verify", "--report", "r.json"]);
    assert!(wrong.contains("digits.h5") && wrong.contains("is not there"), "{wrong}");
}

#[test]
fn plain_runs_are_repeated_on_a_grid_and_in_exact_time() {
    let files = ["networks/01-one-neuron.toml", "networks/04-winner-take-all.toml", "networks/05-synfire-chain.toml"];
    let folder = folder_with(&files);
    let at = folder.path();
    for (name, more) in [
        ("01-one-neuron", &[][..]),
        ("04-winner-take-all", &["--seed", "5"][..]),
        ("05-synfire-chain", &["--duration", "40ms"][..]),
    ] {
        let network = format!("{name}.toml");
        ends(at, 0, &[&["run", &network, "--json", "r.json", "--quiet"][..], more].concat());
        for threads in ["1", "2", "5"] {
            let told = ends(at, 0, &["verify", "--report", "r.json", "--threads", threads]);
            assert!(told.contains(": same spikes."), "{told}");
        }
        // With spikes written to a file the digest is the same.
        ends(at, 0, &[&["run", &network, "--json", "f.json", "--out", "f.h5", "--quiet"][..], more].concat());
        let hash = |file: &str| {
            let report: serde_json::Value =
                serde_json::from_str(&std::fs::read_to_string(at.join(file)).expect("written")).expect("JSON");
            report["run"]["spikes_sha256"].as_str().expect("a digest").to_owned()
        };
        assert_eq!(hash("r.json"), hash("f.json"), "{name}");
    }
    let network = std::fs::read_to_string(at.join("05-synfire-chain.toml")).expect("it is there");
    std::fs::write(at.join("05-synfire-chain.toml"), network + "\n# another file\n").expect("it is written");
    assert!(ends(at, 1, &["verify", "--report", "r.json"]).contains("OTHER  network file"));
    // What no report of a run is, is refused.
    std::fs::write(at.join("bad.json"), "{}").expect("it is written");
    ends(at, 2, &["verify", "--report", "bad.json"]);
    let path = changed(at, "r.json", |report| drop(report["run"].as_object_mut().and_then(|run| run.remove("replay"))));
    assert!(ends(at, 2, &["verify", "--report", &path.display().to_string()]).contains("does not say what was chosen"));
}

/// Outcome of a network of the textbook.
fn ran(name: &str, settings: Settings) -> Outcome {
    let network = open_network(&root().join("networks").join(name), &OpenOptions::default()).expect("a good network");
    let plan = Plan::new(&network, None, &settings).expect("a good plan");
    run(&network, None, &plan, &Quiet).expect("it runs")
}

#[test]
fn windows_and_digests_change_no_plain_run_on_any_number_of_threads() {
    for name in ["03-delay-line.toml", "04-winner-take-all.toml", "05-synfire-chain.toml", "09-sparse-activity.toml"] {
        let whole = ran(name, Settings { keep: Keep::Nothing, ..Settings::default() });
        let mut digest = None;
        for (threads, window_ms) in [(1, 7.0), (2, 7.0), (3, 0.9), (8, 1e6)] {
            let settings = Settings {
                keep: Keep::Nothing,
                threads: Some(threads),
                window_ms: Some(window_ms),
                digest: true,
                ..Settings::default()
            };
            let cut = ran(name, settings);
            assert_eq!(cut.counts, whole.counts, "{name} on {threads}");
            let of = cut.spikes_sha256.clone().expect("it was asked for");
            assert_eq!(digest.get_or_insert(of.clone()), &of, "{name} on {threads}");
            let pieces = cut.done.pieces.expect("they were asked for");
            let each = windows(&cut.pieces[0], pieces.window);
            assert_eq!(each.len() as u64, whole.counts.ticks.div_ceil(pieces.window), "{name}");
            assert_eq!(each.iter().map(|window| window.total().spikes).sum::<u64>(), whole.counts.total().spikes);
            assert_eq!(each.iter().map(|window| window.ticks).sum::<u64>(), whole.counts.ticks);
        }
        let other = ran(name, Settings { keep: Keep::Memory, digest: true, seed: Some(99), ..Settings::default() });
        let same = other.counts == whole.counts;
        assert_eq!(other.spikes_sha256 == digest, same, "{name}: another seed has other spikes, or the network draws nothing");
        assert_eq!(whole.spikes_sha256, None, "what nobody asked for is not made");
    }
}

const DIGITS: &[&str] = &["networks/digits.nir", "--input", "datasets/digits.h5", "--samples", "20"];

#[test]
fn systems_stand_beside_chips_or_alone() {
    let compare = |more: &[&str]| {
        let devices = ["--device", "loihi1-sanafe,xylo-audio2,mcu-m4-l4r5,asic-45nm-memory", "--json", "-"];
        let report: serde_json::Value = serde_json::from_str(&ends(root(), 0, &[&["compare"], DIGITS, &devices, more].concat()))
            .expect("JSON and nothing else");
        let schema = serde_json::from_str(spikewatt::report::SCHEMA).expect("a schema");
        let wrong: Vec<_> = jsonschema::validator_for(&schema)
            .expect("a good schema")
            .iter_errors(&report)
            .map(|e| format!("{}: {e}", e.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        report
    };
    let systems = |report: &serde_json::Value| {
        let entries = report["energy"].as_array().expect("a list").iter().filter(|e| e["tier"] == 4);
        let word = |entry: &serde_json::Value, key: &str| entry[key].as_str().expect("a word").to_owned();
        entries.map(|e| [word(e, "device"), word(e, "runs"), word(e, "boundary")].join(" ")).collect::<Vec<_>>()
    };
    let plain = compare(&[]);
    assert!(plain.get("answers").is_none() && systems(&plain).is_empty(), "nobody asked");
    let all = ["loihi1-sanafe spiking system", "xylo-audio2 spiking system", "mcu-m4-l4r5 dense system"];
    let beside = compare(&["--rate", "20Hz", "--board", "0.94W", "--battery", "2000mAh@3.7V", "--by-steps"]);
    assert_eq!(systems(&beside), all);
    // Chips' own prices are untouched, and so is the verdict on them.
    let chips = |report: &serde_json::Value| {
        let entries = report["energy"].as_array().expect("a list").iter().filter(|e| e["tier"] != 4);
        entries.cloned().collect::<Vec<_>>()
    };
    assert_eq!(chips(&beside), chips(&plain));
    assert_eq!((&beside["verdict"], &beside["counts"], &beside["task"]), (&plain["verdict"], &plain["counts"], &plain["task"]));
    assert_eq!(beside["answers"]["battery_j"], 26_640.0);
    let alone = compare(&["--rate", "20Hz", "--board", "0.94W", "--tier", "4"]);
    assert_eq!((systems(&alone), chips(&alone)), (all.map(String::from).to_vec(), vec![]));
    let power =
        |report: &serde_json::Value| report["answers"]["devices"][0]["system"]["power_w"]["nominal"].as_f64().expect("a power");
    let dearer = compare(&["--rate", "20Hz", "--board", "0.94W", "--board", "loihi1-sanafe=1.88W", "--regulator", "80%"]);
    let cheaper = compare(&["--rate", "20Hz", "--board", "0.94W", "--regulator", "80%"]);
    assert!((power(&dearer) - power(&cheaper) - 0.94 / 0.8).abs() < 1e-9, "one device's board alone");
}

#[test]
fn everything_that_is_wrong_with_a_product_is_told_at_once() {
    let wrong = ends(
        root(),
        2,
        &[
            &["compare"],
            DIGITS,
            &["--rate", "5ms", "--board", "1V", "--host", "odd=1W", "--regulator", "120%", "--battery", "10", "--deadline", "5W"],
            &["--window", "0ms", "--sleep", "-1W", "--depth-of-discharge", "0%", "--tier", "2"],
        ]
        .concat(),
    );
    for place in [
        "--rate",
        "--board",
        "`odd` is none",
        "--regulator",
        "--battery",
        "--deadline",
        "--window",
        "--sleep",
        "--depth-of-discharge",
        "--tier",
    ] {
        assert!(wrong.contains(place), "{place}: {wrong}");
    }
    let wrong = ends(root(), 2, &[&["compare"], DIGITS, &["--board", "1W", "--tier", "4", "--other-power", "1W"]].concat());
    for part in ["--board", "give --rate", "tier 4 prices the system", "there is none"] {
        assert!(wrong.contains(part), "{part}: {wrong}");
    }
}

#[test]
fn budgets_of_a_product_are_kept_or_named() {
    let check = |code: i32, more: &[&str]| ends(root(), code, &[&["check"], DIGITS, &["--device", "xylo-audio2"], more].concat());
    let kept = check(
        0,
        &[
            "--rate",
            "20Hz",
            "--board",
            "5mW",
            "--battery",
            "1Wh",
            "--min-hours",
            "100",
            "--max-system-power",
            "10mW",
            "--deadline",
            "20ms",
            "--max-window-power",
            "1mW",
        ],
    );
    assert!(kept.contains("4 of 4 budgets kept"), "{kept}");
    for (budget, told) in [
        (&["--deadline", "15ms"][..], "deadline broken on xylo-audio2: the high end is 1.13 times the budget"),
        (&["--rate", "20Hz", "--board", "5mW", "--battery", "1Wh", "--min-hours", "1000"], "hours broken on xylo-audio2: "),
        (&["--rate", "20Hz", "--board", "1W", "--max-system-power", "500mW"], "system power broken on xylo-audio2: "),
        (&["--max-window-power", "100uW"], "window power broken on xylo-audio2: "),
        (&["--rate", "100Hz", "--max-system-power", "1W"], "keeps up broken on xylo-audio2: it would work 1.70 seconds"),
    ] {
        let found = check(1, budget);
        assert!(found.contains(told), "{told}: {found}");
    }
    // A network with drive of its own, in windows of its run.
    let plain = ["check", "networks/05-synfire-chain.toml", "--device", "loihi1-sanafe", "--window", "10ms"];
    let found = ends(root(), 1, &[&plain[..], &["--max-window-power", "1mW"]].concat());
    assert!(found.contains("window power broken on loihi1-sanafe"), "{found}");
    ends(root(), 0, &[&plain[..], &["--max-window-power", "10W"]].concat());
    let wrong = ends(root(), 2, &[&["check"], DIGITS, &["--min-hours", "5", "--max-system-power", "1W"]].concat());
    for part in ["--device", "give --battery", "give --rate"] {
        assert!(wrong.contains(part), "{part}: {wrong}");
    }
}
