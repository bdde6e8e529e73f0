//! Every NIR file that peers wrote is read and becomes a network, or is refused for what is truly wrong with it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use spikewatt::format::nir::{self, NirGraph};
use spikewatt::network::{Connect, Network};
use std::path::{Path, PathBuf};

/// Populations, projections and neurons of the network, or words of the complaint.
type Outcome = Result<(usize, usize, usize), &'static str>;

/// Name among the reference files, copy here, what becomes of it. Files of one content have one copy (tests/data/nir/README.md).
#[rustfmt::skip]
const FILES: &[(&str, &str, Outcome)] = &[
    ("cross/conv_if_small/model.nir", "cross/conv_if_small.nir", Ok((5, 4, 1229))),
    ("cross/lif_all_params/model.nir", "cross/lif_all_params.nir", Ok((2, 1, 6))),
    ("cross/lif_single_r1/model.nir", "cross/lif_single_r1.nir", Ok((2, 1, 2))),
    ("cross/lif_single_r1_spiketrain/model.nir", "cross/lif_single_r1.nir", Ok((2, 1, 2))),
    ("cross/mlp_lif_r_tau_over_dt/model.nir", "cross/mlp_lif_r_tau_over_dt.nir", Ok((3, 2, 56))),
    ("cross/paper_braille_noDelay_bias_zero/model.nir", "paper_braille.nir", Ok((3, 3, 57))),
    ("cross/paper_braille_noDelay_noBias_subtract/model.nir", "paper/braille_noDelay_noBias_subtract.nir", Ok((3, 3, 59))),
    ("cross/paper_cnn_sinabs_real_nmnist/model.nir", "paper/cnn_sinabs.nir", Ok((8, 7, 12434))),
    ("cross/rnn_cuba_flat/model.nir", "cross/rnn_cuba_flat.nir", Ok((3, 3, 39))),
    ("history/2023-08-25_7ddac067ce_lif_norse.nir", "history_lif_scalar.nir", Ok((2, 1, 2000))),
    ("history/2023-08-28_c489a85cf6_lif_norse.nir", "history/2023-08-28_c489a85cf6_lif_norse.nir", Ok((2, 1, 2))),
    ("history/2023-09-26_2c9ba63db6_scnn_mnist.nir", "history/2023-09-26_2c9ba63db6_scnn_mnist.nir", Err("edge `5` -> `6`: `5` gives 1800 values (shape [8, 15, 15]), `6` takes 512 values (shape [8, 8, 8])")),
    ("history/2023-10-04_cf1c59a388_braille.nir", "history/2023-10-04_cf1c59a388_braille.nir", Err("there is no Input node")),
    ("history/2023-10-05_225c9ee16e_scnn_mnist.nir", "history/2023-10-05_225c9ee16e_scnn_mnist.nir", Ok((8, 7, 12434))),
    ("history/2023-10-11_3f7c85aa87_braille.nir", "history_braille_dangling.nir", Ok((3, 3, 57))),
    ("history/2023-10-12_a440c28e76_braille_subgraph.nir", "history/2023-10-12_a440c28e76_braille_subgraph.nir", Ok((3, 3, 57))),
    ("history/2023-10-12_e5390d8016_braille.nir", "history/2023-10-12_e5390d8016_braille.nir", Ok((3, 3, 57))),
    ("history/2023-10-13_0dc700c2e5_braille_flattened.nir", "history_braille_scalar.nir", Ok((3, 3, 57))),
    ("history/2023-10-13_7cf2588c69_scnn_mnist.nir", "history/2023-10-13_7cf2588c69_scnn_mnist.nir", Ok((8, 7, 12434))),
    ("history/2023-10-17_eaac1c546e_braille_v2.nir", "history/2023-10-17_eaac1c546e_braille_v2.nir", Ok((3, 3, 57))),
    ("history/2023-10-18_8271249426_scnn_mnist.nir", "history/2023-10-18_8271249426_scnn_mnist.nir", Ok((8, 7, 12434))),
    ("history/2023-10-18_b3cb250b3a_braille_v2.nir", "history/2023-10-18_b3cb250b3a_braille_v2.nir", Ok((3, 3, 57))),
    ("history/2023-10-19_1821798504_braille.nir", "history/2023-10-19_1821798504_braille.nir", Ok((3, 3, 57))),
    ("history/2023-10-19_895f62bb93_braille.nir", "history/2023-10-19_895f62bb93_braille.nir", Ok((3, 3, 57))),
    ("history/2023-10-19_c89e29c2fe_braille_v2a.nir", "history/2023-10-19_c89e29c2fe_braille_v2a.nir", Ok((3, 3, 57))),
    ("history/2023-10-19_eb39edae8d_braille.nir", "history/2023-10-19_eb39edae8d_braille.nir", Ok((3, 3, 57))),
    ("history/2023-10-20_a45a61e174_braille_subtract.nir", "history/2023-10-20_a45a61e174_braille_subtract.nir", Ok((3, 3, 74))),
    ("history/2023-10-20_a45a61e174_braille_zero.nir", "history/2023-10-20_a45a61e174_braille_zero.nir", Ok((3, 3, 57))),
    ("history/2023-10-23_0f67274210_braille_subtract_subgraph.nir", "history/2023-10-23_0f67274210_braille_subtract_subgraph.nir", Ok((3, 3, 74))),
    ("history/2023-10-23_0f67274210_braille_zero_subgraph.nir", "history/2023-10-23_0f67274210_braille_zero_subgraph.nir", Ok((3, 3, 57))),
    ("history/2023-11-28_ce078e7604_scnn_mnist_batches.nir", "history/2023-11-28_ce078e7604_scnn_mnist_batches.nir", Ok((8, 7, 12434))),
    ("native/norse_iaf_conv/model.nir", "native/norse_iaf_conv.nir", Ok((3, 2, 483))),
    ("native/norse_lifbox_li/model.nir", "native/norse_lifbox_li.nir", Ok((3, 2, 53))),
    ("native/norse_lifbox_li/model_raw_export.nir", "native/norse_lifbox_li_raw_export.nir", Ok((3, 2, 53))),
    ("native/norse_lifcell/model.nir", "native/norse_lifcell.nir", Ok((2, 1, 28))),
    ("native/norse_lifcell/model_raw_export.nir", "native/norse_lifcell_raw_export.nir", Ok((2, 1, 28))),
    ("native/rockpool_lif_mlp/model.nir", "native/rockpool_lif_mlp.nir", Ok((3, 2, 56))),
    ("native/rockpool_lif_mlp/model_raw_export.nir", "native/rockpool_lif_mlp_raw_export.nir", Ok((3, 2, 56))),
    ("native/sinabs_iaf_conv/model.nir", "native/sinabs_iaf_conv.nir", Ok((4, 3, 798))),
    ("native/sinabs_lif_mlp/model.nir", "native/sinabs_lif_mlp.nir", Ok((3, 2, 56))),
    ("native/snntorch_conv_leaky/model.nir", "native/snntorch_conv_leaky.nir", Ok((4, 3, 706))),
    ("native/snntorch_leaky_mlp/model.nir", "native/snntorch_leaky_mlp.nir", Ok((3, 2, 56))),
    ("native/snntorch_rsynaptic_rnn/model.nir", "native/snntorch_rsynaptic_rnn.nir", Ok((3, 3, 57))),
    ("native/spikingjelly_cubalif/model.nir", "native/spikingjelly_cubalif.nir", Ok((3, 2, 56))),
    ("native/spikingjelly_if/model.nir", "native/spikingjelly_if.nir", Ok((3, 2, 56))),
    ("native/spikingjelly_lif_decay_input/model.nir", "native/spikingjelly_lif_decay_input.nir", Ok((3, 2, 56))),
    ("native/spikingjelly_lif_no_decay_input/model.nir", "native/spikingjelly_lif_no_decay_input.nir", Ok((3, 2, 56))),
    ("native/spyx_if_mlp/model.nir", "native/spyx_if_mlp.nir", Ok((3, 2, 56))),
    // Its spikes are told a step late, by a population of their own.
    ("native/spyx_lif_mlp/model.nir", "native/spyx_lif_mlp.nir", Ok((4, 3, 64))),
    ("paper/01_lif/debug_spike_representation/two_lif_neurons.nir", "paper/two_lif_neurons.nir", Ok((3, 2, 3))),
    ("paper/01_lif/lif_norse.nir", "paper_lif_norse.nir", Ok((2, 1, 2))),
    ("paper/01_lif/lif_rockpool.nir", "paper_lif_rockpool.nir", Ok((2, 1, 2))),
    ("paper/02_cnn/cnn_sinabs.nir", "paper/cnn_sinabs.nir", Ok((8, 7, 12434))),
    ("paper/03_rnn/braille_noDelay_bias_zero.nir", "paper_braille.nir", Ok((3, 3, 57))),
    ("paper/03_rnn/braille_noDelay_noBias_subtract.nir", "paper/braille_noDelay_noBias_subtract.nir", Ok((3, 3, 59))),
    ("paper/03_rnn/extras/braille_noDelay_bias_zero_subgraph.nir", "paper/braille_noDelay_bias_zero_subgraph.nir", Ok((3, 3, 57))),
    ("paper/03_rnn/extras/braille_noDelay_noBias_subtract_subgraph.nir", "paper/braille_noDelay_noBias_subtract_subgraph.nir", Ok((3, 3, 59))),
    ("primitives/affine.nir", "primitives/affine.nir", Ok((2, 1, 10))),
    ("primitives/affine_500x300_chunked.nir", "primitives/affine_500x300_chunked.nir", Ok((2, 1, 800))),
    ("primitives/avgpool2d.nir", "primitives/avgpool2d.nir", Ok((2, 1, 120))),
    ("primitives/avgpool2d_k3s2p1.nir", "primitives/avgpool2d_k3s2p1.nir", Ok((2, 1, 120))),
    ("primitives/compression_gzip9.nir", "primitives/compression_gzip9.nir", Ok((2, 1, 8))),
    ("primitives/compression_lzf.nir", "primitive_compression_lzf.nir", Ok((2, 1, 8))),
    ("primitives/compression_none.nir", "primitives/compression_none.nir", Ok((2, 1, 8))),
    ("primitives/conv1d_d2.nir", "primitives/conv1d_d2.nir", Ok((2, 1, 140))),
    ("primitives/conv1d_s2p1.nir", "primitives/conv1d_s2p1.nir", Ok((2, 1, 100))),
    ("primitives/conv1d_same.nir", "primitives/conv1d_same.nir", Ok((2, 1, 140))),
    ("primitives/conv1d_valid.nir", "primitives/conv1d_valid.nir", Ok((2, 1, 124))),
    ("primitives/conv2d_d2.nir", "primitives/conv2d_d2.nir", Ok((2, 1, 432))),
    ("primitives/conv2d_depthwise.nir", "primitives/conv2d_depthwise.nir", Ok((2, 1, 576))),
    ("primitives/conv2d_groups2.nir", "primitives/conv2d_groups2.nir", Ok((2, 1, 432))),
    ("primitives/conv2d_k1.nir", "primitives/conv2d_k1.nir", Ok((2, 1, 360))),
    ("primitives/conv2d_rect_kernel.nir", "primitives/conv2d_rect_kernel.nir", Ok((2, 1, 264))),
    ("primitives/conv2d_s12_p01.nir", "primitives/conv2d_s12_p01.nir", Ok((2, 1, 256))),
    ("primitives/conv2d_s2p1.nir", "primitives/conv2d_s2p1.nir", Ok((2, 1, 224))),
    ("primitives/conv2d_same.nir", "primitive_conv2d_same.nir", Ok((2, 1, 432))),
    ("primitives/conv2d_valid.nir", "primitives/conv2d_valid.nir", Ok((2, 1, 312))),
    ("primitives/cubali.nir", "primitive_cubali.nir", Ok((2, 1, 12))),
    ("primitives/cubalif.nir", "primitive_cubalif.nir", Ok((2, 1, 12))),
    ("primitives/cubalif_scalar_w_in.nir", "primitives/cubalif_scalar_w_in.nir", Ok((2, 1, 12))),
    ("primitives/delay.nir", "primitives/delay.nir", Ok((2, 1, 12))),
    ("primitives/flatten.nir", "primitive_flatten.nir", Ok((2, 1, 48))),
    ("primitives/flatten_start1.nir", "primitives/flatten_start1.nir", Ok((2, 1, 48))),
    ("primitives/graph_fan_in_sum.nir", "primitive_graph_fan_in_sum.nir", Ok((2, 2, 7))),
    ("primitives/graph_metadata.nir", "primitive_graph_metadata.nir", Ok((2, 1, 8))),
    ("primitives/graph_recurrent_flat.nir", "primitives/graph_recurrent_flat.nir", Ok((2, 2, 9))),
    ("primitives/graph_recurrent_nested.nir", "primitives/graph_recurrent_nested.nir", Ok((2, 2, 9))),
    ("primitives/graph_self_edge.nir", "primitive_graph_self_edge.nir", Ok((2, 2, 8))),
    ("primitives/graph_skip.nir", "primitive_graph_skip.nir", Ok((4, 4, 16))),
    ("primitives/graph_two_outputs_of_one.nir", "primitives/graph_two_outputs_of_one.nir", Ok((3, 2, 12))),
    ("primitives/i.nir", "primitive_i.nir", Ok((2, 1, 12))),
    ("primitives/if.nir", "primitive_if.nir", Ok((2, 1, 12))),
    ("primitives/li.nir", "primitive_li.nir", Ok((2, 1, 12))),
    ("primitives/lif.nir", "primitives/lif.nir", Ok((2, 1, 12))),
    ("primitives/lif_3d.nir", "primitive_lif_3d.nir", Ok((2, 1, 48))),
    ("primitives/lif_default_vreset.nir", "primitives/lif_default_vreset.nir", Ok((2, 1, 12))),
    ("primitives/lif_f32.nir", "primitives/lif_f32.nir", Ok((2, 1, 12))),
    ("primitives/lif_spikes.nir", "primitives/lif_spikes.nir", Ok((2, 1, 12))),
    ("primitives/linear.nir", "primitives/linear.nir", Ok((2, 1, 10))),
    ("primitives/scale.nir", "primitive_scale.nir", Ok((2, 1, 12))),
    ("primitives/scale_3d.nir", "primitives/scale_3d.nir", Ok((2, 1, 48))),
    ("primitives/sumpool2d.nir", "primitives/sumpool2d.nir", Ok((2, 1, 120))),
    ("primitives/sumpool2d_k3s2p1.nir", "primitives/sumpool2d_k3s2p1.nir", Ok((2, 1, 120))),
    ("primitives/threshold.nir", "primitive_threshold.nir", Ok((2, 1, 12))),
    ("wild/ifsynfire-0.1.0.nir", "wild_ifsynfire.nir", Ok((2, 2, 100))),
    ("wild/swavelet-1.0.0.nir", "wild/swavelet-1.0.0.nir", Ok((3, 2, 32))),
    ("digits/mlp_dense_affine_only.nir", "digits_mlp.nir", Ok((3, 2, 202))),
    ("digits/snn_current_zero.nir", "digits_snn.nir", Ok((3, 2, 202))),
    ("digits/snn_rate_zero.nir", "digits/snn_rate_zero.nir", Ok((3, 2, 202))),
];

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/nir")
}

