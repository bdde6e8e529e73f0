//! `lif_exp`, `lif_alpha` and `lif_adaptive` in exact time, the first two as NEST's `iaf_psc_exp_ps` and `iaf_psc_alpha_ps`.

use super::{ExactKernel, held_until};
use crate::neuron::currents::{CurrentShape, Flight};
use crate::neuron::{Block, Column};
use crate::numerics::exp;
use crate::spike::Time;

/// A neuron as it was when it was last touched: the currents hold at `at`, the membrane at `max(at, held_until)`.
#[derive(Clone, Copy)]
struct Neuron<S> {
    v: f64,
    synapses: [S; 2],
    at: Time,
    held_until: Option<Time>,
}

/// A threshold that every spike lifts.
struct Lift {
    theta: Vec<(f64, Time)>,
    initial: Vec<f64>,
    tau: Column,
    jump: Column,
}

impl Lift {
    fn new(block: &Block<'_>) -> Self {
        let initial = block.initial("theta", &Column::One(0.0));
        let theta = initial.iter().map(|theta| (*theta, Time::ZERO)).collect();
        Self { theta, initial, tau: block.param("tau_theta").clone(), jump: block.param("theta_jump").clone() }
    }

    fn at(&self, n: usize, at: Time) -> f64 {
        let (theta, since) = self.theta[n];
        theta * exp(-at.ms_since(since) / self.tau.at(n))
    }
}

pub(in crate::neuron) struct ExactCurrents<S> {
    neurons: Vec<Neuron<S>>,
    /// Currents from stimuli; empty while there are none.
    current: Vec<f64>,
    /// tau_m, tau_syn_ex, tau_syn_in, c_m.
    membrane: [Column; 4],
    rest: Column,
    i_e: Column,
    threshold: Column,
    /// In models that adapt: what each threshold was lifted by at a moment, and how that goes on.
    lift: Option<Lift>,
    v_reset: Column,
    t_ref: Column,
    initial: Vec<Neuron<S>>,
}

impl<S: CurrentShape> ExactCurrents<S> {
    pub(in crate::neuron) fn new(block: &Block<'_>) -> Self {
        let v = block.initial("v", block.param("v_rest"));
        let currents = ["i_ex", "i_in"].map(|name| block.initial(name, &Column::One(0.0)));
        let initial: Vec<_> = (0..block.len)
            .map(|n| {
                let synapses = [S::of_current(currents[0][n]), S::of_current(currents[1][n])];
                Neuron { v: v[n], synapses, at: Time::ZERO, held_until: None }
            })
            .collect();
        Self {
            neurons: initial.clone(),
            current: Vec::new(),
            membrane: ["tau_m", "tau_syn_ex", "tau_syn_in", "c_m"].map(|name| block.param(name).clone()),
            rest: block.param("v_rest").clone(),
            i_e: block.param("i_e").clone(),
            threshold: block.param("v_th").clone(),
            lift: block.spec.variable("theta").map(|_| Lift::new(block)),
            v_reset: block.param("v_reset").clone(),
            t_ref: block.param("t_ref").clone(),
            initial,
        }
    }

    fn infinity(&self, n: usize) -> f64 {
        let resistance = self.membrane[0].at(n) / self.membrane[3].at(n);
        self.rest.at(n) + resistance * (self.i_e.at(n) + self.current.get(n).copied().unwrap_or(0.0))
    }

    /// The threshold at a moment.
    fn threshold(&self, n: usize, at: Time) -> f64 {
        self.threshold.at(n) + self.lift.as_ref().map_or(0.0, |lift| lift.at(n, at))
    }

    fn flight(&self, n: usize, neuron: &Neuron<S>) -> Flight<S> {
        let membrane = self.membrane.each_ref().map(|column| column.at(n));
        Flight { u: neuron.v - self.infinity(n), synapses: neuron.synapses, membrane }
    }

    /// The neuron at a moment.
    fn moved(&self, n: usize, at: Time) -> Neuron<S> {
        let mut neuron = self.neurons[n];
        if let Some(end) = neuron.held_until
            && end > neuron.at
        {
            // The currents go on while the membrane is held.
            let to = at.min(end);
            neuron.synapses = self.flight(n, &neuron).at(to.ms_since(neuron.at)).synapses;
            neuron.at = to;
        }
        if at > neuron.at {
            let flight = self.flight(n, &neuron).at(at.ms_since(neuron.at));
            neuron = Neuron { v: self.infinity(n) + flight.u, synapses: flight.synapses, at, ..neuron };
        }
        neuron
    }
}

impl<S: CurrentShape> ExactKernel for ExactCurrents<S> {
    fn crossing(&self, n: usize, until: Time) -> Option<Time> {
        let neuron = &self.neurons[n];
        let base = neuron.held_until.map_or(neuron.at, |end| end.max(neuron.at));
        if base > until {
            return None;
        }
        let start = self.moved(n, base);
        if start.v >= self.threshold(n, base) {
            return Some(base);
        }
        let threshold = self.threshold.at(n) - self.infinity(n);
        let lift = self.lift.as_ref().map(|lift| (lift.at(n, base), lift.tau.at(n)));
        let t = self.flight(n, &start).crossing(threshold, lift, until.ms_since(base))?;
        Some(base.after_ms(t).min(until))
    }

    fn advance(&mut self, n: usize, at: Time) {
        self.neurons[n] = self.moved(n, at);
    }

    fn receive(&mut self, n: usize, weight: f64) -> bool {
        let channel = usize::from(weight < 0.0);
        let tau_s = self.membrane[1 + channel].at(n);
        self.neurons[n].synapses[channel].add(weight, tau_s);
        true
    }

    fn inject(&mut self, n: usize, current: f64) {
        self.current.resize(self.neurons.len(), 0.0);
        self.current[n] = current;
    }

    fn at_threshold(&self, n: usize) -> bool {
        let neuron = &self.neurons[n];
        neuron.held_until.is_none_or(|end| neuron.at > end) && neuron.v >= self.threshold(n, neuron.at)
    }

    fn spike(&mut self, n: usize) {
        let at = self.neurons[n].at;
        if let Some(lift) = &mut self.lift {
            lift.theta[n] = (lift.at(n, at) + lift.jump.at(n), at);
        }
        let held_until = Some(held_until(at, self.t_ref.at(n)));
        self.neurons[n] = Neuron { v: self.v_reset.at(n), held_until, ..self.neurons[n] };
    }

    fn value(&self, at: Time, n: usize, variable: &str) -> Option<f64> {
        let neuron = self.moved(n, at);
        match variable {
            "v" => Some(neuron.v),
            "i_ex" => Some(neuron.synapses[0].current()),
            "i_in" => Some(neuron.synapses[1].current()),
            "theta" => self.lift.as_ref().map(|lift| lift.at(n, at)),
            _ => None,
        }
    }

    fn reset(&mut self) {
        self.neurons.clone_from(&self.initial);
        if let Some(lift) = &mut self.lift {
            lift.theta.iter_mut().zip(&lift.initial).for_each(|(theta, initial)| *theta = (*initial, Time::ZERO));
        }
        self.current.clear();
    }
}
