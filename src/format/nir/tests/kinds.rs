//! Convolutions, pools, delays, several matrices, and graphs within graphs.

use super::*;
use crate::network::{Coefficients, Convolution, DenseWeights};

fn whole(values: &[i64]) -> NirArray {
    NirArray::vector(values.to_vec())
}

/// Channels out and in, kernel; stride 1, no border.
fn conv2d(shape: [usize; 4]) -> NirNode {
    let weights: Vec<f32> = (0..shape.iter().product::<usize>()).map(|i| i as f32).collect();
    let biases: Vec<f32> = (0..shape[0]).map(|channel| channel as f32).collect();
    NirNode::new(Kind::Conv2d)
        .with("weight", NirArray::new(shape, weights))
        .with("bias", NirArray::vector(biases))
        .with("stride", whole(&[1, 1]))
        .with("padding", whole(&[0, 0]))
        .with("dilation", whole(&[1, 1]))
        .with("groups", NirArray::new([], vec![1i64]))
}

fn pool(kind: Kind, size: i64) -> NirNode {
    NirNode::new(kind).with("kernel_size", whole(&[size, size])).with("stride", whole(&[size])).with("padding", whole(&[0]))
}

fn convolution<'a>(network: &'a Network, name: &str) -> &'a Convolution {
    match &projection(network, name).connect {
        Connect::Convolution(convolution) => convolution,
        other => panic!("{name}: {other:?}"),
    }
}

/// From a picture of one channel to neurons.
fn picture(node: NirNode, size: [usize; 3], neurons: usize) -> NirGraph {
    let input = port(Kind::Input, &size.map(|n| n as i64));
    let graph = NirGraph::default().node("in", input).node("out", port(Kind::Output, &[neurons as i64]));
    let flat = NirNode::new(Kind::Flatten).with("start_dim", NirArray::new([], vec![0i64]));
    graph.node("c", node).node("flat", flat).node("lif", lif(neurons)).chain(&["in", "c", "flat", "lif", "out"])
}

#[test]
fn a_convolution_keeps_its_shape_and_repeats_its_bias() {
    let node = conv2d([2, 1, 2, 3]).with("stride", whole(&[1, 2])).with("padding", whole(&[0, 1]));
    let network = network(&picture(node, [1, 4, 5], 2 * 3 * 3));
    assert_eq!(network.populations[0].shape, [1, 4, 5]);
    let c = convolution(&network, "c");
    assert_eq!((c.channels_in, c.channels_out, c.groups), (1, 2, 1));
    assert_eq!((c.input, c.output, c.kernel), ([4, 5], [3, 3], [2, 3]));
    assert_eq!((c.stride, c.padding, c.dilation), ([1, 2], [0, 1], [1, 1]));
    assert_eq!(c.weights, Coefficients::Single((0..12).map(|i| i as f32).collect()));
    assert_eq!(projection(&network, "c").bias.as_deref(), Some(&[[0.0; 9], [1.0; 9]].concat()[..]));
    // Nothing is lost of double precision.
    let double = conv2d([1, 1, 1, 1]).with("weight", NirArray::new([1, 1, 1, 1], vec![0.1f64]));
    assert_eq!(convolution(&self::network(&picture(double, [1, 2, 2], 4)), "c").weights, Coefficients::Double(vec![0.1]));
}

#[test]
fn padding_may_be_a_word_and_one_number_stand_for_two() {
    let mut node = conv2d([1, 1, 2, 5]).with_word("padding", "same").with("dilation", NirArray::new([], vec![2i64]));
    node.arrays.remove("padding");
    let same = network(&picture(node.clone(), [1, 6, 9], 54));
    // What is odd stands at the end: two rows of 1 × 2 zeros, eight columns.
    assert_eq!((convolution(&same, "c").padding, convolution(&same, "c").output), ([1, 4], [6, 9]));
    assert_eq!(convolution(&same, "c").dilation, [2, 2]);
    node.words.insert("padding".into(), "valid".into());
    let valid = network(&picture(node, [1, 6, 9], 4));
    assert_eq!((convolution(&valid, "c").padding, convolution(&valid, "c").output), ([0, 0], [4, 1]));
}

