//! The dense network in its other forms, as a part of the report.

use super::DenseResult;
use crate::dense::Variant;
use crate::report::{BatchEntry, DenseVariantEntry, wilson};

/// Inferences run together for which a dense network's traffic is told.
const BATCHES: [u64; 2] = [1, 64];

/// The dense network in all its forms, as it is first; nothing where no other was run.
pub(super) fn dense_variants(dense: &DenseResult) -> Vec<DenseVariantEntry> {
    if dense.variants.is_empty() {
        return Vec::new();
    }
    let work = &dense.run.work;
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
                    batch,
                    weight_bytes_per_sample: run.weight_bytes as f64 / batch as f64,
                    activation_bytes: run.activation_bytes * batch,
                })
                .collect(),
        }
    };
    let as_it_is = Variant {
        name: format!("fp{}", work.weight_bits),
        how: "as it is".into(),
        activation_bits: work.weight_bits,
        sparse: false,
        run: dense.run.clone(),
    };
    let others = dense.variants.iter().map(|v| entry(&v.variant, v.correct));
    std::iter::once(entry(&as_it_is, dense.correct)).chain(others).collect()
}
