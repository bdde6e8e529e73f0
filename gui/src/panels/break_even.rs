//! Where spiking begins to pay: the energy ratio over spikes per synapse, with the run as a point that moves on it.

use super::energy::scale::LogScale;
use super::results::recorded;
use super::{Home, Panel, PanelSpec};
use crate::bill::{DenseRuns, Even, Moment, two};
use crate::theme::Tokens;
use crate::view::{Cx, Table};
use eframe::egui::{
    Align2, Color32, FontId, Mesh, Painter, Pos2, Rect, RichText, Role, ScrollArea, Sense, Shape, Stroke, Ui, WidgetInfo, pos2,
    vec2,
};
use spikewatt::energy::{Outcome, Range};

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "break-even",
    title: "Break-even",
    about: "Energy of the spiking network over that of the dense one, over spikes per synapse, for the chosen devices",
    home: Home::Right,
    open: true,
    make: || Box::new(BreakEven),
};

struct BreakEven;

impl Panel for BreakEven {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if recorded(ui, cx, "there is no energy to compare") {
            return;
        }
        let bill = cx.view.bill.clone();
        let (even, moment) = (bill.even(ui.ctx(), cx), bill.moment(ui.ctx(), cx));
        let chosen = |spiking: &str, dense: &str| spiking == cx.view.spiking_device && dense == cx.view.dense_device;
        let Some(even) = even.filter(|even| chosen(&even.spiking, &even.dense)) else {
            ui.label("Working out the curve …");
            return;
        };
        let moment = moment.filter(|m| chosen(&m.spiking.device, &m.dense.device));
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            head(ui, cx, &even);
            chart(ui, &even, moment.as_deref());
            words(ui, &even);
        });
    }

    fn table(&self, cx: &Cx<'_>) -> Option<Table> {
        let even = cx.view.bill.last_even()?;
        let columns = ["point", "spikes per synapse", "low", "nominal", "high"].map(String::from).to_vec();
        let curve = even.curve.as_ref()?;
        let points = curve.points.iter().map(|point| ("curve", point)).chain([("so far", &curve.here)]);
        let row = |(what, point): (&str, &spikewatt::energy::CurvePoint)| {
            let Range { low, nominal, high } = point.ratio;
            let cells = [point.spikes_per_synapse, low, nominal, high].map(|value| value.to_string());
            std::iter::once(what.to_owned()).chain(cells).collect()
        };
        Some(Table { columns, rows: points.chain(even.last.iter().map(|last| ("last sample", last))).map(row).collect() })
    }
}

/// Which devices, and whether they can be set against one another.
fn head(ui: &mut Ui, cx: &Cx<'_>, even: &Even) {
    let find = |id: &str| cx.catalogue.devices().iter().find(|device| device.id == id);
    let (Some(spiking), Some(dense)) = (find(&even.spiking), find(&even.dense)) else { return };
    ui.label(format!("Spiking on {}, dense on {}", spiking.name, dense.name));
    if spiking.id != dense.id && spiking.boundary != dense.boundary {
        let text = format!(
            "Not like for like: the spiking figure is of {}, the dense one of {}.",
            crate::bill::what(spiking.boundary),
            crate::bill::what(dense.boundary)
        );
        ui.label(RichText::new(text).color(Tokens::in_use(ui).bad));
    }
}

/// A chart with two logarithmic axes.
struct Plot {
    rect: Rect,
    x: LogScale,
    y: LogScale,
}

impl Plot {
    fn at(&self, x: f64, y: f64) -> Pos2 {
        pos2(self.rect.left() + self.x.share(x) * self.rect.width(), self.rect.bottom() - self.y.share(y) * self.rect.height())
    }

    fn dot(&self, painter: &Painter, x: f64, ratio: Range<f64>, colour: Color32, filled: bool) {
        let stroke = Stroke::new(2.0, colour);
        painter.line_segment([self.at(x, ratio.low), self.at(x, ratio.high)], stroke);
        let at = self.at(x, ratio.nominal);
        if filled {
            painter.circle_filled(at, 5.0, colour)
        } else {
            painter.circle_stroke(at, 5.0, stroke)
        };
    }
}

