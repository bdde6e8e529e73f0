//! Why a network does not fit: every reason, with its numbers.

use super::fill::{Filled, limit};
use super::graph::Graph;
use super::resource::Resource;
use super::shape::ChipShape;

/// Everything that does not fit, in words; `cores` and `chips` are what is needed.
pub(super) fn reasons(graph: &Graph<'_>, shape: &ChipShape, filled: &Filled, cores: u64, chips: u64) -> Vec<String> {
    let mut why = Vec::new();
    let name = |population: usize| &graph.net.populations[population].name;
    for (&(population, resource), passed) in &filled.passed {
        let population = name(population);
        if shape.layer_cores.is_empty() {
            let held = limit(shape, resource).unwrap_or(0);
            let (what, one) = (resource.name(), if passed.neurons == 1 { "neuron needs" } else { "neurons need" });
            why.push(if resource == Resource::AxonsOut {
                let lie = if passed.neurons == 1 { "neuron lies on a core" } else { "neurons lie on cores" };
                format!("`{population}`: {} {lie} with {} {what} in use, a core has {held}", passed.neurons, passed.most)
            } else {
                format!("`{population}`: {} {one} up to {} {what} each, a core has {held}", passed.neurons, passed.most)
            });
        } else {
            let of = |core: &super::LayerCore| if resource == Resource::Neurons { core.neurons } else { core.weights };
            let held = shape.layer_cores.iter().map(of).max().unwrap_or(0);
            let what = if resource == Resource::Neurons { "neurons" } else { "weights" };
            why.push(format!("layer `{population}` has {} {what}, the largest core for a layer holds {held}", passed.most));
        }
    }
    why.extend(fan_in(graph, shape));
    if let Some(most) = shape.delay_ticks.filter(|most| !graph.net.exact && u64::from(graph.net.max_delay) > *most) {
        why.push(format!("delays of up to {} ticks, the device holds {most}", graph.net.max_delay));
    }
    if let Some(most) = shape.kernel_side {
        for &population in &graph.placed {
            let side = graph.convolutions(population).flat_map(|c| c.kernel).max().unwrap_or(0) as u64;
            if side > most {
                why.push(format!("`{}`: a kernel with a side of {side}, the device takes {most}", name(population)));
            }
        }
    }
    if let Some(most) = shape.layer_fan_out {
        let heard: Vec<Vec<usize>> = graph.placed.iter().map(|p| graph.heard(*p)).collect();
        for &population in &graph.placed {
            let feeds = heard.iter().filter(|heard| heard.contains(&population)).count() as u64;
            if feeds > most {
                why.push(format!("`{}` feeds {feeds} layers, the device lets a layer feed {most}", name(population)));
            }
        }
    }
    why.extend(too_many(shape, filled, cores, chips));
    why
}

/// Neurons with more synapses than one may have.
fn fan_in(graph: &Graph<'_>, shape: &ChipShape) -> Option<String> {
    let most = shape.fan_in.filter(|_| !shape.joins_neurons)?;
    let largest = (0..graph.neurons).map(|n| graph.fan_in(n)).max().filter(|n| *n > most)?;
    let beyond = (0..graph.neurons).filter(|n| graph.fan_in(*n) > most).count();
    let of = if beyond == 1 { "1 neuron has".to_owned() } else { format!("{beyond} neurons have") };
    Some(format!("{largest} synapses onto one neuron, the device holds {most} ({of} more)"))
}

/// More than the largest system holds.
fn too_many(shape: &ChipShape, filled: &Filled, cores: u64, chips: u64) -> Vec<String> {
    if chips <= shape.chips {
        return Vec::new();
    }
    let all = shape.cores.saturating_mul(shape.chips);
    let mut why = Vec::new();
    if shape.layer_cores.is_empty() {
        for resource in [Resource::Neurons, Resource::Synapses, Resource::SynapseMemory] {
            let needed: u64 = filled.used.iter().map(|used| used.get(resource)).sum();
            if let Some(held) = limit(shape, resource).map(|each| each.saturating_mul(all)).filter(|held| needed > *held) {
                why.push(format!("{needed} {}, the device holds {held}", resource.name()));
            }
        }
    }
    // Of a device that is one core, the sums say it all.
    if why.is_empty() || all > 1 {
        let what = if shape.layer_cores.is_empty() { "cores" } else { "layers" };
        why.push(if shape.chips == 1 {
            format!("{cores} {what} are needed, the device has {}", shape.cores)
        } else {
            format!("{chips} chips are needed, the largest system has {}", shape.chips)
        });
    }
    why
}
