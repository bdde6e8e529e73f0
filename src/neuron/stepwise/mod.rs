//! The neurons of trained networks (NIR's LIF, IF, LI, I, CubaLIF, CubaLI): linear in one tick, then threshold and reset.
//!
//! With x the input of a tick, held over it, NIR's equations
//!
//! ```text
//! τ_syn dI/dt = −I + w_in x        τ_m dv/dt = v_rest − v + r I   (I = x without a synapse)
//! ```
//!
//! step as `I ← a_s I + (1 − a_s) w_in x`, then `v ← a v + (1 − a)(v_rest + r I)` with a = exp(−dt/τ) (exact for I held over the tick)
//! or a = 1 − dt/τ (Euler); without leak, `v ← v + (dt / 1 s) r x`; frameworks differ from it as [`super::Semantics`] says. Source: NIR's
//! primitives (Pedersen et al., Nature Communications 15:8122, 2024, table 1), with time in seconds there.

mod kernel;
mod linear;
mod response;
mod rule;
mod spiking;
#[cfg(test)]
mod tests;

use super::{
    Block, Check, Column, Input, Kernel, ModelRef, ModelSpec, NeuronModel, Output, ParamSpec, ResetAt, Response, SpikeNumber,
    Threshold, VariableSpec,
};
use crate::units::Dimension;
use std::sync::Arc;

const V: VariableSpec = VariableSpec {
    name: "v",
    dimension: Dimension::Voltage,
    check: Check::Finite,
    meaning: "membrane potential, after a reset that happens at once and before one that waits for the next tick",
};
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
                Output::Spikes => Threshold::AsSemantics,
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
        Box::new(kernel::StepwiseKernel::new(rule::Rule::new(block), block))
    }

    fn response(&self, block: &Block<'_>) -> Option<Response> {
        response::response(block)
    }
}

/// One tick of the neurons of a trained network in numbers: `v <- keep v + gain I + shift`, then the threshold.
#[derive(Debug, Clone)]
pub struct LinearStep {
    /// What is left of the membrane.
    pub keep: Column,
    /// What the membrane gains for an input of 1.
    pub gain: Column,
    /// What is added in each tick.
    pub shift: Column,
    /// The synaptic current, where there is one: `i <- keep i + gain x + shift`, as (keep, gain, shift).
    pub synapse: Option<[Column; 3]>,
    /// The threshold of neurons that spike.
    pub threshold: Option<Column>,
    /// What the membrane is set to by a spike; absent where the threshold is taken off, and in neurons that do not spike.
    pub reset: Option<Column>,
    /// The membrane before the first tick.
    pub start: Column,
    /// True for what is common: at most one spike a tick, which resets at once, and a synapse whose new current acts in the same tick.
    pub plain: bool,
}

/// What neurons of `lif`, `if`, `li`, `integrator`, `cuba_lif` and `cuba_li` do in a tick under the semantics of a block; `None` for other models.
#[must_use]
pub fn linear_step(block: &Block<'_>) -> Option<LinearStep> {
    const LINEAR: [&str; 6] = ["lif", "if", "li", "integrator", "cuba_lif", "cuba_li"];
    if !LINEAR.contains(&block.spec.name) {
        return None;
    }
    let rule::Rule { keep, gain, shift, synapse, spiking, start } = rule::Rule::new(block);
    let plain_synapse = synapse.as_ref().is_none_or(|s| s.takes == rule::Takes::New);
    let plain_spikes = spiking.as_ref().is_none_or(|s| s.at == ResetAt::Now && s.number == SpikeNumber::One && s.floor.is_none());
    let (threshold, reset) = spiking.map_or((None, None), |s| (Some(s.threshold), s.target));
    Some(LinearStep {
        keep,
        gain,
        shift,
        synapse: synapse.map(|s| [s.keep, s.gain, s.shift]),
        threshold,
        reset,
        start,
        plain: plain_synapse && plain_spikes,
    })
}
