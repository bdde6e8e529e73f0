//! Which core holds which neurons: cores and chips that a network needs on a chip, what of it does not fit and why, and the messages that its
//! spikes take between cores.
//!
//! [`place`] is a rule, not a search, so that it takes seconds on a million neurons and gives the same on every machine:
//!
//! - Populations are taken in the network's order and their neurons by number. Each core takes neurons until the first limit binds: places,
//!   synapses, bytes for weights at the chip's width, input axons (source neurons that a core hears), output axons (cores that its
//!   neurons reach, added up). No other cut into contiguous stretches needs fewer cores; an optimiser that moves neurons may need fewer still.
//! - Output axons depend on where targets lie, so they are counted after a first filling and, where they pass their limit, taken as given in the
//!   next one, a few times.
//! - Inputs take no core: their spikes come from outside. Nor do pools and other relays, which are the end of the layer before or are
//!   multiplied into the weights behind.
//! - A convolution's kernel is stored once a core for each channel that has neurons there, where the chip can share it
//!   ([`ChipShape::shares_kernels`]); else every connection has a weight of its own.
//! - A neuron's synapses stay on one core: fan-in is split only over places of that core, and only where the chip can
//!   ([`ChipShape::joins_neurons`]). Neurons that then fit no core are a reason why the network does not fit; they are placed all the same, so
//!   that the rest can be told.
//!
//! Cores lie boustrophedon on the chip's mesh, chips on a system as square as it can be. Hops are steps between tiles along x and y.
//!
//! Messages, hops and the events of each core are exact where the spikes of every neuron were counted
//! ([`NeuronSpikes`](crate::record::NeuronSpikes)); else each neuron of a population is taken to have spiked as often as their mean.

mod axons;
mod fill;
mod graph;
mod layers;
mod reasons;
mod resource;
mod route;
mod shape;
mod traffic;

#[cfg(test)]
mod tests;

pub use fill::Block;
pub use resource::{Resource, Utilisation};
pub use shape::{ChipShape, LayerCore, Routing};

use crate::compile::CompiledNetwork;
use crate::counts::EventCounts;
use crate::neuron::Output;
use fill::{Filled, fill, limit};
use graph::Graph;
use route::Grid;
use traffic::{Sent, Traffic, traffic};

/// How often cores are filled anew because their neurons reach too many others.
const FILLINGS: usize = 8;

/// A network on the cores of a chip, or of several.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// Cores in use.
    pub cores: u64,
    /// Chips that have so many.
    pub chips: u64,
    /// Places for neurons that are taken: more than neurons where some take several, or need copies.
    pub places: u64,
    /// Every reason why it does not fit; empty where it does.
    pub why_not: Vec<String>,
    /// How full the cores are, for each resource that has a limit.
    pub utilisation: Vec<Utilisation>,
    /// The limit that ended most stretches; absent where no population was cut.
    pub bound_by: Option<Resource>,
    /// What spikes take.
    pub messages: Messages,
    /// What was assumed.
    pub assumed: Vec<String>,
    /// Who lies where, core by core.
    pub blocks: Vec<Block>,
    /// Neurons of each core.
    pub core_neurons: Vec<u64>,
    /// Synaptic events of each core, all samples.
    pub core_events: Vec<f64>,
    /// Ticks that they took.
    pub ticks: u64,
    /// What the spikes of each population do.
    pub(crate) sent: Vec<Sent>,
}

/// Messages between cores, all samples.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Messages {
    /// Spikes of placed neurons that have targets.
    pub spikes: f64,
    /// Messages of those spikes.
    pub messages: f64,
    /// Messages of the spikes of inputs, which come from outside.
    pub from_input: f64,
    /// Hops of the messages of placed neurons; absent where the mesh is not known.
    pub hops: Option<f64>,
    /// Of the messages of placed neurons, those that go to another chip.
    pub off_chip: f64,
    /// True where each neuron's spikes were counted; false where a population's mean stands for its neurons.
    pub exact: bool,
}

impl Messages {
    /// Messages of a spike, on average.
    #[must_use]
    pub fn per_spike(&self) -> Option<f64> {
        (self.spikes > 0.0).then(|| self.messages / self.spikes)
    }

    /// Hops of a spike's message, on average; 0 within a tile.
    #[must_use]
    pub fn mean_hops(&self) -> Option<f64> {
        self.hops.filter(|_| self.messages > 0.0).map(|hops| hops / self.messages)
    }
}

