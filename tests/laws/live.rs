//! Networks that are changed while they run.

use super::executions::random_network;
use super::samples::layered_network;
use super::*;
use spikewatt::compile::{LiveScale, ParamChange};
use spikewatt::counts::EventCounts;

fn named<T: Copy>(pairs: &[(&str, T)]) -> BTreeMap<String, T> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
}

fn traced(net: &CompiledNetwork) -> MemoryRecorder {
    let trace = |p: &spikewatt::compile::CompiledPopulation| TraceRequest {
        population: p.name.clone(),
        variable: "v".into(),
        ids: vec![],
        every_ms: None,
    };
    let record = Record {
        spikes: net.populations.iter().map(|p| p.name.clone()).collect(),
        traces: net.populations.iter().filter(|p| !p.is_input()).map(trace).collect(),
    };
    MemoryRecorder::new(net, &record).expect("a good record")
}

/// Runs so many ticks, goes on with another network, and runs so many more.
fn changed(
    (before, after): (&Arc<CompiledNetwork>, &Arc<CompiledNetwork>),
    (first, then): (u64, u64),
    threads: usize,
    engine: EngineKind,
) -> (MemoryRecorder, EventCounts) {
    let mut recorder = traced(before);
    let mut simulation = Simulation::with_engine(before.clone(), threads, engine);
    simulation.run(first, &mut recorder);
    simulation.adopt(after.clone()).expect("the same shape");
    assert!(Arc::ptr_eq(simulation.network(), after));
    simulation.run(then, &mut recorder);
    (recorder, simulation.counts())
}

fn same_bits(a: &(MemoryRecorder, EventCounts), b: &(MemoryRecorder, EventCounts)) -> Result<(), TestCaseError> {
    prop_assert_eq!(&a.0.trains, &b.0.trains);
    prop_assert_eq!(&a.1, &b.1);
    for (x, y) in a.0.traces.iter().zip(&b.0.traces) {
        prop_assert!(x.values.len() == y.values.len());
        prop_assert!(x.values.iter().zip(&y.values).all(|(x, y)| x.to_bits() == y.to_bits()));
    }
    Ok(())
}

