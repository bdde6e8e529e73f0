//! A spiking run set beside a dense network, both priced.

use super::forms::{FormPrices, forms, rivals};
use super::work::{dense_inputs, spiking_work};
use super::{Outcome, Plan, curves::curves, layers::energy_by_layer};
use crate::counts::{DenseWork, PlacedWork, SpikingWork};
use crate::dataset::{Dataset, Samples};
use crate::dense::{self, DenseRun, Form, Variant, bits_of_steps, variant};
use crate::diagnostic::Result;
use crate::energy::{self, BreakEven, Curve, Device, EnergyEstimate, LayerEnergy, Rival, Seconds, Verdict, Work};
use crate::network::DenseNetwork;
use crate::placement::{ChipShape, Placement, place};
use std::collections::BTreeMap;

/// The devices of a comparison where nobody names any: well-documented ones of each kind, from microwatts to servers.
pub const DEFAULT_DEVICES: &[&str] = &[
    "loihi1-sanafe",
    "truenorth",
    "spinnaker1",
    "odin",
    "reckon",
    "xylo-audio2",
    "generic-digital-45nm-event",
    "asic-45nm-memory",
    "asic-7nm-memory",
    "asic-45nm-arith",
    "asic-7nm-arith",
    "mcu-m4-l4r5",
    "mcu-m33-u575",
    "max78000",
    "jetson-tx1",
    "cpu-xeon-e5-2630",
    "gpu-a100",
];

/// The dense network and what it did.
#[derive(Debug, Clone)]
pub struct DenseResult {
    /// The network.
    pub network: DenseNetwork,
    /// What it did.
    pub run: DenseRun,
    /// Answers that equal the label; absent without labels.
    pub correct: Option<u64>,
    /// What a reader of the figures should know.
    pub notes: Vec<String>,
    /// The network in other forms ([`DenseResult::with_variants`]).
    pub variants: Vec<DenseVariant>,
}

/// The dense network in another form.
#[derive(Debug, Clone)]
pub struct DenseVariant {
    /// The form and what it did.
    pub variant: Variant,
    /// Answers that equal the label; absent without labels.
    pub correct: Option<u64>,
}

/// Where the spiking network lies on a device.
#[derive(Debug, Clone)]
pub struct OnCores {
    /// Which core holds what, and what spikes take between them.
    pub placement: Placement,
    /// Time of a tick that the slowest core takes; absent where the device's times are not published.
    pub core_time: Option<Seconds>,
}

/// A spiking run and a dense one, priced.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// What each device would take, the spiking network's first.
    pub estimates: Vec<EnergyEstimate>,
    /// Where the spiking network lies on each device with cores, by the device's id.
    pub placements: BTreeMap<String, OnCores>,
    /// Spikes per synapse against published break-evens.
    pub break_even: BreakEven,
    /// Who takes less.
    pub verdict: Verdict,
    /// From how many spikes on who takes less, for each pair of devices that is like for like.
    pub curves: Vec<Curve>,
    /// Which layer takes what, for each of the estimates in their order.
    pub layers: Vec<Vec<LayerEnergy>>,
    /// The dense network in each of its forms on each device that runs it, at each batch, as it is first; empty where no other form was run.
    pub forms: Vec<FormPrices>,
}

/// Runs the dense network over the samples of a plan.
///
/// # Errors
/// Where its layers do not fit together or do not take the data's channels.
pub fn dense_result(network: DenseNetwork, dataset: &Dataset, plan: &Plan) -> Result<DenseResult> {
    let mut notes = network.notes.clone();
    if !matches!(dataset.samples, Samples::Values(_)) {
        notes.push("The data change over time; the dense network gets each channel's mean over the steps.".into());
    }
    let rows = dense_inputs(dataset, plan)?;
    let run = on_threads(plan, || dense::run(&network, &rows))?;
    let correct = correct(&run, dataset, plan);
    Ok(DenseResult { network, run, correct, notes, variants: Vec::new() })
}

