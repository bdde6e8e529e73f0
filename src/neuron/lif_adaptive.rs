//! Leaky integrate-and-fire with an adaptive threshold: the adaptive LIF of Bellec et al. with `lif_exp`'s membrane.
//!
//! Every spike lifts the threshold by `theta_jump`; the lift decays with `tau_theta`: a spike is where `v ≥ v_th + theta`, with
//! `tau_theta dtheta/dt = −theta`, and there `theta ← theta + theta_jump`. This is the threshold `A(t) = v_th + β a(t)` of Bellec et al. (NeurIPS
//! 2018, "Long short-term memory and learning-to-learn in networks of spiking neurons"; Nature Communications 11:3625, 2020, equations
//! of the ALIF), with theta = β a, theta_jump = β and tau_theta = τ_a; NEST's `eprop_iaf_adapt` calls them `adapt_beta` and `adapt_tau`. It
//! differs from both in what a spike does to the membrane: there v_th is subtracted, here v is set to v_reset and held for t_ref, as in all
//! models of this family. It is not the model of Kobayashi, Tsubo & Shinomoto (2009; NEST's `mat2_psc_exp`), which has two lifts and no
//! reset.
//!
//! All parts are linear between spikes, so a step is exact: membrane and currents as in `lif_exp`, `theta ← theta e^(−dt/tau_theta)`. The
//! lift decays through refractoriness too.

use super::exact::ExactCurrents;
use super::firing::{CHUNK, Firing};
use super::lazy::LazyCurrents;
use super::lif_exp::Exponential;
use super::membrane::{self, C_M, I_E, T_REF, TAU_M, TAU_SYN_EX, TAU_SYN_IN, V_RESET, V_REST, V_TH, current_to_potential};
use super::{
    Block, Check, Column, ExactKernel, Input, Kernel, Kick, LazyKernel, ModelRef, ModelSpec, NeuronModel, Output, ParamSpec,
    Response, Threshold, Tick, VariableSpec,
};
use crate::numerics::{exp, exp_m1};
use crate::units::Dimension;
use std::sync::Arc;

static SPEC: ModelSpec = ModelSpec {
    name: "lif_adaptive",
    title: "leaky integrate-and-fire, exponential synaptic currents, a threshold that every spike lifts",
    equation: "c_m dv/dt = -(c_m / tau_m) (v - v_rest) + i_ex + i_in + i_e + I;  tau_syn di/dt = -i;  i <- i + w at a spike (by the sign of w);  tau_theta dtheta/dt = -theta;  spike where v >= v_th + theta, then theta <- theta + theta_jump and v = v_reset for t_ref (currents and theta go on)",
    reference: "Bellec et al., NeurIPS 2018 and Nature Communications 11:3625, 2020 (ALIF: theta_jump is their beta, tau_theta their tau_a), with reset to v_reset; NEST eprop_iaf_adapt; exact step: Rotter & Diesmann, Biol. Cybern. 81:381, 1999",
    params: &[
        TAU_M,
        C_M,
        V_REST,
        V_TH,
        V_RESET,
        T_REF,
        TAU_SYN_EX,
        TAU_SYN_IN,
        I_E,
        ParamSpec {
            name: "tau_theta",
            dimension: Dimension::Time,
            default: Some(100.0),
            check: Check::Positive,
            meaning: "time constant of the threshold's lift",
        },
        ParamSpec {
            name: "theta_jump",
            dimension: Dimension::Voltage,
            default: Some(2.0),
            check: Check::NonNegative,
            meaning: "what a spike adds to the threshold",
        },
    ],
    variables: &[
        VariableSpec { name: "v", dimension: Dimension::Voltage, check: Check::Finite, meaning: "membrane potential" },
        VariableSpec {
            name: "i_ex",
            dimension: Dimension::Current,
            check: Check::Finite,
            meaning: "excitatory synaptic current",
        },
        VariableSpec {
            name: "i_in",
            dimension: Dimension::Current,
            check: Check::Finite,
            meaning: "inhibitory synaptic current",
        },
        VariableSpec {
            name: "theta",
            dimension: Dimension::Voltage,
            check: Check::Finite,
            meaning: "the threshold's lift above v_th",
        },
    ],
    input: Input::BySign(Dimension::Current),
    output: Output::Spikes,
    threshold: Threshold::AtOrAbove,
    integrator: "exact",
    refractoriness: "v is held at v_reset for t_ref; events are taken, currents and the threshold's lift go on",
    counts: "drops no events",
    state_bytes: 20,
};

