//! Laws that hold for every network: closed forms, conservation of events, and results that do not depend on threads.

use proptest::prelude::*;
use spikewatt::compile::CompiledNetwork;
use spikewatt::engine::{EngineKind, Simulation, run_samples};
use spikewatt::network::{
    Connect, CurrentStep, Delay, Drive, Network, Population, Projection, Record, Stimulus, Target, TraceRequest, Weight,
};
use spikewatt::neuron::{Distribution, Values, model_by_name, semantics_by_name};
use spikewatt::record::{MemoryRecorder, Tally};
use spikewatt::rng::{Purpose, Stream};
use spikewatt::spike::InputTrain;
use spikewatt::study::Quiet;
use spikewatt::study::verify::{VerifySettings, select};
use std::collections::BTreeMap;
use std::sync::Arc;

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

fn current(to: &str, steps: &[(f64, f64)]) -> Stimulus {
    Stimulus {
        name: format!("current into {to}"),
        to: Target { population: to.into(), ids: vec![] },
        drive: Drive::Current(steps.iter().map(|&(at_ms, value)| CurrentStep { at_ms, value }).collect()),
    }
}

/// Runs a network and gives what was recorded: all spikes, and the variables named.
fn run(network: &Network, ms: f64, threads: usize, traces: &[(&str, &str)]) -> (MemoryRecorder, Simulation) {
    let net = Arc::new(CompiledNetwork::in_shards(network, None, None, threads).expect("a good network"));
    let record = Record {
        spikes: network.populations.iter().map(|p| p.name.clone()).collect(),
        traces: traces
            .iter()
            .map(|(p, v)| TraceRequest { population: (*p).into(), variable: (*v).into(), ids: vec![], every_ms: None })
            .collect(),
    };
    let mut recorder = MemoryRecorder::new(&net, &record).expect("a good record");
    let ticks = net.ticks(ms);
    let mut simulation = Simulation::new(net, threads);
    simulation.run(ticks, &mut recorder);
    (recorder, simulation)
}

/// Holds single neurons, by every execution, to a formula.
fn closed_form(name: &str) {
    let case = &select(&[format!("closed-form/{name}")]).unwrap_or_else(|wrong| panic!("{wrong}"))[0];
    let result = case.verify(&VerifySettings::default(), &Quiet);
    assert!(result.passed(), "{result:#?}");
}

#[test]
fn a_constant_current_charges_the_membrane_as_the_closed_form_says() {
    closed_form("membrane-charging");
}

#[test]
fn an_exponential_current_moves_the_membrane_as_the_closed_form_says() {
    closed_form("exponential-current");
}

#[test]
fn the_rate_follows_the_f_i_curve() {
    closed_form("f-i-curve");
}

#[test]
fn the_adaptive_threshold_follows_its_closed_form() {
    closed_form("adaptive-threshold");
}

#[test]
fn trained_neurons_step_as_their_semantics_say() {
    // NIR's LIF under a constant input, below threshold: exactly (nir), or by Euler.
    let (tau, r, x, dt) = (10.0f64, 2.0, 0.3, 1.0);
    for (name, decay) in [("nir", (-dt / tau).exp()), ("nir-euler", 1.0 - dt / tau), ("snntorch", 1.0 - dt / tau)] {
        let mut network = Network::new("semantics");
        network.dt_ms = Some(dt);
        network.unitless = true;
        network.semantics = semantics_by_name(name).expect("on offer");
        network.populations.push(population("n", "lif", 1, &[("tau_m", tau), ("r_m", r)]));
        network.populations.push(population("cuba", "cuba_li", 1, &[("tau_m", tau), ("tau_syn", 4.0), ("w_in", 1.5)]));
        network.stimuli.push(current("n", &[(0.0, x)]));
        network.stimuli.push(current("cuba", &[(0.0, x)]));
        let (recorder, _) = run(&network, 50.0, 1, &[("n", "v"), ("cuba", "v")]);
        let synapse = if name == "nir" { (-dt / 4.0_f64).exp() } else { 1.0 - dt / 4.0 };
        let (mut i, mut v) = (0.0, 0.0);
        for tick in 1..=50usize {
            let expected = r * x * (1.0 - decay.powi(tick as i32));
            assert!((recorder.traces[0].values[tick - 1] - expected).abs() < 1e-12, "{name} at {tick}");
            i = synapse * i + (1.0 - synapse) * 1.5 * x;
            v = decay * v + (1.0 - decay) * i;
            assert!((recorder.traces[1].values[tick - 1] - v).abs() < 1e-12, "{name}: cuba at {tick}");
        }
    }
}

