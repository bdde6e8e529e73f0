//! Good files give the expected networks; bad ones give the messages of the snapshot; no text makes the reader panic.

use super::parse;
use crate::diagnostic::Result;
use crate::network::{Coefficients, Connect, CurrentStep, Delay, Drive, Matrix, Network, Target, TraceRequest, Weight};
use crate::neuron::{Distribution, Values};
use proptest::prelude::*;
use std::path::Path;

/// The example of the design's section 6, with fewer neurons.
const BRUNEL: &str = include_str!("../../../tests/data/toml/brunel.toml");

fn data() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/toml")
}

fn read(text: &str) -> Result<Network> {
    parse(text, "net.toml", data())
}

fn good(text: &str) -> Network {
    read(text).unwrap_or_else(|complaints| panic!("{complaints}\n{text}"))
}

/// A population of 3 spiking neurons, one of 2, and whatever follows.
fn with(more: &str) -> String {
    format!(
        "dt = \"0.1 ms\"\n[[population]]\nname = \"e\"\nsize = 3\nmodel = \"lif_delta\"\n[[population]]\nname = \"i\"\nsize = 2\n\
         model = \"lif_exp\"\n{more}"
    )
}

/// A projection from e to i with this rule.
fn joined(connect: &str) -> String {
    with(&format!("[[projection]]\nfrom = \"e\"\nto = \"i\"\nconnect = {connect}\nweight = \"80 pA\"\ndelay = \"1.5 ms\"\n"))
}

#[test]
fn the_design_s_example_is_read_in_full() {
    let network = good(BRUNEL);
    assert_eq!(
        (network.name.as_str(), network.dt_ms, network.duration_ms, network.seed),
        ("brunel-2000", Some(0.1), Some(1000.0), 1)
    );
    assert!(!network.unitless && network.notes.is_empty() && network.input.is_none());

    let [e] = &network.populations[..] else { panic!("one population") };
    assert_eq!((e.name.as_str(), e.size, e.model.spec().name), ("e", 100, "lif_delta"));
    let params: Vec<_> = e.params.iter().map(|(name, values)| (name.as_str(), values.clone())).collect();
    let one = Values::One;
    assert_eq!(
        params,
        [("t_ref", one(2.0)), ("tau_m", one(20.0)), ("v_reset", one(10.0)), ("v_rest", one(0.0)), ("v_th", one(20.0))]
    );
    assert_eq!(e.init["v"], Values::Drawn(Distribution::uniform(0.0, 20.0)));

    let to = |ids: &[u32]| Target { population: "e".to_owned(), ids: ids.to_vec() };
    let [drive, train, current] = &network.stimuli[..] else { panic!("three stimuli") };
    assert_eq!((drive.name.as_str(), &drive.to), ("drive", &to(&[])));
    assert_eq!(drive.drive, Drive::Poisson { rate_hz: 20_000.0, weight: 0.1, delay_ms: 1.5, window_ms: (None, None) });
    assert_eq!((train.name.as_str(), &train.to), ("train", &to(&[0])));
    assert_eq!(train.drive, Drive::Spikes { events: vec![(None, 1.0), (None, 2.5)], weight: 5.0, delay_ms: 1.0 });
    assert_eq!((current.name.as_str(), &current.to), ("stimulus_3", &to(&[])));
    assert_eq!(
        current.drive,
        Drive::Current(vec![CurrentStep { at_ms: 0.0, value: 250.0 }, CurrentStep { at_ms: 50.0, value: 0.0 }])
    );

    let [ee] = &network.projections[..] else { panic!("one projection") };
    assert_eq!((ee.name.as_str(), ee.from.as_str(), ee.to.as_str()), ("ee", "e", "e"));
    assert_eq!((&ee.connect, &ee.weight), (&Connect::FixedIndegree(10), &Weight(Values::One(0.1))));
    assert_eq!((&ee.delay, ee.allow_self, ee.allow_multiple), (&Delay::Ms(Values::One(1.5)), false, true));

    assert_eq!(network.record.spikes, ["e"]);
    assert_eq!(
        network.record.traces,
        [TraceRequest { population: "e".to_owned(), variable: "v".to_owned(), ids: vec![0, 1], every_ms: None }]
    );
}

