//! Which layer of a spiking network takes what on a device.
//!
//! A layer is a population with the projections that lead to it. Its energy is what the device takes for its counts alone less what it takes for no
//! counts at all, in the memories, on the cores and with the time of the whole network. Both prices share their draws, so that the difference is
//! taken trial by trial. What is the same however much happens (standing power, steps that are priced whole) belongs to no layer and
//! is the last part, so that the parts add up to the estimate.

use super::device::Device;
use super::estimate::{EnergyEstimate, Work, estimate_at};
use super::quantity::{Joules, Range};
use super::uncertainty::percentiles;
use crate::counts::{SpikingWork, TotalCounts};

/// The counts of one layer, all samples.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LayerCounts {
    /// Its name.
    pub name: String,
    /// Delivered spikes × synapses of the projections that lead to it.
    pub synaptic_events: u64,
    /// Multiply-accumulates with analog inputs of those projections.
    pub effective_macs: u64,
    /// Neuron updates touched by an event.
    pub neuron_updates_driven: u64,
    /// Neurons × ticks.
    pub neuron_updates_clocked: u64,
    /// Spikes of its neurons.
    pub neuron_spikes: u64,
}

/// What a part of a network takes, per sample.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerEnergy {
    /// The layer; absent for what belongs to none.
    pub layer: Option<String>,
    /// Its energy. Ends of parts do not add up to the ends of the whole: not all figures err at once.
    pub energy: Range<Joules>,
}

/// The energy of a spiking run on a device part by part: each layer, and what belongs to none where there is any. The nominal values add up to
/// `whole`'s. Empty where that has no energy.
///
/// Messages and hops of a placed network are shared out by spikes.
#[must_use]
pub fn by_layer(device: &Device, work: &SpikingWork, layers: &[LayerCounts], whole: &EnergyEstimate) -> Vec<LayerEnergy> {
    let Some((total, trials)) = whole.energy_per_sample.zip(whole.trials.0.as_ref()) else { return Vec::new() };
    let price = |counts: &LayerCounts| {
        let work = alone(work, counts);
        let found = estimate_at(device, &Work { spiking: Some(&work), dense: None }, whole.tier).into_iter().next()?;
        found.energy_per_sample.map(|energy| energy.nominal.0).zip(found.trials.0)
    };
    let Some((silent, silent_trials)) = price(&LayerCounts::default()) else { return Vec::new() };
    let (mut rest, mut rest_trials) = (total.nominal.0, trials.to_vec());
    let mut parts = Vec::new();
    for layer in layers {
        let Some((nominal, own)) = price(layer) else { continue };
        let nominal = (nominal - silent).max(0.0);
        let mut own: Vec<f64> = own.iter().zip(silent_trials.iter()).map(|(own, silent)| (own - silent).max(0.0)).collect();
        rest -= nominal;
        rest_trials.iter_mut().zip(&own).for_each(|(rest, own)| *rest -= own);
        parts.push(LayerEnergy { layer: Some(layer.name.clone()), energy: percentiles(&mut own, nominal).map(Joules) });
    }
    // Where nothing of the price is any layer's, no layer takes nothing: it cannot be told.
    if parts.iter().all(|part| part.energy.nominal.0 == 0.0) {
        parts.clear();
        rest = total.nominal.0;
        rest_trials.copy_from_slice(trials);
    }
    // Less than a rounding error is nothing.
    if rest > total.nominal.0 * 1e-9 {
        rest_trials.iter_mut().for_each(|rest| *rest = rest.max(0.0));
        parts.push(LayerEnergy { layer: None, energy: percentiles(&mut rest_trials, rest).map(Joules) });
    }
    parts
}

/// The run with the counts of one layer alone.
fn alone(work: &SpikingWork, layer: &LayerCounts) -> SpikingWork {
    let share = if work.neuron_spikes == 0 { 0.0 } else { layer.neuron_spikes as f64 / work.neuron_spikes as f64 };
    let mut to = work.clone();
    to.counts = TotalCounts {
        // An all-in figure asks for the fan-out of the whole, whose spikes are more than those of neurons.
        spikes: layer.neuron_spikes,
        synaptic_events: layer.synaptic_events,
        effective_macs: layer.effective_macs,
        neuron_updates_driven: layer.neuron_updates_driven,
        neuron_updates_clocked: layer.neuron_updates_clocked,
        ..TotalCounts::default()
    };
    to.neuron_updates_driven = layer.neuron_updates_driven;
    to.neuron_updates_clocked = layer.neuron_updates_clocked;
    to.neuron_spikes = layer.neuron_spikes;
    if let Some(placed) = &mut to.placed {
        placed.messages *= share;
        placed.hops = placed.hops.map(|hops| hops * share);
    }
    to
}

