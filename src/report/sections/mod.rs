//! What a report says, section by section, for every page it is written on.
//!
//! The terminal and the HTML page say the same things in the same words and figures: those are here, once. How a page looks is
//! its own affair, behind [`Page`]. A section whose part is absent writes nothing.

pub(super) mod accounts;
pub(super) mod accuracy;
pub(super) mod answers;
pub(super) mod axis;
pub(super) mod break_even;
pub(super) mod caveats;
pub(super) mod curves;
pub(super) mod energy;
pub(super) mod forms;
pub(super) mod layers;
pub(super) mod neurobench;
pub(super) mod numbers;
pub(super) mod operations;
pub(super) mod precision;
pub(super) mod setting;
pub(super) mod spikes;
pub(super) mod table;
pub(super) mod words;

use super::Winner;
use table::Table;

/// What sections are written on.
pub(super) trait Page {
    /// The title of a section, and what stands beside it in plain letters.
    fn title(&mut self, title: &str, more: &str);

    /// A paragraph.
    fn paragraph(&mut self, text: &str, look: Look);

    /// Names of facts, and the facts. A fact without text is left out.
    fn facts(&mut self, facts: &[(&str, String)]);

    /// A table. Columns without any text are left out.
    fn table(&mut self, table: &Table);
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// As text.
    Plain,
    /// As a title.
    Title,
    /// As an explanation that may be passed over.
    Faint,
    /// As the verdict.
    Verdict(Winner),
}