impl Placement {
    /// True where nothing speaks against it.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.why_not.is_empty()
    }

    /// The same network in the same places, after other counts: a placement costs a walk over all synapses, and this next to nothing.
    ///
    /// Of a placement that was made of the spikes of each neuron, those are not known for other counts: messages and events stay as they are.
    #[must_use]
    pub fn after(&self, net: &CompiledNetwork, counts: &EventCounts) -> Self {
        if self.messages.exact {
            return self.clone();
        }
        let meshed = self.messages.hops.is_some();
        let (messages, core_events) = tally(net, counts, &self.sent, meshed, false, self.core_events.len());
        Self { messages, core_events, ticks: counts.ticks, ..self.clone() }
    }

    /// Time of a tick that its slowest core takes, seconds, where an update of a neuron and a synaptic event take so long one after the other;
    /// events are spread evenly over ticks. The barrier between ticks comes on top.
    #[must_use]
    pub fn core_time(&self, update_s: f64, event_s: f64) -> f64 {
        let ticks = self.ticks.max(1) as f64;
        let of = |(neurons, events): (&u64, &f64)| *neurons as f64 * update_s + events / ticks * event_s;
        self.core_neurons.iter().zip(&self.core_events).map(of).fold(0.0, f64::max)
    }
}

/// Places a network on chips of a shape. `counts` are those of a run of it; `spikes` the spikes of each neuron of each population in that
/// run, where they were counted.
///
/// # Panics
/// Never for counts and spikes of that network.
#[must_use]
pub fn place(net: &CompiledNetwork, counts: &EventCounts, spikes: Option<&[Vec<u64>]>, shape: &ChipShape) -> Placement {
    let graph = Graph::new(net);
    let weigh = |population: usize, source: usize| spikes.map_or(1, |spikes| spikes[population][source]);
    let mut filled = if shape.layer_cores.is_empty() { fill(&graph, shape, None) } else { layers::fill(&graph, shape) };
    let mut found = walk(&graph, shape, &mut filled, &weigh);
    for round in 1..FILLINGS {
        let most = filled.used.iter().map(|used| used.get(Resource::AxonsOut)).max().unwrap_or(0);
        if shape.axons_out_per_core.is_none_or(|limit| most <= limit) || !shape.layer_cores.is_empty() {
            break;
        }
        // Cores that are filled anew are more, and each neuron reaches more of them: later rounds leave ever more room for it.
        let room = |n: &u32| n + (u64::from(*n) * (round as u64 - 1)).div_ceil(64) as u32;
        let reached: Vec<u32> = found.reached.iter().map(room).collect();
        filled = fill(&graph, shape, Some(&reached));
        found = walk(&graph, shape, &mut filled, &weigh);
    }
    finish(&graph, counts, spikes.is_some(), shape, filled, found)
}

/// Walks the spikes of a filling and notes the axons of its cores.
fn walk(graph: &Graph<'_>, shape: &ChipShape, filled: &mut Filled, weigh: &(dyn Fn(usize, usize) -> u64 + Sync)) -> Traffic {
    let (cores, core_of) = (filled.used.len(), filled.core_of(graph));
    let found = traffic(graph, &Grid::new(shape, cores), shape.routing, &core_of, cores, weigh);
    for (used, heard) in filled.used.iter_mut().zip(&found.heard) {
        used.set(Resource::AxonsIn, *heard);
        used.set(Resource::AxonsOut, 0);
    }
    for (core, reached) in core_of.iter().zip(&found.reached) {
        filled.used[*core as usize].add(Resource::AxonsOut, u64::from(*reached));
    }
    found
}

