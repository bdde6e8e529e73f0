//! Loihi's integer neuron against Lava's fixed-point simulator and the chip itself: the traces of the NIR paper, every step of them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use spikewatt::compile::CompiledNetwork;
use spikewatt::engine::Simulation;
use spikewatt::format::{OpenOptions, open_network, toml};
use spikewatt::network::quantise::{Precision, WeightRule, quantise};
use spikewatt::network::{Network, Record, TraceRequest};
use spikewatt::neuron::{Values, semantics_by_name};
use spikewatt::record::{MemoryRecorder, Selection};
use spikewatt::spike::InputTrain;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// Input, membrane and spikes of a platform, row by row.
fn trace(platform: &str) -> Vec<[f64; 3]> {
    let file = hdf5::File::open(data("nir/outputs/paper_lif.h5")).unwrap();
    let rows = file.dataset(platform).unwrap().read_raw::<f64>().unwrap();
    rows.chunks(3).map(|row| [row[0], row[1], row[2]]).collect()
}

/// The rows in which the paper's neuron gets a spike.
fn input() -> Vec<usize> {
    let rows = trace("norse");
    (0..rows.len()).filter(|row| rows[*row][0] != 0.0).collect()
}

/// Membrane at the end of each tick from 0 on, and ticks of spikes, of a population.
fn run(network: &Network, population: &str, ticks: u64) -> (Vec<f64>, Vec<u64>) {
    let net = Arc::new(CompiledNetwork::new(network, None, None).unwrap_or_else(|wrong| panic!("{wrong}")));
    let record = Record {
        spikes: vec![population.into()],
        traces: vec![TraceRequest { population: population.into(), variable: "v".into(), ids: Vec::new(), every_ms: None }],
    };
    let mut recorder = MemoryRecorder::of(&net, &Selection::new(&net, &record).unwrap());
    let mut simulation = Simulation::new(net.clone(), 1);
    if let Some(population) = net.input {
        let mut train = vec![Vec::new(); ticks as usize];
        input().into_iter().for_each(|row| train[row] = vec![0]);
        simulation.set_input(population, Arc::new(InputTrain::Spikes(train)));
    }
    simulation.run(ticks, &mut recorder);
    // The state before the first tick is no sample.
    let v = std::iter::once(0.0).chain(recorder.traces[0].values.iter().copied()).collect();
    (v, recorder.trains[0].ticks.clone())
}

/// As NIR's importer for Lava makes it of the paper's neuron (`paper/nir_to_lava.py`): τ = 2.5 ms in steps of 0.1 ms loses ⌊0.04 · 4095⌋ parts, the weight of 0.04
/// is ⌊0.04 · 256⌋, the threshold of 0.1 is ⌊0.1 · 131071⌋ >> 9, and the current lasts one step.
fn as_imported() -> Network {
    let times: Vec<String> = input().iter().map(|row| format!("\"{} us\"", row * 100)).collect();
    let text = format!(
        r#"
name = "paper-lif"
dt = "0.1 ms"
duration = "100 ms"
units = "none"

[[population]]
name = "lif"
size = 1
model = "loihi_lif"
params = {{ decay_u = 4096, decay_v = 163, v_th = 25 }}

[[stimulus]]
name = "train"
kind = "spikes"
times = [{}]
to = "lif"
weight = 10
delay = "0.1 ms"
"#,
        times.join(", ")
    );
    toml::parse(&text, Path::new("paper.toml"), Path::new("")).unwrap_or_else(|wrong| panic!("{wrong}"))
}

#[test]
fn the_integer_neuron_is_lava_s_in_every_step() {
    let lava = trace("lava_cpu_fixed");
    let (v, spikes) = run(&as_imported(), "lif", lava.len() as u64 - 1);
    assert_eq!(v.len(), lava.len());
    for (tick, (ours, row)) in v.iter().zip(&lava).enumerate() {
        assert_eq!(*ours, row[1], "voltage in step {tick}");
    }
    let theirs: Vec<u64> = (0..lava.len()).filter(|row| lava[*row][2] != 0.0).map(|row| row as u64).collect();
    assert_eq!(spikes, theirs);
    assert_eq!(spikes, [461, 511, 711, 761]);
}

/// The chip's own trace is the same but in the steps of its spikes, where the register of the voltage does not hold a voltage: it reads
/// 128, the refractory tick that is left. The voltage is zero.
#[test]
fn the_integer_neuron_is_the_chip_s_in_every_step() {
    let chip = trace("lava_loihi_fixed");
    let (v, spikes) = run(&as_imported(), "lif", chip.len() as u64 - 1);
    let other: Vec<u64> = (0..chip.len()).filter(|step| v[*step] != chip[*step][1]).map(|step| step as u64).collect();
    assert_eq!(other, spikes, "steps in which the voltages differ");
    assert!(spikes.iter().all(|step| chip[*step as usize][1] == 128.0 && v[*step as usize] == 0.0));
    assert_eq!(spikes, (0..chip.len() as u64).filter(|step| chip[*step as usize][2] != 0.0).collect::<Vec<_>>());
}

/// The file itself, by our own rule from networks to the chip's integers, which takes more of the registers than the importer did: the same
/// spikes as the chip's, and a voltage that is nearer to that of the neuron in floating point than the importer's.
#[test]
fn the_paper_s_file_spikes_on_the_chip_as_it_did() {
    let options = OpenOptions { semantics: semantics_by_name("norse"), dt_ms: Some(0.1), ..OpenOptions::default() };
    let network = open_network(&data("nir/paper_lif_norse.nir"), &options).unwrap_or_else(|wrong| panic!("{wrong}"));
    let lif = network.populations.iter().position(|p| p.model.spec().name == "lif").unwrap();
    let made = quantise(&network, &Precision { weights: WeightRule::Loihi, state_bits: None }, 0.1);
    let on_chip = &made.network.populations[lif];
    assert_eq!(on_chip.model.spec().name, "loihi_lif", "{:?}", made.notes);
    assert_eq!(on_chip.params["decay_v"], Values::One(164.0), "0.04 of 4096, rounded and not cut");
    let Values::One(threshold) = on_chip.params["v_th"] else { panic!("one neuron") };
    let name = &network.populations[lif].name;
    let [(float, float_spikes), (chip, chip_spikes)] = [&network, &made.network].map(|network| run(network, name, 999));
    assert_eq!(chip_spikes, [461, 511, 711, 761]);
    assert_eq!(float_spikes, chip_spikes);
    let furthest = |v: &[f64], one: f64| v.iter().zip(&float).map(|(a, b)| (a / one - b).abs()).fold(0.0, f64::max);
    let (ours, theirs) = (
        furthest(&chip, threshold * 640.0),
        furthest(&trace("lava_cpu_fixed").iter().map(|row| row[1]).collect::<Vec<_>>(), 16_000.0),
    );
    assert!(ours < 1e-4 && theirs > 3.0 * ours, "of a threshold of 0.1: ours {ours:.1e}, the importer's {theirs:.1e}");
}
