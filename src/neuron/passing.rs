//! Nodes without state: input populations, sums passed on, and a bare threshold.

use super::{
    Block, Check, Column, Compare, Input, Kernel, ModelRef, ModelSpec, NeuronModel, Output, ParamSpec, Response, Threshold, Tick,
};
use crate::units::Dimension;
use std::sync::Arc;

static INPUT: ModelSpec = ModelSpec {
    name: "input",
    title: "an input population: gives what a stimulus or a data set puts in",
    equation: "y = the stimulus of this tick",
    reference: "Pedersen et al., Nature Communications 15:8122, 2024 (NIR), Input",
    params: &[],
    variables: &[],
    input: Input::None,
    output: Output::External,
    threshold: Threshold::None,
    integrator: "none: it has no state",
    refractoriness: "none",
    counts: "its spikes; it takes no updates",
    state_bytes: 0,
};

static RELAY: ModelSpec = ModelSpec {
    name: "relay",
    title: "a sum passed on within the tick",
    equation: "y = x",
    reference: "Pedersen et al., Nature Communications 15:8122, 2024 (NIR), Output",
    params: &[],
    variables: &[],
    input: Input::Sum(Dimension::Voltage),
    output: Output::Analog,
    threshold: Threshold::None,
    integrator: "none: it has no state",
    refractoriness: "none",
    counts: "numbers that reach it, and those it gives, count as multiply-accumulates, or as accumulates where all of a tick are 0, 1 or -1",
    state_bytes: 0,
};

static THRESHOLD: ModelSpec = ModelSpec {
    name: "threshold",
    title: "a threshold without memory",
    equation: "spike in every tick in which x > v_th (or x >= v_th, as the semantics say)",
    reference: "Pedersen et al., Nature Communications 15:8122, 2024 (NIR), Threshold",
    params: &[ParamSpec {
        name: "v_th",
        dimension: Dimension::Voltage,
        default: Some(1.0),
        check: Check::Any,
        meaning: "threshold",
    }],
    variables: &[],
    input: Input::Sum(Dimension::Voltage),
    output: Output::Spikes,
    threshold: Threshold::AsSemantics,
    integrator: "none: it has no state",
    refractoriness: "none",
    counts: "numbers that reach it count as multiply-accumulates, or as accumulates where all of a tick are 0, 1 or -1",
    state_bytes: 0,
};

pub(super) fn input() -> ModelRef {
    Arc::new(Passing { spec: &INPUT })
}

pub(super) fn relay() -> ModelRef {
    Arc::new(Passing { spec: &RELAY })
}

pub(super) fn threshold() -> ModelRef {
    Arc::new(Passing { spec: &THRESHOLD })
}

#[derive(Debug)]
struct Passing {
    spec: &'static ModelSpec,
}

impl NeuronModel for Passing {
    fn spec(&self) -> &ModelSpec {
        self.spec
    }

    fn kernel(&self, block: &Block<'_>) -> Box<dyn Kernel> {
        let threshold = self.spec.param("v_th").map(|_| block.param("v_th").clone());
        let at_too = block.semantics.compare == Compare::AtOrAbove;
        Box::new(PassingKernel { threshold, at_too, external: self.spec.output == Output::External })
    }

    fn response(&self, block: &Block<'_>) -> Option<Response> {
        let mut made = Response::none();
        // What arrives in a tick is gone in the next, whoever spikes.
        (made.input[0][0], made.current[0], made.reset) = (1.0, 1.0, Some(0.0));
        made.threshold = self.spec.param("v_th").map(|_| block.param("v_th").at(0));
        (self.spec.output != Output::External).then_some(made)
    }
}

struct PassingKernel {
    threshold: Option<Column>,
    /// It spikes at its threshold too.
    at_too: bool,
    external: bool,
}

impl Kernel for PassingKernel {
    fn step(&mut self, tick: &mut Tick<'_>) {
        if self.external {
            return;
        }
        let current = |n: usize| tick.current.get(n).copied().unwrap_or(0.0);
        for (n, x) in tick.input[0].iter().enumerate() {
            let (x, neuron) = (x + current(n), tick.first + n);
            match &self.threshold {
                Some(threshold) if x > threshold.at(neuron) || self.at_too && x == threshold.at(neuron) => {
                    tick.spikes.push(neuron as u32)
                }
                Some(_) => {}
                None => tick.output[n] = x,
            }
        }
    }

    fn variable(&self, _name: &str) -> Option<&[f64]> {
        None
    }

    fn renew(&mut self, block: &Block<'_>) -> bool {
        self.threshold = self.threshold.take().map(|_| block.param("v_th").clone());
        true
    }

    fn reset(&mut self) {}
}
