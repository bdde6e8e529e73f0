//! What a window can ask of a simulation.

use super::{Neuron, Speed};
use crate::project::Edits;

/// What a window can ask of a simulation.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Let time pass.
    Play,
    /// Hold it.
    Pause,
    /// Let so many ticks pass, and hold.
    Step(u64),
    /// Let one millisecond pass, and hold.
    StepMillisecond,
    /// Go on until a neuron spikes that is no input, and hold.
    ToNextSpike,
    /// Back to the beginning: state and history are emptied.
    Reset,
    /// How fast time passes.
    Speed(Speed),
    /// Show this sample next, by its place among the samples of the plan.
    Sample(usize),
    /// Go on to the next sample by itself when one has ended.
    KeepGoing(bool),
    /// Makes a neuron spike at the next tick.
    Kick(Neuron),
    /// The neurons whose membranes are followed.
    Watch(Vec<Neuron>),
    /// Show what a recording holds of this stretch, in ticks; a running network has its past at hand.
    Look(u64, u64),
    /// Find the first spike of a recording after a tick.
    SpikeAfter(u64),
    /// Parameters as edited, from now on.
    Edit(Box<Edits>),
}
