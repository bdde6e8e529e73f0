//! Where threads meet between windows.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A barrier for threads that meet every few microseconds: they spin, and let others run only when somebody is long in coming.
#[derive(Debug)]
pub(super) struct Barrier {
    threads: usize,
    arrived: AtomicUsize,
    round: AtomicUsize,
    broken: AtomicBool,
}

/// Turns before a waiting thread offers its core to others: some ten microseconds.
const PATIENCE: u32 = 4096;

impl Barrier {
    pub(super) fn new(threads: usize) -> Self {
        Self { threads, arrived: AtomicUsize::new(0), round: AtomicUsize::new(0), broken: AtomicBool::new(false) }
    }

    /// Waits until all threads are here.
    ///
    /// # Panics
    /// Where another thread has panicked: it will not come.
    pub(super) fn wait(&self) {
        if self.threads == 1 {
            return;
        }
        let round = self.round.load(Ordering::Acquire);
        if self.arrived.fetch_add(1, Ordering::AcqRel) + 1 == self.threads {
            self.arrived.store(0, Ordering::Relaxed);
            self.round.store(round.wrapping_add(1), Ordering::Release);
            return;
        }
        let mut turns = 0;
        while self.round.load(Ordering::Acquire) == round {
            assert!(!self.broken.load(Ordering::Relaxed), "another thread of the simulation panicked");
            turns += 1;
            if turns < PATIENCE {
                std::hint::spin_loop();
            } else {
                std::thread::yield_now();
            }
        }
    }

    /// Breaks the barrier when the guard is dropped by a panic, so that nobody waits for ever.
    pub(super) fn guard(&self) -> Guard<'_> {
        Guard(self)
    }
}

/// See [`Barrier::guard`].
pub(super) struct Guard<'a>(&'a Barrier);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.broken.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_leaves_before_all_have_come() {
        let (barrier, seen) = (Barrier::new(3), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    for round in 1..=1000 {
                        seen.fetch_add(1, Ordering::SeqCst);
                        barrier.wait();
                        assert!(seen.load(Ordering::SeqCst) >= 3 * round);
                        barrier.wait();
                    }
                });
            }
        });
    }

    #[test]
    fn a_thread_that_panics_leaves_nobody_waiting() {
        let barrier = Barrier::new(2);
        let ended = std::thread::scope(|scope| {
            let waits = scope.spawn(|| barrier.wait());
            let panics = scope.spawn(|| {
                let _guard = barrier.guard();
                std::panic::resume_unwind(Box::new(()));
            });
            (waits.join().is_err(), panics.join().is_err())
        });
        assert_eq!(ended, (true, true));
    }
}
