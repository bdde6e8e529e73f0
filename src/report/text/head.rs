//! The first lines: that the run was interrupted, where it was; the verdict or what happened; what ran.

use super::page::TextPage;
use crate::report::Report;
use crate::report::sections::{Look, Page as _, setting};

/// Writes the verdict (for a plain run: what happened) as the first line, after the word that a run was interrupted, and the setting.
pub(super) fn write(report: &Report, page: &mut TextPage) {
    if report.run.partial {
        page.paragraph(setting::INTERRUPTED, Look::Title);
    }
    let look = report.verdict.as_ref().map_or(Look::Title, |verdict| Look::Verdict(verdict.winner));
    page.paragraph(&setting::first_sentence(report), look);
    if let Some(reason) = setting::reason(report) {
        page.paragraph(&reason, Look::Plain);
    }
    page.line("", Look::Plain);
    page.facts(&setting::facts(report));
}
