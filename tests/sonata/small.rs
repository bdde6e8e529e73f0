//! A network of five nodes, written here: what the examples leave out.

use super::{ok, open, run};
use hdf5::types::VarLenUnicode;
use spikewatt::format::sonata::read_spikes;
use spikewatt::neuron::Values;
use std::collections::BTreeMap;
use std::path::Path;

/// A configuration whose parts can be changed before it is written.
pub(crate) struct Small {
    /// Text files by name.
    pub(crate) texts: BTreeMap<&'static str, String>,
    /// Ids of the cells.
    pub(crate) node_ids: Vec<i64>,
    pub(crate) node_types: Vec<u64>,
    pub(crate) sources: Vec<i64>,
    pub(crate) targets: Vec<i64>,
    pub(crate) source_population: Option<&'static str>,
    /// Delays of the edges' own.
    pub(crate) delays: Option<Vec<f64>>,
    /// A parameter that cell 7 has of its own.
    own_param: &'static str,
}

impl Small {
    /// Two virtual nodes, and four cells: two of IntFire1, two of iaf_psc_delta.
    pub(crate) fn new() -> Self {
        let texts = [
            (
                "config.json",
                r#"{
  "manifest": { "$BASE": ".", "$NET": "${BASE}/network", "$PARAMS": "$BASE" },
  "components": { "point_neuron_models_dir": "$PARAMS/cells", "synaptic_models_dir": "$PARAMS/synapses" },
  "networks": {
    "nodes": [
      { "nodes_file": "$NET/cells.h5", "node_types_file": "$NET/cell_types.csv" },
      { "nodes_file": "$NET/in.h5", "node_types_file": "$NET/in_types.csv" }
    ],
    "edges": [{ "edges_file": "$NET/edges.h5", "edge_types_file": "$NET/edge_types.csv" }]
  },
  "run": { "tstop": 20.0, "dt": 0.5 },
  "node_sets_file": "node_sets.json",
  "inputs": {
    "spikes": { "input_type": "spikes", "module": "csv", "input_file": "$BASE/spikes.csv", "node_set": "in" },
    "clamp": { "input_type": "current_clamp", "amp": 0.0, "delay": 1.0, "duration": 2.0, "node_set": "deltas" }
  },
  "reports": { "v": { "cells": "some", "variable_name": "V_m" } }
}
"#,
            ),
            (
                "node_sets.json",
                r#"{
  "deltas": { "model_template": "nest:iaf_psc_delta" },
  "some": ["one", "layer"],
  "one": { "population": "cells", "node_id": [3] },
  "layer": { "population": "cells", "layer": "L4" }
}
"#,
            ),
            (
                "network/cell_types.csv",
                "node_type_id model_type model_template dynamics_params\n1 point_neuron nrn:IntFire1 fire.json\n2 point_neuron nest:iaf_psc_delta delta.json\n",
            ),
            ("network/in_types.csv", "node_type_id model_type\n7 virtual\n"),
            (
                "network/edge_types.csv",
                "edge_type_id target_query delay syn_weight nsyns dynamics_params\n4 \"ei=='e' & x\" 1.0 0.25 NULL exc.json\n5 * 1.0 20 2 exc.json\n6 * 1.0 20 2 inh.json\n",
            ),
            ("cells/fire.json", "{ \"type\": \"NEURON_IntFire1\", \"tau\": 0.01, \"refrac\": 0.002 }\n"),
            (
                "cells/delta.json",
                "{ \"tau_m\": 10.0, \"E_L\": -70.0, \"V_th\": -55.0, \"V_reset\": -70.0, \"refractory_input\": false }\n",
            ),
            ("synapses/exc.json", "{ \"level_of_detail\": \"instantaneous\", \"sign\": 1 }\n"),
            ("synapses/inh.json", "{ \"sign\": -1 }\n"),
            ("spikes.csv", "timestamps population node_ids\n1.0 in 0\n6.0 in 1\n"),
        ];
        Self {
            texts: texts.into_iter().map(|(name, text)| (name, text.to_owned())).collect(),
            node_ids: vec![9, 3, 5, 7],
            node_types: vec![1, 2, 1, 2],
            // Node 0 reaches all but 7, node 1 reaches 3 and holds 5 back.
            sources: vec![0, 0, 0, 1, 1],
            targets: vec![9, 5, 3, 3, 5],
            source_population: Some("in"),
            delays: None,
            own_param: "V_th",
        }
    }

    /// Gives cell 7 a parameter of its own by this name.
    pub(crate) fn with_own_param(self, own_param: &'static str) -> Self {
        Self { own_param, ..self }
    }

    /// Replaces a text in a file.
    pub(crate) fn edit(mut self, name: &str, from: &str, to: &str) -> Self {
        let text = self.texts.get_mut(name).unwrap();
        assert!(text.contains(from), "{name} has no {from}");
        *text = text.replacen(from, to, 1);
        self
    }

    pub(crate) fn write(&self, folder: &Path) {
        for name in ["network", "cells", "synapses"] {
            std::fs::create_dir_all(folder.join(name)).unwrap();
        }
        for (name, text) in &self.texts {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let create = |name: &str| hdf5::File::create(folder.join("network").join(name)).unwrap();
        let file = create("cells.h5");
        let cells = file.create_group("nodes/cells").unwrap();
        ints(&cells, "node_id", &self.node_ids);
        let types: Vec<i64> = self.node_types.iter().map(|id| *id as i64).collect();
        ints(&cells, "node_type_id", &types);
        // Cells 3 and 7 are in a group of their own, the other way round.
        ints(&cells, "node_group_id", &[0, 1, 0, 1]);
        ints(&cells, "node_group_index", &[0, 1, 1, 0]);
        let group = cells.create_group("0").unwrap();
        ints(&group, "layer", &[1, 0]);
        let library = group.create_group("@library").unwrap();
        let words: Vec<VarLenUnicode> = ["L23", "L4"].iter().map(|word| word.parse().unwrap()).collect();
        library.new_dataset::<VarLenUnicode>().shape([2]).create("layer").unwrap().write_raw(&words).unwrap();
        let own = cells.create_group("1/dynamics_params").unwrap();
        floats(&own, self.own_param, &[-50.0, f64::NAN]);
        file.close().unwrap();
        let file = create("in.h5");
        ints(&file.create_group("nodes/in").unwrap(), "node_type_id", &[7, 7]);
        file.close().unwrap();
        let file = create("edges.h5");
        let edges = file.create_group("edges/in_to_cells").unwrap();
        ints(&edges, "edge_type_id", &[4, 4, 5, 5, 6]);
        for (name, ids, population) in
            [("source_node_id", &self.sources, self.source_population), ("target_node_id", &self.targets, Some("cells"))]
        {
            ints(&edges, name, ids);
            if let Some(population) = population {
                let population: VarLenUnicode = population.parse().unwrap();
                let attribute = edges.dataset(name).unwrap().new_attr::<VarLenUnicode>().create("node_population").unwrap();
                attribute.write_scalar(&population).unwrap();
            }
        }
        // Numbers of groups with a fraction of nought, as an example of the format has them.
        floats(&edges, "edge_group_id", &[0.0; 5]);
        ints(&edges, "edge_group_index", &[0, 1, 2, 3, 4]);
        let group = edges.create_group("0").unwrap();
        floats(&group, "nsyns", &[8.0, f64::NAN, f64::NAN, f64::NAN, f64::NAN]);
        if let Some(delays) = &self.delays {
            floats(&group, "delay", delays);
        }
        file.close().unwrap();
    }
}

