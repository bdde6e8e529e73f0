//! How often each neuron spiked, all samples together.

use super::Recorder;
use crate::compile::CompiledNetwork;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Spikes of every neuron of every population. Clones count into the same numbers, so that samples side by side need one set of them; sums have
/// no order, so the numbers are the same on any number of threads.
#[derive(Debug, Clone)]
pub struct NeuronSpikes(Arc<Vec<Vec<AtomicU64>>>);

impl NeuronSpikes {
    /// None yet.
    #[must_use]
    pub fn new(net: &CompiledNetwork) -> Self {
        let of = |p: &crate::compile::CompiledPopulation| (0..p.size).map(|_| AtomicU64::new(0)).collect();
        Self(Arc::new(net.populations.iter().map(of).collect()))
    }

    /// Spikes of each neuron, population by population.
    #[must_use]
    pub fn counts(&self) -> Vec<Vec<u64>> {
        self.0.iter().map(|p| p.iter().map(|n| n.load(Ordering::Relaxed)).collect()).collect()
    }
}

impl Recorder for NeuronSpikes {
    fn wants_spikes(&self, _population: usize) -> bool {
        true
    }

    fn spikes(&mut self, population: usize, _tick: u64, ids: &[u32]) {
        for &id in ids {
            self.0[population][id as usize].fetch_add(1, Ordering::Relaxed);
        }
    }
}
