//! Projections: which neuron reaches which, how strongly, how late.

use super::{Coefficients, Convolution};
use crate::neuron::Values;

/// Connections from one population to another.
#[derive(Debug, Clone)]
pub struct Projection {
    /// Its name, unique in the network.
    pub name: String,
    /// Source population.
    pub from: String,
    /// Target population.
    pub to: String,
    /// Who connects to whom.
    pub connect: Connect,
    /// Strength of each connection; ignored where `connect` brings its own weights.
    pub weight: Weight,
    /// Time from a spike to its arrival.
    pub delay: Delay,
    /// A neuron may connect to itself.
    pub allow_self: bool,
    /// A pair may be connected more than once.
    pub allow_multiple: bool,
    /// A constant added to each target's input in every tick (the bias of NIR's `Affine`), one value per target.
    pub bias: Option<Vec<f64>>,
}

impl Projection {
    /// Connections of weight 1 without a bias, to oneself and several of a pair allowed.
    #[must_use]
    pub fn new(name: impl Into<String>, from: impl Into<String>, to: impl Into<String>, connect: Connect, delay: Delay) -> Self {
        Self {
            name: name.into(),
            from: from.into(),
            to: to.into(),
            connect,
            weight: Weight(Values::One(1.0)),
            delay,
            allow_self: true,
            allow_multiple: true,
            bias: None,
        }
    }
}

/// Connection rules, named as in the design's section 6.
#[derive(Debug, Clone, PartialEq)]
pub enum Connect {
    /// Every source to every target.
    AllToAll,
    /// Source `i` to target `i`; both populations have one size.
    OneToOne,
    /// Every pair with this probability.
    FixedProbability(f64),
    /// So many sources drawn for each target.
    FixedIndegree(u32),
    /// So many targets drawn for each source.
    FixedOutdegree(u32),
    /// So many pairs drawn in all.
    FixedTotal(u64),
    /// Pairs given one by one: (source, target, weight, delay in ms); weight and delay fall back to the projection's.
    List(Vec<(u32, u32, Option<f64>, Option<f64>)>),
    /// A full weight matrix.
    Dense(Matrix),
    /// Source `i` to target `i` with a weight of its own (NIR's `Scale`).
    Diagonal(Coefficients),
    /// A kernel slid over a grid, its weights shared.
    Convolution(Convolution),
}

/// A weight matrix, one row per target: `values[target * sources + source]`, NIR's and PyTorch's order.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// Rows: targets.
    pub targets: usize,
    /// Columns: sources.
    pub sources: usize,
    /// Row by row.
    pub values: Coefficients,
}

/// Strength of connections: a number or a distribution, in the unit of the target's model (mV, pA, nS or none).
#[derive(Debug, Clone, PartialEq)]
pub struct Weight(pub Values);

/// Delay of connections.
#[derive(Debug, Clone, PartialEq)]
pub enum Delay {
    /// Milliseconds, a number or a distribution.
    Ms(Values),
    /// Whole ticks of the run, for networks whose step has no fixed length (NIR). 0 is delivery within the same tick, and is
    /// allowed where such projections form no cycle.
    Ticks(u32),
}
