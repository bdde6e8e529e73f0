//! What is opened, with how it is looked at: one, or two side by side.

use crate::config::{name_of, theme_of};
use crate::layout::Layout;
use crate::panels::Pace;
use crate::player::Player;
use crate::project::{Courier, Edits, Project};
use crate::session::{Command, Now, Session, Source, Stage};
use crate::view::{Action, Cx, View, Window};
use eframe::egui::Context;
use spikewatt::energy::Catalogue;
use std::path::PathBuf;
use std::sync::Arc;

/// What is opened, with how it is looked at.
pub(crate) struct Desk {
    pub(crate) session: Session,
    pub(crate) source: Source,
    pub(crate) view: View,
    pub(crate) layout: Layout,
    pub(crate) pace: Pace,
    /// The chip that the program chose; a person may have chosen another since.
    proposed: String,
    /// Whether the network fits that chip is still to be seen.
    unfitted: bool,
    /// The project's file.
    pub(crate) project: Option<PathBuf>,
    /// The project as it was opened or saved.
    saved: Project,
    /// Where a recording is that is being played.
    pub(crate) player: Player,
    /// The stretch that a recording was asked for last, ticks.
    looked: Option<(u64, u64)>,
    courier: Courier,
}

impl Desk {
    pub(crate) fn new(session: Session, source: Source, view: View, layout: Layout, pace: Pace) -> Self {
        session.send(Command::Speed(pace.speed()));
        session.send(Command::Watch(view.watched.clone()));
        let (saved, courier, proposed) = (Project::new(source.clone()), Courier::default(), View::default().spiking_device);
        let unfitted = view.spiking_device == proposed;
        let (project, looked, player) = (None, None, Player::default());
        let mut desk = Self { session, saved, source, view, layout, pace, proposed, unfitted, project, player, looked, courier };
        desk.saved = desk.to_project(None);
        desk
    }

    /// Makes it as a project says.
    pub(crate) fn be(&mut self, ctx: &Context, path: PathBuf, project: &Project) {
        self.view.spiking_device.clone_from(&project.spiking_device);
        self.unfitted = false;
        self.view.dense_device.clone_from(&project.dense_device);
        self.view.watched.clone_from(&project.watched);
        self.view.edits = crate::project::Undo::new(project.edits.clone());
        self.session.send(Command::Watch(project.watched.clone()));
        if let Some(place) = &project.panels {
            self.layout.put(place);
        }
        if !project.theme.is_empty() {
            ctx.set_theme(theme_of(&project.theme));
        }
        self.project = Some(path);
        self.saved = self.to_project(Some(ctx));
    }

    /// The project as it is now.
    pub(crate) fn to_project(&self, ctx: Option<&Context>) -> Project {
        let mut project = Project::new(self.source.clone());
        project.spiking_device.clone_from(&self.view.spiking_device);
        project.dense_device.clone_from(&self.view.dense_device);
        project.watched.clone_from(&self.view.watched);
        project.edits = self.edits().clone();
        project.panels = self.layout.place();
        if let Some(ctx) = ctx {
            project.theme = name_of(ctx.options(|options| options.theme_preference)).into();
            project.scale = ctx.zoom_factor();
        }
        project
    }

    /// Tells that it was saved.
    pub(crate) fn was_saved(&mut self, path: PathBuf, project: Project) {
        self.project = Some(path);
        self.saved = project;
    }

    /// Whether something would be lost if it were closed: edits, or what a project with a file keeps beside them. How panels stand is not
    /// worth a question.
    pub(crate) fn is_unsaved(&self) -> bool {
        // Changes of a lesson are its steps.
        if self.project.is_none() && crate::lessons::is_own(&self.source) {
            return false;
        }
        let now = self.to_project(None);
        let saved = Project { theme: String::new(), scale: 1.0, panels: now.panels.clone(), ..self.saved.clone() };
        if self.project.is_some() { now != saved } else { now.edits != saved.edits }
    }

    pub(crate) fn edits(&self) -> &Edits {
        self.view.edits.now()
    }

    pub(crate) fn now(&self) -> Now {
        let now = self.session.now();
        Now { playing: now.playing || self.player.is_playing(), ..now }
    }

    /// A step back, or forward again, in what was changed.
    pub(crate) fn undo(&mut self, forward: bool) {
        if forward {
            self.view.edits.redo()
        } else {
            self.view.edits.undo()
        };
    }

    /// Brings what was changed, by whatever hand, to the running network.
    pub(crate) fn bring_edits(&mut self) {
        if let Some(command) = self.courier.bring(self.view.edits.now(), &self.session.now()) {
            self.session.send(command);
        }
    }

    /// What a step back, or forward again, would change, in words.
    pub(crate) fn step(&self, forward: bool) -> Option<String> {
        let edits = &self.view.edits;
        let other = if forward { edits.after() } else { edits.before() }?;
        Some(edits.now().difference(other).unwrap_or_default())
    }

    /// Does something with what panels are given; `None` before there is a network.
    pub(crate) fn with_cx<T>(
        &mut self,
        now: &Now,
        catalogue: &Catalogue,
        work: impl FnOnce(&mut Layout, &mut Pace, &mut Cx<'_>) -> T,
    ) -> Option<(T, Vec<Action>)> {
        let scene = now.scene.as_ref()?;
        if now.stage != Stage::Ready {
            return None;
        }
        self.view.keep_up(scene, now);
        let Self { session, view, layout, pace, .. } = self;
        let history = session.history();
        let mut cx = Cx { scene, now, history: &history, view, catalogue, actions: Vec::new() };
        let done = work(layout, pace, &mut cx);
        let actions = std::mem::take(&mut cx.actions);
        Some((done, actions))
    }

    /// The chip that a person chose; `None` where it is the program's choice.
    pub(crate) fn chosen_device(&self) -> Option<&String> {
        Some(&self.view.spiking_device).filter(|device| **device != self.proposed)
    }

    /// Proposes another chip where the network does not fit the usual one, once, and unless a person chose meanwhile.
    pub(crate) fn fit(&mut self, found: Option<Arc<Option<String>>>) {
        let Some(best) = found.filter(|_| self.unfitted) else { return };
        self.unfitted = false;
        if let (None, Some(best)) = (self.chosen_device(), &*best) {
            self.proposed.clone_from(best);
            self.view.spiking_device.clone_from(best);
        }
    }

    /// Whether [`Desk::fit`] waits for what the network fits.
    pub(crate) fn is_unfitted(&self) -> bool {
        self.unfitted
    }

    /// Asks a recording for what came into view.
    pub(crate) fn look(&mut self) {
        if !self.source.is_results() {
            return;
        }
        let Window { from, to, .. } = self.view.window;
        let asked = (from.max(0.0) as u64, to.max(0.0).ceil() as u64);
        if self.looked != Some(asked) {
            self.looked = Some(asked);
            self.session.send(Command::Look(asked.0, asked.1));
        }
    }
}
