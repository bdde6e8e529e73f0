//! Values of many neurons: one for all, one each, or drawn.

use crate::numerics::{erfc, exp};

/// Values given to the neurons of a population, or to the connections of a projection.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// One for all.
    One(f64),
    /// One each, in order.
    Each(Vec<f64>),
    /// Drawn independently.
    Drawn(Distribution),
}

/// A distribution to draw from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distribution {
    /// Uniform on [low, high).
    Uniform {
        /// Lowest value.
        low: f64,
        /// End of the interval.
        high: f64,
    },
    /// Normal, redrawn until within [min, max].
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        sd: f64,
        /// Smallest value allowed.
        min: f64,
        /// Largest value allowed.
        max: f64,
    },
}

impl Distribution {
    /// Draw number `at` of a stream.
    ///
    /// A normal draw outside its limits is drawn again, from addresses of its own (the upper half of the 64-bit address), at most
    /// 64 times; then it is clipped.
    #[must_use]
    pub fn draw(&self, stream: &crate::rng::Stream, at: u64) -> f64 {
        match *self {
            Self::Uniform { low, high } => low + (high - low) * stream.uniform(at),
            Self::Normal { mean, sd, min, max } => {
                let value = |again: u64| mean + sd * stream.normal(at | again << 40);
                (0..64).map(value).find(|v| (min..=max).contains(v)).unwrap_or_else(|| value(63).clamp(min, max))
            }
        }
    }
}

impl Distribution {
    /// The part of the mean that comes from draws between `low` and `high`: ∫ x f(x) dx over them.
    ///
    /// For a normal distribution cut to [min, max] that is (µ (Φ(b) − Φ(a)) + σ (φ(a) − φ(b))) / (Φ(max) − Φ(min)) between the standardised
    /// ends a and b (Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions 1, 2nd ed., ch. 13, sect. 10.1).
    #[must_use]
    pub fn partial_mean(&self, low: f64, high: f64) -> f64 {
        match *self {
            Self::Uniform { low: from, high: to } => {
                let (a, b) = (from.clamp(low, high), to.clamp(low, high));
                if from == to {
                    if (low..=high).contains(&from) { from } else { 0.0 }
                } else {
                    (b * b - a * a) / (2.0 * (to - from))
                }
            }
            Self::Normal { mean, sd, min, max } => {
                if sd == 0.0 {
                    let value = mean.clamp(min, max);
                    return if (low..=high).contains(&value) { value } else { 0.0 };
                }
                let standard = |x: f64| (x - mean) / sd;
                let below = |x: f64| 0.5 * erfc(-standard(x) * std::f64::consts::FRAC_1_SQRT_2);
                let density = |x: f64| exp(-0.5 * standard(x).powi(2)) / std::f64::consts::TAU.sqrt();
                let whole = below(max) - below(min);
                if whole <= 0.0 {
                    // No draw falls between the limits, so that it is clipped to the nearer one.
                    let value = mean.clamp(min, max);
                    return if (low..=high).contains(&value) { value } else { 0.0 };
                }
                let (a, b) = (min.clamp(low, high), max.clamp(low, high));
                (mean * (below(b) - below(a)) + sd * (density(a) - density(b))) / whole
            }
        }
    }
}

/// Values of the neurons of a block, one stored where all are equal.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// One for all.
    One(f64),
    /// One each.
    Each(Vec<f64>),
}

impl Column {
    /// From one value per neuron.
    #[must_use]
    pub fn from_each(values: Vec<f64>) -> Self {
        match values.split_first() {
            Some((first, rest)) if rest.iter().all(|v| v.to_bits() == first.to_bits()) => Self::One(*first),
            _ => Self::Each(values),
        }
    }

    /// The value of neuron `i`.
    #[inline]
    #[must_use]
    pub fn at(&self, i: usize) -> f64 {
        match self {
            Self::One(value) => *value,
            Self::Each(values) => values[i],
        }
    }

    /// The values of neurons `range`.
    #[must_use]
    pub fn slice(&self, range: std::ops::Range<usize>) -> Self {
        match self {
            Self::One(value) => Self::One(*value),
            Self::Each(values) => Self::from_each(values[range].to_vec()),
        }
    }

    /// A column computed neuron by neuron from others.
    #[must_use]
    pub fn map<const N: usize>(of: [&Self; N], f: impl Fn([f64; N]) -> f64) -> Self {
        let longest = of.iter().filter_map(|c| if let Self::Each(v) = c { Some(v.len()) } else { None }).max();
        match longest {
            None => Self::One(f(of.map(|c| c.at(0)))),
            Some(len) => Self::from_each((0..len).map(|i| f(of.map(|c| c.at(i)))).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Stream};

    #[test]
    fn partial_means_are_those_of_draws() {
        let stream = Stream::new(4, Purpose::Weight, 0);
        let n = 200_000u64;
        let open = (f64::NEG_INFINITY, f64::INFINITY);
        for distribution in [
            Distribution::Uniform { low: -1.0, high: 3.0 },
            Distribution::Uniform { low: 2.0, high: 2.0 },
            Distribution::Normal { mean: 0.5, sd: 1.0, min: open.0, max: open.1 },
            Distribution::Normal { mean: 1.0, sd: 1.0, min: 0.5, max: 1.2 },
            Distribution::Normal { mean: -2.0, sd: 1.5, min: open.0, max: 0.0 },
            Distribution::Normal { mean: 0.3, sd: 0.0, min: open.0, max: open.1 },
        ] {
            for (low, high) in [open, (0.0, f64::INFINITY), (f64::NEG_INFINITY, 0.0)] {
                let inside = |x: f64| if (low..=high).contains(&x) { x } else { 0.0 };
                let drawn = (0..n).map(|at| inside(distribution.draw(&stream, at))).sum::<f64>() / n as f64;
                let expected = distribution.partial_mean(low, high);
                // Five standard errors of draws whose deviation is below 1.6.
                assert!((drawn - expected).abs() < 5.0 * 1.6 / (n as f64).sqrt(), "{distribution:?}: {drawn}, {expected}");
            }
        }
    }
}
