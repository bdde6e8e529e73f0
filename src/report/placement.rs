//! Where a network lies on the cores of a device.

use serde::{Deserialize, Serialize};

/// Cores and chips that the spiking network takes, and what its spikes cost between them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PlacementEntry {
    /// Cores in use.
    pub cores: u64,
    /// Chips that have so many.
    pub chips: u64,
    /// Places for neurons that are taken.
    pub places: u64,
    /// How full the cores are, for each resource with a limit.
    pub utilisation: Vec<UtilisationEntry>,
    /// The resource that ran out first on most cores. Absent where no population had to be cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound_by: Option<String>,
    /// Messages to cores in one sample, of the spikes of neurons on cores.
    pub messages_per_sample: f64,
    /// Messages of one spike, on average. Absent without spikes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages_per_spike: Option<f64>,
    /// Messages to cores in one sample, of the spikes of inputs.
    pub input_messages_per_sample: f64,
    /// Hops of one message, on average. Absent where the device's mesh is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean_hops: Option<f64>,
    /// Share of the messages that go to another chip, 0 to 1. Absent without messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off_chip_share: Option<f64>,
    /// Time of a step that the slowest core takes, seconds. Absent where the device's times are not published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub core_time_s: Option<f64>,
    /// True where messages and hops follow from the spikes of each neuron; false where its population's mean stands for it.
    pub exact: bool,
    /// What was assumed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<String>,
}

/// How full cores are of one resource.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct UtilisationEntry {
    /// The resource, such as `neurons` or `synapse-memory`.
    pub resource: String,
    /// What one core holds: neurons, synapses, bytes or axons.
    pub limit: u64,
    /// What the fullest core uses.
    pub fullest: u64,
    /// What all cores use.
    pub used: u64,
    /// What is used over what the cores in use hold.
    pub share: f64,
}
