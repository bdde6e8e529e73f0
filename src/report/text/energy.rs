//! Energy of one inference on each device.

use super::bar::Bars;
use super::page::TextPage;
use crate::report::sections::numbers::{NONE, si};
use crate::report::sections::table::{Column, Table};
use crate::report::sections::words::{items, name};
use crate::report::sections::{Look, Page as _, energy};
use crate::report::{EnergyEntry, Report};

/// Columns of the bars on a wide and on a narrow page.
const BAR: [usize; 2] = [24, 15];

/// Writes a table for each pair of network and kind of device, cheapest first, all on one axis.
pub(super) fn write(report: &Report, page: &mut TextPage) {
    if report.energy.is_empty() {
        return;
    }
    page.title("Energy", &energy::beside_title(report));
    let one_batch = energy::common_batch(report).is_some();
    let columns = if page.width < 96 { BAR[1] } else { BAR[0] };
    let axis = Bars::over(report.energy.iter().filter_map(|entry| entry.energy_per_sample_j.as_ref()), columns);

    let mut table = empty_table(axis.as_ref());
    for group in energy::groups(report) {
        table.heading(group.title.to_owned());
        for entry in group.entries {
            table.row(row(entry, axis.as_ref()));
            table.note(items([energy::label(entry), energy::note(entry, !one_batch)]));
        }
    }
    page.table(&table);
    page.paragraph("Figures and sources of a device: spikewatt devices ID", Look::Faint);
}

/// One table for all groups, so that the bars stand under one axis.
fn empty_table(axis: Option<&Bars>) -> Table {
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

fn row(entry: &EnergyEntry, axis: Option<&Bars>) -> Vec<String> {
    let energy = entry.energy_per_sample_j.as_ref().filter(|_| entry.fits);
    let joules = |value: Option<f64>| value.map_or_else(|| NONE.to_owned(), |value| si(value, "J"));
    vec![
        name(&entry.device),
        joules(energy.map(|energy| energy.low)),
        joules(energy.map(|energy| energy.nominal)),
        joules(energy.map(|energy| energy.high)),
        energy.zip(axis).map(|(energy, axis)| axis.bar(energy)).unwrap_or_default(),
        energy::boundary(entry.boundary).to_owned(),
        name(&entry.evidence),
        entry.tier.to_string(),
        entry.latency_s.map(|latency| si(latency, "s")).unwrap_or_default(),
        entry.power_w.map(|power| si(power.nominal, "W")).unwrap_or_default(),
    ]
}
