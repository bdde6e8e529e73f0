//! What a study found, as a report.

use super::{Comparison, DenseResult, Outcome, Plan, peak_memory_bytes};
use crate::compile::Rows;
use crate::counts::{EventCounts, ProjectionCounts};
use crate::dataset::{Dataset, Samples};
use crate::energy::{self, EnergyEstimate};
use crate::network::{Coefficients, Connect, Network, Projection};
use crate::neuron::{Output, Values};
use crate::placement::{Resource, Utilisation};
use crate::report::{
    BreakEven, CountsPart, CriterionEntry, DenseLayerEntry, DensePart, EnergyEntry, EnergyTerm, NetworkPart, NeurobenchPart,
    PlacementEntry, PopulationCountsEntry, PopulationEntry, ProjectionCountsEntry, Range, Report, RunPart, SCHEMA_ID,
    SynapticOperations, TaskPart, UtilisationEntry, VerdictPart,
};

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
            version: Some(env!("CARGO_PKG_VERSION").into()),
            partial: outcome.partial,
        },
        counts: counts_part(outcome),
        task: task_part(dataset, outcome),
        neurobench: plan.task.as_ref().and_then(|_| neurobench(network, outcome)),
        dense: dense.map(|d| dense_part(d, samples)),
        precision: Vec::new(),
        energy: comparison
            .map(|c| c.estimates.iter().map(|e| energy_entry(e, placement_entry(c, e, samples))).collect())
            .unwrap_or_default(),
        verdict: comparison.map(verdict_part),
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

