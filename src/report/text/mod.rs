//! The report for a person at a terminal.
//!
//! The verdict is the first line, so that nobody has to look
//! for "the spiking network loses here".

mod bar;
mod closing;
mod energy;
mod head;
mod layout;
mod lines;
mod page;

use super::{Report, sections};
use page::TextPage;

/// How to write the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOptions {
    /// Columns of the terminal. Less than 60 is taken as 60.
    pub width: usize,
    /// Whether to use ANSI colours.
    pub colour: bool,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { width: 100, colour: false }
    }
}

/// The narrowest page on which the tables can be read.
const NARROWEST: usize = 60;

/// Writes the report for a person.
///
/// Control characters of names that come from files are not passed on to the terminal.
#[must_use]
pub fn render(report: &Report, options: &TextOptions) -> String {
    let mut page = TextPage::new(options.width.max(NARROWEST), options.colour);
    head::write(report, &mut page);
    sections::accuracy::write(report, &mut page);
    sections::precision::chips(report, &mut page);
    sections::spikes::populations(report, &mut page);
    // Where a dense network is compared with, the operations table says more.
    if report.verdict.is_none() {
        sections::spikes::projections(report, &mut page);
    }
    sections::operations::write(report, &mut page);
    sections::precision::dense(report, &mut page);
    sections::forms::write(report, &mut page);
    energy::write(report, &mut page);
    sections::layers::write(report, &mut page);
    sections::answers::write(report, &mut page);
    sections::break_even::write(report, &mut page);
    sections::curves::write(report, &mut page);
    sections::accounts::write(report, &mut page);
    sections::neurobench::write(report, &mut page);
    closing::write(report, &mut page);
    page.finish()
}
