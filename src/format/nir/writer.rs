//! Who wrote a file, and with which time step: guesses from its parameters and names.
//!
//! A file holds neither. But each exporter fills `r` in a way of its own, so that its neurons tell one from another and often give dt away.
//! Source: the exporters of snnTorch 1.0.0, norse 1.1.0, sinabs 3.1.3, rockpool 3.1.0, SpikingJelly 2.0.0 and spyx 1.0.0.

use super::{Kind, NirArray, NirGraph, NirNode};
use crate::neuron::{Semantics, semantics_by_name};

/// Single-precision r and tau give dt to about seven figures; rounded parameters to fewer.
pub(super) const AGREEMENT: f64 = 1e-3;

/// Who probably wrote a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Guess {
    /// The framework, or several that write alike.
    pub writer: &'static str,
    /// What in the file says so.
    pub because: String,
    /// What else it could be.
    pub or: &'static str,
    /// Its rules.
    pub semantics: Semantics,
    /// Its time step.
    pub step: GuessedStep,
}

/// What a file gives away of its time step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GuessedStep {
    /// Nothing.
    Unknown,
    /// Its length, s.
    Is(f64),
    /// Steps have no length.
    NoLength,
}

impl Guess {
    /// True where the guess still holds with a time step that is said, s.
    pub(super) fn holds(&self, said: Option<f64>) -> bool {
        // Where the time step differs from the guessed one, r = tau / dt does not hold and the guess tells nothing.
        match (said, self.step) {
            (Some(said), GuessedStep::Is(dt)) => near(said, dt),
            _ => true,
        }
    }
}

/// What can be guessed of a graph.
pub(super) fn guess(graph: &NirGraph) -> Option<Guess> {
    let leaky: Vec<Pair<'_>> = graph.nodes.values().filter_map(|node| Some((tau(node)?, node.array("r")?))).collect();
    let found = if leaky.is_empty() { without_leak(graph) } else { with_leak(graph, &leaky) };
    let (semantics, step, writer, because, or) = found?;
    let semantics = semantics_by_name(semantics)?;
    Some(Guess { writer, because, or, semantics, step })
}

