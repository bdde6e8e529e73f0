//! A network run again as chips hold it: what is left of its answers.

use super::assemble::energy_entry;
use super::{Outcome, Plan, Progress, TaskOutcome, estimates, run};
use crate::dataset::Dataset;
use crate::diagnostic::{Diagnostic, Place, Result};
use crate::energy::{Device, Limit, Runs};
use crate::network::Network;
use crate::network::quantise::{Precision, ProjectionError, WeightRule, quantise};
use crate::report::{EnergyEntry, PrecisionEntry, ProjectionErrorEntry, wilson};

/// How a device holds weights, in numbers and in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevicePrecision {
    /// The rule.
    pub precision: Precision,
    /// Bits of a weight, as its file states them.
    pub weight_bits: u64,
    /// The rule in words, with where it is from.
    pub words: String,
}

/// What a chip's precision leaves of a network.
#[derive(Debug)]
pub struct PrecisionResult<'d> {
    /// The chip.
    pub device: &'d Device,
    /// How it holds weights.
    pub held: DevicePrecision,
    /// What ran.
    pub outcome: Outcome,
    /// What became of the weights.
    pub projections: Vec<ProjectionError>,
    /// What was left as it was, and what the chip does otherwise.
    pub notes: Vec<String>,
}

/// How a device holds weights and state, by its published bits.
///
/// # Errors
/// Where it runs no spiking networks, or its file states no bits of a weight.
pub fn device_precision(device: &Device) -> Result<DevicePrecision> {
    let wrong = |message: String, help: &str| {
        let place = Place::Argument("--device-precision".into());
        Err(Diagnostic::new(message).place(place).help(help).into())
    };
    let id = device.id.as_str();
    if !device.runs(Runs::Spiking) {
        return wrong(
            format!("`{id}` runs no spiking networks"),
            "the dense network's own precisions are in the report's table of variants",
        );
    }
    let Some(bits) = device.limit(Limit::WeightBits) else {
        return wrong(
            format!("the file of `{id}` states no bits of a weight (`weight_bits`)"),
            "`spikewatt devices ID` shows what is known of a device",
        );
    };
    let (weights, words) = rule(id, bits);
    let state_bits = device.limit(Limit::StateBits).map(|bits| bits as u32);
    let words = match state_bits {
        Some(_) => format!("{words}; state in steps of the weights"),
        None => words,
    };
    Ok(DevicePrecision { precision: Precision { weights, state_bits }, weight_bits: bits, words })
}

/// The rule of a device. Those that are not named have one scale for each projection, which is what their tools do and no fact of the chip.
fn rule(id: &str, bits: u64) -> (WeightRule, String) {
    let bits = bits.clamp(1, 31) as u32;
    match id {
        "loihi1-sanafe" | "loihi1-table2" => (
            WeightRule::Loihi,
            "mantissas of 8 bits, in steps of 2 where both signs occur, and one exponent a projection; integer neurons \
             (Davies et al. 2018; Michaelis et al. 2022; Lava)"
                .into(),
        ),
        "truenorth" => (
            WeightRule::FewValues { values: 4, levels: 255 },
            "four values of -255 to 255 onto each neuron, each synapse on or off (Akopyan et al. 2015); which axon has which type is \
             left free, so that a source may take up to four axons"
                .into(),
        ),
        "odin" => (
            WeightRule::Scaled { levels: 7 },
            "3 bits and a sign (Frenkel et al. 2019; the fourth bit of a synapse lets it learn), one scale a projection; the sign is that of the \
             source neuron, so that a source with both takes two"
                .into(),
        ),
        "spinnaker1" => (
            WeightRule::PowerOfTwo { levels: 65_535 },
            "16 bits, the sign by the kind of synapse, in steps of a power of two (sPyNNaker)".into(),
        ),
        _ if bits == 1 => (WeightRule::SignAndMean, "1 bit: the sign, times the mean magnitude of a projection (Rastegari et al. 2016)".into()),
        _ if bits == 2 => (
            WeightRule::SignOrZero,
            "2 bits: zero, or the sign times one magnitude a projection (Li & Liu 2016; assumed: how the chip scales is not in its file)".into(),
        ),
        _ => (
            WeightRule::Scaled { levels: (1 << (bits - 1)) - 1 },
            format!("{bits} bits with a sign, one scale a projection (assumed: how the chip scales is not in its file)"),
        ),
    }
}

