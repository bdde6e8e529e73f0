//! The worst window of a recording, or the worst sample.

use super::super::{Outcome, windows};
use super::parts::Parts;
use crate::counts::EventCounts;
use crate::energy::Seconds;
use crate::report::{Range, WindowsPart, WorstWindow};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A window: which sample it is of, when it begins, and what happened in it.
struct Window {
    sample: usize,
    start_s: f64,
    seconds: f64,
    counts: EventCounts,
}

/// The worst on each device; `None` where nothing was told apart, or there is only one window.
pub(super) fn worst(devices: &[Parts<'_>], outcome: &Outcome) -> Option<WindowsPart> {
    let window = outcome.done.pieces?.window;
    let dt_s = outcome.net.dt_ms * 1e-3;
    let mut all = Vec::new();
    for (sample, cumulative) in outcome.pieces.iter().enumerate() {
        let mut begins = 0;
        for counts in windows(cumulative, window) {
            let (start_s, seconds) = (begins as f64 * dt_s, counts.ticks as f64 * dt_s);
            begins += counts.ticks;
            all.push(Window { sample, start_s, seconds, counts });
        }
    }
    if all.len() < 2 {
        return None;
    }
    let are_samples = outcome.done.task.is_some() && all.len() == outcome.pieces.len();
    let devices = devices.par_iter().filter_map(|parts| worst_on(parts, outcome, &all, are_samples)).collect();
    Some(WindowsPart { window_s: window as f64 * dt_s, windows: all.len() as u64, are_samples, devices })
}

fn worst_on(parts: &Parts<'_>, outcome: &Outcome, all: &[Window], are_samples: bool) -> Option<WorstWindow> {
    let own: Option<Vec<Seconds>> = all.iter().map(|window| parts.time(&window.counts)).collect();
    let in_simulated_time = own.is_none() && !are_samples;
    let times = own.or_else(|| in_simulated_time.then(|| all.iter().map(|window| Seconds(window.seconds)).collect()));
    let candidates = candidates(all, times.as_deref());
    let priced: Vec<_> = candidates
        .into_par_iter()
        .filter_map(|at| {
            let energy = parts.estimate(&all[at].counts)?.energy_per_sample?;
            Some((at, energy, times.as_ref().map(|times| energy / times[at])))
        })
        .collect();
    // Where there is a power it decides; the first of equals.
    let size = |(_, energy, power): &(usize, crate::energy::Range<_>, Option<crate::energy::Range<_>>)| {
        let energy: crate::energy::Joules = energy.nominal;
        let power: Option<crate::energy::Watts> = power.as_ref().map(|power| power.nominal);
        power.map_or(energy.0, |power| power.0)
    };
    let (at, energy, power) = priced.into_iter().reduce(|a, b| if size(&b) > size(&a) { b } else { a })?;
    let whole = parts.estimate(&outcome.counts)?.energy_per_sample?.nominal.0 * outcome.counts.samples as f64;
    let task = outcome.done.task.as_ref();
    Some(WorstWindow {
        device: parts.device.id.clone(),
        sample: task.map(|task| task.samples[all[at].sample] as u64),
        start_s: all[at].start_s,
        energy_j: Range { low: energy.low.0, nominal: energy.nominal.0, high: energy.high.0 },
        mean_energy_j: whole / all.len() as f64,
        power_w: power.map(|power| Range { low: power.low.0, nominal: power.nominal.0, high: power.high.0 }),
        mean_power_w: times.map(|times| whole / times.iter().map(|time| time.0).sum::<f64>()),
        in_simulated_time,
    })
}

/// Windows of which one is the worst. More events never cost less: among windows that take equally long, only those can be worst that no other has
/// at least as much of everything as. A price takes four thousand trials, and there may be many windows.
fn candidates(all: &[Window], times: Option<&[Seconds]>) -> Vec<usize> {
    let mut groups: BTreeMap<(u64, u64), Vec<usize>> = BTreeMap::new();
    for (at, window) in all.iter().enumerate() {
        let time = times.map_or(0, |times| times[at].0.to_bits());
        groups.entry((window.counts.ticks, time)).or_default().push(at);
    }
    groups.into_values().flat_map(|group| front(all, &group)).collect()
}

/// Those of a group that no other has at least as much of everything as; the first of equals.
fn front(all: &[Window], group: &[usize]) -> Vec<usize> {
    let counts = |at: usize| {
        let (total, spikes) = (all[at].counts.total(), all[at].counts.populations.iter().map(|p| p.spikes));
        let mut counts = vec![
            total.synaptic_events,
            total.effective_macs,
            total.neuron_updates_driven,
            total.neuron_updates_clocked,
            total.stimulus_events,
        ];
        counts.extend(spikes);
        counts
    };
    let mut kept: Vec<(usize, Vec<u64>)> = Vec::new();
    for &at in group {
        let new = counts(at);
        let covers = |a: &[u64], b: &[u64]| a.iter().zip(b).all(|(a, b)| a >= b);
        if !kept.iter().any(|(_, old)| covers(old, &new)) {
            kept.retain(|(_, old)| !covers(&new, old));
            kept.push((at, new));
        }
    }
    kept.into_iter().map(|(at, _)| at).collect()
}
