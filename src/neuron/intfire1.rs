//! NEURON's `IntFire1`: a leaky sum of events, as an artificial cell.
//!
//! It is [`lif_delta`](super::lif_delta) in plain numbers and with two rules of its own, and runs on its kernels:
//!
//! - It fires where the sum is *above* one, not at one. A threshold of the next number above one, tested by `>=`, is that to the last bit.
//! - An event at the very end of refractoriness counts. NEURON ends refractoriness by an event in its queue, which was put there at the spike;
//!   what was sent later comes after it. Since both reset and rest are 0, holding the sum for a moment less is the same: a tick less
//!   on a grid, and 0.02 picoseconds in exact time.
//!
//! NEURON hands over the events of one moment one by one, in the order of its queue, so that one of them may fire the cell before an inhibitory
//! one is looked at. Here events of one moment are added first, so that results depend on no order.

use super::lif_delta;
use super::{
    Block, Check, Column, ExactKernel, Input, Kernel, LazyKernel, ModelRef, ModelSpec, NeuronModel, Output, ParamSpec, Response,
    Threshold, VariableSpec,
};
use crate::units::Dimension;
use std::sync::Arc;

static SPEC: ModelSpec = ModelSpec {
    name: "intfire1",
    title: "a leaky sum of events that fires above one, in plain numbers",
    equation: "tau_m dv/dt = -v;  v <- v + w at an event;  spike where v > 1, then v = 0 for t_ref",
    reference: "NEURON IntFire1 (intfire1.mod); Hines & Carnevale, The NEURON Book, Cambridge University Press, 2006, chapter 10",
    params: &[
        ParamSpec {
            name: "tau_m",
            dimension: Dimension::Time,
            default: Some(10.0),
            check: Check::Positive,
            meaning: "time constant of the sum (NEURON's tau)",
        },
        ParamSpec {
            name: "t_ref",
            dimension: Dimension::Time,
            default: Some(5.0),
            check: Check::NonNegative,
            meaning: "refractory time, rounded to ticks (NEURON's refrac)",
        },
    ],
    variables: &[VariableSpec {
        name: "v",
        dimension: Dimension::None,
        check: Check::Finite,
        meaning: "the sum, of which NEURON speaks as m",
    }],
    input: Input::Sum(Dimension::None),
    output: Output::Spikes,
    threshold: Threshold::Above,
    integrator: "exact",
    refractoriness: "v is held at 0 for t_ref, and input that arrives meanwhile is dropped; what arrives at its very end counts",
    counts: "synaptic events that meet a refractory neuron are counted as dropped",
    state_bytes: 8,
};

/// Less than any two events lie apart that are not meant to be one, and more than rounding: ms.
const A_MOMENT_MS: f64 = 2e-11;

pub(super) fn model() -> ModelRef {
    Arc::new(IntFire1)
}

#[derive(Debug)]
struct IntFire1;

impl NeuronModel for IntFire1 {
    fn spec(&self) -> &ModelSpec {
        &SPEC
    }

    fn kernel(&self, block: &Block<'_>) -> Box<dyn Kernel> {
        on_a_grid(block, |delta| lif_delta::model().kernel(delta))
    }

    fn renew(&self, kernel: &mut dyn Kernel, block: &Block<'_>) -> bool {
        on_a_grid(block, |delta| kernel.renew(delta))
    }

    fn response(&self, block: &Block<'_>) -> Option<Response> {
        on_a_grid(block, |delta| lif_delta::model().response(delta))
    }

    fn lazy(&self, block: &Block<'_>) -> Option<Box<dyn LazyKernel>> {
        on_a_grid(block, |delta| lif_delta::model().lazy(delta))
    }

    fn exact(&self, block: &Block<'_>) -> Option<Box<dyn ExactKernel>> {
        as_delta(block, |t_ref| (t_ref - A_MOMENT_MS).max(0.0), |delta| lif_delta::model().exact(delta))
    }
}

/// A tick less than the whole ticks that `t_ref` is rounded to.
fn on_a_grid<T>(block: &Block<'_>, make: impl FnOnce(&Block<'_>) -> T) -> T {
    let dt = block.dt_ms;
    as_delta(block, |t_ref| ((t_ref / dt).round() - 1.0).max(0.0) * dt, make)
}

/// The same neurons as ones of `lif_delta`.
fn as_delta<T>(block: &Block<'_>, held: impl Fn(f64) -> f64, make: impl FnOnce(&Block<'_>) -> T) -> T {
    let model = lif_delta::model();
    let spec = model.spec();
    let params: Vec<Column> = spec
        .params
        .iter()
        .map(|param| match param.name {
            "tau_m" => block.param("tau_m").clone(),
            "t_ref" => Column::map([block.param("t_ref")], |[t_ref]| held(t_ref)),
            "v_th" => Column::One(1f64.next_up()),
            // A current, which NEURON's has none of, is what it adds in a millisecond.
            "c_m" => Column::One(1.0),
            "v_min" => Column::One(f64::NEG_INFINITY),
            _ => Column::One(0.0),
        })
        .collect();
    make(&Block { len: block.len, dt_ms: block.dt_ms, semantics: block.semantics, params: &params, init: block.init, spec })
}
