//! Leaky integrate-and-fire with exponential synaptic currents: NEST's `iaf_psc_exp`.
//!
//! `C dv/dt = −(C / tau_m)(v − v_rest) + i_ex + i_in + i_e`, `tau_syn di/dt = −i`. The system is linear, so one step of dt is exact:
//! v takes `p i`, with the propagator of [`current_to_potential`], from the current at the tick's start (Rotter & Diesmann, Biol.
//! Cybern. 81:381, 1999). A spike that arrives in the tick adds its weight to its current at the tick's end.

use super::{Block, Check, Column, Input, Kernel, ModelRef, ModelSpec, NeuronModel, Output, ParamSpec, Tick, VariableSpec};
use crate::numerics::{exp, exp_m1};
use crate::units::Dimension;
use std::sync::Arc;

/// Parameters that all current-based models share, in one order.
pub(super) const PARAMS: &[ParamSpec] = &[
    ParamSpec {
        name: "tau_m",
        dimension: Dimension::Time,
        default: Some(10.0),
        check: Check::Positive,
        meaning: "membrane time constant",
    },
    ParamSpec {
        name: "c_m",
        dimension: Dimension::Capacitance,
        default: Some(250.0),
        check: Check::Positive,
        meaning: "membrane capacitance",
    },
    ParamSpec {
        name: "v_rest",
        dimension: Dimension::Voltage,
        default: Some(-70.0),
        check: Check::Finite,
        meaning: "resting potential",
    },
    ParamSpec { name: "v_th", dimension: Dimension::Voltage, default: Some(-55.0), check: Check::Any, meaning: "threshold" },
    ParamSpec {
        name: "v_reset",
        dimension: Dimension::Voltage,
        default: Some(-70.0),
        check: Check::Finite,
        meaning: "potential after a spike",
    },
    ParamSpec {
        name: "t_ref",
        dimension: Dimension::Time,
        default: Some(2.0),
        check: Check::NonNegative,
        meaning: "refractory time, rounded to ticks",
    },
    ParamSpec {
        name: "tau_syn_ex",
        dimension: Dimension::Time,
        default: Some(2.0),
        check: Check::Positive,
        meaning: "time constant of excitatory currents",
    },
    ParamSpec {
        name: "tau_syn_in",
        dimension: Dimension::Time,
        default: Some(2.0),
        check: Check::Positive,
        meaning: "time constant of inhibitory currents",
    },
    ParamSpec {
        name: "i_e",
        dimension: Dimension::Current,
        default: Some(0.0),
        check: Check::Finite,
        meaning: "constant current",
    },
];

static SPEC: ModelSpec = ModelSpec {
    name: "lif_exp",
    title: "leaky integrate-and-fire, exponential synaptic currents",
    equation: "c_m dv/dt = -(c_m / tau_m) (v - v_rest) + i_ex + i_in + i_e + I;  tau_syn di/dt = -i;  i <- i + w at a spike (by the sign of w);  spike where v >= v_th, then v = v_reset for t_ref (currents go on)",
    reference: "NEST iaf_psc_exp; Tsodyks, Uziel & Markram, J. Neurosci. 20:RC50, 2000; exact step: Rotter & Diesmann, Biol. Cybern. 81:381, 1999",
    params: PARAMS,
    variables: &[
        VariableSpec { name: "v", dimension: Dimension::Voltage, meaning: "membrane potential" },
        VariableSpec { name: "i_ex", dimension: Dimension::Current, meaning: "excitatory synaptic current" },
        VariableSpec { name: "i_in", dimension: Dimension::Current, meaning: "inhibitory synaptic current" },
    ],
    input: Input::BySign(Dimension::Current),
    output: Output::Spikes,
    state_bytes: 16,
};

pub(super) fn model() -> ModelRef {
    Arc::new(LifExp)
}

#[derive(Debug)]
struct LifExp;

/// What an exponential current of 1 pA at the tick's start has added to the membrane by its end, mV per pA.
///
/// `p = (tau_s tau_m / (C (tau_m − tau_s))) (e^(−dt/tau_m) − e^(−dt/tau_s))`, written as `e^(−dt/tau_m) (dt / C) f(x)` with `x = dt (1/tau_s − 1/tau_m)` and
/// `f(x) = (1 − e^(−x)) / x`, which stays exact through the singular case tau_s = tau_m, where f = 1.
pub(super) fn current_to_potential(dt: f64, tau_m: f64, tau_s: f64, c: f64) -> f64 {
    let x = dt * (tau_m - tau_s) / (tau_m * tau_s);
    let f = if x == 0.0 { 1.0 } else { -exp_m1(-x) / x };
    exp(-dt / tau_m) * dt / c * f
}

impl NeuronModel for LifExp {
    fn spec(&self) -> &ModelSpec {
        &SPEC
    }

