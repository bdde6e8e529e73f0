//! Leaky integrate-and-fire with exponential synaptic conductances: NEST's `iaf_cond_exp`.
//!
//! `c_m dv/dt = −g_l (v − v_rest) − g_ex (v − e_ex) − g_in (v − e_in) + i_e + I`, `tau_syn dg/dt = −g`. The conductances decay exactly. The
//! membrane has no closed form, but it is linear in v with coefficients that are known for all times, `dv/dt = a(t) − b(t) v`, so it is
//! stepped by the first two terms of the Magnus expansion (Blanes, Casas, Oteo & Ros, Physics Reports 470:151, 2009, section 2), whose
//! integrals over exponentials are exact too. As a matrix acting on (v, 1), the equation has `A = [[−b, a], [0, 0]]` and
//!
//! ```text
//! Ω₁ + Ω₂ = ∫₀^h A(t) dt + ½ ∫₀^h dt ∫₀^t ds [A(t), A(s)] = [[−β, α], [0, 0]]
//! β = ∫ b dt,   α = ∫ a dt + ½ ∫ dt ∫ ds (b(s) a(t) − b(t) a(s)),   v(h) = v + (α − β v) (1 − e^(−β)) / β
//! ```
//!
//! Each of a and b is a sum over leak, excitation and inhibition, `b = Σ gⱼ fⱼ / c_m` and `a = Σ gⱼ Eⱼ fⱼ / c_m` with f = 1, e^(−t/tau_syn_ex),
//! e^(−t/tau_syn_in), so that α's second part is a sum over pairs with constants of their own ([`exchange`]).
//!
//! **Error.** Constant conductances, and conductances with one reversal potential, are solved exactly, however large. Else the method is
//! of fourth order. Both conductances at their peak together, g_ex = g and g_in = g / 2, largest difference over the 10 ms after
//! from steps of 1 µs, mV (c_m = 250 pF, g_l = 16.7 nS, i_e = 200 pA, v from −65 mV; in the rows of 5 and 10 ms c_m = 200 pF, g_l = 10 nS):
//!
//! | tau_syn_ex, tau_syn_in | g | dt = 1 ms | 0.5 ms | 0.25 ms | 0.1 ms | 0.05 ms |
//! |---|---|---|---|---|---|---|
//! | 0.2 ms, 2 ms | 10 nS | 6e-5 | 4e-6 | 3e-7 | 6e-9 | 4e-10 |
//! | | 100 nS | 2e-3 | 4e-5 | 2e-5 | 7e-7 | 5e-8 |
//! | 5 ms, 10 ms | 10 nS | 1e-6 | 7e-8 | 4e-9 | 1e-10 | 7e-12 |
//! | | 100 nS | 5e-4 | 3e-5 | 2e-6 | 5e-8 | 3e-9 |
//! | | 1000 nS | 0.4 | 5e-2 | 3e-3 | 9e-5 | 6e-6 |
//!
//! The solution stays between v and the reversal potentials; the step is kept there too, so that none can run away. Spikes are found on
//! the grid, as in all models here. NEST integrates by an adaptive Runge–Kutta–Fehlberg method with a tolerance of 1e-3 mV a step;
//! its stored cases are met within 5e-6 mV (`tests/nest.rs`).

use super::firing::{CHUNK, Firing};
use super::membrane::{self, C_M, I_E, T_REF, TAU_SYN_EX, TAU_SYN_IN, V_RESET, V_REST, V_TH};
use super::{
    Block, Check, Column, Input, Kernel, Kick, ModelRef, ModelSpec, NeuronModel, Output, ParamSpec, Threshold, Tick, VariableSpec,
};
use crate::numerics::{exp, exp_m1, phi1};
use crate::units::Dimension;
use std::sync::Arc;

