//! What the nodes of a file say, what they were probably meant to be, and what is done with them: plain data.

use super::inline::Flat;
use super::meaning::{Known, Stepping, stepping};
use super::shapes::{Ports, infer};
use super::wiring::Wiring;
use super::writer::{Guess, near, tau};
use super::{Class, Kind, NirArray, NirGraph, NirNode, check, cycles};
use crate::diagnostic::Result;
use crate::neuron::{
    Compare, Decay, Floor, Gain, Integrator, OutputAt, Recurrence, Reset, ResetAt, Rest, Semantics, SpikeNumber, Start, Synapse,
    SynapticGain,
};
use crate::units::si;
use std::collections::BTreeSet;

/// What a file means, as it is run.
#[derive(Debug, Clone, PartialEq)]
pub struct Meaning {
    /// The rules by which its neurons step.
    pub semantics: Semantics,
    /// Where from they are known.
    pub semantics_known: Known,
    /// The time step, s.
    pub dt: f64,
    /// Where from it is known.
    pub dt_known: Known,
    /// Who probably wrote the file, whatever is said beside it.
    pub guess: Option<Guess>,
    /// Its nodes, those of inner graphs too, in the order of their names.
    pub nodes: Vec<NodeMeaning>,
}

/// What a node means.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NodeMeaning {
    /// Its name.
    pub node: String,
    /// Its primitive.
    pub kind: &'static str,
    /// The shape it gives.
    pub shape: Vec<usize>,
    /// What the file says of it: each parameter, one value or a range.
    pub says: Vec<String>,
    /// What it was in the framework that probably wrote the file.
    pub meant: Option<String>,
    /// What is done in a step, with its numbers.
    pub does: Vec<String>,
    /// What the file says and the rules leave out, where that changes what it does.
    pub ignored: Vec<String>,
    /// Nodes it feeds whose value waits a step on the way.
    pub waits: Vec<String>,
}

/// What a graph means, by the rules that it would be run by ([`super::to_network`] with the same choices).
///
/// # Errors
/// Those of [`super::to_network`].
pub fn meaning(graph: &NirGraph, semantics: Option<Semantics>, dt_ms: Option<f64>) -> Result<Meaning> {
    let mut complaints = check::graph(graph);
    if !complaints.is_empty() {
        return Err(complaints);
    }
    let flat = Flat::of(graph);
    let notes = &mut Vec::new();
    let wiring = complaints.take(Wiring::new(&flat, notes));
    let stepping = complaints.take(stepping(&flat.graph, semantics, dt_ms, notes));
    let (Some(wiring), Some(stepping)) = (wiring, stepping) else { return Err(complaints) };
    let ports = complaints.take(infer(&wiring, notes));
    let waiting = complaints.take(cycles::delayed(&wiring, stepping.semantics.0.recurrence));
    let (Some(ports), Some(waiting)) = (ports, waiting) else { return Err(complaints) };
    let about = About { wiring: &wiring, ports: &ports, waiting: &waiting, stepping: &stepping };
    let nodes = (0..wiring.len()).map(|at| about.node(at)).collect();
    let ((semantics, semantics_known), (dt, dt_known)) = (stepping.semantics, stepping.dt);
    complaints.or(Meaning { semantics, semantics_known, dt, dt_known, guess: stepping.guess, nodes })
}

struct About<'a> {
    wiring: &'a Wiring<'a>,
    ports: &'a [Ports],
    waiting: &'a BTreeSet<(usize, usize)>,
    stepping: &'a Stepping,
}

