//! The examples of the format.

use super::{data, ok, open, run};
use spikewatt::compile::CompiledNetwork;
use spikewatt::engine::{ExactSimulation, Simulation};
use spikewatt::format::sonata::{read_report, read_spikes};
use spikewatt::record::MemoryRecorder;
use std::sync::Arc;

fn by_time_and_id(mut spikes: Vec<(f64, u32)>) -> Vec<(f64, u32)> {
    spikes.sort_by(|a, b| (a.1, a.0).partial_cmp(&(b.1, b.0)).unwrap());
    spikes
}

/// What NEURON found.
fn reference() -> Vec<(f64, u32)> {
    let all = read_spikes(data("300_intfire/output/spikes.h5")).unwrap();
    assert_eq!((all.len(), all[0].population.as_deref()), (1, Some("v1")));
    by_time_and_id(all[0].times_ms.iter().copied().zip(all[0].node_ids.iter().map(|id| *id as u32)).collect())
}

/// The farthest that a spike is off, ms, where there are as many of the same neurons.
fn farthest(ours: &[(f64, u32)], theirs: &[(f64, u32)]) -> f64 {
    assert_eq!(ours.len(), theirs.len());
    assert!(ours.iter().zip(theirs).all(|(a, b)| a.1 == b.1), "the same neurons");
    ours.iter().zip(theirs).map(|(a, b)| (a.0 - b.0).abs()).fold(0.0, f64::max)
}

#[test]
fn the_intfire_network_gives_neurons_spikes() {
    let theirs = reference();
    assert_eq!(theirs.len(), 4322);
    for name in ["config.json", "simulation_config.json"] {
        let network = open(&data("300_intfire").join(name), None);
        assert_eq!((network.dt_ms, network.duration_ms, network.name.as_str()), (None, Some(3000.0), "300_intfire"));
        let ours = by_time_and_id(run(&network, "v1", 1));
        assert!(farthest(&ours, &theirs) < 1e-9, "{name}: {}", farthest(&ours, &theirs));
    }
}

#[test]
fn the_intfire_network_gives_the_same_bits_on_any_number_of_threads() {
    let network = open(&data("300_intfire/config.json"), None);
    let net = Arc::new(CompiledNetwork::new(&network, None, None).unwrap());
    let run = |slices| {
        let mut recorder = MemoryRecorder::all_spikes(&net);
        let mut simulation = ExactSimulation::in_slices(net.clone(), slices);
        simulation.run(net.ticks(3000.0), &mut recorder);
        (recorder.trains, simulation.counts())
    };
    let (one, counts) = run(1);
    assert_eq!(one[0].ids.len(), 4322);
    assert!((one, counts) == run(2), "two threads");
}

/// All of its times are whole microseconds, so a grid of microseconds rounds nothing.
#[test]
fn the_intfire_network_gives_neurons_spikes_on_a_fine_grid_too() {
    let mut network = open(&data("300_intfire/config.json"), Some(0.001));
    network.duration_ms = Some(1200.0);
    let theirs: Vec<_> = reference().into_iter().filter(|spike| spike.0 <= 1200.0).collect();
    assert!(theirs.len() > 500, "{}", theirs.len());
    let net = Arc::new(CompiledNetwork::new(&network, None, None).unwrap());
    let mut recorder = MemoryRecorder::all_spikes(&net);
    Simulation::with_engine(net.clone(), 1, spikewatt::engine::EngineKind::Event).run(net.ticks(1200.0), &mut recorder);
    let train = &recorder.trains[network.population("v1").unwrap()];
    let ours = by_time_and_id(train.times().map(|tick| tick * 0.001).zip(train.ids.iter().copied()).collect());
    assert!(farthest(&ours, &theirs) < 1e-6, "{}", farthest(&ours, &theirs));
}

/// A membrane that is charged by a constant current, from where NEST's begins.
#[test]
fn a_current_clamp_charges_a_nest_neuron_as_the_closed_form_says() {
    let network = open(&data("sim_tests/intfire/one_cell_iclamp_nest/input/config.json"), None);
    assert_eq!((network.dt_ms, network.duration_ms), (Some(0.01), Some(1000.0)));
    let (tau, c_m, e_l, v_th, v_reset, t_ref) = (22.1, 117.0, -78.0, -47.0, -50.0, 3.0);
    let infinity: f64 = e_l + 190.0 * tau / c_m;
    let on_grid = |ms: f64| (ms / 0.01 - 1e-9).ceil() * 0.01;
    let at_onset = e_l + (-70.0 - e_l) * (-100.0f64 / tau).exp();
    let mut time = 100.0 + on_grid(tau * ((infinity - at_onset) / (infinity - v_th)).ln());
    let interval = t_ref + on_grid(tau * ((infinity - v_reset) / (infinity - v_th)).ln());
    let mut expected = Vec::new();
    while time <= 900.0 {
        expected.push(time);
        time += interval;
    }
    let ours = run(&network, "one_cell_iclamp", 1);
    assert!(expected.len() > 10);
    assert_eq!(ours.len(), expected.len());
    for ((ours, _), expected) in ours.iter().zip(&expected) {
        assert!((ours - expected).abs() < 1e-6, "{ours} and {expected}");
    }
}

