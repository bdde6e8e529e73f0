//! Light tables that fit the page: no boxes, numbers to the right.

use super::lines::wrapped;
use crate::report::sections::{
    Look,
    table::{Column, Row, Table},
    words,
};
use comfy_table::{CellAlignment, LineStyle, TableStyle};

/// A line under the header and nothing else.
const LIGHT: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// Empty columns between two columns of a table.
const GAP: usize = 2;

/// The lines of the table, with their looks. Columns without any text are left out.
pub(super) fn lines(table: &Table, width: usize) -> Vec<(String, Look)> {
    let shown = fit(table, width);
    if shown.is_empty() {
        return vec![];
    }
    let mut drawn = comfy_table::Table::new();
    drawn.load_style(LIGHT).force_no_tty();
    drawn.set_header(shown.iter().map(|&(at, limit)| words::cut(&table.columns[at].header, limit)));
    for Row { cells, .. } in &table.rows {
        drawn.add_row(shown.iter().map(|&(at, limit)| words::cut(&cells[at], limit)));
    }
    for (index, &(at, _)) in shown.iter().enumerate() {
        if let Some(column) = drawn.column_mut(index) {
            let right = if index + 1 == shown.len() { 0 } else { GAP as u16 - 1 };
            // Between two columns stands a junction, here a space, besides the padding.
            column.set_padding((0, right)).set_cell_alignment(align(&table.columns[at]));
        }
    }
    // Every row is one line, so that notes find their place: two lines of header, then the rows in order.
    let mut lines = drawn.lines();
    let mut out: Vec<_> =
        lines.by_ref().take(2).zip([Look::Plain, Look::Faint]).map(|(line, look)| (without_end(&line), look)).collect();
    for (line, row) in lines.zip(&table.rows) {
        if let Some(heading) = &row.heading {
            let first = out.len() == 2;
            out.extend((!first).then(|| (String::new(), Look::Plain)));
            out.extend(wrapped(heading, width).into_iter().map(|line| (line, Look::Title)));
        }
        out.push((without_end(&line), Look::Plain));
        for line in row.note.iter().flat_map(|note| wrapped(note, width.saturating_sub(4))) {
            out.push((format!("    {line}"), Look::Faint));
        }
    }
    out
}

/// The columns that fit the page, each with the width its texts are cut to.
fn fit(table: &Table, width: usize) -> Vec<(usize, usize)> {
    let natural = |at: usize| {
        let cells = table.rows.iter().map(|row| words::width(&row.cells[at])).max().unwrap_or(0);
        if cells == 0 { 0 } else { cells.max(words::width(&table.columns[at].header)) }
    };
    let mut shown: Vec<_> = (0..table.columns.len()).map(|at| (at, natural(at))).filter(|&(_, columns)| columns > 0).collect();
    let least = |shown: &[(usize, usize)]| {
        let narrowest = |&(at, columns): &(usize, usize)| table.columns[at].narrowest.unwrap_or(columns).min(columns);
        shown.iter().map(narrowest).sum::<usize>() + GAP * shown.len().saturating_sub(1)
    };
    while least(&shown) > width {
        let leaving = |&(at, _): &(usize, usize)| table.columns[at].leaves;
        let Some(first) = shown.iter().filter_map(leaving).min() else { break };
        shown.retain(|column| leaving(column) != Some(first));
    }
    let mut excess =
        (shown.iter().map(|(_, columns)| columns).sum::<usize>() + GAP * shown.len().saturating_sub(1)).saturating_sub(width);
    for (at, columns) in &mut shown {
        let give = columns.saturating_sub(table.columns[*at].narrowest.unwrap_or(*columns)).min(excess);
        *columns -= give;
        excess -= give;
    }
    shown
}

fn align(column: &Column) -> CellAlignment {
    if column.is_number { CellAlignment::Right } else { CellAlignment::Left }
}

fn without_end(line: &str) -> String {
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sections::table::Column;

    fn text(table: &Table, width: usize) -> String {
        lines(table, width).iter().map(|(line, _)| format!("{line}\n")).collect()
    }

    fn example() -> Table {
        let mut table = Table::new(vec![
            Column::words("device").cut_to(6),
            Column::numbers("energy"),
            Column::words("empty"),
            Column::words("evidence").leaves(1),
        ]);
        for (name, energy) in [("a long device", "4.31 µJ"), ("b", "12 µJ")] {
            table.row(vec![name.into(), energy.into(), String::new(), "measured".into()]);
        }
        table.note("a note".into());
        table.heading("others".into());
        table.row(vec!["c".into(), "1 J".into(), String::new(), "derived".into()]);
        table
    }

    #[test]
    fn a_wide_page_shows_all_columns_that_say_something() {
        assert_eq!(
            text(&example(), 60),
            "device          energy  evidence\n\
             ────────────────────────────────\n\
             a long device  4.31 µJ  measured\n\
             b                12 µJ  measured\n    \
             a note\n\n\
             others\n\
             c                  1 J  derived\n"
        );
    }

    #[test]
    fn a_narrow_page_cuts_words_then_columns_and_never_numbers() {
        assert_eq!(text(&example(), 26).lines().nth(2), Some("a long…  4.31 µJ  measured"));
        assert_eq!(text(&example(), 16).lines().nth(2), Some("a long…  4.31 µJ"));
        assert_eq!(text(&example(), 3).lines().nth(2), Some("a lon…  4.31 µJ"));
    }
}
