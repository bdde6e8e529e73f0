//! Neurons of one model, beyond their closed forms.

use super::*;

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
