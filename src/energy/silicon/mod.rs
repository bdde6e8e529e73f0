//! Our intervals held against published measurements of silicon: the cases, the page they make, and what must hold of them.

mod cases;
mod page;

use super::quantity::Range;
use cases::rows;
use page::page;

/// One measurement beside our interval.
struct Row {
    case: &'static str,
    /// What was measured, with its unit.
    what: String,
    /// What went in and which figure priced it.
    how: String,
    /// Our interval; absent where the inputs do not give a price.
    ours: Option<Range<f64>>,
    /// The measurement; two ends where it was published as a range.
    measured: (f64, f64),
    unit: &'static str,
    /// What to know, above all why a row lies outside or is not counted.
    remark: &'static str,
}

impl Row {
    /// True where all that was measured lies in our interval.
    fn inside(&self) -> Option<bool> {
        self.ours.map(|ours| ours.low <= self.measured.0 && self.measured.1 <= ours.high)
    }

    /// The high end over the low end.
    fn width(&self) -> Option<f64> {
        self.ours.map(|ours| ours.high / ours.low)
    }
}

/// What the rows come to.
struct Summary {
    counted: usize,
    inside: usize,
    median_width: f64,
    widest: f64,
    /// Cases that have a priced row.
    cases: usize,
    /// Those of them whose priced rows all lie inside.
    whole_cases: usize,
}

fn summary(rows: &[Row]) -> Summary {
    let mut widths: Vec<f64> = rows.iter().filter_map(Row::width).collect();
    widths.sort_by(f64::total_cmp);
    let middle = widths.len() / 2;
    let median_width = if widths.len() % 2 == 1 { widths[middle] } else { f64::midpoint(widths[middle - 1], widths[middle]) };
    let mut cases: Vec<&str> = rows.iter().filter(|row| row.ours.is_some()).map(|row| row.case).collect();
    cases.dedup();
    let whole = |case: &&&str| rows.iter().filter(|row| row.case == **case).all(|row| row.inside() != Some(false));
    Summary {
        cases: cases.len(),
        whole_cases: cases.iter().filter(whole).count(),
        counted: widths.len(),
        inside: rows.iter().filter(|row| row.inside() == Some(true)).count(),
        median_width,
        widest: widths.last().copied().unwrap_or_default(),
    }
}

#[test]
fn nine_of_ten_measurements_lie_in_our_intervals() {
    let rows = rows();
    let found = summary(&rows);
    assert!(found.counted >= 20, "{}", found.counted);
    assert!(found.inside as f64 >= 0.9 * found.counted as f64, "{} of {} inside", found.inside, found.counted);
    assert!(found.widest <= 100.0, "an interval as wide as {} says nothing", found.widest);
    for row in &rows {
        let explained = row.inside() == Some(true) || !row.remark.is_empty();
        assert!(explained, "{}, {}: {:?} against {:?} and no word why", row.case, row.what, row.ours, row.measured);
    }
}

#[test]
fn every_case_of_the_file_has_a_row() {
    let rows = rows();
    let file = cases::file();
    for case in file["case"].as_array().expect("a list") {
        let id = case["id"].as_str().expect("an id");
        assert!(rows.iter().any(|row| row.case == id), "{id}");
    }
}

#[test]
fn the_page_of_silicon_is_what_the_cases_give() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/energy/SILICON.md");
    let text = page(&rows());
    if std::env::var_os("SPIKEWATT_WRITE_MANUAL").is_some() {
        std::fs::write(path, &text).expect("the page can be written");
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == text,
        "src/energy/SILICON.md is not what the cases give: run the test with SPIKEWATT_WRITE_MANUAL=1 to write it anew"
    );
}
