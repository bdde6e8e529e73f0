//! A slice of a network: the neurons of one shard, and everything that arrives at them.

use super::arrivals::Arrivals;
use super::calendar::Calendar;
use super::deliver::{self, Arrived, Pending};
use super::part::{Neurons, Part};
use crate::compile::{Bundle, BundleShard, CompiledNetwork, Rows, ShardWeights};
use crate::counts::{EventCounts, ProjectionCounts};
use crate::neuron::lazy::{EventWeights, Events, Targets};
use crate::neuron::{Kick, Output};
use crate::record::Probe;
use crate::spike::InputTrain;
use std::ops::Range;
use std::sync::Arc;

/// A sample of a probe's neurons that live in the slice.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub(super) probe: usize,
    pub(super) tick: u64,
    pub(super) values: Vec<f64>,
}

/// What a slice tells the others after a window.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Spikes of the window: `[tick in window][population]`.
    pub(super) spikes: Vec<Vec<Vec<u32>>>,
    /// Samples of the window.
    pub(super) samples: Vec<Sample>,
}

impl Told {
    pub(super) fn new(window: usize, populations: usize) -> Self {
        Self { spikes: vec![vec![Vec::new(); populations]; window], samples: Vec::new() }
    }
}

/// The neurons of one shard.
pub(super) struct Slice {
    shard: usize,
    parts: Vec<Part>,
    arrivals: Arrivals,
    counts: EventCounts,
    /// Spikes of all slices, as long as they may be on their way: `[tick % slots][population]`.
    history: Vec<Vec<Vec<u32>>>,
    /// Events of bundles whose delays are too many for classes, by the tick of their arrival.
    calendars: Vec<Option<Calendar>>,
    /// Projections that are stored alone, by target population.
    alone: Vec<Vec<usize>>,
    /// Of those among them that have more than one delay, the events that are under way.
    late: Vec<Option<Calendar>>,
    told: Told,
    /// Ticks that lie before this run in the streams of random stimuli.
    epoch: u64,
    /// Whether membranes that change are counted: where a network takes samples.
    membrane_updates: bool,
    /// Some neurons are advanced on demand.
    lazy: bool,
}

impl Slice {
    /// The slice of a shard; neurons that can be are advanced on demand where `lazy`.
    pub(super) fn new(net: &CompiledNetwork, shard: usize, lazy: bool) -> Self {
        let window = net.min_delay.max(1) as usize;
        let slots = net.max_delay as usize + window + 1;
        let parts: Vec<Part> = (0..net.populations.len()).map(|population| Part::new(net, shard, population, lazy)).collect();
        let calendar = |b: &Bundle| b.shards[shard].delays.is_some().then(|| Calendar::new(slots));
        let alone = |to: usize| {
            let rows = net.projections.iter().enumerate().filter(|(_, p)| p.to == to);
            rows.filter(|(_, p)| !matches!(p.rows, Rows::Bundled { .. })).map(|(index, _)| index).collect()
        };
        Self {
            shard,
            arrivals: Arrivals::new(net, shard),
            counts: EventCounts::zero(net.populations.len(), net.projections.len()),
            history: vec![vec![Vec::new(); net.populations.len()]; slots],
            calendars: net.bundles.iter().map(calendar).collect(),
            alone: (0..net.populations.len()).map(alone).collect(),
            late: net.projections.iter().map(|p| p.rows.several_delays().is_some().then(|| Calendar::new(slots))).collect(),
            told: Told::new(window, net.populations.len()),
            epoch: 0,
            membrane_updates: net.input.is_some(),
            lazy: parts.iter().any(|part| matches!(part.neurons, Neurons::Lazy(_))),
            parts,
        }
    }

    /// Back to the start, with random stimuli as if `epoch` ticks had passed before.
    pub(super) fn reset(&mut self, epoch: u64) {
        self.epoch = epoch;
        self.parts.iter_mut().for_each(Part::reset);
        self.arrivals.reset();
        self.history.iter_mut().flatten().for_each(Vec::clear);
        self.calendars.iter_mut().chain(&mut self.late).flatten().for_each(Calendar::clear);
        self.counts = EventCounts::zero(self.counts.populations.len(), self.counts.projections.len());
    }

