//! What is to be put into the history as soon as nobody reads it: the simulation goes on meanwhile.

use super::{History, SampleMark, Shared};
use spikewatt::counts::EventCounts;
use std::sync::{PoisonError, RwLockWriteGuard, TryLockError};
use std::time::{Duration, Instant};

/// What waits longer than this is put in whoever reads: the window shows no older present.
const PATIENCE: Duration = Duration::from_millis(60);
/// As many notes wait at most.
const MOST: usize = 256;

/// Something to be put into the history.
#[derive(Debug)]
pub(super) enum Note {
    /// Exact counts at a tick.
    Counts(u64, EventCounts),
    /// A sample begins.
    Began(SampleMark),
    /// How far the last one is.
    Sample { votes: Vec<u64>, answer: Option<usize>, ended: bool },
}

/// Notes in their order, and since when the first of them waits.
#[derive(Debug, Default)]
pub(super) struct Notes {
    waiting: Vec<Note>,
    since: Option<Instant>,
}

impl Notes {
    pub(super) fn push(&mut self, note: Note) {
        self.since.get_or_insert_with(Instant::now);
        self.waiting.push(note);
    }

    /// Puts all of them into the history and gives it to be written on; `None` where it is being read, unless it must be.
    pub(super) fn hand_over<'a>(&mut self, shared: &'a Shared, must: bool) -> Option<RwLockWriteGuard<'a, History>> {
        let must = must || self.waiting.len() >= MOST || self.since.is_some_and(|since| since.elapsed() > PATIENCE);
        let mut history = match shared.history.try_write() {
            Ok(history) => history,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) if must => shared.history.write().unwrap_or_else(PoisonError::into_inner),
            Err(TryLockError::WouldBlock) => return None,
        };
        self.since = None;
        for note in self.waiting.drain(..) {
            match note {
                Note::Counts(tick, counts) => history.counts.push(tick, counts),
                Note::Began(mark) => history.begin_sample(mark),
                Note::Sample { votes, answer, ended } => {
                    if let Some(mark) = history.samples.last_mut() {
                        (mark.votes, mark.answer, mark.ended) = (votes, answer, ended);
                    }
                }
            }
        }
        Some(history)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{CountsLog, Now};
    use std::sync::atomic::AtomicBool;
    use std::sync::{Mutex, RwLock};

    #[test]
    fn a_reader_holds_up_nobody_and_nothing_is_lost() {
        let history = History { counts: CountsLog::new(1), ..History::default() };
        let shared = Shared { now: Mutex::new(Now::default()), history: RwLock::new(history), stop: AtomicBool::new(false) };
        let mut notes = Notes::default();
        let counts = |spikes: u64| {
            let mut counts = EventCounts::zero(1, 0);
            counts.populations[0].spikes = spikes;
            counts
        };
        let reader = shared.history.read().expect("not poisoned");
        for tick in 1..=3 {
            notes.push(Note::Counts(tick, counts(tick)));
            assert!(notes.hand_over(&shared, false).is_none(), "it is read");
        }
        drop(reader);
        let history = notes.hand_over(&shared, false).expect("nobody reads");
        assert_eq!(history.counts.ticks(), [1, 2, 3]);
        assert!(notes.waiting.is_empty());
    }
}