fn ints(group: &hdf5::Group, name: &str, values: &[i64]) {
    group.new_dataset::<i64>().shape([values.len()]).create(name).unwrap().write_raw(values).unwrap();
}

fn floats(group: &hdf5::Group, name: &str, values: &[f64]) {
    group.new_dataset::<f64>().shape([values.len()]).create(name).unwrap().write_raw(values).unwrap();
}

#[test]
fn what_hdf5_says_comes_before_what_a_table_says() {
    let folder = tempfile::tempdir().unwrap();
    Small::new().write(folder.path());
    let network = open(&folder.path().join("config.json"), None);
    let names: Vec<_> = network.populations.iter().map(|p| (p.name.as_str(), p.model.spec().name, p.size)).collect();
    assert_eq!(names, [("cells.iaf_psc_delta", "lif_delta", 2), ("cells.IntFire1", "intfire1", 2), ("in", "input", 2)]);
    assert_eq!(network.dt_ms, Some(0.5), "not of IntFire1 alone");
    // By ascending id: 3 and 7. Node 7 has its own threshold, node 3 that of its type.
    assert_eq!(network.populations[0].params["v_th"], Values::Each(vec![-55.0, -50.0]));
    assert_eq!(network.populations[0].params["refractory_input"], Values::One(0.0));
    assert_eq!(network.populations[1].params["tau_m"], Values::One(10.0), "seconds in the file");
    assert_eq!(network.node_ids["cells.IntFire1"].ids, [5, 9]);
    assert!(network.node_ids.contains_key("cells.iaf_psc_delta") && !network.node_ids.contains_key("in"));
    // Weights: syn_weight · nsyns · sign.
    let to = |name: &str| network.projections.iter().find(|p| p.to == name).unwrap();
    assert_eq!(to("cells.iaf_psc_delta").weight.0, Values::One(40.0));
    assert_eq!(to("cells.IntFire1").weight.0, Values::Each(vec![2.0, 0.25, -40.0]));
    // Node 3 by its id, and those of layer L4, of which 9 is one and 5 is not.
    let traces: Vec<_> = network.record.traces.iter().map(|t| (t.population.as_str(), t.variable.as_str(), &t.ids[..])).collect();
    assert_eq!(traces, [("cells.iaf_psc_delta", "v", &[0][..]), ("cells.IntFire1", "v", &[1][..])]);
    // Node 0's spike at 1 ms makes 9 (2 > 1) and 3 (40 mV) fire, and node 1's at 6 ms makes 3 fire.
    let fired = |name: &str| run(&network, name, 1).iter().map(|(time, id)| (*time, *id)).collect::<Vec<_>>();
    assert_eq!(fired("cells.IntFire1"), [(2.0, 1)]);
    assert_eq!(fired("cells.iaf_psc_delta"), [(2.0, 0), (7.0, 0)]);
}

