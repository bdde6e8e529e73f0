//! Compatibility modes: what other tools print for the same network, with their own constants, and where their figure parts from ours, term by term.
//!
//! - [`keras_spiking`]: `ModelEnergy` of KerasSpiking;
//! - [`spiking_jelly`]: SpikingJelly's operations (4.6 pJ and 0.9 pJ) and its model of memory after Lemaire et al.
//!
//! [`Tool`] names them. A mode takes the network layer by layer with the counts of a run and gives an [`Account`]. [`Account::beside`] sets an estimate of ours beside
//! it: every term of either side stands in one [`Difference`], so that the differences add up to the difference of the totals.

pub mod keras_spiking;
pub mod spiking_jelly;
#[cfg(test)]
mod tests;

use super::device::Runs;
use super::estimate::EnergyEstimate;
use super::quantity::Joules;
use serde::Serialize;

/// One layer of weights and the neurons behind it, with its counts per sample.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Layer {
    /// Its name.
    pub name: String,
    /// Neurons or values that it reads.
    pub inputs: u64,
    /// Neurons behind it.
    pub neurons: u64,
    /// Synapses.
    pub connections: u64,
    /// True where each neuron has a bias.
    pub bias: bool,
    /// Spikes that it reads, a sample.
    pub spikes_in: f64,
    /// Spikes of its neurons, a sample.
    pub spikes_out: f64,
    /// Delivered spikes × synapses, a sample.
    pub synaptic_events: f64,
    /// Multiply-accumulates with inputs that are no spikes, zeros included, a sample.
    pub macs: f64,
    /// Mean absolute value of those inputs; 0 where it reads spikes.
    pub mean_input: f64,
}

/// One term of another tool's sum.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AccountTerm {
    /// What it pays for.
    pub name: &'static str,
    /// How often, a sample.
    pub count: f64,
    /// The tool's constant, joules.
    pub each_j: Joules,
    /// Their product: joules a sample.
    pub energy_j: Joules,
}

/// What another tool prints for a network.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Account {
    /// The tool and its mode.
    pub tool: String,
    /// Where its formula and constants come from.
    pub source: &'static str,
    /// Its figure for a sample.
    pub energy_per_sample_j: Joules,
    /// What it is made of.
    pub terms: Vec<AccountTerm>,
    /// What the tool does that a reader would not expect.
    pub notes: Vec<&'static str>,
    /// Which of our terms each of its terms stands for, and why the two differ.
    #[serde(skip)]
    pairing: &'static [Pairing],
}

/// A term of theirs, those of ours that stand for the same, and why they differ.
#[derive(Debug, PartialEq)]
struct Pairing {
    theirs: &'static str,
    ours: &'static [&'static str],
    why: &'static str,
}

/// What both sides charge for one thing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// What is charged.
    pub what: String,
    /// Theirs; absent where the tool does not charge it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theirs_j: Option<Joules>,
    /// Ours, nominal; absent where we do not charge it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ours_j: Option<Joules>,
    /// Ours less theirs.
    pub difference_j: Joules,
    /// Why they differ.
    pub why: String,
}

/// Another tool's figure beside ours.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The tool and its mode.
    pub tool: String,
    /// Our device.
    pub device: String,
    /// Their figure for a sample.
    pub theirs_j: Joules,
    /// Ours, nominal.
    pub ours_j: Joules,
    /// Thing by thing; the differences add up.
    pub differences: Vec<Difference>,
    /// What we name as not priced and they do not mention.
    pub unpriced: Vec<String>,
}

/// A tool whose figures are reproduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// KerasSpiking's `ModelEnergy` on each of its devices.
    KerasSpiking,
    /// SpikingJelly's operations, and its model of memory for what that is made for.
    SpikingJelly,
}

/// Tools by name.
pub const TOOLS: &[(&str, Tool)] = &[("keras-spiking", Tool::KerasSpiking), ("spiking-jelly", Tool::SpikingJelly)];

