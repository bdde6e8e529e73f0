//! How a neuron answers its inputs, as a linear map from tick to tick: what an explanation of its spikes needs.

use super::membrane::{current_to_potential, slope_to_potential};
use super::{Block, ResetAt};
use crate::numerics::{exp, exp_m1};

/// Numbers of a neuron's state: the membrane, then for each sign of input a synaptic current and what drives it (0 where there is none).
pub const STATES: usize = 5;

/// A tick of one neuron of a model that is linear between spikes: `state ← step · state + constant + Σ weight · input + current · I`, where the
/// first of [`STATES`] numbers is the membrane. While it is refractory, the membrane stands still and the rest goes on.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// What becomes of the state: `step[to][from]`.
    pub step: [[f64; STATES]; STATES],
    /// What every tick adds.
    pub constant: [f64; STATES],
    /// What a unit of weight that arrives in the tick adds, by channel (all, or excitatory and inhibitory).
    pub input: [[f64; STATES]; 2],
    /// What a unit of the stimuli's current adds.
    pub current: [f64; STATES],
    /// The state at the start.
    pub start: [f64; STATES],
    /// The threshold; `None` for neurons that do not spike.
    pub threshold: Option<f64>,
    /// How much each spike lifts the threshold, what is left of the lift a tick later, and the lift at the start.
    pub lift: Option<[f64; 3]>,
    /// What the membrane is set to by a spike; where `None`, the threshold is taken off.
    pub reset: Option<f64>,
    /// When that is.
    pub reset_at: ResetAt,
    /// Ticks for which it is refractory after a spike.
    pub held: u64,
    /// What becomes of input that meets a refractory neuron: it counts as ever (`None`), or the part of it that is left a tick
    /// later, down to the first free tick (0 where it is dropped).
    pub kept: Option<f64>,
}

impl Response {
    /// No membrane yet: all zero.
    pub(super) fn none() -> Self {
        Self {
            step: [[0.0; STATES]; STATES],
            constant: [0.0; STATES],
            input: [[0.0; STATES]; 2],
            current: [0.0; STATES],
            start: [0.0; STATES],
            threshold: None,
            lift: None,
            reset: None,
            reset_at: ResetAt::Now,
            held: 0,
            kept: None,
        }
    }

    /// The membrane of the models in mV, for neuron 0 of a block; synapses are still to be added.
    pub(super) fn of_membrane(block: &Block<'_>) -> Self {
        let at = |name: &str| block.param(name).at(0);
        let (dt, tau, rest) = (block.dt_ms, at("tau_m"), at("v_rest"));
        let (decay, per_current) = (exp(-dt / tau), at("tau_m") / at("c_m") * -exp_m1(-dt / tau));
        let mut made = Self::none();
        made.step[0][0] = decay;
        made.constant[0] = rest * -exp_m1(-dt / tau) + per_current * at("i_e");
        made.current[0] = per_current;
        made.start[0] = block.initial("v", block.param("v_rest"))[0];
        made.threshold = Some(at("v_th"));
        made.reset = Some(at("v_reset"));
        made.held = (at("t_ref") / dt).round() as u64;
        made
    }

    /// The same with exponential or alpha-shaped currents of both signs.
    pub(super) fn of_currents(block: &Block<'_>, alpha: bool) -> Self {
        let at = |name: &str| block.param(name).at(0);
        let (dt, tau, c) = (block.dt_ms, at("tau_m"), at("c_m"));
        let mut made = Self::of_membrane(block);
        for (channel, (tau_syn, variable)) in [("tau_syn_ex", "i_ex"), ("tau_syn_in", "i_in")].into_iter().enumerate() {
            let (i, di, s) = (1 + 2 * channel, 2 + 2 * channel, at(tau_syn));
            made.step[0][i] = current_to_potential(dt, tau, s, c);
            made.step[i][i] = exp(-dt / s);
            made.start[i] = block.initial(variable, &super::Column::One(0.0))[0];
            if alpha {
                made.step[0][di] = slope_to_potential(dt, tau, s, c);
                made.step[i][di] = dt * exp(-dt / s);
                made.step[di][di] = exp(-dt / s);
                made.input[channel][di] = std::f64::consts::E / s;
            } else {
                made.input[channel][i] = 1.0;
            }
        }
        made
    }
}
