#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::diagnostic::Result;
use crate::format::toml::parse_with;
use crate::network::{Connect, Drive, Network};
use crate::neuron::Values;
use proptest::prelude::*;
use std::path::Path;

const FILE: &str = r#"
dt = "0.1 ms"
[[population]]
name = "e"
size = 100
model = "lif_exp"
params = { tau_m = "20 ms" }
mean_rate = "5 Hz"
[[population]]
name = "in.1"
size = 10
model = "lif_exp"
[[stimulus]]
name = "drive left"
kind = "poisson"
rate = "1 kHz"
to = "e"
weight = "10 pA"
[[stimulus]]
kind = "current"
to = "e"
steps = [{ at = "0 ms", value = "1 pA" }, { at = "5 ms", value = "2 pA" }]
[[projection]]
from = "e"
to = "e"
connect = { rule = "fixed_indegree", indegree = 20 }
weight = "4 pA"
delay = "1 ms"
[[projection]]
from = "e"
to = "e"
connect = "all_to_all"
weight = "1 pA"
delay = "1 ms"
[record]
v = [{ population = "e", ids = [0, 50] }]
"#;

fn set(settings: &[&str]) -> Result<Network> {
    let settings: Vec<_> = settings.iter().map(|text| text.parse().unwrap()).collect();
    parse_with(FILE, Path::new("file.toml"), Path::new(""), &settings)
}

fn good(settings: &[&str]) -> Network {
    set(settings).unwrap_or_else(|wrong| panic!("{wrong}"))
}

fn refused(settings: &[&str]) -> String {
    set(settings).expect_err("it is wrong").to_string()
}

#[test]
fn every_key_can_be_set() {
    let n = good(&[
        "duration=2s",
        "seed = 7",
        "population.e.size=1000",
        "population.e.params.tau_m=10ms",
        "population.e.params.t_ref=\"1 ms\"",
        "population.e.init.v={ uniform = [\"-70 mV\", \"-60 mV\"] }",
        "population.'in.1'.size=3",
        "stimulus.drive left.rate=2kHz",
        "stimulus.stimulus_2.steps.1.value=7pA",
        "projection.e_e.connect.indegree=30",
        "projection.e_e_2.allow_self=false",
        "record.spikes=[\"e\"]",
        "record.v.0.ids=[999]",
        "name=another = name",
    ]);
    assert_eq!((n.duration_ms, n.seed, n.name.as_str()), (Some(2000.0), 7, "another = name"));
    let e = &n.populations[0];
    assert_eq!((e.size, &e.params["tau_m"], &e.params["t_ref"]), (1000, &Values::One(10.0), &Values::One(1.0)));
    assert!(matches!(e.init["v"], Values::Drawn(_)));
    assert_eq!(n.populations[1].size, 3);
    assert!(matches!(n.stimuli[0].drive, Drive::Poisson { rate_hz: 2000.0, .. }));
    assert!(matches!(&n.stimuli[1].drive, Drive::Current(steps) if steps[1].value == 7.0));
    assert_eq!((&n.projections[0].connect, n.projections[1].allow_self), (&Connect::FixedIndegree(30), false));
    assert_eq!((n.record.spikes.len(), &n.record.traces[0].ids[..]), (1, &[999][..]));
    assert_eq!(n.notes[0], "Set by hand: duration = 2s.", "what was set is told");
    assert_eq!(good(&["seed=1", "seed=2"]).seed, 2, "the last one counts");
}

