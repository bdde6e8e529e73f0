//! Raster, traces and rates: what they show is what happened.

use eframe::egui::{
    Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, Rect, Theme, TouchPhase, pos2, vec2,
};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use spikewatt_gui::app::Viewer;
use spikewatt_gui::session::{Command, Neuron, Source, Spiked};
use spikewatt_gui::view::Window;
use std::time::{Duration, Instant};

/// Neuron 3 of `a` spikes at ticks 20 and 70, neuron 8 at tick 45; what they send lifts `b` and does not reach its threshold.
const NETWORK: &str = r#"
name = "two"
dt = "0.1 ms"
[[population]]
name = "a"
size = 10
model = "lif_delta"
params = { tau_m = "20 ms", v_rest = "-70 mV", v_th = "-50 mV", v_reset = "-75 mV", t_ref = "2 ms" }
[[population]]
name = "b"
size = 10
model = "lif_delta"
params = { tau_m = "20 ms", v_rest = "-70 mV", v_th = "-50 mV", v_reset = "-70 mV", t_ref = "2 ms" }
[[stimulus]]
name = "train"
kind = "spikes"
times = ["1.0 ms", "6.0 ms"]
to = { population = "a", ids = [3] }
weight = "50 mV"
delay = "1 ms"
[[stimulus]]
name = "once"
kind = "spikes"
times = ["3.5 ms"]
to = { population = "a", ids = [8] }
weight = "50 mV"
delay = "1 ms"
[[projection]]
name = "ab"
from = "a"
to = "b"
connect = { rule = "all_to_all" }
weight = "-2 mV"
delay = "1.5 ms"
"#;

type Shown = Harness<'static, Option<Viewer>>;

fn open(theme: Theme) -> Shown {
    let app = |ui: &mut eframe::egui::Ui, viewer: &mut Option<Viewer>| {
        let ctx = ui.ctx().clone();
        viewer.get_or_insert_with(|| Viewer::new(&ctx, Some(Source::of_text("two.toml", NETWORK)))).show(ui);
    };
    let mut shown: Shown =
        Harness::builder().with_size([1400.0, 900.0]).with_theme(theme).with_max_steps(4).build_ui_state(app, None);
    until(&mut shown, |viewer| viewer.session().is_some());
    let view = shown.state_mut().as_mut().and_then(Viewer::view_mut).expect("open");
    view.window = Window { from: 0.0, to: 100.0, follows: true };
    view.watched.clear();
    shown
}

fn viewer(shown: &Shown) -> &Viewer {
    shown.state().as_ref().expect("made in the first frame")
}

/// Draws frames until something holds, for twenty seconds at most.
fn until(shown: &mut Shown, holds: impl Fn(&Viewer) -> bool) {
    let began = Instant::now();
    loop {
        shown.step();
        if shown.state().as_ref().is_some_and(&holds) {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "it never came to that");
        std::thread::sleep(Duration::from_millis(5));
    }
    shown.run_steps(3);
}

fn pass(shown: &mut Shown, ticks: u64) {
    let until_tick = viewer(shown).now().expect("open").tick + ticks;
    viewer(shown).session().expect("open").send(Command::Step(ticks));
    until(shown, |viewer| viewer.now().is_some_and(|now| now.tick == until_tick));
}

fn label(shown: &Shown, begins: &str) -> String {
    shown.get_by_label_contains(begins).accesskit_node().label().expect("it was found by it")
}

/// Where the raster's spikes are drawn: without the names at the left and the axis below.
fn chart(shown: &Shown) -> Rect {
    let rect = shown.get_by_label_contains("Raster: ").rect();
    Rect::from_min_max(rect.min + vec2(84.0, 0.0), rect.max - vec2(0.0, 18.0))
}

/// Where a spike of the 100 ticks in view is drawn: `a` is the lower half.
fn place(shown: &Shown, tick: u64, population: usize, id: u32) -> Pos2 {
    let rect = chart(shown);
    let down = if population == 0 { 0.5 } else { 0.0 } + (10.0 - id as f32 - 0.5) / 20.0;
    pos2(rect.left() + tick as f32 / 100.0 * rect.width(), rect.top() + down * rect.height())
}

fn click(shown: &mut Shown, at: Pos2) {
    shown.event(Event::PointerMoved(at));
    shown.step();
    for pressed in [true, false] {
        shown.event(Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE });
        shown.step();
    }
    shown.run_steps(3);
}

