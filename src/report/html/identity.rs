//! What identifies the run, so that it can be replayed.

use super::page::HtmlPage;
use crate::report::Report;
use crate::report::sections::numbers::{NONE, count};
use crate::report::sections::words::{clean, name};
use crate::report::sections::{Page as _, setting};

/// Writes everything a second run needs to give the same report.
pub(super) fn write(report: &Report, page: &mut HtmlPage) {
    let (run, task) = (&report.run, report.task.as_ref());
    let text = |text: Option<&String>| text.map(|text| clean(text)).unwrap_or_default();
    page.title("Identity", "");
    page.facts(&[
        ("Program", run.version.as_deref().map(|version| format!("spikewatt {}", name(version))).unwrap_or_default()),
        ("Network", name(&report.network.name)),
        ("Network SHA-256", text(report.network.sha256.as_ref())),
        ("Input", text(run.input.as_ref())),
        ("Input SHA-256", text(run.input_sha256.as_ref())),
        ("Dense network", report.dense.as_ref().map(|dense| clean(&dense.source)).unwrap_or_default()),
        ("Dense SHA-256", text(run.dense_sha256.as_ref())),
        ("Seed", run.seed.to_string()),
        ("Samples", count(run.samples)),
        ("Split", text(task.and_then(|task| task.split.as_ref()))),
        ("Encoding", text(task.and_then(|task| task.encoding.as_ref()))),
        ("Step", run.dt_s.map(seconds).unwrap_or_default()),
        ("Steps", run.steps.map(count).unwrap_or_default()),
        // Steps of a known length say how long.
        ("Duration", if run.steps.and(run.dt_s).is_none() { seconds(run.duration_s) } else { String::new() }),
        ("Semantics", text(run.semantics.as_ref())),
        ("Engine", name(&run.engine)),
        ("Timing", setting::timing(report)),
        ("Report", clean(&report.schema)),
    ]);
}

/// A time to the last digit, as it must be given again.
fn seconds(value: f64) -> String {
    if value.is_finite() { format!("{value:?} s") } else { NONE.to_owned() }
}
