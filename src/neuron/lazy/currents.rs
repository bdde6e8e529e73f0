//! `lif_exp`, `lif_alpha` and `lif_adaptive`, touched only when something reaches them.
//!
//! A synaptic current moves the membrane long after its event, so a crossing is predicted whenever currents change. A bound settles most
//! cases: `v ≤ v∞ + max(0, v − v∞) + Σ` (the most that each current can add). Else the ticks ahead are searched
//! ([`first_tick`]), not far, since another event is likely to come first; where that finds nothing, the neuron is put down to be looked
//! at again at the end of what was searched.

use super::calendar::Calendar;
use super::lift::Lift;
use super::{Events, LazyKernel, NEVER, REBASE, Take};
use crate::counts::PopulationCounts;
use crate::neuron::crossing::{MOST_TICKS, first_tick};
use crate::neuron::currents::{Bounds, CurrentShape};
use crate::neuron::{Block, Column};
use crate::numerics::{exp, exp_m1};
use std::hint::black_box;

/// A neuron as it was when it was last touched. Ticks count from the kernel's epoch; the currents hold at the end of tick `touched`, the
/// membrane at the end of tick `max(touched, held_until)`.
#[derive(Clone, Copy)]
struct Neuron<S> {
    v: f64,
    synapses: [S; 2],
    touched: u32,
    held_until: u32,
}

/// How neurons move over some ticks.
struct Step<S: CurrentShape> {
    decay: f64,
    synapses: [S::Step; 2],
}

impl<S: CurrentShape> Step<S> {
    fn new(h: f64, [tau_m, tau_ex, tau_in, c]: [f64; 4]) -> Self {
        Self { decay: exp(-h / tau_m), synapses: [S::step(h, tau_m, tau_ex, c), S::step(h, tau_m, tau_in, c)] }
    }
}

/// Moves by k ticks: k = 256 a + b, one step of each level.
struct Steps<S: CurrentShape> {
    low: Vec<Step<S>>,
    high: Vec<Step<S>>,
}

const LOW: u32 = 256;
/// Entries of the upper level at most.
const MOST: usize = 1024;

/// How far is searched after an event, and after a search that found nothing.
const AHEAD: u32 = 64;

pub(in crate::neuron) struct LazyCurrents<S: CurrentShape> {
    neurons: Vec<Neuron<S>>,
    epoch: u64,
    dt: f64,
    /// tau_m, tau_syn_ex, tau_syn_in, c_m.
    membrane: [Column; 4],
    /// Moves and bounds, where all neurons move alike.
    alike: Option<(Steps<S>, [Bounds; 2])>,
    /// Where the membrane tends to without synapses.
    infinity: Column,
    rest: Column,
    i_e: Column,
    threshold: Column,
    /// What is added to thresholds, in models that adapt.
    lift: Option<Lift>,
    v_reset: Column,
    refractory_ticks: Column,
    initial: Vec<Neuron<S>>,
    /// When each is to be looked at.
    due: Vec<u32>,
    /// Neurons touched in this tick.
    touched: Vec<u32>,
    calendar: Calendar,
}

