//! Leaky integrate-and-fire with exponential synaptic currents: NEST's `iaf_psc_exp`.
//!
//! `C dv/dt = −(C / tau_m)(v − v_rest) + i_ex + i_in + i_e`, `tau_syn di/dt = −i`. The system is linear, so one step of dt is exact:
//! v takes `p i`, with the propagator of [`current_to_potential`], from the current at the tick's start (Rotter & Diesmann, Biol.
//! Cybern. 81:381, 1999). A spike that arrives in the tick adds its weight to its current at the tick's end.

use super::crossing::Term;
use super::currents::{Bounds, CurrentShape};
use super::exact::ExactCurrents;
use super::lazy::LazyCurrents;
use super::membrane::{self, Arriving, Membrane, WITH_CURRENTS, current_to_potential, one};
use super::{
    Block, Check, Column, ExactKernel, Input, Kernel, Kick, LazyKernel, ModelRef, ModelSpec, NeuronModel, Output, Response,
    Threshold, Tick, VariableSpec,
};
use crate::numerics::{exp, vectorised};
use crate::units::Dimension;
use std::sync::Arc;

static SPEC: ModelSpec = ModelSpec {
    name: "lif_exp",
    title: "leaky integrate-and-fire, exponential synaptic currents",
    equation: "c_m dv/dt = -(c_m / tau_m) (v - v_rest) + i_ex + i_in + i_e + I;  tau_syn di/dt = -i;  i <- i + w at a spike (by the sign of w);  spike where v >= v_th, then v = v_reset for t_ref (currents go on)",
    reference: "NEST iaf_psc_exp; Tsodyks, Uziel & Markram, J. Neurosci. 20:RC50, 2000; exact step: Rotter & Diesmann, Biol. Cybern. 81:381, 1999",
    params: WITH_CURRENTS,
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
    ],
    input: Input::BySign(Dimension::Current),
    output: Output::Spikes,
    threshold: Threshold::AtOrAbove,
    integrator: "exact",
    refractoriness: "v is held at v_reset for t_ref; events are taken, currents go on",
    counts: "drops no events",
    state_bytes: 16,
};

pub(super) fn model() -> ModelRef {
    Arc::new(LifExp)
}

#[derive(Debug)]
struct LifExp;

impl NeuronModel for LifExp {
    fn spec(&self) -> &ModelSpec {
        &SPEC
    }

    fn complaints(&self, block: &Block<'_>) -> Vec<String> {
        membrane::complaints(block)
    }

    /// The charge of an event is ∫ w e^(−t/tau_syn) dt = w tau_syn, in fC; once a second that is 10⁻³ pA.
    fn mean_current(&self, param: &mut dyn FnMut(&str) -> f64) -> Option<[f64; 2]> {
        Some([1e-3 * param("tau_syn_ex"), 1e-3 * param("tau_syn_in")])
    }

    fn kernel(&self, block: &Block<'_>) -> Box<dyn Kernel> {
        Box::new(LifExpKernel::new(block))
    }

    fn response(&self, block: &Block<'_>) -> Option<Response> {
        Some(Response::of_currents(block, false))
    }

    fn lazy(&self, block: &Block<'_>) -> Option<Box<dyn LazyKernel>> {
        Some(Box::new(LazyCurrents::<Exponential>::new(block)?))
    }

    fn exact(&self, block: &Block<'_>) -> Option<Box<dyn ExactKernel>> {
        Some(Box::new(ExactCurrents::<Exponential>::new(block)))
    }
}

/// An exponential current, pA.
#[derive(Clone, Copy)]
pub(super) struct Exponential(f64);

/// e^(−h/tau_s), and what 1 pA adds to the membrane.
#[derive(Clone, Copy)]
pub(super) struct ExponentialStep {
    decay: f64,
    to_v: f64,
}

impl CurrentShape for Exponential {
    type Step = ExponentialStep;

    fn step(h: f64, tau_m: f64, tau_s: f64, c: f64) -> ExponentialStep {
        ExponentialStep { decay: exp(-h / tau_s), to_v: current_to_potential(h, tau_m, tau_s, c) }
    }

