//! Dense networks.

use super::Bench;
use rten_onnx::onnx::{
    DataType, Dimension, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto, TensorShapeProto, TypeProto,
    TypeProtoTensor, ValueInfoProto,
};

fn tensor(dims: &[i64], values: &[f32]) -> TensorProto {
    TensorProto {
        name: Some("w".into()),
        dims: dims.to_vec(),
        data_type: Some(DataType::FLOAT),
        float_data: values.to_vec(),
        ..TensorProto::default()
    }
}

fn value(name: &str, width: i64) -> ValueInfoProto {
    let dim = [1, width].map(|dim| Dimension { dim_value: Some(dim), dim_param: None }).into();
    let tensor_type = Some(TypeProtoTensor { elem_type: Some(DataType::FLOAT), shape: Some(TensorShapeProto { dim }) });
    ValueInfoProto { name: Some(name.into()), r#type: Some(TypeProto { tensor_type, sequence: None }) }
}

/// x (width) → one node `l` of this operator → y.
fn model(operator: &str, inputs: &[&str], width: i64, weights: &[TensorProto]) -> Vec<u8> {
    let node = NodeProto {
        name: Some("l".into()),
        op_type: Some(operator.into()),
        input: inputs.iter().map(|&name| name.to_owned()).collect(),
        output: vec!["y".into()],
        ..NodeProto::default()
    };
    let graph = GraphProto {
        node: vec![node],
        initializer: weights.to_vec(),
        input: vec![value("x", width)],
        output: vec![value("y", 2)],
        value_info: vec![],
    };
    let opset_import = vec![OperatorSetIdProto { domain: None, version: Some(17) }];
    ModelProto { graph: Some(graph), opset_import, ..ModelProto::default() }.write_buf().unwrap()
}

pub(super) fn cases(bench: &mut Bench) {
    let xw = &["x", "w"][..];
    let huge = 1 << 40;
    let real = std::fs::read(super::root("networks/digits-mlp.onnx")).unwrap();
    let cases: Vec<(&str, Vec<u8>, &[&str])> = vec![
        ("onnx: an empty file", vec![], &["the file is empty"]),
        ("onnx: text", b"name = \"x\"\n".to_vec(), &["byte 0: ", "not a readable ONNX file"]),
        ("onnx: rubbish", vec![0xff; 300], &["byte 0: "]),
        ("onnx: cut in its middle", real[..real.len() / 2].to_vec(), &["byte ", "claims"]),
        ("onnx: a graph of 2^64 bytes", [&[0x3a][..], &[0xff; 9], &[1]].concat(), &["byte 0: ", "18446744073709551615"]),
        ("onnx: no graph", vec![8, 8], &["holds no graph"]),
        ("onnx: a convolution", model("Conv", xw, 2, &[tensor(&[2, 2], &[0.0; 4])]), &["node `l`", "`Conv`"]),
        ("onnx: no such weights", model("MatMul", &["x", "v"], 2, &[]), &["node `l`", "`v` is missing"]),
        (
            "onnx: NaN",
            model("MatMul", xw, 2, &[tensor(&[2, 2], &[0.0, 0.0, f32::NAN, 0.0])]),
            &["initialiser `w`", "[1, 0] is NaN"],
        ),
        ("onnx: infinity", model("MatMul", xw, 2, &[tensor(&[2, 2], &[f32::INFINITY; 4])]), &["initialiser `w`", "inf"]),
        (
            "onnx: dims of 2^40",
            model("MatMul", xw, 2, &[tensor(&[huge, huge], &[0.0; 4])]),
            &["initialiser `w`", "1099511627776"],
        ),
        ("onnx: a dim of 2^40", model("MatMul", xw, 2, &[tensor(&[huge, 2], &[0.0; 4])]), &["initialiser `w`", "found 4"]),
        ("onnx: negative dims", model("MatMul", xw, 2, &[tensor(&[-2, -2], &[0.0; 4])]), &["initialiser `w`", "impossible"]),
        ("onnx: an input of 2^40", model("MatMul", xw, huge, &[tensor(&[2, 2], &[0.0; 4])]), &["1099511627776"]),
        ("onnx: weights of another shape", model("MatMul", xw, 3, &[tensor(&[2, 2], &[0.0; 4])]), &["node `l`", "3"]),
        ("onnx: weights twice", model("MatMul", xw, 2, &vec![tensor(&[2, 2], &[0.0; 4]); 2]), &["initialiser `w`", "twice"]),
        ("onnx: a circle", model("MatMul", &["y", "w"], 2, &[tensor(&[2, 2], &[0.0; 4])]), &["`y`"]),
    ];
    for (number, (name, bytes, words)) in cases.into_iter().enumerate() {
        let file = format!("{number}.onnx");
        bench.file(&file, bytes);
        let at = format!("DIR/{file}");
        bench.refuse(name, &["inspect", &at], &[&[at.as_str()], words].concat());
    }
    std::fs::create_dir(bench.path("folder.onnx")).unwrap();
    bench.refuse("onnx: a folder", &["inspect", "DIR/folder.onnx"], &["DIR/folder.onnx: cannot be read"]);
    bench.refuse(
        "onnx: as a spiking network",
        &["run", "ROOT/networks/digits-mlp.onnx"],
        &["ROOT/networks/digits-mlp.onnx: ", ".nir"],
    );
}
