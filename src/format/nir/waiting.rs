//! How late what passes a `Delay` arrives.

use super::convert::{Conversion, Feed};
use super::{Class, NirArray};
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::network::Delay;
use crate::neuron::Values;

/// Times of a file in single precision are about so far off.
const AGREEMENT: f64 = 1e-3;

impl Conversion<'_> {
    /// The delay of a projection that a node makes out of `feed`: that of a `Delay` node in whole steps, and one step more on an edge
    /// that carries the value of the step before.
    pub(super) fn delay(&self, at: usize, feed: Feed) -> Delay {
        let late = u32::from(feed.delayed);
        let Some(times) = self.times(at) else { return Delay::Ticks(late) };
        let steps = |seconds: f64| (seconds / self.dt_s()).round_ties_even() + f64::from(late);
        let first = steps(times.at(0));
        if times.values().all(|seconds| steps(seconds) == first) && first <= f64::from(u32::MAX) {
            return Delay::Ticks(first as u32);
        }
        Delay::Ms(Values::Each(times.values().map(|seconds| steps(seconds) * self.dt_ms).collect()))
    }

    /// What is to be said of a `Delay`.
    pub(super) fn remark_delay(&self, at: usize, notes: &mut Vec<String>, complaints: &mut Diagnostics) {
        let Some(times) = self.times(at) else { return };
        let steps = |seconds: f64| seconds / self.dt_s();
        if let Some(most) = times.values().find(|seconds| steps(*seconds) > f64::from(u32::MAX)) {
            let message = format!("{most} s are too many steps of {} ms", self.dt_ms);
            complaints.push(Diagnostic::at(self.wiring.place(at, "delay"), message));
        }
        if times.values().map(steps).any(|steps| (steps - steps.round_ties_even()).abs() > AGREEMENT * steps.max(1.0)) {
            let name = quoted(self.wiring.names[at]);
            notes.push(format!("{name}: delays are rounded to whole steps of {} ms", self.dt_ms));
        }
    }

    fn times(&self, at: usize) -> Option<&NirArray> {
        if self.wiring.class(at) == Class::Delay { self.wiring.nodes[at].array("delay") } else { None }
    }

    fn dt_s(&self) -> f64 {
        self.dt_ms / 1e3
    }
}
