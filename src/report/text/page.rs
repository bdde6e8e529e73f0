//! The page that sections write on: titles, paragraphs, facts, lists, tables.

use super::{table::Table, words};
use crate::report::Winner;

/// Longer lines of prose are hard to read.
const WIDEST_PROSE: usize = 120;

/// Text in the making.
pub(super) struct Page {
    /// Columns.
    pub(super) width: usize,
    colour: bool,
    out: String,
}

/// How a line looks, as parameters of the ANSI sequence "select graphic rendition".
#[derive(Clone, Copy)]
pub(super) enum Look {
    Plain,
    Title,
    Faint,
    Verdict(Winner),
}

impl Look {
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Title => "1",
            Self::Faint => "2",
            Self::Verdict(Winner::Spiking) => "1;32",
            Self::Verdict(Winner::Dense) => "1;33",
            Self::Verdict(Winner::Undecided) => "1;36",
        }
    }
}

impl Page {
    pub(super) fn new(width: usize, colour: bool) -> Self {
        Self { width, colour, out: String::new() }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// One line.
    pub(super) fn line(&mut self, text: &str, look: Look) {
        let text = text.trim_end();
        let code = look.code();
        if self.colour && !code.is_empty() && !text.is_empty() {
            self.out.push_str(&format!("\x1b[{code}m{text}\x1b[0m\n"));
        } else {
            self.out.push_str(text);
            self.out.push('\n');
        }
    }

    /// The title of a section, after an empty line.
    pub(super) fn title(&mut self, text: &str) {
        self.line("", Look::Plain);
        self.paragraph(text, "", Look::Title);
    }

    /// A paragraph whose first line starts with `lead` and whose other lines are as far in.
    pub(super) fn paragraph(&mut self, text: &str, lead: &str, look: Look) {
        let indent = words::width(lead);
        for (index, line) in words::wrapped(text, self.width.min(WIDEST_PROSE).saturating_sub(indent)).iter().enumerate() {
            let lead = if index == 0 { lead.to_owned() } else { " ".repeat(indent) };
            self.line(&format!("{lead}{line}"), look);
        }
    }

    /// Names of facts on the left, the facts on the right. A fact without text is left out.
    pub(super) fn facts(&mut self, facts: &[(&str, String)]) {
        let indent = facts.iter().map(|(name, _)| words::width(name)).max().unwrap_or(0) + 2;
        for (name, fact) in facts.iter().filter(|(_, fact)| !fact.is_empty()) {
            self.paragraph(fact, &format!("{name:indent$}"), Look::Plain);
        }
    }

    /// A table.
    pub(super) fn table(&mut self, table: &Table) {
        for (line, look) in table.lines(self.width) {
            self.line(&line, look);
        }
    }
}
