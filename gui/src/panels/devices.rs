//! Every device: what it is, whether the network fits, what the present sample takes there, and where each figure is from.

use super::results::recorded;
use super::{Home, Panel, PanelSpec};
use crate::bill::{Priced, joules, present_sample, what};
use crate::theme::Tokens;
use crate::view::{Cx, Table};
use eframe::egui::{Grid, RichText, ScrollArea, TextEdit, Ui};
use spikewatt::energy::{Device, DevicePage, Grade, Range, Runs};
use std::cmp::Ordering;

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "devices",
    title: "Devices",
    about: "Every device with its figures and their sources, whether the network fits, and what the present sample takes there",
    home: Home::Below,
    open: false,
    make: || Box::new(Devices::default()),
};

/// The columns, in order.
const COLUMNS: [&str; 9] = ["device", "kind", "runs", "figures include", "tier", "weakest evidence", "fits", "spiking", "dense"];

/// The columns as they stand in the window: first what is looked for.
const SHOWN: [usize; 9] = [0, 6, 7, 8, 1, 2, 3, 4, 5];

/// What the columns are.
const ABOUT: [&str; 9] = [
    "Its name",
    "Neuromorphic chips run spiking networks, processors dense ones",
    "Which networks it runs",
    "What its figures include: the arithmetic alone, the chip, or the whole system",
    "How much the model of its energy knows: 0 is counts of operations alone",
    "The weakest evidence that one of its figures rests on",
    "Whether this network fits on it",
    "Energy of the spiking network there, with its 5th to 95th percentile",
    "Energy of the dense network there, with its 5th to 95th percentile",
];

#[derive(Default)]
struct Devices {
    filter: String,
    /// The column by which rows are sorted, and whether downwards; the catalogue's order where absent.
    sorted: Option<(usize, bool)>,
    /// The device whose figures are shown.
    shown: Option<String>,
}

/// A row, with what it is sorted by.
struct Row<'a> {
    device: &'a Device,
    priced: Option<&'a Priced>,
}

impl Row<'_> {
    fn cell(&self, column: usize) -> String {
        let energy = |of: Option<Option<Range<f64>>>| match of {
            None | Some(None) => "–".into(),
            Some(Some(range)) => format!("{} ({} to {})", joules(range.nominal), joules(range.low), joules(range.high)),
        };
        match column {
            0 => self.device.name.clone(),
            1 => self.device.kind.word().into(),
            2 => self.device.runs.iter().map(|runs| runs.word()).collect::<Vec<_>>().join(", "),
            3 => what(self.device.boundary).into(),
            4 => self.priced.map_or("–".into(), |priced| priced.tier.to_string()),
            5 => self.device.weakest_grade().map_or("none", Grade::word).into(),
            6 if !self.device.runs(Runs::Spiking) => "–".into(),
            6 => self.priced.map_or("–", |priced| if priced.why_not.is_none() { "yes" } else { "no" }).into(),
            7 => energy(self.priced.map(|priced| priced.spiking)),
            _ => energy(self.priced.map(|priced| priced.dense)),
        }
    }

    /// Compares two rows by a column; what is missing comes last.
    fn compare(&self, other: &Self, column: usize) -> Ordering {
        let number = |row: &Self| match column {
            5 => row.device.weakest_grade().map(|grade| grade as usize as f64),
            7 => row.priced.and_then(|p| p.spiking).map(|range| range.nominal),
            8 => row.priced.and_then(|p| p.dense).map(|range| range.nominal),
            _ => None,
        };
        match (number(self), number(other)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => self.cell(column).to_lowercase().cmp(&other.cell(column).to_lowercase()),
        }
    }
}

impl Panel for Devices {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        recorded(ui, cx, "no device can be priced");
        let priced = cx.view.bill.shelf(ui.ctx(), cx);
        ui.horizontal_wrapped(|ui| {
            let label = ui.label("Filter");
            ui.add(TextEdit::singleline(&mut self.filter).desired_width(140.0).hint_text("name, kind, evidence"))
                .labelled_by(label.id);
            if cx.scene.recorded.is_some() {
                return;
            }
            let ran = present_sample(cx);
            let stretch = if cx.scene.task.is_some() { "the present sample" } else { "the run" };
            ui.label(format!("Prices of {stretch} so far, {} ms", crate::chart::short(cx.scene.ms(ran.counts.ticks))));
        });
        let catalogue = cx.catalogue;
        let waits = priced.is_none() && cx.scene.recorded.is_none();
        if waits {
            ui.label("Pricing every device …");
        }
        let rows = self.rows(catalogue.devices(), priced.as_deref().map_or(&[], Vec::as_slice));
        ScrollArea::both().auto_shrink(false).show(ui, |ui| {
            self.detail(ui, cx, &rows);
            self.grid(ui, cx, &rows);
        });
    }

    fn table(&self, cx: &Cx<'_>) -> Option<Table> {
        let priced = cx.view.bill.last_shelf();
        let rows = self.rows(cx.catalogue.devices(), priced.as_deref().map_or(&[], Vec::as_slice));
        let ends = ["spiking", "dense"].iter().flat_map(|side| ["low", "nominal", "high"].map(|end| format!("{side} {end}, J")));
        let columns =
            ["id"].iter().chain(&COLUMNS[..7]).map(|title| (*title).to_owned()).chain(["why not".into()]).chain(ends).collect();
        let row = |row: &Row<'_>| {
            let ends = |range: Option<Range<f64>>| match range {
                Some(range) => [range.low, range.nominal, range.high].map(|joules| joules.to_string()),
                None => Default::default(),
            };
            let why_not = row.priced.and_then(|p| p.why_not.clone()).unwrap_or_default();
            let prices = [row.priced.and_then(|p| p.spiking), row.priced.and_then(|p| p.dense)];
            std::iter::once(row.device.id.clone())
                .chain((0..7).map(|column| row.cell(column)))
                .chain([why_not])
                .chain(prices.into_iter().flat_map(ends))
                .collect()
        };
        Some(Table { columns, rows: rows.iter().map(row).collect() })
    }
}

