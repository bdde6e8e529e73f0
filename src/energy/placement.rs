//! `[placement]`: how a chip's cores lie and speak, and the shape that placement sees.

use super::device::{Device, DeviceKind, Limit, Runs};
use super::evidence::Source;
use super::figure::FigureName;
use super::parse::declared;
use super::quantity::Seconds;
use super::read::{Reader, Section, described, whole};
use crate::placement::{ChipShape, LayerCore, Placement, Routing};
use serde::Serialize;
use toml::de::DeValue;

/// What a device file says about placement beyond its limits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Cores {
    /// How spikes come to the cores of their targets.
    pub routing: Routing,
    /// Routers along x and along y of a chip.
    pub mesh: Option<[u64; 2]>,
    /// Cores at one router.
    pub cores_per_tile: u64,
    /// Chips of the largest system that was built.
    pub chips: u64,
    /// A core stores a convolution's kernel once.
    pub shares_kernels: bool,
    /// A neuron with a larger fan-in takes several places.
    pub joins_neurons: bool,
    /// A core holds neurons of one population.
    pub one_population_per_core: bool,
    /// Cores that hold a layer each.
    pub layer_cores: Vec<LayerCore>,
    /// Layers that a layer may feed.
    pub layer_fan_out: Option<u64>,
    /// Where this comes from.
    pub source: String,
    /// What to know about it.
    pub note: Option<String>,
}

/// Reads `[placement]`; absent is `None`.
pub(super) fn cores(reader: &mut Reader<'_>, top: &mut Section<'_, '_>, sources: &[Source]) -> Option<Cores> {
    let mut table = top.table(reader, "placement")?;
    let routing = table.word(reader, "routing", Routing::ALL, Routing::word).map_or(Routing::Local, |found| found.value);
    let mesh = numbers(reader, &mut table, "mesh").and_then(|(numbers, span)| match numbers[..] {
        [x, y] if x > 0 && y > 0 => Some([x, y]),
        _ => {
            reader.complain(
                &span,
                "`mesh` expects two numbers, at least 1 each",
                "routers along x and along y, as in mesh = [8, 4]",
            );
            None
        }
    });
    let mut positive = |reader: &mut Reader<'_>, key: &'static str| {
        let found = table.whole(reader, key)?;
        if found.value == 0 {
            reader.complain(&found.span, format!("`{key}` expects at least 1"), "leave it out where it is not known");
        }
        Some(found.value.max(1))
    };
    let cores_per_tile = positive(reader, "cores_per_tile").unwrap_or(1);
    let chips = positive(reader, "chips").unwrap_or(1);
    let layer_fan_out = positive(reader, "layer_fan_out");
    let neurons = numbers(reader, &mut table, "layer_neurons").map_or_else(Vec::new, |(numbers, _)| numbers);
    let weights = numbers(reader, &mut table, "layer_weights");
    let layer_cores = match weights {
        Some((weights, span)) if weights.len() != neurons.len() => {
            let message = format!("`layer_weights` has {} cores and `layer_neurons` {}", weights.len(), neurons.len());
            reader.complain(&span, message, "one number for each core in both");
            Vec::new()
        }
        Some((weights, _)) => neurons.into_iter().zip(weights).map(|(neurons, weights)| LayerCore { neurons, weights }).collect(),
        None => {
            if !neurons.is_empty() {
                table.missing(reader, "layer_weights", "weights of each core that holds a layer");
            }
            Vec::new()
        }
    };
    let source = table.required_text(reader, "source", "the id of one of [[sources]]");
    if let Some(source) = &source {
        declared(reader, sources, source.value, &source.span);
    }
    let cores = Cores {
        routing,
        mesh,
        cores_per_tile,
        chips,
        shares_kernels: table.flag(reader, "shares_kernels"),
        joins_neurons: table.flag(reader, "joins_neurons"),
        one_population_per_core: table.flag(reader, "one_population_per_core"),
        layer_cores,
        layer_fan_out,
        source: source.map_or_else(String::new, |found| found.value.to_owned()),
        note: table.text(reader, "note").map(|found| found.value.to_owned()),
    };
    table.finish(reader);
    Some(cores)
}

/// A list of whole numbers, and where it stands.
fn numbers(
    reader: &mut Reader<'_>,
    table: &mut Section<'_, '_>,
    key: &'static str,
) -> Option<(Vec<u64>, std::ops::Range<usize>)> {
    let found = table.optional(reader, key, "a list of whole numbers", DeValue::as_array)?;
    let mut all = Vec::new();
    for item in found.value.iter() {
        match whole(item.get_ref()) {
            Some(number) => all.push(number),
            None => {
                let message = format!("`{key}` expects whole numbers, not negative, found {}", described(item.get_ref()));
                reader.complain(&item.span(), message, "");
            }
        }
    }
    Some((all, found.span))
}

