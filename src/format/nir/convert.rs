//! Graphs → networks.
//!
//! | NIR | network |
//! |---|---|
//! | `Input`, neurons, `Threshold` | a population |
//! | `Affine`, `Linear`, `Scale` | one projection from each population that feeds it to the one it feeds |
//! | `Output` | the readout: the population that feeds it, or a relay where weights or several nodes do |
//! | `Flatten` | nothing |
//! | an edge between two populations | a projection one to one, of weight 1 |
//!
//! Weights that feed other weights, or several nodes, get a relay population of their own name, so that nothing is computed or counted
//! twice. Several edges into one node add up; a bias is added once. Delays are 0 ticks but for the edges that [`cycles`] cuts.

use super::cycles;
use super::meaning::{hints, stepping};
use super::shapes::{Ports, infer};
use super::wiring::Wiring;
use super::{Class, NirGraph, check};
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use crate::network::{Connect, Delay, MAX_NEURONS, Matrix, Network, Population, Projection, Weight};
use crate::neuron::{Semantics, Values, model_by_name};
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
    let mut complaints = Diagnostics::new();
    let wiring = complaints.take(Wiring::new(graph, &mut network.notes));
    if let Some(stepping) = complaints.take(stepping(graph, semantics, dt_ms, &mut network.notes)) {
        network.semantics = stepping.semantics;
        network.dt_ms = Some(stepping.dt_ms);
    }
    network.hints = hints(graph, &mut network.notes);
    let Some(wiring) = wiring else { return Err(complaints) };
    let ports = complaints.take(infer(&wiring, &mut network.notes));
    let delayed = complaints.take(cycles::delayed(&wiring));
    let (Some(ports), Some(delayed)) = (ports, delayed) else { return Err(complaints) };
    Conversion::new(&wiring, &ports, &delayed).build(&mut network, &mut complaints);
    super::layers::sort(&mut network);
    complaints.or(network)
}

/// A node that feeds another, `Flatten`s between them left out.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Feed {
    from: usize,
    /// It gives the value of the step before.
    delayed: bool,
}

struct Conversion<'a> {
    wiring: &'a Wiring<'a>,
    ports: &'a [Ports],
    /// For each node, who feeds it.
    feeds: Vec<Vec<Feed>>,
    /// For each node, whom it feeds.
    feeds_into: Vec<Vec<usize>>,
}

impl<'a> Conversion<'a> {
    fn new(wiring: &'a Wiring<'a>, ports: &'a [Ports], delayed: &BTreeSet<(usize, usize)>) -> Self {
        let mut this = Self { wiring, ports, feeds: vec![Vec::new(); wiring.len()], feeds_into: vec![Vec::new(); wiring.len()] };
        for at in 0..wiring.len() {
            if this.is_alias(at) {
                continue;
            }
            for &source in &wiring.sources[at] {
                let (mut from, mut to, mut late) = (source, at, false);
                late |= delayed.contains(&(from, to));
                // Every cycle has a neuron in it, so that this ends.
                while this.is_alias(from) {
                    (from, to) = (wiring.sources[from][0], from);
                    late |= delayed.contains(&(from, to));
                }
                this.feeds[at].push(Feed { from, delayed: late });
                this.feeds_into[from].push(at);
            }
        }
        this
    }

    /// A `Flatten` of one node is that node under another name. One that adds up several is a population.
    fn is_alias(&self, at: usize) -> bool {
        self.wiring.class(at) == Class::Flatten && self.wiring.sources[at].len() == 1
    }

    fn is_weights(&self, at: usize) -> bool {
        matches!(self.wiring.class(at), Class::Matrix | Class::Scale)
    }

    /// Weights whose values several nodes take, or other weights.
    fn has_relay(&self, at: usize) -> bool {
        self.feeds_into[at].len() > 1 || self.feeds_into[at].iter().any(|to| self.is_weights(*to))
    }

    /// The population that is this output.
    fn readout_of(&self, output: usize) -> usize {
        match self.feeds[output][..] {
            [Feed { from, .. }] if matches!(self.wiring.class(from), Class::Neuron(_) | Class::Flatten) => from,
            _ => output,
        }
    }

