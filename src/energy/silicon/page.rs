//! The page of measurements.

use super::{Row, summary};
use std::fmt::Write;

/// The rows as Markdown. The file `src/energy/SILICON.md` is this text.
pub(super) fn page(rows: &[Row]) -> String {
    let found = summary(rows);
    let mut text = String::from(
        "# Our intervals against measured silicon\n\n\
         Written by the tests in `src/energy/silicon` from `tests/data/energy/silicon.toml`; a test holds the two together.\n\n\
         Each published measurement whose inputs are known is priced by the code that prices a run, and set beside the meter. What is not published\n\
         of a network is carried through as a range, drawn like a figure. A device whose file rests on the same measurement is priced *without* it: with\n\
         what was published of another network on that chip, of a sister chip, or in a data sheet. What such a figure is, each row says.\n\n",
    );
    // Writing to a string cannot fail, so the results of `writeln!` are dropped.
    let share = 100.0 * found.inside as f64 / found.counted as f64;
    let _ = writeln!(
        text,
        "**{} of {} measurements lie inside (P5 to P95), {share:.0} %.** The median interval is {:.1} times as high as it is low, the widest {:.0} times.\n",
        found.inside, found.counted, found.median_width, found.widest
    );
    let _ = writeln!(
        text,
        "Rows of one case share figures and are no independent trials: of {} cases, {} lie inside with every row.\n",
        found.cases, found.whole_cases
    );
    text.push_str(
        "| case | measured | published | ours: P5, nominal, P95 | | width | priced with |\n|---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let unit = row.unit;
        let measured = if row.measured.0 == row.measured.1 {
            format!("{} {unit}", figures(row.measured.0))
        } else {
            format!("{} to {} {unit}", figures(row.measured.0), figures(row.measured.1))
        };
        let ours = row.ours.map_or("no price".to_owned(), |ours| {
            format!("{}, {}, {} {unit}", figures(ours.low), figures(ours.nominal), figures(ours.high))
        });
        let inside = match row.inside() {
            Some(true) => "inside",
            Some(false) => "**outside**",
            None => "not counted",
        };
        let width = row.width().map_or(String::new(), |width| format!("{width:.1}"));
        let _ = writeln!(text, "| `{}` | {} | {measured} | {ours} | {inside} | {width} | {} |", row.case, row.what, row.how);
    }
    text.push_str("\n## What lies outside or has no price, and why\n\n");
    for row in rows.iter().filter(|row| row.inside() != Some(true)) {
        let _ = writeln!(text, "- `{}`, {}: {}", row.case, row.what, row.remark);
    }
    text
}

/// Three significant figures.
fn figures(value: f64) -> String {
    let digits = if value > 0.0 { 2 - value.log10().floor() as i32 } else { 0 };
    format!("{value:.*}", usize::try_from(digits).unwrap_or(0))
}
