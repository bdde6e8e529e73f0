//! One neuron, by each execution, and in exact time.

use crate::compile::CompiledNetwork;
use crate::diagnostic::{Diagnostic, Result};
use crate::engine::{ENGINES, EngineKind, ExactSimulation, Simulation};
use crate::network::{Drive, Network, Population, Record, Stimulus, Target, TraceRequest};
use crate::neuron::{Values, model_by_name};
use crate::record::{MemoryRecorder, SpikeTrain};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A network of one neuron, `n`, on a grid of `dt_ms`.
pub(super) fn one_neuron(model: &str, dt_ms: f64, params: &[(&str, f64)]) -> Result<Network> {
    let model = model_by_name(model).ok_or_else(|| Diagnostic::new(format!("there is no model `{model}`")))?;
    let mut network = Network::new("one neuron");
    network.dt_ms = Some(dt_ms);
    network.populations.push(Population {
        name: "n".into(),
        size: 1,
        shape: vec![1],
        model,
        params: params.iter().map(|(name, value)| ((*name).to_owned(), Values::One(*value))).collect(),
        init: BTreeMap::new(),
    });
    Ok(network)
}

/// Adds an event from outside, sent at a time.
pub(super) fn send(network: &mut Network, at_ms: f64, weight: f64, delay_ms: f64) {
    network.stimuli.push(Stimulus {
        name: format!("event {}", network.stimuli.len()),
        to: Target { population: "n".into(), ids: vec![] },
        drive: Drive::Spikes { events: vec![(None, at_ms)], weight, delay_ms },
    });
}

/// What a neuron did.
#[derive(Debug)]
pub(super) struct Ran {
    /// By which execution; `exact` in exact time.
    pub(super) engine: &'static str,
    /// Its spikes.
    pub(super) spikes: SpikeTrain,
    /// Each variable that was asked for, at every step.
    pub(super) traces: Vec<Vec<f64>>,
}

impl Ran {
    fn new(engine: &'static str, mut recorder: MemoryRecorder) -> Self {
        let spikes = recorder.trains.swap_remove(0);
        Self { engine, spikes, traces: recorder.traces.into_iter().map(|trace| trace.values).collect() }
    }
}

/// Runs the neuron by every execution, on its grid. Traces are of the ends of ticks 1, 2, ….
pub(super) fn by_every_execution(network: &Network, ms: f64, variables: &[&str]) -> Result<Vec<Ran>> {
    let net = Arc::new(CompiledNetwork::new(network, None, None)?);
    let record = record(variables, None);
    let run = |engine: &EngineKind| {
        let mut recorder = MemoryRecorder::new(&net, &record)?;
        Simulation::with_engine(net.clone(), 1, *engine).run(net.ticks(ms), &mut recorder);
        Ok(Ran::new(engine.name(), recorder))
    };
    ENGINES.iter().map(run).collect()
}

/// Runs the neuron in exact time, without the grid that it has. Traces are of every grid point.
pub(super) fn in_exact_time(network: &Network, ms: f64, variables: &[&str]) -> Result<Ran> {
    let exact = Network { dt_ms: None, ..network.clone() };
    let net = Arc::new(CompiledNetwork::new(&exact, None, None)?);
    let mut recorder = MemoryRecorder::new(&net, &record(variables, network.dt_ms))?;
    ExactSimulation::new(net.clone(), 1).run(net.ticks(ms), &mut recorder);
    Ok(Ran::new("exact", recorder))
}

fn record(variables: &[&str], every_ms: Option<f64>) -> Record {
    let request = |v: &&str| TraceRequest { population: "n".into(), variable: (*v).into(), ids: vec![], every_ms };
    Record { spikes: vec!["n".into()], traces: variables.iter().map(request).collect() }
}
