//! What drives the network, and what is recorded of it.

use super::config::Config;
use super::document::Item;
use super::node_sets::{Chosen, NodeSets};
use super::nodes::{Kind, Nodes};
use super::spikes::{Spikes, read_spikes};
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use crate::network::{CurrentStep, Drive, Stimulus, Target, TraceRequest, suggestion, whole_ticks};
use std::path::Path;

/// What the inputs of a configuration are.
pub(super) fn stimuli(config: &Config, sets: &NodeSets, nodes: &[Nodes], notes: &mut Vec<String>) -> Result<Vec<Stimulus>> {
    let mut wrong = Diagnostics::new();
    let mut stimuli = Vec::new();
    let Some(inputs) = config.get("inputs") else { return Ok(stimuli) };
    for (name, input) in inputs.members()? {
        if input.get("enabled").is_some_and(|enabled| enabled.value == false) {
            continue;
        }
        stimuli.extend(wrong.take(stimuli_of(name, &input, sets, nodes, notes)).into_iter().flatten());
    }
    wrong.or(stimuli)
}

fn stimuli_of(name: &str, input: &Item<'_>, sets: &NodeSets, nodes: &[Nodes], notes: &mut Vec<String>) -> Result<Vec<Stimulus>> {
    const KINDS: &[&str] = &["spikes", "current_clamp"];
    let Some(kind) = input.get("input_type") else { return Err(input.complaint("`input_type` is missing").into()) };
    match kind.text()? {
        "spikes" => spikes(name, input, sets, nodes, notes),
        "current_clamp" => current_clamp(name, input, sets, nodes),
        other => {
            let message = format!("inputs of the type {} cannot be run", quoted(other));
            Err(kind.complaint(message).help(suggestion(other, "types", KINDS)).into())
        }
    }
}

/// The nodes that an input reaches.
fn chosen(input: &Item<'_>, sets: &NodeSets, nodes: &[Nodes]) -> Result<Chosen> {
    let Some(set) = input.get("node_set") else {
        return Err(input.complaint("`node_set` is missing, which says whom the input reaches").into());
    };
    let chosen = sets.choose(&set, nodes)?;
    if chosen.is_empty() { Err(set.complaint("no node belongs to this set").into()) } else { Ok(chosen) }
}

fn spikes(name: &str, input: &Item<'_>, sets: &NodeSets, nodes: &[Nodes], notes: &mut Vec<String>) -> Result<Vec<Stimulus>> {
    const MODULES: &[&str] = &["h5", "hdf5", "sonata", "csv"];
    let mut wrong = Diagnostics::new();
    if let Some(module) = input.get("module")
        && let Some(text) = wrong.take(module.text())
        && !MODULES.contains(&text)
    {
        let message = format!("spikes of the module {} cannot be read", quoted(text));
        wrong.push(module.complaint(message).help(suggestion(text, "modules", MODULES)));
    }
    let chosen = wrong.take(chosen(input, sets, nodes));
    let Some(item) = ["input_file", "spike_file", "spikes_file"].iter().find_map(|key| input.get(key)) else {
        wrong.push(input.complaint("`input_file` is missing, which holds the spikes"));
        return Err(wrong);
    };
    let read = item.file().and_then(|file| Ok((read_spikes(&file)?, file)));
    let (Some(chosen), Some((trains, file)), true) = (chosen, wrong.take(read), wrong.is_empty()) else { return Err(wrong) };
    let alone = chosen.len() == 1;
    let mut stimuli = Vec::new();
    for (at, ranks) in chosen {
        let population = &nodes[at];
        let Some(train) = trains.iter().find(|train| train.population.as_ref() == Some(&population.name)) else {
            match trains.iter().find(|train| train.population.is_none()) {
                Some(train) if alone => stimuli.extend(wrong.take(played(name, train, &file, population, &ranks, notes))),
                Some(_) => wrong.push(
                    item.complaint("the file does not say of what population its spikes are, and `node_set` names several"),
                ),
                // In a set of several populations, some may be silent.
                None if alone => {
                    let there: Vec<_> = trains.iter().filter_map(|train| train.population.as_deref()).collect();
                    let message = format!("holds no spikes of the population {}", quoted(&population.name));
                    wrong.push(Diagnostic::new(message).file(&file).help(suggestion(&population.name, "populations", &there)));
                }
                None => {}
            }
            continue;
        };
        stimuli.extend(wrong.take(played(name, train, &file, population, &ranks, notes)));
    }
    if stimuli.len() > 1 {
        stimuli.iter_mut().for_each(|stimulus| stimulus.name = format!("{name}: {}", stimulus.to.population));
    }
    wrong.or(stimuli)
}

