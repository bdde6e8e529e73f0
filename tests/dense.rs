//! The dense side against what PyTorch and NeuroBench give for the same network and samples, and dense twins of spiking networks.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use spikewatt::compile::CompiledNetwork;
use spikewatt::dense::{connection_sparsity, run, twin_of};
use spikewatt::format::onnx;
use spikewatt::network::{
    Activation, Coefficients, Connect, Convolution, Delay, Drive, Matrix, Network, Population, Projection, Stimulus, Target,
    Weight,
};
use spikewatt::neuron::{Values, model_by_name};
use std::collections::BTreeMap;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/dense/");

fn npy<T: npyz::Deserialize>(name: &str) -> Vec<T> {
    let bytes = std::fs::read(format!("{DATA}{name}")).unwrap();
    npyz::NpyFile::new(&bytes[..]).unwrap().into_vec().unwrap()
}

fn samples() -> Vec<Vec<f64>> {
    npy::<u8>("test_images_u8.npy").chunks(64).map(|image| image.iter().map(|v| f64::from(*v) / 16.0).collect()).collect()
}

#[test]
fn the_digits_network_is_read_as_exported() {
    let network = onnx::read(format!("{DATA}mlp_dense.onnx")).unwrap();
    assert_eq!(network.source, "mlp_dense.onnx");
    let layers: Vec<_> = network
        .layers
        .iter()
        .map(|l| (l.name.as_str(), l.weight.inputs(), l.weight.outputs(), l.bias.len(), l.activation))
        .collect();
    assert_eq!(layers, [("/0/Gemm", 64, 128, 128, Activation::Relu), ("/2/Gemm", 128, 10, 10, Activation::Identity)]);
    assert!(network.notes.is_empty());
}

#[test]
fn the_digits_network_answers_and_counts_as_the_references_do() {
    let network = onnx::read(format!("{DATA}mlp_dense.onnx")).unwrap();
    let run = run(&network, &samples()).unwrap();
    let expected: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(format!("{DATA}expected.json")).unwrap()).unwrap();

    let logits: Vec<f32> = npy("mlp_test_logits_f32.npy");
    let worst = run.logits.concat().iter().zip(&logits).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert_eq!(run.logits.concat().len(), logits.len());
    assert!(worst < 1e-5, "largest difference {worst}");
    assert_eq!(serde_json::json!(run.predictions), expected["predictions"]);

    let neurobench = &expected["neurobench"];
    let synaptic = &neurobench["SynapticOperations"];
    assert_eq!(run.work.samples, 360);
    assert_eq!(Some((run.work.macs / 360) as f64), synaptic["Dense"].as_f64());
    assert_eq!(Some(run.work.effective_macs as f64 / 360.0), synaptic["Effective_MACs"].as_f64());
    assert_eq!(Some(run.work.weight_bytes), neurobench["Footprint"].as_u64());
    assert_eq!(run.activation_sparsity, neurobench["ActivationSparsity"].as_f64());
    assert_eq!(Some(connection_sparsity(&network).rounded), neurobench["ConnectionSparsity"].as_f64());
    assert_eq!(run.work.weight_bytes / 4, neurobench["ParameterCount"].as_u64().unwrap());
    assert_eq!(run.layers.iter().map(|l| l.macs / 360).collect::<Vec<_>>(), [64 * 128, 128 * 10]);
}

fn population(name: &str, model: &str, size: usize) -> Population {
    let model = model_by_name(model).unwrap();
    Population { name: name.into(), size, shape: vec![size], model, params: BTreeMap::new(), init: BTreeMap::new() }
}

fn projection(name: &str, from: &str, to: &str, connect: Connect, bias: Option<Vec<f64>>) -> Projection {
    Projection { bias, ..Projection::new(name, from, to, connect, Delay::Ticks(0)) }
}

fn dense(targets: usize, sources: usize) -> Connect {
    Connect::Dense(Matrix {
        targets,
        sources,
        values: Coefficients::Single((0..targets * sources).map(|i| i as f32 - 1.0).collect()),
    })
}

