//! What a file does not say: time step, semantics, and how it is meant to be used.
//!
//! NIR holds no time step and no rule for steps. What the caller says comes first, then remarks in the file (`spikewatt_semantics`,
//! `spikewatt_dt` in seconds, `spikewatt_encode`, `spikewatt_steps`, `spikewatt_decode`), then a guess at who wrote the file ([`writer`]),
//! then NIR's equations with the time step of snnTorch and of the NIR paper.

use super::writer::{self, AGREEMENT, Guess, GuessedStep};
use super::{Class, Kind, NirGraph, NirNode};
use crate::diagnostic::{Diagnostic, Place, Result, quoted};
use crate::network::Hints;
use crate::neuron::{Decay, Integrator, SEMANTICS, Semantics, semantics_by_name};

/// Where nothing is said and nothing can be guessed: snnTorch's and the NIR paper's, in seconds.
const DEFAULT_DT: f64 = 1e-4;

/// Where from something is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// The caller or the file says it.
    Said,
    /// It is guessed.
    Guessed,
    /// Nothing tells it, and it is taken.
    Taken,
}

impl Known {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Said => "said",
            Self::Guessed => "guessed",
            Self::Taken => "taken, since nothing tells it",
        }
    }
}

/// How the neurons of a graph step.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stepping {
    /// The rules, and where from.
    pub(super) semantics: (Semantics, Known),
    /// The time step, s.
    pub(super) dt: (f64, Known),
    /// The time step, ms: the caller's to the last bit.
    pub(super) dt_ms: f64,
    /// Who probably wrote the file, whatever the caller says.
    pub(super) guess: Option<Guess>,
}

/// The rules and the time step of a graph.
///
/// # Errors
/// The caller's time step is not a positive number.
pub(super) fn stepping(
    graph: &NirGraph,
    semantics: Option<Semantics>,
    dt_ms: Option<f64>,
    notes: &mut Vec<String>,
) -> Result<Stepping> {
    if let Some(dt) = dt_ms.filter(|dt| !(dt.is_finite() && *dt > 0.0)) {
        let message = format!("expected a time above zero, found {dt} ms");
        return Err(Diagnostic::new(message).place(Place::Argument("--dt".into())).into());
    }
    let said_semantics = semantics.or_else(|| remarked_semantics(graph, notes));
    let said_dt = dt_ms.map(|ms| ms / 1e3).or_else(|| remarked_dt(graph, notes));
    let guess = writer::guess(graph);
    let holds = guess.as_ref().filter(|guess| guess.holds(said_dt));
    let semantics = match (said_semantics, holds) {
        (Some(said), _) => (said, Known::Said),
        (None, Some(guess)) => (guess.semantics, Known::Guessed),
        (None, None) => (Semantics::default(), Known::Taken),
    };
    let dt = match (said_dt, holds.map(|guess| guess.step)) {
        (Some(said), _) => (said, Known::Said),
        (None, Some(GuessedStep::Is(dt))) => (dt, Known::Guessed),
        (None, _) if asks_for_time(graph, &semantics.0) => (DEFAULT_DT, Known::Taken),
        (None, Some(GuessedStep::NoLength)) => (1.0, Known::Guessed),
        (None, _) => (1.0, Known::Taken),
    };
    let stepping = Stepping { semantics, dt, dt_ms: dt_ms.unwrap_or(dt.0 * 1e3), guess };
    if graph.nodes.values().any(|node| matches!(node.kind.class(), Class::Neuron(_))) {
        remark(&stepping, notes);
    }
    warn(graph, &stepping, notes);
    Ok(stepping)
}

/// Whether the length of a step enters any node by these rules.
fn asks_for_time(graph: &NirGraph, rules: &Semantics) -> bool {
    graph.nodes.values().any(|node| match node.kind {
        Kind::IF | Kind::I => rules.integrator == Integrator::Time,
        Kind::LIF | Kind::LI => rules.decay != Decay::Steps,
        Kind::CubaLIF | Kind::CubaLI => rules.decay != Decay::Steps || rules.synapse_decay != Decay::Steps,
        Kind::Delay => true,
        _ => false,
    }) || graph.nodes.values().all(|node| !matches!(node.kind.class(), Class::Neuron(_)))
}

