//! A spiking run set beside a dense network, both priced.

use super::forms::{FormPrices, forms, rivals};
use super::{Outcome, Plan};
use crate::counts::{DenseWork, PlacedWork, SpikingWork};
use crate::dataset::{Dataset, Samples};
use crate::dense::{self, DenseRun, Form, Variant, bits_of_steps, variant};
use crate::diagnostic::Result;
use crate::energy::{self, BreakEven, Device, EnergyEstimate, Seconds, Verdict, Work};
use crate::network::DenseNetwork;
use crate::neuron::Output;
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

/// What the dense network is given for each sample of a plan.
fn dense_inputs(dataset: &Dataset, plan: &Plan) -> Result<Vec<Vec<f64>>> {
    let chosen = plan.task.as_ref().map_or(&[][..], |task| task.samples.as_slice());
    match &dataset.samples {
        Samples::Values(values) => Ok(chosen.iter().map(|&s| values.slice(s * dataset.channels, dataset.channels)).collect()),
        Samples::Frames { .. } | Samples::Spikes(_) | Samples::Raster(_) => {
            chosen.iter().map(|&s| mean_over_time(dataset, s, plan)).collect()
        }
    }
}

/// Each channel's mean over a sample's steps: spikes per step, or the mean value.
fn mean_over_time(dataset: &Dataset, sample: usize, plan: &Plan) -> Result<Vec<f64>> {
    use crate::dataset::encode::{Encoding, encode};
    use crate::spike::InputTrain;
    let mut sums = vec![0.0; dataset.channels];
    match encode(dataset, sample, Encoding::Direct, plan.ticks, plan.dt_ms, plan.seed)? {
        InputTrain::Spikes(ticks) => ticks.iter().flatten().for_each(|&channel| sums[channel as usize] += 1.0),
        InputTrain::Constant(values) => return Ok(values),
        InputTrain::Frames { channels, values } => {
            values.chunks_exact(channels).for_each(|row| sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value));
        }
    }
    Ok(sums.into_iter().map(|sum| sum / plan.ticks as f64).collect())
}

/// What ran on the spiking side, as energy reads it.
fn spiking_work(outcome: &Outcome) -> SpikingWork {
    let (net, counts) = (&outcome.net, &outcome.counts);
    let stateful = || net.populations.iter().zip(&counts.populations).filter(|(p, _)| !p.is_input());
    // Trained networks come in single precision, and so do the weights that people write.
    let weight_bits = 32;
    SpikingWork {
        counts: counts.total(),
        samples: counts.samples,
        ticks_per_sample: counts.ticks / counts.samples.max(1),
        dt_s: net.dt_ms * 1e-3,
        neurons: net.neurons(),
        synapses: net.synapses(),
        max_fan_in: net.max_fan_in(),
        neuron_updates_clocked: stateful().map(|(_, c)| c.neuron_updates_clocked).sum(),
        neuron_updates_driven: stateful().map(|(_, c)| c.neuron_updates_driven).sum(),
        neuron_spikes: stateful().filter(|(p, _)| p.model.spec().output == Output::Spikes).map(|(_, c)| c.spikes).sum(),
        weight_bits,
        weight_bytes: net.weights() * u64::from(weight_bits) / 8,
        state_bytes: net.state_bytes(),
        placed: None,
    }
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
fn placed_work(on_cores: &OnCores) -> PlacedWork {
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

/// What a spiking run would take on `devices`, each at its highest tier.
#[must_use]
pub fn estimates(devices: &[&Device], outcome: &Outcome) -> Vec<EnergyEstimate> {
    price(None, devices, outcome, &spiking_work(outcome), None).0
}

/// What each device would take, and where the spiking network lies on those with cores.
fn price(
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
        let spiking = SpikingWork { placed: on_cores.as_ref().map(placed_work), ..spiking.clone() };
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
    let samples = dense.run.work.samples as f64;
    let share = |correct: u64| correct as f64 / samples;
    let answers = outcome.task.as_ref().zip(outcome.done.task.as_ref());
    let accuracy_spiking = answers.and_then(|(answers, task)| answers.correct(dataset, &task.samples)).map(share);
    let accuracy_dense = dense.correct.map(share);
    let spiking = &spiking_work(outcome);
    let (mut estimates, placements) = price(tier, devices, outcome, spiking, Some(&dense.run.work));
    let is_dense = |e: &EnergyEstimate| e.runs == energy::Runs::Dense;
    estimates.sort_by_key(is_dense);
    let (spiking_side, dense_side): (Vec<_>, Vec<_>) = estimates.iter().cloned().partition(|e| !is_dense(e));
    let break_even = energy::break_even(spiking);
    let verdict = energy::verdict(&spiking_side, &dense_side, &break_even, accuracy_spiking, accuracy_dense);
    let verdict =
        energy::at_its_best(verdict, &spiking_side, &dense_side, &rivals(tier, devices, dense), &break_even, accuracy_spiking);
    Comparison { estimates, placements, break_even, verdict, forms: forms(tier, devices, dense) }
}
