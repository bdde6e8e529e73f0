//! `[[stimulus]]`.

use super::cursor::{Item, Table};
use super::files::{csv, sonata_spikes};
use super::section::{Populations, Section};
use crate::diagnostic::quoted;
use crate::network::{CurrentStep, Drive, Stimulus, Target, suggestion};
use crate::units::Dimension;
use std::collections::BTreeMap;
use toml::de::DeValue;

const KINDS: &[&str] = &["poisson", "spikes", "regular", "current", "noise", "dataset"];

/// Reads one section; `None` where nothing can be said of whom it reaches. What else cannot be read has a stand-in.
pub(super) fn read(section: &Section<'_>, populations: &Populations<'_>) -> Option<Stimulus> {
    let table = &section.table;
    let to = table.need("to", "to = \"e\"").and_then(|item| target(&item));
    let kind = table.need("kind", "kind = \"poisson\"").and_then(|item| Some((item.string()?, item)));
    let drive = match kind {
        Some((name, _)) if KINDS.contains(&name) => {
            let drive = drive(table, name, to.as_ref(), populations);
            table.finish();
            drive
        }
        Some((name, item)) => {
            item.complain_with_help(format!("there is no stimulus {}", quoted(name)), suggestion(name, "kinds", KINDS));
            None
        }
        None => None,
    };
    Some(Stimulus { name: section.name.clone(), to: to?, drive: drive.unwrap_or(Drive::Dataset) })
}

/// `"e"` or `{ population = "e", ids = [0, 1] }`.
pub(super) fn target(item: &Item<'_>) -> Option<Target> {
    match item.value {
        DeValue::String(name) => Some(Target { population: name.to_string(), ids: Vec::new() }),
        DeValue::Table(_) => {
            let table = item.table(item.label(), None)?;
            let found = population_and_ids(&table);
            table.finish();
            found
        }
        _ => {
            item.expected("a population", "write \"e\", or { population = \"e\", ids = [0, 1] }");
            None
        }
    }
}

/// The keys `population` and `ids`.
pub(super) fn population_and_ids(table: &Table<'_>) -> Option<Target> {
    let population = table.need("population", "population = \"e\"").and_then(|item| item.string());
    let ids = match table.get("ids") {
        Some(item) => {
            let ids = item.all("write for instance [0, 1]", Item::index);
            if ids.as_ref().is_some_and(Vec::is_empty) {
                item.complain_with_help("there are no ids", "leave `ids` out to reach every neuron");
            }
            ids
        }
        None => Some(Vec::new()),
    };
    Some(Target { population: population?.to_owned(), ids: ids? })
}

fn drive(table: &Table<'_>, kind: &str, to: Option<&Target>, populations: &Populations<'_>) -> Option<Drive> {
    let name = to.map_or("", |to| to.population.as_str());
    let time = |key: &'static str| match table.get(key) {
        Some(item) => item.quantity(Some(Dimension::Time)).map(Some),
        None => Some(None),
    };
    let rate = || table.need("rate", "rate = \"20 Hz\"").and_then(|item| item.quantity(Some(Dimension::Frequency)));
    let event = || {
        let weight = if populations.is_input(name) { table.get("weight") } else { table.need("weight", "weight = \"0.1 mV\"") };
        let weight = match weight {
            Some(item) => item.quantity(populations.weight(name)),
            // Events of an input population are spikes, which weigh one.
            None => populations.is_input(name).then_some(1.0),
        };
        let delay_ms = table.get("delay").map_or(Some(0.0), |item| item.delay_ms());
        (weight, delay_ms)
    };
    match kind {
        "poisson" => {
            let (rate_hz, (weight, delay_ms), start, stop) = (rate(), event(), time("start"), time("stop"));
            Some(Drive::Poisson { rate_hz: rate_hz?, weight: weight?, delay_ms: delay_ms?, window_ms: (start?, stop?) })
        }
        "spikes" => {
            let ((weight, delay_ms), events) = (event(), events(table, to));
            Some(Drive::Spikes { events: events?, weight: weight?, delay_ms: delay_ms? })
        }
        "regular" => {
            let (rate_hz, (weight, delay_ms), start) = (rate(), event(), time("start"));
            Some(Drive::Regular { rate_hz: rate_hz?, start_ms: start?.unwrap_or(0.0), weight: weight?, delay_ms: delay_ms? })
        }
        "current" => {
            let example = "steps = [{ at = \"0 ms\", value = \"250 pA\" }]";
            let steps = table.need("steps", example)?;
            steps
                .all(&format!("write for instance {example}"), |step| current_step(step, populations.current(name)))
                .map(Drive::Current)
        }
        "noise" => {
            let current = |item: Item<'_>| item.quantity(populations.current(name));
            let mean = table.get("mean").map_or(Some(0.0), current);
            let sd = table.need("std", "std = \"100 pA\"").and_then(current);
            // NEST's default.
            let interval = time("dt").map(|dt| dt.unwrap_or(1.0));
            let (start, stop) = (time("start"), time("stop"));
            Some(Drive::Noise { mean: mean?, sd: sd?, interval_ms: interval?, window_ms: (start?, stop?) })
        }
        _ => Some(Drive::Dataset),
    }
}

