//! A run layer by layer: what each takes on a device, and what other tools' accounts of energy ask for.

use super::compare::on_device;
use super::{DenseResult, OnCores, Outcome};
use crate::compile::CompiledNetwork;
use crate::counts::{EventCounts, SpikingWork};
use crate::dense::LayerWork;
use crate::energy::compat::Layer;
use crate::energy::{Device, EnergyEstimate, LayerCounts, LayerEnergy, Runs, by_layer};
use crate::neuron::Output;
use std::collections::BTreeMap;

/// The layers of weights of a run with their counts per sample, in the network's order; projections that pass on spikes without neurons of their own
/// behind them are layers all the same. `mean_input` stays 0: values of inputs are not kept by a run.
#[must_use]
pub fn layers(outcome: &Outcome) -> Vec<Layer> {
    let (net, counts) = (&outcome.net, &outcome.counts);
    let samples = counts.samples.max(1) as f64;
    let projections = net.projections.iter().zip(&counts.projections);
    projections
        .map(|(projection, count)| {
            let (from, to) = (&net.populations[projection.from], &net.populations[projection.to]);
            let analog = count.effective_macs > 0;
            Layer {
                name: projection.name.clone(),
                inputs: from.size as u64,
                neurons: to.size as u64,
                connections: projection.rows.synapses(from.size),
                bias: projection.bias.is_some(),
                spikes_in: count.spikes_in as f64 / samples,
                spikes_out: counts.populations[projection.to].spikes as f64 / samples,
                synaptic_events: count.synaptic_events as f64 / samples,
                macs: if analog { count.dense_macs as f64 / samples } else { 0.0 },
                mean_input: 0.0,
            }
        })
        .collect()
}

/// The layers of the dense network as other tools take them: weights and multiply-accumulates, zeros included.
pub(super) fn dense_layers(dense: &DenseResult) -> Vec<Layer> {
    let samples = dense.run.work.samples.max(1) as f64;
    let of = |layer: &LayerWork| Layer {
        name: layer.name.clone(),
        inputs: 0,
        neurons: 0,
        connections: 0,
        bias: false,
        spikes_in: 0.0,
        spikes_out: 0.0,
        synaptic_events: 0.0,
        macs: layer.macs as f64 / samples,
        mean_input: 0.0,
    };
    dense.run.layers.iter().map(of).collect()
}

/// Which layer takes what, for each estimate.
pub(super) fn energy_by_layer(
    devices: &[&Device],
    outcome: &Outcome,
    work: &SpikingWork,
    dense: &DenseResult,
    placements: &BTreeMap<String, OnCores>,
    estimates: &[EnergyEstimate],
) -> Vec<Vec<LayerEnergy>> {
    let layers = layer_counts(&outcome.net, &outcome.counts);
    let of = |estimate: &EnergyEstimate| match estimate.runs {
        Runs::Dense => dense_shares(&dense.run.layers, estimate),
        Runs::Spiking => match devices.iter().find(|device| device.id == estimate.device) {
            Some(device) => by_layer(device, &on_device(work, placements.get(&device.id)), &layers, estimate),
            None => Vec::new(),
        },
    };
    estimates.iter().map(of).collect()
}

/// The counts of each population that is no input, with those of the projections that lead to it.
#[must_use]
pub fn layer_counts(net: &CompiledNetwork, counts: &EventCounts) -> Vec<LayerCounts> {
    let mut layers: Vec<_> = net
        .populations
        .iter()
        .zip(&counts.populations)
        .map(|(population, counts)| {
            let spikes = !population.is_input() && population.model.spec().output == Output::Spikes;
            LayerCounts {
                name: population.name.clone(),
                neuron_updates_driven: counts.neuron_updates_driven,
                neuron_updates_clocked: counts.neuron_updates_clocked,
                neuron_spikes: if spikes { counts.spikes } else { 0 },
                ..LayerCounts::default()
            }
        })
        .collect();
    for (projection, counts) in net.projections.iter().zip(&counts.projections) {
        layers[projection.to].synaptic_events += counts.synaptic_events;
        layers[projection.to].effective_macs += counts.effective_macs;
    }
    let inputs = net.populations.iter().map(|population| population.is_input());
    layers.into_iter().zip(inputs).filter(|(_, is_input)| !is_input).map(|(layer, _)| layer).collect()
}

/// The dense network's layers by their share of multiply-accumulates: one figure prices them all.
#[must_use]
pub fn dense_shares(layers: &[LayerWork], estimate: &EnergyEstimate) -> Vec<LayerEnergy> {
    let Some(energy) = estimate.energy_per_sample else { return Vec::new() };
    let all: u64 = layers.iter().map(|layer| layer.macs).sum();
    if all == 0 {
        return Vec::new();
    }
    let of =
        |layer: &LayerWork| LayerEnergy { layer: Some(layer.name.clone()), energy: energy * (layer.macs as f64 / all as f64) };
    layers.iter().map(of).collect()
}
