//! Statistics of a population's spikes: rates, irregularity, correlation, fluctuation.
//!
//! The definitions are those of the reference runs that the textbook is held to (`src/study/verify/data/statistics`), so that figures can be
//! set side by side. A window (start, end] holds the ticks after `start` up to `end`; a spike of tick k happened in the step that
//! ends at k·dt.

use super::SpikeTrain;
use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use crate::rng::{Purpose, Stream};
use nalgebra::{DMatrix, DVector};

/// Neurons whose counts are correlated, at most: pairs grow with their square.
const MOST_CORRELATED: usize = 400;
/// Bins of the correlation, ms.
const CORRELATION_BIN_MS: f64 = 2.0;
/// Intervals of a neuron that its CV and LV need.
const LEAST_INTERVALS: usize = 3;
/// The quantiles of rates that are told.
pub const QUANTILES: [f64; 7] = [0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0];

/// Mean and standard deviation of a sample; the latter over n − 1, and 0 where there is one value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
    /// Number of values.
    pub n: usize,
}

impl Spread {
    fn of(values: &[f64]) -> Option<Self> {
        let n = values.len();
        let mean = values.iter().sum::<f64>() / n as f64;
        let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
        (n > 0).then(|| Self { mean, sd: if n > 1 { (squares / (n - 1) as f64).sqrt() } else { 0.0 }, n })
    }
}

/// Correlation of the spike counts of pairs of neurons.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correlation {
    /// Length of a bin, ms: 2 ms in whole ticks.
    pub bin_ms: f64,
    /// Neurons drawn that spiked, so that they have a correlation.
    pub neurons: usize,
    /// Pearson's coefficient over all pairs of them.
    pub pairs: Spread,
}

/// Statistics of a population over a window. Where too little happened for a figure, it is absent.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    /// Neurons.
    pub neurons: usize,
    /// Spikes in the window.
    pub spikes: u64,
    /// Rates of single neurons, Hz: spikes of the window over its length.
    pub rate_hz: Spread,
    /// Quantiles of those rates, Hz, at [`QUANTILES`], between ranks by straight lines.
    pub rate_quantiles_hz: [f64; 7],
    /// Part of the neurons without a spike.
    pub silent_fraction: f64,
    /// Coefficient of variation of inter-spike intervals, CV = sd / mean (sd over n), of each neuron with three or more; mean and deviation
    /// over these neurons.
    pub cv: Option<Spread>,
    /// Local variation of intervals, 3 ((I_i − I_(i+1)) / (I_i + I_(i+1)))², over all neighbours among the intervals of the same neurons; its
    /// mean is LV (Shinomoto, Shima & Tanji, Neural Comput. 15:2823, 2003, eq. 2.2), here of the population: neurons weigh as much as
    /// they have intervals. 1 for Poisson trains, 0 for regular ones; unlike CV it does not take a slow change of rate for
    /// irregularity.
    pub lv: Option<Spread>,
    /// Mean of all intervals of all neurons, ms.
    pub mean_interval_ms: Option<f64>,
    /// Correlation of counts in bins of 2 ms, over 400 neurons drawn at most.
    pub correlation: Option<Correlation>,
    /// Fano factor, variance over mean (over n), of the population's count in bins of 1 ms (Fano, Phys. Rev. 72:26, 1947): 1 for
    /// independent Poisson trains, more where neurons spike together.
    pub fano_1ms: Option<f64>,
    /// The same in bins of 2 ms.
    pub fano_2ms: Option<f64>,
}

