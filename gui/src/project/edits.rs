//! What was changed of a network, apart from the network: small, comparable, saved with a project.

use spikewatt::compile::{LiveScale, ParamChange};
use std::collections::BTreeMap;

type ByParameter = BTreeMap<String, BTreeMap<String, f64>>;

/// What was changed of a network while it runs. Nothing is changed at first.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Edits {
    /// What a data set's samples are multiplied by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<f64>,
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

    /// What is changed first between these edits and others, in words: `v_th of e`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Option<String> {
        let of_parameters = |a: &ByParameter, b: &ByParameter| {
            let changed = first_change(a, b)?.clone();
            let none = BTreeMap::new();
            let name = first_change(a.get(&changed).unwrap_or(&none), b.get(&changed).unwrap_or(&none))?;
            Some(format!("{name} of {changed}"))
        };
        let by_name = |a, b, what: &str| Some(format!("{what} of {}", first_change(a, b)?));
        of_parameters(&self.set, &other.set)
            .or_else(|| of_parameters(&self.times, &other.times))
            .or_else(|| by_name(&self.weights, &other.weights, "weights"))
            .or_else(|| by_name(&self.rates, &other.rates, "rate"))
            .or_else(|| by_name(&self.noise, &other.noise, "noise"))
            .or_else(|| by_name(&self.strengths, &other.strengths, "strength"))
            .or_else(|| (self.input != other.input).then(|| "strength of the samples".into()))
    }

    /// The same as a running network takes it. Where a parameter has both, the value that was set counts.
    #[must_use]
    pub fn live(&self) -> LiveScale {
        let mut params: BTreeMap<String, BTreeMap<String, ParamChange>> = BTreeMap::new();
        let changes = [(&self.times, ParamChange::Times as fn(f64) -> ParamChange), (&self.set, ParamChange::Set)];
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
            input: self.input,
            params,
        }
    }
}

/// The first key whose values differ.
fn first_change<'a, V: PartialEq>(a: &'a BTreeMap<String, V>, b: &'a BTreeMap<String, V>) -> Option<&'a String> {
    a.keys().chain(b.keys()).find(|key| a.get(*key) != b.get(*key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_has_a_name() {
        let none = Edits::default();
        let mut some = none.clone();
        assert_eq!(none.difference(&some), None);
        some.rates.insert("drive".into(), 2.0);
        assert_eq!(none.difference(&some).as_deref(), Some("rate of drive"));
        some.set.entry("e".into()).or_default().insert("v_th".into(), 1.0);
        assert_eq!(some.difference(&none).as_deref(), Some("v_th of e"));
        let mut other = some.clone();
        other.set.entry("e".into()).or_default().insert("tau_m".into(), 1.0);
        assert_eq!(some.difference(&other).as_deref(), Some("tau_m of e"));
    }
}
