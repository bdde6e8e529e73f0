//! What a newcomer meets: the ways in, a lesson from the first click to the last, and a network that shows itself at a pace for the eye.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod whole;

use eframe::egui::Theme;
use egui_kittest::kittest::Queryable;
use spikewatt_gui::app::Viewer;
use spikewatt_gui::lessons::{LESSONS, example};
use spikewatt_gui::session::{Command, Neuron, Source};
use whole::{Window, until_seen as until, viewer, window};

fn is_open(window: &Window) -> bool {
    window.state().as_ref().is_some_and(|viewer| viewer.session().is_some())
}

fn tells(window: &Window, text: &str) -> bool {
    window.query_by_label_contains(text).is_some()
}

#[test]
fn a_lesson_is_seen_from_the_first_click_to_the_last() {
    let lesson = &LESSONS[0];
    let mut window = window(Theme::Light);
    window.get_by_label_contains(lesson.title).click();
    until(&mut window, "it opens", is_open);
    until(&mut window, "its first step is told", |w| tells(w, lesson.steps[0].text));
    let before = viewer(&mut window).view().clone();
    assert_eq!(before.watched, [Neuron { population: 0, id: 0 }]);
    for (at, _) in lesson.steps.iter().enumerate() {
        window.get_by_label("Show me").click();
        window.run_steps(2);
        viewer(&mut window).session().unwrap().send(Command::Speed(spikewatt_gui::session::Speed::Times(2.0)));
        match lesson.steps.get(at + 1) {
            Some(next) => until(&mut window, "the next step is told", |w| tells(w, next.text)),
            None => until(&mut window, "what was learnt is told", |w| tells(w, lesson.learnt)),
        }
    }
    assert_eq!(viewer(&mut window).view().course.done(), [lesson.id]);

    window.get_by_label(&format!("Next: {}", LESSONS[1].title)).click();
    until(&mut window, "the next lesson is told", |w| tells(w, LESSONS[1].steps[0].text));
    assert_eq!(viewer(&mut window).view().course.done(), [lesson.id], "what is done stays done");

    window.get_by_label("Leave").click();
    window.run_steps(3);
    assert!(!tells(&window, LESSONS[1].steps[0].text) && is_open(&window), "the network stays");
}

#[test]
fn a_lesson_that_begins_again_is_at_its_first_step_and_shows_what_it_showed() {
    let lesson = &LESSONS[0];
    let mut window = window(Theme::Light);
    window.get_by_label_contains(lesson.title).click();
    until(&mut window, "it opens", |w| tells(w, lesson.steps[0].text));
    let (shown, opened) = (viewer(&mut window).view().window.length(), viewer(&mut window).now().unwrap().scene.unwrap());
    viewer(&mut window).session().unwrap().send(Command::Step(2000));
    until(&mut window, "the first step is done", |w| tells(w, lesson.steps[1].text));
    viewer(&mut window).view_mut().unwrap().watched.clear();
    window.get_by_label("Begin again").click();
    until(&mut window, "it begins again", |w| {
        let scene = w.state().as_ref().and_then(Viewer::now).and_then(|now| now.scene);
        tells(w, lesson.steps[0].text) && scene.is_some_and(|scene| !std::sync::Arc::ptr_eq(&scene, &opened))
    });
    let view = viewer(&mut window).view();
    assert_eq!((view.window.length(), view.watched.len()), (shown, 1));
}

#[test]
fn a_network_of_a_persons_own_is_no_lesson_whatever_it_is_called() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("leak.toml");
    std::fs::write(&path, include_str!("../src/lessons/leak.toml")).unwrap();
    let mut window = window(Theme::Light);
    viewer(&mut window).open_files(&[path]);
    until(&mut window, "it opens", is_open);
    window.run_steps(3);
    assert!(!tells(&window, LESSONS[0].steps[0].text));
}

#[test]
fn the_digits_open_at_a_pace_for_the_eye() {
    let mut window = window(Theme::Light);
    window.get_by_label("Watch digits being read").click();
    until(&mut window, "they open", is_open);
    let scene = viewer(&mut window).now().unwrap().scene.unwrap();
    assert_eq!(scene.source, example().unwrap());
    let view = viewer(&mut window).view().clone();
    assert_eq!(view.window.length(), 6.0 * scene.ticks.unwrap() as f64, "six samples are in view");
    assert_eq!(view.watched, [Neuron { population: scene.net.readout.unwrap(), id: 0 }], "an output's membrane is followed");
    let samples_a_second = 0.003 / (scene.ticks.unwrap() as f64 * scene.dt_s());
    assert!((1.0..3.0).contains(&samples_a_second), "{samples_a_second} samples a second");
    window.get_by_value("0.0030");
    assert!(!tells(&window, "Lesson 9"), "it is no lesson");
}

#[test]
fn in_exact_time_what_is_in_view_is_no_moment() {
    let network = "name = \"exact\"\n[[population]]\nname = \"n\"\nsize = 2\nmodel = \"lif_delta\"\n[[stimulus]]\nname = \"s\"\nkind = \"regular\"\nrate = \"100 Hz\"\nto = \"n\"\nweight = \"30 mV\"\ndelay = \"1 ms\"\n";
    let mut window = window(Theme::Light);
    viewer(&mut window).open(Source::of_text("exact.toml", network));
    until(&mut window, "it opens", is_open);
    let scene = viewer(&mut window).now().unwrap().scene.unwrap();
    assert!(scene.net.exact);
    let shown = scene.ms(viewer(&mut window).view().window.length() as u64);
    assert!((shown - 200.0).abs() < 1e-6, "{shown} ms");
}

#[test]
fn a_chip_that_the_network_fits_is_proposed_and_a_persons_choice_stays() {
    let of =
        |n: usize| format!("name = \"n{n}\"\ndt = \"1 ms\"\n[[population]]\nname = \"n\"\nsize = {n}\nmodel = \"lif_delta\"\n");
    let open = |window: &mut Window, n: usize| {
        viewer(window).open(Source::of_text("n.toml", &of(n)));
        until(window, "it opens", |w| {
            let scene = w.state().as_ref().and_then(Viewer::now).and_then(|now| now.scene);
            scene.is_some_and(|scene| scene.net.name == format!("n{n}"))
        });
    };
    let usual = spikewatt_gui::view::View::default().spiking_device;
    let device = |w: &Window| w.state().as_ref().map(|viewer| viewer.view().spiking_device.clone());
    let mut window = window(Theme::Light);
    open(&mut window, 2000);
    until(&mut window, "another chip is proposed", |w| device(w).is_some_and(|id| id != usual));
    until(&mut window, "the network fits it", |w| {
        let moment = w.state().as_ref().and_then(|viewer| viewer.view().bill.last_moment());
        moment.is_some_and(|moment| Some(&moment.spiking.device) == device(w).as_ref() && moment.spiking.why_not.is_none())
    });
    open(&mut window, 10);
    assert_eq!(device(&window).as_ref(), Some(&usual), "the usual one, where it fits");
    viewer(&mut window).view_mut().unwrap().spiking_device = "loihi2".into();
    open(&mut window, 2001);
    window.run_steps(20);
    assert_eq!(device(&window).as_deref(), Some("loihi2"));
}
