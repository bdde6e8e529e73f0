//! One neuron, by each execution.

use crate::compile::CompiledNetwork;
use crate::diagnostic::{Diagnostic, Result};
use crate::engine::{ENGINES, EngineKind, Simulation};
use crate::network::{Drive, Network, Population, Record, Stimulus, Target, TraceRequest};
use crate::neuron::{Values, model_by_name};
use crate::record::MemoryRecorder;
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
    /// By which execution.
    pub(super) engine: EngineKind,
    /// Ticks of its spikes.
    pub(super) spikes: Vec<u64>,
    /// Each variable that was asked for, at the ends of ticks 1, 2, ….
    pub(super) traces: Vec<Vec<f64>>,
}

/// Runs the neuron by every execution.
pub(super) fn by_every_execution(network: &Network, ms: f64, variables: &[&str]) -> Result<Vec<Ran>> {
    let net = Arc::new(CompiledNetwork::new(network, None, None)?);
    let request = |v: &&str| TraceRequest { population: "n".into(), variable: (*v).into(), ids: vec![], every_ms: None };
    let record = Record { spikes: vec!["n".into()], traces: variables.iter().map(request).collect() };
    let run = |engine: &EngineKind| {
        let mut recorder = MemoryRecorder::new(&net, &record)?;
        Simulation::with_engine(net.clone(), 1, *engine).run(net.ticks(ms), &mut recorder);
        let spikes = recorder.trains.swap_remove(0).ticks;
        Ok(Ran { engine: *engine, spikes, traces: recorder.traces.into_iter().map(|trace| trace.values).collect() })
    };
    ENGINES.iter().map(run).collect()
}
