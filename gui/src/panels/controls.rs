//! Sliders for what can be changed while the network runs, and a neuron that can be kicked.

use super::{Home, Panel, PanelSpec};
use crate::knobs::{Editor, Group, Knob, Place, fixed, knobs};
use crate::session::{Command, Neuron};
use crate::theme::Tokens;
use crate::view::{Cx, Table};
use eframe::egui::{self, CollapsingHeader, DragValue, Grid, ScrollArea, Ui, WidgetInfo};
use spikewatt::compile::CompiledNetwork;
use std::sync::{Arc, Weak};

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "controls",
    title: "Controls",
    about: "Change rates, weights, thresholds, leaks and noise while the network runs; kick a neuron",
    home: Home::Left,
    open: true,
    make: || Box::new(Controls::of(Weak::new(), Vec::new())),
};

struct Controls {
    /// What the list below was made of.
    of: Weak<CompiledNetwork>,
    groups: Vec<Group>,
    editor: Editor,
    kicked: Option<Neuron>,
    /// Complaints there were when it was kicked.
    complained: u64,
}

impl Panel for Controls {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if !self.of.ptr_eq(&Arc::downgrade(&cx.scene.built)) {
            *self = Self::of(Arc::downgrade(&cx.scene.built), knobs(cx.scene));
        }
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            if cx.scene.recorded.is_none() {
                self.kick(ui, cx);
                ui.separator();
            }
            if let Some(why) = fixed(cx.scene) {
                ui.label(why);
                return;
            }
            self.changes(ui, cx);
            let groups = std::mem::take(&mut self.groups);
            let open = groups.len() <= 5;
            for group in &groups {
                CollapsingHeader::new(&group.title).default_open(open).show(ui, |ui| {
                    let slider = slider_width(ui, group);
                    Grid::new(&group.title).num_columns(3).spacing([6.0, 4.0]).show(ui, |ui| {
                        for knob in &group.knobs {
                            self.control(ui, cx, knob, slider);
                        }
                    });
                });
            }
            self.groups = groups;
        });
    }

    fn table(&self, cx: &Cx<'_>) -> Option<Table> {
        if cx.scene.recorded.is_some() {
            return None;
        }
        let edits = cx.view.edits.now();
        let columns = ["what", "as opened", "now"].map(String::from).to_vec();
        let groups = knobs(cx.scene);
        let rows = groups.iter().flat_map(|g| &g.knobs).map(|knob| {
            let now = knob.shown(knob.value(edits, cx.scene));
            vec![knob.label.clone(), knob.in_file(cx.scene), now]
        });
        Some(Table { columns, rows: rows.collect() })
    }
}

impl Controls {
    fn of(of: Weak<CompiledNetwork>, groups: Vec<Group>) -> Self {
        Self { of, groups, editor: Editor::new(SPEC.title), kicked: None, complained: 0 }
    }

    /// One value: its name, a slider, a field to type in, and a way back; below it what is wrong with it.
    fn control(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, knob: &Knob, slider: f32) {
        let name = ui.label(&knob.name).on_hover_text(format!("{}: {}", knob.label, knob.about));
        ui.spacing_mut().slider_width = slider;
        self.editor.slider(ui, cx, knob, &name);
        ui.horizontal(|ui| {
            self.editor.field(ui, cx, knob, 68.0);
            self.editor.back(ui, cx, knob);
        });
        ui.end_row();
        if let Some(text) = self.editor.complaint(cx, knob) {
            ui.label("");
            ui.colored_label(Tokens::in_use(ui).bad, text);
            ui.end_row();
        }
    }

    /// What is changed so far, in words, and ways back.
    fn changes(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        ui.horizontal_wrapped(|ui| self.editor.steps(ui, cx));
        let edits = cx.view.edits.now();
        if edits.is_empty() {
            ui.weak("Nothing is changed.");
        }
        for knob in self.groups.iter().flat_map(|g| &g.knobs).filter(|k| k.place != Place::AllWeights) {
            let value = knob.value(edits, cx.scene);
            if value != knob.built {
                ui.label(knob.change(knob.built, value));
            }
        }
    }

    /// A neuron to be kicked.
    fn kick(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let mut neuron = cx.view.neuron.unwrap_or(Neuron { population: cx.view.population, id: 0 });
        let before = neuron;
        let populations = &cx.scene.net.populations;
        if populations.is_empty() {
            return;
        }
        ui.horizontal_wrapped(|ui| {
            let names =
                egui::ComboBox::from_id_salt("population").selected_text(&populations[neuron.population].name).width(90.0);
            let shown = names.show_ui(ui, |ui| {
                for (at, p) in populations.iter().enumerate() {
                    ui.selectable_value(&mut neuron.population, at, &p.name);
                }
            });
            shown.response.widget_info(|| {
                let name = format!("Population of the neuron: {}", populations[neuron.population].name);
                WidgetInfo::labeled(egui::accesskit::Role::ComboBox, true, name)
            });
            let last = populations[neuron.population].size.saturating_sub(1) as u32;
            neuron.id = neuron.id.min(last);
            let id = ui.add(DragValue::new(&mut neuron.id).range(0..=last).speed(0.2)).on_hover_text("Number of the neuron");
            id.widget_info(|| WidgetInfo::drag_value(true, f64::from(neuron.id)));
            if ui.button("Kick neuron").on_hover_text("Make it spike at the next tick").clicked() {
                cx.send(Command::Kick(neuron));
                self.kicked = Some(neuron);
                self.complained = cx.now.complained;
            }
        });
        if neuron != before {
            cx.choose(neuron);
        }
        if let (Some(kicked), Some(last)) = (self.kicked, cx.now.complaints.last())
            && cx.now.complained > self.complained
            && kicked == neuron
        {
            ui.colored_label(Tokens::in_use(ui).bad, last);
        }
    }
}

/// What is left for sliders beside the longest name, the field and the way back.
fn slider_width(ui: &Ui, group: &Group) -> f32 {
    const OTHERS: f32 = 160.0;
    let font = egui::TextStyle::Body.resolve(ui.style());
    let width = |name: &str| ui.painter().layout_no_wrap(name.to_owned(), font.clone(), ui.visuals().text_color()).size().x;
    let names = group.knobs.iter().map(|knob| width(&knob.name)).fold(0.0, f32::max);
    (ui.available_width() - names - OTHERS).clamp(30.0, 220.0)
}
