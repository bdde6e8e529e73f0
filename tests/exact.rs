//! Laws of exact time: the same bits on any number of threads and in any pieces, conservation of events, agreement with ever finer grids.

use proptest::prelude::*;
use spikewatt::compile::CompiledNetwork;
use spikewatt::engine::{ExactSimulation, Simulation};
use spikewatt::network::{
    Connect, CurrentStep, Delay, Drive, Network, Population, Projection, Record, Stimulus, Target, TraceRequest, Weight,
};
use spikewatt::neuron::{Distribution, Values, model_by_name};
use spikewatt::record::MemoryRecorder;
use std::collections::BTreeMap;
use std::sync::Arc;

const MODELS: [&str; 4] = ["lif_delta", "lif_exp", "lif_alpha", "lif_adaptive"];

fn population(name: &str, model: &str, size: usize, params: &[(&str, f64)]) -> Population {
    Population {
        name: name.into(),
        size,
        shape: vec![size],
        model: model_by_name(model).expect("built in"),
        params: params.iter().map(|(name, value)| ((*name).to_owned(), Values::One(*value))).collect(),
        init: BTreeMap::new(),
    }
}

fn stimulus(to: &str, ids: &[u32], drive: Drive) -> Stimulus {
    Stimulus { name: format!("{to} {drive:?}"), to: Target { population: to.into(), ids: ids.to_vec() }, drive }
}

fn projection(from: &str, to: &str, connect: Connect, weight: Values, delay: Values) -> Projection {
    Projection {
        name: format!("{from} {to} {connect:?} {delay:?} {weight:?}"),
        from: from.into(),
        to: to.into(),
        connect,
        weight: Weight(weight),
        delay: Delay::Ms(delay),
        allow_self: true,
        allow_multiple: true,
        bias: None,
    }
}

/// A network that is busy, with stimuli of every kind.
fn busy(n: usize, model: &str, seed: u64, drawn_delays: bool) -> Network {
    let mut network = Network::new("busy");
    network.seed = seed;
    let (weight, rate) = if model == "lif_delta" { (2.0, 4000.0) } else { (300.0, 3000.0) };
    let mut e = population("e", model, n, &[("i_e", 100.0)]);
    e.init.insert("v".into(), Values::Drawn(Distribution::uniform(-72.0, -54.0)));
    network.populations.extend([e, population("i", model, n / 2 + 1, &[("t_ref", 0.7)]), population("in", "input", n, &[])]);
    let poisson = |rate_hz, weight| Drive::Poisson { rate_hz, weight, delay_ms: 0.3, window_ms: (Some(0.5), Some(30.0)) };
    network.stimuli.extend([
        stimulus("e", &[], poisson(rate, weight * 0.8)),
        stimulus("in", &[], poisson(60.0, 1.0)),
        stimulus("i", &[], Drive::Regular { rate_hz: 700.0, start_ms: 0.123, weight, delay_ms: 0.4 }),
        stimulus("e", &[0, 3], Drive::Current(vec![step(2.0, 500.0), step(11.1, -100.0), step(15.0, 0.0)])),
        stimulus("e", &[], Drive::Noise { mean: 50.0, sd: 200.0, interval_ms: 0.5, window_ms: (Some(1.0), Some(20.0)) }),
        stimulus("i", &[], Drive::Spikes { events: vec![(Some(1), 3.3), (None, 7.7777), (Some(0), 3.3)], weight, delay_ms: 0.0 }),
    ]);
    let delay = |ms: f64| if drawn_delays { Values::Drawn(Distribution::uniform(ms / 2.0, ms * 2.0)) } else { Values::One(ms) };
    let about = |w: f64| Values::Drawn(Distribution::uniform((w * 0.5).min(w * 1.5), (w * 0.5).max(w * 1.5)));
    network.projections.extend([
        projection("e", "i", Connect::FixedIndegree(4), about(weight), delay(1.3)),
        projection("e", "e", Connect::FixedProbability(0.2), Values::One(weight * 0.3), delay(1.0)),
        projection("i", "e", Connect::FixedOutdegree(5), about(-weight), delay(0.8)),
        projection("in", "e", Connect::OneToOne, Values::One(weight * 3.0), delay(2.0)),
        projection("i", "i", Connect::AllToAll, Values::One(-weight * 0.1), Values::One(1.1)),
    ]);
    network
}

