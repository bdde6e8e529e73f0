//! Files of parameters that tables of types name.

use super::config::Config;
use super::document::{json, text_of};
use super::models::WORDS;
use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

/// What a file of parameters has.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) file: PathBuf,
    /// Numbers; true is 1 and false 0.
    pub(super) numbers: BTreeMap<String, f64>,
    /// Texts.
    pub(super) words: BTreeMap<String, String>,
}

impl Settings {
    /// Keys that say something of the dynamics.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.numbers.keys().chain(self.words.keys()).map(String::as_str).filter(|key| !WORDS.contains(key))
    }
}

/// The folders of such files, and those that were read.
#[derive(Debug)]
pub(super) struct Components<'a> {
    config: &'a Config,
    read: BTreeMap<PathBuf, Rc<Settings>>,
}

impl<'a> Components<'a> {
    pub(super) fn new(config: &'a Config) -> Self {
        Self { config, read: BTreeMap::new() }
    }

    /// The file `name` of a folder of components; `place` begins a complaint where it is named.
    pub(super) fn read(&mut self, folder: &str, name: &str, place: impl Fn() -> Diagnostic) -> Result<Rc<Settings>> {
        let Some(found) = self.config.component(folder)? else {
            let mut complaint = place();
            complaint.message.push_str(&format!(", and the configuration has no components.{folder}"));
            return Err(complaint.into());
        };
        let path = found.join(name);
        if let Some(settings) = self.read.get(&path) {
            return Ok(settings.clone());
        }
        if !path.exists() {
            let mut complaint = place();
            complaint.message.push_str(&format!(", and there is no file {}", path.display()));
            return Err(complaint.help(format!("such files are looked for in components.{folder}")).into());
        }
        let settings = Rc::new(settings(path.clone())?);
        self.read.insert(path, settings.clone());
        Ok(settings)
    }
}

fn settings(file: PathBuf) -> Result<Settings> {
    let Value::Object(members) = json(&file, &text_of(&file)?)? else {
        return Err(Diagnostic::new("expected a JSON object of parameters").file(&file).into());
    };
    let mut wrong = Diagnostics::new();
    let mut settings = Settings { file, numbers: BTreeMap::new(), words: BTreeMap::new() };
    for (key, value) in members {
        match value {
            Value::Number(number) if number.as_f64().is_some_and(f64::is_finite) => {
                settings.numbers.extend(number.as_f64().map(|number| (key, number)));
            }
            Value::Bool(flag) => {
                settings.numbers.insert(key, f64::from(u8::from(flag)));
            }
            Value::String(text) => {
                settings.words.insert(key, text);
            }
            Value::Null => {}
            _ => wrong.push(Diagnostic::at(key, "expected a number or a text").file(&settings.file)),
        }
    }
    wrong.or(settings)
}
