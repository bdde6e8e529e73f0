//! Convolutions, pools and several matrices in one node, as a kernel that moves over a grid.

use super::shapes::Ports;
use super::window::{Window, channels};
use super::{Class, Kind, NirNode, check};
use crate::network::{Coefficients, Convolution};

/// A convolution, a pool, or several matrices in one node: groups of a kernel of one place.
pub(super) fn convolution(node: &NirNode, ports: &Ports) -> Option<Convolution> {
    let (takes, gives) = (&ports.takes, &ports.gives);
    if node.kind.class() == Class::Matrix {
        let groups = check::product(takes.split_last()?.1).filter(|groups| *groups > 1)?;
        return Some(Convolution {
            channels_in: ports.inputs(),
            channels_out: ports.outputs(),
            input: [1, 1],
            output: [1, 1],
            kernel: [1, 1],
            stride: [1, 1],
            padding: [0, 0],
            dilation: [1, 1],
            groups,
            weights: given(node, "weight"),
        });
    }
    let window = Window::of(node)?;
    // A line is a grid of one row.
    let grid = |sizes: &[usize], row: usize| match *sizes {
        [length] => Some([row, length]),
        [rows, columns] => Some([rows, columns]),
        _ => None,
    };
    // What the border at the end is, follows from the size of what comes out.
    let before: Vec<usize> = window.padding.iter().map(|[before, _]| *before).collect();
    let ([channels_in, input @ ..], [channels_out, output @ ..]) = (&takes[..], &gives[..]) else { return None };
    let weights = match node.kind {
        Kind::SumPool2d => Coefficients::One(1.0),
        Kind::AvgPool2d => Coefficients::One(1.0 / window.kernel.iter().map(|n| *n as f64).product::<f64>()),
        _ => given(node, "weight"),
    };
    Some(Convolution {
        channels_in: *channels_in,
        channels_out: *channels_out,
        input: grid(input, 1)?,
        output: grid(output, 1)?,
        kernel: grid(&window.kernel, 1)?,
        stride: grid(&window.stride, 1)?,
        padding: grid(&before, 0)?,
        dilation: grid(&window.dilation, 1)?,
        groups: channels(node).map_or(*channels_in, |[_, _, groups]| groups),
        weights,
    })
}

/// A constant for each output. What the file gives once for all, for all of a channel, or for all of several matrices, is repeated.
pub(super) fn bias(node: &NirNode, ports: &Ports) -> Option<Vec<f64>> {
    let bias = node.array("bias")?;
    let all = ports.outputs();
    let each = if node.kind.class() == Class::Convolution { all / ports.gives.first().copied().unwrap_or(1).max(1) } else { 1 };
    Some((0..all).map(|output| bias.at(output / each % bias.len())).collect())
}

/// A parameter in the precision of the file.
pub(super) fn given(node: &NirNode, dataset: &str) -> Coefficients {
    let Some(array) = node.array(dataset) else { return Coefficients::Single(Vec::new()) };
    match array.to_f32() {
        (values, false) => Coefficients::Single(values),
        (_, true) => Coefficients::Double(array.values().collect()),
    }
}
