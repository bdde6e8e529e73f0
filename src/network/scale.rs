//! A network at another scale: fewer neurons and synapses, about the same activity.
//!
//! The rule is that of Potjans & Diesmann (Cereb. Cortex 24:785, 2014) and of NEST's PyNEST example of their microcircuit; van Albada,
//! Helias & Diesmann (PLoS Comput. Biol. 11:e1004490, 2015) show what it keeps and what it cannot. A neuron with K inputs of strength w
//! and rate ν has an input of
//!
//! ```text
//! mean      µ  ∝ K w ν          variance  σ² ∝ K w² ν
//! ```
//!
//! With K → sK inputs of strength w → w / √s the variance stays and the mean becomes √s µ. What is missing, (1 − √s) K w ν, comes back
//! as a constant current, with the rates ν of the full network. Rates and irregularity of single neurons are thereby kept about; correlations
//! grow as neurons get fewer (they go as 1/N), and at small scales change the rates in turn.

use super::{Connect, CurrentStep, Drive, Network, Population, Projection, Stimulus, Weight};
use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use crate::neuron::{Distribution, Input, Shape, Values};
use std::collections::BTreeMap;

/// The largest scale: beyond it, a slip of the pen is likelier than a wish.
pub const MAX_SCALE: f64 = 100.0;

impl Network {
    /// This network at the scale `s`: s × as many neurons with s × as many inputs each.
    ///
    /// - Sizes become s N; `fixed_indegree` and `fixed_outdegree` s K; `fixed_total` s² K; each rounded to the nearest, halves to the even
    ///   number, as `numpy.round` and with it NEST's example does; a population keeps one neuron. `fixed_probability` and `all_to_all`
    ///   scale by themselves.
    /// - Weights, means, deviations and limits of their distributions become w / √s; delays stay.
    /// - Poisson stimuli stand for s × as many sources: their rate becomes s ν, their weight w / √s.
    /// - The mean input that is missing is added to `i_e`, and for a Poisson stimulus of some neurons or some time as a current stimulus:
    ///   (1 − √s) Σ K w ν q, where q is what the model makes of an event ([`crate::neuron::NeuronModel::mean_current`]), and ν comes from
    ///   `mean_rates_hz`, by the name of the source.
    /// - Single events (`spikes`, `regular`) and currents stay: thresholds are not scaled, so they do to a neuron what they did.
    ///
    /// The network must be valid ([`Network::validate`]); so is the result, save for ids of neurons that are no longer there.
    ///
    /// # Errors
    /// Everything that stands in the way, with its dotted path: a scale out of range, a rate that is not given, a model for which q is not
    /// defined, and what cannot be scaled: connections one by one, one value per neuron, populations that take samples.
    pub fn scaled(mut self, s: f64, mean_rates_hz: &BTreeMap<String, f64>) -> Result<Self> {
        if !(s > 0.0 && s <= MAX_SCALE) {
            return Err(Diagnostic::at("scale", format!("a scale is above 0 and at most {MAX_SCALE}, found {s}"))
                .help("scale = 0.1 gives a tenth of the neurons")
                .into());
        }
        if s == 1.0 {
            return Ok(self);
        }
        let mut rule = Rule { s, full: self.clone(), mean_rates_hz, wrong: Diagnostics::new() };
        let mut missing = rule.missing();
        for population in &mut self.populations {
            rule.population(population, missing.remove(population.name.as_str()).unwrap_or(0.0));
        }
        for projection in &mut self.projections {
            rule.projection(projection);
        }
        let mut currents = Vec::new();
        for stimulus in &mut self.stimuli {
            currents.extend(rule.stimulus(stimulus));
        }
        self.stimuli.extend(currents);
        rule.wrong.or(self)
    }
}

/// A number of things, scaled.
fn rounded(number: f64) -> f64 {
    number.round_ties_even()
}

/// All values times a positive factor.
fn times(values: &Values, factor: f64) -> Values {
    match values {
        Values::One(v) => Values::One(v * factor),
        Values::Each(v) => Values::Each(v.iter().map(|v| v * factor).collect()),
        Values::Drawn(d) => {
            let shape = match d.shape {
                Shape::Uniform { low, high } => Shape::Uniform { low: low * factor, high: high * factor },
                Shape::Normal { mean, sd } => Shape::Normal { mean: mean * factor, sd: sd * factor },
                Shape::Lognormal { median, sigma } => Shape::Lognormal { median: median * factor, sigma },
            };
            Values::Drawn(Distribution { shape, min: d.min * factor, max: d.max * factor, ..*d })
        }
    }
}