impl<S: CurrentShape> LazyCurrents<S> {
    /// The neurons of a block; `None` where a refractory time is beyond any run, or a lift of the threshold begins below zero.
    pub(in crate::neuron) fn new(block: &Block<'_>) -> Option<Self> {
        let dt = block.dt_ms;
        let refractory_ticks = Column::map([block.param("t_ref")], |[t]| (t / dt).round());
        if (0..block.len).any(|n| refractory_ticks.at(n) >= REBASE as f64) {
            return None;
        }
        let lift = if block.spec.variable("theta").is_some() { Some(Lift::new(block)?) } else { None };
        let membrane = ["tau_m", "tau_syn_ex", "tau_syn_in", "c_m"].map(|name| block.param(name).clone());
        let alike = membrane.iter().all(|column| matches!(column, Column::One(_)));
        let v = block.initial("v", block.param("v_rest"));
        let currents = ["i_ex", "i_in"].map(|name| block.initial(name, &Column::One(0.0)));
        let initial: Vec<_> = (0..block.len)
            .map(|n| {
                let synapses = [S::of_current(currents[0][n]), S::of_current(currents[1][n])];
                Neuron { v: v[n], synapses, touched: 0, held_until: 0 }
            })
            .collect();
        let mut kernel = Self {
            neurons: initial.clone(),
            epoch: 0,
            dt,
            alike: alike.then(|| {
                let membrane = membrane.each_ref().map(|column| column.at(0));
                (Steps::new(dt, membrane), bounds(membrane))
            }),
            membrane,
            infinity: Column::One(0.0),
            rest: block.param("v_rest").clone(),
            i_e: block.param("i_e").clone(),
            threshold: block.param("v_th").clone(),
            lift,
            v_reset: block.param("v_reset").clone(),
            refractory_ticks,
            initial,
            due: vec![NEVER; block.len],
            touched: Vec::new(),
            calendar: Calendar::new(),
        };
        kernel.reset();
        Some(kernel)
    }

    fn membrane(&self, n: usize) -> [f64; 4] {
        self.membrane.each_ref().map(|column| column.at(n))
    }

    fn resistance(&self, n: usize) -> f64 {
        self.membrane[0].at(n) / self.membrane[3].at(n)
    }

    /// A free neuron `k` ticks later.
    #[inline]
    fn moved(&self, n: usize, mut neuron: Neuron<S>, k: u32) -> Neuron<S> {
        let infinity = self.infinity.at(n);
        let mut by = |step: &Step<S>| {
            let mut v = infinity + (neuron.v - infinity) * step.decay;
            for (synapse, step) in neuron.synapses.iter_mut().zip(&step.synapses) {
                v += synapse.advance(step);
            }
            neuron.v = v;
        };
        match &self.alike {
            Some((steps, _)) if k < LOW => by(&steps.low[k as usize]),
            Some((steps, _)) if ((k / LOW) as usize) < steps.high.len() => {
                by(&steps.high[(k / LOW) as usize]);
                by(&steps.low[(k % LOW) as usize]);
            }
            _ => by(&Step::new(f64::from(k) * self.dt, self.membrane(n))),
        }
        neuron
    }

    /// The neuron at the end of tick `now`, before what arrives then.
    #[inline]
    fn advanced(&self, n: usize, now: u32) -> Neuron<S> {
        let mut neuron = self.neurons[n];
        if neuron.held_until > neuron.touched {
            // The currents go on while the membrane is held.
            let held = self.moved(n, neuron, now.min(neuron.held_until) - neuron.touched);
            neuron.synapses = held.synapses;
            neuron.touched = now.min(neuron.held_until);
        }
        if now > neuron.touched {
            neuron = self.moved(n, neuron, now - neuron.touched);
        }
        neuron.touched = now;
        neuron
    }

