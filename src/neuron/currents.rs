//! Synaptic currents in closed form, over any duration: what event-driven kernels need of a synapse's shape.

use super::crossing::Term;
use crate::numerics::{exp, ln_1p};

/// The state of the currents of one sign of a neuron, and how its shape moves on.
pub(super) trait Shape: Copy + Send + 'static {
    /// How a state moves over a duration.
    type Step: Copy + Send + Sync;

    /// The shape's move over `h` ms, for time constants in ms and a capacitance in pF.
    fn step(h: f64, tau_m: f64, tau_s: f64, c: f64) -> Self::Step;

    /// A current of so many pA and nothing else.
    fn of_current(i: f64) -> Self;

    /// The current, pA.
    fn current(self) -> f64;

    /// Moves on; gives what it has added to the membrane, mV.
    fn advance(&mut self, step: &Self::Step) -> f64;

    /// An event of this weight, pA.
    fn add(&mut self, weight: f64, tau_s: f64);

    /// The most that it can add to the membrane at any later time, mV.
    fn most(self, bounds: &Bounds) -> f64;

    /// The most that it can take from the membrane at any later time, mV.
    fn least(self, bounds: &Bounds) -> f64;

    /// A bound of `i / tau_m − i'` from now on, pA/ms: its share of the membrane's bend.
    fn bend(self, bounds: &Bounds) -> f64;

    /// The slope of the current, `i'(t)`, as it will be, pA/ms.
    fn slope(self, tau_s: f64) -> Term;
}

/// What bounds a synapse's effect: its time constant, and how high unit states lift the membrane.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) tau_s: f64,
    /// 1 / tau_m.
    pub(super) leak: f64,
    /// The highest membrane after an exponential current of 1 pA, mV.
    pub(super) per_current: f64,
    /// A bound of the highest membrane after a unit of `di` (pA/ms), mV.
    pub(super) per_slope: f64,
}

impl Bounds {
    /// The exponential current lifts the membrane to `(tau_m / C) r^(1/(1 − r))`, r = tau_s / tau_m, at `ln(r) / (1/tau_m − 1/tau_s)`; the exponent
    /// `ln(r) / (1 − r)` is −1 at r = 1. A current `t e^(−t/tau_s)` is at most tau_s / e and its integral is tau_s².
    pub(super) fn new(tau_m: f64, tau_s: f64, c: f64) -> Self {
        let x = tau_s / tau_m - 1.0;
        let exponent = if x == 0.0 { -1.0 } else { -ln_1p(x) / x };
        let per_slope = (tau_m * tau_s / std::f64::consts::E).min(tau_s * tau_s) / c;
        // A little more, for what rounding took from them.
        let up = 1.0 + 1e-12;
        Self { tau_s, leak: 1.0 / tau_m, per_current: tau_m / c * exp(exponent) * up, per_slope: per_slope * up }
    }
}
