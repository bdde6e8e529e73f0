//! The parts of a report that answer: from how many spikes on, which layer, and what others would say.

use super::{Runs, Winner};
use serde::{Deserialize, Serialize};

/// The energy of the spiking network over that of the dense one, over the spiking network's activity, on one pair of devices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CurveEntry {
    /// The device of the spiking network.
    pub spiking: String,
    /// The device of the dense network; the same for a device or model that runs both.
    pub dense: String,
    /// What both prices include: `operations`, `core`, `chip`, `board` or `system`.
    pub boundary: String,
    /// Who takes less energy here, over the whole interval.
    pub winner: Winner,
    /// The network as it ran.
    pub here: CurvePointEntry,
    /// Where both take the same.
    pub crossing: CrossingEntry,
    /// The curve, from few spikes to many.
    pub points: Vec<CurvePointEntry>,
}

/// The ratio of energies at one activity: 5th percentile, nominal value, 95th percentile.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePointEntry {
    /// Spikes per synapse and inference.
    pub spikes_per_synapse: f64,
    /// 5th percentile of spiking energy over dense energy.
    pub low: f64,
    /// Its nominal value.
    pub nominal: f64,
    /// Its 95th percentile.
    pub high: f64,
}

/// Spikes per synapse and inference at which both networks take the same. 0 where even a silent spiking network takes more; absent where the spiking
/// network takes less over the whole curve.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct CrossingEntry {
    /// Below this the spiking network takes less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// At nominal figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nominal: Option<f64>,
    /// Above this the dense network takes less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// What one layer takes on a device. The nominal values of all add up to the device's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayerEnergyEntry {
    /// The layer: a population with the projections that lead to it, or a layer of the dense network.
    pub name: String,
    /// Its nominal energy, joules per inference.
    pub nominal_j: f64,
    /// Its 5th percentile, joules per inference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low_j: Option<f64>,
    /// Its 95th percentile, joules per inference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high_j: Option<f64>,
    /// True of what belongs to no layer: what the device takes however much happens.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub no_layer: bool,
}

/// What another tool prints for the network, with its own constants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountEntry {
    /// The tool and its mode.
    pub tool: String,
    /// Which network is priced.
    pub runs: Runs,
    /// Where its formula and constants come from.
    pub source: String,
    /// Its figure for one inference, joules.
    pub energy_per_sample_j: f64,
    /// What it is made of.
    pub terms: Vec<AccountTermEntry>,
    /// What the tool does that a reader would not expect.
    pub notes: Vec<String>,
    /// Our figure beside it. Absent where we have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<BesideEntry>,
}

/// One term of another tool's sum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountTermEntry {
    /// What it pays for.
    pub name: String,
    /// How often in one inference.
    pub count: f64,
    /// The tool's constant, joules.
    pub each_j: f64,
    /// Their product, joules per inference.
    pub energy_j: f64,
}

/// Our figure beside another tool's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BesideEntry {
    /// Our device for the same machine.
    pub device: String,
    /// Our nominal figure for one inference, joules.
    pub energy_per_sample_j: f64,
    /// Thing by thing; the differences add up.
    pub differences: Vec<DifferenceEntry>,
    /// What we name as not priced and the tool does not mention.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unpriced: Vec<String>,
}

/// What both sides charge for one thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DifferenceEntry {
    /// What is charged.
    pub what: String,
    /// Theirs, joules. Absent where the tool does not charge it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs_j: Option<f64>,
    /// Ours, joules. Absent where we do not charge it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ours_j: Option<f64>,
    /// Ours less theirs, joules.
    pub difference_j: f64,
    /// Why they differ.
    pub why: String,
}
