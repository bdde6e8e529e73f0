//! Explanations in models that are not linear: the neuron is run again alone, made to spike when it did, with and without each input.

use super::gather::{Arrival, Gathered, gather, own_spikes};
use super::{Cause, Explanation, Moment, Source};
use crate::compile::{CompiledNetwork, CompiledPopulation};
use crate::counts::PopulationCounts;
use crate::diagnostic::{Diagnostic, Result};
use crate::neuron::{Block, Column, Kernel, Output, Tick, linear_step};
use crate::record::SpikeHistory;
use std::collections::BTreeMap;

/// So many of its time constants before its last reset, nothing that was is felt: e⁻²⁵ is 10⁻¹¹.
const TIME_CONSTANTS: f64 = 25.0;
/// Ticks that are run again in all, about: a tenth of a second.
const MOST_STEPS: u64 = 2_000_000;
/// The most ticks that are run again at once.
const LONGEST: u64 = 1 << 20;

/// A neuron alone over some ticks.
struct Alone<'a> {
    net: &'a CompiledNetwork,
    p: &'a CompiledPopulation,
    at: Moment,
    since: u64,
    own: BTreeMap<u64, u32>,
    kicks: BTreeMap<u64, f64>,
}

/// What comes in, tick by tick after `since`.
#[derive(Clone)]
struct Inputs {
    sums: Vec<[f64; 2]>,
    currents: Option<Vec<f64>>,
}

pub(super) fn explain(net: &CompiledNetwork, at: Moment, history: &dyn SpikeHistory, epoch: u64) -> Result<Explanation> {
    let (p, n) = (&net.populations[at.population], at.neuron as usize);
    let able = p.with_block(net, n..n + 1, |block| {
        let has_threshold = block.spec.param("v_th").is_some() && block.spec.variable("v").is_some();
        let subtracts = linear_step(block).is_some_and(|step| step.threshold.is_some() && step.reset.is_none());
        has_threshold && !subtracts && block.spec.output == Output::Spikes && p.model.renew(&mut *p.model.kernel(block), block)
    });
    if !able {
        let message = format!("spikes of neurons of `{}` are not explained", p.model.spec().name);
        let told = Diagnostic::at(format!("population.{}", p.name), message);
        return Err(told.help("they are neither linear between spikes nor can be run again with a threshold moved").into());
    }
    let mut own = BTreeMap::new();
    own_spikes(at, 1..=at.tick, history, &mut own);
    let spiked = own.contains_key(&at.tick);
    let reset = own.range(..at.tick).next_back().map_or(0, |(tick, _)| *tick);
    let window = memory(net, p, n, reset > 0);
    let from = if reset > 0 { reset } else { at.tick };
    let since = from.saturating_sub(window).max(at.tick.saturating_sub(LONGEST));
    let complete = since >= history.first_tick().saturating_sub(1) && history.changed_after() <= since;
    let mut kicks = BTreeMap::new();
    history.each_kick(at.population, at.neuron, since..=at.tick - 1, &mut |tick, by| *kicks.entry(tick).or_default() += by);
    let gathered = gather(net, at, since + 1..=at.tick, history, epoch);
    let mut alone = Alone { net, p, at, since, own, kicks };
    let all = inputs(&gathered, at.tick - since, since);
    let v = alone.run(&all);
    let mut causes = parts(&mut alone, &gathered, &all, v);
    let nothing = Inputs { sums: vec![[0.0; 2]; all.sums.len()], currents: all.currents.as_ref().map(|c| vec![0.0; c.len()]) };
    alone.kicks.clear();
    let part = alone.run(&nothing);
    causes.push(Cause { source: Source::Constant, arrived: at.tick, weight: 0.0, part, dropped: false });
    let threshold = net.threshold(at.population, n).map(|(threshold, _)| threshold);
    let complete = complete && !gathered.numbers_missing;
    let known = if complete { Some(v) } else { threshold.filter(|_| spiked).or(Some(v)) };
    Ok(Explanation { since, complete, ..Explanation::new(at, spiked, threshold, causes, known) })
}

