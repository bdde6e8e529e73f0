//! What reaches the neurons that are followed: connections looked up on a thread of their own, and kept.

use crate::number::grouped;
use crate::session::{Neuron, Spikes, Trace};
use eframe::egui::Context;
use spikewatt::compile::{CompiledNetwork, Incoming};
use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Weak};

/// The connections of a projection onto a neuron, by ascending source.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    pub(super) from: usize,
    pub(super) connections: Vec<Incoming>,
    /// Whether a source reaches the neuron, by its id: most spikes do not, and are passed over.
    reaches: Vec<bool>,
}

impl Wire {
    fn new(from: usize, connections: Vec<Incoming>) -> Self {
        let mut reaches = vec![false; connections.last().map_or(0, |last| last.source as usize + 1)];
        connections.iter().for_each(|c| reaches[c.source as usize] = true);
        Self { from, connections, reaches }
    }
}

/// Who sent what arrives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sender {
    Neuron(Neuron),
    /// A stimulus, by its place in the network.
    Stimulus(usize),
}

/// A spike that arrives, or events of a stimulus.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Arrival {
    pub(super) tick: u64,
    pub(super) from: Sender,
    pub(super) events: u32,
    pub(super) weight: f64,
}

enum Found {
    Waiting(Receiver<Vec<Wire>>),
    Known(Vec<Wire>),
}

/// What is known of who reaches whom.
#[derive(Default)]
pub(super) struct Wires {
    net: Weak<CompiledNetwork>,
    known: BTreeMap<Neuron, Found>,
}

/// Spikes that are looked through in a frame for one neuron; where there are more, one has to zoom in.
const LOOKED_THROUGH: usize = 200_000;

/// Why there are no arrivals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// Connections are being looked up.
    LookedUp,
    /// Too many spikes are in view.
    TooMany,
}

impl Wires {
    /// Connections onto a neuron, as soon as they are found; only neurons of `kept` stay known.
    pub(super) fn of(&mut self, ctx: &Context, net: &Arc<CompiledNetwork>, neuron: Neuron, kept: &[Neuron]) -> Option<&[Wire]> {
        if !std::ptr::eq(self.net.as_ptr(), Arc::as_ptr(net)) {
            self.net = Arc::downgrade(net);
            self.known.clear();
        }
        self.known.retain(|n, _| *n == neuron || kept.contains(n));
        let found = self.known.entry(neuron).or_insert_with(|| {
            let (send, receive) = channel();
            let (net, ctx) = (net.clone(), ctx.clone());
            let looking = std::thread::Builder::new().name("connections".into()).spawn(move || {
                // The panel may have gone meanwhile.
                let _ = send.send(wires(&net, neuron));
                ctx.request_repaint();
            });
            drop(looking);
            Found::Waiting(receive)
        });
        if let Found::Waiting(receive) = found
            && let Ok(wires) = receive.try_recv()
        {
            *found = Found::Known(wires);
        }
        match found {
            Found::Known(wires) => Some(wires),
            Found::Waiting(_) => None,
        }
    }
}

fn wires(net: &CompiledNetwork, neuron: Neuron) -> Vec<Wire> {
    let onto = net.projections.iter().enumerate().filter(|(_, p)| p.to == neuron.population);
    onto.map(|(at, p)| Wire::new(p.from, net.incoming(at, neuron.id))).filter(|w| !w.connections.is_empty()).collect()
}

/// Spikes that arrive from tick `from` to `to`: each comes as many ticks after it was fired as its connection takes.
pub(super) fn arrivals(spikes: &Spikes, wires: &[Wire], from: u64, to: u64) -> Result<Vec<Arrival>, Missing> {
    let mut found = Vec::new();
    let mut left = LOOKED_THROUGH;
    for wire in wires {
        let delays = wire.connections.iter().map(|c| u64::from(c.delay));
        let (shortest, longest) = (delays.clone().min().unwrap_or(0), delays.max().unwrap_or(0));
        let Some(last) = to.checked_sub(shortest) else { continue };
        let (ticks, ids) = spikes.between(wire.from, from.saturating_sub(longest), last);
        left = left.checked_sub(ticks.len()).ok_or(Missing::TooMany)?;
        let reaching = ticks.iter().zip(ids).filter(|(_, id)| wire.reaches.get(**id as usize) == Some(&true));
        for (tick, id) in reaching {
            let first = wire.connections.partition_point(|c| c.source < *id);
            for connection in wire.connections[first..].iter().take_while(|c| c.source == *id) {
                let tick = tick + u64::from(connection.delay);
                if (from..=to).contains(&tick) {
                    let from = Sender::Neuron(Neuron { population: wire.from, id: *id });
                    found.push(Arrival { tick, from, events: 1, weight: connection.weight });
                }
            }
        }
    }
    Ok(found)
}

/// Events of stimuli that arrived from tick `from` to `to`, while the neuron was followed.
pub(super) fn of_stimuli(trace: Option<&Trace>, from: u64, to: u64) -> impl Iterator<Item = Arrival> {
    let events = trace.into_iter().flat_map(move |trace| trace.stimuli(from, to));
    events.map(|e| Arrival { tick: e.tick, from: Sender::Stimulus(e.stimulus), events: e.events, weight: e.weight })
}

/// How many events arrive from whom, in words.
pub(super) fn told(net: &CompiledNetwork, arrivals: &[Arrival]) -> String {
    let (mut populations, mut stimuli) = (BTreeMap::<usize, u64>::new(), BTreeMap::<usize, u64>::new());
    for arrival in arrivals {
        let of = match arrival.from {
            Sender::Neuron(neuron) => populations.entry(neuron.population).or_default(),
            Sender::Stimulus(at) => stimuli.entry(at).or_default(),
        };
        *of += u64::from(arrival.events);
    }
    let population = |(at, n): (usize, u64)| Some(format!("{} from {}", grouped(n), net.populations.get(at)?.name));
    let stimulus = |(at, n): (usize, u64)| Some(format!("{} from stimulus {}", grouped(n), net.stimuli.get(at)?.name));
    let parts = populations.into_iter().filter_map(population).chain(stimuli.into_iter().filter_map(stimulus));
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spikes_arrive_a_delay_after_they_are_fired() {
        let mut spikes = Spikes::default();
        spikes.extend(0, &[5, 10, 10, 12], &[3, 3, 4, 3]);
        let connection = |delay, weight| Incoming { source: 3, weight, delay };
        let wires = [Wire::new(0, vec![connection(2, 1.5), connection(7, -1.0)])];
        let found = arrivals(&spikes, &wires, 12, 14).expect("few");
        let sender = Sender::Neuron(Neuron { population: 0, id: 3 });
        let told: Vec<_> = found.iter().map(|a| (a.tick, a.from == sender, a.weight)).collect();
        assert_eq!(told, [(12, true, -1.0), (12, true, 1.5), (14, true, 1.5)]);
        spikes.extend(0, &vec![20; LOOKED_THROUGH + 1], &vec![1; LOOKED_THROUGH + 1]);
        assert_eq!(arrivals(&spikes, &wires, 20, 30), Err(Missing::TooMany));
    }
}
