//! How many spikes fall on each pixel: counted once, and then only what is new.

use super::bands::Bands;
use crate::session::Spikes;
use crate::view::Window;
use std::collections::VecDeque;

/// Spikes in a column of pixels, by cell of the bands.
#[derive(Debug, Clone, Default)]
struct Column {
    counts: Vec<u32>,
    sum: u64,
    max: u32,
}

/// Counts of spikes by columns of pixels. Column k holds the ticks from k to before k + 1 times `per`, wherever the window stands, so that one that moves
/// along with the present has only its last columns counted.
#[derive(Debug, Default)]
pub(super) struct Grid {
    generation: u64,
    begins: u64,
    bands: Bands,
    per: f64,
    first: i64,
    columns: VecDeque<Column>,
    /// Ticks up to this one have been counted.
    counted_to: u64,
    /// Columns that changed since they were last asked for.
    changed: bool,
}

/// A window's edges move by rounding; a length that differs by less is the same.
const SAME: f64 = 1e-9;

impl Grid {
    /// Counts what is in the window and has passed, in so many columns.
    pub(super) fn update(&mut self, spikes: &Spikes, bands: &Bands, window: Window, now: u64, width: usize) {
        let per = window.length() / width.max(1) as f64;
        let same = self.generation == spikes.generation()
            && self.begins == spikes.begins()
            && self.columns.len() == width + 1
            && (self.per / per - 1.0).abs() < SAME
            && self.counted_to <= now
            && self.bands == *bands;
        if !same {
            let columns = VecDeque::from(vec![Column { counts: vec![0; bands.cells], sum: 0, max: 0 }; width + 1]);
            let first = (window.from / per).floor() as i64;
            *self = Self {
                generation: spikes.generation(),
                begins: spikes.begins(),
                bands: bands.clone(),
                per,
                first,
                columns,
                counted_to: now,
                changed: true,
            };
            self.count(spikes, self.first, self.end(), 0, now);
            return;
        }
        let (first, old_first, old_end) = ((window.from / self.per).floor() as i64, self.first, self.end());
        let length = self.columns.len() as i64;
        let by = (first - old_first).clamp(-length, length);
        for _ in 0..by.max(0) {
            if let Some(column) = self.columns.pop_front() {
                self.columns.push_back(column.emptied());
            }
        }
        for _ in 0..(-by).max(0) {
            if let Some(column) = self.columns.pop_back() {
                self.columns.push_front(column.emptied());
            }
        }
        self.first = first;
        self.changed |= by != 0;
        let (kept_from, kept_end) = (old_first.max(first), old_end.min(self.end()));
        if kept_from < kept_end {
            self.count(spikes, first, kept_from, 0, now);
            self.count(spikes, kept_from, kept_end, self.counted_to + 1, now);
            self.count(spikes, kept_end, self.end(), 0, now);
        } else {
            self.count(spikes, first, self.end(), 0, now);
        }
        self.counted_to = now;
    }

    fn end(&self) -> i64 {
        self.first + self.columns.len() as i64
    }

    /// Counts the spikes from tick `from` to `to` that fall into columns from `first` to before `end`.
    fn count(&mut self, spikes: &Spikes, first: i64, end: i64, from: u64, to: u64) {
        let Some((from, to)) = self.ticks_of(first, end).map(|(a, b)| (a.max(from), b.min(to))).filter(|(a, b)| a <= b) else {
            return;
        };
        let (per, own) = (self.per, self.first);
        for band in &self.bands.list {
            let (ticks, ids) = spikes.between(band.population, from, to);
            let (mut tick, mut column) = (u64::MAX, None);
            for (t, id) in ticks.iter().zip(ids) {
                if *t != tick {
                    tick = *t;
                    let k = column_of(tick, per);
                    column = (first..end).contains(&k).then(|| (k - own) as usize);
                }
                let (Some(at), Some(cell)) = (column, band.cell(*id)) else { continue };
                let column = &mut self.columns[at];
                column.counts[cell] += 1;
                column.sum += 1;
                column.max = column.max.max(column.counts[cell]);
                self.changed = true;
            }
        }
    }

    /// Ticks that may fall into these columns, one more at each end than surely do.
    fn ticks_of(&self, first: i64, end: i64) -> Option<(u64, u64)> {
        let (from, to) = ((first as f64 * self.per).floor() - 1.0, (end as f64 * self.per).ceil() + 1.0);
        (first < end && to >= 0.0).then_some((from.max(0.0) as u64, to as u64))
    }

    /// Whether anything changed since this was last asked.
    pub(super) fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    /// Where the first column begins, ticks.
    pub(super) fn begin(&self) -> f64 {
        self.first as f64 * self.per
    }

    /// Ticks of a column.
    pub(super) fn per(&self) -> f64 {
        self.per
    }

    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// Most spikes on one pixel.
    pub(super) fn max(&self) -> u32 {
        self.columns.iter().map(|c| c.max).max().unwrap_or(0)
    }

    /// Counts of a column by cell; `None` where there are none.
    pub(super) fn column(&self, at: usize) -> Option<&[u32]> {
        self.columns.get(at).filter(|c| c.sum > 0).map(|c| &*c.counts)
    }

    /// Spikes on the pixel of a spike.
    pub(super) fn at(&self, tick: u64, cell: usize) -> u32 {
        let at = column_of(tick, self.per) - self.first;
        usize::try_from(at).ok().and_then(|at| self.columns.get(at)).map_or(0, |c| c.counts[cell])
    }

