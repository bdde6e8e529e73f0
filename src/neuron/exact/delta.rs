//! `lif_delta` in exact time, as NEST's `iaf_psc_delta_ps`.

use super::{ExactKernel, held_until};
use crate::neuron::{Block, Column};
use crate::numerics::{exp, ln_1p};
use crate::spike::Time;

/// A neuron as it was when it was last touched: v holds at `max(at, held_until)`.
#[derive(Clone, Copy)]
struct Neuron {
    v: f64,
    at: Time,
    /// The end of refractoriness; none where there was none yet.
    held_until: Option<Time>,
}

pub(in crate::neuron) struct ExactDelta {
    neurons: Vec<Neuron>,
    /// Currents from stimuli; empty while there are none.
    current: Vec<f64>,
    tau: Column,
    rest: Column,
    /// tau_m / c_m.
    resistance: Column,
    i_e: Column,
    threshold: Column,
    v_reset: Column,
    v_min: Column,
    t_ref: Column,
    keeps: Column,
    initial: Vec<f64>,
}

impl ExactDelta {
    pub(in crate::neuron) fn new(block: &Block<'_>) -> Self {
        let tau = block.param("tau_m");
        let rest = block.param("v_rest");
        let mut kernel = Self {
            neurons: Vec::new(),
            current: Vec::new(),
            tau: tau.clone(),
            rest: rest.clone(),
            resistance: Column::map([tau, block.param("c_m")], |[tau, c]| tau / c),
            i_e: block.param("i_e").clone(),
            threshold: block.param("v_th").clone(),
            v_reset: block.param("v_reset").clone(),
            v_min: block.param("v_min").clone(),
            t_ref: block.param("t_ref").clone(),
            keeps: block.param("refractory_input").clone(),
            initial: block.initial("v", rest),
        };
        kernel.reset();
        kernel
    }

    fn infinity(&self, n: usize) -> f64 {
        self.rest.at(n) + self.resistance.at(n) * (self.i_e.at(n) + self.current.get(n).copied().unwrap_or(0.0))
    }

    /// The moment at which v holds.
    fn base(&self, n: usize) -> Time {
        let neuron = &self.neurons[n];
        neuron.held_until.map_or(neuron.at, |end| end.max(neuron.at))
    }

    fn held(&self, n: usize, at: Time) -> bool {
        self.neurons[n].held_until.is_some_and(|end| at <= end)
    }

    /// The membrane of a free neuron.
    fn free(&self, n: usize, at: Time) -> f64 {
        let (infinity, v_min) = (self.infinity(n), self.v_min.at(n));
        let decay = exp(-at.ms_since(self.base(n)) / self.tau.at(n));
        (infinity + (self.neurons[n].v.max(v_min) - infinity) * decay).max(v_min)
    }
}

impl ExactKernel for ExactDelta {
    fn crossing(&self, n: usize, until: Time) -> Option<Time> {
        let base = self.base(n);
        let (infinity, threshold) = (self.infinity(n), self.threshold.at(n));
        let v = self.neurons[n].v.max(self.v_min.at(n));
        let at = if v >= threshold {
            base
        } else if infinity > threshold {
            // ln((v∞ − v) / (v∞ − v_th)), exact also just below threshold.
            base.after_ms(self.tau.at(n) * ln_1p((threshold - v) / (infinity - threshold)))
        } else {
            return None;
        };
        (at <= until).then_some(at)
    }

    fn advance(&mut self, n: usize, at: Time) {
        if !self.held(n, at) {
            self.neurons[n].v = self.free(n, at);
        }
        self.neurons[n].at = at;
    }

    fn receive(&mut self, n: usize, weight: f64) -> bool {
        let Neuron { at, held_until, .. } = self.neurons[n];
        match held_until {
            Some(end) if at <= end => {
                if self.keeps.at(n) == 0.0 {
                    return false;
                }
                // It waits in v and decays as a membrane does.
                self.neurons[n].v += weight * exp(-end.ms_since(at) / self.tau.at(n));
            }
            _ => self.neurons[n].v += weight,
        }
        true
    }

    fn inject(&mut self, n: usize, current: f64) {
        self.current.resize(self.neurons.len(), 0.0);
        self.current[n] = current;
    }

    fn at_threshold(&self, n: usize) -> bool {
        !self.held(n, self.neurons[n].at) && self.neurons[n].v.max(self.v_min.at(n)) >= self.threshold.at(n)
    }

    fn spike(&mut self, n: usize) {
        let at = self.neurons[n].at;
        let held_until = Some(held_until(at, self.t_ref.at(n)));
        self.neurons[n] = Neuron { v: self.v_reset.at(n), at, held_until };
    }

    fn value(&self, at: Time, n: usize, variable: &str) -> Option<f64> {
        // Kept input waits in v while the membrane is held.
        (variable == "v").then(|| if self.held(n, at) { self.v_reset.at(n) } else { self.free(n, at) })
    }

    fn reset(&mut self) {
        self.neurons.clear();
        self.neurons.extend(self.initial.iter().map(|&v| Neuron { v, at: Time::ZERO, held_until: None }));
        self.current.clear();
    }
}
