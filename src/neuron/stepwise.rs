//! The neurons of trained networks (NIR's LIF, IF, LI, I, CubaLIF, CubaLI): linear in one tick, then threshold and reset.
//!
//! With x the input of a tick, held over it, NIR's equations
//!
//! ```text
//! τ_syn dI/dt = −I + w_in x        τ_m dv/dt = v_rest − v + r I   (I = x without a synapse)
//! ```
//!
//! step as `I ← a_s I + (1 − a_s) w_in x`, then `v ← a v + (1 − a)(v_rest + r I)` with a = exp(−dt/τ) (exact for I held over the tick)
//! or a = 1 − dt/τ (Euler); without leak, `v ← v + (dt / 1 s) r x`. Source: NIR's primitives (Pedersen et al., Nature
//! Communications 15:8122, 2024, table 1), with time in seconds there.

use super::{
    Block, Check, Column, Decay, Input, Kernel, ModelRef, ModelSpec, NeuronModel, Output, ParamSpec, Reset, Threshold, Tick,
    VariableSpec,
};
use crate::numerics::{exp, exp_m1};
use crate::units::Dimension;
use std::sync::Arc;

const V: VariableSpec =
    VariableSpec { name: "v", dimension: Dimension::Voltage, check: Check::Finite, meaning: "membrane potential" };
const I_SYN: VariableSpec =
    VariableSpec { name: "i", dimension: Dimension::None, check: Check::Finite, meaning: "synaptic current" };

const TAU_M: ParamSpec = ParamSpec {
    name: "tau_m",
    dimension: Dimension::Time,
    default: None,
    check: Check::Positive,
    meaning: "membrane time constant",
};
const TAU_SYN: ParamSpec = ParamSpec {
    name: "tau_syn",
    dimension: Dimension::Time,
    default: None,
    check: Check::Positive,
    meaning: "synaptic time constant",
};
const W_IN: ParamSpec = ParamSpec {
    name: "w_in",
    dimension: Dimension::None,
    default: Some(1.0),
    check: Check::Finite,
    meaning: "gain from input to synaptic current",
};
const R_M: ParamSpec = ParamSpec {
    name: "r_m",
    dimension: Dimension::None,
    default: Some(1.0),
    check: Check::Finite,
    meaning: "membrane resistance: gain from current to potential",
};
const V_REST: ParamSpec = ParamSpec {
    name: "v_rest",
    dimension: Dimension::Voltage,
    default: Some(0.0),
    check: Check::Finite,
    meaning: "potential without input",
};
const V_TH: ParamSpec =
    ParamSpec { name: "v_th", dimension: Dimension::Voltage, default: Some(1.0), check: Check::Any, meaning: "threshold" };
const V_RESET: ParamSpec = ParamSpec {
    name: "v_reset",
    dimension: Dimension::Voltage,
    default: Some(0.0),
    check: Check::Finite,
    meaning: "potential after a spike",
};

const REFERENCE: &str = "Pedersen et al., Nature Communications 15:8122, 2024 (NIR), table 1";

