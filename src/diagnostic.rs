//! What is wrong with an input, where, and what to do about it.
//!
//! Every reader collects all its complaints in one [`Diagnostics`] before it gives up, so that a person mends a file in
//! one go. A complaint names the file, the place in it (line and column, HDF5 path, graph node or command-line option),
//! what was expected and found, and, where it helps, what to write instead.

use std::fmt;
use std::path::{Path, PathBuf};

/// Where in an input a complaint belongs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Place {
    /// The input as a whole.
    #[default]
    Whole,
    /// A stretch of one line of a text file.
    Line {
        /// Line number, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// Length of the stretch in characters, at least 1.
        width: usize,
        /// The line's text, without its end.
        text: String,
    },
    /// A path inside a structured file: an HDF5 path (`/node/nodes/lif/tau`), a graph node, a key.
    Path(String),
    /// A command-line option or argument.
    Argument(String),
}

impl Place {
    /// The place of the bytes `start..end` of `text`.
    ///
    /// Offsets outside the text or between characters are moved to the nearest character, so that this never fails.
    #[must_use]
    pub fn in_text(text: &str, start: usize, end: usize) -> Self {
        let floor = |mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (start, end) = (floor(start), floor(end.max(start)));
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        Self::Line {
            line: text[..start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            width: text[start..end.min(line_end).max(start)].chars().count().max(1),
            text: text[line_start..line_end].trim_end_matches('\r').to_owned(),
        }
    }
}

/// One complaint about an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file, where the input is one.
    pub file: Option<PathBuf>,
    /// The place in it.
    pub place: Place,
    /// What was expected and what was found.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A complaint without a file or place yet.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { file: None, place: Place::Whole, message: message.into(), help: None }
    }

    /// A complaint at a path inside a structured file.
    #[must_use]
    pub fn at(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(message).place(Place::Path(path.into()))
    }

    /// Sets the place.
    #[must_use]
    pub fn place(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// Sets the advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the file.
    #[must_use]
    pub fn file(mut self, file: impl AsRef<Path>) -> Self {
        self.file = Some(file.as_ref().to_owned());
        self
    }
}

/// A text from a file, cut to a bearable length and with control characters escaped, for use in a message.
#[must_use]
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut shown: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: ")?;
        if let Some(file) = &self.file {
            write!(f, "{}", file.display())?;
            if let Place::Line { line, column, .. } = &self.place {
                write!(f, ":{line}:{column}")?;
            }
            write!(f, ": ")?;
        }
        match &self.place {
            Place::Path(path) => write!(f, "{path}: ")?,
            Place::Argument(argument) => write!(f, "{argument}: ")?,
            Place::Whole | Place::Line { .. } => {}
        }
        write!(f, "{}", self.message)?;
        if let Place::Line { line, column, width, text } = &self.place {
            let margin = " ".repeat(line.to_string().len());
            let before: String = text.chars().take(column - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
            write!(f, "\n {line} | {text}\n {margin} | {before}{}", "^".repeat(*width))?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

/// All complaints about an input. The error type of every reader.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// No complaints yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a complaint.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all complaints of another list.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Takes the value of `result`, or its complaints.
    pub fn take<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|complaints| self.extend(complaints)).ok()
    }

    /// True where nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The complaints.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// Sets the file of every complaint that has none.
    #[must_use]
    pub fn in_file(mut self, file: impl AsRef<Path>) -> Self {
        for diagnostic in &mut self.0 {
            diagnostic.file.get_or_insert_with(|| file.as_ref().to_owned());
        }
        self
    }

    /// `Ok(value)` where there are no complaints, the complaints otherwise.
    ///
    /// # Errors
    /// The complaints, if any.
    pub fn or<T>(self, value: T) -> Result<T> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(complaints: I) -> Self {
        Self(complaints.into_iter().collect())
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{diagnostic}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

/// What a reader gives: a value, or everything that is wrong with the input.
pub type Result<T> = std::result::Result<T, Diagnostics>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_points_at_its_line() {
        let text = "name = \"x\"\ntau_m = 20\n";
        let start = text.find("20").expect("it is there");
        let complaint = Diagnostic::new("`tau_m` needs a time")
            .place(Place::in_text(text, start, start + 2))
            .file("net.toml")
            .help("write \"20 ms\"");
        assert_eq!(
            complaint.to_string(),
            "error: net.toml:2:9: `tau_m` needs a time\n 2 | tau_m = 20\n   |         ^^\n  help: write \"20 ms\""
        );
    }

    #[test]
    fn a_place_outside_the_text_is_moved_into_it() {
        for (start, end) in [(0, 0), (99, 3), (2, 1), (1, 99)] {
            assert!(matches!(Place::in_text("aé\nb", start, end), Place::Line { .. }));
        }
    }
}
