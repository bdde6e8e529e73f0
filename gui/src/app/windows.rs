//! Small windows: what is wrong, the sheet of shortcuts, what this is, and what to do with what is not saved.

use super::commands::Asked;
use super::*;
use crate::keys::SHORTCUTS;
use eframe::egui::{Align2, Grid, ScrollArea, TextEdit, ViewportCommand, Window};

/// Where sources are.
const SOURCES: &str = "The sources are in the folder from which this program was built; `cargo doc` writes its documentation.";

impl Viewer {
    pub(super) fn windows(&mut self, ctx: &Context, actions: &mut Vec<Asked>) {
        self.problems_window(ctx);
        self.sheet(ctx);
        self.about(ctx);
        self.closing(ctx, actions);
    }

    fn problems_window(&mut self, ctx: &Context) {
        if self.problems.is_empty() || !self.show.problems {
            return;
        }
        let text = self.problems.to_string();
        let mut open = true;
        Window::new("Problems").open(&mut open).default_width(640.0).show(ctx, |ui| {
            ui.label("This could not be done. What was open before is still open.");
            ScrollArea::both().max_height(320.0).show(ui, |ui| {
                // A text that can be chosen and copied, and not changed.
                ui.add(TextEdit::multiline(&mut text.as_str()).code_editor().desired_width(f32::INFINITY));
            });
            ui.horizontal(|ui| {
                if ui.button("Copy").clicked() {
                    ctx.copy_text(text.clone());
                }
                if ui.button("Close").clicked() {
                    self.show.problems = false;
                }
            });
        });
        self.show.problems &= open;
    }

    fn sheet(&mut self, ctx: &Context) {
        let mut open = self.show.sheet;
        Window::new("Shortcuts").open(&mut open).default_height(480.0).show(ctx, |ui| {
            ScrollArea::vertical().show(ui, |ui| {
                Grid::new("shortcuts").striped(true).num_columns(2).show(ui, |ui| {
                    for shortcut in SHORTCUTS {
                        let keys: Vec<String> = shortcut.keys.iter().map(|key| ctx.format_shortcut(key)).collect();
                        ui.monospace(keys.join(", "));
                        ui.label(shortcut.about);
                        ui.end_row();
                    }
                });
                ui.label("In a chart over time: drag to move, wheel to zoom, shift and click to look at a moment, double click to follow.");
            });
        });
        self.show.sheet = open;
    }

    fn about(&mut self, ctx: &Context) {
        let mut open = self.show.about;
        Window::new("About").open(&mut open).resizable(false).show(ctx, |ui| {
            ui.heading(format!("Spikewatt {}", env!("CARGO_PKG_VERSION")));
            ui.label("Runs spiking neural networks, counts what they do, and says honestly what that costs in energy.");
            ui.label(SOURCES);
            ui.label(format!("Licence: {}", env!("CARGO_PKG_LICENSE")));
        });
        self.show.about = open;
    }

    /// Holds the window open where something would be lost.
    pub(super) fn ask_before_closing(&mut self, ctx: &Context) {
        if ctx.input(|input| input.viewport().close_requested()) && !self.show.closed && self.desks.iter().any(Desk::is_unsaved) {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.show.closing = Some(Closing::Window);
        }
    }

    /// Closes one of two runs; where something would be lost, it asks first.
    pub(super) fn ask_before_closing_run(&mut self, at: usize) {
        if self.desks.get(at).is_some_and(Desk::is_unsaved) {
            self.show.closing = Some(Closing::Run(at));
        } else {
            self.close_run(at);
        }
    }

    fn close_run(&mut self, at: usize) {
        if at < self.desks.len() && self.desks.len() == 2 {
            self.desks.remove(at);
            self.focus = 0;
            self.desks[0].layout.widen();
        }
    }

    fn closing(&mut self, ctx: &Context, actions: &mut Vec<Asked>) {
        // A file to save to is asked for first.
        let Some(closing) = self.show.closing.filter(|_| self.ask.is_none()) else { return };
        let unsaved = |at: usize| Some(at).filter(|at| self.desks.get(*at).is_some_and(Desk::is_unsaved));
        let unsaved = match closing {
            Closing::Window => self.desks.iter().position(Desk::is_unsaved),
            Closing::Run(at) => unsaved(at),
            Closing::Replaced => unsaved(self.focus),
        };
        // What was saved or closed meanwhile is no question any more.
        let Some(at) = unsaved else {
            self.show.closing = None;
            self.begin_waiting();
            return;
        };
        let file = self.desks[at].source.network.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut answered = None;
        Window::new("Not saved").collapsible(false).resizable(false).anchor(Align2::CENTER_CENTER, [0.0, 0.0]).show(ctx, |ui| {
            ui.label(format!("The network of {file} was changed, and the changes are not saved."));
            ui.horizontal(|ui| {
                for answer in [Answer::Save, Answer::Drop, Answer::Stay] {
                    if ui.button(answer.words()).clicked() {
                        answered = Some(answer);
                    }
                }
            });
        });
        match (answered, closing) {
            (None, _) => {}
            (Some(Answer::Save), _) => {
                // What waits to be opened goes on when it is saved.
                self.show.closing = self.show.closing.filter(|closing| *closing == Closing::Replaced);
                self.focus = at;
                self.obey(ctx, Does::Save, actions);
            }
            (Some(Answer::Stay), _) => (self.show.closing, self.waiting) = (None, None),
            (Some(Answer::Drop), Closing::Window) => {
                (self.show.closing, self.show.closed) = (None, true);
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
            (Some(Answer::Drop), Closing::Run(at)) => {
                self.show.closing = None;
                self.close_run(at);
            }
            (Some(Answer::Drop), Closing::Replaced) => {
                self.show.closing = None;
                self.begin_waiting();
            }
        }
    }
}

/// What becomes of changes that are not saved.
#[derive(Debug, Clone, Copy)]
enum Answer {
    Save,
    Drop,
    Stay,
}

impl Answer {
    fn words(self) -> &'static str {
        match self {
            Self::Save => "Save",
            Self::Drop => "Close without saving",
            Self::Stay => "Stay",
        }
    }
}