#[test]
fn every_rule_is_read() {
    let pair = |source, target| (source, target, None, None);
    for (text, rule) in [
        ("\"all_to_all\"", Connect::AllToAll),
        ("{ rule = \"all_to_all\" }", Connect::AllToAll),
        ("{ rule = \"fixed_probability\", p = 0.25 }", Connect::FixedProbability(0.25)),
        ("{ rule = \"fixed_probability\", p = 1 }", Connect::FixedProbability(1.0)),
        ("{ rule = \"fixed_indegree\", indegree = 7 }", Connect::FixedIndegree(7)),
        ("{ rule = \"fixed_outdegree\", outdegree = 2 }", Connect::FixedOutdegree(2)),
        ("{ rule = \"fixed_total\", total = 12 }", Connect::FixedTotal(12)),
        ("{ rule = \"list\", pairs = [[0, 1], [2, 0]] }", Connect::List(vec![pair(0, 1), pair(2, 0)])),
        (
            "{ rule = \"list\", pairs = [[0, 1, \"5 pA\"], [2, 0, \"1 nA\", \"2 ms\"], [1, 1]] }",
            Connect::List(vec![(0, 1, Some(5.0), None), (2, 0, Some(1000.0), Some(2.0)), pair(1, 1)]),
        ),
        ("{ rule = \"list\", file = \"pairs.csv\" }", Connect::List(vec![pair(0, 0), pair(1, 0), pair(2, 1)])),
    ] {
        let network = good(&joined(text));
        assert_eq!(network.projections[0].connect, rule, "{text}");
        assert_eq!((network.projections[0].name.as_str(), network.projections[0].allow_self), ("e_i", true));
    }
}

#[test]
fn matrices_and_lists_bring_their_weights() {
    let values = vec![1.0, 2.0, 3.0, -4.0, 5.0, 0.5];
    let single = Coefficients::Single(values.iter().map(|w| *w as f32).collect());
    let single = Connect::Dense(Matrix { targets: 2, sources: 3, values: single });
    let double = Connect::Dense(Matrix { targets: 2, sources: 3, values: Coefficients::Double(values) });
    for (text, rule) in [
        ("{ rule = \"dense\", rows = [[\"1 pA\", \"2 pA\", \"3 pA\"], [\"-4 pA\", \"5 pA\", \"0.5 pA\"]] }", double.clone()),
        ("{ rule = \"dense\", file = \"f32.npy\" }", single),
        ("{ rule = \"dense\", file = \"f64_fortran.npy\" }", double),
        (
            "{ rule = \"list\", file = \"weighted.csv\" }",
            Connect::List(vec![(0, 0, Some(80.0), Some(1.5)), (1, 1, Some(-160.5), Some(0.1))]),
        ),
    ] {
        let network = good(&joined(text).replace("weight = \"80 pA\"\n", ""));
        assert_eq!(network.projections[0].connect, rule, "{text}");
    }
}

#[test]
fn distributions_arrays_and_delays_are_read() {
    let network = good(&with(
        "params = { v_th = [\"-50 mV\", \"-51 mV\"], t_ref = { normal = [\"2 ms\", \"1 ms\"], min = \"1 ms\", max = \"3 ms\" } }\n\
         init = { v = { normal = [\"-58 mV\", \"10 mV\"] } }\n\
         [[projection]]\nfrom = \"e\"\nto = \"i\"\nconnect = \"all_to_all\"\nweight = { normal = [\"87.8 pA\", \"8.78 pA\"], min = \"0 pA\" }\n\
         delay = { normal = [\"1.5 ms\", \"0.75 ms\"] }\n\
         [[projection]]\nfrom = \"e\"\nto = \"i\"\nconnect = \"all_to_all\"\nweight = \"1 pA\"\ndelay = { ticks = 2 }\n\
         [[projection]]\nfrom = \"e\"\nto = \"i\"\nconnect = \"all_to_all\"\nweight = \"1 pA\"\ndelay = \"1.46 ms\"\n",
    ));
    let i = &network.populations[1];
    let normal = |mean, sd, min, max| Values::Drawn(Distribution::normal(mean, sd).within(min, max));
    assert_eq!(i.params["v_th"], Values::Each(vec![-50.0, -51.0]));
    assert_eq!(i.params["t_ref"], normal(2.0, 1.0, 1.0, 3.0));
    assert_eq!(i.init["v"], normal(-58.0, 10.0, f64::NEG_INFINITY, f64::INFINITY));
    let [drawn, ticks, rounded] = &network.projections[..] else { panic!("three projections") };
    assert_eq!(drawn.weight, Weight(normal(87.8, 8.78, 0.0, f64::INFINITY)));
    // The least delay is a tick where the file sets none.
    assert_eq!(drawn.delay, Delay::Ms(normal(1.5, 0.75, 0.1, f64::INFINITY)));
    assert_eq!((&ticks.delay, ticks.name.as_str()), (&Delay::Ticks(2), "e_i_2"));
    assert_eq!((&rounded.delay, rounded.name.as_str()), (&Delay::Ms(Values::One(1.46)), "e_i_3"));
    assert_eq!(network.notes, ["line 29: delay of 1.46 ms rounded to 1.5 ms, a whole number of ticks"]);
}