    pub(super) fn set_input(&mut self, population: usize, train: Arc<InputTrain>, tick: u64) {
        self.parts[population].train = Some((train, tick));
    }

    pub(super) fn is_lazy(&self) -> bool {
        self.lazy
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Puts down the values of those neurons that live here: for each of `ids`, or for all where there are none.
    pub(super) fn value(&self, population: usize, variable: &str, ids: &[u32], tick: u64, values: &mut [f64]) {
        let part = &self.parts[population];
        if ids.is_empty() {
            part.range.clone().enumerate().for_each(|(n, id)| values[id] = part.value(n, variable, tick));
            return;
        }
        for (value, id) in values.iter_mut().zip(ids).filter(|(_, id)| part.range.contains(&(**id as usize))) {
            *value = part.value(*id as usize - part.range.start, variable, tick);
        }
    }

    /// Kicks a neuron, if it lives here.
    pub(super) fn kick(&mut self, net: &CompiledNetwork, population: usize, neuron: u32, tick: u64) -> Option<Kick> {
        let part = &mut self.parts[population];
        if !part.range.contains(&(neuron as usize)) {
            return None;
        }
        let kick = part.kick(net, population, neuron as usize - part.range.start, (tick, self.epoch));
        if matches!(kick, Kick::Lifted(_)) && matches!(part.neurons, Neurons::Stepped(_)) {
            self.counts.populations[population].stimulus_events += 1;
        }
        Some(kick)
    }

    /// Goes on with another network of the same shape, between two ticks. What arrives later counts by its weights, and what was counted
    /// when it was sent may be counted where it arrives from now on, or the other way round.
    pub(super) fn adopt(&mut self, before: &CompiledNetwork, net: &CompiledNetwork, tick: u64) {
        let (old, new) = (self.on_their_way(before, tick), self.on_their_way(net, tick));
        for ((counts, old), new) in self.counts.projections.iter_mut().zip(old).zip(new) {
            counts.synaptic_events = counts.synaptic_events - old.synaptic_events + new.synaptic_events;
            counts.effective_acs = counts.effective_acs - old.effective_acs + new.effective_acs;
        }
        self.arrivals = Arrivals::new(net, self.shard);
        for (population, part) in self.parts.iter_mut().enumerate() {
            part.adopt(net, self.shard, population);
        }
    }

    /// Takes the ticks of a window, of which nothing that is emitted arrives within it.
    pub(super) fn advance(&mut self, net: &CompiledNetwork, start: u64, window: u64, probes: &[Probe]) {
        self.told.samples.clear();
        for offset in 0..window {
            let tick = start + 1 + offset;
            self.deliver(net, tick);
            for &population in &net.order {
                self.step(net, population, tick, offset as usize);
            }
            self.sample(probes, tick);
        }
    }

    /// Hands over what the window did, in exchange for what an earlier one did.
    pub(super) fn tell(&mut self, told: &mut Told) {
        std::mem::swap(&mut self.told, told);
    }

    /// Hears what all slices did in a window.
    pub(super) fn hear<'a>(
        &mut self,
        net: &CompiledNetwork,
        start: u64,
        window: u64,
        told: impl Iterator<Item = &'a Told> + Clone,
    ) {
        let slots = self.history.len() as u64;
        for offset in 0..window {
            let tick = start + 1 + offset;
            let heard = &mut self.history[(tick % slots) as usize];
            for (population, spikes) in heard.iter_mut().enumerate() {
                spikes.clear();
                told.clone().for_each(|told| spikes.extend_from_slice(&told.spikes[offset as usize][population]));
            }
            for (at, bundle) in net.bundles.iter().enumerate() {
                let (spikes, shard) = (&heard[bundle.from], &bundle.shards[self.shard]);
                if spikes.is_empty() {
                    continue;
                }
                if !counts_on_arrival(bundle, shard) {
                    for (member, fan_out) in bundle.members.iter().zip(&shard.fan_out) {
                        let counts = &mut self.counts.projections[member.projection];
                        counts.synaptic_events += spikes.iter().map(|&s| u64::from(fan_out[s as usize])).sum::<u64>();
                    }
                    count_nonzero(bundle, shard, spikes, &mut self.counts);
                }
                if let Some(calendar) = &mut self.calendars[at] {
                    for &s in spikes {
                        shard.row(s as usize).for_each(|i| calendar.put(tick + u64::from(shard.delay(0, i)), i as u32));
                    }
                }
            }
            for (p, late) in net.projections.iter().zip(&mut self.late) {
                let (Some(late), Some((offsets, delays))) = (late, p.rows.several_delays()) else { continue };
                for &s in &heard[p.from] {
                    for i in offsets[s as usize]..offsets[s as usize + 1] {
                        // What delivers within the tick has been delivered.
                        let delay = delays.at(i as usize);
                        if delay > 0 {
                            late.put(tick + u64::from(delay), i as u32);
                        }
                    }
                }
            }
        }
    }

