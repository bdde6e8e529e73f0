//! A recording that is played: the moment that is looked at moves through it, and nothing is simulated.

use crate::desk::Desk;
use crate::session::{Command, Now, Speed};
use crate::view::Window;
use eframe::egui::Context;
use std::time::{Duration, Instant};

/// What was not shown in time by so much is given up, so that a slow frame is not made up for by a leap.
const PATIENCE: Duration = Duration::from_millis(200);

/// Where a recording is that is being played.
#[derive(Debug, Default)]
pub(crate) struct Player {
    /// The moment, ticks, and when it was reached; absent while it stands.
    playing: Option<(f64, Instant)>,
    /// The tick after which a spike is sought.
    sought: Option<u64>,
}

impl Player {
    pub(crate) fn is_playing(&self) -> bool {
        self.playing.is_some()
    }

    /// The moment after what has passed since the last one, at so many ticks a second.
    fn pass(&mut self, ticks_a_second: f64) -> Option<f64> {
        let (at, since) = self.playing.as_mut()?;
        *at += since.elapsed().min(PATIENCE).as_secs_f64() * ticks_a_second;
        *since = Instant::now();
        Some(*at)
    }
}

impl Desk {
    /// Gives a command to the simulation; a recording hears itself what moves its moment.
    pub(crate) fn hear(&mut self, command: Command) {
        if !self.source.is_results() {
            return self.session.send(command);
        }
        let now = self.now();
        let tick = self.view.cursor.unwrap_or(now.tick);
        let ms = now.scene.as_ref().map_or(1, |scene| scene.tick(1.0).max(1));
        if !matches!(command, Command::Speed(_) | Command::Watch(_) | Command::Look(..)) {
            self.player.playing = None;
        }
        match command {
            Command::Play => {
                // From the end, where there is nothing left to play, it begins anew.
                let from = self.view.cursor.unwrap_or(0);
                self.move_to(from, &now);
                self.player.playing = Some((from as f64, Instant::now()));
            }
            Command::Pause | Command::Speed(_) => {}
            Command::Step(ticks) => self.move_to(tick.saturating_add(ticks), &now),
            Command::StepMillisecond => self.move_to(tick.saturating_add(ms), &now),
            Command::ToNextSpike => {
                let from = self.view.cursor.unwrap_or(0);
                self.player.sought = Some(from);
                self.session.send(Command::SpikeAfter(from));
            }
            Command::Reset => self.move_to(0, &now),
            other => self.session.send(other),
        }
    }

    /// Lets time pass in a recording that is played.
    pub(crate) fn play_on(&mut self, ctx: &Context) {
        if !self.source.is_results() {
            return;
        }
        let now = self.now();
        if let (Some(sought), Some((after, found))) = (self.player.sought, now.found)
            && sought == after
        {
            self.player.sought = None;
            if let Some(tick) = found {
                self.move_to(tick, &now);
            }
        }
        let Some(scene) = &now.scene else { return };
        let ticks_a_second = match self.pace.speed() {
            Speed::Times(times) => times / scene.dt_s(),
            // As fast as it can still be followed: what is in view, in a second.
            Speed::Fastest => self.view.window.length(),
        };
        if let Some(at) = self.player.pass(ticks_a_second) {
            self.move_to(at as u64, &now);
            if at >= now.tick as f64 {
                self.player.playing = None;
            }
            ctx.request_repaint();
        }
    }

    /// Looks at a moment; what is in view goes along by pages.
    fn move_to(&mut self, tick: u64, now: &Now) {
        self.view.cursor = (tick < now.tick).then_some(tick);
        let (at, window) = (tick.min(now.tick) as f64, self.view.window);
        if at < window.from || at > window.to {
            let from = (at - 0.05 * window.length()).max(0.0);
            self.view.window = Window { from, to: from + window.length(), follows: false };
        }
    }
}