#[test]
fn connections_that_have_an_order_take_a_weight_and_a_delay_each() {
    let text = |connect: &str| {
        with(&format!(
            "[[population]]\nname = \"j\"\nsize = 2\nmodel = \"lif_exp\"\n[[projection]]\nfrom = \"i\"\nto = \"j\"\nconnect = {connect}\n\
             weight = [\"80 pA\", \"-1 nA\"]\ndelay = [\"1.5 ms\", \"0.3 ms\"]\n"
        ))
    };
    for connect in ["\"one_to_one\"", "{ rule = \"list\", pairs = [[0, 1], [1, 1]] }"] {
        let network = good(&text(connect));
        assert_eq!(network.projections[0].weight, Weight(Values::Each(vec![80.0, -1000.0])), "{connect}");
        assert_eq!(network.projections[0].delay, Delay::Ms(Values::Each(vec![1.5, 0.3])), "{connect}");
    }
    for connect in ["\"all_to_all\"", "{ rule = \"fixed_probability\", p = 0.5 }", "{ rule = \"fixed_total\", total = 2 }"] {
        let complaints = read(&text(connect)).expect_err(connect);
        assert_eq!(complaints.iter().count(), 2, "{complaints}");
        assert!(complaints.to_string().contains("no order") && complaints.to_string().contains("list"), "{complaints}");
    }
    // As many as there are connections, no more.
    assert!(read(&text("{ rule = \"list\", pairs = [[0, 1]] }")).is_err());
}

#[test]
fn limits_are_taken_by_every_distribution() {
    let drawn = |text: &str| good(&with(&format!("init = {{ v = {text} }}\n"))).populations[1].init["v"].clone();
    let open = f64::INFINITY;
    for (text, distribution) in [
        ("{ uniform = [\"-70 mV\", \"-50 mV\"] }", Distribution::uniform(-70.0, -50.0)),
        ("{ uniform = [\"-70 mV\", \"-50 mV\"], max = \"-60 mV\" }", Distribution::uniform(-70.0, -50.0).within(-open, -60.0)),
        (
            "{ normal = [\"-70 mV\", \"5 mV\"], min = \"-80 mV\", clip = true }",
            Distribution::normal(-70.0, 5.0).clipped(-80.0, open),
        ),
        ("{ lognormal = [\"-20 mV\", 0.5] }", Distribution::lognormal(-20.0, 0.5)),
        (
            "{ lognormal = [\"20 mV\", 0.5], min = \"10 mV\", max = \"40 mV\", clip = false }",
            Distribution::lognormal(20.0, 0.5).within(10.0, 40.0),
        ),
    ] {
        assert_eq!(drawn(text), Values::Drawn(distribution), "{text}");
    }
    let delay = good(&joined("\"all_to_all\"").replace("delay = \"1.5 ms\"", "delay = { lognormal = [\"1.5 ms\", 1] }"));
    assert_eq!(
        delay.projections[0].delay,
        Delay::Ms(Values::Drawn(Distribution::lognormal(1.5, 1.0).within(0.1, open))),
        "the least delay is a tick where the file sets none"
    );
}

