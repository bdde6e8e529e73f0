//! The dense network in other forms: what a machine of few bits makes of it, and what is left without its smallest weights. Each is run for
//! real over the same samples.
//!
//! Rounding is symmetric about zero and half to even, with one scale a layer for weights and one for its inputs (Jacob et al., CVPR 2018). Scales
//! are those of the largest values: of the weights, and of the inputs that the network as it is has over the samples (calibration on the
//! data themselves, which favours the dense side a little). Inputs that are never negative take the range from zero up, others both sides.

use super::layer::{Layer, prepare};
use super::prune::{prune, sparse_bytes};
use super::{DenseRun, run, run_layers};
use crate::diagnostic::Result;
use crate::network::quantise::Grid;
use crate::network::{Coefficients, DenseNetwork, DenseWeights};

/// A form of a dense network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Form {
    /// Weights and the inputs of each layer in 8 bits, biases and sums in 32.
    Int8,
    /// The outputs of layers in so many bits, the data in 8 at least; weights as they are.
    Activations(u32),
    /// Weights in 8 bits as [`Form::Int8`], activations as [`Form::Activations`].
    Quantised(u32),
    /// Without this share of its weights, the smallest.
    Pruned(f64),
}

/// A dense network in some form, and what it did.
#[derive(Debug, Clone)]
pub struct Variant {
    /// Its name: `int8`, `5-bit activations`, `8-bit weights, 5-bit activations`, `pruned 0.9`.
    pub name: String,
    /// How it was made.
    pub how: String,
    /// Bits of an activation between layers; those of a weight are in the work.
    pub activation_bits: u32,
    /// Whether weights of zero are left out of memory.
    pub sparse: bool,
    /// Weights in memory; those that are shared count once.
    pub kept_weights: u64,
    /// What it did. The bits and bytes in its work are those of this form; those of single layers are those of the network as it is.
    pub run: DenseRun,
}

/// The bits that hold the values a spiking neuron's count can take in so many steps, 0 to T: ⌈log₂(T + 1)⌉ (Yan, Bai & Wong,
/// arXiv:2409.08290). At least 1.
#[must_use]
pub fn bits_of_steps(steps: u64) -> u32 {
    // The bits of T itself.
    (64 - steps.leading_zeros()).max(1)
}

/// Runs a network in a form over samples. `as_it_is` is what [`run`] gave for the same network and samples.
///
/// # Errors
/// As [`run`].
pub fn variant<S, T>(network: &DenseNetwork, as_it_is: &DenseRun, samples: &[S], form: Form) -> Result<Variant>
where
    S: AsRef<[T]> + Sync,
    T: Copy + Into<f64> + Sync,
{
    let layers = prepare::<f32>(network)?;
    let values = layers.iter().map(Layer::values).max().unwrap_or(0);
    let as_given = &as_it_is.work;
    let all_weights = layers.iter().map(Layer::weights).sum::<u64>();
    let mut sparse = false;
    let mut kept_weights = all_weights;
    let (name, how, mut run) = match form {
        Form::Int8 => (
            "int8".into(),
            "weights and activations in 8 bits, biases in 32, one scale a layer, calibrated on the samples, not trained again"
                .into(),
            rounded(network, as_it_is, samples, Some(8), |_| 8)?,
        ),
        Form::Activations(bits) => (
            format!("{bits}-bit activations"),
            format!(
                "activations between layers in {bits} bits (as many values as a spike count has), data in {}, weights as they are, \
                 calibrated on the samples, not trained again",
                bits.max(8)
            ),
            rounded(network, as_it_is, samples, None, |layer| if layer == 0 { bits.max(8) } else { bits })?,
        ),
        Form::Quantised(bits) => (
            format!("8-bit weights, {bits}-bit activations"),
            format!(
                "weights in 8 bits, activations between layers in {bits} bits (as many values as a spike count has), data in {}, one scale a \
                 layer, calibrated on the samples, not trained again",
                bits.max(8)
            ),
            rounded(network, as_it_is, samples, Some(8), |layer| if layer == 0 { bits.max(8) } else { bits })?,
        ),
        Form::Pruned(share) => {
            let pruned = prune(network, share);
            let mut run = run(&pruned, samples)?;
            let compressed = sparse_bytes(&pruned);
            // Rows with few zeros are longer compressed than not.
            let kept = if compressed < as_given.weight_bytes {
                run.work.weight_bytes = compressed;
                (sparse, kept_weights) = (true, nonzero_weights(&pruned));
                "kept in compressed rows"
            } else {
                "kept with its zeros, since compressed rows would be longer"
            };
            let percent = (share * 1e4).round() / 1e2;
            let how = format!("without the {percent} % of weights that are smallest, over all layers; not trained again; {kept}");
            (format!("pruned {share}"), how, run)
        }
    };
    let activation_bits = match form {
        Form::Int8 | Form::Quantised(_) => {
            run.work.weight_bits = 8;
            // Biases stay as long as they are.
            run.work.weight_bytes = as_given.weight_bytes - 3 * all_weights;
            if let Form::Quantised(bits) = form { bits } else { 8 }
        }
        Form::Activations(bits) => bits,
        Form::Pruned(_) => as_given.weight_bits,
    };
    run.work.activation_bytes = (values * u64::from(activation_bits)).div_ceil(8);
    Ok(Variant { name, how, activation_bits, sparse, kept_weights, run })
}

