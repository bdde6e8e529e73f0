//! Random draws by address: every number is a function of (seed, purpose, index), never of what was drawn before.
//!
//! The generator is Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011, table 2), from
//! the crate `rand_philox`, which holds it to the Random123 known answers. Keyed by address, a draw is the same on any
//! thread and in any order.

use rand_philox::{Philox, philox4x32_10};

/// What a stream of draws is for. Two purposes never share a draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Purpose {
    /// Initial values of neurons; the stream's index is population and variable.
    Init = 1,
    /// Connections of a projection.
    Connect = 2,
    /// Weights of a projection.
    Weight = 3,
    /// Delays of a projection.
    Delay = 4,
    /// Events of a Poisson stimulus.
    Poisson = 5,
    /// Spikes of a rate-encoded sample; the index is the sample.
    Encode = 6,
    /// Parameters of neurons.
    Parameter = 7,
    /// Values of a noise current.
    Noise = 8,
    /// Neurons whose spikes are looked at more closely.
    Statistics = 9,
    /// Figures of an energy estimate.
    Uncertainty = 10,
}

/// One stream of draws: all of one purpose and index under one seed.
#[derive(Debug, Clone, Copy)]
pub struct Stream {
    key: [u32; 2],
    /// The upper half of the counter.
    lane: [u32; 2],
}

impl Stream {
    /// The stream of this purpose and index.
    #[must_use]
    pub fn new(seed: u64, purpose: Purpose, index: u32) -> Self {
        // The seed is mixed, so that seeds 1, 2, 3 give keys that differ in about half their bits.
        let mixed = rand_philox::splitmix64(seed);
        Self { key: [mixed as u32, (mixed >> 32) as u32], lane: [purpose as u32, index] }
    }

    /// Two 64-bit words of draw `at`.
    #[must_use]
    pub fn words(&self, at: u64) -> [u64; 2] {
        let [a, b, c, d] = philox4x32_10([at as u32, (at >> 32) as u32, self.lane[0], self.lane[1]], self.key);
        [u64::from(a) | u64::from(b) << 32, u64::from(c) | u64::from(d) << 32]
    }

    /// The 32-bit words of draws `first`, `first + 1`, …: four words each, those of [`Stream::words`] low half first. Many at once
    /// cost a fraction of as many calls.
    pub fn fill(&self, first: u64, words: &mut [u32]) {
        let counter = u128::from(first) | u128::from(self.lane[0]) << 64 | u128::from(self.lane[1]) << 96;
        Philox::new(self.key, counter).fill_u32(words);
    }

    /// Draw `at`, uniform on [0, 1) with 53 bits.
    #[must_use]
    pub fn uniform(&self, at: u64) -> f64 {
        unit(self.words(at)[0])
    }

    /// Draw `at`, uniform among `0..n`.
    #[must_use]
    pub fn below(&self, at: u64, n: u64) -> u64 {
        below(self.words(at)[0], n)
    }

    /// Draw `at`, standard normal (Box and Muller, Ann. Math. Statist. 29:610, 1958).
    #[must_use]
    pub fn normal(&self, at: u64) -> f64 {
        let [a, b] = self.words(at);
        // 1 - u is in (0, 1], so the logarithm is finite.
        let radius = (-2.0 * crate::numerics::ln(1.0 - unit(a))).sqrt();
        radius * crate::numerics::cos(std::f64::consts::TAU * unit(b))
    }
}

/// 64 random bits as a number among `0..n`, by multiply and shift: the bias is below n / 2⁶⁴.
#[must_use]
pub fn below(word: u64, n: u64) -> u64 {
    ((u128::from(word) * u128::from(n)) >> 64) as u64
}

/// The top 53 bits as a number on [0, 1).
#[must_use]
pub fn unit(word: u64) -> f64 {
    (word >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_depend_on_their_address_alone() {
        let stream = Stream::new(1, Purpose::Poisson, 3);
        let forward: Vec<_> = (0..10).map(|at| stream.words(at)).collect();
        let backward: Vec<_> = (0..10).rev().map(|at| stream.words(at)).collect();
        assert!(forward.iter().eq(backward.iter().rev()));
        assert_ne!(stream.words(0), Stream::new(2, Purpose::Poisson, 3).words(0));
        assert_ne!(stream.words(0), Stream::new(1, Purpose::Encode, 3).words(0));
        assert_ne!(stream.words(0), Stream::new(1, Purpose::Poisson, 4).words(0));
    }

    #[test]
    fn many_words_at_once_are_the_words_one_by_one() {
        let stream = Stream::new(5, Purpose::Poisson, 9);
        let first = 7u64 << 32 | 0xffff_fffe;
        let mut words = vec![0; 4 * 37];
        stream.fill(first, &mut words);
        for (at, four) in (first..).zip(words.chunks(4)) {
            let [a, b] = stream.words(at);
            assert_eq!([a as u32, (a >> 32) as u32, b as u32, (b >> 32) as u32], four);
        }
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let stream = Stream::new(7, Purpose::Init, 0);
        let n = 200_000;
        let mean = |f: &dyn Fn(u64) -> f64| (0..n).map(f).sum::<f64>() / n as f64;
        // Tolerances are five standard errors.
        assert!((mean(&|at| stream.uniform(at)) - 0.5).abs() < 5.0 * 0.2887 / (n as f64).sqrt());
        assert!(mean(&|at| stream.normal(at)).abs() < 5.0 / (n as f64).sqrt());
        assert!((mean(&|at| stream.normal(at).powi(2)) - 1.0).abs() < 5.0 * 2f64.sqrt() / (n as f64).sqrt());
        assert!((mean(&|at| stream.below(at, 10) as f64) - 4.5).abs() < 5.0 * 2.872 / (n as f64).sqrt());
    }
}
