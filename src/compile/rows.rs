//! Connections by source: what a spike walks along.

use super::MatrixRows;
use super::convolved::Convolved;
use super::delays::Delays;
use crate::network::Coefficients;

/// Connections of a projection, one row per source.
#[derive(Debug, Clone, PartialEq)]
pub enum Rows {
    /// Every source to every target with a weight of its own.
    Dense {
        /// Row by row.
        matrix: MatrixRows,
        /// One for all.
        delay: u32,
    },
    /// Every source to every target with one weight, itself left out where `skip_self`.
    Full {
        /// Targets in a row.
        targets: usize,
        /// One for all.
        weight: f64,
        /// One for all.
        delay: u32,
        /// A neuron does not reach itself.
        skip_self: bool,
    },
    /// Source `i` to target `i`.
    Diagonal {
        /// One per neuron, or one for all.
        weights: Coefficients,
        /// One for all.
        delay: u32,
    },
    /// Compressed rows: row `s` is `offsets[s]..offsets[s + 1]`, targets ascending.
    Sparse {
        /// Where each row starts, and the end.
        offsets: Vec<u64>,
        /// Target of each connection.
        targets: Vec<u32>,
        /// Weight of each connection.
        weights: Coefficients,
        /// Delay of each connection.
        delays: Delays,
    },
    /// A kernel slid over a grid.
    Convolution(Convolved),
    /// Stored with the other sparse projections of the source population: [`super::Bundle`].
    Bundled {
        /// The bundle in the network.
        bundle: usize,
        /// The projection's place among the members of the bundle.
        member: usize,
        /// Connections of each source.
        fan_out: Vec<u32>,
        /// Connections whose weight is zero.
        zeros: u64,
        /// The smallest and the largest delay of the bundle, ticks.
        delays: (u32, u32),
    },
}

impl Rows {
    /// Delays of all connections.
    #[must_use]
    pub fn delays(&self) -> Delays {
        match self {
            Self::Dense { delay, .. } | Self::Full { delay, .. } | Self::Diagonal { delay, .. } => Delays::One(*delay),
            Self::Convolution(c) => Delays::One(c.delay),
            Self::Sparse { delays: Delays::One(delay), .. } => Delays::One(*delay),
            Self::Sparse { delays: Delays::Each { min, max, .. } | Delays::Long { min, max, .. }, .. } => {
                Delays::Each { delays: Vec::new(), min: *min, max: *max }
            }
            Self::Bundled { delays: (min, max), .. } if min == max => Delays::One(*min),
            Self::Bundled { delays: (min, max), .. } => Delays::Each { delays: Vec::new(), min: *min, max: *max },
        }
    }

    /// Where each row starts, and the delays, of rows that are stored alone and have more than one delay.
    #[must_use]
    pub fn several_delays(&self) -> Option<(&[u64], &Delays)> {
        match self {
            Self::Sparse { offsets, delays: delays @ (Delays::Each { .. } | Delays::Long { .. }), .. } => Some((offsets, delays)),
            _ => None,
        }
    }

    /// Number of connections of `source`.
    #[must_use]
    pub fn fan_out(&self, source: usize) -> u64 {
        match self {
            Self::Dense { matrix, .. } => matrix.targets as u64,
            Self::Full { targets, skip_self, .. } => *targets as u64 - u64::from(*skip_self && source < *targets),
            Self::Diagonal { .. } => 1,
            Self::Convolution(c) => c.fan_out(source),
            Self::Sparse { offsets, .. } => offsets[source + 1] - offsets[source],
            Self::Bundled { fan_out, .. } => u64::from(fan_out[source]),
        }
    }

    /// Number of connections of all `sources`.
    #[must_use]
    pub fn synapses(&self, sources: usize) -> u64 {
        match self {
            Self::Dense { matrix, .. } => matrix.len() as u64,
            Self::Sparse { targets, .. } => targets.len() as u64,
            Self::Convolution(c) => c.synapses(),
            Self::Full { .. } | Self::Diagonal { .. } | Self::Bundled { .. } => (0..sources).map(|s| self.fan_out(s)).sum(),
        }
    }

    /// Connections whose weight is zero.
    #[must_use]
    pub fn zero_weights(&self, sources: usize) -> u64 {
        let zeros = |w: &Coefficients, n: u64| match w {
            Coefficients::One(w) => u64::from(*w == 0.0) * n,
            Coefficients::Single(w) => w.iter().filter(|w| **w == 0.0).count() as u64,
            Coefficients::Double(w) => w.iter().filter(|w| **w == 0.0).count() as u64,
        };
        match self {
            Self::Dense { matrix, .. } => (0..matrix.len()).filter(|&at| matrix.at(at) == 0.0).count() as u64,
            Self::Full { weight, .. } => u64::from(*weight == 0.0) * self.synapses(sources),
            Self::Diagonal { weights, .. } => zeros(weights, sources as u64),
            Self::Sparse { weights, targets, .. } => zeros(weights, targets.len() as u64),
            Self::Convolution(c) => c.zero_weights(),
            Self::Bundled { zeros, .. } => *zeros,
        }
    }

    /// Non-zero weights of each row, or `None` where no weight is zero, and for bundles, which have their own.
    #[must_use]
    pub fn nonzero(&self, sources: usize) -> Option<Vec<u32>> {
        if self.zero_weights(sources) == 0 || matches!(self, Self::Bundled { .. }) {
            return None;
        }
        let row = |s: usize| match self {
            Self::Dense { matrix, .. } => matrix.row(s).filter(|w| *w != 0.0).count(),
            Self::Full { weight, .. } => usize::from(*weight != 0.0) * self.fan_out(s) as usize,
            Self::Diagonal { weights, .. } => usize::from(weights.at(s) != 0.0),
            Self::Sparse { offsets, weights, .. } => {
                (offsets[s] as usize..offsets[s + 1] as usize).filter(|&i| weights.at(i) != 0.0).count()
            }
            Self::Convolution(c) => c.nonzero(s) as usize,
            Self::Bundled { .. } => 0,
        };
        Some((0..sources).map(|s| row(s) as u32).collect())
    }

    /// Adds the number of connections onto each target; bundles are left to [`super::CompiledNetwork::each_connection`].
    pub fn add_fan_in(&self, sources: usize, fan_in: &mut [u64]) {
        match self {
            Self::Dense { .. } => fan_in.iter_mut().for_each(|n| *n += sources as u64),
            Self::Full { skip_self, .. } => {
                fan_in.iter_mut().enumerate().for_each(|(t, n)| *n += sources as u64 - u64::from(*skip_self && t < sources));
            }
            Self::Diagonal { .. } => fan_in.iter_mut().for_each(|n| *n += 1),
            Self::Sparse { targets, .. } => targets.iter().for_each(|&t| fan_in[t as usize] += 1),
            Self::Convolution(c) => c.add_fan_in(fan_in),
            Self::Bundled { .. } => {}
        }
    }
}
