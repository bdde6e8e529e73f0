//! What was changed and is not saved is never lost unasked.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod whole;

use eframe::egui::{self, Key, Modifiers, Theme};
use egui_kittest::kittest::Queryable;
use whole::{NET, Window, folder, name, open, press, set_threshold, until, viewer, window};

#[test]
fn what_is_not_saved_is_asked_for() {
    let (_folder, path) = folder();
    let mut window = window(Theme::Dark);
    open(&mut window, &path, "small");
    let close = |window: &mut Window| {
        let root = window.input_mut().viewports.entry(egui::ViewportId::ROOT).or_default();
        root.events.push(egui::ViewportEvent::Close);
        window.step();
        window.input_mut().viewports.entry(egui::ViewportId::ROOT).or_default().events.clear();
        window.run_steps(3);
    };
    close(&mut window);
    assert!(window.query_by_label("Close without saving").is_none(), "nothing was changed");
    set_threshold(&mut window, 5.0);
    close(&mut window);
    window.get_by_label("Stay").click();
    window.run_steps(3);
    assert!(window.query_by_label("Close without saving").is_none());
}

#[test]
fn what_is_changed_is_not_replaced_unasked() {
    let (folder, path) = folder();
    let other = folder.path().join("other.toml");
    std::fs::write(&other, NET.replace("\"small\"", "\"other\"")).unwrap();
    let mut window = window(Theme::Dark);
    open(&mut window, &path, "small");
    set_threshold(&mut window, 5.0);
    let replace = |window: &mut Window, answer: &str| {
        viewer(window).open_files(std::slice::from_ref(&other));
        window.run_steps(3);
        window.get_by_label_contains("The network of small.toml was changed");
        window.get_by_label(answer).click();
        window.run_steps(3);
    };
    replace(&mut window, "Stay");
    assert!(!viewer(&mut window).is_opening() && name(viewer(&mut window)).as_deref() == Some("small"));
    assert!(window.query_by_label("Close without saving").is_none());
    // Saved first, to a file that is asked for; then it is opened.
    replace(&mut window, "Save");
    let project = folder.path().join("mine.spikewatt.toml");
    let ctx = window.ctx.clone();
    assert!(window.query_by_label("Close without saving").is_none(), "one question at a time");
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(viewer(&mut window).save(&ctx, &project));
    until(&mut window, "it goes on", |v| name(v).as_deref() == Some("other"));
    assert!(project.is_file());
    // Nothing was changed of this one, so nothing is asked.
    open(&mut window, &path, "small");
    set_threshold(&mut window, 5.0);
    replace(&mut window, "Close without saving");
    until(&mut window, "it goes on", |v| name(v).as_deref() == Some("other"));
}

#[test]
fn a_run_beside_another_is_not_closed_with_changes_unasked() {
    let (folder, path) = folder();
    let other = folder.path().join("other.toml");
    std::fs::write(&other, NET.replace("\"small\"", "\"other\"")).unwrap();
    let mut window = window(Theme::Dark);
    open(&mut window, &path, "small");
    set_threshold(&mut window, 5.0);
    let open_other = |window: &mut Window| {
        viewer(window).open_files_as(std::slice::from_ref(&other), true);
        until(window, "both are open", |v| v.sources().count() == 2);
    };
    let close = |window: &mut Window| {
        // The second has the focus, so that it is the first that goes.
        window.get_by_label_contains("Second: ").click();
        window.run_steps(2);
        window.get_by_label("File").click();
        window.run_steps(2);
        window.get_by_label("Close the run without focus").click();
        window.run_steps(3);
    };
    open_other(&mut window);
    close(&mut window);
    window.get_by_label_contains("The network of small.toml was changed");
    assert_eq!(viewer(&mut window).sources().count(), 2);
    window.get_by_label("Stay").click();
    window.run_steps(3);
    assert!(window.query_by_label("Close without saving").is_none());
    assert_eq!(viewer(&mut window).sources().count(), 2);
    close(&mut window);
    window.get_by_label("Close without saving").click();
    window.run_steps(3);
    assert_eq!(viewer(&mut window).sources().count(), 1);
    assert_eq!(name(viewer(&mut window)).as_deref(), Some("other"));
    // One without changes goes at once.
    viewer(&mut window).open_files_as(&[path], true);
    until(&mut window, "both are open", |v| v.sources().count() == 2);
    close(&mut window);
    assert_eq!(viewer(&mut window).sources().count(), 1);
}
