//! A slice of a network: some neurons of every population, and everything that arrives at them.

use super::deliver::{self, CountRing, InputRing, add};
use crate::compile::{CompiledDrive, CompiledNetwork, CompiledPopulation, CompiledProjection, CompiledStimulus, PoissonNumber};
use crate::counts::{EventCounts, PopulationCounts};
use crate::neuron::{Kernel, Output, Tick};
use crate::record::Probe;
use crate::rng::Stream;
use crate::spike::InputTrain;
use std::ops::Range;
use std::sync::Arc;

/// A sample of a probe's neurons that live in the slice.
pub(super) struct Sample {
    pub(super) probe: usize,
    pub(super) tick: u64,
    pub(super) values: Vec<f64>,
}

/// Some neurons of every population.
pub(super) struct Slice {
    parts: Vec<Part>,
    counts: EventCounts,
    /// Where the events of a projection are counted instead of summed; one entry per projection.
    counted: Vec<Option<CountRing>>,
    /// Events on their way, by projection and arrival tick: `[projection * slots + slot]` = (events, with non-zero weight).
    on_the_way: Vec<(u64, u64)>,
    slots: usize,
    /// Spikes of the window: `[tick in window][population]`.
    spikes: Vec<Vec<Vec<u32>>>,
    samples: Vec<Sample>,
    /// Ticks that lie before this run in the streams of random stimuli.
    epoch: u64,
}

/// The slice's neurons of one population.
struct Part {
    range: Range<usize>,
    kernel: Box<dyn Kernel>,
    ring: InputRing,
    /// What an analog population gave in the last tick.
    output: Vec<f64>,
    /// Currents of the tick; empty where no stimulus brings one.
    current: Vec<f64>,
    /// Neurons that a stimulus reached in the tick.
    touched: Vec<bool>,
    /// What an input population puts out, and the tick before its first.
    train: Option<(Arc<InputTrain>, u64)>,
    /// A current stimulus gives this input population numbers to put out.
    injected: bool,
}

impl Slice {
    /// Slice `index` of `of`.
    pub(super) fn new(net: &CompiledNetwork, index: usize, of: usize) -> Self {
        let window = net.min_delay.max(1) as usize;
        let slots = net.max_delay as usize + window + 1;
        let parts = net
            .populations
            .iter()
            .enumerate()
            .map(|(at, p)| {
                let range = p.size * index / of..p.size * (index + 1) / of;
                let spec = p.model.spec();
                let has_current = net
                    .stimuli
                    .iter()
                    .any(|s| s.to == at && matches!(s.drive, CompiledDrive::Current(_) | CompiledDrive::Noise(_)));
                Part {
                    kernel: p.with_block(net, range.clone(), |block| p.model.kernel(block)),
                    ring: InputRing::new(if p.is_input() { 0 } else { range.len() }, spec.input.channels(), slots),
                    output: vec![0.0; if spec.output == Output::Spikes { 0 } else { range.len() }],
                    current: vec![0.0; if has_current && !p.is_input() { range.len() } else { 0 }],
                    injected: has_current && p.is_input(),
                    touched: vec![false; range.len()],
                    train: None,
                    range,
                }
            })
            .collect::<Vec<Part>>();
        // Numbers are summed even where the rows would allow counting.
        let spikes_only = |p: &CompiledProjection| net.populations[p.from].model.spec().output == Output::Spikes;
        let counted = net
            .projections
            .iter()
            .map(|p| if spikes_only(p) { CountRing::new(p, parts[p.to].range.len(), slots) } else { None })
            .collect();
        Self {
            counted,
            parts,
            counts: EventCounts::zero(net.populations.len(), net.projections.len()),
            on_the_way: vec![(0, 0); slots * net.projections.len()],
            slots,
            spikes: vec![vec![Vec::new(); net.populations.len()]; window],
            samples: Vec::new(),
            epoch: 0,
        }
    }

    /// Back to the start, with random stimuli as if `epoch` ticks had passed before.
    pub(super) fn reset(&mut self, epoch: u64) {
        self.epoch = epoch;
        for part in &mut self.parts {
            part.kernel.reset();
            part.ring.reset();
            part.output.fill(0.0);
            part.train = None;
        }
        self.counts = EventCounts::zero(self.counts.populations.len(), self.counts.projections.len());
        self.on_the_way.fill((0, 0));
        self.counted.iter_mut().flatten().for_each(CountRing::reset);
    }