fn current_step(item: &Item<'_>, dimension: Option<Dimension>) -> Option<CurrentStep> {
    let table = item.table(item.label(), None)?;
    let at = table.need("at", "at = \"0 ms\"").and_then(|item| item.quantity(Some(Dimension::Time)));
    let value = table.need("value", "value = \"250 pA\"").and_then(|item| item.quantity(dimension));
    table.finish();
    Some(CurrentStep { at_ms: at?, value: value? })
}

/// Spike times from `times`, the same for all neurons, or from `file`, with ids.
fn events(table: &Table<'_>, to: Option<&Target>) -> Option<Vec<(Option<u32>, f64)>> {
    match (table.get("times"), table.get("file")) {
        (Some(times), None) => {
            let times = times.all("write for instance [\"1.0 ms\", \"2.5 ms\"]", |time| time.quantity(Some(Dimension::Time)))?;
            Some(times.into_iter().map(|time| (None, time)).collect())
        }
        (None, Some(file)) => {
            // The file names neurons; an event names a position among the target's ids, where it has any.
            let ids = to.map_or(&[][..], |to| to.ids.as_slice());
            let positions: BTreeMap<u32, u32> = ids.iter().zip(0..).map(|(id, at)| (*id, at)).collect();
            let mut events = Vec::new();
            if let Some(spikes) = sonata_spikes(&file, to.map_or("", |to| &to.population)) {
                let spikes = spikes?;
                for (&id, &time) in spikes.node_ids.iter().zip(&spikes.times_ms) {
                    let known = u32::try_from(id).ok().filter(|id| positions.is_empty() || positions.contains_key(id));
                    let Some(id) = known else {
                        file.complain(format!("neuron {id} is not among those that `to` names"));
                        return None;
                    };
                    events.push((Some(positions.get(&id).copied().unwrap_or(id)), time));
                }
                return Some(events);
            }
            let complete = csv(&file, &["id", "time_ms"], &[], |row| {
                let (Some(id), Some(time)) = (row.index("id"), row.number("time_ms")) else { return };
                match positions.get(&id) {
                    Some(position) => events.push((Some(*position), time)),
                    None if positions.is_empty() => events.push((Some(id), time)),
                    None => row.complain(format!("neuron {id} is not among the `ids` of `to`")),
                }
            });
            complete.then_some(events)
        }
        (Some(times), Some(_)) => {
            times.complain_with_help("times are given twice", "write either `times` or `file`");
            None
        }
        (None, None) => {
            let help = "write times = [\"1.0 ms\"], or file = \"spikes.csv\" with the columns id,time_ms";
            table.doc.complain_with_help(&table.span, format!("{} needs `times` or `file`", table.what), help);
            None
        }
    }
}
