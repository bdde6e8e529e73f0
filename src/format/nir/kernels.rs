//! Convolutions, pools and several matrices in one node, as a kernel that moves over a grid.

use super::convert::Conversion;
use super::window::{Window, channels};
use super::{Class, Kind, check};
use crate::network::{Coefficients, Convolution};

impl Conversion<'_> {
    /// A convolution, a pool, or several matrices in one node: groups of a kernel of one place.
    pub(super) fn convolution(&self, at: usize) -> Option<Convolution> {
        let node = self.wiring.nodes[at];
        let (takes, gives) = (&self.ports[at].takes, &self.ports[at].gives);
        if self.wiring.class(at) == Class::Matrix {
            let groups = check::product(takes.split_last()?.1).filter(|groups| *groups > 1)?;
            return Some(Convolution {
                channels_in: self.ports[at].inputs(),
                channels_out: self.ports[at].outputs(),
                input: [1, 1],
                output: [1, 1],
                kernel: [1, 1],
                stride: [1, 1],
                padding: [0, 0],
                dilation: [1, 1],
                groups,
                weights: self.given(at, "weight"),
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
            _ => self.given(at, "weight"),
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
}