/// Says what is guessed or taken.
fn remark(stepping: &Stepping, notes: &mut Vec<String>) {
    let ((semantics, semantics_known), (dt, dt_known)) = (stepping.semantics, stepping.dt);
    if semantics_known == Known::Said && dt_known == Known::Said {
        return;
    }
    let shown = format!(
        "semantics `{}` ({}) and dt = {} ({})",
        semantics.label(),
        semantics_known.words(),
        crate::units::si(dt, "s"),
        dt_known.words()
    );
    let guessed = [semantics_known, dt_known].contains(&Known::Guessed);
    notes.push(match stepping.guess.as_ref().filter(|_| guessed) {
        Some(guess) => {
            let Guess { writer, because, or, .. } = guess;
            format!("written by {writer}, as it seems ({because}; or {or}): {shown}; choose with --semantics and --dt")
        }
        None => format!("the file does not say how its neurons step: {shown}; choose with --semantics and --dt"),
    });
}

/// How the file says it is meant to be used.
pub(super) fn hints(graph: &NirGraph, notes: &mut Vec<String>) -> Hints {
    let mut word = |name: &str, known: &[&str]| {
        let value = graph.metadata.get(name)?;
        let found = value.text().filter(|text| known.contains(text));
        if found.is_none() {
            notes.push(ignored(name, &shown(value), &known.join(", ")));
        }
        found.map(str::to_owned)
    };
    let encode = word("spikewatt_encode", &["direct", "rate", "latency"]);
    let decode = word("spikewatt_decode", &["count", "first_spike", "max_membrane"]);
    let steps = graph.metadata.get("spikewatt_steps").and_then(|value| {
        let found = value.number().filter(|n| n.fract() == 0.0 && (1.0..=1e12).contains(n));
        if found.is_none() {
            notes.push(ignored("spikewatt_steps", &shown(value), "a whole number above zero"));
        }
        found.map(|n| n as u64)
    });
    Hints { encode, steps, decode }
}

fn ignored(name: &str, found: &str, expected: &str) -> String {
    format!("the file's remark `{name}` is {found} and is ignored; expected {expected}")
}

fn shown(value: &super::MetadataValue) -> String {
    value.text().map(quoted).or_else(|| value.number().map(|n| n.to_string())).unwrap_or_else(|| "no single value".into())
}

fn remarked_semantics(graph: &NirGraph, notes: &mut Vec<String>) -> Option<Semantics> {
    let value = graph.metadata.get("spikewatt_semantics")?;
    let found = value.text().and_then(semantics_by_name);
    if found.is_none() {
        let known: Vec<_> = SEMANTICS.iter().map(|s| s.name).collect();
        notes.push(ignored("spikewatt_semantics", &shown(value), &known.join(", ")));
    }
    found
}

fn remarked_dt(graph: &NirGraph, notes: &mut Vec<String>) -> Option<f64> {
    let value = graph.metadata.get("spikewatt_dt")?;
    let found = value.number().filter(|dt| dt.is_finite() && *dt > 0.0);
    if found.is_none() {
        notes.push(ignored("spikewatt_dt", &shown(value), "seconds, above zero"));
    }
    found
}

/// What is probably not meant.
fn warn(graph: &NirGraph, stepping: &Stepping, notes: &mut Vec<String>) {
    let (rules, dt) = (stepping.semantics.0, stepping.dt.0);
    let shown_dt = crate::units::si(dt, "s");
    for (name, node) in &graph.nodes {
        let shortest = [node.array("tau"), node.array("tau_mem"), node.array("tau_syn")];
        let shortest = shortest.into_iter().flatten().flat_map(|array| array.values()).fold(f64::INFINITY, f64::min);
        if rules.decay == Decay::Euler && shortest < dt * (1.0 - AGREEMENT) {
            let tau = crate::units::si(shortest, "s");
            notes.push(format!(
                "{}: a time constant of {tau} is below dt = {shown_dt}, so that Euler steps overshoot",
                quoted(name)
            ));
        }
        if shortest.is_finite() && shortest >= 1.0 && dt < 0.1 && rules.decay != Decay::Steps {
            notes.push(format!(
                "{}: every time constant is {shortest} s or more; if they are steps and not seconds, as sinabs exports them, say --semantics sinabs",
                quoted(name)
            ));
        }
    }
    let plain = |node: &NirNode| node.array("r").is_some_and(|r| r.values().all(|r| r == 1.0));
    let integrators = graph.nodes.values().filter(|node| matches!(node.kind, Kind::IF | Kind::I));
    if rules.integrator == Integrator::Time && dt != 1.0 && integrators.into_iter().any(plain) {
        notes.push(format!(
            "neurons without leak integrate over time: at dt = {shown_dt} and r = 1, an input of 1 moves them by {dt}; where the whole input \
             is to be added in a step, as most frameworks do, say --semantics nir-unit",
        ));
    }
}
