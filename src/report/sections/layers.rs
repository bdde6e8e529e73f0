//! Which layer takes what, on the devices that matter most.

use super::numbers::{NONE, share, si};
use super::table::{Column, Table};
use super::words::{clean, name};
use super::{Page, curves};
use crate::report::{DeviceKind, EnergyEntry, Report, Runs};

/// Rows of a device before the others are one.
const MOST_ROWS: usize = 12;

/// Writes the layers of the devices that [`chosen`] names.
pub(in crate::report) fn write(report: &Report, page: &mut dyn Page) {
    let chosen = chosen(report);
    if chosen.is_empty() {
        return;
    }
    page.title("Energy by layer", " of one inference (low and high: 5th and 95th percentile)");
    let mut table = Table::new(vec![
        Column::words("layer").cut_to(18),
        Column::numbers("low"),
        Column::numbers("nominal"),
        Column::numbers("high"),
        Column::numbers("share"),
    ]);
    for entry in chosen {
        let runs = match entry.runs {
            Runs::Spiking => "spiking",
            Runs::Dense => "dense",
        };
        table.heading(format!("{}, {runs} network", name(&entry.device)));
        let total: f64 = entry.layers.iter().map(|layer| layer.nominal_j).sum();
        let joules = |joules: Option<f64>| joules.map_or_else(|| NONE.to_owned(), |joules| si(joules, "J"));
        let part = |nominal: f64| if total > 0.0 { share(nominal / total, 1) } else { NONE.to_owned() };
        let shown = if entry.layers.len() > MOST_ROWS { MOST_ROWS - 1 } else { entry.layers.len() };
        for layer in &entry.layers[..shown] {
            let nominal = layer.nominal_j;
            table.row(vec![clean(&layer.name), joules(layer.low_j), joules(Some(nominal)), joules(layer.high_j), part(nominal)]);
        }
        let others = &entry.layers[shown..];
        if !others.is_empty() {
            let nominal = others.iter().map(|layer| layer.nominal_j).sum();
            let these = format!("{} others", others.len());
            table.row(vec![these, NONE.to_owned(), joules(Some(nominal)), NONE.to_owned(), part(nominal)]);
        }
    }
    page.table(&table);
}

/// Both sides of the first device that runs both networks, and the chip that takes least.
fn chosen(report: &Report) -> Vec<&EnergyEntry> {
    let told = |entry: &&EnergyEntry| {
        let has_layers = entry.layers.iter().any(|layer| !layer.no_layer);
        entry.fits && entry.energy_per_sample_j.is_some() && has_layers
    };
    let both = curves::chosen(report).into_iter().find(|curve| curve.spiking == curve.dense).map(|curve| curve.spiking.as_str());
    let pair = report.energy.iter().filter(told).filter(|entry| Some(entry.device.as_str()) == both && entry.batch == 1);
    let nominal = |entry: &EnergyEntry| entry.energy_per_sample_j.map_or(f64::INFINITY, |energy| energy.nominal);
    let chips = report.energy.iter().filter(told);
    let chips = chips.filter(|entry| entry.kind == DeviceKind::Neuromorphic && entry.runs == Runs::Spiking && entry.tier >= 3);
    let chip = chips.min_by(|a, b| nominal(a).total_cmp(&nominal(b)));
    let mut chosen: Vec<_> = pair.collect();
    chosen.extend(chip.filter(|chip| Some(chip.device.as_str()) != both));
    chosen
}
