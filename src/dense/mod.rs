//! The dense twin: a conventional network run for real over the same samples, and its operations counted.
//!
//! Counts follow `NeuroBench` 2.3 (Yik et al., *Nature Communications* 16:1545, 2025): a multiply-accumulate is one weight met by one
//! input, biases left out; it is *effective* where both are non-zero. Weights and activations are 32-bit floats.

mod convolve;
mod layer;
mod number;
mod prune;
mod sparsity;
mod twin;
mod variant;

pub use prune::{prune, sparse_bytes};
pub use sparsity::{ConnectionSparsity, connection_sparsity};
pub use twin::twin_of;
pub use variant::{Form, Variant, bits_of_steps, variant};

use crate::counts::DenseWork;
use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use crate::network::{Activation, DenseNetwork};
use layer::{Layer, LayerCounts};
use nalgebra::DMatrix;
use number::Number;
use rayon::prelude::*;

/// Samples that go through a layer as one matrix product. Fixed, so that results are the same for any number of threads.
const BLOCK: usize = 64;

/// Fewest columns of a product. Below six `nalgebra` computes a product in another order, and a sample's last bit would depend on
/// how many others stand beside it.
const FEWEST_COLUMNS: usize = 8;

/// The width of a weight and of an activation.
const WEIGHT_BITS: u32 = 32;

/// What a run of a dense network gave.
#[derive(Debug, Clone, PartialEq)]
pub struct DenseRun {
    /// The last layer's outputs of each sample; where that layer ends in a softmax, the values before it.
    pub logits: Vec<Vec<f32>>,
    /// The output with the largest logit of each sample; the lowest index wins ties.
    pub predictions: Vec<usize>,
    /// The operations of the whole run, as the energy models read them.
    pub work: DenseWork,
    /// The operations of each layer.
    pub layers: Vec<LayerWork>,
    /// Zeros among the outputs of ReLU layers, as a fraction of these outputs; absent without such layers.
    pub activation_sparsity: Option<f64>,
    /// The lowest and the highest input of each layer, over all samples.
    pub input_ranges: Vec<[f32; 2]>,
}

/// The operations of one layer over a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerWork {
    /// Its name in the file.
    pub name: String,
    /// Inputs of one sample.
    pub inputs: usize,
    /// Outputs of one sample.
    pub outputs: usize,
    /// Multiply-accumulates, zeros included, all samples: inputs × outputs each; of a convolution, inputs met by taps, those on the padding left out. A
    /// diagonal layer (NIR's `Scale`) is the element-wise product that it is: one for each output. A layer that pools has none.
    pub macs: u64,
    /// Those with non-zero input and non-zero weight, all samples.
    pub effective_macs: u64,
    /// Bytes of its weights and biases; those that are shared count once.
    pub weight_bytes: u64,
    /// Outputs that are zero, all samples.
    pub zero_activations: u64,
    /// Its weights, zeros included; those that are shared count once.
    pub weights: u64,
    /// Multiply-accumulates of a weight other than zero, whatever the input; all samples.
    pub nonzero_weight_macs: u64,
}

/// Runs a dense network over samples of one value per input each, in the present rayon pool; results are the same in any.
///
/// Values are rounded to 32 bits, as weights are. The work is n × the sum of that of the layers ([`LayerWork::macs`]).
///
/// # Errors
/// A network whose layers do not fit together; samples of another length, or with values that are no finite 32-bit floats.
pub fn run<S, T>(network: &DenseNetwork, samples: &[S]) -> Result<DenseRun>
where
    S: AsRef<[T]> + Sync,
    T: Copy + Into<f64> + Sync,
{
    run_layers::<f32, S, T>(&layer::prepare(network)?, samples, &|_, _| {}, &|_, _| {})
}

/// Runs layers. `before` is given each layer's inputs, by the layer's number, and may change them before they are multiplied; `after` is
/// given the sums.
fn run_layers<N, S, T>(layers: &[Layer<N>], samples: &[S], before: Change<'_, N>, after: Change<'_, N>) -> Result<DenseRun>
where
    N: Number,
    S: AsRef<[T]> + Sync,
    T: Copy + Into<f64> + Sync,
{
    let (Some(first), Some(last)) = (layers.first(), layers.last()) else {
        return Err(Diagnostic::new("the dense network has no layers").into());
    };
    check_samples(first.inputs(), samples)?;
    let ends_in_softmax = last.activation == Activation::Softmax;
    let blocks: Vec<Block> =
        samples.par_chunks(BLOCK).map(|chunk| run_block(layers, chunk, ends_in_softmax, before, after)).collect();

    let n = samples.len() as u64;
    let mut works: Vec<LayerWork> = layers.iter().map(|layer| layer.work(n)).collect();
    let mut input_ranges = vec![[f32::INFINITY, f32::NEG_INFINITY]; layers.len()];
    let mut logits = Vec::with_capacity(samples.len());
    for block in blocks {
        logits.extend(block.logits);
        for ((work, counts), range) in works.iter_mut().zip(block.counts).zip(&mut input_ranges) {
            work.effective_macs += counts.effective_macs;
            work.zero_activations += counts.zero_outputs;
            *range = [range[0].min(counts.inputs[0]), range[1].max(counts.inputs[1])];
        }
    }
    Ok(DenseRun {
        predictions: logits.iter().map(|outputs| largest(outputs)).collect(),
        logits,
        work: DenseWork {
            samples: n,
            macs: works.iter().map(|w| w.macs).sum(),
            effective_macs: works.iter().map(|w| w.effective_macs).sum(),
            weight_bytes: works.iter().map(|w| w.weight_bytes).sum(),
            weight_bits: WEIGHT_BITS,
            activation_bytes: layers.iter().map(Layer::activation_bytes).max().unwrap_or(0),
        },
        activation_sparsity: activation_sparsity(layers, &works, n),
        layers: works,
        input_ranges,
    })
}

