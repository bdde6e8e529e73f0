//! Populations of edges.

use super::components::Components;
use super::config::Pair;
use super::members::{Members, whole_numbers};
use super::nodes::{Nodes, few};
use super::types::Types;
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use crate::format::h5::H5File;
use crate::network::{Connect, Delay, Projection, Weight, suggestion};
use std::collections::BTreeMap;
use std::path::Path;

/// The delay of edges where nothing is said, ms: NEST's and NEURON's.
const DELAY_MS: f64 = 1.0;

/// What weight functions there are: all of them take the weight as it stands.
const WEIGHT_FUNCTIONS: &[&str] = &["wmax", "default_weight_fnc", "set_syn_weight"];

/// What synapse models there are.
const SYNAPSES: &[&str] = &["static_synapse", "nest:static_synapse"];

/// Edges between two populations of the network.
#[derive(Debug, Default)]
struct List {
    pairs: Vec<(u32, u32, Option<f64>, Option<f64>)>,
    weights: Vec<f64>,
    delays: Vec<f64>,
}

/// What the edges of a file are.
pub(super) struct Edges<'a> {
    nodes: &'a [Nodes],
    components: &'a mut Components<'a>,
    projections: Vec<Projection>,
    notes: &'a mut Vec<String>,
}

impl<'a> Edges<'a> {
    pub(super) fn new(nodes: &'a [Nodes], components: &'a mut Components<'a>, notes: &'a mut Vec<String>) -> Self {
        Self { nodes, components, projections: Vec::new(), notes }
    }

    /// The projections of all files read.
    pub(super) fn done(self) -> Vec<Projection> {
        self.projections
    }

    /// Reads the populations of a file of edges.
    pub(super) fn read(&mut self, pair: &Pair<'_>) -> Result<()> {
        let mut wrong = Diagnostics::new();
        let names = wrong.take(H5File::open(&pair.file).and_then(|h5| h5.members("/edges")));
        for name in names.into_iter().flatten() {
            wrong.take(self.population(pair, &name));
        }
        wrong.or(())
    }

    fn population(&mut self, pair: &Pair<'_>, name: &str) -> Result<()> {
        let h5 = H5File::open(&pair.file)?;
        let at = format!("/edges/{name}");
        let types = pair.types.as_deref().map(|types: &Path| Types::read(types, "edge_type_id")).transpose()?;
        let members = Members::read(h5, at.clone(), "edge", types)?;
        let mut wrong = Diagnostics::new();
        let source = wrong.take(self.end(&members, "source_node_id"));
        let target = wrong.take(self.end(&members, "target_node_id"));
        let strengths = wrong.take(self.strengths(&members, name));
        let (Some((from, sources)), Some((to, targets)), Some((weights, delays))) = (source, target, strengths) else {
            return Err(wrong);
        };
        // Edges between two parts of populations are a projection.
        let mut lists: BTreeMap<(u32, u32), List> = BTreeMap::new();
        for edge in 0..members.len() {
            let ((from, source), (to, target)) = (from.places[sources[edge]], to.places[targets[edge]]);
            let list = lists.entry((from, to)).or_default();
            list.pairs.push((source, target, None, None));
            list.weights.push(weights[edge]);
            list.delays.push(delays[edge]);
        }
        let alone = lists.len() == 1;
        for ((source, target), list) in lists {
            let (source, target) = (&from.parts[source as usize], &to.parts[target as usize]);
            if target.kind.is_virtual() {
                let message = format!("edges lead to the virtual nodes of `{}`, which hear nothing", to.name);
                wrong.push(members.h5.complaint(&format!("{at}/target_node_id"), message));
                continue;
            }
            self.projections.push(Projection {
                name: if alone { name.to_owned() } else { format!("{name}: {} to {}", source.name, target.name) },
                from: source.name.clone(),
                to: target.name.clone(),
                connect: Connect::List(list.pairs),
                weight: Weight(few(list.weights)),
                delay: Delay::Ms(few(list.delays)),
                allow_self: true,
                allow_multiple: true,
                bias: None,
            });
        }
        wrong.or(())
    }

