//! Values of many neurons: one for all, one each, or drawn.

use super::Distribution;

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