    /// Delivers what arrives in a tick through bundles: the spikes that are d ticks old walk their connections of delay d.
    fn deliver(&mut self, net: &CompiledNetwork, tick: u64) {
        let slots = self.history.len() as u64;
        for (at, bundle) in net.bundles.iter().enumerate() {
            let shard = &bundle.shards[self.shard];
            if let Some(calendar) = &mut self.calendars[at] {
                for i in calendar.take(tick) {
                    let i = i as usize;
                    if self.lazy {
                        receive(net, self.shard, at, i..i + 1, &mut self.arrivals, &mut self.parts, &mut self.counts, tick);
                    } else {
                        self.arrivals.add(at, shard, i..i + 1);
                    }
                }
                continue;
            }
            for &delay in &shard.used {
                if u64::from(delay) >= tick {
                    break;
                }
                let spikes = &self.history[((tick - u64::from(delay)) % slots) as usize][bundle.from];
                let class = (delay - shard.first_delay) as usize;
                let (mut last, mut events) = (None, 0);
                for &s in spikes {
                    let range = shard.class(s as usize, class);
                    events += range.len() as u64;
                    if self.lazy {
                        receive(net, self.shard, at, range, &mut self.arrivals, &mut self.parts, &mut self.counts, tick);
                    } else if last == Some(s) && matches!(shard.weights, ShardWeights::Units(_)) {
                        let unit = |place: u32| net.units[net.population_at(self.shard, place as usize)];
                        self.arrivals.add_again(shard, range, unit);
                    } else {
                        self.arrivals.add(at, shard, range);
                    }
                    last = Some(s);
                }
                if counts_on_arrival(bundle, shard) {
                    let counts = &mut self.counts.projections[bundle.members[0].projection];
                    counts.synaptic_events += events;
                    counts.effective_acs += if bundle.members[0].weight == 0.0 { 0 } else { events };
                }
            }
        }
    }

    /// One tick of one population.
    fn step(&mut self, net: &CompiledNetwork, population: usize, tick: u64, offset: usize) {
        let mut spikes = std::mem::take(&mut self.told.spikes[offset][population]);
        spikes.clear();
        let mut part = std::mem::replace(&mut self.parts[population], Part::nobody());
        match part.neurons {
            Neurons::Outside => part.put_out(net, population, tick, self.epoch, &mut spikes),
            Neurons::Stepped(_) => {
                if let Some(mut pending) = part.pending.take() {
                    self.deliver_alone(net, population, tick, offset, &part, &mut pending);
                    part.pending = Some(pending);
                }
                let counts = &mut self.counts.populations[population];
                part.step(net, population, tick, self.epoch, self.membrane_updates, &mut self.arrivals, &mut spikes, counts);
            }
            Neurons::Lazy(_) => {
                self.receive_alone(net, population, tick, &mut part);
                let counts = &mut self.counts.populations[population];
                part.touch(net, population, tick, self.epoch, &mut spikes, counts);
            }
        }
        self.counts.populations[population].spikes += spikes.len() as u64;
        self.parts[population] = part;
        self.told.spikes[offset][population] = spikes;
    }

