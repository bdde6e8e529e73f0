//! How long it takes to change and to explain large networks: `cargo test --release --test laws live_timings -- --ignored --nocapture`.

use super::*;
use spikewatt::compile::{LiveScale, ParamChange};
use spikewatt::engine::Moment;
use spikewatt::format::{OpenOptions, open_network};
use std::time::Instant;

#[test]
#[ignore = "a measurement, not a test: cargo test --release --test laws live_timings -- --ignored --nocapture"]
#[allow(clippy::print_stdout, reason = "a measurement prints")]
fn live_timings() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("networks");
    for file in ["digits.nir", "06-brunel-2000.toml", "10-microcircuit.toml"] {
        let options = OpenOptions { dt_ms: Some(0.1), ..OpenOptions::default() };
        let network = open_network(&root.join(file), &options).unwrap_or_else(|wrong| panic!("{wrong}"));
        let start = Instant::now();
        let net = Arc::new(CompiledNetwork::for_threads(&network, None, None, 2).unwrap_or_else(|wrong| panic!("{wrong}")));
        let compiled = start.elapsed();
        let mut simulation = Simulation::new(net.clone(), 2);
        let mut store = MemoryRecorder::all_spikes(&net);
        simulation.run(1000, &mut store);
        let one = |factor: f64| LiveScale {
            weights: net.projections.iter().enumerate().map(|(at, p)| (p.name.clone(), factor + at as f64 * 0.01)).collect(),
            params: BTreeMap::from([(
                net.populations.iter().find(|p| !p.is_input()).expect("it has neurons").name.clone(),
                BTreeMap::from([("tau_m".to_owned(), ParamChange::Times(1.1))]),
            )]),
            ..LiveScale::default()
        };
        let start = Instant::now();
        let changed = Arc::new(net.with_live(&one(0.9)).unwrap_or_else(|wrong| panic!("{wrong}")));
        let made = start.elapsed();
        let start = Instant::now();
        simulation.adopt(changed).unwrap_or_else(|wrong| panic!("{wrong}"));
        let adopted = start.elapsed();
        let population = net.populations.iter().position(|p| !p.is_input()).expect("it has neurons");
        let train = store.trains.iter().find(|train| train.population == population);
        let spike = train.and_then(|t| Some((*t.ticks.last()?, *t.ids.last()?))).unwrap_or((1000, 0));
        let start = Instant::now();
        let why = net
            .explain(Moment { population, neuron: spike.1, tick: spike.0 }, &store, 0)
            .unwrap_or_else(|wrong| panic!("{wrong}"));
        let explained = start.elapsed();
        println!(
            "{file}: {} synapses; compiled in {compiled:.1?}, with_live {made:.1?}, adopt {adopted:.1?}, explain {explained:.1?} ({} causes, v {} of {:?}, rest {:e})",
            net.synapses(),
            why.causes.len(),
            why.v,
            why.threshold,
            why.rest
        );
    }
}
