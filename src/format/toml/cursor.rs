//! Tables and values of a file, read with complaints instead of errors: each accessor gives a value, or complains and gives `None`.

use super::document::{Document, Span};
use crate::diagnostic::quoted;
use crate::network::suggestion;
use std::cell::RefCell;
use toml::de::{DeArray, DeTable, DeValue};

/// A table.
pub(super) struct Table<'a> {
    pub(super) doc: &'a Document<'a>,
    /// What it is, in words: ``population `e` ``.
    pub(super) what: String,
    /// Where it stands: its header or braces.
    pub(super) span: Span,
    /// Its dotted path, for the places of later complaints; none for tables in lists of values.
    path: Option<String>,
    entries: &'a DeTable<'a>,
    asked: RefCell<Vec<&'static str>>,
}

/// A value, with the words to speak of it.
#[derive(Clone)]
pub(super) struct Item<'a> {
    pub(super) doc: &'a Document<'a>,
    pub(super) value: &'a DeValue<'a>,
    pub(super) span: Span,
    pub(super) key: &'a str,
    key_span: Span,
    /// Its place in the array of that key.
    element: Option<usize>,
}

impl<'a> Table<'a> {
    pub(super) fn new(doc: &'a Document<'a>, what: String, path: Option<String>, entries: &'a DeTable<'a>, span: Span) -> Self {
        if let Some(path) = &path {
            doc.locate(path.clone(), span.clone());
            let dot = if path.is_empty() { "" } else { "." };
            for (key, value) in entries {
                doc.locate(format!("{path}{dot}{}", key.get_ref()), value.span());
            }
        }
        Self { doc, what, span, path, entries, asked: RefCell::default() }
    }

    /// The value of a key, where there is one.
    pub(super) fn get(&self, key: &'static str) -> Option<Item<'a>> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
        self.peek(key)
    }

    /// The value of a key, without counting the key as one that belongs here.
    pub(super) fn peek(&self, key: &str) -> Option<Item<'a>> {
        let (key, value) = self.entries.get_key_value(key)?;
        Some(Item {
            doc: self.doc,
            value: value.get_ref(),
            span: value.span(),
            key: key.get_ref(),
            key_span: key.span(),
            element: None,
        })
    }

    /// The value of a key, with a complaint where there is none.
    pub(super) fn need(&self, key: &'static str, example: &str) -> Option<Item<'a>> {
        let found = self.get(key);
        if found.is_none() {
            let help = format!("write for instance {example}");
            self.doc.complain_with_help(&self.span, format!("{} needs `{key}`", self.what), help);
        }
        found
    }

    /// All values.
    pub(super) fn items(&self) -> impl Iterator<Item = Item<'a>> {
        let doc = self.doc;
        self.entries.iter().map(move |(key, value)| Item {
            doc,
            value: value.get_ref(),
            span: value.span(),
            key: key.get_ref(),
            key_span: key.span(),
            element: None,
        })
    }

    /// Complains about keys that nobody asked for.
    pub(super) fn finish(&self) {
        let known = self.asked.borrow();
        for item in self.items().filter(|item| !known.contains(&item.key)) {
            let message = format!("unknown key {} in {}", quoted(item.key), self.what);
            self.doc.complain_with_help(&item.key_span, message, suggestion(item.key, "keys", &known));
        }
    }

    /// The table that is the value of one of this table's keys.
    pub(super) fn sub(&self, item: &Item<'a>, what: String) -> Option<Self> {
        let path =
            self.path.as_ref().map(|path| if path.is_empty() { item.key.to_owned() } else { format!("{path}.{}", item.key) });
        item.table(what, path)
    }
}

impl<'a> Item<'a> {
    /// Its name in messages: `` `rate` `` or `` `times[2]` ``.
    pub(super) fn label(&self) -> String {
        match self.element {
            None => quoted(self.key),
            Some(element) => quoted(&format!("{}[{element}]", self.key)),
        }
    }

    pub(super) fn complain(&self, message: impl Into<String>) {
        self.doc.complain(&self.span, format!("{}: {}", self.label(), message.into()));
    }

    pub(super) fn complain_with_help(&self, message: impl Into<String>, help: impl Into<String>) {
        self.doc.complain_with_help(&self.span, format!("{}: {}", self.label(), message.into()), help);
    }

    /// Complains about the key, not the value.
    pub(super) fn complain_of_key(&self, message: impl Into<String>, help: impl Into<String>) {
        self.doc.complain_with_help(&self.key_span, message, help);
    }

    /// Complains that the value is of another kind.
    pub(super) fn expected(&self, what: &str, help: &str) {
        let message = format!("expected {what}, found {}", kind(self.value));
        if help.is_empty() { self.complain(message) } else { self.complain_with_help(message, help) }
    }

    pub(super) fn string(&self) -> Option<&'a str> {
        let found = self.value.as_str();
        if found.is_none() {
            self.expected("a text in quotes", "");
        }
        found
    }

    pub(super) fn boolean(&self) -> Option<bool> {
        let found = self.value.as_bool();
        if found.is_none() {
            self.expected("true or false", "");
        }
        found
    }

    /// A whole number from zero to `most`.
    pub(super) fn whole(&self, most: u64) -> Option<u64> {
        let DeValue::Integer(integer) = self.value else {
            self.expected("a whole number", "");
            return None;
        };
        let found = u64::from_str_radix(integer.as_str().trim_start_matches('+'), integer.radix()).ok().filter(|n| *n <= most);
        if found.is_none() {
            let range = if most == u64::MAX { ", zero or above".to_owned() } else { format!(" from 0 to {most}") };
            self.complain(format!("expected a whole number{range}, found {integer}"));
        }
        found
    }

    /// A whole number of 32 bits.
    pub(super) fn index(&self) -> Option<u32> {
        self.whole(u64::from(u32::MAX)).and_then(|n| u32::try_from(n).ok())
    }

    /// The elements of an array.
    pub(super) fn array(&self, help: &str) -> Option<impl Iterator<Item = Self> + use<'a>> {
        let Some(array) = self.value.as_array() else {
            self.expected("an array", help);
            return None;
        };
        Some(self.clone().elements(array))
    }

    fn elements(self, array: &'a DeArray<'a>) -> impl Iterator<Item = Self> {
        array.iter().enumerate().map(move |(at, element)| Self {
            value: element.get_ref(),
            span: element.span(),
            element: Some(at),
            key_span: self.key_span.clone(),
            ..self
        })
    }

    /// The elements of an array, each read by `read`; `None` where one of them cannot be read.
    pub(super) fn all<T>(&self, help: &str, mut read: impl FnMut(&Self) -> Option<T>) -> Option<Vec<T>> {
        let mut whole = true;
        let mut values = Vec::new();
        for element in self.array(help)? {
            match read(&element) {
                Some(value) => values.push(value),
                None => whole = false,
            }
        }
        whole.then_some(values)
    }

    /// The value as a table.
    pub(super) fn table(&self, what: String, path: Option<String>) -> Option<Table<'a>> {
        let Some(entries) = self.value.as_table() else {
            self.expected("a table, { … }", "");
            return None;
        };
        Some(Table::new(self.doc, what, path, entries, self.span.clone()))
    }
}

/// What a value is, in words.
pub(super) fn kind(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("the text {}", quoted(text)),
        DeValue::Integer(number) => format!("the number {number}"),
        DeValue::Float(number) => format!("the number {number}"),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(_) => "a date".to_owned(),
        DeValue::Array(_) => "an array".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