/// All values plus a number; `None` where that is no distribution of a known shape.
fn plus(values: &Values, more: f64) -> Option<Values> {
    Some(match values {
        Values::One(v) => Values::One(v + more),
        Values::Each(v) => Values::Each(v.iter().map(|v| v + more).collect()),
        Values::Drawn(d) => {
            let shape = match d.shape {
                Shape::Uniform { low, high } => Shape::Uniform { low: low + more, high: high + more },
                Shape::Normal { mean, sd } => Shape::Normal { mean: mean + more, sd },
                Shape::Lognormal { .. } => return None,
            };
            Values::Drawn(Distribution { shape, min: d.min + more, max: d.max + more, ..*d })
        }
    })
}

struct Rule<'a> {
    s: f64,
    full: Network,
    mean_rates_hz: &'a BTreeMap<String, f64>,
    wrong: Diagnostics,
}

impl Rule<'_> {
    fn complain(&mut self, path: String, message: impl Into<String>, help: impl Into<String>) {
        self.wrong.push(Diagnostic::at(path, message).help(help));
    }

    fn of(&self, name: &str) -> &Population {
        let at = self.full.population(name).expect("a valid network has the populations that it names");
        &self.full.populations[at]
    }

    /// The part of the mean input that is lost, and the strength that each input gains.
    fn lost(&self) -> f64 {
        1.0 - self.s.sqrt()
    }

    fn stronger(&self) -> f64 {
        1.0 / self.s.sqrt()
    }

    /// The mean current of one event a second with these weights, pA; `None`, with a complaint, where that is not defined.
    fn mean_current(&mut self, to: &str, weight: &Values) -> Option<f64> {
        let population = self.of(to);
        let spec = population.model.spec();
        let mut various = None;
        let mut values = BTreeMap::new();
        for param in spec.params {
            let value = match population.params.get(param.name) {
                Some(Values::One(value)) => *value,
                None => param.default.unwrap_or(f64::NAN),
                Some(_) => f64::NAN,
            };
            values.insert(param.name, value);
        }
        let current = population.model.mean_current(&mut |name| {
            let value = values.get(name).copied().unwrap_or(f64::NAN);
            if value.is_nan() {
                various = Some(name.to_owned());
            }
            value
        });
        let (model, input) = (spec.name, spec.input);
        let path = format!("population.{to}");
        match (current, various) {
            (_, Some(name)) => {
                let help = "give one value, or leave `scale` at 1";
                self.complain(
                    format!("{path}.params.{name}"),
                    format!("to scale, `{name}` must be one number for all neurons"),
                    help,
                );
                None
            }
            (None, None) => {
                let help = "leave `scale` at 1 and set the size instead, such as --set population.e.size=1000";
                let message = format!(
                    "a network with inputs to `{model}` cannot be scaled: no constant current stands for lost inputs there"
                );
                // Said once for each population.
                if !self
                    .wrong
                    .iter()
                    .any(|d| d.message == message && d.place == Diagnostic::at(format!("{path}.model"), "").place)
                {
                    self.complain(format!("{path}.model"), message, help);
                }
                None
            }
            (Some([positive, negative]), None) => {
                let parts = signed_means(weight);
                Some(match input {
                    Input::BySign(_) => parts[0] * positive + parts[1] * negative,
                    Input::Sum(_) | Input::None => (parts[0] + parts[1]) * positive,
                })
            }
        }
    }

    /// The constant current, pA, that each population lacks.
    fn missing(&mut self) -> BTreeMap<String, f64> {
        let mut missing = BTreeMap::new();
        let mut without_rate = Vec::new();
        for p in self.full.projections.clone() {
            let (from, to) = (self.of(&p.from), self.of(&p.to));
            let (sources, targets) = (from.size as f64, to.size as f64);
            let not_self = if p.from == p.to && !p.allow_self { 1.0 } else { 0.0 };
            let inputs = match &p.connect {
                Connect::AllToAll => sources - not_self,
                Connect::FixedProbability(p) => p * (sources - not_self),
                Connect::FixedIndegree(k) => f64::from(*k),
                Connect::FixedOutdegree(k) => f64::from(*k) * sources / targets,
                Connect::FixedTotal(n) => *n as f64 / targets,
                // Complained of where they are met.
                Connect::OneToOne | Connect::List(_) | Connect::Dense(_) | Connect::Diagonal(_) | Connect::Convolution(_) => {
                    continue;
                }
            };
            let rate = self.mean_rates_hz.get(&p.from).copied();
            if rate.is_none() && !without_rate.contains(&p.from) {
                without_rate.push(p.from.clone());
            }
            if let Some(current) = self.mean_current(&p.to, &p.weight.0) {
                *missing.entry(p.to).or_insert(0.0) += self.lost() * inputs * rate.unwrap_or(0.0) * current;
            }
        }
        for name in without_rate {
            self.complain(
                format!("population.{name}"),
                format!("to scale, the mean rate of `{name}` in the full network must be known: it makes up for lost inputs"),
                "write for instance mean_rate = \"2.5 Hz\" in its section",
            );
        }
        for stimulus in self.full.stimuli.clone() {
            if let Drive::Poisson { rate_hz, weight, window_ms: (None, None), .. } = stimulus.drive
                && stimulus.to.ids.is_empty()
                && let Some(current) = self.mean_current(&stimulus.to.population, &Values::One(weight))
            {
                *missing.entry(stimulus.to.population).or_insert(0.0) += self.lost() * rate_hz * current;
            }
        }
        missing
    }

    fn population(&mut self, p: &mut Population, missing: f64) {
        let path = format!("population.{}", p.name);
        if p.model.spec().input == Input::None {
            self.complain(
                format!("{path}.model"),
                format!("`{}` takes its spikes from outside, and so cannot be scaled", p.name),
                "leave `scale` at 1",
            );
        }
        if p.shape.len() > 1 {
            self.complain(
                format!("{path}.shape"),
                "a population of several dimensions cannot be scaled",
                "give its size instead",
            );
        }
        for (name, values) in
            p.params.iter().map(|(n, v)| (format!("params.{n}"), v)).chain(p.init.iter().map(|(n, v)| (format!("init.{n}"), v)))
        {
            if let Values::Each(_) = values {
                self.complain(format!("{path}.{name}"), "values for each neuron cannot be scaled", "give one, or a distribution");
            }
        }
        p.size = rounded(p.size as f64 * self.s).max(1.0) as usize;
        if !p.shape.is_empty() {
            p.shape = vec![p.size];
        }
        if missing != 0.0 {
            let default = p.model.spec().param("i_e").and_then(|param| param.default).unwrap_or(0.0);
            let current = p.params.entry("i_e".into()).or_insert(Values::One(default));
            match plus(current, missing) {
                Some(sum) => *current = sum,
                None => {
                    let help = "draw it from a uniform or normal distribution";
                    self.complain(
                        format!("{path}.params.i_e"),
                        "a lognormal current cannot take the mean input that scaling loses",
                        help,
                    );
                }
            }
        }
    }

    fn projection(&mut self, p: &mut Projection) {
        let path = format!("projection.{}.connect", p.name);
        match &mut p.connect {
            Connect::AllToAll | Connect::FixedProbability(_) => {}
            Connect::FixedIndegree(k) | Connect::FixedOutdegree(k) => *k = rounded(f64::from(*k) * self.s) as u32,
            Connect::FixedTotal(n) => *n = rounded(*n as f64 * self.s * self.s) as u64,
            Connect::OneToOne | Connect::List(_) | Connect::Dense(_) | Connect::Diagonal(_) | Connect::Convolution(_) => {
                let help = "rules with a number of inputs or a probability can be";
                self.complain(path, "connections that are given one by one cannot be scaled", help);
            }
        }
        p.weight = Weight(times(&p.weight.0, self.stronger()));
    }

    /// Scales a stimulus; gives the current that makes up for one of some neurons or some time.
    fn stimulus(&mut self, stimulus: &mut Stimulus) -> Option<Stimulus> {
        let (full, name) = (stimulus.clone(), &stimulus.name);
        let Drive::Poisson { rate_hz, weight, delay_ms, window_ms } = &mut stimulus.drive else { return None };
        *rate_hz *= self.s;
        *weight *= self.stronger();
        let Drive::Poisson { rate_hz: full_rate, weight: full_weight, .. } = full.drive else { return None };
        if full.to.ids.is_empty() && *window_ms == (None, None) {
            return None;
        }
        let value = self.lost() * full_rate * self.mean_current(&full.to.population, &Values::One(full_weight))?;
        let mut steps = vec![CurrentStep { at_ms: window_ms.0.unwrap_or(0.0) + *delay_ms, value }];
        steps.extend(window_ms.1.map(|stop| CurrentStep { at_ms: stop + *delay_ms, value: 0.0 }));
        // Nothing to make up for where the window is empty.
        steps.dedup_by(|later, first| later.at_ms <= first.at_ms);
        let nothing = window_ms.1.is_some() && steps.len() == 1;
        let name = format!("{name} (mean of what scaling takes)");
        (!nothing).then_some(Stimulus { name, to: full.to, drive: Drive::Current(steps) })
    }
}

/// Means of the positive and of the negative part of weights: E[max(w, 0)] and E[min(w, 0)].
fn signed_means(weights: &Values) -> [f64; 2] {
    let parts = |w: f64| [w.max(0.0), w.min(0.0)];
    match weights {
        Values::One(w) => parts(*w),
        Values::Each(each) => {
            let n = each.len().max(1) as f64;
            each.iter().fold([0.0; 2], |sum, w| [sum[0] + parts(*w)[0] / n, sum[1] + parts(*w)[1] / n])
        }
        Values::Drawn(distribution) => {
            [distribution.partial_mean(0.0, f64::INFINITY), distribution.partial_mean(f64::NEG_INFINITY, 0.0)]
        }
    }
}

#[cfg(test)]
mod tests;
