//! How far something is that is being opened, and whether anybody still waits for it.

use super::{Shared, Wake};
use spikewatt::study::{Progress, Steps};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

/// What is done while something opens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doing {
    /// The stage, as a person says it: `reading the network`.
    pub stage: String,
    /// Things that are done.
    pub done: u64,
    /// Things there are; 0 where nobody knows.
    pub total: u64,
    /// What they are.
    pub things: &'static str,
}

impl Doing {
    /// The same in words.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { stage, done, total, things } = self;
        let number = |n: u64| crate::number::grouped(n);
        match (done, total) {
            (_, 0) => stage.clone(),
            (0, total) => format!("{stage}: {} {things}", number(*total)),
            (done, total) => format!("{stage}: {} of {} {things}", number(*done), number(*total)),
        }
    }
}

/// Tells the window what is done.
pub(super) struct Telling<'a> {
    pub(super) shared: &'a Shared,
    pub(super) wake: &'a Wake,
}

impl Telling<'_> {
    fn tell(&self, change: impl FnOnce(&mut Doing)) {
        change(&mut self.shared.now.lock().unwrap_or_else(PoisonError::into_inner).doing);
        (self.wake)();
    }
}

impl Progress for Telling<'_> {
    fn begin(&self, stage: &str, total: u64, steps: Steps) {
        let things = match steps {
            Steps::Things(things) => things,
            Steps::Samples => "samples",
            Steps::Ticks { .. } => "ticks",
        };
        self.tell(|doing| *doing = Doing { stage: stage.into(), done: 0, total, things });
    }

    fn advance(&self, steps: u64) {
        // The window looks by itself now and then: to draw it for every step would hold the steps up.
        self.shared.now.lock().unwrap_or_else(PoisonError::into_inner).doing.done += steps;
    }

    fn end(&self) {
        self.tell(|doing| *doing = Doing::default());
    }

    fn cancelled(&self) -> bool {
        self.shared.stop.load(Ordering::Relaxed)
    }
}
