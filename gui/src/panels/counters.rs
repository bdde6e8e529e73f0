//! Exact counts up to the moment.

use super::{Home, Panel, PanelSpec};
use crate::view::{Cx, Table};
use eframe::egui::{Grid, ScrollArea, Ui};
use spikewatt::counts::EventCounts;

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "counters",
    title: "Counters",
    about: "Spikes, synaptic events and neuron updates so far, by population and projection",
    home: Home::Right,
    open: true,
    make: || Box::new(Counters),
};

struct Counters;

impl Panel for Counters {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let table = rows(cx);
        ScrollArea::both().show(ui, |ui| {
            Grid::new("counters").striped(true).show(ui, |ui| {
                for title in &table.columns {
                    ui.strong(title);
                }
                ui.end_row();
                for row in &table.rows {
                    for cell in row {
                        ui.label(cell);
                    }
                    ui.end_row();
                }
            });
        });
    }

    fn table(&self, cx: &Cx<'_>) -> Option<Table> {
        Some(rows(cx))
    }
}

/// Counts up to the moment that is looked at.
fn counts_at(cx: &Cx<'_>) -> EventCounts {
    match cx.view.cursor {
        Some(tick) => cx.history.counts.at(tick).cloned().unwrap_or_default(),
        None => cx.now.counts.clone(),
    }
}

fn rows(cx: &Cx<'_>) -> Table {
    let counts = counts_at(cx);
    let columns = ["", "spikes", "events", "driven", "clocked"].map(String::from).to_vec();
    let mut rows = Vec::new();
    for (p, c) in cx.scene.net.populations.iter().zip(&counts.populations) {
        let cells = [c.spikes, c.stimulus_events, c.neuron_updates_driven, c.neuron_updates_clocked];
        rows.push(std::iter::once(p.name.clone()).chain(cells.iter().map(u64::to_string)).collect());
    }
    for (p, c) in cx.scene.net.projections.iter().zip(&counts.projections) {
        let cells = [c.spikes_in, c.synaptic_events];
        let none = || "–".to_owned();
        rows.push(std::iter::once(p.name.clone()).chain(cells.iter().map(u64::to_string)).chain([none(), none()]).collect());
    }
    Table { columns, rows }
}
