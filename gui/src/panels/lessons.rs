//! The lessons that there are, and which of them are done.

use super::coach::begin;
use super::{Home, Panel, PanelSpec};
use crate::lessons::LESSONS;
use crate::theme::Tokens;
use crate::view::Cx;
use eframe::egui::{RichText, ScrollArea, Ui};

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "lessons",
    title: "Lessons",
    about: "Short guided lessons: each a network, some steps, and a check that they were done",
    home: Home::Left,
    open: true,
    make: || Box::new(Lessons),
};

struct Lessons;

impl Panel for Lessons {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.label("Each takes a few minutes. The network of a lesson is opened in place of what is open.");
            for (number, lesson) in LESSONS.iter().enumerate() {
                ui.add_space(4.0);
                ui.horizontal_wrapped(|ui| {
                    if ui.button(format!("{}. {}", number + 1, lesson.title)).clicked() {
                        begin(lesson, cx);
                    }
                    if cx.view.course.has_done(lesson) {
                        ui.colored_label(Tokens::in_use(ui).good, "done");
                    }
                });
                ui.label(RichText::new(lesson.about).small());
            }
        });
    }
}
