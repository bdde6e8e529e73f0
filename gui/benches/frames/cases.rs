//! What is measured: a network, the panels beside one another, how much time is in view, and what is done to it.

use spikewatt_gui::panels::PANELS;
use spikewatt_gui::project::Project;
use spikewatt_gui::session::{Neuron, Source};
use std::path::{Path, PathBuf};

const BUSY: &str = include_str!("busy.toml");
/// Ticks in view of the busy network: about 10⁵ and 10⁶ spikes.
const VIEWS: [u64; 2] = [1_000, 10_000];
/// The panels that a person looks at while a network runs.
const USUAL: [&str; 4] = ["raster", "lessons", "traces", "counters"];

/// What is done to the window from frame to frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Moves {
    /// It follows the present.
    Follows,
    /// It is zoomed, so that all in it is counted anew.
    Zooms,
}

/// Something to measure.
pub(crate) struct Case {
    pub(crate) name: String,
    /// What is opened, and where its panels stand.
    pub(crate) project: PathBuf,
    /// Ticks in view.
    pub(crate) ticks: u64,
    /// Measured from this tick on.
    pub(crate) after: u64,
    pub(crate) moves: Moves,
    /// Seconds of waiting for all this at most.
    pub(crate) patience: u64,
}

/// The cases of a set, with their projects written into a folder; `None` where no set has that name.
pub(crate) fn cases(set: &str, folder: &Path) -> Option<Vec<Case>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let all: Vec<&str> = PANELS.iter().map(|spec| spec.id).collect();
    let busy = || Source::of_text("busy.toml", BUSY);
    let digits = || Source {
        network: root.join("networks/digits.nir"),
        input: Some(root.join("datasets/digits.h5")),
        dense: Some(root.join("networks/digits-mlp.onnx")),
        ..Source::default()
    };
    let patience = if set.starts_with("memory") { u64::MAX } else { 240 };
    let mut found = Vec::new();
    let mut add = |name: &str, source: Source, panels: &[&str], ticks: u64, after: u64, moves: Moves| {
        let project = folder.join(format!("{}.spikewatt.toml", found.len()));
        write(&project, source, panels);
        let name = format!("{name}, {}", format!("{moves:?}").to_lowercase());
        found.push(Case { name, project, ticks, after: after.max(ticks), moves, patience });
    };
    match set {
        "usual" => {
            for ticks in VIEWS {
                for moves in [Moves::Follows, Moves::Zooms] {
                    add("usual panels", busy(), &USUAL, ticks, 0, moves);
                }
            }
        }
        "all" => {
            for ticks in VIEWS {
                for moves in [Moves::Follows, Moves::Zooms] {
                    add("all panels", busy(), &all, ticks, 0, moves);
                }
            }
            // Sixteen thousand samples of twenty ticks have been shown.
            add("digits, all panels", digits(), &all, 2_000, 0, Moves::Follows);
            add("digits after 16,000 samples, all panels", digits(), &all, 2_000, 320_000, Moves::Follows);
        }
        "panels" => {
            for ticks in VIEWS {
                all.iter().for_each(|panel| add(panel, busy(), &[panel], ticks, 0, Moves::Zooms));
            }
            all.iter().for_each(|panel| add(&format!("digits, {panel}"), digits(), &[panel], 2_000, 320_000, Moves::Follows));
        }
        "memory-small" => add(
            "small, all panels",
            Source::of_network(root.join("networks/04-winner-take-all.toml")),
            &all,
            1_000,
            0,
            Moves::Follows,
        ),
        "memory" => add("busy, all panels", busy(), &all, VIEWS[0], 0, Moves::Follows),
        "memory-digits" => add("digits, all panels", digits(), &all, 2_000, 0, Moves::Follows),
        "microcircuit" => {
            let source = || Source::of_network(root.join("networks/10-microcircuit.toml"));
            add("microcircuit, usual panels", source(), &USUAL, 1_000, 0, Moves::Follows);
            add("microcircuit, all panels", source(), &all, 1_000, 0, Moves::Follows);
        }
        _ => return None,
    }
    Some(found)
}

/// A project in which these panels stand in rows of five, each to be seen.
fn write(path: &Path, source: Source, panels: &[&str]) {
    let panel = |id: &&str| format!(r#"{{ kind = "panel", panel = "{id}", share = 1.0, shown = true, front = true }}"#);
    let held = |kind: &str, within: Vec<String>| {
        format!(r#"{{ kind = "{kind}", share = 1.0, shown = true, front = true, within = [{}] }}"#, within.join(", "))
    };
    let rows = panels.chunks(5).map(|row| held("row", row.iter().map(|id| held("tabs", vec![panel(id)])).collect())).collect();
    let place: toml::Table = toml::from_str(&format!("panels = {}", held("column", rows))).expect("it is written right above");
    let mut project = Project::new(source);
    project.watched = (0..4).map(|id| Neuron { population: 0, id }).collect();
    project.panels = Some(place["panels"].clone().try_into().expect("a place"));
    project.write(path).expect("the folder can be written to");
}
