//! Rates and intervals of what is in a stretch of time.

use crate::session::Spikes;

/// Mean rate of a population's neurons, Hz, in whole bins of so many ticks: bin k holds the ticks from k·`bin` + 1 to (k + 1)·`bin`.
pub(super) fn rates(
    spikes: &Spikes,
    population: usize,
    size: usize,
    bins: std::ops::Range<u64>,
    bin: u64,
    dt_s: f64,
) -> Vec<f64> {
    let (ticks, _) = spikes.between(population, bins.start * bin + 1, bins.end * bin);
    let mut before = 0;
    let per = 1.0 / (size.max(1) as f64 * bin as f64 * dt_s);
    bins.map(|k| {
        let upto = before + ticks[before..].partition_point(|tick| *tick <= (k + 1) * bin);
        let n = upto - before;
        before = upto;
        n as f64 * per
    })
    .collect()
}

/// Equal classes and how many fall into each.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Histogram {
    /// Width of a class; the first begins at 0.
    pub(super) width: f64,
    pub(super) counts: Vec<u64>,
}

impl Histogram {
    /// Classes for values from 0 to the largest, none of them narrower than `least` and all whole multiples of it.
    fn of(values: &[f64], least: f64) -> Self {
        const CLASSES: f64 = 50.0;
        let most = values.iter().copied().fold(0.0, f64::max);
        let width = ((most / CLASSES / least).ceil() * least).max(least);
        let mut counts = vec![0; (most / width + 1e-9) as usize + 1];
        // A value on the edge belongs to the class above; rounding must not put it below.
        values.iter().for_each(|value| counts[(value / width + 1e-9) as usize] += 1);
        Self { width, counts }
    }
}

/// What a population does in a stretch of time.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Figures {
    /// Intervals between spikes of the same neuron, ms.
    pub(super) intervals: Histogram,
    /// How many.
    pub(super) n: u64,
    /// Their mean, ms.
    pub(super) mean_ms: f64,
    /// Coefficient of variation of a neuron's intervals, mean over the neurons that have at least two.
    pub(super) cv: Option<f64>,
    /// How many have.
    pub(super) with_cv: usize,
    /// Rates of neurons, Hz.
    pub(super) neurons: Histogram,
    /// Mean rate, Hz.
    pub(super) rate: f64,
    /// Neurons without a spike.
    pub(super) silent: usize,
}

impl Figures {
    /// Those of a population of `size` neurons from tick `from` to `to`, both included.
    pub(super) fn of(spikes: &Spikes, population: usize, size: usize, from: u64, to: u64, dt_ms: f64) -> Self {
        #[derive(Clone, Copy, Default)]
        struct One {
            last: Option<u64>,
            spikes: u64,
            sum: f64,
            squares: f64,
        }
        let (ticks, ids) = spikes.between(population, from, to);
        let mut neurons = vec![One::default(); size];
        let mut intervals = Vec::with_capacity(ticks.len());
        for (tick, id) in ticks.iter().zip(ids) {
            let Some(one) = neurons.get_mut(*id as usize) else { continue };
            if let Some(last) = one.last {
                let interval = (tick - last) as f64 * dt_ms;
                one.sum += interval;
                one.squares += interval * interval;
                intervals.push(interval);
            }
            one.last = Some(*tick);
            one.spikes += 1;
        }
        let cvs: Vec<f64> = neurons
            .iter()
            .filter(|one| one.spikes >= 3 && one.sum > 0.0)
            .map(|one| {
                let n = (one.spikes - 1) as f64;
                let mean = one.sum / n;
                (one.squares / n - mean * mean).max(0.0).sqrt() / mean
            })
            .collect();
        let seconds = ((to + 1).saturating_sub(from)) as f64 * dt_ms * 1e-3;
        let each: Vec<f64> = neurons.iter().map(|one| one.spikes as f64 / seconds).collect();
        let n = intervals.len() as f64;
        Self {
            n: intervals.len() as u64,
            mean_ms: if n > 0.0 { intervals.iter().sum::<f64>() / n } else { 0.0 },
            cv: (!cvs.is_empty()).then(|| cvs.iter().sum::<f64>() / cvs.len() as f64),
            with_cv: cvs.len(),
            intervals: Histogram::of(&intervals, dt_ms.max(1e-3)),
            rate: each.iter().sum::<f64>() / size.max(1) as f64,
            neurons: Histogram::of(&each, 1.0 / seconds),
            silent: neurons.iter().filter(|one| one.spikes == 0).count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Neuron 0 spikes every 240 ticks, neuron 1 at 100 and 1,000 alone, neuron 2 never.
    fn regular() -> Spikes {
        let mut spikes = Spikes::default();
        let mut all: Vec<(u64, u32)> = (1..=50).map(|k| (k * 240, 0)).chain([(100, 1), (1_000, 1)]).collect();
        all.sort_unstable();
        let (ticks, ids): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        spikes.extend(0, &ticks, &ids);
        spikes
    }

    #[test]
    fn rates_are_counts_by_size_and_time() {
        let found = rates(&regular(), 0, 3, 0..12, 1_000, 1e-4);
        // Ticks 1 to 1,000: 240, 480, 720, 960 of neuron 0, and both of neuron 1.
        assert!((found[0] - 6.0 / 3.0 / 0.1).abs() < 1e-9, "{}", found[0]);
        let all: f64 = found.iter().map(|hz| hz * 3.0 * 0.1).sum();
        assert!((all - 52.0).abs() < 1e-9, "each spike is in one bin");
    }

    #[test]
    fn a_regular_neuron_has_one_interval() {
        let mut spikes = Spikes::default();
        let ticks: Vec<u64> = (1..=50).map(|k| k * 240).collect();
        spikes.extend(0, &ticks, &[0; 50]);
        let figures = Figures::of(&spikes, 0, 1, 0, 11_999, 0.1);
        assert_eq!(figures.n, 48, "49 spikes before the end");
        assert!((figures.mean_ms - 24.0).abs() < 1e-9 && figures.cv.is_some_and(|cv| cv < 1e-6));
        assert_eq!(figures.intervals.counts.iter().filter(|n| **n > 0).count(), 1, "{:?}", figures.intervals);
        let class = figures.intervals.counts.iter().position(|n| *n == 48).expect("one class holds all") as f64;
        let width = figures.intervals.width;
        assert!(class * width <= 24.0 + 1e-9 && 24.0 < (class + 1.0) * width);
        assert!((figures.rate - 49.0 / 1.2).abs() < 1e-9);
    }

    #[test]
    fn neurons_are_told_apart() {
        let figures = Figures::of(&regular(), 0, 3, 0, 11_999, 0.1);
        assert_eq!((figures.n, figures.with_cv, figures.silent), (49, 1, 1));
        assert_eq!(figures.neurons.counts.iter().sum::<u64>(), 3, "every neuron has a rate");
        assert_eq!(Figures::of(&Spikes::default(), 0, 0, 0, 0, 0.1).n, 0);
    }
}
