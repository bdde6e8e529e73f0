//! The operations of both networks side by side.

use super::Page;
use super::numbers::{NONE, column, ratio, share};
use super::setting::per_sample;
use super::table::{Column, Table};
use crate::report::Report;

/// Writes the operations table, where there is a dense network to compare with.
pub(in crate::report) fn write(report: &Report, page: &mut dyn Page) {
    let Some(dense) = &report.dense else { return };
    let total = &report.counts.total;
    let samples = report.run.samples.max(1) as f64;
    let dense_samples = dense.samples.max(1) as f64;
    let spiking = |value: u64| Some(value as f64 / samples);
    let twin = |value: u64| Some(value as f64 / dense_samples);
    let figures = column(&[
        spiking(total.effective_macs),
        spiking(total.effective_acs),
        spiking(total.dense_macs),
        twin(dense.effective_macs),
        None,
        twin(dense.macs),
    ]);
    let zeros = |effective: u64, all: u64| {
        ratio(effective, all).map_or_else(|| NONE.to_owned(), |effective| share((1.0 - effective).max(0.0), 1))
    };

    let mut table = Table::new(vec![Column::words(""), Column::numbers("spiking"), Column::numbers("dense")]);
    for (at, label) in ["multiply-accumulates, effective", "accumulates, effective", "all, zeros included"].iter().enumerate() {
        table.row(vec![(*label).to_owned(), figures[at].clone(), figures[at + 3].clone()]);
    }
    let effective = total.effective_macs.saturating_add(total.effective_acs);
    table.row(vec!["zeros among them".to_owned(), zeros(effective, total.dense_macs), zeros(dense.effective_macs, dense.macs)]);
    page.title("Operations", &per_sample(report));
    page.table(&table);
}