/// The placement of a filling.
fn finish(
    graph: &Graph<'_>,
    counts: &EventCounts,
    exact: bool,
    shape: &ChipShape,
    mut filled: Filled,
    found: Traffic,
) -> Placement {
    let mut assumed = Vec::new();
    let mut cores = filled.used.len() as u64;
    let mut places: u64 = filled.used.iter().map(|used| used.get(Resource::Neurons)).sum();
    if shape.routing == Routing::OneTarget {
        let copies: u64 = found.reached.iter().map(|n| u64::from(n.saturating_sub(1))).sum();
        if copies > 0 {
            let more = shape.neurons_per_core.map_or(0, |each| copies.div_ceil(each.max(1)));
            assumed.push(format!("{copies} copies of neurons on {more} cores more: a neuron reaches one core alone"));
            (cores, places) = (cores + more, places + copies);
        }
    }
    filled.passed.retain(|(_, resource), _| *resource != Resource::AxonsOut);
    if shape.axons_out_per_core.is_some_and(|limit| filled.used.iter().any(|used| used.get(Resource::AxonsOut) > limit)) {
        for block in &filled.blocks {
            let used = filled.used[block.core].get(Resource::AxonsOut);
            if shape.axons_out_per_core.is_some_and(|limit| used > limit) {
                let passed = filled.passed.entry((block.population, Resource::AxonsOut)).or_default();
                passed.neurons += block.neurons.len() as u64;
                passed.most = passed.most.max(used);
            }
        }
    }
    let chips = filled.chips.unwrap_or(0).max(if shape.layer_cores.is_empty() { cores.div_ceil(shape.cores.max(1)) } else { 0 });
    let chips = chips.max(u64::from(cores > 0));
    for (population, p) in graph.net.populations.iter().enumerate() {
        if !p.is_input() && p.model.spec().output == Output::Analog && graph.reaches_any(population) {
            assumed.push(format!("`{}` passes on numbers in every tick; their messages are not counted", p.name));
        }
    }
    let (messages, core_events) = tally(graph.net, counts, &found.sent, shape.mesh.is_some(), exact, filled.used.len());
    if !exact {
        assumed.push("every neuron of a population spikes as often as their mean".to_owned());
    }
    if !graph.net.stimuli.is_empty() {
        assumed.push("what stimuli bring comes from outside: it takes no axon and no core".to_owned());
    }
    Placement {
        cores,
        chips,
        places,
        why_not: reasons::reasons(graph, shape, &filled, cores, chips),
        utilisation: utilisation(shape, &filled),
        bound_by: filled.bound.iter().max_by_key(|(resource, n)| (**n, std::cmp::Reverse(**resource))).map(|(r, _)| *r),
        messages,
        assumed,
        core_neurons: filled.used.iter().map(|used| used.get(Resource::Neurons)).collect(),
        core_events,
        ticks: counts.ticks,
        blocks: filled.blocks,
        sent: found.sent,
    }
}

/// What populations' spikes take together, and the events of each core. Without spikes of each neuron every source was walked once, and each
/// stands for the mean of its population.
fn tally(
    net: &CompiledNetwork,
    counts: &EventCounts,
    sent: &[Sent],
    meshed: bool,
    exact: bool,
    cores: usize,
) -> (Messages, Vec<f64>) {
    let mut messages = Messages { hops: meshed.then_some(0.0), exact, ..Messages::default() };
    let mut core_events = vec![0.0; cores];
    for ((p, counts), sent) in net.populations.iter().zip(&counts.populations).zip(sent) {
        let share = if exact { 1.0 } else { counts.spikes as f64 / (p.size as f64).max(1.0) };
        core_events.iter_mut().zip(&sent.events).for_each(|(all, more)| *all += *more as f64 * share);
        if p.is_input() {
            messages.from_input += sent.messages as f64 * share;
            continue;
        }
        messages.spikes += sent.spikes as f64 * share;
        messages.messages += sent.messages as f64 * share;
        messages.off_chip += sent.off_chip as f64 * share;
        messages.hops = messages.hops.map(|hops| hops + sent.hops as f64 * share);
    }
    (messages, core_events)
}

fn utilisation(shape: &ChipShape, filled: &Filled) -> Vec<Utilisation> {
    let of = |resource: Resource| {
        let used: u64 = filled.used.iter().map(|used| used.get(resource)).sum();
        let fullest = filled.used.iter().map(|used| used.get(resource)).max().unwrap_or(0);
        let layer = |core: &LayerCore| if resource == Resource::Neurons { core.neurons } else { core.weights };
        let (limit, all) = match filled.capacity {
            Some(capacity) if matches!(resource, Resource::Neurons | Resource::Synapses) => {
                (shape.layer_cores.iter().map(layer).max()?, capacity.get(resource))
            }
            _ => limit(shape, resource).map(|limit| (limit, limit.saturating_mul(filled.used.len() as u64)))?,
        };
        let share = if all == 0 { 0.0 } else { used as f64 / all as f64 };
        Some(Utilisation { resource, limit, fullest, used, share })
    };
    Resource::ALL.iter().copied().filter_map(of).collect()
}
