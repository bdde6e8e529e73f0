//! How much populations fire: rates over time, intervals between spikes, rates of neurons.

mod figures;

use super::{Home, Panel, PanelSpec};
use crate::chart::{self, AXIS_HEIGHT, TimeAxis, marks, short};
use crate::number::grouped;
use crate::theme::Tokens;
use crate::view::{Cx, Table};
use eframe::egui::{Align2, ComboBox, DragValue, FontId, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};
use figures::{Figures, Histogram, rates};
use std::time::{Duration, Instant};

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "rates",
    title: "Rates",
    about: "Rates of populations over time, intervals between spikes, rates of neurons",
    home: Home::Below,
    open: true,
    make: || Box::new(Rates { bin_ms: 5.0, ..Rates::default() }),
};

/// Steps of a curve at most; where the window is longer, bins are widened, and it is told.
const STEPS: u64 = 400;
/// Histograms are made anew no more often than this while time passes.
const STALE: Duration = Duration::from_millis(250);

/// What the histograms were made of: store, its beginning, population, first and last tick.
type Made = (u64, u64, usize, u64, u64);

#[derive(Default)]
struct Rates {
    bin_ms: f64,
    neurons: bool,
    cached: Option<(Made, Instant, Figures)>,
}

/// Bins of the curves.
#[derive(Debug, Clone)]
struct Bins {
    ticks: u64,
    range: std::ops::Range<u64>,
}

impl Rates {
    /// Whole bins of the window, up to the present and from where all spikes are kept.
    fn bins(&self, cx: &Cx<'_>) -> Bins {
        let window = cx.view.window;
        let asked = ((self.bin_ms / cx.scene.net.dt_ms).round() as u64).max(1);
        let ticks = asked * (((window.length() / asked as f64) as u64).div_ceil(STEPS)).max(1);
        let from = (window.from.max(0.0) as u64 / ticks).max(cx.history.spikes.begins().div_ceil(ticks));
        let end = ((window.to.max(0.0) as u64).div_ceil(ticks)).min(cx.now.tick / ticks);
        Bins { ticks, range: from..end.max(from) }
    }

    fn figures(&mut self, cx: &Cx<'_>) -> Figures {
        let spikes = &cx.history.spikes;
        let (from, to) = (
            (cx.view.window.from.max(0.0).ceil() as u64).max(spikes.begins()).max(1),
            (cx.view.window.to.max(0.0) as u64).min(cx.tick()),
        );
        let made = (spikes.generation(), spikes.begins(), cx.view.population, from, to);
        if let Some((of, at, figures)) = &self.cached {
            // While time passes, those of a moment ago will do; another store or population will not.
            let close = (of.0, of.2) == (made.0, made.2) && at.elapsed() < STALE && cx.now.playing;
            if *of == made || close {
                return figures.clone();
            }
        }
        let size = cx.scene.net.populations.get(cx.view.population).map_or(0, |p| p.size);
        let figures = if from <= to {
            Figures::of(spikes, cx.view.population, size, from, to, cx.scene.net.dt_ms)
        } else {
            Figures::default()
        };
        self.cached = Some((made, Instant::now(), figures.clone()));
        figures
    }

    fn toolbar(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        ui.horizontal_wrapped(|ui| {
            let label = ui.label("Bin");
            let least = cx.scene.net.dt_ms.max(1e-3);
            ui.add(DragValue::new(&mut self.bin_ms).range(least..=10_000.0).speed(0.1).suffix(" ms"))
                .on_hover_text("Time over which spikes are counted")
                .labelled_by(label.id);
            ui.separator();
            let populations = &cx.scene.net.populations;
            if let Some(p) = populations.get(cx.view.population) {
                let label = ui.label("Population");
                let combo = ComboBox::from_id_salt("population").selected_text(&p.name).width(90.0).show_ui(ui, |ui| {
                    for (at, p) in populations.iter().enumerate() {
                        ui.selectable_value(&mut cx.view.population, at, &p.name);
                    }
                });
                combo.response.labelled_by(label.id);
            }
            ui.selectable_value(&mut self.neurons, false, "Intervals")
                .on_hover_text("Between spikes of the same neuron, in view");
            ui.selectable_value(&mut self.neurons, true, "Neurons").on_hover_text("How many neurons fire at which rate, in view");
        });
    }