#[cfg(test)]
mod tests {
    use super::super::testing::work;
    use super::super::{Runs, device, devices, estimate};
    use super::*;
    use proptest::prelude::*;

    fn split(whole: &SpikingWork, share: f64) -> [LayerCounts; 2] {
        let part = |n: u64| (n as f64 * share) as u64;
        let first = LayerCounts {
            name: "first".into(),
            synaptic_events: part(whole.counts.synaptic_events),
            effective_macs: part(whole.counts.effective_macs),
            neuron_updates_driven: part(whole.neuron_updates_driven),
            neuron_updates_clocked: part(whole.neuron_updates_clocked),
            neuron_spikes: part(whole.neuron_spikes),
        };
        let second = LayerCounts {
            name: "second".into(),
            synaptic_events: whole.counts.synaptic_events - first.synaptic_events,
            effective_macs: whole.counts.effective_macs - first.effective_macs,
            neuron_updates_driven: whole.neuron_updates_driven - first.neuron_updates_driven,
            neuron_updates_clocked: whole.neuron_updates_clocked - first.neuron_updates_clocked,
            neuron_spikes: whole.neuron_spikes - first.neuron_spikes,
        };
        [first, second]
    }

    #[test]
    fn a_price_of_whole_steps_has_no_layers() {
        let work = work();
        let on = device("xylo-audio2").expect("built in");
        let whole = estimate(on, &Work { spiking: Some(&work), dense: None }).remove(0);
        let parts = by_layer(on, &work, &split(&work, 0.5), &whole);
        assert_eq!(parts, [LayerEnergy { layer: None, energy: whole.energy_per_sample.expect("priced") }]);
    }

    #[test]
    fn loihi_layers_by_hand() {
        let work = work();
        let on = device("loihi1-sanafe").expect("built in");
        let whole = estimate(on, &Work { spiking: Some(&work), dense: None }).remove(0);
        let layers = split(&work, 0.25);
        let parts = by_layer(on, &work, &layers, &whole);
        // A quarter of 10 000 events, 600 driven and 400 idle updates, 150 spikes with a message each (37.5 of them); and the static power of 10 ms.
        let first = 2500.0 * 35.5e-12 + 150.0 * 72.8e-12 + 100.0 * 51.2e-12 + 37.5 * (69.3e-12 + 111e-12);
        assert_eq!(parts[0].layer.as_deref(), Some("first"));
        assert!((parts[0].energy.nominal.0 / first - 1.0).abs() < 1e-6, "{} {first}", parts[0].energy);
        assert_eq!(parts[2].layer, None);
        assert!((parts[2].energy.nominal.0 / 963e-6 - 1.0).abs() < 1e-9, "{}", parts[2].energy);
        // Events are most of the layer, and their ends those of the figure: within them.
        assert!(parts[0].energy.low.0 > first * 24.0 / 35.5 * 0.9 && parts[0].energy.high.0 < first * 1.5, "{}", parts[0].energy);
    }

    proptest! {
        #[test]
        fn layers_add_up_on_every_device(share in 0.0..1.0_f64, macs in 0_u64..50_000, events in 0_u64..10_000_000, placed: bool) {
            let mut work = work();
            (work.counts.effective_macs, work.counts.synaptic_events) = (macs, events);
            work.placed = placed.then(|| crate::counts::PlacedWork {
                cores: 2, chips: 1, places: 120, messages: 700.0, hops: Some(1000.0), core_time_s: Some(2e-3), exact: true, why_not: Vec::new(),
            });
            for on in devices().iter().filter(|device| device.runs(Runs::Spiking)) {
                let whole = estimate(on, &Work { spiking: Some(&work), dense: None }).remove(0);
                let parts = by_layer(on, &work, &split(&work, share), &whole);
                prop_assert_eq!(parts.is_empty(), whole.energy_per_sample.is_none());
                let Some(energy) = whole.energy_per_sample else { continue };
                let sum: f64 = parts.iter().map(|part| part.energy.nominal.0).sum();
                prop_assert!((sum - energy.nominal.0).abs() <= 1e-8 * energy.nominal.0, "{}: {sum} and {energy}", on.id);
                prop_assert!(parts.iter().all(|part| part.energy.is_ordered() && part.energy.low.0 >= 0.0), "{}: {parts:?}", on.id);
            }
        }
    }
}
