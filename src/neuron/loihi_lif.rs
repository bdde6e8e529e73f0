//! The integrate-and-fire neuron of Intel's first Loihi, in the integers of the chip.
//!
//! Every value is a whole number of at most 24 bits, and so is every product below 2⁵³: double precision holds them all, and a step is exact. The
//! rules are those of Lava's bit-accurate model (`PyLifModelBitAcc` in `lava/proc/lif/models.py`, Intel Corporation, BSD-3-Clause), and
//! refractoriness, which that model has not, those of Nengo Loihi's emulator: the current goes on, the voltage stays at 0.
//! `tests/loihi.rs` holds the model to traces of both Lava and the chip, step by step.

use super::kick::lift;
use super::{
    Block, Check, Column, Input, Kernel, Kick, ModelRef, ModelSpec, NeuronModel, Output, ParamSpec, Threshold, Tick, VariableSpec,
};
use crate::units::Dimension;
use std::sync::Arc;

/// Decays are parts of 2¹².
pub const LOIHI_DECAY_UNITY: f64 = 4096.0;
/// Weights and thresholds stand 6 bits above the lowest bit of the state.
pub const LOIHI_UNIT: f64 = 64.0;
/// The largest mantissa of a threshold: 17 bits.
pub const LOIHI_MAX_THRESHOLD: f64 = 131_071.0;
/// The largest mantissa of a bias: 12 bits and a sign.
pub const LOIHI_MAX_BIAS: f64 = 4095.0;
/// Beyond this a current wraps around, and a voltage is cut off: 23 bits and a sign.
pub const LOIHI_STATE: f64 = 8_388_608.0;

const fn whole(name: &'static str, default: f64, check: Check, meaning: &'static str) -> ParamSpec {
    ParamSpec { name, dimension: Dimension::None, default: Some(default), check, meaning }
}

static SPEC: ModelSpec = ModelSpec {
    name: "loihi_lif",
    title: "Loihi's integer leaky integrate-and-fire, to the bit",
    equation: "u <- trunc(u (4096 - decay_u) / 4096) + 64 floor(x 2^weight_exp), wrapped around to 24 bits;  v <- trunc(v (4096 - decay_v) / 4096) + u + bias_mant 2^bias_exp, cut off at +-(2^23 - 1);  spike where v > 64 v_th, then v = 0 for refractory_delay",
    reference: "Davies et al., IEEE Micro 38:82, 2018; Lava, lava/proc/lif/models.py (PyLifModelBitAcc); Michaelis et al., Front. Neuroinform. 16:1015624, 2022",
    params: &[
        whole(
            "decay_u",
            4096.0,
            Check::NonNegative,
            "what the current loses in a tick, in 4096ths, 0 to 4096 (the chip's register, plus 1)",
        ),
        whole("decay_v", 0.0, Check::NonNegative, "what the voltage loses in a tick, in 4096ths, 0 to 4096"),
        whole("v_th", 100.0, Check::NonNegative, "mantissa of the threshold, 0 to 131071; the threshold is 64 times it"),
        whole("bias_mant", 0.0, Check::Finite, "mantissa of the bias, -4096 to 4095"),
        whole("bias_exp", 0.0, Check::NonNegative, "exponent of the bias, 0 to 7"),
        whole("weight_exp", 0.0, Check::Finite, "exponent that all weights onto it share, -8 to 7"),
        whole("refractory_delay", 1.0, Check::NonNegative, "ticks from a spike to the next that is possible, 1 to 63"),
    ],
    variables: &[
        VariableSpec {
            name: "v",
            dimension: Dimension::None,
            check: Check::Finite,
            meaning: "voltage; while it is refractory 0, where the chip's register counts the ticks that are left",
        },
        VariableSpec { name: "u", dimension: Dimension::None, check: Check::Finite, meaning: "current" },
    ],
    input: Input::Sum(Dimension::None),
    output: Output::Spikes,
    threshold: Threshold::Above,
    integrator: "exact in the chip's integers, rounded toward zero as there; numbers that arrive instead of spikes are rounded to whole weights",
    refractoriness: "v is held at 0 for refractory_delay - 1 ticks; the current goes on, so that input acts after where it has not decayed",
    counts: "drops no events",
    state_bytes: 8,
};

