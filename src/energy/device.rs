//! A device: published figures, each with its source and grade, and the limits of what it can hold.

use super::evidence::{Source, words};
use super::figure::{ArithmeticFigure, Figure, FigureName};
use super::placement::Cores;
use super::quantity::{Joules, Seconds, Watts};
use crate::units::Dimension;
use serde::Serialize;
use std::collections::BTreeMap;

words! {
    /// What a device is.
    DeviceKind {
        /// A chip or board for spiking networks, or a model of one.
        Neuromorphic = "neuromorphic",
        /// A processor, accelerator or arithmetic table for dense networks.
        Dense = "dense",
        /// Living tissue.
        Biological = "biological",
    }
}

words! {
    /// What is run on a device.
    Runs {
        /// A spiking network.
        Spiking = "spiking",
        /// A dense network.
        Dense = "dense",
    }
}

words! {
    /// What the figure of a synaptic event holds, and with it what may be added to it.
    Scope {
        /// The operation alone: updates, spikes and static power are terms of their own.
        PerTerm = "per-term",
        /// A measured slope, idle power subtracted: terms as above.
        Incremental = "incremental",
        /// All the power at one operating point, divided by its events: nothing is ever added.
        AllIn = "all-in",
    }
}

words! {
    /// What the figures of a device include; only estimates of one boundary are like for like.
    Boundary {
        /// Arithmetic alone.
        Operations = "operations",
        /// Arithmetic and its local memory, no static power.
        Core = "core",
        /// The chip.
        Chip = "chip",
        /// The chip with its board or module, memory and regulators.
        Board = "board",
        /// Everything that draws power, life support included.
        System = "system",
    }
}

words! {
    /// Which neurons pay for an update.
    Updates {
        /// Every allocated neuron at every tick.
        EveryTick = "every-tick",
        /// Those that an event reaches.
        OnEvent = "on-event",
    }
}

words! {
    /// Which zeros a device spares itself when it runs a dense network, in `[zeros]`.
    ZeroSkipping {
        /// None: every weight meets every input.
        None = "none",
        /// Inputs that are zero.
        Activations = "activations",
        /// Weights that are zero, kept in compressed rows.
        Weights = "weights",
        /// Both.
        Both = "both",
    }
}

impl ZeroSkipping {
    /// Whether inputs that are zero cost no operation.
    #[must_use]
    pub fn of_activations(self) -> bool {
        matches!(self, Self::Activations | Self::Both)
    }

    /// Whether weights that are zero are neither kept nor met.
    #[must_use]
    pub fn of_weights(self) -> bool {
        matches!(self, Self::Weights | Self::Both)
    }
}

/// What a device file says of zeros.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Zeros {
    /// Which are spared.
    pub skips: ZeroSkipping,
    /// The source's id.
    pub source: String,
    /// What to know about it.
    pub note: Option<String>,
}

words! {
    /// The names of limits in `[limits]`.
    Limit {
        /// Neurons on the device.
        Neurons = "neurons",
        /// Synapses on the device.
        Synapses = "synapses",
        /// Synapses onto one neuron.
        FanIn = "fan_in",
        /// Cores on the device.
        Cores = "cores",
        /// Cores a network may use, where fewer.
        UsableCores = "usable_cores",
        /// Neurons of a core.
        NeuronsPerCore = "neurons_per_core",
        /// Synapses of a core.
        SynapsesPerCore = "synapses_per_core",
        /// Input axons of a core.
        AxonsInPerCore = "axons_in_per_core",
        /// Output axons of a core.
        AxonsOutPerCore = "axons_out_per_core",
        /// Memory for synapses, KiB a core.
        SynapticMemoryKbPerCore = "synaptic_memory_kb_per_core",
        /// Memory on the chip, KiB.
        OnChipMemoryKb = "on_chip_memory_kb",
        /// Memory beside the chip, MiB.
        DramMb = "dram_mb",
        /// Bits of a weight, the most.
        WeightBits = "weight_bits",
        /// Bits of a weight, the least.
        WeightBitsMin = "weight_bits_min",
        /// Different weights onto one neuron.
        WeightValuesPerNeuron = "weight_values_per_neuron",
        /// Bits of a membrane potential.
        StateBits = "state_bits",
        /// Bits a spike may carry.
        SpikePayloadBits = "spike_payload_bits",
        /// The longest delay, ticks.
        DelayTicksMax = "delay_ticks_max",
        /// Spikes of one neuron in one tick.
        SpikesPerStepMax = "spikes_per_step_max",
        /// The largest convolution kernel, a side.
        KernelSizeMax = "kernel_size_max",
        /// Electrodes to tissue.
        Electrodes = "electrodes",
        /// Clock of the processor, MHz.
        ClockMhz = "clock_mhz",
    }
}

