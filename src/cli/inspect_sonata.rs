//! `spikewatt inspect` of SONATA's files of spikes and reports.

use super::output::table;
use spikewatt::diagnostic::Result;
use spikewatt::format::sonata::{Report, Sorting, Spikes, UNNAMED, holds_report, holds_spikes, read_report, read_spikes};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

/// Says what the file holds, where it is one of spikes or reports. False where it is another.
pub(super) fn about(file: &Path, text: &mut String) -> Result<bool> {
    let mut found = false;
    if holds_spikes(file) {
        about_spikes(&read_spikes(file)?, text);
        found = true;
    }
    if holds_report(file) {
        about_reports(&read_report(file)?, text);
        found = true;
    }
    Ok(found)
}

// Writing to a string cannot fail, so the results of `writeln!` are dropped below.

fn about_spikes(all: &[Spikes], text: &mut String) {
    let mut spikes = table(&["population", "spikes", "nodes that spike", "first ms", "last ms", "sorted"], &[1, 2, 3, 4]);
    let mut total = 0;
    for train in all {
        total += train.times_ms.len();
        let ids: BTreeSet<_> = train.node_ids.iter().collect();
        let sorted = match train.sorted() {
            Sorting::by_time => "by time",
            Sorting::by_id => "by node",
            Sorting::none => "not",
        };
        let (first, last) = range(train.times_ms.iter().copied());
        spikes.add_row([
            train.population.as_deref().unwrap_or("(not said)").to_owned(),
            train.times_ms.len().to_string(),
            ids.len().to_string(),
            first,
            last,
            sorted.to_owned(),
        ]);
    }
    let _ = writeln!(text, "{total} spikes in SONATA's layout\n\n{spikes}");
    if all.iter().any(|train| train.population.is_none()) {
        let _ = writeln!(
            text,
            "  note: The file is of the old layout; spikewatt convert writes the present one, with the population `{UNNAMED}`."
        );
    }
}

fn about_reports(all: &[Report], text: &mut String) {
    let mut reports = table(
        &["report", "nodes", "columns", "rows", "from ms", "to ms", "every ms", "least", "most", "unit"],
        &[1, 2, 3, 4, 5, 6, 7, 8],
    );
    for report in all {
        let (least, most) = range(report.values.iter().copied());
        let [start, end, step] = report.time_ms;
        reports.add_row([
            report.population.clone(),
            report.node_ids.iter().collect::<BTreeSet<_>>().len().to_string(),
            report.columns().to_string(),
            report.rows.to_string(),
            short(start),
            short(end),
            short(step),
            least,
            most,
            report.units.clone().unwrap_or_default(),
        ]);
    }
    let _ = writeln!(text, "Values over time in SONATA's layout\n\n{reports}");
}

/// The least and the most of some numbers.
fn range(values: impl Iterator<Item = f64>) -> (String, String) {
    let (least, most) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), value| (least.min(value), most.max(value)));
    if least > most { ("–".into(), "–".into()) } else { (short(least), short(most)) }
}

/// Six figures at most: enough to recognise a value by.
fn short(value: f64) -> String {
    let rounded: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    format!("{rounded}")
}
