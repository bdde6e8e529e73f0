//! Convolutions: one kernel slid over a grid, its weights shared.

use super::Coefficients;
use std::ops::Range;

/// The largest number of taps along one side of a kernel.
const MAX_KERNEL: usize = 1 << 16;

/// One kernel slid over a grid, its weights shared (NIR's `Conv1d`, `Conv2d`, `SumPool2d`, `AvgPool2d`). A line is a grid of height 1.
///
/// It is the cross-correlation of `PyTorch`'s layers with zero padding: the sum of an output cell (r, c) of channel o is
///
/// ```text
/// Σ w[o, i, y, x] · input[i, r·stride + y·dilation − padding, c·stride + x·dilation − padding]
/// ```
///
/// over the channels i of its group and the taps (y, x) that lie on the input. Neurons are numbered
/// (channel · rows + row) · columns + column on both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Convolution {
    /// Channels of the source population.
    pub channels_in: usize,
    /// Channels of the target population.
    pub channels_out: usize,
    /// Rows and columns of a source channel.
    pub input: [usize; 2],
    /// Rows and columns of a target channel.
    pub output: [usize; 2],
    /// Rows and columns of the kernel.
    pub kernel: [usize; 2],
    /// Input rows and columns from one output cell to the next.
    pub stride: [usize; 2],
    /// Zeros before the first row and column; what lies after follows from the output's size.
    pub padding: [usize; 2],
    /// Input rows and columns from one tap to the next.
    pub dilation: [usize; 2],
    /// Groups of channels that see nothing of one another: `channels_in` for pooling, where each channel is on its own.
    pub groups: usize,
    /// `channels_out` × `channels_in` / `groups` × rows × columns.
    pub weights: Coefficients,
}

impl Convolution {
    /// Cells along one side of the output: ⌊(input + padding − dilation · (kernel − 1) − 1) / stride⌋ + 1, where `padding` is that of both ends
    /// together (the formula of `PyTorch`'s `Conv2d` and `AvgPool2d`). `None` where the kernel is longer than the padded input, and for a
    /// stride or a kernel of zero.
    #[must_use]
    pub fn cells(input: usize, kernel: usize, stride: usize, padding: usize, dilation: usize) -> Option<usize> {
        let reach = dilation.checked_mul(kernel.checked_sub(1)?)?.checked_add(1)?;
        Some(input.checked_add(padding)?.checked_sub(reach)?.checked_div(stride)? + 1)
    }

    /// Neurons of the source population; `None` where they are more than a number can tell.
    #[must_use]
    pub fn sources(&self) -> Option<usize> {
        self.channels_in.checked_mul(self.input[0])?.checked_mul(self.input[1])
    }

    /// Neurons of the target population; `None` where they are more than a number can tell.
    #[must_use]
    pub fn targets(&self) -> Option<usize> {
        self.channels_out.checked_mul(self.output[0])?.checked_mul(self.output[1])
    }

    /// Weights of the kernel; `None` where they are more than a number can tell.
    #[must_use]
    pub fn kernel_weights(&self) -> Option<usize> {
        let taps = self.kernel[0].checked_mul(self.kernel[1])?;
        self.channels_out.checked_mul(self.channels_in.checked_div(self.groups)?)?.checked_mul(taps)
    }