#[test]
fn pools_are_convolutions_of_each_channel_alone() {
    let sum = network(&picture(pool(Kind::SumPool2d, 2), [3, 4, 6], 18));
    let c = convolution(&sum, "c");
    assert_eq!((c.groups, c.channels_out, c.output, &c.weights), (3, 3, [2, 3], &Coefficients::One(1.0)));
    let mean = network(&picture(pool(Kind::AvgPool2d, 2).with("padding", whole(&[1, 0])), [3, 4, 6], 27));
    // The border counts in the mean.
    assert_eq!((convolution(&mean, "c").output, &convolution(&mean, "c").weights), ([3, 3], &Coefficients::One(0.25)));
    assert!(projection(&sum, "c").bias.is_none());
}

#[test]
fn a_line_is_a_grid_of_one_row() {
    let node = NirNode::new(Kind::Conv1d)
        .with("weight", NirArray::new([4, 1, 3], vec![1f32; 12]))
        .with("bias", NirArray::vector(vec![0f32; 4]))
        .with("stride", NirArray::new([], vec![2i64]))
        .with("padding", NirArray::new([], vec![1i64]))
        .with("dilation", whole(&[1]))
        .with("groups", NirArray::new([], vec![2i64]));
    let graph = NirGraph::default()
        .node("in", port(Kind::Input, &[2, 9]))
        .node("out", port(Kind::Output, &[4, 5]))
        .node("c", node)
        .chain(&["in", "c", "out"]);
    let network = network(&graph);
    let c = convolution(&network, "c");
    assert_eq!((c.input, c.output, c.kernel, c.padding, c.stride), ([1, 9], [1, 5], [1, 3], [0, 1], [1, 2]));
    assert_eq!((c.channels_in, c.channels_out, c.groups), (2, 4, 2));
}

#[test]
fn shapes_go_through_convolutions_and_pools_from_the_input() {
    // Nobody but the input says how large anything is, and it says so with a batch.
    let graph = NirGraph::default()
        .node("in", port(Kind::Input, &[1, 1, 10, 8]))
        .node("out", port(Kind::Output, &[2]))
        .node("a", conv2d([3, 1, 3, 3]))
        .node("x", NirNode { arrays: lif(1).arrays, ..NirNode::new(Kind::LIF) })
        .node("pool", pool(Kind::SumPool2d, 2))
        .node("b", conv2d([2, 3, 3, 3]))
        .node("y", NirNode { arrays: lif(1).arrays, ..NirNode::new(Kind::LIF) })
        .node("flat", NirNode::new(Kind::Flatten))
        .node("fc", linear(2, 4))
        .chain(&["in", "a", "x", "pool", "b", "y", "flat", "fc", "out"]);
    let network = network(&graph);
    let shapes: Vec<_> = network.populations.iter().map(|p| (p.name.as_str(), p.shape.clone())).collect();
    let expected =
        [("in", vec![1, 10, 8]), ("x", vec![3, 8, 6]), ("pool", vec![3, 4, 3]), ("y", vec![2, 2, 1]), ("out", vec![2])];
    assert_eq!(shapes, expected);
    assert!(has_note(&network.notes, "`in` says [1, 1, 10, 8], of which its neighbours take [1, 10, 8]"));
}