impl Device {
    /// The chip as placement sees it; `None` where the file states nothing that could run out, and for what is no chip for spikes.
    ///
    /// A device that names no cores is one core. Where it has cores and only its totals of neurons or synapses are known, each core has an equal
    /// part of them.
    #[must_use]
    pub fn chip_shape(&self) -> Option<ChipShape> {
        if self.kind != DeviceKind::Neuromorphic || !self.runs(Runs::Spiking) {
            return None;
        }
        let given = self.cores.clone().unwrap_or_default();
        let cores = self.limit(Limit::UsableCores).or(self.limit(Limit::Cores)).unwrap_or(1).max(1);
        let per_core = |own: Limit, total: Limit| self.limit(own).or_else(|| self.limit(total).map(|all| all / cores));
        let shape = ChipShape {
            cores,
            chips: given.chips.max(1),
            mesh: given.mesh,
            cores_per_tile: given.cores_per_tile.max(1),
            neurons_per_core: per_core(Limit::NeuronsPerCore, Limit::Neurons),
            synapses_per_core: per_core(Limit::SynapsesPerCore, Limit::Synapses),
            synapse_bytes_per_core: self.limit(Limit::SynapticMemoryKbPerCore).map(|kib| kib.saturating_mul(1024)),
            weight_bits: self.limit(Limit::WeightBits),
            axons_in_per_core: self.limit(Limit::AxonsInPerCore),
            axons_out_per_core: self.limit(Limit::AxonsOutPerCore),
            fan_in: self.limit(Limit::FanIn),
            joins_neurons: given.joins_neurons,
            delay_ticks: self.limit(Limit::DelayTicksMax),
            kernel_side: self.limit(Limit::KernelSizeMax),
            shares_kernels: given.shares_kernels,
            one_population_per_core: given.one_population_per_core,
            layer_cores: given.layer_cores,
            layer_fan_out: given.layer_fan_out,
            routing: given.routing,
        };
        let anything = shape.neurons_per_core.or(shape.synapses_per_core).or(shape.synapse_bytes_per_core).or(shape.fan_in);
        anything.is_some().then_some(shape)
    }
}

/// Time of a tick that the slowest core of a placement takes; `None` where the file has no time of an event and of an update.
#[must_use]
pub fn core_time(device: &Device, placement: &Placement) -> Option<Seconds> {
    let event = device.time(FigureName::SynapticEventTime)?.nominal;
    let update = device.time(FigureName::NeuronUpdateTime)?.nominal;
    Some(Seconds(placement.core_time(update.0, event.0)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::energy::device;

    #[test]
    fn shapes_are_those_of_the_files() {
        let loihi = device("loihi1-sanafe").unwrap().chip_shape().unwrap();
        assert_eq!((loihi.cores, loihi.mesh, loihi.cores_per_tile), (128, Some([8, 4]), 4));
        assert_eq!(loihi.cores, 8 * 4 * loihi.cores_per_tile);
        assert_eq!((loihi.synapse_bytes_per_core, loihi.weight_bits), (Some(131_072), Some(9)));
        assert!(loihi.shares_kernels && loihi.routing == Routing::Unicast);
        let spinnaker = device("spinnaker1").unwrap().chip_shape().unwrap();
        assert_eq!((spinnaker.cores, spinnaker.cores_per_tile, spinnaker.routing), (16, 16, Routing::Multicast));
        let reckon = device("reckon").unwrap().chip_shape().unwrap();
        assert_eq!((reckon.cores, reckon.chips, reckon.neurons_per_core), (1, 1, Some(256)));
        let speck = device("speck").unwrap().chip_shape().unwrap();
        assert_eq!(speck.layer_cores.len() as u64, speck.cores);
        assert_eq!(speck.layer_cores.iter().map(|c| c.neurons).sum::<u64>(), 320 << 10);
        let tianjic = device("tianjic").unwrap().chip_shape().unwrap();
        assert_eq!(tianjic.neurons_per_core, Some(40_000 / 156), "an equal part");
        for id in ["generic-digital-45nm-event", "asic-45nm-arith", "human-brain", "cl1", "gpu-a100"] {
            assert_eq!(device(id).unwrap().chip_shape(), None, "{id}");
        }
    }

    #[test]
    fn every_mesh_has_room_for_the_chip_s_cores() {
        for device in crate::energy::devices() {
            let Some(shape) = device.chip_shape() else { continue };
            if let Some([x, y]) = shape.mesh {
                assert_eq!(x * y, shape.cores.div_ceil(shape.cores_per_tile), "{}", device.id);
            }
            assert!(shape.layer_cores.is_empty() || shape.layer_cores.len() as u64 == shape.cores, "{}", device.id);
        }
    }

    #[test]
    fn what_is_wrong_with_it_is_told_at_once() {
        let text = "id = \"x\"\nname = \"x\"\nkind = \"neuromorphic\"\nruns = [\"spiking\"]\nscope = \"per-term\"\nboundary = \"chip\"\n\
            [[sources]]\nid = \"a\"\ntag = \"S\"\ntext = \"t\"\n\
            [placement]\nrouting = \"pigeon\"\nmesh = [8]\nchips = 0\nlayer_neurons = [1, -2]\nlayer_weights = [1]\nwings = 2\nsource = \"b\"\n";
        let wrong = Device::parse(text, "x.toml").unwrap_err().to_string();
        for part in
            ["pigeon", "`mesh` expects two", "`chips` expects at least 1", "found the number `-2`", "unknown key `wings`", "`b`"]
        {
            assert!(wrong.contains(part), "{part}: {wrong}");
        }
        let wrong = Device::parse(&text.replace("[1, -2]", "[1, 2]"), "x.toml").unwrap_err().to_string();
        assert!(wrong.contains("`layer_weights` has 1 cores and `layer_neurons` 2"), "{wrong}");
    }
}
