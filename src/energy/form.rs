//! A dense network in one of its forms, at a batch: what a device makes of fewer bits, of weights left out, of zeros and of inferences
//! that run together.
//!
//! Per inference, at a batch of B:
//!
//! - **Tables** of operations, with memory or without: in the form's own type, or the next wider one that the table has. A weight that was read
//!   serves B inferences, up to the reuse that an array of processing elements has ([`memory`]).
//! - **Processors and accelerators that are called** (`launch` in their files): (launch + weights · `weight_read`) / B + multiply-accumulates ·
//!   `mac_marginal`; where the last is not given, the figure of a multiply-accumulate that is nearest. One call takes `launch_time` +
//!   B · multiply-accumulates · `mac_time`, which is the latency: the first inference waits for the last.
//! - **Others**: multiply-accumulates · the figure that is nearest. Where that was measured at a batch, or none is stated, its high end takes in the smaller one.
//!
//! Zeros cost no operation only where the device's file says so (`[zeros]`), and weights left out save nothing on a device that does not skip
//! them: they are kept and met as zeros.

use super::arithmetic::{self, Pair, pairs};
use super::dense::{nearest, of_weights, spread};
use super::device::{Boundary, Device, Runs, ZeroSkipping};
use super::estimate::EnergyEstimate;
use super::evidence::{FigureKind, Grade};
use super::figure::{ArithmeticFigure, FigureName, Precision};
use super::ledger::Ledger;
use super::memory;
use super::quantity::Seconds;
use super::tier::highest;
use super::uncertainty::Slot;
use crate::counts::DenseWork;
use serde::{Deserialize, Serialize};

/// A form of a dense network, and what it did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DenseForm<'w> {
    /// What it did; its weights are as wide as they are kept.
    pub work: &'w DenseWork,
    /// Bits of an activation between layers.
    pub activation_bits: u32,
    /// Weights, zeros included; those that are shared count once.
    pub weights: u64,
    /// Weights that are kept: fewer where those of zero are left out of memory.
    pub kept_weights: u64,
    /// Multiply-accumulates of a weight other than zero, all samples.
    pub nonzero_weight_macs: u64,
}

/// How much of what a device can do is reached at a size and batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Utilisation {
    /// The share, 0 to 1; absent where there is nothing to hold it against.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub share: Option<f64>,
    /// What it is a share of, and why it is no more.
    pub reason: String,
}

/// The price of a form on a device, at a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct FormEstimate {
    /// The price; its batch is in it.
    pub estimate: EnergyEstimate,
    /// The numeric type of the figures used; absent where theirs is not stated.
    pub precision: Option<Precision>,
    /// Which zeros were spared.
    pub zeros: ZeroSkipping,
    /// How much of the device is used; of machines alone.
    pub utilisation: Option<Utilisation>,
}

/// What a time of multiply-accumulates alone is.
pub(super) const BARE_TIME: &str = "the time is that of its multiply-accumulates alone, at the rate measured on a larger network";

/// What is charged of a form, per sample.
#[derive(Debug, Clone, Copy)]
pub(super) struct Charged {
    /// Multiply-accumulates that are computed.
    pub(super) operations: f64,
    /// Multiply-accumulates for which a weight is asked for.
    pub(super) weight_uses: f64,
    /// Weights in memory.
    pub(super) weights: f64,
    pub(super) weight_bits: f64,
    /// Bytes with each weight besides its own: its place among others, its share of the biases.
    pub(super) place_bytes: f64,
    /// Inputs and outputs of the largest layer.
    pub(super) values: f64,
    pub(super) activation_bits: f64,
    pub(super) batch: f64,
}

/// What a device that spares itself these zeros is charged.
fn charged(form: &DenseForm<'_>, zeros: ZeroSkipping, batch: u32) -> Charged {
    let work = form.work;
    let samples = work.samples as f64;
    let macs = work.macs as f64;
    let nonzero_weights = (form.nonzero_weight_macs as f64).min(macs);
    // Of inputs other than zero: what is effective, and at most all that meets a weight of zero.
    let nonzero_inputs = (work.effective_macs as f64 + macs - nonzero_weights).min(macs);
    let operations = match zeros {
        ZeroSkipping::None => macs,
        ZeroSkipping::Activations => nonzero_inputs,
        ZeroSkipping::Weights => nonzero_weights,
        ZeroSkipping::Both => work.effective_macs as f64,
    };
    let left_out = form.kept_weights < form.weights && zeros.of_weights();
    let (weight_bits, activation_bits) = (f64::from(work.weight_bits.max(1)), f64::from(form.activation_bits.max(1)));
    let kept = form.kept_weights as f64;
    let place_bytes = if left_out { (work.weight_bytes as f64 / kept.max(1.0) - weight_bits / 8.0).max(0.0) } else { 0.0 };
    Charged {
        operations: operations / samples,
        weight_uses: if left_out { nonzero_weights } else { macs } / samples,
        weights: if left_out { kept } else { form.weights as f64 },
        weight_bits,
        place_bytes,
        values: work.activation_bytes as f64 * 8.0 / activation_bits,
        activation_bits,
        batch: f64::from(batch),
    }
}

