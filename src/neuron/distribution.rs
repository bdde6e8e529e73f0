//! Distributions that parameters, initial values, weights and delays are drawn from.

use crate::numerics::{exp, ln, normal_below};
use crate::rng::Stream;

/// A distribution within limits.
///
/// ```
/// use spikewatt::neuron::Distribution;
/// use spikewatt::rng::{Purpose, Stream};
/// // Weights of 87.8 ± 8.78 pA, none below zero: a draw below is drawn again.
/// let weights = Distribution::normal(87.8, 8.78).within(0.0, f64::INFINITY);
/// let (low, high) = weights.bounds();
/// let stream = Stream::new(1, Purpose::Weight, 0);
/// assert!((0..1000).map(|at| weights.draw(&stream, at)).all(|w| (low..=high).contains(&w)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distribution {
    /// What is drawn.
    pub shape: Shape,
    /// Smallest value allowed.
    pub min: f64,
    /// Largest value allowed.
    pub max: f64,
    /// What becomes of a draw outside of them.
    pub outside: Outside,
}

/// The shape of a distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// Uniform on [low, high).
    Uniform {
        /// Lowest value.
        low: f64,
        /// End of the interval.
        high: f64,
    },
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        sd: f64,
    },
    /// Its logarithm is normal. A median below zero gives the mirror image: all draws below zero.
    ///
    /// The logarithm of a draw over the median has mean 0 and standard deviation sigma. NEST's `random.lognormal(mean, std)` takes mean and
    /// standard deviation of the logarithm of the bare number: `median = exp(mean)` in its unit, `sigma = std`. The mean of the draws is
    /// `median exp(sigma² / 2)`.
    Lognormal {
        /// Median, with the unit of the draws.
        median: f64,
        /// Standard deviation of the natural logarithm, a plain number.
        sigma: f64,
    },
}

/// What becomes of a draw outside the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// It is drawn again: the distribution is that of the draws within.
    Redrawn,
    /// It is set to the nearer limit.
    Clipped,
}

impl Distribution {
    /// No standard normal draw is larger: its radius is √(−2 ln(1 − u)) with u of 53 bits, so that 1 − u ≥ 2⁻⁵³ and the radius is at most
    /// √(106 ln 2) = 8.57168, to a few roundings of 10⁻¹⁵, which the last figure here is above.
    pub const LARGEST_NORMAL: f64 = 8.5717;

    /// The share of draws that must lie within the limits where those outside are drawn again.
    pub const LEAST_SHARE: f64 = 0.02;

    /// Addresses of one draw: with [`Self::LEAST_SHARE`] within the limits, all of them fail for one draw in 10⁹.
    const ATTEMPTS: u64 = 1024;

    const fn open(shape: Shape) -> Self {
        Self { shape, min: f64::NEG_INFINITY, max: f64::INFINITY, outside: Outside::Redrawn }
    }

    /// Uniform on [low, high).
    #[must_use]
    pub const fn uniform(low: f64, high: f64) -> Self {
        Self::open(Shape::Uniform { low, high })
    }

    /// Normal.
    #[must_use]
    pub const fn normal(mean: f64, sd: f64) -> Self {
        Self::open(Shape::Normal { mean, sd })
    }

    /// Lognormal, by its median and the standard deviation of its logarithm.
    #[must_use]
    pub const fn lognormal(median: f64, sigma: f64) -> Self {
        Self::open(Shape::Lognormal { median, sigma })
    }

    /// Draws outside [min, max] are drawn again.
    #[must_use]
    pub const fn within(self, min: f64, max: f64) -> Self {
        Self { min, max, outside: Outside::Redrawn, ..self }
    }

    /// Draws outside [min, max] are set to the nearer limit.
    #[must_use]
    pub const fn clipped(self, min: f64, max: f64) -> Self {
        Self { min, max, outside: Outside::Clipped, ..self }
    }

    /// Draw number `at` of a stream; `at` is below 2⁴⁰.
    ///
    /// What is drawn again has addresses of its own (the upper bits of the 64-bit address), 1,024 in all; a draw that fails in all of them is
    /// clipped. A uniform distribution is drawn from what its limits leave of it, which is the same distribution.
    #[must_use]
    pub fn draw(&self, stream: &Stream, at: u64) -> f64 {
        let (min, max) = (self.min, self.max);
        if self.outside == Outside::Clipped {
            return self.shape.draw(stream, at).max(min).min(max);
        }
        if let Shape::Uniform { low, high } = self.shape {
            let narrowed = Shape::Uniform { low: low.max(min), high: high.min(max) };
            return narrowed.draw(stream, at).max(min).min(max);
        }
        let mut value = 0.0;
        for again in 0..Self::ATTEMPTS {
            value = self.shape.draw(stream, at | again << 40);
            if (min..=max).contains(&value) {
                return value;
            }
        }
        value.max(min).min(max)
    }

