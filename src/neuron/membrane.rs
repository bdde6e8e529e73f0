//! The membrane that the integrate-and-fire models in mV share: leak, constant current, threshold, reset, refractoriness; and the
//! propagators of synaptic currents into it.
//!
//! The membrane is linear, `tau_m dv/dt = v_rest − v + (tau_m / c_m) I`, so a step of dt under a constant I is exact:
//! `v ← v_rest + (v − v_rest) e^(−dt/tau_m) + (tau_m / c_m)(1 − e^(−dt/tau_m)) I` (Rotter & Diesmann, Biol. Cybern. 81:381, 1999).

use super::firing::CHUNK;
use super::kick::{Kick, lift};
use super::{Block, Check, Column, ParamSpec, Tick};
use crate::counts::PopulationCounts;
use crate::numerics::{exp, exp_m1};
use crate::units::Dimension;
use std::ops::Range;

const fn param(name: &'static str, dimension: Dimension, default: f64, check: Check, meaning: &'static str) -> ParamSpec {
    ParamSpec { name, dimension, default: Some(default), check, meaning }
}

// Defaults are NEST's.
pub(super) const TAU_M: ParamSpec = param("tau_m", Dimension::Time, 10.0, Check::Positive, "membrane time constant");
pub(super) const C_M: ParamSpec = param("c_m", Dimension::Capacitance, 250.0, Check::Positive, "membrane capacitance");
pub(super) const V_REST: ParamSpec = param("v_rest", Dimension::Voltage, -70.0, Check::Finite, "resting potential");
pub(super) const V_TH: ParamSpec = param("v_th", Dimension::Voltage, -55.0, Check::Any, "threshold");
pub(super) const V_RESET: ParamSpec = param("v_reset", Dimension::Voltage, -70.0, Check::Finite, "potential after a spike");
pub(super) const V_MIN: ParamSpec = param("v_min", Dimension::Voltage, f64::NEG_INFINITY, Check::Any, "lowest potential");
pub(super) const T_REF: ParamSpec = param("t_ref", Dimension::Time, 2.0, Check::NonNegative, "refractory time, rounded to ticks");
pub(super) const I_E: ParamSpec = param("i_e", Dimension::Current, 0.0, Check::Finite, "constant current");
pub(super) const TAU_SYN_EX: ParamSpec =
    param("tau_syn_ex", Dimension::Time, 2.0, Check::Positive, "time constant of excitatory currents");
pub(super) const TAU_SYN_IN: ParamSpec =
    param("tau_syn_in", Dimension::Time, 2.0, Check::Positive, "time constant of inhibitory currents");

/// Parameters of the models with excitatory and inhibitory synaptic currents.
pub(super) const WITH_CURRENTS: &[ParamSpec] = &[TAU_M, C_M, V_REST, V_TH, V_RESET, T_REF, TAU_SYN_EX, TAU_SYN_IN, I_E];

/// Membranes of a block of neurons.
pub(super) struct Membrane {
    decay: Column,
    per_current: Column,
    rest: Column,
    threshold: Column,
    v_reset: Column,
    /// The lowest potential, in models that have one.
    v_min: Option<Column>,
    i_e: Column,
    refractory_ticks: Column,
    /// Ticks left in which the membrane is held.
    refractory: Vec<u32>,
    v: Vec<f64>,
    initial: Vec<f64>,
}

impl Membrane {
    pub(super) fn new(block: &Block<'_>) -> Self {
        let dt = block.dt_ms;
        let rest = block.param("v_rest");
        let initial = block.initial("v", rest);
        Self {
            decay: Column::map([block.param("tau_m")], |[tau]| exp(-dt / tau)),
            per_current: Column::map([block.param("tau_m"), block.param("c_m")], |[tau, c]| tau / c * -exp_m1(-dt / tau)),
            rest: rest.clone(),
            threshold: block.param("v_th").clone(),
            v_reset: block.param("v_reset").clone(),
            v_min: block.spec.param("v_min").map(|_| block.param("v_min").clone()),
            i_e: block.param("i_e").clone(),
            refractory_ticks: Column::map([block.param("t_ref")], |[t]| (t / dt).round()),
            refractory: vec![0; block.len],
            v: initial.clone(),
            initial,
        }
    }

