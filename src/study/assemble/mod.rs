//! What a study found, as a report.

mod counts;
mod dense;
mod energy;
mod neurobench;

pub(super) use energy::energy_entry;

use super::{Comparison, DenseResult, Outcome, Plan, peak_memory_bytes};
use crate::dataset::Dataset;
use crate::energy as prices;
use crate::network::Network;
use crate::report::{NetworkPart, PopulationEntry, ReplayPart, Report, RunPart, SCHEMA_ID};

/// Where the inputs of a study came from, for a report that can be checked.
#[derive(Debug, Clone, Default)]
pub struct Provenance {
    /// SHA-256 of the network's file.
    pub network_sha256: Option<String>,
    /// The data set, as given.
    pub input: Option<String>,
    /// SHA-256 of its file.
    pub input_sha256: Option<String>,
    /// SHA-256 of the dense network's file.
    pub dense_sha256: Option<String>,
    /// What was chosen, so that the run can be repeated.
    pub replay: Option<ReplayPart>,
}

/// The report of a run as planned, or of a comparison where there is one. Of a run that was interrupted it tells what was done.
#[must_use]
pub fn report(
    network: &Network,
    dataset: Option<&Dataset>,
    plan: &Plan,
    outcome: &Outcome,
    dense: Option<&DenseResult>,
    comparison: Option<&Comparison>,
    provenance: &Provenance,
) -> Report {
    let net = &outcome.net;
    let done = &outcome.done;
    let samples = outcome.counts.samples;
    let mut caveats: Vec<String> = Vec::new();
    caveats.extend(interrupted(plan, outcome));
    let notes =
        [Some(&network.notes), dataset.map(|d| &d.notes), Some(&plan.notes), Some(&outcome.notes), dense.map(|d| &d.notes)];
    for note in notes.into_iter().flatten().flatten() {
        if !caveats.contains(note) {
            caveats.push(note.clone());
        }
    }
    if let Some(comparison) = comparison {
        caveats.extend(general_caveats(comparison));
    }
    let has_semantics = net.populations.iter().any(|p| p.model.spec().param("r_m").is_some());
    Report {
        schema: SCHEMA_ID.into(),
        network: NetworkPart {
            name: net.name.clone(),
            sha256: provenance.network_sha256.clone(),
            neurons: net.populations.iter().map(|p| p.size as u64).sum(),
            synapses: net.synapses(),
            populations: net
                .populations
                .iter()
                .map(|p| PopulationEntry { name: p.name.clone(), model: p.model.spec().name.into(), size: p.size as u64 })
                .collect(),
        },
        run: RunPart {
            engine: outcome.engine.name().into(),
            engine_reason: outcome.engine_reason.clone(),
            semantics: has_semantics.then(|| net.semantics.label()),
            dt_s: Some(net.dt_ms * 1e-3),
            duration_s: done.ticks as f64 * net.dt_ms * 1e-3,
            // Exact time has no steps.
            steps: (!net.exact).then_some(done.ticks),
            samples,
            seed: net.seed,
            threads: plan.threads as u64,
            build_wall_s: outcome.build_wall_s,
            run_wall_s: outcome.run_wall_s,
            peak_memory_bytes: peak_memory_bytes(),
            input: provenance.input.clone(),
            input_sha256: provenance.input_sha256.clone(),
            dense_sha256: provenance.dense_sha256.clone(),
            spikes_sha256: outcome.spikes_sha256.clone(),
            replay: provenance.replay.clone(),
            version: Some(env!("CARGO_PKG_VERSION").into()),
            partial: outcome.partial,
        },
        counts: counts::counts_part(outcome),
        task: counts::task_part(dataset, outcome),
        neurobench: plan.task.as_ref().and_then(|_| neurobench::neurobench(network, outcome)),
        dense: dense.map(|d| dense::dense_part(d, samples, comparison.map_or(&[], |c| &c.forms))),
        precision: Vec::new(),
        energy: comparison
            .map(|c| {
                let with_layers = c.estimates.iter().zip(&c.layers);
                with_layers.map(|(e, layers)| energy_entry(e, energy::placement_entry(c, e, samples), layers)).collect()
            })
            .unwrap_or_default(),
        answers: None,
        verdict: comparison.map(energy::verdict_part),
        accounts: Vec::new(),
        caveats,
    }
}

/// Says of a run that was interrupted how much of the plan was done.
fn interrupted(plan: &Plan, outcome: &Outcome) -> Option<String> {
    let done = &outcome.done;
    let how_far = match (&plan.task, &done.task) {
        (Some(planned), Some(done)) => format!("{} of {} samples", done.samples.len(), planned.samples.len()),
        _ => {
            // Products of ticks and dt carry a rounding error that nobody wants to read.
            let seconds = |ticks: u64| (ticks as f64 * outcome.net.dt_ms * 1e6).round() / 1e9;
            format!("{} s of {} s", seconds(done.ticks), seconds(plan.ticks))
        }
    };
    outcome.partial.then(|| format!("The run was interrupted after {how_far}: every figure covers that part alone."))
}

/// What holds of every comparison.
fn general_caveats(c: &Comparison) -> Vec<String> {
    let mut caveats = vec![
        "Tier 1 prices operations, tier 2 operations and memory traffic, tier 3 a chip as it was measured; what has no figure is listed as not priced, never as zero.".into(),
        "Energies of different boundaries (operations, chip, board) cannot be set against one another; only like-for-like pairs decide the verdict.".into(),
    ];
    if c.estimates.iter().any(|e| e.runs == prices::Runs::Dense) {
        caveats.push(
            "The dense network runs one sample at a time (batch 1); batching lowers its energy on processors many times over."
                .into(),
        );
    }
    caveats
}

/// `a / b`, 0 where there is nothing to divide by.
fn ratio(a: f64, b: f64) -> f64 {
    if b == 0.0 { 0.0 } else { a / b }
}
