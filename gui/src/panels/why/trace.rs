//! The membrane before a spike, with what arrived.

use super::past::{Found, span};
use crate::chart::{TimeAxis, short};
use crate::session::{Neuron, Spiked};
use crate::theme::Tokens;
use crate::view::{Cx, Window, faded};
use eframe::egui::{self, Rect, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};
use spikewatt::engine::Source;

/// Draws it, in a stretch of time of its own: that of the causes.
pub(super) fn trace(ui: &mut Ui, cx: &Cx<'_>, found: &Found, spike: Spiked, unit: &str) {
    let (why, tokens) = (&found.why, Tokens::in_use(ui));
    let (from, to) = span(why);
    let (from, to) = (from + found.began, to + found.began);
    let (outer, response) = ui.allocate_exact_size(vec2(ui.available_width().max(80.0), 130.0), Sense::hover());
    let rect = Rect::from_min_max(outer.min, pos2(outer.right(), outer.bottom() - crate::chart::AXIS_HEIGHT));
    ui.painter().rect_filled(rect, 0.0, tokens.ground);
    let axis = TimeAxis { rect, window: Window { from: from as f64, to: to as f64, follows: false }, dt_ms: cx.scene.net.dt_ms };
    axis.draw(ui, cx);
    let neuron = Neuron { population: spike.population, id: spike.id };
    let followed: Vec<_> = cx.history.traces.of(neuron).map(|t| t.between(from, to).collect()).unwrap_or_default();
    let rebuilt = followed.first().is_none_or(|(tick, _)| *tick > from + (to - from) / 4);
    let mut points = if rebuilt { found.trace.clone() } else { followed };
    // What is recorded at the spike's tick is the membrane after its reset; that of the test is drawn too.
    if let Some(at) = points.iter().position(|(tick, _)| *tick >= spike.tick) {
        points.insert(at, (spike.tick, why.v));
    } else {
        points.push((spike.tick, why.v));
    }
    let values = points.iter().map(|(_, v)| *v).chain(why.threshold);
    let (low, high) = values.filter(|v| v.is_finite()).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    let margin = ((high - low) * 0.1).max(1e-9);
    let (low, high) = (low - 1.5 * margin, high + margin);
    let y = |v: f64| rect.bottom() - ((v - low) / (high - low)) as f32 * rect.height();
    let painter = ui.painter_at(rect);
    if let Some(threshold) = why.threshold {
        painter.hline(rect.x_range(), y(threshold), Stroke::new(1.0, tokens.limit));
        let (align, font) = (egui::Align2::LEFT_BOTTOM, egui::FontId::proportional(10.0));
        let text = format!("threshold {}", short(threshold));
        painter.text(pos2(rect.left() + 4.0, y(threshold) - 1.0), align, text, font, tokens.limit);
    }
    let largest = why.causes.first().map_or(1.0, |c| c.part.abs()).max(f64::MIN_POSITIVE);
    for cause in &why.causes {
        if matches!(cause.source, Source::Spike { .. } | Source::Stimulus { .. } | Source::Kick) {
            let colour = if cause.part >= 0.0 { tokens.excitatory } else { tokens.inhibitory };
            let (x, size) = (axis.x((cause.arrived + found.began) as f64), (cause.part.abs() / largest) as f32);
            let stroke = Stroke::new(1.0 + size, faded(colour, 0.35 + 0.65 * size));
            painter.line_segment([pos2(x, rect.bottom()), pos2(x, rect.bottom() - 4.0 - 18.0 * size)], stroke);
        }
    }
    let line = points.iter().map(|(tick, v)| pos2(axis.x(*tick as f64), y(*v))).collect();
    painter.add(Shape::line(line, Stroke::new(1.5, tokens.population(spike.population))));
    painter.circle_filled(pos2(axis.x(spike.tick as f64), y(why.v)), 3.5, tokens.chosen);
    let how = if rebuilt { "rebuilt from the explanation" } else { "as recorded" };
    let text = format!("Membrane before the spike, {how}; the marks below are its inputs as they arrive ({unit})");
    let text = text.trim_end_matches(" ()");
    response.widget_info(|| WidgetInfo::labeled(egui::accesskit::Role::Image, true, text));
    ui.small(text);
}
