//! What a run costs on a device, at a tier.

use super::device::{Boundary, Device, DeviceKind, Runs};
use super::evidence::Grade;
use super::figure::Precision;
use super::quantity::{Joules, Range, Seconds, Watts};
use super::tier::{highest, tiers};
use super::{dense, spiking};
use crate::counts::{DenseWork, SpikingWork};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What ran: either side or both.
#[derive(Debug, Clone, Copy, Default)]
pub struct Work<'w> {
    /// The spiking network's run.
    pub spiking: Option<&'w SpikingWork>,
    /// The dense network's run.
    pub dense: Option<&'w DenseWork>,
}

/// One term of a sum, per sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// What it pays for.
    pub name: String,
    /// 5th percentile, joules.
    pub low_j: Joules,
    /// Nominal, joules.
    pub nominal_j: Joules,
    /// 95th percentile, joules. Ends of terms do not add up to the ends of the sum: not all figures err at once.
    pub high_j: Joules,
    /// True of power that is drawn whether or not there is anything to do, charged for the time of the sample.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub standing: bool,
}

impl Term {
    /// The term as a range.
    #[must_use]
    pub fn range(&self) -> Range<Joules> {
        Range { low: self.low_j, nominal: self.nominal_j, high: self.high_j }
    }
}

/// The nominal energy of a sample with all arithmetic in one numeric type.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PrecisionEstimate {
    /// The numeric type.
    pub precision: Precision,
    /// Energy of a sample, joules.
    pub energy_per_sample_j: Joules,
}

/// The energy of a sample with each weight that is read serving so many multiply-accumulates: positions of a convolution, or the
/// inferences of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ReuseEstimate {
    /// Multiply-accumulates a read serves.
    pub reuse: u32,
    /// Energy of a sample, joules.
    pub energy_per_sample_j: Range<Joules>,
}

/// The energy of every trial, in joules, in the order in which figures were drawn. Not part of what is written.
///
/// Two of them compare as equal: they follow from the rest.
#[derive(Debug, Clone, Default)]
pub(super) struct Trials(pub(super) Option<Arc<[f64]>>);

impl PartialEq for Trials {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// The energy of a sample on a device. What is not known is absent, never zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EnergyEstimate {
    /// The device's id.
    pub device: String,
    /// Its name for people.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Which network was priced.
    pub runs: Runs,
    /// What the model knows: 1 operations, 2 operations and memory traffic, 3 the chip's profile.
    pub tier: u8,
    /// What the figures include.
    pub boundary: Boundary,
    /// Samples at a time; 1 unless a form of a dense network was priced at another ([`super::estimate_form`]).
    pub batch: u32,
    /// False where a limit of the device is passed; the price is then that of one device that would hold it.
    pub fits: bool,
    /// Why it does not fit.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub why_not: Option<String>,
    /// Energy of one sample; absent where nothing that grows with the run has a figure.
    #[serde(rename = "energy_per_sample_j", skip_serializing_if = "Option::is_none", default)]
    pub energy_per_sample: Option<Range<Joules>>,
    /// Energy over latency, where both are known.
    #[serde(rename = "power_w", skip_serializing_if = "Option::is_none", default)]
    pub power: Option<Range<Watts>>,
    /// Time of one sample, where the device has a clock or runs in real time.
    #[serde(rename = "latency_s", skip_serializing_if = "Option::is_none", default)]
    pub latency: Option<Seconds>,
    /// What was priced; the nominal energy is their sum.
    pub terms: Vec<Term>,
    /// The name of the term with the largest nominal value.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub dominant_term: Option<String>,
    /// What costs energy and was not priced.
    pub unpriced: Vec<String>,
    /// The weakest grade among the figures used.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub evidence: Option<Grade>,
    /// The sources of the figures used, short: ids of the device file with their tags.
    pub source: String,
    /// What to know before quoting a number.
    pub caveats: Vec<String>,
    /// The same with each numeric type in turn; on arithmetic tables alone.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub by_precision: Vec<PrecisionEstimate>,
    /// The same with weights read once for 1, 8 and 64 multiply-accumulates; of dense networks on models with memory alone.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub by_reuse: Vec<ReuseEstimate>,
    /// Every trial.
    #[serde(skip)]
    pub(super) trials: Trials,
}

/// The estimates of a device for what ran, at the device's highest tier: one for each kind of network that ran and that it runs, spiking first.
///
/// ```
/// use spikewatt::counts::DenseWork;
/// use spikewatt::energy::{Work, device, estimate};
/// let dense = DenseWork { samples: 1, macs: 264_192, effective_macs: 0, weight_bytes: 0, weight_bits: 8, activation_bytes: 0 };
/// let work = Work { spiking: None, dense: Some(&dense) };
/// let estimates = estimate(device("mcu-m33-u575").expect("built in"), &work);
/// let energy = estimates[0].energy_per_sample.expect("it has a figure");
/// assert_eq!(energy.to_string(), "58.1 µJ (48.8 µJ to 79.1 µJ)");
/// ```
#[must_use]
pub fn estimate(device: &Device, work: &Work<'_>) -> Vec<EnergyEstimate> {
    at(device, work, highest(device))
}

/// The estimates at one tier; none where the device has no model of that tier (see [`tiers`]).
#[must_use]
pub fn estimate_at(device: &Device, work: &Work<'_>, tier: u8) -> Vec<EnergyEstimate> {
    if tiers(device).contains(&tier) { at(device, work, tier) } else { Vec::new() }
}

fn at(device: &Device, work: &Work<'_>, tier: u8) -> Vec<EnergyEstimate> {
    let spiking = work.spiking.filter(|_| device.runs(Runs::Spiking)).map(|work| spiking::estimate(device, work, tier));
    let dense = work.dense.filter(|_| device.runs(Runs::Dense)).map(|work| dense::estimate(device, work, tier));
    spiking.into_iter().chain(dense).collect()
}
