//! Threshold, reset and refractoriness of membranes, for models that bring the rest: neurons in chunks short enough to stay in
//! registers' reach, without branches until one of a chunk spikes.

use super::Tick;
use super::kick::{Kick, lift};

/// Neurons of one chunk.
pub(super) const CHUNK: usize = 64;

/// Membranes that spike at or above a threshold, are set to a value and held there for a number of ticks.
pub(super) struct Firing {
    v: Vec<f64>,
    initial: Vec<f64>,
    /// Ticks left in which the membrane is held.
    held: Vec<u32>,
}

/// A few neurons that follow one another, on their way through a tick.
pub(super) struct Chunk<'a> {
    /// The first of them in the block.
    pub(super) first: usize,
    /// The first of them in the run.
    pub(super) at: usize,
    /// Membranes at the start of the tick.
    pub(super) v: &'a [f64],
    /// Takes the membranes at the end of the tick, as they would be if none were held.
    pub(super) free: &'a mut [f64],
    /// Takes the thresholds at the end of the tick.
    pub(super) threshold: &'a mut [f64],
}

impl Firing {
    pub(super) fn new(initial: Vec<f64>) -> Self {
        Self { v: initial.clone(), held: vec![0; initial.len()], initial }
    }

    /// One tick of a run of neurons: `advance` moves a chunk on; `spike(neuron)` is told who spikes and gives the potential it is set to
    /// and the number of ticks it is held for.
    pub(super) fn step(
        &mut self,
        tick: &mut Tick<'_>,
        mut advance: impl FnMut(Chunk<'_>),
        mut spike: impl FnMut(usize) -> (f64, u32),
    ) {
        let mut changed = 0;
        let run = tick.first..tick.first + tick.input[0].len();
        let chunks = self.v[run.clone()].chunks_mut(CHUNK).zip(self.held[run].chunks_mut(CHUNK)).enumerate();
        for (chunk, (v, held)) in chunks {
            let (at, len) = (chunk * CHUNK, v.len());
            let first = tick.first + at;
            let (mut free, mut threshold) = ([0.0; CHUNK], [0.0; CHUNK]);
            let (free, threshold) = (&mut free[..len], &mut threshold[..len]);
            advance(Chunk { first, at, v, free, threshold });
            let mut spiked = false;
            for (((v, held), free), threshold) in v.iter_mut().zip(held.iter()).zip(free.iter_mut()).zip(threshold.iter()) {
                let before = *v;
                *v = if *held == 0 { *free } else { before };
                *free = before;
                spiked |= *held == 0 && *v >= *threshold;
            }
            if spiked {
                for n in 0..len {
                    // A held neuron does not spike, however low its threshold may be.
                    if held[n] == 0 && v[n] >= threshold[n] {
                        tick.spikes.push((first + n) as u32);
                        let (v_reset, ticks) = spike(first + n);
                        v[n] = v_reset;
                        // This tick is taken off below.
                        held[n] = ticks.saturating_add(1);
                    }
                }
            }
            held.iter_mut().for_each(|held| *held = held.saturating_sub(1));
            if tick.membrane_updates {
                changed += v.iter().zip(free.iter()).filter(|(v, before)| v != before).count() as u64;
            }
        }
        if tick.membrane_updates {
            tick.counts.membrane_updates += if tick.number == 1 { tick.input[0].len() as u64 } else { changed };
        }
    }

    pub(super) fn v(&self) -> &[f64] {
        &self.v
    }

    pub(super) fn reset(&mut self) {
        self.v.copy_from_slice(&self.initial);
        self.held.fill(0);
    }

    /// Goes on from the state of another that has as many neurons, held for no longer than `ticks(neuron)`.
    pub(super) fn resume(&mut self, from: Self, ticks: impl Fn(usize) -> u32) {
        self.v = from.v;
        self.held = from.held;
        self.held.iter_mut().enumerate().for_each(|(n, held)| *held = (*held).min(ticks(n)));
    }

    /// Adds so much to a membrane.
    pub(super) fn lift(&mut self, n: usize, by: f64) {
        self.v[n] += by;
    }

    /// Lifts a membrane to where the next tick, which takes it to `end(v)`, brings it to a threshold.
    pub(super) fn kick(&mut self, n: usize, threshold: f64, end: impl Fn(f64) -> f64) -> Kick {
        if self.held[n] > 0 {
            return Kick::Held(self.held[n]);
        }
        lift(&mut self.v[n], threshold, end, |v| v >= threshold)
    }
}