fn wheel(shown: &mut Shown, at: Pos2, by: f32, modifiers: Modifiers) {
    shown.event(Event::PointerMoved(at));
    shown.step();
    let wheel = Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, by),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Unknown,
        modifiers,
    };
    shown.event_modifiers(wheel, modifiers);
    shown.run_steps(40);
}

#[test]
fn the_raster_counts_what_the_store_holds() {
    for theme in [Theme::Dark, Theme::Light] {
        let mut shown = open(theme);
        assert!(label(&shown, "Raster: ").starts_with("Raster: 0 spikes of 20 neurons"), "{}", label(&shown, "Raster: "));
        pass(&mut shown, 60);
        let stored: usize = (0..2).map(|p| viewer(&shown).session().expect("open").history().spikes.count(p, 0, 100)).sum();
        assert_eq!(stored, 2);
        assert!(
            label(&shown, "Raster: ").starts_with("Raster: 2 spikes of 20 neurons, 0 to 10 ms"),
            "{}",
            label(&shown, "Raster: ")
        );
        pass(&mut shown, 40);
        assert!(
            label(&shown, "Raster: ").starts_with("Raster: 3 spikes of 20 neurons, 0 to 10 ms"),
            "{}",
            label(&shown, "Raster: ")
        );
        shown.state_mut().as_mut().expect("made").view_mut().expect("open").window =
            Window { from: 30.0, to: 60.0, follows: false };
        shown.run_steps(2);
        assert!(
            label(&shown, "Raster: ").starts_with("Raster: 1 spikes of 20 neurons, 3 to 6 ms"),
            "{}",
            label(&shown, "Raster: ")
        );
    }
}

#[test]
fn a_click_chooses_the_spike_under_it_and_arrows_step_on() {
    let mut shown = open(Theme::Dark);
    pass(&mut shown, 100);
    let nowhere = place(&shown, 90, 1, 2);
    click(&mut shown, nowhere);
    assert_eq!(viewer(&shown).view().spike, None);
    let at = place(&shown, 20, 0, 3);
    click(&mut shown, at);
    let spike = |tick, id| Some(Spiked { tick, population: 0, id });
    assert_eq!(viewer(&shown).view().spike, spike(20, 3));
    assert_eq!(viewer(&shown).view().neuron, Some(Neuron { population: 0, id: 3 }));
    assert!(label(&shown, "Raster: ").ends_with("chosen: a 3 at 2 ms"), "{}", label(&shown, "Raster: "));
    for (key, expected) in [
        (Key::ArrowRight, spike(70, 3)),
        (Key::ArrowUp, spike(45, 8)),
        (Key::ArrowDown, spike(70, 3)),
        (Key::ArrowLeft, spike(20, 3)),
        (Key::ArrowLeft, spike(20, 3)),
    ] {
        if key == Key::ArrowDown {
            // From neuron 8 at tick 45, ticks 20 and 70 are as near: the first is taken.
            shown.key_press(key);
            shown.run_steps(3);
            assert_eq!(viewer(&shown).view().spike, spike(20, 3));
            shown.key_press(Key::ArrowRight);
            shown.run_steps(3);
        } else {
            shown.key_press(key);
            shown.run_steps(3);
        }
        assert_eq!(viewer(&shown).view().spike, expected, "after {key:?}");
    }
}

#[test]
fn a_neuron_that_is_chosen_late_has_a_past() {
    let mut shown = open(Theme::Light);
    pass(&mut shown, 60);
    let neuron = Neuron { population: 1, id: 4 };
    shown.state_mut().as_mut().and_then(Viewer::view_mut).expect("open").choose(neuron);
    shown.run_steps(3);
    let history = viewer(&shown).history().expect("open");
    let trace = history.traces.of(neuron).expect("it is recorded");
    let values: Vec<(u64, f64)> = trace.between(1, 60).collect();
    assert_eq!(values.iter().map(|(tick, _)| *tick).collect::<Vec<_>>(), (1..=60).collect::<Vec<_>>());
    // What neuron 3 of `a` sends at tick 20 arrives at tick 35 and lowers it by 2 mV, less what has leaked since.
    let after = -70.0 - 2.0 * (-(0.1 * 5.0) / 20.0f64).exp();
    assert!((values[34].1 + 72.0).abs() < 1e-9 && (values[39].1 - after).abs() < 1e-9, "{:?}", &values[33..41]);
}

