//! Means of distributions, whole and in part.

use super::distribution::{Distribution, Outside, Shape};
use crate::numerics::{exp, ln, normal_below};

impl Distribution {
    /// The part of the mean that comes from draws between `low` and `high`, E\[x; low ≤ x ≤ high\]; over all numbers, the mean.
    ///
    /// Drawn again, draws outside the limits leave the shape's moment within over the share within; clipped, they count with their limit.
    /// The distribution must have some share within its limits.
    #[must_use]
    pub fn partial_mean(&self, low: f64, high: f64) -> f64 {
        let (from, to) = (self.min.max(low), self.max.min(high));
        let moment = if from < to { self.shape.moment(from, to) } else { 0.0 };
        let limit = |value: f64, share: f64| if value.is_finite() && (low..=high).contains(&value) { value * share } else { 0.0 };
        match self.outside {
            // A limit on both sides leaves one number.
            Outside::Redrawn if self.min == self.max => limit(self.min, 1.0),
            Outside::Redrawn => moment / (self.shape.below(self.max) - self.shape.below(self.min)),
            Outside::Clipped => {
                moment + limit(self.min, self.shape.below(self.min)) + limit(self.max, 1.0 - self.shape.below(self.max))
            }
        }
    }
}

impl Shape {
    /// The share of draws below `x`.
    fn below(&self, x: f64) -> f64 {
        let step = |value: f64| f64::from(u8::from(value < x));
        match *self {
            Self::Uniform { low, high } if low == high => step(low),
            Self::Uniform { low, high } => ((x - low) / (high - low)).clamp(0.0, 1.0),
            Self::Normal { mean, sd: 0.0 } => step(mean),
            Self::Normal { mean, sd } => normal_below((x - mean) / sd),
            Self::Lognormal { median, sigma: 0.0 } => step(median),
            Self::Lognormal { median, sigma } if median > 0.0 => normal_below(logarithm(x / median) / sigma),
            Self::Lognormal { median, sigma } => 1.0 - normal_below(logarithm(x / median) / sigma),
        }
    }

    /// ∫ x f(x) dx from a to b.
    ///
    /// Uniform: (b² − a²) / 2 over the length. Normal: µ (Φ(β) − Φ(α)) + σ (φ(α) − φ(β)) with the standardised ends α and β (Johnson,
    /// Kotz & Balakrishnan, Continuous Univariate Distributions 1, 1994, ch. 13, sect. 10.1). Lognormal: x f(x) is the density of the
    /// lognormal distribution whose logarithm's mean is σ² higher, times the mean median e^(σ²/2) (same, ch. 14).
    fn moment(&self, a: f64, b: f64) -> f64 {
        let point = |value: f64| if (a..=b).contains(&value) { value } else { 0.0 };
        match *self {
            Self::Uniform { low, high } if low == high => point(low),
            Self::Uniform { low, high } => {
                let (a, b) = (a.clamp(low, high), b.clamp(low, high));
                (b * b - a * a) / (2.0 * (high - low))
            }
            Self::Normal { mean, sd: 0.0 } => point(mean),
            Self::Normal { mean, sd } => {
                let (alpha, beta) = ((a - mean) / sd, (b - mean) / sd);
                let density = |z: f64| exp(-0.5 * z * z) / std::f64::consts::TAU.sqrt();
                mean * (normal_below(beta) - normal_below(alpha)) + sd * (density(alpha) - density(beta))
            }
            Self::Lognormal { median, sigma: 0.0 } => point(median),
            Self::Lognormal { median, sigma } => {
                // A negative median mirrors the ends.
                let (near, far) = if median > 0.0 { (a / median, b / median) } else { (b / median, a / median) };
                let share = |ratio: f64| normal_below(logarithm(ratio) / sigma - sigma);
                median * exp(sigma * sigma / 2.0) * (share(far) - share(near))
            }
        }
    }
}

/// The logarithm of a ratio; below zero there is nothing.
fn logarithm(ratio: f64) -> f64 {
    if ratio > 0.0 { ln(ratio) } else { f64::NEG_INFINITY }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Stream};

    #[test]
    fn partial_means_are_those_of_draws() {
        const OPEN: f64 = f64::INFINITY;
        let stream = Stream::new(4, Purpose::Weight, 0);
        let n = 200_000u64;
        for distribution in [
            Distribution::uniform(-1.0, 3.0),
            Distribution::uniform(-1.0, 3.0).within(-0.5, 1.0),
            Distribution::uniform(-1.0, 3.0).clipped(-0.5, 1.0),
            Distribution::uniform(2.0, 2.0),
            Distribution::normal(0.5, 1.0),
            Distribution::normal(1.0, 1.0).within(0.5, 1.2),
            Distribution::normal(1.0, 1.0).clipped(-0.5, 1.2),
            Distribution::normal(-2.0, 1.5).within(-OPEN, 0.0),
            Distribution::normal(0.3, 0.0),
            Distribution::normal(0.3, 0.0).clipped(1.0, OPEN),
            Distribution::lognormal(1.0, 0.5),
            Distribution::lognormal(-1.0, 0.5).within(-2.0, -0.5),
            Distribution::lognormal(1.0, 0.5).clipped(0.7, 1.5),
        ] {
            for (low, high) in [(-OPEN, OPEN), (0.0, OPEN), (-OPEN, 0.0)] {
                let inside = |x: f64| if (low..=high).contains(&x) { x } else { 0.0 };
                let drawn = (0..n).map(|at| inside(distribution.draw(&stream, at))).sum::<f64>() / n as f64;
                let expected = distribution.partial_mean(low, high);
                // Five standard errors of draws whose deviation is below 1.6.
                assert!((drawn - expected).abs() < 5.0 * 1.6 / (n as f64).sqrt(), "{distribution:?}: {drawn}, {expected}");
            }
        }
    }
}
