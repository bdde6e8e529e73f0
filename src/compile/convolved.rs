//! Convolutions as a spike walks them: which taps reach which cells, and weights row by row of target channels.

use crate::network::{Coefficients, Convolution};

/// Where each input row, or column, is met by the kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// The taps of place `p` are `offsets[p]..offsets[p + 1]`.
    offsets: Vec<u64>,
    /// (tap, output cell), by descending tap and so by ascending cell.
    taps: Vec<(u32, u32)>,
}

impl Axis {
    fn new(c: &Convolution, axis: usize) -> Self {
        let (mut offsets, mut taps) = (vec![0], Vec::new());
        for place in 0..c.input[axis] {
            let start = taps.len();
            taps.extend(c.taps(axis, place).map(|(tap, cell)| (tap as u32, cell as u32)));
            taps[start..].reverse();
            offsets.push(taps.len() as u64);
        }
        Self { offsets, taps }
    }

    /// The taps that meet a place, with the cells that they belong to, by ascending cell.
    #[inline]
    #[must_use]
    pub fn of(&self, place: usize) -> &[(u32, u32)] {
        &self.taps[self.offsets[place] as usize..self.offsets[place + 1] as usize]
    }
}

/// A convolution ready to run. Its weights are shared: they are kept once, and a spike adds those of each tap that meets it.
#[derive(Debug, Clone, PartialEq)]
pub struct Convolved {
    /// Source and target channels.
    pub channels: [usize; 2],
    /// Groups of channels that see nothing of one another.
    pub groups: usize,
    /// Rows and columns of a source channel.
    pub input: [usize; 2],
    /// Rows and columns of a target channel.
    pub output: [usize; 2],
    /// Rows and columns of the kernel.
    pub kernel: [usize; 2],
    /// Which taps meet which rows, and which columns.
    pub axes: [Axis; 2],
    /// `weights[((source channel × rows + y) × columns + x) × target channels of a group + target channel within the group]`.
    pub weights: Coefficients,
    /// Of each tap of each source channel, the target channels with a weight other than zero; all where absent.
    pub nonzero: Option<Vec<u32>>,
    /// From a spike to its arrival, ticks.
    pub delay: u32,
    synapses: u64,
    zeros: u64,
}

/// Where a source neuron lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its channel.
    pub channel: usize,
    /// The group of the channel.
    pub group: usize,
    /// Row and column.
    pub at: [usize; 2],
}

impl Convolved {
    /// A convolution without complaints, with one delay.
    pub(crate) fn new(c: &Convolution, delay: u32) -> Self {
        let (ins, outs, taps) = (c.channels_in / c.groups, c.channels_out / c.groups, c.kernel[0] * c.kernel[1]);
        let weights = match &c.weights {
            // A weight for all is a row of its own where rows have one.
            Coefficients::One(w) if outs == 1 => Coefficients::One(*w),
            given => {
                let from = |i: usize| {
                    let (out, tap, channel) = (i % outs, i / outs % taps, i / outs / taps);
                    ((channel / ins * outs + out) * ins + channel % ins) * taps + tap
                };
                given.permuted(c.channels_in * taps * outs, from)
            }
        };
        let mut made = Self {
            channels: [c.channels_in, c.channels_out],
            groups: c.groups,
            input: c.input,
            output: c.output,
            kernel: c.kernel,
            axes: [Axis::new(c, 0), Axis::new(c, 1)],
            weights,
            nonzero: None,
            delay,
            synapses: c.connections(),
            zeros: 0,
        };
        if let Coefficients::One(w) = made.weights {
            made.zeros = if w == 0.0 { made.synapses } else { 0 };
        } else {
            let rows = (0..c.channels_in * taps)
                .map(|row| (row * outs..(row + 1) * outs).filter(|i| made.weights.at(*i) != 0.0).count() as u32);
            let nonzero: Vec<u32> = rows.collect();
            if nonzero.iter().any(|n| (*n as usize) < outs) {
                let cells = |axis: usize, tap: usize| c.cells_of_tap(axis, tap).len() as u64;
                let zeros = nonzero.iter().enumerate().map(|(row, n)| {
                    let (y, x) = (row % taps / c.kernel[1], row % c.kernel[1]);
                    (outs as u64 - u64::from(*n)) * cells(0, y) * cells(1, x)
                });
                made.zeros = zeros.sum();
                made.nonzero = Some(nonzero);
            }
        }
        made
    }