#[test]
fn zoom_keeps_the_moment_under_the_pointer() {
    let mut shown = open(Theme::Dark);
    pass(&mut shown, 100);
    shown.state_mut().as_mut().expect("made").view_mut().expect("open").window.follows = false;
    let at = place(&shown, 70, 0, 3);
    let moment = |shown: &Shown| {
        let (window, rect) = (viewer(shown).view().window, chart(shown));
        window.from + f64::from((at.x - rect.left()) / rect.width()) * window.length()
    };
    let before = (moment(&shown), viewer(&shown).view().window.length());
    wheel(&mut shown, at, 120.0, Modifiers::NONE);
    assert!(viewer(&shown).view().window.length() < before.1 * 0.8, "{:?}", viewer(&shown).view().window);
    assert!((moment(&shown) - before.0).abs() < 0.5, "{} was {}", moment(&shown), before.0);
    // With Ctrl neurons are zoomed and time stays.
    let window = viewer(&shown).view().window;
    let at = place(&shown, 70, 0, 3);
    wheel(&mut shown, at, 200.0, Modifiers::CTRL);
    assert_eq!(viewer(&shown).view().window, window);
    let told = label(&shown, "Raster: ");
    assert!(!told.contains(" of 20 neurons"), "{told}");
    shown.get_by_label("All neurons").click();
    shown.run_steps(3);
    assert!(label(&shown, "Raster: ").contains(" of 20 neurons"));
}

#[test]
fn traces_show_value_threshold_and_reset() {
    let mut shown = open(Theme::Light);
    pass(&mut shown, 25);
    shown.state_mut().as_mut().expect("made").view_mut().expect("open").choose(Neuron { population: 0, id: 3 });
    viewer(&shown)
        .session()
        .expect("open")
        .send(Command::Watch(vec![Neuron { population: 0, id: 3 }, Neuron { population: 1, id: 0 }]));
    shown.state_mut().as_mut().expect("made").view_mut().expect("open").watched.push(Neuron { population: 1, id: 0 });
    pass(&mut shown, 35);
    let told = label(&shown, "Traces at ");
    // 20 ticks after its rest ended: -70 mV - 5 mV e^(-2/20); `b` was met by -2 mV at tick 35 and at 60.
    let value = |name: &str| -> f64 {
        let rest = told.split_once(&format!("{name}: ")).expect("it is there").1;
        rest.split_once(" mV").expect("a value").0.parse().expect("a number")
    };
    let expected = -70.0 - 5.0 * (-2.0f64 / 20.0).exp();
    assert!((value("a 3") - expected).abs() < 0.03, "{told}, expected {expected}");
    let expected = -70.0 - 2.0 * (-2.5f64 / 20.0).exp() - 2.0;
    assert!((value("b 0") - expected).abs() < 0.03, "{told}, expected {expected}");
    assert!(told.contains("threshold -50 mV, reset to -75 mV") && told.contains("Traces at 6 ms"), "{told}");
    // At a moment of the past it is the value of then.
    shown.state_mut().as_mut().expect("made").view_mut().expect("open").cursor = Some(34);
    shown.run_steps(2);
    let told = label(&shown, "Traces at ");
    assert!(told.contains("3.4 ms") && told.contains("b 0: -70 mV"), "{told}");
    shown.get_by_label("Drop b 0").click();
    shown.run_steps(3);
    assert!(!label(&shown, "Traces at ").contains("b 0"));
}

#[test]
fn rates_are_counts_by_size_and_time() {
    let mut shown = open(Theme::Dark);
    pass(&mut shown, 100);
    shown.get_by_label("Rates").click();
    shown.run_steps(4);
    // Ticks 51 to 100 hold one spike of ten neurons: 1 / 10 / 5 ms.
    let told = label(&shown, "Rates in bins of 5 ms");
    assert!(told.contains("at 10 ms: a 20.0 Hz, b 0.0 Hz"), "{told}");
    let told = label(&shown, "Intervals: ");
    assert!(told.contains("1 intervals, mean 5.000 ms"), "{told}");
    shown.state_mut().as_mut().expect("made").view_mut().expect("open").cursor = Some(30);
    shown.run_steps(3);
    assert!(label(&shown, "Rates in bins of 5 ms").contains("at 5 ms: a 40.0 Hz"), "ticks 1 to 50 hold two");
    assert!(label(&shown, "Intervals: ").contains("no neuron has spiked twice"));
}
