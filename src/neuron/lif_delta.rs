//! Leaky integrate-and-fire with delta pulses: NEST's `iaf_psc_delta`.
//!
//! Between events the membrane decays exactly ([`super::membrane`]); a spike that arrives in a tick adds its weight to it at the
//! tick's end, before the threshold is tested.

use super::exact::ExactDelta;
use super::lazy::LazyDelta;
use super::membrane::{self, C_M, I_E, Membrane, T_REF, TAU_M, V_MIN, V_RESET, V_REST, V_TH};
use super::{
    Block, Check, Column, ExactKernel, Input, Kernel, Kick, LazyKernel, ModelRef, ModelSpec, NeuronModel, Output, ParamSpec,
    Response, Threshold, Tick, VariableSpec,
};
use crate::numerics::{exp, vectorised};
use crate::units::Dimension;
use std::sync::Arc;

static SPEC: ModelSpec = ModelSpec {
    name: "lif_delta",
    title: "leaky integrate-and-fire, each spike a jump of the membrane",
    equation: "tau_m dv/dt = v_rest - v + (tau_m / c_m) (i_e + I);  v <- v + w at a spike;  spike where v >= v_th, then v = v_reset for t_ref",
    reference: "NEST iaf_psc_delta; Diesmann et al., Neurocomputing 38:565, 2001; exact step: Rotter & Diesmann, Biol. Cybern. 81:381, 1999",
    params: &[
        TAU_M,
        C_M,
        V_REST,
        V_TH,
        V_RESET,
        V_MIN,
        T_REF,
        I_E,
        ParamSpec {
            name: "refractory_input",
            dimension: Dimension::None,
            default: Some(0.0),
            check: Check::NonNegative,
            meaning: "1: input that meets a refractory neuron is kept, decays and is added after; 0: it is dropped",
        },
    ],
    variables: &[VariableSpec { name: "v", dimension: Dimension::Voltage, check: Check::Finite, meaning: "membrane potential" }],
    input: Input::Sum(Dimension::Voltage),
    output: Output::Spikes,
    threshold: Threshold::AtOrAbove,
    integrator: "exact",
    refractoriness: "v is held at v_reset for t_ref; input that arrives meanwhile is dropped, or with refractory_input = 1 kept",
    counts: "synaptic events that meet a refractory neuron are counted as dropped (unless refractory_input = 1)",
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
        membrane::complaints(block)
    }

    /// A jump of w mV is a charge of c_m w, in fC; once a second that is 10⁻³ pA.
    fn mean_current(&self, param: &mut dyn FnMut(&str) -> f64) -> Option<[f64; 2]> {
        Some([1e-3 * param("c_m"); 2])
    }

    fn kernel(&self, block: &Block<'_>) -> Box<dyn Kernel> {
        Box::new(LifDeltaKernel::new(block))
    }

    fn response(&self, block: &Block<'_>) -> Option<Response> {
        // A lowest potential bends the line.
        if block.param("v_min").at(0) > f64::NEG_INFINITY {
            return None;
        }
        let mut made = Response::of_membrane(block);
        made.input[0][0] = 1.0;
        made.kept = Some(if block.param("refractory_input").at(0) == 0.0 { 0.0 } else { made.step[0][0] });
        Some(made)
    }

    fn lazy(&self, block: &Block<'_>) -> Option<Box<dyn LazyKernel>> {
        Some(Box::new(LazyDelta::new(block)?))
    }

    fn exact(&self, block: &Block<'_>) -> Option<Box<dyn ExactKernel>> {
        Some(Box::new(ExactDelta::new(block)))
    }
}

struct LifDeltaKernel {
    membrane: Membrane,
    decay: Column,
    /// Whether input that meets a refractory neuron is kept (not 0).
    keeps: Column,
    /// Such input, as it will count at the end of refractoriness.
    kept: Vec<f64>,
}

impl LifDeltaKernel {
    fn new(block: &Block<'_>) -> Self {
        Self {
            membrane: Membrane::new(block),
            decay: Column::map([block.param("tau_m")], |[tau]| exp(-block.dt_ms / tau)),
            keeps: block.param("refractory_input").clone(),
            kept: vec![0.0; block.len],
        }
    }
}

impl Kernel for LifDeltaKernel {
    fn step(&mut self, tick: &mut Tick<'_>) {
        let (membrane, input, arrivals) = (&mut self.membrane, tick.input[0], tick.arrivals);
        if self.keeps == Column::One(0.0) {
            return vectorised(
                #[inline(always)]
                || {
                    membrane.step(tick, |to| {
                        to.v.copy_from_slice(&input[to.run.clone()]);
                        let met = to.held.iter().zip(&arrivals[to.run.clone()]);
                        to.counts.synaptic_events_dropped +=
                            met.map(|(held, n)| if *held == 0 { 0 } else { u64::from(*n) }).sum::<u64>();
                    });
                },
            );
        }
        let (decay, keeps, kept) = (&self.decay, &self.keeps, &mut self.kept);
        membrane.step(tick, |to| {
            for (n, at) in to.run.clone().enumerate() {
                let (neuron, held) = (to.first + n, to.held[n]);
                if held == 0 {
                    to.v[n] = input[at] + std::mem::take(&mut kept[neuron]);
                } else if keeps.at(neuron) != 0.0 {
                    // What arrives with so many ticks still to go decays like a membrane for as long.
                    kept[neuron] += input[at] * decay.at(neuron).powi(i32::try_from(held).unwrap_or(i32::MAX));
                } else {
                    to.counts.synaptic_events_dropped += u64::from(arrivals[at]);
                }
            }
        });
    }

    fn variable(&self, name: &str) -> Option<&[f64]> {
        (name == "v").then(|| self.membrane.v())
    }

    fn renew(&mut self, block: &Block<'_>) -> bool {
        let before = std::mem::replace(self, Self::new(block));
        self.membrane.resume(before.membrane);
        // It waits as it was kept, decayed to the end of refractoriness.
        self.kept = before.kept;
        true
    }

    fn kick(&mut self, n: usize, input: [f64; 2], current: f64) -> Kick {
        self.membrane.kick(n, current, input[0] + self.kept[n])
    }

    fn lift(&mut self, n: usize, by: f64) {
        self.membrane.lift(n, by);
    }

    fn reset(&mut self) {
        self.membrane.reset();
        self.kept.fill(0.0);
    }
}
