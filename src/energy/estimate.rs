//! What a run costs on a device: the estimate, and the ledger it is summed in.

use super::device::{Boundary, Device, DeviceKind, Runs};
use super::evidence::{FigureKind, Grade};
use super::figure::{Figure, Precision};
use super::quantity::{Joules, Range, Seconds, Watts};
use super::{dense, spiking};
use crate::counts::{DenseWork, SpikingWork};
use serde::{Deserialize, Serialize};
use std::ops::{Div, Mul};

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
    /// Low end, joules.
    pub low_j: Joules,
    /// Nominal, joules.
    pub nominal_j: Joules,
    /// High end, joules.
    pub high_j: Joules,
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
    /// 1: operations and events, without memory traffic or placement.
    pub tier: u8,
    /// What the figures include.
    pub boundary: Boundary,
    /// Samples at a time: always 1.
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
    /// What was priced; the energy is their sum.
    pub terms: Vec<Term>,
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
}

/// The estimates of a device for what ran: one for each kind of network that ran and that it runs, spiking first.
///
/// ```
/// use spikewatt::counts::DenseWork;
/// use spikewatt::energy::{Work, device, estimate};
/// let dense = DenseWork { samples: 1, macs: 264_192, effective_macs: 0, weight_bytes: 0, weight_bits: 8, activation_bytes: 0 };
/// let work = Work { spiking: None, dense: Some(&dense) };
/// let estimates = estimate(device("mcu-m33-u575").expect("built in"), &work);
/// let energy = estimates[0].energy_per_sample.expect("it has a figure");
/// assert_eq!(energy.to_string(), "58.1 µJ (47.8 µJ to 81.9 µJ)");
/// ```
#[must_use]
pub fn estimate(device: &Device, work: &Work<'_>) -> Vec<EnergyEstimate> {
    let spiking = work.spiking.filter(|_| device.runs(Runs::Spiking)).map(|work| spiking::estimate(device, work));
    let dense = work.dense.filter(|_| device.runs(Runs::Dense)).map(|work| dense::estimate(device, work));
    spiking.into_iter().chain(dense).collect()
}

/// Where an estimate is summed: terms with the figures they rest on.
pub(super) struct Ledger<'d> {
    device: &'d Device,
    runs: Runs,
    terms: Vec<Term>,
    /// True once something that grows with the run was priced.
    dynamic: bool,
    used: Vec<(&'d str, Grade)>,
    pub(super) unpriced: Vec<String>,
    pub(super) caveats: Vec<String>,
    pub(super) latency: Option<Seconds>,
    pub(super) by_precision: Vec<PrecisionEstimate>,
    /// The high end is at least this, whatever the terms say.
    pub(super) high_at_least: Option<Joules>,
    pub(super) why_not: Option<String>,
}

impl<'d> Ledger<'d> {
    pub(super) fn new(device: &'d Device, runs: Runs) -> Self {
        Self {
            device,
            runs,
            terms: Vec::new(),
            dynamic: false,
            used: Vec::new(),
            unpriced: Vec::new(),
            caveats: Vec::new(),
            latency: None,
            by_precision: Vec::new(),
            high_at_least: None,
            why_not: None,
        }
    }

    /// Charges `count` times a figure's range.
    pub(super) fn charge(&mut self, name: &str, count: f64, figure: &'d Figure<Joules>, kind: FigureKind) {
        self.add(name, figure.range(kind) * count, figure);
        self.dynamic = true;
    }

    /// Charges a power over a time. Power is no price of what the run did, so `dynamic` says whether it may stand alone.
    pub(super) fn charge_power(&mut self, name: &str, time: Seconds, figure: &'d Figure<Watts>, dynamic: bool) {
        self.add(name, figure.range(FigureKind::Power) * time, figure);
        self.dynamic |= dynamic;
    }

    /// Adds a term, and notes whose figure it is.
    pub(super) fn add<T: Copy + Mul<f64, Output = T> + Div<f64, Output = T>>(
        &mut self,
        name: &str,
        range: Range<Joules>,
        figure: &'d Figure<T>,
    ) {
        self.terms.push(Term { name: name.to_owned(), low_j: range.low, nominal_j: range.nominal, high_j: range.high });
        self.uses(&figure.source, figure.grade);
        if figure.peak {
            self.caveats.push(format!("{name}: a peak figure, which no real network reaches; the range goes up from it"));
        }
    }

    /// Says that a dynamic term was added with [`Self::add`].
    pub(super) fn mark_dynamic(&mut self) {
        self.dynamic = true;
    }

    /// Notes a figure that the estimate rests on.
    pub(super) fn uses(&mut self, source: &'d str, grade: Grade) {
        self.used.push((source, grade));
    }

    pub(super) fn caveat(&mut self, text: impl Into<String>) {
        self.caveats.push(text.into());
    }

    pub(super) fn unpriced(&mut self, text: impl Into<String>) {
        self.unpriced.push(text.into());
    }

    /// The estimate.
    pub(super) fn close(mut self) -> EnergyEstimate {
        for text in &self.device.unpriced {
            if !self.unpriced.contains(text) {
                self.unpriced.push(text.clone());
            }
        }
        let energy = self.terms.iter().map(Term::range).reduce(|a, b| a + b).filter(|_| self.dynamic).map(|sum| {
            let high = self.high_at_least.unwrap_or(sum.high);
            sum.covering(Range { high, ..sum })
        });
        if energy.is_none() && !self.terms.is_empty() {
            self.caveats.push("what is priced does not depend on the run, so there is no total".to_owned());
        }
        let power = energy.zip(self.latency).map(|(energy, latency)| energy / latency);
        let mut sources: Vec<String> = Vec::new();
        for (id, _) in &self.used {
            let tag = self.device.source(id).map_or_else(String::new, |source| format!(" ({})", source.tag));
            let short = format!("{id}{tag}");
            if !sources.contains(&short) {
                sources.push(short);
            }
        }
        EnergyEstimate {
            device: self.device.id.clone(),
            name: self.device.name.clone(),
            kind: self.device.kind,
            runs: self.runs,
            tier: 1,
            boundary: self.device.boundary,
            batch: 1,
            fits: self.why_not.is_none(),
            why_not: self.why_not,
            energy_per_sample: energy,
            power,
            latency: self.latency,
            terms: self.terms,
            unpriced: self.unpriced,
            evidence: self.used.iter().map(|&(_, grade)| grade).max(),
            source: sources.join(", "),
            caveats: self.caveats,
            by_precision: self.by_precision,
        }
    }
}
