//! A run over the samples of a data set.

use super::plain::traces_fit;
use super::run::{Ran, TaskOutcome};
use super::{Plan, Progress, Steps, TaskPlan};
use crate::compile::CompiledNetwork;
use crate::counts::EventCounts;
use crate::dataset::Dataset;
use crate::dataset::decode::{Decoding, decide};
use crate::dataset::encode::{encode, left_out};
use crate::diagnostic::Result;
use crate::engine::{EngineKind, run_samples};
use crate::record::{MemoryRecorder, NeuronSpikes, Selection, Tally};
use std::sync::Arc;

/// Runs a network over samples as planned, or over those that have begun when it should stop.
pub(super) fn run_dataset(
    net: &Arc<CompiledNetwork>,
    engine: EngineKind,
    dataset: &Dataset,
    plan: &Plan,
    task: &TaskPlan,
    selection: &Selection,
    progress: &dyn Progress,
) -> Result<Ran> {
    traces_fit(selection, plan.ticks as f64 * task.samples.len() as f64)?;
    let neurons = plan.neuron_spikes.then(|| NeuronSpikes::new(net));
    let recorder = MemoryRecorder::of(net, selection);
    let recorder = match &neurons {
        Some(neurons) => recorder.counting(neurons.clone()),
        None => recorder,
    };
    let input = net.input.expect("a plan for a data set needs an input population");
    let membrane = task.decoding == Some(Decoding::MaxMembrane);
    // Without a readout the input's own spikes are tallied, and nobody looks.
    let tally = Tally::new(net, net.readout.unwrap_or(input), membrane);
    progress.begin("samples", task.samples.len() as u64, Steps::Samples);
    let train = |at: usize| encode(dataset, task.samples[at], task.encoding, plan.ticks, net.dt_ms, plan.seed);
    let next = || {
        progress.advance(1);
        !progress.cancelled()
    };
    let outcomes = run_samples(net, engine, input, task.samples.len(), plan.ticks, plan.threads, &tally, &recorder, train, next)?;
    progress.end();
    let mut counts = EventCounts::zero(net.populations.len(), net.projections.len());
    let mut recorded = Vec::with_capacity(outcomes.len());
    let mut answers = TaskOutcome { predictions: Vec::new(), readout_counts: Vec::new() };
    let mut samples = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        samples.push(task.samples[outcome.sample]);
        counts += &outcome.counts;
        if let Some(decoding) = task.decoding {
            let t = &outcome.tally;
            answers.predictions.push(decide(decoding, &t.counts, &t.first, &t.highest).map(|class| class as u32));
            answers.readout_counts.push(outcome.tally.counts);
        }
        recorded.push(outcome.recorded);
    }
    let mut notes = Vec::new();
    let lost: u64 = samples.iter().map(|&s| left_out(dataset, s, plan.ticks, net.dt_ms)).sum();
    if lost > 0 {
        notes.push(format!("{lost} input spikes come after the last step and were left out."));
    }
    let partial = samples.len() < task.samples.len();
    let done = Plan { task: Some(TaskPlan { samples, ..task.clone() }), ..plan.clone() };
    let neuron_spikes = neurons.map(|neurons| neurons.counts());
    Ok(Ran { done, partial, counts, neuron_spikes, recorded, file: None, task: task.decoding.map(|_| answers), notes })
}
