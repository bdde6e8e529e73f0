//! The report for a person at a terminal.
//!
//! One file a section; a section whose part is absent writes nothing. The verdict is the first line, so that nobody has to look
//! for "the spiking network loses here".

mod accuracy;
mod bar;
mod break_even;
mod closing;
mod energy;
mod head;
mod neurobench;
mod numbers;
mod operations;
mod page;
mod spikes;
mod table;
mod words;

use super::Report;
use page::Page;

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
    const SECTIONS: &[fn(&Report, &mut Page)] = &[
        head::write,
        accuracy::write,
        spikes::write,
        operations::write,
        energy::write,
        break_even::write,
        neurobench::write,
        closing::write,
    ];
    let mut page = Page::new(options.width.max(NARROWEST), options.colour);
    for section in SECTIONS {
        section(report, &mut page);
    }
    page.finish()
}