    fn curves(&self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let left = chart::left(ui);
        let (rect, response) = chart::ground(ui, left);
        TimeAxis::new(rect, cx).interact(ui, &response, cx);
        let axis = TimeAxis::new(rect, cx);
        let (tokens, bins) = (Tokens::in_use(ui), self.bins(cx));
        let populations = &cx.scene.net.populations;
        let curves: Vec<Vec<f64>> = populations
            .iter()
            .enumerate()
            .map(|(at, p)| rates(&cx.history.spikes, at, p.size, bins.range.clone(), bins.ticks, cx.scene.dt_s()))
            .collect();
        let most = curves.iter().flatten().copied().fold(0.0, f64::max);
        let high = if most > 0.0 { most * 1.08 } else { 1.0 };
        let y = |hz: f64| rect.bottom() - (hz / high) as f32 * (rect.height() - 4.0);
        upright(ui, rect, high, "Hz", y);
        let painter = ui.painter_at(rect);
        for (at, curve) in curves.iter().enumerate() {
            let mut points: Vec<Pos2> = Vec::with_capacity(curve.len() * 2);
            for (k, hz) in bins.range.clone().zip(curve) {
                points.push(pos2(axis.x((k * bins.ticks) as f64), y(*hz)));
                points.push(pos2(axis.x(((k + 1) * bins.ticks) as f64), y(*hz)));
            }
            let wide = if at == cx.view.population { 2.0 } else { 1.0 };
            painter.add(Shape::line(points, Stroke::new(wide, tokens.population(at))));
        }
        axis.draw(ui, cx);
        // The bin at the moment that is looked at, in words and as a legend.
        let at = (cx.tick().saturating_sub(1) / bins.ticks).min(bins.range.end.saturating_sub(1));
        let now = |population: usize| {
            let row = at.checked_sub(bins.range.start)?;
            curves[population].get(row as usize).copied()
        };
        let told: Vec<String> = populations
            .iter()
            .enumerate()
            .map(|(p, of)| now(p).map_or_else(|| format!("{} –", of.name), |hz| format!("{} {:.1} Hz", of.name, hz)))
            .collect();
        let mut corner = pos2(rect.left() + 4.0, rect.top() + 2.0);
        for (p, text) in told.iter().enumerate() {
            let drawn = painter.text(corner, Align2::LEFT_TOP, text, FontId::proportional(11.0), tokens.population(p));
            corner.x = drawn.right() + 10.0;
            if corner.x + 140.0 > rect.right() {
                corner = pos2(rect.left() + 4.0, corner.y + 13.0);
            }
        }
        let bin = short(bins.ticks as f64 * cx.scene.net.dt_ms);
        let label =
            format!("Rates in bins of {bin} ms, at {} ms: {}", short(cx.scene.ms((at + 1) * bins.ticks)), told.join(", "));
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &label));
        let text = FontId::proportional(10.0);
        painter.text(
            pos2(rect.right() - 3.0, rect.top() + 2.0),
            Align2::RIGHT_TOP,
            format!("bins of {bin} ms"),
            text,
            tokens.faint,
        );
    }

    fn histogram(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let figures = self.figures(cx);
        let told = self.words(&figures);
        ui.label(&told);
        let (shown, unit) = if self.neurons { (&figures.neurons, "Hz") } else { (&figures.intervals, "ms") };
        let left = chart::left(ui);
        let (outer, response) = ui.allocate_exact_size(ui.available_size().max(vec2(60.0, 40.0)), Sense::hover());
        let rect = Rect::from_min_max(outer.min + vec2(left, 0.0), pos2(outer.right(), outer.bottom() - AXIS_HEIGHT));
        draw_histogram(ui, rect, shown, unit, Tokens::in_use(ui).population(cx.view.population));
        let name = if self.neurons { "Neurons by rate" } else { "Intervals" };
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("{name}: {told}")));
        if let Some(pointer) = response.hover_pos().filter(|p| rect.contains(*p) && !shown.counts.is_empty()) {
            let at = ((pointer.x - rect.left()) / rect.width() * shown.counts.len() as f32) as usize;
            if let Some(n) = shown.counts.get(at) {
                let (from, to) = (short(at as f64 * shown.width), short((at + 1) as f64 * shown.width));
                response.on_hover_text_at_pointer(format!("{from} to {to} {unit}: {}", grouped(*n)));
            }
        }
    }

    fn words(&self, figures: &Figures) -> String {
        if self.neurons {
            return format!("mean {:.2} Hz; {} neurons without a spike", figures.rate, grouped(figures.silent as u64));
        }
        match (figures.n, figures.cv) {
            (0, _) => "no neuron has spiked twice in view; let time pass, or show a longer stretch".into(),
            (n, None) => format!("{} intervals, mean {:.3} ms", grouped(n), figures.mean_ms),
            (n, Some(cv)) => {
                let of = grouped(figures.with_cv as u64);
                format!("{} intervals, mean {:.3} ms, CV {cv:.3} (mean of {of} with two or more)", grouped(n), figures.mean_ms)
            }
        }
    }
}

