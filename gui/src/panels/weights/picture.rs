//! A projection as a picture of bounded size: means of blocks of its matrix, or its kernels.

use spikewatt::compile::{CompiledNetwork, CompiledProjection, Convolved, Rows};
use std::sync::atomic::{AtomicBool, Ordering};

/// Cells of a side.
const SIDE: usize = 256;
/// Kernels of a side.
const KERNELS: usize = 16;
/// Bins of the histogram.
pub(super) const BINS: usize = 61;

/// A projection as a picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Picture {
    /// Sources and targets, neurons; of a convolution channels.
    pub(super) shape: [usize; 2],
    /// Sources and targets of one cell.
    pub(super) block: [usize; 2],
    /// Rows and columns of cells.
    pub(super) cells: [usize; 2],
    /// The mean weight of each cell, row by row; not a number where nothing is connected.
    pub(super) means: Vec<f32>,
    /// Rows and columns of a kernel, where kernels are shown.
    pub(super) kernel: Option<[usize; 2]>,
    /// Weights that were looked at.
    pub(super) weights: u64,
    /// Zeros among them.
    pub(super) zeros: u64,
    /// The smallest and the largest.
    pub(super) range: (f64, f64),
    /// How many lie in each of the even parts of the range.
    pub(super) histogram: Vec<u64>,
}

impl Picture {
    /// The largest mean, sign aside.
    pub(super) fn largest(&self) -> f32 {
        self.means.iter().filter(|v| v.is_finite()).fold(0.0, |most, v| most.max(v.abs()))
    }

    /// The first source and target of a cell.
    pub(super) fn first(&self, row: usize, column: usize) -> [usize; 2] {
        [row * self.block[0], column * self.block[1]]
    }
}

/// Looks at all weights of a projection; `None` where nobody waits for it any more.
pub(super) fn picture(net: &CompiledNetwork, p: &CompiledProjection, stop: &AtomicBool) -> Option<Picture> {
    if let Rows::Convolution(c) = &p.rows {
        return Some(kernels(c));
    }
    let shape = [net.populations[p.from].size, net.populations[p.to].size];
    let block = shape.map(|n| n.div_ceil(SIDE).max(1));
    let cells = [shape[0].div_ceil(block[0]), shape[1].div_ceil(block[1])];
    let (mut sums, mut counts) = (vec![0.0f64; cells[0] * cells[1]], vec![0u32; cells[0] * cells[1]]);
    let mut made = Tallied::default();
    for source in 0..shape[0] {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        let row = source / block[0] * cells[1];
        net.each_connection(p, source, &mut |c| {
            let cell = row + c.target as usize / block[1];
            sums[cell] += c.weight;
            counts[cell] = counts[cell].saturating_add(1);
            made.see(c.weight);
        });
    }
    for source in 0..shape[0] {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        net.each_connection(p, source, &mut |c| made.bin(c.weight));
    }
    let means = sums.iter().zip(&counts).map(|(s, n)| if *n == 0 { f32::NAN } else { (s / f64::from(*n)) as f32 }).collect();
    Some(made.picture(shape, block, cells, means, None))
}

/// The kernels of a convolution: source channels downwards, target channels to the right.
fn kernels(c: &Convolved) -> Picture {
    let group = c.channels_of_group();
    let [h, w] = c.kernel;
    let shown = [c.channels[0].min(KERNELS), group.min(KERNELS)];
    let cells = [shown[0] * (h + 1), shown[1] * (w + 1)];
    let mut means = vec![f32::NAN; cells[0] * cells[1]];
    let weight = |channel: usize, y: usize, x: usize, to: usize| c.weights.at(((channel * h + y) * w + x) * group + to);
    let mut made = Tallied::default();
    let each = |see: &mut dyn FnMut(usize, usize, usize, usize, f64)| {
        for channel in 0..c.channels[0] {
            for (y, x) in (0..h).flat_map(|y| (0..w).map(move |x| (y, x))) {
                (0..group).for_each(|to| see(channel, y, x, to, weight(channel, y, x, to)));
            }
        }
    };
    each(&mut |channel, y, x, to, value| {
        made.see(value);
        if channel < shown[0] && to < shown[1] {
            means[(channel * (h + 1) + y) * cells[1] + to * (w + 1) + x] = value as f32;
        }
    });
    each(&mut |_, _, _, _, value| made.bin(value));
    made.picture([c.channels[0], group], [1, 1], cells, means, Some([h, w]))
}

/// What is counted of weights.
struct Tallied {
    weights: u64,
    zeros: u64,
    range: (f64, f64),
    histogram: Vec<u64>,
}

impl Default for Tallied {
    fn default() -> Self {
        Self { weights: 0, zeros: 0, range: (f64::INFINITY, f64::NEG_INFINITY), histogram: vec![0; BINS] }
    }
}

impl Tallied {
    fn see(&mut self, weight: f64) {
        self.weights += 1;
        self.zeros += u64::from(weight == 0.0);
        self.range = (self.range.0.min(weight), self.range.1.max(weight));
    }

    fn bin(&mut self, weight: f64) {
        let (low, high) = self.range;
        let at = if high > low { ((weight - low) / (high - low) * BINS as f64) as usize } else { BINS / 2 };
        self.histogram[at.min(BINS - 1)] += 1;
    }

    fn picture(
        self,
        shape: [usize; 2],
        block: [usize; 2],
        cells: [usize; 2],
        means: Vec<f32>,
        kernel: Option<[usize; 2]>,
    ) -> Picture {
        let range = if self.weights == 0 { (0.0, 0.0) } else { self.range };
        Picture { shape, block, cells, means, kernel, weights: self.weights, zeros: self.zeros, range, histogram: self.histogram }
    }
}
