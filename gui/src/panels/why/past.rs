//! What an explanation looks back on: a copy of what is recorded of the present sample, so that the window need not wait for it.

use crate::session::{Scene, Spiked, Spikes};
use crate::view::Cx;
use spikewatt::compile::CompiledNetwork;
use spikewatt::engine::{Explanation, Moment};
use spikewatt::record::SpikeHistory;
use spikewatt::spike::InputTrain;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Spikes that are looked back on, of all populations together: the window copies them between two frames.
const MOST: usize = 1_000_000;

/// What is recorded of the sample in which a spike fell, in the engine's ticks.
pub(super) struct Past {
    scene: Arc<CompiledNetwork>,
    spike: Spiked,
    began: u64,
    epoch: u64,
    first: u64,
    trains: Vec<(Vec<u64>, Vec<u32>)>,
    kicks: Vec<(u64, f64)>,
    changed: u64,
    input: Option<(usize, InputTrain)>,
    rebuild: bool,
}

/// Why a neuron spiked, in the session's ticks.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) why: Explanation,
    /// The tick before the first one of its sample: added to the ticks of the explanation.
    pub(super) began: u64,
    /// Its membrane before, where it is not followed: rebuilt at some ticks.
    pub(super) trace: Vec<(u64, f64)>,
}

impl Past {
    /// Copies what a spike's explanation needs.
    pub(super) fn of(cx: &Cx<'_>, spike: Spiked) -> Self {
        let (scene, net): (&Scene, _) = (cx.scene, &cx.scene.net);
        let mark = cx.history.sample_at(spike.tick);
        let began = mark.map_or(0, |mark| mark.began);
        // Of what was let go to bound memory nothing is known.
        let mut first = cx.history.spikes.begins().saturating_sub(began).max(1);
        let mut reaching: Vec<usize> = net.projections.iter().filter(|p| p.to == spike.population).map(|p| p.from).collect();
        reaching.push(spike.population);
        reaching.sort_unstable();
        reaching.dedup();
        let from = earliest(&cx.history.spikes, &reaching, began + 1, spike.tick, MOST);
        if from > began + 1 {
            first = first.max(from - began);
        }
        let mut trains = vec![(Vec::new(), Vec::new()); net.populations.len()];
        for at in reaching {
            let (ticks, ids) = cx.history.spikes.between(at, from, spike.tick);
            trains[at] = (ticks.iter().map(|t| t - began).collect(), ids.to_vec());
        }
        let own = |n: &crate::session::Neuron| n.population == spike.population && n.id == spike.id;
        let kicks = cx.history.kicks.iter().filter(|(n, tick, _)| own(n) && *tick >= began && *tick <= spike.tick);
        let (epoch, input) = scene.task.as_ref().zip(mark).map_or((0, None), |(task, mark)| {
            let place = task.samples.iter().position(|s| *s == mark.sample).unwrap_or(0);
            let train = scene.encoded(mark.sample).ok().flatten();
            (place as u64 * scene.ticks.unwrap_or(1), net.input.zip(train))
        });
        let neuron = crate::session::Neuron { population: spike.population, id: spike.id };
        let followed =
            cx.history.traces.of(neuron).and_then(|t| t.first_tick()).is_some_and(|t| t < spike.tick.saturating_sub(10));
        Self {
            scene: net.clone(),
            spike,
            began,
            epoch,
            first,
            trains,
            kicks: kicks.map(|(_, tick, lift)| (tick - began, *lift)).collect(),
            changed: cx.history.changed.saturating_sub(began),
            input,
            rebuild: !followed,
        }
    }

