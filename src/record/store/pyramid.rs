//! Counts of spikes by time and neuron, at several levels, so that a picture of any number of spikes costs its pixels.

use std::collections::BTreeMap;
use std::ops::Range;

/// Rows of a level at most.
const ROWS: usize = 512;
/// Levels; each has bins four times as long as the one below.
const LEVELS: usize = 8;

/// Counts in bins of even size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grid {
    /// The first tick of the first column.
    pub first_tick: u64,
    /// Ticks of a column.
    pub ticks_per_bin: u64,
    /// Columns.
    pub columns: usize,
    /// The first neuron of the first row.
    pub first_neuron: u32,
    /// Neurons of a row; the last may have fewer.
    pub neurons_per_bin: u32,
    /// Rows.
    pub rows: usize,
    /// Spikes: `counts[column * rows + row]`.
    pub counts: Vec<u32>,
}

impl Grid {
    /// Spikes of a bin.
    #[must_use]
    pub fn at(&self, column: usize, row: usize) -> u32 {
        self.counts[column * self.rows + row]
    }

    /// The tick after the last column.
    #[must_use]
    pub fn end_tick(&self) -> u64 {
        self.first_tick + self.columns as u64 * self.ticks_per_bin
    }

    /// The number after that of the last row's last neuron; there may not be so many.
    #[must_use]
    pub fn end_neuron(&self) -> u64 {
        u64::from(self.first_neuron) + self.rows as u64 * u64::from(self.neurons_per_bin)
    }

    /// Bins of these sizes over some ticks and neurons; all zero.
    pub(super) fn set(&mut self, ticks: &Range<u64>, neurons: &Range<u32>, ticks_per_bin: u64, neurons_per_bin: u32) {
        self.first_tick = ticks.start;
        self.first_neuron = neurons.start;
        self.ticks_per_bin = ticks_per_bin.max(1);
        self.neurons_per_bin = neurons_per_bin.max(1);
        self.columns = ticks.end.saturating_sub(ticks.start).div_ceil(self.ticks_per_bin) as usize;
        self.rows = neurons.end.saturating_sub(neurons.start).div_ceil(self.neurons_per_bin) as usize;
        self.counts.clear();
        self.counts.resize(self.columns * self.rows, 0);
    }

    pub(super) fn add(&mut self, tick: u64, neuron: u32, number: u32) {
        let column = ((tick - self.first_tick) / self.ticks_per_bin) as usize;
        let row = ((neuron - self.first_neuron) / self.neurons_per_bin) as usize;
        self.counts[column * self.rows + row] += number;
    }
}

/// One level: columns that have spikes.
#[derive(Debug, Default)]
struct Level {
    columns: BTreeMap<u64, Box<[u32]>>,
    /// No column before this one is kept.
    first: u64,
}

/// The levels of one population.
#[derive(Debug)]
pub(super) struct Pyramid {
    levels: Vec<Level>,
    ticks: u64,
    neurons_per_bin: u32,
    rows: usize,
}

impl Pyramid {
    /// For so many neurons, with bins of `ticks` at the lowest level.
    pub(super) fn new(neurons: usize, ticks: u64) -> Self {
        let neurons_per_bin = neurons.div_ceil(ROWS).max(1);
        let levels = (0..LEVELS).map(|_| Level::default()).collect();
        Self { levels, ticks, neurons_per_bin: neurons_per_bin as u32, rows: neurons.div_ceil(neurons_per_bin) }
    }

    pub(super) fn clear(&mut self) {
        self.levels.iter_mut().for_each(|level| *level = Level::default());
    }

    fn ticks_of(&self, level: usize) -> u64 {
        self.ticks << (2 * level)
    }

    /// Spikes of a tick.
    pub(super) fn add(&mut self, tick: u64, ids: &[u32]) {
        for level in 0..LEVELS {
            let column = tick / self.ticks_of(level);
            let rows = self.rows;
            let counts = self.levels[level].columns.entry(column).or_insert_with(|| vec![0; rows].into());
            ids.iter().for_each(|id| counts[(id / self.neurons_per_bin) as usize] += 1);
        }
    }

    /// Bytes of the counts.
    pub(super) fn bytes(&self) -> usize {
        // A column's place in its map takes some words.
        self.levels.iter().map(|level| level.columns.len() * (self.rows * 4 + 48)).sum()
    }

    /// Drops the oldest half of the finest level that has more columns than one, so that coarse levels reach back furthest.
    pub(super) fn shrink(&mut self) -> bool {
        let Some(level) = self.levels.iter_mut().find(|level| level.columns.len() > 1) else { return false };
        let middle = *level.columns.keys().nth(level.columns.len() / 2).expect("it has several");
        level.columns = level.columns.split_off(&middle);
        level.first = middle;
        true
    }

    /// Fills a grid whose bins are at most so large, from the coarsest level that is fine enough and reaches back to the first tick; false
    /// where none does. The grid's edges are moved out to those of the level.
    pub(super) fn fill(&self, ticks: &Range<u64>, neurons: &Range<u32>, bin: (u64, u32), grid: &mut Grid) -> bool {
        let fits = |level: &usize| {
            let of = self.ticks_of(*level);
            of <= bin.0 && ticks.start / of >= self.levels[*level].first
        };
        let Some(level) = (0..LEVELS).rev().find(fits).filter(|_| self.neurons_per_bin <= bin.1) else { return false };
        let of = self.ticks_of(level);
        let (ticks_per_bin, per_row) = (bin.0 / of * of, bin.1 / self.neurons_per_bin * self.neurons_per_bin);
        let out = ticks.start / of * of..ticks.end.div_ceil(of) * of;
        let from = neurons.start / self.neurons_per_bin * self.neurons_per_bin;
        grid.set(&out, &(from..neurons.end), ticks_per_bin, per_row);
        // To the ends of the last column and row.
        let ends = (grid.end_tick() / of, (grid.end_neuron() / u64::from(self.neurons_per_bin)).min(self.rows as u64) as usize);
        let rows = (from / self.neurons_per_bin) as usize..ends.1;
        for (column, counts) in self.levels[level].columns.range(out.start / of..ends.0) {
            for row in rows.clone().filter(|row| counts[*row] > 0) {
                grid.add(column * of, row as u32 * self.neurons_per_bin, counts[row]);
            }
        }
        true
    }
}
