//! The parts of a report that are counted, not priced: events, predictions, `NeuroBench`'s figures, the dense network.

use super::precision::DenseVariantEntry;
use crate::counts::TotalCounts;
use serde::{Deserialize, Serialize};

/// What happened: exact counts, all samples together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CountsPart {
    /// Sums over the network.
    pub total: TotalCounts,
    /// One entry per population, in the network's order.
    pub populations: Vec<PopulationCountsEntry>,
    /// One entry per projection, in the network's order.
    pub projections: Vec<ProjectionCountsEntry>,
}

/// Counts of one population, all samples together unless said otherwise.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PopulationCountsEntry {
    /// Its name.
    pub name: String,
    /// Spikes emitted.
    pub spikes: u64,
    /// Mean rate of one of its neurons, Hz of simulated time.
    pub rate_hz: f64,
    /// Its neurons.
    pub size: u64,
    /// Spikes of the whole population in one sample, on average.
    pub spikes_per_sample: f64,
    /// Synaptic events that reached it, dropped ones included.
    pub synaptic_events_in: u64,
    /// Of those, the events a refractory neuron dropped.
    pub synaptic_events_dropped: u64,
    /// Events that stimuli brought it.
    pub stimulus_events: u64,
    /// Neuron-steps in which an event (or analog input) reached the neuron. Absent for input populations: they keep no state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub neuron_updates_driven: Option<u64>,
    /// Neurons × steps: what a clocked chip pays. Absent for input populations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub neuron_updates_clocked: Option<u64>,
}

/// Counts of one projection, all samples together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectionCountsEntry {
    /// Its name.
    pub name: String,
    /// Delivered spikes × synapses.
    pub synaptic_events: u64,
    /// Its synapses.
    pub synapses: u64,
    /// Spikes of its source that it carried.
    pub spikes_in: u64,
    /// Multiply-accumulates with analog inputs: non-zero input × non-zero weight.
    pub effective_macs: u64,
    /// Accumulates: spike × non-zero weight.
    pub effective_acs: u64,
    /// Synapses × steps.
    pub dense_macs: u64,
}

/// What the network answered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskPart {
    /// Samples answered.
    pub samples: u64,
    /// Answers that equal the label. Absent without labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correct: Option<u64>,
    /// `correct / samples`, 0 to 1. Absent without labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// The class answered for each sample; −1 where there was no answer (no first spike).
    pub predictions: Vec<i64>,
    /// The class each sample has. Absent without labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<u32>>,
    /// The part of the data set that was used, such as `test`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// How values became input: `direct`, `rate`, `latency`, or `events` where the data hold spikes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// How the output was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decoding: Option<String>,
    /// Steps a sample was shown for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<u64>,
}

/// `NeuroBench`'s algorithm track (Yik et al., Nat. Commun. 16:1545, 2025). Operations and updates are means of one sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NeurobenchPart {
    /// Bytes of parameters and of neuron state for one sample.
    pub footprint_bytes: u64,
    /// Share of weights that are zero, 0 to 1.
    pub connection_sparsity: f64,
    /// Share of zeros among all neuron outputs, over neurons, steps and samples, 0 to 1.
    pub activation_sparsity: f64,
    /// Synaptic operations of one sample.
    pub synaptic_operations: SynapticOperations,
    /// Neuron-steps of one sample in which the membrane changed.
    pub membrane_updates: f64,
    /// Number of parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<u64>,
    /// Bytes of parameters alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter_bytes: Option<u64>,
    /// Bytes of neuron state alone. Apart from the parameters, since frameworks count it times their batch size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_bytes: Option<u64>,
}

/// Synaptic operations, means of one sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SynapticOperations {
    /// All, zeros included: synapses × steps.
    pub dense: f64,
    /// Non-zero analog input × non-zero weight.
    pub effective_macs: f64,
    /// Spike × non-zero weight.
    pub effective_acs: f64,
}

/// The dense network that does the same job, run over the same samples. Operations are sums over all samples.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DensePart {
    /// The file, or how the network was derived from the spiking one.
    pub source: String,
    /// Multiply-accumulates, zeros included.
    pub macs: u64,
    /// Multiply-accumulates of non-zero input and non-zero weight.
    pub effective_macs: u64,
    /// Share of samples answered correctly, 0 to 1. Absent without labels or where its answers mean nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// Bytes of all weights and biases.
    pub weight_bytes: u64,
    /// Samples in the sums.
    pub samples: u64,
    /// Answers that equal the label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correct: Option<u64>,
    /// Bits of a weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_bits: Option<u32>,
    /// The class answered for each sample.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predictions: Option<Vec<i64>>,
    /// Its layers with weights, input first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<DenseLayerEntry>,
    /// The same network in other forms: in fewer bits, with weights left out. The first is the network as it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<DenseVariantEntry>,
}

/// One layer of the dense network, all samples together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DenseLayerEntry {
    /// Its name.
    pub name: String,
    /// Multiply-accumulates, zeros included.
    pub macs: u64,
    /// Multiply-accumulates of non-zero input and non-zero weight.
    pub effective_macs: u64,
    /// Share of zeros among its inputs, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_sparsity: Option<f64>,
}
