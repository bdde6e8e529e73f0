//! What the window is told, and what is put into the history.

use super::{COMPLAINTS, Worker};
use crate::session::notes::Note;
use crate::session::{Doing, Stage};
use spikewatt::counts::EventCounts;
use spikewatt::dataset::decode::decide;
use spikewatt::diagnostic::Result;
use std::sync::PoisonError;
use std::time::Instant;

impl Worker<'_> {
    /// Puts what waits into the history; false where it is being read, unless it must be.
    pub(super) fn hand_over(&mut self, must: bool) -> bool {
        let Some(mut history) = self.notes.hand_over(self.shared, must) else { return false };
        self.heard.second.hand_over(&mut history);
        true
    }

    /// Notes what was counted.
    pub(super) fn keep(&mut self, end: u64) {
        let (tick, counts) = (self.tick(), self.counts());
        let ended = self.simulation.tick() >= end;
        let decoding = self.scene.task.as_ref().and_then(|t| t.decoding);
        let tally = &self.heard.first;
        let answer = decoding.and_then(|d| decide(d, &tally.counts, &tally.first, &tally.highest));
        let sample = self.scene.task.is_some().then(|| Note::Sample { votes: tally.counts.clone(), answer, ended });
        self.notes.push(Note::Counts(tick, counts));
        sample.into_iter().for_each(|note| self.notes.push(note));
    }

    pub(super) fn counts(&self) -> EventCounts {
        let mut counts = self.before.clone();
        counts += &self.simulation.counts();
        counts
    }

    /// Tells the window what there is; `all` where more than time may have changed.
    pub(super) fn tell(&mut self, all: bool) {
        // The present is never ahead of the history.
        self.untold = !self.hand_over(all);
        if self.untold {
            return;
        }
        let tick = self.tick();
        let (since, from, _) = self.pace;
        let wall = since.elapsed().as_secs_f64();
        if wall > 0.25 {
            self.pace = (Instant::now(), tick, tick.saturating_sub(from) as f64 * self.scene.dt_s() / wall);
        }
        {
            let mut now = self.shared.now.lock().unwrap_or_else(PoisonError::into_inner);
            now.stage = Stage::Ready;
            now.doing = Doing::default();
            now.playing = self.playing || self.seeking;
            now.tick = tick;
            now.sample_began = self.base;
            now.sample = self.scene.task.as_ref().map(|t| t.samples[self.place]);
            now.counts = self.counts();
            now.pace = if now.playing { self.pace.2 } else { 0.0 };
            if all {
                now.scene = Some(self.scene.clone());
                now.complaints.clone_from(&self.complaints);
                now.complained = self.complained;
                now.edits_heard = self.edits_heard;
                now.edits_refused.clone_from(&self.edits_refused);
            }
        }
        (self.wake)();
    }

    /// Keeps what could not be done. Time goes on: what was refused changed nothing.
    pub(super) fn complain(&mut self, done: Result<()>) {
        if let Err(wrong) = done {
            self.complained += 1;
            self.complaints.push(wrong.to_string());
            let over = self.complaints.len().saturating_sub(COMPLAINTS);
            self.complaints.drain(..over);
        }
    }
}
