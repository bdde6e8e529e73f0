//! Time passes: three executions of one meaning.
//!
//! Order at one tick: stimuli; deliveries; threshold tests after all deliveries of that tick; fan-out; samples. A spike of tick t with
//! delay d counts in tick t + d. Projections that deliver within the tick (delay 0, layered networks) are followed in topological
//! order, so that a layer sees what the layer below did in the same tick.
//!
//! - **clock** steps whole populations by vector code and delivers spikes as events: what is due in a tick is pulled then, so that all of a
//!   tick's events add to one small array.
//! - **event** touches a neuron only when something reaches it and predicts its next crossing in between; neurons without a closed form are
//!   stepped.
//! - **reference** steps one neuron after the other and keeps a plain list of what is on its way.
//!
//! A network without a grid has its own execution, which is event-driven all through ([`ExactSimulation`]).
//!
//! They give the same spikes and counts. Membranes agree but for rounding: what arrives together is added in another order, and the event
//! execution advances k ticks at once; so a membrane within some 10⁻¹² mV of its threshold could be told differently.

mod arrivals;
mod barrier;
mod batch;
mod calendar;
mod choice;
mod convolve;
mod deliver;
mod exact;
mod live;
mod matrix;
mod part;
mod reference;
mod slice;
mod sliced;
mod stimuli;
mod why;

pub use batch::{SampleOutcome, run_samples, run_samples_in_pieces};
pub use choice::{Choice, choose};
pub use exact::ExactSimulation;
pub use why::{Cause, Explanation, Moment, Source};

use crate::compile::CompiledNetwork;
use crate::counts::EventCounts;
use crate::record::Recorder;
use crate::spike::InputTrain;
use reference::Reference;
use sliced::Sliced;
use std::sync::Arc;

/// Which execution runs a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineKind {
    /// Whole populations stepped, spikes delivered as events.
    Clock,
    /// Neurons touched only when something reaches them; those without a closed form are stepped.
    Event,
    /// Neuron after neuron, plainly: what the others are held to.
    Reference,
}

/// Every execution.
pub const ENGINES: &[EngineKind] = &[EngineKind::Clock, EngineKind::Event, EngineKind::Reference];

impl EngineKind {
    /// The name in reports and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Event => "event",
            Self::Reference => "reference",
        }
    }
}

/// A network in time.
pub struct Simulation {
    net: Arc<CompiledNetwork>,
    body: Body,
}

enum Body {
    Sliced(Sliced),
    Reference(Reference),
    Exact(ExactSimulation),
}

impl std::fmt::Debug for Simulation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulation").field("net", &self.net.name).field("tick", &self.tick()).finish_non_exhaustive()
    }
}

impl Simulation {
    /// A simulation at time 0 that steps its neurons, on at most so many threads: as many as the network has shards.
    ///
    /// Networks that deliver within the tick have one shard; their samples run side by side instead ([`run_samples`]).
    #[must_use]
    pub fn new(net: Arc<CompiledNetwork>, threads: usize) -> Self {
        Self::with_engine(net, threads, EngineKind::Clock)
    }

    /// A simulation at time 0 by the execution `engine`; a network in exact time has its own.
    #[must_use]
    pub fn with_engine(net: Arc<CompiledNetwork>, threads: usize, engine: EngineKind) -> Self {
        let body = match engine {
            _ if net.exact => Body::Exact(ExactSimulation::new(net.clone(), threads)),
            EngineKind::Clock => Body::Sliced(Sliced::new(net.clone(), threads, false)),
            EngineKind::Event => Body::Sliced(Sliced::new(net.clone(), threads, true)),
            EngineKind::Reference => Body::Reference(Reference::new(net.clone())),
        };
        Self { net, body }
    }

    /// So many of `threads` as a network keeps busy between two meetings: threads meet once in a minimum delay, and a neuron's step takes
    /// about a nanosecond, with random input three.
    #[must_use]
    pub fn worthwhile_threads(net: &CompiledNetwork, threads: usize, engine: EngineKind) -> usize {
        const WORTH_A_MEETING: u64 = 4096;
        // Neurons that are touched on demand cost next to nothing most of the time.
        const SELDOM: u64 = 16;
        let drawn = |population: usize| net.stimuli.iter().filter(|s| s.to == population && s.is_drawn_by_run()).count() as u64;
        let step: u64 = net.populations.iter().enumerate().map(|(at, p)| p.size as u64 * (1 + 2 * drawn(at))).sum();
        let step = if engine == EngineKind::Event { step / SELDOM } else { step };
        threads.clamp(1, ((step * u64::from(net.min_delay.max(1)) / WORTH_A_MEETING) as usize).max(1))
    }

    /// The network.
    #[must_use]
    pub fn network(&self) -> &Arc<CompiledNetwork> {
        &self.net
    }

    /// Ticks passed.
    #[must_use]
    pub fn tick(&self) -> u64 {
        match &self.body {
            Body::Sliced(sliced) => sliced.tick(),
            Body::Reference(reference) => reference.tick(),
            Body::Exact(exact) => exact.tick(),
        }
    }

    /// Back to time 0: every state, queue and count as at the start. Random stimuli draw as if `epoch` ticks had passed before, so that
    /// samples run one after the other, or side by side, do not hear the same noise.
    pub fn reset(&mut self, epoch: u64) {
        match &mut self.body {
            Body::Sliced(sliced) => sliced.reset(epoch),
            Body::Reference(reference) => reference.reset(epoch),
            Body::Exact(exact) => exact.reset(epoch),
        }
    }

    /// Gives an input population what it puts out from now on; tick 1 of the train is the next tick.
    pub fn set_input(&mut self, population: usize, train: Arc<InputTrain>) {
        match &mut self.body {
            Body::Sliced(sliced) => sliced.set_input(population, &train),
            Body::Reference(reference) => reference.set_input(population, train),
            Body::Exact(exact) => exact.set_input(population, &train),
        }
    }

    /// Lets so many ticks pass.
    pub fn run(&mut self, ticks: u64, recorder: &mut dyn Recorder) {
        match &mut self.body {
            Body::Sliced(sliced) => sliced.run(ticks, recorder),
            Body::Reference(reference) => reference.run(ticks, recorder),
            Body::Exact(exact) => exact.run(ticks, recorder),
        }
    }

    /// Exact counts since the start.
    #[must_use]
    pub fn counts(&self) -> EventCounts {
        let net = &*self.net;
        let mut counts = match &self.body {
            Body::Sliced(sliced) => sliced.counts(),
            Body::Reference(reference) => reference.counts().clone(),
            Body::Exact(exact) => return exact.counts(),
        };
        counts.ticks = self.tick();
        counts.samples = 1;
        for (p, count) in net.projections.iter().zip(&mut counts.projections) {
            count.spikes_in = counts.populations[p.from].spikes;
            count.dense_macs = p.rows.synapses(net.populations[p.from].size) * counts.ticks;
        }
        counts
    }
}
