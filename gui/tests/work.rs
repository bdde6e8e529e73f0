//! Work with the window: opening, saving, undoing, exporting, comparing, and all of it by keyboard.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod whole;

use eframe::egui::{self, Key, Modifiers, Theme};
use egui_kittest::kittest::Queryable;
use spikewatt_gui::export::Form;
use spikewatt_gui::keys::SHORTCUTS;
use spikewatt_gui::panels::PANELS;
use spikewatt_gui::session::{Command, Neuron, Stage};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use whole::{NET, Window, folder, name, open, press, set_threshold, until, viewer, window};

#[test]
fn a_bad_file_tells_what_the_command_line_tells_and_leaves_what_is_open() {
    let (folder, path) = folder();
    let bad = folder.path().join("bad.toml");
    let text = NET.replace("10 mV", "10").replace("lif_delta", "lif_dleta");
    std::fs::write(&bad, text).unwrap();
    let mut window = window(Theme::Dark);
    // With nothing open there is a place to begin.
    window.get_by_label_contains("Open a network …");
    viewer(&mut window).open_files(std::slice::from_ref(&bad));
    until(&mut window, "it is told", |v| !v.problems().is_empty());
    assert!(matches!(viewer(&mut window).now().unwrap().stage, Stage::Failed(_)));
    open(&mut window, &path, "small");
    assert!(viewer(&mut window).problems().is_empty(), "what was wrong is settled");
    viewer(&mut window).open_files(std::slice::from_ref(&bad));
    until(&mut window, "it is told", |v| !v.problems().is_empty());
    let told = viewer(&mut window).problems().to_string();
    let expected = spikewatt::format::open_network(&bad, &spikewatt::format::OpenOptions::default()).unwrap_err().to_string();
    assert_eq!(told, expected);
    assert!(told.contains("bad.toml:") && told.contains("help"), "{told}");
    let n = viewer(&mut window).problems().iter().count();
    window.get_by_label(&if n == 1 { "1 problem".into() } else { format!("{n} problems") });
    window.get_by_label("Copy");
    assert_eq!(name(window.state().as_ref().unwrap()).as_deref(), Some("small"), "it is still open");
    viewer(&mut window).open_files(&[folder.path().join("nothing.nir"), folder.path().join("x.xyz")]);
    window.step();
    assert_eq!(viewer(&mut window).problems().iter().count(), 2);
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("nobody asks".into())
    }
}

#[test]
fn files_that_are_dropped_together_belong_together() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut window = window(Theme::Light);
    for file in ["networks/digits-mlp.onnx", "datasets/digits.h5", "networks/digits.nir"] {
        window.input_mut().dropped_files.push(Arc::new(Dropped(root.join(file))));
    }
    window.step();
    until(&mut window, "it opens", |v| v.sources().next().is_some());
    let source = viewer(&mut window).sources().next().unwrap().clone();
    assert!(source.network.ends_with("digits.nir") && source.input.unwrap().ends_with("digits.h5"));
    assert!(source.dense.unwrap().ends_with("digits-mlp.onnx"));
}

#[test]
fn a_path_can_be_written_by_keyboard_alone() {
    let (_folder, path) = folder();
    let mut window = window(Theme::Dark);
    press(&mut window, Modifiers::COMMAND, Key::O);
    window.get_by_label("Cancel");
    window.event(egui::Event::Text(path.display().to_string()));
    window.step();
    window.key_press(Key::Enter);
    until(&mut window, "it opens", |v| name(v).as_deref() == Some("small"));
}

