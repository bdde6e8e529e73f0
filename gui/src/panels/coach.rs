//! A lesson under way, above the panels: what to do next, and whether it was done.

use crate::lessons::{LESSONS, Lesson, Runner};
use crate::theme::Tokens;
use crate::view::{Action, Cx};
use eframe::egui::{Align, Layout, RichText, Ui};

/// Opens a lesson's network; whoever has it open is in the lesson.
pub(super) fn begin(lesson: &Lesson, cx: &mut Cx<'_>) {
    cx.actions.push(match (lesson.source)() {
        Ok(source) => Action::Open(source),
        Err(wrong) => Action::Complain(wrong),
    });
}

/// Draws the lesson that is under way.
pub fn coach(ui: &mut Ui, cx: &mut Cx<'_>, runner: &Runner) {
    let (tokens, lesson) = (Tokens::in_use(ui), runner.lesson);
    let number = LESSONS.iter().position(|other| other.id == lesson.id).map_or(0, |at| at + 1);
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        ui.strong(format!("Lesson {number}: {}", lesson.title));
        let steps = lesson.steps.len();
        match runner.step() {
            Some(_) => ui.colored_label(tokens.chosen, format!("step {} of {steps}", runner.at + 1)),
            None => ui.colored_label(tokens.good, "done"),
        };
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.button("Leave").on_hover_text("Leaves the lesson; its network stays open").clicked() {
                cx.view.course.leave();
            }
            if ui.button("Begin again").on_hover_text("The lesson from its first step").clicked() {
                begin(lesson, cx);
            }
            if let Some(step) = runner.step()
                && ui.button("Show me").on_hover_text("Does this step for you").clicked()
            {
                (step.show)(cx);
            }
        });
    });
    match runner.step() {
        Some(step) => {
            if runner.at == 0 {
                ui.label(lesson.about);
            } else {
                ui.colored_label(tokens.good, format!("Step {} is done.", runner.at));
            }
            ui.label(RichText::new(step.text).strong().size(15.0));
            ui.label(RichText::new(step.hint).italics());
        }
        None => {
            ui.label(RichText::new(lesson.learnt).size(15.0));
            if let Some(next) = LESSONS.get(number)
                && ui.button(format!("Next: {}", next.title)).clicked()
            {
                begin(next, cx);
            }
        }
    }
    ui.add_space(4.0);
}
