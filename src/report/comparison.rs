//! The parts of a report that are priced and judged: energy per device, the verdict.

use super::break_even::{CurveEntry, LayerEnergyEntry};
use super::placement::PlacementEntry;
use serde::{Deserialize, Serialize};

/// An interval of a quantity: 5th percentile, nominal value, 95th percentile.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// The 5th percentile.
    pub low: f64,
    /// The value at the nominal figures of the device.
    pub nominal: f64,
    /// The 95th percentile.
    pub high: f64,
}

/// What a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceKind {
    /// A chip made for spikes.
    Neuromorphic,
    /// A conventional processor or accelerator.
    Dense,
    /// Living tissue.
    Biological,
}

/// Which of the two networks was priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Runs {
    /// The spiking network.
    Spiking,
    /// The dense network.
    Dense,
}

/// What the energy includes. Figures of different boundaries cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Boundary {
    /// The chip alone.
    Chip,
    /// The board: chip, memory, host, regulators.
    Board,
    /// The system: board, sensor, battery losses.
    System,
}

/// The price of one inference on one device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EnergyEntry {
    /// The device's identifier, as `--device` takes it.
    pub device: String,
    /// What the device is.
    pub kind: DeviceKind,
    /// Which network it runs here.
    pub runs: Runs,
    /// Depth of the model: 1 operations, 2 operations and memory, 3 a chip's profile, 4 the system.
    pub tier: u8,
    /// What the energy includes.
    pub boundary: Boundary,
    /// Inferences at a time.
    pub batch: u32,
    /// Whether the network fits the device.
    pub fits: bool,
    /// Why it does not fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
    /// Where the spiking network lies on the device's cores. Absent for devices without cores, and for the dense network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<PlacementEntry>,
    /// Energy of one inference, joules. Absent where it cannot be priced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy_per_sample_j: Option<Range>,
    /// Mean power while it works, watts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power_w: Option<Range>,
    /// Time of one inference, seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_s: Option<f64>,
    /// What the energy is made of.
    pub terms: Vec<EnergyTerm>,
    /// Which layer takes what. Empty (and absent in JSON) where it was not asked or cannot be told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<LayerEnergyEntry>,
    /// Terms for which there is no figure: the true energy is higher.
    pub unpriced: Vec<String>,
    /// Grade of the weakest figure used, such as `measured`, `derived`, `vendor`, `simulated`.
    pub evidence: String,
    /// Where the figures come from.
    pub source: String,
    /// The device's name in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The name of the largest term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dominant_term: Option<String>,
    /// What to keep in mind about this device's figures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caveats: Vec<String>,
}

/// One term of an energy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EnergyTerm {
    /// Its name.
    pub name: String,
    /// Its nominal value, joules per inference.
    pub nominal_j: f64,
    /// Its 5th percentile, joules per inference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low_j: Option<f64>,
    /// Its 95th percentile, joules per inference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high_j: Option<f64>,
}

/// Who wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Winner {
    /// The spiking network, over the whole interval.
    Spiking,
    /// The dense network, over the whole interval.
    Dense,
    /// The intervals overlap, or the two cannot be compared.
    Undecided,
}

/// Which network wins, in words and figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VerdictPart {
    /// Who wins.
    pub winner: Winner,
    /// The verdict in words: the first line of the terminal text.
    pub text: String,
    /// Its grounds in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Spikes per synapse and inference below which (`low`) a spiking network can win and above which (`high`) it cannot,
    /// over all published criteria.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub break_even_spikes_per_synapse: Option<BreakEven>,
    /// Spikes per synapse and inference of this network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<f64>,
    /// The published criteria one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<CriterionEntry>,
    /// The break-even on pairs of devices that are like for like.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub curves: Vec<CurveEntry>,
}

/// An interval in which the break-even lies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BreakEven {
    /// Below this a spiking network can win.
    pub low: f64,
    /// Above this it cannot.
    pub high: f64,
}

/// One published criterion for a spiking network to win.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CriterionEntry {
    /// Its authors and year.
    pub name: String,
    /// At or below this it is met.
    pub low: f64,
    /// Above this it is not. Equal to `low` for a single threshold.
    pub high: f64,
    /// Whether this network meets it. Absent where the measured value lies between `low` and `high`: it depends on the dense
    /// machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met: Option<bool>,
    /// What is compared, where it is not spikes per synapse and inference; such as `spikes per neuron and step`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// This network's value of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<f64>,
    /// Its citation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}
