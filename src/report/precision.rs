//! What is left of a network on chips that hold fewer bits, and of a dense network that is made smaller.

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
