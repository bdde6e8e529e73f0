//! The desks: one, or two runs side by side with one axis of time, and what is different between them.

use super::commands::Asked;
use super::*;
use crate::bill::joules;
use crate::lessons::Course;
use crate::number::grouped;
use eframe::egui::{Grid, ScrollArea, UiBuilder, pos2};
use spikewatt::counts::EventCounts;

/// The row of energies.
const ENERGY: &str = "energy";

impl Viewer {
    /// Draws them.
    pub(super) fn desks(&mut self, ui: &mut Ui, actions: &mut Vec<Asked>) {
        let many = self.desks.len();
        self.focus = self.focus.min(many - 1);
        if many == 2 {
            Panel::bottom("difference").show(ui, |ui| self.difference(ui));
        }
        let whole = ui.available_rect_before_wrap();
        for at in 0..many {
            let width = whole.width() / many as f32;
            let left = whole.left() + at as f32 * width;
            let rect = egui::Rect::from_min_max(pos2(left, whole.top()), pos2(left + width - 2.0, whole.bottom()));
            let mut half = ui.new_child(UiBuilder::new().id_salt(("desk", at)).max_rect(rect));
            half.set_clip_rect(rect.intersect(ui.clip_rect()));
            self.desk(&mut half, at, actions);
        }
        ui.advance_cursor_after_rect(whole);
        if many == 2 && self.locked {
            self.lock();
        }
    }

    fn desk(&mut self, ui: &mut Ui, at: usize, actions: &mut Vec<Asked>) {
        let two = self.desks.len() == 2;
        let desk = &mut self.desks[at];
        let now = desk.now();
        if two {
            let path = &desk.source.network;
            let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            let name = format!("{}: {file}", if at == 0 { "First" } else { "Second" });
            let about = format!("{}: menus and shortcuts are about this run", path.display());
            if ui.selectable_label(self.focus == at, name).on_hover_text(about).clicked() {
                self.focus = at;
            }
            // What is done in a run is done with it in focus; a menu or a small window that lies over it is not part of it.
            let pressed = ui.input(|i| i.pointer.interact_pos().filter(|_| i.pointer.any_pressed()));
            if pressed.is_some_and(|p| ui.max_rect().contains(p) && ui.ctx().layer_id_at(p) == Some(ui.layer_id())) {
                self.focus = at;
            }
        }
        let (ctx, unfitted) = (ui.ctx().clone(), desk.is_unfitted());
        let mut found = None;
        let drawn = desk.with_cx(&now, &self.catalogue, |layout, pace, cx| {
            Panel::top(ui.scope_id().with("transport")).show(ui, |ui| panels::transport(ui, cx, pace));
            if unfitted {
                found = cx.view.bill.clone().best_fit(&ctx, cx);
            }
            Course::follow(cx);
            if let Some(runner) = cx.view.course.runner().cloned() {
                Panel::top(ui.scope_id().with("lesson")).show(ui, |ui| panels::coach(ui, cx, &runner));
            }
            layout.ui(ui, cx);
            if two {
                // It is asked for here, so that the table has it whether or not a panel shows it.
                let _ = cx.view.bill.clone().moment(ui.ctx(), cx);
            }
        });
        desk.fit(found);
        if let Some(((), asked)) = drawn {
            actions.extend(asked.into_iter().map(|action| (at, action)));
        }
    }

    /// Gives the other run the stretch of time and the moment of the one in focus.
    fn lock(&mut self) {
        let ms = |desk: &Desk| desk.now().scene.map_or(1.0, |scene| scene.net.dt_ms);
        let (here, there) = (ms(&self.desks[self.focus]), ms(&self.desks[1 - self.focus]));
        let share = here / there;
        let (window, cursor) = (self.desks[self.focus].view.window, self.desks[self.focus].view.cursor);
        let other = &mut self.desks[1 - self.focus];
        other.view.window = window.times(share);
        let tick = cursor.map(|tick| (tick as f64 * share).round() as u64);
        other.view.cursor = tick.filter(|tick| *tick < other.now().tick);
    }

    /// The table of differences below the runs, at the moments that are looked at.
    pub(super) fn difference(&self, ui: &mut Ui) {
        let columns: Vec<Vec<(&'static str, f64)>> = self.desks.iter().map(|desk| figures(desk)).collect();
        let [first, second] = columns.as_slice() else { return };
        let shown = |name: &str, value: f64| if name == ENERGY { joules(value) } else { grouped(value as u64) };
        let both: Vec<_> = first
            .iter()
            .filter_map(|(name, a)| second.iter().find(|(other, _)| other == name).map(|(_, b)| (*name, *a, *b)))
            .collect();
        ui.add_space(2.0);
        ScrollArea::horizontal().show(ui, |ui| {
            Grid::new("difference").striped(true).num_columns(both.len() + 1).spacing([24.0, 2.0]).show(ui, |ui| {
                let about = "Energy is the nominal figure on each run's chosen chip, of what was counted up to the moment.";
                ui.strong("Difference").on_hover_text(about);
                for (name, ..) in &both {
                    ui.strong(*name);
                }
                ui.end_row();
                for (title, of) in [("first", 0), ("second", 1)] {
                    ui.label(title);
                    for (name, a, b) in &both {
                        ui.label(shown(name, if of == 0 { *a } else { *b }));
                    }
                    ui.end_row();
                }
                ui.label("second / first");
                for (_, a, b) in &both {
                    ui.label(if *a == 0.0 { "–".to_owned() } else { format!("{:.3}", b / a) });
                }
                ui.end_row();
            });
        });
        ui.add_space(2.0);
    }
}

/// Counts and energy of a run at the moment that is looked at.
fn figures(desk: &Desk) -> Vec<(&'static str, f64)> {
    let now = desk.now();
    let counts: EventCounts = match desk.view.cursor {
        Some(tick) => desk.session.history().counts.at(tick).cloned().unwrap_or_default(),
        None => now.counts.clone(),
    };
    let total = counts.total();
    let mut figures = vec![
        ("spikes", total.spikes as f64),
        ("synaptic events", total.synaptic_events as f64),
        ("neuron updates, driven", total.neuron_updates_driven as f64),
        ("neuron updates, clocked", total.neuron_updates_clocked as f64),
    ];
    let priced = desk.view.bill.last_moment().and_then(|moment| moment.spiking.joules);
    figures.extend(priced.map(|joules| (ENERGY, joules.nominal)));
    figures
}
