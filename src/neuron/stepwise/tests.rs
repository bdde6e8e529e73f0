#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::super::{
    Block, Column, Compare, Decay, Floor, Gain, Integrator, KEYS, Reset, ResetAt, Rest, SEMANTICS, Semantics, SpikeNumber, Start,
    Synapse, SynapticCurrent, SynapticGain, Tick, model_by_name, semantics_by_name,
};
use crate::counts::PopulationCounts;
use proptest::prelude::*;
use std::collections::BTreeMap;

const DT_MS: f64 = 0.5;

/// One neuron of a model, stepped one statement after the other as the frameworks' sources have it.
struct Plain<'a> {
    model: &'a str,
    params: BTreeMap<&'static str, f64>,
    rules: Semantics,
    v: f64,
    i: f64,
    spiked: f64,
}

impl<'a> Plain<'a> {
    fn new(model: &'a str, params: BTreeMap<&'static str, f64>, rules: Semantics) -> Self {
        let mut this = Self { model, params, rules, v: 0.0, i: 0.0, spiked: 0.0 };
        this.v = match rules.start {
            Start::Zero => 0.0,
            Start::Rest => this.rest(),
            Start::Reset => this.get("v_reset"),
        };
        this
    }

    fn get(&self, name: &str) -> f64 {
        self.params.get(name).copied().unwrap_or(0.0)
    }

    fn rest(&self) -> f64 {
        match self.rules.rest {
            // Neurons without a leak have no rest.
            Rest::Used if self.model == "if" => 0.0,
            Rest::Used => self.get("v_rest"),
            Rest::Ignored => 0.0,
            Rest::Reset => self.get("v_reset"),
        }
    }

    fn factor(decay: Decay, tau: f64) -> f64 {
        match decay {
            Decay::Exact => (-DT_MS / tau).exp(),
            Decay::Euler => 1.0 - DT_MS / tau,
            Decay::Steps => (-1.0 / (tau / 1000.0)).exp(),
        }
    }

    fn above(&self, v: f64) -> f64 {
        let th = self.get("v_th");
        match (self.rules.number, self.rules.compare) {
            (SpikeNumber::Several, _) => {
                if v > 0.0 {
                    (v / th).trunc()
                } else {
                    0.0
                }
            }
            (_, Compare::Above) => f64::from(u8::from(v > th)),
            (_, Compare::AtOrAbove) => f64::from(u8::from(v >= th)),
        }
    }

    fn reset(&mut self, spikes: f64) {
        let how = if self.model == "cuba_lif" { self.rules.cuba_reset } else { self.rules.reset };
        let how = if self.leaky_tenth() && self.rules.reset_at == ResetAt::Now { Reset::Subtract } else { how };
        if spikes > 0.0 {
            self.v = match how {
                Reset::Value => self.get("v_reset"),
                Reset::Zero => 0.0,
                Reset::Subtract => self.v - spikes * self.get("v_th"),
            };
        }
    }

    fn leaky_tenth(&self) -> bool {
        self.model == "if" && self.rules.integrator == Integrator::LeakyTenth
    }

