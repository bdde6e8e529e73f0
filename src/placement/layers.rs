//! Chips whose cores hold a layer each: which core takes which layer.

use super::fill::{Block, Filled};
use super::graph::Graph;
use super::resource::{Amounts, Resource};
use super::shape::{ChipShape, LayerCore};
use crate::compile::Rows;

/// Gives every population a core of its own. Layers go to chips in their order, as many as the cores of a chip can take.
pub(super) fn fill(graph: &Graph<'_>, shape: &ChipShape) -> Filled {
    let mut filled = Filled { chips: Some(0), capacity: Some(Amounts::default()), ..Filled::default() };
    let mut chip: Vec<LayerCore> = Vec::new();
    for &population in &graph.placed {
        let layer = LayerCore { neurons: graph.net.populations[population].size as u64, weights: weights(graph, population) };
        let mut used = Amounts::default();
        used.set(Resource::Neurons, layer.neurons);
        used.set(Resource::Synapses, layer.weights);
        used.set(Resource::SynapseMemory, (layer.weights * shape.bits()).div_ceil(8));
        filled.blocks.push(Block { core: filled.used.len(), population, neurons: 0..layer.neurons as usize });
        filled.used.push(used);
        if matched(&[layer], &shape.layer_cores).is_none() {
            let most = |of: fn(&LayerCore) -> u64| shape.layer_cores.iter().map(of).max().unwrap_or(0);
            let (neurons, weights) = (most(|c| c.neurons), most(|c| c.weights));
            // Each alone may be there, and no core have both.
            let together = layer.neurons <= neurons && layer.weights <= weights;
            for (resource, needed, most) in
                [(Resource::Neurons, layer.neurons, neurons), (Resource::Synapses, layer.weights, weights)]
            {
                if needed > most || together {
                    let passed = filled.passed.entry((population, resource)).or_default();
                    (passed.neurons, passed.most) = (1, needed);
                }
            }
            continue;
        }
        chip.push(layer);
        if matched(&chip, &shape.layer_cores).is_none() {
            let taken = chip.split_off(chip.len() - 1);
            filled.close_chip(&chip, shape);
            chip = taken;
        }
    }
    filled.close_chip(&chip, shape);
    filled
}

impl Filled {
    fn close_chip(&mut self, layers: &[LayerCore], shape: &ChipShape) {
        if layers.is_empty() {
            return;
        }
        let chips = self.chips.get_or_insert(0);
        *chips += 1;
        let capacity = self.capacity.get_or_insert_default();
        for core in matched(layers, &shape.layer_cores).unwrap_or_default() {
            let core = shape.layer_cores[core];
            capacity.add(Resource::Neurons, core.neurons);
            capacity.add(Resource::Synapses, core.weights);
            capacity.add(Resource::SynapseMemory, (core.weights * shape.bits()).div_ceil(8));
        }
    }
}

/// Weights that a layer stores. A kernel is addressed by whole bits: `c · 2^(⌈log2 k_x k_y⌉ + ⌈log2 f⌉)` places for c channels in and f out
/// (sinabs, Speck's chip resources). A matrix is a kernel of one tap; what is neither is stored as a matrix.
fn weights(graph: &Graph<'_>, population: usize) -> u64 {
    let onto = graph.net.projections.iter().filter(|p| p.to == population);
    let of = |p: &crate::compile::CompiledProjection| match &p.rows {
        Rows::Convolution(c) => {
            let taps = (c.kernel[0] * c.kernel[1]) as u64;
            c.channels[0] as u64 * taps.next_power_of_two() * (c.channels[1] as u64).next_power_of_two()
        }
        _ => graph.net.populations[p.from].size as u64 * (graph.net.populations[population].size as u64).next_power_of_two(),
    };
    onto.map(|p| of(p)).sum()
}

/// A core for each layer, all different, where there is such a choice (Kuhn's algorithm for matchings).
fn matched(layers: &[LayerCore], cores: &[LayerCore]) -> Option<Vec<usize>> {
    fn take(layer: usize, layers: &[LayerCore], cores: &[LayerCore], taken: &mut [Option<usize>], seen: &mut [bool]) -> bool {
        for (at, core) in cores.iter().enumerate() {
            let fits = layers[layer].neurons <= core.neurons && layers[layer].weights <= core.weights;
            if !fits || std::mem::replace(&mut seen[at], true) {
                continue;
            }
            if taken[at].is_none_or(|other| take(other, layers, cores, taken, seen)) {
                taken[at] = Some(layer);
                return true;
            }
        }
        false
    }
    let mut taken = vec![None; cores.len()];
    for layer in 0..layers.len() {
        if !take(layer, layers, cores, &mut taken, &mut vec![false; cores.len()]) {
            return None;
        }
    }
    let core_of = |layer: usize| taken.iter().position(|t| *t == Some(layer));
    (0..layers.len()).map(core_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_find_cores_where_there_is_a_choice() {
        let core = |neurons, weights| LayerCore { neurons, weights };
        let cores = [core(64, 16), core(32, 32), core(16, 64)];
        assert_eq!(matched(&[core(10, 10), core(60, 10)], &cores), Some(vec![1, 0]), "the first gives way");
        assert_eq!(matched(&[core(60, 10), core(60, 10)], &cores), None);
        assert_eq!(matched(&[core(60, 60)], &cores), None, "no core has both");
        assert_eq!(matched(&[], &cores), Some(vec![]));
    }
}
