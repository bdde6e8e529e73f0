//! NIR files: real ones are read, what is written reads back the same, and bad ones are refused with a place and a reason.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

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

fn finite() -> impl Strategy<Value = f64> {
    prop_oneof![-1e3..1e3, Just(0.0), Just(-0.0), Just(f64::MIN_POSITIVE / 4.0), Just(-1e30), Just(0.1)]
}

/// An array of a shape, of either precision, all values above zero where asked.
fn array(shape: Vec<usize>, positive: bool) -> impl Strategy<Value = NirArray> {
    let len: usize = shape.iter().product();
    let value = finite().prop_map(move |v| if positive { v.abs() + 1e-3 } else { v });
    (prop::collection::vec(value, len), any::<bool>()).prop_map(move |(values, double)| {
        let numbers = if double { Numbers::F64(values) } else { Numbers::F32(values.iter().map(|v| *v as f32).collect()) };
        NirArray::new(shape.clone(), numbers)
    })
}

fn node() -> impl Strategy<Value = NirNode> {
    let shape = prop_oneof![Just(vec![]), prop::collection::vec(1usize..4, 1..4)];
    (0..PRIMITIVES.len() - 1, shape, 1usize..5, 1usize..5, any::<bool>()).prop_flat_map(|(row, shape, rows, columns, all)| {
        let primitive = &PRIMITIVES[row];
        let arrays: Vec<_> = primitive
            .datasets
            .iter()
            .filter(|spec| all || spec.required)
            .map(|spec| {
                let array = match spec.rule {
                    Rule::Weight => array(vec![rows, columns], false).boxed(),
                    Rule::Kernel(dimensions) => array([vec![rows, columns], vec![2; dimensions]].concat(), false).boxed(),
                    Rule::Counts(_) => Just(NirArray::new([], vec![1i64])).boxed(),
                    Rule::Padding(n) | Rule::PaddingOrWord(n) => Just(NirArray::new([n], vec![1i64; n])).boxed(),
                    Rule::Bias => array(vec![rows], false).boxed(),
                    Rule::Each(check) => array(shape.clone(), !check.allows(-1.0)).boxed(),
                    Rule::Shape => Just(NirArray::vector(vec![2i64, rows as i64])).boxed(),
                    Rule::Whole => Just(NirArray::new([], vec![-1i64])).boxed(),
                };
                array.prop_map(|array| (spec.name, array))
            })
            .collect();
        (arrays, any::<bool>()).prop_map(move |(arrays, valid)| {
            let mut node = arrays.into_iter().fold(NirNode::new(primitive.kind), |node, (name, a)| node.with(name, a));
            // A word in place of numbers, where it may stand.
            if all && node.kind.class() == Class::Convolution {
                node.arrays.remove("padding");
                node = node.with_word("padding", if valid { "valid" } else { "same" });
            }
            node
        })
    })
}

fn metadata() -> impl Strategy<Value = Metadata> {
    let leaf = prop_oneof![
        "[a-zä ]{0,8}".prop_map(MetadataValue::Text),
        array(vec![], false).prop_map(MetadataValue::Numbers),
        array(vec![0], false).prop_map(MetadataValue::Numbers),
        prop::collection::vec(any::<i64>(), 1..4).prop_map(|v| MetadataValue::Numbers(NirArray::vector(v))),
    ];
    let value = leaf
        .prop_recursive(2, 6, 3, |inner| prop::collection::btree_map("[a-z]{1,4}", inner, 0..3).prop_map(MetadataValue::Group));
    prop::collection::btree_map("[a-z]{1,6}", value, 0..3)
}

fn any_graph() -> impl Strategy<Value = NirGraph> {
    let nested = graph_of(node().boxed()).prop_map(NirNode::nested);
    let nested = graph_of(prop_oneof![6 => node().boxed(), 1 => nested].boxed()).prop_map(NirNode::nested);
    let graph = graph_of(prop_oneof![6 => node().boxed(), 1 => nested].boxed());
    ("[0-9.]{1,5}", graph).prop_map(|(version, graph)| NirGraph { version: Some(version), ..graph })
}