/// Each event is five times what makes a cell fire, so that a cell fires at every one that it hears.
#[test]
fn ten_cells_fire_at_every_event_outside_refractoriness() {
    let folder = data("sim_tests/intfire/ten_cells_spikes_nrn/input");
    let network = open(&folder.join("config.json"), None);
    assert!(network.notes.iter().any(|note| note.contains("248 of 295 spikes")), "{:?}", network.notes);
    assert!(network.notes.iter().any(|note| note.contains("one nanosecond")), "{:?}", network.notes);
    let edges = hdf5::File::open(folder.join("network/pre_post_edges.h5")).unwrap();
    let ids = |name: &str| edges.dataset(&format!("edges/pre_to_post/{name}")).unwrap().read_raw::<u64>().unwrap();
    let (sources, targets) = (ids("source_node_id"), ids("target_node_id"));
    let input = read_spikes(folder.join("tw_spikes.h5")).unwrap().remove(0);
    let mut expected = Vec::new();
    for cell in 0..5u32 {
        let hears = |id: &u64| sources.iter().zip(&targets).any(|(source, target)| source == id && *target == u64::from(cell));
        let mut times: Vec<f64> =
            input.times_ms.iter().zip(&input.node_ids).filter(|(_, id)| hears(id)).map(|(time, _)| *time).collect();
        times.sort_by(f64::total_cmp);
        let mut last = f64::NEG_INFINITY;
        for time in times.into_iter().filter(|time| *time <= 3000.0) {
            if time >= last + 3.0 {
                expected.push((time, cell));
                last = time;
            }
        }
    }
    let ours = by_time_and_id(run(&network, "post", 1));
    assert!(expected.len() > 30, "{}", expected.len());
    // A delay of zero is a nanosecond.
    assert!(farthest(&ours, &expected) <= 1.1e-6, "{}", farthest(&ours, &expected));
}

#[test]
fn the_other_examples_of_nest_run() {
    let clamp = open(&data("sim_tests/intfire/ten_cells_iclamp_nest/input/config.json"), None);
    let spikes = run(&clamp, "ten_cells_iclamp", 2);
    let of = |cells: std::ops::Range<u32>| spikes.iter().filter(|spike| cells.contains(&spike.1)).count();
    // The clamped half charges to -78 + 190 · 44.9 / 239 = -42.3 mV, just above threshold; the other half hears it.
    assert!(of(0..5) >= 10 && of(0..5).is_multiple_of(5), "{}", of(0..5));
    let network = open(&data("sim_tests/intfire/ten_cells_spikes_nest/input/config.json"), None);
    assert_eq!(network.record.traces.len(), 1, "its report asks for membranes");
    assert!(network.record.traces[0].ids.is_empty(), "of all five, which are all there are");
    // 17 spikes of 25 pA do not make a cell fire.
    assert_eq!(run(&network, "post", 1), []);
}

#[test]
fn results_come_back_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.h5");
    let (config, out) = (data("300_intfire/config.json"), path.display().to_string());
    let (text, _) = ok(&[
        "run",
        config.to_str().unwrap(),
        "--out",
        &out,
        "--duration",
        "700ms",
        "--record",
        "spikes:v1,v:v1:3-5",
        "--dt",
        "0.1ms",
    ]);
    assert!(text.contains("300_intfire"));
    let spikes = read_spikes(&path).unwrap();
    assert_eq!(spikes[0].population.as_deref(), Some("v1"));
    assert_eq!(spikes[0].sorting, spikewatt::format::sonata::Sorting::by_time);
    let mut network = open(&config, Some(0.1));
    network.duration_ms = Some(700.0);
    let expected = run(&network, "v1", 1);
    assert!(expected.len() > 100);
    assert!(expected.iter().map(|spike| spike.0).eq(spikes[0].times_ms.iter().copied()));
    assert!(expected.iter().map(|spike| u64::from(spike.1)).eq(spikes[0].node_ids.iter().copied()));
    let report = read_report(&path).unwrap().remove(0);
    assert_eq!((report.population.as_str(), &report.node_ids[..], report.rows), ("v1", &[3, 4, 5][..], 7000));
    assert!((report.time_ms[0] - 0.1).abs() < 1e-12 && (report.time_ms[2] - 0.1).abs() < 1e-12);
    assert_eq!(report.columns_of(4), Some(1..2));
    assert!(report.column(1).all(|v| v <= 1.0) && report.column(1).any(|v| v > 0.0));
}
