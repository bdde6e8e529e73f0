//! The peers' figures for `networks/digits.nir` on its 360 test images, worked out by hand from the counts of the run.

use super::keras_spiking::{DEVICES, keras_spiking};
use super::spiking_jelly::{PRESETS, compute, lemaire};
use super::*;
use crate::counts::{SpikingWork, TotalCounts};
use crate::energy::{Work, device, estimate};

const SAMPLES: f64 = 360.0;
const STEPS: u64 = 17;

/// 64 inputs, 256 and 10 neurons, fully connected with biases; counts of the run with latency code (`tests/compat.rs` runs it).
fn digits() -> Vec<Layer> {
    let layer = |name: &str, inputs: u64, neurons: u64, spikes_in: f64, spikes_out: f64| Layer {
        name: name.into(),
        inputs,
        neurons,
        connections: inputs * neurons,
        bias: true,
        spikes_in: spikes_in / SAMPLES,
        spikes_out: spikes_out / SAMPLES,
        synaptic_events: spikes_in * neurons as f64 / SAMPLES,
        macs: 0.0,
        mean_input: 0.0,
    };
    vec![layer("fc1", 64, 256, 11_629.0, 48_605.0), layer("fc2", 256, 10, 48_605.0, 8786.0)]
}

/// The same run as our prices read it.
fn work() -> SpikingWork {
    let mut work = crate::energy::testing::work();
    work.counts = TotalCounts { spikes: 69_020, synaptic_events: 3_463_074, ..TotalCounts::default() };
    (work.samples, work.ticks_per_sample, work.dt_s) = (360, STEPS, 1e-4);
    (work.neurons, work.synapses, work.max_fan_in) = (266, 18_944, 256);
    (work.neuron_updates_clocked, work.neuron_updates_driven, work.neuron_spikes) = (1_627_920, 1_272_400, 57_391);
    (work.weight_bits, work.weight_bytes, work.state_bytes) = (32, 76_840, 1064);
    work
}

fn nanojoules(account: &Account) -> f64 {
    account.energy_per_sample_j.0 * 1e9
}

#[test]
fn keras_spiking_by_hand() {
    let on = |name: &str, steps| {
        let device = DEVICES.iter().find(|one| one.name == name).expect("it has it");
        nanojoules(&keras_spiking(&digits(), steps, device))
    };
    let near = |found: f64, by_hand: f64| assert!((found / by_hand - 1.0).abs() < 1e-9, "{found} nJ, by hand {by_hand}");
    // 3,463,074 events / 360 = 9619.65 · 27.1 pJ = 260.692515 nJ; 266 · 17 = 4522 · 81 pJ = 366.282 nJ.
    near(on("loihi", STEPS), 260.692_515 + 366.282);
    // Spikes stay those of the whole run; with the default of one step only the updates of one step are charged.
    near(on("loihi", 1), 260.692_515 + 266.0 * 0.081);
    // 9619.65 · 13.3 nJ and 4522 · 26 nJ.
    near(on("spinnaker", STEPS), 127_941.345 + 117_572.0);
    near(on("spinnaker2", STEPS), 4328.8425 + 9903.18);
    // One dense pass: (18,944 + 266) · 8.6 nJ, whatever the steps.
    near(on("cpu", STEPS), 165_206.0);
    near(on("gpu", STEPS), 5763.0);
    near(on("arm", 1), 17_289.0);
}

#[test]
fn values_are_read_as_hertz() {
    let mut layers = digits();
    (layers[0].spikes_in, layers[0].mean_input) = (0.0, 0.5);
    let loihi = DEVICES.iter().find(|one| one.name == "loihi").expect("it has it");
    let account = keras_spiking(&layers, STEPS, loihi);
    // 16,384 connections · 0.5 Hz · 1 ms · 17 steps = 139.264 operations where 139,264 were run.
    let fc2 = 2560.0 * 48_605.0 / SAMPLES / 256.0;
    assert!((account.terms[0].count - (139.264 + fc2)).abs() < 1e-6, "{}", account.terms[0].count);
    assert!(account.notes.iter().any(|note| note.contains("hertz")));
}

