//! Why did it fire: the causes of a neuron's membrane at one tick, each with what is left of it then.
//!
//! Nothing is kept for it while a network runs. Spikes are looked up in a [`SpikeHistory`]; who reaches the neuron is found in the rows; what
//! stimuli brought is drawn again by its address. In models that are linear between two spikes ([`crate::neuron::NeuronModel::response`]) the
//! part of each input follows from the model's own coefficients: going back tick by tick from the spike, a vector says what a unit of
//! each state variable at the end of a tick comes to at the spike (the adjoint of the step). For one exponential it is `w e^(−Δt/tau_m)`, for
//! a synaptic current its postsynaptic potential. All parts together are the membrane. Other models are run again, alone, with and without
//! each input; what inputs do only together stays in [`Explanation::rest`].

mod gather;
mod linear;
mod replay;

use crate::compile::CompiledNetwork;
use crate::diagnostic::{Diagnostic, Result};
use crate::record::SpikeHistory;

/// A neuron at a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Its population.
    pub population: usize,
    /// The neuron.
    pub neuron: u32,
    /// The tick: the membrane is that of its threshold test, before the reset by its spike.
    pub tick: u64,
}

/// What a membrane is made of at one tick.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Where and when.
    pub spike: Moment,
    /// Whether it did spike then.
    pub spiked: bool,
    /// The membrane at the threshold test, in its own unit (mV, or a plain number).
    pub v: f64,
    /// The threshold there, with its lift in models that adapt; `None` for neurons that do not spike.
    pub threshold: Option<f64>,
    /// The last tick that nothing before matters of: of the last reset where all is forgotten then; 0 where everything counts.
    pub since: u64,
    /// Whether all that matters is kept in the history and was under the parameters of now. Where not, `v` is the threshold of a neuron that
    /// spiked and the sum of what is known of one that did not, and `rest` has what is not known.
    pub complete: bool,
    /// What is not the sum of parts: 0 but for rounding in models that are linear between spikes; in others, what causes do only together.
    pub rest: f64,
    /// Every cause, the largest part first, positive or negative.
    pub causes: Vec<Cause>,
}

/// One cause of a membrane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cause {
    /// What it was.
    pub source: Source,
    /// The tick in which it arrived; of what acts in many ticks, the last.
    pub arrived: u64,
    /// The weight that arrived, of all its events together; 0 where there is none.
    pub weight: f64,
    /// What is left of it in the membrane, in the membrane's unit.
    pub part: f64,
    /// It met a refractory neuron and was dropped.
    pub dropped: bool,
}

/// What a cause was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Source {
    /// A spike along a connection; several in one tick are one cause.
    Spike {
        /// The projection.
        projection: usize,
        /// Its source population.
        population: usize,
        /// The neuron that spiked.
        neuron: u32,
        /// The tick in which it did.
        sent: u64,
    },
    /// The numbers that a neuron gave along a connection, all ticks together.
    Numbers {
        /// The projection.
        projection: usize,
        /// Its source population.
        population: usize,
        /// The neuron that gave them.
        neuron: u32,
    },
    /// Events of a stimulus in one tick.
    Stimulus {
        /// Its place in [`CompiledNetwork::stimuli`].
        stimulus: usize,
        /// How many.
        events: u32,
    },
    /// The current of a stimulus, all ticks together.
    Current {
        /// Its place in [`CompiledNetwork::stimuli`].
        stimulus: usize,
    },
    /// The bias of a projection, all ticks together.
    Bias {
        /// The projection.
        projection: usize,
    },
    /// A kick by hand.
    Kick,
    /// The neuron's own earlier spike, as far as its reset is still felt.
    Reset,
    /// The membrane and the currents at the start of the run.
    Start,
    /// The leak towards rest and the constant current, all ticks together; of models that are run again also what a reset and the start
    /// left.
    Constant,
}

impl CompiledNetwork {
    /// Explains the membrane of a neuron at the threshold test of a tick, whether it spiked then or not. `epoch` is what the simulation was
    /// last reset with ([`crate::engine::Simulation::epoch`]). It takes some milliseconds for ten million connections. In models that are run
    /// again it takes about a tenth of a second at most: where inputs are many, those of neighbouring ticks share their part by weight.
    ///
    /// Of a neuron whose threshold was taken off before its test (a membrane that stayed above its threshold after a spike, under semantics that
    /// take it off twice), `v` is the membrane before that.
    ///
    /// # Errors
    /// A neuron that is not there, one that has no membrane, or a tick before the first or that is not kept; exact time; a model that is neither
    /// linear between spikes nor can be run again with a threshold moved.
    pub fn explain(&self, spike: Moment, history: &dyn SpikeHistory, epoch: u64) -> Result<Explanation> {
        let there = self.populations.get(spike.population).filter(|p| (spike.neuron as usize) < p.size);
        let Some(p) = there else {
            return Err(Diagnostic::new(format!("there is no neuron {} of population {}", spike.neuron, spike.population)).into());
        };
        let place = format!("population.{}", p.name);
        if self.exact {
            let told = Diagnostic::at("dt", "spikes are explained on a grid, not in exact time");
            return Err(told.help("give it a grid: dt = \"0.1 ms\"").into());
        }
        if p.is_input() {
            let told = Diagnostic::at(place, "a neuron of an input population spikes because it is told to");
            return Err(told.help("ask for one that it reaches").into());
        }
        if spike.tick == 0 || spike.tick < history.first_tick() {
            let told = Diagnostic::at(place, format!("tick {} is not kept; the first is {}", spike.tick, history.first_tick()));
            return Err(told.into());
        }
        let n = spike.neuron as usize;
        match p.with_block(self, n..n + 1, |block| p.model.response(block)) {
            Some(response) => Ok(linear::explain(self, &response, spike, history, epoch)),
            None => replay::explain(self, spike, history, epoch),
        }
    }
}

impl Explanation {
    /// Puts causes together; `v` is the sum where nothing else says what it is.
    fn new(spike: Moment, spiked: bool, threshold: Option<f64>, mut causes: Vec<Cause>, v: Option<f64>) -> Self {
        let sum: f64 = causes.iter().map(|cause| cause.part).sum();
        causes.sort_by(|a, b| b.part.abs().total_cmp(&a.part.abs()).then(b.arrived.cmp(&a.arrived)));
        let v = v.unwrap_or(sum);
        Self { spike, spiked, v, threshold, since: 0, complete: true, rest: v - sum, causes }
    }
}
