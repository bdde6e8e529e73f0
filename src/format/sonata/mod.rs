//! SONATA: networks of the Allen Institute and the Blue Brain Project, their spikes and their reports.
//!
//! A configuration in JSON names HDF5 files of nodes and edges, CSV tables of their types, files of parameters, and what to run.
//! Source: Dai et al., PLoS Comput. Biol. 16:e1007696, 2020, and the SONATA developer guide; where these leave something open, as
//! units and weights, what the Allen Institute's own simulator BMTK 1.0.8 does.
//!
//! ```text
//! config.json ── read ──▶ Network            read_spikes, read_report ◀── output of a run
//! ```
//!
//! What can be run are point neurons: NEURON's `IntFire1` and NEST's integrate-and-fire models ([`templates`] lists them), driven by virtual
//! nodes and current clamps. The weight of an edge is its type's or its own `syn_weight`, times `nsyns`, times the `sign` of its
//! `dynamics_params`, in the unit of the model that it reaches.
//!
//! `IntFire1` knows no steps: NEURON goes from event to event, whatever `dt` is. A network of such cells alone is therefore run in exact
//! time, unless a step is asked for.

mod components;
mod config;
mod document;
mod edges;
mod inputs;
mod members;
mod models;
mod node_sets;
mod nodes;
mod report;
mod spikes;
mod types;

pub use report::{Report, holds_report, read_report};
pub(crate) use spikes::MAGIC;
pub use spikes::{Sorting, Spikes, UNNAMED, holds_spikes, read_spikes, write_spikes, write_spikes_csv};

use super::OpenOptions;
use crate::diagnostic::{Diagnostics, Result, quoted};
use crate::network::{Delay, Network, NodeIds};
use crate::neuron::Values;
use crate::spike::EXACT_TICK_MS;
use components::Components;
use config::Config;
use edges::Edges;
use node_sets::NodeSets;
use nodes::{Kind, Nodes};
use std::path::Path;

/// The names of all models that can be run, as `model_template` has them.
pub fn templates() -> impl Iterator<Item = &'static str> {
    models::TEMPLATES.iter().map(|template| template.name)
}

/// Reads a network from its configuration: `config.json`, or a simulation's or circuit's alone.
///
/// # Errors
/// Files that are missing, damaged or wrong, and models that cannot be run: every complaint at once, each with its file and place.
pub fn read(path: &Path, options: &OpenOptions) -> Result<Network> {
    let config = Config::open(path)?;
    let mut wrong = Diagnostics::new();
    let mut network = Network::new(name_of(path));
    network.notes.clone_from(&config.notes);
    let mut nodes: Vec<Nodes> = Vec::new();
    for pair in wrong.take(config.pairs("nodes")).unwrap_or_default() {
        for population in wrong.take(nodes::read(&pair)).unwrap_or_default() {
            if nodes.iter().any(|other| other.name == population.name) {
                wrong.push(pair.at.complaint(format!("there are two populations {} of nodes", quoted(&population.name))));
            } else {
                nodes.push(population);
            }
        }
    }
    let edges = wrong.take(config.pairs("edges"));
    // What refers to nodes can be looked at once all are there.
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let neurons = || {
        nodes.iter().flat_map(|nodes| &nodes.parts).filter_map(|part| match part.kind {
            Kind::Neurons(template) => Some((part, template)),
            Kind::Virtual => None,
        })
    };
    let run_dt = config.run("dt").and_then(|item| wrong.take(item.time()));
    network.duration_ms = config.run("tstop").and_then(|item| wrong.take(item.time()));
    let exact = options.dt_ms.is_none() && neurons().next().is_some() && neurons().all(|(_, template)| template.exact);
    network.dt_ms = if exact { None } else { options.dt_ms.or(run_dt) };
    if exact {
        network.notes.push("IntFire1 goes from event to event, so time is exact; --dt puts it on a grid.".into());
    }
    let mut components = Components::new(&config);
    for nodes in &nodes {
        for part in &nodes.parts {
            network.populations.extend(wrong.take(nodes.population(part, &mut components, &mut network.notes)));
            if !nodes.plain() {
                let ids = part.nodes.iter().map(|&rank| nodes.ids[rank]).collect();
                network.node_ids.insert(part.name.clone(), NodeIds { population: nodes.name.clone(), ids });
            }
        }
    }
    let mut all = Edges::new(&nodes, &mut components, &mut network.notes);
    for pair in edges.unwrap_or_default() {
        wrong.take(all.read(&pair));
    }
    network.projections = all.done();
    if network.dt_ms.is_none() {
        later(&mut network);
    }
    if let Some(sets) = wrong.take(NodeSets::read(&config)) {
        network.stimuli = wrong.take(inputs::stimuli(&config, &sets, &nodes, &mut network.notes)).unwrap_or_default();
        let every = run_dt.filter(|dt| *dt > 0.0).unwrap_or(0.1);
        let traces = inputs::traces(&config, &sets, &nodes, network.dt_ms, every, &mut network.notes);
        network.record.traces = wrong.take(traces).unwrap_or_default();
    }
    network.record.spikes = neurons().map(|(part, _)| part.name.clone()).collect();
    if config.get("output").is_some() {
        network.notes.push("The configuration's output files are not written; --out says where results go.".into());
    }
    if wrong.is_empty() {
        wrong.extend(network.validate().err().unwrap_or_default().in_file(path));
    }
    wrong.or(network)
}

/// In exact time a spike takes time to arrive: delays of zero become one nanosecond.
fn later(network: &mut Network) {
    let rounds_to_none = |ms: f64| (0.0..EXACT_TICK_MS / 2.0).contains(&ms);
    let mut moved = false;
    for projection in &mut network.projections {
        let delays = match &mut projection.delay {
            Delay::Ms(Values::One(delay)) => std::slice::from_mut(delay),
            Delay::Ms(Values::Each(delays)) => delays.as_mut_slice(),
            _ => continue,
        };
        for delay in delays.iter_mut().filter(|delay| rounds_to_none(**delay)) {
            (*delay, moved) = (EXACT_TICK_MS, true);
        }
    }
    if moved {
        network.notes.push("Delays of zero are one nanosecond here: in exact time a spike takes time to arrive.".into());
    }
}

/// The file's name, or its folder's where it has the name that all such files have.
fn name_of(path: &Path) -> String {
    let stem = super::stem(path);
    let folder = || {
        let path = path.canonicalize().ok()?;
        path.parent()?.file_name().map(|name| name.to_string_lossy().into_owned())
    };
    match stem.as_str() {
        "config" | "simulation_config" | "circuit_config" => folder().unwrap_or(stem),
        _ => stem,
    }
}
