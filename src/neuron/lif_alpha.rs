//! Leaky integrate-and-fire with alpha-shaped synaptic currents: NEST's `iaf_psc_alpha`.
//!
//! A weight w gives the current `w (e / tau_s) t e^(−t/tau_s)`, whose peak is w at t = tau_s. Its state is (di, i) with `di' = −di/tau_s`,
//! `i' = di − i/tau_s`; a spike adds `w e/tau_s` to di. The system is linear, so one step is exact (Rotter & Diesmann, Biol. Cybern.
//! 81:381, 1999): over dt, `i ← e^(−dt/tau_s)(i + dt di)`, and v takes `p i + q di` from their values at the tick's start.

use super::crossing::Term;
use super::currents::{Bounds, CurrentShape};
use super::exact::ExactCurrents;
use super::lazy::LazyCurrents;
use super::membrane::{self, Arriving, Membrane, WITH_CURRENTS, current_to_potential, one, slope_to_potential};
use super::{
    Block, Check, Column, ExactKernel, Input, Kernel, Kick, LazyKernel, ModelRef, ModelSpec, NeuronModel, Output, Response,
    Threshold, Tick, VariableSpec,
};
use crate::numerics::{exp, vectorised};
use crate::units::Dimension;
use std::sync::Arc;

static SPEC: ModelSpec = ModelSpec {
    name: "lif_alpha",
    title: "leaky integrate-and-fire, alpha-shaped synaptic currents",
    equation: "c_m dv/dt = -(c_m / tau_m) (v - v_rest) + i_ex + i_in + i_e + I;  i(t) = w (e t / tau_syn) exp(-t / tau_syn) after a spike (by the sign of w);  spike where v >= v_th, then v = v_reset for t_ref (currents go on)",
    reference: "NEST iaf_psc_alpha; Diesmann et al., Neurocomputing 38:565, 2001; exact step: Rotter & Diesmann, Biol. Cybern. 81:381, 1999",
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
    state_bytes: 24,
};

pub(super) fn model() -> ModelRef {
    Arc::new(LifAlpha)
}

#[derive(Debug)]
struct LifAlpha;

impl NeuronModel for LifAlpha {
    fn spec(&self) -> &ModelSpec {
        &SPEC
    }

    fn complaints(&self, block: &Block<'_>) -> Vec<String> {
        membrane::complaints(block)
    }

    /// The charge of an event is ∫ w (e/tau_syn) t e^(−t/tau_syn) dt = w e tau_syn, in fC; once a second that is 10⁻³ pA.
    fn mean_current(&self, param: &mut dyn FnMut(&str) -> f64) -> Option<[f64; 2]> {
        Some(["tau_syn_ex", "tau_syn_in"].map(|tau| 1e-3 * std::f64::consts::E * param(tau)))
    }

    fn kernel(&self, block: &Block<'_>) -> Box<dyn Kernel> {
        Box::new(LifAlphaKernel::new(block))
    }

    fn response(&self, block: &Block<'_>) -> Option<Response> {
        Some(Response::of_currents(block, true))
    }

    fn lazy(&self, block: &Block<'_>) -> Option<Box<dyn LazyKernel>> {
        Some(Box::new(LazyCurrents::<Alpha>::new(block)?))
    }

    fn exact(&self, block: &Block<'_>) -> Option<Box<dyn ExactKernel>> {
        Some(Box::new(ExactCurrents::<Alpha>::new(block)))
    }
}

/// An alpha-shaped current.
#[derive(Clone, Copy)]
pub(super) struct Alpha {
    /// pA/ms.
    di: f64,
    /// pA.
    i: f64,
}

/// e^(−h/tau_s), h e^(−h/tau_s), and what 1 pA and 1 pA/ms add to the membrane.
#[derive(Clone, Copy)]
pub(super) struct AlphaStep {
    decay: f64,
    rise: f64,
    i_to_v: f64,
    di_to_v: f64,
}

impl CurrentShape for Alpha {
    type Step = AlphaStep;

    fn step(h: f64, tau_m: f64, tau_s: f64, c: f64) -> AlphaStep {
        let decay = exp(-h / tau_s);
        let (i_to_v, di_to_v) = (current_to_potential(h, tau_m, tau_s, c), slope_to_potential(h, tau_m, tau_s, c));
        AlphaStep { decay, rise: h * decay, i_to_v, di_to_v }
    }

    fn of_current(i: f64) -> Self {
        Self { di: 0.0, i }
    }

    fn current(self) -> f64 {
        self.i
    }

