//! Inference of a trained network: a classifier of three layers of leaky neurons, as snnTorch computes them.
//!
//! Weights are bytes, drawn from a normal distribution of mean 2 and standard deviation 24 and rounded; thresholds are those with
//! which every layer is as active as the input. With the weights that peers were measured on, which were drawn alike, the answers are held
//! to theirs by a test (`tests/inference.rs`).

use super::{Case, Work};
use crate::network::{Coefficients, Connect, Delay, Matrix, Network, Population, Projection};
use crate::neuron::{Values, model_by_name, semantics_by_name};
use crate::rng::{Purpose, Stream};
use crate::spike::InputTrain;
use std::collections::BTreeMap;
use std::sync::Arc;

const LAYERS: [usize; 4] = [784, 1024, 1024, 10];
const STEPS: usize = 100;
const SEED: u64 = 1;
/// What stays of a membrane from one step to the next.
const BETA: f64 = 0.9375;

/// Name, activity of the input, and the thresholds of the three layers.
const ACTIVITIES: [(&str, f64, [f64; 3]); 3] =
    [("act01", 0.01, [505.75, 644.5, 156.5]), ("act05", 0.05, [969.5, 1219.5, 688.75]), ("act20", 0.2, [1286.5, 1652.0, 2678.5])];

/// Each activity with one sample and with a hundred.
pub(super) fn cases() -> Vec<Case> {
    let sizes = [("b1", 1), ("b100", 100)];
    let cases = ACTIVITIES.iter().flat_map(|&(name, activity, thresholds)| {
        sizes.iter().map(move |&(size, number)| {
            let work = Work::Samples { number, ticks: STEPS as u64, train: Arc::new(move |sample| train(sample, activity)) };
            Case::new("inference", format!("{name}-{size}"), work, move || Ok(network(thresholds)))
        })
    });
    cases.collect()
}

/// Each channel spikes in each step with this probability.
fn train(sample: u32, activity: f64) -> InputTrain {
    let stream = Stream::new(SEED, Purpose::Encode, sample);
    let channels = LAYERS[0];
    let spikes = |step: usize, channel: usize| stream.uniform((step * channels + channel) as u64) < activity;
    InputTrain::Spikes((0..STEPS).map(|t| (0..channels).filter(|&c| spikes(t, c)).map(|c| c as u32).collect()).collect())
}

fn network(thresholds: [f64; 3]) -> Network {
    let mut network = Network::new("inference");
    network.unitless = true;
    network.dt_ms = Some(1.0);
    network.semantics = semantics_by_name("snntorch-subtract-delayed").unwrap_or_default();
    for (layer, &size) in LAYERS.iter().enumerate() {
        let mut params = BTreeMap::new();
        if layer > 0 {
            let tau = 1.0 / (1.0 - BETA);
            for (name, value) in [("tau_m", tau), ("r_m", tau), ("v_th", thresholds[layer - 1])] {
                params.insert(name.to_owned(), Values::One(value));
            }
        }
        network.populations.push(Population {
            name: format!("layer{layer}"),
            size,
            shape: vec![size],
            model: model_by_name(if layer == 0 { "input" } else { "lif" }).expect("built-in"),
            params,
            init: BTreeMap::new(),
        });
    }
    for layer in 1..LAYERS.len() {
        let [sources, targets] = [LAYERS[layer - 1], LAYERS[layer]];
        let stream = Stream::new(SEED, Purpose::Weight, layer as u32);
        let weight = |at: usize| (2.0 + 24.0 * stream.normal(at as u64)).round().clamp(-127.0, 127.0) as f32;
        let connect = Connect::Dense(Matrix {
            targets,
            sources,
            values: Coefficients::Single((0..targets * sources).map(weight).collect()),
        });
        let [from, to] = [layer - 1, layer].map(|layer| format!("layer{layer}"));
        network.projections.push(Projection::new(format!("weights{layer}"), from, to, connect, Delay::Ticks(0)));
    }
    network.input = Some("layer0".into());
    network.readout = Some("layer3".into());
    network
}
