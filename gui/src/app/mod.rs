//! The window: menus, panels side by side, and what is done with what they ask for.

mod ask;
mod commands;
mod compare;
mod exporting;
mod menu;
mod opening;
mod welcome;
mod windows;

use crate::config::{Config, Recent};
use crate::desk::Desk;
use crate::keys::{Does, Ears};
use crate::panels;
use crate::project::Project;
use crate::session::{Command, Now, Session, Source, Stage, Wake};
use crate::theme;
use crate::view::{Action, View};
use ask::{Ask, Purpose};
use eframe::egui::{self, CentralPanel, Context, Panel, Ui};
use exporting::Pictures;
use spikewatt::diagnostic::{Diagnostic, Diagnostics};
use spikewatt::energy::Catalogue;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The window.
pub struct Viewer {
    /// What is open: nothing, one, or two side by side.
    desks: Vec<Desk>,
    /// The one that shortcuts and menus are about.
    focus: usize,
    /// Both show the same stretch of time and run together.
    locked: bool,
    opening: Option<Opening>,
    /// What is to be opened as soon as it is settled what becomes of unsaved changes.
    waiting: Option<(Source, Option<(PathBuf, Project)>)>,
    /// What is wrong, of the last thing that was asked for.
    problems: Diagnostics,
    show: Shown,
    ask: Option<Ask>,
    pictures: Pictures,
    ears: Ears,
    config: Config,
    catalogue: Catalogue,
    /// The last thing told in the status line.
    told: String,
    /// The system's own dialogs are asked for files.
    dialogs: bool,
    /// What a session of its own thread calls when there is something new.
    wake: Wake,
}

/// A session on its way: what is open stays until it is ready.
struct Opening {
    session: Session,
    source: Source,
    project: Option<(PathBuf, Project)>,
    beside: bool,
    began: Instant,
}

/// Small windows that are open.
#[derive(Debug, Clone, Copy, Default)]
struct Shown {
    problems: bool,
    sheet: bool,
    about: bool,
    /// Something is to be closed that is not saved.
    closing: Option<Closing>,
    /// The window may be closed.
    closed: bool,
}

/// What is to be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closing {
    /// What has the focus, for what waits to be opened in its place.
    Replaced,
    Window,
    /// One of two runs, by its place among the desks.
    Run(usize),
}

impl std::fmt::Debug for Viewer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Viewer").field("focus", &self.focus).finish_non_exhaustive()
    }
}

impl Viewer {
    /// A window that shows a source, or that nothing is opened in. It keeps nothing from one session to the next.
    #[must_use]
    pub fn new(ctx: &Context, source: Option<Source>) -> Self {
        let mut viewer = Self::with_config(ctx, Config::default());
        if let Some(source) = source {
            viewer.open(source);
        }
        viewer
    }

    /// A window that nothing is opened in, with what was kept.
    #[must_use]
    pub fn with_config(ctx: &Context, config: Config) -> Self {
        theme::install(ctx);
        // Larger and smaller go by the list of shortcuts.
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        ctx.set_theme(config.preference());
        ctx.set_zoom_factor(config.scale);
        let woken = ctx.clone();
        Self {
            desks: Vec::new(),
            focus: 0,
            locked: true,
            opening: None,
            waiting: None,
            problems: Diagnostics::new(),
            show: Shown::default(),
            ask: None,
            pictures: Pictures::default(),
            ears: Ears::default(),
            config,
            catalogue: Catalogue::built_in(),
            told: String::new(),
            dialogs: false,
            wake: Arc::new(move || woken.request_repaint()),
        }
    }

    /// The same, which asks for files by the system's own dialogs too.
    #[must_use]
    pub fn with_dialogs(mut self) -> Self {
        self.dialogs = true;
        self
    }

    /// Opens a source in place of what is open, which stays until the new one is ready.
    pub fn open(&mut self, source: Source) {
        self.begin(source, None, false);
    }

    /// What panels share, of the desk that has the focus.
    #[must_use]
    pub fn view(&self) -> &View {
        static NONE: std::sync::OnceLock<View> = std::sync::OnceLock::new();
        self.desks.get(self.focus).map_or_else(|| NONE.get_or_init(View::default), |desk| &desk.view)
    }

    /// The same, to be changed; `None` where nothing is open.
    pub fn view_mut(&mut self) -> Option<&mut View> {
        self.desks.get_mut(self.focus).map(|desk| &mut desk.view)
    }

