//! Which execution a network gets that is run by `auto`.

use super::{EngineKind, Simulation};
use crate::compile::{CompiledDrive, CompiledNetwork};
use crate::record::Silent;
use std::sync::Arc;

/// An execution, and why it was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The execution.
    pub engine: EngineKind,
    /// The reason, for people.
    pub reason: String,
}

/// Chooses by activity: where few neurons are reached in a tick it pays to touch only those.
///
/// The activity is measured, by the counts of the network's first ticks: the choice depends on the network, its seed and the length of the run
/// and on nothing else.
#[must_use]
pub fn choose(net: &Arc<CompiledNetwork>, threads: usize, ticks: u64) -> Choice {
    if net.exact {
        let reason = "without dt time is exact: spikes are not rounded to a grid, and there is none to step on".into();
        return Choice { engine: EngineKind::Event, reason };
    }
    let clock = |reason: String| Choice { engine: EngineKind::Clock, reason };
    if net.min_delay == 0 {
        return clock("layers pass on within a step, so every neuron is stepped".into());
    }
    let neurons = net.neurons() as f64;
    let limits =
        net.populations.iter().filter(|p| !p.is_input()).map(|p| (p, p.with_block(net, 0..1.min(p.size), |b| p.model.lazy(b))));
    let mut limit = f64::INFINITY;
    for (population, lazy) in limits {
        match lazy {
            Some(kernel) => limit = limit.min(kernel.pays_below()),
            None => {
                return clock(format!(
                    "`{}` has no closed form between events, so its neurons are stepped",
                    population.model.spec().name
                ));
            }
        }
    }
    let drawn = net.stimuli.iter().map(|s| match &s.drive {
        CompiledDrive::Poisson { number, .. } => {
            let targets = if s.ids.is_empty() { net.populations[s.to].size } else { s.ids.len() };
            number.mean() * targets as f64
        }
        CompiledDrive::Noise(_) => f64::INFINITY,
        _ => 0.0,
    });
    let drawn = drawn.sum::<f64>() / neurons;
    if drawn.is_infinite() {
        return clock("a noise current changes every neuron's input all the time".into());
    }
    if drawn > limit {
        return clock(format!(
            "stimuli alone bring {} events a neuron and step; touching only who is reached pays below {limit}",
            short(drawn)
        ));
    }
    // The first ticks, until spikes have had time to arrive and enough has happened, or until it is clear that little does.
    const LONGEST: u64 = 2_000;
    const ENOUGH: u64 = 2_000_000;
    let mut pilot = Simulation::with_engine(net.clone(), threads, EngineKind::Event);
    let end = LONGEST.min((ticks / 10).max(1));
    let piece = 2 * u64::from(net.max_delay.max(1));
    let activity = loop {
        pilot.run(piece.min(end - pilot.tick()), &mut Silent);
        let total = pilot.counts().total();
        let events = total.synaptic_events + total.stimulus_events;
        if pilot.tick() >= end || events >= ENOUGH {
            break events as f64 / (neurons * pilot.tick() as f64);
        }
    };
    let measured = format!("{} events a neuron and step in the first {} steps", short(activity), pilot.tick());
    if activity < limit {
        Choice { engine: EngineKind::Event, reason: format!("{measured}: touching only who is reached pays below {limit}") }
    } else {
        clock(format!("{measured}: stepping all neurons pays from {limit} on"))
    }
}

/// Two figures.
fn short(x: f64) -> String {
    if x == 0.0 || x >= 10.0 { format!("{x:.0}") } else { format!("{x:.*}", (1.0 - x.log10().floor()).max(0.0) as usize) }
}