/// A device as its file states it. Nothing in it is assumed: what is not published is absent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Device {
    /// Its name on the command line and in reports.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// What it runs.
    pub runs: Vec<Runs>,
    /// Year of the figures.
    pub year: Option<u64>,
    /// Technology node, nanometres.
    pub node_nm: Option<f64>,
    /// Core voltage, volts.
    pub voltage_v: Option<f64>,
    /// Source of year, node and voltage.
    pub about_source: Option<String>,
    /// What its synaptic event holds; absent on devices that run no spikes.
    pub scope: Option<Scope>,
    /// What its figures include.
    pub boundary: Boundary,
    /// Which neurons pay for updates; absent where no update figure is used.
    pub updates: Option<Updates>,
    /// Where an all-in figure holds.
    pub operating_point: Option<String>,
    /// What costs energy on it and has no published figure.
    pub unpriced: Vec<String>,
    /// Judgements and warnings.
    pub notes: Option<String>,
    /// What it can hold.
    pub limits: BTreeMap<Limit, u64>,
    /// Source of the limits.
    pub limits_source: Option<String>,
    /// How its cores lie and speak.
    #[serde(rename = "placement")]
    pub cores: Option<Cores>,
    /// Where the figures come from.
    pub sources: Vec<Source>,
    /// Energies by name.
    pub energies: BTreeMap<FigureName, Figure<Joules>>,
    /// Powers by name.
    pub powers: BTreeMap<FigureName, Figure<Watts>>,
    /// Times by name.
    pub times: BTreeMap<FigureName, Figure<Seconds>>,
    /// Rates (hertz) and plain numbers by name.
    pub numbers: BTreeMap<FigureName, Figure<f64>>,
    /// Multiply-accumulates, in the file's order.
    pub macs: Vec<ArithmeticFigure>,
    /// Accumulates, in the file's order.
    pub acs: Vec<ArithmeticFigure>,
    /// Which zeros it spares itself; absent where nothing is stated, and then every multiply-accumulate is charged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zeros: Option<Zeros>,
}

impl Device {
    /// True where it runs networks of this sort.
    #[must_use]
    pub fn runs(&self, what: Runs) -> bool {
        self.runs.contains(&what)
    }

    /// An energy of the file.
    #[must_use]
    pub fn energy(&self, name: FigureName) -> Option<&Figure<Joules>> {
        debug_assert_eq!(name.dimension(), Dimension::Energy, "{name} is no energy");
        self.energies.get(&name)
    }

    /// A power of the file.
    #[must_use]
    pub fn power(&self, name: FigureName) -> Option<&Figure<Watts>> {
        debug_assert_eq!(name.dimension(), Dimension::Power, "{name} is no power");
        self.powers.get(&name)
    }

    /// A time of the file.
    #[must_use]
    pub fn time(&self, name: FigureName) -> Option<&Figure<Seconds>> {
        debug_assert_eq!(name.dimension(), Dimension::Time, "{name} is no time");
        self.times.get(&name)
    }

    /// A rate or plain number of the file.
    #[must_use]
    pub fn number(&self, name: FigureName) -> Option<&Figure<f64>> {
        self.numbers.get(&name)
    }

    /// A limit of the file.
    #[must_use]
    pub fn limit(&self, limit: Limit) -> Option<u64> {
        self.limits.get(&limit).copied()
    }

    /// A source by its id.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id)
    }
}
