//! The projections of a network: what edges and nodes of weights become.

use super::convert::{Conversion, Feed};
use super::kernels::{bias, convolution, given};
use super::{Class, check};
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::network::{Connect, Delay, Matrix, Network, Projection, Weight};
use crate::neuron::{Recurrence, Values};

impl Conversion<'_> {
    /// The projections one to one of the edges into a population.
    pub(super) fn direct(&self, at: usize, network: &mut Network) {
        for feed in &self.feeds[at] {
            // Weights without a relay bring their projections themselves.
            if !self.is_weights(feed.from) || self.has_relay(feed.from) {
                let name = format!("{}->{}", self.wiring.names[feed.from], self.wiring.names[at]);
                self.project(network, name, (*feed, at), Delay::Ticks(u32::from(feed.delayed)), Connect::OneToOne, 1.0, None);
            }
        }
    }

    /// The projections that a node of weights makes.
    pub(super) fn weights(&self, at: usize, network: &mut Network, complaints: &mut Diagnostics) {
        let name = self.wiring.names[at];
        let to = match self.feeds_into[at][..] {
            [] => return,
            [to] if !self.has_relay(at) => to,
            _ => at,
        };
        self.remark_delay(at, &mut network.notes, complaints);
        let (connect, weight) = self.connect(at, complaints);
        let mut bias = bias(self.wiring.nodes[at], &self.ports[at]);
        let mut feeds = self.feeds[at].clone();
        if self.semantics.recurrence == Recurrence::NeuronNoBias && feeds.iter().any(|feed| feed.recurrent) && bias.is_some() {
            network.notes.push(format!(
                "{}: the bias of recurrent weights is ignored, as {} has it",
                quoted(name),
                self.semantics.name
            ));
            bias = None;
        }
        // Spikes of this step and of the step before both pass the same weights; the bias is added once.
        feeds.sort_by_key(|feed| feed.delayed);
        if feeds.is_empty() && bias.is_some() {
            // Nothing reaches the weights, but their bias reaches the target all the same.
            let from = unique(format!("{name}:silence"), |other| network.population(other).is_some());
            let mut silence = self.population(at, "relay");
            (silence.name, silence.size, silence.shape) = (from.clone(), self.ports[at].inputs(), self.ports[at].takes.clone());
            network.populations.push(silence);
            let shown = unique(name.to_owned(), |other| network.projections.iter().any(|p| p.name == other));
            network.projections.push(projection(shown, from, self.wiring.names[to].to_owned(), connect, weight, bias));
            return;
        }
        let used = node_weights(&connect).saturating_mul(feeds.len());
        if feeds.len() > 1 && used > check::MAX_VALUES {
            let message =
                format!("is fed by {} nodes, which makes {used} weights; at most {} can be held", feeds.len(), check::MAX_VALUES);
            complaints.push(Diagnostic::at(self.wiring.place(at, ""), message));
            return;
        }
        for feed in &feeds {
            let shown = if feeds.len() == 1 { name.to_owned() } else { format!("{name}:{}", self.wiring.names[feed.from]) };
            self.project(network, shown, (*feed, to), self.delay(at, *feed), connect.clone(), weight, bias.take());
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one projection")]
    fn project(
        &self,
        network: &mut Network,
        name: String,
        (feed, to): (Feed, usize),
        delay: Delay,
        connect: Connect,
        weight: f64,
        bias: Option<Vec<f64>>,
    ) {
        let name = unique(name, |other| network.projections.iter().any(|p| p.name == other));
        let [from, to] = [feed.from, to].map(|at| self.wiring.names[at].to_owned());
        let mut made = projection(name, from, to, connect, weight, bias);
        made.delay = delay;
        network.projections.push(made);
    }

    /// Who connects to whom, and the weight where it is one for all.
    fn connect(&self, at: usize, complaints: &mut Diagnostics) -> (Connect, f64) {
        let node = self.wiring.nodes[at];
        if self.wiring.class(at) == Class::Scale {
            // A single factor is not spread over a shape that a file only claims.
            return match node.array("scale") {
                Some(scale) if scale.len() == 1 => (Connect::OneToOne, scale.at(0)),
                _ => (Connect::Diagonal(given(node, "scale")), 1.0),
            };
        }
        if self.wiring.class(at) == Class::Delay {
            return (Connect::OneToOne, 1.0);
        }
        if let Some(convolution) = convolution(node, &self.ports[at]) {
            for wrong in convolution.complaints() {
                complaints.push(Diagnostic::at(self.wiring.place(at, ""), format!("{}: {wrong}", quoted(self.wiring.names[at]))));
            }
            return (Connect::Convolution(convolution), 1.0);
        }
        let [targets, sources] = [self.ports[at].outputs(), self.ports[at].inputs()];
        let values = given(node, "weight");
        (Connect::Dense(Matrix { targets, sources, values }), 1.0)
    }
}

fn projection(name: String, from: String, to: String, connect: Connect, weight: f64, bias: Option<Vec<f64>>) -> Projection {
    let weight = Weight(Values::One(weight));
    Projection { weight, bias, ..Projection::new(name, from, to, connect, Delay::Ticks(0)) }
}

fn node_weights(connect: &Connect) -> usize {
    match connect {
        Connect::Convolution(convolution) => convolution.kernel_weights().unwrap_or(usize::MAX),
        Connect::Dense(matrix) => matrix.values.len().unwrap_or(0),
        Connect::Diagonal(values) => values.len().unwrap_or(0),
        _ => 0,
    }
}

/// A name that is not taken yet.
pub(super) fn unique(name: String, taken: impl Fn(&str) -> bool) -> String {
    if !taken(&name) {
        return name;
    }
    (2u64..).map(|n| format!("{name}#{n}")).find(|other| !taken(other)).expect("names are finite in number")
}
