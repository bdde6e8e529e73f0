//! The panels of the network itself, by what they say and do: controls, graph, weights, why.

use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use spikewatt::energy::Catalogue;
use spikewatt_gui::panels::{PANELS, Panel};
use spikewatt_gui::session::{Command, Neuron, Session, Source, Stage};
use spikewatt_gui::view::{Action, Cx, View};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A panel with a network that runs beside it.
struct Bench {
    session: Session,
    view: View,
    panel: Box<dyn Panel>,
    catalogue: Catalogue,
    told: Vec<String>,
}

impl Bench {
    fn show(&mut self, ui: &mut eframe::egui::Ui) {
        let now = self.session.now();
        let Some(scene) = now.scene.clone() else { return };
        self.view.keep_up(&scene, &now);
        let history = self.session.history();
        let mut cx = Cx {
            scene: &scene,
            now: &now,
            history: &history,
            view: &mut self.view,
            catalogue: &self.catalogue,
            actions: Vec::new(),
        };
        self.panel.ui(ui, &mut cx);
        let actions = std::mem::take(&mut cx.actions);
        drop(history);
        for action in actions {
            match action {
                Action::Session(command) => self.session.send(command),
                Action::Tell(text) => self.told.push(text),
                _ => {}
            }
        }
    }

    fn spikes(&self, population: usize) -> usize {
        self.session.history().spikes.between(population, 0, u64::MAX).0.len()
    }
}

type Shown = Harness<'static, Bench>;

fn show(panel: &str, text: &str) -> Shown {
    let spec = PANELS.iter().find(|spec| spec.id == panel).expect("a panel of the list");
    let session = Session::open(Source::of_text("test.toml", text), Arc::new(|| {}));
    let bench =
        Bench { session, view: View::default(), panel: (spec.make)(), catalogue: Catalogue::built_in(), told: Vec::new() };
    let mut shown = Harness::builder().with_size([900.0, 700.0]).build_ui_state(|ui, bench: &mut Bench| bench.show(ui), bench);
    until(&mut shown, |bench| match bench.session.now().stage {
        Stage::Failed(wrong) => panic!("{wrong}"),
        stage => stage == Stage::Ready,
    });
    shown.run_steps(3);
    shown
}

/// Draws frames until something holds.
fn until(shown: &mut Shown, holds: impl Fn(&Bench) -> bool) {
    let began = Instant::now();
    while !holds(shown.state()) {
        assert!(began.elapsed() < Duration::from_secs(20), "it did not come to it");
        shown.step();
        std::thread::sleep(Duration::from_millis(3));
    }
    shown.run_steps(2);
}

/// Draws frames until a text that contains this is there.
fn until_said(shown: &mut Shown, text: &str) {
    let began = Instant::now();
    while shown.query_all_by_label_contains(text).next().is_none() {
        assert!(began.elapsed() < Duration::from_secs(20), "{text:?} is not said");
        shown.step();
        std::thread::sleep(Duration::from_millis(3));
    }
}

/// Lets ticks pass, and gives the spikes of a population in them.
fn pass(shown: &mut Shown, ticks: u64, population: usize) -> usize {
    let (tick, before) = (shown.state().session.now().tick, shown.state().spikes(population));
    shown.state().session.send(Command::Step(ticks));
    until(shown, |bench| bench.session.now().tick == tick + ticks);
    shown.state().spikes(population) - before
}

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
    shown.get_by_label("Undo").click();
    until(&mut shown, |bench| bench.session.now().scene.is_some_and(|scene| Arc::as_ptr(&scene.net) == before));
    let again = pass(&mut shown, 2000, 0);
    assert!(again.abs_diff(at_first) <= 1, "{again} after {at_first}");
}

#[test]
fn what_is_typed_wrongly_is_told_beside_the_control_and_changes_nothing() {
    let mut shown = show("controls", ONE);
    for (text, told) in [("20 s", "expected a voltage, found a time"), ("-5 mV", "must be below")] {
        let field = shown.get_by_label("v_th of n as text");
        field.focus();
        shown.run_steps(2);
        shown.get_by_label("v_th of n as text").set_text_value_accesskit(text);
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
    let field = shown.get_by_label("v_th of n as text");
    field.focus();
    shown.run_steps(2);
    shown.get_by_label("v_th of n as text").set_text_value_accesskit("0.025 V");
    shown.run_steps(2);
    shown.key_press(eframe::egui::Key::Enter);
    shown.run_steps(3);
    assert_eq!(shown.state().view.edits.now().set["n"]["v_th"], 25.0);
    shown.get_by_label("Reset v_th of n").click();
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
    assert!(shown.query_by_label_contains("give it a grid").is_some());
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
