//! Explanations in models that are linear between spikes.

use super::gather::{gather, own_spikes};
use super::{Cause, Explanation, Moment, Source};
use crate::compile::CompiledNetwork;
use crate::neuron::{ResetAt, Response, STATES};
use crate::record::SpikeHistory;
use std::collections::BTreeMap;

/// Ticks whose own spikes are looked up at once.
const AT_ONCE: u64 = 1024;
/// What is left of a unit below this part of the most that was ever left of one is forgotten: less than rounding leaves.
const FORGOTTEN: f64 = 1e-18;

/// What a unit of each state variable at the end of a tick comes to in the membrane that is explained.
#[derive(Clone, Copy)]
struct Gain {
    of: [f64; STATES],
    /// The membrane is held in the tick, and free again in this one.
    free_at: Option<u64>,
    /// What a unit of the membrane before the tick comes to.
    before: f64,
}

impl Gain {
    /// What so much of each state comes to that the tick adds.
    fn times(&self, added: &[f64; STATES]) -> f64 {
        let first = usize::from(self.free_at.is_some());
        (first..STATES).map(|k| self.of[k] * added[k]).sum()
    }
}

pub(super) fn explain(
    net: &CompiledNetwork,
    response: &Response,
    at: Moment,
    history: &dyn SpikeHistory,
    epoch: u64,
) -> Explanation {
    let mut own = BTreeMap::new();
    let mut looked_up = at.tick + 1;
    let first = history.first_tick();
    // `gains[k]` is that of tick `at.tick - k`.
    let mut gains: Vec<Gain> = Vec::new();
    let mut causes = Vec::new();
    let mut of = [0.0; STATES];
    of[0] = 1.0;
    let (mut most, mut constant, mut tick) = (of, 0.0, at.tick);
    let mut lift = None;
    let forgotten = |of: &[f64; STATES], most: &[f64; STATES]| of.iter().zip(most).all(|(of, most)| of.abs() <= FORGOTTEN * most);
    // Back to where nothing is left; what threshold an adapting neuron had needs its earlier spikes too.
    while tick > 0 && tick >= first && (!forgotten(&of, &most) || lift_is_open(response, at.tick - tick, &mut lift)) {
        // Those that hold the neuron in this tick, and the one before it.
        if tick.saturating_sub(response.held + 1).max(1) < looked_up {
            let from = tick.saturating_sub(response.held + AT_ONCE).max(1);
            own_spikes(at, from..=looked_up - 1, history, &mut own);
            looked_up = from;
        }
        let spikes = |tick: u64| own.get(&tick).copied().unwrap_or(0);
        let mut reset = |tick: u64, of: &mut [f64; STATES]| {
            let number = if tick < at.tick { spikes(tick) } else { 0 };
            if number == 0 {
                return;
            }
            let part = match (response.reset, response.threshold) {
                (Some(target), _) => std::mem::take(&mut of[0]) * target,
                (None, Some(threshold)) => -of[0] * threshold * f64::from(number),
                (None, None) => 0.0,
            };
            causes.push(Cause { source: Source::Reset, arrived: tick, weight: 0.0, part, dropped: false });
        };
        match response.reset_at {
            ResetAt::Now | ResetAt::Twice => reset(tick, &mut of),
            ResetAt::AfterLeak => reset(tick - 1, &mut of),
            ResetAt::BeforeLeak => {}
        }
        let since = own.range(..tick).next_back().map(|(spike, _)| *spike);
        let free_at = since.map(|spike| spike + response.held + 1).filter(|free| tick < *free);
        let mut before = [0.0; STATES];
        for (from, before) in before.iter_mut().enumerate() {
            *before = (0..STATES).filter(|to| *to > 0 || free_at.is_none()).map(|to| of[to] * response.step[to][from]).sum();
        }
        if free_at.is_some() {
            before[0] += of[0];
        }
        if response.reset_at == ResetAt::BeforeLeak {
            reset(tick - 1, &mut before);
        }
        let gain = Gain { of, free_at, before: before[0] };
        constant += gain.times(&response.constant);
        gains.push(gain);
        of = before;
        most.iter_mut().zip(&of).for_each(|(most, of)| *most = most.max(of.abs()));
        tick -= 1;
    }
    let complete = tick == 0 || forgotten(&of, &most);
    let since = tick;
    let gain_of = |tick: u64| gains.get((at.tick - tick) as usize);
    if since == 0 {
        let part = (0..STATES).map(|k| of[k] * response.start[k]).sum();
        causes.push(Cause { source: Source::Start, arrived: 0, weight: 0.0, part, dropped: false });
    }
    causes.push(Cause { source: Source::Constant, arrived: at.tick, weight: 0.0, part: constant, dropped: false });
    let gathered = gather(net, at, since + 1..=at.tick, history, epoch);
    let mut numbers: BTreeMap<(usize, u32), Cause> = BTreeMap::new();
    for arrival in &gathered.arrivals {
        let Some(gain) = gain_of(arrival.tick) else { continue };
        let unit = &response.input[arrival.channel];
        let mut part = arrival.weight * gain.times(unit);
        let mut dropped = false;
        if let (Some(free), Some(kept)) = (gain.free_at, response.kept) {
            dropped = kept == 0.0;
            // What is kept waits and decays, and comes in the first free tick.
            if let Some(later) = (free <= at.tick).then(|| gain_of(free)).flatten() {
                let left = kept.powi(i32::try_from(free - arrival.tick).unwrap_or(i32::MAX));
                part += arrival.weight * left * later.times(unit);
            }
        }
        let cause = Cause { source: arrival.source, arrived: arrival.tick, weight: arrival.weight, part, dropped };
        match arrival.source {
            Source::Numbers { projection, neuron, .. } => {
                let sum = numbers.entry((projection, neuron)).or_insert(Cause { weight: 0.0, part: 0.0, ..cause });
                (sum.arrived, sum.weight, sum.part) = (arrival.tick, sum.weight + arrival.weight, sum.part + part);
            }
            _ => causes.push(cause),
        }
    }
    causes.extend(numbers.into_values());
    let mut currents: BTreeMap<usize, f64> = BTreeMap::new();
    for &(stimulus, tick, value) in &gathered.currents {
        *currents.entry(stimulus).or_default() += value * gain_of(tick).map_or(0.0, |gain| gain.times(&response.current));
    }
    causes.extend(currents.into_iter().map(|(stimulus, part)| {
        let source = Source::Current { stimulus };
        Cause { source, arrived: at.tick, weight: 0.0, part, dropped: false }
    }));
    for &(projection, channel, value) in &gathered.biases {
        let part = value * gains.iter().map(|gain| gain.times(&response.input[channel])).sum::<f64>();
        causes.push(Cause { source: Source::Bias { projection }, arrived: at.tick, weight: value, part, dropped: false });
    }
    history.each_kick(at.population, at.neuron, since..=at.tick - 1, &mut |tick, by| {
        if let Some(gain) = gain_of(tick + 1) {
            causes.push(Cause { source: Source::Kick, arrived: tick + 1, weight: by, part: by * gain.before, dropped: false });
        }
    });
    let spiked = own.contains_key(&at.tick);
    let threshold = response.threshold.map(|threshold| threshold + lift_at(response, at.tick, since, &own));
    let complete = complete && !gathered.numbers_missing && history.changed_after() <= since;
    let v = threshold.filter(|_| !complete && spiked);
    Explanation { since, complete, ..Explanation::new(at, spiked, threshold, causes, v) }
}

/// Whether spikes so many ticks ago still lift the threshold.
fn lift_is_open(response: &Response, ago: u64, left: &mut Option<f64>) -> bool {
    let Some([jump, decay, start]) = response.lift else { return false };
    let left = left.get_or_insert(1.0);
    if ago > 0 {
        *left *= decay;
    }
    *left * jump.max(start.abs()) > 1e-15
}

/// The lift of the threshold in a tick, of the spikes since then.
fn lift_at(response: &Response, tick: u64, since: u64, own: &BTreeMap<u64, u32>) -> f64 {
    let Some([jump, decay, start]) = response.lift else { return 0.0 };
    let left = |from: u64| decay.powi(i32::try_from(tick - from).unwrap_or(i32::MAX));
    let of_spikes: f64 = own.range(since + 1..tick).map(|(spike, number)| jump * f64::from(*number) * left(*spike)).sum();
    of_spikes + if since == 0 { start * left(0) } else { 0.0 }
}