    /// The same cells and taps with other weights, in the same order: of these as many are zero, or all.
    pub(super) fn reweighted(&self, weights: Coefficients, all_zero: bool) -> Self {
        let mut made = Self { weights, ..self.clone() };
        if all_zero {
            made.zeros = made.synapses;
            made.nonzero = made.rows().map(|rows| vec![0; rows]);
        }
        made
    }

    /// Rows of weights, where each has its own.
    fn rows(&self) -> Option<usize> {
        self.weights.len().map(|len| len / self.channels_of_group().max(1))
    }

    /// Target channels of a group.
    #[must_use]
    pub fn channels_of_group(&self) -> usize {
        self.channels[1] / self.groups
    }

    /// Where a source neuron lies.
    #[inline]
    #[must_use]
    pub fn place(&self, source: usize) -> Place {
        let [rows, columns] = self.input;
        let channel = source / (rows * columns);
        let at = [source / columns % rows, source % columns];
        Place { channel, group: channel / (self.channels[0] / self.groups), at }
    }

    /// The row of weights of a tap, in units of [`Convolved::channels_of_group`].
    #[inline]
    #[must_use]
    pub fn row(&self, channel: usize, y: u32, x: u32) -> usize {
        (channel * self.kernel[0] + y as usize) * self.kernel[1] + x as usize
    }

    /// The taps that meet a source, along both axes.
    #[inline]
    #[must_use]
    pub fn taps(&self, place: Place) -> [&[(u32, u32)]; 2] {
        [self.axes[0].of(place.at[0]), self.axes[1].of(place.at[1])]
    }

    /// Number of connections of a source.
    #[must_use]
    pub fn fan_out(&self, source: usize) -> u64 {
        let [ys, xs] = self.taps(self.place(source));
        (ys.len() * xs.len() * self.channels_of_group()) as u64
    }

    /// Number of connections.
    #[must_use]
    pub fn synapses(&self) -> u64 {
        self.synapses
    }

    /// Connections whose weight is zero.
    #[must_use]
    pub fn zero_weights(&self) -> u64 {
        self.zeros
    }

    /// Weights that are kept; a pool has none.
    #[must_use]
    pub fn stored(&self) -> u64 {
        match &self.weights {
            Coefficients::One(_) => 0,
            Coefficients::Single(w) => w.len() as u64,
            Coefficients::Double(w) => w.len() as u64,
        }
    }

    /// Weights that are kept and are zero.
    #[must_use]
    pub fn stored_zeros(&self) -> u64 {
        match &self.nonzero {
            Some(nonzero) => self.stored() - nonzero.iter().map(|n| u64::from(*n)).sum::<u64>(),
            None => 0,
        }
    }

    /// Connections of a source whose weight is not zero.
    #[must_use]
    pub fn nonzero(&self, source: usize) -> u64 {
        let place = self.place(source);
        let [ys, xs] = self.taps(place);
        match &self.nonzero {
            Some(nonzero) => {
                let of = |y: u32, x: u32| u64::from(nonzero[self.row(place.channel, y, x)]);
                ys.iter().map(|(y, _)| xs.iter().map(|(x, _)| of(*y, *x)).sum::<u64>()).sum()
            }
            None if self.weights == Coefficients::One(0.0) => 0,
            None => self.fan_out(source),
        }
    }

    /// Adds the number of connections onto each target.
    pub(super) fn add_fan_in(&self, fan_in: &mut [u64]) {
        let count = |axis: usize| {
            let mut cells = vec![0u64; self.output[axis]];
            self.axes[axis].taps.iter().for_each(|(_, cell)| cells[*cell as usize] += 1);
            cells
        };
        let (rows, columns, channels) = (count(0), count(1), (self.channels[0] / self.groups) as u64);
        for channel in fan_in.chunks_exact_mut(rows.len() * columns.len()) {
            for (row, n) in channel.chunks_exact_mut(columns.len()).zip(&rows) {
                row.iter_mut().zip(&columns).for_each(|(fan_in, m)| *fan_in += n * m * channels);
            }
        }
    }

    /// Names the connections of a source, (target, weight), by ascending target.
    pub(crate) fn each(&self, source: usize, take: &mut dyn FnMut(usize, f64)) {
        let (place, outs) = (self.place(source), self.channels_of_group());
        let [ys, xs] = self.taps(place);
        for out in 0..outs {
            let channel = (place.group * outs + out) * self.output[0];
            for (y, row) in ys {
                for (x, column) in xs {
                    let target = (channel + *row as usize) * self.output[1] + *column as usize;
                    take(target, self.weights.at(self.row(place.channel, *y, *x) * outs + out));
                }
            }
        }
    }
}