impl About<'_> {
    fn rules(&self) -> &Semantics {
        &self.stepping.semantics.0
    }

    fn node(&self, at: usize) -> NodeMeaning {
        let node = self.wiring.nodes[at];
        let spiking = node.array("v_threshold").is_some();
        let late = spiking && self.rules().output == OutputAt::NextStep;
        let to = |target: &&usize| late || self.waiting.contains(&(at, **target));
        let waits = self.wiring.targets[at].iter().filter(to).map(|target| self.wiring.names[*target].to_owned());
        let neuron = matches!(node.kind.class(), Class::Neuron(_)) && node.kind != Kind::Threshold;
        NodeMeaning {
            node: self.wiring.names[at].to_owned(),
            kind: node.kind.primitive().name,
            shape: self.ports[at].gives.clone(),
            says: self.says(node),
            meant: neuron.then(|| self.meant(node)).flatten(),
            does: if neuron { self.steps(node) } else { self.passes(at) },
            ignored: self.ignored(at),
            waits: waits.collect(),
        }
    }

    /// Each parameter, one value or a range.
    fn says(&self, node: &NirNode) -> Vec<String> {
        let counts = self.rules().decay == Decay::Steps;
        let arrays = node.kind.primitive().datasets.iter().filter_map(|spec| Some((spec.name, node.array(spec.name)?)));
        arrays
            .map(|(name, array)| match name {
                "tau" | "tau_mem" | "tau_syn" if counts => format!("{name} {} steps", range(array.values(), number)),
                "tau" | "tau_mem" | "tau_syn" | "delay" => format!("{name} {}", range(array.values(), |value| si(value, "s"))),
                "weight" | "bias" | "scale" => format!("{name} {} in {}", shape(&array.shape), range(array.values(), number)),
                "shape" | "input_type" | "input_shape" | "kernel_size" | "stride" | "padding" | "dilation" => {
                    format!("{name} {}", list(array))
                }
                _ => format!("{name} {}", range(array.values(), number)),
            })
            .chain(node.words.iter().map(|(name, word)| format!("{name} {word}")))
            .collect()
    }

    /// The layer of the framework that probably wrote the file.
    fn meant(&self, node: &NirNode) -> Option<String> {
        let guess = self.stepping.guess.as_ref()?;
        let of = |name: &str| node.array(name).map_or_else(|| "?".to_owned(), |array| range(array.values(), number));
        let beta = |tau: Option<&NirArray>| {
            tau.map_or_else(String::new, |tau| range(tau.values().map(|tau| 1.0 - self.stepping.dt.0 / tau), number))
        };
        let tau_steps =
            || tau(node).map_or_else(String::new, |tau| range(tau.values().map(|tau| tau / self.stepping.dt.0), number));
        let threshold = of("v_threshold");
        let layer = match (guess.semantics.name, node.kind) {
            ("snntorch", Kind::LIF) => format!("Leaky(beta={}, threshold={threshold})", beta(tau(node))),
            ("snntorch", Kind::CubaLIF) => {
                format!("Synaptic(alpha={}, beta={}, threshold={threshold})", beta(node.array("tau_syn")), beta(tau(node)))
            }
            ("sinabs-native", Kind::LIF) => format!("LIF(tau_mem={} steps, spike_threshold={threshold})", of("tau")),
            ("rockpool", Kind::LIF) => format!("LIFNeuronTorch(tau_mem={} s, threshold={threshold})", of("tau")),
            ("rockpool", Kind::CubaLIF) => {
                format!("LIFTorch(tau_mem={} s, tau_syn={} s, threshold={threshold})", of("tau_mem"), of("tau_syn"))
            }
            ("spikingjelly", Kind::IF) => format!("IFNode(v_threshold={threshold}, v_reset={})", of("v_reset")),
            ("spikingjelly", Kind::LIF) => {
                let decays = node.array("r").is_some_and(|r| r.values().all(|r| near(r, 1.0)));
                let steps = if decays { "tau".to_owned() } else { format!("tau={}", tau_steps()) };
                let decays = if decays { "True" } else { "False" };
                format!("LIFNode({steps}, decay_input={decays}, v_threshold={threshold}, v_reset={})", of("v_reset"))
            }
            ("spikingjelly", Kind::CubaLIF) => {
                format!(
                    "CUBALIFNode(c_decay={}, v_decay={}, v_threshold={threshold})",
                    beta(node.array("tau_syn")),
                    beta(tau(node))
                )
            }
            ("spyx", Kind::LIF) => format!("LIF(beta={}, threshold={threshold})", beta(tau(node))),
            ("spyx", Kind::CubaLIF) => {
                format!("CuBaLIF(alpha={}, beta={}, threshold={threshold})", beta(node.array("tau_syn")), beta(tau(node)))
            }
            _ => return None,
        };
        Some(format!("{}: {layer}", guess.writer))
    }

    /// The update of a neuron.
    fn steps(&self, node: &NirNode) -> Vec<String> {
        let (rules, dt) = (self.rules(), self.stepping.dt_ms);
        let cuba = node.array("tau_syn").is_some();
        let mut does = Vec::new();
        let per_tau = |tau: &NirArray, of: &dyn Fn(f64) -> f64| range(tau.values().map(|tau| of(tau * 1e3)), number);
        let mut input = "x".to_owned();
        if let Some(tau) = node.array("tau_syn") {
            let keep = per_tau(tau, &|tau| rules.synapse_decay.keep(tau, dt));
            let decay = rules.synapse_decay;
            let with = |of: &dyn Fn(f64, f64) -> f64| match node.array("w_in").filter(|_| rules.w_in == SynapticGain::Used) {
                Some(w) => range(both(tau, w).map(|(tau, w)| of(tau * 1e3, w)), number),
                None => per_tau(tau, &|tau| of(tau, 1.0)),
            };
            let lose = with(&|tau, w| decay.lose(tau, dt) * w);
            does.push(match rules.synapse {
                Synapse::Held => format!("i <- {} + {}", times(&keep, "i"), times(&lose, "x")),
                Synapse::HeldWithRest => {
                    let rest = node.array("v_leak").map_or_else(
                        || "0".to_owned(),
                        |rest| range(both(tau, rest).map(|(tau, rest)| decay.lose(tau * 1e3, dt) * rest), number),
                    );
                    format!("i <- {} + {}{}", times(&keep, "i"), times(&lose, "x"), plus(&rest))
                }
                Synapse::Jump => format!("i <- {} + {}", times(&keep, "i"), times(&with(&|_, w| w), "x")),
                Synapse::JumpDecayed => format!("i <- {}", times(&keep, &format!("(i + {})", times(&with(&|_, w| w), "x")))),
                Synapse::JumpFirst => {
                    format!("i <- i + {}, and after the membrane i <- {}", times(&with(&|_, w| w), "x"), times(&keep, "i"))
                }
            });
            input = if rules.current == crate::neuron::SynapticCurrent::Old { "i of the step before" } else { "i" }.to_owned();
        }
        let one = NirArray::vector(vec![1.0f64]);
        let r = node.array("r").unwrap_or(&one);
        does.push(match tau(node) {
            Some(tau) => {
                let how = if cuba { rules.cuba_gain } else { rules.gain };
                let keep = per_tau(tau, &|tau| rules.decay.keep(tau, dt));
                let gain = range(both(tau, r).map(|(tau, r)| how.factor(rules.decay, tau * 1e3, r, dt)), number);
                let rest = match rules.rest {
                    Rest::Used => node.array("v_leak"),
                    Rest::Reset => node.array("v_reset"),
                    Rest::Ignored => None,
                };
                let shift = rest.map_or_else(
                    || "0".to_owned(),
                    |rest| range(both(tau, rest).map(|(tau, rest)| rules.decay.lose(tau * 1e3, dt) * rest), number),
                );
                format!("v <- {} + {}{}", times(&keep, "v"), times(&gain, &input), plus(&shift))
            }
            None => {
                let gain = range(r.values().map(|r| rules.integrator.factor(r, dt)), number);
                format!("v <- {} + {}", times(&number(rules.integrator.keep()), "v"), times(&gain, &input))
            }
        });
        if let Some(threshold) = node.array("v_threshold") {
            does.push(self.spikes(node, threshold, cuba));
        } else {
            does.push("gives v".into());
        }
        let start = match rules.start {
            Start::Zero => None,
            Start::Rest => node.array("v_leak"),
            Start::Reset => node.array("v_reset"),
        };
        if let Some(start) = start.filter(|start| start.values().any(|v| v != 0.0)) {
            does.push(format!("starts at v = {}", range(start.values(), number)));
        }
        does
    }

    /// Threshold and reset.
    fn spikes(&self, node: &NirNode, threshold: &NirArray, cuba: bool) -> String {
        let rules = self.rules();
        let at = range(threshold.values(), number);
        let sign = if rules.compare == Compare::Above { ">" } else { ">=" };
        let spike = match rules.number {
            SpikeNumber::One => format!("spike where v {sign} {at}"),
            SpikeNumber::Several => format!("as many spikes as {at} goes into v"),
        };
        let (mut reset, mut when) = if cuba { (rules.cuba_reset, rules.cuba_reset_at) } else { (rules.reset, rules.reset_at) };
        if node.kind == Kind::IF && rules.integrator == Integrator::LeakyTenth && when == ResetAt::Now {
            (reset, when) = (Reset::Subtract, ResetAt::Twice);
        }
        let to = match reset {
            Reset::Value => {
                node.array("v_reset").map_or_else(|| "v <- 0".to_owned(), |v| format!("v <- {}", range(v.values(), number)))
            }
            Reset::Zero => "v <- 0".into(),
            Reset::Subtract => format!("v <- v - {at}{}", if rules.number == SpikeNumber::Several { " each" } else { "" }),
        };
        let floor = if rules.floor == Floor::Threshold && node.kind == Kind::IF {
            format!("; v kept above -{at}")
        } else {
            String::new()
        };
        let late = if rules.output == OutputAt::NextStep { "; told in the next step" } else { "" };
        let when = match when {
            ResetAt::Now => "in the same step",
            ResetAt::BeforeLeak => "in the next step, before leak and input",
            ResetAt::AfterLeak => "in the next step, after leak and input",
            ResetAt::Twice => "in the same step, and before the next test where v is above still",
        };
        format!("{spike}, then {to} {when}{floor}{late}")
    }

    /// What a node without membrane does.
    fn passes(&self, at: usize) -> Vec<String> {
        let (node, ports) = (self.wiring.nodes[at], &self.ports[at]);
        let [takes, gives] = [ports.inputs(), ports.outputs()];
        let bias = if node.array("bias").is_some() { ", plus the bias in every step" } else { "" };
        match node.kind.class() {
            Class::Input => vec![format!("takes {gives} values or spikes a step")],
            Class::Output => vec!["the answer".into()],
            Class::Matrix => vec![format!("{gives} sums of {takes} inputs{bias}")],
            Class::Convolution => vec![format!("{} from {}{bias}", shape(&ports.gives), shape(&ports.takes))],
            Class::Pool => vec![format!("{} from {}", shape(&ports.gives), shape(&ports.takes))],
            Class::Scale => vec!["each input times its factor".into()],
            Class::Delay => vec!["each input later by its delay, rounded to steps".into()],
            Class::Flatten | Class::Graph => vec!["changes no value".into()],
            Class::Neuron(_) => {
                let sign = if self.rules().compare == Compare::Above { ">" } else { ">=" };
                let at = node.array("threshold").map_or_else(String::new, |array| range(array.values(), number));
                vec![format!("spike where x {sign} {at}")]
            }
        }
    }

    /// What the file says and the rules leave out, where that changes what is done.
    fn ignored(&self, at: usize) -> Vec<String> {
        let (node, rules, dt) = (self.wiring.nodes[at], self.rules(), self.stepping.dt_ms);
        let cuba = node.array("tau_syn").is_some();
        let other = |name: &str, than: f64| node.array(name).is_some_and(|array| array.values().any(|value| value != than));
        let mut ignored = Vec::new();
        if let (Some(tau), Some(r)) = (tau(node), node.array("r")) {
            let how = if cuba { rules.cuba_gain } else { rules.gain };
            let meant = |tau: f64, r: f64| Gain::Held.factor(rules.decay, tau * 1e3, r, dt);
            let leaves_out = matches!(how, Gain::Unit | Gain::HeldOnly);
            let differs = |(tau, r): (f64, f64)| !near(how.factor(rules.decay, tau * 1e3, r, dt), meant(tau, r).abs());
            if leaves_out && both(tau, r).any(differs) {
                ignored.push("r".to_owned());
            }
        } else if matches!(rules.integrator, Integrator::Unit | Integrator::LeakyTenth) && other("r", 1.0) {
            ignored.push("r".to_owned());
        }
        if rules.rest != Rest::Used && other("v_leak", 0.0) {
            ignored.push("v_leak".into());
        }
        if (if cuba { rules.cuba_reset } else { rules.reset }) != Reset::Value && other("v_reset", 0.0) {
            ignored.push("v_reset".into());
        }
        if rules.w_in == SynapticGain::Ignored && other("w_in", 1.0) {
            ignored.push("w_in".into());
        }
        let recurrent = self.wiring.sources[at].iter().any(|source| self.waiting.contains(&(*source, at)));
        if rules.recurrence == Recurrence::NeuronNoBias && recurrent && other("bias", 0.0) {
            ignored.push("bias".into());
        }
        ignored
    }
}