    /// Explains the spike.
    pub(super) fn explain(&self, stop: &AtomicBool) -> Result<Found, String> {
        /// Ticks at which a membrane is rebuilt, and how long that may take.
        const POINTS: u64 = 60;
        const PATIENCE: Duration = Duration::from_millis(600);
        let at = |tick: u64| Moment { population: self.spike.population, neuron: self.spike.id, tick };
        let tick = self.spike.tick.saturating_sub(self.began);
        if self.scene.exact {
            return Err(
                "Time is exact here, and spikes are explained on a grid. Give the network's file one (dt = \"0.1 ms\").".into()
            );
        }
        let told =
            |wrong: spikewatt::diagnostic::Diagnostics| wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let why = self.scene.explain(at(tick), self, self.epoch).map_err(told)?;
        let mut trace = Vec::new();
        if self.rebuild {
            let from = span(&why).0;
            let (began, length) = (Instant::now(), tick - from);
            for k in (0..=POINTS.min(length)).rev() {
                let then = from + length * k / POINTS.min(length).max(1);
                if then == 0 || began.elapsed() > PATIENCE || stop.load(Ordering::Relaxed) {
                    break;
                }
                if let Ok(before) = self.scene.explain(at(then), self, self.epoch) {
                    trace.push((then + self.began, before.v));
                }
            }
            trace.reverse();
        }
        Ok(Found { why, began: self.began, trace })
    }
}

/// The earliest tick from which on these populations have no more than `most` spikes up to `to`.
fn earliest(spikes: &Spikes, populations: &[usize], from: u64, to: u64, most: usize) -> u64 {
    let (mut low, mut high) = (from, to + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let n: usize = populations.iter().map(|p| spikes.count(*p, middle, to)).sum();
        if n <= most { high = middle } else { low = middle + 1 }
    }
    low
}

/// The ticks around a spike that its causes lie in: from the first of weight to a little after.
pub(super) fn span(why: &Explanation) -> (u64, u64) {
    let tick = why.spike.tick;
    let largest = why.causes.first().map_or(0.0, |c| c.part.abs());
    let of_weight = why.causes.iter().filter(|c| c.part.abs() > 0.02 * largest && c.weight != 0.0);
    let first = of_weight.map(|c| c.arrived).min().unwrap_or(tick).min(tick.saturating_sub(20));
    let from = first.saturating_sub(2).max(why.since.saturating_sub(1));
    (from.min(tick), tick + (tick - from.min(tick)) / 12 + 2)
}

impl SpikeHistory for Past {
    fn first_tick(&self) -> u64 {
        self.first
    }

    fn each_spike(&self, population: usize, ticks: RangeInclusive<u64>, take: &mut dyn FnMut(u64, u32)) {
        let Some((at, ids)) = self.trains.get(population) else { return };
        let first = at.partition_point(|tick| tick < ticks.start());
        let end = at.partition_point(|tick| tick <= ticks.end()).max(first);
        at[first..end].iter().zip(&ids[first..end]).for_each(|(tick, id)| take(*tick, *id));
    }

    fn given(&self, population: usize, neuron: u32, tick: u64) -> Option<f64> {
        let (input, train) = self.input.as_ref()?;
        if *input != population || tick == 0 {
            return None;
        }
        match train {
            InputTrain::Spikes(_) => None,
            InputTrain::Constant(values) => values.get(neuron as usize).copied(),
            InputTrain::Frames { channels, values } => values.get((tick as usize - 1) * channels + neuron as usize).copied(),
        }
    }

    fn each_kick(&self, population: usize, neuron: u32, ticks: RangeInclusive<u64>, take: &mut dyn FnMut(u64, f64)) {
        if population == self.spike.population && neuron == self.spike.id {
            self.kicks.iter().filter(|(tick, _)| ticks.contains(tick)).for_each(|(tick, lift)| take(*tick, *lift));
        }
    }

    fn changed_after(&self) -> u64 {
        self.changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_copied_than_a_frame_has_time_for() {
        let mut spikes = Spikes::default();
        spikes.extend(0, &(0..1_000).map(|k| k / 2).collect::<Vec<_>>(), &vec![1; 1_000]);
        spikes.extend(2, &(0..1_000).map(|k| k / 10).collect::<Vec<_>>(), &vec![1; 1_000]);
        assert_eq!(earliest(&spikes, &[0, 2], 1, 499, 5_000), 1, "all of few");
        let from = earliest(&spikes, &[0, 2], 1, 499, 1_005);
        let n = |from| spikes.count(0, from, 499) + spikes.count(2, from, 499);
        assert!(n(from) <= 1_005 && n(from - 1) > 1_005, "whole ticks, as many as may be: {from}");
    }
}
