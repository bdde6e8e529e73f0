//! The lines between panels: dragged, or moved by the arrow keys while they have the focus.

use super::front;
use eframe::egui::{CursorIcon, EventFilter, Key, Modifiers, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2};
use egui_tiles::{Container, LinearDir, Tile, TileId, Tree};

/// No panel gets narrower or lower than this, points.
const LEAST: f32 = 40.0;
/// How far a key moves it, points.
const STEP: f32 = 16.0;

/// Two neighbours in a row or column.
struct Boundary {
    within: TileId,
    dir: LinearDir,
    tiles: [TileId; 2],
    rects: [Rect; 2],
}

fn all(tree: &Tree<&'static str>) -> Vec<Boundary> {
    let mut found = Vec::new();
    let mut within: Vec<TileId> = tree.tiles.tile_ids().filter(|tile| tree.tiles.rect(*tile).is_some()).collect();
    within.sort_unstable_by_key(|tile| tile.0);
    for within in within {
        let Some(Tile::Container(Container::Linear(linear))) = tree.tiles.get(within) else { continue };
        let shown: Vec<_> = linear.children.iter().filter_map(|tile| Some((*tile, tree.tiles.rect(*tile)?))).collect();
        let pairs = shown.windows(2).map(|pair| ([pair[0].0, pair[1].0], [pair[0].1, pair[1].1]));
        found.extend(pairs.map(|(tiles, rects)| Boundary { within, dir: linear.dir, tiles, rects }));
    }
    found
}

/// Draws them, above the panels, and moves them.
pub(super) fn boundaries(ui: &Ui, tree: &mut Tree<&'static str>) {
    for boundary in all(tree) {
        let by = boundary.ui(ui, tree);
        if by != 0.0 {
            boundary.move_by(tree, by);
        }
    }
}

impl Boundary {
    /// How far it is to be moved, points.
    fn ui(&self, ui: &Ui, tree: &Tree<&'static str>) -> f32 {
        let [a, b] = self.rects;
        let grab = ui.style().interaction.resize_grab_radius_side;
        let upright = self.dir == LinearDir::Horizontal;
        let line = if upright {
            let x = (a.right() + b.left()) / 2.0;
            Rect::from_min_max(pos2(x - grab, a.top()), pos2(x + grab, a.bottom()))
        } else {
            let y = (a.bottom() + b.top()) / 2.0;
            Rect::from_min_max(pos2(a.left(), y - grab), pos2(a.right(), y + grab))
        };
        let response = ui.interact(line, tree.id().with((self.within, self.tiles)), Sense::drag());
        let name = self.tiles.map(|tile| front(&tree.tiles, tile));
        response
            .widget_info(|| WidgetInfo::labeled(Role::Splitter, true, format!("Boundary between {} and {}", name[0], name[1])));
        let mut by = if upright { response.drag_delta().x } else { response.drag_delta().y };
        if response.has_focus() {
            let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
            let keys = if upright { [Key::ArrowLeft, Key::ArrowRight] } else { [Key::ArrowUp, Key::ArrowDown] };
            for (key, step) in keys.into_iter().zip([-STEP, STEP]) {
                by += ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key)) as f32 * step;
            }
        }
        let stroke = match () {
            () if response.dragged() => ui.visuals().widgets.active.fg_stroke,
            () if response.has_focus() => Stroke::new(2.0, ui.visuals().selection.stroke.color),
            () if response.hovered() => ui.visuals().widgets.hovered.fg_stroke,
            () => Stroke::NONE,
        };
        if upright {
            ui.painter().vline(line.center().x, line.y_range(), stroke);
        } else {
            ui.painter().hline(line.x_range(), line.center().y, stroke);
        }
        response.on_hover_cursor(if upright { CursorIcon::ResizeHorizontal } else { CursorIcon::ResizeVertical });
        by
    }

    fn move_by(&self, tree: &mut Tree<&'static str>, by: f32) {
        let Some(Tile::Container(Container::Linear(linear))) = tree.tiles.get_mut(self.within) else { return };
        let size = self.rects.map(|rect| if self.dir == LinearDir::Horizontal { rect.width() } else { rect.height() });
        let room = size[0] + size[1];
        if room <= 2.0 * LEAST {
            return;
        }
        let both = linear.shares[self.tiles[0]] + linear.shares[self.tiles[1]];
        let first = (size[0] + by).clamp(LEAST, room - LEAST) / room * both;
        linear.shares.set_share(self.tiles[0], first);
        linear.shares.set_share(self.tiles[1], both - first);
    }
}
