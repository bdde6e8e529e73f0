//! The digits networks: ours as trained, and the peers', held to what the frameworks and `NeuroBench` computed.

use spikewatt::dataset::decode::Decoding;
use spikewatt::dataset::encode::Encoding;
use spikewatt::dataset::{Dataset, Samples};
use spikewatt::format::{OpenOptions, open_dense, open_network};
use spikewatt::neuron::semantics_by_name;
use spikewatt::report::Report;
use spikewatt::study::{DenseResult, Outcome, Plan, Provenance, Quiet, Settings, dense_result, report, run};
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn peer(name: &str) -> PathBuf {
    root().join("tests/data/digits/peer").join(name)
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(path).expect("the file is there")).expect("JSON")
}

fn integers(value: &serde_json::Value) -> Vec<i64> {
    value.as_array().expect("a list").iter().map(|v| v.as_i64().expect("an integer")).collect()
}

fn bytes(path: &Path) -> Vec<u8> {
    let file = std::fs::read(path).expect("the file is there");
    npyz::NpyFile::new(&file[..]).expect("NPY").into_vec::<u8>().expect("bytes")
}

/// The digits with their labels; `None` gives the values, a file the spikes that the peers drew from them.
fn digits(spikes: Option<&Path>) -> Dataset {
    let digits = Dataset::open(root().join("datasets/digits.h5")).unwrap_or_else(|wrong| panic!("{wrong}"));
    let Some(path) = spikes else { return digits };
    let mut drawn = Dataset::open(path).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert!(matches!(drawn.samples, Samples::Raster(_)), "binary frames are spikes");
    let test = digits.select(Some("test")).expect("it has a test part");
    let labels = digits.labels.expect("it has labels");
    drawn.labels = Some(test.iter().map(|&s| labels[s]).collect());
    drawn
}

fn study(network: &Path, dataset: &Dataset, settings: &Settings) -> (Outcome, Report) {
    let options = OpenOptions { semantics: semantics_by_name("snntorch"), dt_ms: Some(0.1), ..OpenOptions::default() };
    let network = open_network(network, &options).unwrap_or_else(|wrong| panic!("{wrong}"));
    let plan = Plan::new(&network, Some(dataset), settings).unwrap_or_else(|wrong| panic!("{wrong}"));
    let outcome = run(&network, Some(dataset), &plan, &Quiet).unwrap_or_else(|wrong| panic!("{wrong}"));
    let report = report(&network, Some(dataset), &plan, &outcome, None, None, &Provenance::default());
    (outcome, report)
}

fn close(ours: f64, theirs: &serde_json::Value, what: &str) {
    let theirs = theirs.as_f64().expect("a number");
    assert!((ours - theirs).abs() <= 1e-9 * theirs.abs().max(1.0), "{what}: ours {ours}, theirs {theirs}");
}

/// What snnTorch and `NeuroBench` gave for one of the peers' networks.
fn peer_network(name: &str, spikes: Option<&str>) {
    let dataset = digits(spikes.map(peer).as_deref());
    let settings =
        Settings { steps: Some(25), encoding: Some(Encoding::Direct), decoding: Some(Decoding::Count), ..Settings::default() };
    let (outcome, report) = study(&peer(&format!("{name}.nir")), &dataset, &settings);
    let expected = &json(&peer("results.json"))[name];
    let task = report.task.expect("there are answers");
    assert_eq!(task.predictions, integers(&expected["predictions"]), "{name}: every prediction");
    assert_eq!(task.correct, expected["correct"].as_u64());
    let names: Vec<_> = report.counts.populations.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["input", "1", "3"], "populations stand in the order of layers");
    assert_eq!(report.counts.populations[1].spikes, expected["hidden_spikes_total"].as_u64().expect("a number"));
    assert_eq!(report.counts.populations[2].spikes, expected["out_spikes_total"].as_u64().expect("a number"));
    // Output spikes neuron by neuron, hidden spikes sample by sample.
    let out = bytes(&peer(&format!("{name}.out_counts_u8.npy")));
    let ours: Vec<u8> = outcome.task.expect("a readout").readout_counts.concat().iter().map(|c| *c as u8).collect();
    assert_eq!(ours, out, "{name}: output counts");
    let hidden = integers(&expected["hidden_spikes_per_sample"]);
    let per_sample = bytes(&peer(&format!("{name}.hidden_counts_u8.npy")));
    assert_eq!(per_sample.chunks(128).map(|c| c.iter().map(|c| i64::from(*c)).sum::<i64>()).collect::<Vec<_>>(), hidden);

    let theirs = &expected["neurobench_bs360"];
    let ours = report.neurobench.expect("spiking neurons");
    close(ours.activation_sparsity, &theirs["ActivationSparsity"], "activation sparsity");
    close(ours.connection_sparsity, &theirs["ConnectionSparsity"], "connection sparsity");
    close(ours.synaptic_operations.effective_macs, &theirs["SynapticOperations"]["Effective_MACs"], "effective MACs");
    close(ours.synaptic_operations.effective_acs, &theirs["SynapticOperations"]["Effective_ACs"], "effective ACs");
    close(ours.synaptic_operations.dense, &theirs["SynapticOperations"]["Dense"], "dense operations");
    assert_eq!(ours.parameters, theirs["ParameterCount"].as_u64());
    assert_eq!(ours.parameter_bytes, Some(38_440));
    // One membrane of four bytes a neuron, for one sample.
    assert_eq!(ours.state_bytes, Some(138 * 4));
    close(ours.membrane_updates, &theirs["MembraneUpdates"], "membrane updates");
}