/// input (2) → hidden (3, spiking) → mean (3, analog) → out (1, spiking) → passed on.
fn spiking() -> Network {
    let mut network = Network::new("chain");
    network.populations = vec![
        population("in", "input", 2),
        population("hidden", "lif", 3),
        population("mean", "li", 3),
        population("out", "lif", 1),
        population("given", "relay", 1),
    ];
    network.projections = vec![
        projection("p3", "mean", "out", dense(1, 3), None),
        projection("p1", "in", "hidden", dense(3, 2), Some(vec![0.5, 0.0, -0.5])),
        projection("p2", "hidden", "mean", Connect::Diagonal(Coefficients::Single(vec![1.0, 2.0, 3.0])), None),
        projection("p4", "out", "given", Connect::OneToOne, None),
    ];
    network.stimuli =
        vec![Stimulus { name: "samples".into(), to: Target { population: "in".into(), ids: vec![] }, drive: Drive::Dataset }];
    (network.input, network.readout) = (Some("in".into()), Some("given".into()));
    network
}

#[test]
fn a_chain_of_spiking_layers_has_a_dense_twin_with_its_weights() {
    let twin = twin_of(&spiking()).unwrap();
    let layers: Vec<_> = twin.layers.iter().map(|l| (l.name.as_str(), l.activation)).collect();
    assert_eq!(layers, [("p1", Activation::Relu), ("p2", Activation::Identity), ("p3", Activation::Relu)]);
    assert_eq!(twin.layers[0].bias, [0.5, 0.0, -0.5]);
    assert_eq!(twin.layers[1].weight.values().collect::<Vec<_>>(), [1.0, 2.0, 3.0]);
    assert_eq!(twin.source, "derived from chain");
    assert!(twin.notes.len() == 1 && twin.notes[0].contains("not trained as a dense network"), "{:?}", twin.notes);
    // (1, 2): hidden (−1 + 0 + 0.5, 1 + 4, 3 + 8 − 0.5), times (1, 2, 3) after the ReLU, then (−1, 0, 1).
    assert_eq!(run(&twin, &[[1.0, 2.0]]).unwrap().logits, [[31.5]]);
}

#[test]
fn one_to_one_with_one_weight_is_a_diagonal_and_other_stimuli_are_left_out() {
    let mut network = spiking();
    network.projections[2].connect = Connect::OneToOne;
    network.projections[2].weight = Weight(Values::One(2.0));
    network.stimuli[0].drive = Drive::Current(Vec::new());
    let twin = twin_of(&network).unwrap();
    assert_eq!(twin.layers[1].weight.values().collect::<Vec<_>>(), [2.0, 2.0, 2.0]);
    assert_eq!(run(&twin, &[[1.0, 2.0]]).unwrap().layers[1].macs, 3);
    assert!(twin.notes[1].contains("`samples` has no part"), "{:?}", twin.notes);
}

#[test]
fn what_stands_in_the_way_of_a_twin_is_named() {
    let case = |change: &dyn Fn(&mut Network), expected: &[&str]| {
        let mut network = spiking();
        change(&mut network);
        let text = twin_of(&network).unwrap_err().to_string();
        for part in expected {
            assert!(text.contains(part), "expected {part:?} in:\n{text}");
        }
    };
    case(&|n| (n.input, n.readout) = (None, None), &["names no input population", "names no readout population", "help"]);
    case(&|n| n.readout = Some("gone".into()), &["its readout population `gone` is not in the network"]);
    case(
        &|n| n.projections.push(projection("loop", "hidden", "hidden", dense(3, 3), None)),
        &["population `hidden`", "`p1`, `loop`"],
    );
    case(&|n| n.projections.push(projection("skip", "in", "out", dense(1, 2), None)), &["population `in`", "`p1`, `skip`"]);
    case(
        &|n| n.projections[2].connect = Connect::AllToAll,
        &["projection `p2`", "neither a dense matrix nor a convolution nor a diagonal"],
    );
    case(&|n| n.projections[1].connect = dense(4, 2), &["projection `p1`", "its 4 × 2 weights do not fit"]);
    case(&|n| n.projections[1].bias = Some(vec![f64::NAN; 3]), &["projection `p1`", "not all finite"]);
    case(&|n| n.projections[1].bias = Some(vec![0.0; 2]), &["projection `p1`", "2 biases for the 3 neurons"]);
    case(&|n| n.projections.truncate(3), &["population `out`", "found none"]);
    case(&|n| n.readout = Some("in".into()), &["not on the way"]);
    case(&|n| n.projections[1].to = "in".into(), &["population `in`"]);
    let ring = |n: &mut Network| {
        n.projections =
            vec![projection("ab", "in", "hidden", dense(3, 2), None), projection("ba", "hidden", "in", dense(2, 3), None)];
    };
    case(&ring, &["ring"]);
}

