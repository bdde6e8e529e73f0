//! Networks that are shown samples.

use super::*;

/// Input, a hidden layer with recurrence, a leaky readout: dense weights, delivery within the tick, as trained networks have it.
pub(super) fn layered_network(seed: u64) -> Network {
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
