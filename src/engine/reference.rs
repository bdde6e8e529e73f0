//! The reference: slow and plain, so that it can be read. One neuron after the other, and a list of what is on its way.
//!
//! It shares the physics ([`Kernel`]), the rows and the draws of stimuli with the other executions, and nothing of how they deliver, slice,
//! chunk or count.

use super::part::{next_current, steady_input};
use super::stimuli::{currents, events};
use crate::compile::{CompiledNetwork, CompiledProjection};
use crate::counts::EventCounts;
use crate::neuron::{Kernel, Kick, Output, Tick};
use crate::record::Recorder;
use crate::spike::InputTrain;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is on its way to one neuron along one connection.
struct Arriving {
    projection: usize,
    target: u32,
    /// The connection: source, and number among those of it.
    from: (u32, u32),
    /// What was sent.
    x: f64,
    /// Weight, times the number sent where it is one.
    value: f64,
    /// A spike, or a number; among numbers that were all 0, 1 or −1, or not.
    sent: Sent,
    /// The weight is not zero.
    effective: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Sent {
    Spike,
    Number { ternary: bool },
}

/// A network in time.
pub(super) struct Reference {
    net: Arc<CompiledNetwork>,
    /// `kernels[population][neuron]`; none for input populations.
    kernels: Vec<Vec<Box<dyn Kernel>>>,
    /// What an analog or input population gave in the tick.
    outputs: Vec<Vec<f64>>,
    trains: Vec<Option<(Arc<InputTrain>, u64)>>,
    /// By tick of arrival and target population, in the order in which it was sent.
    on_its_way: BTreeMap<(u64, usize), Vec<Arriving>>,
    /// Neurons of input populations that were kicked.
    kicked: Vec<Vec<u32>>,
    counts: EventCounts,
    tick: u64,
    epoch: u64,
}

impl Reference {
    pub(super) fn new(net: Arc<CompiledNetwork>) -> Self {
        let kernels = net.populations.iter().map(|p| {
            let neurons = if p.is_input() { 0 } else { p.size };
            (0..neurons).map(|n| p.with_block(&net, n..n + 1, |block| p.model.kernel(block))).collect()
        });
        Self {
            kernels: kernels.collect(),
            outputs: net.populations.iter().map(|p| vec![0.0; p.size]).collect(),
            trains: vec![None; net.populations.len()],
            on_its_way: BTreeMap::new(),
            kicked: vec![Vec::new(); net.populations.len()],
            counts: EventCounts::zero(net.populations.len(), net.projections.len()),
            tick: 0,
            epoch: 0,
            net,
        }
    }

    pub(super) fn tick(&self) -> u64 {
        self.tick
    }

    pub(super) fn counts(&self) -> &EventCounts {
        &self.counts
    }

