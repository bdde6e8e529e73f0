//! A convolution over all of its inputs, zeros included, as a conventional network computes it.

use super::number::Number;
use crate::compile::Convolved;
use crate::network::Convolution;
use crate::numerics::vectorised;

/// A convolution ready to run.
pub(super) struct Slide<T> {
    c: Convolution,
    /// As in the description: target channel, source channel within the group, row, column; one for all of a pool.
    weights: Vec<T>,
}

impl<T: Number> Slide<T> {
    /// Of a convolution without complaints.
    pub(super) fn new(c: &Convolution) -> Self {
        let weights = (0..c.weights.len().unwrap_or(1)).map(|i| T::of(c.weights.at(i))).collect();
        Self { c: c.clone(), weights }
    }

    /// Non-zero weights that each input meets.
    pub(super) fn fan_out(&self) -> Vec<u64> {
        let made = Convolved::new(&self.c, 0);
        (0..self.c.sources().unwrap_or(0)).map(|source| made.nonzero(source)).collect()
    }

    /// Adds the sums of one sample: tap by tap, each a multiple of the inputs that it meets.
    pub(super) fn add(&self, input: &[T], output: &mut [T]) {
        let c = &self.c;
        let (ins, outs) = (c.channels_in / c.groups, c.channels_out / c.groups);
        let ([rows, columns], [high, wide]) = (c.input, c.kernel);
        let cells = c.output[0] * c.output[1];
        vectorised(
            #[inline(always)]
            || {
                for (o, output) in output.chunks_exact_mut(cells).enumerate() {
                    for i in 0..ins {
                        let input = &input[(o / outs * ins + i) * rows * columns..][..rows * columns];
                        for y in 0..high {
                            for x in 0..wide {
                                let at = ((o * ins + i) * high + y) * wide + x;
                                let w = if self.weights.len() == 1 { self.weights[0] } else { self.weights[at] };
                                let reached = c.cells_of_tap(1, x);
                                if reached.is_empty() {
                                    continue;
                                }
                                for r in c.cells_of_tap(0, y) {
                                    let row = r * c.stride[0] + y * c.dilation[0] - c.padding[0];
                                    let first = reached.start * c.stride[1] + x * c.dilation[1] - c.padding[1];
                                    let from = &input[row * columns + first..(row + 1) * columns];
                                    let to = &mut output[r * c.output[1]..][reached.clone()];
                                    if c.stride[1] == 1 {
                                        to.iter_mut().zip(from).for_each(|(sum, x)| *sum += w * *x);
                                    } else {
                                        to.iter_mut().zip(from.iter().step_by(c.stride[1])).for_each(|(sum, x)| *sum += w * *x);
                                    }
                                }
                            }
                        }
                    }
                }
            },
        );
    }
}
