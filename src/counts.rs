//! The facts of a run: exact event counts, and the sizes of what ran.
//!
//! Every engine fills the same integers whatever its execution; [`crate::energy`] prices them and knows nothing else of
//! a run. The words are those of the design: a *synaptic event* is one delivered spike at one synapse, a *driven* update is a
//! neuron touched by an event in a tick, a *clocked* update is a neuron in a tick, touched or not.

use serde::{Deserialize, Serialize};
use std::ops::AddAssign;

/// Counts of one population over a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PopulationCounts {
    /// Spikes its neurons emitted.
    pub spikes: u64,
    /// Events that stimuli brought it; those of an input population are its spikes, and are counted there alone.
    pub stimulus_events: u64,
    /// Synaptic events that met a refractory neuron and were dropped, as its model says.
    pub synaptic_events_dropped: u64,
    /// Neuron-ticks in which at least one event (or analog input) reached the neuron.
    pub neuron_updates_driven: u64,
    /// Neurons × ticks: what a clocked chip pays.
    pub neuron_updates_clocked: u64,
    /// Neuron-ticks in which the membrane differs from the tick before; the first tick counts every neuron. `NeuroBench`'s
    /// *membrane updates*.
    pub membrane_updates: u64,
}

/// Counts of one projection over a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectionCounts {
    /// Spikes of its source that it carried (messages).
    pub spikes_in: u64,
    /// Delivered spikes × synapses.
    pub synaptic_events: u64,
    /// Multiply-accumulates with analog inputs: non-zero input × non-zero weight.
    pub effective_macs: u64,
    /// Accumulates: spike (or an input of only 0, 1 and −1) × non-zero weight.
    pub effective_acs: u64,
    /// Synapses × ticks: what a machine blind to zeros does.
    pub dense_macs: u64,
}

/// Exact counts of a run, or of several runs added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventCounts {
    /// One entry per population, in the network's order.
    pub populations: Vec<PopulationCounts>,
    /// One entry per projection, in the network's order.
    pub projections: Vec<ProjectionCounts>,
    /// Ticks simulated, all samples together.
    pub ticks: u64,
    /// Samples (independent runs) in these counts.
    pub samples: u64,
}

/// Sums over all populations and projections.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotalCounts {
    /// Spikes emitted, input populations included.
    pub spikes: u64,
    /// Delivered spikes × synapses.
    pub synaptic_events: u64,
    /// Those that met a refractory neuron and were dropped.
    pub synaptic_events_dropped: u64,
    /// Neuron-ticks touched by an event.
    pub neuron_updates_driven: u64,
    /// Neurons × ticks.
    pub neuron_updates_clocked: u64,
    /// Events from stimuli.
    pub stimulus_events: u64,
    /// Multiply-accumulates with analog inputs.
    pub effective_macs: u64,
    /// Accumulates of spikes.
    pub effective_acs: u64,
    /// Synapses × ticks.
    pub dense_macs: u64,
}

impl EventCounts {
    /// Zero counts for so many populations and projections.
    #[must_use]
    pub fn zero(populations: usize, projections: usize) -> Self {
        Self {
            populations: vec![PopulationCounts::default(); populations],
            projections: vec![ProjectionCounts::default(); projections],
            ticks: 0,
            samples: 0,
        }
    }

    /// Sums over populations and projections.
    #[must_use]
    pub fn total(&self) -> TotalCounts {
        let mut total = TotalCounts::default();
        for p in &self.populations {
            total.spikes += p.spikes;
            total.synaptic_events_dropped += p.synaptic_events_dropped;
            total.neuron_updates_driven += p.neuron_updates_driven;
            total.neuron_updates_clocked += p.neuron_updates_clocked;
            total.stimulus_events += p.stimulus_events;
        }
        for p in &self.projections {
            total.synaptic_events += p.synaptic_events;
            total.effective_macs += p.effective_macs;
            total.effective_acs += p.effective_acs;
            total.dense_macs += p.dense_macs;
        }
        total
    }
}

