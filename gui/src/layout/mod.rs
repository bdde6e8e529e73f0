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
use egui_tiles::{Container, Linear, LinearDir, Tiles, Tree};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// The panels and where they stand.
pub(crate) struct Layout {
    tree: Tree<&'static str>,
    /// Where panels stood when the window had room for them.
    wide: Option<Place>,
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
        let (rects, current) = (BTreeMap::new(), PANELS[0].id);
        Self { tree: tree(id, &wide()), wide: None, panels, rects, alone: None, current, wanted: None, opened: None }
    }

    /// Back to where they stood at first.
    pub(crate) fn reset(&mut self) {
        self.tree = tree(self.tree.id(), &if self.wide.is_some() { narrow() } else { wide() });
        self.alone = None;
    }

    /// Half a window: what is compared above and below, all else behind it.
    pub(crate) fn narrow(&mut self) {
        if self.wide.is_none() {
            self.wide = self.place();
        }
        self.tree = tree(self.tree.id(), &narrow());
        self.alone = None;
    }

    /// The whole window again: panels where they stood then.
    pub(crate) fn widen(&mut self) {
        if let Some(place) = self.wide.take() {
            self.put(&place);
        }
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
        let Self { tree, panels, rects, alone, current, wanted, opened, .. } = self;
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

    /// Where the panels stand where the window has room for them.
    pub(crate) fn place(&self) -> Option<Place> {
        self.wide.clone().or_else(|| Place::of(&self.tree))
    }

    /// Puts the panels where they stood once, as soon as the window has room for them.
    pub(crate) fn put(&mut self, place: &Place) {
        let id = self.tree.id();
        match &mut self.wide {
            Some(wide) => wide.clone_from(place),
            None => self.tree = place.tree(id).unwrap_or_else(|| tree(id, &wide())),
        }
    }
}

/// Columns from left to right, each with its share of the width: tabs above one another, each with its share of the height.
type Columns = Vec<(f32, Vec<(f32, Vec<&'static str>)>)>;

fn at_home(home: Home) -> Vec<&'static str> {
    PANELS.iter().filter(|spec| spec.home == home).map(|spec| spec.id).collect()
}

/// Panels in their first places: what is set at the left, time in the middle, costs at the right.
fn wide() -> Columns {
    vec![
        (0.24, vec![(1.0, at_home(Home::Left))]),
        (0.46, vec![(0.6, at_home(Home::Middle)), (0.4, at_home(Home::Below))]),
        (0.30, vec![(1.0, at_home(Home::Right))]),
    ]
}

/// Panels where two runs stand side by side: time above, costs below.
fn narrow() -> Columns {
    let below = [Home::Right, Home::Left].into_iter().flat_map(at_home).collect();
    let above = [Home::Middle, Home::Below].into_iter().flat_map(at_home).collect();
    vec![(1.0, vec![(0.45, above), (0.55, below)])]
}

fn tree(id: Id, columns: &Columns) -> Tree<&'static str> {
    let mut tiles = Tiles::default();
    let mut row = Linear::new(LinearDir::Horizontal, Vec::new());
    for (width, stack) in columns {
        let mut column = Linear::new(LinearDir::Vertical, Vec::new());
        for (height, ids) in stack {
            let panes = ids.iter().map(|id| tiles.insert_pane(*id)).collect();
            let tabs = tiles.insert_tab_tile(panes);
            column.add_child(tabs);
            column.shares.set_share(tabs, *height);
        }
        let column = tiles.insert_container(Container::Linear(column));
        row.add_child(column);
        row.shares.set_share(column, *width);
    }
    let root = tiles.insert_container(Container::Linear(row));
    let mut tree = Tree::new(id, root, tiles);
    for spec in PANELS.iter().filter(|spec| !spec.open) {
        if let Some(tile) = tree.tiles.find_pane(&spec.id) {
            tree.set_visible(tile, false);
        }
    }
    tree
}