#[test]
fn noise_is_read_with_its_defaults() {
    let network = good(&with(
        "[[stimulus]]\nkind = \"noise\"\nto = \"i\"\nstd = \"100 pA\"\n\
         [[stimulus]]\nkind = \"noise\"\nto = \"e\"\nmean = \"1 nA\"\nstd = \"50 pA\"\ndt = \"0.2 ms\"\nstart = \"5 ms\"\nstop = \"1 s\"\n",
    ));
    let noise = |mean, sd, interval_ms, window_ms| Drive::Noise { mean, sd, interval_ms, window_ms };
    assert_eq!(network.stimuli[0].drive, noise(0.0, 100.0, 1.0, (None, None)));
    assert_eq!(network.stimuli[1].drive, noise(1000.0, 50.0, 0.2, (Some(5.0), Some(1000.0))));
}

#[test]
fn a_trained_network_has_plain_numbers_and_samples() {
    let network = good(
        "name = \"digits\"\nunits = \"none\"\nsemantics = \"snntorch\"\nreadout = \"out\"\n\
         [task]\nencode = \"rate\"\nsteps = 25\ndecode = \"count\"\n\
         [[population]]\nname = \"in\"\nshape = [2, 2]\nmodel = \"input\"\n\
         [[population]]\nname = \"out\"\nsize = 2\nmodel = \"lif\"\nparams = { tau_m = \"2 ms\", v_th = 1.5, r_m = 2 }\n\
         [[stimulus]]\nkind = \"dataset\"\nto = \"in\"\n\
         [[stimulus]]\nkind = \"regular\"\nrate = \"5 Hz\"\nto = { population = \"in\", ids = [3] }\n\
         [[stimulus]]\nkind = \"current\"\nto = \"out\"\nsteps = [{ at = \"0 ms\", value = 0.25 }]\n\
         [[projection]]\nfrom = \"in\"\nto = \"out\"\nconnect = { rule = \"dense\", rows = [[1, 2, 3, 4], [0.5, -1, 0, 0]] }\ndelay = { ticks = 0 }\n\
         [record]\nspikes = [\"in\", \"out\"]\nv = [\"out\"]\nevery = \"1 ms\"\n",
    );
    assert!(network.unitless);
    assert_eq!(
        (network.semantics.name, network.readout.as_deref(), network.input.as_deref()),
        ("snntorch", Some("out"), Some("in"))
    );
    assert_eq!(
        (network.hints.encode.as_deref(), network.hints.steps, network.hints.decode.as_deref()),
        (Some("rate"), Some(25), Some("count"))
    );
    assert_eq!((network.populations[0].size, &network.populations[0].shape[..]), (4, &[2, 2][..]));
    assert_eq!(network.populations[1].params["v_th"], Values::One(1.5));
    assert_eq!(network.stimuli[0].drive, Drive::Dataset);
    assert_eq!(network.stimuli[1].drive, Drive::Regular { rate_hz: 5.0, start_ms: 0.0, weight: 1.0, delay_ms: 0.0 });
    assert_eq!(network.stimuli[2].drive, Drive::Current(vec![CurrentStep { at_ms: 0.0, value: 0.25 }]));
    assert_eq!(network.projections[0].delay, Delay::Ticks(0));
    assert_eq!(network.record.traces[0].every_ms, Some(1.0));
}

