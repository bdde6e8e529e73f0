//! Graphs → dense networks.

use super::inline::Flat;
use super::shapes::{Ports, infer};
use super::wiring::Wiring;
use super::{Class, Kind, NirGraph, check};
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use crate::network::{Activation, DenseLayer, DenseMatrix, DenseNetwork, DenseWeights};

/// Takes a chain of nodes for a dense network: `Affine` and `Linear` are layers, `Scale` is folded into the weights next to it.
///
/// NIR has no ReLU. A spiking neuron becomes one, its rate being about linear above threshold; the last one is left out, so that the answer
/// is read from the sums before it. Neurons that do not spike pass their input on. Each of these is a note.
///
/// # Errors
/// The graph branches, has a cycle or no weights, joined nodes differ in size, or a scaled weight overflows.
pub fn to_dense(graph: &NirGraph, source: impl Into<String>) -> Result<DenseNetwork> {
    let mut notes = graph.notes.clone();
    check::graph(graph).or(())?;
    let flat = Flat::of(graph);
    let wiring = Wiring::new(&flat, &mut notes)?;
    let mut complaints = Diagnostics::new();
    let chain = complaints.take(chain(&wiring));
    let ports = complaints.take(infer(&wiring, &mut notes));
    let (Some(chain), Some(ports)) = (chain, ports) else { return Err(complaints) };
    let mut layers =
        Layers { wiring: &wiring, ports: &ports, layers: Vec::new(), neurons: None, factors: None, notes, complaints };
    for &at in &chain {
        layers.add(at);
    }
    layers.finish();
    let Layers { layers, notes, complaints, .. } = layers;
    complaints.or(DenseNetwork { source: source.into(), layers, notes })
}

/// The nodes from the input to the output.
fn chain(wiring: &Wiring<'_>) -> Result<Vec<usize>> {
    let mut complaints = Diagnostics::new();
    for at in 0..wiring.len() {
        let (sources, targets) = (wiring.sources[at].len(), wiring.targets[at].len());
        let expected = (usize::from(wiring.class(at) != Class::Input), usize::from(wiring.class(at) != Class::Output));
        if (sources, targets) != expected {
            let message = format!("is fed by {sources} nodes and feeds {targets}; a dense network is one chain of layers");
            complaints.push(Diagnostic::at(wiring.place(at, ""), message));
        }
    }
    let mut chain = vec![wiring.input];
    // Each node but the input has one source, so that a chain meets no node twice.
    while let [next] = wiring.targets[chain[chain.len() - 1]][..] {
        if chain.len() == wiring.len() {
            break;
        }
        chain.push(next);
    }
    if complaints.is_empty() && chain.len() < wiring.len() {
        let left = (0..wiring.len()).filter(|at| !chain.contains(at)).map(|at| quoted(wiring.names[at]));
        let message = format!("{} are not on the way from the input to the output", left.collect::<Vec<_>>().join(", "));
        complaints.push(Diagnostic::at("/node/edges", message));
    }
    complaints.or(chain)
}

struct Layers<'a> {
    wiring: &'a Wiring<'a>,
    ports: &'a [Ports],
    layers: Vec<DenseLayer>,
    /// Spiking neurons after the last layer.
    neurons: Option<String>,
    /// Factors that wait for the next weights, with the name of their node: one for all, or one each.
    factors: Option<(String, Vec<f32>)>,
    notes: Vec<String>,
    complaints: Diagnostics,
}