    /// What arrives through projections that are stored alone.
    fn deliver_alone(
        &mut self,
        net: &CompiledNetwork,
        population: usize,
        tick: u64,
        offset: usize,
        part: &Part,
        pending: &mut Pending,
    ) {
        let slots = self.history.len() as u64;
        for &index in &self.alone[population] {
            let p = &net.projections[index];
            let counts = &mut self.counts.projections[index];
            let (delays, output) = (p.rows.delays(), net.populations[p.from].model.spec().output);
            // A population that feeds itself within the tick is refused, so that one without a part here is this one, some ticks ago.
            let from = if p.from == population { part } else { &self.parts[p.from] };
            let delay = delays.min();
            let of_age = |age: u32| (u64::from(age) < tick).then(|| from.output(tick - u64::from(age)));
            if output == Output::Analog || output == Output::External && from.gives_numbers() {
                let work = if p.rows.several_delays().is_some() {
                    deliver::numbers_of_ages(p, of_age, &part.range, pending)
                } else {
                    of_age(delay).map(|values| deliver::numbers(p, values, &part.range, pending)).unwrap_or_default()
                };
                if work.ternary {
                    counts.effective_acs += work.operations;
                } else {
                    counts.effective_macs += work.operations;
                }
            }
            let mut count = |arrived: Arrived| {
                counts.synaptic_events += arrived.events;
                counts.effective_acs += arrived.nonzero;
            };
            if let Some(late) = &mut self.late[index] {
                count(deliver::connections(p, &late.take(tick), &part.range, pending));
            }
            if delay == 0 {
                count(deliver::spikes(p, &self.told.spikes[offset][p.from], &part.range, pending));
            } else if self.late[index].is_none() && u64::from(delay) < tick {
                let sources = &self.history[((tick - u64::from(delay)) % slots) as usize][p.from];
                count(deliver::spikes(p, sources, &part.range, pending));
            }
            if let Some(bias) = &p.bias {
                pending.add_bias(&bias[part.range.clone()]);
            }
        }
    }

    /// The same for neurons that are advanced on demand.
    fn receive_alone(&mut self, net: &CompiledNetwork, population: usize, tick: u64, part: &mut Part) {
        let slots = self.history.len() as u64;
        for &index in &self.alone[population] {
            let p = &net.projections[index];
            let delay = u64::from(p.rows.delays().min());
            if delay >= tick {
                continue;
            }
            for &s in &self.history[((tick - delay) % slots) as usize][p.from] {
                let (mut targets, mut weights) = (Vec::new(), Vec::new());
                net.each_connection(p, s as usize, &mut |c| {
                    if part.range.contains(&(c.target as usize)) {
                        targets.push(c.target);
                        weights.push(c.weight);
                    }
                });
                let events = Events {
                    targets: Targets::Wide(&targets),
                    base: part.range.start as u32,
                    weights: EventWeights::Double(&weights),
                };
                part.receive(tick, &events, &mut self.counts.populations[population]);
                let counts = &mut self.counts.projections[index];
                counts.synaptic_events += targets.len() as u64;
                counts.effective_acs += weights.iter().filter(|w| **w != 0.0).count() as u64;
            }
        }
    }

    fn sample(&mut self, probes: &[Probe], tick: u64) {
        for (index, probe) in probes.iter().enumerate() {
            if (tick - 1).is_multiple_of(probe.every) {
                let values = self.parts[probe.population].values(probe, tick);
                self.told.samples.push(Sample { probe: index, tick, values });
            }
        }
    }

    /// Counts since the start: of synaptic events, those that have arrived by `tick`.
    pub(super) fn counts(&self, net: &CompiledNetwork, tick: u64) -> EventCounts {
        let mut counts = self.counts.clone();
        for (counts, waiting) in counts.projections.iter_mut().zip(self.on_their_way(net, tick)) {
            counts.synaptic_events -= waiting.synaptic_events;
            counts.effective_acs -= waiting.effective_acs;
        }
        counts
    }

