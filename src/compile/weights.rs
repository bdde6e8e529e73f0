//! What connections carry: weights and delays, in the narrowest form that loses nothing.

use crate::network::Coefficients;

/// Weights of connections, in the narrowest form that loses nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Weights {
    /// One for all.
    One(f64),
    /// One each, all of them exact in single precision.
    Single(Vec<f32>),
    /// One each.
    Double(Vec<f64>),
}

impl Weights {
    /// From one weight per connection.
    #[must_use]
    pub fn from_each(weights: Vec<f64>) -> Self {
        match weights.split_first() {
            Some((first, rest)) if rest.iter().all(|w| w.to_bits() == first.to_bits()) => Self::One(*first),
            _ if weights.iter().all(|&w| is_single(w)) => Self::Single(weights.iter().map(|&w| w as f32).collect()),
            _ => Self::Double(weights),
        }
    }

    /// Those of a file, one each or one for all.
    pub(super) fn given(weights: &Coefficients) -> Self {
        match weights {
            Coefficients::One(w) => Self::One(*w),
            Coefficients::Single(w) => Self::Single(w.clone()),
            Coefficients::Double(w) => Self::from_each(w.clone()),
        }
    }

    /// `values[at(i)]` for each i.
    pub(super) fn permuted(values: &Coefficients, number: usize, at: impl Fn(usize) -> usize) -> Self {
        let narrow = match values {
            Coefficients::One(w) => is_single(*w),
            Coefficients::Single(_) => true,
            Coefficients::Double(w) => w.iter().all(|w| is_single(*w)),
        };
        let each = (0..number).map(|i| values.at(at(i)));
        if narrow { Self::Single(each.map(|w| w as f32).collect()) } else { Self::Double(each.collect()) }
    }

    /// The weight of connection `i`.
    #[inline]
    #[must_use]
    pub fn at(&self, i: usize) -> f64 {
        match self {
            Self::One(w) => *w,
            Self::Single(w) => f64::from(w[i]),
            Self::Double(w) => w[i],
        }
    }
}

/// Whether a number is exact in single precision.
fn is_single(w: f64) -> bool {
    f64::from(w as f32).to_bits() == w.to_bits()
}

/// Delays of connections, ticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delays {
    /// One for all.
    One(u32),
    /// One each, with their smallest and largest.
    Each {
        /// One per connection.
        delays: Vec<u16>,
        /// The smallest.
        min: u32,
        /// The largest.
        max: u32,
    },
    /// One each, of which some need more than 16 bits.
    Long {
        /// One per connection.
        delays: Vec<u32>,
        /// The smallest.
        min: u32,
        /// The largest.
        max: u32,
    },
}

impl Delays {
    /// From one delay per connection.
    #[must_use]
    pub fn from_each(delays: Vec<u32>) -> Self {
        match (delays.iter().min().copied(), delays.iter().max().copied()) {
            (Some(min), Some(max)) if min < max && max <= u32::from(u16::MAX) => {
                Self::Each { delays: delays.iter().map(|d| *d as u16).collect(), min, max }
            }
            (Some(min), Some(max)) if min < max => Self::Long { delays, min, max },
            (min, _) => Self::One(min.unwrap_or(1)),
        }
    }

    /// The delay of connection `i`.
    #[inline]
    #[must_use]
    pub fn at(&self, i: usize) -> u32 {
        match self {
            Self::One(d) => *d,
            Self::Each { delays, .. } => u32::from(delays[i]),
            Self::Long { delays, .. } => delays[i],
        }
    }

    /// The smallest.
    #[must_use]
    pub fn min(&self) -> u32 {
        match self {
            Self::One(d) | Self::Each { min: d, .. } | Self::Long { min: d, .. } => *d,
        }
    }

    /// The largest.
    #[must_use]
    pub fn max(&self) -> u32 {
        match self {
            Self::One(d) | Self::Each { max: d, .. } | Self::Long { max: d, .. } => *d,
        }
    }
}
