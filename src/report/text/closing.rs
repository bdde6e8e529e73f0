//! The end: caveats, wall time and memory, what identifies the run.

use super::numbers::{bytes, mean, si, things};
use super::page::{Look, Page};
use super::words::{clean, items, name, tied};
use crate::report::Report;

/// Writes the caveats and the last lines.
pub(super) fn write(report: &Report, page: &mut Page) {
    let caveats = caveats(report);
    if !caveats.is_empty() {
        page.title("CAVEATS");
        for caveat in caveats {
            page.paragraph(&caveat, "- ", Look::Plain);
        }
    }
    page.line("", Look::Plain);
    page.facts(&[("Timing", timing(report)), ("Identity", identity(report))]);
}

/// The report's caveats, then those of devices, each said once with the devices it holds for.
fn caveats(report: &Report) -> Vec<String> {
    let mut of_devices: Vec<(&str, Vec<String>)> = vec![];
    for entry in &report.energy {
        for caveat in &entry.caveats {
            let device = name(&entry.device);
            match of_devices.iter_mut().find(|(text, _)| text == caveat) {
                Some((_, devices)) if devices.contains(&device) => {}
                Some((_, devices)) => devices.push(device),
                None => of_devices.push((caveat, vec![device])),
            }
        }
    }
    let general = report.caveats.iter().map(|caveat| clean(caveat));
    general.chain(of_devices.iter().map(|(text, devices)| format!("{}: {}", devices.join(", "), clean(text)))).collect()
}

fn timing(report: &Report) -> String {
    let run = &report.run;
    let simulated = run.duration_s * run.samples as f64;
    let speed = (run.run_wall_s > 0.0 && simulated > 0.0).then(|| simulated / run.run_wall_s);
    let events = (run.run_wall_s > 0.0).then(|| report.counts.total.synaptic_events as f64 / run.run_wall_s);
    items([
        format!("built in {}", si(run.build_wall_s, "s")),
        format!("ran in {} on {}", si(run.run_wall_s, "s"), things(run.threads, "thread")),
        speed.map(|speed| format!("{} × real time", mean(speed))).unwrap_or_default(),
        events.map(|events| si(events, " events/s").replace("  ", " ")).unwrap_or_default(),
        run.peak_memory_bytes.map(|peak| format!("peak memory {}", bytes(peak))).unwrap_or_default(),
    ])
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