    pub(super) fn set_input(&mut self, population: usize, train: Arc<InputTrain>, tick: u64) {
        self.parts[population].train = Some((train, tick));
    }

    pub(super) fn spikes(&self, offset: usize, population: usize) -> &[u32] {
        &self.spikes[offset][population]
    }

    pub(super) fn samples(&self) -> &[Sample] {
        &self.samples
    }

    pub(super) fn counts(&self) -> &EventCounts {
        &self.counts
    }

    /// Steps the slice through a window. Where some projections deliver within the tick, everything is sent as soon as it is
    /// emitted, in the order of populations; else [`Slice::deliver`] sends it after the window, in the same order.
    pub(super) fn advance(&mut self, net: &CompiledNetwork, start: u64, window: u64, probes: &[Probe]) {
        self.samples.clear();
        for offset in 0..window {
            let tick = start + 1 + offset;
            for &population in &net.order {
                self.step(net, population, tick, offset as usize);
                if net.min_delay == 0 {
                    let ids = std::mem::take(&mut self.spikes[offset as usize][population]);
                    self.send(net, population, tick, &ids);
                    self.spikes[offset as usize][population] = ids;
                }
            }
            let slot = (tick % self.slots as u64) as usize;
            for (projection, counts) in self.counts.projections.iter_mut().enumerate() {
                let (events, nonzero) = std::mem::take(&mut self.on_the_way[projection * self.slots + slot]);
                counts.synaptic_events += events;
                counts.effective_acs += nonzero;
            }
            self.sample(probes, tick);
        }
    }

    /// Sends the spikes of a window, of all slices, to this slice's neurons.
    pub(super) fn deliver(&mut self, net: &CompiledNetwork, start: u64, window: u64, spikes: &[Vec<Vec<u32>>]) {
        if net.min_delay == 0 {
            return;
        }
        for offset in 0..window {
            for &population in &net.order {
                self.send(net, population, start + 1 + offset, &spikes[offset as usize][population]);
            }
        }
    }

    /// One tick of one population.
    fn step(&mut self, net: &CompiledNetwork, population: usize, tick: u64, offset: usize) {
        let p = &net.populations[population];
        let part = &mut self.parts[population];
        let counts = &mut self.counts.populations[population];
        let spikes = &mut self.spikes[offset][population];
        spikes.clear();
        if p.is_input() {
            part.put_out(net, population, tick, self.epoch, spikes, counts);
            return;
        }
        part.current.fill(0.0);
        for stimulus in net.stimuli.iter().filter(|s| s.to == population) {
            part.stimulate(stimulus, p, tick, self.epoch, counts);
        }
        let by_sign = p.model.spec().input.channels() == 2;
        let (mut sums, arrivals) = part.ring.at(tick);
        for (projection, counted) in net.projections.iter().zip(&mut self.counted).filter(|(j, _)| j.to == population) {
            if let Some(ring) = counted {
                let weight = ring.weight;
                let numbers = ring.at(tick);
                let sum = &mut sums[usize::from(by_sign && weight < 0.0)];
                for ((sum, arrived), number) in sum.iter_mut().zip(arrivals.iter_mut()).zip(numbers.iter_mut()) {
                    *sum += f64::from(*number) * weight;
                    *arrived += std::mem::take(number);
                }
            }
            if let Some(bias) = &projection.bias {
                let bias = &bias[part.range.clone()];
                bias.iter().enumerate().for_each(|(t, b)| add(&mut sums, by_sign, t, f64::from(*b)));
            }
        }
        counts.neuron_updates_clocked += part.range.len() as u64;
        counts.neuron_updates_driven +=
            arrivals.iter().zip(&part.touched).filter(|(arrived, touched)| **arrived > 0 || **touched).count() as u64;
        let [first, second] = sums;
        part.kernel.step(&mut Tick {
            number: tick,
            first: 0,
            membrane_updates: true,
            input: [&*first, &*second],
            current: &part.current,
            arrivals,
            spikes,
            output: &mut part.output,
            counts,
        });
        counts.spikes += spikes.len() as u64;
        part.ring.clear(tick);
        part.touched.fill(false);
        let first = part.range.start as u32;
        spikes.iter_mut().for_each(|id| *id += first);
    }