fn step(at_ms: f64, value: f64) -> CurrentStep {
    CurrentStep { at_ms, value }
}

fn compile(network: &Network) -> Arc<CompiledNetwork> {
    Arc::new(CompiledNetwork::new(network, None, None).expect("a good network"))
}

fn recorder(net: &CompiledNetwork, traced: bool) -> MemoryRecorder {
    let trace = TraceRequest { population: "e".into(), variable: "v".into(), ids: vec![], every_ms: Some(0.37) };
    let spikes = net.populations.iter().map(|p| p.name.clone()).collect();
    MemoryRecorder::new(net, &Record { spikes, traces: if traced { vec![trace] } else { vec![] } }).expect("a good record")
}

/// All spikes of a population in ms.
fn times(recorder: &MemoryRecorder, population: usize, dt_ms: f64) -> Vec<(u32, f64)> {
    let train = &recorder.trains[population];
    let mut spikes: Vec<(u32, f64)> = train.ids.iter().copied().zip(train.times().map(|t| t * dt_ms)).collect();
    spikes.sort_by(|a, b| a.partial_cmp(b).expect("numbers"));
    spikes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn exact_results_are_the_same_bits_on_any_number_of_threads(
        n in 5usize..40, model in 0usize..4, seed: u64, drawn: bool, cut in 1u64..24_000_000,
    ) {
        let net = compile(&busy(n, MODELS[model], seed, drawn));
        let end = net.ticks(25.0);
        let mut first = recorder(&net, true);
        let mut one = ExactSimulation::in_slices(net.clone(), 1);
        one.run(end, &mut first);
        prop_assert!(one.counts().total().spikes > 0 && one.counts().total().synaptic_events > 0);
        for slices in [1, 2, 3, 8] {
            let mut again = recorder(&net, true);
            let mut simulation = ExactSimulation::in_slices(net.clone(), slices);
            // In two pieces, and once more after a reset.
            simulation.run(cut, &mut again);
            simulation.run(end - cut, &mut again);
            prop_assert!(again.trains == first.trains && again.traces == first.traces, "{slices} slices, cut at {cut}");
            prop_assert_eq!(simulation.counts(), one.counts());
            simulation.reset(0);
            let mut again = recorder(&net, false);
            simulation.run(end, &mut again);
            prop_assert!(again.trains == first.trains, "after a reset, and with nobody listening");
            prop_assert_eq!(simulation.counts(), one.counts());
        }
    }

    #[test]
    fn events_are_conserved_in_exact_time(n in 5usize..40, model in 0usize..4, seed: u64, drawn: bool) {
        let net = compile(&busy(n, MODELS[model], seed, drawn));
        let end = net.ticks(25.0);
        let mut recorder = recorder(&net, false);
        let mut simulation = ExactSimulation::in_slices(net.clone(), 2);
        simulation.run(end, &mut recorder);
        let counts = simulation.counts();
        for (index, p) in net.projections.iter().enumerate() {
            let train = &recorder.trains[p.from];
            let (mut arrived, mut on_the_way) = (0, 0);
            for ((tick, fraction), id) in train.ticks.iter().zip(&train.fractions).zip(&train.ids) {
                net.each_connection(p, *id as usize, &mut |c| {
                    let at = (tick + u64::from(c.delay), *fraction);
                    if at <= (end, 0.0) { arrived += 1 } else { on_the_way += 1 }
                });
            }
            prop_assert_eq!(counts.projections[index].synaptic_events, arrived, "{} on the way", on_the_way);
            prop_assert_eq!(counts.projections[index].spikes_in, train.ids.len() as u64);
        }
        for (index, p) in counts.populations.iter().enumerate() {
            prop_assert_eq!(p.spikes, recorder.trains[index].ids.len() as u64);
            prop_assert_eq!(p.neuron_updates_clocked, 0);
            prop_assert!(p.synaptic_events_dropped <= counts.total().synaptic_events);
            prop_assert!(p.neuron_updates_driven <= counts.total().synaptic_events + p.stimulus_events);
        }
    }

    /// Where everything falls on the grid, the grid loses nothing: delta pulses, no current, all times whole tenths of a millisecond.
    #[test]
    fn delta_networks_on_a_grid_are_exact(n in 3usize..25, seed: u64, weight in 3.0f64..9.0, refractory in 1u32..30) {
        let mut network = Network::new("on a grid");
        network.seed = seed;
        network.populations.push(population("n", "lif_delta", n, &[("t_ref", f64::from(refractory) * 0.1)]));
        let kicks = (0..n as u32).flat_map(|k| (0..6).map(move |j| (Some(k), f64::from(k * 7 % 31 + j * 40 + 1) * 0.1))).collect();
        network.stimuli.push(stimulus("n", &[], Drive::Spikes { events: kicks, weight: 16.0, delay_ms: 0.2 }));
        for delay in [0.3, 1.7] {
            let rule = Connect::FixedIndegree(3);
            network.projections.push(projection("n", "n", rule, Values::One(weight), Values::One(delay)));
        }
        let exact = compile(&network);
        network.dt_ms = Some(0.1);
        let grid = compile(&network);
        let (mut a, mut b) = (recorder_of_spikes(&exact), recorder_of_spikes(&grid));
        let mut exactly = ExactSimulation::new(exact.clone(), 1);
        exactly.run(exact.ticks(60.0), &mut a);
        let mut stepped = Simulation::new(grid.clone(), 1);
        stepped.run(grid.ticks(60.0), &mut b);
        prop_assert!(!a.trains[0].ids.is_empty());
        let on_grid = |(id, ms): (u32, f64)| (id, (ms / 0.1).round() as u64);
        let mine: Vec<_> = times(&a, 0, exact.dt_ms).into_iter().map(on_grid).collect();
        let theirs: Vec<_> = times(&b, 0, 0.1).into_iter().map(on_grid).collect();
        prop_assert_eq!(mine, theirs);
        prop_assert!(a.trains[0].fractions.iter().all(|f| *f == 0.0));
        let (exact, grid) = (exactly.counts().total(), stepped.counts().total());
        prop_assert_eq!(exact.synaptic_events, grid.synaptic_events);
        prop_assert_eq!(exact.synaptic_events_dropped, grid.synaptic_events_dropped);
        prop_assert_eq!(exact.neuron_updates_driven, grid.neuron_updates_driven);
        prop_assert_eq!(exact.stimulus_events, grid.stimulus_events);
    }
}