impl Statistics {
    /// Statistics of a train of `neurons` neurons over the window (`from_ms`, `to_ms`], on a grid of `dt_ms`.
    ///
    /// # Errors
    /// Where the window is empty or no window, the grid no grid, there are no neurons, or the train has spikes of others.
    ///
    /// ```
    /// use spikewatt::record::{SpikeTrain, Statistics};
    /// // One neuron that spikes every 10 ms on a grid of 1 ms.
    /// let train = SpikeTrain { population: 0, ticks: (1..=100).map(|k| 10 * k).collect(), ids: vec![0; 100], ..SpikeTrain::default() };
    /// let statistics = Statistics::new(&train, 1, 1.0, (0.0, 1000.0)).expect("a good window");
    /// assert_eq!((statistics.rate_hz.mean, statistics.mean_interval_ms), (100.0, Some(10.0)));
    /// assert_eq!(statistics.cv.map(|cv| cv.mean), Some(0.0));
    /// ```
    pub fn new(train: &SpikeTrain, neurons: usize, dt_ms: f64, (from_ms, to_ms): (f64, f64)) -> Result<Self> {
        let mut wrong = Diagnostics::new();
        if !(dt_ms.is_finite() && dt_ms > 0.0) {
            wrong.push(Diagnostic::at("dt", format!("a grid needs a step above zero, found {dt_ms} ms")));
        }
        if !(from_ms >= 0.0 && from_ms < to_ms && to_ms.is_finite()) {
            wrong.push(Diagnostic::at("window", format!("from {from_ms} ms to {to_ms} ms is no window")));
        }
        if neurons == 0 {
            wrong.push(Diagnostic::at("population", "there are no neurons"));
        } else if let Some(id) = train.ids.iter().find(|id| **id as usize >= neurons) {
            wrong.push(Diagnostic::at("population", format!("a spike of neuron {id}, and there are {neurons}")));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let window = Window {
            first: (from_ms / dt_ms).round() as u64 + 1,
            ticks: ((to_ms / dt_ms).round() - (from_ms / dt_ms).round()) as u64,
            dt_ms,
        };
        if window.ticks == 0 {
            return Err(Diagnostic::at("window", format!("from {from_ms} ms to {to_ms} ms is less than a tick")).into());
        }
        Ok(Self::within(&window, train, neurons))
    }

    fn within(window: &Window, train: &SpikeTrain, neurons: usize) -> Self {
        let start = train.ticks.partition_point(|tick| *tick < window.first);
        let end = train.ticks.partition_point(|tick| *tick < window.first.saturating_add(window.ticks));
        let (ticks, ids) = (&train.ticks[start..end], &train.ids[start..end]);
        let by_neuron = ByNeuron::new(ticks, ids, neurons);
        let seconds = window.ticks as f64 * window.dt_ms * 1e-3;
        let mut rates: Vec<f64> = (0..neurons).map(|n| by_neuron.of(n).len() as f64 / seconds).collect();
        let rate_hz = Spread::of(&rates).expect("a population has neurons");
        let silent = rates.iter().filter(|rate| **rate == 0.0).count();
        rates.sort_unstable_by(f64::total_cmp);
        let (mut cv, mut lv) = (Vec::new(), Vec::new());
        let (mut intervals_in_all, mut ticks_in_all) = (0u64, 0u64);
        for n in 0..neurons {
            let own = by_neuron.of(n);
            let intervals: Vec<f64> = own.windows(2).map(|two| (two[1] - two[0]) as f64).collect();
            intervals_in_all += intervals.len() as u64;
            ticks_in_all += own.last().unwrap_or(&0) - own.first().unwrap_or(&0);
            if intervals.len() >= LEAST_INTERVALS {
                cv.extend(variation(&intervals));
                lv.extend(intervals.windows(2).map(|two| local_variation(two[0], two[1])));
            }
        }
        Self {
            neurons,
            spikes: ticks.len() as u64,
            rate_hz,
            rate_quantiles_hz: QUANTILES.map(|q| quantile(&rates, q)),
            silent_fraction: silent as f64 / neurons as f64,
            cv: Spread::of(&cv),
            lv: Spread::of(&lv),
            mean_interval_ms: (intervals_in_all > 0).then(|| ticks_in_all as f64 / intervals_in_all as f64 * window.dt_ms),
            correlation: correlation(window, ticks, ids, neurons),
            fano_1ms: window.fano(ticks, 1.0),
            fano_2ms: window.fano(ticks, 2.0),
        }
    }
}

/// Ticks that are looked at.
struct Window {
    first: u64,
    ticks: u64,
    dt_ms: f64,
}

impl Window {
    /// Ticks of a bin of about `ms`, at least one, and the whole bins of the window.
    fn bins(&self, ms: f64) -> (u64, u64) {
        let length = ((ms / self.dt_ms).round() as u64).max(1);
        (length, self.ticks / length)
    }

    /// Variance over mean of the numbers of spikes in bins.
    fn fano(&self, ticks: &[u64], ms: f64) -> Option<f64> {
        let (length, bins) = self.bins(ms);
        let bin = |tick: &u64| (tick - self.first) / length;
        let inside = &ticks[..ticks.partition_point(|tick| bin(tick) < bins)];
        let squares: f64 = inside.chunk_by(|a, b| bin(a) == bin(b)).map(|of_bin| (of_bin.len() as f64).powi(2)).sum();
        let mean = inside.len() as f64 / bins as f64;
        (mean > 0.0).then(|| (squares / bins as f64 - mean * mean) / mean)
    }
}

/// Ticks of each neuron's spikes, one neuron after the other.
struct ByNeuron {
    offsets: Vec<usize>,
    ticks: Vec<u64>,
}

impl ByNeuron {
    fn new(ticks: &[u64], ids: &[u32], neurons: usize) -> Self {
        let mut offsets = vec![0; neurons + 1];
        for id in ids {
            offsets[*id as usize + 1] += 1;
        }
        for n in 0..neurons {
            offsets[n + 1] += offsets[n];
        }
        let mut next = offsets.clone();
        let mut sorted = vec![0; ticks.len()];
        for (tick, id) in ticks.iter().zip(ids) {
            let at = &mut next[*id as usize];
            sorted[*at] = *tick;
            *at += 1;
        }
        Self { offsets, ticks: sorted }
    }