    /// Sends what a population gave in a tick: its spikes, and its numbers where it gives any.
    fn send(&mut self, net: &CompiledNetwork, population: usize, tick: u64, ids: &[u32]) {
        let analog = match net.populations[population].model.spec().output {
            Output::Analog => true,
            Output::External => self.parts[population].gives_numbers(),
            Output::Spikes => false,
        };
        for (index, p) in net.projections.iter().enumerate().filter(|(_, p)| p.from == population) {
            let counts = &mut self.counts.projections[index];
            if analog {
                // Taken out for the call: source and target may be one population.
                let values = std::mem::take(&mut self.parts[population].output);
                let to = &mut self.parts[p.to];
                let work = deliver::numbers(p, &values, tick, &to.range, &mut to.ring);
                self.parts[population].output = values;
                if work.ternary {
                    counts.effective_acs += work.operations;
                } else {
                    counts.effective_macs += work.operations;
                }
            }
            // Messages are counted once, by the slice of the first neurons.
            let to = &mut self.parts[p.to];
            if to.range.start == 0 && !to.range.is_empty() || net.populations[p.to].size == 0 {
                counts.spikes_in += ids.len() as u64;
            }
            let on_the_way = &mut self.on_the_way[index * self.slots..(index + 1) * self.slots];
            let slots = self.slots as u64;
            if let Some(ring) = &mut self.counted[index] {
                let (at, events) = ring.send(p, ids, tick, &to.range);
                let entry = &mut on_the_way[(at % slots) as usize];
                entry.0 += events;
                entry.1 += if ring.weight == 0.0 { 0 } else { events };
                continue;
            }
            deliver::spikes(p, ids, tick, &to.range, &mut to.ring, |at, events, nonzero| {
                let entry = &mut on_the_way[(at % slots) as usize];
                entry.0 += events;
                entry.1 += nonzero;
            });
        }
    }

    fn sample(&mut self, probes: &[Probe], tick: u64) {
        for (index, probe) in probes.iter().enumerate() {
            if !(tick - 1).is_multiple_of(probe.every) {
                continue;
            }
            let part = &self.parts[probe.population];
            let values = match part.kernel.variable(&probe.variable) {
                Some(values) => values,
                None => part.output.as_slice(),
            };
            let within = |id: u32| probe.ids.partition_point(|&other| other < id);
            let ids = &probe.ids[within(part.range.start as u32)..within(part.range.end as u32)];
            let values = ids.iter().map(|&id| values.get(id as usize - part.range.start).copied().unwrap_or(f64::NAN)).collect();
            self.samples.push(Sample { probe: index, tick, values });
        }
    }
}

impl Part {
    fn gives_numbers(&self) -> bool {
        let train = self.train.as_ref().map(|(train, _)| &**train);
        self.injected || matches!(train, Some(InputTrain::Constant(_) | InputTrain::Frames { .. }))
    }

    /// What an input population gives in a tick: its train's spikes or numbers, and a spike for every stimulus event.
    fn put_out(
        &mut self,
        net: &CompiledNetwork,
        population: usize,
        tick: u64,
        epoch: u64,
        spikes: &mut Vec<u32>,
        counts: &mut PopulationCounts,
    ) {
        if self.injected {
            self.output.fill(0.0);
        }
        if let Some((train, start)) = &self.train {
            let row = (tick - start - 1) as usize;
            match &**train {
                InputTrain::Spikes(ticks) => {
                    let ids = ticks.get(row).map_or(&[][..], Vec::as_slice);
                    spikes.extend(ids.iter().filter(|id| self.range.contains(&(**id as usize))));
                }
                InputTrain::Constant(values) => self.output.copy_from_slice(&values[self.range.clone()]),
                InputTrain::Frames { channels, values } => match values.get(row * channels..(row + 1) * channels) {
                    Some(values) => self.output.copy_from_slice(&values[self.range.clone()]),
                    None => self.output.fill(0.0),
                },
            }
        }
        for stimulus in net.stimuli.iter().filter(|s| s.to == population) {
            if let CompiledDrive::Current(steps) = &stimulus.drive {
                let value = CompiledDrive::current_at(steps, tick);
                for_targets(stimulus, &self.range, |n| self.output[n] += value);
            }
            if let CompiledDrive::Noise(noise) = &stimulus.drive {
                let first = self.range.start;
                for_targets(stimulus, &self.range, |n| self.output[n] += noise.value(tick, epoch, (first + n) as u32));
            }
            events(stimulus, &self.range, tick, epoch, |n, number, _| {
                spikes.extend(std::iter::repeat_n((self.range.start + n) as u32, number as usize));
            });
        }
        spikes.sort_unstable();
        counts.spikes += spikes.len() as u64;
    }

