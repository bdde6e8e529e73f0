//! Every network of the textbook does what its text says.

use spikewatt::format::{OpenOptions, open_network};
use spikewatt::record::SpikeTrain;
use spikewatt::study::{Outcome, Plan, Quiet, Settings, run};
use std::path::{Path, PathBuf};

fn networks() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("networks")
}

fn outcome(name: &str) -> Outcome {
    let network = open_network(&networks().join(name), &OpenOptions::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
    let plan = Plan::new(&network, None, &Settings::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
    run(&network, None, &plan, &Quiet).unwrap_or_else(|wrong| panic!("{wrong}"))
}

fn train<'a>(outcome: &'a Outcome, population: &str) -> &'a SpikeTrain {
    let at = outcome.net.populations.iter().position(|p| p.name == population).expect("a population of this name");
    outcome.recorded[0].trains.iter().find(|t| t.population == at).expect("its spikes are recorded")
}

/// Holds a file to its text.
type Check = fn(&str);

/// The files of the textbook and the tests that hold each to its text.
const BOOK: &[(&str, Check)] = &[
    ("01-one-neuron.toml", one_neuron),
    ("02-f-i-curve.toml", f_i_curve),
    ("03-delay-line.toml", delay_line),
    ("04-winner-take-all.toml", winner_take_all),
];

#[test]
fn every_network_is_in_the_textbook_test() {
    let mut files: Vec<_> = std::fs::read_dir(networks())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".toml"))
        .collect();
    files.sort();
    assert_eq!(files, BOOK.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    for (name, check) in BOOK {
        check(name);
    }
}

fn one_neuron(name: &str) {
    let o = outcome(name);
    let expected: Vec<u64> = (0..8).map(|k| 220 + 240 * k).collect();
    assert_eq!(train(&o, "n").ticks, expected);
    assert_eq!(o.recorded[0].traces[0].values.len(), 2500);
}

fn f_i_curve(name: &str) {
    let o = outcome(name);
    let train = train(&o, "n");
    let counts: Vec<_> = (0..12).map(|n| train.ids.iter().filter(|id| **id == n).count()).collect();
    assert_eq!(counts, [0, 0, 15, 20, 29, 41, 63, 81, 113, 154, 238, 345]);
}

fn delay_line(name: &str) {
    let o = outcome(name);
    let train = train(&o, "line");
    assert_eq!(train.ids, (0..10).collect::<Vec<u32>>());
    assert_eq!(train.ticks, (0..10).map(|i| 2 + 2 * i).collect::<Vec<u64>>());
    let total = o.counts.total();
    assert_eq!((total.spikes, total.synaptic_events, total.stimulus_events), (10, 9, 1));
    assert_eq!((total.neuron_updates_driven, total.neuron_updates_clocked), (10, 500));
}

fn winner_take_all(name: &str) {
    let o = outcome(name);
    let (left, right) = (train(&o, "left").ids.len(), train(&o, "right").ids.len());
    assert!(left > 3 * right && left > 200, "left {left}, right {right}");
}
