//! Where the figures come from.

use super::page::HtmlPage;
use crate::report::Report;
use crate::report::sections::table::{Column, Table};
use crate::report::sections::words::{clean, name};
use crate::report::sections::{Look, Page as _, energy};

/// Writes a row for each device, and for each criterion of the break-even.
pub(super) fn write(report: &Report, page: &mut HtmlPage) {
    let mut table = Table::new(vec![
        Column::words("Figure"),
        Column::words(""),
        Column::words("Tier"),
        Column::words("Evidence"),
        Column::words("Source"),
    ]);
    let mut seen: Vec<Vec<String>> = vec![];
    for entry in energy::groups(report).into_iter().flat_map(|group| group.entries) {
        let row =
            vec![name(&entry.device), energy::label(entry), entry.tier.to_string(), name(&entry.evidence), clean(&entry.source)];
        // A device that runs both networks may have the same sources for both.
        if !seen.contains(&row) {
            seen.push(row.clone());
            table.row(row);
        }
    }
    for criterion in report.verdict.iter().flat_map(|verdict| &verdict.criteria) {
        if let Some(source) = &criterion.source {
            table.row(vec![
                name(&criterion.name),
                "break-even".into(),
                String::new(),
                "published criterion".into(),
                clean(source),
            ]);
        }
    }
    if table.is_empty() {
        return;
    }
    page.title("Sources", "");
    page.table(&table);
    if !report.energy.is_empty() {
        page.paragraph("All figures of a device with their full citations: spikewatt devices ID", Look::Faint);
    }
}