    #[inline]
    fn advance(&mut self, step: &AlphaStep) -> f64 {
        let Self { di, i } = *self;
        *self = Self { di: step.decay * di, i: step.decay * i + step.rise * di };
        step.i_to_v * i + step.di_to_v * di
    }

    #[inline]
    fn add(&mut self, weight: f64, tau_s: f64) {
        self.di += weight * (std::f64::consts::E / tau_s);
    }

    fn most(self, bounds: &Bounds) -> f64 {
        self.i.max(0.0) * bounds.per_current + self.di.max(0.0) * bounds.per_slope
    }

    fn least(self, bounds: &Bounds) -> f64 {
        Self { di: -self.di, i: -self.i }.most(bounds)
    }

    fn bend(self, bounds: &Bounds) -> f64 {
        // i' = di − i / tau_s, and i is at most i + di tau_s / e.
        let highest = self.i.max(0.0) + self.di.max(0.0) * bounds.tau_s / std::f64::consts::E;
        (-self.di).max(0.0) + highest * (bounds.leak + 1.0 / bounds.tau_s)
    }

    fn slope(self, tau_s: f64) -> Term {
        Term { c: self.di - self.i / tau_s, d: -self.di / tau_s, rate: 1.0 / tau_s }
    }
}

struct Synapse {
    decay: Column,
    rise: Column,
    peak: Column,
    i_to_v: Column,
    di_to_v: Column,
    di: Vec<f64>,
    i: Vec<f64>,
    initial: Vec<f64>,
}

impl Synapse {
    /// Moves a chunk on by a tick: what its current adds to the membranes, then decay and what arrives.
    #[inline(always)]
    fn step(&mut self, input: &[f64], to: &mut Arriving<'_>) {
        let (first, input) = (to.first, &input[to.run.clone()]);
        let here = first..first + input.len();
        let state = self.i[here.clone()].iter_mut().zip(&mut self.di[here]);
        let shared = [&self.decay, &self.rise, &self.peak, &self.i_to_v, &self.di_to_v].map(one);
        if let [Some(decay), Some(rise), Some(peak), Some(i_to_v), Some(di_to_v)] = shared {
            for (((i, di), input), v) in state.zip(input).zip(to.v.iter_mut()) {
                *v += i_to_v * *i + di_to_v * *di;
                *i = decay * *i + rise * *di;
                *di = decay * *di + peak * input;
            }
            return;
        }
        for (at, (((i, di), input), v)) in state.zip(input).zip(to.v.iter_mut()).enumerate() {
            let n = first + at;
            *v += self.i_to_v.at(n) * *i + self.di_to_v.at(n) * *di;
            *i = self.decay.at(n) * *i + self.rise.at(n) * *di;
            *di = self.decay.at(n) * *di + self.peak.at(n) * input;
        }
    }
}

struct LifAlphaKernel {
    membrane: Membrane,
    synapses: [Synapse; 2],
}

impl LifAlphaKernel {
    fn new(block: &Block<'_>) -> Self {
        let dt = block.dt_ms;
        let synapse = |tau_syn: &str, variable: &str| {
            let tau = block.param(tau_syn);
            let with = [block.param("tau_m"), tau, block.param("c_m")];
            let initial = block.initial(variable, &Column::One(0.0));
            Synapse {
                decay: Column::map([tau], |[tau]| exp(-dt / tau)),
                rise: Column::map([tau], |[tau]| dt * exp(-dt / tau)),
                peak: Column::map([tau], |[tau]| std::f64::consts::E / tau),
                i_to_v: Column::map(with, |[m, s, c]| current_to_potential(dt, m, s, c)),
                di_to_v: Column::map(with, |[m, s, c]| slope_to_potential(dt, m, s, c)),
                di: vec![0.0; block.len],
                i: initial.clone(),
                initial,
            }
        };
        Self { membrane: Membrane::new(block), synapses: [synapse("tau_syn_ex", "i_ex"), synapse("tau_syn_in", "i_in")] }
    }
}

impl Kernel for LifAlphaKernel {
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
            (synapse.i, synapse.di) = (before.i, before.di);
        }
        true
    }

    // What arrives in a tick moves a membrane only in the next.
    fn kick(&mut self, n: usize, _input: [f64; 2], current: f64) -> Kick {
        let [ex, inh] =
            self.synapses.each_ref().map(|synapse| synapse.i_to_v.at(n) * synapse.i[n] + synapse.di_to_v.at(n) * synapse.di[n]);
        self.membrane.kick(n, current, ex + inh)
    }

    fn reset(&mut self) {
        self.membrane.reset();
        for synapse in &mut self.synapses {
            synapse.i.copy_from_slice(&synapse.initial);
            synapse.di.fill(0.0);
        }
    }
}