    /// Puts neuron `n` down for the tick, `now` or later, in which it will spike if nothing more reaches it, or in which that is to be
    /// asked again; the next `ahead` ticks are searched.
    fn predict(&mut self, now: u64, n: usize, ahead: u32) {
        let threshold = self.threshold.at(n);
        let neuron = self.neurons[n];
        let start = if neuron.held_until > neuron.touched { self.advanced(n, neuron.held_until) } else { neuron };
        let membrane = self.membrane(n);
        let bounds = self.alike.as_ref().map_or_else(|| bounds(membrane), |(_, bounds)| *bounds);
        let infinity = self.infinity.at(n);
        let ceiling = |s: &Neuron<S>| {
            let most: f64 = s.synapses.iter().zip(&bounds).map(|(synapse, b)| synapse.most(b)).sum();
            infinity.max(s.v) + most
        };
        // The lift sinks towards zero. Rounding could take the membrane over its bound by as much.
        let out_of_reach = |s: &Neuron<S>| ceiling(s) < threshold - 1e-12 * (1.0 + threshold.abs());
        if out_of_reach(&start) {
            return;
        }
        let (tau_m, c) = (membrane[0], membrane[3]);
        // −v'' = (v∞ − v) / tau_m² + (i / tau_m − i') / C.
        // What is sought is where v − theta reaches the threshold.
        let theta = self.lift.as_ref().map_or(0.0, |lift| lift.at(n, start.touched));
        let bend = |(s, theta): (Neuron<S>, f64)| {
            let mut below = (infinity - s.v).max(0.0);
            let mut bend = 0.0;
            for (synapse, b) in s.synapses.iter().zip(&bounds) {
                below += synapse.least(b);
                bend += synapse.bend(b);
            }
            let lift = self.lift.as_ref().map_or(0.0, |lift| lift.bend(n, theta));
            (below / (tau_m * tau_m) + bend / c) * self.dt * self.dt + lift
        };
        let advance = |(s, theta): (Neuron<S>, f64), k: u32| {
            (self.moved(n, s, k), self.lift.as_ref().map_or(0.0, |lift| theta * lift.decay(n, k)))
        };
        let k = match first_tick((start, theta), ahead, threshold, advance, |(s, theta)| s.v - theta, bend) {
            Some(k) => k,
            None if out_of_reach(&self.moved(n, start, ahead)) => return,
            None => ahead,
        };
        let at = start.touched.saturating_add(k).max((now - self.epoch) as u32);
        if at < self.due[n] {
            self.due[n] = at;
            self.calendar.push(now, self.epoch + u64::from(at), n as u32);
        }
    }

    /// Ticks since the epoch, which is moved where they would become too many.
    #[inline]
    fn relative(&mut self, now: u64) -> u32 {
        if now - self.epoch > REBASE {
            self.rebase(now);
        }
        (now - self.epoch) as u32
    }

    /// Moves the epoch to the tick before `now`, which is finished.
    #[cold]
    fn rebase(&mut self, now: u64) {
        let shift = (now - 1 - self.epoch) as u32;
        for n in 0..self.neurons.len() {
            let held_until = self.neurons[n].held_until.saturating_sub(shift);
            self.neurons[n] = Neuron { touched: 0, held_until, ..self.advanced(n, shift) };
        }
        self.due.iter_mut().filter(|due| **due != NEVER).for_each(|due| *due -= shift);
        self.lift.iter_mut().for_each(|lift| lift.rebase(shift));
        self.epoch = now - 1;
    }
}

fn bounds([tau_m, tau_ex, tau_in, c]: [f64; 4]) -> [Bounds; 2] {
    [tau_ex, tau_in].map(|tau_s| Bounds::new(tau_m, tau_s, c))
}

impl<S: CurrentShape> Steps<S> {
    fn new(dt: f64, membrane: [f64; 4]) -> Self {
        let step = |k: usize| Step::new(k as f64 * dt, membrane);
        // Beyond 745 time constants, an exponential is zero.
        let longest = membrane[0].max(membrane[1]).max(membrane[2]);
        let entries = ((746.0 * longest / dt) as usize / LOW as usize + 2).min(MOST);
        Self { low: (0..LOW as usize).map(step).collect(), high: (0..entries).map(|a| step(a * LOW as usize)).collect() }
    }
}

/// Takes events.
struct Row<'a, S: CurrentShape> {
    kernel: &'a mut LazyCurrents<S>,
    now: u32,
    driven: u64,
    /// What was loaded, so that loads are not optimised away.
    seen: u32,
}

impl<S: CurrentShape> Take for Row<'_, S> {
    #[inline(always)]
    fn load(&mut self, n: usize) {
        self.seen |= self.kernel.neurons[n].held_until;
    }

    #[inline]
    fn event(&mut self, n: usize, weight: f64) {
        let kernel = &mut *self.kernel;
        if kernel.neurons[n].touched != self.now {
            kernel.neurons[n] = kernel.advanced(n, self.now);
            kernel.touched.push(n as u32);
            self.driven += 1;
        }
        let channel = usize::from(weight < 0.0);
        let tau_s = kernel.membrane[1 + channel].at(n);
        kernel.neurons[n].synapses[channel].add(weight, tau_s);
    }
}