/// The part of each cause: what the membrane lacks without it. Inputs of one tick and channel act as their sum, and share by weight.
fn parts(alone: &mut Alone<'_>, gathered: &Gathered, all: &Inputs, v: f64) -> Vec<Cause> {
    let (since, at) = (alone.since, alone.at);
    // Where they are many, those of some neighbouring ticks are taken together.
    let mut ticks: Vec<_> = gathered.arrivals.iter().map(|arrival| (arrival.tick, arrival.channel)).collect();
    ticks.sort_unstable();
    ticks.dedup();
    let together = (ticks.len() as u64 * (at.tick - since)).div_ceil(MOST_STEPS).max(1);
    let group = |arrival: &Arrival| ((at.tick - arrival.tick) / together, arrival.channel);
    let mut members: BTreeMap<(u64, usize), Vec<usize>> = BTreeMap::new();
    let mut of_group: BTreeMap<(u64, usize), (f64, f64)> = BTreeMap::new();
    for (index, arrival) in gathered.arrivals.iter().enumerate() {
        of_group.entry(group(arrival)).or_default().0 += arrival.weight;
        members.entry(group(arrival)).or_default().push(index);
    }
    for (of, (_, part)) in &mut of_group {
        let mut without = all.clone();
        for arrival in members[of].iter().map(|index| &gathered.arrivals[*index]) {
            without.sums[(arrival.tick - since - 1) as usize][arrival.channel] -= arrival.weight;
        }
        *part = v - alone.run(&without);
    }
    let mut causes: Vec<Cause> = Vec::new();
    let mut numbers: BTreeMap<(usize, u32), Cause> = BTreeMap::new();
    for arrival in &gathered.arrivals {
        let (sum, part) = of_group[&group(arrival)];
        let part = if sum == 0.0 { 0.0 } else { part * (arrival.weight / sum) };
        let cause = Cause { source: arrival.source, arrived: arrival.tick, weight: arrival.weight, part, dropped: false };
        match arrival.source {
            Source::Numbers { projection, neuron, .. } => {
                let sum = numbers.entry((projection, neuron)).or_insert(Cause { weight: 0.0, part: 0.0, ..cause });
                (sum.arrived, sum.weight, sum.part) = (arrival.tick, sum.weight + arrival.weight, sum.part + part);
            }
            _ => causes.push(cause),
        }
    }
    causes.extend(numbers.into_values());
    let mut stimuli: Vec<usize> = gathered.currents.iter().map(|(stimulus, ..)| *stimulus).collect();
    stimuli.dedup();
    for stimulus in stimuli {
        let mut without = all.clone();
        if let Some(currents) = &mut without.currents {
            for &(_, tick, value) in gathered.currents.iter().filter(|(other, ..)| *other == stimulus) {
                currents[(tick - since - 1) as usize] -= value;
            }
        }
        let part = v - alone.run(&without);
        causes.push(Cause { source: Source::Current { stimulus }, arrived: at.tick, weight: 0.0, part, dropped: false });
    }
    for &(projection, channel, value) in &gathered.biases {
        let mut without = all.clone();
        without.sums.iter_mut().for_each(|sums| sums[channel] -= value);
        let part = v - alone.run(&without);
        causes.push(Cause { source: Source::Bias { projection }, arrived: at.tick, weight: value, part, dropped: false });
    }
    for (tick, by) in alone.kicks.clone() {
        alone.kicks.remove(&tick);
        let part = v - alone.run(all);
        alone.kicks.insert(tick, by);
        causes.push(Cause { source: Source::Kick, arrived: tick + 1, weight: by, part, dropped: false });
    }
    causes
}

fn inputs(gathered: &Gathered, ticks: u64, since: u64) -> Inputs {
    let mut sums = vec![[0.0; 2]; ticks as usize];
    for arrival in &gathered.arrivals {
        sums[(arrival.tick - since - 1) as usize][arrival.channel] += arrival.weight;
    }
    for &(_, channel, value) in &gathered.biases {
        sums.iter_mut().for_each(|sums| sums[channel] += value);
    }
    let currents = (!gathered.currents.is_empty()).then(|| {
        let mut currents = vec![0.0; ticks as usize];
        gathered.currents.iter().for_each(|(_, tick, value)| currents[(tick - since - 1) as usize] += value);
        currents
    });
    Inputs { sums, currents }
}

/// Ticks after which a neuron has forgotten; only its currents where the membrane was `reset` then.
fn memory(net: &CompiledNetwork, p: &CompiledPopulation, n: usize, reset: bool) -> u64 {
    let param = |name: &str| p.param(name, n);
    let mut slowest = ["tau_syn_ex", "tau_syn_in", "tau_syn"].into_iter().filter_map(param).fold(0.0, f64::max);
    if !reset {
        let conductance = param("c_m").zip(param("g_l")).map(|(c, g)| c / g);
        slowest = slowest.max(param("tau_m").unwrap_or(0.0)).max(conductance.unwrap_or(0.0));
    }
    slowest /= net.dt_ms;
    for decay in ["decay_u", "decay_v"].into_iter().filter_map(param) {
        // Parts of 4096 that are lost in a tick.
        slowest = slowest.max(4096.0 / decay);
    }
    (slowest * TIME_CONSTANTS).ceil().clamp(1.0, LONGEST as f64) as u64
}

impl Alone<'_> {
    /// The membrane at the threshold test, made to spike when it did before.
    fn run(&self, inputs: &Inputs) -> f64 {
        let n = self.at.neuron as usize;
        self.p.with_block(self.net, n..n + 1, |block| {
            let params = |threshold: f64| -> Vec<Column> {
                let given = block.spec.params.iter().zip(block.params);
                given.map(|(spec, column)| if spec.name == "v_th" { Column::One(threshold) } else { column.clone() }).collect()
            };
            let (never, always) = (params(f64::INFINITY), params(f64::NEG_INFINITY));
            fn with<'a>(block: &Block<'a>, params: &'a [Column]) -> Block<'a> {
                Block {
                    params,
                    len: block.len,
                    dt_ms: block.dt_ms,
                    semantics: block.semantics,
                    init: block.init,
                    spec: block.spec,
                }
            }
            let (never, always) = (with(block, &never), with(block, &always));
            let mut kernel: Box<dyn Kernel> = self.p.model.kernel(&never);
            let (mut spikes, mut counts) = (Vec::new(), PopulationCounts::default());
            for (tick, sums) in (self.since + 1..).zip(&inputs.sums) {
                if let Some(by) = self.kicks.get(&(tick - 1)) {
                    kernel.lift(0, *by);
                }
                let spikes_now = tick < self.at.tick && self.own.contains_key(&tick);
                if spikes_now {
                    self.p.model.renew(&mut *kernel, &always);
                }
                let current = inputs.currents.as_ref().map(|currents| [currents[(tick - self.since - 1) as usize]]);
                spikes.clear();
                kernel.step(&mut Tick {
                    number: tick,
                    first: 0,
                    membrane_updates: false,
                    input: [&sums[..1], &sums[1..]],
                    current: current.as_ref().map_or(&[][..], |current| &current[..]),
                    arrivals: &[0],
                    spikes: &mut spikes,
                    output: &mut [],
                    counts: &mut counts,
                });
                if spikes_now {
                    self.p.model.renew(&mut *kernel, &never);
                }
            }
            kernel.variable("v").map_or(f64::NAN, |v| v[0])
        })
    }
}
