//! What was changed of a network, apart from the network: small, comparable, saved with a project.

use spikewatt::diagnostic::{Diagnostic, Diagnostics, Result};
use spikewatt::network::{Drive, Network};
use spikewatt::neuron::Values;
use std::collections::BTreeMap;

/// What was changed of a network. Nothing is changed at first.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Edits {
    /// By population: parameters and their value, in the model's units.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, BTreeMap<String, f64>>,
    /// By projection: what its weights are multiplied by.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub weights: BTreeMap<String, f64>,
    /// By stimulus: what its rate, current or noise is multiplied by.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stimuli: BTreeMap<String, f64>,
}

impl Edits {
    /// True where nothing is changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// A network with these changes.
    ///
    /// # Errors
    /// Where they name what is not there, or give a value that the network may not have; every complaint at once.
    pub fn applied(&self, network: &Network) -> Result<Network> {
        let mut wrong = Diagnostics::new();
        let mut network = network.clone();
        for (name, params) in &self.params {
            match network.population(name) {
                Some(at) => {
                    let own = &mut network.populations[at].params;
                    own.extend(params.iter().map(|(param, value)| (param.clone(), Values::One(*value))));
                }
                None => wrong.push(Diagnostic::at(format!("population.{name}"), "there is no such population")),
            }
        }
        for (name, factor) in &self.stimuli {
            let found = network.stimuli.iter_mut().find(|s| s.name == *name);
            match found {
                Some(stimulus) => scale(&mut stimulus.drive, *factor),
                None => wrong.push(Diagnostic::at(format!("stimulus.{name}"), "there is no such stimulus")),
            }
        }
        wrong.or(())?;
        network.validate()?;
        Ok(network)
    }
}

fn scale(drive: &mut Drive, factor: f64) {
    match drive {
        Drive::Poisson { rate_hz, .. } | Drive::Regular { rate_hz, .. } => *rate_hz *= factor,
        Drive::Current(steps) => steps.iter_mut().for_each(|step| step.value *= factor),
        Drive::Noise { mean, sd, .. } => {
            *mean *= factor;
            *sd *= factor;
        }
        Drive::Spikes { weight, .. } => *weight *= factor,
        Drive::Dataset => {}
    }
}
