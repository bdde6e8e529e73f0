//! Where the panels stand: side by side, in tabs, wherever they are dragged.

mod boundary;
mod place;
mod tab;

pub use place::Place;

use crate::export::Form;
use crate::panels::{Home, PANELS, Panel, PanelSpec};
use crate::view::{Action, Cx};
use eframe::egui::{self, Frame, Id, Rect, Ui, WidgetText};
use egui_tiles::{
    Behavior, Container, Linear, LinearDir, SimplificationOptions, TabState, Tile, TileId, Tiles, Tree, UiResponse,
};
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
        (0.22, vec![(1.0, at_home(Home::Left))]),
        (0.48, vec![(0.6, at_home(Home::Middle)), (0.4, at_home(Home::Below))]),
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

/// The title of the panel that stands in front in a tile.
fn front(tiles: &Tiles<&'static str>, tile: TileId) -> &'static str {
    match tiles.get(tile) {
        Some(Tile::Pane(id)) => spec(id).map_or(*id, |spec| spec.title),
        Some(Tile::Container(container)) => {
            let shown = |tile: &&TileId| tiles.is_visible_in_layout(**tile);
            let active = if let Container::Tabs(tabs) = container { tabs.active } else { None };
            active.or_else(|| container.children().find(shown).copied()).map_or("nothing", |tile| front(tiles, tile))
        }
        None => "nothing",
    }
}

/// The panels as they are drawn in a frame.
struct Shown<'s, 'c> {
    panels: &'s mut BTreeMap<&'static str, Box<dyn Panel>>,
    rects: &'s mut BTreeMap<&'static str, Rect>,
    alone: &'s mut Option<&'static str>,
    wanted: &'s mut Option<&'static str>,
    opened: &'s mut Option<&'static str>,
    cx: &'s mut Cx<'c>,
}

impl Shown<'_, '_> {
    /// Draws one panel below a line with its title and the way back.
    fn one(&mut self, ui: &mut Ui, id: &'static str) {
        ui.painter().rect_filled(ui.available_rect_before_wrap(), 0.0, ui.visuals().panel_fill);
        Frame::NONE.inner_margin(egui::Margin { bottom: 0, ..egui::Margin::same(6) }).show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.heading(spec(id).map_or(id, |spec| spec.title));
                let back = ui.button("All panels").on_hover_text("Shows the other panels again");
                if self.wanted.take().is_some() {
                    back.request_focus();
                }
                if back.clicked() {
                    *self.alone = None;
                }
                self.export(ui, id);
            });
        });
        let mut rest = ui.new_child(egui::UiBuilder::new().max_rect(ui.available_rect_before_wrap()));
        self.panel(&mut rest, id);
    }

    fn panel(&mut self, ui: &mut Ui, id: &'static str) {
        // Without a ground of its own a panel would lie on that of the window, which knows no theme.
        ui.painter().rect_filled(ui.max_rect(), 0.0, ui.visuals().panel_fill);
        if let Some(panel) = self.panels.get_mut(id) {
            self.rects.insert(id, ui.max_rect());
            Frame::NONE.inner_margin(6.0).show(ui, |ui| {
                ui.push_id(id, |ui| panel.ui(ui, self.cx));
            });
        }
    }

    fn export(&mut self, ui: &mut Ui, id: &'static str) {
        let menu = ui.menu_button("Export", |ui| {
            for form in Form::ALL {
                if ui.button(form.about()).clicked() {
                    self.cx.actions.push(Action::Export(id, form));
                }
            }
        });
        let name = format!("Export {}", spec(id).map_or(id, |spec| spec.title));
        menu.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    }
}

impl Behavior<&'static str> for Shown<'_, '_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile: TileId, pane: &mut &'static str) -> UiResponse {
        self.panel(ui, pane);
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &&'static str) -> WidgetText {
        spec(pane).map_or(*pane, |spec| spec.title).into()
    }

    fn is_tab_closable(&self, tiles: &Tiles<&'static str>, tile: TileId) -> bool {
        matches!(tiles.get(tile), Some(Tile::Pane(_)))
    }

    fn on_tab_close(&mut self, tiles: &mut Tiles<&'static str>, tile: TileId) -> bool {
        // It is hidden and keeps its place for when it is opened again.
        tiles.set_visible(tile, false);
        false
    }

    fn tab_ui(&mut self, tiles: &mut Tiles<&'static str>, ui: &mut Ui, id: Id, tile: TileId, state: &TabState) -> egui::Response {
        tab::tab(self, tiles, ui, id, tile, state)
    }

    fn is_tile_draggable(&self, tiles: &Tiles<&'static str>, tile: TileId) -> bool {
        // What several tabs stand in would be dragged by their bar, which the keyboard would then stop at for nothing.
        matches!(tiles.get(tile), Some(Tile::Pane(_)))
    }

    fn is_container_resizable(&self, _tiles: &Tiles<&'static str>, _tile: TileId) -> bool {
        // Ours can be moved by keys as well.
        false
    }

    fn top_bar_right_ui(
        &mut self,
        tiles: &Tiles<&'static str>,
        ui: &mut Ui,
        _tile: TileId,
        tabs: &egui_tiles::Tabs,
        _scroll: &mut f32,
    ) {
        if let Some(Tile::Pane(id)) = tabs.active.and_then(|tile| tiles.get(tile)) {
            self.export(ui, id);
        }
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions { all_panes_must_have_tabs: true, ..SimplificationOptions::default() }
    }
}
