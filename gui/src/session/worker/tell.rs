//! What the window is told, and what is put into the history.

use super::{COMPLAINTS, Worker};
use crate::session::notes::Note;
use crate::session::{Doing, Stage};
use spikewatt::dataset::decode::decide;
use spikewatt::diagnostic::Result;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

impl Worker<'_> {
    /// Puts what waits into the history; false where it is being read, unless it must be.
    pub(super) fn hand_over(&mut self, must: bool) -> bool {
        let Some(mut history) = self.notes.hand_over(self.shared, must) else { return false };
        self.heard.second.hand_over(&mut history);
        true
    }

    /// Notes what was counted.
    pub(super) fn keep(&mut self, end: u64) {
        let ended = self.simulation.tick() >= end;
        let decoding = self.scene.task.as_ref().and_then(|t| t.decoding);
        let tally = &self.heard.first;
        let answer = decoding.and_then(|d| decide(d, &tally.counts, &tally.first, &tally.highest));
        let sample = self.scene.task.is_some().then(|| Note::Sample { votes: tally.counts.clone(), answer, ended });
        if ended || self.may_count() {
            self.count();
        }
        sample.into_iter().for_each(|note| self.notes.push(note));
    }

    /// Whether counting now would take a small part of the time alone.
    fn may_count(&self) -> bool {
        const PART: u32 = 10;
        let (since, took) = self.counting;
        since.elapsed() >= took * PART
    }

    /// Counts everything at the present tick.
    fn count(&mut self) {
        let began = Instant::now();
        let mut counts = self.before.clone();
        counts += &self.simulation.counts();
        self.counting = (Instant::now(), began.elapsed());
        self.notes.push(Note::Counts(self.tick(), counts.clone()));
        self.counted = Some((self.tick(), counts));
    }

    /// Tells the window what there is; `all` where more than time may have changed.
    pub(super) fn tell(&mut self, all: bool) {
        /// A window shows nothing sooner.
        const FRAME: Duration = Duration::from_millis(15);
        let tick = self.tick();
        self.untold = !all && self.told.elapsed() < FRAME;
        if !self.untold && self.counted.as_ref().is_none_or(|(at, _)| *at != tick) {
            self.untold = !all && !self.may_count();
            if !self.untold {
                self.count();
            }
        }
        // The present is never ahead of the history.
        self.untold = self.untold || !self.hand_over(all);
        if self.untold {
            return;
        }
        self.told = Instant::now();
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
            now.counts = self.counted.as_ref().map(|(_, counts)| counts.clone()).unwrap_or_default();
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