/// A graph of such nodes, with ports `in` and `out`.
fn graph_of(node: BoxedStrategy<NirNode>) -> impl Strategy<Value = NirGraph> {
    let nodes = prop::collection::btree_map("[a-z0-9_.ü]{1,5}[a-z]", (node, metadata()), 0..6);
    let edges = prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..8);
    (nodes, edges, metadata()).prop_map(|(nodes, edges, metadata)| {
        let port = |kind| NirNode::new(kind).with("shape", NirArray::vector(vec![3i64]));
        let mut graph = NirGraph { metadata, ..NirGraph::default() };
        for (name, (node, metadata)) in nodes {
            let metadata = if node.kind == Kind::NIRGraph { Metadata::new() } else { metadata };
            graph.nodes.insert(name, NirNode { metadata, ..node });
        }
        let mut graph = graph.node("in", port(Kind::Input)).node("out", port(Kind::Output));
        // An edge names a port of a graph.
        let ends = |port: &str| -> Vec<String> {
            let end =
                |(name, node): (&String, &NirNode)| if node.graph.is_some() { format!("{name}.{port}") } else { name.clone() };
            graph.nodes.iter().map(end).collect()
        };
        let (sources, targets) = (ends("out"), ends("in"));
        graph.edges = edges.iter().map(|(a, b)| (a.get(&sources).clone(), b.get(&targets).clone())).collect();
        graph
    })
}

/// Graphs as [`any_graph`] makes them, in which every node gives and takes 3 values.
fn sound_graph() -> impl Strategy<Value = NirGraph> {
    any_graph().prop_map(|mut graph| {
        make_sound(&mut graph);
        // The input leads somewhere, and every output comes from somewhere.
        for (name, node) in &graph.nodes {
            if node.kind.class() == Class::Output && graph.edges.iter().all(|(_, to)| to != name) {
                graph.edges.push(("in".into(), name.clone()));
            }
        }
        if graph.edges.iter().all(|(from, _)| from != "in") {
            graph.edges.push(("in".into(), "out".into()));
        }
        graph
    })
}

