//! How many weights are zero.

use crate::network::DenseNetwork;

/// Zero weights of a network; biases left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConnectionSparsity {
    /// Weights that are zero.
    pub zeros: u64,
    /// All weights.
    pub weights: u64,
    /// Zeros ÷ weights; 0 for a network without weights.
    pub exact: f64,
    /// The same rounded to four decimals, as `NeuroBench` reports it.
    pub rounded: f64,
}

/// Counts the zero weights of a network.
#[must_use]
pub fn connection_sparsity(network: &DenseNetwork) -> ConnectionSparsity {
    let weights = || network.layers.iter().flat_map(|layer| layer.weight.values());
    let (zeros, weights) = (weights().filter(|w| *w == 0.0).count() as u64, weights().count() as u64);
    let exact = if weights == 0 { 0.0 } else { zeros as f64 / weights as f64 };
    ConnectionSparsity { zeros, weights, exact, rounded: (exact * 1e4).round() / 1e4 }
}
