//! The window: menus, panels side by side, and what is done with what they ask for.

use crate::layout::Layout;
use crate::panels::{self, PANELS, Pace};
use crate::session::{Command, Now, Session, Source, Stage, Wake};
use crate::theme;
use crate::view::{Action, Cx, View};
use eframe::egui::{self, CentralPanel, Context, MenuBar, Panel, ScrollArea, Ui};
use spikewatt::energy::Catalogue;
use std::sync::Arc;

/// The window.
pub struct Viewer {
    session: Option<Session>,
    view: View,
    pace: Pace,
    layout: Layout,
    catalogue: Catalogue,
    /// The last thing told in the status line.
    told: String,
    /// What a session of its own thread calls when there is something new.
    wake: Wake,
}

impl std::fmt::Debug for Viewer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Viewer").field("view", &self.view).finish_non_exhaustive()
    }
}

impl Viewer {
    /// A window that shows a source, or that nothing is opened in.
    #[must_use]
    pub fn new(ctx: &Context, source: Option<Source>) -> Self {
        theme::install(ctx);
        let woken = ctx.clone();
        let mut viewer = Self {
            session: None,
            view: View::default(),
            pace: Pace::default(),
            layout: Layout::new(),
            catalogue: Catalogue::built_in(),
            told: String::new(),
            wake: Arc::new(move || woken.request_repaint()),
        };
        if let Some(source) = source {
            viewer.open(source);
        }
        viewer
    }

    /// Opens a source in place of what is open.
    pub fn open(&mut self, source: Source) {
        let kept = (self.view.spiking_device.clone(), self.view.dense_device.clone());
        self.view = View { spiking_device: kept.0, dense_device: kept.1, ..View::default() };
        let session = Session::open(source, self.wake.clone());
        session.send(Command::Speed(self.pace.speed()));
        self.session = Some(session);
    }

    /// What panels share.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The same, to be changed from outside.
    pub fn view_mut(&mut self) -> &mut View {
        &mut self.view
    }

    /// What is open.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// The present, where something is open.
    #[must_use]
    pub fn now(&self) -> Option<Now> {
        self.session.as_ref().map(Session::now)
    }

    /// Draws a frame and does what was asked for in it.
    pub fn show(&mut self, ui: &mut Ui) {
        let now = self.session.as_ref().map(Session::now).unwrap_or_default();
        let mut actions = Vec::new();
        Panel::top("menu").show(ui, |ui| self.menu(ui, &mut actions));
        Panel::bottom("status").show(ui, |ui| self.status(ui, &now));
        match (&self.session, &now.scene, &now.stage) {
            (Some(session), Some(scene), _) => {
                self.view.keep_up(scene, &now);
                let history = session.history();
                let mut cx = Cx {
                    scene,
                    now: &now,
                    history: &history,
                    view: &mut self.view,
                    catalogue: &self.catalogue,
                    actions: Vec::new(),
                };
                Panel::top("transport").show(ui, |ui| panels::transport(ui, &mut cx, &mut self.pace));
                CentralPanel::default().frame(egui::Frame::NONE).show(ui, |ui| self.layout.ui(ui, &mut cx));
                actions.append(&mut cx.actions);
            }
            (_, _, Stage::Failed(wrong)) => {
                let text = wrong.to_string();
                CentralPanel::default().show(ui, |ui| {
                    ui.heading("This could not be opened");
                    ScrollArea::both().show(ui, |ui| ui.monospace(text));
                });
            }
            (Some(_), _, _) => {
                CentralPanel::default().show(ui, |ui| {
                    ui.horizontal(|ui| {
                        ui.spinner();
                        ui.label("Opening …");
                    });
                });
            }
            (None, _, _) => {
                CentralPanel::default().show(ui, |ui| {
                    ui.heading("Spikewatt");
                    ui.label("Open a network: drop its file here, or choose File ▸ Open.");
                });
            }
        }
        for action in actions {
            self.act(action);
        }
    }

    fn menu(&mut self, ui: &mut Ui, _actions: &mut Vec<Action>) {
        MenuBar::new().ui(ui, |ui| {
            ui.menu_button("Panels", |ui| {
                for spec in PANELS {
                    let mut open = self.layout.is_open(spec.id);
                    if ui.checkbox(&mut open, spec.title).on_hover_text(spec.about).changed() {
                        if open { self.layout.open(spec.id) } else { self.layout.close(spec.id) }
                    }
                }
                ui.separator();
                if ui.button("Back to their places").clicked() {
                    self.layout.reset();
                }
            });
            egui::widgets::global_theme_preference_buttons(ui);
        });
    }

    fn status(&self, ui: &mut Ui, now: &Now) {
        ui.horizontal(|ui| {
            if let Some(scene) = &now.scene {
                ui.label(format!("{} · {:.3} ms", scene.net.name, scene.ms(now.tick)));
                if now.playing {
                    ui.label(format!("{:.3} × real time", now.pace));
                }
            }
            ui.label(now.complaints.last().unwrap_or(&self.told));
        });
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Session(command) => {
                if let Some(session) = &self.session {
                    session.send(command);
                }
            }
            Action::Open(source) => self.open(source),
            Action::ShowPanel(id) => self.layout.open(id),
            Action::Tell(text) => self.told = text,
            Action::AskForNetwork | Action::ExportCsv(..) => {}
        }
    }
}

impl eframe::App for Viewer {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.show(ui);
    }
}
