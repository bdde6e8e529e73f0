//! The page of a terminal: lines of a width, with or without colours.

use super::{layout, lines};
use crate::report::Winner;
use crate::report::sections::{Look, Page, table::Table, words};

/// Longer lines of prose are hard to read.
const WIDEST_PROSE: usize = 120;

/// Text in the making.
pub(super) struct TextPage {
    /// Columns.
    pub(super) width: usize,
    colour: bool,
    out: String,
}

/// A look as parameters of the ANSI sequence "select graphic rendition".
fn code(look: Look) -> &'static str {
    match look {
        Look::Plain => "",
        Look::Title => "1",
        Look::Faint => "2",
        Look::Verdict(Winner::Spiking) => "1;32",
        Look::Verdict(Winner::Dense) => "1;33",
        Look::Verdict(Winner::Undecided) => "1;36",
    }
}

impl TextPage {
    pub(super) fn new(width: usize, colour: bool) -> Self {
        Self { width, colour, out: String::new() }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// One line.
    pub(super) fn line(&mut self, text: &str, look: Look) {
        let text = text.trim_end();
        let code = code(look);
        if self.colour && !code.is_empty() && !text.is_empty() {
            self.out.push_str(&format!("\x1b[{code}m{text}\x1b[0m\n"));
        } else {
            self.out.push_str(text);
            self.out.push('\n');
        }
    }

    /// A paragraph whose first line starts with `lead` and whose other lines are as far in.
    pub(super) fn led_paragraph(&mut self, text: &str, lead: &str, look: Look) {
        let indent = words::width(lead);
        for (index, line) in lines::wrapped(text, self.width.min(WIDEST_PROSE).saturating_sub(indent)).iter().enumerate() {
            let lead = if index == 0 { lead.to_owned() } else { " ".repeat(indent) };
            self.line(&format!("{lead}{line}"), look);
        }
    }
}

impl Page for TextPage {
    /// After an empty line, in capitals.
    fn title(&mut self, title: &str, more: &str) {
        self.line("", Look::Plain);
        self.paragraph(&format!("{}{more}", title.to_uppercase()), Look::Title);
    }

    fn paragraph(&mut self, text: &str, look: Look) {
        self.led_paragraph(text, "", look);
    }

    /// Names on the left, facts on the right.
    fn facts(&mut self, facts: &[(&str, String)]) {
        let indent = facts.iter().map(|(name, _)| words::width(name)).max().unwrap_or(0) + 2;
        for (name, fact) in facts.iter().filter(|(_, fact)| !fact.is_empty()) {
            self.led_paragraph(fact, &format!("{name:indent$}"), Look::Plain);
        }
    }

    fn table(&mut self, table: &Table) {
        for (line, look) in layout::lines(table, self.width) {
            self.line(&line, look);
        }
    }
}
