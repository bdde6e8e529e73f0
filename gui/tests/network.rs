//! The panels of the network itself, by what they say and do: controls, graph, weights, why.

mod bench;

use bench::{pass, show, until, until_said};
use egui_kittest::kittest::{NodeT, Queryable};
use spikewatt_gui::session::Neuron;
use std::sync::Arc;

const ONE: &str = r#"
name = "one"
dt = "0.1 ms"
[[population]]
name = "n"
size = 1
model = "lif_delta"
params = { tau_m = "20 ms", c_m = "200 pF", v_rest = "0 mV", v_th = "20 mV", v_reset = "0 mV", t_ref = "2 ms" }
[[stimulus]]
name = "step"
kind = "current"
to = "n"
steps = [{ at = "0 ms", value = "300 pA" }]
"#;

/// A stimulus, and three neurons one behind the other; a second neuron of each population gets nothing.
const CHAIN: &str = r#"
name = "chain"
dt = "0.1 ms"
[[population]]
name = "a"
size = 2
model = "lif_delta"
params = { tau_m = "20 ms", v_rest = "0 mV", v_th = "20 mV", v_reset = "0 mV", t_ref = "2 ms" }
[[population]]
name = "b"
size = 2
model = "lif_delta"
params = { tau_m = "20 ms", v_rest = "0 mV", v_th = "20 mV", v_reset = "0 mV", t_ref = "2 ms" }
[[population]]
name = "c"
size = 2
model = "lif_delta"
params = { tau_m = "20 ms", v_rest = "0 mV", v_th = "20 mV", v_reset = "0 mV", t_ref = "2 ms" }
[[stimulus]]
name = "train"
kind = "spikes"
times = ["1 ms"]
to = { population = "a", ids = [0] }
weight = "25 mV"
delay = "1 ms"
[[projection]]
name = "ab"
from = "a"
to = "b"
connect = { rule = "one_to_one" }
weight = "22 mV"
delay = "1.5 ms"
[[projection]]
name = "bc"
from = "b"
to = "c"
connect = { rule = "one_to_one" }
weight = "23 mV"
delay = "2 ms"
"#;

#[test]
fn a_slider_changes_the_threshold_of_the_running_network_and_undo_changes_it_back() {
    let mut shown = show("controls", ONE);
    let at_first = pass(&mut shown, 2000, 0);
    assert!(at_first > 5, "{at_first} spikes");
    // The membrane aims at 30 mV, and does not reach 35 mV.
    let before = Arc::as_ptr(&shown.state().session.now().scene.expect("it is ready").net);
    shown.get_by_label("v_th of n").set_value_accesskit(35.0);
    until(&mut shown, |bench| bench.session.now().scene.is_some_and(|scene| Arc::as_ptr(&scene.net) != before));
    assert_eq!(shown.state().told, ["v_th of n from 20 mV to 35 mV"]);
    shown.get_by_label("v_th of n from 20 mV to 35 mV");
    assert_eq!(pass(&mut shown, 2000, 0), 0);
    shown.get_by_label("Undo, Controls").click();
    until(&mut shown, |bench| bench.session.now().scene.is_some_and(|scene| Arc::as_ptr(&scene.net) == before));
    let again = pass(&mut shown, 2000, 0);
    assert!(again.abs_diff(at_first) <= 1, "{again} after {at_first}");
}

#[test]
fn what_is_typed_wrongly_is_told_beside_the_control_and_changes_nothing() {
    let mut shown = show("controls", ONE);
    for (text, told) in [("20 s", "expected a voltage, found a time"), ("-5 mV", "must be below")] {
        let field = shown.get_by_label("v_th of n as text, Controls");
        field.focus();
        shown.run_steps(2);
        shown.get_by_label("v_th of n as text, Controls").set_text_value_accesskit(text);
        shown.run_steps(2);
        shown.key_press(eframe::egui::Key::Enter);
        shown.run_steps(3);
        assert!(
            shown
                .query_all_by_label_contains(told)
                .any(|node| node.accesskit_node().role() == eframe::egui::accesskit::Role::Label),
            "{text}: {told} is not told"
        );
        assert!(shown.state().view.edits.now().is_empty(), "{text}");
    }
    let field = shown.get_by_label("v_th of n as text, Controls");
    field.focus();
    shown.run_steps(2);
    shown.get_by_label("v_th of n as text, Controls").set_text_value_accesskit("0.025 V");
    shown.run_steps(2);
    shown.key_press(eframe::egui::Key::Enter);
    shown.run_steps(3);
    assert_eq!(shown.state().view.edits.now().set["n"]["v_th"], 25.0);
    shown.get_by_label("Reset v_th of n, Controls").click();
    shown.run_steps(3);
    assert!(shown.state().view.edits.now().is_empty());
}

