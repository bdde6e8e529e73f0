//! Graphs → networks.
//!
//! | NIR | network |
//! |---|---|
//! | `Input`, neurons, `Threshold` | a population |
//! | `Affine`, `Linear`, `Conv1d`, `Conv2d`, `SumPool2d`, `AvgPool2d`, `Scale`, `Delay` | one projection from each population that feeds it to the one it feeds |
//! | `Output` | the readout: the population that feeds it, or a relay where weights or several nodes do |
//! | `Flatten` | nothing |
//! | `NIRGraph` | what becomes of its nodes, under the names `graph.node` |
//! | an edge between two populations | a projection one to one, of weight 1 |
//!
//! Weights that feed other weights, or several nodes, get a relay population of their own name, so that nothing is computed or counted
//! twice. Several edges into one node add up; a bias is added once. Delays are 0 ticks but for the edges that [`cycles`] cuts.
//!
//! Where the semantics tell spikes one step after the membrane passed the threshold ([`OutputAt::NextStep`]), every edge that leaves a
//! spiking neuron takes one tick, a recurrent one too, and the `Output` of spikes is a population of its own that has them when the
//! framework has them.

use super::inline::Flat;
use super::meaning::{hints, stepping};
use super::shapes::{Ports, infer};
use super::wiring::Wiring;
use super::{Class, NirGraph};
use super::{check, cycles};
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use crate::network::{MAX_NEURONS, Network, Population};
use crate::neuron::{OutputAt, Semantics, Values, model_by_name};
use std::collections::{BTreeMap, BTreeSet};

/// Turns a graph into a network.
///
/// Times become milliseconds; voltages and weights stay plain numbers ([`Network::unitless`]). `semantics` and `dt_ms` override what the file
/// says or what can be guessed from it; every guess is a note.
///
/// # Errors
/// All complaints at once: the graph has parts that [`super::read`] would refuse, joined nodes differ in size, a cycle has no neuron in
/// it, there are several inputs, or `dt_ms` is not above zero.
pub fn to_network(
    graph: &NirGraph,
    name: impl Into<String>,
    semantics: Option<Semantics>,
    dt_ms: Option<f64>,
) -> Result<Network> {
    let mut network = Network::new(name);
    network.unitless = true;
    network.notes.clone_from(&graph.notes);
    let mut complaints = check::graph(graph);
    if !complaints.is_empty() {
        return Err(complaints);
    }
    let flat = Flat::of(graph);
    let wiring = complaints.take(Wiring::new(&flat, &mut network.notes));
    if let Some(stepping) = complaints.take(stepping(&flat.graph, semantics, dt_ms, &mut network.notes)) {
        network.semantics = stepping.semantics.0;
        network.dt_ms = Some(stepping.dt_ms);
    }
    network.hints = hints(&flat.graph, &mut network.notes);
    let Some(wiring) = wiring else { return Err(complaints) };
    let ports = complaints.take(infer(&wiring, &mut network.notes));
    let delayed = complaints.take(cycles::delayed(&wiring, network.semantics.recurrence));
    let (Some(ports), Some(delayed)) = (ports, delayed) else { return Err(complaints) };
    let dt_ms = network.dt_ms.unwrap_or(1.0);
    Conversion::new(&wiring, &ports, &delayed, network.semantics, dt_ms).build(&mut network, &mut complaints);
    super::layers::sort(&mut network);
    complaints.or(network)
}

/// A node that feeds another, `Flatten`s between them left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Feed {
    pub(super) from: usize,
    /// It gives the value of the step before.
    pub(super) delayed: bool,
    /// The edge closes a cycle.
    pub(super) recurrent: bool,
}

/// The parts of a graph that populations and projections are made from.
pub(super) struct Conversion<'a> {
    pub(super) wiring: &'a Wiring<'a>,
    pub(super) ports: &'a [Ports],
    /// For each node, who feeds it.
    pub(super) feeds: Vec<Vec<Feed>>,
    /// For each node, whom it feeds.
    pub(super) feeds_into: Vec<Vec<usize>>,
    pub(super) semantics: Semantics,
    /// The time step, ms.
    pub(super) dt_ms: f64,
}

impl<'a> Conversion<'a> {
    fn new(
        wiring: &'a Wiring<'a>,
        ports: &'a [Ports],
        delayed: &BTreeSet<(usize, usize)>,
        semantics: Semantics,
        dt_ms: f64,
    ) -> Self {
        let (feeds, feeds_into) = (vec![Vec::new(); wiring.len()], vec![Vec::new(); wiring.len()]);
        let mut this = Self { wiring, ports, feeds, feeds_into, semantics, dt_ms };
        for at in 0..wiring.len() {
            if this.is_alias(at) {
                continue;
            }
            for &source in &wiring.sources[at] {
                let (mut from, mut to, mut recurrent) = (source, at, false);
                recurrent |= delayed.contains(&(from, to));
                // Every cycle has a neuron in it, so that this ends.
                while this.is_alias(from) {
                    (from, to) = (wiring.sources[from][0], from);
                    recurrent |= delayed.contains(&(from, to));
                }
                let late = this.is_late(from);
                this.feeds[at].push(Feed { from, delayed: recurrent || late, recurrent });
                this.feeds_into[from].push(at);
            }
        }
        this
    }

