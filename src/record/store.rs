//! Spikes of a run that goes on: kept up to a number of bytes, the oldest dropped, to be looked through while it goes on.
//!
//! Measured (`store_timings` below, one thread of a cloud machine): 38 ns to keep a spike, draws included; 13 bytes a spike with its
//! counts. A grid of 1000 × 300 over all of 10⁶ spikes of 12,500 neurons takes 3 ms, over 10⁷ 5 ms, over a tenth of these 3 ms; where rows are
//! narrower than the store's own, spikes are counted one by one: 11 ms for all ticks of 500 neurons among 10⁷ spikes.

mod pyramid;

pub use pyramid::Grid;

use super::{Recorder, SpikeHistory};
use crate::compile::CompiledNetwork;
use crate::counts::EventCounts;
use crate::spike::InputTrain;
use pyramid::Pyramid;
use std::collections::VecDeque;
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

/// Spikes that are kept together and dropped together.
const CHUNK: usize = 1 << 14;
/// Counts that are kept at most; they thin out as they grow older together.
const SNAPSHOTS: usize = 4096;
/// Up to so many spikes are counted one by one, so that their bins are those asked for.
const FEW: usize = 50_000;

/// Spikes that follow one another, where they lie.
#[derive(Debug, Clone, Copy)]
pub struct SpikeSlice<'a> {
    first: u64,
    ticks: &'a [u32],
    ids: &'a [u32],
}

impl<'a> SpikeSlice<'a> {
    /// The neurons, one a spike.
    #[must_use]
    pub fn ids(&self) -> &'a [u32] {
        self.ids
    }

    /// (tick, neuron), by ascending ticks.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, u32)> + use<'a> {
        let first = self.first;
        self.ticks.iter().zip(self.ids).map(move |(tick, id)| (first + u64::from(*tick), *id))
    }
}

/// A stretch of a population's spikes.
#[derive(Debug)]
struct Chunk {
    /// What ticks count from.
    first: u64,
    ticks: Vec<u32>,
    ids: Vec<u32>,
}

impl Chunk {
    fn last(&self) -> u64 {
        self.first + self.ticks.last().map_or(0, |tick| u64::from(*tick))
    }

    fn slice(&self, ticks: &Range<u64>) -> SpikeSlice<'_> {
        let at = |tick: u64| self.ticks.partition_point(|of| self.first + u64::from(*of) < tick);
        let range = at(ticks.start)..at(ticks.end).max(at(ticks.start));
        SpikeSlice { first: self.first, ticks: &self.ticks[range.clone()], ids: &self.ids[range] }
    }

    fn bytes(&self) -> usize {
        (self.ticks.capacity() + self.ids.capacity()) * 4
    }
}

/// What is kept of one population.
#[derive(Debug)]
struct Lane {
    size: usize,
    chunks: VecDeque<Chunk>,
    pyramid: Pyramid,
}

/// A kick.
#[derive(Debug, Clone, Copy)]
struct Kicked {
    population: usize,
    neuron: u32,
    tick: u64,
    by: f64,
}

/// Spikes of all populations up to a number of bytes, for looking back while a run goes on.
///
/// Three quarters of the bytes are for spikes (8 bytes each), one for counts by time and neuron, of which coarse ones reach back
/// further than the spikes do. What is dropped is dropped from the front, for all populations alike: [`SpikeHistory::first_tick`]. In exact
/// time a spike is told by its nanosecond.
#[derive(Debug)]
pub struct SpikeStore {
    lanes: Vec<Lane>,
    bytes: usize,
    first_tick: u64,
    last_tick: u64,
    total: u64,
    snapshots: Vec<(u64, EventCounts)>,
    /// Ticks between two snapshots, at least.
    apart: u64,
    kicks: Vec<Kicked>,
    inputs: Vec<Option<(Arc<InputTrain>, u64)>>,
    changed_after: u64,
}

