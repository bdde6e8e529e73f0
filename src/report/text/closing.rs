//! The end: caveats, wall time and memory, what identifies the run.

use super::page::TextPage;
use crate::report::Report;
use crate::report::sections::words::{clean, items, name, tied};
use crate::report::sections::{Look, Page as _, caveats, setting};

/// Writes the caveats and the last lines.
pub(super) fn write(report: &Report, page: &mut TextPage) {
    let mut caveats = caveats::general(report);
    caveats.extend(caveats::of_devices(report).into_iter().map(|(devices, caveat)| format!("{devices}: {caveat}")));
    if !caveats.is_empty() {
        page.title("Caveats", "");
        for caveat in caveats {
            page.led_paragraph(&caveat, "- ", Look::Plain);
        }
    }
    page.line("", Look::Plain);
    page.facts(&[("Timing", setting::timing(report)), ("Identity", identity(report))]);
}

fn identity(report: &Report) -> String {
    let run = &report.run;
    let short = |label: &str, hash: &Option<String>| {
        let hash = hash.as_ref().map(|hash| clean(hash).chars().take(12).collect::<String>());
        hash.map(|hash| tied(&format!("{label} {hash}"))).unwrap_or_default()
    };
    let hashes: Vec<String> =
        [short("network", &report.network.sha256), short("input", &run.input_sha256), short("dense", &run.dense_sha256)]
            .into_iter()
            .filter(|hash| !hash.is_empty())
            .collect();
    items([
        run.version.as_deref().map(|version| format!("spikewatt {}", name(version))).unwrap_or_default(),
        format!("seed {}", run.seed),
        if hashes.is_empty() { String::new() } else { format!("SHA-256 {}", hashes.join(", ")) },
    ])
}