    fn complaints(&self, block: &Block<'_>) -> Vec<String> {
        super::params::below(block, "v_reset", "v_th")
    }

    fn kernel(&self, block: &Block<'_>) -> Box<dyn Kernel> {
        let dt = block.dt_ms;
        let synapse = |tau_syn: &str, variable: &str| {
            let tau = block.param(tau_syn);
            let initial = block.initial(variable, &Column::One(0.0));
            Synapse {
                decay: Column::map([tau], |[tau]| exp(-dt / tau)),
                to_v: Column::map([block.param("tau_m"), tau, block.param("c_m")], |[m, s, c]| current_to_potential(dt, m, s, c)),
                i: initial.clone(),
                initial,
            }
        };
        Box::new(LifExpKernel {
            membrane: Membrane::new(block),
            synapses: [synapse("tau_syn_ex", "i_ex"), synapse("tau_syn_in", "i_in")],
        })
    }
}

/// The membrane of a current-based model: leak, constant current, threshold, reset, refractoriness.
pub(super) struct Membrane {
    decay: Column,
    per_current: Column,
    rest: Column,
    threshold: Column,
    v_reset: Column,
    i_e: Column,
    refractory_ticks: Column,
    refractory: Vec<u32>,
    v: Vec<f64>,
    initial: Vec<f64>,
    first: bool,
}

impl Membrane {
    pub(super) fn new(block: &Block<'_>) -> Self {
        let dt = block.dt_ms;
        let rest = block.param("v_rest");
        let initial = block.initial("v", rest);
        Self {
            decay: Column::map([block.param("tau_m")], |[tau]| exp(-dt / tau)),
            per_current: Column::map([block.param("tau_m"), block.param("c_m")], |[tau, c]| tau / c * -exp_m1(-dt / tau)),
            rest: rest.clone(),
            threshold: block.param("v_th").clone(),
            v_reset: block.param("v_reset").clone(),
            i_e: block.param("i_e").clone(),
            refractory_ticks: Column::map([block.param("t_ref")], |[t]| (t / dt).round()),
            refractory: vec![0; block.len],
            v: initial.clone(),
            initial,
            first: true,
        }
    }

    /// One tick of every neuron. `from_synapses(n)` gives what the synaptic currents at the tick's start add to v, and moves
    /// them to the tick's end.
    pub(super) fn step(&mut self, tick: &mut Tick<'_>, mut from_synapses: impl FnMut(usize) -> f64) {
        let mut changed = 0u64;
        for n in 0..self.v.len() {
            let before = self.v[n];
            let synaptic = from_synapses(n);
            let mut v = before;
            if self.refractory[n] == 0 {
                let current = self.i_e.at(n) + tick.current.get(n).copied().unwrap_or(0.0);
                let rest = self.rest.at(n);
                v = rest + (v - rest) * self.decay.at(n) + synaptic + self.per_current.at(n) * current;
            } else {
                self.refractory[n] -= 1;
            }
            if v >= self.threshold.at(n) {
                tick.spikes.push(n as u32);
                self.refractory[n] = self.refractory_ticks.at(n) as u32;
                v = self.v_reset.at(n);
            }
            changed += u64::from(v != before);
            self.v[n] = v;
        }
        tick.counts.membrane_updates += if self.first { self.v.len() as u64 } else { changed };
        self.first = false;
    }

    pub(super) fn v(&self) -> &[f64] {
        &self.v
    }

    pub(super) fn reset(&mut self) {
        self.v.copy_from_slice(&self.initial);
        self.refractory.fill(0);
        self.first = true;
    }
}

struct Synapse {
    decay: Column,
    to_v: Column,
    i: Vec<f64>,
    initial: Vec<f64>,
}

struct LifExpKernel {
    membrane: Membrane,
    synapses: [Synapse; 2],
}

impl Kernel for LifExpKernel {
    fn step(&mut self, tick: &mut Tick<'_>) {
        let input = tick.input;
        let synapses = &mut self.synapses;
        self.membrane.step(tick, |n| {
            let mut sum = 0.0;
            for (synapse, input) in synapses.iter_mut().zip(input) {
                sum += synapse.to_v.at(n) * synapse.i[n];
                synapse.i[n] = synapse.i[n] * synapse.decay.at(n) + input[n];
            }
            sum
        });
    }

    fn variable(&self, name: &str) -> Option<&[f64]> {
        match name {
            "v" => Some(self.membrane.v()),
            "i_ex" => Some(&self.synapses[0].i),
            "i_in" => Some(&self.synapses[1].i),
            _ => None,
        }
    }

    fn reset(&mut self) {
        self.membrane.reset();
        for synapse in &mut self.synapses {
            synapse.i.copy_from_slice(&synapse.initial);
        }
    }
}