    fn build(&self, network: &mut Network, complaints: &mut Diagnostics) {
        self.remark(&mut network.notes);
        let outputs: Vec<usize> = (0..self.wiring.len()).filter(|at| self.wiring.class(*at) == Class::Output).collect();
        for at in 0..self.wiring.len() {
            match self.wiring.class(at) {
                Class::Neuron(model) => network.populations.push(self.population(at, model)),
                Class::Input => network.populations.push(self.population(at, "input")),
                Class::Flatten if !self.is_alias(at) => network.populations.push(self.population(at, "relay")),
                Class::Output if self.readout_of(at) == at => network.populations.push(self.population(at, "relay")),
                Class::Matrix | Class::Scale if self.has_relay(at) => network.populations.push(self.population(at, "relay")),
                _ => {}
            }
        }
        for at in 0..self.wiring.len() {
            match self.wiring.class(at) {
                Class::Matrix | Class::Scale => self.weights(at, network, complaints),
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

    fn population(&self, at: usize, model: &str) -> Population {
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

    /// The population whose values a node gives: its own, or for weights without relay the one they feed.
    fn direct(&self, at: usize, network: &mut Network) {
        for feed in &self.feeds[at] {
            // Weights without a relay bring their projections themselves.
            if !self.is_weights(feed.from) || self.has_relay(feed.from) {
                let name = format!("{}->{}", self.wiring.names[feed.from], self.wiring.names[at]);
                self.project(network, name, *feed, at, Connect::OneToOne, 1.0, None);
            }
        }
    }

    /// The projections that a node of weights makes.
    fn weights(&self, at: usize, network: &mut Network, complaints: &mut Diagnostics) {
        let name = self.wiring.names[at];
        let to = match self.feeds_into[at][..] {
            [] => return,
            [to] if !self.has_relay(at) => to,
            _ => at,
        };
        let (connect, weight) = self.connect(at, &mut network.notes, complaints);
        let mut bias = self.bias(at, &mut network.notes, complaints);
        let mut feeds = self.feeds[at].clone();
        // Spikes of this step and of the step before both pass the same weights; the bias is added once.
        feeds.sort_by_key(|feed| feed.delayed);
        if feeds.is_empty() && bias.is_some() {
            // Nothing reaches the weights, but their bias reaches the target all the same.
            let from = unique(format!("{name}:silence"), |other| network.population(other).is_some());
            let mut silence = self.population(at, "relay");
            (silence.name, silence.size, silence.shape) = (from.clone(), self.ports[at].inputs(), self.ports[at].takes.clone());
            network.populations.push(silence);
            network.projections.push(projection(name.to_owned(), from, self.wiring.names[to].to_owned(), connect, weight, bias));
            return;
        }
        let used = node_weights(&connect).saturating_mul(feeds.len());
        if feeds.len() > 1 && used > check::MAX_VALUES {
            let message =
                format!("is fed by {} nodes, which makes {used} weights; at most {} can be held", feeds.len(), check::MAX_VALUES);
            complaints.push(Diagnostic::at(check::place(name, ""), message));
            return;
        }
        for feed in &feeds {
            let shown = if feeds.len() == 1 { name.to_owned() } else { format!("{name}:{}", self.wiring.names[feed.from]) };
            self.project(network, shown, *feed, to, connect.clone(), weight, bias.take());
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one projection")]
    fn project(
        &self,
        network: &mut Network,
        name: String,
        feed: Feed,
        to: usize,
        connect: Connect,
        weight: f64,
        bias: Option<Vec<f32>>,
    ) {
        let name = unique(name, |other| network.projections.iter().any(|p| p.name == other));
        let [from, to] = [feed.from, to].map(|at| self.wiring.names[at].to_owned());
        let mut made = projection(name, from, to, connect, weight, bias);
        made.delay = Delay::Ticks(u32::from(feed.delayed));
        network.projections.push(made);
    }

    /// Who connects to whom, and the weight where it is one for all.
    fn connect(&self, at: usize, notes: &mut Vec<String>, complaints: &mut Diagnostics) -> (Connect, f64) {
        let node = self.wiring.nodes[at];
        if self.wiring.class(at) == Class::Scale {
            // A single factor is not spread over a shape that a file only claims.
            return match node.array("scale") {
                Some(scale) if scale.len() == 1 => (Connect::OneToOne, scale.at(0)),
                _ => (Connect::Diagonal(self.single(at, "scale", notes, complaints).unwrap_or_default()), 1.0),
            };
        }
        let [targets, sources] = [self.ports[at].outputs(), self.ports[at].inputs()];
        let values = self.single(at, "weight", notes, complaints).unwrap_or_default();
        (Connect::Dense(Matrix { targets, sources, values }), 1.0)
    }

    fn bias(&self, at: usize, notes: &mut Vec<String>, complaints: &mut Diagnostics) -> Option<Vec<f32>> {
        let bias = self.single(at, "bias", notes, complaints)?;
        let rows = self.ports[at].outputs();
        Some(if bias.len() == 1 { vec![bias[0]; rows] } else { bias })
    }

    /// A parameter in single precision.
    fn single(&self, at: usize, dataset: &str, notes: &mut Vec<String>, complaints: &mut Diagnostics) -> Option<Vec<f32>> {
        let (values, rounded) = self.wiring.nodes[at].array(dataset)?.to_f32();
        let name = self.wiring.names[at];
        if values.iter().any(|v| !v.is_finite()) {
            let message = "holds values beyond single precision (3.4e38)";
            complaints.push(Diagnostic::at(check::place(name, dataset), message));
        } else if rounded {
            notes.push(format!("{}: `{dataset}` is rounded to single precision", quoted(name)));
        }
        Some(values)
    }
}

fn projection(name: String, from: String, to: String, connect: Connect, weight: f64, bias: Option<Vec<f32>>) -> Projection {
    Projection {
        name,
        from,
        to,
        connect,
        weight: Weight(Values::One(weight)),
        delay: Delay::Ticks(0),
        allow_self: true,
        allow_multiple: true,
        bias,
    }
}

fn node_weights(connect: &Connect) -> usize {
    match connect {
        Connect::Dense(matrix) => matrix.values.len(),
        Connect::Diagonal(values) => values.len(),
        _ => 0,
    }
}

/// A name that is not taken yet.
fn unique(name: String, taken: impl Fn(&str) -> bool) -> String {
    if !taken(&name) {
        return name;
    }
    (2u64..).map(|n| format!("{name}#{n}")).find(|other| !taken(other)).expect("names are finite in number")
}