fn recorder_of_spikes(net: &CompiledNetwork) -> MemoryRecorder {
    MemoryRecorder::all_spikes(net)
}

/// The finer the grid, the nearer its spikes are to the exact ones: their distance is at most some ticks.
#[test]
fn ever_finer_grids_come_to_exact_time() {
    for model in MODELS {
        let mut network = Network::new("convergence");
        let mut n = population("n", model, 12, &[]);
        n.params.insert("i_e".into(), Values::Each((0..12).map(|k| 385.0 + 17.3 * f64::from(k)).collect()));
        network.populations.push(n);
        if model == "lif_adaptive" {
            network.populations[0].params.insert("theta_jump".into(), Values::One(0.2));
        }
        let weight = if model == "lif_delta" { 0.7 } else { 60.0 };
        let off_grid = Drive::Spikes { events: vec![(None, 3.123_456_7), (Some(4), 17.000_31)], weight, delay_ms: 0.5 };
        network.stimuli.push(stimulus("n", &[], off_grid));
        let delay = || Values::One(1.0);
        network.projections.push(projection("n", "n", Connect::FixedOutdegree(2), Values::One(weight), delay()));
        network.projections.push(projection("n", "n", Connect::FixedOutdegree(2), Values::One(-weight), delay()));
        let net = compile(&network);
        let mut exact = MemoryRecorder::all_spikes(&net);
        ExactSimulation::new(net.clone(), 1).run(net.ticks(60.0), &mut exact);
        let exact = times(&exact, 0, net.dt_ms);
        assert!(exact.len() > 12, "{model}");
        for dt in [0.01, 0.001, 0.0001] {
            network.dt_ms = Some(dt);
            let net = compile(&network);
            let mut grid = MemoryRecorder::all_spikes(&net);
            Simulation::new(net.clone(), 1).run(net.ticks(60.0), &mut grid);
            let grid = times(&grid, 0, dt);
            assert_eq!(grid.len(), exact.len(), "{model} at {dt}");
            let worst = grid.iter().zip(&exact).map(|(a, b)| (a.1 - b.1).abs()).fold(0.0, f64::max);
            assert!(worst < 30.0 * dt, "{model} at {dt}: {worst}");
        }
    }
}

