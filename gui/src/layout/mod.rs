//! Where the panels stand: side by side, in tabs, wherever they are dragged.

mod boundary;
mod place;
mod shown;
mod tab;

pub use place::Place;
use shown::{Shown, front};

use crate::panels::{Home, PANELS, Panel, PanelSpec};
use crate::view::Cx;
use eframe::egui::{Id, Rect, Ui};
use egui_tiles::{Container, Linear, LinearDir, TileId, Tiles, Tree};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// The panels and where they stand.
pub(crate) struct Layout {
    tree: Tree<&'static str>,
    panels: BTreeMap<&'static str, Box<dyn Panel>>,
    /// Where each panel was drawn last.
    rects: BTreeMap<&'static str, Rect>,
    /// The one panel that is shown, in place of all.
    alone: Option<&'static str>,
    /// The panel that was gone to last, by keys or by the pointer.
    current: &'static str,
    /// The panel whose tab is to get the focus.
    wanted: Option<&'static str>,
    /// The panel whose tab is to be scrolled into view.
    opened: Option<&'static str>,
}

/// The panel of an id.
pub(crate) fn spec(id: &str) -> Option<&'static PanelSpec> {
    PANELS.iter().find(|spec| spec.id == id)
}

impl Layout {
    pub(crate) fn new() -> Self {
        /// Layouts stand side by side, and no two of their tabs are the same.
        static MADE: AtomicU64 = AtomicU64::new(0);
        let panels = PANELS.iter().map(|spec| (spec.id, (spec.make)())).collect();
        let id = Id::unique(("panels", MADE.fetch_add(1, Ordering::Relaxed)));
        Self { tree: tree(id), panels, rects: BTreeMap::new(), alone: None, current: PANELS[0].id, wanted: None, opened: None }
    }

    /// Back to where they stood at first.
    pub(crate) fn reset(&mut self) {
        self.tree = tree(self.tree.id());
        self.alone = None;
    }

    /// Whether a panel stands somewhere.
    pub(crate) fn is_open(&self, id: &'static str) -> bool {
        self.tree.tiles.find_pane(&id).is_some_and(|tile| self.tree.is_visible(tile))
    }

    /// Shows a panel, in front of others in its tabs.
    pub(crate) fn open(&mut self, id: &'static str) {
        if let Some(tile) = self.tree.tiles.find_pane(&id) {
            self.tree.set_visible(tile, true);
            self.tree.make_active(|at, _| at == tile);
        }
        (self.current, self.opened) = (id, Some(id));
        self.alone = self.alone.map(|_| id);
    }

    /// Shows one panel in place of all, or all again.
    pub(crate) fn show_alone(&mut self, id: Option<&'static str>) {
        if let Some(id) = id {
            self.open(id);
        }
        self.alone = id;
    }

    /// The panel that is shown in place of all.
    pub(crate) fn alone(&self) -> Option<&'static str> {
        self.alone
    }

    /// The panel that was gone to last.
    pub(crate) fn current(&self) -> &'static str {
        self.current
    }

    /// Goes to the next open panel in the order of the menu, or to the one before: it is shown, and its tab has the focus.
    pub(crate) fn go_on(&mut self, back: bool) {
        let open: Vec<_> = PANELS.iter().map(|spec| spec.id).filter(|id| self.is_open(id)).collect();
        let here = open.iter().position(|id| *id == self.current).unwrap_or(0);
        let next = if back { here + open.len().saturating_sub(1) } else { here + 1 };
        if let Some(id) = open.get(next % open.len().max(1)) {
            self.open(id);
            self.wanted = Some(id);
        }
    }

    /// Takes a panel away.
    pub(crate) fn close(&mut self, id: &'static str) {
        if let Some(tile) = self.tree.tiles.find_pane(&id) {
            self.tree.set_visible(tile, false);
        }
        self.alone = self.alone.filter(|alone| *alone != id);
    }

    /// The panel of an id.
    pub(crate) fn panel(&self, id: &str) -> Option<&dyn Panel> {
        self.panels.get(id).map(|panel| &**panel)
    }

    /// Draws them.
    pub(crate) fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let Self { tree, panels, rects, alone, current, wanted, opened } = self;
        rects.clear();
        let mut shown = Shown { panels, rects, alone, wanted, opened, cx };
        match *shown.alone {
            Some(id) => shown.one(ui, id),
            None => {
                tree.ui(&mut shown, ui);
                boundary::boundaries(ui, tree);
            }
        }
        if let Some(at) = ui.input(|input| input.pointer.interact_pos().filter(|_| input.pointer.any_pressed())) {
            *current = rects.iter().find(|(_, rect)| rect.contains(at)).map_or(*current, |(id, _)| id);
        }
    }

    /// Where a panel is drawn, where it is to be seen.
    pub(crate) fn rect(&self, id: &str) -> Option<Rect> {
        self.rects.get(id).copied()
    }

    /// Where the panels stand.
    pub(crate) fn place(&self) -> Option<Place> {
        Place::of(&self.tree)
    }

    /// Puts the panels where they stood once.
    pub(crate) fn put(&mut self, place: &Place) {
        let id = self.tree.id();
        self.tree = place.tree(id).unwrap_or_else(|| tree(id));
    }
}

/// Panels in their first places: what is set at the left, time in the middle, costs at the right.
fn tree(id: Id) -> Tree<&'static str> {
    let mut tiles = Tiles::default();
    let mut of = |home: Home| -> Vec<TileId> {
        PANELS.iter().filter(|spec| spec.home == home).map(|spec| tiles.insert_pane(spec.id)).collect()
    };
    let (left, middle, below, right) = (of(Home::Left), of(Home::Middle), of(Home::Below), of(Home::Right));
    let stacked = |tiles: &mut Tiles<_>, upper: Vec<TileId>, lower: Vec<TileId>, share: f32| {
        let mut linear = Linear::new(LinearDir::Vertical, Vec::new());
        for (at, tabs) in [upper, lower].into_iter().enumerate().filter(|(_, tabs)| !tabs.is_empty()) {
            let tile = tiles.insert_tab_tile(tabs);
            linear.add_child(tile);
            linear.shares.set_share(tile, if at == 0 { share } else { 1.0 - share });
        }
        tiles.insert_container(Container::Linear(linear))
    };
    let middle = stacked(&mut tiles, middle, below, 0.6);
    let mut columns = Linear::new(LinearDir::Horizontal, Vec::new());
    for (tabs, share) in [(left, 0.22), (vec![middle], 0.48), (right, 0.30)] {
        if !tabs.is_empty() {
            let tile = if tabs == [middle] { middle } else { tiles.insert_tab_tile(tabs) };
            columns.add_child(tile);
            columns.shares.set_share(tile, share);
        }
    }
    let root = tiles.insert_container(Container::Linear(columns));
    let mut tree = Tree::new(id, root, tiles);
    for spec in PANELS.iter().filter(|spec| !spec.open) {
        if let Some(tile) = tree.tiles.find_pane(&spec.id) {
            tree.set_visible(tile, false);
        }
    }
    tree
}