    /// Spikes from tick `from` to `to`, both included, of the neurons in view: whole columns as they are counted, those at the ends spike by spike.
    pub(super) fn spikes_between(&self, spikes: &Spikes, from: u64, to: u64) -> u64 {
        let to = to.min(self.counted_to);
        if self.columns.is_empty() || from > to {
            return 0;
        }
        let (a, b) = (column_of(from, self.per).max(self.first), column_of(to, self.per).min(self.end() - 1));
        let whole: u64 = (a + 1..b).filter_map(|k| self.columns.get((k - self.first) as usize)).map(|c| c.sum).sum();
        let ends = if a == b { vec![a] } else { vec![a, b] };
        let cut = |k: i64| -> u64 {
            let Some((low, high)) = self.ticks_of(k, k + 1).map(|(low, high)| (low.max(from), high.min(to))) else { return 0 };
            let mut n = 0;
            for band in &self.bands.list {
                let (ticks, ids) = spikes.between(band.population, low, high.max(low));
                n += ticks
                    .iter()
                    .zip(ids)
                    .filter(|(t, id)| **t <= to && column_of(**t, self.per) == k && band.cell(**id).is_some())
                    .count() as u64;
            }
            n
        };
        whole + ends.into_iter().map(cut).sum::<u64>()
    }
}

impl Column {
    fn emptied(mut self) -> Self {
        if self.sum > 0 {
            self.counts.fill(0);
        }
        self.sum = 0;
        self.max = 0;
        self
    }
}

fn column_of(tick: u64, per: f64) -> i64 {
    (tick as f64 / per).floor() as i64
}

#[cfg(test)]
mod tests {
    use super::super::bands::Span;
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    const SIZES: [usize; 3] = [700, 4, 90];

    /// Spikes that look irregular and are the same every time.
    fn busy(until: u64) -> Spikes {
        let mut spikes = Spikes::default();
        for (p, size) in SIZES.iter().enumerate() {
            let (mut ticks, mut ids) = (Vec::new(), Vec::new());
            for tick in 0..until {
                let mut now: Vec<u32> =
                    (0..3).map(|k| ((tick * 7_919 + k * 104_729 + p as u64 * 31) % *size as u64) as u32).collect();
                now.sort_unstable();
                ids.extend(now);
                ticks.resize(ids.len(), tick);
            }
            spikes.extend(p, &ticks, &ids);
        }
        spikes
    }

    /// What should be there: (column, cell) → spikes.
    fn expected(spikes: &Spikes, grid: &Grid, bands: &Bands, now: u64) -> BTreeMap<(usize, usize), u32> {
        let mut all = BTreeMap::new();
        for band in &bands.list {
            let (ticks, ids) = spikes.between(band.population, 0, now);
            for (tick, id) in ticks.iter().zip(ids) {
                let at = (*tick as f64 / grid.per).floor() as i64 - grid.first;
                if let (true, Some(cell)) = ((0..grid.width() as i64).contains(&at), band.cell(*id)) {
                    *all.entry((at as usize, cell)).or_default() += 1;
                }
            }
        }
        all
    }

    fn found(grid: &Grid) -> BTreeMap<(usize, usize), u32> {
        (0..grid.width())
            .flat_map(|at| grid.column(at).into_iter().flatten().enumerate().map(move |(cell, n)| ((at, cell), *n)))
            .filter(|(_, n)| *n > 0)
            .collect()
    }

    #[test]
    fn every_pixel_with_a_spike_is_there_and_no_other_however_the_window_moves() {
        let spikes = busy(6_000);
        let mut grid = Grid::default();
        let all = Bands::new(&SIZES, &BTreeSet::new(), Span::ALL, 211);
        let part = Bands::new(&SIZES, &BTreeSet::from([2]), Span { from: 0.2, to: 0.31 }, 211);
        let window = |from: f64, length: f64| Window { from, to: from + length, follows: false };
        let steps = [
            (window(0.0, 1_000.0), 500, &all),
            (window(0.0, 1_000.0), 900, &all),
            (window(333.7, 1_000.0), 1_300, &all),
            (window(100.2, 1_000.0), 1_301, &all),
            (window(-400.0, 1_000.0), 1_301, &all),
            (window(2_000.0, 1_000.0), 3_100, &all),
            (window(2_001.0, 40.0), 3_100, &part),
            (window(2_010.0, 40.0), 3_200, &part),
            (window(0.0, 6_000.0), 5_999, &all),
        ];
        for (window, now, bands) in steps {
            grid.update(&spikes, bands, window, now, 173);
            assert_eq!(found(&grid), expected(&spikes, &grid, bands, now), "{window:?} at {now}");
            let (a, b) = (window.from.max(0.0).ceil() as u64, (window.to.floor() as u64).min(now));
            let mut n = 0;
            for band in &bands.list {
                let (ticks, ids) = spikes.between(band.population, a, b);
                n += ticks.iter().zip(ids).filter(|(_, id)| band.cell(**id).is_some()).count() as u64;
            }
            assert_eq!(grid.spikes_between(&spikes, a, b), n, "{window:?} at {now}");
        }
    }

    #[test]
    fn nothing_old_stays_when_the_store_begins_anew() {
        let mut grid = Grid::default();
        let bands = Bands::new(&SIZES, &BTreeSet::new(), Span::ALL, 100);
        let window = Window { from: 0.0, to: 200.0, follows: true };
        grid.update(&busy(200), &bands, window, 199, 50);
        assert!(grid.max() > 0);
        grid.update(&Spikes::default(), &bands, window, 199, 50);
        assert!(found(&grid).is_empty() && grid.max() == 0);
    }
}
