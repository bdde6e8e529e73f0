//! Why a neuron fired: the inputs that made the spike, what is left of each, what it cost, and the way back to the stimulus.

mod chain;
mod past;
mod price;
mod trace;

use super::controls::{measured, with_unit};
use super::job::{Job, NetKey};
use super::{Home, Panel, PanelSpec};
use crate::chart::short;
use crate::number::grouped;
use crate::session::Spiked;
use crate::theme::Tokens;
use crate::view::{Cx, Table};
use chain::{Chain, spoken};
use eframe::egui::{self, Grid, RichText, ScrollArea, Sense, Ui, WidgetInfo, vec2};
use past::{Found, Past};
use spikewatt::engine::{Cause, Source};
use spikewatt::units::si;
use std::sync::Arc;

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "why",
    title: "Why",
    about: "Why a neuron fired: the inputs that made the spike, and the way back to the stimulus",
    home: Home::Right,
    open: true,
    make: || Box::new(Why::default()),
};

/// Causes that are listed; what the others come to is one line.
const MOST: usize = 40;

#[derive(Default)]
struct Why {
    chain: Chain,
    job: Job<(NetKey, Spiked), Result<Arc<Found>, String>>,
}

impl Panel for Why {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        self.chain.keep_up(cx.view.spike);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            self.chain.bar(ui, cx);
            let Some(spike) = cx.view.spike else {
                ui.label("Click a spike in the raster, or take the last one, and its causes stand here.");
                return;
            };
            let key = (NetKey::of(&cx.scene.net), spike);
            let past = || {
                let past = Past::of(cx, spike);
                move |stop: &std::sync::atomic::AtomicBool| Some(past.explain(stop).map(Arc::new))
            };
            let found = match self.job.get(ui.ctx(), key, past) {
                None => {
                    ui.label("Looking back …");
                    return;
                }
                Some(Err(wrong)) => {
                    ui.label(format!("{}: {wrong}", spoken(cx, spike)));
                    if cx.scene.net.populations[spike.population].is_input() {
                        ui.label("This is where the chain begins.");
                    }
                    cost(ui, cx, spike);
                    return;
                }
                Some(Ok(found)) => found.clone(),
            };
            let unit = unit(cx, spike);
            head(ui, cx, &found, unit);
            trace::trace(ui, cx, &found, spike, unit);
            cost(ui, cx, spike);
            ui.separator();
            if let Some(cause) = causes(ui, cx, &found, unit) {
                self.chain.step_to(cx, cause);
            }
        });
    }

    fn table(&self, cx: &Cx<'_>) -> Option<Table> {
        let Some(Ok(found)) = self.job.last() else { return None };
        let columns = ["cause", "sent_tick", "arrived_tick", "weight", "left_at_spike"].map(String::from).to_vec();
        let rows = found.why.causes.iter().map(|cause| {
            let sent = sent(cause).map_or_else(String::new, |sent| (sent + found.began).to_string());
            let arrived = (cause.arrived + found.began).to_string();
            vec![name(cx, cause), sent, arrived, cause.weight.to_string(), cause.part.to_string()]
        });
        Some(Table { columns, rows: rows.collect() })
    }
}