impl DenseResult {
    /// Runs the network in other forms over the samples of the plan that it ran on: in 8 bits, with activations of as many bits as the steps of the
    /// plan ask for, and without each share of its weights.
    ///
    /// # Errors
    /// As [`dense_result`].
    pub fn with_variants(mut self, dataset: &Dataset, plan: &Plan, prune: &[f64]) -> Result<Self> {
        let rows = dense_inputs(dataset, plan)?;
        let bits = bits_of_steps(plan.ticks);
        let mut forms = vec![Form::Int8, Form::Activations(bits)];
        // Inputs of more than 8 bits are no fewer than those of int8.
        forms.extend((bits < 8).then_some(Form::Quantised(bits)));
        let forms = forms.into_iter();
        for form in forms.chain(prune.iter().map(|share| Form::Pruned(*share))) {
            let variant = on_threads(plan, || variant(&self.network, &self.run, &rows, form))?;
            let correct = correct(&variant.run, dataset, plan);
            self.variants.push(DenseVariant { variant, correct });
        }
        Ok(self)
    }
}

/// Runs something on the threads of a plan.
fn on_threads<T: Send>(plan: &Plan, run: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().num_threads(plan.threads).build() {
        Ok(pool) => pool.install(run),
        Err(_) => run(),
    }
}

/// Answers that equal the label; `None` without labels.
fn correct(run: &DenseRun, dataset: &Dataset, plan: &Plan) -> Option<u64> {
    let chosen = plan.task.as_ref().map_or(&[][..], |task| task.samples.as_slice());
    let labels = dataset.labels.as_ref()?;
    Some(chosen.iter().zip(&run.predictions).filter(|(s, p)| labels[**s] as usize == **p).count() as u64)
}

/// The network on a device's cores; devices of one shape share one placement.
fn place_on(device: &Device, outcome: &Outcome, known: &mut Vec<(ChipShape, Placement)>) -> Option<OnCores> {
    let shape = device.chip_shape()?;
    let at = known.iter().position(|(other, _)| *other == shape).unwrap_or_else(|| {
        known.push((shape.clone(), place(&outcome.net, &outcome.counts, outcome.neuron_spikes.as_deref(), &shape)));
        known.len() - 1
    });
    let placement = known[at].1.clone();
    // In exact time a tick is no chip's.
    let core_time = energy::core_time(device, &placement).filter(|_| !outcome.net.exact);
    Some(OnCores { core_time, placement })
}

/// What of a placement is priced.
pub(super) fn placed_work(on_cores: &OnCores) -> PlacedWork {
    let placement = &on_cores.placement;
    PlacedWork {
        cores: placement.cores,
        chips: placement.chips,
        places: placement.places,
        messages: placement.messages.messages,
        hops: placement.messages.hops,
        core_time_s: on_cores.core_time.map(|time| time.0),
        exact: placement.messages.exact,
        why_not: placement.why_not.clone(),
    }
}

/// The spiking network as it lies on a device.
pub(super) fn on_device(work: &SpikingWork, on_cores: Option<&OnCores>) -> SpikingWork {
    SpikingWork { placed: on_cores.map(placed_work), ..work.clone() }
}

/// What a spiking run would take on `devices`, each at its highest tier.
#[must_use]
pub fn estimates(devices: &[&Device], outcome: &Outcome) -> Vec<EnergyEstimate> {
    priced(devices, outcome).0
}

/// The same, and where the network lies on those of the devices that have cores.
#[must_use]
pub fn priced(devices: &[&Device], outcome: &Outcome) -> (Vec<EnergyEstimate>, BTreeMap<String, OnCores>) {
    price(None, devices, outcome, &spiking_work(&outcome.net, &outcome.counts), None)
}

