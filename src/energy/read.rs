//! Walks a TOML table and collects every complaint: wrong kinds of value, unknown and missing keys.

use crate::diagnostic::{Diagnostic, Diagnostics, Place, quoted};
use std::collections::BTreeSet;
use std::ops::Range as Span;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The text being read and what is wrong with it so far.
pub(super) struct Reader<'t> {
    text: &'t str,
    pub(super) complaints: Diagnostics,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, complaints: Diagnostics::new() }
    }

    /// A complaint about a stretch of the text.
    pub(super) fn complain(&mut self, span: &Span<usize>, message: impl Into<String>, help: impl Into<String>) {
        let place = Place::in_text(self.text, span.start, span.end);
        let help = help.into();
        let complaint = Diagnostic::new(message).place(place);
        self.complaints.push(if help.is_empty() { complaint } else { complaint.help(help) });
    }

    /// The document's top table.
    pub(super) fn document(&mut self) -> Spanned<DeTable<'t>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            self.complain(&span, error.message().trim_end(), "");
        }
        table
    }
}

/// One table of the document: asks for keys, remembers which it knows.
pub(super) struct Section<'d, 't> {
    table: &'d DeTable<'t>,
    /// Where to point when something is missing.
    pub(super) span: Span<usize>,
    /// What the section is, as in "`nominal` is missing in figure `hop`".
    what: String,
    known: BTreeSet<&'static str>,
}

/// A value that was found and where.
pub(super) struct Found<T> {
    pub(super) value: T,
    pub(super) span: Span<usize>,
}

impl<'d, 't> Section<'d, 't> {
    pub(super) fn new(table: &'d DeTable<'t>, span: Span<usize>, what: impl Into<String>) -> Self {
        Self { table, span, what: what.into(), known: BTreeSet::new() }
    }

    /// A key's value as it stands, if the key is there.
    pub(super) fn value(&mut self, key: &'static str) -> Option<Found<&'d DeValue<'t>>> {
        self.known.insert(key);
        self.table.get(key).map(|value| Found { value: value.get_ref(), span: value.span() })
    }

    /// Complains that a key is missing.
    pub(super) fn missing(&self, reader: &mut Reader<'_>, key: &str, help: &str) {
        reader.complain(&self.span, format!("`{key}` is missing in {}", self.what), help);
    }

    /// A key's value if it is of the kind `read` takes; complains of another.
    pub(super) fn optional<T>(
        &mut self,
        reader: &mut Reader<'_>,
        key: &'static str,
        kind: &str,
        read: impl FnOnce(&'d DeValue<'t>) -> Option<T>,
    ) -> Option<Found<T>> {
        let Found { value, span } = self.value(key)?;
        match read(value) {
            Some(value) => Some(Found { value, span }),
            None => {
                reader.complain(&span, format!("`{key}` expects {kind}, found {}", described(value)), "");
                None
            }
        }
    }

