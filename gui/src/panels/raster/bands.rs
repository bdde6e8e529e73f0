//! Where neurons lie on the picture: a band for each population, the first one lowest, neurons upwards.

use std::collections::BTreeSet;

/// Part of all bands that is in view: 0 is the top of the uppermost, 1 the bottom of the lowest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Span {
    pub(super) const ALL: Self = Self { from: 0.0, to: 1.0 };

    pub(super) fn length(self) -> f64 {
        self.to - self.from
    }

    /// Zoomed in so many times, with what lies at a share of the height kept where it is.
    pub(super) fn zoomed(self, times: f64, share: f64, shortest: f64) -> Self {
        let fixed = self.from + share * self.length();
        let length = (self.length() / times).clamp(shortest.min(1.0), 1.0);
        Self { from: fixed - share * length, to: fixed + (1.0 - share) * length }.inside()
    }

    /// Moved by a share of what is in view.
    pub(super) fn moved(self, share: f64) -> Self {
        let by = share * self.length();
        Self { from: self.from + by, to: self.to + by }.inside()
    }

    fn inside(self) -> Self {
        let from = self.from.clamp(0.0, (1.0 - self.length()).max(0.0));
        Self { from, to: from + self.length() }
    }
}

/// A population's band on a picture, in pixels from its top.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Band {
    pub(super) population: usize,
    pub(super) size: usize,
    /// Its upper edge, which may lie above the picture.
    pub(super) top: f64,
    /// Height of a neuron.
    pub(super) each: f64,
    /// Cells of the grid before this band's.
    offset: usize,
    /// First row of the band in view: of neurons from above, or of pixels where neurons are lower than one.
    first: usize,
    /// Rows of it in view.
    cells: usize,
}

impl Band {
    /// Middle of a neuron.
    pub(super) fn centre(&self, id: u32) -> f64 {
        self.top + (self.size as f64 - f64::from(id) - 0.5) * self.each
    }

    pub(super) fn bottom(&self) -> f64 {
        self.top + self.size as f64 * self.each
    }

    /// The neuron at a height, where the band is there.
    pub(super) fn id_at(&self, y: f64) -> Option<u32> {
        let row = ((y - self.top) / self.each).floor();
        (row >= 0.0 && row < self.size as f64).then(|| (self.size - 1 - row as usize) as u32)
    }

    /// The cell of the grid that counts a neuron's spikes, where it is in view.
    pub(super) fn cell(&self, id: u32) -> Option<usize> {
        let row = if self.each >= 1.0 {
            (self.size - 1).checked_sub(id as usize)?
        } else {
            self.centre(id).max(-1.0).floor() as isize as usize
        };
        let row = row.checked_sub(self.first)?;
        (row < self.cells).then_some(self.offset + row)
    }

    /// Neurons in view.
    pub(super) fn neurons(&self) -> usize {
        if self.each >= 1.0 { self.cells } else { (0..self.size as u32).filter(|id| self.cell(*id).is_some()).count() }
    }
}

/// Bands on a picture.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Bands {
    pub(super) list: Vec<Band>,
    /// Height of the picture, pixels.
    pub(super) height: usize,
    /// Cells of all bands.
    pub(super) cells: usize,
}

/// The part of the picture that a population gets at least, as long as there is room.
const LEAST: f64 = 0.03;

impl Bands {
    /// Bands of the populations that are not hidden, on a picture of so many pixels.
    pub(super) fn new(sizes: &[usize], hidden: &BTreeSet<usize>, span: Span, height: usize) -> Self {
        let shown: Vec<usize> = (0..sizes.len()).filter(|p| sizes[*p] > 0 && !hidden.contains(p)).collect();
        let total: usize = shown.iter().map(|p| sizes[*p]).sum();
        let least = LEAST.min(0.5 / shown.len().max(1) as f64);
        let rest = 1.0 - least * shown.len() as f64;
        let scale = height as f64 / span.length();
        let (mut list, mut bottom, mut offset) = (Vec::new(), 1.0, 0);
        for population in shown {
            let size = sizes[population];
            let share = least + rest * size as f64 / total as f64;
            let top = (bottom - share - span.from) * scale;
            bottom -= share;
            let each = share * scale / size as f64;
            // In view are the rows from `first` to before `end`.
            let (first, end) = if each >= 1.0 {
                let first = (-top / each).floor().clamp(0.0, size as f64);
                (first, ((height as f64 - top) / each).ceil().clamp(first, size as f64))
            } else {
                let first = top.floor().clamp(0.0, height as f64);
                (first, (top + each * size as f64).ceil().clamp(first, height as f64))
            };
            let (first, cells) = (first as usize, (end - first) as usize);
            list.push(Band { population, size, top, each, offset, first, cells });
            offset += cells;
        }
        Self { list, height, cells: offset }
    }

