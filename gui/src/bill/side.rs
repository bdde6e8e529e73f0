//! What one side took, as a person reads it.

use super::prices::{DenseSoFar, so_far_joules};
use spikewatt::energy::{Boundary, Device, DeviceKind, EnergyEstimate, Grade, LayerEnergy, Range, Runs};

/// A part of an energy.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What it pays for.
    pub name: String,
    /// Joules. Ends of parts do not add up to the ends of the whole: not all figures err at once.
    pub joules: Range<f64>,
    /// Drawn whether or not there is anything to do.
    pub standing: bool,
}

/// What one side took so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// The device's id.
    pub device: String,
    /// The device's name.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// What its figures include.
    pub boundary: Boundary,
    /// The tier of the model.
    pub tier: u8,
    /// Inferences so far.
    pub inferences: u64,
    /// Joules so far; absent where nothing has run yet, or where what grows with the run has no figure.
    pub joules: Option<Range<f64>>,
    /// Mean power over the last stretch of simulated time, watts.
    pub watts: Option<Range<f64>>,
    /// What was priced.
    pub terms: Vec<Part>,
    /// The same by layer.
    pub layers: Vec<Part>,
    /// What costs energy and was not priced.
    pub unpriced: Vec<String>,
    /// What to know before quoting a number.
    pub caveats: Vec<String>,
    /// The weakest grade among the figures used.
    pub evidence: Option<Grade>,
    /// The sources of the figures used.
    pub source: String,
    /// Why the network does not fit.
    pub why_not: Option<String>,
    /// Why there is no figure at all.
    pub nothing: Option<String>,
}

impl Side {
    /// A side that has no figure, and why.
    pub(super) fn nothing(device: &Device, why: impl Into<String>) -> Self {
        Self {
            device: device.id.clone(),
            name: device.name.clone(),
            kind: device.kind,
            boundary: device.boundary,
            tier: 0,
            inferences: 0,
            joules: None,
            watts: None,
            terms: Vec::new(),
            layers: Vec::new(),
            unpriced: Vec::new(),
            caveats: Vec::new(),
            evidence: None,
            source: String::new(),
            why_not: None,
            nothing: Some(why.into()),
        }
    }

    /// A side of an estimate that is to be taken so many times.
    pub(super) fn of(device: &Device, estimate: &EnergyEstimate, times: f64, inferences: u64, layers: &[LayerEnergy]) -> Self {
        let part = |layer: &LayerEnergy| Part {
            name: layer.layer.clone().unwrap_or_else(|| "no layer: the device as a whole".into()),
            joules: layer.energy.map(|joules| joules.0 * times),
            standing: layer.layer.is_none(),
        };
        let term = |term: &spikewatt::energy::Term| Part {
            name: term.name.clone(),
            joules: term.range().map(|joules| joules.0 * times),
            standing: term.standing,
        };
        let joules = so_far_joules(estimate, times);
        Self {
            tier: estimate.tier,
            inferences,
            joules,
            terms: estimate.terms.iter().map(term).collect(),
            layers: layers.iter().map(part).collect(),
            unpriced: estimate.unpriced.clone(),
            caveats: estimate.caveats.clone(),
            evidence: estimate.evidence,
            source: estimate.source.clone(),
            why_not: estimate.why_not.clone(),
            nothing: joules.is_none().then(|| "what grows with the run has no published figure on this device".into()),
            ..Self::nothing(device, "")
        }
    }

    /// The dense side.
    pub(super) fn of_dense(device: &Device, so_far: &DenseSoFar, layers: &[LayerEnergy]) -> Self {
        Self::of(device, &so_far.estimate, so_far.times, so_far.times as u64, layers)
    }

    /// Joules of an inference so far.
    #[must_use]
    pub fn per_inference(&self) -> Option<Range<f64>> {
        let n = self.inferences as f64;
        self.joules.filter(|_| n > 0.0).map(|joules| joules.map(|j| j / n))
    }
}

/// The figure words of a device that runs only the other kind of network.
pub(super) fn runs_only(device: &Device, wanted: Runs) -> String {
    let runs: Vec<_> = device.runs.iter().map(|runs| runs.word()).collect();
    format!("{} runs {} networks, no {} ones", device.name, runs.join(" and "), wanted.word())
}
