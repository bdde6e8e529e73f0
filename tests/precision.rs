//! The digits network in the bits of chips, and its dense twin in other forms: what is left of the answers.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use spikewatt::dataset::Dataset;
use spikewatt::dense::{DenseRun, Form, prune, run as run_dense, variant};
use spikewatt::energy;
use spikewatt::format::{OpenOptions, open_dense, open_network};
use spikewatt::network::Network;
use spikewatt::network::quantise::{Precision, WeightRule, quantise};
use spikewatt::report::wilson;
use spikewatt::study::{Outcome, Plan, Quiet, Settings, dense_result, device_precision, run, run_as_held};
use std::path::Path;
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

struct Digits {
    network: Network,
    dataset: Dataset,
    plan: Plan,
}

impl Digits {
    fn new() -> Self {
        let network =
            open_network(&root().join("networks/digits.nir"), &OpenOptions::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
        let dataset = Dataset::open(root().join("datasets/digits.h5")).unwrap_or_else(|wrong| panic!("{wrong}"));
        let plan = Plan::new(&network, Some(&dataset), &Settings::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
        Self { network, dataset, plan }
    }

    fn outcome(&self, network: &Network) -> Outcome {
        run(network, Some(&self.dataset), &self.plan, &Quiet).unwrap_or_else(|wrong| panic!("{wrong}"))
    }

    /// Right answers by a rule.
    fn correct(&self, weights: WeightRule, state_bits: Option<u32>) -> u64 {
        let made = quantise(&self.network, &Precision { weights, state_bits }, self.plan.dt_ms);
        self.right(&self.outcome(&made.network))
    }

    fn right(&self, outcome: &Outcome) -> u64 {
        outcome.task.as_ref().unwrap().correct(&self.dataset, &self.plan.task.as_ref().unwrap().samples).unwrap()
    }
}

#[test]
fn fewer_bits_leave_fewer_answers() {
    let digits = Digits::new();
    let full = digits.right(&digits.outcome(&digits.network));
    let interval = wilson(full as f64 / 360.0, 360).unwrap();
    let of =
        [WeightRule::Scaled { levels: 127 }, WeightRule::Scaled { levels: 7 }, WeightRule::SignOrZero, WeightRule::SignAndMean];
    let correct = of.map(|rule| digits.correct(rule, None));
    // 8, 4, 2 and 1 bits: no more right answers than with more bits, but for what chance gives.
    const NOISE: u64 = 8;
    assert!(correct.windows(2).all(|pair| pair[1] <= pair[0] + NOISE), "{correct:?}");
    assert!(correct[3] + 100 < correct[0], "one bit is not enough here: {correct:?}");
    for weights in [WeightRule::Scaled { levels: 127 }, WeightRule::Loihi] {
        for state_bits in [None, Some(16)] {
            let share = digits.correct(weights, state_bits) as f64 / 360.0;
            assert!((interval.low..=interval.high).contains(&share), "{weights:?}, {state_bits:?}: {share}");
        }
    }
    // A state of few bits is no state: thresholds are a few steps and weights are many.
    assert!(
        digits.correct(WeightRule::Scaled { levels: 127 }, Some(16))
            > digits.correct(WeightRule::Scaled { levels: 127 }, Some(4))
    );
}

#[test]
fn chips_run_the_network_as_they_hold_it() {
    let digits = Digits::new();
    let ids = ["loihi1-sanafe", "xylo-audio2", "spinnaker1", "truenorth"];
    let devices: Vec<_> = ids
        .map(|id| {
            let device = energy::device(id).unwrap();
            (device, device_precision(device).unwrap_or_else(|wrong| panic!("{wrong}")))
        })
        .into();
    let results =
        run_as_held(&devices, &digits.network, &digits.dataset, &digits.plan, &Quiet).unwrap_or_else(|wrong| panic!("{wrong}"));
    let models =
        |at: usize| results[at].outcome.net.populations.iter().map(|p| p.model.spec().name.to_owned()).collect::<Vec<_>>();
    assert_eq!(models(0), ["input", "loihi_lif", "loihi_lif"]);
    assert_eq!(models(1), ["input", "lif", "lif"]);
    for result in &results {
        assert!(result.notes.is_empty(), "{}: {:?}", result.device.id, result.notes);
        assert_eq!(result.projections.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["fc1", "fc2"]);
    }
    // 16 bits of weights change nothing that can be seen.
    let answers = |outcome: &Outcome| outcome.task.clone().unwrap().predictions;
    assert_eq!(answers(&results[2].outcome), answers(&digits.outcome(&digits.network)));
    assert!(results[3].projections[0].rms > 10.0 * results[1].projections[0].rms);
    // Bits of state are those that the device's file states.
    assert_eq!(results.iter().map(|r| r.held.precision.state_bits).collect::<Vec<_>>(), [None, Some(16), None, None]);
}

#[test]
fn every_device_that_states_its_bits_has_a_rule() {
    let mut held = 0;
    for device in energy::devices() {
        match device_precision(device) {
            Ok(precision) => {
                held += 1;
                assert!(precision.words.len() > 10 && precision.weight_bits > 0, "{}", device.id);
                // The rule has no more values than the bits tell, but for the signs that chips keep elsewhere.
                let (most, bits) = (1u64 << precision.weight_bits, precision.weight_bits);
                match precision.precision.weights {
                    WeightRule::Scaled { levels } => assert!(u64::from(levels) < most, "{}: {bits}", device.id),
                    WeightRule::PowerOfTwo { levels } => assert!(u64::from(levels) < most, "{}: {bits}", device.id),
                    WeightRule::SignAndMean => assert_eq!(bits, 1, "{}", device.id),
                    WeightRule::SignOrZero => assert_eq!(bits, 2, "{}", device.id),
                    WeightRule::FewValues { values, .. } => {
                        let stated = device.limit(energy::Limit::WeightValuesPerNeuron);
                        assert_eq!(Some(values as u64), stated, "{}", device.id);
                    }
                    WeightRule::Loihi => assert!(device.id.starts_with("loihi1") && bits == 9),
                }
            }
            Err(wrong) => {
                let text = wrong.to_string();
                assert!(text.contains("states no bits of a weight") || text.contains("runs no spiking networks"), "{text}");
            }
        }
    }
    assert!(held > 15, "{held}");
}

/// The digits' dense network, its samples, and what it does.
fn dense() -> (spikewatt::network::DenseNetwork, Vec<Vec<f64>>, DenseRun) {
    let digits = Digits::new();
    let network = open_dense(&root().join("networks/digits-mlp.onnx")).unwrap_or_else(|wrong| panic!("{wrong}"));
    let spikewatt::dataset::Samples::Values(values) = &digits.dataset.samples else { panic!("digits are values") };
    let chosen = &digits.plan.task.as_ref().unwrap().samples;
    let samples: Vec<Vec<f64>> = chosen.iter().map(|&s| values.slice(s * 64, 64)).collect();
    let run = run_dense(&network, &samples).unwrap_or_else(|wrong| panic!("{wrong}"));
    (network, samples, run)
}

#[test]
fn dense_forms_answer_as_they_should() {
    let (network, samples, exact) = dense();
    let of = |form| variant(&network, &exact, &samples, form).unwrap();
    let changed = |run: &DenseRun| run.predictions.iter().zip(&exact.predictions).filter(|(a, b)| a != b).count();
    assert_eq!(of(Form::Activations(16)).run.predictions, exact.predictions);
    assert_eq!(of(Form::Pruned(0.0)).run.logits, exact.logits);
    assert!(changed(&of(Form::Int8).run) <= 3);
    assert!(changed(&of(Form::Activations(5)).run) <= 5);
    let (one, half, most) = (of(Form::Activations(1)), of(Form::Pruned(0.5)), of(Form::Pruned(0.9)));
    assert!(changed(&one.run) > changed(&of(Form::Activations(5)).run));
    assert!(changed(&half.run) < changed(&most.run));
    // A tenth of the weights is left, and no more than a tenth of the work.
    let weights = 64 * 256 + 256 * 10;
    let kept =
        prune(&network, 0.9).layers.iter().flat_map(|l| l.weight.values().collect::<Vec<_>>()).filter(|w| *w != 0.0).count();
    assert_eq!(kept, weights - (0.9 * weights as f64).round() as usize);
    assert!(most.run.work.effective_macs * 8 < exact.work.effective_macs);
    assert!(most.run.work.weight_bytes * 6 < exact.work.weight_bytes && half.run.work.weight_bytes < exact.work.weight_bytes);
}

#[test]
fn variants_of_a_convolution_are_those_of_its_kernel() {
    let options = OpenOptions::default();
    let network =
        open_network(&root().join("tests/data/nir/paper/cnn_sinabs.nir"), &options).unwrap_or_else(|wrong| panic!("{wrong}"));
    let twin = spikewatt::dense::twin_of(&network).unwrap_or_else(|wrong| panic!("{wrong}"));
    let inputs = twin.layers[0].weight.inputs();
    let samples: Vec<Vec<f64>> =
        (0..3).map(|s| (0..inputs).map(|i| f64::from(u8::from((i * 7 + s) % 11 == 0))).collect()).collect();
    let exact = run_dense(&twin, &samples).unwrap();
    assert_eq!(variant(&twin, &exact, &samples, Form::Pruned(0.0)).unwrap().run.logits, exact.logits);
    let eight = variant(&twin, &exact, &samples, Form::Int8).unwrap();
    let size = exact.logits.iter().flatten().fold(0.0f32, |most, v| most.max(v.abs()));
    let worst =
        eight.run.logits.iter().flatten().zip(exact.logits.iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst < 0.1 * size, "{worst} of {size}");
    assert_eq!(eight.run.work.macs, exact.work.macs);
}

fn spikewatt(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_spikewatt")).args(arguments).current_dir(root()).output().unwrap()
}

const COMPARE: [&str; 6] =
    ["compare", "networks/digits.nir", "--input", "datasets/digits.h5", "--dense", "networks/digits-mlp.onnx"];

#[test]
fn the_command_tells_it_in_text_json_and_html() {
    let html = tempfile::NamedTempFile::with_suffix(".html").unwrap();
    let path = html.path().to_str().unwrap().to_owned();
    let more = ["--device-precision", "loihi1-sanafe,odin", "--prune", "0.5,0.9", "--samples", "40"];
    let text = spikewatt(&[&COMPARE[..], &more, &["--quiet", "--html", &path]].concat());
    assert!(text.status.success() && text.stdout.is_empty());
    let page = std::fs::read_to_string(&path).unwrap();
    assert!(page.contains("Precision") && page.contains("Dense variants") && page.contains("loihi1-sanafe"));
    let text = spikewatt(&[&COMPARE[..], &more].concat());
    let text = String::from_utf8(text.stdout).unwrap();
    for part in [
        "PRECISION of chips",
        "DENSE VARIANTS",
        "ENERGY OF DENSE VARIANTS",
        "At batch 64",
        "\nint8 ",
        "5-bit activations",
        "\npruned 0.9",
        "\nodin ",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let json = spikewatt(&[&COMPARE[..], &more, &["--json", "-"]].concat());
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let schema: serde_json::Value = serde_json::from_str(spikewatt::report::SCHEMA).unwrap();
    jsonschema::validate(&schema, &json).unwrap_or_else(|wrong| panic!("{wrong}"));
    let variants = json["dense"]["variants"].as_array().unwrap();
    assert_eq!(
        variants.iter().map(|v| v["name"].as_str().unwrap()).collect::<Vec<_>>(),
        ["fp32", "int8", "5-bit activations", "8-bit weights, 5-bit activations", "pruned 0.5", "pruned 0.9"]
    );
    assert_eq!(variants[0]["accuracy"], json["dense"]["accuracy"]);
    assert_eq!(variants[0]["effective_macs"], json["dense"]["effective_macs"]);
    assert_eq!(variants[1]["batches"][1]["batch"], 64);
    // Every form on every device that runs dense networks, at both batches, the same devices as in the energy at batch 1.
    let dense: Vec<_> = json["energy"].as_array().unwrap().iter().filter(|e| e["runs"] == "dense").collect();
    for variant in variants {
        let energy = variant["energy"].as_array().unwrap();
        assert_eq!(energy.len(), 2 * dense.len());
        for (priced, batch) in energy.iter().zip([1, 64].iter().cycle()) {
            assert_eq!(priced["batch"], *batch);
            assert!(priced["energy_per_sample_j"]["nominal"].as_f64().unwrap() > 0.0, "{priced}");
        }
    }
    let nominal = |priced: &serde_json::Value| priced["energy_per_sample_j"]["nominal"].as_f64().unwrap();
    let of = |variant: usize, device: &str, batch: u64| {
        let all = variants[variant]["energy"].as_array().unwrap();
        nominal(all.iter().find(|e| e["device"] == device && e["batch"] == batch).unwrap())
    };
    // Measured processors: as in the table of energies at batch 1; a batch shares the launch.
    let jetson = dense.iter().find(|e| e["device"] == "jetson-tx1").unwrap();
    assert_eq!(nominal(jetson), of(0, "jetson-tx1", 1));
    assert!(of(0, "jetson-tx1", 64) < of(0, "jetson-tx1", 1) / 30.0);
    // Fewer bits and fewer weights are worth something on a table, and nothing on a microcontroller without a figure of them.
    assert!(of(1, "asic-45nm-memory", 1) < of(0, "asic-45nm-memory", 1) / 2.0);
    assert!(of(5, "asic-45nm-memory", 1) < of(4, "asic-45nm-memory", 1));
    assert_eq!(of(5, "mcu-m4-l4r5", 1), of(0, "mcu-m4-l4r5", 1));
    assert_eq!(json["precision"].as_array().unwrap().len(), 2);
    // The counts of the network as the chip holds it are priced on the chip.
    for held in json["precision"].as_array().unwrap() {
        assert_eq!(held["energy"]["device"], held["device"]);
        let full = json["energy"].as_array().unwrap().iter().find(|e| e["device"] == held["device"]).unwrap();
        let ratio = nominal(&held["energy"]) / nominal(full);
        assert!(ratio > 0.5 && ratio < 2.0 && ratio != 1.0, "{ratio}");
    }
    assert!(json["verdict"]["reason"].as_str().unwrap().contains("at its best"), "{}", json["verdict"]);
    assert_eq!(json["precision"][0]["projections"][0]["name"], "fc1");
    // `run` tells it too.
    let run = [
        "run",
        "networks/digits.nir",
        "--input",
        "datasets/digits.h5",
        "--samples",
        "20",
        "--device-precision",
        "odin",
        "--json",
        "-",
    ];
    let json: serde_json::Value = serde_json::from_slice(&spikewatt(&run).stdout).unwrap();
    assert_eq!(json["precision"][0]["samples"], 20);
}

#[test]
fn bad_arguments_are_told_at_once() {
    let wrong = spikewatt(
        &[&COMPARE[..], &["--device-precision", "lohi1,darwin3,mcu-m4-l4r5", "--prune", "0.5,1.5,-1,half,nan"]].concat(),
    );
    assert_eq!(wrong.status.code(), Some(2));
    assert!(wrong.stdout.is_empty());
    let text = String::from_utf8(wrong.stderr).unwrap();
    for part in [
        "lohi1",
        "the file of `darwin3` states no bits of a weight",
        "`mcu-m4-l4r5` runs no spiking networks",
        "from 0 to 1, found `1.5`",
        "found `-1`",
        "found `half`",
        "found `nan`",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let wrong = spikewatt(&["run", "networks/digits.nir", "--device-precision", "odin,nothing"]);
    let text = String::from_utf8(wrong.stderr).unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text.contains("no data set is given") && text.contains("nothing"), "{text}");
}

#[test]
fn forms_are_of_the_same_samples() {
    let digits = Digits::new();
    let network = open_dense(&root().join("networks/digits-mlp.onnx")).unwrap_or_else(|wrong| panic!("{wrong}"));
    let dense = dense_result(network, &digits.dataset, &digits.plan).unwrap_or_else(|wrong| panic!("{wrong}"));
    let made = dense.with_variants(&digits.dataset, &digits.plan, &[0.0]).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert_eq!(
        made.variants.iter().map(|v| v.variant.name.as_str()).collect::<Vec<_>>(),
        ["int8", "5-bit activations", "8-bit weights, 5-bit activations", "pruned 0"]
    );
    assert_eq!(made.variants[3].correct, made.correct);
}
