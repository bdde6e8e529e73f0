//! Networks of the textbook held to runs of the same networks in NEST, Brian2 and GeNN (`tests/data/nest/statistics`).
//!
//! Spikes of a network with noise, or chaos, of its own are not the same in two simulators; their statistics are. For every population
//! each figure must lie in the range of all stored runs, widened on either side by [`ERRORS`] standard errors of a run of ours:
//!
//! ```text
//! error = s √(stored window / our window)
//! ```
//!
//! with s the standard deviation between the seeds of one simulator, pooled over the simulators. What differs between simulators (two of them
//! never agree better than that) is in the range, and not in s. With three seeds of two simulators s has four degrees of freedom and is
//! itself too small by half now and then; hence as many errors. For deviations over n neurons, and for the silent part p of them, s is at
//! least what n draws give: a part of 1/√(2n), and √(p/n). Deviations over neurons, and the silent, depend on the length of the window: they are compared where that is the stored one.
//! The seeds here are fixed, so that what passes once passes always.

use serde_json::Value;
use spikewatt::format::{OpenOptions, open_network};
use spikewatt::record::Statistics;
use spikewatt::study::{Plan, Quiet, Settings, run};
use std::path::Path;

/// Standard errors that the range of the stored runs is widened by.
const ERRORS: f64 = 4.0;

