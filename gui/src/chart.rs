//! Charts over time: one axis that all of them share, dragged and zoomed in any of them.

use crate::theme::Tokens;
use crate::view::{Cx, Window};
use eframe::egui::{self, Align2, FontId, Pos2, Rect, Response, Stroke, Ui, pos2, vec2};

/// The stretch of time in view on the pixels of a chart.
#[derive(Debug, Clone, Copy)]
pub struct TimeAxis {
    /// Where the chart is drawn.
    pub rect: Rect,
    /// What is in view.
    pub window: Window,
    /// Length of a tick, ms.
    pub dt_ms: f64,
}

/// Room below a chart for the marks of its axis.
pub const AXIS_HEIGHT: f32 = 18.0;

impl TimeAxis {
    /// The axis of a chart in `rect`.
    #[must_use]
    pub fn new(rect: Rect, cx: &Cx<'_>) -> Self {
        Self { rect, window: cx.view.window, dt_ms: cx.scene.net.dt_ms }
    }

    /// Where a tick is drawn.
    #[must_use]
    pub fn x(&self, tick: f64) -> f32 {
        self.rect.left() + ((tick - self.window.from) / self.window.length()) as f32 * self.rect.width()
    }

    /// The tick that is drawn there.
    #[must_use]
    pub fn tick(&self, x: f32) -> f64 {
        self.window.from + f64::from((x - self.rect.left()) / self.rect.width().max(1.0)) * self.window.length()
    }

    /// First and last whole tick in view.
    #[must_use]
    pub fn ticks(&self) -> (u64, u64) {
        (self.window.from.max(0.0).ceil() as u64, self.window.to.max(0.0).floor() as u64)
    }

    /// Draws marks with their time below the chart, and the moment that is looked at.
    pub fn draw(&self, ui: &Ui, cx: &Cx<'_>) {
        let (tokens, painter) = (Tokens::in_use(ui), ui.painter());
        let (from, to) = (self.window.from * self.dt_ms, self.window.to * self.dt_ms);
        for ms in marks(from, to, (self.rect.width() / 90.0) as usize) {
            let x = self.x(ms / self.dt_ms);
            painter.vline(x, self.rect.y_range(), Stroke::new(1.0, tokens.faint.gamma_multiply(0.2)));
            let at = pos2(x, self.rect.bottom() + 2.0);
            // The first and the last are not cut off at the edges of what is drawn on.
            let edges = ui.clip_rect();
            let align = match x {
                x if x + 24.0 > self.rect.right() => Align2::RIGHT_TOP,
                x if x - 24.0 < edges.left() => Align2::LEFT_TOP,
                _ => Align2::CENTER_TOP,
            };
            painter.text(at, align, format!("{} ms", short(ms)), FontId::proportional(11.0), tokens.faint);
        }
        if let Some(cursor) = cx.view.cursor {
            let x = self.x(cursor as f64);
            if self.rect.x_range().contains(x) {
                painter.vline(x, self.rect.y_range(), Stroke::new(1.5, tokens.chosen));
            }
        }
    }

    /// Moves the view as a person drags, scrolls (with the wheel: zooms about the pointer; shifted or sideways: moves), double-clicks (follows the
    /// present again), and sets the moment where it is clicked while shift is held.
    pub fn interact(&self, ui: &Ui, response: &Response, cx: &mut Cx<'_>) {
        let mut window = cx.view.window;
        let per_pixel = window.length() / f64::from(self.rect.width().max(1.0));
        if response.dragged() {
            let by = f64::from(response.drag_delta().x) * per_pixel;
            window = Window { from: window.from - by, to: window.to - by, follows: false };
        }
        if let Some(pointer) = response.hover_pos() {
            let (scroll, zoom) = ui.input(|i| (i.smooth_scroll_delta(), i.zoom_delta()));
            let zoom = f64::from(zoom) * (f64::from(scroll.y) * 0.005).exp();
            if zoom != 1.0 || scroll.x != 0.0 {
                let centre = if window.follows { window.to } else { self.tick(pointer.x) };
                let (from, to) = (centre - (centre - window.from) / zoom, centre + (window.to - centre) / zoom);
                let by = f64::from(scroll.x) * per_pixel;
                window = Window { from: from - by, to: to - by, follows: window.follows && scroll.x == 0.0 };
            }
        }
        if response.double_clicked() {
            window.follows = true;
        }
        cx.view.window = window.within(cx.now.tick);
        if response.clicked()
            && ui.input(|i| i.modifiers.shift)
            && let Some(pointer) = response.interact_pointer_pos()
        {
            cx.look_at(self.tick(pointer.x).round().max(0.0) as u64);
        }
    }
}

/// Round numbers between two, at most about `most`.
#[must_use]
pub fn marks(from: f64, to: f64, most: usize) -> Vec<f64> {
    let rough = (to - from) / most.max(1) as f64;
    if !(rough.is_finite() && rough > 0.0) {
        return Vec::new();
    }
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|step| *step >= rough).unwrap_or(10.0 * power);
    let first = (from / step).ceil() as i64;
    (first..).map(|k| k as f64 * step).take_while(|mark| *mark <= to).collect()
}

/// A number without needless digits.
#[must_use]
pub fn short(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    format!("{rounded}")
}

/// Room at the left of charts over time: the same for all, so that they lie under one another.
#[must_use]
pub fn left(ui: &Ui) -> f32 {
    if ui.available_width() > 420.0 { 84.0 } else { 52.0 }
}

/// A chart's place in what room there is: the ground is drawn, and `response` hears what is done on it.
pub fn ground(ui: &mut Ui, left: f32) -> (Rect, Response) {
    let (outer, response) = ui.allocate_exact_size(ui.available_size().max(vec2(60.0, 50.0)), egui::Sense::click_and_drag());
    let rect = Rect::from_min_max(outer.min + vec2(left, 0.0), Pos2::new(outer.right(), outer.bottom() - AXIS_HEIGHT));
    ui.painter().rect_filled(rect, 0.0, Tokens::in_use(ui).ground);
    (rect, response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_few() {
        assert_eq!(marks(0.0, 10.0, 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(marks(-0.3, 0.25, 3), [-0.2, 0.0, 0.2]);
        assert!(marks(1.0, 1.0, 5).is_empty() && marks(f64::NAN, 1.0, 5).is_empty());
        for (from, to) in [(0.0, 1e-3), (12_345.0, 12_349.0), (0.0, 7e8)] {
            let n = marks(from, to, 8).len();
            assert!((3..=9).contains(&n), "{n} marks from {from} to {to}");
        }
    }
}
