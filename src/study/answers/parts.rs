//! What parts of a run take on a device.

use super::super::compare::{OnCores, placed_work};
use super::super::{Outcome, spiking_work};
use crate::counts::{EventCounts, SpikingWork};
use crate::energy::{self, Device, EnergyEstimate, Runs, Seconds, Work};
use crate::placement::Placement;

/// A device, and where the network of a run lies on it.
pub(super) struct Parts<'a> {
    pub(super) device: &'a Device,
    outcome: &'a Outcome,
    on_cores: Option<(&'a OnCores, Placement)>,
    whole: SpikingWork,
}

impl<'a> Parts<'a> {
    pub(super) fn new(device: &'a Device, outcome: &'a Outcome, on_cores: Option<&'a OnCores>) -> Self {
        // Blocks are of no use here, and there may be many.
        let without_blocks = |on: &'a OnCores| (on, Placement { blocks: Vec::new(), ..on.placement.clone() });
        Self { device, outcome, on_cores: on_cores.map(without_blocks), whole: spiking_work(&outcome.net, &outcome.counts) }
    }

    /// A part of the run as energy reads it. Messages and the events of cores are taken to be those of the whole run, in proportion to its
    /// spikes and events.
    fn work(&self, counts: &EventCounts) -> SpikingWork {
        let mut work = spiking_work(&self.outcome.net, counts);
        let share = |part: u64, whole: u64| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        work.placed = self.on_cores.as_ref().map(|(on_cores, placement)| {
            let spikes = share(work.neuron_spikes, self.whole.neuron_spikes);
            let events = share(work.counts.synaptic_events, self.whole.counts.synaptic_events);
            let mut placed = placed_work(on_cores);
            placed.messages *= spikes;
            placed.hops = placed.hops.map(|hops| hops * spikes);
            placed.exact &= work.neuron_spikes == self.whole.neuron_spikes;
            if placed.core_time_s.is_some() {
                let core_events = placement.core_events.iter().map(|all| all * events).collect();
                let part = Placement { core_events, ticks: counts.ticks, ..placement.clone() };
                placed.core_time_s = energy::core_time(self.device, &part).map(|time| time.0);
            }
            placed
        });
        work
    }

    /// The time of a part of one sample.
    pub(super) fn time(&self, counts: &EventCounts) -> Option<Seconds> {
        energy::sample_time(self.device, &self.work(counts))
    }

    /// The price of a part, per sample in it.
    pub(super) fn estimate(&self, counts: &EventCounts) -> Option<EnergyEstimate> {
        let work = self.work(counts);
        energy::estimate(self.device, &Work { spiking: Some(&work), dense: None }).into_iter().find(|e| e.runs == Runs::Spiking)
    }
}