impl<S: CurrentShape> LazyKernel for LazyCurrents<S> {
    fn receive(&mut self, now: u64, events: &Events<'_>, counts: &mut PopulationCounts) {
        let now = self.relative(now);
        let mut row = Row { kernel: self, now, driven: 0, seen: 0 };
        events.give(&mut row);
        black_box(row.seen);
        counts.neuron_updates_driven += row.driven;
    }

    fn inject(&mut self, now: u64, n: usize, current: f64) {
        let tick = self.relative(now);
        let before = self.infinity.at(n);
        let infinity = self.rest.at(n) + self.resistance(n) * (self.i_e.at(n) + current);
        if infinity == before {
            return;
        }
        if self.neurons[n].touched < tick {
            self.neurons[n] = self.advanced(n, tick - 1);
        } else if self.neurons[n].held_until < tick {
            // What arrived is in already; the tick's own share of the current is exchanged.
            self.neurons[n].v += (infinity - before) * -exp_m1(-self.dt / self.membrane[0].at(n));
        }
        if let Column::One(infinity) = self.infinity {
            self.infinity = Column::Each(vec![infinity; self.neurons.len()]);
        }
        if let Column::Each(all) = &mut self.infinity {
            all[n] = infinity;
        }
        self.predict(now, n, AHEAD);
    }

    fn finish(&mut self, now: u64, spikes: &mut Vec<u32>, _counts: &mut PopulationCounts) {
        let tick = self.relative(now);
        self.calendar.take(now, &mut self.touched);
        if self.touched.is_empty() {
            return;
        }
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        for &place in &touched {
            let n = place as usize;
            let due = self.due[n] == tick;
            if due {
                self.due[n] = NEVER;
            }
            if self.neurons[n].touched != tick {
                if !due {
                    continue;
                }
                self.neurons[n] = self.advanced(n, tick);
            }
            let theta = self.lift.as_ref().map_or(0.0, |lift| lift.at(n, tick));
            let neuron = &mut self.neurons[n];
            if neuron.held_until < tick && neuron.v >= self.threshold.at(n) + theta {
                spikes.push(place);
                self.lift.iter_mut().for_each(|lift| lift.spike(n, tick));
                neuron.v = self.v_reset.at(n);
                neuron.held_until = tick + self.refractory_ticks.at(n) as u32;
            }
            self.predict(now + 1, n, if due { MOST_TICKS } else { AHEAD });
        }
        touched.clear();
        self.touched = touched;
    }

    fn value(&self, now: u64, n: usize, variable: &str) -> Option<f64> {
        let now = (now - self.epoch) as u32;
        let neuron = self.advanced(n, now);
        match variable {
            "v" => Some(neuron.v),
            "i_ex" => Some(neuron.synapses[0].current()),
            "i_in" => Some(neuron.synapses[1].current()),
            "theta" => self.lift.as_ref().map(|lift| lift.at(n, now)),
            _ => None,
        }
    }

    fn pays_below(&self) -> f64 {
        0.02
    }

    fn reset(&mut self) {
        self.epoch = 0;
        self.neurons.clone_from(&self.initial);
        self.lift.iter_mut().for_each(Lift::reset);
        let resistance = Column::map([&self.membrane[0], &self.membrane[3]], |[tau, c]| tau / c);
        self.infinity = Column::map([&self.rest, &resistance, &self.i_e], |[rest, r, i]| rest + r * i);
        self.due.fill(NEVER);
        self.touched.clear();
        self.calendar.clear();
        for n in 0..self.neurons.len() {
            self.predict(1, n, AHEAD);
        }
    }
}
