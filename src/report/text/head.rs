//! The first lines: the verdict or what happened, then what ran.

use super::page::TextPage;
use crate::report::Report;
use crate::report::sections::{Look, Page as _, setting};

/// Writes the verdict (for a plain run: what happened) as the first line, and the setting.
pub(super) fn write(report: &Report, page: &mut TextPage) {
    let look = report.verdict.as_ref().map_or(Look::Title, |verdict| Look::Verdict(verdict.winner));
    page.paragraph(&setting::first_sentence(report), look);
    if let Some(reason) = setting::reason(report) {
        page.paragraph(&reason, Look::Plain);
    }
    if report.partial {
        page.paragraph(setting::INTERRUPTED, Look::Title);
    }
    page.line("", Look::Plain);
    page.facts(&setting::facts(report));
}