    /// What is wrong with it in itself, in words.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let counts = [("channels_in", self.channels_in), ("channels_out", self.channels_out), ("groups", self.groups)];
        let sides = [
            ("input", self.input),
            ("output", self.output),
            ("kernel", self.kernel),
            ("stride", self.stride),
            ("dilation", self.dilation),
        ];
        let all = counts.into_iter().chain(sides.into_iter().flat_map(|(name, [a, b])| [(name, a), (name, b)]));
        for (name, _) in all.filter(|(_, n)| *n == 0) {
            wrong.push(format!("`{name}` must be at least 1"));
        }
        wrong.dedup();
        if let Some(most) = self.kernel.into_iter().find(|k| *k > MAX_KERNEL) {
            wrong.push(format!("a side of the kernel has at most {MAX_KERNEL} taps, found {most}"));
        }
        if self.groups > 0 && !(self.channels_in.is_multiple_of(self.groups) && self.channels_out.is_multiple_of(self.groups)) {
            wrong.push(format!(
                "{} groups must divide {} channels in and {} channels out",
                self.groups, self.channels_in, self.channels_out
            ));
        }
        let within = |n: Option<usize>| n.is_some_and(|n| u32::try_from(n).is_ok());
        let extent = |axis: usize| {
            let last = self.output[axis].saturating_sub(1).checked_mul(self.stride[axis])?;
            last.checked_add(self.dilation[axis].checked_mul(self.kernel[axis])?)?.checked_add(self.padding[axis])
        };
        if !(0..2).all(|axis| within(extent(axis))) {
            wrong.push("strides, dilations or padding reach beyond what 32 bits can tell".to_owned());
        }
        if !within(self.sources()) || !within(self.targets()) {
            wrong.push("channels × rows × columns are more neurons than 32 bits can tell".to_owned());
        }
        if wrong.is_empty() {
            let wanted = self.kernel_weights();
            match (wanted, self.weights.len()) {
                (None, _) => wrong.push("it has more weights than a number can tell".to_owned()),
                (Some(wanted), Some(found)) if wanted != found => wrong.push(format!(
                    "{} × {} × {} × {} weights are needed, {wanted} in all, found {found}",
                    self.channels_out,
                    self.channels_in / self.groups,
                    self.kernel[0],
                    self.kernel[1]
                )),
                _ => {}
            }
        }
        if let Some((at, value)) = self.weights.not_finite() {
            wrong.push(format!("weights must be finite numbers, weight {at} is {value}"));
        }
        wrong
    }

    /// Output cells along an axis whose tap `tap` lies on the input. It must have no complaints, as for all that follows.
    #[must_use]
    pub(crate) fn cells_of_tap(&self, axis: usize, tap: usize) -> Range<usize> {
        let (stride, shift) = (self.stride[axis], tap * self.dilation[axis]);
        let first = self.padding[axis].saturating_sub(shift).div_ceil(stride);
        let end = (self.input[axis] + self.padding[axis]).saturating_sub(shift).div_ceil(stride).min(self.output[axis]);
        first..end.max(first)
    }

    /// The taps along an axis through which an input row or column reaches an output cell, as (tap, cell), by ascending tap.
    pub(crate) fn taps(&self, axis: usize, place: usize) -> impl Iterator<Item = (usize, usize)> + Clone + use<> {
        let (stride, dilation, kernel, cells) = (self.stride[axis], self.dilation[axis], self.kernel[axis], self.output[axis]);
        let place = place + self.padding[axis];
        // The last tap reaches the first cell that is far enough on.
        let most = (place / dilation).min(kernel - 1);
        (0..=most).filter_map(move |tap| {
            let from = place - tap * dilation;
            (from.is_multiple_of(stride) && from / stride < cells).then(|| (tap, from / stride))
        })
    }

    /// Number of connections.
    #[must_use]
    pub(crate) fn connections(&self) -> u64 {
        let along = |axis: usize| (0..self.kernel[axis]).map(|tap| self.cells_of_tap(axis, tap).len() as u64).sum::<u64>();
        along(0).saturating_mul(along(1)).saturating_mul((self.channels_in / self.groups * self.channels_out) as u64)
    }

    /// Bytes that it takes once compiled: its weights, and which taps meet which rows and columns.
    #[must_use]
    pub(crate) fn bytes(&self) -> f64 {
        let along = |axis: usize| (0..self.kernel[axis]).map(|tap| self.cells_of_tap(axis, tap).len() as f64).sum::<f64>();
        let each = match self.weights {
            Coefficients::One(_) if self.channels_out == self.groups => 0.0,
            Coefficients::Double(_) => 8.0,
            Coefficients::One(_) | Coefficients::Single(_) => 4.0,
        };
        self.kernel_weights().map_or(f64::INFINITY, |n| n as f64) * each + 8.0 * (along(0) + along(1))
    }

    /// Names every connection onto some targets, source by source: (place, source, target, weight's place). The place is its number among
    /// all connections.
    pub(crate) fn each(&self, onto: Range<u32>, take: &mut dyn FnMut(u64, u32, u32, usize)) {
        let (per_group_in, per_group_out) = (self.channels_in / self.groups, self.channels_out / self.groups);
        let mut index = 0;
        for channel in 0..self.channels_in {
            let (group, within) = (channel / per_group_in, channel % per_group_in);
            for row in 0..self.input[0] {
                for column in 0..self.input[1] {
                    let source = (channel * self.input[0] + row) * self.input[1] + column;
                    for out in group * per_group_out..(group + 1) * per_group_out {
                        for (y, cell_y) in self.taps(0, row) {
                            for (x, cell_x) in self.taps(1, column) {
                                let target = ((out * self.output[0] + cell_y) * self.output[1] + cell_x) as u32;
                                let weight = ((out * per_group_in + within) * self.kernel[0] + y) * self.kernel[1] + x;
                                if onto.contains(&target) {
                                    take(index, source as u32, target, weight);
                                }
                                index += 1;
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn line(input: usize, kernel: usize, stride: usize, padding: usize, dilation: usize) -> Convolution {
        let output = Convolution::cells(input, kernel, stride, 2 * padding, dilation).unwrap();
        Convolution {
            channels_in: 1,
            channels_out: 1,
            input: [1, input],
            output: [1, output],
            kernel: [1, kernel],
            stride: [1, stride],
            padding: [0, padding],
            dilation: [1, dilation],
            groups: 1,
            weights: Coefficients::One(1.0),
        }
    }

    #[test]
    fn cells_are_those_of_pytorch() {
        // Conv2d(…)(zeros(1, 1, n, n)).shape of PyTorch 2.x.
        for (n, kernel, stride, padding, dilation, cells) in
            [(34, 5, 2, 2, 1, 16), (10, 3, 1, 0, 1, 8), (10, 3, 3, 2, 2, 3), (3, 3, 1, 0, 1, 1), (7, 2, 2, 0, 1, 3)]
        {
            assert_eq!(Convolution::cells(n, kernel, stride, padding, dilation), Some(cells), "{n} {kernel} {stride}");
        }
        assert_eq!(Convolution::cells(3, 4, 1, 0, 1), None);
        assert_eq!(Convolution::cells(3, 0, 1, 0, 1), None);
        assert_eq!(Convolution::cells(3, 1, 0, 0, 1), None);
        assert_eq!(Convolution::cells(usize::MAX, 3, 1, 2, usize::MAX), None);
    }

    #[test]
    fn taps_and_cells_are_two_views_of_one_thing() {
        for (input, kernel, stride, padding, dilation) in
            [(9, 3, 1, 1, 1), (9, 3, 2, 0, 2), (5, 5, 3, 4, 1), (1, 3, 1, 1, 1), (7, 2, 5, 0, 3), (4, 1, 7, 6, 9)]
        {
            let c = line(input, kernel, stride, padding, dilation);
            assert_eq!(c.complaints(), Vec::<String>::new());
            let (mut by_cell, mut by_input) = (Vec::new(), Vec::new());
            for tap in 0..kernel {
                for cell in c.cells_of_tap(1, tap) {
                    by_cell.push((tap, cell, cell * stride + tap * dilation - padding));
                }
            }
            for place in 0..input {
                by_input.extend(c.taps(1, place).map(|(tap, cell)| (tap, cell, place)));
            }
            by_cell.sort_unstable();
            by_input.sort_unstable();
            assert_eq!(by_cell, by_input);
            assert_eq!(c.connections(), by_cell.len() as u64);
        }
    }

    #[test]
    fn what_does_not_fit_is_said_at_once() {
        let mut c = line(9, 3, 1, 1, 1);
        (c.groups, c.channels_in, c.channels_out, c.stride[0]) = (2, 3, 4, 0);
        c.weights = Coefficients::Double(vec![f64::NAN]);
        let complaints = c.complaints().join("; ");
        for part in ["`stride` must be at least 1", "2 groups must divide 3", "weight 0 is NaN"] {
            assert!(complaints.contains(part), "{complaints}");
        }
        let wrong = |change: &dyn Fn(&mut Convolution)| {
            let mut c = line(9, 3, 1, 1, 1);
            change(&mut c);
            c.complaints().join("; ")
        };
        assert!(
            wrong(&|c| c.weights = Coefficients::Single(vec![1.0; 4]))
                .contains("1 × 1 × 1 × 3 weights are needed, 3 in all, found 4")
        );
        assert!(wrong(&|c| c.channels_in = usize::MAX).contains("more neurons"));
        assert!(wrong(&|c| c.dilation[1] = usize::MAX / 2).contains("beyond what 32 bits"));
        assert!(wrong(&|c| c.padding[0] = usize::MAX).contains("beyond what 32 bits"));
        assert!(wrong(&|c| c.kernel[1] = 1 << 20).contains("at most 65536 taps"));
    }
}
