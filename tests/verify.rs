//! `spikewatt verify` as its users meet it. That a miss is found, and ends with exit code 1, is tested where a stored run can be falsified:
//! in `src/study/verify/tests.rs` and `src/cli/verify.rs`.

use std::process::{Command, Output};

fn verify(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spikewatt"));
    command.arg("verify").args(arguments).env("COLUMNS", "160").output().expect("the program starts")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn the_list_names_every_oracle_and_runs_nothing() {
    let output = verify(&["--list"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let list = text(&output.stdout);
    for case in ["nest/cond_02_coba_spikes", "closed-form/f-i-curve", "agreement/05-synfire-chain", "statistics/microcircuit-0.1"]
    {
        assert!(list.contains(case), "{case}: {list}");
    }
    assert!(!list.contains("Worst"), "{list}");
    assert!(!text(&verify(&["agreement", "--list"]).stdout).contains("nest/"), "a part of the list");
}

#[test]
fn a_part_passes_and_says_how_far_off_it_is() {
    let output = verify(&["nest/delta", "closed-form", "agreement/03"]);
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{shown}{}", text(&output.stderr));
    for part in ["NEST 3.10", "formula", "reference", "0 spikes", "1e-9", "All 11 cases are as they should be"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!shown.contains("MISS") && !shown.contains("statistics/"), "{shown}");
}

#[test]
fn results_are_data_too() {
    let output = verify(&["closed-form/f-i-curve", "--json", "-"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON and nothing else");
    assert_eq!(report["schema"], "spikewatt.verify/1");
    assert_eq!((report["passed"].as_bool(), report["missed"].as_u64()), (Some(true), Some(0)));
    let finding = &report["results"][0]["findings"][0];
    assert_eq!((finding["quantity"].as_str(), finding["worst"].as_f64()), (Some("intervals"), Some(0.0)));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("verify.json");
    let output = verify(&["closed-form/f-i-curve", "--quiet", "--json", &file.display().to_string()]);
    assert!(output.status.success() && output.stdout.is_empty() && output.stderr.is_empty());
    serde_json::from_slice::<serde_json::Value>(&std::fs::read(file).expect("the file")).expect("JSON");
}

#[test]
fn an_unknown_name_is_bad_usage() {
    let output = verify(&["nest", "agrement/03"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(text(&output.stderr).contains("did you mean `agreement`?"), "{}", text(&output.stderr));
    assert!(text(&verify(&["nest/exq"]).stderr).contains("nest/exp_01_const"));
    assert_eq!(verify(&["--threads", "0"]).status.code(), Some(2));
}
