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
    /// Where panels stood when the window had room for them.
    wide: Option<Place>,
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
        Self { tree: tree(&wide()), wide: None, panels, rects: BTreeMap::new() }
    }

    /// Back to where they stood at first.
    pub(crate) fn reset(&mut self) {
        self.tree = tree(&if self.wide.is_some() { narrow() } else { wide() });
    }

    /// Half a window: what is compared above and below, all else behind it.
    pub(crate) fn narrow(&mut self) {
        if self.wide.is_none() {
            self.wide = self.place();
        }
        self.tree = tree(&narrow());
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
        let Self { tree, panels, rects, .. } = self;
        rects.clear();
        tree.ui(&mut Shown { panels, rects, cx }, ui);
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
        match &mut self.wide {
            Some(wide) => wide.clone_from(place),
            None => self.tree = place.tree(self.tree.id()).unwrap_or_else(|| tree(&wide())),
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

fn tree(columns: &Columns) -> Tree<&'static str> {
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
        // Without a ground of its own a panel would lie on that of the window, which knows no theme.
        ui.painter().rect_filled(ui.max_rect(), 0.0, ui.visuals().panel_fill);
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
