//! The guide's tables are those of the program. Run with SPIKEWATT_WRITE_MANUAL=1 to write them anew.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use eframe::egui::Context;
use eframe::egui::os::OperatingSystem;
use spikewatt_gui::keys::SHORTCUTS;
use spikewatt_gui::lessons::LESSONS;
use spikewatt_gui::panels::PANELS;
use std::fmt::Write;
use std::path::Path;

fn table(head: [&str; 2], rows: impl Iterator<Item = [String; 2]>) -> String {
    let mut text = format!("| {} | {} |\n|---|---|\n", head[0], head[1]);
    for [a, b] in rows {
        writeln!(text, "| {a} | {b} |").unwrap();
    }
    text
}

#[test]
fn the_guide_lists_panels_lessons_and_shortcuts() {
    let ctx = Context::default();
    ctx.set_os(OperatingSystem::Nix);
    let keys = |keys: &[eframe::egui::KeyboardShortcut]| {
        let keys: Vec<String> = keys.iter().map(|key| format!("`{}`", ctx.format_shortcut(key))).collect();
        keys.join(", ")
    };
    let tables = [
        ("panels", table(["panel", "what it shows"], PANELS.iter().map(|p| [p.title.into(), p.about.into()]))),
        ("lessons", table(["lesson", "what it is about"], LESSONS.iter().map(|l| [l.title.into(), l.about.into()]))),
        ("shortcuts", table(["keys", "what they do"], SHORTCUTS.iter().map(|s| [keys(s.keys), s.about.into()]))),
    ];
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let there = std::fs::read_to_string(&place).unwrap();
    let mut guide = there.clone();
    for (name, table) in tables {
        let begin = guide.find(&format!("<!-- {name} -->")).expect("its marker") + format!("<!-- {name} -->").len();
        let end = begin + guide[begin..].find("<!-- end -->").expect("its end");
        guide.replace_range(begin..end, &format!("\n\n{table}\n"));
    }
    if std::env::var_os("SPIKEWATT_WRITE_MANUAL").is_some() {
        std::fs::write(&place, &guide).unwrap();
        return;
    }
    assert!(
        guide == there,
        "gui/README.md is not what the program has: run the test with SPIKEWATT_WRITE_MANUAL=1 to write its tables anew"
    );
}
