//! A slice of a network in exact time: some neurons of every population, and what is on its way to them.

use super::Window;
use super::bucket::{Buckets, Event, What, sort};
use super::drive::{Cursor, Next};
use crate::compile::{CompiledNetwork, CompiledProjection, ExactDrive, ExactStimulus, Rows};
use crate::counts::{EventCounts, PopulationCounts};
use crate::neuron::ExactKernel;
use crate::numerics::ln_1p;
use crate::record::Probe;
use crate::rng::Stream;
use crate::spike::{InputTrain, Time};
use std::ops::Range;

/// A spike.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spike {
    pub(super) at: Time,
    pub(super) population: u32,
    pub(super) neuron: u32,
}

/// A sampled value of one neuron.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) tick: u64,
    pub(super) probe: usize,
    pub(super) neuron: u32,
    pub(super) value: f64,
}

/// As far ahead as can be asked.
const FAR: Time = Time::at_tick(u64::MAX);

pub(super) struct Slice {
    parts: Vec<Part>,
    buckets: Buckets,
    /// The crossing for which each neuron is to be woken; an earlier or later wake is out of date.
    wake: Vec<Option<Time>>,
    cursors: Vec<Cursor>,
    /// What each stimulus draws from.
    streams: Vec<Stream>,
    /// The current of each stimulus that brings one into each neuron that it reaches, by population.
    currents: Vec<Vec<f64>>,
    counts: EventCounts,
    pub(super) spikes: Vec<Spike>,
    pub(super) samples: Vec<Sample>,
}

/// The slice's neurons of one population.
struct Part {
    range: Range<usize>,
    /// The place in the slice of the first.
    first: u32,
    /// None for an input population, whose neurons spike where a stimulus says.
    kernel: Option<Box<dyn ExactKernel>>,
}

impl Slice {
    /// Slice `index` of `of`.
    pub(super) fn new(net: &CompiledNetwork, index: usize, of: usize, window: u64) -> Self {
        let mut first = 0;
        let parts: Vec<Part> = net
            .populations
            .iter()
            .map(|p| {
                let range = p.size * index / of..p.size * (index + 1) / of;
                let kernel = if p.is_input() { None } else { p.with_block(net, range.clone(), |block| p.model.exact(block)) };
                let part = Part { first, kernel, range };
                first += part.range.len() as u32;
                part
            })
            .collect();
        let mut slice = Self {
            parts,
            buckets: Buckets::new(window),
            wake: vec![None; first as usize],
            cursors: Vec::new(),
            streams: Vec::new(),
            currents: Vec::new(),
            counts: EventCounts::zero(net.populations.len(), net.projections.len()),
            spikes: Vec::new(),
            samples: Vec::new(),
        };
        slice.begin(net, 0);
        slice
    }

    pub(super) fn reset(&mut self, net: &CompiledNetwork, epoch: u64) {
        self.parts.iter_mut().filter_map(|part| part.kernel.as_mut()).for_each(|kernel| kernel.reset());
        self.buckets.clear();
        self.spikes.clear();
        self.samples.clear();
        self.begin(net, epoch);
    }

    /// Puts down what is to come from the initial state.
    fn begin(&mut self, net: &CompiledNetwork, epoch: u64) {
        self.counts = EventCounts::zero(net.populations.len(), net.projections.len());
        self.streams = (0..).zip(&net.exact_stimuli).map(|(at, s)| s.stream(net.seed, at, epoch)).collect();
        self.cursors = vec![Cursor::default(); net.exact_stimuli.len()];
        self.wake.fill(None);
        self.currents = net
            .exact_stimuli
            .iter()
            .map(|s| match s.drive {
                ExactDrive::Current(_) | ExactDrive::Noise { .. } => vec![0.0; self.parts[s.to].range.len()],
                _ => Vec::new(),
            })
            .collect();
        for (stimulus, s) in (0..).zip(&net.exact_stimuli) {
            if let ExactDrive::Poisson { window, .. } = &s.drive {
                let part = &self.parts[s.to];
                let first = part.first;
                for n in targets(s, &part.range) {
                    let neuron = (part.range.start + n) as u32;
                    if let Some(at) = drawn(s, &self.streams[stimulus as usize], neuron, 0, window.0) {
                        let what = What::Drawn { stimulus, draw: 0 };
                        self.buckets.push(Event { at, neuron: first + n as u32, what }, 0);
                    }
                }
            }
        }
        for part in &self.parts {
            let Some(kernel) = &part.kernel else { continue };
            for n in 0..part.range.len() {
                let neuron = part.first + n as u32;
                predict(kernel.as_ref(), n, neuron, 0, &mut self.wake, &mut self.buckets);
            }
        }
    }

