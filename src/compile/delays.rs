//! How late connections are.

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
