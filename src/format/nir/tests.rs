mod kinds;

use super::*;
use crate::diagnostic::Diagnostics;
use crate::network::{Activation, Coefficients, Connect, Delay, Network, Projection};
use crate::neuron::{Values, semantics_by_name};

fn ones(n: usize) -> NirArray {
    NirArray::vector(vec![1f64; n])
}

fn each(n: usize, value: f64) -> NirArray {
    NirArray::vector(vec![value; n])
}

fn port(kind: Kind, shape: &[i64]) -> NirNode {
    NirNode::new(kind).with("shape", NirArray::vector(shape.to_vec()))
}

fn matrix(rows: usize, columns: usize) -> NirArray {
    NirArray::new([rows, columns], (0..rows * columns).map(|n| n as f32).collect::<Vec<_>>())
}

fn affine(rows: usize, columns: usize) -> NirNode {
    NirNode::new(Kind::Affine).with("weight", matrix(rows, columns)).with("bias", NirArray::vector(vec![0.5f32; rows]))
}

fn linear(rows: usize, columns: usize) -> NirNode {
    NirNode::new(Kind::Linear).with("weight", matrix(rows, columns))
}

fn lif(n: usize) -> NirNode {
    NirNode::new(Kind::LIF)
        .with("tau", each(n, 0.02))
        .with("r", ones(n))
        .with("v_leak", each(n, 0.0))
        .with("v_threshold", ones(n))
}

/// A graph whose input and output have the sizes `input` and `output`.
fn between(input: i64, output: i64) -> NirGraph {
    NirGraph::default().node("in", port(Kind::Input, &[input])).node("out", port(Kind::Output, &[output]))
}

fn network(graph: &NirGraph) -> Network {
    to_network(graph, "test", None, None).unwrap()
}

fn refused(graph: &NirGraph) -> String {
    to_network(graph, "test", None, None).unwrap_err().to_string()
}

fn populations(network: &Network) -> Vec<(&str, &str, usize)> {
    network.populations.iter().map(|p| (p.name.as_str(), p.model.spec().name, p.size)).collect()
}

fn projection<'a>(network: &'a Network, name: &str) -> &'a Projection {
    network.projections.iter().find(|p| p.name == name).unwrap_or_else(|| panic!("no {name} in {:?}", wires(network)))
}

/// name, from, to, delay in ticks.
fn wires(network: &Network) -> Vec<(&str, &str, &str, u32)> {
    let ticks = |p: &Projection| if let Delay::Ticks(ticks) = p.delay { ticks } else { u32::MAX };
    network.projections.iter().map(|p| (p.name.as_str(), p.from.as_str(), p.to.as_str(), ticks(p))).collect()
}

fn has_note(notes: &[String], words: &str) -> bool {
    notes.iter().any(|note| note.contains(words))
}

#[test]
fn the_table_names_models_and_their_parameters() {
    for primitive in PRIMITIVES {
        assert_eq!(primitive.kind.primitive(), primitive);
        let Class::Neuron(model) = primitive.class else { continue };
        let model = crate::neuron::model_by_name(model).unwrap();
        let mut given: Vec<_> = primitive.datasets.iter().map(|spec| spec.becomes.unwrap()).collect();
        for spec in model.spec().params {
            let at = given.iter().position(|(name, _)| *name == spec.name).unwrap();
            let time = spec.dimension == crate::units::Dimension::Time;
            assert_eq!(given.remove(at).1, if time { 1e3 } else { 1.0 }, "{}", spec.name);
        }
        assert!(given.is_empty());
    }
}

#[test]
fn a_layer_becomes_a_projection_and_the_readout_needs_no_population() {
    let graph = between(3, 2).node("fc", affine(2, 3)).node("lif", lif(2)).chain(&["in", "fc", "lif", "out"]);
    let network = network(&graph);
    assert!(network.unitless);
    assert_eq!(populations(&network), [("in", "input", 3), ("lif", "lif", 2)]);
    assert_eq!((network.input.as_deref(), network.readout.as_deref()), (Some("in"), Some("lif")));
    assert_eq!(wires(&network), [("fc", "in", "lif", 0)]);
    let fc = projection(&network, "fc");
    let Connect::Dense(weights) = &fc.connect else { panic!("dense") };
    assert_eq!((weights.targets, weights.sources), (2, 3));
    assert_eq!(weights.values, Coefficients::Single(vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]));
    assert_eq!(fc.bias.as_deref(), Some(&[0.5, 0.5][..]));
    let lif = &network.populations[1];
    assert_eq!(lif.params["tau_m"], Values::One(20.0));
    assert!(!lif.params.contains_key("v_reset"), "the model's default");
}

