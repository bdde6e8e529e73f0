//! What is read of a file for a stretch of time, or to find a spike.

use super::{BLOCK, LARGEST, MOST, Playback};
use crate::session::Spikes;
use spikewatt::diagnostic::Result;
use spikewatt::record::RecordedSpikes;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

impl Playback<'_> {
    /// Ticks and neurons of spikes that were read; those of neurons that are not there are left out.
    pub(super) fn spikes(&mut self, train: usize, read: &RecordedSpikes) -> Result<(Vec<u64>, Vec<u32>)> {
        let largest = read.ids.iter().copied().filter(|id| *id < LARGEST && !self.trains[train].told).max();
        if let Some(size) = largest.map(|id| id as usize + 1).filter(|size| *size > self.scene.net.populations[train].size) {
            self.grow(train, size)?;
        }
        let (dt_ms, size) = (self.scene.net.dt_ms, self.scene.net.populations[train].size as u64);
        let (mut ticks, mut ids) = (Vec::with_capacity(read.ids.len()), Vec::with_capacity(read.ids.len()));
        for (at, (time, id)) in read.times_ms.iter().zip(&read.ids).enumerate() {
            if *id >= size || time.is_nan() || *time < 0.0 {
                self.trains[train].beyond += 1;
                continue;
            }
            let sample = read.samples.get(at).copied().unwrap_or(0);
            ticks.push((time / dt_ms).round() as u64 + sample.saturating_mul(self.sample));
            ids.push(*id as u32);
        }
        Ok((ticks, ids))
    }

    /// The place of the first spike of a train at or after a tick.
    fn place(&mut self, train: usize, tick: u64) -> Result<usize> {
        let len = self.results.trains[train].len;
        let (mut low, mut high) = (0, len.div_ceil(BLOCK));
        // The first block that begins at or after the tick.
        while low < high {
            let middle = (low + high) / 2;
            let start = match self.trains[train].starts.get(&(middle * BLOCK)) {
                Some(start) => *start,
                None => {
                    let one = self.results.read(train, middle * BLOCK..middle * BLOCK + 1)?;
                    let start = self.spikes(train, &one)?.0.first().copied().unwrap_or(0);
                    self.trains[train].starts.insert(middle * BLOCK, start);
                    start
                }
            };
            if start < tick { low = middle + 1 } else { high = middle }
        }
        let Some(block) = low.checked_sub(1) else { return Ok(0) };
        let read = self.results.read(train, block * BLOCK..(block + 1) * BLOCK)?;
        let offset = read.times_ms.len();
        let (ticks, _) = self.spikes(train, &read)?;
        // Where some are left out, places within a block are not those in the file.
        Ok(if ticks.len() == offset { block * BLOCK + ticks.partition_point(|t| *t < tick) } else { block * BLOCK })
    }

    /// Puts what is in view into the history: all of it, or every n-th spike.
    pub(super) fn show(&mut self) -> Result<()> {
        let (from, to) = self.window;
        let mut places = Vec::with_capacity(self.trains.len());
        let mut total = 0;
        for train in 0..self.trains.len() {
            let range = if self.trains[train].mixed {
                0..self.results.trains[train].len
            } else {
                self.place(train, from)?..self.place(train, to.saturating_add(1))?
            };
            total += range.len();
            places.push(range);
        }
        let mut spikes = Spikes::default();
        let whole = total <= MOST;
        for (train, range) in places.into_iter().enumerate() {
            let (ticks, ids): (Vec<u64>, Vec<u32>) = if whole {
                let read = self.results.read(train, range)?;
                let (ticks, ids) = self.spikes(train, &read)?;
                let mut both: Vec<(u64, u32)> = ticks.into_iter().zip(ids).collect();
                if self.trains[train].mixed {
                    both.sort_unstable();
                }
                both.into_iter().unzip()
            } else {
                self.trains[train].few.iter().copied().unzip()
            };
            spikes.extend(train, &ticks, &ids);
        }
        self.shown = if whole { 1 } else { self.thin };
        let traces = self.membranes(from, to)?;
        {
            let mut history = self.shared.history.write().unwrap_or_else(PoisonError::into_inner);
            (history.spikes, history.traces) = (spikes, traces);
        }
        self.tell();
        Ok(())
    }

    /// Looks for the first spike after a tick.
    pub(super) fn seek(&mut self, after: u64) -> Result<()> {
        let mut found: Option<u64> = None;
        for train in 0..self.trains.len() {
            let len = self.results.trains[train].len;
            // Where spikes are in no order, all of them are looked at.
            let mixed = self.trains[train].mixed;
            let mut from = if mixed { 0 } else { self.place(train, after + 1)? };
            while from < len && !self.shared.stop.load(Ordering::Relaxed) {
                let read = self.results.read(train, from..from + BLOCK)?;
                let next = self.spikes(train, &read)?.0.into_iter().filter(|tick| *tick > after).min();
                found = found.into_iter().chain(next).min();
                if next.is_some() && !mixed {
                    break;
                }
                from += BLOCK;
            }
        }
        if found.is_none() {
            self.complain("no spike comes after this moment".into());
        }
        self.found = Some((after, found));
        self.tell();
        Ok(())
    }
}
