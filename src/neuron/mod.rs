//! The physics: neuron models, one file each, in one list.
//!
//! A model says what it is in its [`ModelSpec`] (equation, parameters with units, what it takes and gives, source) and makes
//! [`Kernel`]s: the state of a block of like neurons, stepped together. The list [`MODELS`] feeds the parser, the
//! manual, the law tests and the benches. A model of your own implements [`NeuronModel`] and goes into a
//! [`crate::network::Population`] like any other; it need not be in the list.

mod crossing;
#[cfg(test)]
mod crossing_tests;
mod currents;
pub mod exact;
pub mod lazy;
mod lif_alpha;
mod lif_delta;
mod lif_exp;
mod membrane;
mod params;
mod passing;
mod semantics;
mod stepwise;

pub use exact::ExactKernel;
pub use lazy::LazyKernel;
pub use params::{Column, Distribution, Values};
pub use semantics::{Decay, Reset, SEMANTICS, Semantics, semantics_by_name};

use crate::counts::PopulationCounts;
use crate::units::Dimension;
use std::fmt::Debug;
use std::sync::Arc;

/// A shared neuron model.
pub type ModelRef = Arc<dyn NeuronModel>;

/// A neuron model: what it is, and how to make a block of its neurons.
pub trait NeuronModel: Debug + Send + Sync {
    /// What it is.
    fn spec(&self) -> &ModelSpec;

    /// Makes the neurons of a block. Every parameter of the spec is in `block`, checked against its [`Check`].
    fn kernel(&self, block: &Block<'_>) -> Box<dyn Kernel>;

    /// Makes the neurons of a block in their event-driven form; `None` where the model has no closed form and is stepped.
    fn lazy(&self, _block: &Block<'_>) -> Option<Box<dyn LazyKernel>> {
        None
    }

    /// Makes the neurons of a block in exact time; `None` where the model has no closed form and needs a grid.
    fn exact(&self, _block: &Block<'_>) -> Option<Box<dyn ExactKernel>> {
        None
    }

    /// What is wrong with a set of parameters taken together (`v_reset` not below `v_th`), for each neuron of a block.
    fn complaints(&self, _block: &Block<'_>) -> Vec<String> {
        Vec::new()
    }
}

/// What a model is, in words and lists: its manual page.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelSpec {
    /// Its name in network files.
    pub name: &'static str,
    /// One line of what it is.
    pub title: &'static str,
    /// Its equations and rules, a few lines.
    pub equation: &'static str,
    /// Where it comes from.
    pub reference: &'static str,
    /// Its parameters.
    pub params: &'static [ParamSpec],
    /// State variables that can be recorded and initialised.
    pub variables: &'static [VariableSpec],
    /// How weights reach it.
    pub input: Input,
    /// What it gives.
    pub output: Output,
    /// Bytes of state of one neuron, at 4 bytes a variable.
    pub state_bytes: u32,
}

impl ModelSpec {
    /// The parameter of a name.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&ParamSpec> {
        self.params.iter().find(|p| p.name == name)
    }

    /// The state variable of a name.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&VariableSpec> {
        self.variables.iter().find(|v| v.name == name)
    }
}

/// A parameter of a model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParamSpec {
    /// Its name: NEST's, in snake case.
    pub name: &'static str,
    /// What it measures.
    pub dimension: Dimension,
    /// Its value where none is given; required where `None`.
    pub default: Option<f64>,
    /// What values it takes.
    pub check: Check,
    /// What it means.
    pub meaning: &'static str,
}

/// A state variable of a model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VariableSpec {
    /// Its name.
    pub name: &'static str,
    /// What it measures.
    pub dimension: Dimension,
    /// What it means.
    pub meaning: &'static str,
}

/// What values a parameter takes. Every value must be a number; infinities are allowed only by [`Check::Any`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Any number, infinities included (`v_th` = ∞ never spikes).
    Any,
    /// Finite.
    Finite,
    /// Finite and above zero.
    Positive,
    /// Finite and not below zero.
    NonNegative,
}

impl Check {
    /// True for an allowed value.
    #[must_use]
    pub fn allows(self, value: f64) -> bool {
        match self {
            Self::Any => !value.is_nan(),
            Self::Finite => value.is_finite(),
            Self::Positive => value.is_finite() && value > 0.0,
            Self::NonNegative => value.is_finite() && value >= 0.0,
        }
    }

    /// The allowed values, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Any => "a number",
            Self::Finite => "a finite number",
            Self::Positive => "a finite number above zero",
            Self::NonNegative => "a finite number, zero or above",
        }
    }
}

