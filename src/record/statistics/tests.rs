#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use proptest::prelude::*;

/// A train from (tick, neuron) pairs in any order.
fn train(mut spikes: Vec<(u64, u32)>) -> SpikeTrain {
    spikes.sort_unstable();
    SpikeTrain { ticks: spikes.iter().map(|s| s.0).collect(), ids: spikes.iter().map(|s| s.1).collect(), ..SpikeTrain::default() }
}

/// Independent Poisson trains: in each tick a spike with probability `p`.
fn poisson(neurons: u32, ticks: u64, p: f64, seed: u64) -> SpikeTrain {
    let mut spikes = Vec::new();
    for n in 0..neurons {
        let stream = Stream::new(seed, Purpose::Encode, n);
        spikes.extend((1..=ticks).filter(|t| stream.uniform(*t) < p).map(|t| (t, n)));
    }
    train(spikes)
}

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found}, expected {expected} within {tolerance}");
}

#[test]
fn small_cases_are_as_by_hand() {
    // Neuron 0: intervals 2, 4, 6 ms: mean 4, variance 8/3, CV √(8/3)/4; LV 3/2 ((2/6)² + (2/10)²). Neuron 1: two spikes. Neuron 2: none.
    let spikes = train(vec![(1, 0), (3, 0), (7, 0), (13, 0), (3, 1), (20, 1), (21, 1)]);
    let s = Statistics::new(&spikes, 3, 1.0, (0.0, 20.0)).unwrap();
    assert_eq!((s.neurons, s.spikes, s.silent_fraction), (3, 6, 1.0 / 3.0));
    assert_eq!(s.rate_hz.mean, 100.0);
    // Rates 200, 100, 0: sd 100; the 5 % quantile lies a tenth of the way from 0 to 100, the 95 % one from 200 to 100.
    assert_eq!(s.rate_hz.sd, 100.0);
    for (found, expected) in s.rate_quantiles_hz.iter().zip([0.0, 10.0, 50.0, 100.0, 150.0, 190.0, 200.0]) {
        near(*found, expected, 1e-9);
    }
    let cv = s.cv.unwrap();
    assert_eq!(cv.n, 1);
    near(cv.mean, (8.0f64 / 3.0).sqrt() / 4.0, 1e-15);
    near(s.lv.unwrap().mean, 1.5 * (1.0 / 9.0 + 1.0 / 25.0), 1e-15);
    near(s.mean_interval_ms.unwrap(), (2.0 + 4.0 + 6.0 + 17.0) / 4.0, 1e-15);
    // 20 bins of 1 ms with 1, 2, 1, 1, 1 spikes: mean 0.3, mean square 0.4.
    near(s.fano_1ms.unwrap(), (0.4 - 0.09) / 0.3, 1e-12);
    // 10 bins of 2 ms: ticks 1-2: 1; 3-4: 2; 7-8: 1; 13-14: 1; 19-20: 1.
    near(s.fano_2ms.unwrap(), (0.8 - 0.36) / 0.6, 1e-12);
    // Bins 0, 1, 3, 6 and bins 1, 9 of ten: 10·1 − 4·2 over √((40 − 16)(20 − 4)).
    let c = s.correlation.unwrap();
    assert_eq!((c.bin_ms, c.neurons, c.pairs.n), (2.0, 2, 1));
    near(c.pairs.mean, 2.0 / (24.0f64 * 16.0).sqrt(), 1e-15);
}

#[test]
fn a_regular_train_has_no_variation_and_twins_correlate_fully() {
    let spikes = train((0..50).flat_map(|k| [(5 + 10 * k, 0), (5 + 10 * k, 1)]).collect());
    let s = Statistics::new(&spikes, 2, 0.5, (0.0, 250.0)).unwrap();
    assert_eq!((s.cv.unwrap().mean, s.lv.unwrap().mean, s.rate_hz.sd), (0.0, 0.0, 0.0));
    assert_eq!((s.rate_hz.mean, s.mean_interval_ms), (200.0, Some(5.0)));
    near(s.correlation.unwrap().pairs.mean, 1.0, 1e-12);
}