    /// Numbers that no draw is below or above: ends and limits, and where a normal distribution has none, what 53-bit draws can reach
    /// ([`Self::LARGEST_NORMAL`] standard deviations).
    #[must_use]
    pub fn bounds(&self) -> (f64, f64) {
        let (low, high) = self.shape.bounds();
        (low.max(self.min).min(self.max), high.max(self.min).min(self.max))
    }

    /// The share of the shape's draws that lie within the limits.
    #[must_use]
    pub fn share_within(&self) -> f64 {
        let (min, max) = (self.min, self.max);
        let between = |z_min: f64, z_max: f64| {
            // On the side where the difference does not cancel.
            if z_min > 0.0 { normal_below(-z_min) - normal_below(-z_max) } else { normal_below(z_max) - normal_below(z_min) }
        };
        let one = |value: f64| f64::from(u8::from((min..=max).contains(&value)));
        match self.shape {
            Shape::Uniform { low, high } if low == high => one(low),
            Shape::Uniform { low, high } => ((high.min(max) - low.max(min)) / (high - low)).max(0.0),
            Shape::Normal { mean, sd: 0.0 } => one(mean),
            Shape::Normal { mean, sd } => between((min - mean) / sd, (max - mean) / sd),
            Shape::Lognormal { median, sigma: 0.0 } => one(median),
            Shape::Lognormal { median, sigma } => {
                // Limits in units of the median; where that is negative they change places. Below zero there is nothing.
                let (low, high) = if median < 0.0 { (max / median, min / median) } else { (min / median, max / median) };
                let z = |ratio: f64| if ratio > 0.0 { ln(ratio) / sigma } else { f64::NEG_INFINITY };
                between(z(low), z(high))
            }
        }
    }
}

impl Shape {
    fn draw(&self, stream: &Stream, at: u64) -> f64 {
        match *self {
            // Rounding could carry a draw past an end.
            Self::Uniform { low, high } => (low + (high - low) * stream.uniform(at)).max(low).min(high),
            Self::Normal { mean, sd } => mean + sd * stream.normal(at),
            Self::Lognormal { median, sigma } => median * exp(sigma * stream.normal(at)),
        }
    }

