//! Recordings are played, and what is opened says what it does and can be given up.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod whole;

use eframe::egui::{Key, Modifiers, Theme};
use egui_kittest::kittest::Queryable;
use spikewatt_gui::session::Source;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use whole::{Window, until, viewer};

fn window() -> Window {
    whole::window(Theme::Dark)
}

fn press(window: &mut Window, key: Key) {
    whole::press(window, Modifiers::NONE, key);
}

/// A second in ticks of a microsecond: neuron 2 spikes every 100 ms, and neuron 700,000 once, at 305 ms, far from where ids are looked at first.
fn recording(folder: &Path) -> PathBuf {
    use spikewatt::record::{FileRecorder, Recorder, Selection};
    let text = "name = \"r\"\ndt = \"0.1 ms\"\n[[population]]\nname = \"n\"\nsize = 1000000\nmodel = \"lif_delta\"\nparams = { tau_m = \"10 ms\", v_th = \"1 mV\" }\n";
    let network = spikewatt::format::toml::parse(text, Path::new("r.toml"), ".").unwrap();
    let net = spikewatt::compile::CompiledNetwork::new(&network, None, None).unwrap();
    let path = folder.join("out.h5");
    let mut recorder = FileRecorder::begin(&path, &net, &Selection { spikes: vec![0], probes: Vec::new() }).unwrap();
    for tick in 1..=10_000u64 {
        match tick {
            3_050 => recorder.spikes(0, tick, &[700_000]),
            _ if tick % 1_000 == 0 => recorder.spikes(0, tick, &[2]),
            // Between them another speaks so often that few of its spikes are looked at when the file is opened.
            _ if tick % 1_000 > 500 && tick % 1_000 < 900 => recorder.spikes(0, tick, &(0..120).collect::<Vec<u32>>()),
            _ => {}
        }
    }
    recorder.finish("", false).unwrap();
    path
}

fn opened(folder: &Path) -> Window {
    let path = recording(folder);
    let mut window = window();
    viewer(&mut window).open_files(&[path]);
    until(&mut window, "it opens", |v| v.sources().next().is_some());
    window
}

fn cursor(window: &Window) -> Option<u64> {
    window.state().as_ref().expect("made in the first frame").view().cursor
}

#[test]
fn a_recording_is_played_and_nothing_is_simulated() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    let end = viewer(&mut window).now().unwrap().tick;
    assert_eq!(end, 1_000_000, "a second of microseconds");
    window.get_by_label("Play").click();
    until(&mut window, "the moment moves", |v| v.view().cursor.is_some_and(|tick| tick > 20_000));
    assert!(viewer(&mut window).now().unwrap().playing);
    window.get_by_label("Pause").click();
    window.run_steps(2);
    let held = cursor(&window).unwrap();
    std::thread::sleep(Duration::from_millis(30));
    window.run_steps(2);
    assert_eq!(cursor(&window), Some(held), "it is held");
    press(&mut window, Key::Period);
    assert_eq!(cursor(&window), Some(held + 1), "on by a tick");
    press(&mut window, Key::M);
    assert_eq!(cursor(&window), Some(held + 1_001), "on by a millisecond");
    press(&mut window, Key::R);
    assert_eq!(cursor(&window), Some(0), "back at the beginning");
    // At real time, as the clock on the wall has it.
    press(&mut window, Key::Space);
    let began = Instant::now();
    until(&mut window, "a tenth of a second", |v| v.view().cursor.is_some_and(|tick| tick >= 100_000));
    assert!(began.elapsed() > Duration::from_millis(80), "not faster than it was");
    until(&mut window, "the end", |v| v.view().cursor.is_none());
    let now = viewer(&mut window).now().unwrap();
    assert!(!now.playing && now.tick == end && now.complaints.iter().all(|c| !c.contains("simulated")), "{:?}", now.complaints);
}

