//! Values of the network: the panel of all of them, and what the running network does with edits.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod bench;

use bench::{Shown, pass, show, show_source, until};
use eframe::egui::Key;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use spikewatt_gui::session::{Command, Neuron, Source, Speed};
use std::fmt::Write;
use std::path::Path;

const TWO: &str = r#"
name = "two"
dt = "0.1 ms"
[[population]]
name = "e"
size = 4
model = "lif_delta"
params = { tau_m = "20 ms", v_rest = "0 mV", v_th = "20 mV", v_reset = "0 mV", t_ref = "2 ms" }
[[population]]
name = "inner"
size = 3
model = "lif_delta"
params = { tau_m = { uniform = ["8 ms", "12 ms"] }, v_rest = "0 mV", v_th = "20 mV", v_reset = "0 mV" }
[[projection]]
name = "ei"
from = "e"
to = "inner"
connect = { rule = "all_to_all" }
weight = "2 mV"
delay = "1.5 ms"
[[stimulus]]
name = "step"
kind = "current"
to = "e"
steps = [{ at = "0 ms", value = "400 pA" }]
[[stimulus]]
name = "drive"
kind = "poisson"
rate = "0 Hz"
to = "inner"
weight = "1 mV"
delay = "1 ms"
"#;

/// Writes into the cell of a value.
fn write(shown: &mut Shown, label: &str, text: &str) {
    let field = format!("{label} as text, Parameters");
    shown.get_by_label(&field).focus();
    shown.run_steps(2);
    shown.get_by_label(&field).set_text_value_accesskit(text);
    shown.run_steps(2);
    shown.key_press(Key::Enter);
    shown.run_steps(3);
}

fn cell(shown: &Shown, label: &str) -> String {
    shown.get_by_label(&format!("{label} as text, Parameters")).accesskit_node().value().expect("a text")
}

fn says(shown: &Shown, text: &str) -> bool {
    shown.query_all_by_label_contains(text).any(|node| node.accesskit_node().role() == Role::Label)
}

/// Waits until the running network has heard so many edits.
fn heard(shown: &mut Shown, edits: u64) {
    until(shown, |bench| bench.session.now().edits_heard == edits);
}

#[test]
fn a_cell_takes_a_quantity_changes_the_running_network_and_goes_back() {
    let mut shown = show("parameters", TWO);
    let at_first = pass(&mut shown, 2000, 0);
    assert!(at_first > 10);
    assert_eq!(cell(&shown, "v_th of e"), "20 mV");
    write(&mut shown, "v_th of e", "0.1 V");
    heard(&mut shown, 1);
    assert_eq!(cell(&shown, "v_th of e"), "100 mV");
    assert_eq!(pass(&mut shown, 2000, 0), 0);
    // A bare number is in the unit that is shown.
    write(&mut shown, "v_th of e", "15");
    heard(&mut shown, 2);
    assert_eq!(cell(&shown, "v_th of e"), "15 mV");
    assert!(pass(&mut shown, 2000, 0) > at_first);
    shown.get_by_label("Undo, Parameters").click();
    shown.run_steps(3);
    assert_eq!(cell(&shown, "v_th of e"), "100 mV");
    shown.get_by_label("Reset v_th of e, Parameters").click();
    shown.run_steps(3);
    assert!(shown.state().view.edits.now().is_empty());
    assert!(shown.get_by_label("Reset v_th of e, Parameters").accesskit_node().is_disabled());
}

#[test]
fn what_is_refused_is_told_below_the_cell_in_the_words_of_the_library() {
    let mut shown = show("parameters", TWO);
    for (text, told) in [("20 s", "expected a voltage, found a time"), ("-5 mV", "must be below"), ("wide", "expected a voltage")]
    {
        write(&mut shown, "v_th of e", text);
        assert!(says(&shown, told), "{text}: {told} is not told");
        assert!(shown.state().view.edits.now().is_empty());
    }
    write(&mut shown, "tau_m of e", "0 ms");
    assert!(says(&shown, "0 is not a finite number above zero"));
    // Once it is another value the complaint is out of date.
    write(&mut shown, "v_th of e", "21 mV");
    assert!(!says(&shown, "expected a voltage"));
}

