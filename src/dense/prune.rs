//! Weights left out: the smallest of a whole network, and what the others take in memory.

use crate::network::{Coefficients, DenseNetwork, DenseWeights};

/// The network without that share of its weights that is smallest in magnitude, over all layers together (global magnitude pruning; Han et
/// al., NeurIPS 2015, prune so and train again, which is not done here). Biases stay. Of equal weights the first ones go; `share` is cut to
/// 0 to 1.
#[must_use]
pub fn prune(network: &DenseNetwork, share: f64) -> DenseNetwork {
    let mut pruned = network.clone();
    // Magnitude and place, layer by layer: a sort by both leaves no choice.
    let weights =
        network.layers.iter().enumerate().flat_map(|(layer, l)| l.weight.values().enumerate().map(move |(i, w)| (w, layer, i)));
    let mut order: Vec<(f32, usize, usize)> = weights.map(|(w, layer, i)| (w.abs(), layer, i)).collect();
    let number = (share.clamp(0.0, 1.0) * order.len() as f64).round() as usize;
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    for &(_, layer, at) in &order[..number] {
        match &mut pruned.layers[layer].weight {
            DenseWeights::Matrix(matrix) => matrix.values[at] = 0.0,
            DenseWeights::Convolution(c) => match &mut c.weights {
                Coefficients::One(_) => {}
                Coefficients::Single(w) => w[at] = 0.0,
                Coefficients::Double(w) => w[at] = 0.0,
            },
        }
    }
    pruned
}

/// Bytes of the weights that are not zero in compressed rows, and of the biases: the value, and its column in the fewest whole bytes, of
/// each weight; 4 bytes for the beginning of each row and one end. A row is an output of a matrix, or a channel of a convolution.
#[must_use]
pub fn sparse_bytes(network: &DenseNetwork) -> u64 {
    const VALUE: u64 = 4;
    const ROW: u64 = 4;
    let of = |layer: &crate::network::DenseLayer| {
        let (rows, biases) = match &layer.weight {
            DenseWeights::Matrix(matrix) => (matrix.targets, layer.bias.len()),
            DenseWeights::Convolution(c) => (c.channels_out, layer.bias.len().min(c.channels_out)),
        };
        let all = layer.weight.values().count();
        if all == 0 {
            return VALUE * biases as u64;
        }
        let columns = all / rows.max(1);
        let place = if columns <= 1 << 8 {
            1
        } else if columns <= 1 << 16 {
            2
        } else {
            4
        };
        let kept = layer.weight.values().filter(|w| *w != 0.0).count() as u64;
        kept * (VALUE + place) + ROW * (rows as u64 + 1) + VALUE * biases as u64
    };
    network.layers.iter().map(of).sum()
}
