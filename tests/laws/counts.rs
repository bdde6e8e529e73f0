//! What is counted, and where it arrives.

use super::*;

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
