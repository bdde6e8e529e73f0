//! Where results go: standard output for people or programs, files that appear whole.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle};
use spikewatt::diagnostic::{Diagnostic, Result};
use spikewatt::report::{Report, TextOptions, render, to_json, write_json};
use std::io::{IsTerminal, Write};
use std::path::Path;

/// Writes text to standard output. A closed pipe (`| head`) ends the program in silence, as other tools do.
pub(super) fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => Err(Diagnostic::new(format!("standard output cannot be written: {error}")).into()),
        Ok(()) => Ok(()),
    }
}

/// Writes a text of tables: their cells end in spaces that nobody needs.
pub(super) fn print_tables(text: &str) -> Result<()> {
    print(&text.lines().map(|line| line.trim_end().to_owned() + "\n").collect::<String>())
}

/// Columns to write for: the terminal's, or `COLUMNS`, or 100.
fn width() -> usize {
    let of_variable = || std::env::var("COLUMNS").ok()?.parse().ok();
    let of_terminal = || terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0));
    of_terminal().or_else(of_variable).unwrap_or(100)
}

/// A light table of these columns; those of `numbers` are set to the right.
pub(super) fn table(header: &[&str], numbers: &[usize]) -> Table {
    const LIGHT: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
    let mut table = Table::new();
    table.load_style(LIGHT).set_content_arrangement(ContentArrangement::Dynamic).set_width(width().clamp(60, 200) as u16);
    table.set_header(header);
    // Names are what a person copies: they are never broken.
    if let Some(names) = table.column_mut(0) {
        names.set_constraint(ColumnConstraint::ContentWidth);
    }
    for &at in numbers {
        if let Some(column) = table.column_mut(at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// Gives a report to whoever asked: JSON to a file or standard output, text to standard output unless that is taken or quiet is
/// asked for.
pub(super) fn give(report: &Report, json: Option<&Path>, quiet: bool) -> Result<()> {
    if json == Some(Path::new("-")) {
        return print(&(to_json(report)? + "\n"));
    }
    if let Some(path) = json {
        write_json(report, path)?;
    }
    if quiet {
        return Ok(());
    }
    print(&shown(report))
}

/// A report as text for the terminal there is.
pub(super) fn shown(report: &Report) -> String {
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    render(report, &TextOptions { width: width().clamp(60, 160), colour })
}
