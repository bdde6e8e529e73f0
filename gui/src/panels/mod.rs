//! The panels, one file each and one line in [`PANELS`].

mod break_even;
mod coach;
mod controls;
mod counters;
mod devices;
mod energy;
mod graph;
mod job;
mod lessons;
mod parameters;
mod raster;
mod rates;
mod results;
mod sample;
mod traces;
mod transport;
mod weights;
mod why;

use crate::view::{Cx, Table};
use eframe::egui::Ui;

/// Where a panel stands before anybody moves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// At the left: what is set.
    Left,
    /// In the middle, above: what happens over time.
    Middle,
    /// In the middle, below.
    Below,
    /// At the right: what it costs.
    Right,
}

/// Makes a table beside the window.
pub type TableJob = Box<dyn FnOnce() -> Table + Send>;

/// What can be looked at.
pub trait Panel {
    /// Draws it, and hears what is done to it.
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>);

    /// The data that it shows, for a file.
    fn table(&self, _cx: &Cx<'_>) -> Option<Table> {
        None
    }

    /// The same where it is too much for a frame: what is copied here becomes a table beside the window.
    fn table_beside(&self, cx: &Cx<'_>) -> Option<TableJob> {
        let table = self.table(cx)?;
        Some(Box::new(move || table))
    }
}

/// A panel in the list.
pub struct PanelSpec {
    /// Its name in layouts and tests.
    pub id: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What it shows, in one sentence.
    pub about: &'static str,
    /// Where it stands at first.
    pub home: Home,
    /// Whether it is open at first.
    pub open: bool,
    /// Makes one.
    pub make: fn() -> Box<dyn Panel>,
}

impl std::fmt::Debug for PanelSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PanelSpec").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Every panel, in the order of the menu.
pub const PANELS: &[PanelSpec] = &[
    raster::SPEC,
    graph::SPEC,
    traces::SPEC,
    rates::SPEC,
    weights::SPEC,
    energy::SPEC,
    break_even::SPEC,
    why::SPEC,
    counters::SPEC,
    controls::SPEC,
    parameters::SPEC,
    sample::SPEC,
    lessons::SPEC,
    devices::SPEC,
    results::SPEC,
];

pub use coach::coach;
pub use transport::{Pace, transport};
