//! What is shown where nothing is open: how to begin.

use super::commands::Asked;
use super::*;
use crate::keys;
use crate::lessons::LESSONS;
use eframe::egui::{Button, RichText, ScrollArea};

/// Lines longer than this are hard to read, points.
const WIDEST: f32 = 720.0;

impl Viewer {
    pub(super) fn welcome(&mut self, ui: &mut Ui, actions: &mut Vec<Asked>) {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let margin = ((ui.available_width() - WIDEST) / 2.0).max(0.0);
            ui.horizontal(|ui| {
                ui.add_space(margin);
                ui.vertical(|ui| {
                    ui.set_max_width(WIDEST.min(ui.available_width()));
                    self.ways_in(ui, actions);
                });
            });
        });
    }

    fn ways_in(&mut self, ui: &mut Ui, actions: &mut Vec<Asked>) {
        let ctx = ui.ctx().clone();
        ui.add_space(24.0);
        ui.label(RichText::new("Spikewatt").heading().size(28.0).strong());
        if self.opening.is_some() {
            ui.add_space(8.0);
            ui.horizontal_wrapped(|ui| self.opening_line(ui));
            return;
        }
        ui.label("See what a spiking network does, why each neuron fires, and what that costs beside a dense network.");
        ui.add_space(16.0);
        ui.horizontal_wrapped(|ui| {
            let open = format!("Open a network … ({})", keys::text(&ctx, Does::Open));
            if ui.add(Button::new(RichText::new(open).size(16.0))).clicked() {
                self.obey(&ctx, Does::Open, actions);
            }
            let digits = RichText::new("Watch digits being read").size(16.0);
            let about = "A trained spiking network reads handwritten digits beside a dense one, with the bill of both";
            if ui.add(Button::new(digits)).on_hover_text(about).clicked() {
                self.open_own(crate::lessons::example());
            }
        });
        ui.weak("Or drop files here: a network (TOML, NIR), with its data set and its dense network (ONNX, NIR) if there are; results (.h5); a project.");
        if !self.config.recent.is_empty() {
            ui.add_space(16.0);
            ui.heading("Recent files");
        }
        for recent in self.config.recent.clone() {
            if ui.link(recent.path().display().to_string()).clicked() {
                self.reopen(&recent);
            }
        }
        ui.add_space(16.0);
        ui.heading("Lessons");
        ui.weak("Each takes a few minutes and begins with nothing known.");
        for (number, lesson) in LESSONS.iter().enumerate() {
            ui.add_space(6.0);
            ui.horizontal_wrapped(|ui| {
                if ui.link(RichText::new(format!("{}. {}", number + 1, lesson.title)).size(15.0)).clicked() {
                    self.open_own((lesson.source)());
                }
                if self.config.done.iter().any(|id| id == lesson.id) {
                    ui.colored_label(theme::Tokens::in_use(ui).good, "done");
                }
            });
            ui.label(lesson.about);
        }
        ui.add_space(16.0);
    }

    fn open_own(&mut self, source: spikewatt::diagnostic::Result<Source>) {
        match source {
            Ok(source) => self.open(source),
            Err(wrong) => self.complain(wrong),
        }
    }
}
