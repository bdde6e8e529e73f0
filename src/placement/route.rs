//! Where cores lie, and how far a message goes.

use super::shape::ChipShape;

/// The tiles of a system, numbered along x and y.
pub(super) struct Grid {
    mesh: Option<[u64; 2]>,
    cores: u64,
    cores_per_tile: u64,
    /// Chips in a row.
    row: u64,
    /// Tile of each core.
    tiles: Vec<(u32, u32)>,
}

impl Grid {
    /// The grid of `cores` cores. Along the tiles of a chip, and along the chips of a system that is as square as it can be, cores lie
    /// boustrophedon: each row begins below the end of the row above, so that neighbours in number are neighbours in place.
    pub(super) fn new(shape: &ChipShape, cores: usize) -> Self {
        let chips = (cores as u64).div_ceil(shape.cores.max(1)).max(1);
        let row = (1..).find(|side| side * side >= chips).unwrap_or(1);
        let mut grid = Self {
            mesh: shape.mesh.filter(|m| m[0] > 0 && m[1] > 0),
            cores: shape.cores.max(1),
            cores_per_tile: shape.cores_per_tile.max(1),
            row,
            tiles: Vec::new(),
        };
        grid.tiles = (0..cores as u64).map(|core| grid.place(core)).collect();
        grid
    }

    fn place(&self, core: u64) -> (u32, u32) {
        let Some([columns, rows]) = self.mesh else { return (0, 0) };
        let turned = |at: u64, width: u64| {
            let (y, x) = (at / width, at % width);
            (if y.is_multiple_of(2) { x } else { width - 1 - x }, y)
        };
        let (chip, tile) = (core / self.cores, core % self.cores / self.cores_per_tile);
        let ((cx, cy), (x, y)) = (turned(chip, self.row), turned(tile, columns));
        ((cx * columns + x) as u32, (cy * rows + y) as u32)
    }

    /// True where the chip's mesh is known, so that hops can be counted.
    pub(super) fn is_known(&self) -> bool {
        self.mesh.is_some()
    }

    /// The chip of a core.
    pub(super) fn chip(&self, core: u32) -> u64 {
        u64::from(core) / self.cores
    }

    /// Hops from core to core: steps along x and along y.
    pub(super) fn hops(&self, from: u32, to: u32) -> u64 {
        let ((x, y), (u, v)) = (self.tiles[from as usize], self.tiles[to as usize]);
        u64::from(x.abs_diff(u)) + u64::from(y.abs_diff(v))
    }

    /// Links of the tree from a core to others that goes along x first and then, in each column, along y. `tiles` is working space.
    pub(super) fn tree(&self, from: u32, to: &[u32], tiles: &mut Vec<(u32, u32)>) -> u64 {
        tiles.clear();
        tiles.extend(to.iter().map(|core| self.tiles[*core as usize]));
        tiles.sort_unstable();
        let (x, y) = self.tiles[from as usize];
        let (Some(first), Some(last)) = (tiles.first(), tiles.last()) else { return 0 };
        let trunk = u64::from(x.max(last.0) - x.min(first.0));
        let branches = tiles.chunk_by(|a, b| a.0 == b.0).map(|column| {
            let (low, high) = (column[0].1.min(y), column[column.len() - 1].1.max(y));
            u64::from(high - low)
        });
        trunk + branches.sum::<u64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(mesh: [u64; 2], tile: u64, cores: usize) -> Grid {
        let shape = ChipShape { cores: mesh[0] * mesh[1] * tile, cores_per_tile: tile, mesh: Some(mesh), ..ChipShape::new() };
        Grid::new(&shape, cores)
    }

    #[test]
    fn hops_are_steps_between_tiles() {
        // Two cores a tile on a mesh of 3 × 2: cores 0 1 | 2 3 | 4 5 and, turned, 10 11 | 8 9 | 6 7.
        let grid = grid([3, 2], 2, 12);
        assert_eq!(grid.hops(0, 1), 0, "one tile");
        assert_eq!(grid.hops(0, 2), 1);
        assert_eq!(grid.hops(0, 5), 2);
        assert_eq!(grid.hops(5, 6), 1, "the row turns");
        assert_eq!(grid.hops(0, 10), 1);
        assert_eq!(grid.hops(0, 7), 3);
    }

    #[test]
    fn chips_lie_side_by_side() {
        // Four chips of one tile each, in two rows: 0 1 / 3 2.
        let grid = grid([1, 1], 1, 4);
        assert_eq!((grid.hops(0, 1), grid.hops(1, 2), grid.hops(0, 3), grid.hops(0, 2)), (1, 1, 1, 2));
        assert_eq!(grid.chip(3), 3);
    }

    #[test]
    fn a_tree_shares_its_trunk() {
        // 4 × 4 tiles, turned in every second row.
        let grid = grid([4, 4], 1, 16);
        let mut tiles = Vec::new();
        // From (0, 0) to (3, 0) and (3, 2): three along x, two along y. Alone they would take 3 + 5.
        assert_eq!(grid.tree(0, &[3, 11], &mut tiles), 5);
        assert_eq!(grid.hops(0, 3) + grid.hops(0, 11), 8);
        assert_eq!(grid.tree(0, &[0], &mut tiles), 0);
        assert_eq!(grid.tree(0, &[], &mut tiles), 0);
        // From (1, 1) both ways along y: up to (1, 0) and down to (1, 3).
        assert_eq!(grid.tree(6, &[1, 14], &mut tiles), 3);
    }
}
