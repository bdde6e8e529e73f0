//! Every spike: time to the right, neurons upwards.
//!
//! Spikes are counted on pixels ([`grid`]) and drawn as one texture ([`picture`]), or, where they are few, one by one. Nothing is left out: a pixel is brighter
//! where more fall on it, and the line above says how many at most.

mod bands;
mod choose;
mod draw;
mod grid;
mod keys;
mod picture;

use super::{Home, Panel, PanelSpec, TableJob};
use crate::chart::{self, TimeAxis, short};
use crate::number::grouped;
use crate::panels::PANELS;
use crate::session::{Neuron, Spiked};
use crate::view::{Action, Cx, Table};
use bands::{Bands, Span};
use choose::Placed;
use draw::Sign;
use eframe::egui::{Rect, Response, RichText, Role, Sense, Ui, WidgetInfo, pos2};
use grid::Grid;
use picture::Picture;
use spikewatt::compile::CompiledNetwork;
use std::collections::BTreeSet;
use std::sync::{Arc, Weak};

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "raster",
    title: "Raster",
    about: "Every spike of every neuron over time",
    home: Home::Middle,
    open: true,
    make: || Box::new(Raster::new()),
};

/// Up to so many spikes in view are drawn one by one.
const SINGLE: u64 = 4_000;

struct Raster {
    /// What the rest was made for.
    net: Weak<CompiledNetwork>,
    sizes: Vec<usize>,
    signs: Vec<Sign>,
    hidden: BTreeSet<usize>,
    span: Span,
    bands: Bands,
    /// Neurons in view.
    neurons: usize,
    grid: Grid,
    picture: Picture,
}

impl Raster {
    fn new() -> Self {
        Self {
            net: Weak::new(),
            sizes: Vec::new(),
            signs: Vec::new(),
            hidden: BTreeSet::new(),
            span: Span::ALL,
            bands: Bands::default(),
            neurons: 0,
            grid: Grid::default(),
            picture: Picture::default(),
        }
    }

    /// Learns of another network, or of edited weights.
    fn meet(&mut self, net: &Arc<CompiledNetwork>) {
        if std::ptr::eq(self.net.as_ptr(), Arc::as_ptr(net)) {
            return;
        }
        let sizes: Vec<usize> = net.populations.iter().map(|p| p.size).collect();
        if sizes != self.sizes {
            *self = Self { sizes, ..Self::new() };
        }
        self.signs = (0..net.populations.len()).map(|p| Sign::of(net, p)).collect();
        self.net = Arc::downgrade(net);
    }