impl SpikeStore {
    /// An empty store for a network, of about so many bytes.
    #[must_use]
    pub fn new(net: &CompiledNetwork, bytes: usize) -> Self {
        let ticks = if net.exact { 1 << 16 } else { 64 };
        let lane = |size| Lane { size, chunks: VecDeque::new(), pyramid: Pyramid::new(size, ticks) };
        Self {
            lanes: net.populations.iter().map(|p| lane(p.size)).collect(),
            bytes,
            first_tick: 1,
            last_tick: 0,
            total: 0,
            snapshots: Vec::new(),
            apart: 0,
            kicks: Vec::new(),
            inputs: vec![None; net.populations.len()],
            changed_after: 0,
        }
    }

    /// Forgets all: the run starts anew.
    pub fn clear(&mut self) {
        for lane in &mut self.lanes {
            lane.chunks.clear();
            lane.pyramid.clear();
        }
        self.snapshots.clear();
        self.kicks.clear();
        self.inputs.iter_mut().for_each(|input| *input = None);
        (self.first_tick, self.last_tick, self.total, self.apart, self.changed_after) = (1, 0, 0, 0, 0);
    }

    /// The last tick that it knows of: that of the last spike, or of the last counts.
    #[must_use]
    pub fn last_tick(&self) -> u64 {
        self.last_tick
    }

    /// All spikes that it was told, dropped ones too.
    #[must_use]
    pub fn told(&self) -> u64 {
        self.total
    }