/// Runs the network of a plan again as each device holds it.
///
/// # Errors
/// As [`device_precision`], for all devices at once; or where a rounded network does not run.
pub fn run_as_held<'d>(
    devices: &[(&'d Device, DevicePrecision)],
    network: &Network,
    dataset: &Dataset,
    plan: &Plan,
    progress: &dyn Progress,
) -> Result<Vec<PrecisionResult<'d>>> {
    let mut results = Vec::with_capacity(devices.len());
    for (device, held) in devices {
        let made = quantise(network, &held.precision, plan.dt_ms);
        let outcome = run(&made.network, Some(dataset), plan, progress)?;
        results.push(PrecisionResult { device, held: held.clone(), outcome, projections: made.projections, notes: made.notes });
    }
    Ok(results)
}

/// The results as a part of the report, beside the answers of the network as it is. Of a run that was interrupted nothing is told.
#[must_use]
pub fn precision_part(results: &[PrecisionResult<'_>], dataset: &Dataset, full: &Outcome) -> Vec<PrecisionEntry> {
    let whole = |outcome: &&Outcome| !outcome.partial;
    let Some(full) = Some(full).filter(whole) else { return Vec::new() };
    results.iter().filter(|result| !result.outcome.partial).map(|result| entry(result, dataset, full)).collect()
}

fn entry(result: &PrecisionResult<'_>, dataset: &Dataset, full: &Outcome) -> PrecisionEntry {
    let (outcome, precision) = (&result.outcome, &result.held.precision);
    let task = outcome.done.task.as_ref().zip(outcome.task.as_ref());
    let correct = task.and_then(|(done, answers)| answers.correct(dataset, &done.samples));
    let samples = outcome.counts.samples;
    let total = outcome.counts.total();
    let a_sample = |sum: u64| sum as f64 / samples.max(1) as f64;
    let accuracy = correct.map(a_sample);
    PrecisionEntry {
        device: result.device.id.clone(),
        name: result.device.name.clone(),
        weight_bits: result.held.weight_bits,
        state_bits: match precision.weights {
            WeightRule::Loihi => Some(24),
            _ => precision.state_bits.map(u64::from),
        },
        rule: result.held.words.clone(),
        samples,
        correct,
        accuracy,
        accuracy_interval: accuracy.and_then(|accuracy| wilson(accuracy, samples)),
        changed: full.task.as_ref().zip(outcome.task.as_ref()).map(|(a, b)| changed(a, b)),
        spikes_per_sample: a_sample(total.spikes),
        synaptic_events_per_sample: a_sample(total.synaptic_events),
        projections: result
            .projections
            .iter()
            .map(|p| ProjectionErrorEntry {
                name: p.name.clone(),
                weights: p.weights,
                step: p.step,
                largest_error: p.largest,
                rms_error: p.rms,
                lost: p.lost,
            })
            .collect(),
        notes: result.notes.clone(),
        energy: energy(result),
    }
}

/// What a sample takes on the chip, with the counts of the network as the chip holds it.
fn energy(result: &PrecisionResult<'_>) -> Option<EnergyEntry> {
    let estimates = estimates(&[result.device], &result.outcome);
    estimates.iter().find(|one| one.runs == Runs::Spiking).map(|one| energy_entry(one, None, &[]))
}

/// Answers that are not those of the network as it is.
fn changed(full: &TaskOutcome, held: &TaskOutcome) -> u64 {
    full.predictions.iter().zip(&held.predictions).filter(|(a, b)| a != b).count() as u64
}