impl Devices {
    /// The rows that pass the filter, in order.
    fn rows<'a>(&self, devices: &'a [Device], priced: &'a [Priced]) -> Vec<Row<'a>> {
        let of = |device: &'a Device| Row { device, priced: priced.iter().find(|priced| priced.id == device.id) };
        let wanted = self.filter.to_lowercase();
        let passes = |row: &Row<'_>| {
            let text = [row.device.id.clone()].into_iter().chain((0..6).map(|column| row.cell(column))).collect::<Vec<_>>();
            wanted.split_whitespace().all(|word| text.iter().any(|cell| cell.to_lowercase().contains(word)))
        };
        let mut rows: Vec<_> = devices.iter().map(of).filter(passes).collect();
        if let Some((column, down)) = self.sorted {
            rows.sort_by(|a, b| if down { b.compare(a, column) } else { a.compare(b, column) });
        }
        rows
    }

    fn grid(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, rows: &[Row<'_>]) {
        let tokens = Tokens::in_use(ui);
        Grid::new("devices").striped(true).show(ui, |ui| {
            for at in SHOWN {
                let title = COLUMNS[at];
                let mark = match self.sorted {
                    Some((column, false)) if column == at => " (up)",
                    Some((column, true)) if column == at => " (down)",
                    _ => "",
                };
                if ui
                    .button(RichText::new(format!("{title}{mark}")).strong())
                    .on_hover_text(format!("{}. Click: sort by this", ABOUT[at]))
                    .clicked()
                {
                    self.sorted = match self.sorted {
                        Some((column, false)) if column == at => Some((at, true)),
                        Some((column, true)) if column == at => None,
                        _ => Some((at, false)),
                    };
                }
            }
            ui.end_row();
            for row in rows {
                let id = &row.device.id;
                let shown = self.shown.as_ref() == Some(id);
                let colour = match id {
                    id if *id == cx.view.spiking_device => tokens.spiking,
                    id if *id == cx.view.dense_device => tokens.dense,
                    _ => ui.visuals().text_color(),
                };
                if ui.selectable_label(shown, RichText::new(&row.device.name).color(colour)).clicked() {
                    self.shown = if shown { None } else { Some(id.clone()) };
                    // One that runs both kinds stands on both sides: such prices are the only ones that are wholly alike.
                    if row.device.runs(Runs::Spiking) {
                        cx.view.spiking_device.clone_from(id);
                    }
                    if row.device.runs(Runs::Dense) {
                        cx.view.dense_device.clone_from(id);
                    }
                }
                for column in SHOWN.into_iter().skip(1) {
                    let why_not = row.priced.and_then(|priced| priced.why_not.as_deref()).filter(|_| column == 6);
                    match why_not {
                        Some(why) => ui.label(RichText::new("no").color(tokens.bad)).on_hover_text(why),
                        None => ui.label(row.cell(column)),
                    };
                }
                ui.end_row();
            }
        });
    }

    /// All figures of the device that was clicked, with their sources.
    fn detail(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, rows: &[Row<'_>]) {
        let Some(row) = self.shown.as_ref().and_then(|id| rows.iter().find(|row| row.device.id == *id)) else { return };
        let page = row.device.page();
        ui.horizontal_wrapped(|ui| {
            ui.strong(&row.device.name);
            for (runs, chosen) in [(Runs::Spiking, &mut cx.view.spiking_device), (Runs::Dense, &mut cx.view.dense_device)] {
                if row.device.runs(runs) {
                    let here = *chosen == row.device.id;
                    if ui.add_enabled(!here, eframe::egui::Button::new(format!("Use as {} device", runs.word()))).clicked() {
                        chosen.clone_from(&row.device.id);
                    }
                }
            }
            if ui.button("Close figures").clicked() {
                self.shown = None;
            }
        });
        if let Some(why) = row.priced.and_then(|priced| priced.why_not.as_ref()) {
            ui.label(RichText::new(format!("This network does not fit: {why}.")).color(Tokens::in_use(ui).bad));
        }
        for line in page.head.iter().chain(&page.limits) {
            ui.label(line);
        }
        Grid::new("figures").striped(true).show(ui, |ui| {
            for title in DevicePage::COLUMNS {
                ui.strong(title);
            }
            ui.end_row();
            for figure in &page.figures {
                for cell in figure {
                    ui.label(cell);
                }
                ui.end_row();
            }
        });
        for source in &page.sources {
            ui.label(RichText::new(source).small());
        }
        if let Some(notes) = &page.notes {
            ui.label(RichText::new(notes).small());
        }
        ui.separator();
    }
}
