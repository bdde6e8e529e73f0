//! Every spike: time to the right, neurons upwards.

use super::{Home, Panel, PanelSpec};
use crate::chart::{self, TimeAxis};
use crate::theme::Tokens;
use crate::view::Cx;
use eframe::egui::{Rect, Ui, pos2, vec2};

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
        let (rect, response) = chart::ground(ui, 0.0);
        let axis = TimeAxis::new(rect, cx);
        axis.interact(ui, &response, cx);
        axis.draw(ui, cx);
        let painter = ui.painter_at(rect);
        let total: usize = cx.scene.net.populations.iter().map(|p| p.size).sum();
        let (from, to) = axis.ticks();
        let mut below = 0;
        for (index, p) in cx.scene.net.populations.iter().enumerate() {
            let (ticks, ids) = cx.history.spikes.between(index, from, to);
            for (tick, id) in ticks.iter().zip(ids) {
                let y = rect.bottom() - (below as f32 + *id as f32 + 0.5) / total as f32 * rect.height();
                let at = Rect::from_center_size(pos2(axis.x(*tick as f64), y), vec2(2.0, 2.0));
                painter.rect_filled(at, 0.0, tokens.population(index));
            }
            below += p.size;
        }
    }
}