/// Everything at once.
fn scale(factors: [f64; 4], model: usize) -> LiveScale {
    let mut params =
        named(&[("v_th", ParamChange::Plus(-2.0)), ("t_ref", ParamChange::Times(0.4)), ("v_reset", ParamChange::Set(-68.0))]);
    // The conductance-based model has none.
    if model != 3 {
        params.insert("tau_m".into(), ParamChange::Times(1.5));
    }
    LiveScale {
        weights: named(&[("aa", factors[0]), ("ab", factors[1]), ("ba", factors[2]), ("bb", factors[3])]),
        rates: named(&[("drive a", 1.3), ("drive b", 0.001), ("noise a", 1.1)]),
        noise: named(&[("noise b", 0.5)]),
        strengths: named(&[("drive a", 1.1)]),
        input: None,
        params: BTreeMap::from([("a".to_owned(), params)]),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn going_on_with_the_same_network_changes_no_bit(
        n in 5usize..30, seed: u64, rules in prop::array::uniform4(0usize..6), drawn in prop::array::uniform4(any::<bool>()), model in 0usize..5, cut in 1u64..300,
    ) {
        let network = random_network(n, seed, rules, drawn, model);
        for threads in [1, 2, 3] {
            let compile = || Arc::new(CompiledNetwork::in_shards(&network, None, None, threads).expect("a good network"));
            let net = compile();
            let mut recorder = traced(&net);
            let mut simulation = Simulation::new(net.clone(), threads);
            simulation.run(400, &mut recorder);
            let plain = (recorder, simulation.counts());
            let unchanged = Arc::new(net.with_live(&LiveScale::default()).expect("no change"));
            for other in [unchanged, compile()] {
                same_bits(&plain, &changed((&net, &other), (cut, 400 - cut), threads, EngineKind::Clock))?;
            }
        }
    }

    #[test]
    fn a_change_while_it_runs_is_that_of_the_reference(
        n in 5usize..30, seed: u64, rules in prop::array::uniform4(0usize..6), drawn in prop::array::uniform4(any::<bool>()), model in 0usize..5, cut in 1u64..300,
        factors in prop::array::uniform4(prop::sample::select(vec![0.0, 0.5, 1.0, 1.7])),
    ) {
        let network = random_network(n, seed, rules, drawn, model);
        let of = |threads: usize, engine: EngineKind| {
            let net = Arc::new(CompiledNetwork::in_shards(&network, None, None, threads).expect("a good network"));
            let after = Arc::new(net.with_live(&scale(factors, model)).expect("a good change"));
            changed((&net, &after), (cut, 400 - cut), threads, engine)
        };
        let (reference, clock) = (of(2, EngineKind::Reference), of(1, EngineKind::Clock));
        prop_assert_eq!(&reference.0.trains, &clock.0.trains);
        prop_assert_eq!(&reference.1, &clock.1);
        for (x, y) in reference.0.traces.iter().zip(&clock.0.traces) {
            prop_assert!(x.values.iter().zip(&y.values).all(|(x, y)| (x - y).abs() < 1e-9 * x.abs().max(1.0)));
        }
        for threads in [2, 3] {
            same_bits(&clock, &of(threads, EngineKind::Clock))?;
        }
    }

    /// The changed network is the one that the changed description compiles to.
    #[test]
    fn a_scaled_network_is_the_network_of_a_scaled_description(
        n in 5usize..30, seed: u64, rules in prop::array::uniform4(0usize..6), drawn in prop::array::uniform4(any::<bool>()), model in 0usize..5, factor in prop::sample::select(vec![0.0, 0.5, 2.0, 4.0]),
    ) {
        let network = random_network(n, seed, rules, drawn, model);
        let mut described = network.clone();
        for p in &mut described.projections {
            p.weight.0 = match &p.weight.0 {
                Values::One(w) => Values::One(w * factor),
                // Powers of two keep the grid that weights are drawn on.
                Values::Drawn(_) if factor > 0.0 => {
                    let (mean, sd) = (if p.from == "a" { 0.8 } else { -1.5 }, 0.3);
                    let unit = [1.0, 60.0, 60.0, 8.0, 60.0][model];
                    let [mean, sd, most] = [mean, sd, 10.0].map(|x| x * unit * factor);
                    Values::Drawn(Distribution::normal(mean, sd).within(-most, most))
                }
                _ => Values::One(0.0),
            };
        }
        if let Drive::Poisson { rate_hz, .. } = &mut described.stimuli[0].drive {
            *rate_hz *= 2.0;
        }
        described.populations[0].params.insert("v_th".into(), Values::One(-58.0));
        let change = LiveScale {
            weights: named(&[("aa", factor), ("ab", factor), ("ba", factor), ("bb", factor)]),
            rates: named(&[("drive a", 2.0)]),
            params: BTreeMap::from([("a".to_owned(), named(&[("v_th", ParamChange::Set(-58.0))]))]),
            ..LiveScale::default()
        };
        let net = CompiledNetwork::in_shards(&network, None, None, 2).expect("a good network");
        let live = Arc::new(net.with_live(&change).expect("a good change"));
        let anew = Arc::new(CompiledNetwork::in_shards(&described, None, None, 2).expect("a good network"));
        let run = |net: &Arc<CompiledNetwork>| {
            let (mut recorder, mut simulation) = (traced(net), Simulation::new(net.clone(), 2));
            simulation.run(300, &mut recorder);
            (recorder, simulation.counts())
        };
        let (live, anew) = (run(&live), run(&anew));
        prop_assert_eq!(&live.0.trains, &anew.0.trains);
        prop_assert_eq!(&live.1, &anew.1);
    }

    #[test]
    fn a_kicked_neuron_spikes_in_the_next_tick(
        n in 5usize..20, seed: u64, model in 0usize..5, kicks in prop::collection::vec((0usize..2, 0u32..5, 1u64..40), 1..8),
    ) {
        // Without a drive nothing else excites or inhibits.
        let mut network = random_network(n, seed, [1; 4], [false; 4], model);
        network.stimuli.retain(|s| s.name == "noise a");
        network.projections.clear();
        let of = |threads: usize, engine: EngineKind| {
            let net = Arc::new(CompiledNetwork::in_shards(&network, None, None, threads).expect("a good network"));
            let (mut recorder, mut simulation) = (traced(&net), Simulation::with_engine(net, threads, engine));
            let mut told = Vec::new();
            for &(population, neuron, ticks) in &kicks {
                simulation.run(ticks, &mut recorder);
                let kicked = simulation.kick(population, neuron);
                let tick = simulation.tick();
                simulation.run(1, &mut recorder);
                let train = &recorder.trains[population];
                let spiked = train.ticks.iter().zip(&train.ids).any(|(t, id)| (*t, *id) == (tick + 1, neuron));
                match &kicked {
                    Ok(by) => assert!(spiked && *by >= 0.0, "{by}"),
                    Err(why) => assert!(!spiked && why.to_string().contains("refractory"), "{why}"),
                }
                told.push(kicked.ok());
            }
            (recorder, simulation.counts(), told)
        };
        let (one, reference) = (of(1, EngineKind::Clock), of(1, EngineKind::Reference));
        prop_assert_eq!(&one.0.trains, &reference.0.trains);
        prop_assert_eq!((&one.1, &one.2), (&reference.1, &reference.2));
        for threads in [2, 3] {
            let other = of(threads, EngineKind::Clock);
            prop_assert_eq!(&one.2, &other.2);
            same_bits(&(one.0.clone(), one.1.clone()), &(other.0, other.1))?;
        }
    }
}

#[test]
fn inputs_that_were_set_stay_and_layers_go_on() {
    for semantics in ["nir", "snntorch", "norse", "spyx"] {
        let mut network = layered_network(5);
        network.semantics = semantics_by_name(semantics).expect("built in");
        network.stimuli.push(current("out", &[(0.0, 0.1), (20.0, 0.3)]));
        let net = Arc::new(CompiledNetwork::new(&network, None, None).expect("a good network"));
        let change = LiveScale {
            weights: named(&[("in-hidden", 1.5), ("hidden-hidden", 0.25), ("hidden-out", 0.0)]),
            rates: named(&[("current into out", 2.0)]),
            params: BTreeMap::from([
                ("hidden".to_owned(), named(&[("v_th", ParamChange::Times(0.7)), ("tau_m", ParamChange::Set(12.0))])),
                ("out".to_owned(), named(&[("tau_m", ParamChange::Times(2.0))])),
            ]),
            ..LiveScale::default()
        };
        let after = Arc::new(net.with_live(&change).expect("a good change"));
        let spikes = |t: u32| (0..6u32).filter(|c| (t * 7 + c * 5).is_multiple_of(3)).collect();
        let train = Arc::new(InputTrain::Spikes((0..60).map(spikes).collect()));
        let of = |engine: EngineKind| {
            let (mut recorder, mut simulation) = (traced(&net), Simulation::with_engine(net.clone(), 1, engine));
            simulation.set_input(0, train.clone());
            simulation.run(25, &mut recorder);
            let _ = simulation.kick(0, 3).expect("an input neuron spikes when it is told to");
            simulation.run(1, &mut recorder);
            assert!(recorder.trains[0].ticks.iter().zip(&recorder.trains[0].ids).any(|one| one == (&26, &3)));
            simulation.adopt(after.clone()).expect("the same shape");
            simulation.run(34, &mut recorder);
            (recorder, simulation.counts())
        };
        let (clock, reference) = (of(EngineKind::Clock), of(EngineKind::Reference));
        assert_eq!(clock.0.trains, reference.0.trains, "{semantics}");
        assert_eq!(clock.1, reference.1, "{semantics}");
        // The train goes on to its end, and the layer that hears it too.
        assert!(clock.0.trains[0].ticks.iter().max() >= Some(&59));
        assert!(clock.0.trains[1].ticks.iter().any(|t| *t > 30), "{semantics}");
        for (x, y) in clock.0.traces.iter().zip(&reference.0.traces) {
            assert!(x.values.iter().zip(&y.values).all(|(x, y)| (x - y).abs() < 1e-9 * x.abs().max(1.0)), "{semantics}");
        }
    }
}

/// Half the input is half the weights that it goes through, from the tick on in which it is halved.
#[test]
fn samples_times_a_factor_are_weights_times_it() {
    use spikewatt::dataset::encode::{Encoding, encode_scaled};
    use spikewatt::dataset::{Dataset, Samples, Values as Stored};
    let net = Arc::new(CompiledNetwork::new(&layered_network(5), None, None).expect("a good network"));
    let dataset = Dataset::new("a", 6, Samples::Values(Stored::new(vec![0.5, 0.0, 1.0, 0.25, 3.0, 0.125])));
    let run = |change: LiveScale, from: u64| {
        let after = Arc::new(net.with_live(&change).expect("a good change"));
        let train = |net: &CompiledNetwork| {
            encode_scaled(&dataset, 0, Encoding::Direct, 60, 1.0, 1, net.input_factor).expect("a good sample")
        };
        let (mut recorder, mut simulation) = (traced(&net), Simulation::new(net.clone(), 1));
        simulation.set_input(0, Arc::new(train(&net)));
        simulation.run(from, &mut recorder);
        simulation.adopt(after.clone()).expect("the same shape");
        simulation.set_input(0, Arc::new(train(&after).after(from)));
        simulation.run(60 - from, &mut recorder);
        recorder
    };
    for factor in [0.0, 0.5, 2.0] {
        for from in [0, 25] {
            let input = run(LiveScale { input: Some(factor), ..LiveScale::default() }, from);
            let weights = run(LiveScale { weights: named(&[("in-hidden", factor)]), ..LiveScale::default() }, from);
            assert_eq!(input.trains, weights.trains, "{factor}, {from}");
            for (x, y) in input.traces.iter().zip(&weights.traces) {
                assert!(x.values.iter().zip(&y.values).all(|(x, y)| (x - y).abs() < 1e-9 * x.abs().max(1.0)), "{factor}, {from}");
            }
        }
    }
    let refused = |net: &CompiledNetwork, factor: f64| {
        net.with_live(&LiveScale { input: Some(factor), ..LiveScale::default() }).expect_err("refused").to_string()
    };
    assert!(refused(&net, -1.0).contains("zero or above"));
    let without = random_network(5, 1, [0; 4], [false; 4], 0);
    let without = CompiledNetwork::new(&without, None, None).expect("a good network");
    assert!(refused(&without, 2.0).contains("takes no samples"));
}

#[test]
fn what_has_another_shape_is_refused_and_nothing_changes() {
    let network = random_network(12, 3, [2, 3, 2, 0], [true, false, true, false], 0);
    let net = Arc::new(CompiledNetwork::new(&network, None, None).expect("a good network"));
    let mut simulation = Simulation::new(net.clone(), 1);
    simulation.run(50, &mut traced(&net));
    let complaint = |network: &Network, simulation: &mut Simulation| {
        let other = Arc::new(CompiledNetwork::new(network, None, None).expect("a good network"));
        let told = simulation.adopt(other).expect_err("another shape").to_string();
        assert!(Arc::ptr_eq(simulation.network(), &net));
        told
    };
    let mut other = network.clone();
    other.seed = 4;
    assert!(complaint(&other, &mut simulation).contains("connections and delays"));
    let mut other = network.clone();
    (other.populations[0].size, other.populations[0].shape) = (13, vec![13]);
    assert!(complaint(&other, &mut simulation).contains("population.a: its name and size"));
    let mut other = network.clone();
    other.populations[1].model = model_by_name("intfire1").expect("built in");
    other.populations[1].params.clear();
    other.populations[1].init.clear();
    other.stimuli.retain(|s| s.to.population == "a");
    for p in &mut other.projections {
        p.weight = Weight(Values::One(0.1));
    }
    assert!(complaint(&other, &mut simulation).contains("population.b.model"));
    let wrong = LiveScale {
        weights: named(&[("zz", 1.0), ("aa", -1.0)]),
        rates: named(&[("drive a", f64::NAN), ("drive b", 1e9)]),
        params: BTreeMap::from([("a".to_owned(), named(&[("tau_m", ParamChange::Set(0.0)), ("x", ParamChange::Set(0.0))]))]),
        ..LiveScale::default()
    };
    let told = net.with_live(&wrong).expect_err("nothing of it is good");
    assert_eq!(told.iter().count(), 6, "{told}");
    let above = BTreeMap::from([("a".to_owned(), named(&[("v_th", ParamChange::Set(-80.0))]))]);
    let told = net.with_live(&LiveScale { params: above, ..LiveScale::default() }).expect_err("below the reset");
    assert!(told.to_string().contains("must be below `v_th`"), "{told}");
    // Neurons that are touched on demand keep no state from tick to tick that could be taken over.
    let mut event = Simulation::with_engine(net.clone(), 1, EngineKind::Event);
    let same = Arc::new(net.with_live(&LiveScale::default()).expect("no change"));
    assert!(event.adopt(same).expect_err("not stepped").to_string().contains("clock"));
    assert!(event.kick(0, 0).expect_err("not stepped").to_string().contains("clock"));
    assert!(simulation.kick(0, 99).is_err() && simulation.kick(7, 0).is_err());
}
