//! Where spiking begins to pay, by the published criteria.

use super::numbers::{NONE, mean};
use super::table::{Column, Table};
use super::words::{clean, cut, name};
use super::{Look, Page};
use crate::report::{CriterionEntry, Report, VerdictPart};

/// Writes the measured activity against the criteria.
pub(in crate::report) fn write(report: &Report, page: &mut dyn Page) {
    let Some(verdict) = &report.verdict else { return };
    if verdict.measured.is_none() && verdict.criteria.is_empty() {
        return;
    }
    page.title("Break-even", "");
    page.paragraph(&sentence(verdict), Look::Plain);
    let mut table = Table::new(vec![
        Column::words("criterion").cut_to(16),
        Column::words("spiking can win at").cut_to(18),
        Column::numbers("here"),
        Column::words(""),
    ]);
    for criterion in &verdict.criteria {
        let quantity = criterion.quantity.as_deref().map(|quantity| format!(" {}", clean(quantity))).unwrap_or_default();
        table.row(vec![
            name(&criterion.name),
            cut(&format!("{}{quantity}", limit(criterion)), 60),
            criterion.measured.or(verdict.measured).map_or_else(|| NONE.to_owned(), mean),
            answer(criterion).to_owned(),
        ]);
    }
    if !table.is_empty() {
        page.table(&table);
    }
}

/// The values at which a criterion lets the spiking network win.
pub(in crate::report) fn limit(criterion: &CriterionEntry) -> String {
    if criterion.low == criterion.high {
        format!("≤ {}", mean(criterion.high))
    } else {
        format!("≤ {} to {}", mean(criterion.low), mean(criterion.high))
    }
}

/// Whether this network meets a criterion.
pub(in crate::report) fn answer(criterion: &CriterionEntry) -> &'static str {
    match criterion.met {
        Some(true) => "met",
        Some(false) => "not met",
        None => "depends",
    }
}

/// The measured activity and the published limits in words.
pub(in crate::report) fn sentence(verdict: &VerdictPart) -> String {
    match (verdict.measured, limits(verdict)) {
        (Some(measured), Some(limits)) => format!(
            "Measured: {} spikes per synapse and inference. Published limits: {limits}; below them spiking can win, above them it \
             loses.",
            mean(measured)
        ),
        (Some(measured), None) => format!("Measured: {} spikes per synapse and inference.", mean(measured)),
        (None, Some(limits)) => format!("Published limits: {limits} spikes per synapse and inference."),
        (None, None) => "Published criteria, in spikes per synapse and inference:".to_owned(),
    }
}

/// The interval of the published break-evens.
pub(in crate::report) fn limits(verdict: &VerdictPart) -> Option<String> {
    let limits = verdict.break_even_spikes_per_synapse?;
    let (low, high) = (mean(limits.low), mean(limits.high));
    Some(if low == high { low } else { format!("{low} to {high}") })
}