    /// Puts down the spikes of a train, of which tick 1 is the next.
    pub(super) fn set_input(&mut self, population: usize, train: &InputTrain, tick: u64) {
        let InputTrain::Spikes(ticks) = train else { return };
        let part = &self.parts[population];
        for (at, ids) in (tick + 1..).zip(ticks) {
            for &id in ids.iter().filter(|id| part.range.contains(&(**id as usize))) {
                let neuron = part.first + id - part.range.start as u32;
                let what = What::Stimulus { weight: 1.0 };
                self.buckets.push(Event { at: Time::at_tick(at), neuron, what }, 0);
            }
        }
    }

    pub(super) fn counts(&self) -> &EventCounts {
        &self.counts
    }

    /// The next window in which something is due.
    pub(super) fn due(&self, net: &CompiledNetwork) -> Option<u64> {
        let cursors = self.cursors.iter().zip(&net.exact_stimuli).filter_map(|(cursor, s)| cursor.time(s));
        cursors.map(|at| self.buckets.window_of(at)).chain(self.buckets.first()).min()
    }

    /// Events that wait for a window.
    pub(super) fn waiting(&self, window: u64) -> usize {
        self.buckets.waiting(window)
    }

    /// Advances every neuron to which something happens through its events of a window, as far as it is to pass now.
    pub(super) fn advance(&mut self, net: &CompiledNetwork, window: &Window, probes: &[Probe]) {
        let end = Time::at_tick(window.last.min(window.end));
        let mut events = self.buckets.take(window.number);
        if window.end < window.last {
            let (now, later) = events.into_iter().partition(|event| event.at <= end);
            events = now;
            let later: Vec<Event> = later;
            later.into_iter().for_each(|event| self.buckets.push(event, window.number));
        }
        self.draw(net, &mut events, end);
        self.drive(net, &mut events, end);
        self.put_samples(probes, window, &mut events);
        sort(&mut events);
        let mut population = 0;
        for of_one in events.chunk_by(|a, b| a.neuron == b.neuron) {
            let neuron = of_one[0].neuron;
            while neuron - self.parts[population].first >= self.parts[population].range.len() as u32 {
                population += 1;
            }
            let part = &mut self.parts[population];
            let n = (neuron - part.first) as usize;
            let id = (part.range.start + n) as u32;
            let counts = &mut self.counts.populations[population];
            let spikes = &mut self.spikes;
            let mut spike = |at: Time, counts: &mut PopulationCounts| {
                counts.spikes += 1;
                spikes.push(Spike { at, population: population as u32, neuron: id });
            };
            let Some(kernel) = part.kernel.as_deref_mut() else {
                of_one.iter().filter(|e| matches!(e.what, What::Stimulus { .. })).for_each(|e| spike(e.at, counts));
                continue;
            };
            let is_due = |event: &Event, wake: Option<Time>| matches!(event.what, What::Wake) && Some(event.at) == wake;
            let wake = self.wake[neuron as usize];
            if of_one.iter().any(|event| is_due(event, wake)) {
                self.wake[neuron as usize] = None;
            } else if of_one.iter().all(|event| matches!(event.what, What::Wake)) {
                continue;
            }
            // Crossings are sought to the end of the window, whatever events the window has: what only listens must not change a bit.
            let window_end = Time::at_tick(window.last);
            let mut crossing = kernel.crossing(n, window_end);
            for at_once in of_one.chunk_by(|a, b| a.at == b.at) {
                let at = at_once[0].at;
                while let Some(crosses) = crossing.filter(|crosses| *crosses <= at) {
                    // A crossing put off from the window before, by its last bits, is at the very start of this one.
                    let crosses = crosses.max(Time::at_tick(window.first));
                    kernel.advance(n, crosses);
                    kernel.spike(n);
                    spike(crosses, counts);
                    crossing = kernel.crossing(n, window_end);
                }
                let (mut arrived, mut changed) = (false, false);
                for event in at_once {
                    if !changed && matches!(event.what, What::Current { .. } | What::Stimulus { .. } | What::Synapse { .. }) {
                        kernel.advance(n, at);
                        changed = true;
                    }
                    match event.what {
                        What::Current { stimulus, value } => {
                            self.currents[stimulus as usize][n] = value;
                            let all = net.exact_stimuli.iter().zip(&self.currents).filter(|(s, _)| s.to == population);
                            kernel.inject(n, all.filter_map(|(_, currents)| currents.get(n)).sum());
                        }
                        What::Stimulus { weight } => {
                            arrived = true;
                            counts.stimulus_events += 1;
                            kernel.receive(n, weight);
                        }
                        What::Synapse { projection, weight } => {
                            arrived = true;
                            let projection = &mut self.counts.projections[projection as usize];
                            projection.synaptic_events += 1;
                            projection.effective_acs += u64::from(weight != 0.0);
                            counts.synaptic_events_dropped += u64::from(!kernel.receive(n, weight));
                        }
                        What::Sample { probe } => {
                            let value = kernel.value(at, n, &probes[probe as usize].variable).unwrap_or(f64::NAN);
                            self.samples.push(Sample { tick: at.tick, probe: probe as usize, neuron: id, value });
                        }
                        What::Drawn { .. } | What::Wake => {}
                    }
                }
                counts.neuron_updates_driven += u64::from(arrived);
                if changed {
                    if kernel.at_threshold(n) {
                        kernel.spike(n);
                        spike(at, counts);
                    }
                    crossing = kernel.crossing(n, window_end);
                }
            }
            while let Some(crosses) = crossing.filter(|crosses| *crosses <= end) {
                let crosses = crosses.max(Time::at_tick(window.first));
                kernel.advance(n, crosses);
                kernel.spike(n);
                spike(crosses, counts);
                crossing = kernel.crossing(n, window_end);
            }
            let next = if crossing.is_some() { window.number } else { window.number + 1 };
            predict(kernel, n, neuron, next, &mut self.wake, &mut self.buckets);
        }
    }

