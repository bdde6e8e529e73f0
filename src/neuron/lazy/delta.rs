//! `lif_delta`, touched only when something reaches it.
//!
//! Between events `v(k) = v∞ + (v − v∞) e^(−k dt/tau_m)` with `v∞ = v_rest + (tau_m / c_m) I`. It moves towards v∞ without turning, so it can
//! reach threshold by itself only where v∞ is above it, and then after `ln((v∞ − v) / (v∞ − v_th)) tau_m / dt` ticks.

use super::calendar::Calendar;
use super::powers::Powers;
use super::{Events, LazyKernel, NEVER, REBASE, Take};
use crate::counts::PopulationCounts;
use crate::neuron::{Block, Column};
use crate::numerics::{exp, exp_m1, ln};
use std::hint::black_box;

/// A neuron as it was when it was last touched: all that an event needs, in 16 bytes.
///
/// Ticks count from the kernel's epoch. The state holds at the end of tick `max(touched, held_until)`. The lowest potential is applied
/// at the end of a tick, after its arrivals; since more may arrive, it is applied when the neuron is touched next.
#[derive(Clone, Copy)]
struct Neuron {
    v: f64,
    /// The last tick in which something arrived.
    touched: u32,
    /// The last tick in which the membrane is held; 0 where it never was.
    held_until: u32,
}

/// What all neurons share where nothing is their own: the parameters of the fast loop.
#[derive(Clone, Copy)]
struct Plain {
    infinity: f64,
    threshold: f64,
    v_min: f64,
}

pub(in crate::neuron) struct LazyDelta {
    neurons: Vec<Neuron>,
    /// The tick that `Neuron`'s ticks count from.
    epoch: u64,
    /// Powers of the membrane's decay, where all decay alike.
    powers: Option<Powers>,
    dt: f64,
    tau: Column,
    rest: Column,
    /// tau_m / c_m.
    resistance: Column,
    i_e: Column,
    threshold: Column,
    v_reset: Column,
    v_min: Column,
    refractory_ticks: Column,
    keeps: Column,
    initial: Vec<f64>,
    /// Set while no neuron can spike by itself and all are alike.
    plain: Option<Plain>,
    /// Where the fast loop does not serve, for each neuron: where its membrane tends to, and when it is to be looked at.
    infinity: Vec<f64>,
    due: Vec<u32>,
    /// Neurons at threshold (fast loop), or touched, in this tick.
    candidates: Vec<u32>,
    calendar: Calendar,
}

impl LazyDelta {
    /// The neurons of a block; `None` where parameters have no use for a lazy form (a lowest potential at threshold, a refractory time
    /// beyond any run).
    pub(in crate::neuron) fn new(block: &Block<'_>) -> Option<Self> {
        let dt = block.dt_ms;
        let tau = block.param("tau_m").clone();
        let rest = block.param("v_rest");
        let refractory_ticks = Column::map([block.param("t_ref")], |[t]| (t / dt).round());
        let (v_min, threshold) = (block.param("v_min"), block.param("v_th"));
        let odd = (0..block.len).any(|n| v_min.at(n) >= threshold.at(n) || refractory_ticks.at(n) >= REBASE as f64);
        if odd {
            return None;
        }
        let mut kernel = Self {
            neurons: Vec::new(),
            epoch: 0,
            powers: if let Column::One(tau) = tau { Some(Powers::new(dt, tau)) } else { None },
            dt,
            resistance: Column::map([&tau, block.param("c_m")], |[tau, c]| tau / c),
            tau,
            rest: rest.clone(),
            i_e: block.param("i_e").clone(),
            threshold: threshold.clone(),
            v_reset: block.param("v_reset").clone(),
            v_min: v_min.clone(),
            refractory_ticks,
            keeps: block.param("refractory_input").clone(),
            initial: block.initial("v", rest),
            plain: None,
            infinity: Vec::new(),
            due: Vec::new(),
            candidates: Vec::new(),
            calendar: Calendar::new(),
        };
        kernel.reset();
        Some(kernel)
    }

    fn plain(&self) -> Option<Plain> {
        let one = |column: &Column| if let Column::One(value) = column { Some(*value) } else { None };
        self.powers.as_ref()?;
        let infinity = one(&self.rest)? + one(&self.resistance)? * one(&self.i_e)?;
        let plain = Plain { infinity, threshold: one(&self.threshold)?, v_min: one(&self.v_min)? };
        one(&self.v_reset)?;
        one(&self.refractory_ticks)?;
        // Initial membranes at threshold spike by themselves in the first tick.
        let quiet = self.initial.iter().all(|v| *v < plain.threshold);
        (infinity < plain.threshold && infinity >= plain.v_min && self.keeps == Column::One(0.0) && quiet).then_some(plain)
    }

    /// Leaves the fast loop.
    fn make_general(&mut self, now: u64) {
        self.plain = None;
        let infinity = |n| self.rest.at(n) + self.resistance.at(n) * self.i_e.at(n);
        self.infinity = (0..self.neurons.len()).map(infinity).collect();
        self.due = vec![NEVER; self.neurons.len()];
        (0..self.neurons.len()).for_each(|n| self.predict(now, n));
    }