/// What is done to the values of a layer, by its number.
type Change<'a, N> = &'a (dyn Fn(usize, &mut DMatrix<N>) + Sync);

fn check_samples<S: AsRef<[T]>, T: Copy + Into<f64>>(inputs: usize, samples: &[S]) -> Result<()> {
    let mut complaints = Diagnostics::new();
    let wrong_length = |s: &S| s.as_ref().len() != inputs;
    if let Some(at) = samples.iter().position(wrong_length) {
        let (found, count) = (samples[at].as_ref().len(), samples.iter().filter(|s| wrong_length(s)).count());
        let message = format!("it has {found} values, but the dense network takes {inputs} ({count} such samples)");
        complaints.push(Diagnostic::at(format!("sample {at}"), message));
    }
    let bad = |value: &T| !((*value).into() as f32).is_finite();
    for (at, sample) in samples.iter().enumerate() {
        if let Some(index) = sample.as_ref().iter().position(bad) {
            let value: f64 = sample.as_ref()[index].into();
            complaints
                .push(Diagnostic::at(format!("sample {at}"), format!("value {index} is {value}, not a finite 32-bit float")));
            break;
        }
    }
    complaints.or(())
}

/// What a block of samples gave.
struct Block {
    logits: Vec<Vec<f32>>,
    counts: Vec<LayerCounts>,
}

fn run_block<N: Number, S: AsRef<[T]>, T: Copy + Into<f64>>(
    layers: &[Layer<N>],
    samples: &[S],
    ends_in_softmax: bool,
    before: Change<'_, N>,
    after: Change<'_, N>,
) -> Block {
    let inputs = layers.first().map_or(0, Layer::inputs);
    let values = samples.iter().flat_map(|s| s.as_ref().iter().map(|v| N::of(f64::from((*v).into() as f32))));
    let columns = samples.len().max(FEWEST_COLUMNS);
    // One sample a column; columns beyond the samples are computed and left out.
    let padded = values.chain(std::iter::repeat(N::zero())).take(inputs * columns);
    let mut activations = DMatrix::from_iterator(inputs, columns, padded);
    let mut counts = Vec::with_capacity(layers.len());
    for (at, layer) in layers.iter().enumerate() {
        before(at, &mut activations);
        let given = &activations.as_slice()[..samples.len() * layer.inputs()];
        let effective_macs = layer.effective_macs(given);
        let ends = given.iter().map(|x| x.double() as f32);
        let inputs = [ends.clone().fold(f32::INFINITY, f32::min), ends.fold(f32::NEG_INFINITY, f32::max)];
        activations = layer.sums(&activations);
        after(at, &mut activations);
        if !(ends_in_softmax && at + 1 == layers.len()) {
            layer.activate(&mut activations);
        }
        let zero_outputs = activations.columns(0, samples.len()).iter().filter(|v| v.is_zero()).count() as u64;
        counts.push(LayerCounts { effective_macs, zero_outputs, inputs });
    }
    Block {
        logits: activations
            .column_iter()
            .take(samples.len())
            .map(|column| column.iter().map(|v| v.double() as f32).collect())
            .collect(),
        counts,
    }
}

/// The index of the largest value, the lowest of several.
fn largest(values: &[f32]) -> usize {
    values.iter().enumerate().fold(0, |best, (at, value)| if *value > values[best] { at } else { best })
}

/// Zeros ÷ all, over the outputs of ReLU layers: `NeuroBench`'s 1 − non-zero ÷ all, rounded once.
fn activation_sparsity<N: Number>(layers: &[Layer<N>], works: &[LayerWork], samples: u64) -> Option<f64> {
    let relu = || layers.iter().zip(works).filter(|(layer, _)| layer.activation == Activation::Relu).map(|(_, work)| work);
    let all: u64 = relu().map(|work| work.outputs as u64 * samples).sum();
    let zeros: u64 = relu().map(|work| work.zero_activations).sum();
    (all > 0).then(|| zeros as f64 / all as f64)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;
