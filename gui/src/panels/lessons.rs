//! Lessons: what to do next, and whether it was done.

use super::{Home, Panel, PanelSpec};
use crate::lessons::{LESSONS, Lesson, Runner};
use crate::theme::Tokens;
use crate::view::{Action, Cx};
use eframe::egui::{ProgressBar, RichText, ScrollArea, Ui};

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "lessons",
    title: "Lessons",
    about: "Short guided lessons: each a network, some steps, and a check that they were done",
    home: Home::Left,
    open: true,
    make: || Box::new(Lessons::default()),
};

#[derive(Default)]
struct Lessons {
    runner: Option<Runner>,
    done: Vec<&'static str>,
    complaint: Option<String>,
}

impl Panel for Lessons {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        // A lesson is also begun from elsewhere: whoever opens its network is in it.
        if self.runner.as_ref().is_none_or(|runner| !runner.is_open(cx)) {
            let open = LESSONS.iter().map(Runner::new).find(|runner| runner.is_open(cx));
            if open.is_some() {
                self.runner = open;
            }
        }
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| match self.runner.take() {
            Some(mut runner) if runner.is_open(cx) => {
                runner.look(cx);
                if runner.step().is_none() && !self.done.contains(&runner.lesson.id) {
                    self.done.push(runner.lesson.id);
                }
                if self.lesson(ui, cx, &mut runner) {
                    self.runner = Some(runner);
                }
            }
            // Its network is on its way, or something else was opened.
            other => {
                self.runner = other;
                self.list(ui, cx);
            }
        });
    }
}

impl Lessons {
    fn begin(&mut self, lesson: &'static Lesson, cx: &mut Cx<'_>) {
        match (lesson.source)() {
            Ok(source) => {
                self.complaint = None;
                self.runner = Some(Runner::new(lesson));
                cx.actions.push(Action::Open(source));
            }
            Err(wrong) => self.complaint = Some(wrong.to_string()),
        }
    }

    fn list(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let tokens = Tokens::in_use(ui);
        ui.label("Each takes a few minutes. The network of a lesson is opened in place of what is open.");
        if let Some(complaint) = &self.complaint {
            ui.colored_label(tokens.bad, complaint);
        }
        for (number, lesson) in LESSONS.iter().enumerate() {
            ui.add_space(4.0);
            ui.horizontal_wrapped(|ui| {
                if ui.button(format!("{}. {}", number + 1, lesson.title)).clicked() {
                    self.begin(lesson, cx);
                }
                if self.done.contains(&lesson.id) {
                    ui.colored_label(tokens.good, "done");
                }
            });
            ui.label(RichText::new(lesson.about).small());
        }
    }

    /// The lesson under way; false where it is left.
    fn lesson(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, runner: &mut Runner) -> bool {
        let (tokens, lesson) = (Tokens::in_use(ui), runner.lesson);
        let mut stays = true;
        ui.horizontal_wrapped(|ui| {
            if ui.button("All lessons").clicked() {
                stays = false;
            }
            if ui.button("Begin again").clicked() {
                self.begin(lesson, cx);
            }
        });
        if !stays {
            self.list(ui, cx);
            return true;
        }
        ui.heading(lesson.title);
        ui.label(lesson.about);
        ui.add(ProgressBar::new(runner.at as f32 / lesson.steps.len() as f32).text(format!(
            "{} of {} steps",
            runner.at,
            lesson.steps.len()
        )));
        for (number, step) in lesson.steps.iter().enumerate().take(runner.at + 1) {
            ui.add_space(6.0);
            if number < runner.at {
                ui.horizontal_wrapped(|ui| {
                    ui.colored_label(tokens.good, "Done:");
                    ui.label(RichText::new(step.text).weak());
                });
            } else {
                ui.label(RichText::new(format!("{}. {}", number + 1, step.text)).strong());
                ui.label(RichText::new(step.hint).italics());
                if ui.button("Show me").on_hover_text("Does this step for you").clicked() {
                    (step.show)(cx);
                }
            }
        }
        if runner.step().is_none() {
            ui.add_space(8.0);
            ui.colored_label(tokens.good, "All done.");
            ui.label(lesson.learnt);
            let next = LESSONS.iter().position(|l| l.id == lesson.id).and_then(|at| LESSONS.get(at + 1));
            if let Some(next) = next
                && ui.button(format!("Next: {}", next.title)).clicked()
            {
                self.begin(next, cx);
            }
        }
        true
    }
}
