//! Synaptic currents in closed form, over any duration: what event-driven kernels need of a synapse's shape.

use super::crossing::{Term, first_crossing, zeros};
use crate::numerics::{exp, ln_1p};

/// The state of the currents of one sign of a neuron, and how its shape moves on.
pub(super) trait CurrentShape: Copy + Send + 'static {
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

/// A free membrane with its synapses, in continuous time from now on.
#[derive(Clone, Copy)]
pub(super) struct Flight<S> {
    /// v − v∞, mV.
    pub(super) u: f64,
    pub(super) synapses: [S; 2],
    /// tau_m, tau_syn_ex, tau_syn_in, c_m.
    pub(super) membrane: [f64; 4],
}

impl<S: CurrentShape> Flight<S> {
    /// `t` ms later.
    pub(super) fn at(&self, t: f64) -> Self {
        let [tau_m, tau_ex, tau_in, c] = self.membrane;
        let mut then = *self;
        then.u *= exp(-t / tau_m);
        for (synapse, tau_s) in then.synapses.iter_mut().zip([tau_ex, tau_in]) {
            then.u += synapse.advance(&S::step(t, tau_m, tau_s, c));
        }
        then
    }

    /// dv/dt now, mV/ms. Nothing is subtracted from v∞, so it keeps its digits where the membrane hardly moves any more.
    fn slope(&self) -> f64 {
        (self.synapses[0].current() + self.synapses[1].current()) / self.membrane[3] - self.u / self.membrane[0]
    }

    /// When u reaches `threshold` (v_th − v∞) and what it is lifted by, within `horizon` ms. A lift theta that sinks with tau, (theta, tau), is
    /// as if the membrane had a term −theta e^(−t/tau) more: that adds (theta / tau)(1/tau_m − 1/tau) e^(−t/tau) to the slope of its drive.
    pub(super) fn crossing(&self, threshold: f64, lift: Option<(f64, f64)>, horizon: f64) -> Option<f64> {
        let [tau_m, tau_ex, tau_in, c] = self.membrane;
        let bound = |tau_s| Bounds::new(tau_m, tau_s, c);
        let most = self.synapses[0].most(&bound(tau_ex)) + self.synapses[1].most(&bound(tau_in));
        let (theta, tau_theta) = lift.unwrap_or((0.0, tau_m));
        if self.u.max(0.0) + most < threshold + theta.min(0.0) - 1e-12 * (1.0 + threshold.abs()) {
            return None;
        }
        // Beyond 45 of the slowest time constants nothing moves by a bit.
        let horizon = horizon.min(45.0 * tau_m.max(tau_ex).max(tau_in).max(tau_theta));
        let slopes = [self.synapses[0].slope(tau_ex), self.synapses[1].slope(tau_in)];
        let [ex, inh] = slopes;
        let sinking = Term { c: c * theta / tau_theta * (1.0 / tau_m - 1.0 / tau_theta), d: 0.0, rate: 1.0 / tau_theta };
        let turns = zeros(&[ex, inh, sinking], horizon);
        if theta == 0.0 {
            return first_crossing(|t| self.at(t).u, |t| self.at(t).slope(), &turns, threshold, horizon);
        }
        let lift = |t: f64| theta * exp(-t / tau_theta);
        let height = |t: f64| self.at(t).u - lift(t);
        first_crossing(height, |t| self.at(t).slope() + lift(t) / tau_theta, &turns, threshold, horizon)
    }
}
