//! Walking rows: from spikes and numbers of a source to the inputs of a slice of targets.

use crate::compile::{CompiledProjection, Delays, Rows, Weights};
use std::ops::Range;

/// Inputs of a slice of a population: what has been sent and has not arrived yet, in a ring of ticks.
#[derive(Debug, Clone)]
pub(super) struct InputRing {
    len: usize,
    channels: usize,
    slots: usize,
    /// `sums[(slot * channels + channel) * len + neuron]`.
    sums: Vec<f64>,
    /// `arrivals[slot * len + neuron]`: synaptic events.
    arrivals: Vec<u32>,
}

impl InputRing {
    pub(super) fn new(len: usize, channels: usize, slots: usize) -> Self {
        Self { len, channels, slots, sums: vec![0.0; slots * channels * len], arrivals: vec![0; slots * len] }
    }

    /// The inputs of a tick, by channel, and the events that arrive.
    pub(super) fn at(&mut self, tick: u64) -> ([&mut [f64]; 2], &mut [u32]) {
        let slot = (tick % self.slots as u64) as usize;
        let (len, wide) = (self.len, self.channels * self.len);
        let sums = &mut self.sums[slot * wide..(slot + 1) * wide];
        let (first, second) = sums.split_at_mut(len);
        ([first, second], &mut self.arrivals[slot * len..(slot + 1) * len])
    }

    /// Forgets a tick that has passed.
    pub(super) fn clear(&mut self, tick: u64) {
        let ([first, second], arrivals) = self.at(tick);
        first.fill(0.0);
        second.fill(0.0);
        arrivals.fill(0);
    }

    pub(super) fn reset(&mut self) {
        self.sums.fill(0.0);
        self.arrivals.fill(0);
    }
}

/// Events of a projection whose connections share one weight and one delay, on their way to a slice of targets: counted, not summed,
/// so that an event is one increment of a small array. When they arrive, a target's input is their number times the weight.
#[derive(Debug, Clone)]
pub(super) struct CountRing {
    pub(super) weight: f64,
    delay: u32,
    len: usize,
    slots: usize,
    /// `counts[slot * len + neuron]`.
    counts: Vec<u32>,
}

impl CountRing {
    /// The ring of a projection onto `len` targets, where its events can be counted.
    pub(super) fn new(p: &CompiledProjection, len: usize, slots: usize) -> Option<Self> {
        match &p.rows {
            Rows::Sparse { weights: Weights::One(weight), delays: Delays::One(delay), .. } => {
                Some(Self { weight: *weight, delay: *delay, len, slots, counts: vec![0; slots * len] })
            }
            _ => None,
        }
    }

    /// The numbers of events that arrive in a tick.
    pub(super) fn at(&mut self, tick: u64) -> &mut [u32] {
        let slot = (tick % self.slots as u64) as usize;
        &mut self.counts[slot * self.len..(slot + 1) * self.len]
    }

    pub(super) fn reset(&mut self) {
        self.counts.fill(0);
    }

    /// Sends the spikes `sources` of `tick` to the targets `range`; gives the tick of arrival and the number of events.
    pub(super) fn send(&mut self, p: &CompiledProjection, sources: &[u32], tick: u64, range: &Range<usize>) -> (u64, u64) {
        let at = tick + u64::from(self.delay);
        let Rows::Sparse { offsets, targets, .. } = &p.rows else { return (at, 0) };
        let counts = self.at(at);
        let mut events = 0;
        for &s in sources {
            let row = &targets[offsets[s as usize] as usize..offsets[s as usize + 1] as usize];
            let row = &row[row.partition_point(|&t| (t as usize) < range.start)..];
            let row = &row[..row.partition_point(|&t| (t as usize) < range.end)];
            events += row.len() as u64;
            for &t in row {
                counts[t as usize - range.start] += 1;
            }
        }
        (at, events)
    }
}

/// Adds a weight to the channel it belongs to.
#[inline]
pub(super) fn add(sums: &mut [&mut [f64]; 2], by_sign: bool, target: usize, weight: f64) {
    let channel = usize::from(by_sign && weight < 0.0);
    sums[channel][target] += weight;
}

