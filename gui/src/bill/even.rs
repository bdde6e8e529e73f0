//! At how many spikes per synapse the two sides take the same.

use super::prices::Prices;
use super::ran::{DenseRuns, Ran};
use crate::session::Scene;
use spikewatt::energy::{self, BreakEven, Curve, CurvePoint, Device, Range, Sweep};

/// The ratio of energies over spikes per synapse, on a pair of devices.
#[derive(Debug, Clone, PartialEq)]
pub struct Even {
    /// The device of the spiking network.
    pub spiking: String,
    /// That of the dense network.
    pub dense: String,
    /// The curve, and the run so far as a point of it.
    pub curve: Option<Curve>,
    /// Why there is no curve.
    pub why_not: Option<String>,
    /// What is published.
    pub published: BreakEven,
    /// The last sample that was shown to its end, as a point of its own.
    pub last: Option<CurvePoint>,
    /// How often the dense network runs.
    pub runs: DenseRuns,
}

pub(super) fn even(prices: &Prices, scene: &Scene, spiking: &Device, dense: &Device, ran: &Ran, last: Option<&Ran>) -> Even {
    let inferences = ran.inferences.max(1);
    let pricer = prices.pricer(scene, spiking);
    let work = pricer.as_ref().filter(|_| ran.counts.ticks > 0).map(|pricer| {
        // Ticks of a sample are those it will have, also while the first one is under way: they bound how often a synapse can be met.
        let mut work = pricer.work(&ran.counts, inferences);
        work.ticks_per_sample = work.ticks_per_sample.max(1);
        work
    });
    let against = prices.dense(scene, dense, ran).map(|so_far| so_far.estimate);
    let sweep = work.as_ref().and_then(|work| Sweep::new(spiking, work, *energy::tiers(spiking).iter().max()?));
    let curve = sweep.as_ref().zip(against.as_ref()).and_then(|(sweep, dense)| sweep.against(dense));
    let why_not = curve.is_none().then(|| {
        let text = match (&work, &against) {
            _ if ran.counts.ticks == 0 => "Nothing has run yet; press Run, or the space bar.",
            _ if ran.dense == DenseRuns::Never => DenseRuns::Never.words(),
            (None, _) => "The chosen chip runs no spiking networks.",
            (_, None) => "The dense side has no figure on the chosen device.",
            (Some(work), _) if work.counts.synaptic_events == 0 => {
                "No synaptic event has come yet, so there is nothing to scale."
            }
            _ => "What grows with the spikes has no published figure on the chosen chip.",
        };
        text.to_owned()
    });
    let mut judged = work.clone();
    if let (Some(work), Some(ticks), DenseRuns::EverySample) = (&mut judged, scene.ticks, ran.dense) {
        work.ticks_per_sample = ticks;
    }
    let published = judged.as_ref().map_or_else(
        || {
            let net = &scene.built;
            let none = spikewatt::counts::EventCounts::zero(net.populations.len(), net.projections.len());
            energy::break_even(&spikewatt::study::spiking_work(net, &none))
        },
        energy::break_even,
    );
    let last = last.and_then(|last| {
        let pricer = pricer.as_ref()?;
        let joules = prices.spiking(scene, spiking, last)?.1.estimate.energy_per_sample?;
        let dense = prices.dense(scene, dense, last)?.estimate.energy_per_sample?;
        let spikes_per_synapse = energy::spikes_per_synapse(&pricer.work(&last.counts, last.inferences.max(1)))?;
        let ratio =
            Range { low: joules.low / dense.high, nominal: joules.nominal / dense.nominal, high: joules.high / dense.low };
        Some(CurvePoint { spikes_per_synapse, ratio })
    });
    Even { spiking: spiking.id.clone(), dense: dense.id.clone(), curve, why_not, published, last, runs: ran.dense }
}
