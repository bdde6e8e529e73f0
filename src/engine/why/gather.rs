//! What reached a neuron in some ticks.

use super::{Moment, Source};
use crate::compile::{CompiledNetwork, Incoming};
use crate::engine::stimuli::{currents, events};
use crate::neuron::Output;
use crate::record::SpikeHistory;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Something that arrived in a tick.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival {
    pub(super) source: Source,
    pub(super) tick: u64,
    pub(super) channel: usize,
    pub(super) weight: f64,
}

/// All that reached a neuron in some ticks.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// Events and numbers, each in its tick.
    pub(super) arrivals: Vec<Arrival>,
    /// Currents of stimuli: (stimulus, tick, value).
    pub(super) currents: Vec<(usize, u64, f64)>,
    /// Biases: (projection, channel, value), the same in every tick.
    pub(super) biases: Vec<(usize, usize, f64)>,
    /// Numbers that should have come are not kept.
    pub(super) numbers_missing: bool,
}

/// The ticks in which a neuron spiked, with the number of spikes, from `ticks`.
pub(super) fn own_spikes(at: Moment, ticks: RangeInclusive<u64>, history: &dyn SpikeHistory, into: &mut BTreeMap<u64, u32>) {
    history.each_spike(at.population, ticks, &mut |tick, neuron| {
        if neuron == at.neuron {
            *into.entry(tick).or_default() += 1;
        }
    });
}

/// What arrived in `ticks`.
pub(super) fn gather(
    net: &CompiledNetwork,
    at: Moment,
    ticks: RangeInclusive<u64>,
    history: &dyn SpikeHistory,
    epoch: u64,
) -> Gathered {
    let mut made = Gathered::default();
    let by_sign = net.populations[at.population].model.spec().input.channels() == 2;
    let channel = |weight: f64| usize::from(by_sign && weight < 0.0);
    for (projection, p) in net.projections.iter().enumerate().filter(|(_, p)| p.to == at.population) {
        if let Some(bias) = p.bias.as_ref().map(|bias| bias[at.neuron as usize]) {
            made.biases.push((projection, channel(bias), bias));
        }
        let incoming = net.incoming(projection, at.neuron);
        let of_source = by_source(&incoming, net.populations[p.from].size);
        let of = |neuron: u32| &incoming[of_source[neuron as usize] as usize..of_source[neuron as usize + 1] as usize];
        let longest = incoming.iter().map(|c| u64::from(c.delay)).max().unwrap_or(0);
        let output = net.populations[p.from].model.spec().output;
        if output != Output::Analog {
            // A neuron that spikes several times in a tick is one cause, with the weight of all.
            let (mut last, mut first) = (None, 0);
            history.each_spike(p.from, ticks.start().saturating_sub(longest)..=*ticks.end(), &mut |sent, neuron| {
                let again = last == Some((sent, neuron));
                if !again {
                    (last, first) = (Some((sent, neuron)), made.arrivals.len());
                }
                let arriving = of(neuron).iter().filter(|c| ticks.contains(&(sent + u64::from(c.delay))));
                for (at, c) in arriving.enumerate() {
                    if again {
                        made.arrivals[first + at].weight += c.weight;
                        continue;
                    }
                    let source = Source::Spike { projection, population: p.from, neuron, sent };
                    let tick = sent + u64::from(c.delay);
                    made.arrivals.push(Arrival { source, tick, channel: channel(c.weight), weight: c.weight });
                }
            });
        }
        if output != Output::Spikes {
            for c in &incoming {
                for tick in ticks.clone().filter(|tick| *tick > u64::from(c.delay)) {
                    match history.given(p.from, c.source, tick - u64::from(c.delay)) {
                        Some(x) => {
                            let source = Source::Numbers { projection, population: p.from, neuron: c.source };
                            let weight = x * c.weight;
                            made.arrivals.push(Arrival { source, tick, channel: channel(weight), weight });
                        }
                        // An input population that gives spikes gives no numbers.
                        None => made.numbers_missing |= output == Output::Analog,
                    }
                }
            }
        }
    }
    let n = at.neuron as usize;
    for (stimulus, s) in net.stimuli.iter().enumerate().filter(|(_, s)| s.to == at.population) {
        for tick in ticks.clone() {
            currents(s, &(n..n + 1), tick, epoch, |_, value| made.currents.push((stimulus, tick, value)));
        }
    }
    net.each_stimulus_event(at.population, at.neuron, ticks, epoch, &mut |stimulus, tick, events, weight| {
        let source = Source::Stimulus { stimulus, events };
        let weight = weight * f64::from(events);
        made.arrivals.push(Arrival { source, tick, channel: channel(weight), weight });
    });
    made
}

impl CompiledNetwork {
    /// Draws again, by their addresses, the events of stimuli that reach a neuron in some ticks, and calls `take` with the stimulus' place in
    /// [`CompiledNetwork::stimuli`], the tick, the number of its events in it, and the strength of one. Stimulus after stimulus, ticks
    /// ascending. `epoch` is what the simulation was last reset with ([`crate::engine::Simulation::epoch`]). In exact time there are no ticks
    /// to ask for, and nothing is called.
    pub fn each_stimulus_event(
        &self,
        population: usize,
        neuron: u32,
        ticks: RangeInclusive<u64>,
        epoch: u64,
        take: &mut dyn FnMut(usize, u64, u32, f64),
    ) {
        let n = neuron as usize;
        for (stimulus, s) in self.stimuli.iter().enumerate().filter(|(_, s)| s.to == population && !s.drive.is_current()) {
            for tick in ticks.clone() {
                events(s, &(n..n + 1), tick, epoch, |_, events, weight| take(stimulus, tick, events, weight));
            }
        }
    }
}

/// Where the connections of each source start, and the end.
fn by_source(incoming: &[Incoming], sources: usize) -> Vec<u32> {
    let mut starts = vec![0u32; sources + 1];
    incoming.iter().for_each(|c| starts[c.source as usize + 1] += 1);
    for s in 0..sources {
        starts[s + 1] += starts[s];
    }
    starts
}