    pub(super) fn reset(&mut self, epoch: u64) {
        self.kernels.iter_mut().flatten().for_each(|kernel| kernel.reset());
        self.outputs.iter_mut().flatten().for_each(|value| *value = 0.0);
        self.trains.iter_mut().for_each(|train| *train = None);
        self.on_its_way.clear();
        self.kicked.iter_mut().for_each(Vec::clear);
        self.counts = EventCounts::zero(self.net.populations.len(), self.net.projections.len());
        self.tick = 0;
        self.epoch = epoch;
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Values of neurons that are there, or of all where `ids` is empty.
    pub(super) fn value(&self, population: usize, variable: &str, ids: &[u32], values: &mut [f64]) {
        for (at, value) in values.iter_mut().enumerate() {
            let n = ids.get(at).map_or(at, |id| *id as usize);
            let kernel = self.kernels[population].get(n);
            let state = kernel.and_then(|kernel| kernel.variable(variable)).map(|values| values[0]);
            *value = state.unwrap_or(self.outputs[population][n]);
        }
    }

    /// Kicks a neuron that is there.
    pub(super) fn kick(&mut self, population: usize, neuron: u32) -> Kick {
        let (n, net) = (neuron as usize, self.net.clone());
        let Some(kernel) = self.kernels[population].get_mut(n) else {
            self.kicked[population].push(neuron);
            return Kick::Lifted(0.0);
        };
        let current = next_current(&net, population, n, self.tick, self.epoch);
        let kick = kernel.kick(0, steady_input(&net, population, n), current);
        self.counts.populations[population].stimulus_events += u64::from(matches!(kick, Kick::Lifted(_)));
        kick
    }

    /// Goes on with another network of the same shape.
    pub(super) fn adopt(&mut self, net: Arc<CompiledNetwork>) {
        for (p, kernels) in net.populations.iter().zip(&mut self.kernels) {
            for (n, kernel) in kernels.iter_mut().enumerate() {
                p.with_block(&net, n..n + 1, |block| p.model.renew(&mut **kernel, block));
            }
        }
        // A weight counts where a spike arrives.
        for arriving in self.on_its_way.values_mut().flatten() {
            let mut number = 0;
            net.each_connection(&net.projections[arriving.projection], arriving.from.0 as usize, &mut |c| {
                if number == arriving.from.1 {
                    (arriving.value, arriving.effective) = (arriving.x * c.weight, c.weight != 0.0);
                }
                number += 1;
            });
        }
        self.net = net;
    }

    pub(super) fn set_input(&mut self, population: usize, train: Arc<InputTrain>) {
        self.trains[population] = Some((train, self.tick));
    }

    pub(super) fn run(&mut self, ticks: u64, recorder: &mut dyn Recorder) {
        let net = self.net.clone();
        for _ in 0..ticks {
            self.tick += 1;
            let mut spikes = vec![Vec::new(); net.populations.len()];
            for &population in &net.order {
                spikes[population] = if net.populations[population].is_input() {
                    self.put_out(&net, population)
                } else {
                    self.step(&net, population)
                };
                self.counts.populations[population].spikes += spikes[population].len() as u64;
                self.send(&net, population, &spikes[population]);
            }
            for (population, ids) in spikes.iter().enumerate() {
                if !ids.is_empty() && recorder.wants_spikes(population) {
                    recorder.spikes(population, self.tick, ids);
                }
            }
            for (index, probe) in recorder.probes().to_vec().iter().enumerate() {
                if (self.tick - 1).is_multiple_of(probe.every) {
                    let value = |id: &u32| {
                        let kernel = self.kernels[probe.population].get(*id as usize);
                        let state = kernel.and_then(|kernel| kernel.variable(&probe.variable)).map(|values| values[0]);
                        state.unwrap_or(self.outputs[probe.population][*id as usize])
                    };
                    let values: Vec<f64> = probe.ids.iter().map(value).collect();
                    recorder.sample(index, self.tick, &values);
                }
            }
        }
    }

    /// One tick of one population; gives its spikes.
    fn step(&mut self, net: &CompiledNetwork, population: usize) -> Vec<u32> {
        let (p, tick) = (&net.populations[population], self.tick);
        let by_sign = p.model.spec().input.channels() == 2;
        let whole = 0..p.size;
        let (mut sums, mut arrivals, mut touched) = (vec![[0.0; 2]; p.size], vec![0u32; p.size], vec![false; p.size]);
        let mut current = vec![0.0; p.size];
        let channel = |weight: f64| usize::from(by_sign && weight < 0.0);
        let stimuli = || net.stimuli.iter().filter(|s| s.to == population);
        // In the order of the other executions: events of stimuli that are listed, projections, events that are drawn.
        let counts = &mut self.counts.populations[population];
        let mut bring = |drawn: bool, sums: &mut Vec<[f64; 2]>| {
            for stimulus in stimuli().filter(|s| s.is_drawn_by_run() == drawn) {
                events(stimulus, &whole, tick, self.epoch, |n, number, weight| {
                    sums[n][channel(weight)] += weight * f64::from(number);
                    touched[n] = true;
                    counts.stimulus_events += u64::from(number);
                });
            }
        };
        bring(false, &mut sums);
        for (index, bias) in net.projections.iter().enumerate().filter_map(|(index, j)| Some((index, j.bias.as_ref()?))) {
            if net.projections[index].to == population {
                bias.iter().enumerate().for_each(|(n, b)| sums[n][channel(*b)] += b);
            }
        }
        let arriving = self.on_its_way.remove(&(tick, population)).unwrap_or_default();
        // Those of one projection are accumulates together or not at all.
        let mut multiplied: Vec<usize> =
            arriving.iter().filter(|a| a.sent == Sent::Number { ternary: false }).map(|a| a.projection).collect();
        multiplied.dedup();
        for arriving in arriving {
            let n = arriving.target as usize;
            sums[n][channel(arriving.value)] += arriving.value;
            arrivals[n] += 1;
            let counts = &mut self.counts.projections[arriving.projection];
            let effective = u64::from(arriving.effective);
            match arriving.sent {
                Sent::Spike => {
                    counts.synaptic_events += 1;
                    counts.effective_acs += effective;
                }
                Sent::Number { .. } if multiplied.contains(&arriving.projection) => counts.effective_macs += effective,
                Sent::Number { .. } => counts.effective_acs += effective,
            }
        }
        bring(true, &mut sums);
        let mut has_current = false;
        for stimulus in stimuli().filter(|s| s.drive.is_current()) {
            has_current = true;
            currents(stimulus, &whole, tick, self.epoch, |n, value| current[n] += value);
        }
        let mut spikes = Vec::new();
        let counts = &mut self.counts.populations[population];
        for (n, kernel) in self.kernels[population].iter_mut().enumerate() {
            counts.neuron_updates_clocked += 1;
            counts.neuron_updates_driven += u64::from(arrivals[n] > 0 || touched[n]);
            let mut own = Vec::new();
            let mut output = [0.0];
            kernel.step(&mut Tick {
                number: tick,
                first: 0,
                membrane_updates: net.input.is_some(),
                input: [&sums[n][..1], &sums[n][1..]],
                current: if has_current { &current[n..=n] } else { &[] },
                arrivals: &arrivals[n..=n],
                spikes: &mut own,
                output: &mut output,
                counts,
            });
            self.outputs[population][n] = output[0];
            spikes.extend(own.iter().map(|_| n as u32));
        }
        spikes
    }

    /// What an input population gives in a tick.
    fn put_out(&mut self, net: &CompiledNetwork, population: usize) -> Vec<u32> {
        let (tick, size) = (self.tick, net.populations[population].size);
        let mut spikes = Vec::new();
        let output = &mut self.outputs[population];
        output.fill(0.0);
        if let Some((train, start)) = &self.trains[population] {
            let row = (tick - start - 1) as usize;
            match &**train {
                InputTrain::Spikes(ticks) => spikes.extend(ticks.get(row).into_iter().flatten()),
                InputTrain::Constant(values) => output.copy_from_slice(values),
                InputTrain::Frames { channels, values } => {
                    if let Some(values) = values.get(row * channels..(row + 1) * channels) {
                        output.copy_from_slice(values);
                    }
                }
            }
        }
        spikes.append(&mut self.kicked[population]);
        for stimulus in net.stimuli.iter().filter(|s| s.to == population) {
            currents(stimulus, &(0..size), tick, self.epoch, |n, value| output[n] += value);
            events(stimulus, &(0..size), tick, self.epoch, |n, number, _| spikes.extend(vec![n as u32; number as usize]));
        }
        spikes.sort_unstable();
        spikes
    }

    /// Sends what a population gave in the tick.
    fn send(&mut self, net: &CompiledNetwork, population: usize, spikes: &[u32]) {
        let gives = net.populations[population].model.spec().output;
        for (index, p) in net.projections.iter().enumerate().filter(|(_, p)| p.from == population) {
            if gives != Output::Spikes {
                let values = self.outputs[population].clone();
                let is_ternary = |x: &f64| *x == 0.0 || x.abs() == 1.0;
                // With several delays, numbers of one tick arrive among those of others.
                let together = p.rows.several_delays().is_none();
                let all = values.iter().all(is_ternary);
                for (source, x) in values.iter().enumerate().filter(|(_, x)| **x != 0.0) {
                    let ternary = if together { all } else { is_ternary(x) };
                    self.put(net, (index, p), source, *x, Sent::Number { ternary });
                }
            }
            for &source in spikes {
                self.put(net, (index, p), source as usize, 1.0, Sent::Spike);
            }
        }
    }

    fn put(&mut self, net: &CompiledNetwork, (projection, p): (usize, &CompiledProjection), source: usize, x: f64, sent: Sent) {
        let mut number = 0;
        net.each_connection(p, source, &mut |c| {
            let from = (source as u32, number);
            number += 1;
            let (value, effective) = (x * c.weight, c.weight != 0.0);
            let arriving = Arriving { projection, target: c.target, from, x, value, sent, effective };
            self.on_its_way.entry((self.tick + u64::from(c.delay), p.to)).or_default().push(arriving);
        });
    }
}
