//! Convolutions, driven by what comes in: a spike, or a number, touches the cells whose receptive fields it lies in, and no others.
//!
//! Sums lie channel by channel, since neurons are numbered so, while a tap has one weight for each target channel. Cells that are met in a tick are
//! therefore brought into an array with the channels of a cell side by side, where a tap is one addition of a row of
//! weights, and taken back when all has arrived. Each sum is that of the connections one after the other, in the order of the sources.

use super::deliver::{Arrived, Pending};
use crate::compile::Convolved;
use crate::network::Coefficients;
use crate::numerics::vectorised;
use std::ops::Range;

/// Cells that were met in a tick, the channels of a cell side by side.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// `sums[cell × channels of a group + channel]`.
    sums: Vec<f64>,
    /// What arrived at each cell; its channels hear the same.
    arrivals: Vec<u32>,
    /// Cells at which something arrived, as `group × cells of a channel + cell`.
    met: Vec<u32>,
}

/// Adds weight × value for inputs (source, value), in their order, to the targets `range`.
pub(super) fn inputs(
    c: &Convolved,
    inputs: impl Iterator<Item = (usize, f64)>,
    range: &Range<usize>,
    to: &mut Pending,
) -> Arrived {
    if range.is_empty() {
        return Arrived::default();
    }
    match &c.weights {
        Coefficients::Single(weights) if c.channels_of_group() > 1 && !to.by_sign() => by_rows(c, weights, inputs, range, to),
        Coefficients::Double(weights) if c.channels_of_group() > 1 && !to.by_sign() => by_rows(c, weights, inputs, range, to),
        _ => one_by_one(c, inputs, range, to),
    }
}

/// Where the targets of a cell lie in its group: those of channels, counted from the group's first, are `start`, `start + step`, ….
#[derive(Clone, Copy)]
struct Column {
    first: usize,
    step: usize,
}

impl Column {
    /// The channels whose target lies in `range`.
    fn channels(self, channels: usize, range: &Range<usize>) -> Range<usize> {
        let upto = |end: usize| end.saturating_sub(self.first).div_ceil(self.step).min(channels);
        upto(range.start)..upto(range.end)
    }

    fn target(self, channel: usize) -> usize {
        self.first + channel * self.step
    }
}

fn by_rows<W: Copy + Into<f64>>(
    c: &Convolved,
    weights: &[W],
    inputs: impl Iterator<Item = (usize, f64)>,
    range: &Range<usize>,
    to: &mut Pending,
) -> Arrived {
    let (outs, area) = (c.channels_of_group(), c.output[0] * c.output[1]);
    let mut cells = std::mem::take(&mut to.cells);
    if cells.arrivals.len() < c.groups * area {
        cells.arrivals.resize(c.groups * area, 0);
    }
    if cells.sums.len() < c.groups * area * outs {
        cells.sums.resize(c.groups * area * outs, 0.0);
    }
    let column = |met: usize| Column { first: (met / area) * outs * area + met % area, step: area };
    let whole = range.start == 0 && range.end == c.channels[1] * area;
    let arrived = vectorised(
        #[inline(always)]
        || {
            let mut arrived = Arrived::default();
            for (source, x) in inputs {
                let place = c.place(source);
                let [ys, xs] = c.taps(place);
                for &(y, row) in ys {
                    for &(tap, cell) in xs {
                        let met = place.group * area + row as usize * c.output[1] + cell as usize;
                        let channels = if whole { 0..outs } else { column(met).channels(outs, range) };
                        if channels.is_empty() {
                            continue;
                        }
                        let number = c.row(place.channel, y, tap);
                        let sums = &mut cells.sums[met * outs + channels.start..met * outs + channels.end];
                        if cells.arrivals[met] == 0 {
                            cells.met.push(met as u32);
                            let target = channels.clone().map(|o| column(met).target(o) - range.start);
                            sums.iter_mut().zip(target).for_each(|(sum, t)| *sum = to.sums[0][t]);
                        }
                        cells.arrivals[met] += 1;
                        let row = &weights[number * outs + channels.start..number * outs + channels.end];
                        sums.iter_mut().zip(row).for_each(|(sum, w)| *sum += x * (*w).into());
                        arrived.events += row.len() as u64;
                        arrived.nonzero += match &c.nonzero {
                            None => row.len() as u64,
                            Some(nonzero) if row.len() == outs => u64::from(nonzero[number]),
                            Some(_) => row.iter().filter(|w| (**w).into() != 0.0).count() as u64,
                        };
                    }
                }
            }
            arrived
        },
    );
    for met in cells.met.drain(..) {
        let met = met as usize;
        let number = std::mem::take(&mut cells.arrivals[met]);
        for channel in column(met).channels(outs, range) {
            let target = column(met).target(channel) - range.start;
            to.sums[0][target] = cells.sums[met * outs + channel];
            to.arrivals[target] += number;
        }
    }
    to.cells = cells;
    arrived
}

/// Connection by connection: for pooling and other kernels of one channel each, and where weights go to channels by their sign.
fn one_by_one(c: &Convolved, inputs: impl Iterator<Item = (usize, f64)>, range: &Range<usize>, to: &mut Pending) -> Arrived {
    let mut arrived = Arrived::default();
    for (source, x) in inputs {
        c.each(source, &mut |target, w| {
            if range.contains(&target) {
                to.add(target - range.start, x * w);
                to.arrivals[target - range.start] += 1;
                arrived.events += 1;
                arrived.nonzero += u64::from(w != 0.0);
            }
        });
    }
    arrived
}