    fn step(&mut self, x: f64) -> f64 {
        let (rules, cuba) = (self.rules, self.model == "cuba_lif");
        let mut input = x;
        if cuba {
            let keep = Self::factor(rules.synapse_decay, self.get("tau_syn"));
            let w = if rules.w_in == SynapticGain::Used { self.get("w_in") } else { 1.0 };
            let old = self.i;
            input = match rules.synapse {
                Synapse::Held => keep * old + (1.0 - keep) * w * x,
                Synapse::HeldWithRest => keep * old + (1.0 - keep) * (w * x + self.get("v_rest")),
                Synapse::Jump => keep * old + w * x,
                Synapse::JumpDecayed => keep * (old + w * x),
                Synapse::JumpFirst => old + w * x,
            };
            self.i = if rules.synapse == Synapse::JumpFirst { keep * input } else { input };
            if rules.current == SynapticCurrent::Old {
                input = old;
            }
        }
        let mut at = if cuba { rules.cuba_reset_at } else { rules.reset_at };
        if self.leaky_tenth() && at == ResetAt::Now {
            at = ResetAt::Twice;
        }
        if at == ResetAt::BeforeLeak {
            self.reset(self.spiked);
        }
        let old = Plain { rules: Semantics { number: SpikeNumber::One, ..rules }, params: self.params.clone(), ..*self };
        let taken_off = old.above(self.v);
        if self.model == "if" {
            let (keep, gain) = match rules.integrator {
                Integrator::Time => (1.0, DT_MS * 1e-3 * self.get("r_m")),
                Integrator::Resistance => (1.0, self.get("r_m")),
                Integrator::Unit => (1.0, 1.0),
                Integrator::LeakyTenth => (0.9, 1.0),
            };
            self.v = keep * self.v + gain * input;
        } else {
            let (tau, r) = (self.get("tau_m"), self.get("r_m"));
            let keep = Self::factor(rules.decay, tau);
            let gain = match if cuba { rules.cuba_gain } else { rules.gain } {
                Gain::Held => (1.0 - keep) * r,
                Gain::HeldOnly => 1.0 - keep,
                Gain::Step => DT_MS / tau * r,
                Gain::Unit => 1.0,
            };
            self.v = keep * self.v + gain * input + (1.0 - keep) * self.rest();
        }
        if at == ResetAt::AfterLeak {
            self.reset(self.spiked);
        }
        if at == ResetAt::Twice {
            self.reset(taken_off);
        }
        let spikes = self.above(self.v);
        match at {
            ResetAt::Now => self.reset(spikes),
            ResetAt::Twice => {
                let subtracts = self.leaky_tenth() && rules.reset_at == ResetAt::Now
                    || if cuba { rules.cuba_reset } else { rules.reset } == Reset::Subtract;
                if subtracts {
                    self.v -= (spikes - taken_off) * self.get("v_th");
                } else {
                    self.reset(spikes);
                }
            }
            ResetAt::BeforeLeak | ResetAt::AfterLeak => {}
        }
        if rules.floor == Floor::Threshold && self.model == "if" {
            self.v = self.v.max(-self.get("v_th"));
        }
        self.spiked = spikes;
        spikes
    }
}

