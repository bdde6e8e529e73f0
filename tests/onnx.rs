//! ONNX files: every way to write a dense layer, and files with something wrong, each of which must say what and where.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use rten_onnx::onnx::{
    AttributeProto, DataLocation, DataType, Dimension, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto,
    TensorShapeProto, TypeProto, TypeProtoTensor, ValueInfoProto,
};
use spikewatt::dense;
use spikewatt::format::onnx;
use spikewatt::network::{Activation, DenseNetwork};
use std::cell::RefCell;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/dense/mlp_dense.onnx");

fn tensor(name: &str, dims: &[i64], values: &[f32]) -> TensorProto {
    TensorProto {
        name: Some(name.into()),
        dims: dims.to_vec(),
        data_type: Some(DataType::FLOAT),
        float_data: values.to_vec(),
        ..TensorProto::default()
    }
}

fn shape(name: &str, values: &[i64]) -> TensorProto {
    TensorProto {
        name: Some(name.into()),
        dims: vec![values.len() as i64],
        data_type: Some(DataType::INT64),
        int64_data: values.to_vec(),
        ..TensorProto::default()
    }
}

fn value(name: &str, dims: &[i64]) -> ValueInfoProto {
    let dim = dims.iter().map(|d| Dimension { dim_value: (*d > 0).then_some(*d), dim_param: None }).collect();
    let tensor_type = Some(TypeProtoTensor { elem_type: Some(DataType::FLOAT), shape: Some(TensorShapeProto { dim }) });
    ValueInfoProto { name: Some(name.into()), r#type: Some(TypeProto { tensor_type, sequence: None }) }
}

/// A node written as `name: op a b -> y`.
fn node(text: &str) -> NodeProto {
    let (name, rest) = text.split_once(": ").unwrap();
    let (left, output) = rest.split_once(" -> ").unwrap();
    let mut words = left.split_whitespace().map(str::to_owned);
    NodeProto {
        name: Some(name.into()),
        op_type: words.next(),
        input: words.collect(),
        output: vec![output.into()],
        ..NodeProto::default()
    }
}

fn with(mut node: NodeProto, name: &str, attribute: AttributeProto) -> NodeProto {
    node.attribute.push(AttributeProto { name: Some(name.into()), ..attribute });
    node
}

fn int(i: i64) -> AttributeProto {
    AttributeProto { i: Some(i), ..AttributeProto::default() }
}

fn float(f: f32) -> AttributeProto {
    AttributeProto { f: Some(f), ..AttributeProto::default() }
}

/// A graph from `x`, samples × 2, to `y`.
fn graph(nodes: Vec<NodeProto>, initializer: Vec<TensorProto>) -> GraphProto {
    GraphProto {
        node: nodes,
        initializer,
        input: vec![value("x", &[0, 2])],
        output: vec![value("y", &[0, 2])],
        value_info: vec![],
    }
}

fn bytes(graph: GraphProto) -> Vec<u8> {
    let opset_import = vec![OperatorSetIdProto { domain: None, version: Some(17) }];
    ModelProto { graph: Some(graph), opset_import, ..ModelProto::default() }.write_buf().unwrap()
}

fn read(graph: GraphProto) -> DenseNetwork {
    onnx::parse(&bytes(graph), "test").unwrap_or_else(|complaints| panic!("{complaints}"))
}

fn complaints(bytes: &[u8]) -> String {
    onnx::parse(bytes, "test").expect_err("it is wrong").to_string()
}

/// W = [[1, 2], [3, 4]], so that W (5, 7) = (19, 43) and (5, 7) W = (26, 38).
fn w() -> TensorProto {
    tensor("w", &[2, 2], &[1.0, 2.0, 3.0, 4.0])
}

fn b() -> TensorProto {
    tensor("b", &[2], &[10.0, -50.0])
}

#[test]
fn every_way_to_write_a_layer_computes_what_the_operators_say() {
    let columns = |mut graph: GraphProto| {
        graph.input = vec![value("x", &[2, 0])];
        graph
    };
    let gemm = || node("l: Gemm x w b -> y");
    let column_bias = || tensor("b", &[2, 1], &[10.0, -50.0]);
    let cases: Vec<(&str, GraphProto, [f32; 2])> = vec![
        ("Gemm", graph(vec![gemm()], vec![w(), b()]), [36.0, -12.0]),
        ("Gemm, transB", graph(vec![with(gemm(), "transB", int(1))], vec![w(), b()]), [29.0, -7.0]),
        (
            "Gemm, alpha and beta",
            graph(vec![with(with(gemm(), "alpha", float(2.0)), "beta", float(0.5))], vec![w(), b()]),
            [57.0, 51.0],
        ),
        ("Gemm, transA", columns(graph(vec![with(gemm(), "transA", int(1))], vec![w(), b()])), [36.0, -12.0]),
        ("Gemm, weights left", columns(graph(vec![node("l: Gemm w x b -> y")], vec![w(), column_bias()])), [29.0, -7.0]),
        ("Gemm, scalar bias", graph(vec![gemm()], vec![w(), tensor("b", &[], &[1.0])]), [27.0, 39.0]),
        ("MatMul, Add", graph(vec![node("l: MatMul x w -> h"), node("a: Add h b -> y")], vec![w(), b()]), [36.0, -12.0]),
        ("Add from the left", graph(vec![node("l: MatMul x w -> h"), node("a: Add b h -> y")], vec![w(), b()]), [36.0, -12.0]),
        ("MatMul from the left", columns(graph(vec![node("l: MatMul w x -> y")], vec![w()])), [19.0, 43.0]),
        ("Relu", graph(vec![node("l: Gemm x w b -> h"), node("r: Relu h -> y")], vec![w(), b()]), [36.0, 0.0]),
        (
            "a Constant node and a transpose",
            graph(
                vec![
                    with(node("c: Constant -> k"), "value", AttributeProto { t: Some(w()), ..AttributeProto::default() }),
                    node("t: Transpose k -> kt"),
                    node("i: Identity kt -> w"),
                    node("l: MatMul x w -> y"),
                ],
                vec![],
            ),
            [19.0, 43.0],
        ),
        (
            "a factor before",
            graph(vec![node("m: Mul x k -> h"), node("l: MatMul h w -> y")], vec![w(), tensor("k", &[1], &[2.0])]),
            [52.0, 76.0],
        ),
        (
            "a divisor after",
            graph(vec![node("l: MatMul x w -> h"), node("m: Div h k -> y")], vec![w(), tensor("k", &[], &[2.0])]),
            [13.0, 19.0],
        ),
        (
            "a reshape",
            graph(vec![node("s: Reshape x to -> h"), node("l: MatMul h w -> y")], vec![w(), shape("to", &[-1, 2])]),
            [26.0, 38.0],
        ),
        (
            "Flatten, Dropout, Identity, Softmax",
            graph(
                vec![
                    node("f: Flatten x -> a"),
                    node("d: Dropout a -> i"),
                    node("i: Identity i -> h"),
                    node("l: MatMul h w -> s"),
                    node("s: Softmax s -> y"),
                ],
                vec![w()],
            ),
            [26.0, 38.0],
        ),
    ];
    for (name, graph, expected) in cases {
        let network = read(graph);
        assert_eq!(network.layers.len(), 1, "{name}");
        assert_eq!(dense::run(&network, &[[5.0, 7.0]]).unwrap().logits, [expected], "{name}");
    }
}

#[test]
fn two_layers_with_old_style_inputs_keep_their_order_and_activations() {
    // Nodes out of order, initialisers among the inputs.
    let nodes = vec![node("b: Gemm h w -> s"), node("s: Softmax s -> y"), node("r: Relu g -> h"), node("a: Gemm x w -> g")];
    let mut graph = graph(nodes, vec![w()]);
    graph.input.push(value("w", &[2, 2]));
    let network = read(graph);
    let layers: Vec<_> = network.layers.iter().map(|l| (l.name.as_str(), l.activation)).collect();
    assert_eq!(layers, [("a", Activation::Relu), ("b", Activation::Softmax)]);
}

#[test]
fn files_that_are_not_onnx_say_so() {
    let real = std::fs::read(FILE).unwrap();
    let cases: Vec<(&str, Vec<u8>, &[&str])> = vec![
        ("empty", vec![], &["the file is empty", "help"]),
        ("cut off", real[..20_000].to_vec(), &["byte 18: ", "field 7 claims 38866 bytes", "help"]),
        ("text", b"name = \"a network\"\n".to_vec(), &["byte 0: not a readable ONNX file", "help"]),
        ("noise", vec![0xff; 100], &["byte 0: ", "longer than 64 bits"]),
        ("no graph", vec![8, 8], &["holds no graph"]),
        (
            "a string beyond 2^63 bytes",
            [&[0x12][..], &[0xff; 9], &[1]].concat(),
            &["byte 0: ", "field 2 claims 18446744073709551615 bytes"],
        ),
        ("a graph that is a number", vec![0x38, 1], &["not a readable ONNX file"]),
        ("a list of floats cut off", vec![0x3a, 6, 0x2a, 4, 0x22, 2, 0, 0], &["byte 4: ", "list in field 4"]),
    ];
    for (name, bytes, expected) in cases {
        let text = complaints(&bytes);
        for part in expected {
            assert!(text.contains(part), "{name}: expected {part:?} in:\n{text}");
        }
    }
}

#[test]
fn messages_nested_without_end_are_refused() {
    // Each attribute holds a graph of one node with one attribute; lengths in five bytes, innermost first, turned round at the end.
    let mut reversed: Vec<u8> = Vec::new();
    for tag in [0x32, 0x2a, 0x0a].into_iter().cycle().take(60_000).chain([0x3a]) {
        let length = reversed.len();
        let varint = [7, 14, 21, 28].map(|shift| (length >> (shift - 7)) as u8 | 0x80);
        reversed.push((length >> 28) as u8);
        reversed.extend(varint.into_iter().rev());
        reversed.push(tag);
    }
    let model: Vec<u8> = reversed.into_iter().rev().collect();
    assert!(complaints(&model).contains("nested more than 64 deep"));
}

#[test]
fn networks_that_cannot_be_read_say_where_and_why() {
    let one = |text: &str| graph(vec![node(text)], vec![w(), b()]);
    let weights = |tensor: TensorProto| graph(vec![node("l: MatMul x w -> y")], vec![tensor]);
    let raw = |len: usize| TensorProto { float_data: vec![], raw_data: Some(RefCell::new(vec![0; len])), ..w() };
    let and = |mut graph: GraphProto, change: &dyn Fn(&mut GraphProto)| {
        change(&mut graph);
        graph
    };
    let layer = || node("l: MatMul x w -> h");
    let cases: Vec<(&str, GraphProto, &[&str])> = vec![
        ("convolution", one("conv: Conv x w -> y"), &["node `conv`", "`Conv` is not read", "Gemm"]),
        (
            "another domain",
            and(one("l: Gemm x w -> y"), &|g| g.node[0].domain = Some("com.acme".into())),
            &["`Gemm` of `com.acme`"],
        ),
        ("no such weights", one("l: MatMul x v -> y"), &["node `l`", "its input `v` is missing"]),
        ("NaN", weights(tensor("w", &[2, 2], &[0.0, 0.0, f32::NAN, 0.0])), &["initialiser `w`", "[1, 0] is NaN"]),
        ("infinity", weights(tensor("w", &[2, 2], &[0.0, f32::INFINITY, 0.0, 0.0])), &["initialiser `w`", "[0, 1] is inf"]),
        ("wrong shape", weights(tensor("w", &[2, 3], &[0.0; 4])), &["initialiser `w`", "[2, 3] needs 6 values, found 4"]),
        ("absurd shape", weights(tensor("w", &[i64::MAX, i64::MAX], &[0.0; 4])), &["initialiser `w`", "impossible"]),
        ("huge shape", weights(tensor("w", &[1 << 30, 1 << 30], &[0.0; 4])), &["needs 1152921504606846976 values, found 4"]),
        ("negative shape", weights(tensor("w", &[-2, -2], &[0.0; 4])), &["initialiser `w`", "impossible"]),
        ("no values", weights(tensor("w", &[0, 2], &[])), &["initialiser `w`", "no values"]),
        ("half a value", weights(raw(15)), &["initialiser `w`", "15 bytes"]),
        ("rank 3", weights(tensor("w", &[1, 2, 2], &[0.0; 4])), &["node `l`", "[1, 2, 2], expected a matrix"]),
        ("integers", weights(TensorProto { data_type: Some(DataType::INT8), ..w() }), &["initialiser `w`", "type INT8", "help"]),
        (
            "another file",
            weights(TensorProto { data_location: Some(DataLocation::EXTERNAL), float_data: vec![], ..w() }),
            &["initialiser `w`", "another file"],
        ),
        ("two weights of a name", graph(vec![node("l: MatMul x w -> y")], vec![w(), w()]), &["initialiser `w`", "twice"]),
        ("inputs that do not fit", weights(tensor("w", &[3, 1], &[0.0; 3])), &["node `l`", "take 3 values", "input has 2"]),
        (
            "layers that do not fit",
            graph(vec![layer(), node("m: MatMul h v -> y")], vec![w(), tensor("v", &[3, 1], &[0.0; 3])]),
            &["node `m`", "take 3 values", "`l`, gives 2"],
        ),
        (
            "bias that does not fit",
            graph(vec![node("l: Gemm x w b -> y")], vec![w(), tensor("b", &[3], &[0.0; 3])]),
            &["node `l`", "shape [3]"],
        ),
        (
            "bias across samples",
            graph(vec![node("l: Gemm x w b -> y")], vec![w(), tensor("b", &[2, 1], &[0.0; 2])]),
            &["node `l`", "shape [2, 1]"],
        ),
        (
            "branch",
            graph(vec![layer(), node("r: Relu h -> a"), node("a: Add a h -> y")], vec![w()]),
            &["value `h`", "node `r` and node `a` both take"],
        ),
        ("dead end", graph(vec![layer()], vec![w()]), &["value `h`", "the output `y`"]),
        (
            "two outputs",
            and(one("l: Gemm x w b -> y"), &|g| g.output.push(value("h", &[]))),
            &["graph outputs", "found 2: `y`, `h`"],
        ),
        ("no outputs", and(one("l: Gemm x w b -> y"), &|g| g.output.clear()), &["graph outputs", "found none"]),
        ("no inputs", and(one("l: Gemm x w b -> y"), &|g| g.input.clear()), &["graph inputs", "found none"]),
        ("ring", graph(vec![node("a: Relu h -> g"), node("b: Relu g -> h")], vec![]), &["value `x`"]),
        (
            "ring with a way in",
            graph(vec![node("a: Add x h -> g"), node("b: Relu g -> h")], vec![]),
            &["node `a`: expected one", "value `h`", "ring"],
        ),
        ("a value defined twice", graph(vec![layer(), node("r: Relu x -> h")], vec![w()]), &["node `r`", "`h` is defined twice"]),
        ("no layers", graph(vec![node("i: Identity x -> y")], vec![]), &["no layers"]),
        ("an activation first", one("r: Relu x -> y"), &["node `r`", "follows no layer"]),
        ("a shift of the input", one("s: Sub x b -> y"), &["node `s`", "which no dense layer does", "help"]),
        ("a product of two values", one("l: MatMul x x -> y"), &["value `x`", "branches"]),
        (
            "division by zero",
            graph(vec![layer(), node("d: Div h z -> y")], vec![w(), tensor("z", &[], &[0.0])]),
            &["node `d`", "by zero"],
        ),
        (
            "overflow",
            graph(vec![layer(), node("m: Mul h z -> y")], vec![w(), tensor("z", &[], &[f32::MAX])]),
            &["node `l`", "range"],
        ),
        (
            "softmax over samples",
            graph(vec![layer(), with(node("s: Softmax h -> y"), "axis", int(0))], vec![w()]),
            &["node `s`", "axis 0"],
        ),
        ("transposed samples", graph(vec![layer(), node("m: MatMul w h -> y")], vec![w()]), &["node `m`", "columns"]),
        (
            "images not flattened",
            and(one("l: MatMul x w -> y"), &|g| g.input[0] = value("x", &[0, 8, 8, 2])),
            &["node `l`", "4 dimensions", "flatten"],
        ),
        (
            "a reshape to images",
            graph(vec![node("s: Reshape x to -> y")], vec![shape("to", &[-1, 1, 2])]),
            &["node `s`", "[-1, 1, 2]"],
        ),
    ];
    for (name, graph, expected) in cases {
        let text = complaints(&bytes(graph));
        for part in expected {
            assert!(text.contains(part), "{name}: expected {part:?} in:\n{text}");
        }
    }
}

#[test]
fn all_complaints_come_at_once_and_none_twice() {
    let nodes = vec![node("c: Conv x w -> a"), node("r: Tanh a -> h"), node("l: MatMul h v -> g"), node("m: MatMul g n -> y")];
    let text = complaints(&bytes(graph(nodes, vec![w(), tensor("n", &[1, 1], &[f32::NAN])])));
    for part in ["node `c`", "node `r`", "node `l`: its input `v`", "initialiser `n`"] {
        assert!(text.contains(part), "{part}:\n{text}");
    }
    assert_eq!(text.matches("error:").count(), 4, "{text}");
}

#[test]
fn a_constant_used_over_and_over_cannot_fill_the_memory() {
    let n = 512;
    let big = tensor("w", &[n, n], &vec![0.0; (n * n) as usize]);
    let nodes = (0..1000).map(|i| node(&format!("n{i}: MatMul v{i} w -> v{}", i + 1))).collect();
    let mut graph = graph(nodes, vec![big]);
    (graph.input, graph.output) = (vec![value("v0", &[0, n])], vec![value("v1000", &[])]);
    assert!(complaints(&bytes(graph)).contains("many times larger than the file"));
}

#[test]
fn the_file_is_named_where_there_is_one() {
    assert!(onnx::read("no/such.onnx").unwrap_err().to_string().starts_with("error: no/such.onnx: cannot be read"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn changed_bytes_never_panic(changes in prop::collection::vec((0_usize..39_000, any::<u8>()), 1..20), cut in 0_usize..80_000) {
        let mut bytes = std::fs::read(FILE).unwrap();
        for (at, byte) in changes {
            // Half of the changes hit the first 400 bytes, where the structure lies.
            let at = if byte % 2 == 0 { at % 400 } else { at } % bytes.len();
            bytes[at] = byte;
        }
        bytes.truncate(cut);
        let _ = onnx::parse(&bytes, "changed");
    }

    #[test]
    fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = onnx::parse(&bytes, "noise");
    }
}
