//! What is left of a network on chips that hold fewer bits, and of a dense network that is made smaller.

use super::comparison::{EnergyEntry, Range};
use serde::{Deserialize, Serialize};

/// A 95 % interval of a share.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Its low end, 0 to 1.
    pub low: f64,
    /// Its high end, 0 to 1.
    pub high: f64,
}

/// The 95 % interval of a share seen in n samples, by Wilson's score (J. Am. Stat. Assoc. 22:209, 1927):
/// (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n) with z = 1.96. `None` without samples, or where the share is none.
#[must_use]
pub fn wilson(share: f64, samples: u64) -> Option<Interval> {
    let (n, z2) = (samples as f64, 1.96_f64 * 1.96);
    if samples == 0 || !(0.0..=1.0).contains(&share) {
        return None;
    }
    let centre = share + z2 / (2.0 * n);
    let spread = (z2 * (share * (1.0 - share) / n + z2 / (4.0 * n * n))).sqrt();
    let scale = 1.0 + z2 / n;
    Some(Interval { low: ((centre - spread) / scale).max(0.0), high: ((centre + spread) / scale).min(1.0) })
}

/// The spiking network run as a device holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PrecisionEntry {
    /// The device.
    pub device: String,
    /// Its name in words.
    pub name: String,
    /// Bits of a weight.
    pub weight_bits: u64,
    /// Bits of a state variable. Absent where they are not published, and state was kept in floating point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_bits: Option<u64>,
    /// How weights and state were rounded.
    pub rule: String,
    /// Samples run.
    pub samples: u64,
    /// Answers that equal the label. Absent without labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correct: Option<u64>,
    /// `correct / samples`. Absent without labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// The 95 % interval of the accuracy (Wilson).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_interval: Option<Interval>,
    /// Answers that are not those in full precision. Absent without a readout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<u64>,
    /// Spikes of one sample, on average.
    pub spikes_per_sample: f64,
    /// Synaptic events of one sample, on average.
    pub synaptic_events_per_sample: f64,
    /// What became of the weights.
    pub projections: Vec<ProjectionErrorEntry>,
    /// What was left as it was, and what the device does otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The price of a sample on the device, with the counts of the network as the device holds it. Absent where nothing was priced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy: Option<EnergyEntry>,
}

/// What rounding did to the weights of a projection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectionErrorEntry {
    /// The projection.
    pub name: String,
    /// Weights that it keeps; shared ones count once.
    pub weights: u64,
    /// What one step is worth, in the unit of the weights.
    pub step: f64,
    /// The largest difference, in the unit of the weights.
    pub largest_error: f64,
    /// The root of the mean squared difference, in the unit of the weights.
    pub rms_error: f64,
    /// Weights other than zero that became zero.
    pub lost: u64,
}

/// The dense network in another form, run over the same samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DenseVariantEntry {
    /// What it is: `fp32`, `int8`, `5-bit activations`, `pruned 0.9`.
    pub name: String,
    /// How it was made.
    pub how: String,
    /// Bits of a weight.
    pub weight_bits: u32,
    /// Bits of an activation between layers.
    pub activation_bits: u32,
    /// Whether weights of zero are left out of memory.
    pub sparse: bool,
    /// Multiply-accumulates, zeros included; all samples.
    pub macs: u64,
    /// Multiply-accumulates of non-zero input and non-zero weight; all samples.
    pub effective_macs: u64,
    /// Bytes of all weights and biases, with the places of those of a sparse one.
    pub weight_bytes: u64,
    /// Bytes of the inputs and outputs of the largest layer.
    pub activation_bytes: u64,
    /// Samples in the sums.
    pub samples: u64,
    /// Answers that equal the label. Absent without labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correct: Option<u64>,
    /// `correct / samples`. Absent without labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// The 95 % interval of the accuracy (Wilson).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_interval: Option<Interval>,
    /// Answers that are not those of the network as it is.
    pub changed: u64,
    /// What one inference moves at each batch.
    pub batches: Vec<BatchEntry>,
    /// What one inference takes on each device and at each batch. Empty (and absent in JSON) where nothing was priced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub energy: Vec<FormEnergyEntry>,
}

/// The price of one inference of a form of the dense network, on a device and at a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormEnergyEntry {
    /// The device.
    pub device: String,
    /// Inferences run together.
    pub batch: u64,
    /// What the model knows: 1 operations, 2 operations and memory traffic, 3 a chip as it was measured.
    pub tier: u8,
    /// Numeric type of the figures used: `int8`, `fp32`. Absent where theirs is not stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<String>,
    /// Zeros that cost no operation: `none`, `activations`, `weights`, `both`.
    pub zeros_skipped: String,
    /// Energy of one inference, joules. Absent where it cannot be priced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy_per_sample_j: Option<Range>,
    /// Time until the answer, the whole batch together, seconds. Absent where no time is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_s: Option<f64>,
    /// How much of the device is used at that size and batch. Absent for tables of operations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utilisation: Option<UtilisedEntry>,
    /// Terms for which there is no figure: the true energy is higher.
    pub unpriced: Vec<String>,
    /// Grade of the weakest figure used.
    pub evidence: String,
    /// Where the figures come from.
    pub source: String,
    /// What to keep in mind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caveats: Vec<String>,
}

/// How much of what a device can do is reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UtilisedEntry {
    /// The share, 0 to 1. Absent where there is nothing to hold it against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// What it is a share of, and why it is no more.
    pub reason: String,
}

/// What one inference of a batch moves: weights are read once a batch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BatchEntry {
    /// Inferences run together.
    pub batch: u64,
    /// Bytes of weights read for one inference.
    pub weight_bytes_per_sample: f64,
    /// Bytes of activations that are held at once, the batch together.
    pub activation_bytes: u64,
}