/// The price of a form of a dense network on a device, at the device's highest tier; `None` where it runs no dense network. `batch` of 0 is 1.
#[must_use]
pub fn estimate_form(device: &Device, form: &DenseForm<'_>, batch: u32) -> Option<FormEstimate> {
    if !device.runs(Runs::Dense) {
        return None;
    }
    let batch = batch.max(1);
    let mut ledger = Ledger::new(device, Runs::Dense, highest(device));
    ledger.batch = batch;
    let zeros = device.zeros.as_ref().map_or(ZeroSkipping::None, |zeros| zeros.skips);
    let plain = |ledger: Ledger<'_>| FormEstimate { estimate: ledger.close(), precision: None, zeros, utilisation: None };
    if form.work.samples == 0 {
        ledger.caveat("no sample was run, so there is no energy per sample");
        return Some(plain(ledger));
    }
    let charged = charged(form, zeros, batch);
    say_of_zeros(&mut ledger, device, form);
    let own = of_weights(form.work);
    if matches!(device.boundary, Boundary::Operations | Boundary::Core) {
        let Some(pair) = pair_of(device, own) else {
            ledger.unpriced(format!("operations (no figures of {own} or a wider type)"));
            return Some(plain(ledger));
        };
        let precision = pair.precision;
        if precision != own {
            ledger.caveat(format!("the table has no {own}, so that {precision} is charged"));
        }
        if form.activation_bits < form.work.weight_bits {
            let bits = form.activation_bits;
            ledger
                .caveat(format!("inputs of {bits} bits are moved as such and multiplied as {precision}: no figure is narrower"));
        }
        match device.boundary {
            Boundary::Operations => arithmetic::dense_form(&mut ledger, &[pair], charged.operations),
            _ => memory::dense_form(&mut ledger, device, &[pair], &charged, false),
        }
        ledger.by_precision.clear();
        return Some(FormEstimate { precision: Some(precision), ..plain(ledger) });
    }
    let called = device.energy(FigureName::Launch).is_some();
    let marginal = device.energy(FigureName::MacMarginal).filter(|_| called);
    let mac = nearest(device, own);
    if mac.is_none() && marginal.is_none() {
        ledger.unpriced("multiply-accumulates");
        return Some(plain(ledger));
    }
    if called {
        call(&mut ledger, device, mac, &charged);
    } else if let Some(mac) = mac {
        let nominal = mac.energy.nominal * charged.operations;
        let factors = spread(device, mac, batch).relative().factors(Slot::MAC);
        ledger.add("multiply-accumulates", nominal, factors.map(|factor| nominal.0 * factor));
        ledger.rests_on("multiply-accumulates", &mac.energy);
        ledger.mark_dynamic();
        if let Some(each) = device.time(FigureName::MacTime) {
            ledger.latency = Some(Seconds(each.nominal.0 * charged.operations * charged.batch));
            ledger.caveat(BARE_TIME);
        }
        if batch > 1 && mac.batch == Some(1) {
            ledger.caveat("no batch was measured: the figure of one inference at a time is kept");
        }
    }
    // A call's own figures are of the type in which it was measured.
    let precision = mac.and_then(|mac| mac.precision);
    match precision {
        Some(precision) if precision != own => {
            let bits = form.work.weight_bits;
            ledger.caveat(format!("its figures are of {precision}: there is none of weights of {bits} bits"));
        }
        _ => {}
    }
    let utilisation = utilisation(device, mac, &charged, &ledger);
    Some(FormEstimate { precision, utilisation: Some(utilisation), ..plain(ledger) })
}

/// The price of a form at batch 1 that is like for like with that of a spiking network on the same device: on a table in every numeric type in turn, with
/// whatever is zero left out where the table says so; `None` where the device runs not both.
#[must_use]
pub fn estimate_alike(device: &Device, form: &DenseForm<'_>) -> Option<EnergyEstimate> {
    if !(device.runs(Runs::Dense) && device.runs(Runs::Spiking)) || form.work.samples == 0 {
        return None;
    }
    let zeros = device.zeros.as_ref().map_or(ZeroSkipping::None, |zeros| zeros.skips);
    let charged = charged(form, zeros, 1);
    let mut ledger = Ledger::new(device, Runs::Dense, highest(device));
    match device.boundary {
        Boundary::Operations => arithmetic::dense_form(&mut ledger, &pairs(device), charged.operations),
        Boundary::Core => memory::dense_form(&mut ledger, device, &pairs(device), &charged, true),
        _ => return estimate_form(device, form, 1).map(|priced| priced.estimate),
    }
    Some(ledger.close())
}

/// The narrowest type of a table that holds values of `own`, integers before floats of one width.
fn pair_of(device: &Device, own: Precision) -> Option<Pair<'_>> {
    let mut pairs = pairs(device);
    // The order of the list is from narrow to wide, and a float holds no integer of its own width.
    let wide_enough = |precision: Precision| precision == own || width(precision) > width(own);
    pairs.retain(|pair| wide_enough(pair.precision));
    pairs.sort_by_key(|pair| (pair.precision != own, width(pair.precision)));
    (!pairs.is_empty()).then(|| pairs.swap_remove(0))
}

