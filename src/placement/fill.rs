//! Neurons onto cores: contiguous stretches of neurons, each as long as the first limit that binds lets it be.
//!
//! A stretch that fits stays one that fits when neurons are taken from it, so no other cut into contiguous stretches needs fewer cores.

use super::axons::Axons;
use super::graph::{Graph, Kernel};
use super::resource::{Amounts, Resource};
use super::shape::ChipShape;
use std::collections::BTreeMap;
use std::ops::Range;

/// Neurons of one population on one core.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The core, numbered through all chips.
    pub core: usize,
    /// The population, by its place in the network.
    pub population: usize,
    /// Its neurons.
    pub neurons: Range<usize>,
}

/// A limit that single neurons pass, so that no cut helps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Passed {
    /// Neurons that pass it.
    pub(super) neurons: u64,
    /// The most that one of them needs.
    pub(super) most: u64,
}

/// Cores as they were filled.
#[derive(Debug, Default)]
pub(super) struct Filled {
    pub(super) blocks: Vec<Block>,
    /// What each core uses; axons are counted later.
    pub(super) used: Vec<Amounts>,
    /// Stretches that ended because this ran out.
    pub(super) bound: BTreeMap<Resource, u64>,
    /// What single neurons (of layered chips, layers) need too much of, by population.
    pub(super) passed: BTreeMap<(usize, Resource), Passed>,
    /// What the cores in use hold together, of chips whose cores are not alike.
    pub(super) capacity: Option<Amounts>,
    /// Chips, where they are not as many as full ones would be.
    pub(super) chips: Option<u64>,
}

/// The limits of a core.
pub(super) fn limit(shape: &ChipShape, resource: Resource) -> Option<u64> {
    match resource {
        Resource::Neurons => shape.neurons_per_core,
        Resource::Synapses => shape.synapses_per_core,
        Resource::SynapseMemory => shape.synapse_bytes_per_core,
        Resource::AxonsIn => shape.axons_in_per_core,
        Resource::AxonsOut => shape.axons_out_per_core,
    }
}

/// Fills cores in the order of populations. `out` says how many cores each neuron reaches, as far as that is known.
pub(super) fn fill(graph: &Graph<'_>, shape: &ChipShape, out: Option<&[u32]>) -> Filled {
    let mut filled = Filled::default();
    let mut axons = Axons::new(graph, shape);
    let mut core = Core::default();
    for &population in &graph.placed {
        if shape.one_population_per_core && core.neurons > 0 {
            filled.close(&mut core, &mut axons);
        }
        let kernels = if shape.shares_kernels { graph.kernels(population) } else { Vec::new() };
        core.channels = vec![None; kernels.len()];
        let range = graph.range(population);
        let mut start = 0;
        for (at, neuron) in range.enumerate() {
            let mut next = core.with(graph, shape, &kernels, neuron, at, out);
            next.set(Resource::AxonsIn, core.used.get(Resource::AxonsIn) + axons.more(graph, neuron));
            if core.neurons > 0
                && let Some(resource) = over(shape, &next)
            {
                *filled.bound.entry(resource).or_default() += 1;
                filled.stretch(population, start..at);
                filled.close(&mut core, &mut axons);
                core.channels = vec![None; kernels.len()];
                start = at;
                next = core.with(graph, shape, &kernels, neuron, at, out);
                next.set(Resource::AxonsIn, axons.more(graph, neuron));
            }
            if core.neurons == 0 {
                for resource in Resource::ALL.iter().copied().filter(|r| limit(shape, *r).is_some_and(|most| next.get(*r) > most))
                {
                    let passed = filled.passed.entry((population, resource)).or_default();
                    passed.neurons += 1;
                    passed.most = passed.most.max(next.get(resource));
                }
            }
            axons.take(graph, neuron);
            core.take(&kernels, at, next);
        }
        filled.stretch(population, start..graph.net.populations[population].size);
    }
    if core.neurons > 0 {
        filled.close(&mut core, &mut axons);
    }
    filled
}

/// The first resource of which a core would have too little.
fn over(shape: &ChipShape, used: &Amounts) -> Option<Resource> {
    Resource::ALL.iter().copied().find(|r| limit(shape, *r).is_some_and(|most| used.get(*r) > most))
}

/// The core that is being filled.
#[derive(Default)]
struct Core {
    neurons: usize,
    used: Amounts,
    /// The last channel of each kernel of the population whose weights are here.
    channels: Vec<Option<usize>>,
}

impl Core {
    /// What it would use with one neuron more, axons in left out.
    fn with(
        &self,
        graph: &Graph<'_>,
        shape: &ChipShape,
        kernels: &[Kernel],
        neuron: usize,
        at: usize,
        out: Option<&[u32]>,
    ) -> Amounts {
        let fan_in = graph.fan_in(neuron);
        let own = if shape.shares_kernels { graph.own_fan_in(neuron) } else { fan_in };
        let new = kernels.iter().zip(&self.channels).filter(|(k, last)| **last != Some(at / k.cells)).map(|(k, _)| k.weights);
        let mut used = self.used;
        used.add(Resource::Neurons, places(shape, fan_in));
        used.add(Resource::Synapses, own + new.sum::<u64>());
        used.set(Resource::SynapseMemory, (used.get(Resource::Synapses) * shape.bits()).div_ceil(8));
        used.add(Resource::AxonsOut, out.map_or(0, |out| u64::from(out[neuron])));
        used
    }

    fn take(&mut self, kernels: &[Kernel], at: usize, used: Amounts) {
        self.neurons += 1;
        self.used = used;
        for (kernel, last) in kernels.iter().zip(&mut self.channels) {
            *last = Some(at / kernel.cells);
        }
    }
}

/// Places of a core that a neuron takes.
pub(super) fn places(shape: &ChipShape, fan_in: u64) -> u64 {
    match shape.fan_in.filter(|_| shape.joins_neurons) {
        Some(each) => fan_in.div_ceil(each.max(1)).max(1),
        None => 1,
    }
}

impl Filled {
    fn stretch(&mut self, population: usize, neurons: Range<usize>) {
        if !neurons.is_empty() {
            self.blocks.push(Block { core: self.used.len(), population, neurons });
        }
    }

    fn close(&mut self, core: &mut Core, axons: &mut Axons) {
        self.used.push(core.used);
        *core = Core::default();
        axons.next_core();
    }

    /// The core of each neuron.
    pub(super) fn core_of(&self, graph: &Graph<'_>) -> Vec<u32> {
        let mut core_of = vec![0; graph.neurons];
        for block in &self.blocks {
            let first = graph.range(block.population).start;
            core_of[first + block.neurons.start..first + block.neurons.end].fill(block.core as u32);
        }
        core_of
    }
}
