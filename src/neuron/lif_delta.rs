//! Leaky integrate-and-fire with delta pulses: NEST's `iaf_psc_delta`.
//!
//! Between events `tau_m dv/dt = v_rest − v + (tau_m / c_m) I`, whose exact step over dt with constant I is
//! `v ← v_rest + (v − v_rest) e^(−dt/tau_m) + (tau_m / c_m)(1 − e^(−dt/tau_m)) I` (Rotter & Diesmann, Biol. Cybern. 81:381, 1999).
//! A spike that arrives in the tick then adds its weight to v.

use super::{Block, Check, Column, Input, Kernel, ModelRef, ModelSpec, NeuronModel, Output, ParamSpec, Tick, VariableSpec};
use crate::numerics::{exp, exp_m1};
use crate::units::Dimension;
use std::sync::Arc;

static SPEC: ModelSpec = ModelSpec {
    name: "lif_delta",
    title: "leaky integrate-and-fire, each spike a jump of the membrane",
    equation: "tau_m dv/dt = v_rest - v + (tau_m / c_m) (i_e + I);  v <- v + w at a spike;  spike where v >= v_th, then v = v_reset for t_ref",
    reference: "NEST iaf_psc_delta; Diesmann et al., Neurocomputing 38:565, 2001; exact step: Rotter & Diesmann, Biol. Cybern. 81:381, 1999",
    params: &[
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
            name: "v_min",
            dimension: Dimension::Voltage,
            default: Some(f64::NEG_INFINITY),
            check: Check::Any,
            meaning: "lowest potential",
        },
        ParamSpec {
            name: "t_ref",
            dimension: Dimension::Time,
            default: Some(2.0),
            check: Check::NonNegative,
            meaning: "refractory time, rounded to ticks",
        },
        ParamSpec {
            name: "i_e",
            dimension: Dimension::Current,
            default: Some(0.0),
            check: Check::Finite,
            meaning: "constant current",
        },
        ParamSpec {
            name: "refractory_input",
            dimension: Dimension::None,
            default: Some(0.0),
            check: Check::NonNegative,
            meaning: "1: input that meets a refractory neuron is kept, decays and is added after; 0: it is dropped",
        },
    ],
    variables: &[VariableSpec { name: "v", dimension: Dimension::Voltage, meaning: "membrane potential" }],
    input: Input::Sum(Dimension::Voltage),
    output: Output::Spikes,
    state_bytes: 8,
};

pub(super) fn model() -> ModelRef {
    Arc::new(LifDelta)
}

#[derive(Debug)]
struct LifDelta;

impl NeuronModel for LifDelta {
    fn spec(&self) -> &ModelSpec {
        &SPEC
    }

    fn complaints(&self, block: &Block<'_>) -> Vec<String> {
        super::params::below(block, "v_reset", "v_th")
    }

    fn kernel(&self, block: &Block<'_>) -> Box<dyn Kernel> {
        let dt = block.dt_ms;
        let rest = block.param("v_rest");
        let initial = block.initial("v", rest);
        Box::new(LifDeltaKernel {
            decay: Column::map([block.param("tau_m")], |[tau]| exp(-dt / tau)),
            per_current: Column::map([block.param("tau_m"), block.param("c_m")], |[tau, c]| tau / c * -exp_m1(-dt / tau)),
            rest: rest.clone(),
            threshold: block.param("v_th").clone(),
            v_reset: block.param("v_reset").clone(),
            v_min: block.param("v_min").clone(),
            i_e: block.param("i_e").clone(),
            refractory_ticks: Column::map([block.param("t_ref")], |[t]| (t / dt).round()),
            keeps: Column::map([block.param("refractory_input")], |[keep]| f64::from(u8::from(keep != 0.0))),
            refractory: vec![0; block.len],
            kept: vec![0.0; block.len],
            v: initial.clone(),
            initial,
            first: true,
        })
    }
}

struct LifDeltaKernel {
    decay: Column,
    per_current: Column,
    rest: Column,
    threshold: Column,
    v_reset: Column,
    v_min: Column,
    i_e: Column,
    refractory_ticks: Column,
    keeps: Column,
    /// Ticks left in which the membrane is held.
    refractory: Vec<u32>,
    /// Input that met a refractory neuron, as it will count at the end of that.
    kept: Vec<f64>,
    v: Vec<f64>,
    initial: Vec<f64>,
    first: bool,
}

impl Kernel for LifDeltaKernel {
    fn step(&mut self, tick: &mut Tick<'_>) {
        let mut changed = 0u64;
        for n in 0..self.v.len() {
            let before = self.v[n];
            let input = tick.input[0][n];
            let mut v = before;
            if self.refractory[n] == 0 {
                let current = self.i_e.at(n) + tick.current.get(n).copied().unwrap_or(0.0);
                let rest = self.rest.at(n);
                v = rest + (v - rest) * self.decay.at(n) + self.per_current.at(n) * current + input;
                if self.kept[n] != 0.0 {
                    v += self.kept[n];
                    self.kept[n] = 0.0;
                }
                v = v.max(self.v_min.at(n));
            } else {
                if self.keeps.at(n) != 0.0 {
                    // What arrives with r ticks still to go decays like a membrane for those r ticks.
                    let left = i32::try_from(self.refractory[n]).unwrap_or(i32::MAX);
                    self.kept[n] += input * self.decay.at(n).powi(left);
                } else {
                    tick.counts.synaptic_events_dropped += u64::from(tick.arrivals[n]);
                }
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

    fn variable(&self, name: &str) -> Option<&[f64]> {
        (name == "v").then_some(self.v.as_slice())
    }

    fn reset(&mut self) {
        self.v.copy_from_slice(&self.initial);
        self.refractory.fill(0);
        self.kept.fill(0.0);
        self.first = true;
    }
}
