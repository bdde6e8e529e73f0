//! Energy so far over time, on the axis of the raster.

use super::scale::{LogScale, round_joules};
use crate::bill::{Line, Moment, joules};
use crate::chart::{AXIS_HEIGHT, TimeAxis};
use crate::theme::Tokens;
use crate::view::Cx;
use eframe::egui::{Align2, Color32, FontId, Mesh, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};
use spikewatt::energy::Range;

/// Height of the chart.
const HEIGHT: f32 = 150.0;

/// Room at its left for energies.
const LEFT: f32 = 52.0;

/// Draws the chart.
pub(super) fn chart(ui: &mut Ui, cx: &mut Cx<'_>, moment: Option<&Moment>) {
    let bill = cx.view.bill.clone();
    let course = bill.course(ui.ctx(), cx);
    let course = course.filter(|c| c.spiking_device == cx.view.spiking_device && c.dense_device == cx.view.dense_device);
    let tokens = Tokens::in_use(ui);
    ui.add_space(6.0);
    let (outer, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click_and_drag());
    let rect = Rect::from_min_max(outer.min + vec2(LEFT, 0.0), outer.max - vec2(0.0, AXIS_HEIGHT));
    ui.painter().rect_filled(rect, 0.0, tokens.ground);
    let axis = TimeAxis::new(rect, cx);
    axis.interact(ui, &response, cx);
    if response.hovered() {
        // The wheel zooms the time here, and does not roll the panel as well.
        ui.input_mut(|input| input.smooth_scroll_delta = vec2(0.0, 0.0));
    }
    axis.draw(ui, cx);
    let mut lines = course.map_or((Line::new(), Line::new()), |course| (course.spiking.clone(), course.dense.clone()));
    if let Some(moment) = moment.filter(|_| cx.view.cursor.is_none()) {
        let tick = moment.ran.counts.ticks;
        for (line, side) in [(&mut lines.0, &moment.spiking), (&mut lines.1, &moment.dense)] {
            if line.last().is_none_or(|(last, _)| *last < tick) {
                line.extend(side.joules.map(|joules| (tick, joules)));
            }
        }
    }
    let (from, to) = (axis.window.from, axis.window.to);
    // What lies just before the view sets the scale as well: the line comes from there.
    let seen = |line: &Line| {
        let first = line.partition_point(|(tick, _)| (*tick as f64) < from).saturating_sub(1);
        line[first..].iter().take_while(|(tick, _)| *tick as f64 <= to).map(|(_, range)| *range).collect::<Vec<_>>()
    };
    let Some(scale) = LogScale::of(seen(&lines.0).into_iter().chain(seen(&lines.1))) else {
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Energy over time: nothing in view"));
        return;
    };
    let painter = ui.painter_at(rect);
    for (line, colour) in [(&lines.1, tokens.dense), (&lines.0, tokens.spiking)] {
        draw(&painter, rect, &axis, scale, line, colour);
    }
    for mark in scale.marks((rect.height() / 28.0) as usize) {
        let y = rect.bottom() - scale.share(mark) * rect.height();
        painter.hline(rect.x_range(), y, Stroke::new(1.0, tokens.faint.gamma_multiply(0.2)));
        let at = pos2(rect.left() - 4.0, y.clamp(rect.top() + 6.0, rect.bottom() - 6.0));
        ui.painter().text(at, Align2::RIGHT_CENTER, round_joules(mark), FontId::proportional(10.5), tokens.faint);
    }
    let until = lines.0.last().map_or(0, |(tick, _)| *tick);
    if cx.view.cursor.is_none() && (until as f64) < from {
        let behind = format!(
            "time passes faster than it is priced: {:.0} ms behind",
            axis.dt_ms * cx.now.tick.saturating_sub(until) as f64
        );
        painter.text(rect.center(), Align2::CENTER_CENTER, behind, FontId::proportional(11.0), tokens.faint);
    }
    let last = |line: &Line| line.last().map_or("no figure".into(), |(_, range)| joules(range.nominal));
    let said = format!(
        "Energy so far over time, {:.3} to {:.3} ms: spiking {}, dense {}",
        from.max(0.0) * axis.dt_ms,
        to * axis.dt_ms,
        last(&lines.0),
        last(&lines.1)
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &said));
    response.on_hover_text("Energy up to each moment, logarithmic, with its range (5th to 95th percentile). Drag and wheel move the time of all charts.");
}

/// Draws a line with its band.
fn draw(painter: &eframe::egui::Painter, rect: Rect, axis: &TimeAxis, scale: LogScale, line: &Line, colour: Color32) {
    let y = |value: f64| rect.bottom() - scale.share(value) * rect.height();
    let points = |of: fn(&Range<f64>) -> f64| -> Vec<Pos2> {
        line.iter().map(|(tick, range)| pos2(axis.x(*tick as f64), y(of(range)))).collect()
    };
    let (low, nominal, high) = (points(|r| r.low), points(|r| r.nominal), points(|r| r.high));
    let mut band = Mesh::default();
    for (a, b) in low.iter().zip(&high) {
        let at = band.vertices.len() as u32;
        band.colored_vertex(*a, colour.gamma_multiply(0.18));
        band.colored_vertex(*b, colour.gamma_multiply(0.18));
        if at > 0 {
            band.add_triangle(at - 2, at - 1, at);
            band.add_triangle(at - 1, at, at + 1);
        }
    }
    painter.add(Shape::mesh(band));
    painter.add(Shape::line(nominal, Stroke::new(2.0, colour)));
}