static SPEC: ModelSpec = ModelSpec {
    name: "lif_cond_exp",
    title: "leaky integrate-and-fire, exponential synaptic conductances",
    equation: "c_m dv/dt = -g_l (v - v_rest) - g_ex (v - e_ex) - g_in (v - e_in) + i_e + I;  tau_syn dg/dt = -g;  g <- g + |w| at a spike (by the sign of w);  spike where v >= v_th, then v = v_reset for t_ref (conductances go on)",
    reference: "NEST iaf_cond_exp; Meffin, Burkitt & Grayden, J. Comput. Neurosci. 16:159, 2004; step: Blanes et al., Physics Reports 470:151, 2009 (Magnus expansion)",
    params: &[
        C_M,
        ParamSpec {
            name: "g_l",
            dimension: Dimension::Conductance,
            default: Some(16.6667),
            check: Check::Positive,
            meaning: "leak conductance",
        },
        V_REST,
        ParamSpec { default: Some(0.0), ..reversal("e_ex", "reversal potential of excitation") },
        ParamSpec { default: Some(-85.0), ..reversal("e_in", "reversal potential of inhibition") },
        V_TH,
        ParamSpec { default: Some(-60.0), ..V_RESET },
        T_REF,
        ParamSpec { default: Some(0.2), meaning: "time constant of the excitatory conductance", ..TAU_SYN_EX },
        ParamSpec { meaning: "time constant of the inhibitory conductance", ..TAU_SYN_IN },
        I_E,
    ],
    variables: &[
        VariableSpec { name: "v", dimension: Dimension::Voltage, check: Check::Finite, meaning: "membrane potential" },
        conductance("g_ex", "excitatory conductance"),
        conductance("g_in", "inhibitory conductance"),
    ],
    input: Input::BySign(Dimension::Conductance),
    output: Output::Spikes,
    threshold: Threshold::AtOrAbove,
    integrator: "conductances exact; membrane by the Magnus expansion to second order, exact for constant conductances, else of fourth order in dt: errors below 1e-6 mV for conductances to 100 nS at dt = 0.1 ms, below 3e-3 mV at 1 ms (more in the source, src/neuron/lif_cond_exp.rs)",
    refractoriness: "v is held at v_reset for t_ref; events are taken, conductances go on",
    counts: "drops no events",
    state_bytes: 16,
};

const fn reversal(name: &'static str, meaning: &'static str) -> ParamSpec {
    ParamSpec { name, dimension: Dimension::Voltage, default: None, check: Check::Finite, meaning }
}

const fn conductance(name: &'static str, meaning: &'static str) -> VariableSpec {
    VariableSpec { name, dimension: Dimension::Conductance, check: Check::NonNegative, meaning }
}

pub(super) fn model() -> ModelRef {
    Arc::new(LifCondExp)
}

#[derive(Debug)]
struct LifCondExp;

impl NeuronModel for LifCondExp {
    fn spec(&self) -> &ModelSpec {
        &SPEC
    }

    fn complaints(&self, block: &Block<'_>) -> Vec<String> {
        membrane::complaints(block)
    }

    fn kernel(&self, block: &Block<'_>) -> Box<dyn Kernel> {
        Box::new(LifCondExpKernel::new(block))
    }
}

/// What a step of one neuron needs.
#[derive(Debug, Clone, Copy)]
struct Step {
    /// h / c_m, and with it the leak: g_l h / c_m.
    per_current: f64,
    leak: f64,
    v_rest: f64,
    i_e: f64,
    /// 1 / g_l: a current moves the potential of rest by so much.
    resistance: f64,
    /// Reversal potentials of excitation and inhibition, and the least and largest of both.
    reversal: [f64; 2],
    range: [f64; 2],
    /// ∫ f dt / c_m, and f at the step's end.
    gain: [f64; 2],
    decay: [f64; 2],
    /// Second-order terms: of a conductance with the leak, with a current, and of both conductances.
    with_leak: [f64; 2],
    with_current: [f64; 2],
    both: f64,
    threshold: f64,
    v_reset: f64,
    refractory_ticks: u32,
}

