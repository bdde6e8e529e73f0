//! Projections that are stored alone: whole matrices, diagonals, and those that deliver within the tick or carry numbers.

use super::convolve::{self, Cells};
use super::matrix;
use crate::compile::{CompiledProjection, MatrixRows, Rows};
use std::ops::Range;

/// What reached the neurons of a part in a tick, other than through bundles.
#[derive(Debug)]
pub(super) struct Pending {
    /// Summed weights by channel.
    pub(super) sums: [Vec<f64>; 2],
    /// Synaptic events.
    pub(super) arrivals: Vec<u32>,
    /// Not 0 for neurons that a stimulus reached.
    pub(super) touched: Vec<u32>,
    /// Cells of convolutions.
    pub(super) cells: Cells,
    by_sign: bool,
}

impl Pending {
    pub(super) fn new(neurons: usize, by_sign: bool) -> Self {
        Self {
            sums: [vec![0.0; neurons], vec![0.0; if by_sign { neurons } else { 0 }]],
            arrivals: vec![0; neurons],
            touched: vec![0; neurons],
            cells: Cells::default(),
            by_sign,
        }
    }

    /// Whether positive and negative weights are summed apart.
    pub(super) fn by_sign(&self) -> bool {
        self.by_sign
    }

    pub(super) fn clear(&mut self) {
        self.sums.iter_mut().for_each(|sums| sums.fill(0.0));
        self.arrivals.fill(0);
        self.touched.fill(0);
    }

    /// Adds a weight to the channel it belongs to.
    #[inline]
    pub(super) fn add(&mut self, target: usize, weight: f64) {
        let channel = usize::from(self.by_sign && weight < 0.0);
        self.sums[channel][target] += weight;
    }
}

/// Events that arrived, and those of them with a weight other than zero.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Arrived {
    pub(super) events: u64,
    pub(super) nonzero: u64,
}

/// Delivers spikes of `sources` to the targets `range`: along the connections of the shortest delay, which are all unless there are
/// several.
pub(super) fn spikes(p: &CompiledProjection, sources: &[u32], range: &Range<usize>, to: &mut Pending) -> Arrived {
    let mut arrived = Arrived::default();
    if range.is_empty() || sources.is_empty() {
        return arrived;
    }
    match &p.rows {
        Rows::Dense { matrix, .. } => {
            if to.by_sign {
                for &s in sources {
                    range.clone().enumerate().for_each(|(t, target)| to.add(t, matrix.at(s as usize * matrix.targets + target)));
                }
            } else {
                matrix::add(matrix, sources, range, &mut to.sums[0]);
            }
            arrived.events += (sources.len() * range.len()) as u64;
            arrived.nonzero += sources.iter().map(|&s| nonzero(p, matrix, s as usize, range)).sum::<u64>();
            // Every spike reaches every target.
            to.arrivals.iter_mut().for_each(|a| *a += sources.len() as u32);
        }
        Rows::Full { weight, skip_self, .. } => {
            for &s in sources {
                for t in 0..range.len() {
                    if !(*skip_self && s as usize == range.start + t) {
                        to.add(t, *weight);
                        to.arrivals[t] += 1;
                        arrived.events += 1;
                    }
                }
            }
            arrived.nonzero = if *weight == 0.0 { 0 } else { arrived.events };
        }
        Rows::Diagonal { weights, .. } => {
            for &s in sources.iter().filter(|s| range.contains(&(**s as usize))) {
                let (t, w) = (s as usize - range.start, weights.at(s as usize));
                to.add(t, w);
                to.arrivals[t] += 1;
                arrived.events += 1;
                arrived.nonzero += u64::from(w != 0.0);
            }
        }
        Rows::Sparse { offsets, targets, weights, delays } => {
            for &s in sources {
                for i in offsets[s as usize] as usize..offsets[s as usize + 1] as usize {
                    let t = targets[i] as usize;
                    if range.contains(&t) && delays.at(i) == delays.min() {
                        let w = weights.at(i);
                        to.add(t - range.start, w);
                        to.arrivals[t - range.start] += 1;
                        arrived.events += 1;
                        arrived.nonzero += u64::from(w != 0.0);
                    }
                }
            }
        }
        Rows::Convolution(c) => return convolve::inputs(c, sources.iter().map(|s| (*s as usize, 1.0)), range, to),
        // Bundles are walked by the slice.
        Rows::Bundled { .. } => {}
    }
    arrived
}

