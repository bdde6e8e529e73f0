//! Menus and the status line.

use super::commands::Asked;
use super::*;
use crate::config::{SCALES, THEMES};
use crate::export::Form;
use crate::keys;
use crate::panels::PANELS;
use eframe::egui::{Button, MenuBar};

impl Viewer {
    pub(super) fn menu(&mut self, ui: &mut Ui, actions: &mut Vec<Asked>) {
        MenuBar::new().ui(ui, |ui| {
            ui.menu_button("File", |ui| self.file_menu(ui, actions));
            ui.menu_button("Edit", |ui| self.edit_menu(ui, actions));
            ui.menu_button("View", |ui| self.view_menu(ui, actions));
            ui.menu_button("Panels", |ui| self.panels_menu(ui, actions));
            ui.menu_button("Help", |ui| {
                self.entry(ui, "Shortcuts", Does::Sheet, true, actions);
                if ui.button("About Spikewatt").clicked() {
                    self.show.about = true;
                }
            });
        });
    }

    /// An entry that does what a shortcut does.
    fn entry(&mut self, ui: &mut Ui, name: &str, does: Does, enabled: bool, actions: &mut Vec<Asked>) {
        let ctx = ui.ctx().clone();
        let button = Button::new(name).shortcut_text(keys::text(&ctx, does));
        if ui.add_enabled(enabled, button).clicked() {
            self.obey(&ctx, does, actions);
        }
    }

    fn file_menu(&mut self, ui: &mut Ui, actions: &mut Vec<Asked>) {
        let ctx = ui.ctx().clone();
        let open = !self.desks.is_empty();
        self.entry(ui, "Open …", Does::Open, true, actions);
        let asks = [("Open data set …", Purpose::Data), ("Open dense network …", Purpose::Dense)];
        for (name, purpose) in asks {
            if ui.add_enabled(open, Button::new(name)).clicked() {
                self.begin_ask(&ctx, purpose);
            }
        }
        for (name, purpose) in [("Open results …", Purpose::Results), ("Open project …", Purpose::Project)] {
            if ui.button(name).clicked() {
                self.begin_ask(&ctx, purpose);
            }
        }
        ui.menu_button("Recent files", |ui| {
            if self.config.recent.is_empty() {
                ui.weak("Nothing was opened yet");
            }
            for recent in self.config.recent.clone() {
                let path = recent.path();
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
                let there = if path.exists() { String::new() } else { " (no longer there)".into() };
                if ui.button(name + &there).on_hover_text(path.display().to_string()).clicked() {
                    self.reopen(&recent);
                }
            }
        });
        ui.separator();
        if ui.add_enabled(open, Button::new("Compare with …")).on_hover_text("Opens a second run beside this one").clicked() {
            self.begin_ask(&ctx, Purpose::Compare);
        }
        if self.desks.len() == 2 && ui.button("Close the run without focus").clicked() {
            self.ask_before_closing_run(1 - self.focus);
        }
        ui.separator();
        self.entry(ui, "Save project", Does::Save, open, actions);
        self.entry(ui, "Save project as …", Does::SaveAs, open, actions);
        ui.menu_button("Export", |ui| {
            self.entry(ui, "Window as picture (PNG) …", Does::Export, true, actions);
            for spec in PANELS.iter().filter(|_| open) {
                ui.menu_button(spec.title, |ui| {
                    for form in Form::ALL {
                        if ui.button(form.about()).clicked() {
                            self.begin_ask(&ctx, Purpose::Export(spec.id, form));
                        }
                    }
                });
            }
        });
        ui.separator();
        if ui.button("Close window").clicked() {
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
    }

    fn edit_menu(&mut self, ui: &mut Ui, actions: &mut Vec<Asked>) {
        for (name, does, forward) in [("Undo", Does::Undo, false), ("Do again", Does::Redo, true)] {
            let step = self.desks.get(self.focus).and_then(|desk| desk.step(forward));
            let text = step.as_ref().map_or_else(|| name.to_owned(), |what| format!("{name}: {what}"));
            self.entry(ui, &text, does, step.is_some(), actions);
        }
    }

    fn view_menu(&mut self, ui: &mut Ui, actions: &mut Vec<Asked>) {
        let ctx = ui.ctx().clone();
        let open = !self.desks.is_empty();
        ui.strong("Theme");
        for (theme, name, about) in THEMES {
            if ui.radio(ctx.options(|options| options.theme_preference) == theme, about).clicked() {
                ctx.set_theme(theme);
                self.config.theme = name.into();
                self.config.keep();
            }
        }
        ui.separator();
        ui.strong(format!("Size: {:.0} %", ctx.zoom_factor() * 100.0));
        self.entry(ui, "Larger", Does::Larger, ctx.zoom_factor() < *SCALES.end(), actions);
        self.entry(ui, "Smaller", Does::Smaller, ctx.zoom_factor() > *SCALES.start(), actions);
        self.entry(ui, "As usual", Does::UsualSize, true, actions);
        ui.separator();
        self.entry(ui, "Shorter stretch of time", Does::ZoomIn, open, actions);
        self.entry(ui, "Longer stretch of time", Does::ZoomOut, open, actions);
        self.entry(ui, "The beginning", Does::Start, open, actions);
        self.entry(ui, "The present", Does::Now, open, actions);
        if self.desks.len() == 2 {
            ui.checkbox(&mut self.locked, "Both runs in step");
        }
    }

    fn panels_menu(&mut self, ui: &mut Ui, actions: &mut Vec<Asked>) {
        let ctx = ui.ctx().clone();
        let Some(desk) = self.desks.get_mut(self.focus) else {
            ui.weak("Nothing is open");
            return;
        };
        for (at, spec) in PANELS.iter().enumerate() {
            let mut open = desk.layout.is_open(spec.id);
            let key = keys::text(&ctx, Does::Panel(at));
            ui.horizontal(|ui| {
                if ui.checkbox(&mut open, spec.title).on_hover_text(spec.about).changed() {
                    if open { desk.layout.open(spec.id) } else { desk.layout.close(spec.id) }
                }
                ui.weak(key);
            });
        }
        ui.separator();
        if ui.button("Back to their places").clicked() {
            desk.layout.reset();
        }
        let alone = desk.layout.alone().is_some();
        self.entry(ui, if alone { "All panels again" } else { "This panel alone" }, Does::Alone, true, actions);
        self.entry(ui, "Next panel", Does::NextPanel, true, actions);
        self.entry(ui, "Panel before", Does::PanelBefore, true, actions);
    }

    pub(super) fn status(&mut self, ui: &mut Ui) {
        ui.horizontal_wrapped(|ui| {
            let problems = self.problems.iter().count();
            if problems > 0 {
                let text = if problems == 1 { "1 problem".to_owned() } else { format!("{problems} problems") };
                let colour = theme::Tokens::in_use(ui).bad;
                if ui.button(egui::RichText::new(text).color(colour)).on_hover_text("Show what is wrong").clicked() {
                    self.show.problems = true;
                }
            }
            if !self.desks.is_empty() {
                self.opening_line(ui);
            }
            if let Some(desk) = self.desks.get(self.focus) {
                let now = desk.now();
                if let Some(scene) = &now.scene {
                    let star = if desk.is_unsaved() { " (changed)" } else { "" };
                    ui.label(format!("{}{star} · {:.3} ms", scene.net.name, scene.ms(now.tick)));
                    if now.playing {
                        ui.label(format!("{:.3} × real time", now.pace));
                    }
                }
                if let Some(complaint) = now.complaints.last() {
                    ui.label(complaint);
                }
            }
            ui.label(&self.told);
        });
    }
}
