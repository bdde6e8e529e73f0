//! What a file of results says of its run.

use super::{Home, Panel, PanelSpec};
use crate::bill::joules;
use crate::view::{Action, Cx, Table};
use eframe::egui::{Grid, Role, ScrollArea, Ui, WidgetInfo};

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "results",
    title: "Results",
    about: "The report of a run that was recorded: what ran, what was counted, what it took",
    home: Home::Right,
    open: false,
    make: || Box::new(Results),
};

struct Results;

/// Says that `what` cannot be told of a recording, and where to look instead; false where a network runs.
pub(super) fn recorded(ui: &mut Ui, cx: &mut Cx<'_>, what: &str) -> bool {
    if cx.scene.recorded.is_none() {
        return false;
    }
    ui.label(format!(
        "This is a recording: it keeps spikes, and not what they set in motion, so {what}. Open the network's own file and run it, or \
         look at what the recorded run reported."
    ));
    let button = ui.button("Show the report").on_hover_text("Opens the panel Results");
    // Several panels may say so beside one another.
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Show the report, since {what}")));
    if button.clicked() {
        cx.actions.push(Action::ShowPanel(SPEC.id));
    }
    true
}

impl Panel for Results {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let Some(table) = self.table(cx) else {
            ui.label(
                "This is a network that runs. The report of a run is shown here when a file of results is open: \
                 File, Open results. `spikewatt run --out` writes one.",
            );
            return;
        };
        ScrollArea::both().show(ui, |ui| {
            Grid::new("results").striped(true).num_columns(2).show(ui, |ui| {
                for row in &table.rows {
                    for cell in row {
                        ui.label(cell);
                    }
                    ui.end_row();
                }
            });
            if cx.scene.recorded.as_ref().is_some_and(|recorded| recorded.report.is_none()) {
                ui.label("The file has no report: it was not written by `spikewatt run --out`.");
            }
        });
    }

    fn table(&self, cx: &Cx<'_>) -> Option<Table> {
        let recorded = cx.scene.recorded.as_ref()?;
        let mut rows: Vec<[String; 2]> = vec![["spikes in the file".into(), recorded.spikes.to_string()]];
        if let Some(report) = &recorded.report {
            let (network, run, counts) = (&report.network, &report.run, &report.counts);
            rows.push(["network".into(), network.name.clone()]);
            rows.push(["neurons".into(), network.neurons.to_string()]);
            rows.push(["synapses".into(), network.synapses.to_string()]);
            rows.push(["simulated time of a sample (s)".into(), run.duration_s.to_string()]);
            rows.push(["samples".into(), run.samples.to_string()]);
            rows.push(["engine".into(), run.engine.clone()]);
            rows.push(["seed".into(), run.seed.to_string()]);
            if run.partial {
                rows.push(["interrupted".into(), "yes: all figures are of what ran until then".into()]);
            }
            for p in &counts.populations {
                rows.push([format!("spikes of {}", p.name), format!("{} ({:.3} Hz)", p.spikes, p.rate_hz)]);
            }
            rows.push(["synaptic events".into(), counts.total.synaptic_events.to_string()]);
            rows.push(["neuron updates, driven".into(), counts.total.neuron_updates_driven.to_string()]);
            rows.push(["neuron updates, clocked".into(), counts.total.neuron_updates_clocked.to_string()]);
            if let Some(accuracy) = report.task.as_ref().and_then(|task| task.accuracy) {
                rows.push(["accuracy".into(), format!("{:.1} %", accuracy * 100.0)]);
            }
            for entry in &report.energy {
                let told = match &entry.energy_per_sample_j {
                    Some(e) => format!("{} ({} to {}) a sample", joules(e.nominal), joules(e.low), joules(e.high)),
                    None => entry.why_not.clone().unwrap_or_else(|| "no figure".into()),
                };
                rows.push([format!("energy on {}", entry.device), told]);
            }
            if let Some(verdict) = &report.verdict {
                rows.push(["verdict".into(), verdict.text.clone()]);
            }
        }
        let columns = ["what", "value"].map(String::from).to_vec();
        Some(Table { columns, rows: rows.into_iter().map(Vec::from).collect() })
    }
}