#[test]
fn a_kick_makes_a_spike() {
    let mut shown = show("controls", CHAIN);
    shown.state_mut().view.neuron = Some(Neuron { population: 1, id: 1 });
    shown.run_steps(2);
    shown.get_by_label("Kick neuron").click();
    shown.run_steps(2);
    assert_eq!(pass(&mut shown, 1, 1), 1);
    assert_eq!(shown.state().session.history().spikes.between(1, 0, 9).1, [1]);
}

#[test]
fn a_network_in_exact_time_says_how_it_could_be_changed() {
    let shown = show("controls", &ONE.replace("dt = \"0.1 ms\"\n", ""));
    assert!(shown.query_by_label_contains("Give its file a grid").is_some());
    assert!(shown.query_by_label("v_th of n").is_none());
}

#[test]
fn the_graph_tells_populations_and_rates() {
    let mut shown = show("graph", CHAIN);
    pass(&mut shown, 1000, 2);
    shown.get_by_label_contains("3 populations, 2 projections; a: 2 × lif_delta, 0.0 Hz");
    let mut shown = show("graph", ONE);
    let spikes = pass(&mut shown, 2000, 0);
    // One in 24 ms: two in the last 50 ms.
    assert_eq!(spikes, 8);
    shown.get_by_label_contains("n: 1 × lif_delta, 40.0 Hz");
}

#[test]
fn neurons_are_chosen_and_kicked_by_keyboard() {
    use eframe::egui::Key;
    let mut shown = show("graph", CHAIN);
    shown.get_by_label_contains("Network graph").focus();
    shown.run_steps(3);
    for key in [Key::Tab, Key::ArrowRight, Key::Enter] {
        shown.key_press(key);
        shown.run_steps(2);
    }
    assert_eq!(shown.state().view.neuron, Some(Neuron { population: 1, id: 1 }));
    shown.get_by_label_contains("at b 1");
    shown.key_press(Key::K);
    shown.run_steps(2);
    assert_eq!(pass(&mut shown, 1, 1), 1);
}

#[test]
fn weights_are_told_by_shape_and_cell() {
    let mut shown = show("weights", CHAIN);
    shown.state_mut().view.projection = 1;
    until_said(&mut shown, "weight 23 mV, 2 ms");
    until_said(&mut shown, "Weight matrix 2 × 2 (from b to c: 2 weights, 0.0 % zero)");
    shown.get_by_label("Choose target").click();
    shown.run_steps(2);
    assert_eq!(shown.state().view.neuron, Some(Neuron { population: 2, id: 0 }));
}

#[test]
fn each_spike_of_a_chain_is_explained_by_the_one_before_and_the_chain_ends_at_the_stimulus() {
    let mut shown = show("why", CHAIN);
    assert_eq!(pass(&mut shown, 300, 2), 1);
    shown.get_by_label("Last spike").click();
    // The stimulus at 1 ms arrives at 2 ms; its spike arrives 1.5 ms later, and that of b 2 ms later.
    until_said(&mut shown, "c 0 at 5.5 ms spiked");
    until_said(&mut shown, "membrane 23.0000 mV, threshold 20 mV");
    shown.get_by_label("5.5");
    shown.get_by_label("3.5");
    shown.get_by_label("b 0").click();
    until_said(&mut shown, "b 0 at 3.5 ms spiked");
    shown.get_by_label_contains("this spike reaches 1 synapses");
    shown.get_by_label("a 0").click();
    until_said(&mut shown, "a 0 at 2 ms spiked: membrane 25.0000 mV");
    shown.get_by_label("stimulus train");
    shown.get_by_label("c 0 at 5.5 ms");
    shown.key_press(eframe::egui::Key::Backspace);
    until_said(&mut shown, "b 0 at 3.5 ms spiked");
    assert!(!shown.get_by_label("Back").accesskit_node().is_disabled());
}

