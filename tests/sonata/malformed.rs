//! Wrong configurations: every complaint at once, with its file and place.

use super::refused;
use super::small::Small;

/// A case: what is changed, and what must be said.
type Case = (&'static str, fn(Small) -> Small, &'static [&'static str]);

const CASES: &[Case] = &[
    ("no such file", |s| s.edit("config.json", "cells.h5", "sells.h5"), &["network/sells.h5: cannot be read"]),
    ("no such table", |s| s.edit("config.json", "cell_types.csv", "x.csv"), &["network/x.csv: cannot be read"]),
    (
        "an unknown name",
        |s| s.edit("config.json", "$NET/cells.h5", "$NETS/cells.h5"),
        &["config.json: networks.nodes[0].nodes_file: the manifest has no `$NETS`", "did you mean `$NET`?"],
    ),
    (
        "a circle of names",
        |s| s.edit("config.json", "\"$BASE\": \".\"", "\"$BASE\": \"$NET/..\""),
        &["the manifest goes in a circle: $NET -> $BASE -> $NET"],
    ),
    (
        "a name of names of names",
        |s| {
            let doubled = (0..40).map(|n| format!("\"$A{n}\": \"$A{0}$A{0}\", ", n + 1)).collect::<String>();
            let manifest = format!("\"manifest\": {{ {doubled} \"$A40\": \"lol\", ");
            s.edit("config.json", "\"manifest\": {", &manifest).edit("config.json", "$BASE/spikes.csv", "$A0")
        },
        &["inputs.spikes.input_file: the path is longer than 4096 bytes"],
    ),
    (
        "no JSON",
        |s| s.edit("config.json", "\"run\": {", "\"run\": ["),
        &["config.json:11:19: this is no JSON: expected `,` or `]`"],
    ),
    (
        "a list for an object",
        |s| s.edit("config.json", "\"inputs\": {", "\"inputs\": [], \"x\": {"),
        &["inputs: expected an object, found a list"],
    ),
    ("no network", |s| s.edit("config.json", "\"networks\"", "\"nets\""), &["config.json: this is no SONATA configuration"]),
    (
        "a reference to itself",
        |s| s.edit("config.json", "\"run\"", "\"network\": \"config.json\", \"run\""),
        &["config.json: network: refers to a file that is being read already"],
    ),
    ("a negative time", |s| s.edit("config.json", "20.0", "-1"), &["run.tstop: expected a time, zero or above, found -1"]),
    (
        "a column too few",
        |s| s.edit("network/cell_types.csv", " fire.json", ""),
        &["cell_types.csv:2:1: the first line has 4 columns, this one 3"],
    ),
    (
        "no column of types",
        |s| s.edit("network/cell_types.csv", "node_type_id", "type"),
        &["cell_types.csv:1:1: the column `node_type_id` is missing"],
    ),
    (
        "a type that is no number",
        |s| s.edit("network/cell_types.csv", "\n2 ", "\ntwo "),
        &["cell_types.csv:3:1: `node_type_id`: expected a whole number, found `two`"],
    ),
    (
        "a type twice",
        |s| s.edit("network/cell_types.csv", "\n2 ", "\n1 "),
        &["cell_types.csv:3:1: `node_type_id` 1 stands here twice"],
    ),
    (
        "a type that is not there",
        |mut s| {
            s.node_types[2] = 8;
            s
        },
        &["cells.h5: /nodes/cells/node_type_id: nodes have the type 8, which the table of types has not"],
    ),
    (
        "biophysical nodes",
        |s| s.edit("network/cell_types.csv", "point_neuron nest:iaf_psc_delta", "biophysical ctdb:Biophys1.hoc"),
        &[
            "cell_types.csv:3:1: population `cells` has nodes of the type `biophysical` (ctdb:Biophys1.hoc), which cannot be run",
            "nest:iaf_psc_alpha",
        ],
    ),
    (
        "another model",
        |s| s.edit("network/cell_types.csv", "nest:iaf_psc_delta", "nest:glif_psc"),
        &["cell_types.csv:3:1: population `cells` has nodes of the model `nest:glif_psc`, which cannot be run"],
    ),
    ("no model", |s| s.edit("network/cell_types.csv", "nest:iaf_psc_delta", "NULL"), &["nothing says of what model"]),
    (
        "a node twice",
        |mut s| {
            s.node_ids[0] = 3;
            s
        },
        &["/nodes/cells/node_id: node 3 stands here twice"],
    ),
    (
        "too few ids",
        |mut s| {
            s.node_ids.pop();
            s
        },
        &["/nodes/cells/node_id: has 3 values for 4 nodes"],
    ),
    (
        "a negative id",
        |mut s| {
            s.node_ids[0] = -3;
            s
        },
        &["/nodes/cells/node_id: expected numbers from 0, found -3"],
    ),
    (
        "edges from and to nodes that are not there",
        |mut s| {
            (s.sources[0], s.targets[1], s.targets[2]) = (2, 4, 4);
            s
        },
        &[
            "/edges/in_to_cells/source_node_id: edge 0 has node 2, and population `in` has no such node\n",
            "/edges/in_to_cells/target_node_id: edge 1 has node 4, and population `cells` has no such node (2 edges have such nodes)",
        ],
    ),
    (
        "edges from a population that is not there",
        |mut s| {
            s.source_population = Some("inn");
            s
        },
        &["source_node_id: there is no population `inn` of nodes", "did you mean `in`?"],
    ),
    (
        "edges from nobody says where",
        |mut s| {
            s.source_population = None;
            s
        },
        &["the attribute `node_population` is missing"],
    ),
    (
        "edges of too few ends",
        |mut s| {
            s.targets.pop();
            s
        },
        &["target_node_id: has 4 values for 5 edges"],
    ),
    (
        "a negative delay",
        |mut s| {
            s.delays = Some(vec![1.0, 1.0, -2.0, 1.0, -3.0]);
            s
        },
        &["edge_types.csv:3:1: edge 2 of `in_to_cells` has a delay of -2 ms"],
    ),
    (
        "a negative delay in the table",
        |s| s.edit("network/edge_types.csv", "1.0 0.25", "-1 0.25"),
        &["edge_types.csv:2:1: edge 0 of `in_to_cells` has a delay of -1 ms"],
    ),
    (
        "a weight that is no number",
        |s| s.edit("network/edge_types.csv", "0.25", "wide"),
        &["edge_types.csv:2:1: `syn_weight`: expected a number, found `wide`"],
    ),
    ("no weight", |s| s.edit("network/edge_types.csv", "0.25", "NULL"), &["edge_types.csv:2:1: nothing says how strong edge 0"]),
    (
        "functions and models of synapses",
        |s| {
            s.edit("network/edge_types.csv", "delay syn_weight nsyns", "delay syn_weight weight_function")
                .edit("network/edge_types.csv", "0.25 NULL", "0.25 gaussianLL")
                .edit("network/edge_types.csv", "20 2", "20 wmax")
                .edit("network/edge_types.csv", "20 2", "20 DirectionRule")
        },
        &[
            "edge_types.csv:2:1: the weight_function `gaussianLL` cannot be run",
            "edge_types.csv:4:1: the weight_function `DirectionRule` cannot be run",
        ],
    ),
    (
        "a missing file of parameters",
        |s| s.edit("network/cell_types.csv", "fire.json", "ice.json"),
        &["cell_types.csv:2:1: `dynamics_params` names `ice.json`, and there is no file", "cells/ice.json"],
    ),
    (
        "a missing folder of parameters",
        |s| s.edit("config.json", "synaptic_models_dir", "synapses"),
        &["edge_types.csv:2:1: `dynamics_params` names `exc.json`, and the configuration has no components.synaptic_models_dir"],
    ),
    (
        "an unknown parameter",
        |s| s.edit("cells/delta.json", "tau_m", "taum"),
        &["cells/delta.json: taum: nest:iaf_psc_delta has no parameter `taum` here", "did you mean `tau_m`?"],
    ),
    (
        "a parameter out of range",
        |s| s.edit("cells/delta.json", "10.0", "-10.0"),
        &["config.json: population.cells.iaf_psc_delta.params.tau_m: `tau_m` must be"],
    ),
    (
        "a synapse with dynamics",
        |s| s.edit("synapses/inh.json", "\"sign\": -1", "\"level_of_detail\": \"exp2syn\", \"tau1\": 1"),
        &["synapses/inh.json: level_of_detail: synapses of the kind `exp2syn` cannot be run"],
    ),
    ("a sign of two", |s| s.edit("synapses/inh.json", "-1", "2"), &["synapses/inh.json: sign: `sign` is 1 or -1, found 2"]),
    (
        "an unknown set",
        |s| s.edit("config.json", "\"deltas\"", "\"delta\""),
        &["inputs.clamp.node_set: there is no node set and no population `delta`"],
    ),
    (
        "a set of a node that is not there",
        |s| s.edit("node_sets.json", "[3]", "[3, 4]"),
        &["node_sets.json: one.node_id: population `cells` has no node 4"],
    ),
    (
        "a set of itself",
        |s| s.edit("node_sets.json", "\"one\", \"layer\"", "\"one\", \"some\""),
        &["node_sets.json: some: the node set `some` holds itself"],
    ),
    (
        "a set of nobody",
        |s| s.edit("node_sets.json", "nest:iaf_psc_delta", "nest:x"),
        &["inputs.clamp.node_set: no node belongs to this set"],
    ),
    (
        "an unknown input",
        |s| s.edit("config.json", "current_clamp", "voltage_clamp"),
        &["inputs.clamp.input_type: inputs of the type `voltage_clamp` cannot be run"],
    ),
    ("a current without an amplitude", |s| s.edit("config.json", "\"amp\": 0.0, ", ""), &["inputs.clamp: `amp` is missing"]),
    (
        "a current into IntFire1",
        |s| s.edit("node_sets.json", "nest:iaf_psc_delta", "nrn:IntFire1"),
        &["inputs.clamp: `cells.IntFire1` has neurons of nrn:IntFire1, which take no currents"],
    ),
    (
        "spikes of another population",
        |s| s.edit("spikes.csv", "1.0 in", "1.0 on").edit("spikes.csv", "6.0 in", "6.0 on"),
        &["spikes.csv: holds no spikes of the population `in`"],
    ),
    (
        "spikes of other nodes",
        |s| s.edit("spikes.csv", "in 0", "in 8").edit("spikes.csv", "in 1", "in 9"),
        &["spikes.csv: none of its 2 spikes is of a node that population `in` has"],
    ),
    (
        "a spike that is no time",
        |s| s.edit("spikes.csv", "6.0", "soon"),
        &["spikes.csv:3:1: `timestamps`: expected a time in ms, found `soon`"],
    ),
    (
        "a spike before time",
        |s| s.edit("spikes.csv", "6.0", "-6.0"),
        &["spikes.csv: a spike time must be zero or above, found -6 ms"],
    ),
    (
        "spikes onto neurons",
        |s| s.edit("config.json", "\"node_set\": \"in\"", "\"node_set\": \"cells\"").edit("spikes.csv", "1.0 in", "1.0 cells"),
        &["spikes of input `spikes` go to `cells`, whose nodes are neurons"],
    ),
    (
        "much at once",
        |mut s| {
            s.targets[0] = 100;
            s.edit("cells/delta.json", "tau_m", "taum")
                .edit("synapses/inh.json", "-1", "2")
                .edit("spikes.csv", "6.0", "soon")
                .edit("config.json", "\"amp\": 0.0, ", "")
                .edit("config.json", "20.0", "\"long\"")
        },
        &[
            "delta.json: taum:",
            "node 100",
            "inh.json: sign:",
            "spikes.csv:3:1:",
            "`amp` is missing",
            "run.tstop: expected a number, found a text",
        ],
    ),
];

#[test]
fn wrong_configurations_are_refused_with_their_places() {
    let mut failed = Vec::new();
    for (name, change, words) in CASES {
        let folder = tempfile::tempdir().unwrap();
        change(Small::new()).write(folder.path());
        let text = refused(&["run", &folder.path().join("config.json").display().to_string()]);
        let missing: Vec<_> = words.iter().filter(|word| !text.contains(**word)).collect();
        if !missing.is_empty() {
            failed.push(format!("── {name}: {missing:?} is not said\n{text}"));
        }
    }
    assert!(failed.is_empty(), "{} of {} cases failed\n{}", failed.len(), CASES.len(), failed.join("\n"));
}

#[test]
fn damaged_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.json").display().to_string();
    for name in ["cells.h5", "in.h5", "edges.h5"] {
        Small::new().write(folder.path());
        let path = folder.path().join("network").join(name);
        let whole = std::fs::read(&path).unwrap();
        for part in [0, 50, 900, whole.len() / 2, whole.len() - 1] {
            std::fs::write(&path, &whole[..part]).unwrap();
            let text = refused(&["run", &config]);
            assert!(text.contains(name), "{part} bytes of {name}: {text}");
        }
    }
    // Claims of a hundred billion nodes and edges take no memory.
    for (name, at, kind) in [("cells.h5", "nodes/cells", "node"), ("edges.h5", "edges/in_to_cells", "edge")] {
        Small::new().write(folder.path());
        let file = hdf5::File::create(folder.path().join("network").join(name)).unwrap();
        let group = file.create_group(at).unwrap();
        let dataset = format!("{kind}_type_id");
        group.new_dataset::<u64>().shape([100_000_000_000usize]).chunk([1024]).create(dataset.as_str()).unwrap();
        // A group that is still held keeps its file open.
        drop(group);
        file.close().unwrap();
        let text = refused(&["run", &config]);
        assert!(text.contains(&format!("{at}/{dataset}: claims the shape")), "{text}");
    }
    std::fs::write(folder.path().join("empty.json"), "{}").unwrap();
    refused(&["run", &folder.path().join("empty.json").display().to_string()]);
    refused(&["run", &folder.path().display().to_string()]);
    let text = refused(&["run", &config, "--set", "scale=0.1"]);
    assert!(text.contains("--set scale"), "{text}");
}