fn network(graph: &NirGraph) -> Result<Network, String> {
    nir::to_network(graph, "x", None, None).map_err(|complaints| complaints.to_string())
}

#[test]
fn every_file_of_the_peers_becomes_a_network_or_is_refused_with_reason() {
    for (name, file, expected) in FILES {
        let graph = nir::read(data().join(file)).map_err(|complaints| complaints.to_string());
        match (graph.and_then(|graph| network(&graph)), expected) {
            (Ok(network), Ok(expected)) => {
                let neurons: usize = network.populations.iter().map(|p| p.size).sum();
                assert_eq!((network.populations.len(), network.projections.len(), neurons), *expected, "{name}");
            }
            (Err(found), Err(expected)) => assert!(found.contains(expected), "{name}: expected {expected:?} in\n{found}"),
            (found, _) => panic!("{name}: {found:?}"),
        }
    }
}

#[test]
fn no_file_is_without_its_line() {
    let mut folders = vec![data()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "nir") {
                let file = path.strip_prefix(data()).unwrap().to_str().unwrap().replace('\\', "/");
                assert!(FILES.iter().any(|(_, listed, _)| *listed == file), "{file}");
            }
        }
    }
}

#[test]
fn every_file_reads_back_the_same_after_writing_and_the_same_network_after_tidying() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.nir");
    for (name, file, _) in FILES {
        let Ok(graph) = nir::read(data().join(file)) else { continue };
        nir::write(&graph, &copy).unwrap();
        // Notes say what was put right on the way in, and stay there.
        assert_eq!(nir::read(&copy).unwrap(), NirGraph { notes: Vec::new(), ..graph.clone() }, "{name}");
        let tidy = nir::tidy(graph.clone());
        nir::write(&tidy, &copy).unwrap();
        let again = nir::read(&copy).unwrap();
        assert_eq!(again.notes, Vec::<String>::new(), "{name}");
        let Ok(first) = network(&graph) else { continue };
        let second = network(&again).unwrap();
        let parts = |n: &Network| {
            let populations: Vec<_> = n.populations.iter().map(|p| (p.name.clone(), p.size, p.model.spec().name)).collect();
            let projections: Vec<_> = n.projections.iter().map(|p| (p.clone_parts(), p.bias.clone())).collect();
            (populations, projections, n.input.clone(), n.readout.clone())
        };
        assert_eq!(parts(&first), parts(&second), "{name}");
        assert_eq!(nir::tidy(again.clone()), NirGraph { version: None, ..again }, "{name}: tidy once is tidy");
    }
}