/// Many events at once, on real threads.
#[test]
fn a_network_that_keeps_threads_busy_is_the_same_on_all_of_them() {
    let net = compile(&busy(1200, "lif_exp", 5, true));
    let mut trains = Vec::new();
    for threads in [1, 4] {
        let mut recorder = recorder(&net, false);
        let mut simulation = ExactSimulation::new(net.clone(), threads);
        simulation.run(net.ticks(6.0), &mut recorder);
        trains.push((recorder.trains, simulation.counts()));
    }
    assert!(trains[0].1.total().synaptic_events > 100_000, "{}", trains[0].1.total().synaptic_events);
    assert!(trains[0] == trains[1]);
}

#[test]
fn stimuli_bring_what_they_say() {
    let mut network = Network::new("stimuli");
    network.populations.extend([population("p", "input", 400, &[]), population("r", "input", 2, &[])]);
    let poisson = Drive::Poisson { rate_hz: 50.0, weight: 1.0, delay_ms: 1.5, window_ms: (Some(100.0), Some(900.0)) };
    network.stimuli.push(stimulus("p", &[], poisson));
    network.stimuli.push(stimulus("r", &[1], Drive::Regular { rate_hz: 3.0, start_ms: 0.25, weight: 1.0, delay_ms: 0.5 }));
    let net = compile(&network);
    let mut recorder = MemoryRecorder::all_spikes(&net);
    ExactSimulation::new(net.clone(), 1).run(net.ticks(1000.0), &mut recorder);
    let spikes = times(&recorder, 0, net.dt_ms);
    // 400 neurons · 50 Hz · 0.8 s, within five standard deviations.
    assert!((spikes.len() as f64 - 16_000.0).abs() < 5.0 * 16_000f64.sqrt(), "{}", spikes.len());
    assert!(spikes.iter().all(|(_, ms)| (101.5..=901.5).contains(ms)));
    assert!(spikes.iter().filter(|(_, ms)| ms.fract() != 0.0).count() > 15_000, "nothing is rounded");
    // Intervals of one neuron are exponential: mean and standard deviation 20 ms.
    let intervals: Vec<f64> = spikes.windows(2).filter(|w| w[0].0 == w[1].0).map(|w| w[1].1 - w[0].1).collect();
    let mean = intervals.iter().sum::<f64>() / intervals.len() as f64;
    let sd = (intervals.iter().map(|i| (i - mean).powi(2)).sum::<f64>() / intervals.len() as f64).sqrt();
    assert!((mean - 20.0).abs() < 1.0 && (sd / mean - 1.0).abs() < 0.1, "{mean} {sd}");
    let regular = times(&recorder, 1, net.dt_ms);
    assert_eq!(regular.len(), 3);
    for (k, (id, ms)) in regular.iter().enumerate() {
        assert!(*id == 1 && (ms - (0.75 + k as f64 * 1000.0 / 3.0)).abs() < 1e-9, "{ms}");
    }
}

#[test]
fn what_has_no_exact_form_is_refused_at_once() {
    let mut network = Network::new("refused");
    network.unitless = true;
    network.populations.extend([population("a", "threshold", 2, &[]), population("b", "relay", 2, &[])]);
    network.populations.push(population("in", "input", 2, &[]));
    network.projections.push(projection("a", "b", Connect::AllToAll, Values::One(1.0), Values::One(0.0)));
    network.stimuli.push(stimulus("in", &[], Drive::Current(vec![step(0.0, 1.0)])));
    let wrong = CompiledNetwork::new(&network, None, None).expect_err("none of it").to_string();
    for place in ["projection.a b AllToAll One(0.0) One(1.0).delay", "stimulus.in", "population.a.model", "population.b.model"] {
        assert!(wrong.contains(place), "{place}: {wrong}");
    }
    assert!(wrong.contains("set dt"), "{wrong}");
    let mut sampled = Network::new("sampled");
    sampled.populations.push(population("e", "lif_exp", 2, &[]));
    let net = compile(&sampled);
    let request = |every_ms| TraceRequest { population: "e".into(), variable: "v".into(), ids: vec![], every_ms };
    let record = |every_ms| Record { spikes: vec![], traces: vec![request(every_ms)] };
    let wrong = MemoryRecorder::new(&net, &record(None)).expect_err("no ticks").to_string();
    assert!(wrong.contains("every = "), "{wrong}");
    assert!(MemoryRecorder::new(&net, &record(Some(0.1))).is_ok());
}

