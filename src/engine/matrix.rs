//! Spikes along the rows of full matrices.
//!
//! A tick's spikes are summed row upon row, tile by tile: of each row the part that belongs to some neighbouring targets, whose sums stay in
//! registers meanwhile. Weights of a byte are summed as integers of 16 bits, which so many rows cannot overflow.

use crate::compile::{MatrixRows, MatrixWeights};
use crate::numerics::vectorised;
use std::ops::Range;

/// Sums of a tile of bytes, and how many of them are kept at once.
const LANES: usize = 32;
/// 127 times as many fit into 16 bits.
const ROWS: usize = 256;

/// Adds the rows of `sources`, one after the other, to the sums of the targets `range`.
pub(super) fn add(matrix: &MatrixRows, sources: &[u32], range: &Range<usize>, sums: &mut [f64]) {
    let targets = matrix.targets;
    vectorised(
        #[inline(always)]
        || match &matrix.weights {
            MatrixWeights::Bytes { unit, values } => {
                for sources in sources.chunks(ROWS) {
                    let mut at = 0;
                    while at + 3 * LANES < range.len() {
                        tile::<4>(values, targets, sources, range.start + at, *unit, &mut sums[at..]);
                        at += 4 * LANES;
                    }
                    while at < range.len() {
                        tile::<1>(values, targets, sources, range.start + at, *unit, &mut sums[at..]);
                        at += LANES;
                    }
                }
            }
            MatrixWeights::Single(values) => {
                for &source in sources {
                    let row = &values[source as usize * targets..][range.clone()];
                    sums.iter_mut().zip(row).for_each(|(sum, w)| *sum += f64::from(*w));
                }
            }
            MatrixWeights::Double(values) => {
                for &source in sources {
                    let row = &values[source as usize * targets..][range.clone()];
                    sums.iter_mut().zip(row).for_each(|(sum, w)| *sum += *w);
                }
            }
        },
    );
}

/// Adds `x` times the row of a source to the sums of the targets `range`.
pub(super) fn add_times(matrix: &MatrixRows, source: usize, x: f64, range: &Range<usize>, sums: &mut [f64]) {
    let row = source * matrix.targets + range.start..source * matrix.targets + range.end;
    vectorised(
        #[inline(always)]
        || match &matrix.weights {
            MatrixWeights::Bytes { unit, values } => {
                let x = x * unit;
                sums.iter_mut().zip(&values[row]).for_each(|(sum, w)| *sum += x * f64::from(*w));
            }
            MatrixWeights::Single(values) => sums.iter_mut().zip(&values[row]).for_each(|(sum, w)| *sum += x * f64::from(*w)),
            MatrixWeights::Double(values) => sums.iter_mut().zip(&values[row]).for_each(|(sum, w)| *sum += x * *w),
        },
    );
}

/// Adds `V * LANES` neighbouring weights of each row, from target `first` on, to as many sums or to those that there are.
#[inline(always)]
fn tile<const V: usize>(values: &[i8], targets: usize, sources: &[u32], first: usize, unit: f64, sums: &mut [f64]) {
    let mut all = [[0i16; LANES]; V];
    for &source in sources {
        // What lies behind the last target of a row belongs to the next row or to the spare zeros, and is thrown away.
        let row = &values[source as usize * targets + first..][..V * LANES];
        // Counted loops, which the compiler unrolls, so that the sums stay in registers.
        for v in 0..V {
            for lane in 0..LANES {
                all[v][lane] += i16::from(row[v * LANES + lane]);
            }
        }
    }
    for (sum, units) in sums.iter_mut().zip(all.as_flattened()) {
        *sum += f64::from(*units) * unit;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever the tiles, sums are those of the weights one by one: all sums here are exact, in whatever order.
        #[test]
        fn sums_are_those_of_the_weights(
            targets in 1usize..300,
            sources in prop::collection::vec(0u32..7, 0..600),
            bytes: bool,
            cut in (0.0f64..1.0, 0.0f64..1.0),
            seed in 0u64..1000,
        ) {
            let weight = |s: usize, t: usize| {
                let w = f64::from(((s * 31 + t * 17 + seed as usize) % 255) as u32) - 127.0;
                if bytes { w * 0.5 } else { w * 0.5 + 1024.0 }
            };
            let matrix = MatrixRows::new(7, targets, weight);
            prop_assert_eq!(matches!(matrix.weights, MatrixWeights::Bytes { .. }), bytes);
            let mut ends = [cut.0, cut.1].map(|cut| (cut * (targets + 1) as f64) as usize);
            ends.sort_unstable();
            let range = ends[0]..ends[1];
            let mut sums = vec![0.25; range.len()];
            add(&matrix, &sources, &range, &mut sums);
            for (t, sum) in range.clone().zip(&sums) {
                prop_assert_eq!(*sum, 0.25 + sources.iter().map(|&s| weight(s as usize, t)).sum::<f64>());
            }
            let mut sums = vec![0.0; range.len()];
            add_times(&matrix, 3, -1.5, &range, &mut sums);
            for (t, sum) in range.zip(&sums) {
                prop_assert_eq!(*sum, -1.5 * weight(3, t));
            }
        }
    }
}
