//! Configuration files: JSON with a manifest of path names.

use crate::diagnostic::{Diagnostic, Diagnostics, Place, Result, quoted};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// Longest text that names may unfold into: each may hold others several times.
const LONGEST: usize = 4096;

/// A configuration file.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) file: PathBuf,
    /// The folder that its paths are relative to.
    folder: PathBuf,
    root: Map<String, Value>,
    /// Names of paths, without their `$`.
    manifest: Vec<(String, String)>,
}

impl Document {
    /// Reads a file.
    pub(super) fn open(file: &Path) -> Result<Self> {
        let text = text_of(file)?;
        let Value::Object(root) = json(file, &text)? else {
            return Err(Diagnostic::new("expected a JSON object of settings").file(file).into());
        };
        let mut wrong = Diagnostics::new();
        let mut manifest = Vec::new();
        match root.get("manifest") {
            None => {}
            Some(Value::Object(names)) => {
                for (name, value) in names {
                    match value.as_str() {
                        Some(text) => manifest.push((bare(name).to_owned(), text.to_owned())),
                        None => wrong.push(
                            Diagnostic::at(format!("manifest.{name}"), format!("expected a path, found {}", kind(value)))
                                .file(file),
                        ),
                    }
                }
            }
            Some(other) => {
                wrong.push(
                    Diagnostic::at("manifest", format!("expected an object of names and paths, found {}", kind(other)))
                        .file(file),
                );
            }
        }
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
        wrong.or(Self { file: file.to_owned(), folder, root, manifest })
    }

    /// A key of the file.
    pub(super) fn get(&self, key: &str) -> Option<Item<'_>> {
        self.root.get(key).map(|value| Item { doc: self, path: key.to_owned(), value })
    }

    /// A file beside this one.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A text with the names in it put into words.
    fn unfolded(&self, text: &str, within: &mut Vec<String>) -> std::result::Result<String, (String, String)> {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            let behind = &rest[at + 1..];
            let (name, after) = match behind.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
                Some((name, after)) => (name, after),
                None => {
                    let end = behind.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(behind.len());
                    behind.split_at(end)
                }
            };
            if within.iter().any(|earlier| earlier == name) {
                let circle: Vec<_> = within.iter().map(String::as_str).chain([name]).map(|name| format!("${name}")).collect();
                return Err((
                    format!("the manifest goes in a circle: {}", circle.join(" -> ")),
                    "give one of them a path".into(),
                ));
            }
            match self.manifest.iter().find(|(known, _)| known == name) {
                Some((_, value)) => {
                    within.push(name.to_owned());
                    out.push_str(&self.unfolded(value, within)?);
                    within.pop();
                }
                None if name == "configdir" => out.push_str(&self.folder.to_string_lossy()),
                None => {
                    let known: Vec<_> = self.manifest.iter().map(|(name, _)| format!("${name}")).collect();
                    let known: Vec<_> = known.iter().map(String::as_str).collect();
                    let help = crate::network::suggestion(&format!("${name}"), "names of the manifest", &known);
                    return Err((format!("the manifest has no {}", quoted(&format!("${name}"))), help));
                }
            }
            if out.len() > LONGEST {
                return Err((
                    format!("the path is longer than {LONGEST} bytes"),
                    "are names of the manifest nested too deep?".into(),
                ));
            }
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// A value in a configuration file, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Item<'a> {
    pub(super) doc: &'a Document,
    pub(super) path: String,
    pub(super) value: &'a Value,
}

impl<'a> Item<'a> {
    /// A complaint about it.
    pub(super) fn complaint(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::at(&self.path, message).file(&self.doc.file)
    }

    fn expected(&self, what: &str) -> Diagnostic {
        self.complaint(format!("expected {what}, found {}", kind(self.value)))
    }

    fn child(&self, key: &str, value: &'a Value) -> Item<'a> {
        Item { doc: self.doc, path: format!("{}.{key}", self.path), value }
    }

    /// A key of an object.
    pub(super) fn get(&self, key: &str) -> Option<Item<'a>> {
        // Configurations write null for what they leave out.
        self.value.get(key).filter(|value| !value.is_null()).map(|value| self.child(key, value))
    }

    /// The members of an object.
    pub(super) fn members(&self) -> Result<Vec<(&'a str, Item<'a>)>> {
        match self.value {
            Value::Object(members) => Ok(members.iter().map(|(key, value)| (key.as_str(), self.child(key, value))).collect()),
            _ => Err(self.expected("an object").into()),
        }
    }

    /// The values of a list.
    pub(super) fn list(&self) -> Result<Vec<Item<'a>>> {
        match self.value {
            Value::Array(values) => {
                let place = |at: usize| format!("{}[{at}]", self.path);
                Ok(values.iter().enumerate().map(|(at, value)| Item { doc: self.doc, path: place(at), value }).collect())
            }
            _ => Err(self.expected("a list").into()),
        }
    }

    pub(super) fn text(&self) -> Result<&'a str> {
        self.value.as_str().ok_or_else(|| self.expected("a text").into())
    }

    pub(super) fn number(&self) -> Result<f64> {
        self.value.as_f64().ok_or_else(|| self.expected("a number").into())
    }

    /// A number, zero or above.
    pub(super) fn time(&self) -> Result<f64> {
        let value = self.number()?;
        if value >= 0.0 {
            Ok(value)
        } else {
            Err(self.complaint(format!("expected a time, zero or above, found {value}")).into())
        }
    }

    /// The file or folder that a text names.
    pub(super) fn file(&self) -> Result<PathBuf> {
        let text = self.text()?;
        let unfolded = self.doc.unfolded(text, &mut Vec::new());
        let path = unfolded.map_err(|(message, help)| self.complaint(message).help(help))?;
        // `a/./b` is `a/b`, in complaints too.
        Ok(self.doc.folder.join(path).components().collect())
    }
}

/// The name in `$NAME` and `${NAME}`.
fn bare(name: &str) -> &str {
    let name = name.strip_prefix('$').unwrap_or(name);
    name.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).unwrap_or(name)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The text of a file.
pub(super) fn text_of(file: &Path) -> Result<String> {
    let read = || {
        // Devices and pipes have no end.
        if std::fs::metadata(file)?.is_file() { std::fs::read(file) } else { Err(std::io::Error::other("this is no file")) }
    };
    let bytes = read().map_err(|error| Diagnostic::new(format!("cannot be read: {error}")).file(file))?;
    String::from_utf8(bytes).map_err(|_| Diagnostic::new("this file is no text in UTF-8").file(file).into())
}

/// A text as JSON.
pub(super) fn json(file: &Path, text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|error| {
        let line = error.line().max(1);
        let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let column = text[start..].char_indices().nth(error.column().saturating_sub(1)).map_or(0, |(at, _)| at);
        let message = error.to_string();
        // The place is told as every place is.
        let message = message.split(" at line ").next().unwrap_or(&message);
        Diagnostic::new(format!("this is no JSON: {message}"))
            .place(Place::in_text(text, start + column, start + column + 1))
            .file(file)
            .into()
    })
}