fn chart(ui: &mut Ui, even: &Even, moment: Option<&Moment>) {
    let tokens = Tokens::in_use(ui);
    if let Some(why) = &even.why_not {
        ui.label(RichText::new(why).color(tokens.faint));
    }
    let Some(curve) = &even.curve else { return };
    let height = (ui.available_height() - 120.0).clamp(140.0, 420.0);
    let (outer, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let rect = Rect::from_min_max(outer.min + vec2(44.0, 4.0), outer.max - vec2(4.0, 30.0));
    let live = moment.and_then(|m| m.spikes_per_synapse.zip(m.ratio)).filter(|(x, _)| *x > 0.0);
    // The band's width where the run is: the two devices' errors taken together, as the curve takes them.
    let here = curve.here.ratio;
    let live = live.map(|(x, ratio)| (x, here.map(|end| ratio.nominal * end / here.nominal)));
    let marks = even.published.criteria.iter().map(|c| Range { low: c.low, nominal: c.low, high: c.high });
    let points = curve.points.iter().map(|p| Range::point(p.spikes_per_synapse));
    let also = live.iter().map(|(x, _)| *x).chain(even.last.map(|last| last.spikes_per_synapse)).map(Range::point);
    let (Some(x), Some(y)) = (
        LogScale::of(points.chain(marks).chain(also)),
        LogScale::of(curve.points.iter().map(|p| p.ratio).chain(live.map(|(_, r)| r)).chain([Range::point(1.0)])),
    ) else {
        return;
    };
    let plot = Plot { rect, x, y };
    let painter = ui.painter();
    painter.rect_filled(rect, 0.0, tokens.ground);
    let plain = |value: f64| crate::chart::short(value);
    x.axis(painter, rect, tokens.faint, plain);
    for mark in y.marks((rect.height() / 26.0) as usize) {
        let at = plot.at(1.0, mark).y;
        painter.hline(rect.x_range(), at, Stroke::new(1.0, tokens.faint.gamma_multiply(0.2)));
        painter.text(pos2(rect.left() - 4.0, at), Align2::RIGHT_CENTER, plain(mark), FontId::proportional(10.5), tokens.faint);
    }
    let under = match even.runs {
        DenseRuns::EveryTick => "spikes per synapse and tick",
        _ => "spikes per synapse and sample",
    };
    painter.text(pos2(rect.center().x, outer.bottom()), Align2::CENTER_BOTTOM, under, FontId::proportional(11.0), tokens.faint);
    let inside = ui.painter_at(rect);
    for criterion in &even.published.criteria {
        let (a, b) = (plot.at(criterion.low, 1.0).x, plot.at(criterion.high, 1.0).x);
        let colour = if criterion.verdict == Outcome::DoesNotApply { tokens.faint } else { tokens.limit };
        let mark = Rect::from_x_y_ranges(a..=b.max(a + 1.5), rect.y_range());
        inside.rect_filled(mark, 0.0, colour.gamma_multiply(if b - a > 2.0 { 0.13 } else { 0.6 }));
    }
    let mut band = Mesh::default();
    for point in &curve.points {
        let n = band.vertices.len() as u32;
        band.colored_vertex(plot.at(point.spikes_per_synapse, point.ratio.low), tokens.spiking.gamma_multiply(0.2));
        band.colored_vertex(plot.at(point.spikes_per_synapse, point.ratio.high), tokens.spiking.gamma_multiply(0.2));
        if n > 0 {
            band.add_triangle(n - 2, n - 1, n);
            band.add_triangle(n - 1, n, n + 1);
        }
    }
    inside.add(Shape::mesh(band));
    let line = curve.points.iter().map(|p| plot.at(p.spikes_per_synapse, p.ratio.nominal)).collect();
    inside.add(Shape::line(line, Stroke::new(2.0, tokens.spiking)));
    inside.text(
        rect.left_top() + vec2(4.0, 3.0),
        Align2::LEFT_TOP,
        "energy, spiking / dense",
        FontId::proportional(10.5),
        tokens.faint,
    );
    let one = plot.at(1.0, 1.0).y;
    inside.hline(rect.x_range(), one, Stroke::new(1.5, ui.visuals().text_color()));
    inside.text(
        pos2(rect.right() - 3.0, one - 2.0),
        Align2::RIGHT_BOTTOM,
        "dense takes less",
        FontId::proportional(10.5),
        tokens.dense,
    );
    inside.text(
        pos2(rect.right() - 3.0, one + 2.0),
        Align2::RIGHT_TOP,
        "spiking takes less",
        FontId::proportional(10.5),
        tokens.spiking,
    );
    if let Some(last) = &even.last {
        plot.dot(&inside, last.spikes_per_synapse, last.ratio, ui.visuals().text_color(), false);
    }
    let mut said = "Break-even chart".to_owned();
    if let Some((x, ratio)) = live {
        plot.dot(&inside, x, ratio, tokens.chosen, true);
        said += &format!(
            ": so far {} {under}, spiking takes {} times the dense energy ({} to {})",
            two(x),
            two(ratio.nominal),
            two(ratio.low),
            two(ratio.high)
        );
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &said));
    response.on_hover_text(said);
}

/// Where it turns, and what is published.
fn words(ui: &mut Ui, even: &Even) {
    let tokens = Tokens::in_use(ui);
    if let Some(curve) = &even.curve {
        let at = |end: Option<f64>| match end {
            Some(0.0) => "never".to_owned(),
            Some(end) => format!("below {}", two(end)),
            None => "wherever the curve goes".to_owned(),
        };
        let (low, nominal) = (at(curve.crossing.low), at(curve.crossing.nominal));
        ui.label(if low == nominal {
            format!("Spiking takes less: {low}.")
        } else {
            format!("Spiking takes less: surely {low}, nominally {nominal}.")
        });
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new("filled: so far").color(tokens.chosen));
            if even.last.is_some() {
                ui.label("ring: the last whole sample");
            }
            ui.label(RichText::new("band: 5th to 95th percentile").color(tokens.spiking));
            ui.label(RichText::new("upright: published limits").color(tokens.limit));
        });
    }
    for criterion in &even.published.criteria {
        let interval = if criterion.low == criterion.high {
            two(criterion.low)
        } else {
            format!("{} to {}", two(criterion.low), two(criterion.high))
        };
        let verdict = match criterion.verdict {
            Outcome::Met => "below it",
            Outcome::NotMet => "above it",
            Outcome::Inside => "within it",
            Outcome::DoesNotApply => "does not apply",
        };
        // Before anything ran, what rests on the run is zero.
        let interval = if criterion.high == 0.0 { verdict.to_owned() } else { format!("{interval} ({verdict})") };
        ui.label(RichText::new(format!("{}: {interval}", criterion.name)).small()).on_hover_text(&criterion.source);
    }
}