#[test]
fn weights_in_a_row_or_for_several_nodes_get_a_relay() {
    let graph = between(3, 2)
        .node("a", linear(4, 3))
        .node("b", linear(2, 4))
        .node("x", lif(2))
        .node("y", lif(2))
        .chain(&["in", "a", "b", "x", "out"])
        .chain(&["b", "y"]);
    let network = network(&graph);
    assert_eq!(
        populations(&network),
        [("in", "input", 3), ("a", "relay", 4), ("b", "relay", 2), ("x", "lif", 2), ("y", "lif", 2)],
        "in the order of layers"
    );
    assert_eq!(wires(&network), [("a", "in", "a", 0), ("b", "a", "b", 0), ("b->x", "b", "x", 0), ("b->y", "b", "y", 0)]);
    assert!(has_note(&network.notes, "`y` feeds no other node"));
}

#[test]
fn several_sources_add_up_and_the_bias_is_added_once() {
    let graph = between(2, 2)
        .node("a", lif(2))
        .node("b", lif(2))
        .node("fc", affine(2, 2))
        .node("c", lif(2))
        .chain(&["in", "a", "fc", "c", "out"])
        .chain(&["in", "b", "fc"])
        .chain(&["a", "c"]);
    let network = network(&graph);
    assert_eq!(
        wires(&network),
        [("in->a", "in", "a", 0), ("in->b", "in", "b", 0), ("a->c", "a", "c", 0), ("fc:a", "a", "c", 0), ("fc:b", "b", "c", 0)]
    );
    assert!(projection(&network, "fc:a").bias.is_some());
    assert!(projection(&network, "fc:b").bias.is_none());
    assert_eq!(projection(&network, "in->a").connect, Connect::OneToOne);
}

#[test]
fn a_bias_without_source_still_arrives() {
    let graph = between(2, 2).node("fc", affine(2, 3)).node("x", lif(2)).chain(&["in", "x", "out"]).chain(&["fc", "x"]);
    let network = network(&graph);
    assert_eq!(populations(&network)[1], ("fc:silence", "relay", 3));
    assert!(projection(&network, "fc").bias.is_some());
    assert!(has_note(&network.notes, "`fc` is not reached from the input"));
}

#[test]
fn outputs_of_weights_or_of_several_nodes_are_relays() {
    let graph = between(2, 3).node("fc", affine(3, 2)).chain(&["in", "fc", "out"]);
    let network = network(&graph);
    assert_eq!(populations(&network), [("in", "input", 2), ("out", "relay", 3)]);
    assert_eq!(network.readout.as_deref(), Some("out"));
    let graph = between(2, 2).node("a", lif(2)).node("b", lif(2)).chain(&["in", "a", "out"]).chain(&["in", "b", "out"]);
    let network = self::network(&graph);
    assert_eq!(network.readout.as_deref(), Some("out"));
    assert_eq!(wires(&network)[2..], [("a->out", "a", "out", 0), ("b->out", "b", "out", 0)]);
    let straight = between(2, 2).chain(&["in", "out"]);
    assert_eq!(wires(&self::network(&straight)), [("in->out", "in", "out", 0)]);
    let two = between(2, 2)
        .node("a", lif(2))
        .node("second", port(Kind::Output, &[2]))
        .chain(&["in", "a", "out"])
        .chain(&["a", "second"]);
    assert!(has_note(&self::network(&two).notes, "`out` is the answer; not `second`"));
}