#[test]
fn membranes_of_a_recording_are_shown_as_they_were_recorded() {
    use spikewatt::record::{FileRecorder, Probe, Recorder, Selection};
    use spikewatt_gui::session::Neuron;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.h5");
    let text = "name = \"r\"\ndt = \"0.1 ms\"\n[[population]]\nname = \"n\"\nsize = 10\nmodel = \"lif_delta\"\n";
    let network = spikewatt::format::toml::parse(text, Path::new("r.toml"), ".").unwrap();
    let net = spikewatt::compile::CompiledNetwork::new(&network, None, None).unwrap();
    let probes = vec![Probe { population: 0, variable: "v".into(), ids: vec![2, 7], every: 10 }];
    let mut recorder = FileRecorder::begin(&path, &net, &Selection { spikes: vec![0], probes }).unwrap();
    for tick in 1..=1_000u64 {
        if tick % 100 == 0 {
            recorder.spikes(0, tick, &[0, 7]);
        }
        if tick % 10 == 1 {
            recorder.sample(0, tick, &[-70.0, -(tick as f64)]);
        }
    }
    recorder.finish("", false).unwrap();
    let mut window = window();
    viewer(&mut window).open_files(&[path]);
    let first = Neuron { population: 0, id: 2 };
    let last = Neuron { population: 0, id: 7 };
    let values = move |viewer: &spikewatt_gui::app::Viewer, neuron| -> Vec<(u64, f64)> {
        viewer.history().and_then(|history| Some(history.traces.of(neuron)?.between(0, u64::MAX).collect())).unwrap_or_default()
    };
    until(&mut window, "membranes are there", |v| values(v, last).len() == 100);
    assert_eq!(viewer(&mut window).view().watched, [first], "one of them is shown at once");
    // Without a report time goes by microseconds.
    assert_eq!(values(viewer(&mut window), last)[..2], [(100, -1.0), (1_100, -11.0)]);
    assert!(values(viewer(&mut window), first).iter().all(|(_, v)| *v == -70.0));
    // A shorter stretch has its own, and what is beside it.
    viewer(&mut window).view_mut().unwrap().window = spikewatt_gui::view::Window { from: 50_000.0, to: 60_000.0, follows: false };
    until(&mut window, "a stretch", |v| values(v, last).len() == 12);
    assert_eq!(values(viewer(&mut window), last)[0], (49_100, -491.0));
}

#[test]
fn the_next_spike_of_a_recording_is_found_wherever_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    viewer(&mut window).view_mut().unwrap().cursor = Some(250_000);
    for expected in [250_100, 250_200] {
        press(&mut window, Key::N);
        until(&mut window, "the next spike", move |v| v.view().cursor == Some(expected));
    }
    viewer(&mut window).view_mut().unwrap().cursor = Some(300_000);
    press(&mut window, Key::N);
    until(&mut window, "one alone", |v| v.view().cursor == Some(305_000));
    // What is in view goes along.
    viewer(&mut window).view_mut().unwrap().window = spikewatt_gui::view::Window { from: 0.0, to: 1_000.0, follows: false };
    press(&mut window, Key::N);
    until(&mut window, "the window too", |v| v.view().cursor == Some(350_100) && v.view().window.from > 300_000.0);
}

#[test]
fn populations_of_a_recording_grow_to_their_largest_id() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = opened(folder.path());
    until(&mut window, "all is walked", |v| {
        v.now().is_some_and(|now| now.scene.is_some_and(|scene| scene.net.populations[0].size == 700_001))
    });
    let view = viewer(&mut window).view_mut().unwrap();
    view.window = spikewatt_gui::view::Window { from: 304_000.0, to: 306_000.0, follows: false };
    until(&mut window, "the neuron is shown", |v| {
        v.history().is_some_and(|h| h.spikes.between(0, 304_000, 306_000).1 == [700_000])
    });
    assert!(viewer(&mut window).now().unwrap().complaints.iter().all(|c| !c.contains("no neuron")));
}

/// Enough synapses to take a while.
const SLOW: &str = r#"
name = "slow"
dt = "0.1 ms"
[[population]]
name = "a"
size = 20000
model = "lif_delta"
params = { tau_m = "20 ms", v_rest = "-70 mV", v_th = "-50 mV", v_reset = "-70 mV", t_ref = "2 ms" }
[[population]]
name = "b"
size = 20000
model = "lif_delta"
params = { tau_m = "20 ms", v_rest = "-70 mV", v_th = "-50 mV", v_reset = "-70 mV", t_ref = "2 ms" }
[[projection]]
name = "ab"
from = "a"
to = "b"
connect = { rule = "fixed_probability", p = 0.05 }
weight = "0.1 mV"
delay = "1 ms"
[[projection]]
name = "ba"
from = "b"
to = "a"
connect = { rule = "fixed_probability", p = 0.05 }
weight = "0.1 mV"
delay = "1 ms"
"#;

#[test]
fn what_opens_says_what_it_does_and_can_be_given_up() {
    let mut window = window();
    viewer(&mut window).open(Source::of_text("slow.toml", SLOW));
    let began = Instant::now();
    loop {
        window.step();
        if window.query_by_label_contains("building the network: 40,000,000 synapses").is_some() {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "it is never told");
        assert!(viewer(&mut window).sources().next().is_none(), "it was ready before it was told");
    }
    window.get_by_label_contains("Opening slow.toml");
    window.get_by_label("Cancel").click();
    window.run_steps(2);
    assert!(!viewer(&mut window).is_opening());
    window.get_by_label_contains("Gave up opening slow.toml");
    window.get_by_label_contains("Open a network …");
    // Something else opens as ever.
    viewer(&mut window).open(Source::of_text("small.toml", &SLOW.replace("20000", "20").replace("slow", "small")));
    until(&mut window, "another opens", |v| v.now().is_some_and(|now| now.scene.is_some_and(|s| s.net.name == "small")));
}