#[test]
fn what_does_not_fit_names_the_node_and_both_shapes() {
    let wrong = |node: NirNode, size| refused(&picture(node, size, 4));
    assert!(
        wrong(conv2d([1, 2, 3, 3]), [1, 9, 9])
            .contains("`c` takes 2 channels (`weight` and `groups`), but is given 1 (shape [1, 9, 9])")
    );
    assert!(wrong(conv2d([1, 1, 5, 3]), [1, 4, 9]).contains("a kernel of [5, 3] does not fit into [4, 9]"));
    let sized = conv2d([1, 1, 1, 1]).with("input_shape", whole(&[4, 3]));
    let complaint = "edge `in` -> `c`: `in` gives the shape [1, 3, 4], `c` takes the shape [1, 4, 3]";
    assert!(wrong(sized, [1, 3, 4]).contains(complaint));
    let open = NirGraph::default()
        .node("in", port(Kind::Input, &[4]))
        .node("out", port(Kind::Output, &[4]))
        .node("c", conv2d([1, 1, 1, 1]))
        .node("x", lif(4))
        .chain(&["in", "x", "out"])
        .chain(&["c", "x"]);
    assert!(refused(&open).contains("`c` has no `input_shape`, and nothing that feeds it says how large its input is"));
}

#[test]
fn a_delay_is_as_many_steps_for_each_value() {
    let delays = |seconds: &[f64]| NirNode::new(Kind::Delay).with("delay", NirArray::vector(seconds.to_vec()));
    let graph = |node| between(2, 2).node("d", node).node("x", lif(2)).chain(&["in", "d", "x", "out"]);
    let at = |graph: &NirGraph| to_network(graph, "x", None, Some(0.5)).unwrap();
    let each = at(&graph(delays(&[1e-3, 5e-3])));
    assert_eq!(projection(&each, "d").delay, Delay::Ms(Values::Each(vec![1.0, 5.0])));
    assert_eq!(projection(&each, "d").connect, Connect::OneToOne);
    let one = at(&graph(delays(&[2e-3])));
    assert_eq!(projection(&one, "d").delay, Delay::Ticks(4));
    let between_steps = at(&graph(delays(&[1.2e-3, 1e-3])));
    assert_eq!(projection(&between_steps, "d").delay, Delay::Ticks(2));
    assert!(has_note(&between_steps.notes, "`d`: delays are rounded to whole steps of 0.5 ms"), "{:?}", between_steps.notes);
    // What an Affine gives, and what it takes, waits in a relay.
    let chain = between(2, 2)
        .node("d", delays(&[1e-3, 0.0]))
        .node("a", linear(2, 2))
        .node("b", linear(2, 2))
        .node("x", lif(2))
        .chain(&["in", "a", "d", "b", "x", "out"]);
    let network = at(&chain);
    assert_eq!(populations(&network), [("in", "input", 2), ("a", "relay", 2), ("d", "relay", 2), ("x", "lif", 2)]);
    assert_eq!(projection(&network, "d").delay, Delay::Ms(Values::Each(vec![1.0, 0.0])));
    // In a cycle, the step of the cycle comes on top.
    let recurrent = between(2, 2).node("x", lif(2)).node("d", delays(&[1e-3])).chain(&["in", "x", "out"]).chain(&["x", "d", "x"]);
    assert_eq!(projection(&at(&recurrent), "d").delay, Delay::Ticks(3));
}

#[test]
fn several_matrices_in_one_node_are_groups() {
    let node = NirNode::new(Kind::Affine)
        .with("weight", NirArray::new([2, 3, 2], (0..12).map(|i| i as f32).collect::<Vec<_>>()))
        .with("bias", NirArray::vector(vec![1f32, 2.0, 3.0]));
    let graph = between(4, 6).node("w", node).node("x", lif(6)).chain(&["in", "w", "x", "out"]);
    let network = network(&graph);
    let c = convolution(&network, "w");
    assert_eq!((c.channels_in, c.channels_out, c.groups, c.kernel), (4, 6, 2, [1, 1]));
    assert_eq!(projection(&network, "w").bias.as_deref(), Some(&[1.0, 2.0, 3.0, 1.0, 2.0, 3.0][..]));
    // Leading ones are none.
    let one = NirNode::new(Kind::Linear).with("weight", NirArray::new([1, 1, 2, 3], vec![1f32; 6]));
    let graph = between(3, 2).node("w", one).node("x", lif(2)).chain(&["in", "w", "x", "out"]);
    assert!(matches!(projection(&self::network(&graph), "w").connect, Connect::Dense(_)));
}