fn counts_part(outcome: &Outcome) -> CountsPart {
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

fn task_part(dataset: Option<&Dataset>, outcome: &Outcome) -> Option<TaskPart> {
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

/// `NeuroBench`'s figures for a spiking network; `None` without spiking neurons.
///
/// Definitions: Yik et al., Nat. Commun. 16:1545, 2025, and `neurobench` 2.3: activation sparsity over all steps and samples of spiking
/// layers, connection sparsity over the weights of matrices and kernels, rounded to four decimals there and here; operations are those of layers with
/// weights, so that pooling and plain edges add none.
fn neurobench(network: &Network, outcome: &Outcome) -> Option<NeurobenchPart> {
    let (net, counts): (_, &EventCounts) = (&outcome.net, &outcome.counts);
    let spiking = || {
        let both = net.populations.iter().zip(&counts.populations);
        both.filter(|(p, _)| p.model.spec().output == Output::Spikes)
    };
    let places: u64 = spiking().map(|(p, _)| p.size as u64 * counts.ticks).sum();
    if places == 0 {
        return None;
    }
    let spikes: u64 = spiking().map(|(_, c)| c.spikes).sum();
    let (mut zeros, mut weights) = (0, 0);
    for (p, given) in net.projections.iter().zip(&network.projections).filter(|(_, given)| has_weights(given)) {
        match (&given.connect, &p.rows) {
            (_, Rows::Convolution(c)) => {
                zeros += c.stored_zeros();
                weights += c.stored();
            }
            (Connect::Dense(_), rows) => {
                zeros += rows.zero_weights(net.populations[p.from].size);
                weights += rows.synapses(net.populations[p.from].size);
            }
            _ => {}
        }
    }
    let of_layers = |of: &dyn Fn(&ProjectionCounts) -> u64| -> u64 {
        counts.projections.iter().zip(&network.projections).filter(|(_, given)| has_weights(given)).map(|(c, _)| of(c)).sum()
    };
    let a_sample = |sum: u64| ratio(sum as f64, counts.samples as f64);
    let parameters = net.weights();
    let (parameter_bytes, state_bytes) = (4 * parameters, net.state_bytes());
    Some(NeurobenchPart {
        footprint_bytes: parameter_bytes + state_bytes,
        connection_sparsity: (ratio(zeros as f64, weights as f64) * 1e4).round() / 1e4,
        activation_sparsity: 1.0 - spikes as f64 / places as f64,
        synaptic_operations: SynapticOperations {
            dense: a_sample(of_layers(&|c| c.dense_macs)),
            effective_macs: a_sample(of_layers(&|c| c.effective_macs)),
            effective_acs: a_sample(of_layers(&|c| c.effective_acs)),
        },
        membrane_updates: a_sample(counts.populations.iter().map(|p| p.membrane_updates).sum()),
        parameters: Some(parameters),
        parameter_bytes: Some(parameter_bytes),
        state_bytes: Some(state_bytes),
    })
}

/// Whether a projection is a layer of weights for `NeuroBench`, which hooks `PyTorch`'s linear, convolutional and recurrent layers: not one that pools, nor an
/// edge that passes on what it gets.
fn has_weights(p: &Projection) -> bool {
    match &p.connect {
        Connect::Convolution(c) => !matches!(c.weights, Coefficients::One(_)),
        Connect::OneToOne => p.weight.0 != Values::One(1.0),
        _ => true,
    }
}

fn dense_part(dense: &DenseResult, samples: u64) -> DensePart {
    let work = &dense.run.work;
    DensePart {
        source: dense.network.source.clone(),
        macs: work.macs,
        effective_macs: work.effective_macs,
        accuracy: dense.correct.map(|correct| ratio(correct as f64, samples as f64)),
        weight_bytes: work.weight_bytes,
        samples: work.samples,
        correct: dense.correct,
        weight_bits: Some(work.weight_bits),
        predictions: Some(dense.run.predictions.iter().map(|&p| p as i64).collect()),
        layers: dense
            .run
            .layers
            .iter()
            .map(|layer| DenseLayerEntry {
                name: layer.name.clone(),
                macs: layer.macs,
                effective_macs: layer.effective_macs,
                input_sparsity: None,
            })
            .collect(),
        variants: super::variants::dense_variants(dense),
    }
}

/// Where the spiking network lies on the device of an estimate.
fn placement_entry(c: &Comparison, e: &EnergyEstimate, samples: u64) -> Option<PlacementEntry> {
    let on_cores = c.placements.get(&e.device).filter(|_| e.runs == energy::Runs::Spiking)?;
    let placement = &on_cores.placement;
    let m = &placement.messages;
    let word = |resource: Resource| resource.word().to_owned();
    let utilisation = |u: &Utilisation| UtilisationEntry {
        resource: word(u.resource),
        limit: u.limit,
        fullest: u.fullest,
        used: u.used,
        share: u.share,
    };
    Some(PlacementEntry {
        cores: placement.cores,
        chips: placement.chips,
        places: placement.places,
        utilisation: placement.utilisation.iter().map(utilisation).collect(),
        bound_by: placement.bound_by.map(word),
        messages_per_sample: ratio(m.messages, samples as f64),
        messages_per_spike: m.per_spike(),
        input_messages_per_sample: ratio(m.from_input, samples as f64),
        mean_hops: m.mean_hops(),
        off_chip_share: (m.messages > 0.0).then(|| m.off_chip / m.messages),
        core_time_s: on_cores.core_time.map(|time| time.0),
        exact: m.exact,
        assumed: placement.assumed.clone(),
    })
}

fn energy_entry(e: &EnergyEstimate, placement: Option<PlacementEntry>) -> EnergyEntry {
    use crate::report::{Boundary, DeviceKind, Runs};
    let range = |low: f64, nominal: f64, high: f64| Range { low, nominal, high };
    let mut caveats = e.caveats.clone();
    let boundary = match e.boundary {
        // The contract has three boundaries; what is less than a chip is a part of one and says so.
        energy::Boundary::Operations => {
            caveats.push("Operations alone: memory, control and static power are left out, on both sides.".into());
            Boundary::Chip
        }
        energy::Boundary::Core => {
            caveats.push("A core alone: arithmetic and its local memory, without static power.".into());
            Boundary::Chip
        }
        energy::Boundary::Chip => Boundary::Chip,
        energy::Boundary::Board => Boundary::Board,
        energy::Boundary::System => Boundary::System,
    };
    EnergyEntry {
        device: e.device.clone(),
        kind: match e.kind {
            energy::DeviceKind::Neuromorphic => DeviceKind::Neuromorphic,
            energy::DeviceKind::Dense => DeviceKind::Dense,
            energy::DeviceKind::Biological => DeviceKind::Biological,
        },
        runs: match e.runs {
            energy::Runs::Spiking => Runs::Spiking,
            energy::Runs::Dense => Runs::Dense,
        },
        tier: e.tier,
        boundary,
        batch: e.batch,
        fits: e.fits,
        why_not: e.why_not.clone(),
        placement,
        energy_per_sample_j: e.energy_per_sample.map(|r| range(r.low.0, r.nominal.0, r.high.0)),
        power_w: e.power.map(|r| range(r.low.0, r.nominal.0, r.high.0)),
        latency_s: e.latency.map(|s| s.0),
        dominant_term: e.dominant_term.clone(),
        terms: e
            .terms
            .iter()
            .map(|t| EnergyTerm {
                name: t.name.clone(),
                nominal_j: t.nominal_j.0,
                low_j: Some(t.low_j.0),
                high_j: Some(t.high_j.0),
            })
            .collect(),
        unpriced: e.unpriced.clone(),
        evidence: e.evidence.map_or("none", energy::Grade::word).into(),
        source: e.source.clone(),
        name: Some(e.name.clone()),
        caveats,
    }
}

fn verdict_part(c: &Comparison) -> VerdictPart {
    use crate::report::Winner;
    VerdictPart {
        winner: match c.verdict.winner {
            energy::Winner::Spiking => Winner::Spiking,
            energy::Winner::Dense => Winner::Dense,
            energy::Winner::Undecided => Winner::Undecided,
        },
        text: c.verdict.text.clone(),
        reason: Some(c.verdict.reason.clone()),
        break_even_spikes_per_synapse: Some(BreakEven { low: c.verdict.break_even.low, high: c.verdict.break_even.high }),
        measured: c.verdict.measured,
        criteria: c
            .break_even
            .criteria
            .iter()
            .filter(|k| k.verdict != energy::Outcome::DoesNotApply)
            .map(|k| CriterionEntry {
                name: k.name.clone(),
                low: k.low,
                high: k.high,
                met: match k.verdict {
                    energy::Outcome::Met => Some(true),
                    energy::Outcome::NotMet => Some(false),
                    _ => None,
                },
                quantity: None,
                measured: None,
                source: Some(k.source.clone()),
            })
            .collect(),
    }
}

/// What holds of every comparison.
fn general_caveats(c: &Comparison) -> Vec<String> {
    let mut caveats = vec![
        "Tier 1 prices operations, tier 2 operations and memory traffic, tier 3 a chip as it was measured; what has no figure is listed as not priced, never as zero.".into(),
        "Energies of different boundaries (operations, chip, board) cannot be set against one another; only like-for-like pairs decide the verdict.".into(),
    ];
    if c.estimates.iter().any(|e| e.runs == energy::Runs::Dense) {
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
