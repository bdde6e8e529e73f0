//! ONNX: dense networks.
//!
//! Read are multi-layer perceptrons: one chain from one input to one output, made of `Gemm`, `MatMul`, `Add`, `Sub`, `Mul`, `Div`,
//! `Relu`, `Softmax`, `Flatten`, `Reshape`, `Identity` and `Dropout`, with the weights in the file (initialisers or `Constant`
//! nodes). Everything else is refused by name, since a network read in part would be priced in part. Operators are those of the
//! [ONNX specification](https://onnx.ai/onnx/operators/); messages are parsed by the crate `rten-onnx` after `wire` has
//! found every length to lie within the file.

mod constants;
mod fold;
mod graph;
mod layers;
mod tensor;
mod wire;

use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use crate::network::DenseNetwork;
use rten_onnx::onnx::ModelProto;
use std::path::Path;

const HELP: &str = "an ONNX model is a protobuf file, as `torch.onnx.export` writes it";

/// Reads a dense network from an ONNX file.
///
/// # Errors
/// All complaints about the file: unreadable, not ONNX, or not a multi-layer perceptron of the operators above.
pub fn read(path: impl AsRef<Path>) -> Result<DenseNetwork> {
    let path = path.as_ref();
    let bytes =
        std::fs::read(path).map_err(|error| Diagnostics::from(Diagnostic::new(format!("cannot be read: {error}")).file(path)))?;
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    parse(&bytes, &name).map_err(|complaints| complaints.in_file(path))
}

/// Reads a dense network from the bytes of an ONNX file; `source` becomes [`DenseNetwork::source`].
///
/// # Errors
/// All complaints about the bytes.
pub fn parse(bytes: &[u8], source: &str) -> Result<DenseNetwork> {
    if bytes.is_empty() {
        return Err(Diagnostic::new("the file is empty").help(HELP).into());
    }
    wire::check(bytes).map_err(|complaint| Diagnostics::from(complaint.help(HELP)))?;
    let model = ModelProto::parse_buf(bytes)
        .map_err(|error| Diagnostics::from(Diagnostic::new(format!("not a readable ONNX file: {error}")).help(HELP)))?;
    let Some(graph) = &model.graph else {
        return Err(Diagnostic::new("the file holds no graph, so it is no ONNX model").help(HELP).into());
    };
    let opset = model.opset_import.iter().find(|set| graph::is_onnx_domain(set.domain.as_deref())).and_then(|set| set.version);
    graph::network(graph, opset.unwrap_or(1), bytes.len(), source)
}
