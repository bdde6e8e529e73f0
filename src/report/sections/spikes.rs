//! Spikes and events of each population and projection.

use super::numbers::{NONE, column, count, mean, ratio, share};
use super::setting::per_sample;
use super::table::{Column, Table};
use super::words::name;
use super::{Look, Page};
use crate::report::{PopulationCountsEntry, Report};

/// Rows of a table beyond which the rest is left to the JSON.
pub(in crate::report) const MOST_ROWS: usize = 48;

/// Writes what each population did.
pub(in crate::report) fn populations(report: &Report, page: &mut dyn Page) {
    if report.counts.populations.is_empty() {
        return;
    }
    page.title("Populations", &per_sample(report));
    let samples = report.run.samples.max(1);
    let entries = &report.counts.populations;
    let shown = &entries[..entries.len().min(MOST_ROWS)];
    let each = |value: u64| Some(value as f64 / samples as f64);
    let figures = |of: &dyn Fn(&PopulationCountsEntry) -> Option<f64>, sum: Option<f64>| {
        let mut values: Vec<_> = shown.iter().map(of).collect();
        values.push(sum);
        column(&values)
    };
    let total = &report.counts.total;
    let neurons = report.network.neurons;
    let spikes = figures(&|p| Some(p.spikes_per_sample), each(total.spikes));
    let per_neuron = figures(
        &|p| (p.size > 0).then(|| p.spikes_per_sample / p.size as f64),
        (neurons > 0).then(|| total.spikes as f64 / samples as f64 / neurons as f64),
    );
    let seconds = report.run.duration_s * samples as f64 * neurons as f64;
    let rate = figures(&|p| Some(p.rate_hz), (seconds > 0.0).then(|| total.spikes as f64 / seconds));
    let events = figures(&|p| each(p.synaptic_events_in), each(total.synaptic_events));
    let driven = figures(&|p| p.neuron_updates_driven.and_then(each), each(total.neuron_updates_driven));
    let clocked = figures(&|p| p.neuron_updates_clocked.and_then(each), each(total.neuron_updates_clocked));
    let idle = |driven: Option<u64>, clocked: Option<u64>| {
        let driven = driven.zip(clocked).and_then(|(driven, clocked)| ratio(driven, clocked));
        driven.map_or_else(|| NONE.to_owned(), |driven| share(1.0 - driven, 1))
    };

    let mut table = Table::new(vec![
        Column::words("").cut_to(8),
        Column::numbers("neurons"),
        Column::numbers("spikes"),
        Column::numbers("per neuron").leaves(1),
        Column::numbers("rate Hz"),
        Column::numbers("events in"),
        Column::numbers("driven").leaves(3),
        Column::numbers("clocked").leaves(2),
        Column::numbers("idle"),
    ]);
    let mut row = |at: usize, label: String, size: u64, driven_of: Option<u64>, clocked_of: Option<u64>| {
        table.row(vec![
            label,
            count(size),
            spikes[at].clone(),
            per_neuron[at].clone(),
            rate[at].clone(),
            events[at].clone(),
            driven[at].clone(),
            clocked[at].clone(),
            idle(driven_of, clocked_of),
        ]);
    };
    for (at, p) in shown.iter().enumerate() {
        row(at, name(&p.name), p.size, p.neuron_updates_driven, p.neuron_updates_clocked);
    }
    if entries.len() > 1 {
        row(shown.len(), "all".to_owned(), neurons, Some(total.neuron_updates_driven), Some(total.neuron_updates_clocked));
    }
    page.table(&table);
    rest(entries.len(), page);
    if total.stimulus_events > 0 {
        let events = each(total.stimulus_events).map(mean).unwrap_or_default();
        page.paragraph(&format!("Events that stimuli brought besides: {events}."), Look::Plain);
    }
    if let Some(part) = ratio(total.synaptic_events_dropped, total.synaptic_events).filter(|part| *part > 0.0) {
        let text = format!("{} of the synaptic events met a refractory neuron and were dropped.", share(part, 1));
        page.paragraph(&text, Look::Plain);
    }
    page.paragraph(
        "events in: delivered spikes × synapses; driven: neuron updates that an event or analog input caused; clocked: neurons × \
         steps, what a chip that updates all neurons pays; idle: the share of clocked updates without cause.",
        Look::Faint,
    );
}

/// Writes what each projection carried.
pub(in crate::report) fn projections(report: &Report, page: &mut dyn Page) {
    if report.counts.projections.is_empty() {
        return;
    }
    page.title("Projections", &per_sample(report));
    let samples = report.run.samples.max(1);
    let entries = &report.counts.projections;
    let shown = &entries[..entries.len().min(MOST_ROWS)];
    let each = |value: u64| Some(value as f64 / samples as f64);
    let spikes = column(&shown.iter().map(|p| each(p.spikes_in)).collect::<Vec<_>>());
    let events = column(&shown.iter().map(|p| each(p.synaptic_events)).collect::<Vec<_>>());
    let mut table = Table::new(vec![
        Column::words("").cut_to(8),
        Column::numbers("synapses"),
        Column::numbers("spikes in"),
        Column::numbers("synaptic events"),
        Column::numbers("share"),
        Column::numbers("per synapse").leaves(1),
    ]);
    let per_synapse = |events: u64, synapses: u64| ratio(events, synapses.saturating_mul(samples));
    let per_synapse = column(&shown.iter().map(|p| per_synapse(p.synaptic_events, p.synapses)).collect::<Vec<_>>());
    for (at, p) in shown.iter().enumerate() {
        table.row(vec![
            name(&p.name),
            count(p.synapses),
            spikes[at].clone(),
            events[at].clone(),
            ratio(p.synaptic_events, report.counts.total.synaptic_events).map_or_else(|| NONE.to_owned(), |part| share(part, 1)),
            per_synapse[at].clone(),
        ]);
    }
    page.table(&table);
    rest(entries.len(), page);
}

/// Says how many rows were left out.
fn rest(rows: usize, page: &mut dyn Page) {
    if rows > MOST_ROWS {
        page.paragraph(&format!("{} more are in the JSON report (--json).", count((rows - MOST_ROWS) as u64)), Look::Faint);
    }
}