/// What a projection is made of, but for its bias.
trait Parts {
    fn clone_parts(&self) -> (String, String, String, Connect, spikewatt::network::Delay);
}

impl Parts for spikewatt::network::Projection {
    fn clone_parts(&self) -> (String, String, String, Connect, spikewatt::network::Delay) {
        (self.name.clone(), self.from.clone(), self.to.clone(), self.connect.clone(), self.delay.clone())
    }
}

#[test]
fn the_networks_of_the_nir_paper_are_what_the_paper_says() {
    let conv = network(&nir::read(data().join("paper/cnn_sinabs.nir")).unwrap()).unwrap();
    let shapes: Vec<_> = conv.populations.iter().map(|p| (p.name.as_str(), &p.shape[..])).collect();
    assert_eq!(
        shapes,
        [
            ("input", &[2, 34, 34][..]),
            ("1", &[16, 16, 16]),
            ("3", &[16, 16, 16]),
            ("4", &[16, 8, 8]),
            ("6", &[8, 8, 8]),
            ("7", &[8, 4, 4]),
            ("10", &[256]),
            ("12", &[10]),
        ]
    );
    let pool = conv.projections.iter().find(|p| p.name == "4").unwrap();
    assert!(matches!(&pool.connect, Connect::Convolution(c) if c.groups == 16 && c.kernel == [2, 2] && c.stride == [2, 2]));
    // A graph within a graph, flat under dotted names.
    let nested = network(&nir::read(data().join("paper/braille_noDelay_bias_zero_subgraph.nir")).unwrap()).unwrap();
    let wires: Vec<_> = nested.projections.iter().map(|p| (p.name.as_str(), p.from.as_str(), p.to.as_str())).collect();
    assert_eq!(wires, [("fc1", "input", "lif1.lif1"), ("lif1.lin", "lif1.lif1", "lif1.lif1"), ("fc2", "lif1.lif1", "lif2")]);
}