    fn bounds(&self) -> (f64, f64) {
        const Z: f64 = Distribution::LARGEST_NORMAL;
        match *self {
            Self::Uniform { low, high } => (low, high),
            // Rounding keeps order, so that what is computed from a smaller number is not larger.
            Self::Normal { mean, sd } => (mean - sd * Z, mean + sd * Z),
            Self::Lognormal { median, sigma } => {
                // An exponential is off by at most one unit in its last place, in either direction.
                let margin = 4.0 * f64::EPSILON;
                let (near, far) = (median * exp(-sigma * Z) * (1.0 - margin), median * exp(sigma * Z) * (1.0 + margin));
                (near.min(far), near.max(far))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;
    use proptest::prelude::*;

    fn draws(distribution: Distribution, n: u64) -> Vec<f64> {
        let stream = Stream::new(11, Purpose::Weight, 4);
        (0..n).map(|at| distribution.draw(&stream, at)).collect()
    }

    fn moments(values: &[f64]) -> (f64, f64) {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        (mean, values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n)
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let n = 100_000;
        let pi = std::f64::consts::PI;
        let (sigma, median) = (0.5f64, 20.0f64);
        let lognormal_mean = median * (sigma * sigma / 2.0).exp();
        let lognormal_variance = ((sigma * sigma).exp() - 1.0) * lognormal_mean.powi(2);
        let open = f64::INFINITY;
        for (distribution, mean, variance) in [
            (Distribution::uniform(-1.0, 3.0), 1.0, 16.0 / 12.0),
            // What limits leave of a uniform distribution is uniform; clipped, a half lies on the limit.
            (Distribution::uniform(-1.0, 3.0).within(1.0, open), 2.0, 4.0 / 12.0),
            (Distribution::uniform(-1.0, 3.0).clipped(1.0, open), 1.5, 0.5 * (1.0 + 13.0 / 3.0) - 2.25),
            (Distribution::normal(5.0, 2.0), 5.0, 4.0),
            // Half a normal distribution: mean √(2/π), variance 1 − 2/π. Clipped: mean 1/√(2π), variance 1/2 − 1/(2π).
            (Distribution::normal(0.0, 1.0).within(0.0, open), (2.0 / pi).sqrt(), 1.0 - 2.0 / pi),
            (Distribution::normal(0.0, 1.0).clipped(0.0, open), 1.0 / (2.0 * pi).sqrt(), 0.5 - 0.5 / pi),
            (Distribution::lognormal(median, sigma), lognormal_mean, lognormal_variance),
            (Distribution::lognormal(-median, sigma), -lognormal_mean, lognormal_variance),
        ] {
            let (found, spread) = moments(&draws(distribution, n));
            assert!((found - mean).abs() < 5.0 * (variance / n as f64).sqrt(), "{distribution:?}: mean {found}, expected {mean}");
            assert!((spread / variance - 1.0).abs() < 0.05, "{distribution:?}: variance {spread}, expected {variance}");
        }
    }

    #[test]
    fn the_median_of_a_lognormal_is_the_one_given() {
        let values = draws(Distribution::lognormal(20.0, 0.7), 100_000);
        let below = values.iter().filter(|x| **x < 20.0).count() as f64;
        assert!((below - 50_000.0).abs() < 5.0 * 25_000f64.sqrt(), "{below}");
        // NEST's lognormal(mean = ln 20, std = 0.7): the logarithms have that mean and that standard deviation.
        let (mean, variance) = moments(&values.iter().map(|x| x.ln()).collect::<Vec<_>>());
        assert!((mean - 20f64.ln()).abs() < 0.01 && (variance.sqrt() - 0.7).abs() < 0.01, "{mean} {variance}");
    }

    #[test]
    fn the_share_within_is_what_lies_within() {
        for distribution in [
            Distribution::uniform(0.0, 10.0).within(2.0, 5.0),
            Distribution::normal(1.0, 2.0).within(0.0, 4.0),
            Distribution::normal(1.0, 2.0).within(3.0, 40.0),
            Distribution::lognormal(2.0, 0.8).within(1.0, 3.0),
            Distribution::lognormal(-2.0, 0.8).within(-1.5, 7.0),
        ] {
            let inside = draws(Distribution::open(distribution.shape), 100_000)
                .into_iter()
                .filter(|x| (distribution.min..=distribution.max).contains(x))
                .count() as f64;
            assert!((inside / 1e5 - distribution.share_within()).abs() < 0.008, "{distribution:?}: {inside}");
        }
        assert_eq!(Distribution::normal(1.0, 0.0).within(2.0, 3.0).share_within(), 0.0);
        assert_eq!(Distribution::uniform(0.0, 1.0).within(2.0, 3.0).share_within(), 0.0);
    }

    proptest! {
        #[test]
        fn draws_lie_within_the_bounds(
            seed: u64, which in 0..3, a in -100.0..100.0, b in 0.0..50.0, limits in (-150.0..150.0, 0.0..100.0), limited in 0..4, at in 0u64..1 << 40,
        ) {
            let shape = match which {
                0 => Distribution::uniform(a, a + b),
                1 => Distribution::normal(a, b),
                _ => Distribution::lognormal(a, b / 20.0),
            };
            let (min, max) = (limits.0, limits.0 + limits.1);
            let distribution = match limited {
                0 => shape,
                1 => shape.within(min, f64::INFINITY),
                2 => shape.within(min, max),
                _ => shape.clipped(min, max),
            };
            let (low, high) = distribution.bounds();
            let stream = Stream::new(seed, Purpose::Init, 1);
            for at in at..at + 8 {
                let x = distribution.draw(&stream, at);
                prop_assert!((low..=high).contains(&x), "{x} is not within {low} and {high}: {distribution:?}");
            }
        }
    }

    #[test]
    fn the_largest_normal_draw_is_below_its_bound() {
        // The radius of the largest 53-bit draw, as the generator computes it.
        let radius = (-2.0 * ln(1.0 - crate::rng::unit(u64::MAX))).sqrt();
        assert!(radius < Distribution::LARGEST_NORMAL && Distribution::LARGEST_NORMAL - radius < 1e-4, "{radius}");
    }
}
