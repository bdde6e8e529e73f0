//! The graph as a chain of nodes from its one input to its one output.

use super::constants::Constants;
use super::layers::Builder;
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use crate::network::DenseNetwork;
use rten_onnx::onnx::{AttributeProto, GraphProto, NodeProto, ValueInfoProto};
use std::collections::{BTreeMap, BTreeSet};

/// What is read.
const OPERATORS: [&str; 13] =
    ["Add", "Constant", "Div", "Dropout", "Flatten", "Gemm", "Identity", "MatMul", "Mul", "Relu", "Reshape", "Softmax", "Sub"];

/// The name by which complaints call a node; nodes need not have a name, but outputs do.
pub(super) fn label(node: &NodeProto, at: usize) -> String {
    match (node.name.as_deref().unwrap_or_default(), node.output.first()) {
        ("", Some(output)) => format!("node {at} (output {})", quoted(output)),
        ("", None) => format!("node {at}"),
        (name, _) => format!("node {}", quoted(name)),
    }
}

/// The attribute of a name.
pub(super) fn attribute<'a>(node: &'a NodeProto, name: &str) -> Option<&'a AttributeProto> {
    node.attribute.iter().find(|a| a.name.as_deref() == Some(name))
}

/// True for the operators of the specification itself.
pub(super) fn is_onnx_domain(domain: Option<&str>) -> bool {
    matches!(domain, None | Some("" | "ai.onnx"))
}

/// Reads the network of a graph out of a file of `file_bytes` bytes.
pub(super) fn network(graph: &GraphProto, opset: i64, file_bytes: usize, source: &str) -> Result<DenseNetwork> {
    let mut complaints = Diagnostics::new();
    let (constants, is_constant) = Constants::collect(graph, &mut complaints);
    let nodes: Vec<(usize, &NodeProto)> = graph.node.iter().enumerate().filter(|(at, _)| !is_constant[*at]).collect();
    for &(at, node) in &nodes {
        if let Some(complaint) = unsupported(node) {
            complaints.push(complaint.place(crate::diagnostic::Place::Path(label(node, at))));
        }
    }
    // Old files list initialisers among the inputs.
    let inputs: Vec<&ValueInfoProto> = graph.input.iter().filter(|input| !constants.has(name(input))).collect();
    let links = Links::collect(&nodes, &inputs, &constants, &mut complaints);
    match one("inputs", &inputs).and_then(|input| Ok((input, one("outputs", &graph.output.iter().collect::<Vec<_>>())?))) {
        Err(complaint) => complaints.push(complaint),
        Ok((input, output)) => {
            let mut builder = Builder::new(&constants, opset, file_bytes, input);
            links.follow(name(input), name(output), &mut complaints, |node, at| {
                if links.broken.contains(&at) || unsupported(node).is_some() {
                    builder.lose_track();
                    return Ok(());
                }
                builder.add(node, at)
            });
            let built = builder.finish(source);
            return match complaints.take(built) {
                Some(network) => complaints.or(network),
                None => Err(complaints),
            };
        }
    }
    Err(complaints)
}

fn name(info: &ValueInfoProto) -> &str {
    info.name.as_deref().unwrap_or_default()
}

fn one<'a>(what: &str, infos: &[&'a ValueInfoProto]) -> std::result::Result<&'a ValueInfoProto, Diagnostic> {
    match infos {
        [one] => Ok(one),
        all => {
            let names: Vec<String> = all.iter().take(8).map(|info| quoted(name(info))).collect();
            let found = if names.is_empty() { "none".to_owned() } else { format!("{}: {}", all.len(), names.join(", ")) };
            Err(Diagnostic::at(format!("graph {what}"), format!("expected one, found {found}")))
        }
    }
}

fn unsupported(node: &NodeProto) -> Option<Diagnostic> {
    let op = node.op_type.as_deref().unwrap_or_default();
    let ours = is_onnx_domain(node.domain.as_deref());
    if ours && OPERATORS.contains(&op) {
        return None;
    }
    let domain = if ours { String::new() } else { format!(" of {}", quoted(node.domain.as_deref().unwrap_or_default())) };
    let known = format!("read are multi-layer perceptrons made of {}", OPERATORS.join(", "));
    let help = match op {
        "Shape" | "Gather" | "Unsqueeze" | "Concat" => {
            format!("{known}; shapes computed at run time go away with `torch.flatten(x, 1)` in place of `x.view(…)`")
        }
        "QuantizeLinear" | "DequantizeLinear" | "QLinearMatMul" | "MatMulInteger" => {
            format!("{known}; export the network before it is quantised")
        }
        _ => known,
    };
    Some(Diagnostic::new(format!("the operator {}{domain} is not read", quoted(op))).help(help))
}

/// Which node makes which value and which nodes take it.
struct Links<'a> {
    takers: BTreeMap<&'a str, Vec<(usize, &'a NodeProto)>>,
    /// Nodes with an input that is nowhere.
    broken: BTreeSet<usize>,
}

impl<'a> Links<'a> {
    fn collect(
        nodes: &[(usize, &'a NodeProto)],
        inputs: &[&'a ValueInfoProto],
        constants: &Constants<'_>,
        complaints: &mut Diagnostics,
    ) -> Self {
        let mut values: BTreeSet<&str> = inputs.iter().map(|input| name(input)).collect();
        for &(at, node) in nodes {
            for output in node.output.iter().filter(|output| !output.is_empty()) {
                if constants.has(output) || !values.insert(output) {
                    complaints.push(Diagnostic::at(label(node, at), format!("its output {} is defined twice", quoted(output))));
                }
            }
        }
        let mut links = Self { takers: BTreeMap::new(), broken: BTreeSet::new() };
        for &(at, node) in nodes {
            for input in node.input.iter().filter(|input| !input.is_empty() && !constants.has(input)) {
                if values.contains(input.as_str()) {
                    links.takers.entry(input).or_default().push((at, node));
                } else {
                    links.broken.insert(at);
                    let message =
                        format!("its input {} is missing: neither an initialiser nor the output of a node", quoted(input));
                    complaints.push(Diagnostic::at(label(node, at), message));
                }
            }
        }
        links
    }

    /// Gives the nodes from `input` to `output` in order to `add`, as far as they form a chain.
    fn follow(
        &self,
        input: &'a str,
        output: &str,
        complaints: &mut Diagnostics,
        mut add: impl FnMut(&'a NodeProto, usize) -> std::result::Result<(), Diagnostic>,
    ) {
        let mut value = input;
        let mut seen = BTreeSet::new();
        loop {
            let takers = self.takers.get(value).map(Vec::as_slice).unwrap_or_default();
            let complaint = match takers {
                [] if value == output => return,
                [] => format!("expected a chain of nodes to the output {}, but it ends here", quoted(output)),
                [_] if value == output => "the output is also taken by a node; expected a chain without branches".to_owned(),
                [(at, node)] if !seen.insert(*at) => {
                    format!("{} takes this value, and its own besides: a ring", label(node, *at))
                }
                &[(at, node)] => {
                    if let Err(wrong) = add(node, at) {
                        complaints.push(wrong);
                    }
                    match node.output.first() {
                        Some(next) => {
                            value = next;
                            continue;
                        }
                        None => "the node after it gives no output".to_owned(),
                    }
                }
                [(at, first), (other, second), ..] => format!(
                    "the network branches: {} and {} both take this value; expected a chain of layers",
                    label(first, *at),
                    label(second, *other)
                ),
            };
            complaints.push(Diagnostic::at(format!("value {}", quoted(value)), complaint));
            return;
        }
    }
}
