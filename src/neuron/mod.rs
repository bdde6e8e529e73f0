//! The physics: neuron models, one file each, in one list.
//!
//! A model says what it is in its [`ModelSpec`] (equation, parameters with units, what it takes and gives, source) and makes
//! [`Kernel`]s: the state of a block of like neurons, stepped together. The list [`MODELS`] feeds the parser, the
//! manual, the law tests and the benches; the manual stands [below](#neuron-models).
//!
//! # A model of your own
//!
//! Implement [`NeuronModel`] and put it into a [`crate::network::Population`] like any other; it need not be in the list. Here is the
//! quadratic integrate-and-fire neuron (Ermentrout & Kopell, SIAM J. Appl. Math. 46:233, 1986), `tau dv/dt = v² + x` with plain numbers, stepped by
//! its closed form: for x > 0, v moves as √x tan(√x t / tau), and passes through infinity, where it spikes and starts again at −∞, once
//! in `π tau / √x`.
//!
//! ```
//! use spikewatt::compile::CompiledNetwork;
//! use spikewatt::engine::Simulation;
//! use spikewatt::network::{CurrentStep, Drive, Network, Population, Stimulus, Target};
//! use spikewatt::neuron::{Block, Check, Column, Input, Kernel, ModelSpec, NeuronModel, Output, ParamSpec, Threshold, Tick, VariableSpec};
//! use spikewatt::record::MemoryRecorder;
//! use spikewatt::units::Dimension;
//! use std::collections::BTreeMap;
//! use std::sync::Arc;
//!
//! static SPEC: ModelSpec = ModelSpec {
//!     name: "qif",
//!     title: "quadratic integrate-and-fire",
//!     equation: "tau dv/dt = v^2 + x;  spike where v passes infinity, and on from minus infinity",
//!     reference: "Ermentrout & Kopell, SIAM J. Appl. Math. 46:233, 1986",
//!     params: &[ParamSpec {
//!         name: "tau",
//!         dimension: Dimension::Time,
//!         default: Some(10.0),
//!         check: Check::Positive,
//!         meaning: "time constant",
//!     }],
//!     variables: &[VariableSpec { name: "v", dimension: Dimension::None, check: Check::Finite, meaning: "state" }],
//!     input: Input::Sum(Dimension::None),
//!     output: Output::Spikes,
//!     threshold: Threshold::Above,
//!     integrator: "exact for x > 0 held over the tick",
//!     refractoriness: "none",
//!     counts: "drops no events",
//!     state_bytes: 4,
//! };
//!
//! #[derive(Debug)]
//! struct Qif;
//!
//! impl NeuronModel for Qif {
//!     fn spec(&self) -> &ModelSpec {
//!         &SPEC
//!     }
//!
//!     // What does not change from tick to tick is worked out here, once.
//!     fn kernel(&self, block: &Block<'_>) -> Box<dyn Kernel> {
//!         let initial = block.initial("v", &Column::One(0.0));
//!         Box::new(QifKernel { dt_over_tau: Column::map([block.param("tau")], |[tau]| block.dt_ms / tau), v: initial.clone(), initial })
//!     }
//! }
//!
//! struct QifKernel {
//!     dt_over_tau: Column,
//!     v: Vec<f64>,
//!     initial: Vec<f64>,
//! }
//!
//! impl Kernel for QifKernel {
//!     fn step(&mut self, tick: &mut Tick<'_>) {
//!         // A tick brings a run of the block's neurons: what is in `tick` belongs to the run and counts from 0, what is in `self` belongs to
//!         // the block and counts from the block's first neuron. So do the neurons that are pushed as spikes.
//!         for (at, arriving) in tick.input[0].iter().enumerate() {
//!             let n = tick.first + at;
//!             // There are no currents where no stimulus brings one.
//!             let x = arriving + tick.current.get(at).copied().unwrap_or(0.0);
//!             let (before, root) = (self.v[n], x.max(1e-12).sqrt());
//!             let phase = (before / root).atan() + root * self.dt_over_tau.at(n);
//!             self.v[n] = root * phase.tan();
//!             if phase > std::f64::consts::FRAC_PI_2 {
//!                 tick.spikes.push(n as u32);
//!             }
//!             if tick.membrane_updates {
//!                 tick.counts.membrane_updates += u64::from(tick.number == 1 || self.v[n] != before);
//!             }
//!         }
//!     }
//!
//!     fn variable(&self, name: &str) -> Option<&[f64]> {
//!         (name == "v").then_some(&self.v[..])
//!     }
//!
//!     fn reset(&mut self) {
//!         self.v.copy_from_slice(&self.initial);
//!     }
//! }
//!
//! # fn main() -> spikewatt::diagnostic::Result<()> {
//! let mut network = Network::new("quadratic");
//! network.dt_ms = Some(0.1);
//! network.unitless = true;
//! network.populations.push(Population {
//!     name: "n".into(),
//!     size: 2000,
//!     shape: vec![2000],
//!     model: Arc::new(Qif),
//!     params: BTreeMap::new(),
//!     init: BTreeMap::new(),
//! });
//! // The last neuron gets a current of 4, the others one of 1.
//! for (name, ids, value) in [("last", vec![1999], 4.0), ("others", (0..1999).collect(), 1.0)] {
//!     network.stimuli.push(Stimulus {
//!         name: name.into(),
//!         to: Target { population: "n".into(), ids },
//!         drive: Drive::Current(vec![CurrentStep { at_ms: 0.0, value }]),
//!     });
//! }
//! let net = Arc::new(CompiledNetwork::new(&network, None, None)?);
//! let mut recorder = MemoryRecorder::all_spikes(&net);
//! let mut simulation = Simulation::new(net.clone(), 2);
//! simulation.run(net.ticks(100.0), &mut recorder);
//!
//! // From 0 to infinity takes half a period, every spike after that a whole one: π tau / √x = 31.4 ms for a current of 1.
//! let spikes_of = |neuron: u32| {
//!     let train = &recorder.trains[0];
//!     train.ticks.iter().zip(&train.ids).filter(|(_, id)| **id == neuron).map(|(tick, _)| *tick).collect::<Vec<_>>()
//! };
//! assert_eq!(spikes_of(0), [158, 472, 786]);
//! assert_eq!(spikes_of(1998), spikes_of(0));
//! assert_eq!(spikes_of(1999), [79, 236, 393, 550, 707, 864]);
//! assert_eq!(simulation.counts().total().neuron_updates_clocked, 2000 * 1000);
//! # Ok(())
//! # }
//! ```
#![doc = include_str!("MODELS.md")]