/// Weights other than zero from a source to the targets `range`.
fn nonzero(p: &CompiledProjection, matrix: &MatrixRows, source: usize, range: &Range<usize>) -> u64 {
    match &p.nonzero {
        None => range.len() as u64,
        Some(nonzero) if range.len() == matrix.targets => u64::from(nonzero[source]),
        Some(_) => range.clone().filter(|target| matrix.at(source * matrix.targets + target) != 0.0).count() as u64,
    }
}

/// Delivers spikes along connections, by their numbers, to the targets `range`.
pub(super) fn connections(p: &CompiledProjection, connections: &[u32], range: &Range<usize>, to: &mut Pending) -> Arrived {
    let mut arrived = Arrived::default();
    if let Rows::Sparse { targets, weights, .. } = &p.rows {
        for &i in connections {
            let (t, w) = (targets[i as usize] as usize, weights.at(i as usize));
            if range.contains(&t) {
                to.add(t - range.start, w);
                to.arrivals[t - range.start] += 1;
                arrived.events += 1;
                arrived.nonzero += u64::from(w != 0.0);
            }
        }
    }
    arrived
}

/// What a projection of numbers did in a tick.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct AnalogWork {
    /// Non-zero input × non-zero weight.
    pub(super) operations: u64,
    /// Every input was 0, 1 or −1: the operations are accumulates.
    pub(super) ternary: bool,
}

/// A number that leaves an operation an accumulate.
fn is_ternary(x: f64) -> bool {
    x == 0.0 || x == 1.0 || x == -1.0
}

/// Adds weight × value along connections of several delays to the targets `range`, each for the value that its source gave as long ago as it is
/// late; `of_age` gives the values of a tick. Each non-zero value is an arrival.
pub(super) fn numbers_of_ages<'a>(
    p: &CompiledProjection,
    of_age: impl Fn(u32) -> Option<&'a [f64]>,
    range: &Range<usize>,
    to: &mut Pending,
) -> AnalogWork {
    let mut work = AnalogWork { operations: 0, ternary: true };
    let Rows::Sparse { offsets, targets, weights, delays } = &p.rows else { return work };
    for (source, row) in offsets.windows(2).enumerate() {
        for i in row[0] as usize..row[1] as usize {
            let x = of_age(delays.at(i)).map_or(0.0, |values| values[source]);
            let (t, w) = (targets[i] as usize, weights.at(i));
            work.ternary &= is_ternary(x);
            if x != 0.0 && range.contains(&t) {
                to.add(t - range.start, x * w);
                to.arrivals[t - range.start] += 1;
                work.operations += u64::from(w != 0.0);
            }
        }
    }
    work
}

/// Adds weight × value to the targets `range` for the values of all sources, along connections of one delay. Each non-zero value is an arrival.
pub(super) fn numbers(p: &CompiledProjection, values: &[f64], range: &Range<usize>, to: &mut Pending) -> AnalogWork {
    let mut work = AnalogWork { operations: 0, ternary: values.iter().copied().all(is_ternary) };
    if let Rows::Convolution(c) = &p.rows {
        let inputs = values.iter().copied().enumerate().filter(|(_, x)| *x != 0.0);
        work.operations = convolve::inputs(c, inputs, range, to).nonzero;
        return work;
    }
    for (s, &x) in values.iter().enumerate() {
        if x == 0.0 {
            continue;
        }
        let mut one = |to: &mut Pending, t: usize, w: f64| {
            to.add(t, x * w);
            to.arrivals[t] += 1;
            work.operations += u64::from(w != 0.0);
        };
        match &p.rows {
            Rows::Dense { matrix, .. } => {
                if to.by_sign {
                    range.clone().enumerate().for_each(|(t, target)| to.add(t, x * matrix.at(s * matrix.targets + target)));
                } else {
                    matrix::add_times(matrix, s, x, range, &mut to.sums[0]);
                }
                to.arrivals.iter_mut().for_each(|a| *a += 1);
                work.operations += nonzero(p, matrix, s, range);
            }
            Rows::Full { weight, skip_self, .. } => {
                (0..range.len()).filter(|t| !(*skip_self && s == range.start + t)).for_each(|t| one(to, t, *weight));
            }
            Rows::Diagonal { weights, .. } => {
                if range.contains(&s) {
                    one(to, s - range.start, weights.at(s));
                }
            }
            Rows::Sparse { offsets, targets, weights, .. } => {
                for i in offsets[s] as usize..offsets[s + 1] as usize {
                    if range.contains(&(targets[i] as usize)) {
                        one(to, targets[i] as usize - range.start, weights.at(i));
                    }
                }
            }
            Rows::Convolution(_) | Rows::Bundled { .. } => {}
        }
    }
    work
}
