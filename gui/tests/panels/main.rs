//! The list of panels, each in both themes, with each kind of thing open, alone and among the others, at every size.
//!
//! Whatever stands in the list is tested; a new panel asks for nothing here.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod cases;
mod keys;
mod seen;

use cases::{CASES, Case};
use eframe::egui::{Theme, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use spikewatt_gui::app::Viewer;
use spikewatt_gui::panels::{PANELS, PanelSpec};
use spikewatt_gui::session::{Command, Neuron, Source};
use std::path::Path;
use std::time::{Duration, Instant};

type Window = Harness<'static, Option<Viewer>>;

const USUAL: Vec2 = vec2(1400.0, 900.0);
const SMALL: Vec2 = vec2(640.0, 400.0);

fn window(theme: Theme) -> Window {
    let mut window = Harness::builder().with_size(USUAL).with_theme(theme).with_max_steps(4).build_ui_state(
        |ui, viewer: &mut Option<Viewer>| {
            let ctx = ui.ctx().clone();
            ctx.options_mut(|options| options.warn_on_id_clash = true);
            viewer.get_or_insert_with(|| Viewer::new(&ctx, None)).show(ui);
        },
        None,
    );
    window.step();
    window.ctx.set_theme(theme);
    window
}

fn viewer(window: &mut Window) -> &mut Viewer {
    window.state_mut().as_mut().unwrap()
}

fn until(window: &mut Window, what: &str, holds: impl Fn(&Window) -> bool) {
    let began = Instant::now();
    while !holds(window) {
        let told = window.state().as_ref().unwrap().problems().to_string();
        assert!(began.elapsed() < Duration::from_secs(60), "{what}: {told}");
        std::thread::sleep(Duration::from_millis(4));
        window.step();
    }
}

fn open(window: &mut Window, source: Source) {
    viewer(window).open(source);
    until(window, "it opens", |window| window.state().as_ref().unwrap().sources().next().is_some());
    window.run_steps(2);
}

/// Lets time pass, chooses a neuron and a spike, so that every panel has something to tell.
fn live(window: &mut Window) {
    let viewer = viewer(window);
    let now = viewer.now().unwrap();
    let exact = now.scene.as_ref().is_some_and(|scene| scene.net.exact);
    let ticks = if exact { 30_000_000 } else { 300 };
    let recorded = now.scene.as_ref().is_some_and(|scene| scene.recorded.is_some());
    if !recorded {
        viewer.session().unwrap().send(Command::Step(ticks));
        until(window, "time passes", |window| window.state().as_ref().unwrap().now().unwrap().tick >= ticks);
    }
    let viewer = self::viewer(window);
    let spike = (0..2).find_map(|population| {
        let history = viewer.history()?;
        let (ticks, ids) = if now.scene.as_ref()?.net.populations.len() > population {
            history.spikes.between(population, 0, u64::MAX)
        } else {
            return None;
        };
        let at = ticks.len() / 2;
        Some(spikewatt_gui::session::Spiked { tick: *ticks.get(at)?, population, id: *ids.get(at)? })
    });
    let view = viewer.view_mut().unwrap();
    view.choose(Neuron { population: 0, id: 0 });
    view.spike = spike;
    let watched = view.watched.clone();
    viewer.session().unwrap().send(Command::Watch(watched));
    window.run_steps(2);
}

/// Draws until a panel no longer says that it waits for work beside the window, and gives what it says.
fn settled(window: &mut Window, spec: &PanelSpec) -> Result<String, String> {
    let began = Instant::now();
    loop {
        window.run_steps(2);
        let rect = window.state().as_ref().unwrap().panel_rect(spec.id);
        let rect = rect.ok_or("it is not to be seen")?;
        let read = seen::read(window, rect);
        let waits = read.is_empty() || read.split(" | ").any(|text| text == "…" || text.ends_with(" …"));
        if !waits {
            return Ok(read);
        }
        if began.elapsed() > Duration::from_secs(5) {
            return Err(format!("it waits and says {read:?}"));
        }
        std::thread::sleep(Duration::from_millis(4));
    }
}

/// What is wrong with a panel that is to be seen.
fn check(window: &mut Window, spec: &PanelSpec, what: &str) -> Vec<String> {
    let read = settled(window, spec);
    let mut wrong = seen::complaints(window);
    wrong.extend(read.clone().err());
    wrong.extend(read.ok().filter(|read| read.len() < 12).map(|read| format!("it says no more than {read:?}")));
    if window.query_all_by_label(spec.title).next().is_none() {
        wrong.push("its title is not there".to_owned());
    }
    wrong.iter().map(|wrong| format!("{what}: {wrong}")).collect()
}

/// Shows a panel; a lesson that is met shows others first.
fn show(window: &mut Window, spec: &PanelSpec, how: fn(&mut Viewer, &'static str)) {
    how(viewer(window), spec.id);
    window.run_steps(2);
    if viewer(window).panel_rect(spec.id).is_none() {
        how(viewer(window), spec.id);
        window.run_steps(2);
    }
}

fn sized(window: &mut Window, size: Vec2, zoom: f32) {
    window.ctx.set_zoom_factor(zoom);
    window.run_steps(2);
    // The window stays as large as it is, and what is in it gets larger.
    window.set_size(size / zoom);
    window.run_steps(2);
    assert_eq!(window.ctx.content_rect().size(), size / zoom);
}

/// Goes through all panels, alone and among the others, at every size.
fn go_through(window: &mut Window, case: &Case, when: &str, theme: Theme) -> Vec<String> {
    let mut wrong = Vec::new();
    for (size, zoom) in [(USUAL, 1.0), (USUAL, 2.0), (SMALL, 1.0)] {
        sized(window, size, zoom);
        for spec in PANELS {
            let what = format!("{} ({}, {when}, {theme:?}, {} at {zoom})", spec.title, case.name, size);
            show(window, spec, |viewer, id| viewer.show_panel_alone(Some(id)));
            wrong.extend(check(window, spec, &format!("{what}, alone")));
            viewer(window).show_panel_alone(None);
            show(window, spec, Viewer::show_panel);
            wrong.extend(check(window, spec, &format!("{what}, among the others")));
        }
    }
    sized(window, USUAL, 1.0);
    wrong
}

fn go_through_case(case: &Case, folder: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    for theme in [Theme::Dark, Theme::Light] {
        let mut window = window(theme);
        open(&mut window, (case.source)(folder));
        wrong.extend(go_through(&mut window, case, "just opened", theme));
        live(&mut window);
        wrong.extend(go_through(&mut window, case, "with a past", theme));
    }
    wrong
}

#[test]
fn every_panel_shows_everything_in_both_themes_at_every_size() {
    let folder = tempfile::tempdir().unwrap();
    let wrong: Vec<String> = CASES.iter().flat_map(|case| go_through_case(case, folder.path())).collect();
    assert!(wrong.is_empty(), "{} complaints:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn with_nothing_open_it_is_said_how_to_begin() {
    for theme in [Theme::Dark, Theme::Light] {
        for (size, zoom) in [(USUAL, 1.0), (USUAL, 2.0), (SMALL, 1.0)] {
            let mut window = window(theme);
            sized(&mut window, size, zoom);
            window.get_by_label_contains("Open a network");
            assert_eq!(seen::complaints(&window), [""; 0]);
        }
    }
}

/// Both have the same buttons; a heading tells which run they are of.
#[test]
fn two_runs_side_by_side_have_names_and_places_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window(Theme::Light);
    open(&mut window, (CASES[1].source)(folder.path()));
    let other = folder.path().join("other.toml");
    std::fs::write(&other, cases::SMALL).unwrap();
    viewer(&mut window).open_files_as(&[other], true);
    until(&mut window, "both are open", |window| window.state().as_ref().unwrap().sources().count() == 2);
    for (size, zoom) in [(USUAL, 1.0), (USUAL, 2.0), (SMALL, 1.0)] {
        sized(&mut window, size, zoom);
        // The bar of the small window with the differences is the library's: it has no role and no name, and is moved by the pointer alone.
        let known = |told: &String| told.contains("controls are called") || told.starts_with("Unknown at");
        let wrong: Vec<_> = seen::complaints(&window).into_iter().filter(|told| !known(told)).collect();
        assert_eq!(wrong, [""; 0]);
        // No slider is cut off.
        for control in seen::controls(&window).into_iter().filter(|control| control.name == "Moment") {
            assert!(control.rect.right() <= size.x / zoom, "{control:?} at {size} and {zoom}");
            let slider = control.role == eframe::egui::accesskit::Role::Slider;
            assert!(!slider || control.rect.width() >= 80.0, "{control:?} at {size} and {zoom}");
        }
    }
}
