//! The dense network's part.

use super::ratio;
use crate::report::{DenseLayerEntry, DensePart};
use crate::study::{DenseResult, FormPrices, variants};

pub(super) fn dense_part(dense: &DenseResult, samples: u64, prices: &[FormPrices]) -> DensePart {
    let work = &dense.run.work;
    DensePart {
        source: dense.network.source.clone(),
        macs: work.macs,
        effective_macs: work.effective_macs,
        accuracy: dense.correct.map(|correct| ratio(correct as f64, samples as f64)),
        weight_bytes: work.weight_bytes,
        samples: work.samples,
        correct: dense.correct,
        weight_bits: Some(work.weight_bits),
        predictions: Some(dense.run.predictions.iter().map(|&p| p as i64).collect()),
        layers: dense
            .run
            .layers
            .iter()
            .map(|layer| DenseLayerEntry {
                name: layer.name.clone(),
                macs: layer.macs,
                effective_macs: layer.effective_macs,
                input_sparsity: None,
            })
            .collect(),
        variants: variants::dense_variants(dense, prices),
    }
}