    /// What runs on the desk that has the focus; `None` where nothing is open.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.desks.get(self.focus).map(|desk| &desk.session)
    }

    /// The present, where something is open or was to be.
    #[must_use]
    pub fn now(&self) -> Option<Now> {
        if let Some(desk) = self.desks.get(self.focus) {
            return Some(desk.now());
        }
        let failed =
            || (!self.problems.is_empty()).then(|| Now { stage: Stage::Failed(self.problems.clone()), ..Now::default() });
        self.opening.as_ref().map(|opening| opening.session.now()).or_else(failed)
    }

    /// The past of the desk that has the focus; to be held no longer than a frame.
    #[must_use]
    pub fn history(&self) -> Option<std::sync::RwLockReadGuard<'_, crate::session::History>> {
        self.desks.get(self.focus).map(|desk| desk.session.history())
    }

    /// Whether something is being opened; what is open stays until it is ready.
    #[must_use]
    pub fn is_opening(&self) -> bool {
        self.opening.is_some()
    }

    /// What is wrong, of the last thing that was asked for.
    #[must_use]
    pub fn problems(&self) -> &Diagnostics {
        &self.problems
    }

    /// What is open, in the order of the desks.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.desks.iter().map(|desk| &desk.source)
    }

    /// Draws a frame and does what was asked for in it.
    pub fn show(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        self.look_at_opening(&ctx);
        self.take_dropped(&ctx);
        self.desks.iter_mut().for_each(|desk| desk.play_on(&ctx));
        let mut actions = Vec::new();
        for does in self.ears.hear(&ctx) {
            self.obey(&ctx, does, &mut actions);
        }
        self.take_pictures(&ctx);
        Panel::top("menu").show(ui, |ui| self.menu(ui, &mut actions));
        Panel::bottom("status").show(ui, |ui| self.status(ui));
        if self.desks.is_empty() {
            CentralPanel::default().show(ui, |ui| self.welcome(ui, &mut actions));
        } else {
            CentralPanel::default().frame(egui::Frame::NONE).show(ui, |ui| self.desks(ui, &mut actions));
        }
        self.windows(&ctx, &mut actions);
        self.ask(&ctx, &mut actions);
        // What was changed counts for what is asked of the network in the same frame.
        self.desks.iter_mut().for_each(Desk::bring_edits);
        for (desk, action) in actions {
            self.act(&ctx, desk, action);
        }
        self.desks.iter_mut().for_each(Desk::look);
        for desk in &self.desks {
            self.config.remember_done(desk.view.course.done());
        }
        self.ask_before_closing(&ctx);
    }

    /// Tells what is wrong, beside what is open.
    fn complain(&mut self, wrong: Diagnostics) {
        self.problems = wrong;
        self.show.problems = true;
    }

    fn act(&mut self, ctx: &Context, desk: usize, action: Action) {
        match action {
            Action::Session(command) => self.send(desk, command),
            Action::Open(source) => self.open(source),
            Action::ShowPanel(id) => {
                if let Some(desk) = self.desks.get_mut(desk) {
                    desk.layout.open(id);
                }
            }
            Action::Complain(wrong) => self.complain(wrong),
            Action::Tell(text) => self.told = text,
            Action::AskForNetwork => self.begin_ask(ctx, Purpose::Open),
            Action::ExportCsv(id, path) => self.export(ctx, desk, id, crate::export::Form::Csv, &path),
            Action::Export(id, form) => {
                self.focus = desk;
                self.begin_ask(ctx, Purpose::Export(id, form));
            }
        }
    }

    /// Gives a command to a desk, and to both where they run together.
    fn send(&mut self, desk: usize, command: Command) {
        let together = matches!(
            command,
            Command::Play
                | Command::Pause
                | Command::Step(_)
                | Command::StepMillisecond
                | Command::Reset
                | Command::Speed(_)
                | Command::ToNextSpike
        );
        for (at, other) in self.desks.iter_mut().enumerate() {
            if at != desk && !(self.locked && together) {
                continue;
            }
            if let Command::Speed(speed) = command {
                other.pace = other.pace.at(speed);
            }
            if at == desk {
                other.hear(command.clone());
            } else {
                // What is a tick here is another stretch of time there.
                other.hear(match command {
                    Command::Step(_) | Command::ToNextSpike => continue,
                    _ => command.clone(),
                });
            }
        }
    }
}

impl eframe::App for Viewer {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.show(ui);
    }

    /// The window is cleared with the ground of its panels, which saves to paint it: every pixel costs where a processor draws.
    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}
