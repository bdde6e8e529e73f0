//! Single neurons held to what can be solved on paper.

use super::neuron::{by_every_execution, one_neuron, send};
use super::{Case, Finding};
use crate::diagnostic::Result;

type Check = fn() -> Result<Vec<Finding>>;

const FORMS: &[(&str, &str, Check)] = &[
    ("membrane-charging", "V(t) = E + R I (1 − e^(−t/τ))", membrane_charging),
    ("exponential-current", "difference of two exponentials; t e^(−t/τ) where τs = τm", exponential_current),
    ("f-i-curve", "T = t_ref + τ ln((E + R I − V_reset) / (E + R I − V_th))", f_i_curve),
    ("adaptive-threshold", "θ(t) = Σ jump e^(−(t − tₖ)/τθ); V(t) = R I (1 − e^(−t/τ))", adaptive_threshold),
];

pub(super) fn cases() -> Vec<Case> {
    let case = |(name, about, check): &(&'static str, &'static str, Check)| {
        let check = *check;
        Case::new("closed-form", name, about, "formula", move |_, _| check())
    };
    FORMS.iter().map(case).collect()
}

/// V(t) = E + (tau/C) I (1 − e^(−t/tau)), below threshold.
fn membrane_charging() -> Result<Vec<Finding>> {
    let (tau, c, rest, i) = (17.0, 220.0, -68.0, 150.0);
    let mut membrane = Finding::new("v", "mV", 1e-9);
    for dt in [0.05, 0.1, 1.0] {
        for model in ["lif_delta", "lif_exp", "lif_alpha", "lif_adaptive"] {
            let params = [("tau_m", tau), ("c_m", c), ("v_rest", rest), ("v_th", 0.0), ("v_reset", rest), ("i_e", i)];
            for ran in by_every_execution(&one_neuron(model, dt, &params)?, 200.0, &["v"])? {
                for (at, v) in ran.traces[0].iter().enumerate() {
                    let t = (at + 1) as f64 * dt;
                    let expected = rest + tau / c * i * (1.0 - (-t / tau).exp());
                    membrane.note((v - expected).abs(), || {
                        format!("{model}, {} at tick {}, dt {dt} ms: {v}, expected {expected}", ran.engine, at + 1)
                    });
                }
            }
        }
    }
    Ok(vec![membrane])
}

/// One spike of weight w at t = 0: V(t) = E + w/C · (e^(−t/tau_m) − e^(−t/tau_s)) / (1/tau_s − 1/tau_m), or w/C · t e^(−t/tau) where they
/// are equal.
fn exponential_current() -> Result<Vec<Finding>> {
    let (tau, c, w, dt) = (10.0, 250.0, 500.0, 0.1);
    let mut membrane = Finding::new("v", "mV", 1e-9);
    for tau_s in [0.5, 2.0, 10.0 - 1e-7, 10.0, 10.0 + 1e-9, 25.0] {
        let mut network = one_neuron("lif_exp", dt, &[("tau_m", tau), ("c_m", c), ("tau_syn_ex", tau_s), ("v_th", 1e9)])?;
        send(&mut network, 0.0, w, dt);
        for ran in by_every_execution(&network, 100.0, &["v"])? {
            for (at, v) in ran.traces[0].iter().enumerate() {
                let t = at as f64 * dt;
                let rate = 1.0 / tau_s - 1.0 / tau;
                let shape = if rate.abs() < 1e-6 {
                    t * (-t / tau).exp() * (1.0 - rate * t / 2.0)
                } else {
                    ((-t / tau).exp() - (-t / tau_s).exp()) / rate
                };
                let expected = -70.0 + w / c * shape;
                membrane.note((v - expected).abs(), || {
                    format!("{}, tau_syn {tau_s} ms at tick {}: {v}, expected {expected}", ran.engine, at + 1)
                });
            }
        }
    }
    Ok(vec![membrane])
}