#[test]
fn a_network_of_convolutions_has_a_dense_twin_with_its_kernels() {
    let mut network = Network::new("convolutions");
    let grid = |channels: usize, rows: usize, columns: usize| channels * rows * columns;
    network.populations = vec![
        population("in", "input", grid(2, 7, 6)),
        population("hidden", "lif", grid(6, 4, 3)),
        population("pooled", "relay", grid(6, 2, 1)),
        population("out", "lif", 12),
    ];
    let stream = |at: usize| ((at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f64 / 2f64.powi(23) - 1.0;
    let convolution = Convolution {
        channels_in: 2,
        channels_out: 6,
        input: [7, 6],
        output: [4, 3],
        kernel: [3, 2],
        stride: [2, 2],
        padding: [1, 0],
        dilation: [1, 1],
        groups: 2,
        weights: Coefficients::Double((0..36).map(stream).collect()),
    };
    let pool = Convolution {
        channels_in: 6,
        channels_out: 6,
        input: [4, 3],
        output: [2, 1],
        kernel: [2, 2],
        stride: [2, 2],
        padding: [0, 0],
        dilation: [1, 1],
        groups: 6,
        weights: Coefficients::One(0.25),
    };
    for spiking in [1, 3] {
        network.populations[spiking].params.insert("tau_m".into(), Values::One(20.0));
    }
    network.projections = vec![
        projection(
            "conv",
            "in",
            "hidden",
            Connect::Convolution(convolution.clone()),
            Some((0..72).map(|i| stream(100 + i / 12)).collect()),
        ),
        projection("pool", "hidden", "pooled", Connect::Convolution(pool), None),
        projection("fc", "pooled", "out", dense(12, 12), None),
    ];
    (network.input, network.readout) = (Some("in".into()), Some("out".into()));
    let twin = twin_of(&network).unwrap();
    let sample: Vec<f32> = (0..84).map(|i| stream(200 + i) as f32).collect();
    let run = run(&twin, &[&sample]).unwrap();
    // The same by the matrix that the convolution is: column by column what a one at that input gives.
    let net = CompiledNetwork::new(&network, Some(1.0), None).unwrap();
    let mut hidden: Vec<f64> = network.projections[0].bias.clone().unwrap();
    for (source, x) in sample.iter().enumerate() {
        net.each_connection(&net.projections[0], source, &mut |c| hidden[c.target as usize] += f64::from(*x) * c.weight);
    }
    let mut out = [0.0f64; 12];
    for (source, x) in hidden.iter().enumerate() {
        net.each_connection(&net.projections[1], source, &mut |c| {
            for (target, out) in out.iter_mut().enumerate() {
                *out += x.max(0.0) * c.weight * (target as f64 * 12.0 + f64::from(c.target) - 1.0);
            }
        });
    }
    for (got, wanted) in run.logits[0].iter().zip(out) {
        assert!((f64::from(*got) - wanted.max(0.0)).abs() < 1e-4 * wanted.abs().max(1.0), "{got} instead of {wanted}");
    }
    let macs: Vec<_> = run.layers.iter().map(|l| (l.name.as_str(), l.macs, l.weight_bytes)).collect();
    // Rows: 3 · 4 − 2 taps on the input; columns: 2 · 3. Of each, one channel in and three out in each of two groups.
    assert_eq!(macs, [("conv", 10 * 6 * 6, 4 * (36 + 6)), ("pool", 0, 0), ("fc", 144, 4 * 144)]);
    assert_eq!(net.projections[0].rows.synapses(84), 10 * 6 * 6);
    network.projections[0].connect = Connect::Convolution(Convolution { groups: 4, ..convolution });
    assert!(twin_of(&network).unwrap_err().to_string().contains("4 groups must divide"));
}