    /// Bytes that it holds.
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        let of = |lane: &Lane| lane.chunks.iter().map(Chunk::bytes).sum::<usize>() + lane.pyramid.bytes();
        self.lanes.iter().map(of).sum()
    }

    /// The spikes of a population in some ticks, as they lie: stretches in ascending order, none of what was dropped.
    pub fn spikes(&self, population: usize, ticks: Range<u64>) -> impl Iterator<Item = SpikeSlice<'_>> {
        let ticks = ticks.start.max(self.first_tick)..ticks.end;
        let chunks = self.lanes.get(population).map(|lane| &lane.chunks);
        chunks
            .map(|chunks| {
                let first = chunks.partition_point(|chunk| chunk.last() < ticks.start);
                chunks.range(first..)
            })
            .into_iter()
            .flatten()
            .take_while({
                let end = ticks.end;
                move |chunk| chunk.first < end
            })
            .map(move |chunk| chunk.slice(&ticks))
            .filter(|slice| !slice.ids.is_empty())
    }

    /// How many spikes of a population are kept of some ticks.
    #[must_use]
    pub fn number(&self, population: usize, ticks: Range<u64>) -> usize {
        self.spikes(population, ticks).map(|slice| slice.ids.len()).sum()
    }

    /// Counts the spikes of some ticks and neurons in about so many columns and rows. The grid says which bins it has: those asked for
    /// where spikes are few or bins small; else bins of a level of the store, no larger than asked for, with edges moved out to
    /// theirs. Every number is exact for its bin.
    pub fn grid(
        &self,
        population: usize,
        ticks: Range<u64>,
        neurons: Range<u32>,
        (columns, rows): (usize, usize),
        grid: &mut Grid,
    ) {
        let Some(lane) = self.lanes.get(population) else {
            grid.set(&(0..0), &(0..0), 1, 1);
            return;
        };
        let size = lane.size as u32;
        let neurons = neurons.start.min(size)..neurons.end.min(size);
        let span = ticks.end.saturating_sub(ticks.start);
        let bin = (span.div_ceil(columns.max(1) as u64).max(1), (neurons.len().div_ceil(rows.max(1)) as u32).max(1));
        // What was dropped of the spikes may still be counted.
        let whole = ticks.start >= self.first_tick || self.first_tick <= 1;
        let few = whole && self.number(population, ticks.clone()) <= FEW;
        if !few && lane.pyramid.fill(&ticks, &neurons, bin, grid) {
            return;
        }
        grid.set(&ticks, &neurons, bin.0, bin.1);
        let grid_end = grid.end_neuron();
        let within = |id: u32| id >= neurons.start && u64::from(id) < grid_end;
        for slice in self.spikes(population, ticks.start..grid.end_tick()) {
            slice.iter().filter(|(_, id)| within(*id)).for_each(|(tick, id)| grid.add(tick, id, 1));
        }
    }

    /// Keeps the counts of a run at a tick, for curves over time. At most some thousand are kept; when there are more, every second is dropped.
    /// The last one told is always kept.
    pub fn note_counts(&mut self, tick: u64, counts: &EventCounts) {
        self.last_tick = self.last_tick.max(tick);
        if let [.., (before, _), (last, of_last)] = &mut self.snapshots[..]
            && tick - *before < self.apart
        {
            *last = tick;
            of_last.clone_from(counts);
            return;
        }
        self.snapshots.push((tick, counts.clone()));
        if self.snapshots.len() > SNAPSHOTS {
            let mut at = 0;
            self.snapshots.retain(|_| {
                at += 1;
                at % 2 == 1
            });
            let span = tick - self.snapshots[0].0;
            self.apart = span.div_ceil(SNAPSHOTS as u64 / 2);
        }
    }

    /// The counts that were kept, by tick, from the start of the run on.
    #[must_use]
    pub fn counts(&self) -> &[(u64, EventCounts)] {
        &self.snapshots
    }

    /// Keeps that a neuron was kicked after a tick, and by how much ([`crate::engine::Simulation::kick`]).
    pub fn note_kick(&mut self, population: usize, neuron: u32, tick: u64, by: f64) {
        self.kicks.push(Kicked { population, neuron, tick, by });
    }

    /// Keeps that parameters, weights or stimuli are others since a tick ([`crate::engine::Simulation::adopt`]).
    pub fn note_change(&mut self, tick: u64) {
        self.changed_after = tick;
    }

    /// Keeps what an input population puts out from a tick on ([`crate::engine::Simulation::set_input`]).
    pub fn note_input(&mut self, population: usize, tick: u64, train: Arc<InputTrain>) {
        if let Some(input) = self.inputs.get_mut(population) {
            *input = Some((train, tick));
        }
    }

    /// Drops the oldest until it holds no more than it may.
    fn shrink(&mut self) {
        let mut held: usize = self.lanes.iter().flat_map(|lane| &lane.chunks).map(Chunk::bytes).sum();
        while held > self.bytes / 4 * 3 {
            let oldest = self.lanes.iter_mut().filter(|lane| lane.chunks.len() > 1).min_by_key(|lane| lane.chunks[0].last());
            let Some(chunk) = oldest.and_then(|lane| lane.chunks.pop_front()) else { break };
            held -= chunk.bytes();
            self.first_tick = self.first_tick.max(chunk.last() + 1);
        }
        self.kicks.retain(|kick| kick.tick + 1 >= self.first_tick);
        let counted = |lanes: &[Lane]| lanes.iter().map(|lane| lane.pyramid.bytes()).sum::<usize>();
        while counted(&self.lanes) > self.bytes / 4 {
            let largest = self.lanes.iter_mut().max_by_key(|lane| lane.pyramid.bytes());
            if !largest.is_some_and(|lane| lane.pyramid.shrink()) {
                break;
            }
        }
    }
}

impl Recorder for SpikeStore {
    fn wants_spikes(&self, _population: usize) -> bool {
        true
    }

    fn spikes(&mut self, population: usize, tick: u64, ids: &[u32]) {
        let Some(lane) = self.lanes.get_mut(population) else { return };
        self.last_tick = self.last_tick.max(tick);
        self.total += ids.len() as u64;
        lane.pyramid.add(tick, ids);
        let mut full = false;
        match lane.chunks.back_mut() {
            Some(chunk) if chunk.ids.len() < CHUNK && tick - chunk.first <= u64::from(u32::MAX) => {
                chunk.ticks.resize(chunk.ticks.len() + ids.len(), (tick - chunk.first) as u32);
                chunk.ids.extend_from_slice(ids);
            }
            _ => {
                full = true;
                lane.chunks.push_back(Chunk { first: tick, ticks: vec![0; ids.len()], ids: ids.to_vec() });
            }
        }
        if full {
            self.shrink();
        }
    }
}

