//! What the neurons of a block do in a step, in numbers: parameters and semantics become coefficients.

use super::super::{
    Block, Column, Compare, Floor, Integrator, Output, Reset, ResetAt, Rest, SpikeNumber, Start, Synapse, SynapticCurrent,
    SynapticGain,
};

/// `v ← keep v + gain I + shift`, and what comes before and after.
pub(super) struct Rule {
    pub(super) keep: Column,
    pub(super) gain: Column,
    pub(super) shift: Column,
    /// Makes I from x; without it, I = x.
    pub(super) synapse: Option<SynapseRule>,
    /// Absent in neurons that do not spike.
    pub(super) spiking: Option<SpikingRule>,
    /// The membrane before the first step.
    pub(super) start: Column,
}

/// `i ← keep i + gain x + shift`.
pub(super) struct SynapseRule {
    pub(super) keep: Column,
    pub(super) gain: Column,
    pub(super) shift: Column,
    /// What x is multiplied by where it has not decayed.
    pub(super) weight: Column,
    pub(super) takes: Takes,
}

/// What the membrane takes of the synapse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// The current of this step.
    New,
    /// That of the step before.
    Old,
    /// That of the step before and what arrives now, before both decay.
    Undecayed,
}

pub(super) struct SpikingRule {
    pub(super) threshold: Column,
    /// What the membrane is set to; where absent, the threshold is taken off.
    pub(super) target: Option<Column>,
    pub(super) at: ResetAt,
    pub(super) compare: Compare,
    pub(super) number: SpikeNumber,
    /// The lowest potential.
    pub(super) floor: Option<Column>,
}

impl Rule {
    pub(super) fn new(block: &Block<'_>) -> Self {
        let (choices, dt, zero) = (block.semantics, block.dt_ms, Column::One(0.0));
        let has = |name: &str| block.spec.param(name).is_some();
        let given = |name: &str| if has(name) { block.param(name).clone() } else { zero.clone() };
        let rest = match choices.rest {
            Rest::Used => given("v_rest"),
            Rest::Ignored => zero.clone(),
            Rest::Reset => given("v_reset"),
        };
        let cuba = has("tau_syn");
        let (keep, gain, shift) = if has("tau_m") {
            let (tau, how) = (block.param("tau_m"), if cuba { choices.cuba_gain } else { choices.gain });
            (
                Column::map([tau], |[tau]| choices.decay.keep(tau, dt)),
                Column::map([tau, block.param("r_m")], |[tau, r]| how.factor(choices.decay, tau, r, dt)),
                Column::map([tau, &rest], |[tau, rest]| choices.decay.lose(tau, dt) * rest),
            )
        } else {
            let gain = Column::map([block.param("r_m")], |[r]| choices.integrator.factor(r, dt));
            (Column::One(choices.integrator.keep()), gain, zero.clone())
        };
        let synapse = cuba.then(|| {
            let tau = block.param("tau_syn");
            let keep = Column::map([tau], |[tau]| choices.synapse_decay.keep(tau, dt));
            let lose = Column::map([tau], |[tau]| choices.synapse_decay.lose(tau, dt));
            let weight = if choices.w_in == SynapticGain::Used { block.param("w_in").clone() } else { Column::One(1.0) };
            let gain = match choices.synapse {
                Synapse::Held | Synapse::HeldWithRest => Column::map([&lose, &weight], |[lose, w]| lose * w),
                Synapse::Jump => weight.clone(),
                Synapse::JumpDecayed | Synapse::JumpFirst => Column::map([&keep, &weight], |[keep, w]| keep * w),
            };
            let shift = match choices.synapse {
                Synapse::HeldWithRest => Column::map([&lose, &given("v_rest")], |[lose, rest]| lose * rest),
                _ => zero.clone(),
            };
            let takes = match (choices.synapse, choices.current) {
                (_, SynapticCurrent::Old) => Takes::Old,
                (Synapse::JumpFirst, _) => Takes::Undecayed,
                _ => Takes::New,
            };
            SynapseRule { keep, gain, shift, weight, takes }
        });
        let spiking = (block.spec.output == Output::Spikes).then(|| {
            let (mut reset, mut at) =
                if cuba { (choices.cuba_reset, choices.cuba_reset_at) } else { (choices.reset, choices.reset_at) };
            if !has("tau_m") && choices.integrator == Integrator::LeakyTenth && at == ResetAt::Now {
                (reset, at) = (Reset::Subtract, ResetAt::Twice);
            }
            let threshold = block.param("v_th").clone();
            SpikingRule {
                target: match reset {
                    Reset::Value => Some(given("v_reset")),
                    Reset::Zero => Some(zero.clone()),
                    Reset::Subtract => None,
                },
                at,
                compare: choices.compare,
                number: choices.number,
                floor: (choices.floor == Floor::Threshold && !has("tau_m")).then(|| Column::map([&threshold], |[t]| -t)),
                threshold,
            }
        });
        let start = match choices.start {
            Start::Zero => zero,
            Start::Rest => rest,
            Start::Reset => given("v_reset"),
        };
        Self { keep, gain, shift, synapse, spiking, start }
    }
}