/// The membrane goes from `V_reset` to `V_th` in tau ln((E + RI − `V_reset`) / (E + RI − `V_th`)), rounded up to the grid, after `t_ref`; below
/// rheobase, (`V_th` − E) C / tau, there is silence.
fn f_i_curve() -> Result<Vec<Finding>> {
    let (tau, c, rest, threshold, reset, t_ref, dt) = (20.0, 200.0, -70.0, -50.0, -65.0, 2.0, 0.1);
    let mut intervals = Finding::new("intervals", "ticks", 0.0);
    let mut silence = Finding::new("spikes below rheobase", "spikes", 0.0);
    let neuron = |i: f64| {
        let params =
            [("tau_m", tau), ("c_m", c), ("v_rest", rest), ("v_th", threshold), ("v_reset", reset), ("t_ref", t_ref), ("i_e", i)];
        by_every_execution(&one_neuron("lif_delta", dt, &params)?, 2000.0, &[])
    };
    for i in [205.0, 250.0, 400.0, 1000.0, 5000.0] {
        let end = rest + tau / c * i;
        let to_threshold = |from: f64| (tau * ((end - from) / (end - threshold)).ln() / dt).ceil() as u64;
        let interval = to_threshold(reset) + (t_ref / dt).round() as u64;
        let ticks = (2000.0 / dt).round() as u64;
        let expected: Vec<u64> = (0..).map(|k| to_threshold(rest) + k * interval).take_while(|tick| *tick <= ticks).collect();
        for ran in neuron(i)? {
            let place = || format!("{}, {i} pA", ran.engine);
            // As many spikes as there should be, and every interval.
            intervals.note(ran.spikes.ticks.len().abs_diff(expected.len()) as f64, place);
            for (found, expected) in ran.spikes.ticks.windows(2).zip(expected.windows(2)) {
                intervals.note((found[1] - found[0]).abs_diff(expected[1] - expected[0]) as f64, place);
            }
        }
    }
    for ran in neuron(199.9)? {
        silence.note(ran.spikes.ticks.len() as f64, || ran.engine.to_owned());
    }
    Ok(vec![intervals, silence])
}

/// theta(t) is the sum of every spike's lift, each decayed since. Between spikes the membrane charges from reset as RI (1 − e^(−t/tau)); the
/// next spike is the first grid point where that is not below `v_th` + theta(t). So every interval follows from the one before.
fn adaptive_threshold() -> Result<Vec<Finding>> {
    let (tau, c, i, dt) = (15.0f64, 250.0f64, 500.0, 0.1f64);
    let (v_th, t_ref, tau_theta, jump) = (10.0, 2.0, 80.0f64, 3.0);
    let params = [
        ("tau_m", tau),
        ("c_m", c),
        ("v_rest", 0.0),
        ("v_th", v_th),
        ("v_reset", 0.0),
        ("t_ref", t_ref),
        ("i_e", i),
        ("tau_theta", tau_theta),
        ("theta_jump", jump),
    ];
    let mut lift = Finding::new("theta", "mV", 1e-9);
    let mut spikes = Finding::new("spike times", "spikes", 0.0);
    let duration = 1000.0;
    let mut expected = Vec::new();
    let (mut theta, mut last, mut held) = (0.0, 0u64, 0u64);
    loop {
        let above = |n: u64| {
            let v = tau / c * i * (1.0 - (-((n - held) as f64) * dt / tau).exp());
            v >= v_th + theta * (-(n as f64) * dt / tau_theta).exp()
        };
        // The current is strong enough to come to the threshold, and so it does within the run or after it.
        let Some(n) = (held + 1..(duration / dt) as u64 - last + 1).find(|n| above(*n)) else { break };
        last += n;
        expected.push(last);
        theta = theta * (-(n as f64) * dt / tau_theta).exp() + jump;
        held = (t_ref / dt).round() as u64;
    }
    for ran in by_every_execution(&one_neuron("lif_adaptive", dt, &params)?, duration, &["theta"])? {
        let engine = ran.engine;
        spikes.note_lists(&ran.spikes.ticks, &expected, || format!("{engine}, ticks"));
        for (at, theta) in ran.traces[0].iter().enumerate() {
            let tick = at as u64 + 1;
            let since = ran.spikes.ticks.iter().filter(|spike| **spike <= tick).map(|spike| (tick - spike) as f64 * dt);
            let expected: f64 = since.map(|ms| jump * (-ms / tau_theta).exp()).sum();
            lift.note((theta - expected).abs(), || format!("{engine}, tick {tick}: {theta}, expected {expected}"));
        }
    }
    Ok(vec![spikes, lift])
}