/// The unit of a population's membrane.
fn unit(cx: &Cx<'_>, spike: Spiked) -> &'static str {
    let v = cx.scene.net.populations[spike.population].model.spec().variable("v");
    v.map_or("", |v| measured(cx.scene, v.dimension).unit())
}

fn sent(cause: &Cause) -> Option<u64> {
    if let Source::Spike { sent, .. } = cause.source { Some(sent) } else { None }
}

/// What a cause is, in words.
fn name(cx: &Cx<'_>, cause: &Cause) -> String {
    let net = &cx.scene.net;
    let population = |at: usize| net.populations.get(at).map_or("?", |p| p.name.as_str());
    let stimulus = |at: usize| net.stimuli.get(at).map_or("?", |s| s.name.as_str());
    match cause.source {
        Source::Spike { population: at, neuron, .. } => format!("{} {neuron}", population(at)),
        Source::Numbers { population: at, neuron, .. } => format!("values of {} {neuron}", population(at)),
        Source::Stimulus { stimulus: at, events: 1 } => format!("stimulus {}", stimulus(at)),
        Source::Stimulus { stimulus: at, events } => format!("stimulus {} ({events} events)", stimulus(at)),
        Source::Current { stimulus: at } => format!("current {}", stimulus(at)),
        Source::Bias { projection } => format!("bias of {}", net.projections.get(projection).map_or("?", |p| p.name.as_str())),
        Source::Kick => "a kick".into(),
        Source::Reset => "reset by its own spike".into(),
        Source::Start => "state at the start".into(),
        Source::Constant => "rest and constant current".into(),
    }
}

fn head(ui: &mut Ui, cx: &Cx<'_>, found: &Found, unit: &str) {
    let why = &found.why;
    let spike = Spiked { tick: why.spike.tick + found.began, population: why.spike.population, id: why.spike.neuron };
    let threshold = why.threshold.map_or_else(String::new, |t| format!(", threshold {}", with_unit(&short(t), unit)));
    let verb = if why.spiked { "spiked" } else { "did not spike" };
    ui.strong(format!("{} {verb}: membrane {}{threshold}", spoken(cx, spike), with_unit(&format!("{:.4}", why.v), unit)));
    if !why.complete {
        ui.label("What came before is no longer kept, or the network was changed since; what is not known is told as such.");
    }
}

/// The list of causes; gives the spike that was clicked.
fn causes(ui: &mut Ui, cx: &Cx<'_>, found: &Found, unit: &str) -> Option<Spiked> {
    let (why, tokens) = (&found.why, Tokens::in_use(ui));
    let largest = why.causes.first().map_or(1.0, |c| c.part.abs()).max(f64::MIN_POSITIVE);
    let ms = |tick: u64| short(cx.scene.ms(tick + found.began));
    let mut stepped = None;
    let bar = |ui: &mut Ui, part: f64| {
        let (rect, _) = ui.allocate_exact_size(vec2(70.0, 12.0), Sense::hover());
        let middle = rect.center().x;
        let end = middle + (part / largest) as f32 * rect.width() / 2.0;
        let colour = if part >= 0.0 { tokens.excitatory } else { tokens.inhibitory };
        let filled = egui::Rect::from_x_y_ranges(middle.min(end)..=middle.max(end), rect.y_range());
        ui.painter().rect_filled(filled, 0.0, colour);
        ui.painter().vline(middle, rect.y_range(), egui::Stroke::new(1.0, tokens.faint));
    };
    Grid::new("causes").striped(true).spacing([8.0, 3.0]).show(ui, |ui| {
        let weight_in = measured(cx.scene, cx.scene.net.populations[why.spike.population].model.spec().input.dimension()).unit();
        for title in
            ["cause".into(), "sent, ms".into(), "arrived, ms".into(), titled("weight", weight_in), titled("left of it", unit)]
        {
            ui.label(RichText::new(title).small().color(tokens.faint));
        }
        ui.end_row();
        for cause in why.causes.iter().take(MOST) {
            let text = name(cx, cause);
            if let Source::Spike { population, neuron, sent, .. } = cause.source {
                let link = ui.link(&text).on_hover_text("Step back: why did this one fire?");
                if link.clicked() {
                    stepped = Some(Spiked { tick: sent + found.began, population, id: neuron });
                }
            } else {
                ui.label(&text);
            }
            ui.label(sent(cause).map_or_else(|| "–".to_owned(), ms));
            let many =
                matches!(cause.source, Source::Current { .. } | Source::Bias { .. } | Source::Constant | Source::Numbers { .. });
            ui.label(if many { "all along".to_owned() } else { ms(cause.arrived) });
            ui.label(if cause.weight == 0.0 { "–".to_owned() } else { short(cause.weight) });
            ui.label(if cause.dropped { "dropped: refractory".to_owned() } else { format!("{:+.4}", cause.part) });
            bar(ui, cause.part);
            ui.end_row();
        }
        let rest: f64 = why.causes.iter().skip(MOST).map(|c| c.part).sum();
        let left = why.causes.len().saturating_sub(MOST);
        let line = |ui: &mut Ui, text: String, part: f64| {
            ui.label(text);
            (0..3).for_each(|_| {
                ui.label("");
            });
            ui.label(format!("{part:+.4}"));
            bar(ui, part);
            ui.end_row();
        };
        if left > 0 {
            line(ui, format!("{left} smaller ones"), rest);
        }
        if why.rest.abs() > 1e-6 * why.v.abs().max(largest) {
            line(ui, if why.complete { "only together".into() } else { "not known".into() }, why.rest);
        }
        ui.strong("sum: the membrane");
        (0..3).for_each(|_| {
            ui.label("");
        });
        let sum = why.causes.iter().map(|c| c.part).sum::<f64>() + why.rest;
        ui.strong(format!("{sum:+.4}"));
        ui.end_row();
    });
    stepped
}

fn titled(what: &str, unit: &str) -> String {
    if unit.is_empty() { what.to_owned() } else { format!("{what}, {unit}") }
}

/// What the spike costs on the chosen chip.
fn cost(ui: &mut Ui, cx: &Cx<'_>, spike: Spiked) {
    let Ok(device) = cx.catalogue.find(&cx.view.spiking_device) else { return };
    let net = &cx.scene.net;
    let mut fan_out = 0u64;
    for p in net.projections.iter().filter(|p| p.from == spike.population) {
        net.each_connection(p, spike.id as usize, &mut |_| fan_out += 1);
    }
    let (terms, unpriced) = price::price(device, fan_out);
    let sum = |f: fn(&price::Term) -> f64| terms.iter().map(f).sum::<f64>();
    let (low, nominal, high) = (sum(|t| t.low), sum(|t| t.nominal), sum(|t| t.high));
    let mut text = format!("On {} this spike reaches {} synapses", device.name, grouped(fan_out));
    if terms.is_empty() {
        text += "; what it costs has no published figure.";
    } else {
        text += &format!(" and costs {} ({} to {}).", si(nominal, "J"), si(low, "J"), si(high, "J"));
    }
    let label = ui.label(&text);
    label.widget_info(|| WidgetInfo::labeled(egui::accesskit::Role::Label, true, &text));
    for term in &terms {
        ui.small(format!("{}: {} ({} to {})", term.what, si(term.nominal, "J"), si(term.low, "J"), si(term.high, "J")));
    }
    if !unpriced.is_empty() {
        ui.small(format!("Unpriced: {}. Power that flows in silence is not in it.", unpriced.join(", ")));
    } else if !terms.is_empty() {
        ui.small("Power that flows in silence is not in it.");
    }
}