/// Delivers the spikes `sources` of `tick` to the targets `range`; `sent(arrival tick, events, non-zero events)` is told what is on its way.
pub(super) fn spikes(
    p: &CompiledProjection,
    sources: &[u32],
    tick: u64,
    range: &Range<usize>,
    ring: &mut InputRing,
    mut sent: impl FnMut(u64, u64, u64),
) {
    if range.is_empty() || sources.is_empty() {
        return;
    }
    let by_sign = ring.channels == 2;
    match &p.rows {
        Rows::Dense { targets, weights, delay } => {
            let at = tick + u64::from(*delay);
            let (mut sums, arrivals) = ring.at(at);
            let (mut events, mut nonzero) = (0, 0);
            for &s in sources {
                let row = &weights[s as usize * targets..][range.clone()];
                if by_sign {
                    row.iter().enumerate().for_each(|(t, w)| add(&mut sums, true, t, f64::from(*w)));
                } else {
                    sums[0].iter_mut().zip(row).for_each(|(sum, w)| *sum += f64::from(*w));
                }
                events += row.len() as u64;
                nonzero += match &p.nonzero {
                    Some(_) => row.iter().filter(|w| **w != 0.0).count() as u64,
                    None => row.len() as u64,
                };
            }
            // Every spike reaches every target.
            arrivals.iter_mut().for_each(|a| *a += sources.len() as u32);
            sent(at, events, nonzero);
        }
        Rows::Full { weight, delay, skip_self, .. } => {
            let at = tick + u64::from(*delay);
            let (mut sums, arrivals) = ring.at(at);
            let mut events = 0;
            for &s in sources {
                for t in 0..range.len() {
                    if !(*skip_self && s as usize == range.start + t) {
                        add(&mut sums, by_sign, t, *weight);
                        arrivals[t] += 1;
                        events += 1;
                    }
                }
            }
            sent(at, events, if *weight == 0.0 { 0 } else { events });
        }
        Rows::Diagonal { weights, delay } => {
            let at = tick + u64::from(*delay);
            let (mut sums, arrivals) = ring.at(at);
            let (mut events, mut nonzero) = (0, 0);
            for &s in sources.iter().filter(|s| range.contains(&(**s as usize))) {
                let (t, w) = (s as usize - range.start, weights.at(s as usize));
                add(&mut sums, by_sign, t, w);
                arrivals[t] += 1;
                events += 1;
                nonzero += u64::from(w != 0.0);
            }
            sent(at, events, nonzero);
        }
        Rows::Sparse { offsets, targets, weights, delays } => {
            let one_delay = delays.min() == delays.max();
            for &s in sources {
                let row = offsets[s as usize] as usize..offsets[s as usize + 1] as usize;
                let within = &targets[row.clone()];
                let first = row.start + within.partition_point(|&t| (t as usize) < range.start);
                let last = row.start + within.partition_point(|&t| (t as usize) < range.end);
                if one_delay {
                    let at = tick + u64::from(delays.min());
                    let (mut sums, arrivals) = ring.at(at);
                    let mut nonzero = 0;
                    for i in first..last {
                        let (t, w) = (targets[i] as usize - range.start, weights.at(i));
                        add(&mut sums, by_sign, t, w);
                        arrivals[t] += 1;
                        nonzero += u64::from(w != 0.0);
                    }
                    sent(at, (last - first) as u64, nonzero);
                } else {
                    for i in first..last {
                        let (t, w) = (targets[i] as usize - range.start, weights.at(i));
                        let at = tick + u64::from(delays.at(i));
                        let (mut sums, arrivals) = ring.at(at);
                        add(&mut sums, by_sign, t, w);
                        arrivals[t] += 1;
                        sent(at, 1, u64::from(w != 0.0));
                    }
                }
            }
        }
    }
}

/// What a projection of numbers did in a tick.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct AnalogWork {
    /// Non-zero input × non-zero weight.
    pub(super) operations: u64,
    /// Every input was 0, 1 or −1: the operations are accumulates.
    pub(super) ternary: bool,
}

/// Sends weight × value for the values of a source in `tick` to the targets `range`. Each non-zero value is an arrival.
pub(super) fn numbers(
    p: &CompiledProjection,
    values: &[f64],
    tick: u64,
    range: &Range<usize>,
    ring: &mut InputRing,
) -> AnalogWork {
    let by_sign = ring.channels == 2;
    let mut work = AnalogWork { operations: 0, ternary: true };
    for (s, &x) in values.iter().enumerate() {
        work.ternary &= x == 0.0 || x == 1.0 || x == -1.0;
        if x == 0.0 {
            continue;
        }
        work.operations += p.nonzero.as_ref().map_or_else(|| p.rows.fan_out(s), |n| u64::from(n[s]));
        let mut send = |delay: u32, t: usize, w: f64| {
            let (mut sums, arrivals) = ring.at(tick + u64::from(delay));
            add(&mut sums, by_sign, t, x * w);
            arrivals[t] += 1;
        };
        match &p.rows {
            Rows::Dense { targets, weights, delay } => {
                let row = &weights[s * targets..][range.clone()];
                let (mut sums, arrivals) = ring.at(tick + u64::from(*delay));
                if by_sign {
                    row.iter().enumerate().for_each(|(t, w)| add(&mut sums, true, t, x * f64::from(*w)));
                } else {
                    sums[0].iter_mut().zip(row).for_each(|(sum, w)| *sum += x * f64::from(*w));
                }
                arrivals.iter_mut().for_each(|a| *a += 1);
            }
            Rows::Full { weight, delay, skip_self, .. } => {
                (0..range.len()).filter(|t| !(*skip_self && s == range.start + t)).for_each(|t| send(*delay, t, *weight));
            }
            Rows::Diagonal { weights, delay } => {
                if range.contains(&s) {
                    send(*delay, s - range.start, weights.at(s));
                }
            }
            Rows::Sparse { offsets, targets, weights, delays } => {
                for i in offsets[s] as usize..offsets[s + 1] as usize {
                    if range.contains(&(targets[i] as usize)) {
                        send(delays.at(i), targets[i] as usize - range.start, weights.at(i));
                    }
                }
            }
        }
    }
    work
}