#[test]
fn scale_is_a_diagonal_and_flatten_nothing() {
    let scale = NirNode::new(Kind::Scale).with("scale", NirArray::new([2, 3], (0..6).map(f64::from).collect::<Vec<_>>()));
    let flatten = NirNode::new(Kind::Flatten).with("input_type", NirArray::vector(vec![1i64, 2, 3]));
    let graph = NirGraph::default()
        .node("in", port(Kind::Input, &[1, 2, 3]))
        .node("out", port(Kind::Output, &[6]))
        .node("flat", flatten)
        .node("scale", scale)
        .node("lif", lif(6))
        .chain(&["in", "scale", "flat", "lif", "out"]);
    let network = network(&graph);
    // The shape of `in` is what its neighbour takes; the rest is batch.
    assert_eq!(network.populations[0].shape, [2, 3]);
    assert_eq!(wires(&network), [("scale", "in", "lif", 0)]);
    assert_eq!(
        projection(&network, "scale").connect,
        Connect::Diagonal(Coefficients::Single(vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]))
    );
    let one = between(6, 6).node("s", NirNode::new(Kind::Scale).with("scale", NirArray::new([], vec![2f64]))).node("x", lif(6));
    let network = self::network(&one.chain(&["in", "s", "x", "out"]));
    assert_eq!(projection(&network, "s").connect, Connect::OneToOne);
    assert_eq!(projection(&network, "s").weight.0, Values::One(2.0));
}

#[test]
fn the_delay_of_a_cycle_sits_at_its_neuron() {
    let graph = between(2, 2)
        .node("fc", linear(2, 2))
        .node("lif", lif(2))
        .node("rec", affine(2, 2))
        .chain(&["in", "fc", "lif", "out"])
        .chain(&["lif", "rec", "lif"]);
    let recurrent = network(&graph);
    assert_eq!(wires(&recurrent), [("fc", "in", "lif", 0), ("rec", "lif", "lif", 1)]);
    // In the rows of weights from neuron to itself, too, only the neuron's own output waits.
    let long = between(2, 2)
        .node("lif", lif(2))
        .node("r1", linear(3, 2))
        .node("r2", linear(2, 3))
        .chain(&["in", "lif", "out"])
        .chain(&["lif", "r1", "r2", "lif"]);
    assert_eq!(wires(&network(&long)), [("in->lif", "in", "lif", 0), ("r2", "r1", "lif", 0), ("r1", "lif", "r1", 1)]);
    let own = between(2, 2).node("lif", lif(2)).chain(&["in", "lif", "out"]).edge("lif", "lif");
    assert_eq!(wires(&network(&own)), [("in->lif", "in", "lif", 0), ("lif->lif", "lif", "lif", 1)]);
    // Of two neurons the later one waits, whatever the order of edges in the file.
    let mut two = between(2, 2).node("a", lif(2)).node("b", lif(2)).chain(&["in", "a", "b", "out"]).chain(&["b", "a"]);
    let expected = [("in->a", "in", "a", 0), ("a->b", "a", "b", 0), ("b->a", "b", "a", 1)];
    assert_eq!(wires(&network(&two)), expected);
    two.edges.reverse();
    assert_eq!(wires(&network(&two)), expected);
}

#[test]
fn one_weight_matrix_carries_spikes_of_this_step_and_of_the_last() {
    let graph = between(2, 2)
        .node("a", lif(2))
        .node("fc", affine(2, 2))
        .node("b", lif(2))
        .chain(&["in", "a", "fc", "b", "out"])
        .chain(&["b", "fc"]);
    let network = network(&graph);
    assert_eq!(wires(&network)[1..], [("fc:a", "a", "b", 0), ("fc:b", "b", "b", 1)]);
    assert!(projection(&network, "fc:b").bias.is_none());
}

#[test]
fn a_cycle_without_neuron_is_refused() {
    let graph = between(2, 2)
        .node("a", linear(2, 2))
        .node("b", linear(2, 2))
        .node("x", lif(2))
        .chain(&["in", "a", "b", "x", "out"])
        .chain(&["b", "a"]);
    assert!(refused(&graph).contains("cycle without delay: a -> b -> a"), "{}", refused(&graph));
    let flat = NirNode::new(Kind::Flatten);
    let graph = between(2, 2).node("f", flat).node("x", lif(2)).chain(&["in", "x", "out"]).edge("f", "f");
    assert!(refused(&graph).contains("cycle without delay: f -> f"));
}

