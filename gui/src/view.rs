//! What the panels share: the stretch of time in view, the moment, what is chosen, and what they ask for.

use crate::bill::Bill;
use crate::export::Form;
use crate::lessons::Course;
use crate::project::{Edits, Undo};
use crate::session::{Command, History, Neuron, Now, Scene, Source, Spiked};
use eframe::egui::Color32;
use spikewatt::diagnostic::Diagnostics;
use spikewatt::energy::Catalogue;
use std::path::PathBuf;
use std::sync::Arc;

/// A stretch of time that is shown, in ticks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Its first tick.
    pub from: f64,
    /// Its last tick.
    pub to: f64,
    /// It moves along with the present.
    pub follows: bool,
}

impl Window {
    /// Its length, ticks.
    #[must_use]
    pub fn length(&self) -> f64 {
        self.to - self.from
    }

    /// What is seen at first: some samples, or a fifth of a second where the run is not shorter.
    #[must_use]
    pub fn first(scene: &Scene) -> Self {
        const SAMPLES: u64 = 6;
        const LONG_MS: f64 = 200.0;
        const LEAST: u64 = 20;
        let ticks = match (&scene.task, scene.ticks) {
            (Some(_), Some(ticks)) => ticks.saturating_mul(SAMPLES),
            (_, ticks) => scene.tick(LONG_MS).min(ticks.unwrap_or(u64::MAX)),
        };
        Self { from: 0.0, to: ticks.max(LEAST) as f64, follows: true }
    }

    /// The same stretch of time in ticks of another length.
    #[must_use]
    pub(crate) fn times(self, share: f64) -> Self {
        Self { from: self.from * share, to: self.to * share, ..self }
    }

    /// The same, no shorter than two ticks and no longer than a thousand times the run, or a billion ticks of a run that is short, and touching it.
    #[must_use]
    pub fn within(self, now: u64) -> Self {
        let longest = (now as f64).max(1e6) * 1000.0;
        let length = self.length().clamp(2.0, longest);
        let from = if length == self.length() { self.from } else { (self.from + self.to - length) / 2.0 };
        let from = from.clamp(-0.9 * length, now as f64);
        Self { from, to: from + length, follows: self.follows }
    }
}

/// What the panels share.
#[derive(Debug, Clone)]
pub struct View {
    /// The stretch of time that all panels show.
    pub window: Window,
    /// The moment that is looked at; absent where it is the present.
    pub cursor: Option<u64>,
    /// The neuron that is chosen.
    pub neuron: Option<Neuron>,
    /// The spike that is to be explained.
    pub spike: Option<Spiked>,
    /// Neurons whose membranes are followed, in the order in which they were added.
    pub watched: Vec<Neuron>,
    /// The device that runs the spiking network, by its id.
    pub spiking_device: String,
    /// The device that runs the dense network.
    pub dense_device: String,
    /// What was changed of the network.
    pub edits: Undo<Edits>,
    /// The population that panels of one population show.
    pub population: usize,
    /// The projection that panels of one projection show.
    pub projection: usize,
    /// What the session costs.
    pub bill: Arc<Bill>,
    /// The lesson that is under way.
    pub course: Course,
}

impl Default for View {
    fn default() -> Self {
        Self {
            window: Window { from: 0.0, to: 100.0, follows: true },
            cursor: None,
            neuron: None,
            spike: None,
            watched: Vec::new(),
            spiking_device: "xylo-audio2".into(),
            dense_device: "mcu-m4-l4r5".into(),
            edits: Undo::default(),
            population: 0,
            projection: 0,
            bill: Arc::default(),
            course: Course::default(),
        }
    }
}

impl View {
    /// Chooses a neuron, and follows its membrane.
    pub fn choose(&mut self, neuron: Neuron) {
        /// Membranes that are followed at once; the first added goes first.
        const MOST: usize = 8;
        self.neuron = Some(neuron);
        self.population = neuron.population;
        if !self.watched.contains(&neuron) {
            self.watched.push(neuron);
            self.watched.drain(..self.watched.len().saturating_sub(MOST));
        }
    }
}

/// What a panel asks of the window.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Something of the simulation.
    Session(Command),
    /// Another source.
    Open(Source),
    /// Asks for a file, then opens it.
    AskForNetwork,
    /// Shows a panel, by its id.
    ShowPanel(&'static str),
    /// Writes a panel's data as CSV.
    ExportCsv(&'static str, PathBuf),
    /// Tells something in the status line.
    Tell(String),
    /// Tells what is wrong.
    Complain(Diagnostics),
    /// Asks where to, then exports a panel, by its id.
    Export(&'static str, Form),
}

/// What a panel is given for a frame.
pub struct Cx<'a> {
    /// What runs.
    pub scene: &'a Arc<Scene>,
    /// The present.
    pub now: &'a Now,
    /// The past.
    pub history: &'a History,
    /// What the panels share.
    pub view: &'a mut View,
    /// Devices to price on.
    pub catalogue: &'a Catalogue,
    /// What is asked for in this frame.
    pub actions: Vec<Action>,
}

impl std::fmt::Debug for Cx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cx").field("view", &self.view).finish_non_exhaustive()
    }
}

impl Cx<'_> {
    /// Asks the simulation for something.
    pub fn send(&mut self, command: Command) {
        self.actions.push(Action::Session(command));
    }

    /// The tick that is looked at: the cursor's, or the present.
    #[must_use]
    pub fn tick(&self) -> u64 {
        self.view.cursor.unwrap_or(self.now.tick)
    }

    /// Asks for time to pass: what is looked at is the present then, but in a recording, where it is the moment that moves.
    pub fn pass_time(&mut self, command: Command) {
        if self.scene.recorded.is_none() {
            self.view.cursor = None;
        }
        self.send(command);
    }

    /// Looks at a moment of the past, with time held; at the present where it is not past.
    pub fn look_at(&mut self, tick: u64) {
        self.view.cursor = (tick < self.now.tick).then_some(tick);
        if self.view.cursor.is_some() && self.now.playing {
            self.send(Command::Pause);
        }
    }

    /// Chooses a neuron, follows its membrane, and tells the simulation so.
    pub fn choose(&mut self, neuron: Neuron) {
        self.view.choose(neuron);
        self.send(Command::Watch(self.view.watched.clone()));
    }
}

/// Data of a panel, as it would be written into a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Names of the columns, with units.
    pub columns: Vec<String>,
    /// Rows of cells.
    pub rows: Vec<Vec<String>>,
}

/// A colour, fainter.
#[must_use]
pub fn faded(colour: Color32, share: f32) -> Color32 {
    colour.gamma_multiply(share)
}

impl View {
    /// Moves what follows the present along with it, and lets go of what is no longer there.
    pub fn keep_up(&mut self, scene: &Scene, now: &Now) {
        let there = |n: &Neuron| scene.net.populations.get(n.population).is_some_and(|p| (n.id as usize) < p.size);
        self.watched.retain(there);
        self.neuron = self.neuron.filter(there);
        self.population = self.population.min(scene.net.populations.len().saturating_sub(1));
        self.projection = self.projection.min(scene.net.projections.len().saturating_sub(1));
        if self.window.follows {
            let length = self.window.length();
            let to = (now.tick as f64).max(length);
            self.window = Window { from: to - length, to, follows: true };
        }
    }
}