impl SpikeHistory for SpikeStore {
    fn first_tick(&self) -> u64 {
        self.first_tick
    }

    fn each_spike(&self, population: usize, ticks: RangeInclusive<u64>, take: &mut dyn FnMut(u64, u32)) {
        for slice in self.spikes(population, *ticks.start()..ticks.end().saturating_add(1)) {
            slice.iter().for_each(|(tick, id)| take(tick, id));
        }
    }

    fn given(&self, population: usize, neuron: u32, tick: u64) -> Option<f64> {
        let (train, start) = self.inputs.get(population)?.as_ref()?;
        let row = tick.checked_sub(start + 1)? as usize;
        match &**train {
            InputTrain::Spikes(_) => None,
            InputTrain::Constant(values) => values.get(neuron as usize).copied(),
            InputTrain::Frames { channels, values } => Some(values.get(row * channels + neuron as usize).copied().unwrap_or(0.0)),
        }
    }

    fn each_kick(&self, population: usize, neuron: u32, ticks: RangeInclusive<u64>, take: &mut dyn FnMut(u64, f64)) {
        let own = self.kicks.iter().filter(|k| (k.population, k.neuron) == (population, neuron) && ticks.contains(&k.tick));
        own.for_each(|kick| take(kick.tick, kick.by));
    }