    /// Brings what a stimulus has for this tick.
    fn stimulate(
        &mut self,
        stimulus: &CompiledStimulus,
        p: &CompiledPopulation,
        tick: u64,
        epoch: u64,
        counts: &mut PopulationCounts,
    ) {
        if let CompiledDrive::Current(steps) = &stimulus.drive {
            let value = CompiledDrive::current_at(steps, tick);
            for_targets(stimulus, &self.range, |n| self.current[n] += value);
            return;
        }
        if let CompiledDrive::Noise(noise) = &stimulus.drive {
            let first = self.range.start;
            for_targets(stimulus, &self.range, |n| self.current[n] += noise.value(tick, epoch, (first + n) as u32));
            return;
        }
        let by_sign = p.model.spec().input.channels() == 2;
        let (mut sums, _) = self.ring.at(tick);
        let touched = &mut self.touched;
        events(stimulus, &self.range, tick, epoch, |n, number, weight| {
            add(&mut sums, by_sign, n, weight * f64::from(number));
            touched[n] = true;
            counts.stimulus_events += u64::from(number);
        });
    }
}

/// Calls `each` with the place in `range` of every neuron that a stimulus reaches.
fn for_targets(stimulus: &CompiledStimulus, range: &Range<usize>, each: impl FnMut(usize)) {
    if stimulus.ids.is_empty() {
        (0..range.len()).for_each(each);
    } else {
        stimulus.ids.iter().filter(|id| range.contains(&(**id as usize))).map(|&id| id as usize - range.start).for_each(each);
    }
}

/// Calls `each(neuron in range, number, weight)` for every neuron that gets events of a stimulus in a tick.
fn events(stimulus: &CompiledStimulus, range: &Range<usize>, tick: u64, epoch: u64, mut each: impl FnMut(usize, u32, f64)) {
    match &stimulus.drive {
        CompiledDrive::Poisson { number, weight, ticks, stream } => {
            if (ticks.0..=ticks.1).contains(&tick) {
                poisson(stimulus, range, tick + epoch, number, stream, |n, drawn| each(n, drawn, *weight));
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

/// Calls `each(neuron in range, number)` for every neuron that gets Poisson events in a tick.
fn poisson(
    stimulus: &CompiledStimulus,
    range: &Range<usize>,
    tick: u64,
    number: &PoissonNumber,
    stream: &Stream,
    mut each: impl FnMut(usize, u32),
) {
    // Four neurons share a draw, one word each.
    const CHUNK: usize = 256;
    let mut words = [0u32; CHUNK];
    if !stimulus.ids.is_empty() {
        for_targets(stimulus, range, |n| {
            let neuron = range.start + n;
            stream.fill((tick << 32) | (neuron as u64 / 4), &mut words[..4]);
            let drawn = number.draw(words[neuron % 4]);
            if drawn > 0 {
                each(n, drawn);
            }
        });
        return;
    }
    let mut neuron = range.start;
    while neuron < range.end {
        let offset = neuron % 4;
        let here = (range.end - neuron).min(CHUNK - offset);
        let filled = (offset + here).next_multiple_of(4);
        stream.fill((tick << 32) | (neuron as u64 / 4), &mut words[..filled]);
        for (at, word) in words[offset..offset + here].iter().enumerate() {
            let drawn = number.draw(*word);
            if drawn > 0 {
                each(neuron + at - range.start, drawn);
            }
        }
        neuron += here;
    }
}
