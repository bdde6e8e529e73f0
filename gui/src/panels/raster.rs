//! Every spike: time to the right, neurons upwards.

use super::{Home, Panel, PanelSpec};
use crate::theme::Tokens;
use crate::view::Cx;
use eframe::egui::{Rect, Sense, Ui, pos2, vec2};

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "raster",
    title: "Raster",
    about: "Every spike of every neuron over time",
    home: Home::Middle,
    open: true,
    make: || Box::new(Raster),
};

struct Raster;

impl Panel for Raster {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let tokens = Tokens::in_use(ui);
        let (rect, _) = ui.allocate_exact_size(ui.available_size(), Sense::click_and_drag());
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, 0.0, tokens.ground);
        let total: usize = cx.scene.net.populations.iter().map(|p| p.size).sum();
        let mut below = 0;
        let window = cx.view.window;
        for (index, p) in cx.scene.net.populations.iter().enumerate() {
            let (ticks, ids) = cx.history.spikes.between(index, window.from.max(0.0) as u64, window.to.max(0.0) as u64);
            for (tick, id) in ticks.iter().zip(ids) {
                let x = rect.left() + ((*tick as f64 - window.from) / window.length()) as f32 * rect.width();
                let y = rect.bottom() - (below as f32 + *id as f32 + 0.5) / total as f32 * rect.height();
                painter.rect_filled(Rect::from_center_size(pos2(x, y), vec2(2.0, 2.0)), 0.0, tokens.population(index));
            }
            below += p.size;
        }
    }
}
