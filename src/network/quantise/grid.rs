//! Numbers rounded to a grid: the laws of it, without networks.

/// Whole multiples of a step, so many at most on either side of zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// What one multiple is worth.
    pub step: f64,
    /// The largest multiple.
    pub levels: f64,
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most: f64, v| most.max(v.abs()))
}

impl Grid {
    /// The grid on which the largest value takes the largest multiple.
    ///
    /// The step is rounded up to single precision, so that multiples of it are exact and a grid made of them is the same grid.
    #[must_use]
    pub fn scaled(values: &[f64], levels: u32) -> Self {
        let levels = f64::from(levels.max(1));
        let wanted = largest(values) / levels;
        let near = wanted as f32;
        let step = f64::from(if f64::from(near) < wanted { near.next_up() } else { near });
        // Beyond single precision there is nothing to round up to.
        Self { step: if step > 0.0 && step.is_finite() { step } else { wanted.max(f64::MIN_POSITIVE) }, levels }
    }

    /// The grid of the smallest step that is a power of two and reaches the largest value.
    #[must_use]
    pub fn power_of_two(values: &[f64], levels: u32) -> Self {
        let levels = f64::from(levels.max(1));
        let wanted = (largest(values) / levels).max(f64::MIN_POSITIVE);
        let mut step = 2f64.powi(wanted.log2().ceil() as i32);
        // The logarithm is rounded; the grid is not.
        while step * levels < largest(values) {
            step *= 2.0;
        }
        while step * 0.5 * levels >= largest(values) && step > f64::MIN_POSITIVE {
            step *= 0.5;
        }
        Self { step, levels }
    }

    /// The nearest multiple, the even one of two, and no farther than the largest.
    #[must_use]
    pub fn round(&self, value: f64) -> f64 {
        (value / self.step).round_ties_even().clamp(-self.levels, self.levels) * self.step
    }
}

/// Each value's sign times the mean magnitude of those that are not zero.
#[must_use]
pub fn sign_and_mean(values: &[f64]) -> Vec<f64> {
    sign_above(values, 0.0)
}

/// The values above 0.7 of the mean magnitude as [`sign_and_mean`] has them, the others as zero.
#[must_use]
pub fn sign_or_zero(values: &[f64]) -> Vec<f64> {
    sign_above(values, 0.7 * mean_magnitude(values.iter().copied()))
}

/// The sign of what is above a magnitude, times the mean magnitude of it.
fn sign_above(values: &[f64], lowest: f64) -> Vec<f64> {
    let mean = mean_magnitude(values.iter().copied().filter(|v| v.abs() > lowest));
    // In single precision sums of it are exact, and their mean is itself.
    let mean = if mean as f32 > 0.0 && (mean as f32).is_finite() { f64::from(mean as f32) } else { mean };
    values.iter().map(|v| if v.abs() > lowest { mean.copysign(*v) } else { 0.0 }).collect()
}

fn mean_magnitude(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, number) = values.fold((0.0, 0u64), |(sum, number), v| (sum + v.abs(), number + 1));
    if number == 0 { 0.0 } else { sum / number as f64 }
}

/// Each value as the nearest of zero and at most `number` values on a grid, which are chosen for least squares (Lloyd, IEEE Trans. Inf. Theory
/// 28:129, 1982, begun at quantiles).
#[must_use]
pub fn few_values(values: &[f64], number: usize, grid: Grid) -> Vec<f64> {
    /// Iterations; it has settled long before.
    const ROUNDS: usize = 100;
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| *v != 0.0).collect();
    sorted.sort_by(f64::total_cmp);
    let mut centres = sorted.clone();
    centres.dedup();
    if centres.len() > number {
        let quantile = |k: usize| sorted[(2 * k + 1) * sorted.len() / (2 * number)];
        centres = (0..number).map(quantile).collect();
        centres.dedup();
        for _ in 0..ROUNDS {
            let mut sums = vec![(0.0, 0usize); centres.len()];
            for v in &sorted {
                if let Some(at) = nearest(*v, &centres) {
                    sums[at] = (sums[at].0 + v, sums[at].1 + 1);
                }
            }
            let moved: Vec<f64> =
                sums.iter().zip(&centres).map(|((sum, n), c)| if *n == 0 { *c } else { sum / *n as f64 }).collect();
            if moved == centres {
                break;
            }
            centres = moved;
        }
    }
    let centres: Vec<f64> = centres.iter().map(|c| grid.round(*c)).collect();
    values.iter().map(|v| nearest(*v, &centres).map_or(0.0, |at| centres[at])).collect()
}

/// The nearest of some values, the first of several; `None` where zero is nearer.
fn nearest(value: f64, centres: &[f64]) -> Option<usize> {
    let mut best = (value.abs(), None);
    for (at, centre) in centres.iter().enumerate() {
        let distance = (value - centre).abs();
        if distance < best.0 {
            best = (distance, Some(at));
        }
    }
    best.1
}
