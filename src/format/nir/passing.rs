//! What single nodes make of the shapes that reach them.

use super::check::{MAX_VALUES, product};
use super::shapes::Shapes;
use super::window::{Window, channels, dimensions};
use super::{Class, NirNode};
use crate::diagnostic::{Diagnostic, quoted};

impl Shapes<'_> {
    /// A shape of parameters without the leading ones that early exporters left for batch, where a neighbour has fewer dimensions.
    pub(super) fn unbatched(&mut self, at: usize, shape: &[usize]) -> Vec<usize> {
        let neighbours = self.wiring.sources[at].iter().chain(&self.wiring.targets[at]);
        let rank = neighbours.filter_map(|other| rank(self.wiring.nodes[*other])).next().unwrap_or(shape.len());
        let (rest, kept) = shape.split_at(shape.len().saturating_sub(rank));
        if rest.is_empty() || rest.iter().any(|n| *n != 1) {
            return shape.to_vec();
        }
        self.drop_note(at, shape, kept);
        kept.to_vec()
    }

    /// What a convolution or a pool gives for what it takes.
    pub(super) fn through(&mut self, at: usize, takes: Vec<usize>) {
        let node = self.wiring.nodes[at];
        let Some(window) = Window::of(node) else {
            self.takes[at] = Some(takes);
            return;
        };
        let wrong = match &takes[..] {
            [inputs, space @ ..] if space.len() == window.kernel.len() => match (channels(node), window.output(space)) {
                (Some([expected, ..]), _) if expected != *inputs => {
                    Some(format!("takes {expected} channels (`weight` and `groups`), but is given {inputs} (shape {takes:?})"))
                }
                (_, Err(wrong)) => Some(wrong),
                (channels, Ok(space)) => {
                    let gives = [&[channels.map_or(*inputs, |[_, outputs, _]| outputs)], &space[..]].concat();
                    if product(&gives).is_some_and(|n| n <= MAX_VALUES) {
                        self.gives[at] = Some(gives);
                        None
                    } else {
                        Some(format!("gives the shape {gives:?}; at most {} values can be held", MAX_VALUES))
                    }
                }
            },
            _ => {
                let words = ["length", "rows × columns"][window.kernel.len().clamp(1, 2) - 1];
                Some(format!("takes channels × {words}, but is given the shape {takes:?}"))
            }
        };
        if let Some(wrong) = wrong {
            let shown = format!("{} {wrong}", quoted(self.wiring.names[at]));
            self.complaints.push(Diagnostic::at(self.wiring.place(at, ""), shown));
        }
        self.takes[at] = Some(takes);
    }

    /// The shape that a `Flatten` makes of another. Its dimensions are those of a tensor without batch; a negative one counts from the end.
    pub(super) fn flattened(&mut self, at: usize, shape: &[usize]) -> Vec<usize> {
        let node = self.wiring.nodes[at];
        let (rank, last) = (shape.len() as i64, shape.len().saturating_sub(1));
        let mut dimension = |name: &str, default: i64| {
            let given = node.array(name).and_then(|array| array.whole()?.first().copied()).unwrap_or(default);
            // One too many is a batch's dimension that was counted.
            if !(-rank - 1..=rank).contains(&given) {
                let message = format!("is {given}, but {} is given the shape {shape:?}", quoted(self.wiring.names[at]));
                self.complaints.push(Diagnostic::at(self.wiring.place(at, name), message));
            }
            let from_start = if given < 0 { given.saturating_add(rank) } else { given };
            usize::try_from(from_start).unwrap_or(0).min(last)
        };
        let (start, end) = (dimension("start_dim", 1), dimension("end_dim", -1));
        if shape.is_empty() || start >= end {
            return shape.to_vec();
        }
        let middle = product(&shape[start..=end]).unwrap_or(usize::MAX);
        [&shape[..start], &[middle], &shape[end + 1..]].concat()
    }

    /// The part of a claimed shape that a neighbour agrees with.
    pub(super) fn trim(&mut self, at: usize, claim: Vec<usize>, neighbour: Vec<usize>) -> Vec<usize> {
        let size = product(&neighbour);
        let fits = |from: &usize| product(&claim[*from..]) == size;
        let from = if claim.ends_with(&neighbour) { Some(claim.len() - neighbour.len()) } else { (0..claim.len()).find(fits) };
        match from {
            Some(0) => claim,
            Some(from) => {
                let kept = claim[from..].to_vec();
                self.drop_note(at, &claim, &kept);
                kept
            }
            None => {
                let name = quoted(self.wiring.names[at]);
                let message = format!("{name} says {claim:?}, but its neighbour has {neighbour:?}");
                self.complaints.push(Diagnostic::at(self.wiring.place(at, ""), message));
                neighbour
            }
        }
    }

    pub(super) fn drop_note(&mut self, at: usize, claim: &[usize], kept: &[usize]) {
        self.notes.push(format!(
            "{} says {claim:?}, of which its neighbours take {kept:?}: the rest is taken for batch and time",
            quoted(self.wiring.names[at])
        ));
    }
}

/// How many dimensions a node takes, and gives, where its kind says so.
pub(super) fn rank(node: &NirNode) -> Option<usize> {
    match node.kind.class() {
        Class::Matrix => {
            let leading = node.array("weight")?.shape.split_last_chunk::<2>()?.0;
            Some(if product(leading) == Some(1) { 1 } else { leading.len() + 1 })
        }
        _ => Some(dimensions(node.kind)? + 1),
    }
}