    /// Events that were counted when they were sent and have not arrived by `tick`, by projection.
    fn on_their_way(&self, net: &CompiledNetwork, tick: u64) -> Vec<ProjectionCounts> {
        let mut waiting = vec![ProjectionCounts::default(); net.projections.len()];
        let slots = self.history.len() as u64;
        for bundle in &net.bundles {
            let shard = &bundle.shards[self.shard];
            if counts_on_arrival(bundle, shard) {
                continue;
            }
            let ages = 0..u64::from(bundle.max_delay).min(tick);
            for emitted in ages.map(|age| tick - age) {
                for &s in &self.history[(emitted % slots) as usize][bundle.from] {
                    for class in 0..shard.classes as usize {
                        for i in shard.class(s as usize, class).filter(|&i| emitted + u64::from(shard.delay(class, i)) > tick) {
                            let to = net.population_at(self.shard, shard.targets.at(i) as usize);
                            let member = bundle.members.iter().find(|m| m.to == to).expect("a place of a bundle has a member");
                            let counts = &mut waiting[member.projection];
                            counts.synaptic_events += 1;
                            counts.effective_acs += u64::from(shard.weight(i, net.units[to], member.weight) != 0.0);
                        }
                    }
                }
            }
        }
        waiting
    }
}

/// Whether a bundle's events are counted where they are delivered: a row is one projection's, so that its length tells. Those of several
/// projections are counted when they are sent, and what is on its way is taken off at the end.
fn counts_on_arrival(bundle: &Bundle, shard: &BundleShard) -> bool {
    bundle.members.len() == 1 && shard.delays.is_none() && shard.nonzero.is_none()
}

/// Adds the events with weights other than zero that `spikes` send along a bundle.
fn count_nonzero(bundle: &Bundle, shard: &BundleShard, spikes: &[u32], counts: &mut EventCounts) {
    let nonzero = shard.nonzero.as_ref().unwrap_or(&shard.fan_out);
    for (member, nonzero) in bundle.members.iter().zip(nonzero).filter(|(member, _)| member.weight != 0.0) {
        let sum: u64 = spikes.iter().map(|&s| u64::from(nonzero[s as usize])).sum();
        counts.projections[member.projection].effective_acs += sum;
    }
}

/// Delivers connections of a bundle to parts of both kinds.
#[allow(clippy::too_many_arguments)]
fn receive(
    net: &CompiledNetwork,
    shard_index: usize,
    bundle_index: usize,
    range: Range<usize>,
    arrivals: &mut Arrivals,
    parts: &mut [Part],
    counts: &mut EventCounts,
    tick: u64,
) {
    if range.is_empty() {
        return;
    }
    let bundle = &net.bundles[bundle_index];
    let shard = &bundle.shards[shard_index];
    let mut rest = range;
    for member in &bundle.members {
        let part = &mut parts[member.to];
        // Members are sorted by population, and so are the places of a row.
        let end = (part.base + part.range.len()) as u32;
        let own = if bundle.members.len() == 1 {
            rest.len()
        } else {
            match shard.targets.slice(rest.clone()) {
                Targets::Narrow(t) => t.partition_point(|t| u32::from(*t) < end),
                Targets::Wide(t) => t.partition_point(|t| *t < end),
            }
        };
        let own = rest.start..rest.start + own;
        rest.start = own.end;
        if own.is_empty() {
            continue;
        }
        if matches!(part.neurons, Neurons::Lazy(_)) {
            let weights = match &shard.weights {
                ShardWeights::One => EventWeights::One(member.weight),
                ShardWeights::Units(values) => EventWeights::Units { values: &values[own.clone()], unit: net.units[member.to] },
                ShardWeights::Given(values) => EventWeights::Double(&values[own.clone()]),
            };
            let events = Events { targets: shard.targets.slice(own), base: part.base as u32, weights };
            part.receive(tick, &events, &mut counts.populations[member.to]);
        } else {
            arrivals.add(bundle_index, shard, own);
        }
    }
}
