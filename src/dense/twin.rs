//! A dense network with a spiking network's own weights.

use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use crate::network::{
    Activation, Coefficients, Connect, Convolution, DenseLayer, DenseMatrix, DenseNetwork, DenseWeights, Drive, Matrix, Network,
    Population, Projection,
};
use crate::neuron::{Output, Values};

/// The dense network with the weights of a spiking one: its projections from the input population to the readout in order, a ReLU
/// for each population that spikes, nothing for each that gives numbers. A population that only passes on what one other gives adds
/// no layer.
///
/// # Errors
/// Everything that keeps the network from being such a chain: no input or readout, a branch, a join, recurrence, connections
/// that are neither a dense matrix nor a diagonal (one to one with one weight is a diagonal).
pub fn twin_of(network: &Network) -> Result<DenseNetwork> {
    let chain = chain(network)?;
    let mut complaints = Diagnostics::new();
    let mut layers = Vec::new();
    for (projection, from, to) in chain {
        layers.extend(complaints.take(layer(projection, from, to)).flatten());
    }
    if layers.is_empty() && complaints.is_empty() {
        complaints.push(no_twin(Diagnostic::new("it has no weights between its input and its readout")));
    }
    let mut notes = vec![
        "twin derived from the spiking network's weights; not trained as a dense network, so its accuracy is not that of a \
         trained one"
            .to_owned(),
    ];
    for stimulus in network.stimuli.iter().filter(|s| s.drive != Drive::Dataset) {
        notes.push(format!("the stimulus {} has no part in the dense twin", quoted(&stimulus.name)));
    }
    complaints.or(DenseNetwork { source: format!("derived from {}", network.name), layers, notes })
}

fn no_twin(complaint: Diagnostic) -> Diagnostic {
    let message = format!("no dense twin can be derived: {}", complaint.message);
    Diagnostic { message, ..complaint }.help("give the dense network as a file: `--dense MODEL.onnx`")
}

fn at_projection(projection: &Projection, message: impl Into<String>) -> Diagnostic {
    no_twin(Diagnostic::at(format!("projection {}", quoted(&projection.name)), message))
}

/// The projections from the input to the readout, with their populations.
fn chain(network: &Network) -> Result<Vec<(&Projection, &Population, &Population)>> {
    let mut complaints = Diagnostics::new();
    let mut end = |what: &str, name: Option<&String>| {
        let found = match name {
            None => Err(no_twin(Diagnostic::new(format!("the network names no {what} population")))),
            Some(name) => network
                .population(name)
                .ok_or_else(|| no_twin(Diagnostic::new(format!("its {what} population {} is not in the network", quoted(name))))),
        };
        complaints.take(found.map_err(Into::into))
    };
    let (Some(start), Some(readout)) = (end("input", network.input.as_ref()), end("readout", network.readout.as_ref())) else {
        return Err(complaints);
    };
    let named = |at: usize| format!("population {}", quoted(&network.populations[at].name));
    let mut chain = Vec::new();
    let mut joined = vec![false; network.projections.len()];
    let mut here = start;
    // A chain has no more links than there are populations; a ring is found as a join or a branch.
    while here != readout && chain.len() < network.populations.len() {
        let leaving: Vec<usize> = on(network, |p| &p.from, here);
        let &[next] = leaving.as_slice() else {
            let found = format!("expected one projection from it on the way to the readout, found {}", names(network, &leaving));
            complaints.push(no_twin(Diagnostic::at(named(here), found)));
            break;
        };
        let projection = &network.projections[next];
        let Some(to) = network.population(&projection.to) else {
            complaints.push(at_projection(projection, format!("its target {} is not in the network", quoted(&projection.to))));
            break;
        };
        joined[next] = true;
        chain.push((projection, &network.populations[here], &network.populations[to]));
        let arriving: Vec<usize> = on(network, |p| &p.to, to);
        if arriving.len() > 1 {
            let found = format!("expected one projection onto it, found {}", names(network, &arriving));
            complaints.push(no_twin(Diagnostic::at(named(to), found)));
            break;
        }
        here = to;
    }
    if complaints.is_empty() && here != readout {
        complaints.push(no_twin(Diagnostic::at(named(start), "its projections run in a ring that never reaches the readout")));
    }
    if complaints.is_empty() {
        for projection in network.projections.iter().zip(&joined).filter(|(_, joined)| !**joined).map(|(p, _)| p) {
            complaints.push(at_projection(projection, "it is not on the way from the input to the readout"));
        }
    }
    complaints.or(chain)
}