mod crossing;
#[cfg(test)]
mod crossing_tests;
mod currents;
mod distribution;
pub mod exact;
mod firing;
mod fixed_state;
mod intfire1;
mod kick;
pub mod lazy;
mod lif_adaptive;
mod lif_alpha;
mod lif_cond_exp;
mod lif_delta;
mod lif_exp;
mod loihi_lif;
mod manual;
mod membrane;
mod params;
mod partial_mean;
mod passing;
mod response;
mod semantics;
mod stepwise;

pub use distribution::{Distribution, Outside, Shape};
pub use exact::ExactKernel;
pub use fixed_state::fixed_state;
pub use kick::Kick;
pub use lazy::LazyKernel;
pub use loihi_lif::{LOIHI_DECAY_UNITY, LOIHI_MAX_BIAS, LOIHI_MAX_THRESHOLD, LOIHI_STATE, LOIHI_UNIT};
pub use manual::manual;
pub use params::{Column, Values};
pub use response::{Response, STATES};
pub use semantics::{
    Compare, Decay, Floor, Gain, Integrator, KEYS, Key, MOST_SPIKES_A_STEP, OutputAt, Recurrence, Reset, ResetAt, Rest,
    SEMANTICS, Semantics, SpikeNumber, Start, Synapse, SynapticCurrent, SynapticGain, semantics_by_name,
};
pub use stepwise::{LinearStep, linear_step};

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

    /// Gives a kernel of this model the parameters of `block`, which has as many neurons, and lets it keep its state; false, and nothing
    /// done, where it cannot.
    fn renew(&self, kernel: &mut dyn Kernel, block: &Block<'_>) -> bool {
        kernel.renew(block)
    }

    /// Makes the neurons of a block in their event-driven form; `None` where the model has no closed form and is stepped.
    fn lazy(&self, _block: &Block<'_>) -> Option<Box<dyn LazyKernel>> {
        None
    }

    /// Makes the neurons of a block in exact time; `None` where the model has no closed form and needs a grid.
    fn exact(&self, _block: &Block<'_>) -> Option<Box<dyn ExactKernel>> {
        None
    }

    /// How neuron 0 of a block answers its inputs from tick to tick; `None` where that is no linear map between two spikes.
    fn response(&self, _block: &Block<'_>) -> Option<Response> {
        None
    }

    /// What is wrong with a set of parameters taken together (`v_reset` not below `v_th`), for each neuron of a block.
    fn complaints(&self, _block: &Block<'_>) -> Vec<String> {
        Vec::new()
    }

    /// The mean current, pA, that one event a second of weight 1 is to the membrane, by channel of its [`Input`] (excitatory and
    /// inhibitory, equal for [`Input::Sum`]); `param` gives the value of a parameter. It lets a constant current stand for inputs that a
    /// scaled network lacks. `None` where no current does, as where inputs change the conductance.
    fn mean_current(&self, _param: &mut dyn FnMut(&str) -> f64) -> Option<[f64; 2]> {
        None
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
    /// Where it spikes.
    pub threshold: Threshold,
    /// How its equations are stepped, and with what error.
    pub integrator: &'static str,
    /// What a spike does to the neuron for a while, and to what reaches it then.
    pub refractoriness: &'static str,
    /// What it adds to the counts beside spikes and updates, which the engine counts for every model.
    pub counts: &'static str,
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
    /// What initial values it takes.
    pub check: Check,
    /// What it means.
    pub meaning: &'static str,
}