    /// For every row of pixels the cell that it shows, and its band; nothing between neurons that have room for a gap.
    pub(super) fn rows(&self) -> Vec<Option<(usize, usize)>> {
        let mut rows = vec![None; self.height];
        for (at, band) in self.list.iter().enumerate() {
            for cell in 0..band.cells {
                let row = band.first + cell;
                let (from, to) = if band.each >= 1.0 {
                    let (from, to) = (band.top + row as f64 * band.each, band.top + (row + 1) as f64 * band.each);
                    let gap = if band.each >= 4.0 { (band.each * 0.2).round() } else { 0.0 };
                    (from.round(), to.round() - gap)
                } else {
                    (row as f64, row as f64 + 1.0)
                };
                let (from, to) = (from.clamp(0.0, self.height as f64) as usize, to.clamp(0.0, self.height as f64) as usize);
                rows[from..to.max(from)].fill(Some((band.offset + cell, at)));
            }
        }
        rows
    }

    /// The band of a population.
    pub(super) fn of(&self, population: usize) -> Option<&Band> {
        self.list.iter().find(|band| band.population == population)
    }

    /// Neurons in view.
    pub(super) fn neurons(&self) -> usize {
        self.list.iter().map(Band::neurons).sum()
    }

    /// The smallest part of all bands that can be in view: a handful of neurons.
    pub(super) fn shortest(&self, span: Span) -> f64 {
        let each = self.list.iter().map(|b| b.each).fold(f64::INFINITY, f64::min);
        if each.is_finite() { (4.0 * each / self.height.max(1) as f64 * span.length()).min(1.0) } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_neuron_has_its_place_and_small_populations_are_seen() {
        let bands = Bands::new(&[10_000, 3, 0, 500], &BTreeSet::new(), Span::ALL, 400);
        assert_eq!(bands.list.iter().map(|b| b.population).collect::<Vec<_>>(), [0, 1, 3]);
        assert_eq!(bands.neurons(), 10_503);
        let small = bands.of(1).expect("it is shown");
        assert!(small.each * 3.0 >= 12.0, "three neurons among thousands are seen");
        let rows = bands.rows();
        for band in &bands.list {
            for id in 0..band.size as u32 {
                let cell = band.cell(id).expect("all are in view");
                let y = band.centre(id) as usize;
                assert_eq!(rows[y].expect("a neuron's middle is drawn").0, cell, "{band:?} {id}");
                assert_eq!(band.id_at(band.centre(id)), Some(id));
            }
        }
        let hidden = Bands::new(&[10_000, 3, 0, 500], &BTreeSet::from([0]), Span::ALL, 400);
        assert_eq!(hidden.neurons(), 503);
    }

    #[test]
    fn zoom_keeps_what_is_under_the_pointer() {
        let sizes = [2_000, 100];
        let before = Bands::new(&sizes, &BTreeSet::new(), Span::ALL, 500);
        let y = 320.0;
        let (band, id) = before.list.iter().find_map(|b| Some((b.population, b.id_at(y)?))).expect("a neuron");
        let mut span = Span::ALL;
        for _ in 0..8 {
            span = span.zoomed(1.7, y / 500.0, before.shortest(Span::ALL));
        }
        let after = Bands::new(&sizes, &BTreeSet::new(), span, 500);
        let centre = after.of(band).expect("its band").centre(id);
        assert!((centre - y).abs() <= after.of(band).expect("its band").each, "{centre}");
        assert!(after.neurons() < before.neurons() / 20);
        assert_eq!(span.zoomed(1e-9, 0.3, 0.01), Span::ALL, "no further out than all");
    }
}
