//! The neurons of one population in a slice: stepped, advanced on demand, or put in from outside.

use super::arrivals::Arrivals;
use super::deliver::Pending;
use super::stimuli::{currents, events};
use crate::compile::{CompiledDrive, CompiledNetwork, CompiledStimulus, Rows};
use crate::counts::PopulationCounts;
use crate::neuron::lazy::{EventWeights, Events, LazyKernel, Targets};
use crate::neuron::{Kernel, Kick, Output, Tick};
use crate::numerics::vectorised;
use crate::record::Probe;
use crate::spike::InputTrain;
use std::ops::Range;
use std::sync::Arc;

/// Neurons that are stepped together, few enough that what they need stays in the nearest cache.
const RUN: usize = 256;

/// The neurons of a population in a slice.
pub(super) struct Part {
    pub(super) neurons: Neurons,
    pub(super) range: Range<usize>,
    /// The place of the first neuron in the shard.
    pub(super) base: usize,
    /// What an analog population gave, in a ring of ticks.
    output: Vec<Vec<f64>>,
    /// Currents that stimuli bring; empty where none does.
    current: Vec<f64>,
    /// What arrives other than through bundles, where anything could.
    pub(super) pending: Option<Pending>,
    /// What an input population puts out, and the tick before its first.
    pub(super) train: Option<(Arc<InputTrain>, u64)>,
    /// A current stimulus gives this input population numbers to put out.
    injected: bool,
    /// Currents are to be worked out anew in the next tick, whether they change then or not.
    stale: bool,
    /// Neurons of an input population that were kicked, by place in the part.
    kicked: Vec<u32>,
    scratch: Scratch,
}

/// How neurons are executed.
pub(super) enum Neurons {
    /// None: an input population.
    Outside,
    /// In every tick.
    Stepped(Box<dyn Kernel>),
    /// When something reaches them.
    Lazy(Box<dyn LazyKernel>),
}

/// Buffers of a run, kept so as not to be made in every tick.
#[derive(Default)]
struct Scratch {
    sums: [Vec<f64>; 2],
    arrivals: Vec<u32>,
    touched: Vec<u32>,
    numbers: Vec<u32>,
    targets: Vec<u32>,
}

impl Part {
    pub(super) fn new(net: &CompiledNetwork, shard: usize, population: usize, lazy: bool) -> Self {
        let p = &net.populations[population];
        let range = net.shards.part(shard, p.size);
        let spec = p.model.spec();
        let into = || net.projections.iter().filter(|j| j.to == population);
        let alone = into().any(|j| !matches!(j.rows, Rows::Bundled { .. }));
        let has_current = net.stimuli.iter().any(|s| s.to == population && s.drive.is_current());
        let listed = net.stimuli.iter().any(|s| s.to == population && !s.is_drawn_by_run() && !s.drive.is_current());
        // On demand: where only spikes arrive, some ticks after.
        let spikes_only = into().all(|j| {
            let delays = j.rows.delays();
            let one = matches!(j.rows, Rows::Bundled { .. }) || delays.min() == delays.max();
            net.populations[j.from].model.spec().output == Output::Spikes && delays.min() > 0 && one && j.bias.is_none()
        });
        let on_demand = (lazy && spikes_only).then(|| p.with_block(net, range.clone(), |block| p.model.lazy(block))).flatten();
        let neurons = match on_demand {
            _ if p.is_input() => Neurons::Outside,
            Some(kernel) => Neurons::Lazy(kernel),
            None => Neurons::Stepped(p.with_block(net, range.clone(), |block| p.model.kernel(block))),
        };
        let stepped = matches!(neurons, Neurons::Stepped(_));
        let gives = net.projections.iter().filter(|j| j.from == population).map(|j| j.rows.delays().max()).max().unwrap_or(0);
        let by_sign = spec.input.channels() == 2;
        Self {
            output: vec![vec![0.0; range.len()]; if spec.output == Output::Spikes { 0 } else { gives as usize + 1 }],
            current: vec![0.0; if has_current && !p.is_input() { range.len() } else { 0 }],
            pending: (stepped && (alone || listed)).then(|| Pending::new(range.len(), by_sign)),
            base: net.shards.base(shard, population),
            injected: has_current && p.is_input(),
            stale: false,
            kicked: Vec::new(),
            train: None,
            scratch: if stepped {
                Scratch {
                    sums: [vec![0.0; RUN], vec![0.0; RUN]],
                    arrivals: vec![0; RUN],
                    touched: vec![0; RUN],
                    numbers: vec![0; RUN],
                    targets: Vec::new(),
                }
            } else {
                Scratch::default()
            },
            neurons,
            range,
        }
    }