/// A figure: its name in the stored files, and ours.
type Figure = (&'static str, fn(&Statistics) -> Option<f64>);

const FIGURES: &[Figure] = &[
    ("rate_mean", |s| Some(s.rate_hz.mean)),
    ("rate_sd_over_neurons", |s| Some(s.rate_hz.sd)),
    ("silent_fraction", |s| Some(s.silent_fraction)),
    ("cv_isi_mean", |s| s.cv.map(|cv| cv.mean)),
    ("cv_isi_sd", |s| s.cv.map(|cv| cv.sd)),
    ("lv_isi", |s| s.lv.map(|lv| lv.mean)),
    ("mean_isi_ms", |s| s.mean_interval_ms),
    ("corr_mean", |s| s.correlation.map(|c| c.pairs.mean)),
    ("pop_count_fano_1ms", |s| s.fano_1ms),
    ("pop_count_fano_2ms", |s| s.fano_2ms),
];

/// Stored runs: the simulator and what it says.
fn stored(prefix: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/nest/statistics");
    let mut paths: Vec<_> = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let name = |path: &Path| path.file_stem().expect("a name").to_string_lossy().into_owned();
    let of_prefix = |path: &Path| Some(name(path).strip_prefix(prefix)?.strip_prefix('_')?.split('_').next()?.to_owned());
    let read = |path: &Path| {
        Some((of_prefix(path)?, serde_json::from_str(&std::fs::read_to_string(path).expect("a text")).expect("JSON")))
    };
    let runs: Vec<_> = paths.iter().filter_map(|path| read(path)).collect();
    assert!(runs.len() >= 4, "{prefix}");
    runs
}

/// Lowest and highest stored value, and the pooled standard deviation between seeds of a simulator.
fn spread(runs: &[(String, Value)], population: &str, figure: &str) -> (f64, f64, f64) {
    let value = |run: &Value| run["populations"][population][figure].as_f64().unwrap_or_else(|| panic!("{population} {figure}"));
    let all: Vec<f64> = runs.iter().map(|(_, run)| value(run)).collect();
    let (mut squares, mut free) = (0.0, 0);
    for own in runs.chunk_by(|a, b| a.0 == b.0) {
        let mean = own.iter().map(|(_, run)| value(run)).sum::<f64>() / own.len() as f64;
        squares += own.iter().map(|(_, run)| (value(run) - mean).powi(2)).sum::<f64>();
        free += own.len() - 1;
    }
    let bound = |pick: fn(f64, f64) -> f64| all.iter().copied().reduce(pick).expect("runs");
    (bound(f64::min), bound(f64::max), (squares / free as f64).sqrt())
}

/// Runs a network for `seconds` after what the stored runs left out, and holds its populations to theirs.
fn check(file: &str, set: &[&str], prefix: &str, populations: &[(&str, &str)], seconds: f64) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("networks").join(file);
    let set = set.iter().map(|text| text.parse().expect("KEY=VALUE")).collect();
    let network = open_network(&path, &OpenOptions { set, ..OpenOptions::default() }).unwrap_or_else(|wrong| panic!("{wrong}"));
    let runs = stored(prefix);
    let edge = |at: usize| runs[0].1["window_ms"][at].as_f64().expect("a time");
    let window = (edge(0), edge(0) + seconds * 1e3);
    let lengthening = (edge(1) - edge(0)) / (window.1 - window.0);
    let settings = Settings { duration_ms: Some(window.1), ..Settings::default() };
    let plan = Plan::new(&network, None, &settings).unwrap_or_else(|wrong| panic!("{wrong}"));
    let outcome = run(&network, None, &plan, &Quiet).unwrap_or_else(|wrong| panic!("{wrong}"));
    let mut wrong = Vec::new();
    eprintln!("{file}: {:.1} s to build, {:.1} s to run", outcome.build_wall_s, outcome.run_wall_s);
    eprintln!("{:<6} {:<22} {:>10}   {:>10} {:>10}   {:>10}", "", "", "here", "lowest", "highest", "error");
    for (ours, theirs) in populations {
        let at = outcome.net.populations.iter().position(|p| p.name == *ours).expect("a population of this name");
        let train = outcome.recorded[0].trains.iter().find(|t| t.population == at).expect("its spikes are recorded");
        let size = outcome.net.populations[at].size;
        assert_eq!(runs[0].1["populations"][theirs]["n"], size, "{ours}: neurons");
        let statistics = Statistics::new(train, size, outcome.net.dt_ms, window).unwrap_or_else(|wrong| panic!("{wrong}"));
        for (name, figure) in FIGURES {
            let found = figure(&statistics).unwrap_or(f64::NAN);
            let of_neurons = name.contains("_sd");
            if lengthening != 1.0 && (of_neurons || *name == "silent_fraction") {
                continue;
            }
            let (low, high, sd) = spread(&runs, theirs, name);
            let least = match *name {
                "silent_fraction" => (high.max(1.0 / size as f64) / size as f64).sqrt(),
                _ if of_neurons => high / (2.0 * size as f64).sqrt(),
                _ => 0.0,
            };
            let error = sd.max(least) * lengthening.sqrt();
            let line = format!("{ours:<6} {name:<22} {found:>10.5}   {low:>10.5} {high:>10.5}   {error:>10.5}");
            let inside = (low - ERRORS * error..=high + ERRORS * error).contains(&found);
            eprintln!("{line}{}", if inside { "" } else { "   <-- outside" });
            if !inside {
                wrong.push(line);
            }
        }
    }
    assert!(wrong.is_empty(), "{file}, beyond {ERRORS} errors:\n{}", wrong.join("\n"));
}

const EI: &[(&str, &str)] = &[("e", "E"), ("i", "I")];

#[test]
fn brunel_s_network_is_that_of_nest_and_genn() {
    check("06-brunel-2000.toml", &[], "b1", EI, 1.5);
}

#[test]
fn cuba_is_that_of_nest_and_brian() {
    check("07-vogels-abbott-cuba.toml", &[], "cuba", EI, 10.0);
}

#[test]
fn coba_is_that_of_nest_and_brian() {
    check("08-vogels-abbott-coba.toml", &[], "coba", EI, 10.0);
}

#[test]
fn a_tenth_of_the_microcircuit_is_that_of_nest_and_genn() {
    let populations: Vec<_> = ["L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"].map(|name| (name, name)).into();
    check("10-microcircuit.toml", &["scale=0.1"], "b3_scale0.1", &populations, 10.0);
}