    /// One tick of a run of neurons, chunk by chunk. `input` moves the synapses of a chunk on and tells what arrives at its membranes.
    #[inline(always)]
    pub(super) fn step(&mut self, tick: &mut Tick<'_>, mut input: impl FnMut(&mut Arriving<'_>)) {
        let shared = Shared::of(self).filter(|_| tick.current.is_empty());
        let mut changed = 0;
        let run = tick.first..tick.first + tick.input[0].len();
        let chunks = self.v[run.clone()].chunks_mut(CHUNK).zip(self.refractory[run].chunks_mut(CHUNK)).enumerate();
        let of = (&self.decay, &self.per_current, &self.rest, &self.threshold, &self.v_reset, &self.v_min, &self.i_e);
        for (chunk, (v, held)) in chunks {
            let (at, len) = (chunk * CHUNK, v.len());
            let first = tick.first + at;
            let (mut before, mut sums) = ([0.0; CHUNK], [0.0; CHUNK]);
            if tick.membrane_updates {
                before[..len].copy_from_slice(v);
            }
            input(&mut Arriving { first, run: at..at + len, held, v: &mut sums[..len], counts: tick.counts });
            let mut spiked = false;
            if let Some(Shared { decay, drive, rest, threshold, v_min }) = shared {
                // All parameters are shared: no branches, so that it becomes vector code.
                for ((v, held), arriving) in v.iter_mut().zip(held.iter_mut()).zip(&sums) {
                    let free = (rest + (*v - rest) * decay + drive + arriving).max(v_min);
                    let next = if *held == 0 { free } else { *v };
                    *v = next;
                    *held = held.saturating_sub(1);
                    spiked |= next >= threshold;
                }
            } else {
                let (decay, per_current, rest, threshold, _, v_min, i_e) = of;
                for n in 0..len {
                    if held[n] == 0 {
                        let current = i_e.at(first + n) + tick.current.get(at + n).copied().unwrap_or(0.0);
                        let rest = rest.at(first + n);
                        let free = rest + (v[n] - rest) * decay.at(first + n) + per_current.at(first + n) * current + sums[n];
                        v[n] = v_min.as_ref().map_or(free, |v_min| free.max(v_min.at(first + n)));
                    } else {
                        held[n] -= 1;
                    }
                    spiked |= v[n] >= threshold.at(first + n);
                }
            }
            if spiked {
                // Spikes are rare: they are looked for where there are some.
                for n in 0..len {
                    if v[n] >= of.3.at(first + n) {
                        tick.spikes.push((first + n) as u32);
                        held[n] = self.refractory_ticks.at(first + n) as u32;
                        v[n] = of.4.at(first + n);
                    }
                }
            }
            if tick.membrane_updates {
                changed += v.iter().zip(&before).filter(|(v, before)| v != before).count() as u64;
            }
        }
        if tick.membrane_updates {
            tick.counts.membrane_updates += if tick.number == 1 { tick.input[0].len() as u64 } else { changed };
        }
    }

    pub(super) fn v(&self) -> &[f64] {
        &self.v
    }

    pub(super) fn reset(&mut self) {
        self.v.copy_from_slice(&self.initial);
        self.refractory.fill(0);
    }

    /// Goes on from the state of another that has as many neurons.
    pub(super) fn resume(&mut self, from: Self) {
        self.v = from.v;
        self.refractory = from.refractory;
        for (n, held) in self.refractory.iter_mut().enumerate() {
            *held = (*held).min(self.refractory_ticks.at(n) as u32);
        }
    }

    /// Adds so much to a membrane.
    pub(super) fn lift(&mut self, n: usize, by: f64) {
        self.v[n] += by;
    }

    /// Lifts a membrane to where the next tick brings it to threshold, with a current and what the synapses add in that tick.
    pub(super) fn kick(&mut self, n: usize, current: f64, arriving: f64) -> Kick {
        if self.refractory[n] > 0 {
            return Kick::Held(self.refractory[n]);
        }
        let (rest, threshold) = (self.rest.at(n), self.threshold.at(n));
        let (decay, drive) = (self.decay.at(n), self.per_current.at(n) * (self.i_e.at(n) + current));
        lift(&mut self.v[n], threshold, |v| rest + (v - rest) * decay + drive + arriving, |v| v >= threshold)
    }
}

/// What arrives at a few membranes that follow one another.
pub(super) struct Arriving<'a> {
    /// The first neuron in the block.
    pub(super) first: usize,
    /// The neurons in the run.
    pub(super) run: Range<usize>,
    /// Ticks for which each membrane is held still, this one included.
    pub(super) held: &'a [u32],
    /// Takes what each membrane gains in this tick; what a held one is given is not used.
    pub(super) v: &'a mut [f64],
    /// Takes dropped events.
    pub(super) counts: &'a mut PopulationCounts,
}

/// Parameters that all neurons of a block share.
#[derive(Clone, Copy)]
struct Shared {
    decay: f64,
    /// What the constant current adds in a tick.
    drive: f64,
    rest: f64,
    threshold: f64,
    v_min: f64,
}

