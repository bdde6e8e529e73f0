//! SONATA: the examples of the format, and networks written here.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod convert;
mod examples;
mod intfire1;
mod malformed;
mod small;
mod spikes;

use spikewatt::compile::CompiledNetwork;
use spikewatt::engine::Simulation;
use spikewatt::format::{OpenOptions, open_network};
use spikewatt::network::Network;
use spikewatt::record::MemoryRecorder;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sonata").join(name)
}

fn open(path: &Path, dt_ms: Option<f64>) -> Network {
    open_network(path, &OpenOptions { dt_ms, ..OpenOptions::default() }).unwrap_or_else(|wrong| panic!("{wrong}"))
}

/// Spikes of a population of a network that runs for its duration: (ms, neuron), ascending.
fn run(network: &Network, population: &str, threads: usize) -> Vec<(f64, u32)> {
    let net = Arc::new(CompiledNetwork::new(network, None, None).unwrap_or_else(|wrong| panic!("{wrong}")));
    let mut recorder = MemoryRecorder::all_spikes(&net);
    let ticks = net.ticks(network.duration_ms.unwrap());
    Simulation::new(net.clone(), threads).run(ticks, &mut recorder);
    let at = network.population(population).unwrap();
    let train = recorder.trains.iter().find(|train| train.population == at).unwrap();
    train.times().map(|ticks| ticks * net.dt_ms).zip(train.ids.iter().copied()).collect()
}

fn spikewatt(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_spikewatt")).args(arguments).output().unwrap()
}

fn ok(arguments: &[&str]) -> (String, String) {
    let output = spikewatt(arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert!(output.status.success(), "{arguments:?}: {err}");
    (out, err)
}

fn refused(arguments: &[&str]) -> String {
    let output = spikewatt(arguments);
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {err}");
    assert!(output.stdout.is_empty() && !err.contains("panicked") && !err.contains("HDF5-DIAG"), "{arguments:?}: {err}");
    err
}