#[test]
fn the_peers_current_coded_network_gives_their_answers() {
    peer_network("snn_current_zero", None);
}

#[test]
fn the_peers_rate_coded_network_gives_their_answers() {
    peer_network("snn_rate_zero", Some("test_rate_spikes_u8.npy"));
}

fn dense(network: &Path) -> DenseResult {
    let dataset = digits(None);
    // Any spiking network gives the plan; the samples are those of the test part.
    let spiking =
        open_network(&root().join("networks/digits.nir"), &OpenOptions::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
    let plan = Plan::new(&spiking, Some(&dataset), &Settings::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
    let network = open_dense(network).unwrap_or_else(|wrong| panic!("{wrong}"));
    dense_result(network, &dataset, &plan).unwrap_or_else(|wrong| panic!("{wrong}"))
}

#[test]
fn the_peers_dense_network_gives_their_answers() {
    let result = dense(&peer("mlp_dense.onnx"));
    let expected = &json(&peer("results.json"))["mlp_dense"];
    let predictions: Vec<_> = result.run.predictions.iter().map(|p| *p as i64).collect();
    assert_eq!(predictions, integers(&expected["predictions"]));
    let theirs = &expected["neurobench_bs360"];
    close(result.run.work.effective_macs as f64 / 360.0, &theirs["SynapticOperations"]["Effective_MACs"], "effective MACs");
    close(result.run.work.macs as f64 / 360.0, &theirs["SynapticOperations"]["Dense"], "MACs");
    close(result.run.work.weight_bytes as f64, &theirs["Footprint"], "bytes");
    close(result.run.activation_sparsity.expect("it has a ReLU"), &theirs["ActivationSparsity"], "activation sparsity");
}

#[test]
fn our_networks_give_what_they_gave_when_they_were_trained() {
    let expected = json(&root().join("tests/data/digits/expected.json"));
    let dataset = digits(None);
    let network =
        open_network(&root().join("networks/digits.nir"), &OpenOptions::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
    let plan = Plan::new(&network, Some(&dataset), &Settings::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
    let outcome = run(&network, Some(&dataset), &plan, &Quiet).unwrap_or_else(|wrong| panic!("{wrong}"));
    let report = report(&network, Some(&dataset), &plan, &outcome, None, None, &Provenance::default());
    let (task, snn) = (report.task.expect("there are answers"), &expected["snn"]);
    assert_eq!(task.predictions, integers(&snn["predictions"]));
    assert_eq!(task.correct, snn["correct"].as_u64());
    assert!(
        task.accuracy.expect("labels") >= 0.95 && plan.ticks <= 25,
        "as promised: {:?} in {} steps",
        task.accuracy,
        plan.ticks
    );
    for (population, key) in [(0, "input_spikes_total"), (1, "hidden_spikes_total"), (2, "output_spikes_total")] {
        assert_eq!(report.counts.populations[population].spikes, snn[key].as_u64().expect("a number"), "{key}");
    }
    let mlp = dense(&root().join("networks/digits-mlp.onnx"));
    let predictions: Vec<_> = mlp.run.predictions.iter().map(|p| *p as i64).collect();
    assert_eq!(predictions, integers(&expected["mlp"]["predictions"]));
    assert!(mlp.correct >= task.correct, "the dense network is at least as good");
}