pub(super) fn model() -> ModelRef {
    Arc::new(LifAdaptive)
}

#[derive(Debug)]
struct LifAdaptive;

impl NeuronModel for LifAdaptive {
    fn spec(&self) -> &ModelSpec {
        &SPEC
    }

    fn complaints(&self, block: &Block<'_>) -> Vec<String> {
        membrane::complaints(block)
    }

    /// As in `lif_exp`: the charge of an event is w tau_syn, in fC.
    fn mean_current(&self, param: &mut dyn FnMut(&str) -> f64) -> Option<[f64; 2]> {
        Some([1e-3 * param("tau_syn_ex"), 1e-3 * param("tau_syn_in")])
    }

    fn kernel(&self, block: &Block<'_>) -> Box<dyn Kernel> {
        Box::new(LifAdaptiveKernel::new(block))
    }

    fn response(&self, block: &Block<'_>) -> Option<Response> {
        let decay = exp(-block.dt_ms / block.param("tau_theta").at(0));
        let lift = [block.param("theta_jump").at(0), decay, block.initial("theta", &Column::One(0.0))[0]];
        Some(Response { lift: Some(lift), ..Response::of_currents(block, false) })
    }

    fn lazy(&self, block: &Block<'_>) -> Option<Box<dyn LazyKernel>> {
        Some(Box::new(LazyCurrents::<Exponential>::new(block)?))
    }

    fn exact(&self, block: &Block<'_>) -> Option<Box<dyn ExactKernel>> {
        Some(Box::new(ExactCurrents::<Exponential>::new(block)))
    }
}

/// What a step of one neuron needs.
#[derive(Debug, Clone, Copy)]
struct Step {
    decay: f64,
    per_current: f64,
    v_rest: f64,
    i_e: f64,
    syn_to_v: [f64; 2],
    syn_decay: [f64; 2],
    theta_decay: f64,
    theta_jump: f64,
    threshold: f64,
    v_reset: f64,
    refractory_ticks: u32,
}

impl Step {
    fn new(block: &Block<'_>, n: usize) -> Self {
        let at = |name: &str| block.param(name).at(n);
        let (h, tau_m, c) = (block.dt_ms, at("tau_m"), at("c_m"));
        let tau_syn = [at("tau_syn_ex"), at("tau_syn_in")];
        Self {
            decay: exp(-h / tau_m),
            per_current: tau_m / c * -exp_m1(-h / tau_m),
            v_rest: at("v_rest"),
            i_e: at("i_e"),
            syn_to_v: tau_syn.map(|tau| current_to_potential(h, tau_m, tau, c)),
            syn_decay: tau_syn.map(|tau| exp(-h / tau)),
            theta_decay: exp(-h / at("tau_theta")),
            theta_jump: at("theta_jump"),
            threshold: at("v_th"),
            v_reset: at("v_reset"),
            refractory_ticks: (at("t_ref") / h).round() as u32,
        }
    }
}

struct LifAdaptiveKernel {
    /// One for all, or one each.
    steps: Vec<Step>,
    firing: Firing,
    /// Excitatory and inhibitory current, and the threshold's lift.
    state: [Vec<f64>; 3],
    initial: [Vec<f64>; 3],
}

impl LifAdaptiveKernel {
    fn new(block: &Block<'_>) -> Self {
        let neurons = if block.params.iter().all(|column| matches!(column, Column::One(_))) { 1 } else { block.len };
        let state = ["i_ex", "i_in", "theta"].map(|name| block.initial(name, &Column::One(0.0)));
        Self {
            steps: (0..neurons).map(|n| Step::new(block, n)).collect(),
            firing: Firing::new(block.initial("v", block.param("v_rest"))),
            initial: state.clone(),
            state,
        }
    }

