//! A run layer by layer, as other tools' accounts of energy take it.

use super::Outcome;
use crate::energy::compat::Layer;

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