/// What each device would take, and where the spiking network lies on those with cores.
pub(super) fn price(
    tier: Option<u8>,
    devices: &[&Device],
    outcome: &Outcome,
    spiking: &SpikingWork,
    dense: Option<&DenseWork>,
) -> (Vec<EnergyEstimate>, BTreeMap<String, OnCores>) {
    let (mut placements, mut known) = (BTreeMap::new(), Vec::new());
    let mut estimates = Vec::new();
    for device in devices {
        let on_cores = place_on(device, outcome, &mut known);
        let spiking = on_device(spiking, on_cores.as_ref());
        let work = Work { spiking: Some(&spiking), dense };
        estimates.extend(match tier {
            Some(tier) => energy::estimate_at(device, &work, tier),
            None => energy::estimate(device, &work),
        });
        placements.extend(on_cores.map(|on_cores| (device.id.clone(), on_cores)));
    }
    (estimates, placements)
}

/// Prices both sides on `devices`, each at its highest tier, and says who takes less. Both must have run the same samples.
#[must_use]
pub fn compare(devices: &[&Device], dataset: &Dataset, outcome: &Outcome, dense: &DenseResult) -> Comparison {
    compare_at(None, devices, dataset, outcome, dense)
}

/// The same at one tier, on those of the devices that have a model of it.
#[must_use]
pub fn compare_at(
    tier: Option<u8>,
    devices: &[&Device],
    dataset: &Dataset,
    outcome: &Outcome,
    dense: &DenseResult,
) -> Comparison {
    let spiking = &spiking_work(&outcome.net, &outcome.counts);
    let (mut estimates, placements) = price(tier, devices, outcome, spiking, Some(&dense.run.work));
    estimates.sort_by_key(|e| e.runs == energy::Runs::Dense);
    let break_even = energy::break_even(spiking);
    let verdict = verdict_of(&estimates, &rivals(tier, devices, dense), &break_even, dataset, outcome, dense);
    let curves = curves(devices, spiking, &placements, &estimates);
    let layers = energy_by_layer(devices, outcome, spiking, dense, &placements, &estimates);
    Comparison { estimates, placements, break_even, verdict, curves, layers, forms: forms(tier, devices, dense) }
}

impl Comparison {
    /// Puts prices of tier 4 to the others; they have no layers.
    pub fn add_systems(&mut self, systems: Vec<EnergyEstimate>) {
        let there = std::mem::take(&mut self.estimates).into_iter().zip(std::mem::take(&mut self.layers));
        let mut all: Vec<_> = there.chain(systems.into_iter().map(|system| (system, Vec::new()))).collect();
        all.sort_by_key(|(estimate, _)| estimate.runs == energy::Runs::Dense);
        (self.estimates, self.layers) = all.into_iter().unzip();
    }

    /// Leaves prices of tier 4 alone, and says who takes less by them.
    pub fn keep_systems(&mut self, systems: Vec<EnergyEstimate>, dataset: &Dataset, outcome: &Outcome, dense: &DenseResult) {
        // Layers and curves are those of chips.
        (self.layers, self.curves) = (vec![Vec::new(); systems.len()], Vec::new());
        self.estimates = systems;
        // What forms of the dense network would take is known of chips alone.
        self.verdict = verdict_of(&self.estimates, &[], &self.break_even, dataset, outcome, dense);
    }
}

/// Who takes less by some prices, also against what the dense network could be instead.
fn verdict_of(
    estimates: &[EnergyEstimate],
    rivals: &[Rival],
    break_even: &BreakEven,
    dataset: &Dataset,
    outcome: &Outcome,
    dense: &DenseResult,
) -> Verdict {
    let samples = dense.run.work.samples as f64;
    let share = |correct: u64| correct as f64 / samples;
    let answers = outcome.task.as_ref().zip(outcome.done.task.as_ref());
    let accuracy_spiking = answers.and_then(|(answers, task)| answers.correct(dataset, &task.samples)).map(share);
    let accuracy_dense = dense.correct.map(share);
    let (spiking_side, dense_side): (Vec<_>, Vec<_>) = estimates.iter().cloned().partition(|e| e.runs == energy::Runs::Spiking);
    let verdict = energy::verdict(&spiking_side, &dense_side, break_even, accuracy_spiking, accuracy_dense);
    energy::at_its_best(verdict, &spiking_side, &dense_side, rivals, break_even, accuracy_spiking)
}
