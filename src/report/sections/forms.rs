//! What the dense network takes in each of its forms: on every device, one inference at a time and in a batch.

use super::numbers::{NONE, share, si};
use super::table::{Column, Table};
use super::words::{clean, name};
use super::{Look, Page};
use crate::report::{DenseVariantEntry, FormEnergyEntry, Report};

/// Writes the prices of the dense network's forms.
pub(in crate::report) fn write(report: &Report, page: &mut dyn Page) {
    let Some(dense) = report.dense.as_ref() else { return };
    let Some(first) = dense.variants.first().filter(|first| !first.energy.is_empty()) else { return };
    let mut columns = vec![Column::words("device").cut_to(12)];
    columns.push(Column::numbers(&format!("{} low to high", short(&first.name))).leaves(1));
    // The forms that come last leave first, down to what the network is and int8.
    let leaves = |at: usize| u8::try_from(dense.variants.len() - at + 1).unwrap_or(u8::MAX);
    columns.extend(dense.variants.iter().enumerate().map(|(at, v)| {
        let column = Column::numbers(&short(&v.name));
        if at < 2 { column } else { column.leaves(leaves(at)) }
    }));
    let mut table = Table::new(columns);
    for batch in batches(first) {
        table.heading(match batch {
            1 => "At batch 1".to_owned(),
            _ => format!("At batch {batch}"),
        });
        for entry in first.energy.iter().filter(|entry| entry.batch == batch) {
            let mut cells = vec![name(&entry.device), ends(entry)];
            cells.extend(dense.variants.iter().map(|variant| nominal(variant, &entry.device, batch)));
            table.row(cells);
        }
    }
    page.title("Energy of dense variants", ", one inference, nominal");
    page.table(&table);
    page.paragraph(
        "Each form in its own numeric type where the device has figures of it, else in a type that it has. Zeros cost nothing where the device's \
         file says so: in tables of operations and memory; ° marks where weights left out save nothing that is known. A batch shares the launch \
         of a call and the reading of weights. Low to high: 5th and 95th percentile.",
        Look::Faint,
    );
    page.paragraph("How much of each device is used:", Look::Plain);
    let used = used(first);
    let facts: Vec<(&str, String)> = used.iter().map(|(device, text)| (device.as_str(), text.clone())).collect();
    page.facts(&facts);
}

/// A form's name as the head of a column.
fn short(name: &str) -> String {
    clean(&name.replace(" activations", "").replace("-bit weights, ", "/"))
}

/// The batches of a form, in order.
fn batches(first: &DenseVariantEntry) -> Vec<u64> {
    let mut batches: Vec<u64> = first.energy.iter().map(|entry| entry.batch).collect();
    batches.sort_unstable();
    batches.dedup();
    batches
}

/// The ends of the range.
fn ends(entry: &FormEnergyEntry) -> String {
    entry.energy_per_sample_j.map_or_else(String::new, |range| format!("{} to {}", si(range.low, "J"), si(range.high, "J")))
}

/// The nominal energy of a form.
fn nominal(variant: &DenseVariantEntry, device: &str, batch: u64) -> String {
    let Some(entry) = variant.energy.iter().find(|entry| entry.device == device && entry.batch == batch) else {
        return NONE.to_owned();
    };
    let saves_nothing = entry.caveats.iter().any(|text| text.starts_with("weights left out save nothing"));
    let mark = if saves_nothing { "°" } else { "" };
    entry.energy_per_sample_j.map_or_else(|| NONE.to_owned(), |range| format!("{}{mark}", si(range.nominal, "J")))
}

/// How much of each device is used: the share at each batch, and of what.
fn used(first: &DenseVariantEntry) -> Vec<(String, String)> {
    let mut told: Vec<(String, Vec<String>, &str)> = Vec::new();
    for entry in &first.energy {
        let Some(utilisation) = &entry.utilisation else { continue };
        let device = name(&entry.device);
        if !told.iter().any(|(other, ..)| *other == device) {
            told.push((device, Vec::new(), &utilisation.reason));
        }
        let Some((_, shares, _)) = told.last_mut() else { continue };
        let time = entry.latency_s.map(|time| format!(" in {}", si(time, "s"))).unwrap_or_default();
        shares.extend(utilisation.share.map(|part| format!("{}{time} at batch {}", share(part, 1), entry.batch)));
    }
    told.into_iter().map(|(device, shares, reason)| (device, format!("{} {}", shares.join(", "), clean(reason)))).collect()
}