    /// The population at an end of edges, and the rank of each edge's node.
    fn end(&self, members: &Members, which: &str) -> Result<(&'a Nodes, Vec<usize>)> {
        let at = format!("{}/{which}", members.at);
        let ids = whole_numbers(&members.h5, &at)?;
        if ids.len() != members.len() {
            let message = format!("has {} values for {} edges", ids.len(), members.len());
            return Err(members.h5.complaint(&at, message).into());
        }
        let Some(name) = members.h5.attribute_string(&at, "node_population")? else {
            let message = "the attribute `node_population` is missing, which says of what population the nodes are";
            return Err(members.h5.complaint(&at, message).into());
        };
        // Some tools write the path.
        let name = name.rsplit('/').next().unwrap_or(&name);
        let Some(nodes) = self.nodes.iter().find(|nodes| nodes.name == name) else {
            let known: Vec<_> = self.nodes.iter().map(|nodes| nodes.name.as_str()).collect();
            let message = format!("there is no population {} of nodes", quoted(name));
            return Err(members.h5.complaint(&at, message).help(suggestion(name, "populations", &known)).into());
        };
        let ranks: Vec<_> = ids.iter().filter_map(|id| nodes.rank(*id)).collect();
        if ranks.len() < ids.len() {
            let missing = ids.len() - ranks.len();
            let (edge, id) = ids.iter().enumerate().find(|(_, id)| nodes.rank(**id).is_none()).expect("one is missing");
            let also = if missing > 1 { format!(" ({missing} edges have such nodes)") } else { String::new() };
            let message = format!("edge {edge} has node {id}, and population `{name}` has no such node{also}");
            return Err(members.h5.complaint(&at, message).into());
        }
        Ok((nodes, ranks))
    }

    /// Weight and delay of each edge.
    fn strengths(&mut self, members: &Members, name: &str) -> Result<(Vec<f64>, Vec<f64>)> {
        let mut wrong = Diagnostics::new();
        // One complaint of each sort: what is wrong with one edge is mostly wrong with all of its type.
        for (column, known) in [("weight_function", WEIGHT_FUNCTIONS), ("model_template", SYNAPSES)] {
            let texts = wrong.take(members.texts(column)).unwrap_or_default();
            let mut told: Vec<&str> = Vec::new();
            for (edge, text) in texts.iter().enumerate() {
                let Some(text) = text.as_deref().filter(|text| !known.contains(text) && !told.contains(text)) else { continue };
                told.push(text);
                let help = format!("{column}s that can be run are {}", known.join(", "));
                wrong.push(members.complaint(edge, format!("the {column} {} cannot be run", quoted(text))).help(help));
            }
        }
        for own in members.own_params()? {
            let at = format!("{}/…/dynamics_params/{own}", members.at);
            wrong.push(members.h5.complaint(&at, "synapses have no parameters of their own here"));
        }
        let dynamics = wrong.take(members.texts("dynamics_params")).unwrap_or_default();
        let (mut weights, mut delays) = (Vec::new(), Vec::new());
        let columns = ["syn_weight", "nsyns", "delay"].map(|column| wrong.take(members.numbers(column)));
        let [Some(syn_weights), Some(nsyns), Some(own_delays)] = columns else { return Err(wrong) };
        let mut synapses = SynapsesRead::default();
        let mut told = [false; 4];
        let mut unsaid = false;
        for edge in 0..members.len() {
            let of = match dynamics.get(edge).and_then(Option::as_ref) {
                Some(file) => wrong.take(synapses.get(file, members, edge, self.components)).flatten(),
                None => Some(Synapse::default()),
            };
            let Some(of) = of else { continue };
            let weight = if syn_weights[edge].is_nan() { of.weight } else { Some(syn_weights[edge]) };
            let times = if nsyns[edge].is_nan() { 1.0 } else { nsyns[edge] };
            let mut once = |sort: usize, complaint: &mut dyn FnMut() -> Diagnostic| {
                if !std::mem::replace(&mut told[sort], true) {
                    wrong.push(complaint());
                }
            };
            let Some(weight) = weight else {
                once(0, &mut || {
                    let message = format!("nothing says how strong edge {edge} of `{name}` is");
                    members.complaint(edge, message).help("syn_weight says it, in the table of types or in the HDF5 file")
                });
                continue;
            };
            if !(weight.is_finite() && times.is_finite()) {
                once(1, &mut || {
                    members.complaint(edge, format!("edge {edge} of `{name}` has a weight that is no finite number"))
                });
            }
            if times < 0.0 {
                once(2, &mut || members.complaint(edge, format!("edge {edge} of `{name}` has {times} synapses")));
            }
            let delay = if own_delays[edge].is_nan() { of.delay } else { Some(own_delays[edge]) };
            unsaid |= delay.is_none();
            let delay = delay.unwrap_or(DELAY_MS);
            if !(delay.is_finite() && delay >= 0.0) {
                once(3, &mut || {
                    let message =
                        format!("edge {edge} of `{name}` has a delay of {delay} ms: it must be zero or above, and finite");
                    members.complaint(edge, message)
                });
            }
            weights.push(weight * (of.sign * times));
            delays.push(delay);
        }
        if unsaid {
            self.notes.push(format!(
                "Nothing says how late spikes arrive by `{name}`: after {DELAY_MS} ms, NEST's and NEURON's default."
            ));
        }
        wrong.or((weights, delays))
    }
}