    fn toolbar(&mut self, ui: &mut Ui, cx: &Cx<'_>, told: &str) {
        ui.horizontal_wrapped(|ui| {
            ui.menu_button("Populations", |ui| {
                ui.horizontal(|ui| {
                    if ui.button("Show all").clicked() {
                        self.hidden.clear();
                    }
                    if ui.button("Hide all").clicked() {
                        self.hidden = (0..self.sizes.len()).collect();
                    }
                });
                eframe::egui::ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
                    for (at, p) in cx.scene.net.populations.iter().enumerate() {
                        let mut shown = !self.hidden.contains(&at);
                        let text = format!("{} ({} neurons{})", p.name, grouped(p.size as u64), self.signs[at].told());
                        if ui.checkbox(&mut shown, text).changed() {
                            if shown {
                                self.hidden.remove(&at)
                            } else {
                                self.hidden.insert(at)
                            };
                        }
                    }
                });
            });
            let zoomed = self.span != Span::ALL;
            let button = ui.add_enabled(zoomed, eframe::egui::Button::new("All neurons"));
            if button.on_hover_text("Fits all neurons into the height (0, or double-click at the left)").clicked() {
                self.span = Span::ALL;
            }
            ui.label(RichText::new(told).small());
        });
    }

    /// Hears what is done at the left, and with the wheel while Ctrl is held or by a pinch: neurons are zoomed and moved.
    /// True where the wheel was meant for them.
    fn interact_neurons(&mut self, ui: &Ui, rect: Rect, margin: &Response, chart: &Response) -> bool {
        let height = f64::from(rect.height().max(1.0));
        if margin.dragged() {
            self.span = self.span.moved(-f64::from(margin.drag_delta().y) / height);
        }
        if margin.double_clicked() {
            self.span = Span::ALL;
        }
        let (scroll, zoom) = ui.input(|i| (i.smooth_scroll_delta().y, i.zoom_delta()));
        let (pointer, times) = match (margin.hover_pos(), chart.hover_pos()) {
            (Some(pointer), _) => (pointer, f64::from(zoom) * (f64::from(scroll) * 0.005).exp()),
            (None, Some(pointer)) => (pointer, f64::from(zoom)),
            (None, None) => return false,
        };
        if times != 1.0 {
            let share = f64::from(pointer.y - rect.top()) / height;
            self.span = self.span.zoomed(times, share, self.bands.shortest(self.span));
        }
        times != 1.0
    }

    /// What is in view, in words.
    fn told(&self, cx: &Cx<'_>, n: u64) -> String {
        let max = self.grid.max();
        if cx.now.tick == 0 {
            return "Nothing has run yet; press Run, or the space bar".to_owned();
        }
        let mut told = format!("{} {} in view", grouped(n), if n == 1 { "spike" } else { "spikes" });
        if max > 1 {
            told += &format!(", each pixel up to {}: the brighter, the more", grouped(u64::from(max)));
        }
        if cx.history.spikes.begins() > 0 {
            told += &format!(" · history begins at {} ms", short(cx.scene.ms(cx.history.spikes.begins())));
        }
        told
    }
}

/// Chooses a spike and its neuron, and shows why it came where there is a panel for that.
fn choose(cx: &mut Cx<'_>, spike: Spiked, explain: bool) {
    cx.choose(Neuron { population: spike.population, id: spike.id });
    cx.view.spike = Some(spike);
    if explain && PANELS.iter().any(|spec| spec.id == "why") {
        cx.actions.push(Action::ShowPanel("why"));
    }
}

/// A spike in words.
fn name_of(cx: &Cx<'_>, spike: Spiked) -> String {
    let neuron = Neuron { population: spike.population, id: spike.id };
    format!("{} at {} ms", cx.scene.name_of(neuron), short(cx.scene.ms(spike.tick)))
}

impl Panel for Raster {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        self.meet(&cx.scene.net);
        // What is told above is of the frame before where the window has moved since: the chart's size is known only below it.
        let (from, to) = (cx.view.window.from.max(0.0).ceil() as u64, cx.view.window.to.max(0.0).floor() as u64);
        let n = self.grid.spikes_between(&cx.history.spikes, from, to);
        let told = self.told(cx, n);
        self.toolbar(ui, cx, &told);
        if cx.scene.task.is_some() {
            ui.add_space(draw::SAMPLES - ui.spacing().item_spacing.y);
        }
        let left = chart::left(ui);
        let (rect, chart) = chart::ground(ui, left);
        let margin_rect = Rect::from_min_max(pos2(chart.rect.left(), rect.top()), pos2(rect.left() - 2.0, rect.bottom()));
        let margin = ui.interact(margin_rect, ui.scope_id().with("neurons"), Sense::click_and_drag());
        margin.widget_info(|| {
            WidgetInfo::labeled(
                Role::Canvas,
                true,
                "Neurons: drag to move, scroll (here, or anywhere with Ctrl) to zoom, double-click for all",
            )
        });
        let vertical = self.interact_neurons(ui, rect, &margin, &chart);
        if !vertical && !margin.hovered() {
            TimeAxis::new(rect, cx).interact(ui, &chart, cx);
        }
        self.keys(ui, &chart, cx);