    /// Turns Poisson events that are due into events, and draws the next ones of their neurons.
    fn draw(&mut self, net: &CompiledNetwork, events: &mut Vec<Event>, end: Time) {
        for at in 0..events.len() {
            let What::Drawn { stimulus, mut draw } = events[at].what else { continue };
            let neuron = events[at].neuron;
            let s = &net.exact_stimuli[stimulus as usize];
            let ExactDrive::Poisson { weight, .. } = s.drive else { continue };
            let part = &self.parts[s.to];
            let id = part.range.start as u32 + (neuron - part.first);
            let what = What::Stimulus { weight };
            let mut now = events[at].at;
            events[at].what = what;
            loop {
                draw += 1;
                let Some(next) = drawn(s, &self.streams[stimulus as usize], id, draw, now) else { break };
                now = next;
                if now > end {
                    self.buckets.push(Event { at: now, neuron, what: What::Drawn { stimulus, draw } }, 0);
                    break;
                }
                events.push(Event { at: now, neuron, what });
            }
        }
    }

    /// Brings what stimuli have for many neurons until `end`.
    fn drive(&mut self, net: &CompiledNetwork, events: &mut Vec<Event>, end: Time) {
        for ((stimulus, s), cursor) in (0..).zip(&net.exact_stimuli).zip(&mut self.cursors) {
            let part = &self.parts[s.to];
            while let Some(at) = cursor.time(s).filter(|at| *at <= end) {
                let Some(next) = cursor.take(s) else { break };
                let mut put = |n: usize, what: What| events.push(Event { at, neuron: part.first + n as u32, what });
                match next {
                    Next::Event { neuron: Some(neuron), weight } => {
                        if part.range.contains(&(neuron as usize)) {
                            put(neuron as usize - part.range.start, What::Stimulus { weight });
                        }
                    }
                    Next::Event { neuron: None, weight } => {
                        targets(s, &part.range).for_each(|n| put(n, What::Stimulus { weight }));
                    }
                    Next::Current(value) => targets(s, &part.range).for_each(|n| put(n, What::Current { stimulus, value })),
                    Next::Noise { mean, sd, draw } => {
                        let stream = &self.streams[stimulus as usize];
                        for n in targets(s, &part.range) {
                            let value = mean + sd * stream.normal(draw << 32 | (part.range.start + n) as u64);
                            put(n, What::Current { stimulus, value });
                        }
                    }
                }
            }
        }
    }