pub(super) fn model() -> ModelRef {
    Arc::new(LoihiLif)
}

#[derive(Debug)]
struct LoihiLif;

/// Names of parameters, and the least and largest that each may be.
const RANGES: &[(&str, f64, f64)] = &[
    ("decay_u", 0.0, LOIHI_DECAY_UNITY),
    ("decay_v", 0.0, LOIHI_DECAY_UNITY),
    ("v_th", 0.0, LOIHI_MAX_THRESHOLD),
    ("bias_mant", -LOIHI_MAX_BIAS - 1.0, LOIHI_MAX_BIAS),
    ("bias_exp", 0.0, 7.0),
    ("weight_exp", -8.0, 7.0),
    ("refractory_delay", 1.0, 63.0),
];

impl NeuronModel for LoihiLif {
    fn spec(&self) -> &ModelSpec {
        &SPEC
    }

    fn complaints(&self, block: &Block<'_>) -> Vec<String> {
        let wrong = RANGES.iter().filter_map(|(name, least, most)| {
            let column = block.param(name);
            let value = (0..block.len).map(|i| column.at(i)).find(|v| v.fract() != 0.0 || !(*least..=*most).contains(v))?;
            Some(format!("`{name}` must be a whole number from {least} to {most}, as the chip's registers are; found {value}"))
        });
        wrong.collect()
    }

    fn kernel(&self, block: &Block<'_>) -> Box<dyn Kernel> {
        Box::new(LoihiKernel::new(block))
    }
}

/// 2 to a small whole power.
fn power(exponent: f64) -> f64 {
    2f64.powi(exponent as i32)
}

struct LoihiKernel {
    keep_u: Column,
    keep_v: Column,
    threshold: Column,
    bias: Column,
    /// 2 to the exponent of the weights.
    scale: Column,
    /// Ticks for which it is held beyond that of a spike.
    held_after: Column,
    held: Vec<u32>,
    u: Vec<f64>,
    v: Vec<f64>,
    initial: [Vec<f64>; 2],
}

/// Into 24 bits, as Lava does it: above 2²³ and at −2²³ or below it goes around.
fn wrapped(u: f64) -> f64 {
    u - 2.0 * LOIHI_STATE * ((u - LOIHI_STATE) / (2.0 * LOIHI_STATE)).ceil()
}

impl LoihiKernel {
    fn new(block: &Block<'_>) -> Self {
        let of = |name: &str| block.param(name);
        let keep = |decay: &Column| Column::map([decay], |[decay]| (LOIHI_DECAY_UNITY - decay) / LOIHI_DECAY_UNITY);
        let initial = |name: &str| {
            let given = block.initial(name, &Column::One(0.0));
            given.into_iter().map(|value| value.trunc().clamp(1.0 - LOIHI_STATE, LOIHI_STATE - 1.0)).collect::<Vec<_>>()
        };
        let (u, v) = (initial("u"), initial("v"));
        Self {
            keep_u: keep(of("decay_u")),
            keep_v: keep(of("decay_v")),
            threshold: Column::map([of("v_th")], |[th]| th * LOIHI_UNIT),
            bias: Column::map([of("bias_mant"), of("bias_exp")], |[mant, exp]| mant * power(exp)),
            scale: Column::map([of("weight_exp")], |[exp]| power(exp)),
            held_after: Column::map([of("refractory_delay")], |[ticks]| ticks - 1.0),
            held: vec![0; block.len],
            initial: [u.clone(), v.clone()],
            u,
            v,
        }
    }
}

