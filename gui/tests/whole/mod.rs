//! The whole window, for the tests of what a person does in it.

#![allow(dead_code, reason = "each test uses what it needs")]

use eframe::egui::{Key, Modifiers, Theme, vec2};
use egui_kittest::Harness;
use spikewatt_gui::app::Viewer;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A network that spikes, small enough to be changed at once.
pub(crate) const NET: &str = r#"
name = "small"
dt = "0.1 ms"
duration = "100 ms"
[[population]]
name = "e"
size = 20
model = "lif_delta"
params = { tau_m = "10 ms", v_rest = "0 mV", v_th = "10 mV", v_reset = "0 mV", t_ref = "1 ms" }
[[stimulus]]
name = "drive"
kind = "poisson"
rate = "2 kHz"
to = "e"
weight = "2 mV"
delay = "1 ms"
[record]
spikes = ["e"]
"#;

/// The window, made in its first frame.
pub(crate) type Window = Harness<'static, Option<Viewer>>;

pub(crate) fn window(theme: Theme) -> Window {
    let mut harness = Harness::builder().with_size(vec2(1200.0, 800.0)).with_theme(theme).build_ui_state(
        |ui, viewer: &mut Option<Viewer>| {
            let ctx = ui.ctx().clone();
            viewer.get_or_insert_with(|| Viewer::new(&ctx, None)).show(ui);
        },
        None,
    );
    harness.step();
    harness
}

pub(crate) fn viewer(window: &mut Window) -> &mut Viewer {
    window.state_mut().as_mut().unwrap()
}

/// Draws frames until something holds of the viewer.
pub(crate) fn until(window: &mut Window, what: &str, holds: impl Fn(&Viewer) -> bool) {
    until_seen(window, what, |window| holds(window.state().as_ref().unwrap()));
}

/// Draws frames until something holds of what is to be seen.
pub(crate) fn until_seen(window: &mut Window, what: &str, holds: impl Fn(&Window) -> bool) {
    let began = Instant::now();
    while !holds(window) {
        assert!(began.elapsed() < Duration::from_secs(60), "{what}: {}", viewer(window).problems());
        std::thread::sleep(Duration::from_millis(5));
        window.step();
    }
    window.run_steps(2);
}

pub(crate) fn name(viewer: &Viewer) -> Option<String> {
    viewer.sources().next()?;
    viewer.now()?.scene.map(|scene| scene.net.name.clone())
}

pub(crate) fn open(window: &mut Window, path: &Path, expected: &str) {
    viewer(window).open_files(&[path.to_owned()]);
    let expected = expected.to_owned();
    until(window, "it opens", move |v| name(v).as_deref() == Some(&expected));
}

/// [`NET`] in a folder of its own.
pub(crate) fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("small.toml");
    std::fs::write(&path, NET).unwrap();
    (folder, path)
}

pub(crate) fn press(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    window.step();
    window.step();
}

pub(crate) fn set_threshold(window: &mut Window, value: f64) {
    let edits = &mut viewer(window).view_mut().unwrap().edits;
    let mut changed = edits.now().clone();
    changed.set.entry("e".into()).or_default().insert("v_th".into(), value);
    edits.set(changed);
}