#[test]
fn graphs_within_graphs_are_laid_out_under_dotted_names() {
    let inner = between(2, 2).node("a", lif(2)).node("rec", linear(2, 2)).chain(&["in", "a", "out"]).chain(&["a", "rec", "a"]);
    let middle = between(2, 2).node("g", NirNode::nested(inner)).chain(&["in", "g", "out"]);
    let graph = between(3, 2)
        .node("fc", linear(2, 3))
        .node("m", NirNode::nested(middle))
        .node("m.g", lif(2))
        .chain(&["in", "fc", "m.in"])
        .chain(&["m", "m.g", "out"]);
    let network = network(&graph);
    // `m.g` is a node of the outer graph first of all.
    assert_eq!(populations(&network), [("in", "input", 3), ("m.g.a", "lif", 2), ("m.g", "lif", 2)]);
    assert_eq!(wires(&network), [("fc", "in", "m.g.a", 0), ("m.g.rec", "m.g.a", "m.g.a", 1), ("m.g.a->m.g", "m.g.a", "m.g", 0)]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.nir");
    write(&graph, &path).unwrap();
    assert_eq!(read(&path).unwrap().nodes, graph.nodes);
}

#[test]
fn a_port_passes_shapes_on_and_adds_up_what_it_gets() {
    let inner = NirGraph::default()
        .node("in", port(Kind::Input, &[99]))
        .node("out", port(Kind::Output, &[7]))
        .node("c", conv2d([1, 2, 3, 3]))
        .chain(&["in", "c", "out"]);
    let graph = NirGraph::default()
        .node("in", port(Kind::Input, &[2, 4, 4]))
        .node("out", port(Kind::Output, &[1, 2, 2]))
        .node("a", NirNode::new(Kind::Scale).with("scale", NirArray::new([2, 4, 4], vec![1f32; 32])))
        .node("g", NirNode::nested(inner))
        .chain(&["in", "a", "g", "out"])
        .chain(&["in", "g"]);
    let network = network(&graph);
    assert_eq!(populations(&network), [("in", "input", 32), ("g.in", "relay", 32), ("out", "relay", 4)]);
    assert_eq!(network.populations[1].shape, [2, 4, 4], "what inner ports claim is not asked");
    assert_eq!(convolution(&network, "g.c").channels_in, 2);
}

#[test]
fn what_stands_within_is_complained_of_at_its_place() {
    let inner = between(2, 2).node("a", lif(2).with("tau", each(2, -1.0))).chain(&["in", "a", "out"]).edge("a", "b");
    let graph = between(2, 2).node("g", NirNode::nested(inner)).chain(&["in", "g.out"]).edge("g", "out");
    let complaints = refused(&graph);
    for words in [
        "/node/nodes/g/nodes/a/tau: expected a finite number above zero, found -1",
        "/node/nodes/g/edges: edge `a` -> `b`: there is no node `b`",
        "/node/edges: edge `in` -> `g.out`: `out` is no Input node of the graph `g`",
    ] {
        assert!(complaints.contains(words), "{complaints}");
    }
    let wide = between(2, 2).node("a", linear(2, 3)).chain(&["in", "a", "out"]);
    let graph = between(2, 2).node("g", NirNode::nested(wide)).node("x", lif(2)).chain(&["in", "x", "g", "out"]);
    assert!(refused(&graph).contains("`g.a` takes 3 values"), "{}", refused(&graph));
}

#[test]
fn graphs_lie_only_so_deep() {
    let mut graph = between(1, 1).chain(&["in", "out"]);
    for _ in 0..64 {
        graph = between(1, 1).node("g", NirNode::nested(graph)).chain(&["in", "g", "out"]);
    }
    assert_eq!(network(&graph).populations.len(), 2);
    let graph = between(1, 1).node("g", NirNode::nested(graph)).chain(&["in", "g", "out"]);
    assert!(refused(&graph).contains("is a graph within 64 others"));
}

#[test]
fn a_tidy_graph_is_what_nir_would_write() {
    let old = NirGraph::default()
        .node("in", port(Kind::Input, &[1, 100, 3]))
        .node("out", port(Kind::Output, &[1, 100, 2]))
        .node(
            "fc",
            NirNode::new(Kind::Affine)
                .with("weight", NirArray::new([1, 2, 3], vec![1f32; 6]))
                .with("bias", NirArray::new([], vec![0.5f32])),
        )
        .node(
            "x",
            NirNode::new(Kind::CubaLIF)
                .with("tau_mem", NirArray::new([], vec![1f32]))
                .with("tau_syn", NirArray::new([1, 2], vec![1f32, 2.0]))
                .with("r", NirArray::new([], vec![1f32]))
                .with("v_leak", NirArray::new([], vec![0f32]))
                .with("v_threshold", NirArray::new([], vec![1f32])),
        )
        .chain(&["in", "fc", "x", "out"])
        .edge("in", "fc");
    let clean = tidy(old.clone());
    assert_eq!(clean.nodes["in"].sizes("shape"), Some(vec![3]));
    assert_eq!(clean.nodes["fc"].array("weight").unwrap().shape, [2, 3]);
    assert_eq!(*clean.nodes["fc"].array("bias").unwrap(), NirArray::vector(vec![0.5f32, 0.5]));
    for (name, value) in [("tau_mem", 1.0), ("r", 1.0), ("w_in", 1.0), ("v_reset", 0.0)] {
        assert_eq!(*clean.nodes["x"].array(name).unwrap(), NirArray::vector(vec![value as f32; 2]), "{name}");
    }
    assert_eq!(*clean.nodes["x"].array("tau_syn").unwrap(), NirArray::vector(vec![1f32, 2.0]));
    assert_eq!(clean.edges.len(), 3);
    // What makes no network stays as it is.
    let broken = between(3, 9).node("fc", affine(2, 4)).chain(&["in", "fc", "out"]);
    let left = tidy(broken.clone());
    assert_eq!(left.nodes, broken.nodes);
    assert!(has_note(&left.notes, "shapes are left as they are"));
}

#[test]
fn convolutions_and_pools_become_dense_layers() {
    let graph = picture(conv2d([2, 1, 3, 3]), [1, 6, 6], 8);
    let graph = NirGraph { edges: Vec::new(), ..graph }
        .node("pool", pool(Kind::AvgPool2d, 2))
        .node("s", NirNode::new(Kind::Scale).with("scale", NirArray::new([], vec![2f32])))
        .node("fc", affine(3, 8))
        .node("out", port(Kind::Output, &[3]))
        .chain(&["in", "c", "s", "pool", "flat", "lif", "fc", "out"]);
    let dense = to_dense(&graph, "x").unwrap();
    let [c, pool, fc] = &dense.layers[..] else { panic!("{:?}", dense.layers) };
    assert_eq!((c.activation, pool.activation, fc.activation), (Activation::Identity, Activation::Relu, Activation::Identity));
    let DenseWeights::Convolution(weights) = &c.weight else { panic!("a convolution") };
    assert_eq!(weights.weights, Coefficients::Single((0..18).map(|i| 2.0 * i as f32).collect()));
    assert_eq!(c.bias, [[0.0; 16], [2.0; 16]].concat());
    assert!(matches!(&pool.weight, DenseWeights::Convolution(p) if p.groups == 2 && p.weights == Coefficients::One(0.25)));
    assert_eq!((fc.weight.inputs(), fc.weight.outputs()), (8, 3));
    assert!(!has_note(&dense.notes, "NIR has no ReLU"), "{:?}", dense.notes);
}