#[test]
fn what_is_set_is_checked_as_if_it_stood_in_the_file() {
    for (setting, words) in [
        (
            "duration=2",
            "error: --set duration: `duration`: expected a time with its unit, found the bare number 2\n  help: write \"2 ms\"",
        ),
        ("duration=2 mV", "--set duration: "),
        ("population.e.size=-3", "--set population.e.size: `size`: expected a whole number"),
        ("population.e.size=0", "--set population.e.size: population `e` has no neurons"),
        (
            "population.e.params.taum=3ms",
            "--set population.e.params.taum: `lif_exp` has no parameter `taum`\n  help: did you mean `tau_m`?",
        ),
        ("population.e.params.tau_m=-3ms", "--set population.e.params.tau_m: "),
        ("population.e.sise=3", "--set population.e.sise: unknown key `sise` in population `e`\n  help: did you mean `size`?"),
        ("population.f.size=3", "--set population.f.size: there is no population `f`\n  help: did you mean `e`?"),
        (
            "populaton.e.size=3",
            "--set populaton.e.size: unknown key `populaton` in the network file\n  help: did you mean `population`?",
        ),
        ("projection.e_e.delay=0.04ms", "--set projection.e_e.delay: `delay`: 0.04 ms is less than half a tick"),
        ("projection.e_e_2.connect.p=1", "`projection.e_e_2.connect` is the text `all_to_all` and has no parts"),
        ("projection.e_e.connect.indegree.x=1", "`projection.e_e.connect.indegree` is the number 20 and has no parts"),
        ("stimulus.stimulus_2.steps.2.value=1pA", "`stimulus.stimulus_2.steps` is an array and has no element `2`"),
        ("population=3", "`population` is a list of sections"),
        ("population.e=3", "population `e` is a section: set one of its keys"),
        ("duration..x=3", "`duration..x` is no key"),
        ("population.'e.size=3", "is no key"),
        ("record.v=[1", "--set record.v: "),
        ("record.v=[\"e\"]\nx = 1", "--set record.v: expected one value"),
    ] {
        let wrong = refused(&[setting]);
        assert!(wrong.contains(words), "{setting}: {wrong}");
        assert!(!wrong.contains("file.toml:"), "the file is not to blame: {wrong}");
    }
    let all = refused(&["duration=2", "population.f.size=3", "seed=x"]);
    assert_eq!(all.matches("error:").count(), 3, "all at once: {all}");
    for text in ["", "=", "scale", "scale=", "=3"] {
        assert!(text.parse::<crate::format::Setting>().is_err());
    }
}

#[test]
fn a_network_is_scaled_by_its_key() {
    let one = ["projection.e_e_2.delay=2ms", "record.v.0.ids=[0]"];
    let n = good(&[&one[..], &["scale=0.25"]].concat());
    assert_eq!((n.populations[0].size, n.populations[1].size), (25, 2));
    assert_eq!(n.projections[0].connect, Connect::FixedIndegree(5));
    // Half of (20 · 4 pA + 100 · 1 pA) · 5 Hz and of 1000 Hz · 10 pA, for 2 ms each.
    assert_eq!(n.populations[0].params["i_e"], Values::One(0.5 * 2e-3 * (900.0 + 10_000.0)));
    assert!(n.notes.iter().any(|note| note.starts_with("Scaled by 0.25")), "{:?}", n.notes);
    assert!(!good(&one).populations[0].params.contains_key("i_e"));
    for (setting, words) in [
        ("scale=0", "error: --set scale: a scale is above 0"),
        ("scale=1e9", "--set scale: a scale is above 0 and at most 100"),
        ("scale=nan", "--set scale: "),
        ("scale=half", "--set scale: `scale`: expected a plain number"),
        ("population.e.mean_rate=-1Hz", "--set population.e.mean_rate: `mean_rate`: a rate is finite, zero or above"),
    ] {
        let wrong = refused(&[setting]);
        assert!(wrong.contains(words), "{setting}: {wrong}");
    }
    let gone = refused(&["scale=0.25"]);
    assert!(gone.contains("no neuron 50 in population `e`") && gone.contains("help: the network is scaled by 0.25"), "{gone}");
    let text = FILE.replace("mean_rate = \"5 Hz\"\n", "").replace(", 50]", "]");
    let wrong =
        parse_with(&text, Path::new("file.toml"), Path::new(""), &["scale=0.5".parse().unwrap()]).unwrap_err().to_string();
    assert!(wrong.contains("the mean rate of `e`") && wrong.contains("file.toml:3"), "{wrong}");
}

proptest! {
    #[test]
    fn no_setting_makes_it_panic(key in "[a-z_.'\"0-9 ]{0,20}", value in "\\PC{0,20}", known in 0..4usize) {
        let key = [key.clone(), format!("population.e.{key}"), format!("record.v.{key}"), format!("projection.e_e.{key}")][known].clone();
        if let Ok(setting) = format!("{key}={value}").parse() {
            let _ = parse_with(FILE, Path::new("file.toml"), Path::new(""), &[setting]);
        }
    }
}