fn width(precision: Precision) -> u32 {
    match precision {
        Precision::Int8 => 8,
        Precision::Int16 | Precision::Fp16 | Precision::Bf16 => 16,
        Precision::Int32 | Precision::Fp32 => 32,
    }
}

/// A call of a processor: its launch and its weights once a batch, its multiply-accumulates for each inference.
pub(super) fn call<'d>(ledger: &mut Ledger<'d>, device: &'d Device, mac: Option<&'d ArithmeticFigure>, charged: &Charged) {
    let each = 1.0 / charged.batch;
    if let Some(figure) = device.energy(FigureName::Launch) {
        ledger.charge("launch", each, (FigureName::Launch, figure), FigureKind::Energy);
    }
    if let Some(figure) = device.energy(FigureName::WeightRead) {
        ledger.charge("weights read", charged.weights * each, (FigureName::WeightRead, figure), FigureKind::Energy);
    }
    let name = "multiply-accumulates";
    if let Some(figure) = device.energy(FigureName::MacMarginal) {
        ledger.charge(name, charged.operations, (FigureName::MacMarginal, figure), FigureKind::Energy);
    } else if let Some(mac) = mac {
        // The launch is apart, so that no batch widens what is left.
        let nominal = mac.energy.nominal * charged.operations;
        let factors = mac.energy.spread(FigureKind::Energy).relative().factors(Slot::MAC);
        ledger.add(name, nominal, factors.map(|factor| nominal.0 * factor));
        ledger.rests_on(name, &mac.energy);
    }
    if let (Some(launch), Some(mac)) = (device.time(FigureName::LaunchTime), device.time(FigureName::MacTime)) {
        ledger.latency = Some(Seconds(launch.nominal.0 + mac.nominal.0 * charged.operations * charged.batch));
    }
}

/// How much of a machine is used.
fn utilisation(device: &Device, mac: Option<&ArithmeticFigure>, charged: &Charged, ledger: &Ledger<'_>) -> Utilisation {
    if let (Some(latency), Some(each)) = (ledger.latency, device.time(FigureName::MacTime))
        && device.energy(FigureName::Launch).is_some()
        && latency.0 > 0.0
    {
        let share = each.nominal.0 * charged.operations * charged.batch / latency.0;
        let reason = "of its throughput in large calls: starting a call takes the rest of its time".into();
        return Utilisation { share: Some(share), reason };
    }
    if device.energy(FigureName::Launch).is_some() {
        let all: f64 = ledger.entries.iter().map(|entry| entry.nominal.0).sum();
        let macs: f64 = ledger.entries.iter().filter(|e| e.name == "multiply-accumulates").map(|e| e.nominal.0).sum();
        let share = (all > 0.0).then(|| macs / all);
        let reason = "of its energy goes into multiply-accumulates: starting a call takes the rest".into();
        return Utilisation { share, reason };
    }
    let Some(mac) = mac else { return Utilisation { share: None, reason: "no figure".into() } };
    if mac.energy.peak {
        let reason = "not known: there is a data-sheet peak alone, and the range goes up from it".into();
        return Utilisation { share: None, reason };
    }
    let peak = device.macs.iter().find(|one| one.energy.peak && one.precision == mac.precision);
    let on = mac.workload.clone().unwrap_or_else(|| "a network of its makers".into());
    let size = mac.workload_macs.map(|macs| macs as f64 / charged.operations.max(1.0)).filter(|&times| times > 10.0);
    let size =
        size.map(|times| format!(", {times:.0} times this network, so that fixed costs weigh more here")).unwrap_or_default();
    match peak {
        Some(peak) => Utilisation {
            share: Some((peak.energy.nominal / mac.energy.nominal).min(1.0)),
            reason: format!("of the data-sheet operations per joule, measured on {on}{size}"),
        },
        None => Utilisation { share: None, reason: format!("inside the figure, measured on {on}{size}; no peak is stated") },
    }
}

/// Says what became of zeros, where there is something to say.
fn say_of_zeros<'d>(ledger: &mut Ledger<'d>, device: &'d Device, form: &DenseForm<'_>) {
    let skips = device.zeros.as_ref().map_or(ZeroSkipping::None, |zeros| zeros.skips);
    if form.nonzero_weight_macs < form.work.macs && form.kept_weights < form.weights && !skips.of_weights() {
        ledger.caveat(match &device.zeros {
            Some(_) => "weights left out save nothing here: the device does not skip them",
            None => "weights left out save nothing here: no figure says that the device skips them",
        });
    }
    if skips != ZeroSkipping::None
        && let Some(zeros) = &device.zeros
    {
        let which = match skips {
            ZeroSkipping::Activations => "inputs",
            ZeroSkipping::Weights => "weights",
            _ => "inputs and weights",
        };
        ledger.caveat(format!("{which} of zero cost no operation ({})", zeros.source));
        ledger.uses(&zeros.source, Grade::Derived);
    }
}