impl Kernel for LoihiKernel {
    fn step(&mut self, tick: &mut Tick<'_>) {
        // More than any sum of weights, and still a whole number in double precision.
        const FARTHEST: f64 = (1u64 << 40) as f64;
        let mut changed = 0;
        for (at, arriving) in tick.input[0].iter().enumerate() {
            let n = tick.first + at;
            let x = arriving.round_ties_even().clamp(-FARTHEST, FARTHEST);
            let u = wrapped((self.u[n] * self.keep_u.at(n)).trunc() + (x * self.scale.at(n)).floor() * LOIHI_UNIT);
            let current = tick.current.get(at).copied().unwrap_or(0.0).round_ties_even();
            let v = (self.v[n] * self.keep_v.at(n)).trunc() + u + self.bias.at(n) + current;
            let mut v = v.clamp(1.0 - LOIHI_STATE, LOIHI_STATE - 1.0);
            if self.held[n] > 0 {
                self.held[n] -= 1;
                v = 0.0;
            } else if v > self.threshold.at(n) {
                tick.spikes.push(n as u32);
                self.held[n] = self.held_after.at(n) as u32;
                v = 0.0;
            }
            changed += u64::from(v != self.v[n]);
            (self.u[n], self.v[n]) = (u, v);
        }
        if tick.membrane_updates {
            tick.counts.membrane_updates += if tick.number == 1 { tick.input[0].len() as u64 } else { changed };
        }
    }

    fn variable(&self, name: &str) -> Option<&[f64]> {
        match name {
            "v" => Some(&self.v),
            "u" => Some(&self.u),
            _ => None,
        }
    }

    fn renew(&mut self, block: &Block<'_>) -> bool {
        let before = std::mem::replace(self, Self::new(block));
        (self.u, self.v, self.held) = (before.u, before.v, before.held);
        self.held.iter_mut().enumerate().for_each(|(n, held)| *held = (*held).min(self.held_after.at(n) as u32));
        true
    }

    fn kick(&mut self, n: usize, input: [f64; 2], current: f64) -> Kick {
        if self.held[n] > 0 {
            return Kick::Held(self.held[n]);
        }
        let x = input[0].round_ties_even();
        let u = wrapped((self.u[n] * self.keep_u.at(n)).trunc() + (x * self.scale.at(n)).floor() * LOIHI_UNIT);
        let (keep, threshold, added) = (self.keep_v.at(n), self.threshold.at(n), u + self.bias.at(n) + current.round_ties_even());
        // Registers hold whole numbers, and no larger ones than this.
        let end = |v: f64| (v.ceil() * keep).trunc() + added;
        let mut v = self.v[n];
        match lift(&mut v, threshold + 1.0, end, |v| v > threshold) {
            Kick::Lifted(_) if v.ceil() < LOIHI_STATE => {
                let lifted = v.ceil() - self.v[n];
                self.v[n] = v.ceil();
                Kick::Lifted(lifted)
            }
            _ => Kick::Unable,
        }
    }

    fn lift(&mut self, n: usize, by: f64) {
        self.v[n] += by;
    }

