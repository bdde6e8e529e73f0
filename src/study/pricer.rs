//! One network on one device, priced again and again as its counts grow.

use super::OnCores;
use super::compare::on_device;
use super::layers::layer_counts;
use super::work::spiking_work;
use crate::compile::CompiledNetwork;
use crate::counts::{EventCounts, SpikingWork};
use crate::energy::{self, Device, EnergyEstimate, FigureName, LayerEnergy, Runs, Work, by_layer};
use crate::placement::{ChipShape, Placement, place};
use std::sync::Arc;

/// A spiking network on a device. It is placed on the device's cores once, and then any counts of it can be priced.
#[derive(Debug, Clone)]
pub struct Pricer {
    net: Arc<CompiledNetwork>,
    device: Device,
    placement: Option<Arc<Placement>>,
}

/// The energy of a run so far, its last sample perhaps under way.
#[derive(Debug, Clone, PartialEq)]
pub struct SoFar {
    /// The work that was priced.
    pub work: SpikingWork,
    /// What one sample of that work takes.
    pub estimate: EnergyEstimate,
    /// The run so far is so many of these samples: the samples begun, or 1 where the last one is under way and all is priced as one.
    pub times: f64,
}

impl Pricer {
    /// A network on a device. Takes a walk over all synapses where the device has cores and `known`, placements of the same network, has none
    /// of that shape; a new one is added to them. `None` where the device runs no spiking networks.
    #[must_use]
    pub fn new(net: &Arc<CompiledNetwork>, device: &Device, known: &mut Vec<(ChipShape, Arc<Placement>)>) -> Option<Self> {
        if !device.runs(Runs::Spiking) {
            return None;
        }
        let placement = device.chip_shape().map(|shape| match known.iter().find(|(other, _)| *other == shape) {
            Some((_, placement)) => placement.clone(),
            None => {
                let silence = EventCounts::zero(net.populations.len(), net.projections.len());
                let placement = Arc::new(place(net, &silence, None, &shape));
                known.push((shape, placement.clone()));
                placement
            }
        });
        Some(Self { net: net.clone(), device: device.clone(), placement })
    }

    /// The device.
    #[must_use]
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// What these counts are on the device, as `samples` samples of equal length.
    #[must_use]
    pub fn work(&self, counts: &EventCounts, samples: u64) -> SpikingWork {
        let counts = EventCounts { samples, ..counts.clone() };
        let on_cores = self.placement.as_ref().map(|placement| {
            let placement = placement.after(&self.net, &counts);
            // In exact time a tick is no chip's.
            let core_time = energy::core_time(&self.device, &placement).filter(|_| !self.net.exact);
            OnCores { placement, core_time }
        });
        let mut work = spiking_work(&self.net, &counts);
        // To the nearest tick: a last sample that is under way does not take a tick from all the others.
        work.ticks_per_sample = (counts.ticks + samples / 2) / samples.max(1);
        on_device(&work, on_cores.as_ref())
    }

    /// The energy of these counts, of which so many samples have begun; none where none has.
    ///
    /// Samples are of one length, so that a run of whole ones is priced as [`compare`](super::compare()) prices it. While one is under way all is
    /// priced as one long sample, which is the same sum: each count times its figure, each power times the time. Only what a device charges by
    /// the inference is charged for each that has begun.
    #[must_use]
    pub fn so_far(&self, counts: &EventCounts, samples: u64) -> Option<SoFar> {
        if counts.ticks == 0 || samples == 0 {
            return None;
        }
        let by_inference = self.device.energies.contains_key(&FigureName::Inference);
        let times = if counts.ticks.is_multiple_of(samples) || by_inference { samples } else { 1 };
        let work = self.work(counts, times);
        let estimate = energy::estimate(&self.device, &Work { spiking: Some(&work), dense: None }).into_iter().next()?;
        Some(SoFar { work, estimate, times: times as f64 })
    }

    /// Which layer takes what of an energy of these counts; times [`SoFar::times`], as the estimate.
    #[must_use]
    pub fn layers(&self, counts: &EventCounts, so_far: &SoFar) -> Vec<LayerEnergy> {
        by_layer(&self.device, &so_far.work, &layer_counts(&self.net, counts), &so_far.estimate)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::dataset::Dataset;
    use crate::energy::devices;
    use crate::format::{OpenOptions, open_network};
    use crate::study::{Plan, Quiet, Settings, estimates, run};

    #[test]
    fn a_pricer_gives_what_a_comparison_gives() {
        let network = open_network(std::path::Path::new("networks/digits.nir"), &OpenOptions::default()).unwrap();
        let dataset = Dataset::open("datasets/digits.h5").unwrap();
        let settings = Settings { samples: Some(3), ..Settings::default() };
        let plan = Plan::new(&network, Some(&dataset), &settings).unwrap();
        let outcome = run(&network, Some(&dataset), &plan, &Quiet).unwrap();
        let (mut known, all) = (Vec::new(), devices().iter().collect::<Vec<_>>());
        let theirs = estimates(&all, &outcome);
        let ours: Vec<_> = all
            .iter()
            .filter_map(|device| Pricer::new(&outcome.net, device, &mut known)?.so_far(&outcome.counts, 3))
            .map(|so_far| so_far.estimate)
            .collect();
        assert!(ours.len() > 15, "{}", ours.len());
        assert_eq!(ours, theirs);
        // A sample under way is the same sum: a third of the time is a third of standing power, and no more.
        let mut part = outcome.counts.clone();
        part.ticks += 1;
        for device in &all {
            let Some(pricer) = Pricer::new(&outcome.net, device, &mut known) else { continue };
            let total = |counts| pricer.so_far(counts, 3).and_then(|s| Some(s.estimate.energy_per_sample?.nominal.0 * s.times));
            let (Some(whole), Some(more)) = (total(&outcome.counts), total(&part)) else { continue };
            let ticks = part.ticks as f64 / outcome.counts.ticks as f64;
            assert!((0.999..=ticks * 1.001).contains(&(more / whole)), "{}: {whole} to {more}", device.id);
        }
    }
}
