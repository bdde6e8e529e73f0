//! How fast simulated time passes beside that of the wall.

use std::time::{Duration, Instant};

/// How fast time passes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// As fast as the machine can.
    Fastest,
    /// So many simulated seconds a second: 1 is real time.
    Times(f64),
}

impl Default for Speed {
    fn default() -> Self {
        Self::Times(1.0)
    }
}

/// Keeps a simulation in step with the wall.
#[derive(Debug)]
pub(super) struct Pacer {
    speed: Speed,
    began: Instant,
    done_s: f64,
}

/// What was not done in time by so much is given up, so that a slow stretch is not made up for by a rush.
const PATIENCE: Duration = Duration::from_millis(200);

impl Pacer {
    pub(super) fn new(speed: Speed) -> Self {
        Self { speed, began: Instant::now(), done_s: 0.0 }
    }

    pub(super) fn speed(&self) -> Speed {
        self.speed
    }

    /// Simulated seconds that are due now; infinite where as much as possible is.
    pub(super) fn due_s(&mut self) -> f64 {
        let Speed::Times(times) = self.speed else { return f64::INFINITY };
        let due = self.began.elapsed().as_secs_f64() * times - self.done_s;
        let most = PATIENCE.as_secs_f64() * times;
        if due > most {
            self.done_s += due - most;
        }
        due.min(most)
    }

    /// Tells what has passed.
    pub(super) fn passed(&mut self, simulated_s: f64) {
        self.done_s += simulated_s;
    }

    /// How long to wait until so much is due.
    pub(super) fn until(&self, due_s: f64) -> Duration {
        let Speed::Times(times) = self.speed else { return Duration::ZERO };
        let wait = (self.done_s + due_s) / times - self.began.elapsed().as_secs_f64();
        Duration::from_secs_f64(wait.clamp(0.0, 0.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_that_was_lost_is_not_made_up_for() {
        let mut pacer = Pacer::new(Speed::Times(10.0));
        pacer.began -= Duration::from_secs(5);
        assert!((pacer.due_s() - 2.0).abs() < 0.1, "a fifth of a second at ten times");
        pacer.passed(2.0);
        assert!(pacer.due_s() < 0.1);
        assert_eq!(Pacer::new(Speed::Fastest).due_s(), f64::INFINITY);
    }
}