    /// Puts down what is sampled in a window.
    fn put_samples(&self, probes: &[Probe], window: &Window, events: &mut Vec<Event>) {
        let (after, last) = (window.first.max(window.done), window.last.min(window.end));
        for (index, probe) in (0..).zip(probes) {
            let part = &self.parts[probe.population];
            let within = |id: usize| probe.ids.partition_point(|&other| (other as usize) < id);
            let ids = &probe.ids[within(part.range.start)..within(part.range.end)];
            let mut tick = (after / probe.every + 1).saturating_mul(probe.every);
            while tick <= last {
                for id in ids {
                    let neuron = part.first + id - part.range.start as u32;
                    events.push(Event { at: Time::at_tick(tick), neuron, what: What::Sample { probe: index } });
                }
                tick = tick.saturating_add(probe.every);
            }
        }
    }

    /// Takes the spikes of a window, of all slices, on their way to this slice's neurons.
    pub(super) fn hear(&mut self, net: &CompiledNetwork, spikes: &[Spike]) {
        for spike in spikes {
            for (index, p) in (0..).zip(&net.projections).filter(|(_, p)| p.from == spike.population as usize) {
                let part = &self.parts[p.to];
                let buckets = &mut self.buckets;
                connections(p, spike.neuron as usize, &part.range, |n, weight, delay| {
                    let (at, neuron) = (spike.at.after_ticks(u64::from(delay)), part.first + n as u32);
                    buckets.push(Event { at, neuron, what: What::Synapse { projection: index, weight } }, 0);
                });
            }
        }
    }
}

/// Puts a neuron down for the window in which it will spike if nothing more reaches it, but for none before `least`.
fn predict(kernel: &dyn ExactKernel, n: usize, neuron: u32, least: u64, wake: &mut [Option<Time>], buckets: &mut Buckets) {
    let crossing = kernel.crossing(n, FAR);
    if let Some(at) = crossing
        && wake[neuron as usize] != crossing
    {
        buckets.push(Event { at, neuron, what: What::Wake }, least);
    }
    wake[neuron as usize] = crossing;
}

/// When the event of draw `draw` of a Poisson stimulus comes to a neuron, after the one at `before`.
fn drawn(s: &ExactStimulus, stream: &Stream, neuron: u32, draw: u32, before: Time) -> Option<Time> {
    let ExactDrive::Poisson { interval_ms, window, .. } = &s.drive else { return None };
    // 1 - u is in (0, 1], so the logarithm is finite.
    let interval = -interval_ms * ln_1p(-stream.uniform(u64::from(neuron) << 32 | u64::from(draw)));
    let at = before.after_ms(interval);
    window.1.is_none_or(|last| at <= last).then_some(at)
}

/// The places in `range` of the neurons that a stimulus reaches.
fn targets<'a>(s: &'a ExactStimulus, range: &'a Range<usize>) -> Box<dyn Iterator<Item = usize> + 'a> {
    if s.ids.is_empty() {
        return Box::new(0..range.len());
    }
    Box::new(s.ids.iter().map(|&id| id as usize).filter(|id| range.contains(id)).map(|id| id - range.start))
}

/// Calls `each(place in range, weight, delay)` for the connections of a source to the targets `range`.
fn connections(p: &CompiledProjection, source: usize, range: &Range<usize>, mut each: impl FnMut(usize, f64, u32)) {
    match &p.rows {
        Rows::Dense { matrix, delay } => {
            range.clone().enumerate().for_each(|(n, target)| each(n, matrix.at(source * matrix.targets + target), *delay));
        }
        Rows::Full { weight, delay, skip_self, .. } => {
            (0..range.len()).filter(|n| !(*skip_self && source == range.start + n)).for_each(|n| each(n, *weight, *delay));
        }
        Rows::Diagonal { weights, delay } => {
            if range.contains(&source) {
                each(source - range.start, weights.at(source), *delay);
            }
        }
        Rows::Sparse { offsets, targets, weights, delays } => {
            let row = offsets[source] as usize..offsets[source + 1] as usize;
            let place = |id: usize| row.start + targets[row.clone()].partition_point(|&t| (t as usize) < id);
            for i in place(range.start)..place(range.end) {
                each(targets[i] as usize - range.start, weights.at(i), delays.at(i));
            }
        }
        Rows::Convolution(c) => c.each(source, &mut |target, weight| {
            if range.contains(&target) {
                each(target - range.start, weight, c.delay);
            }
        }),
        // Networks in exact time have no bundles.
        Rows::Bundled { .. } => {}
    }
}
