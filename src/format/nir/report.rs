//! What the nodes of a file say, what they were probably meant to be, and what is done with them: plain data.

use super::figures::{both, list, number, range, shape};
use super::inline::Flat;
use super::meaning::{Known, Stepping, stepping};
use super::shapes::{Ports, infer};
use super::wiring::Wiring;
use super::writer::{Guess, near, tau};
use super::{Class, Kind, NirArray, NirGraph, NirNode, check, cycles};
use crate::diagnostic::Result;
use crate::neuron::{Compare, Decay, Gain, Integrator, OutputAt, Recurrence, Reset, Rest, Semantics, SynapticGain};
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

pub(super) struct About<'a> {
    wiring: &'a Wiring<'a>,
    ports: &'a [Ports],
    waiting: &'a BTreeSet<(usize, usize)>,
    pub(super) stepping: &'a Stepping,
}

impl About<'_> {
    pub(super) fn rules(&self) -> &Semantics {
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
