//! The dense network in its other forms, as a part of the report.

use super::DenseResult;
use super::forms::{BATCHES, FormPrices, as_it_is};
use crate::dense::Variant;
use crate::energy::{FormEstimate, Grade};
use crate::report::{BatchEntry, DenseVariantEntry, FormEnergyEntry, Range, UtilisedEntry, wilson};

/// The dense network in all its forms, as it is first; nothing where no other was run.
pub(super) fn dense_variants(dense: &DenseResult, prices: &[FormPrices]) -> Vec<DenseVariantEntry> {
    if dense.variants.is_empty() {
        return Vec::new();
    }
    let entry = |v: &Variant, correct: Option<u64>| {
        let (run, samples) = (&v.run.work, v.run.work.samples);
        let accuracy = correct.map(|correct| correct as f64 / samples.max(1) as f64);
        DenseVariantEntry {
            name: v.name.clone(),
            how: v.how.clone(),
            weight_bits: run.weight_bits,
            activation_bits: v.activation_bits,
            sparse: v.sparse,
            macs: run.macs,
            effective_macs: run.effective_macs,
            weight_bytes: run.weight_bytes,
            activation_bytes: run.activation_bytes,
            samples,
            correct,
            accuracy,
            accuracy_interval: accuracy.and_then(|accuracy| wilson(accuracy, samples)),
            changed: v.run.predictions.iter().zip(&dense.run.predictions).filter(|(a, b)| a != b).count() as u64,
            batches: BATCHES
                .iter()
                .map(|&batch| BatchEntry {
                    batch: batch.into(),
                    weight_bytes_per_sample: run.weight_bytes as f64 / f64::from(batch),
                    activation_bytes: run.activation_bytes * u64::from(batch),
                })
                .collect(),
            energy: prices.iter().find(|one| one.form == v.name).map(entries).unwrap_or_default(),
        }
    };
    let others = dense.variants.iter().map(|v| entry(&v.variant, v.correct));
    std::iter::once(entry(&as_it_is(dense), dense.correct)).chain(others).collect()
}

/// The prices of one form.
fn entries(prices: &FormPrices) -> Vec<FormEnergyEntry> {
    let of = |priced: &FormEstimate| {
        let e = &priced.estimate;
        FormEnergyEntry {
            device: e.device.clone(),
            batch: e.batch.into(),
            tier: e.tier,
            precision: priced.precision.map(|precision| precision.word().to_owned()),
            zeros_skipped: priced.zeros.word().to_owned(),
            energy_per_sample_j: e.energy_per_sample.map(|r| Range { low: r.low.0, nominal: r.nominal.0, high: r.high.0 }),
            latency_s: e.latency.map(|time| time.0),
            utilisation: priced.utilisation.as_ref().map(|used| UtilisedEntry { share: used.share, reason: used.reason.clone() }),
            unpriced: e.unpriced.clone(),
            evidence: e.evidence.map_or("none", Grade::word).into(),
            source: e.source.clone(),
            caveats: e.caveats.clone(),
        }
    };
    prices.estimates.iter().map(of).collect()
}
