//! The panels as they are drawn in a frame: all in their places, or one alone.

use super::{spec, tab};
use crate::export::Form;
use crate::panels::Panel;
use crate::view::{Action, Cx};
use eframe::egui::{self, Frame, Id, Rect, Ui, WidgetText};
use egui_tiles::{Behavior, Container, SimplificationOptions, TabState, Tile, TileId, Tiles, UiResponse};
use std::collections::BTreeMap;

/// The title of the panel that stands in front in a tile.
pub(super) fn front(tiles: &Tiles<&'static str>, tile: TileId) -> &'static str {
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
pub(super) struct Shown<'s, 'c> {
    pub(super) panels: &'s mut BTreeMap<&'static str, Box<dyn Panel>>,
    pub(super) rects: &'s mut BTreeMap<&'static str, Rect>,
    pub(super) alone: &'s mut Option<&'static str>,
    pub(super) wanted: &'s mut Option<&'static str>,
    pub(super) opened: &'s mut Option<&'static str>,
    pub(super) cx: &'s mut Cx<'c>,
}

impl Shown<'_, '_> {
    /// Draws one panel below a line with its title and the way back.
    pub(super) fn one(&mut self, ui: &mut Ui, id: &'static str) {
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
