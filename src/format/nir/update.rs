//! The update of a neuron in a step, with its numbers, in words.

use super::figures::{both, number, plus, range, times};
use super::report::About;
use super::writer::tau;
use super::{Kind, NirArray, NirNode};
use crate::neuron::{
    Compare, Floor, Integrator, OutputAt, Reset, ResetAt, Rest, SpikeNumber, Start, Synapse, SynapticCurrent, SynapticGain,
};

impl About<'_> {
    /// The update of a neuron.
    pub(super) fn steps(&self, node: &NirNode) -> Vec<String> {
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
            input = if rules.current == SynapticCurrent::Old { "i of the step before" } else { "i" }.to_owned();
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
}
