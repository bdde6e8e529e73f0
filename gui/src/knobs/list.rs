//! What of a network can be changed, group by group.

use super::knob::{Knob, Place};
use crate::session::Scene;
use spikewatt::dataset::encode::Encoding;
use spikewatt::network::{Drive, Stimulus};
use spikewatt::neuron::{Check, ParamSpec};
use spikewatt::units::Dimension;

/// Knobs under one title.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    /// The title.
    pub title: String,
    /// What stands under it.
    pub knobs: Vec<Knob>,
}

/// Everything that can be changed of what is opened: stimuli, weights, then populations.
pub(crate) fn knobs(scene: &Scene) -> Vec<Group> {
    let mut groups = Vec::new();
    let stimuli = scene.network.stimuli.iter().flat_map(|s| of_stimulus(scene, s)).filter(Knob::moves);
    let stimuli: Vec<_> = stimuli.chain(of_samples(scene).ok()).collect();
    if !stimuli.is_empty() {
        groups.push(Group { title: "Stimuli".into(), knobs: stimuli });
    }
    let weights = weights(scene);
    if !weights.is_empty() {
        groups.push(Group { title: "Weights".into(), knobs: weights });
    }
    for (at, p) in scene.built.populations.iter().enumerate().filter(|(_, p)| !p.is_input()) {
        let params = p.model.spec().params;
        let knobs: Vec<_> = params.iter().filter_map(|param| of_param(scene, at, param)).collect();
        if !knobs.is_empty() {
            groups.push(Group { title: format!("{} ({})", p.name, p.model.spec().name), knobs });
        }
    }
    groups
}

/// What a dimension is in a network whose voltages and currents may be plain numbers.
pub(crate) fn measured(scene: &Scene, dimension: Dimension) -> Dimension {
    match dimension {
        Dimension::Voltage | Dimension::Current | Dimension::Capacitance | Dimension::Conductance if scene.network.unitless => {
            Dimension::None
        }
        other => other,
    }
}

/// A figure with its unit, where it has one.
pub(crate) fn with_unit(figure: &str, unit: &str) -> String {
    if unit.is_empty() { figure.to_owned() } else { format!("{figure} {unit}") }
}

/// Everything that a stimulus has a value of.
pub(crate) fn of_stimulus(scene: &Scene, s: &Stimulus) -> Vec<Knob> {
    let target = scene.network.population(&s.to.population).map(|at| &scene.network.populations[at]);
    let weight_in = target.map_or(Dimension::None, |p| measured(scene, p.model.spec().input.dimension()));
    let current_in = measured(scene, Dimension::Current);
    let knob = |place, what: &str, built: f64, dimension, about: &str| Knob {
        place,
        name: format!("{} {what}", s.name),
        label: format!("{what} of {}", s.name),
        about: about.to_owned(),
        built,
        dimension: Some(dimension),
        range: (0.0, 3.0 * built).min_max(),
        spread: None,
        none: None,
    };
    let name = || s.name.clone();
    let strength = |weight: f64| {
        knob(Place::Strength(name()), "strength", weight, weight_in, "What one event does to the neuron it reaches")
    };
    match &s.drive {
        Drive::Poisson { rate_hz, weight, .. } => {
            let rate = knob(Place::Rate(name()), "rate", *rate_hz, Dimension::Frequency, "Random events of each neuron a second");
            vec![rate, strength(*weight)]
        }
        Drive::Regular { rate_hz, weight, .. } => {
            let rate = knob(Place::Rate(name()), "rate", *rate_hz, Dimension::Frequency, "Regular events a second");
            vec![rate, strength(*weight)]
        }
        Drive::Spikes { weight, .. } => vec![strength(*weight)],
        Drive::Current(steps) => {
            let largest = steps.iter().map(|step| step.value).max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap_or(0.0);
            let about = if steps.len() > 1 { "The largest step; the others change along with it" } else { "The current" };
            vec![knob(Place::Rate(name()), "current", largest, current_in, about)]
        }
        Drive::Noise { mean, sd, .. } => vec![
            knob(Place::Rate(name()), "mean current", *mean, current_in, "Mean of the noise current"),
            knob(Place::Noise(name()), "noise sd", *sd, current_in, "Standard deviation of the noise current"),
        ],
        Drive::Dataset => Vec::new(),
    }
}

