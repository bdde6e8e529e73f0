//! One thing that can be changed while a network runs: where it stands among the edits, its value, its unit and its range.

use super::list::{measured, with_unit};
use crate::chart::short;
use crate::project::Edits;
use crate::session::Scene;
use spikewatt::diagnostic::Diagnostics;
use spikewatt::units::{self, Dimension};

/// Where a value stands among the edits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// Rate, current or mean of a stimulus.
    Rate(String),
    /// Standard deviation of a stimulus' noise.
    Noise(String),
    /// Strength of one event of a stimulus.
    Strength(String),
    /// Strength of a data set's samples.
    Input,
    /// Weights of all projections.
    AllWeights,
    /// Weights of a projection.
    Weights(String),
    /// A parameter of a population, the same for all neurons.
    Set(String, String),
    /// A parameter of a population whose neurons have values of their own.
    Times(String, String),
}

/// Something that can be changed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Knob {
    /// Where it stands among the edits.
    pub place: Place,
    /// What it is called beside its slider.
    pub name: String,
    /// What it is called anywhere else: `v_th of e`.
    pub label: String,
    /// What it means.
    pub about: String,
    /// Its value as the network was opened; 1 for factors.
    pub built: f64,
    /// What it measures; absent for factors.
    pub dimension: Option<Dimension>,
    /// What the slider reaches; more can be typed.
    pub range: (f64, f64),
    /// The least and the largest value, where neurons have values of their own.
    pub spread: Option<(f64, f64)>,
    /// The infinity that `none` stands for, where it may be one.
    pub none: Option<f64>,
}

impl Knob {
    /// Its value with these edits.
    pub(crate) fn value(&self, edits: &Edits, scene: &Scene) -> f64 {
        let factor = |of: Option<&f64>| of.copied().unwrap_or(1.0);
        match &self.place {
            Place::Rate(name) => self.built * factor(edits.rates.get(name)),
            Place::Noise(name) => self.built * factor(edits.noise.get(name)),
            Place::Strength(name) => self.built * factor(edits.strengths.get(name)),
            Place::Input => factor(edits.input.as_ref()),
            Place::Weights(name) => factor(edits.weights.get(name)),
            Place::AllWeights => {
                let mut all = scene.net.projections.iter().map(|p| factor(edits.weights.get(&p.name)));
                let first = all.next().unwrap_or(1.0);
                if all.all(|other| other == first) { first } else { f64::NAN }
            }
            Place::Set(population, param) => {
                edits.set.get(population).and_then(|of| of.get(param)).copied().unwrap_or(self.built)
            }
            Place::Times(population, param) => factor(edits.times.get(population).and_then(|of| of.get(param))),
        }
    }

    /// Puts a value among the edits; that of the file takes it off.
    pub(crate) fn put(&self, edits: &mut Edits, scene: &Scene, value: f64) {
        let at_rest = value == self.built;
        let keep = |of: &mut std::collections::BTreeMap<String, f64>, name: &str, value: f64| {
            if at_rest { of.remove(name).map_or((), |_| ()) } else { of.insert(name.to_owned(), value).map_or((), |_| ()) }
        };
        match &self.place {
            Place::Rate(name) => keep(&mut edits.rates, name, value / self.built),
            Place::Noise(name) => keep(&mut edits.noise, name, value / self.built),
            Place::Strength(name) => keep(&mut edits.strengths, name, value / self.built),
            Place::Input => edits.input = (!at_rest).then_some(value),
            Place::Weights(name) => keep(&mut edits.weights, name, value),
            Place::AllWeights => scene.net.projections.iter().for_each(|p| keep(&mut edits.weights, &p.name, value)),
            Place::Set(population, param) | Place::Times(population, param) => {
                let all = if matches!(self.place, Place::Set(..)) { &mut edits.set } else { &mut edits.times };
                let of = all.entry(population.clone()).or_default();
                keep(of, param, value);
                if of.is_empty() {
                    all.remove(population);
                }
            }
        }
    }

    /// What is wrong with these edits, as the library says it; weights, which any factor may scale, are left out for speed.
    pub(crate) fn wrong(&self, edits: &Edits, scene: &Scene, value: f64) -> Option<String> {
        if matches!(self.place, Place::Weights(_) | Place::AllWeights) {
            return (value < 0.0).then(|| "a factor is zero or above: it cannot turn excitation into inhibition".to_owned());
        }
        let trial = Edits { weights: std::collections::BTreeMap::new(), ..edits.clone() };
        scene.built.with_live(&trial.live()).err().as_ref().map(told)
    }

    /// Whether it does anything: what is nothing stays nothing, whatever it is multiplied by.
    pub(crate) fn moves(&self) -> bool {
        let multiplied = matches!(self.place, Place::Rate(_) | Place::Noise(_) | Place::Strength(_));
        !multiplied || self.built != 0.0 && self.built.is_finite()
    }

    /// The value with its unit, as it is shown and typed.
    pub(crate) fn shown(&self, value: f64) -> String {
        match self.dimension {
            _ if value.is_nan() => "various".to_owned(),
            _ if self.none == Some(value) => NONE.to_owned(),
            None => format!("× {}", figure(value)),
            Some(dimension) => with_unit(&figure(value), dimension.unit()),
        }
    }

    /// What stands in the file: the value, or the least and the largest of those that neurons have.
    pub(crate) fn in_file(&self, scene: &Scene) -> String {
        let (Some((low, high)), Place::Times(population, param)) = (self.spread, &self.place) else {
            return self.shown(self.built);
        };
        let of = scene.built.populations.iter().find(|p| p.name == *population);
        let dimension = of.and_then(|p| p.model.spec().param(param)).map_or(Dimension::None, |p| p.dimension);
        with_unit(&format!("{} … {}", figure(low), figure(high)), measured(scene, dimension).unit())
    }

    /// Reads what was typed: a quantity with its unit, or a bare number in the unit that is shown.
    pub(crate) fn read(&self, text: &str) -> Result<f64, String> {
        let text = text.trim().trim_start_matches(['×', 'x']).trim();
        if let Some(infinity) = self.none.filter(|_| text.eq_ignore_ascii_case(NONE)) {
            return Ok(infinity);
        }
        let dimension = self.dimension.unwrap_or(Dimension::None);
        let bare = text.parse::<f64>().is_ok_and(f64::is_finite);
        let whole = if bare { format!("{text} {}", dimension.unit()) } else { text.to_owned() };
        units::parse(&whole, dimension).map_err(|wrong| wrong.to_string())
    }

    /// A change, in words.
    pub(crate) fn change(&self, before: f64, after: f64) -> String {
        format!("{} from {} to {}", self.label, self.shown(before), self.shown(after))
    }
}

/// What stands for a bound that is not there.
pub(super) const NONE: &str = "none";

/// A number with at most four figures and no needless zeros.
pub(super) fn figure(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let scale = 10f64.powi(3 - value.abs().log10().floor() as i32);
    let rounded = (value * scale).round() / scale;
    if rounded.abs() < 1e-4 { format!("{rounded:e}") } else { short(rounded) }
}

/// Complaints in one line each.
fn told(wrong: &Diagnostics) -> String {
    wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
