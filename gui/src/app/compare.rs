//! The desks: one, or two runs side by side with one axis of time, and what is different between them.

use super::commands::Asked;
use super::*;
use crate::view::Window as Stretch;
use eframe::egui::{Grid, UiBuilder, Window, pos2};
use spikewatt::counts::EventCounts;

impl Viewer {
    /// Draws them.
    pub(super) fn desks(&mut self, ui: &mut Ui, actions: &mut Vec<Asked>) {
        let many = self.desks.len();
        self.focus = self.focus.min(many - 1);
        let whole = ui.max_rect();
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
            // What is done in a run is done with it in focus.
            if ui.input(|i| i.pointer.any_pressed() && i.pointer.interact_pos().is_some_and(|p| ui.max_rect().contains(p))) {
                self.focus = at;
            }
        }
        let drawn = desk.with_cx(&now, &self.catalogue, |layout, pace, cx| {
            Panel::top("transport").show(ui, |ui| panels::transport(ui, cx, pace));
            layout.ui(ui, cx);
            if two {
                // It is asked for here, so that the table has it whether or not a panel shows it.
                let _ = cx.view.bill.clone().moment(ui.ctx(), cx);
            }
        });
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
        other.view.window = Stretch { from: window.from * share, to: window.to * share, ..window };
        let tick = cursor.map(|tick| (tick as f64 * share).round() as u64);
        other.view.cursor = tick.filter(|tick| *tick < other.now().tick);
    }

    /// The table of differences, at the moments that are looked at.
    pub(super) fn difference(&mut self, ctx: &Context) {
        let columns: Vec<Vec<(&'static str, f64)>> = self.desks.iter().map(|desk| figures(desk)).collect();
        Window::new("Difference").default_pos([400.0, 400.0]).show(ctx, |ui| {
            Grid::new("difference").striped(true).num_columns(4).show(ui, |ui| {
                for title in ["", "first", "second", "second − first"] {
                    ui.strong(title);
                }
                ui.end_row();
                for (name, first) in &columns[0] {
                    let Some((_, second)) = columns[1].iter().find(|(other, _)| other == name) else { continue };
                    let shown = |value: f64| if name.ends_with("(J)") { format!("{value:.3e}") } else { format!("{value:.0}") };
                    ui.label(*name);
                    ui.label(shown(*first));
                    ui.label(shown(*second));
                    let share =
                        if *first == 0.0 { String::new() } else { format!(" ({:+.1} %)", (second / first - 1.0) * 100.0) };
                    ui.label(shown(second - first) + &share);
                    ui.end_row();
                }
            });
            ui.weak("Energy is the nominal figure on each run's chosen chip, of what was counted up to the moment.");
        });
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
    figures.extend(priced.map(|joules| ("energy (J)", joules.nominal)));
    figures
}