    fn of(&self, neuron: usize) -> &[u64] {
        &self.ticks[self.offsets[neuron]..self.offsets[neuron + 1]]
    }
}

/// Standard deviation over mean; `None` where all intervals are zero, as of spikes in one tick.
fn variation(intervals: &[f64]) -> Option<f64> {
    let n = intervals.len() as f64;
    let mean = intervals.iter().sum::<f64>() / n;
    let variance = intervals.iter().map(|i| (i - mean).powi(2)).sum::<f64>() / n;
    (mean > 0.0).then(|| variance.sqrt() / mean)
}

/// See [`Statistics::lv`]. Two neighbours of length zero differ by nothing.
fn local_variation(one: f64, next: f64) -> f64 {
    let sum = one + next;
    if sum > 0.0 { 3.0 * ((one - next) / sum).powi(2) } else { 0.0 }
}

/// Of sorted values, the one at rank q (n − 1), between two by a straight line.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let rank = q * (sorted.len() - 1) as f64;
    let (below, part) = (rank.floor() as usize, rank.fract());
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + part * (sorted[above] - sorted[below])
}

/// Up to [`MOST_CORRELATED`] different neurons; which ones does not depend on the network's seed.
fn drawn(neurons: usize) -> Vec<usize> {
    let mut all: Vec<usize> = (0..neurons).collect();
    let most = neurons.min(MOST_CORRELATED);
    if most < neurons {
        // The first steps of a shuffle (Knuth, The Art of Computer Programming 2, algorithm 3.4.2P).
        let stream = Stream::new(12345, Purpose::Statistics, 0);
        for at in 0..most {
            all.swap(at, at + stream.below(at as u64, (neurons - at) as u64) as usize);
        }
    }
    all.truncate(most);
    all
}

/// Pearson's coefficients of binned counts x over B bins, r_ij = (B Σ x_i x_j − Σ x_i Σ x_j) / √((B Σ x_i² − (Σ x_i)²)(B Σ x_j² − (Σ x_j)²)).
/// All sums are of whole numbers, so that they are exact in whatever order.
fn correlation(window: &Window, ticks: &[u64], ids: &[u32], neurons: usize) -> Option<Correlation> {
    let (length, bins) = window.bins(CORRELATION_BIN_MS);
    let mut row = vec![usize::MAX; neurons];
    let chosen = drawn(neurons);
    for (at, neuron) in chosen.iter().enumerate() {
        row[*neuron] = at;
    }
    let mut sums = DVector::<f64>::zeros(chosen.len());
    let mut products = DMatrix::<f64>::zeros(chosen.len(), chosen.len());
    let bin = |tick: u64| (tick - window.first) / length;
    let mut counts: Vec<(usize, f64)> = Vec::new();
    let mut at = 0;
    while at < ticks.len() && bin(ticks[at]) < bins {
        let of_bin = bin(ticks[at]);
        counts.clear();
        while at < ticks.len() && bin(ticks[at]) == of_bin {
            if row[ids[at] as usize] != usize::MAX {
                counts.push((row[ids[at] as usize], 1.0));
            }
            at += 1;
        }
        counts.sort_unstable_by_key(|(row, _)| *row);
        counts.dedup_by(|next, first| {
            let same = next.0 == first.0;
            first.1 += if same { next.1 } else { 0.0 };
            same
        });
        for (place, (j, of_j)) in counts.iter().enumerate() {
            sums[*j] += of_j;
            // The lower triangle, whose columns lie together.
            for (i, of_i) in &counts[place..] {
                products[(*i, *j)] += of_i * of_j;
            }
        }
    }
    let covariances = bins as f64 * &products - &sums * sums.transpose();
    // A neuron that never spikes, or as often in every bin, correlates with nothing.
    let varying: Vec<usize> = (0..chosen.len()).filter(|n| covariances[(*n, *n)] > 0.0).collect();
    let scale: Vec<f64> = varying.iter().map(|n| 1.0 / covariances[(*n, *n)].sqrt()).collect();
    let mut pairs = Vec::with_capacity(varying.len() * varying.len() / 2);
    for (a, j) in varying.iter().enumerate() {
        for (b, i) in varying.iter().enumerate().skip(a + 1) {
            pairs.push(covariances[(*(i.max(j)), *(i.min(j)))] * scale[a] * scale[b]);
        }
    }
    Some(Correlation { bin_ms: length as f64 * window.dt_ms, neurons: varying.len(), pairs: Spread::of(&pairs)? })
}

#[cfg(test)]
mod tests;
