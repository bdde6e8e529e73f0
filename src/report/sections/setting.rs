//! What ran: network, data, time, engine; and what came of it in a sentence.

use super::numbers::{bytes, count, mean, si, things};
use super::words::{clean, items, name};
use crate::report::{Report, Winner};

/// The first sentence: the verdict, or for a plain run what happened.
pub(in crate::report) fn first_sentence(report: &Report) -> String {
    match &report.verdict {
        Some(verdict) => {
            let text = clean(&verdict.text);
            if text.trim().is_empty() { winner(verdict.winner).to_owned() } else { text }
        }
        None => happened(report),
    }
}

/// The grounds of the verdict, where they are given.
pub(in crate::report) fn reason(report: &Report) -> Option<String> {
    report.verdict.as_ref().and_then(|verdict| verdict.reason.as_deref()).map(clean)
}

/// Said of a report whose run did not come to its end.
pub(in crate::report) const INTERRUPTED: &str = "Interrupted: the counts cover only what ran until then.";

/// The winner, where nobody has put the verdict into words.
fn winner(winner: Winner) -> &'static str {
    match winner {
        Winner::Spiking => "The spiking network wins.",
        Winner::Dense => "The spiking network loses here: the dense network needs less energy.",
        Winner::Undecided => "Undecided: the energy intervals of the two networks overlap, or cannot be compared.",
    }
}

/// The setting, fact by fact.
pub(in crate::report) fn facts(report: &Report) -> [(&'static str, String); 6] {
    [
        ("Network", network(report)),
        ("Data", data(report)),
        ("Time", time(report)),
        ("Coding", coding(report)),
        ("Semantics", report.run.semantics.as_deref().map(clean).unwrap_or_default()),
        ("Engine", items([name(&report.run.engine), clean(&report.run.engine_reason)])),
    ]
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
        // Exact time has ticks of a nanosecond and no steps.
        (None, Some(dt)) if dt <= 1e-9 => format!("{}{each}, exact spike times on no grid", si(run.duration_s, "s")),
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
pub(in crate::report) fn per_sample(report: &Report) -> String {
    if report.run.samples > 1 { format!(", mean of {} samples", mean(report.run.samples as f64)) } else { String::new() }
}

/// Wall-clock times, speed and memory.
pub(in crate::report) fn timing(report: &Report) -> String {
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
