//! What was counted, and what was answered.

use super::ratio;
use crate::dataset::{Dataset, Samples};
use crate::report::{CountsPart, PopulationCountsEntry, ProjectionCountsEntry, TaskPart};
use crate::study::Outcome;

pub(super) fn counts_part(outcome: &Outcome) -> CountsPart {
    let (net, counts) = (&outcome.net, &outcome.counts);
    let seconds = counts.ticks as f64 * net.dt_ms * 1e-3;
    let populations = net.populations.iter().zip(&counts.populations).enumerate().map(|(index, (p, c))| PopulationCountsEntry {
        name: p.name.clone(),
        spikes: c.spikes,
        rate_hz: ratio(c.spikes as f64, p.size as f64 * seconds),
        size: p.size as u64,
        spikes_per_sample: ratio(c.spikes as f64, counts.samples as f64),
        synaptic_events_in: events_into(outcome, index),
        synaptic_events_dropped: c.synaptic_events_dropped,
        stimulus_events: c.stimulus_events,
        neuron_updates_driven: (!p.is_input()).then_some(c.neuron_updates_driven),
        neuron_updates_clocked: (!p.is_input()).then_some(c.neuron_updates_clocked),
    });
    let projections = net.projections.iter().zip(&counts.projections).map(|(p, c)| ProjectionCountsEntry {
        name: p.name.clone(),
        synaptic_events: c.synaptic_events,
        synapses: p.rows.synapses(net.populations[p.from].size),
        spikes_in: c.spikes_in,
        effective_macs: c.effective_macs,
        effective_acs: c.effective_acs,
        dense_macs: c.dense_macs,
    });
    CountsPart { total: counts.total(), populations: populations.collect(), projections: projections.collect() }
}

fn events_into(outcome: &Outcome, population: usize) -> u64 {
    let (net, counts) = (&outcome.net, &outcome.counts);
    net.projections.iter().zip(&counts.projections).filter(|(p, _)| p.to == population).map(|(_, c)| c.synaptic_events).sum()
}

pub(super) fn task_part(dataset: Option<&Dataset>, outcome: &Outcome) -> Option<TaskPart> {
    let (task, dataset, answers) = (outcome.done.task.as_ref()?, dataset?, outcome.task.as_ref()?);
    let labels: Option<Vec<u32>> = dataset.labels.as_ref().map(|labels| task.samples.iter().map(|&s| labels[s]).collect());
    let correct = answers.correct(dataset, &task.samples);
    let samples = answers.predictions.len() as u64;
    let spikes = matches!(dataset.samples, Samples::Spikes(_) | Samples::Raster(_));
    Some(TaskPart {
        samples,
        correct,
        accuracy: correct.map(|correct| ratio(correct as f64, samples as f64)),
        predictions: answers.predictions.iter().map(|p| p.map_or(-1, i64::from)).collect(),
        labels,
        split: task.split.clone(),
        encoding: Some(if spikes { "events" } else { task.encoding.name() }.into()),
        decoding: task.decoding.map(|d| d.name().into()),
        steps: Some(outcome.done.ticks),
    })
}
