//! Keys set by hand, `--set KEY=VALUE`: put into the parsed tree before it is read, so that every check and complaint works as if they
//! stood in the file.

use super::cursor::kind;
use super::document::{Document, Span};
use super::{section, syntax};
use crate::diagnostic::quoted;
use crate::format::Setting;
use crate::network::suggestion;
use std::borrow::Cow;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A setting as a line of TOML. It is padded to stand after the file's text, so that the places of its parts are beyond that of the file
/// and tell which setting they belong to.
pub(super) struct Line {
    /// Where its own text begins.
    pub(super) start: usize,
    /// The key, as it was given.
    pub(super) key: String,
    padded: String,
}

/// The lines of settings for a text of this length.
pub(super) fn lines(mut length: usize, settings: &[Setting]) -> Vec<Line> {
    let mut lines = Vec::with_capacity(settings.len());
    for setting in settings {
        let start = length + 1;
        let line = format!("{}value = {}", " ".repeat(start), toml_value(&setting.value));
        length = line.len();
        lines.push(Line { start, key: setting.key.clone(), padded: line });
    }
    lines
}

/// A value as TOML writes it: what is no TOML by itself (`2 kHz`, `lif_exp`) is a text. What begins like an array, a table or a quoted
/// text is left as it is, so that its fault is told.
fn toml_value(value: &str) -> Cow<'_, str> {
    let value = value.trim();
    let alone = |table: Spanned<DeTable<'_>>| table.get_ref().len() == 1;
    let meant = value.starts_with(['[', '{', '"', '\'']);
    if meant || (!value.contains(['\n', '\r', '#']) && DeTable::parse(&format!("value = {value}")).is_ok_and(alone)) {
        return Cow::Borrowed(value);
    }
    let mut text = String::from("\"");
    for c in value.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if c.is_control() => text.push_str(&format!("\\U{:08X}", u32::from(c))),
            c => text.push(c),
        }
    }
    text.push('"');
    Cow::Owned(text)
}

/// Puts a setting into the tree, or complains.
pub(super) fn apply<'a>(tree: &mut DeTable<'a>, line: &'a Line, doc: &Document<'_>) {
    let whole = line.start..line.padded.len();
    let Some(path) = parts(&line.key) else {
        doc.complain_with_help(&whole, format!("{} is no key", quoted(&line.key)), EXAMPLE);
        return;
    };
    let Some(mut parsed) = syntax::parse(&line.padded, doc) else { return };
    // A value that ends its line and goes on with keys of its own is none.
    let value = parsed.get_mut().remove("value").filter(|_| parsed.get_ref().is_empty());
    let Some(value) = value else {
        doc.complain_with_help(&whole, "expected one value", EXAMPLE);
        return;
    };
    let shown = line.padded[value.span()].trim_matches('"');
    doc.note(format!("Set by hand: {} = {shown}.", line.key));
    if let Err((message, help)) = put_section(tree, &path, &whole, value) {
        doc.complain_with_help(&whole, message, help);
    }
}

const EXAMPLE: &str = "write for instance scale=0.1, duration=2s or population.e.size=1000";

/// The parts of a dotted key; a part in quotes may have dots of its own.
fn parts(key: &str) -> Option<Vec<String>> {
    const DEEPEST: usize = 16;
    let mut parts = vec![String::new()];
    let mut quote = None;
    for c in key.chars() {
        let last = parts.last_mut()?;
        match quote {
            Some(q) if q == c => quote = None,
            Some(_) => last.push(c),
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '.' => parts.push(String::new()),
            None => last.push(c),
        }
    }
    let parts: Vec<String> = parts.iter().map(|part| part.trim().to_owned()).collect();
    (quote.is_none() && parts.len() <= DEEPEST && parts.iter().all(|part| !part.is_empty())).then_some(parts)
}

type Value<'a> = Spanned<DeValue<'a>>;
type Wrong = (String, String);

/// `population.e.size`: the section of that name, then its key. Other keys are the file's own.
fn put_section<'a>(tree: &mut DeTable<'a>, path: &[String], whole: &Span, value: Value<'a>) -> Result<(), Wrong> {
    let kind = path[0].as_str();
    if !section::KINDS.contains(&kind) {
        return put(tree, path, "", whole, value);
    }
    let no_sections = || (format!("there are no {kind} sections in the file"), EXAMPLE.to_owned());
    let [_, name, keys @ ..] = path else {
        return Err((format!("`{kind}` is a list of sections"), EXAMPLE.to_owned()));
    };
    let Some(found) = tree.get_mut(kind) else { return Err(no_sections()) };
    match found.get_mut() {
        // Anything else than a list is complained of when the file is read.
        DeValue::Array(sections) => {
            let tables: Vec<_> = sections.iter().filter_map(|section| section.get_ref().as_table()).collect();
            let names = section::names(kind, &tables);
            let Some(at) = names.iter().position(|known| known == name) else {
                let known: Vec<_> = names.iter().map(String::as_str).collect();
                return Err((format!("there is no {kind} {}", quoted(name)), suggestion(name, "names", &known)));
            };
            if keys.is_empty() {
                return Err((format!("{kind} {} is a section: set one of its keys", quoted(name)), EXAMPLE.to_owned()));
            }
            let tables = sections.iter_mut().filter_map(|section| match section.get_mut() {
                DeValue::Table(table) => Some(table),
                _ => None,
            });
            match tables.into_iter().nth(at) {
                Some(table) => put(table, keys, &format!("{kind}.{name}."), whole, value),
                None => Err(no_sections()),
            }
        }
        _ => put(tree, path, "", whole, value),
    }
}

/// Puts a value into a table, or into one of its parts; tables on the way are made where they are not there.
fn put<'a>(table: &mut DeTable<'a>, path: &[String], walked: &str, whole: &Span, value: Value<'a>) -> Result<(), Wrong> {
    let (key, rest) = path.split_first().expect("a path has a part");
    if rest.is_empty() {
        table.remove(key.as_str());
        table.insert(Spanned::new(whole.clone(), Cow::Owned(key.clone())), value);
        return Ok(());
    }
    if !table.contains_key(key.as_str()) {
        let made = Spanned::new(whole.clone(), DeValue::Table(DeTable::new()));
        table.insert(Spanned::new(whole.clone(), Cow::Owned(key.clone())), made);
    }
    let inner = table.get_mut(key.as_str()).expect("it was there or was made");
    put_into(inner, rest, &format!("{walked}{key}"), whole, value)
}

/// Puts a value into a table or, by its number, into an array.
fn put_into<'a>(of: &mut Value<'a>, path: &[String], walked: &str, whole: &Span, value: Value<'a>) -> Result<(), Wrong> {
    match of.get_mut() {
        DeValue::Table(table) => put(table, path, &format!("{walked}."), whole, value),
        DeValue::Array(elements) => {
            let (at, rest) = path.split_first().expect("a path has a part");
            let there = elements.len();
            let Some(element) = at.parse().ok().and_then(|at: usize| elements.get_mut(at)) else {
                let help = format!("its elements are numbered from 0, and there are {there}");
                return Err((format!("`{walked}` is an array and has no element {}", quoted(at)), help));
            };
            if rest.is_empty() {
                *element = value;
                return Ok(());
            }
            put_into(element, rest, &format!("{walked}.{at}"), whole, value)
        }
        other => Err((format!("`{walked}` is {} and has no parts", kind(other)), format!("set `{walked}` as a whole"))),
    }
}

#[cfg(test)]
mod tests;