#[test]
fn what_has_no_bound_says_none_and_takes_it() {
    let mut shown = show("parameters", TWO);
    assert_eq!(cell(&shown, "v_min of e"), "none");
    write(&mut shown, "v_min of e", "-5 mV");
    assert_eq!(cell(&shown, "v_min of e"), "-5 mV");
    write(&mut shown, "v_min of e", "None");
    assert_eq!(cell(&shown, "v_min of e"), "none");
    assert!(shown.state().view.edits.now().is_empty(), "it is what the file has");
    // A threshold that is not there is never reached.
    write(&mut shown, "v_th of e", "none");
    let threshold = |bench: &bench::Bench| bench.session.now().scene.and_then(|scene| scene.net.populations[0].param("v_th", 0));
    until(&mut shown, |bench| threshold(bench) == Some(f64::INFINITY));
    assert_eq!(shown.state().view.edits.now().set["e"]["v_th"], f64::INFINITY);
    assert_eq!(pass(&mut shown, 2000, 0), 0);
    write(&mut shown, "tau_m of e", "none");
    assert!(says(&shown, "expected a time, found `none`"));
}

#[test]
fn neurons_with_values_of_their_own_show_their_span_and_are_multiplied() {
    let mut shown = show("parameters", TWO);
    let own = |shown: &Shown| {
        let scene = shown.state().session.now().scene.expect("ready");
        scene.net.populations[1].param("tau_m", 2).expect("a value")
    };
    let before = own(&shown);
    assert_eq!(cell(&shown, "tau_m of inner"), "× 1");
    let spans = shown.query_all_by_label_contains(" … ").filter_map(|node| node.accesskit_node().value()).collect::<Vec<_>>();
    assert_eq!(spans.len(), 1, "{spans:?}");
    assert!(spans[0].ends_with(" ms") && spans[0].starts_with(['8', '9']), "{spans:?}");
    write(&mut shown, "tau_m of inner", "2");
    heard(&mut shown, 1);
    assert_eq!(own(&shown), 2.0 * before);
}

#[test]
fn projections_and_stimuli_have_their_tables() {
    let mut shown = show("parameters", TWO);
    shown.get_by_label("Projections (1)").click();
    shown.run_steps(3);
    for text in ["ei", "2 mV", "1.5 ms", "all to all", "12", "jump of the membrane"] {
        shown.get_by_label(text);
    }
    write(&mut shown, "weights of ei", "0.5");
    assert_eq!(shown.state().view.edits.now().weights["ei"], 0.5);
    shown.get_by_label("Stimuli (2)").click();
    shown.run_steps(3);
    assert_eq!(cell(&shown, "current of step"), "400 pA");
    assert!(shown.query_by_label("rate of drive as text, Parameters").is_none(), "nothing stays nothing");
    write(&mut shown, "strength of drive", "2 mV");
    assert_eq!(shown.state().view.edits.now().strengths["drive"], 2.0);
    let bench = shown.state_mut();
    let (now, history) = (bench.session.now(), bench.session.history());
    let scene = now.scene.clone().expect("ready");
    let (catalogue, actions) = (&bench.catalogue, Vec::new());
    let cx = spikewatt_gui::view::Cx { scene: &scene, now: &now, history: &history, view: &mut bench.view, catalogue, actions };
    let table = bench.panel.table(&cx).expect("a table");
    let column = |name: &str| table.columns.iter().position(|c| c == name).unwrap_or_else(|| panic!("no column {name}"));
    let row = |of: &str, name: &str| {
        let is = |r: &&Vec<String>| r[column("kind of thing")] == of && r.iter().any(|cell| cell == name);
        table.rows.iter().find(is).unwrap_or_else(|| panic!("no {of} {name}"))
    };
    assert_eq!(row("projection", "ei")[column("weight factor")], "× 0.5");
    let strength = table.rows.iter().find(|r| r[column("stimulus")] == "drive" && r[column("quantity")] == "strength").unwrap();
    assert_eq!((strength[column("now")].as_str(), strength[column("in the file")].as_str()), ("2 mV", "1 mV"));
    assert_eq!(row("population", "v_th")[column("neurons")], "4");
    assert!(table.rows.iter().all(|r| r.len() == table.columns.len()));
}

/// As many populations as a large NIR network has.
fn many(populations: usize) -> String {
    let mut text = String::from("name = \"many\"\ndt = \"0.1 ms\"\n");
    for at in 0..populations {
        let _ = write!(text, "[[population]]\nname = \"p{at}\"\nsize = 2\nmodel = \"lif_delta\"\n");
    }
    text
}

#[test]
fn of_hundreds_of_populations_only_the_lines_in_view_are_laid_out_and_the_filter_finds_the_others() {
    let mut shown = show("parameters", &many(600));
    shown.get_by_label("Populations (600)");
    let fields = |shown: &Shown| shown.query_all_by_label_contains(" as text").count();
    assert!((5..60).contains(&fields(&shown)), "{} fields", fields(&shown));
    assert!(shown.query_by_label("v_th of p577 as text, Parameters").is_none());
    shown.get_by_label("Filter").focus();
    shown.run_steps(2);
    shown.get_by_label("Filter").set_text_value_accesskit("p577 TAU");
    shown.run_steps(3);
    assert_eq!(fields(&shown), 1);
    shown.get_by_label("tau_m of p577 as text, Parameters");
    shown.get_by_label("Filter").set_text_value_accesskit("nobody");
    shown.run_steps(3);
    shown.get_by_label("Nothing has such a name.");
    shown.get_by_label("Clear filter").click();
    shown.run_steps(3);
    assert!(fields(&shown) > 5);
}

