//! Everything can be reached by keys.

use super::cases::CASES;
use super::{Window, live, open, seen, settled, window};
use eframe::egui::{Key, Modifiers, Theme};
use spikewatt_gui::panels::PANELS;

fn press(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    window.run_steps(2);
}

fn focused(window: &Window) -> Option<String> {
    seen::controls(window).into_iter().find(|control| control.focused).map(|control| control.name)
}

/// Presses Tab until something has the focus.
fn tab_to(window: &mut Window, name: &str) {
    let mut met = Vec::new();
    while focused(window).as_deref() != Some(name) {
        met.extend(focused(window));
        assert!(met.len() < 300, "Tab does not come to {name:?} by way of {met:?}");
        press(window, Modifiers::NONE, Key::Tab);
    }
}

#[test]
fn every_panel_is_reached_by_keys_and_so_is_everything_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window(Theme::Dark);
    open(&mut window, (CASES[1].source)(folder.path()));
    live(&mut window);
    for spec in PANELS {
        if !spec.open {
            tab_to(&mut window, "Panels");
            press(&mut window, Modifiers::NONE, Key::Enter);
            tab_to(&mut window, spec.title);
            press(&mut window, Modifiers::NONE, Key::Space);
            press(&mut window, Modifiers::NONE, Key::Escape);
            window.run_steps(2);
        }
    }
    let mut reached = Vec::new();
    for _ in PANELS {
        press(&mut window, Modifiers::NONE, Key::F6);
        window.run_steps(2);
        let Some(spec) = PANELS.iter().find(|spec| Some(spec.title) == focused(&window).as_deref()) else {
            panic!("F6 goes to {:?}", focused(&window));
        };
        reached.push(spec.id);
        assert!(window.state().as_ref().unwrap().panel_rect(spec.id).is_some(), "{} is shown", spec.id);
        settled(&mut window, spec).unwrap();
        // Everything in it, alone and so without what stands beside it.
        press(&mut window, Modifiers::NONE, Key::F11);
        settled(&mut window, spec).unwrap();
        let rect = window.state().as_ref().unwrap().panel_rect(spec.id).unwrap();
        let inside = seen::controls(&window).into_iter().filter(|control| !control.disabled && rect.contains(control.rect.min));
        let mut left: Vec<_> = inside.collect();
        for _ in 0..200 {
            press(&mut window, Modifiers::NONE, Key::Tab);
            let here = seen::controls(&window).into_iter().find(|control| control.focused);
            left.retain(|other| here.as_ref().is_none_or(|here| here.id != other.id));
            if left.is_empty() {
                break;
            }
        }
        assert!(left.is_empty(), "Tab does not come to {left:#?} in {}", spec.title);
        press(&mut window, Modifiers::NONE, Key::F11);
    }
    reached.sort_unstable();
    let mut all: Vec<_> = PANELS.iter().map(|spec| spec.id).collect();
    all.sort_unstable();
    assert_eq!(reached, all);
}