#[test]
fn the_threshold_is_tested_after_all_deliveries_of_a_tick() {
    // +30 mV and −30 mV arrive together: no spike, in whichever order they were declared.
    for weights in [[30.0, -30.0], [-30.0, 30.0]] {
        let mut network = Network::new("order");
        network.dt_ms = Some(0.1);
        network.populations.push(population("n", "lif_delta", 1, &[]));
        for (index, weight) in weights.into_iter().enumerate() {
            network.stimuli.push(Stimulus {
                name: format!("{index}"),
                to: Target { population: "n".into(), ids: vec![] },
                drive: Drive::Spikes { events: vec![(None, 1.0)], weight, delay_ms: 0.1 },
            });
        }
        assert!(run(&network, 5.0, 1, &[]).0.trains[0].ticks.is_empty());
    }
}

fn rule(which: usize, n: usize) -> Connect {
    match which {
        0 => Connect::AllToAll,
        1 => Connect::OneToOne,
        2 => Connect::FixedProbability(0.3),
        3 => Connect::FixedIndegree(n as u32 / 2),
        4 => Connect::FixedOutdegree(n as u32 / 2),
        _ => Connect::FixedTotal(3 * n as u64),
    }
}

/// Two populations with Poisson drive, joined in all four ways by rules, weights and delays of every kind.
fn random_network(n: usize, seed: u64, rules: [usize; 4], drawn: [bool; 4], model: usize) -> Network {
    let mut network = Network::new("random");
    network.dt_ms = Some(0.1);
    network.seed = seed;
    // What a weight of about a millivolt's effect is in the model's unit.
    let (model, scale) =
        [("lif_delta", 1.0), ("lif_exp", 60.0), ("lif_alpha", 60.0), ("lif_cond_exp", 8.0), ("lif_adaptive", 60.0)][model];
    for name in ["a", "b"] {
        let mut p = population(name, model, n, &[("t_ref", 1.0)]);
        p.init.insert("v".into(), Values::Drawn(Distribution::uniform(-70.0, -55.0)));
        network.populations.push(p);
        network.stimuli.push(Stimulus {
            name: format!("drive {name}"),
            to: Target { population: name.into(), ids: vec![] },
            drive: Drive::Poisson { rate_hz: 3000.0, weight: scale, delay_ms: 0.1, window_ms: (None, None) },
        });
        let current = if model == "lif_delta" { 20.0 } else { scale };
        network.stimuli.push(Stimulus {
            name: format!("noise {name}"),
            to: Target { population: name.into(), ids: vec![0, 2, 3] },
            drive: Drive::Noise { mean: current, sd: 2.0 * current, interval_ms: 0.5, window_ms: (Some(3.0), Some(40.0)) },
        });
    }
    for (index, (from, to)) in [("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")].into_iter().enumerate() {
        let mean = if from == "a" { 0.8 * scale } else { -1.5 * scale };
        network.projections.push(Projection {
            name: format!("{from}{to}"),
            from: from.into(),
            to: to.into(),
            connect: rule(rules[index], n),
            weight: Weight(if drawn[index] {
                Values::Drawn(Distribution::normal(mean, 0.3 * scale).within(-10.0 * scale, 10.0 * scale))
            } else {
                Values::One(mean)
            }),
            delay: Delay::Ms(if drawn[index] { Values::Drawn(Distribution::uniform(0.3, 2.0)) } else { Values::One(0.7) }),
            allow_self: index % 2 == 0,
            allow_multiple: index < 2,
            bias: None,
        });
    }
    network
}

/// Holds clock and event to the reference.
fn agree(network: &Network) -> Result<(), TestCaseError> {
    let net = Arc::new(CompiledNetwork::in_shards(network, None, None, 2).expect("a good network"));
    let record = Record {
        spikes: vec!["a".into(), "b".into()],
        traces: ["a", "b"]
            .iter()
            .map(|p| TraceRequest { population: (*p).into(), variable: "v".into(), ids: vec![], every_ms: None })
            .collect(),
    };
    let run = |engine: EngineKind| {
        let mut recorder = MemoryRecorder::new(&net, &record).expect("a good record");
        let mut simulation = Simulation::with_engine(net.clone(), 2, engine);
        // In pieces, so that what is on its way between them counts.
        for ticks in [1, 99, 300, 200] {
            simulation.run(ticks, &mut recorder);
        }
        (recorder, simulation.counts())
    };
    let reference = run(EngineKind::Reference);
    for engine in [EngineKind::Clock, EngineKind::Event] {
        let other = run(engine);
        prop_assert_eq!(&reference.0.trains, &other.0.trains, "{}", engine.name());
        prop_assert_eq!(&reference.1, &other.1, "{}", engine.name());
        for (x, y) in reference.0.traces.iter().zip(&other.0.traces) {
            for (at, (x, y)) in x.values.iter().zip(&y.values).enumerate() {
                prop_assert!((x - y).abs() < 1e-9 * x.abs().max(1.0), "{}: v of sample {} is {} and {}", engine.name(), at, x, y);
            }
        }
    }
    Ok(())
}

