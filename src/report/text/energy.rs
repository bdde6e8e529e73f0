//! Energy of one inference on each device.

use super::bar::Axis;
use super::numbers::{NONE, count, share, si};
use super::page::{Look, Page};
use super::table::{Column, Table};
use super::words::{clean, items, name};
use crate::report::{Boundary, DeviceKind, EnergyEntry, Report, Runs};
use std::cmp::Ordering;

/// Columns of the bars on a wide and on a narrow page.
const BAR: [usize; 2] = [24, 15];

/// Writes a table for each pair of network and kind of device, cheapest first, all on one axis.
pub(super) fn write(report: &Report, page: &mut Page) {
    if report.energy.is_empty() {
        return;
    }
    let batches: Vec<u32> = report.energy.iter().map(|entry| entry.batch).collect();
    let one_batch = batches.iter().all(|batch| *batch == batches[0]).then(|| format!(" at batch {}", batches[0]));
    let at_batch = one_batch.as_deref().unwrap_or_default();
    page.title(&format!("ENERGY of one inference{at_batch} (low and high: 5th and 95th percentile)"));
    let columns = if page.width < 96 { BAR[1] } else { BAR[0] };
    let axis = Axis::over(report.energy.iter().filter_map(|entry| entry.energy_per_sample_j.as_ref()), columns);

    let mut groups: Vec<(Runs, DeviceKind)> = report.energy.iter().map(|entry| (entry.runs, entry.kind)).collect();
    groups.sort_unstable();
    groups.dedup();
    let mut table = table(axis.as_ref());
    for (runs, kind) in groups {
        let mut entries: Vec<_> = report.energy.iter().filter(|entry| (entry.runs, entry.kind) == (runs, kind)).collect();
        entries.sort_by(|a, b| by_nominal(a, b));
        table.heading(group(runs, kind).to_owned());
        for entry in entries {
            table.row(row(entry, axis.as_ref()));
            table.note(note(entry, one_batch.is_none()));
        }
    }
    page.table(&table);
    page.paragraph("Figures and sources of a device: spikewatt devices ID", "", Look::Faint);
}

fn by_nominal(a: &EnergyEntry, b: &EnergyEntry) -> Ordering {
    let nominal = |entry: &EnergyEntry| entry.energy_per_sample_j.map_or(f64::INFINITY, |energy| energy.nominal);
    b.fits.cmp(&a.fits).then(nominal(a).total_cmp(&nominal(b)))
}

fn group(runs: Runs, kind: DeviceKind) -> &'static str {
    match (runs, kind) {
        (Runs::Spiking, DeviceKind::Neuromorphic) => "Spiking network on neuromorphic devices",
        (Runs::Spiking, DeviceKind::Dense) => "Spiking network on conventional devices",
        (Runs::Spiking, DeviceKind::Biological) => "Spiking network in living tissue",
        (Runs::Dense, DeviceKind::Neuromorphic) => "Dense network on neuromorphic devices",
        (Runs::Dense, DeviceKind::Dense) => "Dense network on conventional devices",
        (Runs::Dense, DeviceKind::Biological) => "Dense network in living tissue",
    }
}

/// One table for all groups, so that the bars stand under one axis.
fn table(axis: Option<&Axis>) -> Table {
    let header = axis.map(|axis| axis.header("J")).unwrap_or_default();
    Table::new(vec![
        Column::words("device").cut_to(18),
        Column::numbers("low"),
        Column::numbers("nominal"),
        Column::numbers("high"),
        Column::words(&header).leaves(4),
        Column::words("boundary"),
        Column::words("evidence").cut_to(8).leaves(5),
        Column::numbers("tier").leaves(3),
        Column::numbers("latency").leaves(2),
        Column::numbers("power").leaves(1),
    ])
}

fn row(entry: &EnergyEntry, axis: Option<&Axis>) -> Vec<String> {
    let energy = entry.energy_per_sample_j.as_ref().filter(|_| entry.fits);
    let joules = |value: Option<f64>| value.map_or_else(|| NONE.to_owned(), |value| si(value, "J"));
    vec![
        name(&entry.device),
        joules(energy.map(|energy| energy.low)),
        joules(energy.map(|energy| energy.nominal)),
        joules(energy.map(|energy| energy.high)),
        energy.zip(axis).map(|(energy, axis)| axis.bar(energy)).unwrap_or_default(),
        boundary(entry.boundary).to_owned(),
        name(&entry.evidence),
        entry.tier.to_string(),
        entry.latency_s.map(|latency| si(latency, "s")).unwrap_or_default(),
        entry.power_w.map(|power| si(power.nominal, "W")).unwrap_or_default(),
    ]
}

fn boundary(boundary: Boundary) -> &'static str {
    match boundary {
        Boundary::Chip => "chip",
        Boundary::Board => "board",
        Boundary::System => "system",
    }
}

/// What stands under a device: its name, what costs most, what has no price.
fn note(entry: &EnergyEntry, show_batch: bool) -> String {
    let label = entry.name.as_deref().map(clean).filter(|label| *label != entry.device).unwrap_or_default();
    let batch = if show_batch { format!("batch {}", count(entry.batch.into())) } else { String::new() };
    if !entry.fits {
        let why = entry.why_not.as_deref().map_or_else(String::new, |why| format!(": {}", clean(why)));
        return items([label, batch, format!("the network does not fit{why}")]);
    }
    let unpriced = match entry.unpriced.as_slice() {
        [] => String::new(),
        unpriced => format!("not priced: {}", clean(&unpriced.join(", "))),
    };
    items([label, batch, dominant(entry), unpriced])
}

/// The largest term, with its share of the nominal energy.
fn dominant(entry: &EnergyEntry) -> String {
    let largest = entry.terms.iter().max_by(|a, b| a.nominal_j.total_cmp(&b.nominal_j));
    let named = entry.dominant_term.as_ref().and_then(|name| entry.terms.iter().find(|term| term.name == *name));
    let term = named.or(largest.filter(|_| entry.dominant_term.is_none()));
    let total: f64 = entry.terms.iter().map(|term| term.nominal_j).sum();
    match (term, &entry.dominant_term) {
        (Some(term), _) if entry.terms.len() > 1 && total > 0.0 => {
            format!("{} is {}", share(term.nominal_j / total, 0), clean(&term.name))
        }
        (Some(term), _) => clean(&term.name),
        (None, Some(name)) => format!("mostly {}", clean(name)),
        (None, None) => String::new(),
    }
}
