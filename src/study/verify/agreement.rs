//! Executions and numbers of shards held to one another, on the textbook's networks.
//!
//! The reference on one shard is what the others are held to: it shares the physics, the rows and the draws with them, and nothing of how
//! they deliver and count.

use super::{Case, Finding, VerifySettings};
use crate::compile::CompiledNetwork;
use crate::counts::EventCounts;
use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use crate::engine::{EngineKind, Simulation};
use crate::record::MemoryRecorder;
use crate::study::lessons::lesson;
use crate::study::{Progress, Steps};
use serde_json::Value;
use std::sync::Arc;

const SHARDS: &[usize] = &[1, 2, 3, 8];

/// Lessons, and how much of each is run where time is short, ms.
const LESSONS: &[(&str, f64)] = &[
    ("01-one-neuron", 250.0),
    ("02-f-i-curve", 200.0),
    ("03-delay-line", 50.0),
    ("04-winner-take-all", 300.0),
    ("05-synfire-chain", 150.0),
    ("09-sparse-activity", 50.0),
];

pub(super) fn cases() -> Vec<Case> {
    let case = |&(name, short_ms): &(&'static str, f64)| {
        Case::new("agreement", name, "clock and event on 1, 2, 3 and 8 shards", "reference", move |settings, progress| {
            check(name, short_ms, settings, progress)
        })
    };
    LESSONS.iter().map(case).collect()
}

fn check(name: &str, short_ms: f64, settings: &VerifySettings, progress: &dyn Progress) -> Result<Vec<Finding>> {
    let network = lesson(name, &[])?;
    let ms = network.duration_ms.filter(|_| settings.full).unwrap_or(short_ms);
    let runs = SHARDS.iter().flat_map(|shards| [(EngineKind::Clock, *shards), (EngineKind::Event, *shards)]);
    progress.begin("comparing executions", 1 + runs.clone().count() as u64, Steps::Things("runs"));
    let run = |engine: EngineKind, shards: usize| {
        let net = Arc::new(CompiledNetwork::in_shards(&network, None, None, shards)?);
        let mut recorder = MemoryRecorder::all_spikes(&net);
        let mut simulation = Simulation::with_engine(net.clone(), shards.min(settings.threads), engine);
        simulation.run(net.ticks(ms), &mut recorder);
        progress.advance(1);
        // Populations in their order, and spikes of each by tick and neuron.
        let spikes = recorder
            .trains
            .iter()
            .flat_map(|train| train.ticks.iter().zip(&train.ids).map(|(tick, id)| (train.population, *tick, *id)));
        let spikes: Vec<_> = spikes.collect();
        Ok::<_, Diagnostics>((spikes, counted(&simulation.counts())?))
    };
    let (expected_spikes, expected_counts) = run(EngineKind::Reference, 1)?;
    let mut spikes = Finding::new("spikes", "spikes", 0.0);
    let mut counts = Finding::new("event counts", "events", 0.0);
    for (engine, shards) in runs {
        let (found_spikes, found_counts) = run(engine, shards)?;
        let place = || format!("{} on {shards} shards", engine.name());
        spikes.note_lists(&found_spikes, &expected_spikes, || format!("{}, (population, tick, neuron)", place()));
        for ((what, found), (_, expected)) in found_counts.iter().zip(&expected_counts) {
            counts.note(found.abs_diff(*expected) as f64, || format!("{}, {what}: {found}, expected {expected}", place()));
        }
    }
    progress.end();
    Ok(vec![spikes, counts])
}

/// Every count by its path, such as `populations.0.spikes`.
fn counted(counts: &EventCounts) -> Result<Vec<(String, u64)>> {
    let value = serde_json::to_value(counts).map_err(|error| Diagnostic::new(format!("counts are no data: {error}")))?;
    let mut all = Vec::new();
    leaves(&value, String::new(), &mut all);
    Ok(all)
}

fn leaves(value: &Value, path: String, all: &mut Vec<(String, u64)>) {
    let inner = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| leaves(value, inner(key), all)),
        Value::Array(list) => list.iter().enumerate().for_each(|(at, value)| leaves(value, inner(&at.to_string()), all)),
        other => all.extend(other.as_u64().map(|count| (path, count))),
    }
}