#[test]
fn poisson_trains_have_cv_lv_and_fano_of_one_and_no_correlation() {
    let (n, ticks, p) = (500, 20_000, 0.005);
    let s = Statistics::new(&poisson(n, ticks, p, 1), n as usize, 1.0, (0.0, 20_000.0)).unwrap();
    // About 100 intervals a neuron. A geometric interval has CV √(1 − p); from n intervals it is found lower by about 1/n. The sd
    // of one neuron's CV is about 1/√n. Tolerances are five standard errors, of the mean over 500.
    near(s.cv.unwrap().mean, 0.9975 - 0.01, 5.0 * 0.1 / 500f64.sqrt() + 0.005);
    near(s.cv.unwrap().sd, 0.1, 0.03);
    // 3 (2u − 1)² of a uniform u, half correlated with its neighbour: sd 0.9 of each of 50,000.
    near(s.lv.unwrap().mean, 1.0, 5.0 * 1.5 * 0.9 / 50_000f64.sqrt() + 0.005);
    near(s.rate_hz.mean, 5.0, 5.0 * (5.0 / 20.0 / 500.0f64).sqrt());
    near(s.rate_hz.sd, (5.0 / 20.0f64).sqrt(), 0.1);
    // The variance of a Fano factor over B bins is about 2/B.
    near(s.fano_1ms.unwrap(), 1.0 - p, 5.0 * (2.0f64 / 20_000.0).sqrt());
    near(s.fano_2ms.unwrap(), 1.0 - p, 5.0 * (2.0f64 / 10_000.0).sqrt());
    let c = s.correlation.unwrap();
    assert_eq!((c.neurons, c.pairs.n), (400, 400 * 399 / 2));
    // Independent coefficients have sd 1/√B.
    near(c.pairs.sd, 0.01, 0.001);
    near(c.pairs.mean, 0.0, 5.0 * 0.01 / (400.0f64 * 399.0 / 2.0).sqrt());
}

#[test]
fn a_rate_that_changes_slowly_raises_cv_and_not_lv() {
    let slow = |n: u32| {
        let stream = Stream::new(2, Purpose::Encode, n);
        let p = |t: u64| if (t / 2000).is_multiple_of(2) { 0.002 } else { 0.02 };
        (1..=20_000u64).filter(move |t| stream.uniform(*t) < p(*t)).map(move |t| (t, n)).collect::<Vec<_>>()
    };
    let s = Statistics::new(&train((0..200).flat_map(slow).collect()), 200, 1.0, (0.0, 20_000.0)).unwrap();
    assert!(s.cv.unwrap().mean > 1.4, "{:?}", s.cv);
    assert!(s.lv.unwrap().mean < 1.15, "{:?}", s.lv);
}

#[test]
fn silence_has_no_figures() {
    let s = Statistics::new(&train(vec![]), 5, 0.1, (0.0, 100.0)).unwrap();
    assert_eq!((s.spikes, s.silent_fraction, s.rate_hz.mean), (0, 1.0, 0.0));
    assert!(s.cv.is_none() && s.lv.is_none() && s.correlation.is_none() && s.fano_1ms.is_none() && s.mean_interval_ms.is_none());
}

#[test]
fn bad_windows_and_foreign_spikes_are_refused() {
    let spikes = train(vec![(1, 7)]);
    let refused = |neurons, dt, window| Statistics::new(&spikes, neurons, dt, window).unwrap_err().iter().count();
    assert_eq!(refused(0, 0.0, (5.0, 5.0)), 3, "all at once");
    assert_eq!(refused(7, 1.0, (0.0, 1.0)), 1);
    assert_eq!(refused(8, 1.0, (0.0, 0.4)), 1);
    assert_eq!(refused(8, 1.0, (f64::NAN, 1.0)), 1);
    assert!(Statistics::new(&spikes, 8, 1.0, (0.0, 1.0)).is_ok());
}

proptest! {
    /// Correlations lie within [−1, 1], rates count every spike, quantiles ascend, and the order of neurons does not matter.
    #[test]
    fn statistics_keep_their_bounds(spikes in proptest::collection::vec((1u64..200, 0u32..8), 0..150)) {
        let s = Statistics::new(&train(spikes.clone()), 8, 1.0, (0.0, 199.0)).unwrap();
        prop_assert_eq!(s.spikes as usize, spikes.len());
        prop_assert!((s.rate_hz.mean * 8.0 * 0.199 - spikes.len() as f64).abs() < 1e-9);
        prop_assert!(s.rate_quantiles_hz.is_sorted());
        let mirrored = Statistics::new(&train(spikes.iter().map(|(t, n)| (*t, 7 - n)).collect()), 8, 1.0, (0.0, 199.0)).unwrap();
        if let (Some(c), Some(m)) = (s.correlation, mirrored.correlation) {
            prop_assert!((-1.0 - 1e-9..=1.0 + 1e-9).contains(&c.pairs.mean));
            prop_assert!((c.pairs.mean - m.pairs.mean).abs() < 1e-9);
        }
        prop_assert_eq!(s.fano_2ms, mirrored.fano_2ms);
    }
}
