//! What other tools print for the same network, and where that parts from ours, thing by thing.

use super::numbers::{NONE, mean, si};
use super::table::{Column, Table};
use super::words::{clean, name};
use super::{Look, Page};
use crate::report::{AccountEntry, Report, Runs};

/// Writes every account with ours beside it.
pub(in crate::report) fn write(report: &Report, page: &mut dyn Page) {
    if report.accounts.is_empty() {
        return;
    }
    page.title("Accounts of other tools", " of one inference, with their own constants");
    page.paragraph("Differences are ours less theirs and add up to the difference of the two figures.", Look::Faint);
    let mut table = Table::new(vec![
        Column::words("charged for").cut_to(18),
        Column::numbers("theirs"),
        Column::numbers("ours"),
        Column::numbers("difference"),
    ]);
    for account in &report.accounts {
        table.heading(heading(account));
        let joules = |joules: Option<f64>| joules.map_or_else(|| NONE.to_owned(), |joules| si(joules, "J"));
        match &account.beside {
            Some(beside) => {
                // What neither side charges says nothing.
                let nothing = |joules: Option<f64>| joules.is_none_or(|joules| joules == 0.0);
                for one in beside.differences.iter().filter(|one| !nothing(one.theirs_j) || !nothing(one.ours_j)) {
                    let difference = signed(one.difference_j, account.energy_per_sample_j);
                    table.row(vec![clean(&one.what), joules(one.theirs_j), joules(one.ours_j), difference]);
                    table.note(clean(&one.why));
                }
                let ours = beside.energy_per_sample_j;
                let difference = signed(ours - account.energy_per_sample_j, account.energy_per_sample_j);
                table.row(vec!["in all".to_owned(), joules(Some(account.energy_per_sample_j)), joules(Some(ours)), difference]);
            }
            None => {
                for term in &account.terms {
                    table.row(vec![clean(&term.name), joules(Some(term.energy_j)), NONE.to_owned(), NONE.to_owned()]);
                }
                let theirs = joules(Some(account.energy_per_sample_j));
                table.row(vec!["in all".to_owned(), theirs, NONE.to_owned(), NONE.to_owned()]);
            }
        }
        table.note(clean(&account.notes.join("; ")));
    }
    page.table(&table);
}

/// The tool and what it prices, with both figures.
fn heading(account: &AccountEntry) -> String {
    let runs = match account.runs {
        Runs::Spiking => "spiking",
        Runs::Dense => "dense",
    };
    let tool = format!("{}, {runs} network", clean(&account.tool));
    match &account.beside {
        Some(beside) => {
            let (times, device) = (beside.energy_per_sample_j / account.energy_per_sample_j, name(&beside.device));
            if (times - 1.0).abs() < 1e-9 {
                format!("{tool}; ours on {device} is the same")
            } else {
                format!("{tool}; ours on {device} is {} times theirs", mean(times))
            }
        }
        None => tool,
    }
}

/// Joules with their sign; a rounding error of the whole is none.
fn signed(joules: f64, whole: f64) -> String {
    let joules = if joules.abs() <= 1e-12 * whole { 0.0 } else { joules };
    let text = si(joules, "J");
    if joules > 0.0 { format!("+{text}") } else { text.replacen('-', "−", 1) }
}
