//! Two meters side by side: what the spiking network takes on one device, and the dense one on another.

mod breakdown;
mod course;
mod meter;
pub(crate) mod scale;

use super::results::recorded;
use super::{Home, Panel, PanelSpec};
use crate::bill::{Moment, joules};
use crate::theme::Tokens;
use crate::view::{Cx, Table};
use breakdown::By;
use eframe::egui::{CollapsingHeader, RichText, ScrollArea, Ui};
use spikewatt::energy::Winner;

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "energy",
    title: "Energy",
    about: "What the spiking and the dense network have taken up to the moment, on two devices side by side",
    home: Home::Right,
    open: true,
    make: || Box::new(Energy::default()),
};

#[derive(Default)]
struct Energy {
    by: By,
}

impl Panel for Energy {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if recorded(ui, cx, "its energy is not known") {
            return;
        }
        let bill = cx.view.bill.clone();
        let moment = bill.moment(ui.ctx(), cx);
        let moment = moment.as_deref();
        let fresh = moment.filter(|m| m.spiking.device == cx.view.spiking_device && m.dense.device == cx.view.dense_device);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            verdict(ui, moment);
            meter::meters(ui, cx, fresh);
            course::chart(ui, cx, fresh);
            if let Some(moment) = fresh {
                self.by.ui(ui, moment);
                notes(ui, moment);
            }
        });
    }

    fn table(&self, cx: &Cx<'_>) -> Option<Table> {
        let course = cx.view.bill.last_course()?;
        let columns = ["time, ms", "side", "device", "low, J", "nominal, J", "high, J"].map(String::from).to_vec();
        let mut rows = Vec::new();
        for (side, device, line) in
            [("spiking", &course.spiking_device, &course.spiking), ("dense", &course.dense_device, &course.dense)]
        {
            for (tick, range) in line {
                let cells = [range.low, range.nominal, range.high].map(|joules| joules.to_string());
                let head = [cx.scene.ms(*tick).to_string(), side.into(), device.clone()];
                rows.push(head.into_iter().chain(cells).collect());
            }
        }
        Some(Table { columns, rows })
    }
}

/// Who takes less so far.
fn verdict(ui: &mut Ui, moment: Option<&Moment>) {
    let tokens = Tokens::in_use(ui);
    let Some(moment) = moment else {
        ui.label("Nothing has been priced yet.");
        return;
    };
    let colour = match moment.outcome.winner {
        Winner::Spiking => tokens.spiking,
        Winner::Dense => tokens.dense,
        Winner::Undecided => ui.visuals().strong_text_color(),
    };
    ui.label(RichText::new(&moment.outcome.text).color(colour).strong());
    for but in &moment.outcome.but {
        ui.label(RichText::new(but).small().color(tokens.faint));
    }
}

/// What is not priced, and what the figures rest on.
fn notes(ui: &mut Ui, moment: &Moment) {
    for (side, which) in [(&moment.spiking, "Spiking"), (&moment.dense, "Dense")] {
        if side.nothing.is_some() && side.unpriced.is_empty() {
            continue;
        }
        if !side.unpriced.is_empty() {
            ui.label(format!("{which}, not priced: {}.", side.unpriced.join("; ")));
        }
        let grade = side.evidence.map_or("none", |grade| grade.word());
        let head = format!("{which}: tier {}, weakest evidence {grade}", side.tier);
        CollapsingHeader::new(head).id_salt(which).show(ui, |ui| {
            ui.label(format!("Sources: {}", side.source));
            for caveat in &side.caveats {
                ui.label(format!("– {caveat}"));
            }
        });
    }
    ui.label(RichText::new(moment.ran.dense.words()).small());
}

/// An energy that may be missing.
fn or_dash(value: Option<f64>) -> String {
    value.map_or("–".into(), joules)
}