/// Marks at the left of a chart.
fn upright(ui: &Ui, rect: Rect, high: f64, unit: &str, y: impl Fn(f64) -> f32) {
    let tokens = Tokens::in_use(ui);
    for mark in marks(0.0, high, ((rect.height() / 28.0) as usize).max(1)) {
        let at = pos2(rect.left() - 4.0, y(mark));
        ui.painter().text(at, Align2::RIGHT_CENTER, format!("{} {unit}", short(mark)), FontId::proportional(10.0), tokens.faint);
        ui.painter().hline(rect.x_range(), at.y, Stroke::new(1.0, tokens.faint.gamma_multiply(0.2)));
    }
}

fn draw_histogram(ui: &Ui, rect: Rect, shown: &Histogram, unit: &str, colour: eframe::egui::Color32) {
    let tokens = Tokens::in_use(ui);
    ui.painter().rect_filled(rect, 0.0, tokens.ground);
    let most = shown.counts.iter().copied().max().unwrap_or(0);
    if most == 0 {
        return;
    }
    let high = most as f64 * 1.05;
    let y = |n: f64| rect.bottom() - (n / high) as f32 * rect.height();
    upright(ui, rect, high, "", y);
    let wide = rect.width() / shown.counts.len() as f32;
    let painter = ui.painter_at(rect);
    for (at, n) in shown.counts.iter().enumerate().filter(|(_, n)| **n > 0) {
        let left = rect.left() + at as f32 * wide;
        // What is there is seen, however little it is.
        let top = y(*n as f64).min(rect.bottom() - 1.0);
        painter.rect_filled(Rect::from_min_max(pos2(left, top), pos2(left + (wide - 1.0).max(1.0), rect.bottom())), 0.0, colour);
    }
    let end = shown.width * shown.counts.len() as f64;
    for mark in marks(0.0, end, ((rect.width() / 70.0) as usize).max(1)) {
        let at = pos2(rect.left() + (mark / end) as f32 * rect.width(), rect.bottom() + 2.0);
        ui.painter().text(at, Align2::CENTER_TOP, format!("{} {unit}", short(mark)), FontId::proportional(10.0), tokens.faint);
    }
}

impl Panel for Rates {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        self.toolbar(ui, cx);
        let room = ui.available_size();
        let upper = (room.y * 0.55).max(60.0);
        ui.allocate_ui(vec2(room.x, upper), |ui| {
            ui.set_max_height(upper);
            self.curves(ui, cx);
        });
        self.histogram(ui, cx);
    }

    fn table(&self, cx: &Cx<'_>) -> Option<Table> {
        let bins = self.bins(cx);
        let populations = &cx.scene.net.populations;
        let of = |(at, p): (usize, &spikewatt::compile::CompiledPopulation)| {
            rates(&cx.history.spikes, at, p.size, bins.range.clone(), bins.ticks, cx.scene.dt_s())
        };
        let curves: Vec<Vec<f64>> = populations.iter().enumerate().map(of).collect();
        let columns =
            std::iter::once("end of bin (ms)".to_owned()).chain(populations.iter().map(|p| format!("{} (Hz)", p.name))).collect();
        let row = |(at, k): (usize, u64)| {
            std::iter::once(short(cx.scene.ms((k + 1) * bins.ticks))).chain(curves.iter().map(|c| c[at].to_string())).collect()
        };
        Some(Table { columns, rows: bins.range.clone().enumerate().map(row).collect() })
    }
}