/// Values of two parameters side by side.
fn both<'a>(one: &'a NirArray, other: &'a NirArray) -> impl Iterator<Item = (f64, f64)> + 'a {
    let at = |array: &NirArray, at: usize| array.at(if array.len() == 1 { 0 } else { at });
    (0..one.len().max(other.len())).map(move |n| (at(one, n), at(other, n)))
}

/// One value, or the lowest and the highest.
fn range(values: impl Iterator<Item = f64>, shown: impl Fn(f64) -> String) -> String {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    let [low, high] = [low, high].map(shown);
    if low == high { low } else { format!("{low} … {high}") }
}

/// Four figures: enough to recognise a value by.
fn number(value: f64) -> String {
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    if rounded != 0.0 && !(1e-4..1e6).contains(&rounded.abs()) { format!("{rounded:e}") } else { format!("{rounded}") }
}

/// A factor before what it multiplies; 1 is not written.
fn times(factor: &str, what: &str) -> String {
    match factor {
        "1" => what.to_owned(),
        _ if factor.contains('…') => format!("({factor}) {what}"),
        _ => format!("{factor} {what}"),
    }
}

/// What is added; nothing where it is zero.
fn plus(shift: &str) -> String {
    if shift == "0" {
        String::new()
    } else {
        format!(" + {}", if shift.contains('…') { format!("({shift})") } else { shift.to_owned() })
    }
}

fn shape(of: &[usize]) -> String {
    if of.is_empty() { "1".into() } else { of.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ") }
}

fn list(array: &NirArray) -> String {
    array.values().map(number).collect::<Vec<_>>().join(" × ")
}
