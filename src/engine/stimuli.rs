//! What stimuli bring in a tick.

use crate::compile::{CompiledDrive, CompiledStimulus};
use std::ops::Range;

/// Calls `each` with the place in `range` of every neuron that a stimulus reaches.
fn for_targets(stimulus: &CompiledStimulus, range: &Range<usize>, each: impl FnMut(usize)) {
    if stimulus.ids.is_empty() {
        (0..range.len()).for_each(each);
    } else {
        let first = stimulus.ids.partition_point(|id| (*id as usize) < range.start);
        let ids = stimulus.ids[first..].iter().take_while(|id| (**id as usize) < range.end);
        ids.map(|&id| id as usize - range.start).for_each(each);
    }
}

/// Calls `each(place in range, value)` for every neuron that a current stimulus reaches.
pub(super) fn currents(
    stimulus: &CompiledStimulus,
    range: &Range<usize>,
    tick: u64,
    epoch: u64,
    mut each: impl FnMut(usize, f64),
) {
    match &stimulus.drive {
        CompiledDrive::Current(steps) => {
            let value = CompiledDrive::current_at(steps, tick);
            for_targets(stimulus, range, |n| each(n, value));
        }
        CompiledDrive::Noise(noise) => {
            for_targets(stimulus, range, |n| each(n, noise.value(tick, epoch, (range.start + n) as u32)));
        }
        _ => {}
    }
}

/// Calls `each(place in range, number, weight)` for every neuron that gets events of a stimulus in a tick.
pub(super) fn events(
    stimulus: &CompiledStimulus,
    range: &Range<usize>,
    tick: u64,
    epoch: u64,
    mut each: impl FnMut(usize, u32, f64),
) {
    match &stimulus.drive {
        CompiledDrive::Poisson { number, weight, ticks, stream } => {
            if !(ticks.0..=ticks.1).contains(&tick) {
            } else if stimulus.ids.is_empty() {
                number.among(stream, tick + epoch, range.start..range.end, |n, drawn| each(n - range.start, drawn, *weight));
            } else {
                let first = stimulus.ids.partition_point(|id| (*id as usize) < range.start);
                let end = stimulus.ids.partition_point(|id| (*id as usize) < range.end);
                number.among(stream, tick + epoch, first..end, |at, drawn| {
                    each(stimulus.ids[at] as usize - range.start, drawn, *weight)
                });
            }
        }
        CompiledDrive::Events { events, weight } => {
            let first = events.partition_point(|(at, _)| *at < tick);
            for &(_, id) in events[first..].iter().take_while(|(at, _)| *at == tick) {
                if id == u32::MAX {
                    (0..range.len()).for_each(|n| each(n, 1, *weight));
                } else if range.contains(&(id as usize)) {
                    each(id as usize - range.start, 1, *weight);
                }
            }
        }
        CompiledDrive::Regular { start, interval, delay, weight } => {
            let number = CompiledDrive::regular_events(*start, *interval, *delay, tick) as u32;
            if number > 0 {
                for_targets(stimulus, range, |n| each(n, number, *weight));
            }
        }
        CompiledDrive::Current(_) | CompiledDrive::Noise(_) => {}
    }
}