    #[inline]
    fn infinity(&self, n: usize) -> f64 {
        self.plain.map_or_else(|| self.infinity[n], |plain| plain.infinity)
    }

    fn decay(&self, n: usize, k: u32) -> f64 {
        match &self.powers {
            Some(powers) => powers.at(k),
            None => exp(-f64::from(k) * self.dt / self.tau.at(n)),
        }
    }

    /// The membrane at the end of tick `now`, before what arrives then; the neuron must be free then and not touched yet.
    fn advanced(&self, n: usize, now: u32) -> f64 {
        let neuron = self.neurons[n];
        let (infinity, v_min) = (self.infinity(n), self.v_min.at(n));
        let free = |v: f64, k: u32| infinity + (v - infinity) * self.decay(n, k);
        let mut k = now - neuron.touched.max(neuron.held_until);
        let mut v = neuron.v;
        if v < v_min {
            if neuron.touched > neuron.held_until {
                v = v_min;
            } else if k > 1 {
                // Initial and reset potentials may be below: the lowest potential takes hold at the end of the first free tick.
                v = free(v, 1).max(v_min);
                k -= 1;
            }
        }
        if infinity < v_min && k > 1 {
            v = free(v, k - 1).max(v_min);
            k = 1;
        }
        free(v, k)
    }

    /// The membrane at the end of tick `now`, all that arrived in it included.
    fn at_end(&self, n: usize, now: u32) -> f64 {
        let neuron = self.neurons[n];
        if now <= neuron.held_until {
            // Kept input waits in v meanwhile.
            return if neuron.held_until == 0 { neuron.v } else { self.v_reset.at(n) };
        }
        if neuron.touched == now { neuron.v } else { self.advanced(n, now) }.max(self.v_min.at(n))
    }

    /// Puts neuron `n` down for the tick, `now` or later, in which it will spike if nothing more reaches it. Never too late; where it is
    /// too early, the neuron is looked at and put down again.
    fn predict(&mut self, now: u64, n: usize) {
        let Neuron { mut v, touched, held_until } = self.neurons[n];
        let (infinity, threshold, v_min) = (self.infinity[n], self.threshold.at(n), self.v_min.at(n));
        if touched > held_until {
            v = v.max(v_min);
        }
        let k = if v >= threshold || (infinity > threshold && v < v_min) {
            1
        } else if infinity > threshold {
            let tau = self.tau.at(n) / self.dt;
            let ticks = ln((infinity - v) / (infinity - threshold)) * tau;
            // What rounding the closed form and the membrane can amount to, so as not to be late.
            let slack = 4.0 * f64::EPSILON * tau * (1.0 + (infinity.abs() + threshold.abs()) / (infinity - threshold));
            ((ticks - slack).ceil()).clamp(1.0, REBASE as f64) as u32
        } else {
            return;
        };
        let at = touched.max(held_until).saturating_add(k).max((now - self.epoch) as u32);
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
            let neuron = self.neurons[n];
            self.neurons[n] = if neuron.held_until < shift {
                Neuron { v: self.at_end(n, shift), touched: 0, held_until: 0 }
            } else {
                Neuron { touched: neuron.touched.saturating_sub(shift), held_until: neuron.held_until - shift, ..neuron }
            };
        }
        self.due.iter_mut().filter(|due| **due != NEVER).for_each(|due| *due -= shift);
        self.epoch = now - 1;
    }
}

/// Takes events for neurons alike that cannot spike by themselves: the loop that counts.
struct Alike<'a> {
    plain: Plain,
    powers: &'a Powers,
    neurons: &'a mut [Neuron],
    candidates: &'a mut Vec<u32>,
    now: u32,
    driven: u64,
    dropped: u64,
    /// What was loaded, so that loads are not optimised away.
    seen: u32,
}

impl Take for Alike<'_> {
    #[inline(always)]
    fn load(&mut self, place: usize) {
        self.seen |= self.neurons[place].held_until;
    }

    #[inline(always)]
    fn event(&mut self, place: usize, weight: f64) {
        let Plain { infinity, threshold, v_min } = self.plain;
        let now = self.now;
        let neuron = &mut self.neurons[place];
        if neuron.held_until >= now {
            self.driven += u64::from(neuron.touched != now);
            neuron.touched = now;
            self.dropped += 1;
            return;
        }
        if neuron.touched != now {
            let mut k = now - neuron.touched.max(neuron.held_until);
            if neuron.v < v_min {
                k = lifted(neuron, self.plain, self.powers, k);
            }
            neuron.v = infinity + (neuron.v - infinity) * self.powers.at(k);
            neuron.touched = now;
            self.driven += 1;
        }
        neuron.v += weight;
        if neuron.v >= threshold {
            self.candidates.push(place as u32);
        }
    }
}

/// Takes events for any neurons.
struct General<'a> {
    kernel: &'a mut LazyDelta,
    now: u32,
    counts: &'a mut PopulationCounts,
}

