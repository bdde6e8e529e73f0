//! Changing a value by hand: a slider, a field to type in, a way back, and what is wrong with what was asked for.

use super::knob::{Knob, Place};
use crate::project::Edits;
use crate::theme::Tokens;
use crate::view::{Action, Cx};
use eframe::egui::{Button, Key, Response, Role, Slider, SliderClamping, TextEdit, Ui, WidgetInfo};
use std::collections::BTreeMap;

/// What a person is in the middle of changing in a panel.
#[derive(Debug)]
pub(crate) struct Editor {
    /// The panel's title: the same value can be changed in several panels, and the names of controls tell in which.
    panel: &'static str,
    /// What is being typed, and where.
    typed: Option<(Place, String)>,
    /// The field that is typed in was shown in this frame.
    seen: bool,
    wrong: BTreeMap<Place, Wrong>,
    /// The slider that is being dragged: its changes are one step.
    dragged: Option<Place>,
}

/// What was refused.
#[derive(Debug)]
struct Wrong {
    /// What was asked for; what it is now where that was no value.
    asked: f64,
    text: String,
    /// What it was then: once it is another, the complaint is out of date.
    before: f64,
}

/// What was asked of one value in a frame.
enum Asked {
    Value(f64),
    Refused(String),
}

impl Editor {
    /// Of a panel with this title.
    pub(crate) fn new(panel: &'static str) -> Self {
        Self { panel, typed: None, seen: false, wrong: BTreeMap::new(), dragged: None }
    }

    /// The name of a control.
    fn name(&self, what: &str) -> String {
        format!("{what}, {}", self.panel)
    }

    /// A slider. It stands where it was drawn to, even where that was refused.
    pub(crate) fn slider(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, knob: &Knob, name: &Response) {
        let value = knob.value(cx.view.edits.now(), cx.scene);
        let mut slid = self.wrong(knob, value).map_or(value, |wrong| wrong.asked);
        let (low, high) = knob.range;
        if !slid.is_finite() {
            slid = low.max(0.0);
        }
        let before = slid;
        let slider = Slider::new(&mut slid, low..=high).show_value(false).clamping(SliderClamping::Never);
        let response = ui.add(slider).labelled_by(name.id);
        response.widget_info(|| WidgetInfo::slider(true, slid, &knob.label));
        let mine = self.dragged.as_ref() == Some(&knob.place);
        if mine && !response.dragged() && !response.drag_stopped() {
            self.dragged = None;
        }
        if response.changed() && slid != before {
            self.change(cx, knob, value, Asked::Value(slid), response.dragged());
        }
    }

    /// A field that shows the value, in another colour where it was changed, and takes a quantity with its unit or a bare number.
    pub(crate) fn field(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, knob: &Knob, width: f32) {
        let value = knob.value(cx.view.edits.now(), cx.scene);
        let typing = self.typed.as_ref().is_some_and(|(place, _)| *place == knob.place);
        self.seen |= typing;
        let mut text = match &self.typed {
            Some((_, text)) if typing => text.clone(),
            _ => knob.shown(value),
        };
        let changed = (value != knob.built).then(|| Tokens::in_use(ui).chosen);
        let edit = TextEdit::singleline(&mut text).desired_width(width).text_color_opt(changed);
        let field = ui.add(edit).accessible_name(self.name(&format!("{} as text", knob.label)));
        if field.changed() {
            self.typed = Some((knob.place.clone(), text.clone()));
            self.seen = true;
        }
        if typing && (field.lost_focus() || !field.has_focus()) {
            self.typed = None;
            if !ui.input(|i| i.key_pressed(Key::Escape)) {
                let asked = knob.read(&text).map_or_else(Asked::Refused, Asked::Value);
                self.change(cx, knob, value, asked, false);
            }
        }
    }

    /// A button back to what the file has.
    pub(crate) fn back(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, knob: &Knob) {
        let value = knob.value(cx.view.edits.now(), cx.scene);
        let changed = value != knob.built;
        let back = ui.add_enabled(changed, Button::new("reset").small());
        let back = back.on_hover_text(format!("Back to {}", knob.shown(knob.built)));
        back.widget_info(|| WidgetInfo::labeled(Role::Button, changed, self.name(&format!("Reset {}", knob.label))));
        if back.clicked() {
            self.change(cx, knob, value, Asked::Value(knob.built), false);
        }
    }

    /// What is wrong with what was asked of it last.
    pub(crate) fn complaint(&self, cx: &Cx<'_>, knob: &Knob) -> Option<&str> {
        if !self.wrong.contains_key(&knob.place) {
            return None;
        }
        self.wrong(knob, knob.value(cx.view.edits.now(), cx.scene)).map(|wrong| wrong.text.as_str())
    }

    fn wrong(&self, knob: &Knob, value: f64) -> Option<&Wrong> {
        let same = |wrong: &&Wrong| wrong.before == value || wrong.before.is_nan() && value.is_nan();
        self.wrong.get(&knob.place).filter(same)
    }

    /// Does what was asked, unless it cannot be: then it is told, and nothing changes.
    fn change(&mut self, cx: &mut Cx<'_>, knob: &Knob, before: f64, asked: Asked, dragged: bool) {
        let value = match asked {
            Asked::Value(value) => value,
            Asked::Refused(text) => {
                self.wrong.insert(knob.place.clone(), Wrong { asked: before, text, before });
                return;
            }
        };
        let mut edits = cx.view.edits.now().clone();
        knob.put(&mut edits, cx.scene, value);
        if let Some(text) = knob.wrong(&edits, cx.scene, value) {
            self.wrong.insert(knob.place.clone(), Wrong { asked: value, text, before });
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
    }

    /// Ways back over all changes, and why the running network did not take them up, where it did not.
    pub(crate) fn steps(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let edits = &mut cx.view.edits;
        let (back, on, all) = (edits.can_undo(), edits.can_redo(), !edits.now().is_empty());
        let mut moved = false;
        let mut button = |can, name: &str, about| {
            let button = ui.add_enabled(can, Button::new(name)).on_hover_text(about);
            button.accessible_name(self.name(name)).clicked()
        };
        if button(back, "Undo", "Take the last change back") {
            moved |= edits.undo();
        }
        if button(on, "Redo", "Change it again") {
            moved |= edits.redo();
        }
        if button(all, "Reset all", "Everything as the file has it") {
            edits.set(Edits::default());
            moved = true;
        }
        if moved {
            self.wrong.clear();
        }
        if let Some(why) = &cx.now.edits_refused {
            ui.colored_label(Tokens::in_use(ui).bad, why);
        }
    }

    /// Forgets what was being typed where its field is no longer shown: it would be taken up long after.
    pub(crate) fn tidy(&mut self) {
        if !std::mem::take(&mut self.seen) {
            self.typed = None;
        }
    }
}