impl EventCounts {
    /// What was counted after `earlier`, which is of the same run, up to an earlier tick; nothing where it is of a later one. Samples stay.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let less = |a: &mut u64, b: u64| *a = a.saturating_sub(b);
        let mut counts = self.clone();
        for (a, b) in counts.populations.iter_mut().zip(&earlier.populations) {
            less(&mut a.spikes, b.spikes);
            less(&mut a.stimulus_events, b.stimulus_events);
            less(&mut a.synaptic_events_dropped, b.synaptic_events_dropped);
            less(&mut a.neuron_updates_driven, b.neuron_updates_driven);
            less(&mut a.neuron_updates_clocked, b.neuron_updates_clocked);
            less(&mut a.membrane_updates, b.membrane_updates);
        }
        for (a, b) in counts.projections.iter_mut().zip(&earlier.projections) {
            less(&mut a.spikes_in, b.spikes_in);
            less(&mut a.synaptic_events, b.synaptic_events);
            less(&mut a.effective_macs, b.effective_macs);
            less(&mut a.effective_acs, b.effective_acs);
            less(&mut a.dense_macs, b.dense_macs);
        }
        less(&mut counts.ticks, earlier.ticks);
        counts
    }
}

impl AddAssign<&Self> for EventCounts {
    fn add_assign(&mut self, other: &Self) {
        debug_assert_eq!(self.populations.len(), other.populations.len(), "counts of one network");
        for (a, b) in self.populations.iter_mut().zip(&other.populations) {
            a.spikes += b.spikes;
            a.stimulus_events += b.stimulus_events;
            a.synaptic_events_dropped += b.synaptic_events_dropped;
            a.neuron_updates_driven += b.neuron_updates_driven;
            a.neuron_updates_clocked += b.neuron_updates_clocked;
            a.membrane_updates += b.membrane_updates;
        }
        for (a, b) in self.projections.iter_mut().zip(&other.projections) {
            a.spikes_in += b.spikes_in;
            a.synaptic_events += b.synaptic_events;
            a.effective_macs += b.effective_macs;
            a.effective_acs += b.effective_acs;
            a.dense_macs += b.dense_macs;
        }
        self.ticks += other.ticks;
        self.samples += other.samples;
    }
}

/// Where the network lies on one kind of chip, and what its spikes take between cores there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PlacedWork {
    /// Cores in use.
    pub cores: u64,
    /// Chips that have so many.
    pub chips: u64,
    /// Places for neurons that are taken: those of neurons, of their further parts and of their copies.
    pub places: u64,
    /// Messages to cores, of the spikes of neurons that are placed, all samples.
    pub messages: f64,
    /// Hops of those messages, all samples; absent where the chip's mesh is not known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hops: Option<f64>,
    /// Time of a tick that the slowest core takes, seconds; absent where the chip's times are not known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub core_time_s: Option<f64>,
    /// True where messages and hops follow from the spikes of each neuron, false where the mean of its population stands for it.
    pub exact: bool,
    /// Every reason why the network does not fit; empty where it does.
    pub why_not: Vec<String>,
}

/// What ran on the spiking side, as [`crate::energy`] reads it: counts and sizes, no names, no graph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpikingWork {
    /// Sums over the run.
    pub counts: TotalCounts,
    /// Samples (inferences) in the counts; 1 for a plain run.
    pub samples: u64,
    /// Ticks of one sample.
    pub ticks_per_sample: u64,
    /// Length of a tick, seconds of simulated time.
    pub dt_s: f64,
    /// Neurons that hold state and can spike or be read out; input populations left out.
    pub neurons: u64,
    /// Synapses (connections with their own place in memory).
    pub synapses: u64,
    /// The largest number of synapses onto one neuron.
    pub max_fan_in: u64,
    /// Clocked updates of those neurons alone (input populations left out), all samples.
    pub neuron_updates_clocked: u64,
    /// Driven updates of those neurons alone, all samples.
    pub neuron_updates_driven: u64,
    /// Spikes of those neurons alone, all samples.
    pub neuron_spikes: u64,
    /// Bits of a weight as stored in the file the network came from.
    pub weight_bits: u32,
    /// Bytes of all weights and biases in that width.
    pub weight_bytes: u64,
    /// Bytes of all neuron state (potentials, synaptic currents) at 4 bytes each.
    pub state_bytes: u64,
    /// Where it lies on the device that is priced; absent where it was not placed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub placed: Option<PlacedWork>,
}

/// What ran on the dense side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DenseWork {
    /// Samples (inferences) in the counts.
    pub samples: u64,
    /// Multiply-accumulates, zeros included, all samples.
    pub macs: u64,
    /// Multiply-accumulates with non-zero input and non-zero weight, all samples.
    pub effective_macs: u64,
    /// Bytes of all weights and biases.
    pub weight_bytes: u64,
    /// Bits of a weight.
    pub weight_bits: u32,
    /// Bytes of the largest layer's input and output together.
    pub activation_bytes: u64,
}