#[test]
fn spiking_jelly_by_hand() {
    // 9619.65 accumulates at 0.9, 0.4 and 0.03 pJ.
    for (preset, by_hand) in PRESETS.iter().zip([8.657_685, 3.847_86, 0.288_589_5]) {
        let found = nanojoules(&compute(&digits(), preset));
        assert!((found / by_hand - 1.0).abs() < 1e-9, "{}: {found} nJ", preset.name);
    }
    // The dense twin: 18,944 multiply-accumulates of 4.6 pJ.
    let mut dense = digits();
    for layer in &mut dense {
        (layer.synaptic_events, layer.macs) = (0.0, layer.connections as f64);
    }
    assert!((nanojoules(&compute(&dense, &PRESETS[0])) / 87.142_4 - 1.0).abs() < 1e-9);
}

#[test]
fn lemaire_by_hand() {
    let account = lemaire(&digits(), STEPS);
    // fc1: s = 32.302778, s·N = 8269.511111; fc2: s = 135.013889, s·N = 1350.138889; o = 135.013889 and 24.405556.
    let by_hand = [
        // 0.1 · (2·9619.65 + 266·17 + 159.419444).
        0.1 * (19_239.3 + 4522.0 + 159.419_444_4),
        // 65,536 + 1024 bytes of weights: 20 + 80·33,792/1,015,808 = 22.661290 pJ; 10,240 + 40 bytes: 10 + 10·2088/24,576 = 10.849609 pJ.
        (8_269.511_111_1 + 256.0) * 22.661_290_322_6 + (1_350.138_888_9 + 10.0) * 10.849_609_375,
        // 1024 bytes: 1.25 pJ; 40 bytes: 0.048828 pJ; two accesses; 256 and 10 biases at each of 17 steps.
        2.0 * (8_269.511_111_1 + 4352.0) * 1.25 + 2.0 * (1_350.138_888_9 + 170.0) * 0.048_828_125,
        // 256 bytes: 0.3125 pJ for inputs; 1024 bytes out and in again; 40 bytes out.
        32.302_777_8 * 0.3125 + 2.0 * 135.013_888_9 * 1.25 + 24.405_555_6 * 0.048_828_125,
    ];
    for (term, by_hand) in account.terms.iter().zip(by_hand) {
        let found = term.energy_j.0 * 1e12;
        assert!((found / by_hand - 1.0).abs() < 1e-7, "{}: {found} pJ, by hand {by_hand}", term.name);
    }
}

#[test]
fn differences_add_up_to_the_difference() {
    let work = work();
    let ours = |id: &str| estimate(device(id).expect("built in"), &Work { spiking: Some(&work), dense: None }).remove(0);
    let loihi = DEVICES.iter().find(|one| one.name == "loihi").expect("it has it");
    let accounts = [
        (keras_spiking(&digits(), STEPS, loihi), loihi.ours),
        (compute(&digits(), &PRESETS[0]), "asic-45nm-arith"),
        (compute(&digits(), &PRESETS[0]), "asic-45nm-memory"),
        (lemaire(&digits(), STEPS), "asic-45nm-memory"),
    ];
    for (account, id) in accounts {
        let comparison = account.beside(&ours(id)).expect("it is priced");
        let sum: f64 = comparison.differences.iter().map(|one| one.difference_j.0).sum();
        let difference = comparison.ours_j.0 - comparison.theirs_j.0;
        assert!((sum - difference).abs() <= 1e-12 * comparison.ours_j.0.abs(), "{id}: {sum} {difference}");
        assert!(comparison.differences.iter().all(|one| !one.why.is_empty()), "{comparison:?}");
    }
}

#[test]
fn the_idle_chip_is_what_keras_spiking_leaves_out() {
    let work = work();
    let ours = estimate(device("loihi1-sanafe").expect("built in"), &Work { spiking: Some(&work), dense: None }).remove(0);
    let loihi = DEVICES.iter().find(|one| one.name == "loihi").expect("it has it");
    let comparison = keras_spiking(&digits(), STEPS, loihi).beside(&ours).expect("it is priced");
    let of = |what: &str| comparison.differences.iter().find(|one| one.what == what).expect("it is there");
    assert!(of("static power").theirs_j.is_none());
    // 17 ticks of 1 ms at 96.3 mW are 1.64 mJ, against 0.627 µJ in all there.
    assert!((of("static power").difference_j.0 - 0.0963 * 0.017).abs() < 1e-12);
    // 9619.65 · 35.5 pJ less 260.69 nJ.
    assert!((of("synaptic operations").difference_j.0 * 1e9 - (341.497_575 - 260.692_515)).abs() < 1e-6);
}
