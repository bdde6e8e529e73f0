//! The rules of NEURON's IntFire1.

use spikewatt::compile::CompiledNetwork;
use spikewatt::engine::{EngineKind, Simulation};
use spikewatt::network::{Drive, Network, Population, Stimulus, Target};
use spikewatt::neuron::{Values, model_by_name};
use spikewatt::record::MemoryRecorder;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Spike times of one neuron of tau 10 ms and refrac 3 ms that gets these events (ms, weight), on a grid or in exact time.
fn spikes(events: &[(f64, f64)], dt_ms: Option<f64>, engine: EngineKind) -> Vec<f64> {
    let mut network = Network::new("test");
    network.dt_ms = dt_ms;
    network.populations.push(Population {
        name: "n".into(),
        size: 1,
        shape: vec![1],
        model: model_by_name("intfire1").unwrap(),
        params: BTreeMap::from([("tau_m".into(), Values::One(10.0)), ("t_ref".into(), Values::One(3.0))]),
        init: BTreeMap::new(),
    });
    for (at, &(time, weight)) in events.iter().enumerate() {
        network.stimuli.push(Stimulus {
            name: format!("s{at}"),
            to: Target { population: "n".into(), ids: vec![] },
            drive: Drive::Spikes { events: vec![(None, time)], weight, delay_ms: 0.0 },
        });
    }
    let net = Arc::new(CompiledNetwork::new(&network, None, None).unwrap());
    let mut recorder = MemoryRecorder::all_spikes(&net);
    Simulation::with_engine(net.clone(), 1, engine).run(net.ticks(50.0), &mut recorder);
    recorder.trains[0].times().map(|time| (time * net.dt_ms * 1e9).round() / 1e9).collect()
}

#[test]
fn it_fires_above_one_and_hears_again_at_the_end_of_refractoriness() {
    let grid = Some(0.5);
    let ways = [(None, EngineKind::Event), (grid, EngineKind::Clock), (grid, EngineKind::Event), (grid, EngineKind::Reference)];
    for (dt, engine) in ways {
        for (events, expected) in [
            (&[(1.0, 1.0)][..], &[][..]),
            (&[(1.0, 1f64.next_up())], &[1.0]),
            // Events of one moment are one sum.
            (&[(1.0, 0.6), (1.0, 0.6)], &[1.0]),
            (&[(1.0, 1.6), (1.0, -0.6)], &[]),
            // Dropped within 3 ms, heard at their end.
            (&[(1.0, 2.0), (3.5, 9.0), (4.0, 2.0)], &[1.0, 4.0]),
            (&[(1.0, 2.0), (3.5, 9.0), (4.5, 0.9)], &[1.0]),
            // The sum starts from 0 then: 0.7 e^(-0.2) = 0.573.
            (&[(1.0, 2.0), (4.0, 0.7), (6.0, 0.42)], &[1.0]),
            (&[(1.0, 2.0), (4.0, 0.7), (6.0, 0.43)], &[1.0, 6.0]),
        ] {
            assert_eq!(spikes(events, dt, engine), expected, "{engine:?} {dt:?}: {events:?}");
        }
    }
}
