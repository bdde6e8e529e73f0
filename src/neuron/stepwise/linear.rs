//! The linear part of a step: membranes, and the synaptic currents that drive them, chunk by chunk.

use super::super::firing::CHUNK;
use super::super::{Block, Column};
use super::rule::{SynapseRule, Takes};

/// A column from which a chunk is cut, so that one loop serves shared and own values.
pub(super) enum Wide {
    /// The value, as often as a chunk has neurons.
    One(Vec<f64>),
    Each(Vec<f64>),
}

impl Wide {
    pub(super) fn new(column: Column, block: &Block<'_>) -> Self {
        match column {
            Column::One(value) => Self::One(vec![value; CHUNK.min(block.len)]),
            Column::Each(values) => Self::Each(values),
        }
    }

    #[inline(always)]
    pub(super) fn chunk(&self, first: usize, len: usize) -> &[f64] {
        match self {
            Self::One(values) => &values[..len],
            Self::Each(values) => &values[first..first + len],
        }
    }
}

/// `y ← keep y + gain x + shift`.
pub(super) struct Linear {
    keep: Wide,
    gain: Wide,
    /// Absent where it is zero.
    shift: Option<Wide>,
}

impl Linear {
    pub(super) fn new(keep: Column, gain: Column, shift: Column, block: &Block<'_>) -> Self {
        let shift = if shift == Column::One(0.0) { None } else { Some(Wide::new(shift, block)) };
        Self { keep: Wide::new(keep, block), gain: Wide::new(gain, block), shift }
    }

    #[inline(always)]
    pub(super) fn step(&self, first: usize, y: &mut [f64], x: &[f64]) {
        let (keep, gain) = (self.keep.chunk(first, y.len()), self.gain.chunk(first, y.len()));
        match &self.shift {
            None => {
                for (((y, x), keep), gain) in y.iter_mut().zip(x).zip(keep).zip(gain) {
                    *y = keep * *y + gain * x;
                }
            }
            Some(shift) => {
                let shift = shift.chunk(first, y.len());
                for ((((y, x), keep), gain), shift) in y.iter_mut().zip(x).zip(keep).zip(gain).zip(shift) {
                    *y = keep * *y + gain * x + shift;
                }
            }
        }
    }
}

impl Wide {
    /// The value of neuron `n`.
    pub(super) fn at(&self, n: usize) -> f64 {
        match self {
            Self::One(values) => values[0],
            Self::Each(values) => values[n],
        }
    }
}

impl Linear {
    /// Where neuron `n` is after a step from `y` with input `x`.
    pub(super) fn of(&self, n: usize, y: f64, x: f64) -> f64 {
        self.keep.at(n) * y + self.gain.at(n) * x + self.shift.as_ref().map_or(0.0, |shift| shift.at(n))
    }
}

impl Currents {
    /// What the membrane of neuron `n` takes in a step with input `x`.
    pub(super) fn taken(&self, n: usize, x: f64) -> f64 {
        match self.takes {
            Takes::New => self.linear.of(n, self.i[n], x),
            Takes::Old => self.i[n],
            Takes::Undecayed => self.i[n] + self.weight.at(n) * x,
        }
    }
}

/// Synaptic currents of a block.
pub(super) struct Currents {
    linear: Linear,
    weight: Wide,
    takes: Takes,
    pub(super) i: Vec<f64>,
    pub(super) initial: Vec<f64>,
}

impl Currents {
    pub(super) fn new(rule: SynapseRule, block: &Block<'_>) -> Self {
        let initial = block.initial("i", &Column::One(0.0));
        Self {
            linear: Linear::new(rule.keep, rule.gain, rule.shift, block),
            weight: Wide::new(rule.weight, block),
            takes: rule.takes,
            i: initial.clone(),
            initial,
        }
    }

    /// Moves the currents of a chunk on; what the membranes take of them stands in `x` then.
    #[inline(always)]
    pub(super) fn step(&mut self, first: usize, x: &mut [f64]) {
        let i = &mut self.i[first..first + x.len()];
        let mut taken = [0.0; CHUNK];
        let taken = &mut taken[..x.len()];
        match self.takes {
            Takes::New => {}
            Takes::Old => taken.copy_from_slice(i),
            Takes::Undecayed => {
                let weight = self.weight.chunk(first, x.len());
                for (((taken, i), x), weight) in taken.iter_mut().zip(&*i).zip(&*x).zip(weight) {
                    *taken = i + weight * x;
                }
            }
        }
        self.linear.step(first, i, x);
        x.copy_from_slice(if self.takes == Takes::New { i } else { taken });
    }
}
