//! Another compiled network of the same shape, made without building it anew: weights, rates and parameters changed while it runs.
//!
//! What is large is shared: connections are kept behind an [`Arc`], and a factor goes where weights have a place of their own (one weight of
//! a member, the unit of a population's drawn weights). Weights that are stored one by one are multiplied into a copy. Changes are always
//! made to the network as it was compiled, so that moving a slider back gives the first bits again.

mod shape;
mod weights;

use super::{CompiledDrive, CompiledNetwork, CompiledPopulation, PoissonNumber};
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use crate::neuron::{Column, LOIHI_UNIT, linear_step};
use std::collections::BTreeMap;

/// What to change of a compiled network, by names. What is not named stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LiveScale {
    /// Factors of all weights of a projection, zero or above; biases are no weights and stay.
    pub weights: BTreeMap<String, f64>,
    /// Factors of what a stimulus brings, zero or above: of the rate of Poisson and of regular events (the n-th event of these then comes n
    /// intervals after the first, as if it had always been so), of the value of a current, of the mean of a noise current. Listed
    /// events have no rate.
    pub rates: BTreeMap<String, f64>,
    /// Factors of the standard deviation of noise currents, zero or above.
    pub noise: BTreeMap<String, f64>,
    /// Factors of the strength of one event of a stimulus.
    pub strengths: BTreeMap<String, f64>,
    /// The factor of a data set's samples, zero or above, where the network takes samples: each value is multiplied by it before it is
    /// encoded. Who encodes them asks for it ([`CompiledNetwork::input_factor`], [`crate::dataset::encode::encode_scaled`]).
    pub input: Option<f64>,
    /// Changes of parameters: by population, then by parameter.
    pub params: BTreeMap<String, BTreeMap<String, ParamChange>>,
}

/// A change of a parameter, in its unit (ms, mV, pF, pA, or plain numbers).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ParamChange {
    /// This value for all neurons of the population.
    Set(f64),
    /// Each neuron's own value, times so much.
    Times(f64),
    /// Each neuron's own value, and so much more.
    Plus(f64),
}

impl ParamChange {
    fn of(self, column: &Column) -> Column {
        match self {
            Self::Set(value) => Column::One(value),
            Self::Times(factor) => Column::map([column], |[value]| value * factor),
            Self::Plus(more) => Column::map([column], |[value]| value + more),
        }
    }
}

/// What a spike does to the membrane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ResetTo {
    /// It is set to this.
    Value(f64),
    /// The threshold is taken off it.
    Subtract,
}

impl CompiledNetwork {
    /// This network with some things changed. Connections are shared with it, but for weights that are stored one by one and have a factor;
    /// so it takes milliseconds, or for so many million such weights some tens of them.
    ///
    /// Weights that are drawn are kept as whole multiples of a unit. Where all drawn projections onto a population have one factor the unit takes
    /// it; where factors differ, weights are rounded to whole units again, within 2⁻³¹ of the largest.
    ///
    /// # Errors
    /// Names that are not there; factors below zero or without end; values that a parameter does not take, or that contradict another; more
    /// events in a tick than can be drawn; a rate for listed events. In exact time: everything, for its drives and rows are another kind.
    pub fn with_live(&self, scale: &LiveScale) -> Result<Self> {
        let mut wrong = Diagnostics::new();
        if self.exact {
            let told = Diagnostic::at("dt", "a network in exact time does not change while it runs");
            return Err(told.help("give it a grid: dt = \"0.1 ms\"").into());
        }
        let mut made = self.clone();
        let mut factors = vec![1.0; self.projections.len()];
        for (name, &factor) in &scale.weights {
            let place = format!("projection.{name}.weight");
            match self.projections.iter().position(|p| p.name == *name) {
                Some(at) if is_factor(factor) => factors[at] = factor,
                Some(_) => wrong.push(no_factor(place, factor)),
                None => wrong.push(Diagnostic::at(place, format!("there is no projection {}", quoted(name)))),
            }
        }
        if let Some(factor) = scale.input {
            let place = "input".to_owned();
            match self.input {
                Some(_) if is_factor(factor) => made.input_factor *= factor,
                Some(_) => wrong.push(no_factor(place, factor)),
                None => wrong.push(Diagnostic::at(place, "the network takes no samples")),
            }
        }
        made.drive(scale, &mut wrong);
        made.parametrise(scale, &mut wrong);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        made.scale_weights(&factors);
        Ok(made)
    }