/// What values a parameter or an initial state takes. Every value must be a number; infinities are allowed only by [`Check::Any`].
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

/// Where a model spikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threshold {
    /// Where the membrane is at its threshold or above, at the end of a tick.
    AtOrAbove,
    /// Where it is above, at the end of a tick.
    Above,
    /// Where it is above, or at it too, as the [`Semantics`] say.
    AsSemantics,
    /// It has no threshold.
    None,
}

impl Threshold {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::AtOrAbove => "at or above the threshold (>=), tested at the end of a tick, after all deliveries",
            Self::Above => "above the threshold (>), tested at the end of a tick, after all deliveries",
            Self::AsSemantics => {
                "above the threshold (>), or at it too (>=) where the semantics say so, tested at the end of a tick, after all deliveries"
            }
            Self::None => "none",
        }
    }
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

    /// A state variable to be changed between ticks; `None` where the kernel does not hand it out.
    fn variable_mut(&mut self, _name: &str) -> Option<&mut [f64]> {
        None
    }

    /// Takes the parameters of `block` from now on and keeps its state: membranes, currents, and refractoriness, of which no more stays
    /// than the new parameters would begin with. False, and nothing done, where it cannot.
    fn renew(&mut self, _block: &Block<'_>) -> bool {
        false
    }

    /// Lifts the membrane of neuron `n`, between two ticks, by exactly what it lacks to spike in the next tick if nothing more arrives then
    /// than `input` and the current `current`. What else arrives adds to it: excitation changes nothing, and inhibition may yet hold it.
    fn kick(&mut self, _n: usize, _input: [f64; 2], _current: f64) -> Kick {
        Kick::Unable
    }

    /// Adds so much to the membrane of neuron `n`, between two ticks: what [`Kernel::kick`] did to it before.
    fn lift(&mut self, _n: usize, _by: f64) {}

    /// Back to the initial state.
    fn reset(&mut self);
}

/// Every built-in model.
pub const MODELS: &[fn() -> ModelRef] = &[
    lif_delta::model,
    lif_exp::model,
    lif_alpha::model,
    lif_cond_exp::model,
    lif_adaptive::model,
    intfire1::model,
    loihi_lif::model,
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