impl Step {
    fn new(block: &Block<'_>, n: usize) -> Self {
        let at = |name: &str| block.param(name).at(n);
        let (h, c, g_l, v_rest) = (block.dt_ms, at("c_m"), at("g_l"), at("v_rest"));
        let tau = [at("tau_syn_ex"), at("tau_syn_in")];
        let reversal = [at("e_ex"), at("e_in")];
        let with_current = tau.map(|tau| exchange(h, 0.0, 1.0 / tau) / (c * c));
        let with_leak = [0, 1].map(|k| with_current[k] * g_l * (reversal[k] - v_rest));
        Self {
            per_current: h / c,
            leak: g_l * h / c,
            v_rest,
            i_e: at("i_e"),
            resistance: 1.0 / g_l,
            reversal,
            range: [reversal[0].min(reversal[1]), reversal[0].max(reversal[1])],
            gain: tau.map(|tau| -exp_m1(-h / tau) * tau / c),
            decay: tau.map(|tau| exp(-h / tau)),
            with_leak,
            with_current,
            both: (reversal[1] - reversal[0]) * exchange(h, 1.0 / tau[0], 1.0 / tau[1]) / (c * c),
            threshold: at("v_th"),
            v_reset: at("v_reset"),
            refractory_ticks: (at("t_ref") / h).round() as u32,
        }
    }

    /// The membrane at the end of a tick, from the conductances at its start.
    #[inline]
    fn advance(&self, v: f64, g_ex: f64, g_in: f64, current: f64) -> f64 {
        let current = self.i_e + current;
        let beta = self.leak + g_ex * self.gain[0] + g_in * self.gain[1];
        // α − β v, the potential counted from v.
        let first = self.leak * (self.v_rest - v)
            + self.per_current * current
            + g_ex * self.gain[0] * (self.reversal[0] - v)
            + g_in * self.gain[1] * (self.reversal[1] - v);
        let second = g_ex * (self.with_leak[0] - self.with_current[0] * current)
            + g_in * (self.with_leak[1] - self.with_current[1] * current)
            + g_ex * g_in * self.both;
        let rest = self.v_rest + self.resistance * current;
        let (low, high) = (v.min(rest).min(self.range[0]), v.max(rest).max(self.range[1]));
        (v + (first + second) * phi1(-beta)).max(low).min(high)
    }
}

/// `½ ∫₀^h dt ∫₀^t ds (e^(−p s) e^(−q t) − e^(−q s) e^(−p t))`, for rates p ≥ 0 and q > 0 in 1/ms: what the order of two processes in time
/// comes to over a step. With `E(r) = ∫₀^h e^(−r t) dt` it is `½ ((E(q) − E(p + q)) / p − (E(p) − E(p + q)) / q)`; for p = 0, with x = q h,
/// `½ (2 − x − (2 + x) e^(−x)) / q²`, near x = 0 its series `½ Σ (−x)ⁿ (n − 2) / n! / q²` from n = 3 on.
fn exchange(h: f64, p: f64, q: f64) -> f64 {
    if p > 0.0 {
        let integral = |rate: f64| -exp_m1(-rate * h) / rate;
        let both = integral(p + q);
        return 0.5 * ((integral(q) - both) / p - (integral(p) - both) / q);
    }
    let x = q * h;
    let sum = if x < 1.0 {
        let mut term = 1.0;
        let mut sum = 0.0;
        for n in 1..25 {
            term *= -x / f64::from(n);
            sum += term * f64::from((n - 2).max(0));
        }
        sum
    } else {
        2.0 - x - (2.0 + x) * exp(-x)
    };
    0.5 * sum / (q * q)
}

struct LifCondExpKernel {
    /// One for all, or one each.
    steps: Vec<Step>,
    firing: Firing,
    g: [Vec<f64>; 2],
    initial: [Vec<f64>; 2],
}

impl LifCondExpKernel {
    fn new(block: &Block<'_>) -> Self {
        let neurons = if block.params.iter().all(|column| matches!(column, Column::One(_))) { 1 } else { block.len };
        let g = ["g_ex", "g_in"].map(|name| block.initial(name, &Column::One(0.0)));
        Self {
            steps: (0..neurons).map(|n| Step::new(block, n)).collect(),
            firing: Firing::new(block.initial("v", block.param("v_rest"))),
            initial: g.clone(),
            g,
        }
    }
}