/// Spikes that a population's nodes play.
fn played(
    name: &str,
    train: &Spikes,
    file: &Path,
    population: &Nodes,
    ranks: &[usize],
    notes: &mut Vec<String>,
) -> Result<Stimulus> {
    let mut there = vec![false; population.ids.len()];
    ranks.iter().for_each(|&rank| there[rank] = true);
    let Some(part) = population.parts.iter().position(|part| part.kind.is_virtual()) else {
        let message = format!("spikes of input {} go to `{}`, whose nodes are neurons", quoted(name), population.name);
        return Err(Diagnostic::new(message).file(file).help("only virtual nodes spike as a file says").into());
    };
    if !train.samples.is_empty() {
        let message = "holds spikes of several samples of a data set, each from its own time 0";
        return Err(Diagnostic::new(message).file(file).into());
    }
    if let Some(time) = train.times_ms.iter().find(|time| **time < 0.0) {
        return Err(Diagnostic::new(format!("a spike time must be zero or above, found {time} ms")).file(file).into());
    }
    let mut events = Vec::with_capacity(train.node_ids.len());
    for (&id, &time) in train.node_ids.iter().zip(&train.times_ms) {
        let Some(rank) = population.rank(id).filter(|&rank| there[rank] && population.places[rank].0 as usize == part) else {
            continue;
        };
        events.push((Some(population.places[rank].1), time));
    }
    let left_out = train.node_ids.len() - events.len();
    if left_out > 0 && events.is_empty() {
        let message = format!("none of its {left_out} spikes is of a node that population `{}` has", population.name);
        return Err(Diagnostic::new(message).file(file).into());
    }
    if left_out > 0 {
        notes.push(format!(
            "{left_out} of {} spikes of input `{name}` are of nodes that are not in its node set; they are left out.",
            train.node_ids.len()
        ));
    }
    Ok(Stimulus {
        name: name.to_owned(),
        to: Target { population: population.parts[part].name.clone(), ids: Vec::new() },
        drive: Drive::Spikes { events, weight: 1.0, delay_ms: 0.0 },
    })
}