    fn of(&self, n: usize) -> Step {
        self.steps[if self.steps.len() == 1 { 0 } else { n }]
    }
}

impl Kernel for LifAdaptiveKernel {
    fn step(&mut self, tick: &mut Tick<'_>) {
        // The same arithmetic, so that a slice of like neurons among others gives the same bits.
        match self.steps[..] {
            [shared] => step(&mut self.firing, &mut self.state, tick, |_| shared),
            _ => step(&mut self.firing, &mut self.state, tick, |n| self.steps[n]),
        }
    }

    fn variable(&self, name: &str) -> Option<&[f64]> {
        match name {
            "v" => Some(self.firing.v()),
            "i_ex" => Some(&self.state[0]),
            "i_in" => Some(&self.state[1]),
            "theta" => Some(&self.state[2]),
            _ => None,
        }
    }

    fn renew(&mut self, block: &Block<'_>) -> bool {
        let before = std::mem::replace(self, Self::new(block));
        self.state = before.state;
        let (steps, shared) = (&self.steps, self.steps.len() == 1);
        self.firing.resume(before.firing, |n| steps[if shared { 0 } else { n }].refractory_ticks);
        true
    }

    fn kick(&mut self, n: usize, _input: [f64; 2], current: f64) -> Kick {
        let (step, [i_ex, i_in, theta]) = (self.of(n), self.state.each_ref().map(|state| state[n]));
        let threshold = step.threshold + theta * step.theta_decay;
        let end = |v: f64| {
            step.v_rest
                + (v - step.v_rest) * step.decay
                + step.per_current * (step.i_e + current)
                + (step.syn_to_v[0] * i_ex + step.syn_to_v[1] * i_in)
        };
        self.firing.kick(n, threshold, end)
    }

    fn reset(&mut self) {
        self.firing.reset();
        for (state, initial) in self.state.iter_mut().zip(&self.initial) {
            state.copy_from_slice(initial);
        }
    }
}

fn step(firing: &mut Firing, state: &mut [Vec<f64>; 3], tick: &mut Tick<'_>, of: impl Fn(usize) -> Step) {
    let (input, current) = (tick.input, tick.current);
    let [i_ex, i_in, theta] = state;
    let before = tick.spikes.len();
    firing.step(
        tick,
        |chunk| {
            let len = chunk.v.len();
            let run = chunk.at..chunk.at + len;
            let neurons = chunk.first..chunk.first + len;
            let mut currents = [0.0; CHUNK];
            if !current.is_empty() {
                currents[..len].copy_from_slice(&current[run.clone()]);
            }
            let (i_ex, i_in, theta) = (&mut i_ex[neurons.clone()], &mut i_in[neurons.clone()], &mut theta[neurons]);
            let (excitation, inhibition) = (&input[0][run.clone()], &input[1][run]);
            let (v, free, threshold, currents) = (chunk.v, &mut chunk.free[..len], &mut chunk.threshold[..len], &currents[..len]);
            for n in 0..len {
                let step = of(chunk.first + n);
                free[n] = step.v_rest
                    + (v[n] - step.v_rest) * step.decay
                    + step.per_current * (step.i_e + currents[n])
                    + (step.syn_to_v[0] * i_ex[n] + step.syn_to_v[1] * i_in[n]);
                i_ex[n] = i_ex[n] * step.syn_decay[0] + excitation[n];
                i_in[n] = i_in[n] * step.syn_decay[1] + inhibition[n];
                theta[n] *= step.theta_decay;
                threshold[n] = step.threshold + theta[n];
            }
        },
        |n| {
            let step = of(n);
            (step.v_reset, step.refractory_ticks)
        },
    );
    for &n in &tick.spikes[before..] {
        theta[n as usize] += of(n as usize).theta_jump;
    }
}
