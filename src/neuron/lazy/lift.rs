//! A threshold that every spike lifts and that sinks back, known at any tick without being touched.

use super::powers::Powers;
use crate::neuron::{Block, Column};
use crate::numerics::exp;

/// The lifts of a block's thresholds, as they were after the last spike of each neuron.
pub(super) struct Lift {
    theta: Vec<f64>,
    /// The tick at the end of which `theta` holds, from the kernel's epoch.
    since: Vec<u32>,
    dt: f64,
    tau: Column,
    jump: Column,
    /// Powers of the decay, where all decay alike.
    powers: Option<Powers>,
    initial: Vec<f64>,
}

impl Lift {
    /// Of a model with `theta`; `None` where a lift begins below zero, so that a neuron could be at threshold after its reset.
    pub(super) fn new(block: &Block<'_>) -> Option<Self> {
        let initial = block.initial("theta", &Column::One(0.0));
        let tau = block.param("tau_theta").clone();
        initial.iter().all(|theta| *theta >= 0.0).then(|| Self {
            theta: initial.clone(),
            since: vec![0; block.len],
            dt: block.dt_ms,
            powers: if let Column::One(tau) = tau { Some(Powers::new(block.dt_ms, tau)) } else { None },
            tau,
            jump: block.param("theta_jump").clone(),
            initial,
        })
    }

    /// What is left of a lift after `k` ticks.
    pub(super) fn decay(&self, n: usize, k: u32) -> f64 {
        match &self.powers {
            Some(powers) => powers.at(k),
            None => exp(-f64::from(k) * self.dt / self.tau.at(n)),
        }
    }

    /// The lift at the end of tick `now`.
    pub(super) fn at(&self, n: usize, now: u32) -> f64 {
        self.theta[n] * self.decay(n, now - self.since[n])
    }

    /// A spike of neuron `n` in tick `now`.
    pub(super) fn spike(&mut self, n: usize, now: u32) {
        (self.theta[n], self.since[n]) = (self.at(n, now) + self.jump.at(n), now);
    }

    /// A bound of the second derivative of a lift, times the square of a tick.
    pub(super) fn bend(&self, n: usize, theta: f64) -> f64 {
        let ticks = self.dt / self.tau.at(n);
        theta * ticks * ticks
    }

    /// Moves the epoch on by so many ticks, which are finished.
    pub(super) fn rebase(&mut self, shift: u32) {
        for n in 0..self.theta.len() {
            (self.theta[n], self.since[n]) = (self.at(n, shift), 0);
        }
    }

    pub(super) fn reset(&mut self) {
        self.theta.copy_from_slice(&self.initial);
        self.since.fill(0);
    }
}
