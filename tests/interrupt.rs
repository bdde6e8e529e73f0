//! Ctrl-C, as its users press it: what was done is kept whole and marked, and no half file stays.
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A thousand neurons that spike on and on: far more simulated time than anybody waits for.
const ENDLESS: &str = r#"
name = "endless"
dt = "0.1 ms"
duration = "1000000 s"
[[population]]
name = "n"
size = 1000
model = "lif_delta"
params = { tau_m = "10 ms", c_m = "100 pF", v_rest = "0 mV", v_reset = "0 mV", v_th = "10 mV", t_ref = "1 ms", i_e = "1000 pA" }
"#;

fn start(folder: &Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_spikewatt"))
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", child.id())]).status().expect("a shell");
    assert!(sent.success(), "the program still ran");
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> = entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Waits until the run has written spikes beside `--out`, so that it is well under way.
fn under_way(folder: &Path) {
    let began = Instant::now();
    let grown = || {
        let partial = names(folder).into_iter().find(|name| name.ends_with(".partial"))?;
        std::fs::metadata(folder.join(partial)).ok().filter(|m| m.len() > 100_000)
    };
    while grown().is_none() {
        assert!(began.elapsed() < Duration::from_secs(120), "nothing is written: {:?}", names(folder));
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn valid(output: &Output) -> serde_json::Value {
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON and nothing else");
    let schema = serde_json::from_str(spikewatt::report::SCHEMA).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a good schema");
    let wrong: Vec<_> = validator.iter_errors(&report).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    report
}

#[test]
fn a_run_that_is_interrupted_keeps_what_it_did() {
    for name in ["INT", "TERM"] {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("endless.toml"), ENDLESS).expect("written");
        let arguments = ["run", "endless.toml", "--out", "out.h5", "--record", "spikes,v:n:0-1", "--json", "-"];
        let child = start(folder.path(), &arguments);
        under_way(folder.path());
        signal(&child, name);
        let output = child.wait_with_output().expect("it ends");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(130), "{told}");
        assert!(told.contains("marked partial"), "{told}");
        assert_eq!(names(folder.path()), ["endless.toml", "out.h5"], "no half file stays");
        let report = valid(&output);
        assert_eq!(report["run"]["partial"], true);
        let (seconds, steps) = (report["run"]["duration_s"].as_f64().expect("a time"), report["run"]["steps"].as_u64());
        assert!(seconds > 0.0 && seconds < 1e6);
        assert!(report["caveats"][0].as_str().is_some_and(|c| c.contains("interrupted") && c.contains("of 1000000 s")));

        let file = hdf5::File::open(folder.path().join("out.h5")).expect("a whole file");
        assert_eq!(file.attr("partial").expect("a mark").read_scalar::<u8>().expect("a number"), 1);
        let times = file.dataset("spikes/n/timestamps").expect("spikes").read_raw::<f64>().expect("numbers");
        assert_eq!(Some(times.len() as u64), report["counts"]["total"]["spikes"].as_u64(), "every spike that is counted");
        assert!(times.iter().all(|ms| *ms <= seconds * 1e3 + 1e-6));
        assert_eq!(file.dataset("report/n/data").expect("traces").shape(), [steps.expect("steps") as usize, 2]);
        let inside = spikewatt::record::read_report(&folder.path().join("out.h5")).expect("HDF5").expect("a report");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&inside).expect("JSON"), report);
    }
}

#[test]
fn the_text_of_an_interrupted_run_says_so_first() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("endless.toml"), ENDLESS).expect("written");
    let child = start(folder.path(), &["run", "endless.toml", "--out", "out.h5"]);
    under_way(folder.path());
    signal(&child, "INT");
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.starts_with("Interrupted"), "{text}");
    assert!(text.contains("simulated time"), "{text}");
}

