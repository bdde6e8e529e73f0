//! What a network is worth in fewer bits: the spiking one on chips, the dense one in other forms.

use super::accuracy::interval;
use super::numbers::{NONE, bytes, count, decimal, mean, share, si};
use super::setting::per_sample;
use super::table::{Column, Table};
use super::words::{clean, name};
use super::{Look, Page};
use crate::report::{PrecisionEntry, Report};

/// Writes the accuracy that remains on each chip.
pub(in crate::report) fn chips(report: &Report, page: &mut dyn Page) {
    if report.precision.is_empty() {
        return;
    }
    let mut table = Table::new(vec![
        Column::words("device").cut_to(12),
        Column::numbers("weights").leaves(3),
        Column::numbers("state").leaves(2),
        Column::numbers("accuracy"),
        Column::numbers("95 % interval"),
        Column::numbers("changed"),
        Column::numbers("events").leaves(1),
        Column::numbers("energy").leaves(4),
    ]);
    let bits = |bits: u64| format!("{bits} bit{}", if bits == 1 { "" } else { "s" });
    let answer = |accuracy: Option<f64>| accuracy.map_or_else(|| NONE.to_owned(), |accuracy| share(accuracy, 2));
    let task = report.task.as_ref();
    if let Some(task) = task {
        let from_task = task.accuracy.and_then(|accuracy| crate::report::wilson(accuracy, task.samples));
        let events = report.counts.total.synaptic_events as f64 / report.run.samples.max(1) as f64;
        let full = "full precision".to_owned();
        table.row(vec![
            full,
            String::new(),
            String::new(),
            answer(task.accuracy),
            interval(from_task),
            NONE.to_owned(),
            mean(events),
            String::new(),
        ]);
    }
    for entry in &report.precision {
        table.row(vec![
            name(&entry.device),
            bits(entry.weight_bits),
            entry.state_bits.map_or_else(|| "float".to_owned(), bits),
            answer(entry.accuracy),
            interval(entry.accuracy_interval),
            entry.changed.map_or_else(|| NONE.to_owned(), count),
            mean(entry.synaptic_events_per_sample),
            energy(entry),
        ]);
        table.note(clean(&entry.rule));
    }
    page.title("Precision", " of chips");
    page.table(&table);
    page.paragraph(
        "changed: answers that are not those in full precision; events: synaptic events of a sample; energy: nominal, of a sample with the counts of the \
         network as the chip holds it; float: the bits of its state are not published, and state was kept in floating point. Weights were \
         rounded, not trained again.",
        Look::Faint,
    );
    for entry in &report.precision {
        for note in &entry.notes {
            page.paragraph(&format!("{}: {}", name(&entry.device), clean(note)), Look::Faint);
        }
    }
}

/// The nominal energy of a sample on the chip.
fn energy(entry: &PrecisionEntry) -> String {
    let Some(priced) = &entry.energy else { return String::new() };
    // As in the table of energies, nothing is told of a network that the chip does not hold.
    let energy = priced.energy_per_sample_j.filter(|_| priced.fits);
    energy.map_or_else(|| NONE.to_owned(), |range| si(range.nominal, "J"))
}

/// Writes the dense network in its other forms.
pub(in crate::report) fn dense(report: &Report, page: &mut dyn Page) {
    let Some(dense) = report.dense.as_ref().filter(|dense| !dense.variants.is_empty()) else { return };
    let mut table = Table::new(vec![
        Column::words("dense network").cut_to(12),
        Column::numbers("accuracy"),
        Column::numbers("95 % interval").leaves(2),
        Column::numbers("changed").leaves(3),
        Column::numbers("MACs"),
        Column::numbers("effective"),
        Column::numbers("weights"),
        Column::numbers("at batch 64").leaves(1),
        Column::numbers("bits").leaves(4),
    ]);
    let a_sample = |sum: u64, samples: u64| decimal(sum as f64 / samples.max(1) as f64, 0);
    for (at, v) in dense.variants.iter().enumerate() {
        let batch = v.batches.last().map(|b| bytes(b.weight_bytes_per_sample.round() as u64)).unwrap_or_default();
        table.row(vec![
            name(&v.name),
            v.accuracy.map_or_else(|| NONE.to_owned(), |accuracy| share(accuracy, 2)),
            interval(v.accuracy_interval),
            if at == 0 { NONE.to_owned() } else { count(v.changed) },
            a_sample(v.macs, v.samples),
            a_sample(v.effective_macs, v.samples),
            bytes(v.weight_bytes),
            batch,
            format!("{}/{}", v.weight_bits, v.activation_bits),
        ]);
    }
    page.title("Dense variants", &per_sample(report));
    page.table(&table);
    page.paragraph(
        "Each was run over the same samples; none was trained again. effective: multiply-accumulates of a non-zero input and a non-zero \
         weight, which is what a machine that skips zeros does; weights: bytes kept, read once an inference at batch 1 and once in 64 at batch 64; bits: of \
         a weight and of an activation.",
        Look::Faint,
    );
    for v in &dense.variants[1..] {
        page.paragraph(&format!("{}: {}.", name(&v.name), clean(&v.how)), Look::Faint);
    }
}