impl Take for General<'_> {
    fn event(&mut self, n: usize, weight: f64) {
        let Self { kernel, now, counts } = self;
        let now = *now;
        let Neuron { touched, held_until, .. } = kernel.neurons[n];
        if touched != now {
            if held_until < now {
                kernel.neurons[n].v = kernel.advanced(n, now);
            }
            kernel.neurons[n].touched = now;
            kernel.candidates.push(n as u32);
            counts.neuron_updates_driven += 1;
        }
        if held_until < now {
            kernel.neurons[n].v += weight;
            // In the tick in which the first current sets in, it may have been touched as a plain neuron, and is no candidate yet.
            if kernel.neurons[n].v >= kernel.threshold.at(n) {
                kernel.candidates.push(n as u32);
            }
        } else if kernel.keeps.at(n) != 0.0 {
            // It waits in v and decays as a membrane does; the first free tick takes it on from here.
            kernel.neurons[n].v += weight * kernel.decay(n, held_until - now);
        } else {
            counts.synaptic_events_dropped += 1;
        }
    }
}

/// Applies the lowest potential to a neuron that waits below it, `k` ticks ago; gives the ticks that are left.
#[cold]
fn lifted(neuron: &mut Neuron, plain: Plain, powers: &Powers, k: u32) -> u32 {
    let Plain { infinity, v_min, .. } = plain;
    if neuron.touched > neuron.held_until {
        neuron.v = v_min;
        return k;
    }
    if k > 1 {
        neuron.v = (infinity + (neuron.v - infinity) * powers.at(1)).max(v_min);
        return k - 1;
    }
    k
}

impl LazyKernel for LazyDelta {
    fn receive(&mut self, now: u64, events: &Events<'_>, counts: &mut PopulationCounts) {
        let tick = self.relative(now);
        match self.plain {
            Some(plain) => {
                let powers = self.powers.as_ref().expect("plain neurons share their decay");
                let (neurons, candidates) = (&mut self.neurons[..], &mut self.candidates);
                let mut take = Alike { plain, powers, neurons, candidates, now: tick, driven: 0, dropped: 0, seen: 0 };
                events.give(&mut take);
                black_box(take.seen);
                counts.neuron_updates_driven += take.driven;
                counts.synaptic_events_dropped += take.dropped;
            }
            None => events.give(&mut General { kernel: self, now: tick, counts }),
        }
    }

    fn inject(&mut self, now: u64, n: usize, current: f64) {
        let tick = self.relative(now);
        if self.plain.is_some() {
            self.make_general(now);
        }
        let infinity = self.rest.at(n) + self.resistance.at(n) * (self.i_e.at(n) + current);
        let before = self.infinity[n];
        if infinity == before {
            return;
        }
        let neuron = self.neurons[n];
        if neuron.held_until < tick {
            if neuron.touched == tick {
                // What arrived is in v already; the tick's own share of the current is exchanged.
                self.neurons[n].v += (infinity - before) * -exp_m1(-self.dt / self.tau.at(n));
                // That may lift it over the threshold, where no event did.
                self.candidates.push(n as u32);
            } else if neuron.touched.max(neuron.held_until) + 1 < tick {
                let v = self.at_end(n, tick - 1);
                self.neurons[n] = Neuron { v, touched: tick - 1, ..neuron };
            }
        }
        self.infinity[n] = infinity;
        self.predict(now, n);
    }

    fn finish(&mut self, now: u64, spikes: &mut Vec<u32>, _counts: &mut PopulationCounts) {
        let tick = self.relative(now);
        if self.plain.is_none() {
            self.calendar.take(now, &mut self.candidates);
        }
        if self.candidates.is_empty() {
            return;
        }
        let mut candidates = std::mem::take(&mut self.candidates);
        candidates.sort_unstable();
        candidates.dedup();
        for &place in &candidates {
            let n = place as usize;
            let due = self.plain.is_none() && self.due[n] == tick;
            if due {
                self.due[n] = NEVER;
            }
            if self.neurons[n].held_until < tick && (due || self.neurons[n].touched == tick) {
                let v = self.at_end(n, tick);
                self.neurons[n] = Neuron { v, touched: tick, ..self.neurons[n] };
                if v >= self.threshold.at(n) {
                    spikes.push(place);
                    let held_until = tick + self.refractory_ticks.at(n) as u32;
                    self.neurons[n] = Neuron { v: self.v_reset.at(n), touched: tick, held_until };
                }
            }
            if self.plain.is_none() {
                self.predict(now + 1, n);
            }
        }
        candidates.clear();
        self.candidates = candidates;
    }

    fn value(&self, now: u64, n: usize, variable: &str) -> Option<f64> {
        (variable == "v").then(|| self.at_end(n, (now - self.epoch) as u32))
    }

    fn pays_below(&self) -> f64 {
        0.1
    }

    fn reset(&mut self) {
        self.epoch = 0;
        self.neurons.clear();
        self.neurons.extend(self.initial.iter().map(|&v| Neuron { v, touched: 0, held_until: 0 }));
        self.candidates.clear();
        self.calendar.clear();
        self.plain = self.plain();
        if self.plain.is_none() {
            self.make_general(1);
        }
    }
}