fn current_clamp(name: &str, input: &Item<'_>, sets: &NodeSets, nodes: &[Nodes]) -> Result<Vec<Stimulus>> {
    let mut wrong = Diagnostics::new();
    if let Some(module) = input.get("module")
        && let Some(text) = wrong.take(module.text())
        && text != "IClamp"
    {
        wrong.push(module.complaint(format!("currents of the module {} cannot be run", quoted(text))).help("write IClamp"));
    }
    let mut need = |key: &str| {
        let item = input.get(key);
        if item.is_none() {
            wrong.push(input.complaint(format!("`{key}` is missing")));
        }
        item
    };
    let (amp, delay) = (need("amp"), need("delay"));
    let amp = amp.and_then(|item| wrong.take(item.number()));
    let delay = delay.and_then(|item| wrong.take(item.time()));
    let duration = input.get("duration").map(|item| wrong.take(item.time()).unwrap_or(0.0));
    let chosen = wrong.take(chosen(input, sets, nodes));
    let (Some(amp), Some(delay), Some(chosen)) = (amp, delay, chosen) else { return Err(wrong) };
    let mut steps = vec![CurrentStep { at_ms: delay, value: amp }];
    match duration {
        Some(duration) if duration > 0.0 => steps.push(CurrentStep { at_ms: delay + duration, value: 0.0 }),
        Some(_) => return wrong.or(Vec::new()),
        None => {}
    }
    let mut stimuli = Vec::new();
    for (part, to) in targets(&chosen, nodes) {
        match part.kind {
            Kind::Neurons(template) if !template.exact => {
                stimuli.push(Stimulus { name: name.to_owned(), to, drive: Drive::Current(steps.clone()) });
            }
            Kind::Neurons(template) => {
                let message = format!("`{}` has neurons of {}, which take no currents", part.name, template.name);
                wrong.push(input.complaint(message).help("a current goes to NEST's neurons, in pA"));
            }
            Kind::Virtual => {
                wrong.push(input.complaint(format!("the nodes of `{}` are virtual, and take no currents", part.name)))
            }
        }
    }
    if stimuli.len() > 1 {
        stimuli.iter_mut().for_each(|stimulus| stimulus.name = format!("{name}: {}", stimulus.to.population));
    }
    wrong.or(stimuli)
}

/// The parts of populations that chosen nodes are of, and their places in them; no places where all are chosen.
fn targets<'a>(chosen: &Chosen, nodes: &'a [Nodes]) -> Vec<(&'a super::nodes::Part, Target)> {
    let mut found = Vec::new();
    for (at, ranks) in chosen {
        let population = &nodes[*at];
        for (number, part) in (0u32..).zip(&population.parts) {
            let ids = ranks.iter().map(|&rank| population.places[rank]).filter(|place| place.0 == number).map(|place| place.1);
            let mut ids: Vec<u32> = ids.collect();
            if ids.is_empty() {
                continue;
            }
            if ids.len() == part.nodes.len() {
                ids.clear();
            }
            found.push((part, Target { population: part.name.clone(), ids }));
        }
    }
    found
}

/// Membranes and other variables that the reports of a configuration ask for. `default_ms` is how often where they do not say it.
pub(super) fn traces(
    config: &Config,
    sets: &NodeSets,
    nodes: &[Nodes],
    dt_ms: Option<f64>,
    default_ms: f64,
    notes: &mut Vec<String>,
) -> Result<Vec<TraceRequest>> {
    let mut wrong = Diagnostics::new();
    let mut traces = Vec::new();
    let Some(reports) = config.get("reports") else { return Ok(traces) };
    for (name, report) in reports.members()? {
        if report.get("enabled").is_some_and(|enabled| enabled.value == false) {
            continue;
        }
        let variable = report.get("variable_name").and_then(|item| wrong.take(item.text())).unwrap_or_default();
        let own = report.get("dt").and_then(|item| wrong.take(item.time())).filter(|every| *every > 0.0);
        let every_ms = match dt_ms {
            None => Some(own.unwrap_or(default_ms)),
            Some(dt) => own.filter(|own| whole_ticks(*own, dt).is_some()),
        };
        let chosen = match ["cells", "node_set"].iter().find_map(|key| report.get(key)) {
            Some(set) => wrong.take(sets.choose(&set, nodes)).unwrap_or_default(),
            None => nodes.iter().map(|nodes| (0..nodes.ids.len()).collect()).enumerate().collect(),
        };
        let mut found = false;
        for (part, to) in targets(&chosen, nodes) {
            let Kind::Neurons(template) = part.kind else { continue };
            let Some(ours) = template.variable(variable) else { continue };
            found = true;
            traces.push(TraceRequest { population: to.population, variable: ours.to_owned(), ids: to.ids, every_ms });
        }
        if !found && wrong.is_empty() {
            notes.push(format!("Report `{name}` is left out: no neuron that it asks for has a variable {}.", quoted(variable)));
        }
    }
    wrong.or(traces)
}
