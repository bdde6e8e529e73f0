//! What a chip can hold and how its cores speak to one another, in plain numbers.

use serde::{Deserialize, Serialize};

/// How a spike comes to the cores of its targets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Routing {
    /// The chip is one core, or nothing is published: a spike is one message, wherever its targets lie.
    #[default]
    Local,
    /// A message of its own to each core with targets, the spike's own core among them (Loihi).
    Unicast,
    /// As [`Self::Unicast`], and a neuron reaches one core alone: for each further core the chip needs a copy of the neuron (TrueNorth).
    OneTarget,
    /// A message to each core with targets, which all neurons of that core hear (DYNAP-SE).
    Broadcast,
    /// One message, copied on its way where its targets part (SpiNNaker).
    Multicast,
}

impl Routing {
    /// Every value.
    pub const ALL: &'static [Self] = &[Self::Local, Self::Unicast, Self::OneTarget, Self::Broadcast, Self::Multicast];

    /// The word in device files and reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Unicast => "unicast",
            Self::OneTarget => "one-target",
            Self::Broadcast => "broadcast",
            Self::Multicast => "multicast",
        }
    }
}

/// A core that holds one layer of a network, of cores that are not alike (Speck).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerCore {
    /// Neurons it holds.
    pub neurons: u64,
    /// Weights of kernels it holds.
    pub weights: u64,
}

/// A chip as placement sees it. What is absent has no limit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChipShape {
    /// Cores of a chip that a network may use, at least 1.
    pub cores: u64,
    /// Chips of the largest system that was built of it, at least 1.
    pub chips: u64,
    /// Routers along x and along y; without them hops are not counted.
    pub mesh: Option<[u64; 2]>,
    /// Cores at one router, at least 1: a message among them takes no hop.
    pub cores_per_tile: u64,
    /// Neurons of a core.
    pub neurons_per_core: Option<u64>,
    /// Synapses of a core, whatever their width.
    pub synapses_per_core: Option<u64>,
    /// Bytes for weights in a core.
    pub synapse_bytes_per_core: Option<u64>,
    /// Bits of a weight as it is stored; 8 where absent.
    pub weight_bits: Option<u64>,
    /// Source neurons that a core hears.
    pub axons_in_per_core: Option<u64>,
    /// Sum over a core's neurons of the cores that each reaches.
    pub axons_out_per_core: Option<u64>,
    /// Synapses onto one neuron.
    pub fan_in: Option<u64>,
    /// A neuron with a larger fan-in is made of several places of one core, each with [`Self::fan_in`] synapses (BrainScaleS-2).
    pub joins_neurons: bool,
    /// The longest delay, ticks.
    pub delay_ticks: Option<u64>,
    /// The longest side of a convolution's kernel.
    pub kernel_side: Option<u64>,
    /// A core stores a convolution's kernel once for all its cells; else every connection has a weight of its own.
    pub shares_kernels: bool,
    /// A core holds neurons of one population.
    pub one_population_per_core: bool,
    /// Cores that hold one layer each, as many as [`Self::cores`]; empty where cores are alike.
    pub layer_cores: Vec<LayerCore>,
    /// Layers that one layer may feed.
    pub layer_fan_out: Option<u64>,
    /// How spikes travel.
    pub routing: Routing,
}

impl ChipShape {
    /// A chip of one core without any limit: what is not set does not bind.
    #[must_use]
    pub fn new() -> Self {
        Self { cores: 1, chips: 1, cores_per_tile: 1, ..Self::default() }
    }

    /// Bits of a stored weight.
    pub(super) fn bits(&self) -> u64 {
        self.weight_bits.unwrap_or(8)
    }
}