/// Weights other than zero; those that are shared count once.
fn nonzero_weights(network: &DenseNetwork) -> u64 {
    network.layers.iter().map(|layer| layer.weight.values().filter(|w| *w != 0.0).count() as u64).sum()
}

/// What is rounded in a layer.
struct Rounding {
    /// The grid of its inputs; the least multiple is zero where they are never negative.
    inputs: Grid,
    lowest: f64,
    /// What one unit of its sums is worth.
    unit: f64,
}

/// Runs a network with rounded inputs of layers, and rounded weights where bits are given for them. Multiples of the steps are what is
/// multiplied and added, in double precision, which holds every such sum of integers.
fn rounded<S, T>(
    network: &DenseNetwork,
    as_it_is: &DenseRun,
    samples: &[S],
    weight_bits: Option<u32>,
    bits: impl Fn(usize) -> u32,
) -> Result<DenseRun>
where
    S: AsRef<[T]> + Sync,
    T: Copy + Into<f64> + Sync,
{
    let mut made = network.clone();
    let mut roundings = Vec::with_capacity(made.layers.len());
    for (at, layer) in made.layers.iter_mut().enumerate() {
        let [low, high] = as_it_is.input_ranges.get(at).map_or([0.0, 0.0], |ends| ends.map(f64::from));
        let bits = bits(at).clamp(1, 31);
        let unsigned = low >= 0.0;
        let levels = if unsigned { (1u32 << bits) - 1 } else { ((1u32 << (bits - 1)) - 1).max(1) };
        let inputs = Grid::scaled(&[low, high].map(|v| if v.is_finite() { v } else { 0.0 }), levels);
        let step = weight_bits.map_or(1.0, |bits| to_integers(&mut layer.weight, bits));
        roundings.push(Rounding { lowest: if unsigned { 0.0 } else { -inputs.levels }, unit: inputs.step * step, inputs });
    }
    let layers = prepare::<f64>(&made)?.into_iter().zip(&roundings).map(|(layer, rounding)| {
        let bias = |b: f64| b / rounding.unit;
        layer.with_bias(|b| if weight_bits.is_some() { bias(b).round_ties_even() } else { bias(b) })
    });
    let layers: Vec<Layer<f64>> = layers.collect();
    run_layers(
        &layers,
        samples,
        &|at, inputs| {
            let Rounding { inputs: grid, lowest, .. } = &roundings[at];
            inputs.apply(|x| *x = (*x / grid.step).round_ties_even().clamp(*lowest, grid.levels));
        },
        &|at, sums| *sums *= roundings[at].unit,
    )
}

/// Weights as integers of so many bits; gives what one is worth. Those of a pool stay as they are.
fn to_integers(weight: &mut DenseWeights, bits: u32) -> f64 {
    let given: Vec<f64> = weight.values().map(f64::from).collect();
    if given.is_empty() {
        return 1.0;
    }
    let grid = Grid::scaled(&given, ((1u32 << (bits.clamp(2, 24) - 1)) - 1).max(1));
    let integers: Vec<f32> = given.iter().map(|w| (grid.round(*w) / grid.step).round() as f32).collect();
    match weight {
        DenseWeights::Matrix(matrix) => matrix.values = integers,
        DenseWeights::Convolution(c) => c.weights = Coefficients::Single(integers),
    }
    grid.step
}