#[test]
fn results_speak_of_nodes_by_the_ids_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    Small::new().write(folder.path());
    let place = |name: &str| folder.path().join(name).display().to_string();
    for engine in ["clock", "event", "reference"] {
        ok(&["run", &place("config.json"), "--engine", engine, "--out", &place("out.h5"), "--quiet"]);
        let spikes = read_spikes(place("out.h5")).unwrap();
        assert_eq!(spikes.len(), 1, "the parts of a population stand together");
        assert_eq!((spikes[0].population.as_deref(), &spikes[0].times_ms[..]), (Some("cells"), &[2.0, 2.0, 7.0][..]));
        assert_eq!(spikes[0].node_ids, [3, 9, 3]);
        let reports = spikewatt::format::sonata::read_report(place("out.h5")).unwrap();
        let nodes: Vec<_> = reports.iter().map(|report| (report.population.as_str(), report.node_ids[0])).collect();
        assert_eq!(nodes, [("cells.IntFire1", 9), ("cells.iaf_psc_delta", 3)]);
    }
}

#[test]
fn a_sets_inputs_and_delays_may_be_said_in_other_ways() {
    let folder = tempfile::tempdir().unwrap();
    let mut small = Small::new()
        .edit("config.json", "\"module\": \"csv\"", "\"module\": \"h5\"")
        .edit("config.json", "spikes.csv", "spikes.h5")
        .edit("config.json", "\"node_set\": \"in\"", "\"node_set\": { \"population\": \"in\", \"node_id\": 0 }")
        .edit("network/edge_types.csv", "target_query delay", "target_query later");
    small.delays = Some(vec![3.0, f64::NAN, 2.0, f64::NAN, f64::NAN]);
    small.write(folder.path());
    let spikes = spikewatt::format::sonata::Spikes { times_ms: vec![1.0, 6.0], node_ids: vec![0, 1], ..Default::default() };
    spikewatt::format::sonata::write_spikes(folder.path().join("spikes.h5"), &[spikes]).unwrap();
    // Its population has the name that nobody gave, and no other is there.
    let wrong = spikewatt::format::open_network(&folder.path().join("config.json"), &Default::default()).unwrap_err().to_string();
    assert!(wrong.contains("holds no spikes of the population `in`") && wrong.contains("default"), "{wrong}");
    let file = hdf5::File::create(folder.path().join("spikes.h5")).unwrap();
    let group = file.create_group("spikes").unwrap();
    floats(&group, "timestamps", &[1.0, 6.0]);
    ints(&group, "gids", &[0, 1]);
    file.close().unwrap();
    let network = open(&folder.path().join("config.json"), None);
    assert!(network.notes.iter().any(|note| note.contains("1 of 2 spikes")), "{:?}", network.notes);
    assert!(network.notes.iter().any(|note| note.contains("after 1 ms")), "{:?}", network.notes);
    assert_eq!(run(&network, "cells.IntFire1", 1), [(4.0, 1)]);
    assert_eq!(run(&network, "cells.iaf_psc_delta", 1), [(3.0, 0)]);
}
