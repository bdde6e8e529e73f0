use super::*;
use crate::study::Quiet;
use std::collections::BTreeSet;

#[test]
fn every_case_runs_when_it_is_small() {
    // Times are told, never judged: this only says that each case builds, runs and counts.
    let settings = BenchSettings { threads: 2, duration_ms: Some(20.0), repeats: 2, size: 0.01 };
    for case in all() {
        let name = format!("{}/{}", case.bench, case.name);
        let result = measure(&case, &settings, &Quiet).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        assert!(result.neurons > 0 && result.simulated_s > 0.0, "{name}: {result:?}");
        assert!(result.wall_s.min <= result.wall_s.median);
        assert!(result.wall_s.median <= result.wall_s.max);
        let silent = case.bench == "silent" || case.name.ends_with("-0hz");
        assert_eq!(result.spikes == 0, silent, "{name}: {} spikes", result.spikes);
    }
}

#[test]
fn the_sparse_network_spikes_as_often_as_it_is_told() {
    // Each external event is one spike and recurrent events make none: 1,000 neurons at 10 Hz for a second, ± 5 sigma, but for the
    // 2 % that meet a refractory neuron.
    let case = select(&["sparse/1e4-10hz".into()]).expect("there").remove(0);
    let settings = BenchSettings { threads: 1, duration_ms: Some(1000.0), repeats: 1, size: 0.1 };
    let result = measure(&case, &settings, &Quiet).expect("good");
    assert!((result.spikes as f64 - 9_800.0).abs() < 5.0 * 100.0, "{} spikes", result.spikes);
}

#[test]
fn names_select_benches_and_parts_of_them() {
    let names = |selection: &[&str]| -> Vec<String> {
        let selection: Vec<String> = selection.iter().map(|s| (*s).to_owned()).collect();
        select(&selection).expect("there").iter().map(|case| format!("{}/{}", case.bench, case.name)).collect()
    };
    assert_eq!(names(&["brunel"]), ["brunel/full"]);
    assert_eq!(names(&["sparse/1e5", "sparse/1e5-10hz"]).len(), 4, "each once");
    assert_eq!(names(&["sparse/1e6-0hz"]), ["sparse/1e6-0hz"], "and not 0.1hz");
    assert_eq!(names(&["sparse"]).len(), 12);
    let wrong = select(&["brunl".into(), "sparse/1e7".into()]).expect_err("neither is there").to_string();
    assert!(wrong.contains("cuba-4k") && wrong.contains("sparse/1e4-0hz"), "all complaints at once: {wrong}");
}

#[test]
fn peers_and_goals_are_of_cases_that_are_there() {
    let cases: BTreeSet<String> = all().iter().map(|case| format!("{}/{}", case.bench, case.name)).collect();
    for place in PEERS.iter().map(|p| p.case).chain(GOALS.iter().map(|g| g.case)) {
        assert!(cases.contains(place), "`{place}` is no case");
    }
    for peer in PEERS {
        assert!(peer.wall_s > 0.0 && !peer.source.is_empty());
    }
}

#[test]
fn the_table_and_the_data_tell_the_same() {
    let case = select(&["brunel".into()]).expect("there").remove(0);
    let settings = BenchSettings { threads: 1, duration_ms: Some(20.0), repeats: 1, size: 0.01 };
    let mut result = measure(&case, &settings, &Quiet).expect("good");
    let read = |result: &CaseResult| CaseResult::from_json(&serde_json::to_string(result).expect("data")).expect("the same data");
    assert_eq!(read(&result), result);
    assert_eq!(result.best_peer, None, "a smaller network is not what the peer ran");
    result.best_peer = PEERS.iter().find(|peer| peer.case == "brunel/full").copied();
    result.times_as_fast_as_peer = Some(2.0);
    assert_eq!(read(&result), result);
    let limits = Limits { threads: 1, read_gb_per_s: 20.0, rmw_256_kib_per_s: 400e6, rmw_32_mib_per_s: 50e6 };
    let report = BenchReport::new(limits, vec![result]);
    let text = report.to_text();
    for part in ["brunel/full", "Auryn×2 3.9 (2 ×)", "20 GB/s", "400 M/s", "Does"] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    let json = serde_json::to_value(&report).expect("data");
    assert_eq!(json["results"][0]["bench"], "brunel");
    assert_eq!(json["results"][0]["best_peer"]["peer"], "Auryn");
}
