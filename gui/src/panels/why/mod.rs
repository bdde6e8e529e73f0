//! Why a neuron fired: the inputs that made the spike, what is left of each, what it cost, and the way back to the stimulus.

mod causes;
mod chain;
mod past;
mod price;
mod trace;

use super::job::{Job, NetKey};
use super::{Home, Panel, PanelSpec};
use crate::chart::short;
use crate::knobs::{measured, with_unit};
use crate::number::grouped;
use crate::session::Spiked;
use crate::view::{Cx, Table};
use causes::Walk;
use chain::{Chain, spoken};
use eframe::egui::{self, ScrollArea, Ui, WidgetInfo};
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

#[derive(Default)]
struct Why {
    chain: Chain,
    walk: Walk,
    job: Job<(NetKey, Spiked), Result<Arc<Found>, String>>,
}

impl Panel for Why {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        self.chain.keep_up(cx.view.spike);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            if let Some(left) = self.chain.bar(ui, cx) {
                self.walk.begin(Some(left));
            }
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
            if let Some(cause) = causes::causes(ui, cx, &found, unit, &mut self.walk) {
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
