//! Accuracy and energy by the step at which an answer is read.

use super::super::Outcome;
use super::parts::Parts;
use crate::counts::EventCounts;
use crate::dataset::Dataset;
use crate::report::{ByStepPart, EnergyByStep, Range};
use rayon::prelude::*;

/// The curve; `None` where it was not asked for.
pub(super) fn by_step(devices: &[&Parts<'_>], outcome: &Outcome, dataset: Option<&Dataset>) -> Option<ByStepPart> {
    let pieces = outcome.done.pieces?;
    let points = pieces.points?;
    let (task, answers, dataset) = (outcome.done.task.as_ref()?, outcome.task.as_ref()?, dataset?);
    let last = outcome.done.ticks;
    let steps: Vec<u64> = (1..=last).filter(|step| step.is_multiple_of(points) || *step == last).collect();
    let samples = answers.by_step.len();
    if samples == 0 {
        return None;
    }
    let share_of = |is: &dyn Fn(usize, Option<u32>) -> bool, step: u64| {
        let hits = answers.by_step.iter().enumerate().filter(|(sample, by_step)| is(*sample, by_step[step as usize - 1]));
        hits.count() as f64 / samples as f64
    };
    let labels = dataset.labels.as_ref();
    let accuracy = labels.map(|labels| {
        let is_right = |sample: usize, answer: Option<u32>| answer == Some(labels[task.samples[sample]]);
        steps.iter().map(|step| share_of(&is_right, *step)).collect()
    });
    let is_last = |sample: usize, answer: Option<u32>| answer == answers.predictions[sample];
    let settled = steps.iter().map(|step| share_of(&is_last, *step)).collect();
    let counts: Vec<EventCounts> = steps.iter().map(|step| up_to(outcome, *step)).collect();
    let devices = devices
        .par_iter()
        .filter_map(|parts| {
            let energy = |counts: &EventCounts| {
                let energy = parts.estimate(counts)?.energy_per_sample?;
                Some(Range { low: energy.low.0, nominal: energy.nominal.0, high: energy.high.0 })
            };
            let energy_j = counts.iter().map(energy).collect::<Option<Vec<_>>>()?;
            Some(EnergyByStep { device: parts.device.id.clone(), energy_j })
        })
        .collect();
    Some(ByStepPart { steps, accuracy, settled, devices })
}

/// Counts of all samples up to a step.
fn up_to(outcome: &Outcome, step: u64) -> EventCounts {
    let net = &outcome.net;
    let mut sum = EventCounts::zero(net.populations.len(), net.projections.len());
    for sample in &outcome.pieces {
        // Every point ends a piece.
        if let Some(counts) = sample.iter().find(|counts| counts.ticks == step) {
            sum += counts;
        }
    }
    sum
}