impl Kernel for LifCondExpKernel {
    fn step(&mut self, tick: &mut Tick<'_>) {
        let (input, current, steps) = (tick.input, tick.current, &self.steps);
        // How many neurons share a step, and which is neuron n's.
        let like = if steps.len() == 1 { CHUNK } else { 1 };
        let of = |n: usize| if steps.len() == 1 { &steps[0] } else { &steps[n] };
        let [g_ex, g_in] = &mut self.g;
        self.firing.step(
            tick,
            |chunk| {
                let len = chunk.v.len();
                let mut currents = [0.0; CHUNK];
                if !current.is_empty() {
                    currents[..len].copy_from_slice(&current[chunk.at..][..len]);
                }
                for from in (0..len).step_by(like) {
                    let (here, neurons) = (from..len.min(from + like), chunk.first + from..chunk.first + len.min(from + like));
                    let arriving = chunk.at + here.start..chunk.at + here.end;
                    let step = of(neurons.start);
                    let (g_ex, g_in) = (&mut g_ex[neurons.clone()], &mut g_in[neurons]);
                    membranes(step, &chunk.v[here.clone()], g_ex, g_in, &currents[here.clone()], &mut chunk.free[here.clone()]);
                    chunk.threshold[here].fill(step.threshold);
                    conductances(step.decay[0], g_ex, &input[0][arriving.clone()], 1.0);
                    // Inhibitory weights are below zero.
                    conductances(step.decay[1], g_in, &input[1][arriving], -1.0);
                }
            },
            |n| (of(n).v_reset, of(n).refractory_ticks),
        );
    }

    fn variable(&self, name: &str) -> Option<&[f64]> {
        match name {
            "v" => Some(self.firing.v()),
            "g_ex" => Some(&self.g[0]),
            "g_in" => Some(&self.g[1]),
            _ => None,
        }
    }

    fn renew(&mut self, block: &Block<'_>) -> bool {
        let before = std::mem::replace(self, Self::new(block));
        self.g = before.g;
        let (steps, shared) = (&self.steps, self.steps.len() == 1);
        self.firing.resume(before.firing, |n| steps[if shared { 0 } else { n }].refractory_ticks);
        true
    }

    fn kick(&mut self, n: usize, _input: [f64; 2], current: f64) -> Kick {
        let step = self.steps[if self.steps.len() == 1 { 0 } else { n }];
        let [g_ex, g_in] = self.g.each_ref().map(|g| g[n]);
        self.firing.kick(n, step.threshold, |v| step.advance(v, g_ex, g_in, current))
    }

    fn lift(&mut self, n: usize, by: f64) {
        self.firing.lift(n, by);
    }

    fn reset(&mut self) {
        self.firing.reset();
        for (g, initial) in self.g.iter_mut().zip(&self.initial) {
            g.copy_from_slice(initial);
        }
    }
}

/// Membranes of like neurons at the end of a tick. A function of its own, whose arguments the compiler knows to be apart: so it becomes
/// vector code.
fn membranes(step: &Step, v: &[f64], g_ex: &[f64], g_in: &[f64], current: &[f64], free: &mut [f64]) {
    let (len, step) = (free.len(), *step);
    let (v, g_ex, g_in, current) = (&v[..len], &g_ex[..len], &g_in[..len], &current[..len]);
    for n in 0..len {
        free[n] = step.advance(v[n], g_ex[n], g_in[n], current[n]);
    }
}