    /// A `Flatten` of one node is that node under another name. One that adds up several is a population.
    fn is_alias(&self, at: usize) -> bool {
        self.wiring.class(at) == Class::Flatten && self.wiring.sources[at].len() == 1
    }

    pub(super) fn is_weights(&self, at: usize) -> bool {
        matches!(self.wiring.class(at), Class::Matrix | Class::Convolution | Class::Pool | Class::Scale | Class::Delay)
    }

    /// A spiking neuron whose spikes are told in the next step.
    fn is_late(&self, at: usize) -> bool {
        let spiking = matches!(self.wiring.class(at), Class::Neuron(_)) && self.wiring.nodes[at].array("v_threshold").is_some();
        self.semantics.output == OutputAt::NextStep && spiking
    }

    /// Weights whose values several nodes take, or other weights, or a node in the next step.
    pub(super) fn has_relay(&self, at: usize) -> bool {
        let waits = |to: &usize| self.feeds[*to].iter().any(|feed| feed.from == at && feed.delayed);
        self.feeds_into[at].len() > 1 || self.feeds_into[at].iter().any(|to| self.is_weights(*to) || waits(to))
    }

    /// The population that is this output.
    fn readout_of(&self, output: usize) -> usize {
        match self.feeds[output][..] {
            [Feed { from, delayed: false, .. }] if matches!(self.wiring.class(from), Class::Neuron(_) | Class::Flatten) => from,
            _ => output,
        }
    }

    /// This output only passes late spikes on.
    fn passes_spikes(&self, output: usize) -> bool {
        matches!(self.feeds[output][..], [Feed { from, .. }] if self.is_late(from))
    }

    fn build(&self, network: &mut Network, complaints: &mut Diagnostics) {
        self.remark(&mut network.notes);
        let outputs: Vec<usize> = (0..self.wiring.len()).filter(|at| self.wiring.class(*at) == Class::Output).collect();
        for at in 0..self.wiring.len() {
            match self.wiring.class(at) {
                Class::Neuron(model) => network.populations.push(self.population(at, model)),
                Class::Input => network.populations.push(self.population(at, "input")),
                Class::Flatten if !self.is_alias(at) => network.populations.push(self.population(at, "relay")),
                Class::Output if self.passes_spikes(at) => {
                    let mut passing = self.population(at, "threshold");
                    passing.params.insert("v_th".into(), Values::One(0.5));
                    network.populations.push(passing);
                }
                Class::Output if self.readout_of(at) == at => network.populations.push(self.population(at, "relay")),
                _ if self.is_weights(at) && self.has_relay(at) => network.populations.push(self.population(at, "relay")),
                _ => {}
            }
        }
        for at in 0..self.wiring.len() {
            match self.wiring.class(at) {
                _ if self.is_weights(at) => self.weights(at, network, complaints),
                Class::Output if self.readout_of(at) != at => {}
                Class::Flatten if self.is_alias(at) => {}
                _ => self.direct(at, network),
            }
        }
        let names = &self.wiring.names;
        network.input = Some(names[self.wiring.input].to_owned());
        network.readout = outputs.first().map(|at| names[self.readout_of(*at)].to_owned());
        if let [first, others @ ..] = &outputs[..]
            && !others.is_empty()
        {
            let others: Vec<_> = others.iter().map(|at| quoted(names[*at])).collect();
            network.notes.push(format!("of several outputs, {} is the answer; not {}", quoted(names[*first]), others.join(", ")));
        }
        let neurons: u64 = network.populations.iter().map(|p| p.size as u64).sum();
        if neurons > MAX_NEURONS {
            complaints
                .push(Diagnostic::at("/node/nodes", format!("{neurons} neurons in all; at most {MAX_NEURONS} are possible")));
        }
    }

    /// Loose ends.
    fn remark(&self, notes: &mut Vec<String>) {
        let reached = self.wiring.reached();
        for (at, name) in self.wiring.names.iter().enumerate() {
            let name = quoted(name);
            if !reached[at] {
                notes.push(format!("{name} is not reached from the input"));
            }
            if self.wiring.targets[at].is_empty() && self.wiring.class(at) != Class::Output {
                notes.push(format!("{name} feeds no other node"));
            }
            let shared = super::shapes::single_values(self.wiring.nodes[at]);
            if matches!(self.wiring.class(at), Class::Neuron(_)) && shared && self.ports[at].outputs() > 1 {
                notes.push(format!("{name} has one value per parameter, taken for all its {} neurons", self.ports[at].outputs()));
            }
        }
    }

    pub(super) fn population(&self, at: usize, model: &str) -> Population {
        let node = self.wiring.nodes[at];
        let mut params = BTreeMap::new();
        for spec in node.kind.primitive().datasets {
            if let (Some(array), Some((name, factor))) = (node.array(spec.name), spec.becomes) {
                params.insert(name.to_owned(), array.times(factor));
            }
        }
        Population {
            name: self.wiring.names[at].to_owned(),
            size: self.ports[at].outputs(),
            shape: self.ports[at].gives.clone(),
            model: model_by_name(model).expect("the table of primitives names built-in models"),
            params,
            init: BTreeMap::new(),
        }
    }
}