/// Steps a block of neurons under an input for each neuron and tick: spikes and membranes tick by tick.
fn run(model: &str, each: &[BTreeMap<&'static str, f64>], rules: &Semantics, input: &[Vec<f64>]) -> Vec<(Vec<u32>, Vec<f64>)> {
    let model = model_by_name(model).unwrap();
    let spec = model.spec();
    let params: Vec<_> =
        spec.params.iter().map(|p| Column::from_each(each.iter().map(|neuron| neuron[p.name]).collect())).collect();
    let block = Block { len: each.len(), dt_ms: DT_MS, semantics: rules, params: &params, init: &[], spec };
    let mut kernel = model.kernel(&block);
    let ticks = (1..).zip(input).map(|(number, x)| {
        let (mut spikes, mut counts) = (Vec::new(), PopulationCounts::default());
        // In two runs, as an engine may cut them.
        let cut = each.len() / 3;
        for range in [0..cut, cut..each.len()] {
            kernel.step(&mut Tick {
                number,
                first: range.start,
                membrane_updates: true,
                input: [&x[range.clone()], &[]],
                current: &[],
                arrivals: &vec![0; range.len()],
                spikes: &mut spikes,
                output: &mut vec![0.0; range.len()],
                counts: &mut counts,
            });
        }
        (spikes, kernel.variable("v").unwrap().to_vec())
    });
    ticks.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Any rule that can be put together does what the plain statements do, neuron by neuron.
    #[test]
    fn any_rule_does_what_its_statements_say(
        base in 0..SEMANTICS.len(),
        keys in prop::collection::vec((0..KEYS.len(), 0usize..5), 0..4),
        model in prop::sample::select(vec!["lif", "if", "cuba_lif"]),
        one_for_all in any::<bool>(),
        seed in prop::collection::vec(0.0f64..1.0, 400),
    ) {
        let mut rules = SEMANTICS[base];
        for (key, value) in keys {
            let values = KEYS[key].values();
            prop_assert!(KEYS[key].set(&mut rules, values[value % values.len()].0));
        }
        let mut random = seed.iter().copied().cycle();
        let mut draw = |low: f64, high: f64| low + (high - low) * random.next().unwrap();
        let neuron = |draw: &mut dyn FnMut(f64, f64) -> f64| {
            // Time constants that are a few ticks, and a few steps where they count steps.
            let tau = if rules.decay == Decay::Steps || rules.synapse_decay == Decay::Steps { (1000.0, 9000.0) } else { (1.0, 9.0) };
            BTreeMap::from([
                ("tau_m", draw(tau.0, tau.1)), ("tau_syn", draw(tau.0, tau.1)), ("r_m", draw(0.5, 3.0)), ("w_in", draw(0.5, 3.0)),
                ("v_rest", draw(-0.3, 0.3)), ("v_th", draw(0.3, 1.0)), ("v_reset", draw(-0.3, 0.1)),
            ])
        };
        let first = neuron(&mut draw);
        let each: Vec<_> = (0..150).map(|_| if one_for_all { first.clone() } else { neuron(&mut draw) }).collect();
        let input: Vec<Vec<f64>> = (0..30).map(|_| (0..150).map(|_| draw(-1.0, 3.0)).collect()).collect();
        let mut plain: Vec<_> = each.iter().map(|params| Plain::new(model, params.clone(), rules)).collect();
        for (tick, (spikes, v)) in run(model, &each, &rules, &input).into_iter().enumerate() {
            let mut expected = Vec::new();
            for (n, neuron) in plain.iter_mut().enumerate() {
                let number = neuron.step(input[tick][n]);
                expected.extend(vec![n as u32; number as usize]);
            }
            prop_assert_eq!(&spikes, &expected, "{} in tick {}", rules.label(), tick + 1);
            for (v, neuron) in v.iter().zip(&plain) {
                prop_assert!((v - neuron.v).abs() <= 1e-9 * (1.0 + v.abs()), "{}: {} and {}", rules.label(), v, neuron.v);
            }
        }
    }
}

/// What a neuron that may spike often does at a threshold that it passes many times, and at one of zero.
#[test]
fn the_number_of_spikes_in_a_step_is_bounded() {
    let rules = semantics_by_name("nir-unit,spikes=several,reset=subtract").unwrap();
    let neuron = |v_th| BTreeMap::from([("r_m", 1.0), ("v_th", v_th), ("v_reset", 0.0)]);
    let neurons = [neuron(0.5), neuron(1e-300), neuron(0.0), neuron(-1.0), neuron(f64::INFINITY)];
    let spikes = &run("if", &neurons, &rules, &[vec![3.2; 5]])[0].0;
    let of = |n: u32| spikes.iter().filter(|id| **id == n).count();
    let most = super::super::MOST_SPIKES_A_STEP as usize;
    assert_eq!([of(0), of(1), of(2), of(3), of(4)], [6, most, most, 0, 0]);
}

/// Nanoseconds for a neuron and a step.
#[test]
#[ignore = "a measurement, not a test: cargo test --release --lib nanoseconds_of_an_update -- --ignored --nocapture"]
fn nanoseconds_of_an_update() {
    const N: usize = 2048;
    for (model, semantics) in [
        ("lif", "nir"),
        ("lif", "snntorch"),
        ("lif", "snntorch-subtract-delayed"),
        ("lif", "norse"),
        ("lif", "sinabs"),
        ("cuba_lif", "snntorch"),
    ] {
        let rules = semantics_by_name(semantics).unwrap();
        let model_ref = model_by_name(model).unwrap();
        let spec = model_ref.spec();
        let params: Vec<_> = spec.params.iter().map(|p| Column::One(p.default.unwrap_or(20.0))).collect();
        let block = Block { len: N, dt_ms: 1.0, semantics: &rules, params: &params, init: &[], spec };
        let mut kernel = model_ref.kernel(&block);
        let (mut spikes, mut counts) = (Vec::new(), PopulationCounts::default());
        let x: Vec<f64> = (0..N).map(|n| (n * 7919 % 1000) as f64 / 500.0).collect();
        let mut best = f64::INFINITY;
        let mut fired = 0;
        for _ in 0..20 {
            let start = std::time::Instant::now();
            fired = 0;
            for number in 1..=100u64 {
                spikes.clear();
                for first in (0..N).step_by(256) {
                    kernel.step(&mut Tick {
                        number,
                        first,
                        membrane_updates: true,
                        input: [&x[first..first + 256], &[]],
                        current: &[],
                        arrivals: &[],
                        spikes: &mut spikes,
                        output: &mut [],
                        counts: &mut counts,
                    });
                }
                fired += spikes.len();
            }
            best = best.min(start.elapsed().as_secs_f64());
        }
        eprintln!(
            "{model} {semantics}: {:.2} ns, {:.3} spikes a neuron and step",
            best / (100 * N) as f64 * 1e9,
            fired as f64 / (100 * N) as f64
        );
    }
}
