//! The window that a convolution or a pool moves over space, and the size of what it gives.

use super::{Class, Kind, NirNode};
use crate::network::Convolution;

/// Size, step, border and spread of a window, in one dimension of space after the other. Source: `PyTorch`'s `Conv1d`, `Conv2d` and
/// `AvgPool2d`, from which NIR has them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Window {
    /// Places that it holds.
    pub(super) kernel: Vec<usize>,
    /// Steps from one of its stands to the next.
    pub(super) stride: Vec<usize>,
    /// Zeros before the first and after the last value.
    pub(super) padding: Vec<[usize; 2]>,
    /// Steps from one of its places to the next.
    pub(super) dilation: Vec<usize>,
}

impl Window {
    /// The window of a node that [`super::check`] finds sound; `None` for a node that has none.
    pub(super) fn of(node: &NirNode) -> Option<Self> {
        let dimensions = dimensions(node.kind)?;
        let sizes = |name: &str, default: usize| {
            let given = node.sizes(name).unwrap_or_else(|| vec![default]);
            // One number may stand for all dimensions.
            if given.len() == dimensions { given } else { vec![given.first().copied().unwrap_or(default); dimensions] }
        };
        let kernel = match node.kind.class() {
            Class::Pool => sizes("kernel_size", 1),
            _ => node.array("weight")?.shape.get(2..)?.to_vec(),
        };
        let dilation = sizes("dilation", 1);
        let padding = match node.words.get("padding").map(String::as_str) {
            // What is odd stands at the end, as in PyTorch.
            Some("same") => {
                let reach =
                    kernel.iter().zip(&dilation).map(|(kernel, dilation)| dilation.saturating_mul(kernel.saturating_sub(1)));
                reach.map(|reach| [reach / 2, reach - reach / 2]).collect()
            }
            Some(_) => vec![[0, 0]; dimensions],
            None => sizes("padding", 0).into_iter().map(|n| [n, n]).collect(),
        };
        Some(Self { kernel, stride: sizes("stride", 1), padding, dilation })
    }

    /// What comes of space of this size.
    ///
    /// # Errors
    /// In words: the window is larger than the space with its border.
    pub(super) fn output(&self, space: &[usize]) -> Result<Vec<usize>, String> {
        let cells = |(at, &size): (usize, &usize)| {
            let [before, after] = self.padding[at];
            Convolution::cells(size, self.kernel[at], self.stride[at], before.saturating_add(after), self.dilation[at])
        };
        space.iter().enumerate().map(cells).collect::<Option<Vec<_>>>().ok_or_else(|| {
            let spread =
                if self.dilation.iter().any(|n| *n > 1) { format!(", spread by {:?},", self.dilation) } else { String::new() };
            format!("a kernel of {:?}{spread} does not fit into {space:?} with a border of {:?}", self.kernel, self.padding)
        })
    }
}

/// Dimensions of space of a node with a window.
pub(super) fn dimensions(kind: Kind) -> Option<usize> {
    match kind {
        Kind::Conv1d => Some(1),
        Kind::Conv2d | Kind::SumPool2d | Kind::AvgPool2d => Some(2),
        _ => None,
    }
}

/// Channels in and out, and groups, of a convolution.
pub(super) fn channels(node: &NirNode) -> Option<[usize; 3]> {
    let [outputs, inputs, ..] = node.array("weight")?.shape[..] else { return None };
    let groups = node.sizes("groups")?.first().copied()?;
    Some([inputs.saturating_mul(groups), outputs, groups])
}