#[test]
fn changes_are_undone_and_done_again() {
    let (_folder, path) = folder();
    let mut window = window(Theme::Dark);
    open(&mut window, &path, "small");
    set_threshold(&mut window, 5.0);
    set_threshold(&mut window, 6.0);
    let of = |window: &mut Window| viewer(window).view().edits.now().set.get("e").and_then(|e| e.get("v_th").copied());
    window.step();
    window.get_by_label("Edit").click();
    window.step();
    window.step();
    window.get_by_label_contains("Undo: v_th of e");
    press(&mut window, Modifiers::NONE, Key::Escape);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(of(&mut window), Some(5.0));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(of(&mut window), None);
    press(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    press(&mut window, Modifiers::COMMAND, Key::Y);
    assert_eq!(of(&mut window), Some(6.0));
}

#[test]
fn an_undo_reaches_the_running_network_once_from_wherever_it_is_made() {
    let (_folder, path) = folder();
    let mut window = window(Theme::Dark);
    open(&mut window, &path, "small");
    let runs = |window: &mut Window| {
        let now = viewer(window).now().unwrap();
        (now.edits_heard, now.scene.unwrap().net.populations[0].param("v_th", 0).unwrap())
    };
    let settled = |window: &mut Window, heard: u64| {
        until(window, "it is heard", |v| v.now().is_some_and(|now| now.edits_heard == heard));
        // What would come twice would come now.
        window.run_steps(5);
        std::thread::sleep(Duration::from_millis(30));
        window.run_steps(5);
    };
    set_threshold(&mut window, 5.0);
    settled(&mut window, 1);
    assert_eq!(runs(&mut window), (1, 5.0));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    settled(&mut window, 2);
    assert_eq!(runs(&mut window), (2, 10.0));
    window.get_by_label("Edit").click();
    window.run_steps(2);
    window.get_by_label_contains("Do again: v_th of e").click();
    settled(&mut window, 3);
    assert_eq!(runs(&mut window), (3, 5.0));
    // The same from the panel's own button.
    window.get_by_label("Undo, Controls").click();
    settled(&mut window, 4);
    assert_eq!(runs(&mut window), (4, 10.0));
}

#[test]
fn a_project_gives_the_same_view_again() {
    let (folder, path) = folder();
    let mut first = window(Theme::Dark);
    open(&mut first, &path, "small");
    set_threshold(&mut first, 5.0);
    let neuron = Neuron { population: 0, id: 3 };
    let view = viewer(&mut first).view_mut().unwrap();
    view.watched.clear();
    view.choose(neuron);
    view.spiking_device = "loihi".into();
    press(&mut first, Modifiers::COMMAND, Key::Num2);
    let closed = PANELS[1].id;
    first.step();
    assert!(viewer(&mut first).panel_rect(closed).is_none(), "its panel is closed");
    let ctx = first.ctx.clone();
    let project = folder.path().join("mine.spikewatt.toml");
    assert!(viewer(&mut first).save(&ctx, &project));
    let mut second = window(Theme::Dark);
    open(&mut second, &project, "small");
    let view = viewer(&mut second).view();
    assert_eq!((&view.watched[..], view.spiking_device.as_str()), (&[neuron][..], "loihi"));
    assert_eq!(view.edits.now(), viewer(&mut first).view().edits.now());
    assert!(viewer(&mut second).panel_rect(closed).is_none(), "panels stand as they stood");
    assert!(viewer(&mut second).panel_rect("raster").is_some());
    assert_eq!(viewer(&mut second).sources().next().unwrap().network.canonicalize().unwrap(), path.canonicalize().unwrap());
}

#[test]
fn every_panel_is_exported_as_a_drawing_and_its_data_as_a_table() {
    let (folder, path) = folder();
    for theme in [Theme::Light, Theme::Dark] {
        let mut window = window(theme);
        open(&mut window, &path, "small");
        press(&mut window, Modifiers::NONE, Key::M);
        until(&mut window, "time passes", |v| v.now().is_some_and(|now| now.tick == 10));
        let ctx = window.ctx.clone();
        for spec in PANELS {
            let svg = folder.path().join(format!("{}.svg", spec.id));
            viewer(&mut window).export_panel(&ctx, spec.id, Form::Svg, &svg);
            let text =
                std::fs::read_to_string(&svg).unwrap_or_else(|_| panic!("{}: {}", spec.id, viewer(&mut window).problems()));
            let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", spec.id));
            let title = document.descendants().find(|node| node.has_tag_name("title")).unwrap();
            assert_eq!(title.text(), Some(format!("{}: small", spec.title).as_str()));
            assert!(document.descendants().filter(|node| node.is_element()).count() > 6, "{} draws something", spec.id);
            std::fs::remove_file(svg).unwrap();
        }
        let csv = folder.path().join("counters.csv");
        viewer(&mut window).export_panel(&ctx, "counters", Form::Csv, &csv);
        until(&mut window, "it is written", |_| csv.exists());
        let text = std::fs::read_to_string(&csv).unwrap();
        std::fs::remove_file(&csv).unwrap();
        assert!(text.lines().count() > 1 && text.contains("spikes"), "{text}");
        let nowhere = folder.path().join("no/such/folder/x.svg");
        viewer(&mut window).export_panel(&ctx, "raster", Form::Svg, &nowhere);
        assert!(viewer(&mut window).problems().to_string().contains("cannot be written"));
    }
}

#[test]
fn the_sheet_lists_every_shortcut() {
    let mut window = window(Theme::Light);
    press(&mut window, Modifiers::NONE, Key::F1);
    window.run_steps(3);
    for shortcut in SHORTCUTS {
        assert!(window.query_all_by_label(shortcut.about).count() > 0, "{}", shortcut.about);
    }
}

#[test]
fn shortcuts_run_and_scrub_but_not_while_a_text_is_written() {
    let (_folder, path) = folder();
    let mut window = window(Theme::Dark);
    open(&mut window, &path, "small");
    press(&mut window, Modifiers::NONE, Key::Period);
    until(&mut window, "a tick", |v| v.now().is_some_and(|now| now.tick == 1));
    for tick in [11, 21, 31] {
        press(&mut window, Modifiers::NONE, Key::M);
        until(&mut window, "a millisecond", |v| v.now().is_some_and(|now| now.tick == tick));
    }
    press(&mut window, Modifiers::NONE, Key::Home);
    assert_eq!(viewer(&mut window).view().cursor, Some(0));
    press(&mut window, Modifiers::NONE, Key::ArrowRight);
    assert!(viewer(&mut window).view().cursor.is_some_and(|tick| tick > 0));
    press(&mut window, Modifiers::NONE, Key::End);
    assert_eq!(viewer(&mut window).view().cursor, None);
    let length = viewer(&mut window).view().window.length();
    press(&mut window, Modifiers::NONE, Key::Plus);
    assert!(viewer(&mut window).view().window.length() < length);
    press(&mut window, Modifiers::NONE, Key::Space);
    until(&mut window, "it runs", |v| v.now().is_some_and(|now| now.playing));
    press(&mut window, Modifiers::NONE, Key::Space);
    until(&mut window, "it pauses", |v| v.now().is_some_and(|now| !now.playing));
    press(&mut window, Modifiers::COMMAND, Key::Plus);
    window.step();
    assert!((window.ctx.zoom_factor() - 1.1).abs() < 1e-6, "{}", window.ctx.zoom_factor());
    press(&mut window, Modifiers::COMMAND, Key::Num0);
    window.step();
    assert_eq!(window.ctx.zoom_factor(), 1.0);
    let tick = viewer(&mut window).now().unwrap().tick;
    press(&mut window, Modifiers::COMMAND, Key::O);
    window.step();
    press(&mut window, Modifiers::NONE, Key::Period);
    std::thread::sleep(Duration::from_millis(50));
    window.step();
    assert_eq!(viewer(&mut window).now().unwrap().tick, tick, "a full stop in a path is no tick");
}

#[test]
fn two_runs_stand_side_by_side_in_step() {
    let (folder, path) = folder();
    let other = folder.path().join("other.toml");
    std::fs::write(&other, NET.replace("\"small\"", "\"other\"").replace("0.1 ms", "0.2 ms")).unwrap();
    let mut window = window(Theme::Dark);
    open(&mut window, &path, "small");
    viewer(&mut window).open_files_as(&[other], true);
    until(&mut window, "both are open", |v| v.sources().count() == 2);
    window.get_by_label("Difference");
    press(&mut window, Modifiers::NONE, Key::M);
    until(&mut window, "time passes", |v| v.now().is_some_and(|now| now.tick == 5));
    window.run_steps(2);
    window.get_by_label("synaptic events");
    window.get_by_label_contains("First: ").click();
    window.run_steps(2);
    until(&mut window, "the first went on too", |v| v.now().is_some_and(|now| now.tick == 10));
}

#[test]
fn results_are_looked_at_without_a_simulation() {
    use spikewatt::compile::CompiledNetwork;
    use spikewatt::record::{FileRecorder, Recorder, Selection};
    let (folder, path) = folder();
    let network = spikewatt::format::open_network(&path, &spikewatt::format::OpenOptions::default()).unwrap();
    let net = CompiledNetwork::new(&network, None, None).unwrap();
    let results = folder.path().join("out.h5");
    let mut recorder = FileRecorder::begin(&results, &net, &Selection { spikes: vec![0], probes: Vec::new() }).unwrap();
    // More than are shown at once.
    const TICKS: u64 = 120_000;
    let ids: Vec<u32> = (0..20).collect();
    for tick in 1..=TICKS {
        recorder.spikes(0, tick, &ids);
    }
    // No report: as a file of another program's.
    recorder.finish("", false).unwrap_or_else(|wrong| panic!("{wrong}"));
    let file = results.clone();
    let mut window = window(Theme::Dark);
    viewer(&mut window).open_files(&[file]);
    until(&mut window, "it opens", |v| v.sources().next().is_some() || !v.problems().is_empty());
    assert!(viewer(&mut window).problems().is_empty(), "{}", viewer(&mut window).problems());
    until(&mut window, "every n-th spike of the whole", |v| {
        v.now().is_some_and(|now| now.complaints.iter().any(|c| c.starts_with("1 of ")))
            && v.history().is_some_and(|h| h.spikes.len() > 100_000 && h.spikes.len() <= 1_000_020)
    });
    // 0.1 ms has no exact tick of a microsecond's grid but 100.
    let view = viewer(&mut window).view_mut().unwrap();
    view.window = spikewatt_gui::view::Window { from: 500_000.0, to: 600_000.0, follows: false };
    until(&mut window, "all spikes of what is in view", |v| {
        v.history().is_some_and(|h| h.spikes.count(0, 500_000, 600_000) == 20 * 1001 && h.spikes.len() < 30_000)
    });
    let counts = viewer(&mut window).now().unwrap().counts;
    assert_eq!(counts.populations[0].spikes, 20 * TICKS);
    viewer(&mut window).session().unwrap().send(Command::Kick(Neuron::default()));
    until(&mut window, "it is told", |v| v.now().is_some_and(|now| now.complaints.iter().any(|c| c.contains("not simulated"))));
}

#[test]
fn a_search_for_a_spike_can_be_ended() {
    let (folder, path) = folder();
    std::fs::write(&path, NET.replace("\"2 mV\"", "\"0.001 mV\"")).unwrap();
    let mut window = window(Theme::Dark);
    open(&mut window, &path, "small");
    press(&mut window, Modifiers::NONE, Key::N);
    until(&mut window, "it is under way", |v| v.now().is_some_and(|now| now.playing && now.tick > 20_000));
    assert_eq!(viewer(&mut window).now().unwrap().counts.total().spikes, 0, "nothing spikes here");
    let began = Instant::now();
    press(&mut window, Modifiers::NONE, Key::Space);
    until(&mut window, "it is held", |v| v.now().is_some_and(|now| !now.playing));
    assert!(began.elapsed() < Duration::from_secs(2));
    let tick = viewer(&mut window).now().unwrap().tick;
    std::thread::sleep(Duration::from_millis(30));
    assert_eq!(viewer(&mut window).now().unwrap().tick, tick);
    drop(folder);
}

#[test]
fn themes_are_words() {
    let mut window = window(Theme::Dark);
    window.get_by_label("View").click();
    window.run_steps(2);
    window.get_by_label("Light").click();
    window.run_steps(2);
    assert_eq!(window.ctx.theme(), Theme::Light);
}