#[test]
fn sizes_that_differ_are_named() {
    let graph = between(3, 9).node("fc", affine(2, 4)).node("lif", lif(5)).chain(&["in", "fc", "lif", "out"]);
    let complaints = refused(&graph);
    for words in [
        "`in` says [3], but its neighbour has [4]",
        "`fc` gives 2 values, `lif` takes 5 values",
        "`out` says [9], but its neighbour has [5]",
    ] {
        assert!(complaints.contains(words), "{complaints}");
    }
}

#[test]
fn batch_and_time_in_shapes_are_dropped_with_a_note() {
    let graph = NirGraph::default()
        .node("in", port(Kind::Input, &[1, 100, 3]))
        .node("out", port(Kind::Output, &[1, 100, 2]))
        .node("fc", affine(2, 3))
        .node("lif", NirNode { arrays: lif(1).arrays, ..NirNode::new(Kind::LIF) })
        .chain(&["in", "fc", "lif", "out"]);
    let network = network(&graph);
    assert_eq!(populations(&network), [("in", "input", 3), ("lif", "lif", 2)]);
    assert!(has_note(&network.notes, "`in` says [1, 100, 3], of which its neighbours take [3]"));
    assert!(has_note(&network.notes, "`lif` has one value per parameter, taken for all its 2 neurons"));
}

#[test]
fn the_time_step_is_guessed_from_resistances() {
    let with_r = |dt: f64| {
        let tau = [0.01, 0.02];
        let node = lif(2)
            .with("tau", NirArray::vector(tau.to_vec()))
            .with("r", NirArray::vector(vec![(tau[0] / dt) as f32, (tau[1] / dt) as f32]));
        between(2, 2).node("lif", node).chain(&["in", "lif", "out"])
    };
    let guessed = network(&with_r(1e-3));
    assert_eq!((guessed.semantics.name, guessed.dt_ms), ("snntorch", Some(1.0)));
    assert!(
        has_note(&guessed.notes, "written by snnTorch, as it seems (r = tau / dt with dt = 1.00 ms; or "),
        "{:?}",
        guessed.notes
    );
    let odd = network(&with_r(3.3e-4));
    assert_eq!((odd.semantics.name, odd.dt_ms), ("nir", Some(0.1)));
    assert!(has_note(&odd.notes, "does not say how its neurons step"));
    // With another time step than the guessed one, the neurons are not snnTorch's.
    let other = to_network(&with_r(1e-3), "x", None, Some(0.5)).unwrap();
    assert_eq!((other.semantics.name, other.dt_ms), ("nir", Some(0.5)));
    let chosen = to_network(&with_r(1e-3), "x", semantics_by_name("nir-euler"), Some(0.3)).unwrap();
    assert_eq!((chosen.semantics.name, chosen.dt_ms), ("nir-euler", Some(0.3)));
    assert_eq!(chosen.notes, Vec::<String>::new());
    // r = 1 is NIR's default and says nothing, even where tau is a round number.
    let plain = network(&between(2, 2).node("lif", lif(2)).chain(&["in", "lif", "out"]));
    assert_eq!((plain.semantics.name, plain.dt_ms), ("nir", Some(0.1)));
    let wrong = to_network(&with_r(1e-3), "x", None, Some(f64::NAN)).unwrap_err().to_string();
    assert!(wrong.contains("--dt: expected a time above zero"), "{wrong}");
}

#[test]
fn remarks_are_followed_but_never_trusted() {
    let mut graph = between(2, 2).node("lif", lif(2)).chain(&["in", "lif", "out"]);
    let mut say = |name: &str, value: MetadataValue| graph.metadata.insert(name.into(), value);
    say("spikewatt_semantics", MetadataValue::Text("snntorch-zero-delayed".into()));
    say("spikewatt_dt", MetadataValue::Numbers(NirArray::new([], vec![2e-3f64])));
    say("spikewatt_encode", MetadataValue::Text("rate".into()));
    say("spikewatt_decode", MetadataValue::Text("count".into()));
    say("spikewatt_steps", MetadataValue::Numbers(NirArray::vector(vec![25i64])));
    let good = network(&graph);
    assert_eq!((good.semantics.name, good.dt_ms), ("snntorch-zero-delayed", Some(2.0)));
    assert_eq!(good.hints.encode.as_deref(), Some("rate"));
    assert_eq!(good.hints.decode.as_deref(), Some("count"));
    assert_eq!((good.hints.steps, good.notes), (Some(25), vec![]));
    for value in graph.metadata.values_mut() {
        *value = MetadataValue::Numbers(NirArray::vector(vec![f64::NAN]));
    }
    let bad = network(&graph);
    assert_eq!((bad.semantics.name, bad.dt_ms, bad.hints), ("nir", Some(0.1), Default::default()));
    for name in ["semantics", "dt", "encode", "decode", "steps"] {
        assert!(has_note(&bad.notes, &format!("remark `spikewatt_{name}` is NaN and is ignored")), "{name}: {:?}", bad.notes);
    }
}

