//! Panels as pictures and tables: files that appear whole or not at all.

mod picture;
mod svg;

pub use picture::{base64, encode_png, write_png};
pub use svg::of_panel as svg_of_panel;

use crate::view::Table;
use spikewatt::diagnostic::Result;
use spikewatt::whole_file::write_whole;
use std::path::Path;

/// What a panel is exported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A picture as it is on the screen.
    Png,
    /// A drawing that can be scaled.
    Svg,
    /// Its data.
    Csv,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Png, Self::Svg, Self::Csv];

    /// How its files end.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
            Self::Csv => "csv",
        }
    }

    /// What it is, for a menu.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Png => "Picture (PNG) …",
            Self::Svg => "Drawing (SVG) …",
            Self::Csv => "Data (CSV) …",
        }
    }
}

/// A table as CSV (RFC 4180): cells with commas, quotes or line ends stand in quotes.
#[must_use]
pub fn csv(table: &Table) -> String {
    let cell = |cell: &String| {
        if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
    };
    let row = |cells: &Vec<String>| cells.iter().map(cell).collect::<Vec<_>>().join(",") + "\r\n";
    std::iter::once(&table.columns).chain(&table.rows).map(row).collect()
}

/// Writes a text, whole or not at all.
///
/// # Errors
/// Where it cannot be written there.
pub fn write_text(path: &Path, text: &str) -> Result<()> {
    write_whole(path, |beside| std::fs::write(beside, text).map_err(|error| error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_their_commas() {
        let rows = vec![vec!["a, b".into(), "1".into()], vec!["say \"no\"".into(), String::new()]];
        let table = Table { columns: vec!["name".into(), "v (mV)".into()], rows };
        assert_eq!(csv(&table), "name,v (mV)\r\n\"a, b\",1\r\n\"say \"\"no\"\"\",\r\n");
    }
}
