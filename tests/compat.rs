//! The figures of KerasSpiking and SpikingJelly for the digits networks as they run here, with those tools' own constants.

use spikewatt::dataset::Dataset;
use spikewatt::energy::compat::keras_spiking::{DEVICES, keras_spiking};
use spikewatt::energy::compat::spiking_jelly::{PRESETS, compute, lemaire};
use spikewatt::format::{OpenOptions, open_network};
use spikewatt::study::{Plan, Quiet, Settings, layers, run};
use std::path::Path;

#[test]
fn the_digits_cost_what_the_peers_say_they_cost() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let digits = Dataset::open(root.join("datasets/digits.h5")).unwrap_or_else(|wrong| panic!("{wrong}"));
    let options = OpenOptions::default();
    let network = open_network(&root.join("networks/digits.nir"), &options).unwrap_or_else(|wrong| panic!("{wrong}"));
    let plan = Plan::new(&network, Some(&digits), &Settings::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
    let outcome = run(&network, Some(&digits), &plan, &Quiet).unwrap_or_else(|wrong| panic!("{wrong}"));
    let layers = layers(&outcome);
    let shapes: Vec<_> = layers.iter().map(|layer| (layer.inputs, layer.neurons, layer.connections, layer.bias)).collect();
    assert_eq!(shapes, [(64, 256, 16_384, true), (256, 10, 2560, true)]);

    let nanojoules = |joules: f64| joules * 1e9;
    let near = |found: f64, by_hand: f64| assert!((found / by_hand - 1.0).abs() < 1e-9, "{found} nJ, by hand {by_hand}");
    // Worked out by hand in src/energy/compat/tests.rs from 3,463,074 synaptic events and 360 samples of 17 steps.
    let loihi = DEVICES.iter().find(|device| device.name == "loihi").expect("it has it");
    near(nanojoules(keras_spiking(&layers, plan.ticks, loihi).energy_per_sample_j.0), 260.692_515 + 366.282);
    let cpu = DEVICES.iter().find(|device| device.name == "cpu").expect("it has it");
    near(nanojoules(keras_spiking(&layers, plan.ticks, cpu).energy_per_sample_j.0), 165_206.0);
    near(nanojoules(compute(&layers, &PRESETS[0]).energy_per_sample_j.0), 8.657_685);
    let memory = nanojoules(lemaire(&layers, plan.ticks).energy_per_sample_j.0);
    assert!((memory / 242.399_2 - 1.0).abs() < 1e-4, "{memory}");
}