#[test]
fn causes_are_gone_through_by_keys() {
    use eframe::egui::Key;
    let mut shown = show("why", CHAIN);
    assert_eq!(pass(&mut shown, 300, 2), 1);
    shown.get_by_label("Last spike").click();
    until_said(&mut shown, "c 0 at 5.5 ms spiked");
    shown.run_steps(2);
    let focused = |shown: &bench::Shown, label: &str| shown.get_by_label(label).accesskit_node().is_focused();
    // Nobody has the focus: the list takes it, and the largest cause comes first.
    shown.ctx.memory_mut(|memory| memory.stop_text_input());
    shown.key_press(Key::ArrowDown);
    shown.run_steps(2);
    assert!(focused(&shown, "b 0"));
    shown.key_press(Key::ArrowDown);
    shown.run_steps(2);
    assert!(!focused(&shown, "b 0"), "the next cause has it, which nobody can follow");
    shown.key_press(Key::Enter);
    shown.run_steps(3);
    shown.get_by_label_contains("c 0 at 5.5 ms spiked");
    shown.key_press(Key::ArrowUp);
    shown.run_steps(2);
    assert!(focused(&shown, "b 0"));
    shown.key_press(Key::Enter);
    until_said(&mut shown, "b 0 at 3.5 ms spiked");
    shown.run_steps(2);
    assert!(focused(&shown, "a 0"), "the list of the cause goes on from there");
    shown.key_press(Key::Enter);
    until_said(&mut shown, "a 0 at 2 ms spiked");
    shown.run_steps(2);
    assert!(focused(&shown, "stimulus train"));
    shown.key_press(Key::Backspace);
    until_said(&mut shown, "b 0 at 3.5 ms spiked");
    shown.run_steps(2);
    assert!(focused(&shown, "a 0"), "back on the cause that was followed");
}

/// Ten events a millisecond, of which a tick has none, one or several.
const DRIVEN: &str = r#"
name = "driven"
dt = "0.1 ms"
seed = 5
[[population]]
name = "n"
size = 1
model = "lif_delta"
params = { tau_m = "20 ms", v_rest = "0 mV", v_th = "20 mV", v_reset = "0 mV", t_ref = "2 ms" }
[[population]]
name = "other"
size = 3
model = "lif_delta"
[[stimulus]]
name = "often"
kind = "poisson"
rate = "10 kHz"
to = "n"
weight = "0.3 mV"
delay = "1 ms"
[[stimulus]]
name = "listed"
kind = "spikes"
times = ["1 ms", "2 ms", "30 ms"]
to = "n"
weight = "-1 mV"
delay = "1 ms"
[[stimulus]]
name = "elsewhere"
kind = "poisson"
rate = "1 kHz"
to = "other"
weight = "1 mV"
delay = "1 ms"
"#;

#[test]
fn exactly_the_events_of_stimuli_that_arrived_are_marked_in_the_traces() {
    let mut shown = show("traces", DRIVEN);
    let neuron = Neuron { population: 0, id: 0 };
    shown.state_mut().view.choose(neuron);
    shown.state().session.send(spikewatt_gui::session::Command::Watch(vec![neuron]));
    pass(&mut shown, 500, 0);
    // A change must not be taken for having been there before.
    shown.state_mut().view.edits.set(spikewatt_gui::project::Edits {
        rates: [("often".to_owned(), 3.0)].into(),
        strengths: [("listed".to_owned(), 2.0)].into(),
        ..Default::default()
    });
    until(&mut shown, |bench| bench.session.now().edits_heard == 1);
    pass(&mut shown, 500, 0);
    let now = shown.state().session.now();
    let arrived = now.counts.populations[0].stimulus_events;
    let history = shown.state().session.history();
    let events: Vec<_> = history.traces.of(neuron).expect("it is followed").stimuli(0, u64::MAX).collect();
    drop(history);
    let of = |stimulus: usize| events.iter().filter(|e| e.stimulus == stimulus).map(|e| u64::from(e.events)).sum::<u64>();
    assert_eq!((of(0) + of(1), of(1), of(2)), (arrived, 3, 0));
    assert!(events.is_sorted_by_key(|e| e.tick) && events.iter().all(|e| (1..=1000).contains(&e.tick)));
    assert!(events.iter().any(|e| (e.stimulus, e.tick, e.weight) == (1, 310, -1.0)), "it arrived before the change");
    let before = events.iter().filter(|e| e.stimulus == 0 && e.tick <= 500).map(|e| e.events).sum::<u32>();
    assert!((400..600).contains(&before), "{before} of 490 expected in the first half");
    // All of the run is in view.
    shown.state_mut().view.window = spikewatt_gui::view::Window { from: 0.0, to: 1000.0, follows: false };
    shown.run_steps(3);
    shown.get_by_label_contains(&format!(
        "arriving in view: {} from stimulus often, 3 from stimulus listed",
        spikewatt_gui::number::grouped(of(0))
    ));
}
