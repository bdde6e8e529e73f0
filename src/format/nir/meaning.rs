//! What a file does not say: time step, semantics, and how it is meant to be used.
//!
//! NIR holds no time step and no rule for steps. What the caller says comes first, then remarks in the file (`spikewatt_semantics`,
//! `spikewatt_dt` in seconds, `spikewatt_encode`, `spikewatt_steps`, `spikewatt_decode`), then a guess: snnTorch, SpikingJelly and lava export
//! r = tau / dt, which gives dt away.

use super::{Class, Kind, NirGraph, NirNode};
use crate::diagnostic::{Diagnostic, Place, Result, quoted};
use crate::network::Hints;
use crate::neuron::{Decay, SEMANTICS, Semantics, semantics_by_name};

/// Where nothing is said and nothing can be guessed: snnTorch's and the NIR paper's, in seconds.
const DEFAULT_DT: f64 = 1e-4;

/// Single-precision r and tau give dt to about seven figures; rounded parameters to fewer.
const AGREEMENT: f64 = 1e-3;

/// How the neurons of a graph step.
pub(super) struct Stepping {
    /// The rules.
    pub(super) semantics: Semantics,
    /// The time step, s.
    dt: f64,
    /// The time step, ms: the caller's to the last bit.
    pub(super) dt_ms: f64,
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
    let guess = guessed_dt(graph);
    let has_neurons = graph.nodes.values().any(|node| matches!(node.kind.class(), Class::Neuron(_)));
    // Where the time step differs from the guessed one, r = tau / dt does not hold and the guess tells nothing.
    let guess_holds = guess.filter(|guess| said_dt.is_none_or(|said| near(said, *guess)));
    let dt = said_dt.or(guess).unwrap_or(DEFAULT_DT);
    let stepping = Stepping {
        semantics: said_semantics.unwrap_or_else(|| {
            let snntorch = guess_holds.and_then(|_| semantics_by_name("snntorch"));
            snntorch.filter(|_| has_leak(graph) && rests_at_zero(graph)).unwrap_or_default()
        }),
        dt,
        dt_ms: dt_ms.unwrap_or(dt * 1e3),
    };
    if has_neurons {
        let shown = format!("semantics `{}` and dt = {}", stepping.semantics.name, crate::units::si(stepping.dt, "s"));
        match (said_semantics, said_dt, guess_holds) {
            (Some(_), Some(_), _) => {}
            (_, None, Some(_)) | (None, _, Some(_)) => notes
                .push(format!("{shown} are guessed from r = tau / dt (1 / dt without leak) in the file's neurons; choose with --semantics and --dt")),
            _ => notes
                .push(format!("the file does not say how its neurons step: {shown} are taken; choose with --semantics and --dt")),
        }
    }
    warn(graph, &stepping, notes);
    Ok(stepping)
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

/// The one time step with which r = tau / dt holds in every neuron with a leak; without such neurons, the one with which r = 1 / dt
/// holds. Only round ones (1, 2 or 5 times a power of ten) count, so that an accident is no guess.
fn guessed_dt(graph: &NirGraph) -> Option<f64> {
    let leaky: Vec<_> = graph.nodes.values().filter_map(|node| Some((tau(node)?, node.array("r")?))).collect();
    if leaky.is_empty() {
        let r: Vec<f64> = integrators(graph).filter_map(|node| node.array("r")).flat_map(|r| r.values()).collect();
        return common(r.iter().map(|r| 1.0 / r)).filter(|_| r.iter().all(|r| *r > 1.0));
    }
    let pairs = || leaky.iter().flat_map(|(tau, r)| (0..tau.len().max(r.len())).map(|at| (nth(tau, at), nth(r, at))));
    // r = 1 throughout is NIR's default and says nothing.
    common(pairs().map(|(tau, r)| tau / r)).filter(|_| pairs().any(|(_, r)| (r - 1.0).abs() > AGREEMENT))
}

/// The round number that all values agree with.
fn common(mut values: impl Iterator<Item = f64>) -> Option<f64> {
    let round = nearest_round(values.next()?)?;
    values.all(|value| near(value, round)).then_some(round)
}

fn nearest_round(value: f64) -> Option<f64> {
    // Written as text and read back, so that it is the number a person means.
    let candidates = (-9..=1).flat_map(|exponent| [1, 2, 5].map(|digit| format!("{digit}e{exponent}")));
    candidates.filter_map(|text| text.parse().ok()).find(|round| near(value, *round))
}

fn near(value: f64, round: f64) -> bool {
    (value - round).abs() <= AGREEMENT * round
}

fn tau(node: &NirNode) -> Option<&super::NirArray> {
    node.array("tau").or_else(|| node.array("tau_mem"))
}

fn nth(array: &super::NirArray, at: usize) -> f64 {
    array.at(if array.len() == 1 { 0 } else { at })
}

fn integrators(graph: &NirGraph) -> impl Iterator<Item = &NirNode> {
    graph.nodes.values().filter(|node| matches!(node.kind, Kind::IF | Kind::I))
}

fn has_leak(graph: &NirGraph) -> bool {
    graph.nodes.values().any(|node| tau(node).is_some())
}

/// snnTorch knows no resting potential and no reset other than zero.
fn rests_at_zero(graph: &NirGraph) -> bool {
    let potentials = graph.nodes.values().flat_map(|node| [node.array("v_leak"), node.array("v_reset")]);
    potentials.flatten().all(|array| array.values().all(|v| v == 0.0))
}

/// What is probably not meant.
fn warn(graph: &NirGraph, stepping: &Stepping, notes: &mut Vec<String>) {
    let dt = crate::units::si(stepping.dt, "s");
    for (name, node) in &graph.nodes {
        let shortest = [node.array("tau"), node.array("tau_mem"), node.array("tau_syn")];
        let shortest = shortest.into_iter().flatten().flat_map(|array| array.values()).fold(f64::INFINITY, f64::min);
        if stepping.semantics.decay == Decay::Euler && shortest < stepping.dt * (1.0 - AGREEMENT) {
            let tau = crate::units::si(shortest, "s");
            notes.push(format!("{}: a time constant of {tau} is below dt = {dt}, so that Euler steps overshoot", quoted(name)));
        }
        if shortest.is_finite() && shortest >= 1.0 && stepping.dt < 0.1 {
            notes.push(format!(
                "{}: every time constant is {shortest} s or more; if they are steps and not seconds, as sinabs exports them, say --dt \"1 s\"",
                quoted(name)
            ));
        }
    }
    let plain = |node: &NirNode| node.array("r").is_some_and(|r| r.values().all(|r| r == 1.0));
    if stepping.dt != 1.0 && integrators(graph).any(plain) {
        notes.push(format!(
            "neurons without leak integrate over time: at dt = {dt} and r = 1, an input of 1 moves them by {}; frameworks that add the \
             whole input in a step are matched by --dt \"1 s\"",
            stepping.dt
        ));
    }
}
