//! What drives a network from outside.

use super::*;

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