/// A factor of something.
fn times(place: Place, name: String, label: String, about: impl Into<String>) -> Knob {
    let (about, range) = (about.into(), (0.0, 3.0));
    Knob { place, name, label, about, built: 1.0, dimension: None, range, spread: None, none: None }
}

/// The factor of the samples that the network is shown, or why there is none.
pub(crate) fn of_samples(scene: &Scene) -> Result<Knob, &'static str> {
    let Some((task, dataset)) = scene.task.as_ref().zip(scene.dataset.as_ref()) else {
        return Err("No data set is open");
    };
    if !task.encoding.scales(&dataset.samples) {
        return Err("The samples are spikes already: they have no strength that could be multiplied");
    }
    let what = match task.encoding {
        Encoding::Direct => "Every value of a sample is multiplied by this before it goes in, at once",
        Encoding::Rate => "The chance of a spike in each step is multiplied by this, at once; it never goes above one",
        Encoding::Latency => {
            "Every value of a sample is multiplied by this, and the larger it is the earlier is its spike; in the sample that is \
             shown just now a channel may spike twice, or not at all"
        }
    };
    let about = format!("{what}. The dense network still gets the samples as they are");
    Ok(times(Place::Input, "samples".into(), "strength of the samples".into(), about))
}

fn weights(scene: &Scene) -> Vec<Knob> {
    let names: Vec<_> = scene.net.projections.iter().map(|p| p.name.clone()).collect();
    let all = (names.len() > 1).then(|| {
        times(Place::AllWeights, "all".into(), "all weights".into(), "What every weight of the network is multiplied by")
    });
    all.into_iter().chain(names.iter().map(|name| of_weights(name))).collect()
}

/// The factor of a projection's weights.
pub(crate) fn of_weights(projection: &str) -> Knob {
    let (name, label) = (projection.to_owned(), format!("weights of {projection}"));
    times(Place::Weights(name.clone()), name, label, "What the weights of this projection are multiplied by")
}

/// A parameter of a population; `None` where it has no neuron.
pub(crate) fn of_param(scene: &Scene, population: usize, param: &ParamSpec) -> Option<Knob> {
    let p = &scene.built.populations[population];
    let (first, last) = p.param_range(param.name)?;
    let (pop, key) = (p.name.clone(), param.name.to_owned());
    let label = format!("{key} of {pop}");
    if first != last {
        let about = format!("{}; each neuron has a value of its own, and all are multiplied by this", param.meaning);
        let knob = times(Place::Times(pop, key.clone()), key, label, about);
        return Some(Knob { spread: Some((first, last)), ..knob });
    }
    // A bound that is not there is an infinity: that of the model, else the one that is never reached.
    let none = param.default.filter(|value| value.is_infinite()).unwrap_or(f64::INFINITY);
    let none = param.check.allows(none).then_some(none);
    let dimension = measured(scene, param.dimension);
    Some(Knob {
        place: Place::Set(pop, key.clone()),
        name: key,
        label,
        about: if none.is_some() { format!("{}, or none", param.meaning) } else { param.meaning.to_owned() },
        built: first,
        dimension: Some(dimension),
        range: range(first, dimension, param.check),
        spread: None,
        none,
    })
}

/// A range in which a person would move a parameter.
fn range(built: f64, dimension: Dimension, check: Check) -> (f64, f64) {
    let some = match dimension {
        Dimension::Time | Dimension::Voltage => 10.0,
        Dimension::Current | Dimension::Capacitance => 200.0,
        Dimension::Conductance => 10.0,
        _ => 1.0,
    };
    let (size, centre) = if built.is_finite() { (built.abs(), built) } else { (some, some) };
    match check {
        Check::Positive => (0.1 * size.max(0.01 * some), 4.0 * size.max(0.01 * some)),
        Check::NonNegative => (0.0, (4.0 * size).max(some)),
        Check::Any | Check::Finite => (centre - size.max(some), centre + size.max(some)),
    }
}

trait MinMax {
    fn min_max(self) -> Self;
}

impl MinMax for (f64, f64) {
    fn min_max(self) -> Self {
        if self.0 <= self.1 { self } else { (self.1, self.0) }
    }
}
