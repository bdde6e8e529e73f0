//! The first lines: the verdict or what happened, then what ran.

use super::numbers::{count, mean, si, things};
use super::page::{Look, Page};
use super::words::{clean, items, name};
use crate::report::{Report, Winner};

/// Writes the verdict (for a plain run: what happened) as the first line, and the setting.
pub(super) fn write(report: &Report, page: &mut Page) {
    match &report.verdict {
        Some(verdict) => {
            let text = clean(&verdict.text);
            let text = if text.trim().is_empty() { winner(verdict.winner).to_owned() } else { text };
            page.paragraph(&text, "", Look::Verdict(verdict.winner));
            if let Some(reason) = &verdict.reason {
                page.paragraph(&clean(reason), "", Look::Plain);
            }
        }
        None => page.paragraph(&happened(report), "", Look::Title),
    }
    if report.partial {
        page.paragraph("Interrupted: the counts cover only what ran until then.", "", Look::Title);
    }
    page.line("", Look::Plain);
    page.facts(&[
        ("Network", network(report)),
        ("Data", data(report)),
        ("Time", time(report)),
        ("Coding", coding(report)),
        ("Semantics", report.run.semantics.as_deref().map(clean).unwrap_or_default()),
        ("Engine", items([name(&report.run.engine), clean(&report.run.engine_reason)])),
    ]);
}

/// The winner, where nobody has put the verdict into words.
fn winner(winner: Winner) -> &'static str {
    match winner {
        Winner::Spiking => "The spiking network wins.",
        Winner::Dense => "The spiking network loses here: the dense network needs less energy.",
        Winner::Undecided => "Undecided: the energy intervals of the two networks overlap, or cannot be compared.",
    }
}

/// A plain run in a sentence.
fn happened(report: &Report) -> String {
    let (total, run) = (&report.counts.total, &report.run);
    let over =
        if run.samples > 1 { things(run.samples, "sample") } else { format!("{} of simulated time", si(run.duration_s, "s")) };
    format!(
        "{}: {} and {} in {over}.",
        name(&report.network.name),
        things(total.spikes, "spike"),
        things(total.synaptic_events, "synaptic event"),
    )
}

fn network(report: &Report) -> String {
    let network = &report.network;
    let mut models: Vec<_> = network.populations.iter().map(|population| name(&population.model)).collect();
    models.sort();
    models.dedup();
    items([
        // A plain run has said the name in its first line.
        if report.verdict.is_some() { name(&network.name) } else { String::new() },
        format!("{} in {}", things(network.neurons, "neuron"), things(network.populations.len() as u64, "population")),
        things(network.synapses, "synapse"),
        models.join(", "),
    ])
}

fn data(report: &Report) -> String {
    let Some(input) = &report.run.input else { return String::new() };
    let split = report.task.as_ref().and_then(|task| task.split.as_ref());
    items([
        clean(input),
        split.map(|split| format!("split {}", name(split))).unwrap_or_default(),
        things(report.run.samples, "sample"),
    ])
}

fn time(report: &Report) -> String {
    let run = &report.run;
    let each = if run.samples > 1 { " a sample" } else { "" };
    match (run.steps, run.dt_s) {
        (Some(steps), Some(dt)) => {
            format!("{} of {} = {}{each}", things(steps, "step"), si(dt, "s"), si(run.duration_s, "s"))
        }
        (None, Some(dt)) => format!("{}{each} in steps of {}", si(run.duration_s, "s"), si(dt, "s")),
        (steps, None) => {
            let steps = steps.map(|steps| format!(" ({})", things(steps, "step"))).unwrap_or_default();
            format!("{}{each}{steps}, exact spike times on no grid", si(run.duration_s, "s"))
        }
    }
}

fn coding(report: &Report) -> String {
    let Some(task) = &report.task else { return String::new() };
    let encoding = task.encoding.as_ref().map(|encoding| format!("{} input", name(encoding))).unwrap_or_default();
    let decoding = task.decoding.as_ref().map(|decoding| format!("answer by {}", clean(decoding))).unwrap_or_default();
    let steps = task.steps.filter(|steps| Some(*steps) != report.run.steps);
    items([encoding, steps.map(|steps| format!("shown for {} steps", count(steps))).unwrap_or_default(), decoding])
}

/// "mean of 360 samples", or nothing for one.
pub(super) fn per_sample(report: &Report) -> String {
    if report.run.samples > 1 { format!(", mean of {} samples", mean(report.run.samples as f64)) } else { String::new() }
}
