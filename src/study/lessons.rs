//! The textbook's lessons, in the binary: what benches measure and what executions are held to agree on.

use crate::diagnostic::{Diagnostic, Result};
use crate::format::Setting;
use crate::format::toml::parse_with;
use crate::network::Network;
use std::path::Path;

macro_rules! lessons {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../networks/", $name, ".toml")))),*]
    };
}

/// Names and texts of lessons.
const LESSONS: &[(&str, &str)] = lessons![
    "01-one-neuron",
    "02-f-i-curve",
    "03-delay-line",
    "04-winner-take-all",
    "05-synfire-chain",
    "06-brunel-2000",
    "07-vogels-abbott-cuba",
    "08-vogels-abbott-coba",
    "09-sparse-activity",
    "10-microcircuit",
];

/// A lesson with some keys set.
///
/// # Errors
/// Where there is no such lesson, or a key is none of it: a mistake of this program.
pub(super) fn lesson(name: &str, set: &[(&str, String)]) -> Result<Network> {
    let text = LESSONS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
    let text = text.ok_or_else(|| Diagnostic::new(format!("`{name}` is no lesson of the textbook")))?;
    let settings: Vec<_> = set.iter().map(|(key, value)| Setting { key: (*key).into(), value: value.clone() }).collect();
    parse_with(text, Path::new("networks").join(name).with_extension("toml"), Path::new(""), &settings)
}
