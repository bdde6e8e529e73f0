//! Where panels stand, as a project's file has it.

use crate::panels::PANELS;
use eframe::egui::Id;
use egui_tiles::{Container, Linear, LinearDir, Tabs, Tile, TileId, Tiles, Tree};
use serde::{Deserialize, Serialize};

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Panel,
    Tabs,
    Row,
    Column,
}

/// A panel, or what panels stand in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    kind: Kind,
    /// The panel's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    panel: Option<String>,
    /// Its share of a row or column.
    share: f32,
    /// It is open.
    shown: bool,
    /// It is the tab in front.
    front: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    within: Vec<Self>,
}

/// Places deeper than this are none that a person made.
const DEEPEST: usize = 16;

impl Place {
    /// Where the panels of a tree stand.
    pub(super) fn of(tree: &Tree<&'static str>) -> Option<Self> {
        of_tile(tree, tree.root()?, 1.0, false)
    }

    /// The tree; `None` where no panel of ours stands in it. Panels that it does not name stand hidden in its first tabs.
    pub(super) fn tree(&self, id: Id) -> Option<Tree<&'static str>> {
        let mut tiles = Tiles::default();
        let mut hidden = Vec::new();
        let root = self.insert(&mut tiles, &mut hidden, 0)?;
        let missing = PANELS.iter().filter(|spec| tiles.find_pane(&spec.id).is_none()).collect::<Vec<_>>();
        let missing: Vec<TileId> = missing.into_iter().map(|spec| tiles.insert_pane(spec.id)).collect();
        hidden.extend(&missing);
        let mut ids: Vec<TileId> = tiles.tile_ids().collect();
        ids.sort_unstable_by_key(|tile| tile.0);
        let first = ids.into_iter().find(|tile| matches!(tiles.get(*tile), Some(Tile::Container(Container::Tabs(_)))));
        let first = first.or_else(|| matches!(tiles.get(root), Some(Tile::Container(_))).then_some(root));
        if let Some(Tile::Container(container)) = first.and_then(|tile| tiles.get_mut(tile)) {
            missing.into_iter().for_each(|tile| container.add_child(tile));
        }
        let mut tree = Tree::new(id, root, tiles);
        hidden.into_iter().for_each(|tile| tree.set_visible(tile, false));
        Some(tree)
    }

    fn insert(&self, tiles: &mut Tiles<&'static str>, hidden: &mut Vec<TileId>, depth: usize) -> Option<TileId> {
        if depth > DEEPEST {
            return None;
        }
        let tile = if self.kind == Kind::Panel {
            let spec = PANELS.iter().find(|spec| Some(spec.id) == self.panel.as_deref())?;
            // A panel stands in one place.
            if tiles.find_pane(&spec.id).is_some() {
                return None;
            }
            tiles.insert_pane(spec.id)
        } else {
            let mut within = Vec::new();
            for place in &self.within {
                within.extend(place.insert(tiles, hidden, depth + 1).map(|tile| (tile, place)));
            }
            if within.is_empty() {
                return None;
            }
            let children: Vec<TileId> = within.iter().map(|(tile, _)| *tile).collect();
            let container = match self.kind {
                Kind::Row | Kind::Column => {
                    let dir = if self.kind == Kind::Row { LinearDir::Horizontal } else { LinearDir::Vertical };
                    let mut linear = Linear::new(dir, children);
                    for (tile, place) in &within {
                        let share = if place.share.is_finite() { place.share.clamp(0.01, 100.0) } else { 1.0 };
                        linear.shares.set_share(*tile, share);
                    }
                    Container::Linear(linear)
                }
                Kind::Tabs | Kind::Panel => {
                    let mut tabs = Tabs::new(children);
                    if let Some((tile, _)) = within.iter().find(|(_, place)| place.front) {
                        tabs.set_active(*tile);
                    }
                    Container::Tabs(tabs)
                }
            };
            tiles.insert_container(container)
        };
        if !self.shown {
            hidden.push(tile);
        }
        Some(tile)
    }
}

fn of_tile(tree: &Tree<&'static str>, tile: TileId, share: f32, front: bool) -> Option<Place> {
    let place = |kind, panel, within| Place { kind, panel, share, shown: tree.is_visible(tile), front, within };
    let container = match tree.tiles.get(tile)? {
        Tile::Pane(id) => return Some(place(Kind::Panel, Some((*id).to_owned()), Vec::new())),
        Tile::Container(container) => container,
    };
    let kind = match container {
        Container::Tabs(_) | Container::Grid(_) => Kind::Tabs,
        Container::Linear(linear) if linear.dir == LinearDir::Horizontal => Kind::Row,
        Container::Linear(_) => Kind::Column,
    };
    let share_of = |child: TileId| match container {
        Container::Linear(linear) => linear.shares.iter().find(|(tile, _)| **tile == child).map_or(1.0, |(_, share)| *share),
        _ => 1.0,
    };
    let in_front = |child: TileId| matches!(container, Container::Tabs(tabs) if tabs.active == Some(child));
    let within = container.children().filter_map(|child| of_tile(tree, *child, share_of(*child), in_front(*child))).collect();
    Some(place(kind, None, within))
}