#[test]
fn weights_keep_the_precision_of_the_file() {
    let given = |value: f64| {
        let node = NirNode::new(Kind::Linear).with("weight", NirArray::new([1, 1], vec![value]));
        let graph = between(1, 1).node("w", node).node("lif", lif(1)).chain(&["in", "w", "lif", "out"]);
        let Connect::Dense(matrix) = projection(&network(&graph), "w").connect.clone() else { panic!("dense") };
        matrix.values
    };
    assert_eq!(given(0.1), Coefficients::Double(vec![0.1]));
    assert_eq!(given(1e300), Coefficients::Double(vec![1e300]));
    assert_eq!(given(0.5), Coefficients::Single(vec![0.5]));
}

#[test]
fn a_chain_becomes_a_dense_network() {
    let scale = NirNode::new(Kind::Scale).with("scale", NirArray::vector(vec![2f32, 0.5]));
    let graph = between(3, 1)
        .node("a", affine(2, 3))
        .node("s", scale)
        .node("x", lif(2))
        .node("b", affine(1, 2))
        .node("y", lif(1))
        .chain(&["in", "a", "s", "x", "b", "y", "out"]);
    let dense = to_dense(&graph, "test").unwrap();
    let [a, b] = &dense.layers[..] else { panic!("two layers") };
    assert_eq!((a.activation, b.activation), (Activation::Relu, Activation::Identity));
    assert_eq!(a.weight.values().collect::<Vec<_>>(), [0.0, 2.0, 4.0, 1.5, 2.0, 2.5]);
    assert_eq!((&a.bias[..], &b.bias[..]), (&[1.0, 0.25][..], &[0.5][..]));
    for words in ["neurons of `x` taken as ReLU", "read from the sums of `b`", "`s` is folded into the weights of `a`"] {
        assert!(has_note(&dense.notes, words), "{:?}", dense.notes);
    }
    // Behind a ReLU, factors move on to the next weights.
    let mut graph = graph;
    graph.edges.clear();
    let graph = graph.chain(&["in", "a", "x", "s", "b", "y", "out"]);
    let dense = to_dense(&graph, "test").unwrap();
    assert_eq!(dense.layers[1].weight.values().collect::<Vec<_>>(), [0.0, 0.5]);
}

#[test]
fn what_is_no_chain_is_no_dense_network() {
    let branched = between(2, 2).node("a", linear(2, 2)).chain(&["in", "a", "out"]).chain(&["in", "out"]);
    let complaints = to_dense(&branched, "x").unwrap_err();
    assert_eq!(complaints.iter().count(), 2, "{complaints}");
    let apart = between(2, 2).node("a", linear(2, 2)).node("b", lif(2)).chain(&["in", "a", "out"]).chain(&["b", "b"]);
    assert!(to_dense(&apart, "x").unwrap_err().to_string().contains("`b` are not on the way"));
    let empty = between(2, 2).chain(&["in", "out"]);
    assert!(to_dense(&empty, "x").unwrap_err().to_string().contains("no Affine, Linear or convolution"));
}

#[test]
fn a_graph_that_makes_no_sense_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.nir");
    let graph = between(0, 2).node("a/b", linear(2, 2)).node("lif", lif(2).with("tau", each(2, -1.0))).edge("in", "nowhere");
    let complaints: Diagnostics = write(&graph, &path).unwrap_err();
    for words in ["`a/b` cannot be the name", "above zero, found 0", "above zero, found -1", "no node `nowhere`"] {
        assert!(complaints.to_string().contains(words), "{complaints}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
}