    fn of_current(i: f64) -> Self {
        Self(i)
    }

    fn current(self) -> f64 {
        self.0
    }

    #[inline]
    fn advance(&mut self, step: &ExponentialStep) -> f64 {
        let added = step.to_v * self.0;
        self.0 *= step.decay;
        added
    }

    #[inline]
    fn add(&mut self, weight: f64, _tau_s: f64) {
        self.0 += weight;
    }

    fn most(self, bounds: &Bounds) -> f64 {
        self.0.max(0.0) * bounds.per_current
    }

    fn least(self, bounds: &Bounds) -> f64 {
        (-self.0).max(0.0) * bounds.per_current
    }

    fn bend(self, bounds: &Bounds) -> f64 {
        self.0.max(0.0) * (bounds.leak + 1.0 / bounds.tau_s)
    }

    fn slope(self, tau_s: f64) -> Term {
        Term { c: -self.0 / tau_s, d: 0.0, rate: 1.0 / tau_s }
    }
}

struct Synapse {
    decay: Column,
    to_v: Column,
    i: Vec<f64>,
    initial: Vec<f64>,
}

impl Synapse {
    /// Moves a chunk on by a tick: what its current adds to the membranes, then decay and what arrives.
    #[inline(always)]
    fn step(&mut self, input: &[f64], to: &mut Arriving<'_>) {
        let (first, input) = (to.first, &input[to.run.clone()]);
        let i = &mut self.i[first..first + input.len()];
        if let (Some(decay), Some(to_v)) = (one(&self.decay), one(&self.to_v)) {
            for ((i, input), v) in i.iter_mut().zip(input).zip(to.v.iter_mut()) {
                *v += to_v * *i;
                *i = *i * decay + input;
            }
            return;
        }
        for (n, ((i, input), v)) in i.iter_mut().zip(input).zip(to.v.iter_mut()).enumerate() {
            *v += self.to_v.at(first + n) * *i;
            *i = *i * self.decay.at(first + n) + input;
        }
    }
}

struct LifExpKernel {
    membrane: Membrane,
    synapses: [Synapse; 2],
}

impl LifExpKernel {
    fn new(block: &Block<'_>) -> Self {
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
        Self { membrane: Membrane::new(block), synapses: [synapse("tau_syn_ex", "i_ex"), synapse("tau_syn_in", "i_in")] }
    }
}

impl Kernel for LifExpKernel {
    fn step(&mut self, tick: &mut Tick<'_>) {
        let (membrane, synapses, input) = (&mut self.membrane, &mut self.synapses, tick.input);
        vectorised(
            #[inline(always)]
            || {
                membrane.step(
                    tick,
                    #[inline(always)]
                    |to| {
                        let [ex, inh] = synapses;
                        ex.step(input[0], to);
                        inh.step(input[1], to);
                    },
                );
            },
        );
    }

    fn variable(&self, name: &str) -> Option<&[f64]> {
        match name {
            "v" => Some(self.membrane.v()),
            "i_ex" => Some(&self.synapses[0].i),
            "i_in" => Some(&self.synapses[1].i),
            _ => None,
        }
    }

    fn renew(&mut self, block: &Block<'_>) -> bool {
        let before = std::mem::replace(self, Self::new(block));
        self.membrane.resume(before.membrane);
        for (synapse, before) in self.synapses.iter_mut().zip(before.synapses) {
            synapse.i = before.i;
        }
        true
    }

    // What arrives in a tick moves a membrane only in the next.
    fn kick(&mut self, n: usize, _input: [f64; 2], current: f64) -> Kick {
        let [ex, inh] = self.synapses.each_ref().map(|synapse| synapse.to_v.at(n) * synapse.i[n]);
        self.membrane.kick(n, current, ex + inh)
    }

    fn reset(&mut self) {
        self.membrane.reset();
        for synapse in &mut self.synapses {
            synapse.i.copy_from_slice(&synapse.initial);
        }
    }
}
