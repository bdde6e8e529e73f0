//! What both sides did, in the words that energy reads: counts and sizes.

use super::Plan;
use crate::compile::CompiledNetwork;
use crate::counts::{EventCounts, SpikingWork};
use crate::dataset::encode::{Encoding, encode};
use crate::dataset::{Dataset, Samples};
use crate::diagnostic::Result;
use crate::neuron::Output;
use crate::spike::InputTrain;

/// What a network did, as energy reads it; where it lies on a device is left out.
#[must_use]
pub fn spiking_work(net: &CompiledNetwork, counts: &EventCounts) -> SpikingWork {
    let stateful = || net.populations.iter().zip(&counts.populations).filter(|(p, _)| !p.is_input());
    // Trained networks come in single precision, and so do the weights that people write.
    let weight_bits = 32;
    SpikingWork {
        counts: counts.total(),
        samples: counts.samples,
        ticks_per_sample: counts.ticks / counts.samples.max(1),
        dt_s: net.dt_ms * 1e-3,
        neurons: net.neurons(),
        synapses: net.synapses(),
        max_fan_in: net.max_fan_in(),
        neuron_updates_clocked: stateful().map(|(_, c)| c.neuron_updates_clocked).sum(),
        neuron_updates_driven: stateful().map(|(_, c)| c.neuron_updates_driven).sum(),
        neuron_spikes: stateful().filter(|(p, _)| p.model.spec().output == Output::Spikes).map(|(_, c)| c.spikes).sum(),
        weight_bits,
        weight_bytes: net.weights() * u64::from(weight_bits) / 8,
        state_bytes: net.state_bytes(),
        placed: None,
    }
}

/// What the dense network is given for each sample of a plan.
pub(super) fn dense_inputs(dataset: &Dataset, plan: &Plan) -> Result<Vec<Vec<f64>>> {
    let chosen = plan.task.as_ref().map_or(&[][..], |task| task.samples.as_slice());
    chosen.iter().map(|&s| dense_input(dataset, s, plan.ticks, plan.dt_ms, plan.seed)).collect()
}

/// What a dense network is given for a sample, one value a channel: the values where they do not change, else each channel's mean over `ticks` ticks
/// of `dt_ms`, as spikes per tick or as the mean value.
///
/// # Errors
/// Where the sample cannot be encoded in so many ticks.
pub fn dense_input(dataset: &Dataset, sample: usize, ticks: u64, dt_ms: f64, seed: u64) -> Result<Vec<f64>> {
    match &dataset.samples {
        Samples::Values(values) => Ok(values.slice(sample * dataset.channels, dataset.channels)),
        Samples::Frames { .. } | Samples::Spikes(_) | Samples::Raster(_) => mean_over_time(dataset, sample, ticks, dt_ms, seed),
    }
}

/// Each channel's mean over a sample's steps: spikes per step, or the mean value.
fn mean_over_time(dataset: &Dataset, sample: usize, ticks: u64, dt_ms: f64, seed: u64) -> Result<Vec<f64>> {
    let mut sums = vec![0.0; dataset.channels];
    match encode(dataset, sample, Encoding::Direct, ticks, dt_ms, seed)? {
        InputTrain::Spikes(spikes) => spikes.iter().flatten().for_each(|&channel| sums[channel as usize] += 1.0),
        InputTrain::Constant(values) => return Ok(values),
        InputTrain::Frames { channels, values } => {
            values.chunks_exact(channels).for_each(|row| sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value));
        }
    }
    Ok(sums.into_iter().map(|sum| sum / ticks as f64).collect())
}