    /// A text, not empty.
    pub(super) fn text(&mut self, reader: &mut Reader<'_>, key: &'static str) -> Option<Found<&'d str>> {
        self.optional(reader, key, "a text in quotes", |value| value.as_str().filter(|text| !text.trim().is_empty()))
    }

    /// A text that must be there.
    pub(super) fn required_text(&mut self, reader: &mut Reader<'_>, key: &'static str, help: &str) -> Option<Found<&'d str>> {
        if self.table.get(key).is_none() {
            self.known.insert(key);
            self.missing(reader, key, help);
        }
        self.text(reader, key)
    }

    /// A whole number, not negative.
    pub(super) fn whole(&mut self, reader: &mut Reader<'_>, key: &'static str) -> Option<Found<u64>> {
        self.optional(reader, key, "a whole number, not negative", whole)
    }

    /// A positive number.
    pub(super) fn number(&mut self, reader: &mut Reader<'_>, key: &'static str) -> Option<Found<f64>> {
        self.optional(reader, key, "a positive number", |value| {
            let number = match value {
                DeValue::Float(float) => float.as_str().parse().ok(),
                other => whole(other).map(|n| n as f64),
            };
            number.filter(|n: &f64| n.is_finite() && *n > 0.0)
        })
    }

    /// True or false; absent is false.
    pub(super) fn flag(&mut self, reader: &mut Reader<'_>, key: &'static str) -> bool {
        self.optional(reader, key, "true or false", DeValue::as_bool).is_some_and(|found| found.value)
    }

    /// One word of a list.
    pub(super) fn word<T: Copy>(
        &mut self,
        reader: &mut Reader<'_>,
        key: &'static str,
        all: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Option<Found<T>> {
        let Found { value, span } = self.text(reader, key)?;
        match all.iter().copied().find(|&one| word(one) == value) {
            Some(value) => Some(Found { value, span }),
            None => {
                let words: Vec<_> = all.iter().map(|&one| word(one)).collect();
                reader.complain(&span, format!("unknown {key} {}", quoted(value)), format!("one of {}", words.join(", ")));
                None
            }
        }
    }

    /// A list of texts; absent is empty.
    pub(super) fn texts(&mut self, reader: &mut Reader<'_>, key: &'static str) -> Vec<Found<&'d str>> {
        let list = self.optional(reader, key, "a list of texts", DeValue::as_array);
        let mut texts = Vec::new();
        for item in list.iter().flat_map(|list| list.value.iter()) {
            match item.get_ref().as_str() {
                Some(text) => texts.push(Found { value: text, span: item.span() }),
                None => {
                    let found = described(item.get_ref());
                    reader.complain(&item.span(), format!("`{key}` expects texts, found {found}"), "");
                }
            }
        }
        texts
    }

    /// The tables of an array of tables (`[[mac]]`); absent is empty.
    pub(super) fn tables(&mut self, reader: &mut Reader<'_>, key: &'static str) -> Vec<Section<'d, 't>> {
        let list = self.optional(reader, key, "a list of tables", DeValue::as_array);
        let mut sections = Vec::new();
        for item in list.iter().flat_map(|list| list.value.iter()) {
            match item.get_ref().as_table() {
                Some(table) => sections.push(Section::new(table, item.span(), format!("[[{key}]]"))),
                None => {
                    let found = described(item.get_ref());
                    reader.complain(&item.span(), format!("`{key}` expects tables, found {found}"), "");
                }
            }
        }
        sections
    }

    /// A table (`[limits]`); absent is `None`.
    pub(super) fn table(&mut self, reader: &mut Reader<'_>, key: &'static str) -> Option<Section<'d, 't>> {
        let Found { value, span } = self.optional(reader, key, "a table", DeValue::as_table)?;
        Some(Section::new(value, span, format!("[{key}]")))
    }

    /// Every key with its value, for tables whose keys are names.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Found<&'d str>, Found<&'d DeValue<'t>>)> + use<'d, 't> {
        self.table.iter().map(|(key, value)| {
            (Found { value: key.get_ref().as_ref(), span: key.span() }, Found { value: value.get_ref(), span: value.span() })
        })
    }

    /// Complains of every key nobody asked for.
    pub(super) fn finish(self, reader: &mut Reader<'_>) {
        for (key, _) in self.table {
            let name = key.get_ref().as_ref();
            if !self.known.contains(name) {
                let known: Vec<_> = self.known.iter().copied().collect();
                let message = format!("unknown key {} in {}", quoted(name), self.what);
                reader.complain(&key.span(), message, format!("keys are {}", known.join(", ")));
            }
        }
    }
}

/// A whole number, not negative.
pub(super) fn whole(value: &DeValue<'_>) -> Option<u64> {
    value.as_integer().and_then(|integer| u64::from_str_radix(integer.as_str(), integer.radix()).ok())
}

/// A value in words.
pub(super) fn described(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("the text {}", quoted(text)),
        DeValue::Integer(integer) => format!("the number {}", quoted(integer.as_str())),
        DeValue::Float(float) => format!("the number {}", quoted(float.as_str())),
        DeValue::Boolean(flag) => format!("`{flag}`"),
        DeValue::Datetime(date) => format!("the date `{date}`"),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
