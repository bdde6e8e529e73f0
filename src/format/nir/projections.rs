//! The projections of a network: what edges and nodes of weights become.

use super::convert::{Conversion, Feed};
use super::window::{Window, channels};
use super::{Class, Kind, NirArray, Numbers, check};
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::network::{Coefficients, Connect, Convolution, Delay, Matrix, Network, Projection, Weight};
use crate::neuron::Values;

impl Conversion<'_> {
    /// The projections one to one of the edges into a population.
    pub(super) fn direct(&self, at: usize, network: &mut Network) {
        for feed in &self.feeds[at] {
            // Weights without a relay bring their projections themselves.
            if !self.is_weights(feed.from) || self.has_relay(feed.from) {
                let name = format!("{}->{}", self.wiring.names[feed.from], self.wiring.names[at]);
                self.project(network, name, *feed, at, Connect::OneToOne, 1.0, None);
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
        if self.wiring.class(at) == Class::Delay {
            return (Connect::OneToOne, 1.0);
        }
        if let Some(convolution) = self.convolution(at) {
            for wrong in convolution.complaints() {
                complaints.push(Diagnostic::at(self.wiring.place(at, ""), format!("{}: {wrong}", quoted(self.wiring.names[at]))));
            }
            return (Connect::Convolution(convolution), 1.0);
        }
        let [targets, sources] = [self.ports[at].outputs(), self.ports[at].inputs()];
        let values = self.single(at, "weight", notes, complaints).unwrap_or_default();
        (Connect::Dense(Matrix { targets, sources, values }), 1.0)
    }

    /// A convolution, a pool, or several matrices in one node: groups of a kernel of one place.
    fn convolution(&self, at: usize) -> Option<Convolution> {
        let node = self.wiring.nodes[at];
        let (takes, gives) = (&self.ports[at].takes, &self.ports[at].gives);
        if self.wiring.class(at) == Class::Matrix {
            let groups = check::product(takes.split_last()?.1).filter(|groups| *groups > 1)?;
            return Some(Convolution {
                channels_in: self.ports[at].inputs(),
                channels_out: self.ports[at].outputs(),
                input: [1, 1],
                output: [1, 1],
                kernel: [1, 1],
                stride: [1, 1],
                padding: [0, 0],
                dilation: [1, 1],
                groups,
                weights: coefficients(node.array("weight")?),
            });
        }
        let window = Window::of(node)?;
        // A line is a grid of one row.
        let grid = |sizes: &[usize], row: usize| match *sizes {
            [length] => Some([row, length]),
            [rows, columns] => Some([rows, columns]),
            _ => None,
        };
        let before: Vec<usize> = window.padding.iter().map(|[before, _]| *before).collect();
        let ([channels_in, input @ ..], [channels_out, output @ ..]) = (&takes[..], &gives[..]) else { return None };
        let weights = match node.kind {
            Kind::SumPool2d => Coefficients::One(1.0),
            Kind::AvgPool2d => Coefficients::One(1.0 / window.kernel.iter().map(|n| *n as f64).product::<f64>()),
            _ => coefficients(node.array("weight")?),
        };
        Some(Convolution {
            channels_in: *channels_in,
            channels_out: *channels_out,
            input: grid(input, 1)?,
            output: grid(output, 1)?,
            kernel: grid(&window.kernel, 1)?,
            stride: grid(&window.stride, 1)?,
            padding: grid(&before, 0)?,
            dilation: grid(&window.dilation, 1)?,
            groups: channels(node).map_or(*channels_in, |[_, _, groups]| groups),
            weights,
        })
    }

    fn bias(&self, at: usize, notes: &mut Vec<String>, complaints: &mut Diagnostics) -> Option<Vec<f32>> {
        let bias = self.single(at, "bias", notes, complaints)?;
        let all = self.ports[at].outputs();
        Some(match self.wiring.class(at) {
            _ if bias.len() == all => bias,
            // One per channel holds for the channel's whole space.
            Class::Convolution => {
                let each = all / self.ports[at].gives[0].max(1);
                let mut values = Vec::with_capacity(all);
                for channel in 0..self.ports[at].gives[0] {
                    values.extend(std::iter::repeat_n(bias[channel % bias.len()], each));
                }
                values
            }
            // One per row of each of several matrices, or one for all.
            _ => bias.iter().copied().cycle().take(all).collect(),
        })
    }

    /// A parameter in single precision.
    fn single(&self, at: usize, dataset: &str, notes: &mut Vec<String>, complaints: &mut Diagnostics) -> Option<Vec<f32>> {
        let (values, rounded) = self.wiring.nodes[at].array(dataset)?.to_f32();
        let name = self.wiring.names[at];
        if values.iter().any(|v| !v.is_finite()) {
            let message = "holds values beyond single precision (3.4e38)";
            complaints.push(Diagnostic::at(self.wiring.place(at, dataset), message));
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

/// Weights in the precision of the file.
fn coefficients(array: &NirArray) -> Coefficients {
    match &array.numbers {
        Numbers::F32(values) => Coefficients::Single(values.clone()),
        Numbers::F64(values) => Coefficients::Double(values.clone()),
        Numbers::I64(_) => Coefficients::Double(array.values().collect()),
    }
}

fn node_weights(connect: &Connect) -> usize {
    match connect {
        Connect::Convolution(convolution) => convolution.kernel_weights().unwrap_or(usize::MAX),
        Connect::Dense(matrix) => matrix.values.len(),
        Connect::Diagonal(values) => values.len(),
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