/// A current that would make a neuron without refractoriness spike endlessly often makes it spike once a nanosecond.
#[test]
fn no_current_makes_time_stand_still() {
    for model in MODELS {
        let mut network = Network::new("zeno");
        network.populations.push(population("n", model, 1, &[("t_ref", 0.0), ("i_e", 1e300)]));
        let net = compile(&network);
        let mut simulation = ExactSimulation::new(net, 1);
        let mut recorder = MemoryRecorder::all_spikes(simulation.network());
        simulation.run(1000, &mut recorder);
        assert!((900..=1001).contains(&simulation.counts().total().spikes), "{model}: {}", simulation.counts().total().spikes);
    }
}

/// A network file without dt runs in exact time, and its file of results has spike times to full precision.
#[test]
fn a_network_file_without_dt_runs_in_exact_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let text = r#"
name = "exact"
duration = "100 ms"

[[population]]
name = "n"
size = 1
model = "lif_delta"
params = { tau_m = "20 ms", c_m = "1 pF", v_rest = "0 mV", v_th = "20 mV", v_reset = "10 mV", t_ref = "2 ms", i_e = "1.2 pA" }

[record]
spikes = ["n"]
v = [ { population = "n", every = "1 ms" } ]
"#;
    std::fs::write(path("exact.toml"), text).expect("written");
    let spikewatt = |arguments: &[&str]| {
        std::process::Command::new(env!("CARGO_BIN_EXE_spikewatt"))
            .args(["run", path("exact.toml").to_str().expect("a path"), "--quiet"])
            .args(arguments)
            .output()
            .expect("it runs")
    };
    let out = path("out.h5");
    let done = spikewatt(&["--json", "-", "--out", out.to_str().expect("a path")]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let report: serde_json::Value = serde_json::from_slice(&done.stdout).expect("JSON");
    let run = &report["run"];
    assert_eq!((run["engine"].as_str(), run["dt_s"].as_f64()), (Some("event"), Some(1e-9)));
    assert!(run["engine_reason"].as_str().expect("a reason").contains("exact") && run["steps"].is_null(), "{run}");
    assert_eq!(report["counts"]["total"]["spikes"].as_u64(), Some(3));
    let file = hdf5::File::open(&out).expect("a file");
    let times: Vec<f64> = file.dataset("spikes/n/timestamps").expect("spikes").read_raw().expect("numbers");
    // NEST's iaf_psc_delta_ps, case delta_ps_01_const.
    for (ours, nest) in times.iter().zip([35.835189384561154, 62.890448754468444, 89.9457081243758]) {
        assert!((ours - nest).abs() < 1e-9, "{times:?}");
    }
    let v: Vec<f64> = file.dataset("report/n/data").expect("a trace").read_raw().expect("numbers");
    let at: Vec<f64> = file.dataset("report/n/mapping/time").expect("times").read_raw().expect("numbers");
    assert_eq!((v.len(), at[0], at[2]), (100, 1.0, 1.0));
    assert!((v[9] - 24.0 * (1.0 - (-0.5f64).exp())).abs() < 1e-9, "{}", v[9]);
    for (arguments, says) in [(["--steps", "5"], "--steps"), (["--engine", "clock"], "clock")] {
        let refused = spikewatt(&arguments);
        let error = String::from_utf8_lossy(&refused.stderr);
        assert!(refused.status.code() == Some(2) && error.contains(says) && error.contains("set dt"), "{error}");
    }
    assert!(spikewatt(&["--dt", "0.1ms"]).status.success());
}
