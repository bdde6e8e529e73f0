//! What the machine can do at best: how fast memory is read, and how fast single places of it are changed.
//!
//! Delivering an event reads a synapse, one after the other, and adds to a place that could be anywhere among the targets. The first is
//! bound by read bandwidth, the second by random read-modify-writes, which are several times slower once the targets leave L2.

use serde::Serialize;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Limits of the machine, of all its threads together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Limits {
    /// Threads that worked.
    pub threads: u32,
    /// Bandwidth of reading 256 MiB in order, GB/s.
    pub read_gb_per_s: f64,
    /// Random read-modify-writes of 4 bytes in a second, in 256 KiB for each thread (L2).
    pub rmw_256_kib_per_s: f64,
    /// The same in 32 MiB for each thread.
    pub rmw_32_mib_per_s: f64,
}

/// Measures the limits with so many threads; takes about two seconds.
#[must_use]
pub fn limits(threads: usize) -> Limits {
    let threads = threads.max(1);
    let read_words = (256 << 20) / 8 / threads;
    let read = best_of(
        threads,
        || vec![1u64; read_words],
        |words| {
            black_box(sum(black_box(words)));
            words.len() as u64 * 8
        },
    );
    let rmw = |bytes: usize| {
        best_of(
            threads,
            || vec![0u32; bytes / 4],
            |places| {
                const CHANGES: u64 = 1 << 20;
                change(places, CHANGES);
                CHANGES
            },
        )
    };
    Limits {
        threads: threads as u32,
        read_gb_per_s: read / 1e9,
        rmw_256_kib_per_s: rmw(256 << 10),
        rmw_32_mib_per_s: rmw(32 << 20),
    }
}

/// Units of work a second, all threads together: the median of five rounds of a tenth of a second, after one to warm up.
fn best_of<T>(threads: usize, make: impl Fn() -> T + Sync, work: impl Fn(&mut T) -> u64 + Sync) -> f64 {
    const ROUND: Duration = Duration::from_millis(100);
    let round = |state: &mut T| {
        let (began, mut done) = (Instant::now(), 0);
        while began.elapsed() < ROUND {
            done += work(state);
        }
        done as f64 / began.elapsed().as_secs_f64()
    };
    let rates = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut state = make();
                    round(&mut state);
                    [(); 5].map(|()| round(&mut state))
                })
            })
            .collect();
        let of_each = workers.into_iter().map(|worker| worker.join().expect("arithmetic does not panic"));
        of_each.fold([0.0; 5], |sum, rates| std::array::from_fn(|round| sum[round] + rates[round]))
    });
    let mut rates = rates;
    rates.sort_by(f64::total_cmp);
    rates[2]
}

/// A sum that several loads at a time can go into.
fn sum(words: &[u64]) -> u64 {
    let mut sums = [0u64; 16];
    for chunk in words.chunks_exact(16) {
        for (sum, word) in sums.iter_mut().zip(chunk) {
            *sum = sum.wrapping_add(*word);
        }
    }
    sums.iter().fold(0, |a, b| a.wrapping_add(*b))
}

/// Adds one to so many random places; four generators, so that none is waited for.
fn change(places: &mut [u32], times: u64) {
    let mask = places.len() - 1;
    let mut states = [1u64, 2, 3, 4];
    for _ in 0..times / 4 {
        for state in &mut states {
            // Knuth's generator of MMIX; its high bits are random enough to defeat the caches.
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let place = &mut places[(*state >> 33) as usize & mask];
            *place = place.wrapping_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_measured() {
        let limits = limits(1);
        assert!(limits.read_gb_per_s > 0.1 && limits.read_gb_per_s < 1e5);
        assert!(limits.rmw_256_kib_per_s > 1e6 && limits.rmw_32_mib_per_s > 1e5);
    }

    #[test]
    fn the_work_is_done() {
        assert_eq!(sum(&[1; 160]), 160);
        let mut places = vec![0; 1 << 10];
        change(&mut places, 1 << 14);
        assert_eq!(places.iter().sum::<u32>(), 1 << 14);
        assert!(places.iter().filter(|n| **n > 0).count() > 1000, "nearly every place is changed");
    }
}
