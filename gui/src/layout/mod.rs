//! Where the panels stand: side by side, in tabs, wherever they are dragged.

mod place;

pub use place::Place;

use crate::export::Form;
use crate::panels::{Home, PANELS, Panel, PanelSpec};
use crate::view::{Action, Cx};
use eframe::egui::{self, Frame, Id, Rect, Ui, WidgetText};
use egui_tiles::{Behavior, Container, Linear, LinearDir, SimplificationOptions, Tile, TileId, Tiles, Tree, UiResponse};
use std::collections::BTreeMap;

/// The panels and where they stand.
pub(crate) struct Layout {
    tree: Tree<&'static str>,
    panels: BTreeMap<&'static str, Box<dyn Panel>>,
    /// Where each panel was drawn last.
    rects: BTreeMap<&'static str, Rect>,
}

/// The panel of an id.
pub(crate) fn spec(id: &str) -> Option<&'static PanelSpec> {
    PANELS.iter().find(|spec| spec.id == id)
}

impl Layout {
    pub(crate) fn new() -> Self {
        let panels = PANELS.iter().map(|spec| (spec.id, (spec.make)())).collect();
        Self { tree: tree(), panels, rects: BTreeMap::new() }
    }

    /// Back to where they stood at first.
    pub(crate) fn reset(&mut self) {
        self.tree = tree();
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
    }

    /// Takes a panel away.
    pub(crate) fn close(&mut self, id: &'static str) {
        if let Some(tile) = self.tree.tiles.find_pane(&id) {
            self.tree.set_visible(tile, false);
        }
    }

    /// The panel of an id.
    pub(crate) fn panel(&self, id: &str) -> Option<&dyn Panel> {
        self.panels.get(id).map(|panel| &**panel)
    }

    /// Draws them.
    pub(crate) fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let Self { tree, panels, rects } = self;
        rects.clear();
        tree.ui(&mut Shown { panels, rects, cx }, ui);
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
        self.tree = place.tree(self.tree.id()).unwrap_or_else(tree);
    }
}

/// Panels in their first places: what is set at the left, time in the middle, costs at the right.
fn tree() -> Tree<&'static str> {
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
    let mut tree = Tree::new(Id::unique("panels"), root, tiles);
    for spec in PANELS.iter().filter(|spec| !spec.open) {
        if let Some(tile) = tree.tiles.find_pane(&spec.id) {
            tree.set_visible(tile, false);
        }
    }
    tree
}

/// The panels as they are drawn in a frame.
struct Shown<'s, 'c> {
    panels: &'s mut BTreeMap<&'static str, Box<dyn Panel>>,
    rects: &'s mut BTreeMap<&'static str, Rect>,
    cx: &'s mut Cx<'c>,
}

impl Behavior<&'static str> for Shown<'_, '_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile: TileId, pane: &mut &'static str) -> UiResponse {
        if let Some(panel) = self.panels.get_mut(pane) {
            self.rects.insert(pane, ui.max_rect());
            Frame::NONE.inner_margin(6.0).show(ui, |ui| {
                ui.push_id(*pane, |ui| panel.ui(ui, self.cx));
            });
        }
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

    fn on_tab_button(&mut self, tiles: &mut Tiles<&'static str>, tile: TileId, button: egui::Response) -> egui::Response {
        match tiles.get(tile) {
            Some(Tile::Pane(id)) => match spec(id) {
                Some(spec) => button.on_hover_text(spec.about),
                None => button,
            },
            _ => button,
        }
    }

    fn top_bar_right_ui(
        &mut self,
        tiles: &Tiles<&'static str>,
        ui: &mut Ui,
        _tile: TileId,
        tabs: &egui_tiles::Tabs,
        _scroll: &mut f32,
    ) {
        let Some(Tile::Pane(id)) = tabs.active.and_then(|tile| tiles.get(tile)) else { return };
        let title = spec(id).map_or(*id, |spec| spec.title);
        let menu = ui.menu_button("Export", |ui| {
            for form in Form::ALL {
                if ui.button(form.about()).clicked() {
                    self.cx.actions.push(Action::Export(id, form));
                }
            }
        });
        let name = format!("Export {title}");
        menu.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions { all_panes_must_have_tabs: true, ..SimplificationOptions::default() }
    }
}
