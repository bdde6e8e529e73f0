//! Runs through the cases, a frame at a time, and takes down how long each takes.

use super::cases::{Case, Moves};
use eframe::egui::{Context, Ui};
use spikewatt_gui::app::Viewer;
use spikewatt_gui::config::Config;
use spikewatt_gui::session::{Command, Speed, Spiked};
use spikewatt_gui::view::Window;
use std::time::Instant;

const FRAMES: usize = 150;
/// Frames before those that are measured.
const WARM: usize = 15;

pub(crate) struct Script {
    viewer: Viewer,
    cases: Vec<Case>,
    case: usize,
    /// When the present case began, once it has.
    began: Option<Instant>,
    ready: bool,
    frame: usize,
    times: Vec<f64>,
    /// Frames while files are read and the network is built.
    opening: Vec<f64>,
}

impl Script {
    pub(crate) fn new(ctx: &Context, cases: Vec<Case>) -> Self {
        let viewer = Viewer::with_config(ctx, Config::default());
        Self { viewer, cases, case: 0, began: None, ready: false, frame: 0, times: Vec::new(), opening: Vec::new() }
    }

    /// Draws a frame; false when all is measured.
    pub(crate) fn frame(&mut self, ui: &mut Ui) -> bool {
        let Some(case) = self.cases.get(self.case) else { return false };
        if self.began.is_none() {
            self.viewer.open_files(std::slice::from_ref(&case.project));
            self.began = Some(Instant::now());
        }
        if self.began.is_some_and(|began| began.elapsed().as_secs() > case.patience) {
            eprintln!("{}: given up", case.name);
            self.next();
            return true;
        }
        self.ready |= self.viewer.sources().any(|_| true) && !self.viewer.is_opening() && self.begin();
        let now = self.viewer.now().unwrap_or_default();
        if self.ready && now.tick >= self.cases[self.case].after {
            self.look(now.tick);
            self.frame += 1;
        }
        self.viewer.show(ui);
        true
    }

    /// Lets the network run.
    fn begin(&self) -> bool {
        if let Some(session) = self.viewer.session().filter(|_| !self.ready) {
            session.send(Command::Speed(Speed::Fastest));
            session.send(Command::Play);
        }
        true
    }

    /// Puts the window where the case wants it, and chooses a spike once.
    fn look(&mut self, tick: u64) {
        let case = &self.cases[self.case];
        let length = case.ticks as f64 * if case.moves == Moves::Zooms { 1.0 + 0.002 * (self.frame % 7) as f64 } else { 1.0 };
        let spike = self.viewer.history().and_then(|history| {
            let (ticks, ids) = history.spikes.between(0, tick.saturating_sub(case.ticks), tick);
            Some(Spiked { tick: *ticks.last()?, population: 0, id: *ids.last()? })
        });
        if let Some(view) = self.viewer.view_mut() {
            let to = (tick as f64).max(length);
            view.window = Window { from: to - length, to, follows: true };
            view.spike = view.spike.or(spike);
        }
    }

    /// Simulated seconds, and the spikes that are kept.
    pub(crate) fn come(&self) -> (f64, usize) {
        let now = self.viewer.now().unwrap_or_default();
        let seconds = now.scene.as_ref().map_or(0.0, |scene| scene.dt_s() * now.tick as f64);
        (seconds, self.viewer.history().map_or(0, |history| history.spikes.len()))
    }

    /// Takes down how long the last frame took.
    pub(crate) fn took(&mut self, seconds: f64) {
        if !self.ready {
            self.opening.push(seconds * 1e3);
        } else if self.frame > WARM {
            self.times.push(seconds * 1e3);
        }
        if self.times.len() == FRAMES {
            self.tell();
            self.next();
        }
    }

    fn next(&mut self) {
        (self.case, self.began, self.ready, self.frame) = (self.case + 1, None, false, 0);
        self.times.clear();
        self.opening.clear();
    }

    fn tell(&mut self) {
        let window = self.viewer.view().window;
        let now = self.viewer.now().unwrap_or_default();
        let populations = now.scene.as_ref().map_or(0, |scene| scene.net.populations.len());
        let in_view: usize = self
            .viewer
            .history()
            .map_or(0, |history| (0..populations).map(|p| history.spikes.count(p, window.from as u64, window.to as u64)).sum());
        eprintln!(
            "{:<44} {in_view:>8} spikes in view; frames {}; {:.2} × real time; while opening {}",
            self.cases[self.case].name,
            told(&mut self.times),
            now.pace,
            told(&mut self.opening)
        );
    }
}

fn told(times: &mut [f64]) -> String {
    times.sort_by(f64::total_cmp);
    let Some(last) = times.len().checked_sub(1) else { return "none".into() };
    let at = |share: f64| times[(last as f64 * share) as usize];
    format!("{:6.1} ms (95 %: {:.1}, longest {:.1})", at(0.5), at(0.95), at(1.0))
}