/// A tool's account of one of the networks, and the device of ours that stands for the same machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// Which network is priced.
    pub runs: Runs,
    /// The account.
    pub account: Account,
    /// The device of ours.
    pub ours: &'static str,
}

impl Tool {
    /// What the tool prints for a spiking network that ran so many steps, and for the dense one where it prices such.
    #[must_use]
    pub fn accounts(self, layers: &[Layer], dense: &[Layer], steps: u64) -> Vec<Named> {
        let named = |runs, account, ours| Named { runs, account, ours };
        match self {
            Self::KerasSpiking => keras_spiking::DEVICES
                .iter()
                .map(|device| {
                    let runs = if device.spiking { Runs::Spiking } else { Runs::Dense };
                    named(runs, keras_spiking::keras_spiking(layers, steps, device), device.ours)
                })
                .collect(),
            Self::SpikingJelly => {
                let preset = &spiking_jelly::PRESETS[0];
                let mut all = vec![
                    named(Runs::Spiking, spiking_jelly::compute(layers, preset), "asic-45nm-arith"),
                    named(Runs::Dense, spiking_jelly::compute(dense, preset), "asic-45nm-arith"),
                ];
                // Its formula is that of fully connected layers of spikes.
                if layers.iter().all(|layer| layer.macs == 0.0 && layer.connections == layer.inputs.saturating_mul(layer.neurons))
                {
                    all.push(named(Runs::Spiking, spiking_jelly::lemaire(layers, steps), "asic-45nm-memory"));
                }
                all
            }
        }
    }
}

impl Account {
    fn new(tool: String, source: &'static str, terms: Vec<AccountTerm>, pairing: &'static [Pairing]) -> Self {
        let energy_per_sample_j = terms.iter().map(|term| term.energy_j).sum();
        Self { tool, source, energy_per_sample_j, terms, notes: Vec::new(), pairing }
    }

    /// The account with an estimate of ours beside it; `None` where ours has no energy.
    #[must_use]
    pub fn beside(&self, ours: &EnergyEstimate) -> Option<Comparison> {
        let total = ours.energy_per_sample?.nominal;
        let mut differences = Vec::new();
        let mut left: Vec<_> = ours.terms.iter().collect();
        for term in &self.terms {
            let pairing = self.pairing.iter().find(|pairing| pairing.theirs == term.name);
            let names = pairing.map_or(&[][..], |pairing| pairing.ours);
            let (same, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(|one| names.contains(&one.name.as_str()));
            left = rest;
            let sum = (!same.is_empty()).then(|| same.iter().map(|one| one.nominal_j).sum::<Joules>());
            let is_equal = sum.is_some_and(|sum| (sum.0 - term.energy_j.0).abs() <= 1e-9 * term.energy_j.0);
            let why = pairing.map_or("", |pairing| pairing.why);
            differences.push(Difference {
                what: term.name.to_owned(),
                theirs_j: Some(term.energy_j),
                ours_j: sum,
                difference_j: Joules(sum.unwrap_or_default().0 - term.energy_j.0),
                why: if is_equal { "the same count at the same constant" } else { why }.to_owned(),
            });
        }
        for term in left {
            differences.push(Difference {
                what: term.name.clone(),
                theirs_j: None,
                ours_j: Some(term.nominal_j),
                difference_j: term.nominal_j,
                why: format!("{} does not charge it", self.tool),
            });
        }
        Some(Comparison {
            tool: self.tool.clone(),
            device: ours.device.clone(),
            theirs_j: self.energy_per_sample_j,
            ours_j: total,
            differences,
            unpriced: ours.unpriced.clone(),
        })
    }
}

/// A term: so many times a constant of so many picojoules.
fn term(name: &'static str, count: f64, pj: f64) -> AccountTerm {
    let each = Joules(pj * 1e-12);
    AccountTerm { name, count, each_j: each, energy_j: each * count }
}