macro_rules! stepwise_models {
    ($($(#[$doc:meta])* $make:ident: $spec:ident = $name:literal, $title:literal, $equation:literal,
       params [$($param:expr),*], variables [$($variable:expr),*], $output:expr;)*) => {$(
        static $spec: ModelSpec = ModelSpec {
            name: $name,
            title: $title,
            equation: $equation,
            reference: REFERENCE,
            params: &[$($param),*],
            variables: &[$($variable),*],
            input: Input::Sum(Dimension::Voltage),
            output: $output,
            threshold: match $output {
                Output::Spikes => Threshold::Above,
                _ => Threshold::None,
            },
            integrator: "one tick of a linear system: exact for input held over the tick (semantics nir), forward Euler in the others, of first order in dt",
            refractoriness: "none",
            counts: match $output {
                Output::Spikes => "numbers that reach it count as multiply-accumulates, or as accumulates where all of a tick are 0, 1 or -1",
                _ => "numbers that reach it, and those it gives, count as multiply-accumulates, or as accumulates where all of a tick are 0, 1 or -1",
            },
            state_bytes: 4 * [$($variable),*].len() as u32,
        };

        $(#[$doc])*
        pub(super) fn $make() -> ModelRef {
            Arc::new(Stepwise { spec: &$spec })
        }
    )*};
}

stepwise_models! {
    /// NIR's LIF.
    lif: LIF = "lif", "leaky integrate-and-fire, input as a current held over each tick",
        "tau_m dv/dt = v_rest - v + r_m x;  spike where v > v_th, then v <- v_reset (as the semantics say)",
        params [TAU_M, R_M, V_REST, V_TH, V_RESET], variables [V], Output::Spikes;
    /// NIR's IF.
    integrate_and_fire: IF = "if", "integrate-and-fire without leak",
        "dv/dt = r_m x (per second);  spike where v > v_th, then v <- v_reset (as the semantics say)",
        params [R_M, V_TH, V_RESET], variables [V], Output::Spikes;
    /// NIR's LI.
    leaky_integrator: LI = "li", "leaky integrator: a readout that does not spike",
        "tau_m dv/dt = v_rest - v + r_m x;  output v",
        params [TAU_M, R_M, V_REST], variables [V], Output::Analog;
    /// NIR's I.
    integrator: I = "integrator", "integrator: a readout that sums and does not spike",
        "dv/dt = r_m x (per second);  output v",
        params [R_M], variables [V], Output::Analog;
    /// NIR's CubaLIF.
    cuba_lif: CUBA_LIF = "cuba_lif", "leaky integrate-and-fire with an exponential synaptic current, as NIR has it",
        "tau_syn di/dt = -i + w_in x;  tau_m dv/dt = v_rest - v + r_m i;  spike where v > v_th, then v <- v_reset (as the semantics say)",
        params [TAU_SYN, TAU_M, R_M, W_IN, V_REST, V_TH, V_RESET], variables [V, I_SYN], Output::Spikes;
    /// NIR's CubaLI.
    cuba_li: CUBA_LI = "cuba_li", "leaky integrator with an exponential synaptic current: a readout that does not spike",
        "tau_syn di/dt = -i + w_in x;  tau_m dv/dt = v_rest - v + r_m i;  output v",
        params [TAU_SYN, TAU_M, R_M, W_IN, V_REST], variables [V, I_SYN], Output::Analog;
}

#[derive(Debug)]
struct Stepwise {
    spec: &'static ModelSpec,
}

impl NeuronModel for Stepwise {
    fn spec(&self) -> &ModelSpec {
        self.spec
    }

    fn kernel(&self, block: &Block<'_>) -> Box<dyn Kernel> {
        let has = |name: &str| self.spec.param(name).is_some();
        let choices = block.semantics;
        // 1 - a, without cancellation where dt is far below tau.
        let gain = |tau: &Column| match choices.decay {
            Decay::Exact => Column::map([tau], |[tau]| -exp_m1(-block.dt_ms / tau)),
            Decay::Euler => Column::map([tau], |[tau]| block.dt_ms / tau),
        };
        let keep = |tau: &Column| match choices.decay {
            Decay::Exact => Column::map([tau], |[tau]| exp(-block.dt_ms / tau)),
            Decay::Euler => Column::map([tau], |[tau]| 1.0 - block.dt_ms / tau),
        };
        let (a, b, c) = if has("tau_m") {
            let tau = block.param("tau_m");
            let rest = if choices.ignores_rest { &Column::One(0.0) } else { block.param("v_rest") };
            (
                keep(tau),
                Column::map([&gain(tau), block.param("r_m")], |[g, r]| g * r),
                Column::map([&gain(tau), rest], |[g, rest]| g * rest),
            )
        } else {
            (Column::One(1.0), Column::map([block.param("r_m")], |[r]| block.dt_ms * 1e-3 * r), Column::One(0.0))
        };
        let synapse = has("tau_syn").then(|| {
            let tau = block.param("tau_syn");
            let decay = keep(tau);
            let gain = Column::map([&gain(tau), block.param("w_in")], |[g, w]| g * w);
            let initial = block.initial("i", &Column::One(0.0));
            Synapse { decay, gain, i: initial.clone(), initial }
        });
        let spiking = (self.spec.output == Output::Spikes).then(|| Spiking {
            threshold: block.param("v_th").clone(),
            v_reset: block.param("v_reset").clone(),
            reset: choices.reset,
            spiked: vec![false; block.len],
        });
        let initial = block
            .initial("v", &if has("v_rest") && !choices.ignores_rest { block.param("v_rest").clone() } else { Column::One(0.0) });
        Box::new(StepwiseKernel { a, b, c, synapse, spiking, v: initial.clone(), initial })
    }
}

struct Synapse {
    decay: Column,
    gain: Column,
    i: Vec<f64>,
    initial: Vec<f64>,
}

struct Spiking {
    threshold: Column,
    v_reset: Column,
    reset: Reset,
    /// Who spiked in the tick before, for the delayed resets.
    spiked: Vec<bool>,
}

struct StepwiseKernel {
    /// v ← a v + b x + c.
    a: Column,
    b: Column,
    c: Column,
    synapse: Option<Synapse>,
    spiking: Option<Spiking>,
    v: Vec<f64>,
    initial: Vec<f64>,
}

impl Kernel for StepwiseKernel {
    fn step(&mut self, tick: &mut Tick<'_>) {
        let mut changed = 0u64;
        for (at, n) in (tick.first..tick.first + tick.input[0].len()).enumerate() {
            let mut x = tick.input[0][at];
            if let Some(current) = tick.current.get(at) {
                x += current;
            }
            if let Some(synapse) = &mut self.synapse {
                let i = synapse.decay.at(n) * synapse.i[n] + synapse.gain.at(n) * x;
                synapse.i[n] = i;
                x = i;
            }
            let before = self.v[n];
            let mut v = before;
            if let Some(spiking) = &mut self.spiking {
                if spiking.reset == Reset::ToZeroNextTick && spiking.spiked[n] {
                    v = 0.0;
                }
                v = self.a.at(n) * v + self.b.at(n) * x + self.c.at(n);
                let threshold = spiking.threshold.at(n);
                if spiking.reset == Reset::SubtractNextTick && spiking.spiked[n] {
                    v -= threshold;
                }
                let spikes = v > threshold;
                spiking.spiked[n] = spikes;
                if spikes {
                    tick.spikes.push(n as u32);
                    match spiking.reset {
                        Reset::ToValue => v = spiking.v_reset.at(n),
                        Reset::ToZero => v = 0.0,
                        Reset::ToZeroNextTick | Reset::SubtractNextTick => {}
                    }
                }
            } else {
                v = self.a.at(n) * v + self.b.at(n) * x + self.c.at(n);
                tick.output[at] = v;
            }
            changed += u64::from(v != before);
            self.v[n] = v;
        }
        if tick.membrane_updates {
            tick.counts.membrane_updates += if tick.number == 1 { tick.input[0].len() as u64 } else { changed };
        }
    }

    fn variable(&self, name: &str) -> Option<&[f64]> {
        match name {
            "v" => Some(&self.v),
            "i" => self.synapse.as_ref().map(|s| s.i.as_slice()),
            _ => None,
        }
    }

    fn reset(&mut self) {
        self.v.copy_from_slice(&self.initial);
        if let Some(synapse) = &mut self.synapse {
            synapse.i.copy_from_slice(&synapse.initial);
        }
        if let Some(spiking) = &mut self.spiking {
            spiking.spiked.fill(false);
        }
    }
}
