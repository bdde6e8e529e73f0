//! `NeuroBench`'s figures.

use super::ratio;
use crate::compile::Rows;
use crate::counts::{EventCounts, ProjectionCounts};
use crate::network::{Coefficients, Connect, Network, Projection};
use crate::neuron::{Output, Values};
use crate::report::{NeurobenchPart, SynapticOperations};
use crate::study::Outcome;

/// `NeuroBench`'s figures for a spiking network; `None` without spiking neurons.
///
/// Definitions: Yik et al., Nat. Commun. 16:1545, 2025, and `neurobench` 2.3: activation sparsity over all steps and samples of spiking
/// layers, connection sparsity over the weights of matrices and kernels, rounded to four decimals there and here; operations are those of layers with
/// weights, so that pooling and plain edges add none.
pub(super) fn neurobench(network: &Network, outcome: &Outcome) -> Option<NeurobenchPart> {
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