impl Layers<'_> {
    fn add(&mut self, at: usize) {
        match self.wiring.class(at) {
            Class::Matrix => self.weights(at),
            Class::Scale => self.scale(at),
            Class::Neuron(_) => self.neurons(at),
            Class::Convolution | Class::Pool => self.convolution(at),
            Class::Delay => {
                self.notes.push(format!("{} is left out: a dense network has no time", quoted(self.wiring.names[at])))
            }
            Class::Input | Class::Output | Class::Flatten | Class::Graph => {}
        }
    }

    fn parameter(&self, at: usize, name: &str) -> Vec<f32> {
        self.wiring.nodes[at].array(name).map(|array| array.to_f32().0).unwrap_or_default()
    }

    fn weights(&mut self, at: usize) {
        let name = self.wiring.names[at].to_owned();
        let [targets, sources] = [self.ports[at].outputs(), self.ports[at].inputs()];
        let mut values = self.parameter(at, "weight");
        if let Some((scale, factors)) = self.factors.take() {
            for (index, value) in values.iter_mut().enumerate() {
                *value *= nth(&factors, index % sources);
            }
            self.notes.push(format!("{} is folded into the weights of {}", quoted(&scale), quoted(&name)));
        }
        let mut bias = self.parameter(at, "bias");
        if bias.len() == 1 {
            bias.resize(targets, bias[0]);
        }
        if matches!(self.layers.last(), Some(before) if before.activation == Activation::Identity) {
            let before = quoted(&self.layers[self.layers.len() - 1].name);
            self.notes.push(format!("NIR has no ReLU: {before} and {} follow one another without activation", quoted(&name)));
        }
        let weight = DenseWeights::Matrix(DenseMatrix { targets, sources, values });
        self.push(DenseLayer { name, weight, bias, activation: Activation::Identity });
    }

    fn convolution(&mut self, at: usize) {
        let name = self.wiring.names[at];
        let kind = self.wiring.nodes[at].kind.primitive().name;
        let message = format!("{} is a {kind}: dense networks of matrices alone can be taken from NIR", quoted(name));
        self.complaints.push(Diagnostic::at(self.wiring.place(at, ""), message));
    }

    fn scale(&mut self, at: usize) {
        let name = self.wiring.names[at].to_owned();
        let factors = self.parameter(at, "scale");
        match (&mut self.factors, self.layers.last_mut()) {
            (Some((_, waiting)), _) => {
                let longer = waiting.len().max(factors.len());
                *waiting = (0..longer).map(|i| nth(waiting, i) * nth(&factors, i)).collect();
            }
            (None, Some(before)) if before.activation == Activation::Identity => {
                if let DenseWeights::Matrix(matrix) = &mut before.weight {
                    let sources = matrix.sources;
                    for (index, value) in matrix.values.iter_mut().enumerate() {
                        *value *= nth(&factors, index / sources);
                    }
                }
                for (index, value) in before.bias.iter_mut().enumerate() {
                    *value *= nth(&factors, index);
                }
                self.notes.push(format!("{} is folded into the weights of {}", quoted(&name), quoted(&before.name)));
                let layer = self.layers.pop();
                self.layers.extend(layer.into_iter().filter(|layer| finite(layer, &mut self.complaints)));
            }
            (None, _) => self.factors = Some((name, factors)),
        }
    }

    fn neurons(&mut self, at: usize) {
        let name = quoted(self.wiring.names[at]);
        if matches!(self.wiring.nodes[at].kind, Kind::LI | Kind::CubaLI | Kind::I) {
            self.notes.push(format!("neurons of {name} pass their input on: they do not spike"));
            return;
        }
        self.flush(self.ports[at].outputs());
        match self.layers.last_mut() {
            Some(layer) => {
                layer.activation = Activation::Relu;
                self.neurons = Some(name);
            }
            None => self.notes.push(format!("neurons of {name} come before any weights and are left out")),
        }
    }

    fn finish(&mut self) {
        if let Some(last) = self.layers.last_mut()
            && last.activation == Activation::Relu
            && self.factors.is_none()
        {
            last.activation = Activation::Identity;
            self.neurons = None;
            self.notes.push(format!("the answer is read from the sums of {}, before the last neurons", quoted(&last.name)));
        }
        self.flush(self.ports[self.wiring.input].outputs());
        if self.layers.is_empty() && self.complaints.is_empty() {
            self.complaints.push(Diagnostic::at("/node/nodes", "there is no Affine or Linear node: a dense network needs one"));
        }
    }

    /// Factors with no weights to fold into become a layer of their own.
    fn flush(&mut self, size: usize) {
        let Some((name, factors)) = self.factors.take() else { return };
        let size =
            if factors.len() > 1 { factors.len() } else { self.layers.last().map_or(size, |layer| layer.weight.outputs()) };
        let Some(entries) = size.checked_mul(size).filter(|entries| *entries <= check::MAX_VALUES) else {
            self.complaints.push(Diagnostic::at(check::place(&name, ""), "is too large to be a dense layer of its own"));
            return;
        };
        let mut values = vec![0.0; entries];
        for at in 0..size {
            values[at * size + at] = nth(&factors, at);
        }
        self.notes.push(format!("{} stands between activations and becomes a dense layer of its own", quoted(&name)));
        let weight = DenseWeights::Matrix(DenseMatrix { targets: size, sources: size, values });
        self.push(DenseLayer { name, weight, bias: Vec::new(), activation: Activation::Identity });
    }

    fn push(&mut self, layer: DenseLayer) {
        if let Some(name) = self.neurons.take() {
            self.notes.push(format!("neurons of {name} taken as ReLU: weights were not trained for that"));
        }
        if finite(&layer, &mut self.complaints) {
            self.layers.push(layer);
        }
    }
}

fn nth(factors: &[f32], at: usize) -> f32 {
    if factors.len() == 1 { factors[0] } else { factors[at] }
}

/// Double precision and scaled weights may leave the range of single precision.
fn finite(layer: &DenseLayer, complaints: &mut Diagnostics) -> bool {
    let sound = layer.weight.values().chain(layer.bias.iter().copied()).all(f32::is_finite);
    if !sound {
        let message = "holds weights beyond single precision (3.4e38)";
        complaints.push(Diagnostic::at(check::place(&layer.name, ""), message));
    }
    sound
}
