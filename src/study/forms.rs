//! The dense network's forms, priced: each on every device that runs dense networks, one inference at a time and in a batch.

use super::DenseResult;
use crate::dense::Variant;
use crate::energy::{self, DenseForm, Device, FormEstimate, Rival, ZeroSkipping};

/// Inferences run together for which a dense network is priced and its traffic told.
pub(super) const BATCHES: [u32; 2] = [1, 64];

/// The prices of one form of the dense network.
#[derive(Debug, Clone)]
pub struct FormPrices {
    /// The form's name.
    pub form: String,
    /// One a device and batch, in the order of devices, the smaller batch first.
    pub estimates: Vec<FormEstimate>,
}

/// The dense network as it is, as one of its forms.
pub(super) fn as_it_is(dense: &DenseResult) -> Variant {
    let bits = dense.run.work.weight_bits;
    Variant {
        name: format!("fp{bits}"),
        how: "as it is".into(),
        activation_bits: bits,
        sparse: false,
        kept_weights: dense.run.layers.iter().map(|layer| layer.weights).sum(),
        run: dense.run.clone(),
    }
}

/// A form as energy reads it.
fn priced(variant: &Variant) -> DenseForm<'_> {
    let layers = &variant.run.layers;
    DenseForm {
        work: &variant.run.work,
        activation_bits: variant.activation_bits,
        weights: layers.iter().map(|layer| layer.weights).sum(),
        kept_weights: variant.kept_weights,
        nonzero_weight_macs: layers.iter().map(|layer| layer.nonzero_weight_macs).sum(),
    }
}

/// Those of the devices that have a model of a tier.
fn of_tier<'d>(tier: Option<u8>, devices: &[&'d Device]) -> Vec<&'d Device> {
    let has = |device: &&&Device| tier.is_none_or(|tier| energy::tiers(device).last() == Some(&tier));
    devices.iter().filter(has).copied().collect()
}

/// Every form on every device; nothing where the network was run as it is alone.
pub(super) fn forms(tier: Option<u8>, devices: &[&Device], dense: &DenseResult) -> Vec<FormPrices> {
    if dense.variants.is_empty() {
        return Vec::new();
    }
    let devices = of_tier(tier, devices);
    let price = |variant: &Variant| {
        let form = priced(variant);
        let of = |device: &&Device| BATCHES.map(|batch| energy::estimate_form(device, &form, batch));
        FormPrices { form: variant.name.clone(), estimates: devices.iter().flat_map(of).flatten().collect() }
    };
    std::iter::once(&as_it_is(dense)).chain(dense.variants.iter().map(|one| &one.variant)).map(price).collect()
}

/// What the dense network could be instead, at batch 1, on devices that run spiking networks too: as it is with its zeros spared, and its other forms.
pub(super) fn rivals(tier: Option<u8>, devices: &[&Device], dense: &DenseResult) -> Vec<Rival> {
    let devices = of_tier(tier, devices);
    let skips = |device: &&Device| device.zeros.as_ref().is_some_and(|zeros| zeros.skips != ZeroSkipping::None);
    let spared = if devices.iter().any(skips) { ", zeros skipped" } else { "" };
    let samples = dense.run.work.samples.max(1) as f64;
    let rival = |name: &str, variant: &Variant, correct: Option<u64>| Rival {
        name: format!("{name}{spared}, batch 1"),
        accuracy: correct.map(|correct| correct as f64 / samples),
        estimates: devices.iter().filter_map(|device| energy::estimate_alike(device, &priced(variant))).collect(),
    };
    let first = rival("as it is", &as_it_is(dense), dense.correct);
    let others = dense.variants.iter().map(|one| rival(&one.variant.name, &one.variant, one.correct));
    std::iter::once(first).chain(others).collect()
}
