//! Membranes that a file holds, as far as they are in view.

use super::Playback;
use crate::session::{Neuron, TraceLog};
use spikewatt::compile::CompiledNetwork;
use spikewatt::diagnostic::Result;
use spikewatt::record::{RecordedTrace, Results};
use std::ops::Range;

/// Values that are read at once; where more are in view, none are shown.
const MOST: usize = 2_000_000;

/// The membranes among the traces of a file, each with its population's place.
fn membranes(results: &Results) -> impl Iterator<Item = (usize, usize)> + '_ {
    let is_membrane = |(_, trace): &(usize, &RecordedTrace)| trace.variable == "v";
    results.traces.iter().enumerate().filter(is_membrane).filter_map(|(at, trace)| {
        let population = results.trains.iter().position(|train| train.name == trace.population)?;
        Some((at, population))
    })
}

/// The neurons of a trace that are there, with their places in a row.
fn columns(trace: &RecordedTrace, population: usize, size: usize) -> impl Iterator<Item = (usize, Neuron)> + '_ {
    let neuron = move |id: u64| Neuron { population, id: id as u32 };
    trace.ids.iter().enumerate().filter(move |(_, id)| **id < size as u64).map(move |(column, id)| (column, neuron(*id)))
}

/// Neurons whose membranes are in a file, in order.
pub(super) fn neurons(results: &Results, net: &CompiledNetwork) -> Vec<Neuron> {
    let of = |(at, population): (usize, usize)| {
        columns(&results.traces[at], population, net.populations[population].size).map(|(_, neuron)| neuron)
    };
    let mut neurons: Vec<Neuron> = membranes(results).flat_map(of).collect();
    neurons.sort_unstable();
    neurons.dedup();
    neurons
}

impl Playback<'_> {
    /// The tick of a row.
    fn tick_of(&self, trace: &RecordedTrace, row: usize) -> u64 {
        let (sample, row) = (row / trace.rows_of_sample, row % trace.rows_of_sample);
        let ms = trace.start_ms + row as f64 * trace.step_ms;
        sample as u64 * self.sample + (ms / self.scene.net.dt_ms).round().max(0.0) as u64
    }

    /// The rows of a stretch of time.
    fn rows(&self, trace: &RecordedTrace, from: u64, to: u64) -> Range<usize> {
        let first = |tick: u64| {
            let (mut low, mut high) = (0, trace.rows);
            while low < high {
                let middle = (low + high) / 2;
                if self.tick_of(trace, middle) < tick { low = middle + 1 } else { high = middle }
            }
            low
        };
        first(from)..first(to.saturating_add(1))
    }

    /// Reads the membranes of a stretch of time, with what is just beside it, so that lines go on to its ends.
    pub(super) fn membranes(&mut self, from: u64, to: u64) -> Result<TraceLog> {
        let mut log = TraceLog::default();
        let neurons = self.scene.recorded.as_ref().map_or(&[][..], |recorded| &recorded.membranes);
        log.watch(neurons, neurons);
        let stretches: Vec<_> = membranes(&self.results)
            .map(|(at, population)| {
                let rows = self.rows(&self.results.traces[at], from, to);
                (at, population, rows.start.saturating_sub(1)..rows.end + 1)
            })
            .collect();
        let values: usize = stretches.iter().map(|(at, _, rows)| rows.len() * self.results.traces[*at].ids.len()).sum();
        self.too_many_rows = values > MOST;
        if self.too_many_rows {
            return Ok(log);
        }
        for (at, population, rows) in stretches {
            let values = self.results.read_trace(at, rows.clone())?;
            let trace = &self.results.traces[at];
            let ticks: Vec<u64> = (rows.start..rows.end.min(trace.rows)).map(|row| self.tick_of(trace, row)).collect();
            for (column, neuron) in columns(trace, population, self.scene.net.populations[population].size) {
                let own = values.iter().skip(column).step_by(trace.ids.len().max(1)).copied();
                log.extend(neuron, &ticks, own);
            }
        }
        Ok(log)
    }
}