/// What a file of synapse parameters says.
#[derive(Debug, Clone, Copy)]
struct Synapse {
    sign: f64,
    weight: Option<f64>,
    delay: Option<f64>,
}

impl Default for Synapse {
    fn default() -> Self {
        Self { sign: 1.0, weight: None, delay: None }
    }
}

/// Files of synapse parameters that were read; of one that is wrong, that is said once.
#[derive(Debug, Default)]
struct SynapsesRead(BTreeMap<String, Option<Synapse>>);

impl SynapsesRead {
    fn get(&mut self, file: &str, members: &Members, edge: usize, components: &mut Components<'_>) -> Result<Option<Synapse>> {
        if let Some(found) = self.0.get(file) {
            return Ok(*found);
        }
        let read = read_synapse(file, members, edge, components);
        self.0.insert(file.to_owned(), read.as_ref().ok().copied());
        read.map(Some)
    }
}

fn read_synapse(file: &str, members: &Members, edge: usize, components: &mut Components<'_>) -> Result<Synapse> {
    const KNOWN: &[&str] = &["sign", "weight", "delay", "receptor_type"];
    let place = || members.complaint(edge, format!("`dynamics_params` names {}", quoted(file)));
    let settings = components.read("synaptic_models_dir", file, place)?;
    let complaint = |key: &str, message: String| Diagnostic::at(key, message).file(&settings.file);
    if let Some(detail) = settings.words.get("level_of_detail").filter(|detail| !detail.starts_with("instant")) {
        let message = format!("synapses of the kind {} cannot be run", quoted(detail));
        return Err(complaint("level_of_detail", message).help("synapses of point neurons are instantaneous").into());
    }
    let mut wrong = Diagnostics::new();
    for key in settings.keys().filter(|key| !KNOWN.contains(key)) {
        let message = format!("synapses have no parameter {} here", quoted(key));
        wrong.push(complaint(key, message).help(suggestion(key, "parameters", KNOWN)));
    }
    let number = |key: &str| settings.numbers.get(key).copied();
    let sign = number("sign").unwrap_or(1.0);
    if sign.abs() != 1.0 {
        wrong.push(complaint("sign", format!("`sign` is 1 or -1, found {sign}")));
    }
    if let Some(receptor) = number("receptor_type").filter(|receptor| *receptor != 0.0) {
        wrong.push(complaint("receptor_type", format!("receptor {receptor} cannot be run: neurons have receptor 0 alone")));
    }
    wrong.or(Synapse { sign, weight: number("weight"), delay: number("delay") })
}
