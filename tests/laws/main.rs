//! Laws that hold for every network: closed forms, conservation of events, and results that do not depend on threads.

mod counts;
mod executions;
mod live;
mod live_timings;
mod neurons;
mod samples;
mod stimuli;
mod why;

use proptest::prelude::*;
use spikewatt::compile::CompiledNetwork;
use spikewatt::engine::{EngineKind, Simulation, run_samples};
use spikewatt::network::{
    Connect, CurrentStep, Delay, Drive, Network, Population, Projection, Record, Stimulus, Target, TraceRequest, Weight,
};
use spikewatt::neuron::{Distribution, Values, model_by_name, semantics_by_name};
use spikewatt::record::{MemoryRecorder, Tally};
use spikewatt::rng::{Purpose, Stream};
use spikewatt::spike::InputTrain;
use spikewatt::study::Quiet;
use spikewatt::study::verify::{VerifySettings, select};
use std::collections::BTreeMap;
use std::sync::Arc;

fn population(name: &str, model: &str, size: usize, params: &[(&str, f64)]) -> Population {
    Population {
        name: name.into(),
        size,
        shape: vec![size],
        model: model_by_name(model).expect("built in"),
        params: params.iter().map(|(name, value)| ((*name).to_owned(), Values::One(*value))).collect(),
        init: BTreeMap::new(),
    }
}

fn current(to: &str, steps: &[(f64, f64)]) -> Stimulus {
    Stimulus {
        name: format!("current into {to}"),
        to: Target { population: to.into(), ids: vec![] },
        drive: Drive::Current(steps.iter().map(|&(at_ms, value)| CurrentStep { at_ms, value }).collect()),
    }
}

/// Runs a network and gives what was recorded: all spikes, and the variables named.
fn run(network: &Network, ms: f64, threads: usize, traces: &[(&str, &str)]) -> (MemoryRecorder, Simulation) {
    let net = Arc::new(CompiledNetwork::in_shards(network, None, None, threads).expect("a good network"));
    let record = Record {
        spikes: network.populations.iter().map(|p| p.name.clone()).collect(),
        traces: traces
            .iter()
            .map(|(p, v)| TraceRequest { population: (*p).into(), variable: (*v).into(), ids: vec![], every_ms: None })
            .collect(),
    };
    let mut recorder = MemoryRecorder::new(&net, &record).expect("a good record");
    let ticks = net.ticks(ms);
    let mut simulation = Simulation::new(net, threads);
    simulation.run(ticks, &mut recorder);
    (recorder, simulation)
}

/// Holds single neurons, by every execution, to a formula.
fn closed_form(name: &str) {
    let case = &select(&[format!("closed-form/{name}")]).unwrap_or_else(|wrong| panic!("{wrong}"))[0];
    let result = case.verify(&VerifySettings::default(), &Quiet);
    assert!(result.passed(), "{result:#?}");
}

#[test]
fn a_constant_current_charges_the_membrane_as_the_closed_form_says() {
    closed_form("membrane-charging");
}

#[test]
fn an_exponential_current_moves_the_membrane_as_the_closed_form_says() {
    closed_form("exponential-current");
}

#[test]
fn the_rate_follows_the_f_i_curve() {
    closed_form("f-i-curve");
}

#[test]
fn the_adaptive_threshold_follows_its_closed_form() {
    closed_form("adaptive-threshold");
}

#[test]
fn trained_neurons_step_as_their_semantics_say() {
    // NIR's LIF under a constant input, below threshold: exactly (nir), or by Euler.
    let (tau, r, x, dt) = (10.0f64, 2.0, 0.3, 1.0);
    for (name, decay) in [("nir", (-dt / tau).exp()), ("nir-euler", 1.0 - dt / tau), ("snntorch", 1.0 - dt / tau)] {
        let mut network = Network::new("semantics");
        network.dt_ms = Some(dt);
        network.unitless = true;
        network.semantics = semantics_by_name(name).expect("on offer");
        network.populations.push(population("n", "lif", 1, &[("tau_m", tau), ("r_m", r)]));
        network.populations.push(population("cuba", "cuba_li", 1, &[("tau_m", tau), ("tau_syn", 4.0), ("w_in", 1.5)]));
        network.stimuli.push(current("n", &[(0.0, x)]));
        network.stimuli.push(current("cuba", &[(0.0, x)]));
        let (recorder, _) = run(&network, 50.0, 1, &[("n", "v"), ("cuba", "v")]);
        let synapse = if name == "nir" { (-dt / 4.0_f64).exp() } else { 1.0 - dt / 4.0 };
        let (mut i, mut v) = (0.0, 0.0);
        for tick in 1..=50usize {
            let expected = r * x * (1.0 - decay.powi(tick as i32));
            assert!((recorder.traces[0].values[tick - 1] - expected).abs() < 1e-12, "{name} at {tick}");
            i = synapse * i + (1.0 - synapse) * 1.5 * x;
            v = decay * v + (1.0 - decay) * i;
            assert!((recorder.traces[1].values[tick - 1] - v).abs() < 1e-12, "{name}: cuba at {tick}");
        }
    }
}

#[test]
fn the_threshold_is_tested_after_all_deliveries_of_a_tick() {
    // +30 mV and −30 mV arrive together: no spike, in whichever order they were declared.
    for weights in [[30.0, -30.0], [-30.0, 30.0]] {
        let mut network = Network::new("order");
        network.dt_ms = Some(0.1);
        network.populations.push(population("n", "lif_delta", 1, &[]));
        for (index, weight) in weights.into_iter().enumerate() {
            network.stimuli.push(Stimulus {
                name: format!("{index}"),
                to: Target { population: "n".into(), ids: vec![] },
                drive: Drive::Spikes { events: vec![(None, 1.0)], weight, delay_ms: 0.1 },
            });
        }
        assert!(run(&network, 5.0, 1, &[]).0.trains[0].ticks.is_empty());
    }
}
