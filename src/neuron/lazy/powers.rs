//! `e^(−k dt/τ)` for whole k, from a table of two levels: k = 256 a + b, so that a power is two look-ups and one product.

use crate::numerics::exp;

/// Powers of one decay. They are within 2 ulp of the exponential function's.
pub(super) struct Powers {
    /// dt / τ.
    rate: f64,
    low: Box<[f64; LOW]>,
    /// Up to where powers vanish, or [`MOST`].
    high: Vec<f64>,
}

const LOW: usize = 256;
/// Entries of the upper level at most: 32 KiB.
const MOST: usize = 4096;

impl Powers {
    pub(super) fn new(dt: f64, tau: f64) -> Self {
        let rate = dt / tau;
        let power = |k: usize| exp(-(k as f64) * dt / tau);
        let mut low = Box::new([0.0; LOW]);
        low.iter_mut().enumerate().for_each(|(k, p)| *p = power(k));
        let mut high = Vec::new();
        while high.len() < MOST && high.last() != Some(&0.0) {
            high.push(power(high.len() * LOW));
        }
        Self { rate, low, high }
    }

    /// `e^(−k dt/τ)`.
    #[inline(always)]
    pub(super) fn at(&self, k: u32) -> f64 {
        match self.high.get((k / LOW as u32) as usize) {
            Some(high) => self.low[k as usize % LOW] * high,
            None => self.beyond(k),
        }
    }

    #[cold]
    fn beyond(&self, k: u32) -> f64 {
        exp(-f64::from(k) * self.rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_those_of_the_exponential_function() {
        for (dt, tau) in [(0.1, 20.0), (1.0, 1e-3), (0.1, 1e9), (0.1, 10.0)] {
            let powers = Powers::new(dt, tau);
            for k in [0, 1, 2, 255, 256, 257, 1000, 70_000, 1_048_575, 1_048_576, 20_000_000, u32::MAX] {
                let exact = exp(-f64::from(k) * dt / tau);
                // The exponent itself is rounded: its error counts as often as it is large.
                let ulps = 3.0 + 2.0 * f64::from(k) * dt / tau;
                assert!((powers.at(k) - exact).abs() <= ulps * f64::EPSILON * exact + 1e-320, "{dt} {tau} {k}");
            }
        }
    }
}