fn make_sound(graph: &mut NirGraph) {
    graph.nodes.retain(|name, node| !matches!(node.kind.class(), Class::Input | Class::Pool) || name == "in");
    for node in graph.nodes.values_mut() {
        let spatial = match node.kind {
            Kind::Conv1d => 1,
            Kind::Conv2d => 2,
            _ => 0,
        };
        for (name, array) in &mut node.arrays {
            let cut = |shape: &[usize]| {
                let len: usize = shape.iter().product();
                NirArray::new(shape, (0..len).map(|i| array.at(i % array.len())).collect::<Vec<_>>())
            };
            *array = match (name.as_str(), node.kind.class()) {
                ("weight", _) => cut(&[vec![3, 3], vec![1; spatial]].concat()),
                ("shape" | "input_type", _) => NirArray::vector(vec![3i64]),
                ("start_dim" | "end_dim" | "stride" | "dilation" | "groups", _) => continue,
                ("padding", _) => NirArray::new([], vec![0i64]),
                (_, Class::Delay) => NirArray::new([3], (0..3).map(|i| array.at(i % array.len()).min(1.0)).collect::<Vec<_>>()),
                _ => cut(&[3]),
            };
        }
        if spatial > 0 {
            node.arrays.insert("input_shape".into(), NirArray::vector(vec![1i64; spatial]));
        }
        if let Some(inner) = &mut node.graph {
            make_sound(inner);
        }
    }
    let class = |name: &String| {
        let is_graph = |name: &str| graph.nodes.get(name).is_some_and(|node| node.graph.is_some());
        match graph.nodes.get(name) {
            Some(node) => Some(node.kind.class()),
            None => name.rsplit_once('.').filter(|(outer, _)| is_graph(outer)).map(|_| Class::Graph),
        }
    };
    graph.edges.retain(|(a, b)| class(a).is_some_and(|c| c != Class::Output) && class(b).is_some_and(|c| c != Class::Input));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_graph_reads_back_as_it_was_written(graph in any_graph()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.nir");
        nir::write(&graph, &path).unwrap();
        prop_assert_eq!(nir::read(&path).unwrap(), graph);
        prop_assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_graph_makes_the_conversion_panic(graph in any_graph()) {
        let _ = nir::to_network(&graph, "x", None, None);
        let _ = nir::to_dense(&graph, "x");
    }

    /// The laws that the compiler relies on.
    #[test]
    fn a_network_from_a_graph_is_sound(graph in sound_graph()) {
        let network = match nir::to_network(&graph, "x", None, None) {
            Ok(network) => network,
            Err(complaints) => {
                prop_assert!(complaints.iter().all(|c| c.message.contains("cycle without delay")), "{}", complaints);
                return Ok(());
            }
        };
        let at = |name: &str| network.population(name).unwrap_or_else(|| panic!("no population {name}"));
        for p in &network.projections {
            let (from, to) = (&network.populations[at(&p.from)], &network.populations[at(&p.to)]);
            match &p.connect {
                Connect::Dense(m) => prop_assert_eq!((m.sources, m.targets, m.values.len()), (from.size, to.size, Some(from.size * to.size))),
                Connect::Convolution(c) => {
                    prop_assert_eq!(c.complaints(), Vec::<String>::new());
                    prop_assert_eq!((c.sources(), c.targets()), (Some(from.size), Some(to.size)));
                }
                Connect::Diagonal(v) => prop_assert_eq!((v.len(), v.len()), (Some(from.size), Some(to.size))),
                _ => prop_assert_eq!(from.size, to.size),
            }
            prop_assert!(p.bias.as_ref().is_none_or(|bias| bias.len() == to.size));
        }
        // Projections without delay form no cycle: populations without an undelayed source fall away until none are left.
        let mut left: Vec<(usize, usize)> =
            network.projections.iter().filter(|p| p.delay == Delay::Ticks(0)).map(|p| (at(&p.from), at(&p.to))).collect();
        loop {
            let before = left.len();
            let fed: Vec<usize> = left.iter().map(|edge| edge.1).collect();
            left.retain(|edge| fed.contains(&edge.0));
            if left.len() == before {
                break;
            }
        }
        prop_assert!(left.is_empty(), "{left:?}");
        let names: std::collections::BTreeSet<_> = network.projections.iter().map(|p| &p.name).collect();
        prop_assert_eq!(names.len(), network.projections.len());
        prop_assert!(network.population(network.readout.as_deref().unwrap()).is_some());
        // No bias arrives twice.
        prop_assert!(network.projections.iter().filter(|p| p.bias.is_some()).count() <= biases(&graph));
        // What a tidy graph makes is the same network.
        let again = nir::to_network(&nir::tidy(graph.clone()), "x", None, None);
        let names = |network: &Network| network.projections.iter().map(|p| (p.name.clone(), p.delay.clone())).collect::<Vec<_>>();
        prop_assert_eq!(names(&again.unwrap()), names(&network));
    }
}

fn biases(graph: &NirGraph) -> usize {
    let of =
        |node: &NirNode| node.graph.as_ref().map_or_else(|| usize::from(node.array("bias").is_some()), |inner| biases(inner));
    graph.nodes.values().map(of).sum()
}

// ---------------------------------------------------------------------------------------------------- bad files

/// A copy of a sample, changed by `change`, and what reading it says.
fn spoilt(sample: &str, change: impl FnOnce(&hdf5::File)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spoilt.nir");
    std::fs::copy(data(sample), &path).unwrap();
    let file = hdf5::File::open_rw(&path).unwrap();
    change(&file);
    file.close().unwrap();
    message(&path)
}

fn message(path: &Path) -> String {
    match nir::read(path) {
        Ok(_) => panic!("{} reads", path.display()),
        Err(complaints) => text(&complaints),
    }
}

fn text(complaints: &Diagnostics) -> String {
    assert!(complaints.iter().all(|c| c.file.is_some()), "every complaint names the file: {complaints}");
    complaints.to_string()
}

fn replace(file: &hdf5::File, at: &str, array: &NirArray) {
    let _ = file.unlink(at);
    match &array.numbers {
        Numbers::F32(v) => file.new_dataset::<f32>().shape(&array.shape[..]).create(at).unwrap().write_raw(v).unwrap(),
        Numbers::F64(v) => file.new_dataset::<f64>().shape(&array.shape[..]).create(at).unwrap().write_raw(v).unwrap(),
        Numbers::I64(v) => file.new_dataset::<i64>().shape(&array.shape[..]).create(at).unwrap().write_raw(v).unwrap(),
    }
}

fn replace_text(file: &hdf5::File, at: &str, text: &str) {
    let _ = file.unlink(at);
    let text: VarLenUnicode = text.parse().unwrap();
    file.new_dataset::<VarLenUnicode>().create(at).unwrap().write_scalar(&text).unwrap();
}

fn replace_edges(file: &hdf5::File, shape: (usize, usize), names: &[&str]) {
    file.unlink("/node/edges").unwrap();
    let names: Vec<VarLenUnicode> = names.iter().map(|n| n.parse().unwrap()).collect();
    file.new_dataset::<VarLenUnicode>().shape(shape).create("/node/edges").unwrap().write_raw(&names).unwrap();
}

type Change = Box<dyn FnOnce(&hdf5::File)>;

#[test]
fn spoilt_files_are_refused_with_a_place_and_a_reason() {
    const LIF: &str = "/node/nodes/lif";
    let set =
        |name: &'static str, array: NirArray| -> Change { Box::new(move |file| replace(file, &format!("{LIF}/{name}"), &array)) };
    let vector = |values: &[f64]| NirArray::vector(values.to_vec());
    let cases: Vec<(Change, &str)> = vec![
        (Box::new(|f| f.unlink("/node").unwrap()), "holds no NIR graph: there is no group /node"),
        (Box::new(|f| f.unlink("/node/edges").unwrap()), "/node/edges: is missing"),
        (Box::new(|f| f.unlink("/node/nodes").unwrap()), "/node/nodes: is missing"),
        (Box::new(|f| f.unlink("/node/type").unwrap()), "/node/type: is missing"),
        (Box::new(|f| f.unlink("/node/nodes/lif/tau").unwrap()), "/node/nodes/lif: is a LIF, but has no dataset `tau`"),
        (Box::new(|f| f.unlink("/node/nodes/lif/type").unwrap()), "/node/nodes/lif/type: is missing"),
        (Box::new(|f| f.unlink("/node/nodes/input").unwrap()), "there is no Input node"),
        (Box::new(|f| f.unlink("/node/nodes/output").unwrap()), "there is no node `output`"),
        (Box::new(|f| replace_text(f, "/node/type", "LIF")), "/node/type: expected NIRGraph, found `LIF`"),
        (Box::new(|f| replace_text(f, "/node/nodes/lif/type", "Alif")), "/node/nodes/lif/type: `Alif` is no primitive of NIR"),
        (Box::new(|f| replace_text(f, "/node/nodes/lif/type", "NIRGraph")), "/node/nodes/lif/nodes: is missing"),
        (
            Box::new(|f| replace_text(f, "/node/nodes/lif/type", "AvgPool2d")),
            "/node/nodes/lif: is a AvgPool2d, but has no dataset `kernel_size`",
        ),
        (Box::new(|f| replace_text(f, "/node/nodes/lif/tau", "long")), "/node/nodes/lif/tau: expected numbers, found text"),
        (Box::new(|f| replace_edges(f, (1, 2), &["lif", "nowhere"])), "edge `lif` -> `nowhere`: there is no node `nowhere`"),
        (Box::new(|f| replace_edges(f, (1, 3), &["input", "lif", "output"])), "shape (edges, 2); found the shape [1, 3]"),
        (Box::new(|f| replace(f, "/node/edges", &NirArray::vector(vec![1.0]))), "/node/edges: expected text"),
        (Box::new(|f| f.create_group("/node/nodes/other").map(drop).unwrap()), "/node/nodes/other/type: is missing"),
        (set("tau", vector(&[0.1, f64::NAN, 0.1, 0.1])), "lif/tau: expected a finite number above zero, found NaN at position 1"),
        (set("tau", vector(&[0.1, 0.1, -1.0, 0.0])), "found -1 at position 2 and 1 more"),
        (set("tau", vector(&[0.1, f64::INFINITY, 0.1, 0.1])), "lif/tau: expected a finite number above zero, found inf"),
        (set("r", vector(&[f64::INFINITY])), "lif/r: expected a finite number, found inf"),
        (set("v_threshold", vector(&[f64::NAN])), "lif/v_threshold: expected a number, found NaN"),
        (set("r", vector(&[1.0, 1.0])), "but `tau` has [4]: expected one value per neuron"),
        (set("v_leak", NirArray::new([0], Vec::<f64>::new())), "lif/v_leak: is empty (shape [0])"),
        (
            Box::new(|f| replace(f, "/node/nodes/input/shape", &NirArray::vector(vec![4i64, -1]))),
            "/node/nodes/input/shape: expected sizes above zero, found -1 in [4, -1]",
        ),
        (
            Box::new(|f| replace(f, "/node/nodes/input/shape", &NirArray::vector(vec![i64::MAX, i64::MAX]))),
            "/node/nodes/input/shape: claims the size [9223372036854775807, 9223372036854775807]; at most",
        ),
        (
            Box::new(|f| replace(f, "/node/nodes/input/shape", &NirArray::vector(vec![2.5]))),
            "/node/nodes/input/shape: expected a list of sizes, whole numbers",
        ),
        (
            Box::new(|f| {
                f.unlink("/node/nodes/lif/tau").unwrap();
                f.new_dataset::<f64>().chunk(1024).shape(1 << 44).create("/node/nodes/lif/tau").unwrap();
            }),
            "/node/nodes/lif/tau: claims the shape [17592186044416]",
        ),
    ];
    for (change, expected) in cases {
        let found = spoilt("primitive_graph_metadata.nir", change);
        assert!(found.contains(expected), "expected {expected:?} in\n{found}");
    }
}

#[test]
fn spoilt_weights_are_refused() {
    const FC: &str = "/node/nodes/0";
    for (name, array, expected) in [
        ("weight", NirArray::new([1], vec![1f32]), "/0/weight: expected a matrix, outputs × inputs; found the shape [1]"),
        ("weight", NirArray::new([1, 1], vec![f32::NAN]), "/0/weight: expected a finite number, found NaN"),
        (
            "weight",
            NirArray::new([2, 1], vec![1f32, f32::NEG_INFINITY]),
            "/0/weight: expected a finite number, found -inf at position 1",
        ),
        (
            "bias",
            NirArray::vector(vec![1f32; 3]),
            "/0/bias: expected 1 values, one per output of `weight` ([1, 1]); found the shape [3]",
        ),
    ] {
        let found = spoilt("paper_lif_norse.nir", |file| replace(file, &format!("{FC}/{name}"), &array));
        assert!(found.contains(expected), "expected {expected:?} in\n{found}");
    }
}

#[test]
fn all_complaints_come_at_once() {
    let found = spoilt("primitive_graph_metadata.nir", |file| {
        replace(file, "/node/nodes/lif/tau", &NirArray::vector(vec![-1.0]));
        file.unlink("/node/nodes/lif/r").unwrap();
        replace_edges(file, (2, 2), &["input", "lif", "lif", "gone"]);
        replace_text(file, "/node/nodes/output/type", "Exit");
    });
    assert_eq!(found.matches("error: ").count(), 4, "{found}");
}

#[test]
fn files_that_are_no_nir_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.nir");
    assert!(message(&path).contains("cannot be read"));
    std::fs::write(&path, "[network]\n").unwrap();
    assert!(message(&path).contains("is not an HDF5 file"));
    let whole = std::fs::read(data("digits_snn.nir")).unwrap();
    for part in [0, 7, 100, 2048, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..part]).unwrap();
        assert!(message(&path).contains("HDF5"), "{part} bytes");
    }
}

#[test]
fn remarks_and_claims_that_cannot_be_read_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.nir");
    std::fs::copy(data("primitive_graph_metadata.nir"), &path).unwrap();
    let file = hdf5::File::open_rw(&path).unwrap();
    let mut group = file.group("/node/metadata").unwrap();
    for _ in 0..20 {
        group = group.create_group("deeper").unwrap();
    }
    let texts: Vec<VarLenUnicode> = vec!["a".parse().unwrap(), "b".parse().unwrap()];
    file.new_dataset::<VarLenUnicode>().shape(2).create("/node/metadata/texts").unwrap().write_raw(&texts).unwrap();
    replace(&file, "/version", &NirArray::new([], vec![1.0]));
    replace_text(&file, "/node/nodes/lif/type", "Flatten");
    replace(&file, "/node/nodes/lif/input_type", &NirArray::vector(vec![0i64, 4]));
    file.close().unwrap();
    let graph = nir::read(&path).unwrap();
    assert_eq!((graph.version, graph.notes.len()), (None, 4), "{:?}", graph.notes);
    assert!(graph.metadata.contains_key("created") && !graph.metadata.contains_key("texts"));
}
