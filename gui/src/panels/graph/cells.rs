//! The neurons of a population as cells of a grid.

use super::layout::Node;
use eframe::egui::{Pos2, Rect, Vec2, pos2, vec2};

/// How the neurons of a population lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cells {
    size: usize,
    /// Rows and columns of one plane.
    plane: [usize; 2],
    /// Planes beside one another; planes of a row have one empty cell between them.
    across: usize,
    columns: usize,
    rows: usize,
}

impl Cells {
    /// In the shape that the file has, where it is of two or three dimensions; else as nearly square as can be.
    pub(super) fn new(size: usize, shape: &[usize]) -> Self {
        let whole = shape.iter().try_fold(1usize, |n, s| n.checked_mul(*s)) == Some(size);
        let (planes, plane) = match shape {
            [h, w] if whole && *h > 1 && *w > 1 => (1, [*h, *w]),
            [c, h, w] if whole && *h > 0 && *w > 0 => (*c, [*h, *w]),
            _ => {
                let columns = (size.max(1) as f64).sqrt().ceil() as usize;
                (1, [size.max(1).div_ceil(columns), columns])
            }
        };
        let across = ((planes * plane[0]) as f64 / plane[1] as f64).sqrt().ceil().max(1.0) as usize;
        let across = across.min(planes.max(1));
        let columns = across * (plane[1] + 1) - 1;
        let rows = planes.max(1).div_ceil(across) * (plane[0] + 1) - 1;
        Self { size, plane, across, columns, rows }
    }

    /// Neurons of a row, as arrow keys go.
    pub(super) fn row(&self) -> usize {
        self.plane[1]
    }

    /// Side of a cell and the grid's corner, where the population is drawn as `rect`.
    fn frame(&self, rect: Rect) -> (f32, Pos2) {
        let cell = rect.width() / self.columns.max(self.rows) as f32;
        (cell, rect.center() - vec2(self.columns as f32, self.rows as f32) * cell / 2.0)
    }

    /// Side of a cell.
    pub(super) fn cell(&self, rect: Rect) -> f32 {
        self.frame(rect).0
    }

    /// Where a neuron is drawn.
    pub(super) fn rect(&self, rect: Rect, id: usize) -> Rect {
        let (cell, corner) = self.frame(rect);
        let [h, w] = self.plane;
        let (plane, within) = (id / (h * w), id % (h * w));
        let x = (plane % self.across) * (w + 1) + within % w;
        let y = (plane / self.across) * (h + 1) + within / w;
        Rect::from_min_size(corner + vec2(x as f32, y as f32) * cell, Vec2::splat(cell))
    }

    /// The neuron that is drawn there.
    pub(super) fn at(&self, rect: Rect, point: Pos2) -> Option<u32> {
        let (cell, corner) = self.frame(rect);
        let [h, w] = self.plane;
        let p = (point - corner) / cell;
        if p.x < 0.0 || p.y < 0.0 || p.x >= self.columns as f32 || p.y >= self.rows as f32 {
            return None;
        }
        let (x, y) = (p.x as usize, p.y as usize);
        let (px, py) = (x / (w + 1), y / (h + 1));
        let (x, y) = (x % (w + 1), y % (h + 1));
        let id = (py * self.across + px) * h * w + y * w + x;
        (x < w && y < h && id < self.size).then_some(id as u32)
    }
}

/// A population on the screen.
pub(super) fn on_screen(node: Node, scale: f32, offset: Vec2) -> Rect {
    let centre = (node.centre.to_vec2() * scale + offset).to_pos2();
    Rect::from_center_size(pos2(centre.x, centre.y), Vec2::splat(2.0 * node.half * scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_neuron_is_found_where_it_is_drawn() {
        let rect = Rect::from_min_size(pos2(10.0, 20.0), Vec2::splat(300.0));
        for (size, shape) in
            [(1, vec![]), (10, vec![10]), (64, vec![8, 8]), (48, vec![3, 4, 4]), (200, vec![2, 10, 10]), (7, vec![9, 9])]
        {
            let cells = Cells::new(size, &shape);
            for id in 0..size {
                let at = cells.rect(rect, id);
                assert!(rect.expand(0.01).contains_rect(at), "{id} of {shape:?} is drawn outside");
                assert_eq!(cells.at(rect, at.center()), Some(id as u32), "{id} of {shape:?}");
            }
            assert_eq!(cells.at(rect, pos2(0.0, 0.0)), None);
        }
    }
}