fn on<'a>(network: &'a Network, end: impl Fn(&'a Projection) -> &'a String, population: usize) -> Vec<usize> {
    let name = &network.populations[population].name;
    network.projections.iter().enumerate().filter(|(_, p)| end(p) == name).map(|(at, _)| at).collect()
}

fn names(network: &Network, projections: &[usize]) -> String {
    match projections {
        [] => "none".to_owned(),
        all => all.iter().map(|p| quoted(&network.projections[*p].name)).collect::<Vec<_>>().join(", "),
    }
}

/// The layer of a projection; nothing where it only passes values on.
fn layer(projection: &Projection, from: &Population, to: &Population) -> Result<Option<DenseLayer>> {
    let wrong = |message: String| Err(at_projection(projection, message).into());
    let activation = match to.model.spec().output {
        Output::Spikes => Activation::Relu,
        Output::Analog => Activation::Identity,
        Output::External => return wrong(format!("its target {} takes no connections", quoted(&to.name))),
    };
    if passes_on(projection, to) {
        return if from.size == to.size { Ok(None) } else { wrong(sizes(projection, from, to)) };
    }
    let weight = match (&projection.connect, &projection.weight.0) {
        (Connect::Dense(matrix), _) if matrix.values.fits(from.size.saturating_mul(to.size)) => {
            DenseWeights::Matrix(single(matrix, from.size.saturating_mul(to.size)))
        }
        (Connect::Convolution(c), _) if c.complaints().is_empty() => DenseWeights::Convolution(c.clone()),
        (Connect::Convolution(c), _) => return wrong(c.complaints().join("; ")),
        (Connect::Diagonal(values), _) if values.fits(from.size) => diagonal(from.size, |i| values.at(i)),
        (Connect::OneToOne, Values::One(value)) => diagonal(from.size, |_| *value),
        (Connect::Dense(_) | Connect::Diagonal(_), _) => return wrong(sizes(projection, from, to)),
        _ => return wrong("its connections are neither a dense matrix nor a convolution nor a diagonal".to_owned()),
    };
    let bias: Vec<f32> = projection.bias.iter().flatten().map(|b| *b as f32).collect();
    if (weight.inputs(), weight.outputs()) != (from.size, to.size) {
        return wrong(sizes(projection, from, to));
    }
    if !bias.is_empty() && bias.len() != to.size {
        return wrong(format!("it has {} biases for the {} neurons of {}", bias.len(), to.size, quoted(&to.name)));
    }
    if !weight.values().chain(bias.iter().copied()).all(f32::is_finite) {
        return wrong("its weights or biases are not all finite".to_owned());
    }
    Ok(Some(DenseLayer { name: projection.name.clone(), weight, bias, activation }))
}

fn sizes(projection: &Projection, from: &Population, to: &Population) -> String {
    let weights = match &projection.connect {
        Connect::Dense(m) => format!("its {} × {} weights do", m.targets, m.sources),
        Connect::Convolution(c) => format!(
            "its {} × {} × {} to {} × {} × {} cells do",
            c.channels_in, c.input[0], c.input[1], c.channels_out, c.output[0], c.output[1]
        ),
        Connect::Diagonal(values) if values.len().is_some() => format!("its {} weights do", values.len().unwrap_or_default()),
        _ => "it does".to_owned(),
    };
    format!("{weights} not fit {} targets in {} and {} sources in {}", to.size, quoted(&to.name), from.size, quoted(&from.name))
}

/// One to one with weight 1 and no bias, into a population that gives what it gets.
fn passes_on(projection: &Projection, to: &Population) -> bool {
    projection.connect == Connect::OneToOne
        && to.model.spec().name == "relay"
        && projection.weight.0 == Values::One(1.0)
        && projection.bias.is_none()
}

/// A matrix of so many weights in the precision of the dense twin.
fn single(matrix: &Matrix, number: usize) -> DenseMatrix {
    let values = (0..number).map(|i| matrix.values.at(i) as f32).collect();
    DenseMatrix { targets: matrix.targets, sources: matrix.sources, values }
}

/// Each input times a number of its own: every neuron is a channel with a kernel of one tap.
fn diagonal(n: usize, value: impl Fn(usize) -> f64) -> DenseWeights {
    DenseWeights::Convolution(Convolution {
        channels_in: n,
        channels_out: n,
        input: [1, 1],
        output: [1, 1],
        kernel: [1, 1],
        stride: [1, 1],
        padding: [0, 0],
        dilation: [1, 1],
        groups: n,
        weights: Coefficients::Single((0..n).map(|i| value(i) as f32).collect()),
    })
}