/// How weights reach a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// All are added to one input, measured as given.
    Sum(Dimension),
    /// Weights of zero and above go to the excitatory input, those below zero to the inhibitory one.
    BySign(Dimension),
    /// It takes no connections: an input population.
    None,
}

impl Input {
    /// Number of input channels: 1, or 2 by sign.
    #[must_use]
    pub fn channels(self) -> usize {
        match self {
            Self::BySign(_) => 2,
            Self::Sum(_) | Self::None => 1,
        }
    }

    /// What a weight measures.
    #[must_use]
    pub fn dimension(self) -> Dimension {
        match self {
            Self::Sum(dimension) | Self::BySign(dimension) => dimension,
            Self::None => Dimension::None,
        }
    }
}

/// What a model gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Spikes.
    Spikes,
    /// A number in every tick.
    Analog,
    /// What a stimulus puts in: spikes or numbers.
    External,
}

/// The neurons that a kernel is made for.
#[derive(Debug)]
pub struct Block<'a> {
    /// How many.
    pub len: usize,
    /// Length of a tick, ms.
    pub dt_ms: f64,
    /// How trained networks' neurons step.
    pub semantics: &'a Semantics,
    /// Their parameters, in the order of the spec.
    pub params: &'a [Column],
    /// Initial values of state variables that the network sets, by name.
    pub init: &'a [(String, Column)],
    /// The spec the columns follow.
    pub spec: &'a ModelSpec,
}

impl Block<'_> {
    /// The column of a parameter.
    ///
    /// # Panics
    /// Where the model's spec has no such parameter: a mistake in the model's own code.
    #[must_use]
    pub fn param(&self, name: &str) -> &Column {
        let at = self.spec.params.iter().position(|p| p.name == name).expect("a model asks for parameters of its own spec");
        &self.params[at]
    }

    /// The initial value of a variable, or `default`.
    #[must_use]
    pub fn initial(&self, variable: &str, default: &Column) -> Vec<f64> {
        let column = self.init.iter().find(|(name, _)| name == variable).map_or(default, |(_, column)| column);
        (0..self.len).map(|i| column.at(i)).collect()
    }
}

/// One tick of some neurons of a block: what comes in and what goes out. An engine steps a block in runs of neurons short enough
/// that what a run needs stays in the nearest cache; every slice here belongs to the run.
#[derive(Debug)]
pub struct Tick<'a> {
    /// The tick's number; the first of a simulation is 1.
    pub number: u64,
    /// The run's first neuron in the block; it has as many as `input[0]`.
    pub first: usize,
    /// Whether [`PopulationCounts::membrane_updates`] are asked for; they cost a comparison a neuron.
    pub membrane_updates: bool,
    /// Summed weights that arrive in this tick: one slice for [`Input::Sum`], excitatory and inhibitory for [`Input::BySign`].
    pub input: [&'a [f64]; 2],
    /// Currents from current stimuli during this tick; empty where there are none.
    pub current: &'a [f64],
    /// Synaptic events that arrive at each neuron in this tick.
    pub arrivals: &'a [u32],
    /// Takes the neurons that spike, by their place in the block, ascending; one that emits k spikes stands there k times.
    pub spikes: &'a mut Vec<u32>,
    /// Takes the values of an analog model, one for each neuron of the run.
    pub output: &'a mut [f64],
    /// Takes dropped events and membrane updates.
    pub counts: &'a mut PopulationCounts,
}

/// The state of a block of neurons.
pub trait Kernel: Send {
    /// One tick of a run of neurons: integrate, add what arrives, test the threshold, reset.
    fn step(&mut self, tick: &mut Tick<'_>);

    /// A state variable, one value per neuron.
    fn variable(&self, name: &str) -> Option<&[f64]>;

    /// Back to the initial state.
    fn reset(&mut self);
}

/// Every built-in model.
pub const MODELS: &[fn() -> ModelRef] = &[
    lif_delta::model,
    lif_exp::model,
    lif_alpha::model,
    stepwise::lif,
    stepwise::integrate_and_fire,
    stepwise::leaky_integrator,
    stepwise::integrator,
    stepwise::cuba_lif,
    stepwise::cuba_li,
    passing::threshold,
    passing::relay,
    passing::input,
];

/// The built-in model of a name.
#[must_use]
pub fn model_by_name(name: &str) -> Option<ModelRef> {
    MODELS.iter().map(|make| make()).find(|model| model.spec().name == name)
}