#[test]
fn a_current_may_lift_over_the_threshold_what_events_did_not() {
    // Found by chance: in the tick in which the first current sets in, a neuron is reached by events before and after it, and spikes by
    // all of them together.
    for network in [
        random_network(9, 1_087_657_513_555_823_842, [2, 0, 2, 0], [false, false, true, false], 0),
        random_network(28, 5_823_620_994_691_821_852, [4, 2, 2, 0], [false; 4], 0),
    ] {
        agree(&network).expect("executions agree");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn results_are_the_same_bits_on_any_number_of_threads(
        n in 5usize..40, seed: u64, rules in prop::array::uniform4(0usize..6), drawn in prop::array::uniform4(any::<bool>()), model in 0usize..5,
    ) {
        let network = random_network(n, seed, rules, drawn, model);
        let one = run(&network, 60.0, 1, &[("a", "v"), ("b", "v")]);
        for threads in [1, 2, 3, 8] {
            let other = run(&network, 60.0, threads, &[("a", "v"), ("b", "v")]);
            prop_assert_eq!(&one.0.trains, &other.0.trains);
            for (x, y) in one.0.traces.iter().zip(&other.0.traces) {
                prop_assert_eq!(&x.ticks, &y.ticks);
                prop_assert!(x.values.iter().zip(&y.values).all(|(x, y)| x.to_bits() == y.to_bits()));
            }
            prop_assert_eq!(one.1.counts(), other.1.counts());
        }
    }

    #[test]
    fn executions_agree(
        n in 5usize..40, seed: u64, rules in prop::array::uniform4(0usize..6), drawn in prop::array::uniform4(any::<bool>()), model in 0usize..5,
    ) {
        agree(&random_network(n, seed, rules, drawn, model))?;
    }

    #[test]
    fn events_are_conserved(
        n in 5usize..40, seed: u64, rules in prop::array::uniform4(0usize..6), drawn in prop::array::uniform4(any::<bool>()), model in 0usize..5,
    ) {
        let network = random_network(n, seed, rules, drawn, model);
        let (recorder, simulation) = run(&network, 60.0, 2, &[]);
        let (net, counts, end) = (simulation.network(), simulation.counts(), simulation.tick());
        prop_assert!(counts.total().spikes > 0);
        for (index, p) in net.projections.iter().enumerate() {
            let train = &recorder.trains[p.from];
            // Deliveries = Σ spikes × fan-out − what is still on its way.
            let mut sent = 0;
            let mut on_the_way = 0;
            for (tick, id) in train.ticks.iter().zip(&train.ids) {
                let fan_out = p.rows.fan_out(*id as usize);
                sent += fan_out;
                net.each_connection(p, *id as usize, &mut |c| on_the_way += u64::from(tick + u64::from(c.delay) > end));
            }
            prop_assert_eq!(counts.projections[index].synaptic_events, sent - on_the_way);
            prop_assert_eq!(counts.projections[index].spikes_in, train.ids.len() as u64);
        }
        for (index, p) in counts.populations.iter().enumerate() {
            prop_assert_eq!(p.spikes, recorder.trains[index].ids.len() as u64);
            prop_assert_eq!(p.neuron_updates_clocked, n as u64 * end);
            prop_assert!(p.neuron_updates_driven <= p.neuron_updates_clocked);
            prop_assert!(p.synaptic_events_dropped <= counts.total().synaptic_events);
        }
    }
}

#[test]
fn refractory_neurons_drop_events_and_count_them() {
    // One neuron spikes at 1.0 ms; of the three spikes that another sends it, two arrive while it is refractory.
    let mut network = Network::new("dropped");
    network.dt_ms = Some(0.1);
    network.populations.push(population("source", "input", 1, &[]));
    network.populations.push(population("n", "lif_delta", 1, &[("t_ref", 2.0)]));
    network.stimuli.push(Stimulus {
        name: "spikes".into(),
        to: Target { population: "source".into(), ids: vec![] },
        drive: Drive::Spikes { events: vec![(None, 0.5), (None, 1.0), (None, 2.0), (None, 5.0)], weight: 1.0, delay_ms: 0.0 },
    });
    network.projections.push(Projection {
        name: "p".into(),
        from: "source".into(),
        to: "n".into(),
        connect: Connect::OneToOne,
        weight: Weight(Values::One(20.0)),
        delay: Delay::Ms(Values::One(0.5)),
        allow_self: true,
        allow_multiple: true,
        bias: None,
    });
    let (recorder, simulation) = run(&network, 10.0, 1, &[]);
    assert_eq!(recorder.trains[1].ticks, [10, 55]);
    let counts = simulation.counts();
    assert_eq!(counts.populations[1].synaptic_events_dropped, 2);
    assert_eq!(counts.projections[0].synaptic_events, 4);
    assert_eq!(counts.populations[1].neuron_updates_driven, 4);
}

/// Input, a hidden layer with recurrence, a leaky readout: dense weights, delivery within the tick, as trained networks have it.
fn layered_network(seed: u64) -> Network {
    let draws = Stream::new(seed, Purpose::Weight, 0);
    let mut network = Network::new("layers");
    network.dt_ms = Some(1.0);
    network.unitless = true;
    network.populations.push(population("in", "input", 6, &[]));
    network.populations.push(population("hidden", "cuba_lif", 9, &[("tau_m", 8.0), ("tau_syn", 4.0), ("w_in", 4.0)]));
    network.populations.push(population("out", "li", 3, &[("tau_m", 10.0)]));
    network.input = Some("in".into());
    network.readout = Some("out".into());
    let mut at = 0;
    let mut join = |from: &str, to: &str, sources: usize, targets: usize, delay: u32| {
        let values = (0..sources * targets).map(|_| {
            at += 1;
            (draws.uniform(at) * 4.0 - 1.5) as f32
        });
        network.projections.push(Projection {
            name: format!("{from}-{to}"),
            from: from.into(),
            to: to.into(),
            connect: Connect::Dense(spikewatt::network::Matrix {
                targets,
                sources,
                values: spikewatt::network::Coefficients::Single(values.collect()),
            }),
            weight: Weight(Values::One(1.0)),
            delay: Delay::Ticks(delay),
            allow_self: true,
            allow_multiple: true,
            bias: Some(vec![0.05; targets]),
        });
    };
    join("in", "hidden", 6, 9, 0);
    join("hidden", "hidden", 9, 9, 1);
    join("hidden", "out", 9, 3, 0);
    network
}

#[test]
fn samples_side_by_side_are_samples_one_by_one() {
    let mut network = layered_network(3);
    network.stimuli.push(Stimulus {
        name: "noise".into(),
        to: Target { population: "hidden".into(), ids: vec![] },
        drive: Drive::Poisson { rate_hz: 200.0, weight: 0.5, delay_ms: 0.0, window_ms: (None, None) },
    });
    let net = Arc::new(CompiledNetwork::new(&network, None, None).expect("a good network"));
    let train = |sample: usize| {
        let draws = Stream::new(9, Purpose::Encode, sample as u32);
        let spikes = |t: u64| (0..6u32).filter(|&c| draws.uniform(t * 6 + u64::from(c)) < 0.4).collect();
        Ok(InputTrain::Spikes((0..30).map(spikes).collect()))
    };
    let tally = Tally::new(&net, 2, true);
    let all = |threads: usize| {
        run_samples(&net, EngineKind::Clock, 0, 40, 30, threads, &tally, &MemoryRecorder::all_spikes(&net), train, || true)
            .expect("trains are good")
    };
    let side_by_side = all(3);
    for threads in [1, 2, 8] {
        for (one, other) in side_by_side.iter().zip(all(threads)) {
            assert_eq!(one.counts, other.counts);
            assert_eq!(one.recorded.trains, other.recorded.trains);
            assert!(one.tally.highest.iter().zip(&other.tally.highest).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
    }
    for (sample, outcome) in side_by_side.iter().enumerate() {
        // A simulation of its own, that never saw another sample.
        let mut simulation = Simulation::new(net.clone(), 1);
        simulation.reset(sample as u64 * 30);
        simulation.set_input(0, Arc::new(train(sample).expect("good")));
        let mut recorder = MemoryRecorder::all_spikes(&net);
        simulation.run(30, &mut recorder);
        assert_eq!(recorder.trains, outcome.recorded.trains);
        assert_eq!(simulation.counts(), outcome.counts);
    }
    assert!(side_by_side.iter().map(|o| o.counts.populations[1].spikes).sum::<u64>() > 100, "the hidden layer is alive");
    // The same input in every sample: the noise is another in each.
    let same = |_: usize| train(0);
    let noisy = run_samples(&net, EngineKind::Clock, 0, 5, 30, 2, &tally, &MemoryRecorder::all_spikes(&net), same, || true)
        .expect("trains are good");
    assert!(noisy.windows(2).all(|w| w[0].counts.populations[1].stimulus_events != w[1].counts.populations[1].stimulus_events));
}

#[test]
fn numbers_count_macs_and_spikes_count_acs() {
    let network = layered_network(5);
    let net = Arc::new(CompiledNetwork::new(&network, None, None).expect("a good network"));
    let run = |train: InputTrain| {
        let mut simulation = Simulation::new(net.clone(), 1);
        simulation.set_input(0, Arc::new(train));
        simulation.run(10, &mut spikewatt::record::Silent);
        simulation.counts()
    };
    // Two of six inputs are not zero: 2 × 9 multiply-accumulates a step.
    let analog = run(InputTrain::Constant(vec![0.5, 0.0, 0.25, 0.0, 0.0, 0.0]));
    assert_eq!((analog.projections[0].effective_macs, analog.projections[0].effective_acs), (10 * 2 * 9, 0));
    // Of only zeros and ones: accumulates.
    let binary = run(InputTrain::Constant(vec![1.0, 0.0, 1.0, 0.0, 0.0, -1.0]));
    assert_eq!((binary.projections[0].effective_macs, binary.projections[0].effective_acs), (0, 10 * 3 * 9));
    let spikes = run(InputTrain::Spikes(vec![vec![0, 2, 5]; 10]));
    assert_eq!((spikes.projections[0].effective_macs, spikes.projections[0].effective_acs), (0, 10 * 3 * 9));
    assert_eq!(spikes.projections[0].synaptic_events, 10 * 3 * 9);
    assert_eq!(spikes.projections[0].dense_macs, 10 * 6 * 9);
    // The same input as numbers and as spikes moves the network the same.
    assert_eq!(spikes.populations[1].spikes, run(InputTrain::Constant(vec![1.0, 0.0, 1.0, 0.0, 0.0, 1.0])).populations[1].spikes);
}

#[test]
fn a_current_into_an_input_population_is_numbers_put_out() {
    let mut network = layered_network(7);
    let given = InputTrain::Constant(vec![0.75; 6]);
    let end = |network: &Network, train: Option<InputTrain>| {
        let net = Arc::new(CompiledNetwork::new(network, None, None).expect("a good network"));
        let mut recorder = MemoryRecorder::all_spikes(&net);
        let mut simulation = Simulation::new(net, 1);
        if let Some(train) = train {
            simulation.set_input(0, Arc::new(train));
        }
        simulation.run(20, &mut recorder);
        (recorder.trains, simulation.counts())
    };
    let by_train = end(&network, Some(given));
    network.stimuli.push(current("in", &[(0.0, 0.75)]));
    let by_current = end(&network, None);
    assert!(by_train.1.projections[0].effective_macs > 0);
    assert_eq!(by_train, by_current);
}

#[test]
fn regular_and_poisson_stimuli_bring_their_events() {
    let mut network = Network::new("drives");
    network.dt_ms = Some(0.1);
    network.populations.push(population("n", "lif_delta", 50, &[("v_th", 1e9)]));
    let drive = |name: &str, ids: Vec<u32>, drive: Drive| Stimulus {
        name: name.into(),
        to: Target { population: "n".into(), ids },
        drive,
    };
    // Neurons 0 and 7: an event every 2.5 ms from 1 ms on, each 0.5 ms late; the last that arrives is that of 998.5 ms.
    network.stimuli.push(drive(
        "regular",
        vec![0, 7],
        Drive::Regular { rate_hz: 400.0, start_ms: 1.0, weight: 1.0, delay_ms: 0.5 },
    ));
    let (_, simulation) = run(&network, 1000.0, 2, &[]);
    let counts = simulation.counts().populations[0];
    assert_eq!(counts.stimulus_events, 2 * 400);
    assert_eq!(counts.neuron_updates_driven, 2 * 400);
    // 50 neurons at 800 Hz between 200 and 700 ms: 20,000 events on average, within five standard deviations.
    network.stimuli = vec![drive(
        "noise",
        vec![],
        Drive::Poisson { rate_hz: 800.0, weight: 1.0, delay_ms: 1.0, window_ms: (Some(200.0), Some(700.0)) },
    )];
    let (recorder, simulation) = run(&network, 1000.0, 2, &[("n", "v")]);
    let events = simulation.counts().populations[0].stimulus_events as f64;
    assert!((events - 20_000.0).abs() < 5.0 * 20_000f64.sqrt(), "{events}");
    let moved = |ms: f64| recorder.traces[0].values[((ms / 0.1) as usize - 1) * 50..][..50].iter().any(|v| *v != -70.0);
    assert!(!moved(200.9) && moved(203.0), "nothing before the window, delay included");
}

#[test]
fn noise_shakes_the_membrane_as_the_closed_form_says() {
    // A current held for δ and drawn anew moves the membrane by V ← r V + (1 − r) R I from interval to interval, with r = e^(−δ/τ): mean R mean,
    // variance R² sd² (1 − r) / (1 + r), and correlation r between the ends of neighbouring intervals.
    let (tau, c, mean, sd) = (10.0f64, 200.0, 40.0, 120.0);
    let resistance = tau / c;
    for (model, interval) in [("lif_delta", 1.0), ("lif_exp", 2.5), ("lif_adaptive", 0.1), ("lif_cond_exp", 1.0)] {
        let mut network = Network::new("noise");
        network.dt_ms = Some(0.1);
        let mut params = vec![("c_m", c), ("v_rest", 0.0), ("v_th", 1e9), ("v_reset", 0.0)];
        // A leak of c / tau and no conductance is the same membrane.
        params.push(if model == "lif_cond_exp" { ("g_l", c / tau) } else { ("tau_m", tau) });
        network.populations.push(population("n", model, 40, &params));
        network.stimuli.push(Stimulus {
            name: "noise".into(),
            to: Target { population: "n".into(), ids: vec![] },
            drive: Drive::Noise { mean, sd, interval_ms: interval, window_ms: (None, None) },
        });
        let (recorder, simulation) = run(&network, 1100.0, 2, &[("n", "v")]);
        let every = (interval / 0.1f64).round() as usize;
        let ends: Vec<&[f64]> = recorder.traces[0].values.chunks(40).skip(1000 - 1).step_by(every).collect();
        let values: Vec<f64> = ends.concat().iter().map(|v| (v - resistance * mean) / (resistance * sd)).collect();
        let r = (-interval / tau).exp();
        let expected = (1.0 - r) / (1.0 + r);
        // So many values are as good as independent ones: two correlation times apart.
        let independent = 40.0 * 1000.0 / (2.0 * tau).max(interval);
        let average = values.iter().sum::<f64>() / values.len() as f64;
        let variance = values.iter().map(|x| x * x).sum::<f64>() / values.len() as f64;
        assert!(average.abs() < 5.0 * (expected / independent).sqrt(), "{model}: mean {average}");
        assert!((variance / expected - 1.0).abs() < 5.0 * (2.0 / independent).sqrt(), "{model}: {variance}, expected {expected}");
        let next = values.iter().zip(&values[40..]).map(|(x, y)| x * y).sum::<f64>() / (values.len() - 40) as f64 / variance;
        assert!((next - r).abs() < 0.06, "{model}: correlation {next}, expected {r}");
        // One neuron's noise says nothing of another's.
        let across = ends.iter().map(|v| (v[0] - resistance * mean) * (v[1] - resistance * mean)).sum::<f64>();
        let across = across / ends.len() as f64 / (resistance * sd).powi(2) / variance;
        assert!(across.abs() < 5.0 * (40.0 / independent).sqrt(), "{model}: neurons correlate by {across}");
        assert_eq!(simulation.counts().populations[0].stimulus_events, 0, "a current is no event");
    }
}

#[test]
fn noise_acts_within_its_window_and_differs_from_sample_to_sample() {
    let mut network = Network::new("window");
    network.dt_ms = Some(0.1);
    network.populations.push(population("n", "lif_exp", 3, &[("v_th", 1e9), ("v_rest", 0.0), ("v_reset", 0.0)]));
    network.stimuli.push(Stimulus {
        name: "noise".into(),
        to: Target { population: "n".into(), ids: vec![1] },
        drive: Drive::Noise { mean: 0.0, sd: 100.0, interval_ms: 0.5, window_ms: (Some(2.0), Some(3.0)) },
    });
    let net = Arc::new(CompiledNetwork::new(&network, None, None).expect("a good network"));
    let record = Record {
        spikes: vec![],
        traces: vec![TraceRequest { population: "n".into(), variable: "v".into(), ids: vec![], every_ms: None }],
    };
    let mut simulation = Simulation::new(net.clone(), 1);
    let mut trace = |epoch| {
        simulation.reset(epoch);
        let mut recorder = MemoryRecorder::new(&net, &record).expect("a good record");
        simulation.run(60, &mut recorder);
        recorder.traces[0].values.clone()
    };
    let first = trace(0);
    assert!(first.chunks(3).all(|v| v[0] == 0.0 && v[2] == 0.0), "only neuron 1 is reached");
    let v: Vec<f64> = first.chunks(3).map(|v| v[1]).collect();
    assert!(v[..20].iter().all(|v| *v == 0.0) && v[20] != 0.0, "it begins in the tick after 2 ms");
    // From 3 ms on the membrane only decays.
    assert!(
        v[30..].windows(2).all(|w| (w[1] / w[0] - (-0.01f64).exp()).abs() < 1e-12)
            && (v[30] / v[29] - (-0.01f64).exp()).abs() < 1e-12
    );
    assert!((v[29] / v[28] - (-0.01f64).exp()).abs() > 1e-6);
    assert_eq!(trace(0), first);
    assert_ne!(trace(60), first);
}

#[test]
fn an_adaptive_threshold_slows_the_neuron_to_a_steady_rate() {
    let (dt, tau_theta, jump) = (0.1, 80.0f64, 3.0);
    let mut network = Network::new("adaptive");
    network.dt_ms = Some(dt);
    let params = [
        ("tau_m", 15.0),
        ("v_rest", 0.0),
        ("v_th", 10.0),
        ("v_reset", 0.0),
        ("i_e", 500.0),
        ("tau_theta", tau_theta),
        ("theta_jump", jump),
    ];
    network.populations.push(population("n", "lif_adaptive", 1, &params));
    let (recorder, _) = run(&network, 1000.0, 1, &[("n", "theta")]);
    let spikes = &recorder.trains[0].ticks;
    let intervals: Vec<_> = spikes.windows(2).map(|w| w[1] - w[0]).collect();
    assert!(intervals.len() > 10 && intervals[0] < intervals[1] && intervals[1] < intervals[5], "it adapts: {intervals:?}");
    // In the steady state theta just after a spike is jump / (1 − e^(−T/tau_theta)).
    let period = *intervals.last().expect("an interval") as f64 * dt;
    let theta = recorder.traces[0].values[*spikes.last().expect("a spike") as usize - 1];
    let steady = jump / (1.0 - (-period / tau_theta).exp());
    assert!((theta / steady - 1.0).abs() < 0.01, "{theta} and {steady}");
    // Without a jump it is lif_exp, bit for bit.
    network.populations[0].params.insert("theta_jump".into(), Values::One(0.0));
    let plain = run(&network, 300.0, 1, &[("n", "v")]).0;
    for name in ["tau_theta", "theta_jump"] {
        network.populations[0].params.remove(name);
    }
    network.populations[0].model = model_by_name("lif_exp").expect("built in");
    let exp = run(&network, 300.0, 1, &[("n", "v")]).0;
    assert_eq!(plain.trains[0].ticks, exp.trains[0].ticks);
    assert!(plain.traces[0].values.iter().zip(&exp.traces[0].values).all(|(x, y)| (x - y).abs() < 1e-12));
}

#[test]
fn neurons_of_their_own_parameters_step_as_like_ones_do() {
    // A neuron among unlike ones gives the bits it gives among its like: slices of a population may hold either.
    for (model, strength) in [("lif_adaptive", 400.0), ("lif_cond_exp", 20.0)] {
        let mut network = Network::new("like and unlike");
        network.dt_ms = Some(0.1);
        network.populations.push(population("n", model, 70, &[]));
        network.stimuli.push(Stimulus {
            name: "drive".into(),
            to: Target { population: "n".into(), ids: vec![] },
            drive: Drive::Poisson { rate_hz: 2000.0, weight: strength, delay_ms: 0.1, window_ms: (None, None) },
        });
        let like = run(&network, 100.0, 1, &[("n", "v")]).0;
        network.populations[0]
            .params
            .insert("v_th".into(), Values::Each((0..70).map(|n| if n < 69 { -55.0 } else { 1e9 }).collect()));
        for threads in [1, 3] {
            let unlike = run(&network, 100.0, threads, &[("n", "v")]).0;
            let of = |r: &MemoryRecorder, n: usize| {
                r.traces[0].values.iter().skip(n).step_by(70).map(|v| v.to_bits()).collect::<Vec<_>>()
            };
            assert!((0..69).all(|n| of(&like, n) == of(&unlike, n)), "{model} on {threads} threads");
            assert!(like.trains[0].ids.len() > 20, "{model}: {} spikes", like.trains[0].ids.len());
        }
    }
}

#[test]
fn conductances_are_driven_by_sign_and_go_on_through_refractoriness() {
    let mut network = Network::new("conductances");
    network.dt_ms = Some(0.1);
    network.populations.push(population("n", "lif_cond_exp", 1, &[("tau_syn_ex", 5.0), ("tau_syn_in", 10.0), ("i_e", 900.0)]));
    for (at, weight) in [(1.0, 12.0), (3.0, -7.0)] {
        network.stimuli.push(Stimulus {
            name: format!("at {at}"),
            to: Target { population: "n".into(), ids: vec![] },
            drive: Drive::Spikes { events: vec![(None, at)], weight, delay_ms: 0.1 },
        });
    }
    let (recorder, simulation) = run(&network, 30.0, 1, &[("n", "g_ex"), ("n", "g_in"), ("n", "v")]);
    assert!(!recorder.trains[0].ticks.is_empty());
    for (trace, (arrives, peak, tau)) in [(11u64, 12.0, 5.0), (31, 7.0, 10.0)].into_iter().enumerate() {
        for (tick, g) in recorder.traces[trace].ticks.iter().zip(&recorder.traces[trace].values) {
            let expected = if *tick < arrives { 0.0 } else { peak * (-((tick - arrives) as f64) * 0.1 / tau).exp() };
            assert!((g - expected).abs() < 1e-12, "{trace} at {tick}: {g}, expected {expected}");
        }
    }
    let spike = recorder.trains[0].ticks[0] as usize;
    assert!(recorder.traces[2].values[spike - 1..spike + 20].iter().all(|v| *v == -60.0), "held at reset for 2 ms");
    assert_eq!(simulation.counts().populations[0].synaptic_events_dropped, 0);
}

#[test]
fn a_weight_and_a_delay_each_reach_their_connection() {
    let mut network = Network::new("each");
    network.dt_ms = Some(0.1);
    network.populations.push(population("in", "input", 3, &[]));
    network.populations.push(population(
        "n",
        "lif_delta",
        3,
        &[("v_rest", 0.0), ("v_th", 1e9), ("v_reset", 0.0), ("tau_m", 1e9)],
    ));
    network.stimuli.push(Stimulus {
        name: "all at once".into(),
        to: Target { population: "in".into(), ids: vec![] },
        drive: Drive::Spikes { events: vec![(None, 1.0)], weight: 1.0, delay_ms: 0.0 },
    });
    let pairs = vec![(0, 0, None, None), (1, 1, None, Some(0.4)), (2, 2, Some(8.0), None)];
    let each = |values: [f64; 3]| Values::Each(values.to_vec());
    for (connect, weights, ticks) in [
        (Connect::OneToOne, [1.0, -2.0, 4.0], [13, 17, 25]),
        // A pair's own weight and delay go before those of the array.
        (Connect::List(pairs), [1.0, -2.0, 8.0], [13, 14, 25]),
    ] {
        network.projections = vec![Projection {
            name: "p".into(),
            from: "in".into(),
            to: "n".into(),
            connect,
            weight: Weight(each([1.0, -2.0, 4.0])),
            delay: Delay::Ms(each([0.3, 0.7, 1.5])),
            allow_self: true,
            allow_multiple: true,
            bias: None,
        }];
        let (recorder, _) = run(&network, 5.0, 2, &[("n", "v")]);
        for n in 0..3 {
            let v = |tick: usize| recorder.traces[0].values[3 * (tick - 1) + n];
            assert_eq!(v(ticks[n] - 1), 0.0);
            assert!((v(ticks[n]) - weights[n]).abs() < 1e-6, "neuron {n}: {}", v(ticks[n]));
        }
    }
}