    fn drive(&mut self, scale: &LiveScale, wrong: &mut Diagnostics) {
        let named = [("rate", &scale.rates), ("sd", &scale.noise), ("weight", &scale.strengths)];
        for (key, (name, &factor)) in named.iter().flat_map(|(key, of)| of.iter().map(move |one| (*key, one))) {
            let place = format!("stimulus.{name}.{key}");
            let Some(stimulus) = self.stimuli.iter_mut().find(|s| s.name == *name) else {
                wrong.push(Diagnostic::at(place, format!("there is no stimulus {} with a drive of its own", quoted(name))));
                continue;
            };
            if !is_factor(factor) && (key != "weight" || !factor.is_finite()) {
                wrong.push(no_factor(place, factor));
                continue;
            }
            match (key, &mut stimulus.drive) {
                ("rate", CompiledDrive::Poisson { number, .. }) => {
                    let mean = number.mean() * factor;
                    if mean > PoissonNumber::MAX_MEAN {
                        let most = PoissonNumber::MAX_MEAN;
                        wrong.push(Diagnostic::at(place, format!("{mean} events per tick; at most {most} are possible")));
                    } else if factor != 1.0 {
                        *number = PoissonNumber::new(mean);
                    }
                }
                ("rate", CompiledDrive::Regular { interval, .. }) => *interval /= factor,
                ("rate", CompiledDrive::Current(steps)) => steps.iter_mut().for_each(|(_, value)| *value *= factor),
                ("rate", CompiledDrive::Noise(noise)) => noise.mean *= factor,
                ("rate", CompiledDrive::Events { .. }) => {
                    let told = Diagnostic::at(place, "its events are listed one by one and have no rate");
                    wrong.push(told.help("change the strength of its events instead"));
                }
                ("sd", CompiledDrive::Noise(noise)) => noise.sd *= factor,
                ("sd", _) => wrong.push(Diagnostic::at(place, format!("stimulus {} is no noise current", quoted(name)))),
                (
                    _,
                    CompiledDrive::Poisson { weight, .. }
                    | CompiledDrive::Events { weight, .. }
                    | CompiledDrive::Regular { weight, .. },
                ) => *weight *= factor,
                (_, CompiledDrive::Current(_) | CompiledDrive::Noise(_)) => {
                    let told = Diagnostic::at(place, format!("stimulus {} brings a current, no events", quoted(name)));
                    wrong.push(told.help("change its rate: for a current that is its value"));
                }
            }
        }
    }

    fn parametrise(&mut self, scale: &LiveScale, wrong: &mut Diagnostics) {
        for (name, changes) in &scale.params {
            let Some(at) = self.populations.iter().position(|p| p.name == *name) else {
                wrong.push(Diagnostic::at(format!("population.{name}"), format!("there is no population {}", quoted(name))));
                continue;
            };
            let before = wrong.iter().count();
            let spec_params = self.populations[at].model.spec().params;
            for (param, change) in changes {
                let place = format!("population.{name}.params.{param}");
                let Some(index) = spec_params.iter().position(|p| p.name == param) else {
                    let names: Vec<_> = spec_params.iter().map(|p| p.name).collect();
                    let told = Diagnostic::at(place, format!("the model has no parameter {}", quoted(param)));
                    wrong.push(told.help(format!("it has: {}", names.join(", "))));
                    continue;
                };
                let column = change.of(&self.populations[at].params[index]);
                let check = spec_params[index].check;
                let values = match &column {
                    Column::One(value) => std::slice::from_ref(value),
                    Column::Each(values) => values,
                };
                match values.iter().find(|value| !check.allows(**value)) {
                    Some(value) => wrong.push(Diagnostic::at(place, format!("{value} is not {}", check.words()))),
                    None => self.populations[at].params[index] = column,
                }
            }
            if wrong.iter().count() == before {
                let p = &self.populations[at];
                for complaint in p.with_block(self, 0..p.size, |block| p.model.complaints(block)) {
                    wrong.push(Diagnostic::at(format!("population.{name}.params"), complaint));
                }
            }
        }
    }

    /// The threshold of a neuron's membrane, and what a spike does to it; `None` for neurons that have no membrane with a threshold. Models
    /// whose threshold moves begin at this one ([`crate::neuron::NeuronModel`] `lif_adaptive`: `v_th`, to which `theta` is added).
    #[must_use]
    pub fn threshold(&self, population: usize, neuron: usize) -> Option<(f64, ResetTo)> {
        let p = self.populations.get(population).filter(|p| neuron < p.size)?;
        let spec = p.model.spec();
        spec.variable("v")?;
        if let Some(step) = p.with_block(self, neuron..neuron + 1, linear_step) {
            let reset = step.reset.map_or(ResetTo::Subtract, |reset| ResetTo::Value(reset.at(0)));
            return Some((step.threshold?.at(0), reset));
        }
        match spec.name {
            "intfire1" => Some((1.0, ResetTo::Value(0.0))),
            "loihi_lif" => Some((p.param("v_th", neuron)? * LOIHI_UNIT, ResetTo::Value(0.0))),
            _ => Some((p.param("v_th", neuron)?, ResetTo::Value(p.param("v_reset", neuron)?))),
        }
    }
}

impl CompiledPopulation {
    /// A neuron's value of a parameter; `None` where the model has none of that name, or the population no such neuron.
    #[must_use]
    pub fn param(&self, name: &str, neuron: usize) -> Option<f64> {
        let at = self.model.spec().params.iter().position(|p| p.name == name)?;
        (neuron < self.size).then(|| self.params[at].at(neuron))
    }

    /// The least and the largest value of a parameter among the neurons; `None` where the model has none of that name, or the population no
    /// neuron.
    #[must_use]
    pub fn param_range(&self, name: &str) -> Option<(f64, f64)> {
        let at = self.model.spec().params.iter().position(|p| p.name == name).filter(|_| self.size > 0)?;
        Some(match &self.params[at] {
            Column::One(value) => (*value, *value),
            Column::Each(values) => {
                let least = values.iter().copied().fold(f64::INFINITY, f64::min);
                (least, values.iter().copied().fold(f64::NEG_INFINITY, f64::max))
            }
        })
    }
}

fn is_factor(factor: f64) -> bool {
    factor.is_finite() && factor >= 0.0
}

fn no_factor(place: String, factor: f64) -> Diagnostic {
    Diagnostic::at(place, format!("a factor is a finite number, zero or above; found {factor}"))
}
