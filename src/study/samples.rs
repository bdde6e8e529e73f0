//! A run over the samples of a data set.

use super::pieces::pieces_fit;
use super::plain::traces_fit;
use super::run::{Ran, TaskOutcome};
use super::{Plan, Progress, Steps, TaskPlan};
use crate::compile::CompiledNetwork;
use crate::counts::EventCounts;
use crate::dataset::Dataset;
use crate::dataset::decode::{Decoding, decide};
use crate::dataset::encode::{encode, left_out};
use crate::diagnostic::Result;
use crate::engine::{EngineKind, run_samples_in_pieces};
use crate::record::{MemoryRecorder, NeuronSpikes, Selection, SpikeDigest, Tally};
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
    if let Some(pieces) = plan.pieces {
        pieces_fit(pieces, plan.ticks, task.samples.len(), net.populations.len(), net.projections.len())?;
    }
    let neurons = plan.neuron_spikes.then(|| NeuronSpikes::new(net));
    let recorder = MemoryRecorder::of(net, selection);
    let recorder = match &neurons {
        Some(neurons) => recorder.counting(neurons.clone()),
        None => recorder,
    };
    let recorder = if plan.digest { recorder.digesting() } else { recorder };
    let input = net.input.expect("a plan for a data set needs an input population");
    let membrane = task.decoding == Some(Decoding::MaxMembrane);
    // Without a readout the input's own spikes are tallied, and nobody looks.
    let tally = Tally::new(net, net.readout.unwrap_or(input), membrane);
    let by_steps = plan.pieces.and_then(|pieces| pieces.points).and(task.decoding);
    let tally = match by_steps {
        Some(decoding) => tally.by_step(decoding),
        None => tally,
    };
    progress.begin("samples", task.samples.len() as u64, Steps::Samples);
    let train = |at: usize| encode(dataset, task.samples[at], task.encoding, plan.ticks, net.dt_ms, plan.seed);
    let next = || {
        progress.advance(1);
        !progress.cancelled()
    };
    let (samples, piece) = (task.samples.len(), plan.pieces.map(|pieces| pieces.ticks));
    let outcomes =
        run_samples_in_pieces(net, engine, input, samples, plan.ticks, piece, plan.threads, &tally, &recorder, train, next)?;
    progress.end();
    let mut counts = EventCounts::zero(net.populations.len(), net.projections.len());
    let mut recorded = Vec::with_capacity(outcomes.len());
    let mut answers = TaskOutcome { predictions: Vec::new(), readout_counts: Vec::new(), by_step: Vec::new() };
    let mut samples = Vec::with_capacity(outcomes.len());
    let (mut pieces, mut digests) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        samples.push(task.samples[outcome.sample]);
        counts += &outcome.counts;
        if let Some(decoding) = task.decoding {
            let t = &outcome.tally;
            answers.predictions.push(decide(decoding, &t.counts, &t.first, &t.highest).map(|class| class as u32));
            if by_steps.is_some() {
                answers.by_step.push(t.clone().answers_by_step(plan.ticks));
            }
            answers.readout_counts.push(outcome.tally.counts);
        }
        digests.extend(outcome.recorded.digest());
        if plan.pieces.is_some() {
            pieces.push(outcome.pieces);
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
    Ok(Ran {
        done,
        partial,
        counts,
        neuron_spikes,
        recorded,
        file: None,
        task: task.decoding.map(|_| answers),
        pieces,
        spikes_sha256: plan.digest.then(|| SpikeDigest::of_samples(digests)),
        notes,
    })
}
