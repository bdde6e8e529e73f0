//! What was changed of a network, apart from the network: small, comparable, saved with a project.

use spikewatt::compile::{LiveScale, ParamChange};
use std::collections::BTreeMap;

type ByParameter = BTreeMap<String, BTreeMap<String, f64>>;

/// What was changed of a network while it runs. Nothing is changed at first.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Edits {
    /// By population and parameter: its value for all neurons, in the model's unit.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub set: ByParameter,
    /// By population and parameter: what each neuron's own value is multiplied by.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub times: ByParameter,
    /// By projection: what its weights are multiplied by.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub weights: BTreeMap<String, f64>,
    /// By stimulus: what its rate or current is multiplied by.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rates: BTreeMap<String, f64>,
    /// By stimulus: what the standard deviation of its noise is multiplied by.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub noise: BTreeMap<String, f64>,
    /// By stimulus: what the strength of one of its events is multiplied by.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub strengths: BTreeMap<String, f64>,
}

impl Edits {
    /// True where nothing is changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same as a running network takes it. Where a parameter has both, the value that was set counts.
    #[must_use]
    pub fn live(&self) -> LiveScale {
        let mut params: BTreeMap<String, BTreeMap<String, ParamChange>> = BTreeMap::new();
        let changes: [(&ByParameter, fn(f64) -> ParamChange); 2] =
            [(&self.times, ParamChange::Times), (&self.set, ParamChange::Set)];
        for (of, change) in changes {
            for (population, values) in of {
                let own = params.entry(population.clone()).or_default();
                own.extend(values.iter().map(|(name, value)| (name.clone(), change(*value))));
            }
        }
        LiveScale {
            weights: self.weights.clone(),
            rates: self.rates.clone(),
            noise: self.noise.clone(),
            strengths: self.strengths.clone(),
            params,
        }
    }
}