    /// Stands in for a part that is taken out.
    pub(super) fn nobody() -> Self {
        Self {
            neurons: Neurons::Outside,
            range: 0..0,
            base: 0,
            output: Vec::new(),
            current: Vec::new(),
            pending: None,
            train: None,
            injected: false,
            stale: false,
            kicked: Vec::new(),
            scratch: Scratch::default(),
        }
    }

    pub(super) fn reset(&mut self) {
        match &mut self.neurons {
            Neurons::Outside => {}
            Neurons::Stepped(kernel) => kernel.reset(),
            Neurons::Lazy(kernel) => kernel.reset(),
        }
        self.output.iter_mut().for_each(|values| values.fill(0.0));
        self.current.fill(0.0);
        self.stale = false;
        self.kicked.clear();
        self.pending.iter_mut().for_each(Pending::clear);
        self.train = None;
    }

    /// What an analog or an input population gave in a tick.
    pub(super) fn output(&self, tick: u64) -> &[f64] {
        &self.output[(tick % self.output.len() as u64) as usize]
    }

    /// One tick, run by run.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn step(
        &mut self,
        net: &CompiledNetwork,
        population: usize,
        tick: u64,
        epoch: u64,
        membrane_updates: bool,
        arrivals: &mut Arrivals,
        spikes: &mut Vec<u32>,
        counts: &mut PopulationCounts,
    ) {
        self.refresh_currents(net, population, tick, epoch, |_, _| {});
        let Neurons::Stepped(kernel) = &mut self.neurons else { return };
        let by_sign = net.populations[population].model.spec().input.channels() == 2;
        let stimuli = || net.stimuli.iter().filter(|s| s.to == population);
        if let Some(pending) = &mut self.pending {
            for stimulus in stimuli().filter(|s| !s.is_drawn_by_run() && !s.drive.is_current()) {
                events(stimulus, &self.range, tick, epoch, |n, number, weight| {
                    pending.add(n, weight * f64::from(number));
                    pending.touched[n] = 1;
                    counts.stimulus_events += u64::from(number);
                });
            }
        }
        counts.neuron_updates_clocked += self.range.len() as u64;
        let slots = self.output.len() as u64;
        let mut nothing: [f64; 0] = [];
        for first in (0..self.range.len()).step_by(RUN) {
            let run = first..(first + RUN).min(self.range.len());
            let len = run.len();
            let scratch = &mut self.scratch;
            // What arrived other than through bundles is taken where it lies, and what comes through them is added to it.
            let (mut sums, events, touched) = match &mut self.pending {
                Some(pending) => {
                    let [one, two] = &mut pending.sums;
                    let two = if by_sign { &mut two[run.clone()] } else { &mut two[..] };
                    ([&mut one[run.clone()], two], &mut pending.arrivals[run.clone()], &mut pending.touched[run.clone()])
                }
                None => {
                    let [one, two] = &mut scratch.sums;
                    ([&mut one[..len], &mut two[..len]], &mut scratch.arrivals[..len], &mut scratch.touched[..len])
                }
            };
            let places = self.base + run.start..self.base + run.end;
            vectorised(
                #[inline(always)]
                || arrivals.take(&net.bundles, population, net.units[population], places, by_sign, &mut sums, events),
            );
            let whole = self.range.start + run.start..self.range.start + run.end;
            for stimulus in stimuli().filter(|s| s.is_drawn_by_run()) {
                counts.stimulus_events +=
                    draw(stimulus, &whole, (tick, epoch), by_sign, &mut scratch.numbers, &mut sums, touched);
            }
            let current = if self.current.is_empty() { &[][..] } else { &self.current[run.clone()] };
            counts.neuron_updates_driven += vectorised(
                #[inline(always)]
                || {
                    let driven =
                        events.iter().zip(touched.iter()).map(|(arrived, touched)| u32::from((*arrived > 0) | (*touched > 0)));
                    u64::from(driven.sum::<u32>())
                },
            );
            let output = match slots {
                0 => &mut nothing[..],
                _ => &mut self.output[(tick % slots) as usize][run.clone()],
            };
            let [one, two] = &sums;
            kernel.step(&mut Tick {
                number: tick,
                first: run.start,
                membrane_updates,
                input: [one, two],
                current,
                arrivals: events,
                spikes,
                output,
                counts,
            });
            // For the next run, or the next tick.
            sums.into_iter().for_each(|sums| sums.fill(0.0));
            events.fill(0);
            touched.fill(0);
        }
        let first = self.range.start as u32;
        spikes.iter_mut().for_each(|id| *id += first);
    }

    /// Brings the currents of stimuli up to a tick, and names those that are others now.
    fn refresh_currents(
        &mut self,
        net: &CompiledNetwork,
        population: usize,
        tick: u64,
        epoch: u64,
        mut changed: impl FnMut(usize, f64),
    ) {
        let stimuli = || net.stimuli.iter().filter(|s| s.to == population && s.drive.is_current());
        if self.current.is_empty() || tick != 1 && !self.stale && !stimuli().any(|s| s.drive.changes_at(tick)) {
            return;
        }
        self.stale = false;
        let mut now = vec![0.0; self.current.len()];
        for stimulus in stimuli() {
            currents(stimulus, &self.range, tick, epoch, |n, value| now[n] += value);
        }
        for (n, now) in now.into_iter().enumerate() {
            if std::mem::replace(&mut self.current[n], now) != now {
                changed(n, now);
            }
        }
    }

    /// Events for neurons that are advanced on demand.
    pub(super) fn receive(&mut self, tick: u64, events: &Events<'_>, counts: &mut PopulationCounts) {
        if let Neurons::Lazy(kernel) = &mut self.neurons {
            kernel.receive(tick, events, counts);
        }
    }

    /// One tick of neurons that are advanced on demand, after the spikes that arrive in it.
    pub(super) fn touch(
        &mut self,
        net: &CompiledNetwork,
        population: usize,
        tick: u64,
        epoch: u64,
        spikes: &mut Vec<u32>,
        counts: &mut PopulationCounts,
    ) {
        let mut changed = Vec::new();
        self.refresh_currents(net, population, tick, epoch, |n, current| changed.push((n, current)));
        let Neurons::Lazy(kernel) = &mut self.neurons else { return };
        counts.neuron_updates_clocked += self.range.len() as u64;
        changed.into_iter().for_each(|(n, current)| kernel.inject(tick, n, current));
        let targets = &mut self.scratch.targets;
        for stimulus in net.stimuli.iter().filter(|s| s.to == population && !s.drive.is_current()) {
            targets.clear();
            let mut weight = 0.0;
            events(stimulus, &self.range, tick, epoch, |n, number, of_one| {
                weight = of_one;
                targets.extend(std::iter::repeat_n(n as u32, number as usize));
            });
            if !targets.is_empty() {
                // What a refractory neuron drops of them is no synaptic event.
                let mut own = PopulationCounts::default();
                kernel.receive(
                    tick,
                    &Events { targets: Targets::Wide(targets), base: 0, weights: EventWeights::One(weight) },
                    &mut own,
                );
                counts.neuron_updates_driven += own.neuron_updates_driven;
                counts.stimulus_events += targets.len() as u64;
            }
        }
        kernel.finish(tick, spikes, counts);
        let first = self.range.start as u32;
        spikes.iter_mut().for_each(|id| *id += first);
    }

    /// The values of a probe's neurons that live here, at the end of a tick.
    pub(super) fn values(&self, probe: &Probe, tick: u64) -> Vec<f64> {
        let within = |id: usize| probe.ids.partition_point(|&other| (other as usize) < id);
        let places = probe.ids[within(self.range.start)..within(self.range.end)].iter().map(|id| *id as usize - self.range.start);
        match &self.neurons {
            Neurons::Lazy(kernel) => places.map(|n| kernel.value(tick, n, &probe.variable).unwrap_or(f64::NAN)).collect(),
            neurons => {
                let variable = if let Neurons::Stepped(kernel) = neurons { kernel.variable(&probe.variable) } else { None };
                let values = match variable {
                    Some(values) => values,
                    None if self.output.is_empty() => &[],
                    None => self.output(tick),
                };
                places.map(|n| values.get(n).copied().unwrap_or(f64::NAN)).collect()
            }
        }
    }

    /// The value of one neuron, by its place in the part, at the end of the last tick.
    pub(super) fn value(&self, n: usize, variable: &str, tick: u64) -> f64 {
        let value = match &self.neurons {
            Neurons::Lazy(kernel) => kernel.value(tick, n, variable),
            Neurons::Stepped(kernel) => kernel.variable(variable).map(|values| values[n]),
            Neurons::Outside => None,
        };
        let given = || (!self.output.is_empty()).then(|| self.output(tick)[n]);
        value.or_else(given).unwrap_or(f64::NAN)
    }

    /// Kicks a neuron, by its place in the part, for the tick after `tick`; `input` is what arrives in every tick.
    pub(super) fn kick(&mut self, net: &CompiledNetwork, population: usize, n: usize, (tick, epoch): (u64, u64)) -> Kick {
        let neuron = self.range.start + n;
        match &mut self.neurons {
            Neurons::Outside => {
                self.kicked.push(n as u32);
                Kick::Lifted(0.0)
            }
            Neurons::Stepped(kernel) => {
                kernel.kick(n, steady_input(net, population, neuron), next_current(net, population, neuron, tick, epoch))
            }
            Neurons::Lazy(_) => Kick::Unable,
        }
    }

    /// Takes the parameters and stimuli of another network of the same shape, between two ticks.
    pub(super) fn adopt(&mut self, net: &CompiledNetwork, shard: usize, population: usize) {
        let p = &net.populations[population];
        let before = std::mem::replace(self, Self::new(net, shard, population, false));
        if let Neurons::Stepped(mut kernel) = before.neurons {
            p.with_block(net, self.range.clone(), |block| p.model.renew(&mut *kernel, block));
            self.neurons = Neurons::Stepped(kernel);
        }
        (self.output, self.train, self.kicked, self.stale) = (before.output, before.train, before.kicked, true);
    }

    pub(super) fn gives_numbers(&self) -> bool {
        let train = self.train.as_ref().map(|(train, _)| &**train);
        self.injected || matches!(train, Some(InputTrain::Constant(_) | InputTrain::Frames { .. }))
    }

    /// What an input population gives in a tick: its train's spikes or numbers, and a spike for every stimulus event.
    pub(super) fn put_out(&mut self, net: &CompiledNetwork, population: usize, tick: u64, epoch: u64, spikes: &mut Vec<u32>) {
        let slots = self.output.len() as u64;
        let output = &mut self.output[(tick % slots) as usize];
        if self.injected {
            output.fill(0.0);
        }
        if let Some((train, start)) = &self.train {
            let row = (tick - start - 1) as usize;
            match &**train {
                InputTrain::Spikes(ticks) => {
                    let ids = ticks.get(row).map_or(&[][..], Vec::as_slice);
                    spikes.extend(ids.iter().filter(|id| self.range.contains(&(**id as usize))));
                }
                InputTrain::Constant(values) => output.copy_from_slice(&values[self.range.clone()]),
                InputTrain::Frames { channels, values } => match values.get(row * channels..(row + 1) * channels) {
                    Some(values) => output.copy_from_slice(&values[self.range.clone()]),
                    None => output.fill(0.0),
                },
            }
        }
        spikes.extend(self.kicked.drain(..).map(|n| self.range.start as u32 + n));
        for stimulus in net.stimuli.iter().filter(|s| s.to == population) {
            currents(stimulus, &self.range, tick, epoch, |n, value| output[n] += value);
            events(stimulus, &self.range, tick, epoch, |n, number, _| {
                spikes.extend(std::iter::repeat_n((self.range.start + n) as u32, number as usize));
            });
        }
        spikes.sort_unstable();
    }
}

