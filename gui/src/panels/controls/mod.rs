//! What can be changed while the network runs, and a neuron that can be kicked.

mod knob;
mod list;

pub(crate) use list::{measured, with_unit};

use super::{Home, Panel, PanelSpec};
use crate::project::{Edits, Undo};
use crate::session::{Command, Neuron};
use crate::theme::Tokens;
use crate::view::{Action, Cx, Table};
use eframe::egui::{
    self, Button, CollapsingHeader, DragValue, Grid, Key, ScrollArea, Slider, SliderClamping, TextEdit, Ui, WidgetInfo,
};
use knob::{Knob, Place};
use list::Group;
use spikewatt::compile::CompiledNetwork;
use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "controls",
    title: "Controls",
    about: "Change rates, weights, thresholds, leaks and noise while the network runs; kick a neuron",
    home: Home::Left,
    open: true,
    make: || Box::new(Controls::default()),
};

#[derive(Default)]
struct Controls {
    /// What the list below was made of.
    of: Weak<CompiledNetwork>,
    groups: Vec<Group>,
    /// What is being typed, and where.
    typed: Option<(Place, String)>,
    /// What is wrong with what was asked for last, and what was asked for.
    wrong: BTreeMap<Place, (f64, String)>,
    /// The slider that is being dragged: its changes are one step.
    dragged: Option<Place>,
    /// Edits wait to be sent.
    due: bool,
    /// The network that ran when edits were sent last, and when that was.
    sent: Option<(Weak<CompiledNetwork>, f64)>,
    kicked: Option<Neuron>,
    /// Complaints there were when something was asked for last.
    complaints: usize,
}

/// What was asked of one control in a frame.
enum Asked {
    Slide(f64),
    Typed(f64),
    Refused(String),
}

impl Panel for Controls {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if !self.of.ptr_eq(&Arc::downgrade(&cx.scene.built)) {
            *self = Self { of: Arc::downgrade(&cx.scene.built), groups: list::knobs(cx.scene), ..Self::default() };
        }
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            self.kick(ui, cx);
            ui.separator();
            if cx.scene.net.exact {
                let why = cx.scene.built.with_live(&Edits::default().live()).err();
                ui.label(why.as_ref().map_or_else(String::new, knob::told));
                return;
            }
            self.changes(ui, cx);
            let groups = std::mem::take(&mut self.groups);
            let open = groups.len() <= 5;
            for group in &groups {
                CollapsingHeader::new(&group.title).default_open(open).show(ui, |ui| {
                    Grid::new(&group.title).num_columns(3).spacing([6.0, 4.0]).show(ui, |ui| {
                        for knob in &group.knobs {
                            self.control(ui, cx, knob);
                        }
                    });
                });
            }
            self.groups = groups;
        });
        self.send(ui, cx);
    }

    fn table(&self, cx: &Cx<'_>) -> Option<Table> {
        let edits = cx.view.edits.now();
        let columns = ["what", "as opened", "now"].map(String::from).to_vec();
        let groups = list::knobs(cx.scene);
        let rows = groups.iter().flat_map(|g| &g.knobs).map(|knob| {
            let now = knob.shown(knob.value(edits, cx.scene));
            vec![knob.label.clone(), knob.shown(knob.built), now]
        });
        Some(Table { columns, rows: rows.collect() })
    }
}

impl Controls {
    /// One value: its name, a slider, a field to type in, and a way back; below it what is wrong with it.
    fn control(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, knob: &Knob) {
        let value = knob.value(cx.view.edits.now(), cx.scene);
        let name = ui.label(&knob.name).on_hover_text(format!("{}: {}", knob.label, knob.about));
        let mut asked = None;
        ui.spacing_mut().slider_width = (ui.available_width() - 150.0).clamp(60.0, 220.0);
        let wrong = self.wrong.get(&knob.place).cloned();
        let mut slid = wrong.as_ref().map_or(value, |(refused, _)| *refused);
        if !slid.is_finite() {
            slid = knob.range.0.max(0.0);
        }
        let before = slid;
        let (low, high) = knob.range;
        let slider = Slider::new(&mut slid, low..=high).show_value(false).clamping(SliderClamping::Never);
        let response = ui.add(slider).labelled_by(name.id);
        response.widget_info(|| WidgetInfo::slider(true, slid, &knob.label));
        if response.changed() && slid != before {
            asked = Some(Asked::Slide(slid));
        }
        if self.dragged.as_ref() == Some(&knob.place) && !response.dragged() && !response.drag_stopped() {
            self.dragged = None;
        }
        ui.horizontal(|ui| {
            let typing = self.typed.as_ref().is_some_and(|(place, _)| *place == knob.place);
            let mut text = match &self.typed {
                Some((_, text)) if typing => text.clone(),
                _ => knob.shown(value),
            };
            let field =
                ui.add(TextEdit::singleline(&mut text).desired_width(80.0)).accessible_name(format!("{} as text", knob.label));
            if field.changed() {
                self.typed = Some((knob.place.clone(), text.clone()));
            }
            if typing && (field.lost_focus() || !field.has_focus()) {
                self.typed = None;
                if !ui.input(|i| i.key_pressed(Key::Escape)) {
                    asked = Some(knob.read(&text).map_or_else(Asked::Refused, Asked::Typed));
                }
            }
            let back = ui.add_enabled(value != knob.built, Button::new("reset").small());
            let back = back.on_hover_text(format!("Back to {}", knob.shown(knob.built)));
            back.widget_info(|| {
                WidgetInfo::labeled(egui::accesskit::Role::Button, value != knob.built, format!("Reset {}", knob.label))
            });
            if back.clicked() {
                asked = Some(Asked::Typed(knob.built));
            }
        });
        ui.end_row();
        if let Some(asked) = asked {
            self.change(cx, knob, value, asked, response.dragged());
        }
        if let Some((_, text)) = self.wrong.get(&knob.place) {
            ui.label("");
            ui.colored_label(Tokens::in_use(ui).bad, text);
            ui.end_row();
        }
    }

