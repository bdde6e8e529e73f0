//! Devices to price on, each with the network placed on it once.

use super::ran::{DenseRuns, Ran};
use crate::session::Scene;
use spikewatt::compile::CompiledNetwork;
use spikewatt::counts::{DenseWork, EventCounts};
use spikewatt::dense::{self, LayerWork};
use spikewatt::energy::{self, Device, EnergyEstimate, Range, Runs, Work};
use spikewatt::placement::{ChipShape, Placement};
use spikewatt::study::{Pricer, SoFar, dense_input};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What is kept of one network.
#[derive(Default)]
struct Kept {
    net: Option<Arc<CompiledNetwork>>,
    placements: Vec<(ChipShape, Arc<Placement>)>,
    pricers: BTreeMap<String, Arc<Pricer>>,
    dense: Option<Option<Arc<DenseShape>>>,
    /// Energies of moments by device and tick.
    energies: BTreeMap<(String, u64), Remembered>,
}

/// The spikes and synaptic events of a moment, and its energy.
type Remembered = ((u64, u64), Option<Range<f64>>);

/// What of a dense network does not change from sample to sample.
#[derive(Debug, Clone)]
pub(super) struct DenseShape {
    pub(super) work: DenseWork,
    pub(super) layers: Vec<LayerWork>,
}

/// As many moments as are remembered.
const MOST: usize = 20_000;

/// Prices of one network on devices; may be asked from any thread.
#[derive(Default)]
pub(super) struct Prices {
    kept: Mutex<Kept>,
}

/// A dense run so far.
pub(super) struct DenseSoFar {
    /// What one inference takes.
    pub(super) estimate: EnergyEstimate,
    pub(super) times: f64,
}

impl Prices {
    fn with<T>(&self, scene: &Scene, f: impl FnOnce(&mut Kept) -> T) -> T {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // Edits change weights and parameters, and nothing of what is placed.
        if kept.net.as_ref().is_none_or(|net| !Arc::ptr_eq(net, &scene.built)) {
            *kept = Kept { net: Some(scene.built.clone()), ..Kept::default() };
        }
        f(&mut kept)
    }

    /// The network on a device; `None` where it runs no spiking networks.
    pub(super) fn pricer(&self, scene: &Scene, device: &Device) -> Option<Arc<Pricer>> {
        self.with(scene, |kept| {
            if let Some(pricer) = kept.pricers.get(&device.id).filter(|pricer| pricer.device() == device) {
                return Some(pricer.clone());
            }
            let pricer = Arc::new(Pricer::new(&scene.built, device, &mut kept.placements)?);
            kept.pricers.insert(device.id.clone(), pricer.clone());
            Some(pricer)
        })
    }

    /// What the spiking network took on a device.
    pub(super) fn spiking(&self, scene: &Scene, device: &Device, ran: &Ran) -> Option<(Arc<Pricer>, SoFar)> {
        let pricer = self.pricer(scene, device)?;
        let so_far = pricer.so_far(&ran.counts, ran.samples.max(1))?;
        Some((pricer, so_far))
    }

    /// Its energy, joules, of a moment that may be asked for again.
    pub(super) fn remembered(&self, scene: &Scene, device: &Device, ran: &Ran) -> Option<Range<f64>> {
        let total = ran.counts.total();
        let (key, stamp) = ((device.id.clone(), ran.counts.ticks), (total.spikes, total.synaptic_events));
        if let Some((then, energy)) = self.with(scene, |kept| kept.energies.get(&key).copied())
            && then == stamp
        {
            return energy;
        }
        let energy = self.spiking(scene, device, ran).and_then(|(_, so_far)| so_far_joules(&so_far.estimate, so_far.times));
        self.with(scene, |kept| {
            if kept.energies.len() >= MOST {
                kept.energies.clear();
            }
            kept.energies.insert(key, (stamp, energy));
        });
        energy
    }

    /// Why the network does not fit a device; `None` where it does, or where the device runs no spiking networks.
    pub(super) fn why_not(&self, scene: &Scene, device: &Device) -> Option<String> {
        let mut counts = EventCounts::zero(scene.built.populations.len(), scene.built.projections.len());
        counts.ticks = 1;
        self.pricer(scene, device)?.so_far(&counts, 1)?.estimate.why_not
    }

    /// What of the dense network stays; `None` where there is none.
    pub(super) fn dense_shape(&self, scene: &Scene) -> Option<Arc<DenseShape>> {
        if let Some(known) = self.with(scene, |kept| kept.dense.clone()) {
            return known;
        }
        let shape = match DenseRuns::beside(scene) {
            DenseRuns::EverySample => of_samples(scene),
            DenseRuns::EveryTick => Some(of_ticks(&scene.built)),
            DenseRuns::Never => None,
        };
        let shape = shape.map(Arc::new);
        self.with(scene, |kept| kept.dense = Some(shape.clone()));
        shape
    }

    /// What the dense network took on a device.
    pub(super) fn dense(&self, scene: &Scene, device: &Device, ran: &Ran) -> Option<DenseSoFar> {
        if ran.inferences == 0 || !device.runs(Runs::Dense) {
            return None;
        }
        let shape = self.dense_shape(scene)?;
        let work = DenseWork { samples: ran.inferences, macs: ran.macs.0, effective_macs: ran.macs.1, ..shape.work };
        let estimate = energy::estimate(device, &Work { spiking: None, dense: Some(&work) }).into_iter().next()?;
        Some(DenseSoFar { estimate, times: ran.inferences as f64 })
    }
}

/// The energy of so many samples, joules.
pub(super) fn so_far_joules(estimate: &EnergyEstimate, times: f64) -> Option<Range<f64>> {
    estimate.energy_per_sample.map(|energy| energy.map(|joules| joules.0 * times))
}

/// The dense network that runs once for each sample.
fn of_samples(scene: &Scene) -> Option<DenseShape> {
    let (dense, dataset, task) = (scene.dense.as_ref()?, scene.dataset.as_ref()?, scene.task.as_ref()?);
    let row = dense_input(dataset, *task.samples.first()?, scene.ticks?, scene.net.dt_ms, scene.net.seed).ok()?;
    let run = dense::run(dense, &[row]).ok()?;
    Some(DenseShape { work: run.work, layers: run.layers })
}

/// The network's own synapses, each of them evaluated once a tick.
fn of_ticks(net: &CompiledNetwork) -> DenseShape {
    /// Bits of a weight and of an activation.
    const BITS: u32 = 32;
    let bytes = u64::from(BITS) / 8;
    let size = |population: usize| net.populations[population].size as u64;
    let activations = net.projections.iter().map(|p| (size(p.from) + size(p.to)) * bytes).max().unwrap_or(0);
    let layers = net.projections.iter().map(|p| LayerWork {
        name: p.name.clone(),
        inputs: net.populations[p.from].size,
        outputs: net.populations[p.to].size,
        macs: p.rows.synapses(net.populations[p.from].size),
        effective_macs: 0,
        weight_bytes: 0,
        zero_activations: 0,
        weights: p.rows.synapses(net.populations[p.from].size),
        nonzero_weight_macs: p.rows.synapses(net.populations[p.from].size),
    });
    let layers: Vec<_> = layers.collect();
    let macs = layers.iter().map(|layer| layer.macs).sum();
    let weight_bytes = net.weights() * bytes;
    let work = DenseWork { samples: 1, macs, effective_macs: 0, weight_bytes, weight_bits: BITS, activation_bytes: activations };
    DenseShape { work, layers }
}