    fn reset(&mut self) {
        self.u.copy_from_slice(&self.initial[0]);
        self.v.copy_from_slice(&self.initial[1]);
        self.held.fill(0);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::counts::PopulationCounts;
    use crate::neuron::Semantics;
    use proptest::prelude::*;

    /// Currents, voltages and spikes of one neuron under a sum of weights a tick.
    fn run(given: &[(&str, f64)], input: &[f64]) -> Vec<(f64, f64, bool)> {
        let model = model();
        let value = |name: &str, default| given.iter().find(|(n, _)| *n == name).map_or(default, |(_, v)| *v);
        let params: Vec<Column> = SPEC.params.iter().map(|p| Column::One(value(p.name, p.default.unwrap()))).collect();
        let semantics = Semantics::default();
        let block = Block { len: 1, dt_ms: 1.0, semantics: &semantics, params: &params, init: &[], spec: &SPEC };
        assert_eq!(model.complaints(&block), Vec::<String>::new());
        let mut kernel = model.kernel(&block);
        let mut spikes = Vec::new();
        let steps = (1..).zip(input).map(|(number, x)| {
            spikes.clear();
            kernel.step(&mut Tick {
                number,
                first: 0,
                membrane_updates: true,
                input: [&[*x], &[]],
                current: &[],
                arrivals: &[0],
                spikes: &mut spikes,
                output: &mut [],
                counts: &mut PopulationCounts::default(),
            });
            (kernel.variable("u").unwrap()[0], kernel.variable("v").unwrap()[0], !spikes.is_empty())
        });
        steps.collect()
    }

    /// Lava's rule in 64-bit integers, statement by statement.
    fn lava(p: [i64; 6], input: &[i64]) -> Vec<(i64, i64, bool)> {
        let [du, dv, vth, mant, exp, weight_exp] = p;
        let (mut u, mut v) = (0i64, 0i64);
        let decayed = |x: i64, decay: i64| x.signum() * ((x.abs() * (4096 - decay)) >> 12);
        let limit = 1 << 23;
        let steps = input.iter().map(|x| {
            let a = if weight_exp >= 0 { x << weight_exp } else { x >> -weight_exp };
            let sum = decayed(u, du) + (a << 6);
            u = if sum > limit {
                sum - 2 * limit
            } else if sum <= -limit {
                sum + 2 * limit
            } else {
                sum
            };
            v = (decayed(v, dv) + u + (mant << exp)).clamp(1 - limit, limit - 1);
            let spike = v > vth << 6;
            v = if spike { 0 } else { v };
            (u, v, spike)
        });
        steps.collect()
    }

    proptest! {
        #[test]
        fn it_is_lava_s_bit_accurate_model(
            p in (0i64..=4096, 0i64..=4096, 0i64..=131_071, -4096i64..=4095, 0i64..=7, -8i64..=7),
            input in prop::collection::vec(-9000i64..9000, 1..60),
        ) {
            let p = [p.0, p.1, p.2, p.3, p.4, p.5];
            let names = ["decay_u", "decay_v", "v_th", "bias_mant", "bias_exp", "weight_exp"];
            let given: Vec<_> = names.into_iter().zip(p.map(|v| v as f64)).collect();
            // Once around is what Lava's rule knows: a few synapses of the largest weight.
            let most = (1i64 << 23) / (64 << p[5].max(0));
            let input: Vec<i64> = input.into_iter().map(|x| x.clamp(1 - most, most - 1)).collect();
            let ours = run(&given, &input.iter().map(|x| *x as f64).collect::<Vec<_>>());
            for (step, (ours, theirs)) in ours.iter().zip(lava(p, &input)).enumerate() {
                prop_assert_eq!((ours.0 as i64, ours.1 as i64, ours.2), theirs, "step {}", step);
            }
        }
    }

    #[test]
    fn refractoriness_holds_the_voltage_and_not_the_current() {
        let of = |delay: f64| {
            let given = [("decay_u", 2048.0), ("v_th", 10.0), ("refractory_delay", delay)];
            run(&given, &[20.0, 0.0, 0.0, 0.0, 0.0])
        };
        let spikes = |delay| of(delay).iter().map(|step| step.2).collect::<Vec<_>>();
        // The current halves: 1280, 640, 320, 160, 80; the threshold is 640.
        assert_eq!(spikes(1.0), [true, false, true, false, false]);
        assert_eq!(spikes(2.0), [true, false, false, false, false]);
        assert_eq!(of(3.0).iter().map(|step| step.0).collect::<Vec<_>>(), [1280.0, 640.0, 320.0, 160.0, 80.0]);
        assert_eq!(of(3.0).iter().map(|step| step.1).collect::<Vec<_>>(), [0.0, 0.0, 0.0, 160.0, 240.0]);
    }

    #[test]
    fn what_no_register_holds_is_refused() {
        let values = [4097.0, 0.5, 131_072.0, -5000.0, 8.0, -9.0, 0.0];
        let params: Vec<Column> = values.map(Column::One).to_vec();
        let semantics = Semantics::default();
        let block = Block { len: 1, dt_ms: 1.0, semantics: &semantics, params: &params, init: &[], spec: &SPEC };
        let complaints = LoihiLif.complaints(&block);
        assert_eq!(complaints.len(), values.len(), "{complaints:?}");
        assert!(complaints[1].contains("`decay_v` must be a whole number from 0 to 4096"), "{complaints:?}");
    }
}