    fn changed_after(&self) -> u64 {
        self.changed_after
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::network::{Network, Population};
    use crate::neuron::model_by_name;
    use crate::rng::{Purpose, Stream};
    use std::collections::BTreeMap;
    use std::time::Instant;

    fn store(sizes: &[usize], bytes: usize) -> SpikeStore {
        let mut network = Network::new("store");
        network.dt_ms = Some(0.1);
        for (at, &size) in sizes.iter().enumerate() {
            network.populations.push(Population {
                name: format!("p{at}"),
                size,
                shape: vec![size],
                model: model_by_name("lif_delta").unwrap(),
                params: BTreeMap::new(),
                init: BTreeMap::new(),
            });
        }
        SpikeStore::new(&CompiledNetwork::new(&network, None, None).unwrap(), bytes)
    }

    /// Spikes of a population, `each` a tick, and what was told.
    fn fill(store: &mut SpikeStore, population: usize, size: u32, ticks: u64, each: u64) -> Vec<(u64, u32)> {
        let draws = Stream::new(1, Purpose::Encode, population as u32);
        let mut told = Vec::new();
        for tick in 1..=ticks {
            let mut ids: Vec<u32> = (0..each).map(|k| draws.below(tick * each + k, u64::from(size)) as u32).collect();
            ids.sort_unstable();
            store.spikes(population, tick, &ids);
            told.extend(ids.into_iter().map(|id| (tick, id)));
        }
        told
    }

    #[test]
    fn what_is_told_is_there_until_it_is_dropped_from_the_front() {
        let mut store = store(&[1000, 10], 1 << 20);
        let told = fill(&mut store, 0, 1000, 20_000, 20);
        let of_other = fill(&mut store, 1, 10, 20_000, 1);
        let first = store.first_tick();
        assert!(first > 1000 && store.held_bytes() <= 3 << 19, "{first} {}", store.held_bytes());
        assert_eq!((store.told(), store.last_tick()), (420_000, 20_000));
        for (population, told) in [(0, &told), (1, &of_other)] {
            for range in [1..30_000, first..first + 1, 15_000..15_007, 19_000..20_001, 5..5] {
                let kept: Vec<_> = store.spikes(population, range.clone()).flat_map(|slice| slice.iter()).collect();
                let expected = told.iter().filter(|(tick, _)| *tick >= first && range.contains(tick)).copied();
                assert_eq!(kept, expected.collect::<Vec<_>>(), "{population} {range:?}");
                assert_eq!(store.number(population, range), kept.len());
            }
        }
        store.clear();
        assert_eq!((store.first_tick(), store.held_bytes(), store.number(0, 0..u64::MAX)), (1, 0, 0));
    }

    #[test]
    fn every_bin_has_the_spikes_of_its_ticks_and_neurons() {
        let mut store = store(&[3000], 1 << 26);
        let told = fill(&mut store, 0, 3000, 9000, 40);
        let mut grid = Grid::default();
        let ranges = [
            (1..9001, 0..3000, (400, 200)),
            (1..9001, 0..3000, (30, 7)),
            (777..8888, 100..2901, (100, 100)),
            (4000..4100, 5..17, (50, 12)),
        ];
        for (ticks, neurons, (columns, rows)) in ranges {
            store.grid(0, ticks.clone(), neurons.clone(), (columns, rows), &mut grid);
            let covers =
                |low: u64, high: u64, first: u64, bin: u64, bins: usize| first <= low && first + bin * bins as u64 >= high;
            assert!(covers(ticks.start, ticks.end, grid.first_tick, grid.ticks_per_bin, grid.columns), "{grid:?}");
            let (low, high) = (u64::from(neurons.start), u64::from(neurons.end));
            assert!(covers(low, high, u64::from(grid.first_neuron), u64::from(grid.neurons_per_bin), grid.rows));
            assert!(grid.ticks_per_bin <= (ticks.end - ticks.start).div_ceil(columns as u64));
            let mut expected = vec![0; grid.columns * grid.rows];
            for &(tick, id) in &told {
                let column = tick.checked_sub(grid.first_tick).map(|t| (t / grid.ticks_per_bin) as usize);
                let row = id.checked_sub(grid.first_neuron).map(|n| (n / grid.neurons_per_bin) as usize);
                if let (Some(column), Some(row)) = (column, row)
                    && column < grid.columns
                    && row < grid.rows
                {
                    expected[column * grid.rows + row] += 1;
                }
            }
            assert_eq!(grid.counts, expected, "{ticks:?} {neurons:?}");
        }
    }

    #[test]
    fn counts_thin_out_and_keep_their_ends() {
        let mut store = store(&[1], 1 << 20);
        let mut counts = EventCounts::zero(1, 0);
        for tick in (10..200_000).step_by(10) {
            counts.ticks = tick;
            store.note_counts(tick, &counts);
        }
        let kept = store.counts();
        assert!(kept.len() <= SNAPSHOTS && kept.len() > SNAPSHOTS / 4, "{}", kept.len());
        assert_eq!((kept[0].0, kept.last().unwrap().0), (10, 199_990));
        assert!(kept.iter().all(|(tick, counts)| counts.ticks == *tick) && kept.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    #[ignore = "a measurement, not a test: cargo test --release --lib store_timings -- --ignored --nocapture"]
    #[allow(clippy::print_stdout, reason = "a measurement prints")]
    fn store_timings() {
        for number in [1_000_000u64, 10_000_000] {
            let mut store = store(&[12_500], 1 << 28);
            let start = Instant::now();
            fill(&mut store, 0, 12_500, number / 50, 50);
            let filled = start.elapsed();
            let mut grid = Grid::default();
            let end = number / 50 + 1;
            let mut time = |ticks: Range<u64>, neurons: Range<u32>| {
                let start = Instant::now();
                (0..20).for_each(|_| store.grid(0, ticks.clone(), neurons.clone(), (1000, 300), &mut grid));
                start.elapsed().as_secs_f64() * 50.0
            };
            let (whole, tenth, narrow) = (time(1..end, 0..12_500), time(1..end / 10, 0..12_500), time(1..end, 0..500));
            println!(
                "{number} spikes: filled in {:.0} ms (draws included), {} MB; grids: whole {whole:.2} ms, a tenth of the time {tenth:.2} ms, 500 neurons {narrow:.2} ms",
                filled.as_secs_f64() * 1e3,
                store.held_bytes() / 1_000_000
            );
        }
    }
}
