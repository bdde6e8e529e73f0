//! The whole network as tables: populations, projections, stimuli; what can change while it runs is edited in its cell.

mod rows;
mod sheet;
mod stimuli;

use super::{Home, Panel, PanelSpec};
use crate::knobs::{Editor, fixed};
use crate::view::{Cx, Table};
use eframe::egui::{TextEdit, Ui};
use sheet::{Sheet, sheets};
use spikewatt::compile::CompiledNetwork;
use std::sync::{Arc, Weak};

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "parameters",
    title: "Parameters",
    about: "Every population, projection and stimulus with its values: see what is in the file, and change what can change while it runs",
    home: Home::Below,
    open: true,
    make: || Box::new(Parameters::of(Weak::new(), Vec::new(), 0, String::new())),
};

struct Parameters {
    /// What the tables were made of.
    of: Weak<CompiledNetwork>,
    sheets: Vec<Sheet>,
    /// The table that is shown.
    shown: usize,
    filter: String,
    /// The lines that a filter left, and of which table.
    left: Option<(usize, String, Vec<usize>)>,
    editor: Editor,
}

impl Parameters {
    fn of(of: Weak<CompiledNetwork>, sheets: Vec<Sheet>, shown: usize, filter: String) -> Self {
        Self { of, sheets, shown, filter, left: None, editor: Editor::new(SPEC.title) }
    }
}

impl Panel for Parameters {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if !self.of.ptr_eq(&Arc::downgrade(&cx.scene.built)) {
            let (shown, filter) = (self.shown, std::mem::take(&mut self.filter));
            let of = Arc::downgrade(&cx.scene.built);
            *self = Self::of(of, sheets(cx.scene), shown, filter);
        }
        if let Some(why) = fixed(cx.scene) {
            ui.label(why);
        }
        if cx.scene.recorded.is_some() {
            return;
        }
        ui.horizontal_wrapped(|ui| {
            for (at, sheet) in self.sheets.iter().enumerate() {
                ui.selectable_value(&mut self.shown, at, format!("{} ({})", sheet.title, sheet.things));
            }
            let label = ui.label("Filter");
            let line = TextEdit::singleline(&mut self.filter).desired_width(110.0).hint_text("e tau");
            ui.add(line).labelled_by(label.id).on_hover_text("A name, or a part of one; several of them narrow it down");
            if !self.filter.is_empty() && ui.small_button("Clear filter").clicked() {
                self.filter.clear();
            }
            if fixed(cx.scene).is_none() {
                self.editor.steps(ui, cx);
            }
        });
        let Some(sheet) = self.sheets.get_mut(self.shown) else { return };
        let known = self.left.take().filter(|(shown, filter, _)| *shown == self.shown && *filter == self.filter);
        let left = known.unwrap_or_else(|| (self.shown, self.filter.clone(), sheet.matching(&self.filter)));
        if left.2.is_empty() {
            ui.weak(if sheet.lines.is_empty() { "The network has none." } else { "Nothing has such a name." });
        }
        rows::show(ui, cx, sheet, &left.2, &mut self.editor);
        self.left = Some(left);
        self.editor.tidy();
    }

    fn table(&self, cx: &Cx<'_>) -> Option<Table> {
        if cx.scene.recorded.is_some() {
            return None;
        }
        let sheets = sheets(cx.scene);
        let mut columns = vec!["kind of thing".to_owned()];
        for column in sheets.iter().flat_map(|sheet| &sheet.columns) {
            if !columns.iter().any(|other| other == column.title) {
                columns.push(column.title.to_owned());
            }
        }
        let edits = cx.view.edits.now();
        let mut rows = Vec::new();
        for sheet in &sheets {
            let places: Vec<_> = sheet.columns.iter().map(|c| columns.iter().position(|other| other == c.title)).collect();
            for line in &sheet.lines {
                let mut row = vec![String::new(); columns.len()];
                row[0] = sheet.one.to_owned();
                for (at, (cell, place)) in line.cells.iter().zip(&places).enumerate() {
                    let now = line.knob.as_ref().filter(|_| at == sheet.now);
                    let text = now.map_or_else(|| cell.clone(), |knob| knob.shown(knob.value(edits, cx.scene)));
                    if let Some(place) = place {
                        row[*place] = text;
                    }
                }
                rows.push(row);
            }
        }
        Some(Table { columns, rows })
    }
}