    /// Does what was asked, unless it cannot be: then it is told, and nothing changes.
    fn change(&mut self, cx: &mut Cx<'_>, knob: &Knob, before: f64, asked: Asked, dragged: bool) {
        let value = match asked {
            Asked::Slide(value) | Asked::Typed(value) => value,
            Asked::Refused(text) => {
                self.wrong.insert(knob.place.clone(), (before, text));
                return;
            }
        };
        let mut edits = cx.view.edits.now().clone();
        knob.put(&mut edits, cx.scene, value);
        if let Some(text) = knob.wrong(&edits, cx.scene, value) {
            self.wrong.insert(knob.place.clone(), (value, text));
            return;
        }
        self.wrong.remove(&knob.place);
        if edits == *cx.view.edits.now() {
            return;
        }
        if dragged && self.dragged.as_ref() == Some(&knob.place) {
            cx.view.edits.amend(edits);
        } else {
            cx.view.edits.set(edits);
            self.dragged = dragged.then(|| knob.place.clone());
        }
        cx.actions.push(Action::Tell(knob.change(before, value)));
        self.due = true;
    }

    /// What is changed so far, in words, and ways back.
    fn changes(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        ui.horizontal_wrapped(|ui| {
            let edits = &cx.view.edits;
            let (back, on, all) = (edits.can_undo(), edits.can_redo(), !edits.now().is_empty());
            let mut moved = false;
            if ui.add_enabled(back, Button::new("Undo")).on_hover_text("Take the last change back").clicked() {
                moved |= cx.view.edits.undo();
            }
            if ui.add_enabled(on, Button::new("Redo")).on_hover_text("Change it again").clicked() {
                moved |= cx.view.edits.redo();
            }
            if ui.add_enabled(all, Button::new("Reset all")).on_hover_text("Everything as the file has it").clicked() {
                cx.view.edits.set(Edits::default());
                moved = true;
            }
            if moved {
                self.wrong.clear();
                self.due = true;
            }
        });
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
        if let (Some((net, _)), Some(last)) = (&self.sent, cx.now.complaints.last())
            && cx.now.complaints.len() > self.complaints
            && net.ptr_eq(&Arc::downgrade(&cx.scene.net))
        {
            ui.colored_label(Tokens::in_use(ui).bad, last);
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
                self.complaints = cx.now.complaints.len();
            }
        });
        if neuron != before {
            cx.choose(neuron);
        }
        if let (Some(kicked), Some(last)) = (self.kicked, cx.now.complaints.last())
            && cx.now.complaints.len() > self.complaints
            && kicked == neuron
        {
            ui.colored_label(Tokens::in_use(ui).bad, last);
        }
    }

    /// Sends the edits: once a frame at most, and not before the last ones run, so that a drag leaves no queue behind it.
    fn send(&mut self, ui: &Ui, cx: &mut Cx<'_>) {
        /// Seconds after which edits that were not taken up are no longer waited for.
        const PATIENCE: f64 = 0.3;
        if !self.due {
            return;
        }
        let now = ui.input(|i| i.time);
        let taken =
            self.sent.as_ref().is_none_or(|(net, since)| !net.ptr_eq(&Arc::downgrade(&cx.scene.net)) || now - since > PATIENCE);
        if taken {
            self.complaints = cx.now.complaints.len();
            self.sent = Some((Arc::downgrade(&cx.scene.net), now));
            self.due = false;
            let edits: &Undo<Edits> = &cx.view.edits;
            let edits = edits.now().clone();
            cx.send(Command::Edit(Box::new(edits)));
        } else {
            ui.ctx().request_repaint_after_secs(0.02);
        }
    }
}