impl Shared {
    fn of(m: &Membrane) -> Option<Self> {
        one(&m.v_reset)?;
        Some(Self {
            decay: one(&m.decay)?,
            drive: one(&m.per_current)? * one(&m.i_e)?,
            rest: one(&m.rest)?,
            threshold: one(&m.threshold)?,
            v_min: m.v_min.as_ref().map_or(Some(f64::NEG_INFINITY), one)?,
        })
    }
}

/// The value that all neurons share, where they do.
pub(super) fn one(column: &Column) -> Option<f64> {
    if let Column::One(value) = column { Some(*value) } else { None }
}

/// A complaint where a neuron would spike in every tick.
pub(super) fn complaints(block: &Block<'_>) -> Vec<String> {
    let (reset, threshold) = (block.param("v_reset"), block.param("v_th"));
    (0..block.len)
        .find(|&i| reset.at(i) >= threshold.at(i))
        .map(|i| {
            let (reset, threshold) = (reset.at(i), threshold.at(i));
            format!("`v_reset` ({reset}) must be below `v_th` ({threshold}), or a neuron would spike in every tick")
        })
        .into_iter()
        .collect()
}

/// What an exponential current of 1 pA at the start of a time of `dt` ms has added to the membrane by its end, mV per pA.
///
/// `p = (tau_s tau_m / (C (tau_m − tau_s))) (e^(−dt/tau_m) − e^(−dt/tau_s))`, written as `e^(−dt/slow) (dt / C) f(x)` with `x = dt (1/fast − 1/slow)` and
/// `f(x) = (1 − e^(−x)) / x`, where slow is the larger of the two and fast the other. That stays exact through the singular case tau_s = tau_m, where
/// f = 1, and finite for any dt.
pub(super) fn current_to_potential(dt: f64, tau_m: f64, tau_s: f64, c: f64) -> f64 {
    let (slow, fast) = (tau_m.max(tau_s), tau_m.min(tau_s));
    let x = dt * (slow - fast) / (slow * fast);
    let f = if x == 0.0 { 1.0 } else { -exp_m1(-x) / x };
    exp(-dt / slow) * dt / c * f
}

/// What a unit of `di` (pA/ms) at the start of a time of `dt` ms has added to the membrane by its end, mV.
///
/// `q = ∫₀^dt e^(−(dt−s)/tau_m) s e^(−s/tau_s) ds / C = e^(−dt/tau_m) (dt² / C) g(x)` with `x = dt (1/tau_s − 1/tau_m)` and
/// `g(x) = ∫₀¹ u e^(−xu) du = (1 − e^(−x)(1 + x)) / x²`. Near x = 0, where that cancels, its series `Σ (−x)^k / (k! (k + 2))` is summed; elsewhere
/// the first exponential is multiplied in, so that nothing overflows where dt is long.
pub(super) fn slope_to_potential(dt: f64, tau_m: f64, tau_s: f64, c: f64) -> f64 {
    let x = dt * (tau_m - tau_s) / (tau_m * tau_s);
    let membrane = exp(-dt / tau_m);
    if x.abs() >= 0.5 {
        return (membrane - exp(-dt / tau_s) * (1.0 + x)) / (x * x) * dt * dt / c;
    }
    let mut term = 1.0;
    let mut sum = 0.5;
    for k in 1..20 {
        term *= -x / f64::from(k);
        sum += term / f64::from(k + 2);
    }
    membrane * dt * dt / c * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two halves are one whole, for durations from a thousandth of a time constant to hundreds of them.
    #[test]
    fn propagators_compose_and_stay_finite() {
        for tau_s in [0.5, 1.9, 10.0 - 1e-9, 10.0, 10.0 + 1e-6, 12.0, 300.0] {
            let (tau_m, c) = (10.0, 250.0);
            for h in [0.01, 0.1, 3.0, 20.0, 500.0, 9000.0, 1e5] {
                let half = h / 2.0;
                let (m, s) = (exp(-half / tau_m), exp(-half / tau_s));
                let (p, q) = (current_to_potential(half, tau_m, tau_s, c), slope_to_potential(half, tau_m, tau_s, c));
                let close = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs() + 1e-300;
                let (whole_p, whole_q) = (current_to_potential(h, tau_m, tau_s, c), slope_to_potential(h, tau_m, tau_s, c));
                assert!(close(m * p + s * p, whole_p), "p {tau_s} {h}: {} {whole_p}", m * p + s * p);
                // After a half, di is s and i is half s.
                assert!(close(m * q + s * half * p + s * q, whole_q), "q {tau_s} {h}: {whole_q}");
            }
        }
    }
}
