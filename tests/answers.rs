//! What a comparison answers: from how many spikes on, which layer takes what, what other tools would print.

use spikewatt::report::{AccountEntry, Report, Runs, Winner, from_json};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

fn compare(arguments: &[&str]) -> Output {
    let digits =
        ["compare", "networks/digits.nir", "--input", "datasets/digits.h5", "--dense", "networks/digits-mlp.onnx", "--json", "-"];
    Command::new(env!("CARGO_BIN_EXE_spikewatt"))
        .args(digits)
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .expect("the program starts")
}

/// The digits on the default devices, with every account.
static DIGITS: LazyLock<Report> = LazyLock::new(|| {
    let output = compare(&["--account", "keras-spiking,spiking-jelly"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    from_json(&String::from_utf8(output.stdout).expect("UTF-8")).expect("a report")
});

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * a.abs().max(b.abs())
}

#[test]
fn every_pair_that_is_like_for_like_has_its_curve() {
    let verdict = DIGITS.verdict.as_ref().expect("a verdict");
    let pairs: Vec<_> = verdict.curves.iter().map(|curve| (curve.spiking.as_str(), curve.dense.as_str())).collect();
    let same = ["asic-45nm-memory", "asic-7nm-memory", "asic-45nm-arith", "asic-7nm-arith"];
    assert_eq!(pairs[..4], same.map(|id| (id, id)), "what runs both comes first");
    // Every chip that holds the network against every dense device within the same boundary.
    for chip in ["loihi1-sanafe", "truenorth", "xylo-audio2"] {
        for dense in ["mcu-m4-l4r5", "mcu-m33-u575", "max78000"] {
            assert!(pairs.contains(&(chip, dense)), "{chip} against {dense}");
        }
        assert!(!pairs.contains(&(chip, "gpu-a100")), "a chip is no board");
    }
    assert!(!pairs.iter().any(|(spiking, _)| ["odin", "reckon"].contains(spiking)), "the network does not fit them");
    let measured = verdict.measured.expect("it was measured");
    for curve in &verdict.curves {
        assert!(near(curve.here.spikes_per_synapse, measured, 1e-9));
        assert!(curve.points.windows(2).all(|ends| ends[0].spikes_per_synapse < ends[1].spikes_per_synapse));
        // A synapse carries a spike a step at most: 17 steps.
        assert!(near(curve.points.last().expect("points").spikes_per_synapse, 17.0, 1e-9));
        let (low, high) = (curve.crossing.low.unwrap_or(f64::INFINITY), curve.crossing.high.unwrap_or(f64::INFINITY));
        let winner = if measured < low {
            Winner::Spiking
        } else if measured > high {
            Winner::Dense
        } else {
            Winner::Undecided
        };
        assert_eq!(curve.winner, winner, "{} against {}", curve.spiking, curve.dense);
    }
}

#[test]
fn the_verdict_s_interval_is_that_of_the_points() {
    let verdict = DIGITS.verdict.as_ref().expect("a verdict");
    let memory = verdict.curves.iter().filter(|curve| curve.boundary == "core");
    let ends = memory.fold((f64::INFINITY, 0.0_f64), |(low, high), curve| (low.min(curve.here.low), high.max(curve.here.high)));
    let said = format!("takes {:.2} to {:.2} times", ends.0, ends.1);
    assert!(verdict.reason.as_ref().is_some_and(|reason| reason.contains(&said)), "{said}: {:?}", verdict.reason);
}

#[test]
fn layers_add_up_to_their_device() {
    let mut told = 0;
    for entry in DIGITS.energy.iter().filter(|entry| !entry.layers.is_empty()) {
        let sum: f64 = entry.layers.iter().map(|layer| layer.nominal_j).sum();
        let whole = entry.energy_per_sample_j.expect("it is priced").nominal;
        assert!(near(sum, whole, 1e-8), "{}: {sum} and {whole}", entry.device);
        told += 1;
    }
    assert!(told > 10, "{told} devices");
    // 8269.5 of 9619.7 events lead to the hidden layer; of 45 nm arithmetic its share is that of events, updates and spikes.
    let loihi = DIGITS.energy.iter().find(|entry| entry.device == "loihi1-sanafe").expect("it is there");
    let of = |name: &str| loihi.layers.iter().find(|layer| layer.name == name).expect("it is there").nominal_j;
    let events = |n: f64| n / 360.0 * 35.5e-12;
    assert!(of("lif1") > events(2_977_024.0) && of("lif2") > events(486_050.0) && of("lif1") > 8.0 * of("lif2"));
    let whole = loihi.layers.iter().find(|layer| layer.no_layer).expect("static power is no layer's");
    assert!(near(whole.nominal_j, 96.3e-3 * 17e-3, 1e-9), "{}", whole.nominal_j);
}

fn account(tool: &str, runs: Runs) -> &'static AccountEntry {
    DIGITS.accounts.iter().find(|one| one.tool == tool && one.runs == runs).unwrap_or_else(|| panic!("{tool} is missing"))
}

/// The figures that tests/compat.rs and src/energy/compat/tests.rs work out by hand, as the command prints them.
#[test]
fn accounts_are_those_of_the_tools() {
    let nanojoules = [
        ("KerasSpiking ModelEnergy (loihi)", Runs::Spiking, 260.692_515 + 366.282),
        ("KerasSpiking ModelEnergy (spinnaker)", Runs::Spiking, 127_941.345 + 117_572.0),
        ("KerasSpiking ModelEnergy (spinnaker2)", Runs::Spiking, 4328.8425 + 9903.18),
        ("KerasSpiking ModelEnergy (cpu)", Runs::Dense, 165_206.0),
        ("KerasSpiking ModelEnergy (gpu)", Runs::Dense, 5763.0),
        ("KerasSpiking ModelEnergy (arm)", Runs::Dense, 17_289.0),
        ("SpikingJelly operations (fp32)", Runs::Spiking, 8.657_685),
        ("SpikingJelly operations (fp32)", Runs::Dense, 87.142_4),
    ];
    for (tool, runs, by_hand) in nanojoules {
        let found = account(tool, runs);
        assert!(near(found.energy_per_sample_j * 1e9, by_hand, 1e-9), "{tool}: {}", found.energy_per_sample_j);
    }
    let lemaire = account("SpikingJelly memory (Lemaire)", Runs::Spiking);
    assert!(near(lemaire.energy_per_sample_j * 1e9, 242.399_2, 1e-4));
    for found in &DIGITS.accounts {
        let beside = found.beside.as_ref().unwrap_or_else(|| panic!("{} has ours beside it", found.tool));
        let sum: f64 = beside.differences.iter().map(|one| one.difference_j).sum();
        let difference = beside.energy_per_sample_j - found.energy_per_sample_j;
        assert!((sum - difference).abs() <= 1e-12 * beside.energy_per_sample_j.max(found.energy_per_sample_j), "{}", found.tool);
        assert!(beside.differences.iter().all(|one| !one.why.is_empty()), "{}", found.tool);
    }
    // Our figures for the same prototype rest on the same constants.
    let same = account("KerasSpiking ModelEnergy (spinnaker2)", Runs::Spiking).beside.as_ref().expect("ours");
    assert_eq!(same.device, "spinnaker2-santos28", "priced for the account, though not among the devices");
    assert!(same.differences.iter().all(|one| one.why == "the same count at the same constant"), "{same:?}");
}

#[test]
fn a_tool_that_is_not_known_is_refused() {
    let output = compare(&["--account", "keras"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(said.contains("keras-spiking") && said.contains("spiking-jelly"), "{said}");
}
