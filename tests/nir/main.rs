//! NIR files: real ones are read, what is written reads back the same, and bad ones are refused with a place and a reason.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod graphs;
mod spoilt;

use hdf5::types::VarLenUnicode;
use proptest::prelude::*;
use spikewatt::diagnostic::Diagnostics;
use spikewatt::format::nir::{
    self, Class, Kind, Metadata, MetadataValue, NirArray, NirGraph, NirNode, Numbers, PRIMITIVES, Rule,
};
use spikewatt::network::{Activation, Connect, Delay, Network};
use spikewatt::neuron::Values;
use std::path::{Path, PathBuf};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/nir").join(name)
}

fn graph(name: &str) -> NirGraph {
    nir::read(data(name)).unwrap_or_else(|complaints| panic!("{complaints}"))
}

fn network(name: &str) -> Network {
    nir::to_network(&graph(name), name, None, None).unwrap_or_else(|complaints| panic!("{complaints}"))
}

fn populations(network: &Network) -> Vec<(&str, &str, usize)> {
    network.populations.iter().map(|p| (p.name.as_str(), p.model.spec().name, p.size)).collect()
}

fn wires(network: &Network) -> Vec<(&str, &str, &str, &Delay)> {
    network.projections.iter().map(|p| (p.name.as_str(), p.from.as_str(), p.to.as_str(), &p.delay)).collect()
}

const NOW: &Delay = &Delay::Ticks(0);
const LATER: &Delay = &Delay::Ticks(1);

// ---------------------------------------------------------------------------------------------------- real files

#[test]
fn a_network_trained_in_snntorch() {
    let network = network("digits_snn.nir");
    assert_eq!(populations(&network), [("input", "input", 64), ("1", "lif", 128), ("3", "lif", 10)]);
    assert_eq!(wires(&network), [("0", "input", "1", NOW), ("2", "1", "3", NOW)]);
    assert_eq!((network.input.as_deref(), network.readout.as_deref()), (Some("input"), Some("3")));
    assert_eq!((network.semantics.name, network.dt_ms), ("snntorch", Some(0.1)));
    let Connect::Dense(weights) = &network.projections[0].connect else { panic!("dense") };
    assert_eq!((weights.targets, weights.sources, weights.values.len()), (128, 64, Some(8192)));
    assert_eq!(network.projections[0].bias.as_ref().unwrap().len(), 128);
    let tau = &network.populations[1].params["tau_m"];
    assert!(matches!(tau, Values::Each(taus) if taus.iter().all(|tau| *tau > 0.1)) || matches!(tau, Values::One(_)));
    assert_eq!(network.notes.len(), 1, "{:?}", network.notes);
}

#[test]
fn a_dense_network_without_relu() {
    let dense = nir::to_dense(&graph("digits_mlp.nir"), "digits_mlp.nir").unwrap();
    let sizes: Vec<_> = dense.layers.iter().map(|l| (l.weight.inputs(), l.weight.outputs(), l.activation)).collect();
    assert_eq!(sizes, [(64, 128, Activation::Identity), (128, 10, Activation::Identity)]);
    assert!(dense.notes.iter().any(|note| note.contains("NIR has no ReLU: `fc1` and `fc2`")), "{:?}", dense.notes);
    let spiking = nir::to_dense(&graph("digits_snn.nir"), "digits_snn.nir").unwrap();
    assert_eq!(spiking.layers[0].activation, Activation::Relu);
}

#[test]
fn a_recurrent_network_of_the_nir_paper() {
    let network = network("paper_braille.nir");
    assert_eq!(
        wires(&network),
        [("fc1", "input", "lif1.lif", NOW), ("lif1.w_rec", "lif1.lif", "lif1.lif", LATER), ("fc2", "lif1.lif", "lif2", NOW)]
    );
    let lif = network.populations.iter().find(|p| p.name == "lif1.lif").unwrap();
    assert_eq!((lif.model.spec().name, lif.size), ("cuba_lif", 38));
    // tau_mem is 1e-3 s there, ten steps of 1e-4 s.
    assert!(matches!(lif.params["tau_m"], Values::One(tau) if (tau - 1.0).abs() < 1e-6));
    assert_eq!(network.dt_ms, Some(0.1));
}

#[test]
fn earlier_layouts_and_leaked_dimensions() {
    // 0-d parameters and no v_reset.
    let scalar = network("history_lif_scalar.nir");
    assert_eq!(populations(&scalar), [("input", "input", 1000), ("lif", "lif", 1000)]);
    let braille = network("history_braille_scalar.nir");
    assert_eq!(populations(&braille), [("input", "input", 12), ("lif1", "cuba_lif", 38), ("lif2", "cuba_lif", 7)]);
    assert!(braille.notes.iter().any(|note| note.contains("taken for all its 38 neurons")));
    // Output says [1, 1, 1].
    assert_eq!(populations(&network("paper_lif_rockpool.nir")), [("input", "input", 1), ("1_LIFNeuronTorch", "lif", 1)]);
    assert_eq!(network("paper_lif_norse.nir").readout.as_deref(), Some("1"));
}

#[test]
fn one_file_of_each_primitive() {
    for (file, node, model, size) in [
        ("lif_3d", "node", "lif", 24),
        ("cubalif", "node", "cuba_lif", 6),
        ("cubali", "node", "cuba_li", 6),
        ("li", "node", "li", 6),
        ("if", "node", "if", 6),
        ("i", "node", "integrator", 6),
        ("threshold", "node", "threshold", 6),
        ("graph_fan_in_sum", "lif", "lif", 3),
        ("graph_self_edge", "lif", "lif", 4),
        ("graph_metadata", "lif", "lif", 4),
    ] {
        let network = network(&format!("primitive_{file}.nir"));
        let found = network.populations.iter().find(|p| p.name == node).unwrap();
        assert_eq!((found.model.spec().name, found.size), (model, size), "{file}");
        assert_eq!(network.readout.as_deref(), Some(node), "{file}");
    }
    assert_eq!(network("primitive_lif_3d.nir").populations[1].shape, [2, 3, 4]);
    assert!(matches!(network("primitive_scale.nir").projections[0].connect, Connect::Diagonal(_)));
    assert_eq!(populations(&network("primitive_flatten.nir")), [("input", "input", 24), ("output", "relay", 24)]);
    let skip = network("primitive_graph_skip.nir");
    assert_eq!(populations(&skip)[1], ("l1", "relay", 4));
    let metadata = graph("primitive_graph_metadata.nir").metadata;
    assert_eq!(metadata.keys().collect::<Vec<_>>(), ["arr", "created", "dt", "n"]);
    assert!(metadata["created"].text().is_some() && metadata["dt"].number().is_some());
    assert!(wires(&network("wild_ifsynfire.nir")).contains(&("recurrent_synapses", "neurons", "neurons", LATER)));
}

// ---------------------------------------------------------------------------------------------------- round trips
