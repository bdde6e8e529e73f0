//! A tab with its name and its button to close, both named for those who do not see them.

use super::{Shown, front, spec};
use eframe::egui::style::ScrollAnimation;
use eframe::egui::{Align2, FontId, Key, Rect, Response, Role, Sense, Stroke, TextStyle, Ui, Vec2, WidgetInfo, vec2};
use egui_tiles::{Behavior, TabState, Tile, TileId, Tiles};

/// Side of the button that closes it.
const CLOSE: f32 = 12.0;
/// Room at both sides of the name.
const SIDE: f32 = 8.0;

/// What stands on the tab of a tile.
fn title(tiles: &Tiles<&'static str>, tile: TileId) -> String {
    let name = front(tiles, tile);
    if matches!(tiles.get(tile), Some(Tile::Pane(_))) { name.to_owned() } else { format!("{name} and others") }
}

/// Draws it, and tells what is done to it.
pub(super) fn tab(
    shown: &mut Shown<'_, '_>,
    tiles: &mut Tiles<&'static str>,
    ui: &mut Ui,
    id: eframe::egui::Id,
    tile: TileId,
    state: &TabState,
) -> Response {
    let (name, font): (String, FontId) = (title(tiles, tile), TextStyle::Button.resolve(ui.style()));
    let colour = shown.tab_text_color(ui.visuals(), tiles, tile, state);
    let galley = ui.painter().layout_no_wrap(name.clone(), font, colour);
    let width = galley.size().x + 2.0 * SIDE + if state.closable { CLOSE + 4.0 } else { 0.0 };
    let (_, rect) = ui.allocate_space(vec2(width, ui.available_height()));
    let response = ui.interact(rect, id, Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, state.active, &name));
    let pane = match tiles.get(tile) {
        Some(Tile::Pane(pane)) => Some(*pane),
        _ => None,
    };
    if pane.is_some() && *shown.opened == pane {
        *shown.opened = None;
        ui.scroll_to_rect_animation(rect, None, ScrollAnimation::none());
    }
    if pane.is_some() && *shown.wanted == pane {
        *shown.wanted = None;
        response.request_focus();
    }
    if response.has_focus() && ui.input(|input| input.key_pressed(Key::Delete)) && state.closable {
        shown.on_tab_close(tiles, tile);
    }
    if let (true, Some(pane)) = (response.double_clicked(), pane) {
        *shown.alone = Some(pane);
    }
    if ui.is_rect_visible(rect) && !state.is_being_dragged {
        let ground = shown.tab_bg_color(ui.visuals(), tiles, tile, state);
        let stroke = if response.has_focus() {
            ui.visuals().selection.stroke
        } else {
            shown.tab_outline_stroke(ui.visuals(), tiles, tile, state)
        };
        ui.painter().rect(rect.shrink(0.5), 0.0, ground, stroke, eframe::egui::StrokeKind::Inside);
        if state.active {
            // The tab goes over into what it shows.
            ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(stroke.width + 1.0, ground));
        }
        let at = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), rect.shrink2(vec2(SIDE, 0.0))).min;
        ui.painter().galley(at, galley, colour);
    }
    if state.closable && close(ui, rect, &name) {
        shown.on_tab_close(tiles, tile);
    }
    match pane.and_then(spec) {
        Some(spec) => response.on_hover_text(format!("{}\nDouble click: this panel alone", spec.about)),
        None => response,
    }
}

/// The button that closes it; true where it is pressed.
fn close(ui: &Ui, tab: Rect, name: &str) -> bool {
    let rect = Align2::RIGHT_CENTER.align_size_within_rect(Vec2::splat(CLOSE), tab.shrink2(vec2(SIDE - 2.0, 0.0)));
    let response = ui.interact(rect, ui.scope_id().with(("close", name)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Close {name}")));
    let visuals = ui.style().interact(&response);
    let cross = rect.shrink(2.5).expand(visuals.expansion);
    if response.has_focus() {
        ui.painter().rect_stroke(rect.expand(1.0), 2.0, ui.visuals().selection.stroke, eframe::egui::StrokeKind::Outside);
    }
    ui.painter().line_segment([cross.left_top(), cross.right_bottom()], visuals.fg_stroke);
    ui.painter().line_segment([cross.right_top(), cross.left_bottom()], visuals.fg_stroke);
    response.clicked()
}
