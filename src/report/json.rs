//! The report as JSON, and back.

use super::{Report, SCHEMA_ID};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Result, quoted};
use crate::whole_file::write_whole;
use serde_json::Value;
use std::path::Path;

/// The report as JSON, indented, with a line end.
///
/// # Errors
/// Where a number is not finite, since JSON has no such number: one complaint for each, with its key.
pub fn to_json(report: &Report) -> Result<String> {
    let value = serde_json::to_value(report).map_err(|error| Diagnostic::new(format!("the report is no JSON: {error}")))?;
    // Absent parts are left out, so a `null` can only be a number that JSON cannot hold.
    let mut complaints = Diagnostics::new();
    find_nulls(&value, &mut String::new(), &mut complaints);
    let mut text = String::new();
    write_value(&value, 0, &mut text);
    text.push('\n');
    complaints.or(text)
}

/// Writes the report as JSON; the file appears whole or not at all.
///
/// # Errors
/// As [`to_json`], or where the file cannot be written.
pub fn write_json(report: &Report, path: &Path) -> Result<()> {
    let text = to_json(report)?;
    write_whole(path, |beside| std::fs::write(beside, text).map_err(|error| error.to_string()))
}

/// Reads a report back. Keys it does not know are passed over, since keys may be added.
///
/// # Errors
/// Where the text is no JSON, is no report, or is a report of another version.
pub fn from_json(text: &str) -> Result<Report> {
    let report: Report = serde_json::from_str(text).map_err(|error| {
        let line = text.split('\n').take(error.line().saturating_sub(1)).map(|line| line.len() + 1).sum::<usize>();
        let at = line + error.column().saturating_sub(1);
        Diagnostic::new(format!("expected a report ({SCHEMA_ID}): {error}")).place(Place::in_text(text, at, at + 1))
    })?;
    if report.schema == SCHEMA_ID {
        Ok(report)
    } else {
        Err(Diagnostic::at("schema", format!("expected {SCHEMA_ID}, found {}", quoted(&report.schema)))
            .help("read it with the version of Spikewatt that wrote it")
            .into())
    }
}

/// Indented by two spaces a level. Lists of numbers (thousands of predictions) stay on one line.
fn write_value(value: &Value, level: usize, out: &mut String) {
    let indent = |level: usize, out: &mut String| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", level));
    };
    match value {
        Value::Array(items) if items.iter().any(|item| !item.is_number()) => {
            for (index, item) in items.iter().enumerate() {
                out.push(if index == 0 { '[' } else { ',' });
                indent(level + 1, out);
                write_value(item, level + 1, out);
            }
            indent(level, out);
            out.push(']');
        }
        Value::Object(entries) if !entries.is_empty() => {
            for (index, (key, item)) in entries.iter().enumerate() {
                out.push(if index == 0 { '{' } else { ',' });
                indent(level + 1, out);
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push_str(": ");
                write_value(item, level + 1, out);
            }
            indent(level, out);
            out.push('}');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// One complaint for each `null`, at its path.
fn find_nulls(value: &Value, path: &mut String, complaints: &mut Diagnostics) {
    let length = path.len();
    match value {
        Value::Null => {
            complaints.push(Diagnostic::at(path.clone(), "expected a finite number, found one that is infinite or undefined"))
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push_str(&format!("[{index}]"));
                find_nulls(item, path, complaints);
                path.truncate(length);
            }
        }
        Value::Object(entries) => {
            for (key, item) in entries {
                if length > 0 {
                    path.push('.');
                }
                path.push_str(key);
                find_nulls(item, path, complaints);
                path.truncate(length);
            }
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
