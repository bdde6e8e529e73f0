//! The classifier that peers' inference was timed with gives the answers that the peers gave. See `tests/data/inference/README.md`.

use spikewatt::dataset::Dataset;
use spikewatt::format::nir::{NirArray, read, to_network};
use spikewatt::network::Network;
use spikewatt::neuron::semantics_by_name;
use spikewatt::study::{Outcome, Plan, Quiet, Settings, run};
use std::path::Path;

const ACTIVITIES: [&str; 3] = ["act01", "act05", "act20"];

fn data(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/inference").join(name)
}

fn expected() -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(data("expected.json")).expect("the file is there")).expect("JSON")
}

/// The network with the thresholds of an activity.
fn network(thresholds: &serde_json::Value) -> Network {
    let mut graph = read(data("784-1024-1024-10.nir")).unwrap_or_else(|wrong| panic!("{wrong}"));
    for layer in 0..3 {
        let node = graph.nodes.get_mut(&format!("lif{layer}")).expect("three layers");
        let neurons = node.arrays["v_threshold"].len();
        let threshold = thresholds[layer].as_f64().expect("a number");
        node.arrays.insert("v_threshold".into(), NirArray::vector(vec![threshold; neurons]));
    }
    let semantics = semantics_by_name("snntorch-subtract-delayed");
    to_network(&graph, "inference", semantics, Some(0.1)).unwrap_or_else(|wrong| panic!("{wrong}"))
}

fn shown(network: &Network, activity: &str, settings: &Settings) -> Outcome {
    let dataset = Dataset::open(data(&format!("{activity}.h5"))).unwrap_or_else(|wrong| panic!("{wrong}"));
    let plan = Plan::new(network, Some(&dataset), settings).unwrap_or_else(|wrong| panic!("{wrong}"));
    run(network, Some(&dataset), &plan, &Quiet).unwrap_or_else(|wrong| panic!("{wrong}"))
}

#[test]
fn every_count_is_that_of_the_peers() {
    let expected = expected();
    for activity in ACTIVITIES {
        let expected = &expected[activity];
        let network = network(&expected["thresholds"]);
        let outcome = shown(&network, activity, &Settings::default());
        let counts = outcome.task.as_ref().expect("there is a readout").readout_counts.clone();
        assert_eq!(serde_json::json!(counts), expected["out_counts"], "{activity}");
        let spikes = |name: &str| outcome.counts.populations[network.population(name).expect("there")].spikes;
        for (population, key) in [("input", "input_spikes"), ("lif0", "l1_counts"), ("lif1", "l2_counts")] {
            let theirs: u64 = expected[key].as_array().expect("a list").iter().filter_map(serde_json::Value::as_u64).sum();
            assert_eq!(spikes(population), theirs, "{activity}: {population}");
        }
    }
}

#[test]
fn a_batch_is_its_samples_one_by_one_on_any_number_of_threads() {
    let thresholds = &expected()["act05"]["thresholds"];
    let network = network(thresholds);
    let with = |threads: usize| {
        let outcome = shown(&network, "act05", &Settings { threads: Some(threads), ..Settings::default() });
        (outcome.counts, outcome.task)
    };
    let one = with(1);
    assert_eq!(with(2), one);
    assert_eq!(with(8), one);
}
