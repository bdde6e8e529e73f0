//! A digest of every spike of a run: two runs with one digest had the same spikes.

use super::Recorder;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// SHA-256 of the spikes of all populations of one run or sample, in the order in which recorders hear them: by tick, within a tick by
/// population, within a population by neuron.
///
/// A spike is 16 bytes, all little-endian: population index (u32), tick (u64), neuron (u32). In exact time 8 bytes follow, the bits of the
/// fraction of a tick (f64) by which it is later. What goes into a report is SHA-256 of the digests of its samples one after the other, 32 bytes
/// each ([`SpikeDigest::of_samples`]); a plain run is one sample.
#[derive(Debug, Clone, Default)]
pub struct SpikeDigest(Sha256);

impl SpikeDigest {
    /// Of no spikes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The digest of what was heard.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        self.0.clone().finalize().into()
    }

    /// The digest of samples by their digests, 64 hexadecimal digits.
    pub fn of_samples(digests: impl IntoIterator<Item = [u8; 32]>) -> String {
        let mut all = Sha256::new();
        digests.into_iter().for_each(|digest| all.update(digest));
        all.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    fn add(&mut self, population: usize, tick: u64, id: u32) {
        let mut spike = [0; 16];
        spike[..4].copy_from_slice(&(population as u32).to_le_bytes());
        spike[4..12].copy_from_slice(&tick.to_le_bytes());
        spike[12..].copy_from_slice(&id.to_le_bytes());
        self.0.update(spike);
    }
}

impl Recorder for SpikeDigest {
    fn wants_spikes(&self, _population: usize) -> bool {
        true
    }

    fn spikes(&mut self, population: usize, tick: u64, ids: &[u32]) {
        for &id in ids {
            self.add(population, tick, id);
        }
    }

    fn exact_spike(&mut self, population: usize, tick: u64, fraction: f64, id: u32) {
        self.add(population, tick, id);
        self.0.update(fraction.to_bits().to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_that_of_the_bytes_that_are_stated() {
        let mut heard = SpikeDigest::new();
        heard.spikes(1, 0x0203, &[4, 5]);
        heard.exact_spike(0, 1, 0.5, 2);
        let mut bytes = vec![1, 0, 0, 0, 3, 2, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0];
        bytes.extend([1, 0, 0, 0, 3, 2, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0]);
        bytes.extend([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0]);
        bytes.extend([0, 0, 0, 0, 0, 0, 0xe0, 0x3f]);
        assert_eq!(heard.digest(), <[u8; 32]>::from(Sha256::digest(&bytes)));
        // SHA-256 of nothing, and of one digest of nothing.
        assert!(SpikeDigest::of_samples([]).starts_with("e3b0c44298fc1c14"));
        assert!(SpikeDigest::of_samples([SpikeDigest::new().digest()]).starts_with("5df6e0e2761359d3"));
    }
}