#[test]
fn two_signals_leave_no_half_file() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("endless.toml"), ENDLESS).expect("written");
    std::fs::write(folder.path().join("out.h5"), "older").expect("written");
    let mut child = start(folder.path(), &["run", "endless.toml", "--out", "out.h5"]);
    under_way(folder.path());
    signal(&child, "INT");
    // The second comes as soon as the first is heard, while the run looks for its end.
    let mut told = BufReader::new(child.stderr.take().expect("piped"));
    told.read_line(&mut String::new()).expect("a line");
    Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status().expect("a shell");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(names(folder.path()), ["endless.toml", "out.h5"]);
    // Where the run was quicker, the file is whole. Otherwise the older one stays.
    let bytes = std::fs::read(folder.path().join("out.h5")).expect("there");
    assert!(bytes == b"older" || hdf5::File::open(folder.path().join("out.h5")).is_ok());
}

#[test]
fn a_full_disk_ends_the_run_and_leaves_nothing() {
    // A file size limit stands for the disk; the shell's unit is 512 bytes or 1 KiB.
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("endless.toml"), ENDLESS).expect("written");
    let command = format!(
        "trap '' XFSZ; ulimit -f 2000; exec '{}' run endless.toml --out out.h5 --record spikes,v",
        env!("CARGO_BIN_EXE_spikewatt")
    );
    let output = Command::new("sh").args(["-c", &command]).current_dir(folder.path()).output().expect("a shell");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("out.h5") && told.contains("cannot be written"), "{told}");
    assert!(output.stdout.is_empty());
    assert_eq!(names(folder.path()), ["endless.toml"]);
}

#[test]
fn samples_that_were_done_are_reported() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = |name: &str| root.join(name).display().to_string();
    let (network, input, dense) = (file("networks/digits.nir"), file("datasets/digits.h5"), file("networks/digits-mlp.onnx"));
    let out = |folder: &Path| -> PathBuf { folder.join("out.h5") };
    for command in ["run", "compare"] {
        // Nothing tells from outside that the first sample is done, so patience doubles until it is.
        let done = (0..6).find_map(|attempt| {
            let folder = tempfile::tempdir().expect("a folder");
            let mut arguments = vec![command, &network, "--input", &input, "--steps", "60000", "--json", "-"];
            let more: &[&str] =
                if command == "run" { &["--out", "out.h5", "--record", "spikes:lif2"] } else { &["--dense", &dense] };
            arguments.extend(more);
            let child = start(folder.path(), &arguments);
            std::thread::sleep(Duration::from_secs(1 << attempt));
            signal(&child, "INT");
            let output = child.wait_with_output().expect("it ends");
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(130), "{told}");
            if output.stdout.is_empty() {
                assert_eq!(names(folder.path()), [""; 0], "{told}");
                return None;
            }
            let report = valid(&output);
            let written = (command == "run").then(|| {
                let file = hdf5::File::open(out(folder.path())).expect("a whole file");
                assert!(file.attr("partial").is_ok());
                file.dataset("spikes/lif2/node_ids").expect("spikes").size() as u64
            });
            Some((report, written))
        });
        let (report, written) = done.expect("a sample takes less than half a minute");
        let samples = report["run"]["samples"].as_u64().expect("a number");
        assert!(report["run"]["partial"] == true && (1..360).contains(&samples), "{samples} samples");
        assert_eq!(report["task"]["samples"], samples);
        for list in ["predictions", "labels"] {
            assert_eq!(report["task"][list].as_array().expect("a list").len() as u64, samples);
        }
        assert!(report["caveats"][0].as_str().is_some_and(|c| c.contains(&format!("after {samples} of 360 samples"))));
        match written {
            Some(spikes) => {
                let lif2 = report["counts"]["populations"].as_array().expect("a list").iter().find(|p| p["name"] == "lif2");
                assert_eq!(lif2.expect("there")["spikes"], spikes);
            }
            None => assert_eq!(report["dense"]["samples"], samples, "both sides tell of the same samples"),
        }
    }
}