#[test]
fn spikes_of_a_file_go_to_its_neurons() {
    let stimulus =
        |to: &str| with(&format!("[[stimulus]]\nkind = \"spikes\"\nfile = \"spikes.csv\"\nto = {to}\nweight = \"1 mV\"\n"));
    let events = |text: &str| match &good(text).stimuli[0].drive {
        Drive::Spikes { events, .. } => events.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(events(&stimulus("\"e\"")), [(Some(2), 1.0), (Some(0), 2.5)]);
    // With ids given, an event names a position among them.
    assert_eq!(events(&stimulus("{ population = \"e\", ids = [2, 0] }")), [(Some(0), 1.0), (Some(1), 2.5)]);
}

#[test]
fn infinities_need_no_unit() {
    let network = good(&with("params = { v_th = inf }\n"));
    assert_eq!(network.populations[1].params["v_th"], Values::One(f64::INFINITY));
}

/// Bad files, each with the fault that the snapshot shows.
fn bad() -> Vec<(&'static str, String)> {
    let replaced = |from: &str, to: &str| {
        assert!(BRUNEL.contains(from), "{from}");
        BRUNEL.replace(from, to)
    };
    vec![
        ("an empty file", String::new()),
        ("a bare number", replaced("tau_m = \"20 ms\"", "tau_m = 20")),
        ("a wrong unit", replaced("tau_m = \"20 ms\"", "tau_m = \"20 mV\"")),
        ("an unknown unit", replaced("\"20 kHz\"", "\"20 khz\"")),
        ("a quantity without quotes", replaced("\"0.1 ms\"", "0.1 ms")),
        ("two errors of syntax", replaced("size = 100", "size 100").replace("seed = 1", "seed = ")),
        ("a key twice", replaced("seed = 1", "seed = 1\nseed = 2")),
        ("an unknown parameter", replaced("t_ref", "tref")),
        ("NEST's name of a parameter", replaced("v_rest", "E_L")),
        ("an unknown model", replaced("lif_delta", "lif_dleta")),
        ("an unknown variable", replaced("init = { v =", "init = { w =")),
        ("an unknown key", replaced("connect = {", "conect = {")),
        ("an unknown section", replaced("[[population]]", "[[populations]]")),
        ("one section where a list is meant", replaced("[[population]]", "[population]")),
        ("an unknown population", replaced("from = \"e\"", "from = \"ex\"")),
        ("an unknown rule", replaced("fixed_indegree\"", "fixed_in_degree\"")),
        ("a rule without its number", replaced(", indegree = 10", "")),
        ("a rule that needs more than its name", replaced("{ rule = \"fixed_indegree\", indegree = 10 }", "\"fixed_indegree\"")),
        ("an unknown kind of stimulus", replaced("\"poisson\"", "\"poison\"")),
        ("a zero size", replaced("size = 100", "size = 0")),
        ("a negative size", replaced("size = 100", "size = -5")),
        ("an absurd size", replaced("size = 100", "size = 1_000_000_000_000")),
        ("a size that is no whole number", replaced("size = 100", "size = 1e2")),
        ("no size", replaced("size = 100\n", "")),
        (
            "no model, weight or delay",
            replaced("model = \"lif_delta\"", "")
                .replace("weight = \"0.1 mV\"    ", "")
                .replace("delay = \"1.5 ms\"\nallow", "allow"),
        ),
        ("a name twice", with("[[population]]\nname = \"e\"\nsize = 1\nmodel = \"lif_exp\"\n")),
        ("an id out of range", replaced("ids = [0, 1]", "ids = [0, 100]")),
        ("an id twice", replaced("ids = [0, 1]", "ids = [1, 1]")),
        ("a negative time constant", replaced("tau_m = \"20 ms\"", "tau_m = \"-20 ms\"")),
        ("a parameter that is no number", replaced("v_th = \"20 mV\"", "v_th = nan")),
        ("an infinite time", replaced("\"1 s\"", "inf")),
        ("a reset above the threshold", replaced("v_reset = \"10 mV\"", "v_reset = \"30 mV\"")),
        ("a delay lost on the grid", replaced("delay = \"1.5 ms\"\nallow", "delay = \"0.04 ms\"\nallow")),
        ("a negative delay", replaced("delay = \"1.5 ms\"\nallow", "delay = \"-1 ms\"\nallow")),
        ("a circle without delay", replaced("delay = \"1.5 ms\"\nallow", "delay = \"0 ms\"\nallow")),
        ("a unit where there are none", replaced("seed = 1", "seed = 1\nunits = \"none\"")),
        ("unknown units and semantics", replaced("seed = 1", "seed = 1\nunits = \"SI\"\nsemantics = \"snn\"")),
        (
            "distributions that are none",
            replaced("uniform = [\"0 mV\", \"20 mV\"]", "uniform = [\"0 mV\"]")
                .replace("\"0.1 mV\"    ", "{ gamma = 1 }")
                .replace("delay = \"1.5 ms\"\nallow", "delay = { uniform = [\"0 ms\", \"1 ms\"] }\nallow"),
        ),
        ("parameters of the wrong number", with("params = { v_th = [\"-50 mV\"] }\n")),
        ("limits that leave next to nothing", with("init = { v = { normal = [\"-70 mV\", \"1 mV\"], min = \"-60 mV\" } }\n")),
        ("a lognormal distribution with a unit too many", with("init = { v = { lognormal = [\"20 mV\", \"5 mV\"] } }\n")),
        ("a lognormal distribution of the wrong sign", with("params = { tau_m = { lognormal = [\"-10 ms\", 0.5] } }\n")),
        (
            "a conductance below zero",
            "[[population]]\nname = \"n\"\nsize = 1\nmodel = \"lif_cond_exp\"\ninit = { g_ex = \"-1 nS\" }\n".to_owned(),
        ),
        (
            "noise that changes between ticks",
            with(
                "[[stimulus]]\nkind = \"noise\"\nto = \"i\"\nstd = \"-1 pA\"\ndt = \"0.25 ms\"\nstart = \"2 ms\"\nstop = \"1 ms\"\n",
            ),
        ),
        ("a probability above one", joined("{ rule = \"fixed_probability\", p = 1.5 }")),
        ("one to one of two sizes", joined("\"one_to_one\"")),
        ("more partners than there are", joined("{ rule = \"fixed_indegree\", indegree = 4 }") + "allow_multiple = false\n"),
        ("a pair out of range", joined("{ rule = \"list\", pairs = [[0, 1], [3, 0]] }")),
        ("pairs that are none", joined("{ rule = \"list\", pairs = [[0], [0, -1], [0, 1, 5]] }")),
        ("a matrix and a weight", joined("{ rule = \"dense\", file = \"f32.npy\" }")),
        (
            "a transposed matrix",
            joined("{ rule = \"dense\", rows = [[1, 2], [3, 4], [5, 6]] }")
                .replace("weight = \"80 pA\"\n", "")
                .replace("dt =", "units = \"none\"\ndt ="),
        ),
        (
            "rows of two lengths",
            joined("{ rule = \"dense\", rows = [[1, 2, 3], [3, 4]] }")
                .replace("weight = \"80 pA\"\n", "")
                .replace("dt =", "units = \"none\"\ndt ="),
        ),
        (
            "files that are not there",
            joined("{ rule = \"list\", file = \"none.csv\" }")
                + "[[stimulus]]\nkind = \"spikes\"\nto = \"e\"\nfile = \"..\"\nweight = \"1 mV\"\n",
        ),
        ("a matrix that is no matrix", joined("{ rule = \"dense\", file = \"pairs.csv\" }")),
        ("a matrix that claims too much", joined("{ rule = \"dense\", file = \"claims.npy\" }")),
        ("a CSV file with wrong columns", joined("{ rule = \"list\", file = \"columns.csv\" }")),
        ("a CSV file with wrong rows", joined("{ rule = \"list\", file = \"rows.csv\" }")),
        (
            "spikes twice and never",
            with(
                "[[stimulus]]\nkind = \"spikes\"\nto = \"e\"\nweight = \"1 mV\"\n[[stimulus]]\nkind = \"spikes\"\nto = \"e\"\nweight = \"1 mV\"\ntimes = []\nfile = \"spikes.csv\"\n",
            ),
        ),
        (
            "spikes of neurons that are not meant",
            with(
                "[[stimulus]]\nkind = \"spikes\"\nto = { population = \"e\", ids = [0] }\nweight = \"1 mV\"\nfile = \"spikes.csv\"\n",
            ),
        ),
        ("current steps in disorder", replaced("at = \"50 ms\"", "at = \"0 ms\"")),
        ("a data set onto neurons", with("[[stimulus]]\nkind = \"dataset\"\nto = \"e\"\n")),
        (
            "a projection to an input",
            with(
                "[[population]]\nname = \"in\"\nsize = 2\nmodel = \"input\"\n[[projection]]\nfrom = \"e\"\nto = \"in\"\nconnect = \"all_to_all\"\nweight = 1\ndelay = \"1 ms\"\n",
            ),
        ),
        (
            "recordings that cannot be had",
            replaced("spikes = [\"e\"]", "spike = [\"e\"]\nevery = \"0.25 ms\"").replace("v = [ {", "v = [ \"x\", {"),
        ),
        ("a variable of another model", replaced("v = [ {", "i_ex = [ {")),
        ("spikes of a readout", with("[[population]]\nname = \"r\"\nsize = 2\nmodel = \"li\"\n[record]\nspikes = [\"r\"]\n")),
        ("unknown hints and parts", format!("readout = \"out\"\n{}", with("[task]\nencode = \"spikes\"\nstep = 3\n"))),
        (
            "faults in every section",
            replaced("\"20 ms\"", "20")
                .replace("\"20 kHz\"", "\"20 mV\"")
                .replace("allow_self = false", "allow_self = \"no\"")
                .replace("spikes = [\"e\"]", "spikes = [\"f\"]")
                .replace("size = 100", "sise = 100"),
        ),
    ]
}

#[test]
fn bad_files_say_what_is_wrong_where_and_what_to_do() {
    let mut all = String::new();
    for (name, text) in bad() {
        let complaints = read(&text).map(|network| panic!("{name} was read: {network:?}")).unwrap_err();
        all.push_str(&format!("── {name}\n{}\n\n", complaints.to_string().replace(&data().display().to_string(), "DATA")));
    }
    insta::assert_snapshot!("bad_files", all);
}

#[test]
fn files_are_read_and_what_is_no_text_is_refused() {
    let folder = data();
    assert_eq!(super::read(folder.join("brunel.toml")).expect("it is the example").name, "brunel-2000");
    for (name, word) in [("none.toml", "cannot be read"), ("f32.npy", "UTF-8"), ("", "cannot be read")] {
        let complaints = super::read(folder.join(name)).expect_err(name);
        assert!(complaints.to_string().contains(word), "{complaints}");
    }
}

#[test]
fn complaints_are_many_but_not_endless() {
    let text =
        with(&format!("[[stimulus]]\nkind = \"spikes\"\nto = \"e\"\nweight = \"1 mV\"\ntimes = [{}]\n", "1, ".repeat(5000)));
    let complaints = read(&text).expect_err("no time has a unit");
    assert_eq!(complaints.iter().count(), 101);
    assert!(complaints.to_string().contains("4900 more complaints"));
}

#[test]
fn deep_texts_do_not_exhaust_the_stack() {
    for deep in [
        format!("a{} = 1", ".a".repeat(200_000)),
        format!("a{} = 1", " . \"a\"".repeat(200_000)),
        format!("[a{}]", ".a".repeat(200_000)),
        format!("a = {}", "[".repeat(200_000)),
        format!("a = {}", "{ a = ".repeat(200_000)),
        format!("a = {}1{}", "{ a = ".repeat(70), "}".repeat(70)),
    ] {
        assert!(read(&deep).is_err());
    }
    // Dots elsewhere are fine.
    good(&with(&format!("# {}\n# {}", ".".repeat(500), "0.5, ".repeat(500))));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}") {
        let _ = read(&text);
    }

    #[test]
    fn no_lines_of_words_make_it_panic(words in proptest::collection::vec(
        prop_oneof![
            Just("[[population]]\n"), Just("[[stimulus]]\n"), Just("[[projection]]\n"), Just("[record]\n"), Just("name = "), Just("size = "),
            Just("connect = "), Just("{ rule = "), Just("\"list\""), Just("pairs = "), Just("[[0, 1]]"), Just("\"e\"\n"), Just("7\n"), Just("}"),
            Just("model = "), Just("\"lif_exp\"\n"), Just("to = "), Just("from = "), Just("kind = "), Just("\"spikes\"\n"), Just("inf\n"),
            Just("\n"), Just("["), Just("]"), Just("{"), Just("."), Just("v"), Just("="), Just(","), Just("nan"), Just("-1")
        ], 0..40)) {
        let _ = read(&words.concat());
    }

    /// A good file with a stretch cut out and another text put in.
    #[test]
    fn no_mutation_of_a_good_file_makes_it_panic(
        start in 0..BRUNEL.len(), cut in 0usize..40, put in "[0-9a-z\\[\\]{}\"=., \n#-]{0,8}") {
        let chars: Vec<char> = BRUNEL.chars().collect();
        let start = start.min(chars.len());
        let text: String = chars[..start].iter().copied().chain(put.chars()).chain(chars[(start + cut).min(chars.len())..].iter().copied()).collect();
        if let Err(complaints) = read(&text) {
            prop_assert!(!complaints.is_empty());
            let _ = complaints.to_string();
        }
    }

    /// What is written in one unit is read as in another.
    #[test]
    fn a_network_does_not_depend_on_its_units(tenths in 1u32..10_000) {
        let of = |text: String| good(&BRUNEL.replace("\"20 ms\"", &text)).populations[0].params["tau_m"].clone();
        let ms = f64::from(tenths) / 10.0;
        prop_assert_eq!(of(format!("\"{ms} ms\"")), of(format!("\"{} us\"", tenths * 100)));
    }
}