type Pair<'a> = (&'a NirArray, &'a NirArray);
type Found = (&'static str, GuessedStep, &'static str, String, &'static str);

fn with_leak(graph: &NirGraph, leaky: &[Pair<'_>]) -> Option<Found> {
    let pairs = || leaky.iter().flat_map(|(tau, r)| (0..tau.len().max(r.len())).map(|at| (nth(tau, at), nth(r, at))));
    let shown = |dt: f64| crate::units::si(dt, "s");
    if pairs().all(|(_, r)| near(r, 1.0)) {
        // NIR's default. It tells something where time constants are steps, or names are an exporter's.
        let steps = pairs().all(|(tau, _)| tau >= 1.0);
        // sinabs writes no neurons with a synapse.
        if steps && graph.nodes.values().all(|node| node.array("tau_syn").is_none()) {
            let because = "r = 1 and every tau is 1 or more: as seconds that were long, as steps it is usual".to_owned();
            return Some((
                "sinabs-native",
                GuessedStep::NoLength,
                "sinabs",
                because,
                "a file in seconds, with long time constants",
            ));
        }
        return jelly_names(graph).then(|| {
            let because = "r = 1, and nodes are called _1, _2, … as torch.fx names layers".to_owned();
            (
                "spikingjelly",
                GuessedStep::Unknown,
                "SpikingJelly with decay_input=True",
                because,
                "another exporter that goes through torch.fx",
            )
        });
    }
    if let Some(dt) = common(pairs().map(|(tau, r)| tau / r)) {
        let because = format!("r = tau / dt with dt = {}", shown(dt));
        if jelly_names(graph) {
            let because = format!("{because}, and nodes are called _1, _2, … as torch.fx names layers");
            return Some(("spikingjelly", GuessedStep::Is(dt), "SpikingJelly", because, "snnTorch, Lava"));
        }
        let or = "SpikingJelly with decay_input=False, Lava; and of snnTorch's resets the file does not say which: its neurons' own default \
                  is snntorch-subtract-delayed";
        // snnTorch knows no resting potential and no reset other than zero.
        if rests_at_zero(graph) {
            return Some(("snntorch", GuessedStep::Is(dt), "snnTorch", because, or));
        }
        let because = format!("{because}; its rest or reset is not zero, which snnTorch does not know");
        return Some(("nir-euler", GuessedStep::Is(dt), "a framework that steps by r = tau / dt", because, "SpikingJelly"));
    }
    if pairs().all(|(_, r)| 0.0 < r && r < 1.0)
        && let Some(dt) = common(pairs().map(|(tau, r)| tau * (1.0 - r)))
    {
        let because = format!("r = beta = 1 - dt / tau with dt = {}", shown(dt));
        return Some(("spyx", GuessedStep::Is(dt), "spyx", because, "a file whose resistances happen to be so"));
    }
    let rockpool = |dt: &f64| pairs().all(|(tau, r)| (r * dt / (tau * (-dt / tau).exp()) - 1.0).abs() < AGREEMENT / 10.0);
    let dt = round_numbers().find(rockpool)?;
    let because = format!("r = tau exp(-dt / tau) / dt with dt = {}", shown(dt));
    Some(("rockpool", GuessedStep::Is(dt), "rockpool", because, "a file whose resistances happen to be so"))
}

fn without_leak(graph: &NirGraph) -> Option<Found> {
    let integrators = graph.nodes.values().filter(|node| node.kind == Kind::IF);
    let r: Vec<f64> = integrators.filter_map(|node| node.array("r")).flat_map(|r| r.values()).collect();
    if r.is_empty() {
        return None;
    }
    if r.iter().all(|r| *r == 1.0) {
        let because =
            "neurons without leak and r = 1: whoever writes so adds the whole input in a step, whatever its length".to_owned();
        let or = "each resets in its own way: norse to zero; sinabs by subtraction, several spikes a step; spyx by subtraction, a step \
                  later. nir solves NIR's equation, dt r x";
        return Some(("nir-unit", GuessedStep::NoLength, "norse, sinabs or spyx", because, or));
    }
    let dt = common(r.iter().map(|r| 1.0 / r)).filter(|_| r.iter().all(|r| *r > 1.0))?;
    let because = format!("r = 1 / dt without leak, with dt = {}", crate::units::si(dt, "s"));
    Some(("spikingjelly", GuessedStep::Is(dt), "SpikingJelly", because, "a file whose resistances happen to be so"))
}

/// True where layers are called as torch.fx calls those of a `Sequential`.
fn jelly_names(graph: &NirGraph) -> bool {
    let mut layers = graph.nodes.iter().filter(|(_, node)| !matches!(node.kind, Kind::Input | Kind::Output)).peekable();
    let numbered =
        |name: &str| name.strip_prefix('_').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
    layers.peek().is_some() && layers.all(|(name, _)| numbered(name))
}

/// The round number that all values agree with. Only round ones (1, 2 or 5 times a power of ten) count, so that an accident is no guess.
fn common(mut values: impl Iterator<Item = f64>) -> Option<f64> {
    let first = values.next()?;
    let round = round_numbers().find(|round| near(first, *round))?;
    values.all(|value| near(value, round)).then_some(round)
}

fn round_numbers() -> impl Iterator<Item = f64> {
    // Written as text and read back, so that it is the number a person means.
    (-9..=1).flat_map(|exponent| [1, 2, 5].map(|digit| format!("{digit}e{exponent}"))).filter_map(|text| text.parse().ok())
}

pub(super) fn near(value: f64, round: f64) -> bool {
    (value - round).abs() <= AGREEMENT * round
}

pub(super) fn tau(node: &NirNode) -> Option<&NirArray> {
    node.array("tau").or_else(|| node.array("tau_mem"))
}

fn nth(array: &NirArray, at: usize) -> f64 {
    array.at(if array.len() == 1 { 0 } else { at })
}

fn rests_at_zero(graph: &NirGraph) -> bool {
    let potentials = graph.nodes.values().flat_map(|node| [node.array("v_leak"), node.array("v_reset")]);
    potentials.flatten().all(|array| array.values().all(|v| v == 0.0))
}
