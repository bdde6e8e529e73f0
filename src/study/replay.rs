//! A run repeated, held to the report of the first.

use super::Progress;
use super::{DenseResult, Outcome, Plan, run};
use crate::dataset::Dataset;
use crate::diagnostic::Result;
use crate::network::Network;
use crate::report::Report;
use serde::Serialize;

/// Something of a report, and whether it was found again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repeated {
    /// What was held together, such as `spikes`.
    pub what: String,
    /// Whether it is the same.
    pub same: bool,
    /// What the report says, short.
    pub reported: String,
    /// What was found, short.
    pub found: String,
}

impl Repeated {
    /// Two texts held together.
    #[must_use]
    pub fn new(what: &str, reported: impl Into<String>, found: impl Into<String>) -> Self {
        let (reported, found) = (reported.into(), found.into());
        Self { what: what.to_owned(), same: reported == found, reported, found }
    }
}

/// Runs a network again, with a digest of its spikes and nothing else that is kept.
///
/// # Errors
/// As [`run`].
pub fn run_again(network: &Network, dataset: Option<&Dataset>, plan: &Plan, progress: &dyn Progress) -> Result<Outcome> {
    run(network, dataset, &Plan { digest: true, ..plan.bare() }, progress)
}

/// Holds a repeated run to a report: spikes, counts, answers, and those of the dense network where it ran again.
#[must_use]
pub fn held_to(report: &Report, again: &Report, outcome: &Outcome, dense: Option<&DenseResult>) -> Vec<Repeated> {
    let hash = |hash: &Option<String>| hash.clone().unwrap_or_else(|| "none".into());
    let mut all = vec![
        Repeated::new("spikes", hash(&report.run.spikes_sha256), hash(&outcome.spikes_sha256)),
        Repeated::new("samples and steps", extent(report), extent(again)),
        Repeated::new("counts", counts(report), counts(again)),
    ];
    if report.counts != again.counts && all[2].same {
        all[2].same = false;
        let entry = first_difference(report, again);
        (all[2].reported, all[2].found) = (format!("{}, other at {entry}", all[2].reported), all[2].found.clone());
    }
    if let (Some(reported), Some(found)) = (&report.task, &again.task) {
        all.push(list("answers", &reported.predictions, &found.predictions));
        all.push(Repeated::new("right answers", shown(reported.correct), shown(found.correct)));
    }
    if let (Some(reported), Some(found)) = (&report.dense, dense) {
        let predictions: Vec<i64> = found.run.predictions.iter().map(|answer| *answer as i64).collect();
        all.push(list("answers of the dense network", reported.predictions.as_deref().unwrap_or_default(), &predictions));
        let macs = |macs: u64, effective: u64| format!("{macs} multiply-accumulates, {effective} effective");
        let work = &found.run.work;
        let (before, now) = (macs(reported.macs, reported.effective_macs), macs(work.macs, work.effective_macs));
        all.push(Repeated::new("operations of the dense network", before, now));
    }
    all
}

fn shown(value: Option<u64>) -> String {
    value.map_or_else(|| "none".into(), |value| value.to_string())
}

fn extent(report: &Report) -> String {
    let run = &report.run;
    format!("{} × {}", run.samples, run.steps.map_or_else(|| format!("{} s", run.duration_s), |steps| format!("{steps} steps")))
}

fn counts(report: &Report) -> String {
    let total = &report.counts.total;
    format!("{} spikes, {} synaptic events, {} driven updates", total.spikes, total.synaptic_events, total.neuron_updates_driven)
}

/// The first population or projection whose counts differ.
fn first_difference(report: &Report, again: &Report) -> String {
    let (a, b) = (&report.counts, &again.counts);
    let population = a.populations.iter().zip(&b.populations).find(|(a, b)| a != b).map(|(a, _)| &a.name);
    let projection = || a.projections.iter().zip(&b.projections).find(|(a, b)| a != b).map(|(a, _)| &a.name);
    population.or_else(projection).cloned().unwrap_or_else(|| "the totals".into())
}

fn list(what: &str, reported: &[i64], found: &[i64]) -> Repeated {
    let other = reported.iter().zip(found).position(|(a, b)| a != b);
    let at = other.or_else(|| (reported.len() != found.len()).then_some(reported.len().min(found.len())));
    let of = |answers: &[i64]| match at {
        None => format!("{} answers", answers.len()),
        Some(at) => {
            let answer = answers.get(at).map_or_else(|| "no answer".into(), |answer| answer.to_string());
            format!("{answer} at sample {at} of {}", answers.len())
        }
    };
    Repeated { same: at.is_none(), ..Repeated::new(what, of(reported), of(found)) }
}