        let scale = ui.ctx().pixels_per_point();
        let (width, height) =
            ((rect.width() * scale).round().max(1.0) as usize, (rect.height() * scale).round().max(1.0) as usize);
        let bands = Bands::new(&self.sizes, &self.hidden, self.span, height);
        if bands != self.bands {
            self.neurons = bands.neurons();
            self.bands = bands;
        }
        let axis = TimeAxis::new(rect, cx);
        self.grid.update(&cx.history.spikes, &self.bands, axis.window, cx.now.tick, width);
        let (from, to) = axis.ticks();
        let n = self.grid.spikes_between(&cx.history.spikes, from, to);

        let history = cx.history;
        let bands = self.bands.clone();
        let placed = Placed { spikes: &history.spikes, bands: &bands, axis: &axis, scale, now: cx.now.tick };
        let pointed = chart.hover_pos().and_then(|pointer| placed.pointed(pointer)).filter(|_| !chart.dragged());
        self.draw_ground(ui, cx, &axis, scale);
        if n <= SINGLE {
            self.picture.forget();
            self.draw_single(ui, &placed);
        } else {
            self.draw_picture(ui, &axis, scale);
        }
        self.draw_above(ui, cx, &placed, pointed);
        axis.draw(ui, cx);
        self.draw_names(ui, cx, margin_rect, scale);

        let chosen = cx.view.spike.map(|spike| format!("; chosen: {}", name_of(cx, spike))).unwrap_or_default();
        let (ms_from, ms_to) =
            (short(axis.window.from.max(0.0).round() * axis.dt_ms), short(axis.window.to.round() * axis.dt_ms));
        let begins = match cx.history.spikes.begins() {
            0 => String::new(),
            tick => format!("; history begins at {} ms", short(cx.scene.ms(tick))),
        };
        let label = format!(
            "Raster: {} spikes of {} neurons, {ms_from} to {ms_to} ms; {} up to {}{begins}{chosen}",
            grouped(n),
            grouped(self.neurons as u64),
            if n <= SINGLE { "marks, each of" } else { "density, each pixel" },
            grouped(u64::from(self.grid.max())),
        );
        chart.widget_info(|| WidgetInfo::labeled(Role::Image, true, &label));
        if let Some(pointed) = pointed {
            let mut text = name_of(cx, pointed.spike);
            if pointed.within > 1 {
                text += &format!("\n{} spikes here; zoom in to part them", grouped(pointed.within as u64));
            }
            chart.clone().on_hover_text_at_pointer(text);
        }
        if chart.clicked() {
            chart.request_focus();
            // With shift the moment is set instead.
            if let Some(pointed) = pointed.filter(|_| !ui.input(|i| i.modifiers.shift)) {
                choose(cx, pointed.spike, true);
            }
        }
    }

    fn table_beside(&self, cx: &Cx<'_>) -> Option<TableJob> {
        let (from, to) = (cx.view.window.from.max(0.0).ceil() as u64, cx.view.window.to.max(0.0).floor() as u64);
        let shown = cx.scene.net.populations.iter().enumerate().filter(|(p, _)| !self.hidden.contains(p));
        let trains = shown.map(|(at, p)| {
            let (ticks, ids) = cx.history.spikes.between(at, from, to.min(cx.tick()));
            (p.name.clone(), ticks.to_vec(), ids.to_vec())
        });
        let (trains, scene): (Vec<_>, _) = (trains.collect(), cx.scene.clone());
        Some(Box::new(move || {
            let of = |(at, (_, ticks, ids)): (usize, &(String, Vec<u64>, Vec<u32>))| -> Vec<(u64, usize, u32)> {
                ticks.iter().zip(ids).map(|(tick, id)| (*tick, at, *id)).collect()
            };
            let mut rows: Vec<_> = trains.iter().enumerate().flat_map(of).collect();
            rows.sort_unstable();
            let row = |(tick, at, id): (u64, usize, u32)| vec![short(scene.ms(tick)), trains[at].0.clone(), id.to_string()];
            let columns = ["time (ms)", "population", "neuron"].map(String::from).to_vec();
            Table { columns, rows: rows.into_iter().map(row).collect() }
        }))
    }
}