#[test]
fn a_network_in_exact_time_shows_its_values_and_says_how_it_could_be_changed() {
    let shown = show("parameters", &TWO.replace("dt = \"0.1 ms\"\n", ""));
    assert!(shown.query_by_label_contains("Give its file a grid").is_some());
    assert!(shown.query_by_label("v_th of e as text, Parameters").is_none());
    assert_eq!(shown.query_all_by_label("v_th").count(), 2);
}

#[test]
fn what_is_refused_does_not_hold_the_run() {
    let mut shown = show("controls", &TWO.replace("t_ref = \"2 ms\"", "t_ref = \"1000 s\""));
    let bench = shown.state();
    bench.session.send(Command::Speed(Speed::Times(1.0)));
    bench.session.send(Command::Play);
    let neuron = Neuron { population: 0, id: 0 };
    bench.session.send(Command::Kick(neuron));
    // It spikes, and is refractory from then on.
    until(&mut shown, |bench| bench.session.now().tick > 100);
    for complaints in 1..30 {
        shown.state().session.send(Command::Kick(neuron));
        until(&mut shown, |bench| bench.session.now().complained == complaints);
    }
    let bad = spikewatt_gui::project::Edits { rates: [("nobody".to_owned(), 2.0)].into(), ..Default::default() };
    shown.state_mut().view.edits.set(bad);
    until(&mut shown, |bench| bench.session.now().edits_refused.is_some());
    let now = shown.state().session.now();
    assert!(now.complaints.iter().any(|c| c.contains("refractory")), "{:?}", now.complaints);
    assert!(now.playing, "it plays on");
    assert!(says(&shown, "there is no stimulus `nobody`"), "and it is told in the panel");
    until(&mut shown, |bench| bench.session.now().tick > now.tick + 10);
    shown.get_by_label("Undo, Controls").click();
    until(&mut shown, |bench| bench.session.now().edits_refused.is_none());
}

fn digits() -> Source {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    Source { input: Some(root.join("datasets/digits.h5")), ..Source::of_network(root.join("networks/digits.nir")) }
}

#[test]
fn samples_are_made_stronger_and_weaker_while_they_are_shown() {
    let mut shown = show_source("parameters", digits());
    let scene = shown.state().session.now().scene.expect("ready");
    let (ticks, input) = (scene.ticks.expect("samples have an end"), scene.net.input.expect("it takes samples"));
    shown.get_by_label_contains("Stimuli (").click();
    shown.run_steps(3);
    // Spikes that go in while so many ticks of the first sample pass: one for each value, the earlier the larger it is.
    let again = |shown: &mut Shown| shown.state().session.send(Command::Sample(0));
    let going_in = |shown: &mut Shown, ticks: u64| pass(shown, ticks, input);
    // None of half its value comes in the first half.
    let half = ticks / 2 - 1;
    let usual = [going_in(&mut shown, half), going_in(&mut shown, ticks - half)];
    assert!(usual[0] > 5 && usual[1] > 5, "{usual:?}");
    write(&mut shown, "strength of the samples", "0.5");
    heard(&mut shown, 1);
    again(&mut shown);
    assert_eq!([going_in(&mut shown, half), going_in(&mut shown, ticks - half)], [0, usual[0] + usual[1]]);
    // In the middle of a sample, at once.
    shown.get_by_label("Undo, Parameters").click();
    heard(&mut shown, 2);
    again(&mut shown);
    assert_eq!(going_in(&mut shown, half), usual[0]);
    write(&mut shown, "strength of the samples", "0");
    heard(&mut shown, 3);
    assert_eq!(going_in(&mut shown, ticks - half), 0);
    again(&mut shown);
    assert_eq!(going_in(&mut shown, half), 0);
    // What is given anew goes on from where the sample is: these come in its second half.
    write(&mut shown, "strength of the samples", "0.5");
    heard(&mut shown, 4);
    assert_eq!(going_in(&mut shown, ticks - half), usual[0] + usual[1]);
    shown.get_by_label("Undo, Parameters").click();
    heard(&mut shown, 5);
    shown.get_by_label("Reset all, Parameters").click();
    heard(&mut shown, 6);
    again(&mut shown);
    assert_eq!([going_in(&mut shown, half), going_in(&mut shown, ticks - half)], usual);
    let now = shown.state().session.now();
    assert!(now.complaints.is_empty(), "{:?}", now.complaints);
}