/// What arrives at a neuron in every tick, by channel: biases.
pub(super) fn steady_input(net: &CompiledNetwork, population: usize, neuron: usize) -> [f64; 2] {
    let by_sign = net.populations[population].model.spec().input.channels() == 2;
    let mut input = [0.0; 2];
    for bias in net.projections.iter().filter(|p| p.to == population).filter_map(|p| p.bias.as_ref()) {
        input[usize::from(by_sign && bias[neuron] < 0.0)] += bias[neuron];
    }
    input
}

/// The current that stimuli bring a neuron in the tick after `tick`.
pub(super) fn next_current(net: &CompiledNetwork, population: usize, neuron: usize, tick: u64, epoch: u64) -> f64 {
    let mut current = 0.0;
    for stimulus in net.stimuli.iter().filter(|s| s.to == population) {
        currents(stimulus, &(neuron..neuron + 1), tick + 1, epoch, |_, value| current += value);
    }
    current
}

/// Draws the events of a Poisson stimulus for a run of neurons; gives their number.
fn draw(
    stimulus: &CompiledStimulus,
    run: &Range<usize>,
    (tick, epoch): (u64, u64),
    by_sign: bool,
    numbers: &mut [u32],
    sums: &mut [&mut [f64]; 2],
    touched: &mut [u32],
) -> u64 {
    let CompiledDrive::Poisson { number, weight, ticks, stream } = &stimulus.drive else { return 0 };
    if !(ticks.0..=ticks.1).contains(&tick) {
        return 0;
    }
    let numbers = &mut numbers[..run.len()];
    number.fill(stream, tick + epoch, run.start, numbers);
    let sums = &mut *sums[usize::from(by_sign && *weight < 0.0)];
    vectorised(
        #[inline(always)]
        || {
            let mut all = 0;
            for ((sum, touched), number) in sums.iter_mut().zip(touched).zip(numbers.iter()) {
                *sum += weight * f64::from(*number);
                *touched |= *number;
                all += number;
            }
            u64::from(all)
        },
    )
}
