//! From text to a tree of TOML values with places.

use super::document::{Document, Span};
use toml::Spanned;
use toml::de::DeTable;

/// The tree of a text, or complaints in `doc`.
pub(super) fn parse<'a>(text: &'a str, doc: &Document<'_>) -> Option<Spanned<DeTable<'a>>> {
    if let Some(span) = deep_key(text) {
        doc.complain(&span, format!("a key of more than {DEEPEST} parts"));
        return None;
    }
    let (tree, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        match help(text, &span) {
            Some(help) => doc.complain_with_help(&span, error.message(), help),
            None => doc.complain(&span, error.message()),
        }
    }
    errors.is_empty().then_some(tree)
}

/// Parts of a dotted key that are still fine.
const DEEPEST: usize = 100;

/// A dotted key so long that the tables it makes could not be taken apart again: they are freed one inside the other, on the
/// stack. The parser limits the depth of brackets itself.
fn deep_key(text: &str) -> Option<Span> {
    let (mut dots, mut after_dot, mut start) = (0, false, 0);
    for (at, c) in text.char_indices() {
        match c {
            '.' if after_dot => dots = 0,
            '.' => {
                dots += 1;
                after_dot = true;
            }
            ' ' | '\t' => {}
            _ if c.is_alphanumeric() || "_-\"'".contains(c) => {
                if dots == 0 && !after_dot {
                    start = at;
                }
                after_dot = false;
            }
            _ => (dots, after_dot) = (0, false),
        }
        if dots > DEEPEST {
            return Some(start..at);
        }
    }
    None
}

/// What a person most likely meant.
fn help(text: &str, span: &Span) -> Option<String> {
    let line = text.get(..span.start)?.rfind('\n').map_or(0, |at| at + 1);
    let line = text[line..].lines().next()?;
    // `tau_m = 20 ms`
    let value = line.split_once('=')?.1.split('#').next()?.trim();
    let number = value.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit());
    let unit = value.ends_with(|c: char| c.is_alphabetic()) && !value.contains(['"', ',', '{', '[']);
    (number && unit && value.len() < 40).then(|| format!("quantities stand in quotes: \"{value}\""))
}