/// Conductances at the end of a tick; `sign` is that of their weights.
fn conductances(decay: f64, g: &mut [f64], arriving: &[f64], sign: f64) {
    for (g, arriving) in g.iter_mut().zip(arriving) {
        *g = *g * decay + sign * arriving;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neuron::Semantics;

    fn block_of(dt_ms: f64, set: &[(&str, f64)]) -> Step {
        let params: Vec<_> = SPEC
            .params
            .iter()
            .map(|p| set.iter().find(|(name, _)| *name == p.name).map_or(p.default, |(_, value)| Some(*value)))
            .map(|value| Column::One(value.expect("every parameter has a default")))
            .collect();
        Step::new(&Block { len: 1, dt_ms, semantics: &Semantics::default(), params: &params, init: &[], spec: &SPEC }, 0)
    }

    /// The membrane after 10 ms from −65 mV, every `every` ms, with both conductances at their peak at the start.
    fn trace(dt: f64, every: f64, g: f64, set: &[(&str, f64)]) -> Vec<f64> {
        let step = block_of(dt, set);
        let (mut v, mut g_ex, mut g_in) = (-65.0, g, g / 2.0);
        let keep = (every / dt).round() as usize;
        let mut kept = Vec::new();
        for n in 1..=(10.0 / dt).round() as usize {
            v = step.advance(v, g_ex, g_in, 0.0);
            (g_ex, g_in) = (g_ex * step.decay[0], g_in * step.decay[1]);
            if n % keep == 0 {
                kept.push(v);
            }
        }
        kept
    }

    fn error(dt: f64, g: f64, set: &[(&str, f64)]) -> f64 {
        let (coarse, fine) = (trace(dt, dt, g, set), trace(0.001, dt, g, set));
        coarse.iter().zip(&fine).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }

    const FAST: &[(&str, f64)] = &[("i_e", 200.0)];
    const COBA: &[(&str, f64)] = &[("i_e", 200.0), ("c_m", 200.0), ("g_l", 10.0), ("tau_syn_ex", 5.0), ("tau_syn_in", 10.0)];

    #[test]
    fn the_error_is_within_the_table_s() {
        for (set, g, bounds) in [
            (FAST, 10.0, [6e-5, 4.4e-6, 2.7e-7, 6.4e-9, 4e-10]),
            (FAST, 100.0, [2.4e-3, 3.8e-5, 2.1e-5, 7.1e-7, 4.7e-8]),
            (COBA, 10.0, [1.2e-6, 7.1e-8, 4.4e-9, 1.2e-10, 8e-12]),
            (COBA, 100.0, [5e-4, 3.2e-5, 2e-6, 5e-8, 3.2e-9]),
            (COBA, 1000.0, [0.43, 0.047, 3.4e-3, 9.2e-5, 5.8e-6]),
        ] {
            for (dt, bound) in [1.0, 0.5, 0.25, 0.1, 0.05].into_iter().zip(bounds) {
                let error = error(dt, g, set);
                assert!(error < bound && error > bound / 3.0, "g = {g}, dt = {dt}: {error:e}, expected about {bound:e}");
            }
        }
    }

    #[test]
    fn the_order_is_four() {
        for (set, g) in [(FAST, 10.0), (COBA, 10.0), (COBA, 100.0)] {
            let order = (error(0.1, g, set) / error(0.05, g, set)).log2();
            assert!((3.8..4.3).contains(&order), "g = {g}: order {order}");
        }
    }

    #[test]
    fn the_finest_solution_is_that_of_the_equation() {
        // Against an unlike method: Runge and Kutta's of fourth order, at 1 µs.
        let [c, g_l, tau_e, tau_i] = [200.0, 10.0, 5.0, 10.0];
        let slope = |t: f64, v: f64| {
            let (g_ex, g_in) = (100.0 * (-t / tau_e).exp(), 50.0 * (-t / tau_i).exp());
            (-g_l * (v + 70.0) - g_ex * v - g_in * (v + 85.0) + 200.0) / c
        };
        let (h, mut v) = (0.001, -65.0);
        for n in 0..10_000 {
            let t = f64::from(n) * h;
            let k1 = slope(t, v);
            let k2 = slope(t + h / 2.0, v + h / 2.0 * k1);
            let k3 = slope(t + h / 2.0, v + h / 2.0 * k2);
            let k4 = slope(t + h, v + h * k3);
            v += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
        }
        let ours = trace(0.001, 10.0, 100.0, COBA)[0];
        assert!((ours - v).abs() < 1e-10, "{ours} and {v}");
    }

    #[test]
    fn constant_conductances_are_solved_exactly_and_none_runs_away() {
        let slow = [("tau_syn_ex", 1e9), ("tau_syn_in", 1e9), ("g_l", 10.0), ("c_m", 200.0)];
        for dt in [0.1, 1.0, 20.0] {
            let step = block_of(dt, &slow);
            let (g, sum) = ((40.0, 30.0), 80.0);
            let end = (-70.0 * 10.0 - 85.0 * g.1) / sum;
            let expected = end + (-65.0 - end) * (-sum * dt / 200.0f64).exp();
            assert!((step.advance(-65.0, g.0, g.1, 0.0) - expected).abs() < 1e-6, "{dt}");
        }
        let step = block_of(1.0, COBA);
        for g in [1e3, 1e5, 1e9] {
            for (g_ex, g_in) in [(g, g), (g, 0.0), (0.0, g)] {
                let v = step.advance(-65.0, g_ex, g_in, 0.0);
                assert!((-85.0..=0.0).contains(&v), "{g_ex} and {g_in}: {v}");
            }
        }
    }
}
