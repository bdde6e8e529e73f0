//! The two meters: device, figure, range, power.

use super::scale::{LogScale, round_joules};
use crate::bill::{DenseRuns, Moment, Side, joules, span, watts};
use crate::theme::Tokens;
use crate::view::Cx;
use eframe::egui::{self, Color32, ComboBox, RichText, Role, Sense, Ui, WidgetInfo, vec2};
use spikewatt::energy::{Device, Runs};
use std::collections::BTreeMap;

/// Draws both meters, on one scale.
pub(super) fn meters(ui: &mut Ui, cx: &mut Cx<'_>, moment: Option<&Moment>) {
    let tokens = Tokens::in_use(ui);
    let sides = moment.map(|m| (&m.spiking, &m.dense));
    let scale = LogScale::of(sides.into_iter().flat_map(|(s, d)| [s.joules, d.joules]).flatten());
    for (runs, colour) in [(Runs::Spiking, tokens.spiking), (Runs::Dense, tokens.dense)] {
        ui.add_space(4.0);
        let side = sides.map(|(s, d)| if runs == Runs::Spiking { s } else { d });
        choice(ui, cx, runs, colour);
        meter(ui, cx, runs, side, moment, scale, colour);
    }
}

/// Which devices can be chosen: those that run such networks, those that the network does not fit last.
fn choice(ui: &mut Ui, cx: &mut Cx<'_>, runs: Runs, colour: Color32) {
    let chosen = match runs {
        Runs::Spiking => cx.view.spiking_device.clone(),
        Runs::Dense => cx.view.dense_device.clone(),
    };
    let catalogue = cx.catalogue;
    let devices: Vec<&Device> = catalogue.devices().iter().filter(|device| device.runs(runs)).collect();
    let name = |device: &Device| format!("{} ({})", device.name, device.kind.word());
    let shown = catalogue.devices().iter().find(|device| device.id == chosen).map_or(chosen.clone(), name);
    let title = if runs == Runs::Spiking { "Spiking on" } else { "Dense on" };
    let mut wanted = None;
    ui.horizontal(|ui| {
        ui.label(RichText::new(title).color(colour).strong());
        let combo = ComboBox::from_id_salt(("device", runs.word())).selected_text(shown.clone()).truncate();
        let combo = combo.width(ui.available_width() - 8.0).height(420.0);
        let inner = combo.show_ui(ui, |ui| {
            let misfits = if runs == Runs::Spiking { cx.view.bill.misfits(ui.ctx(), cx) } else { None };
            let misfits = misfits.as_deref().cloned().unwrap_or_default();
            let (fits, not): (Vec<&Device>, Vec<&Device>) = devices.iter().partition(|device| !misfits.contains_key(&device.id));
            for device in fits {
                if ui.selectable_label(device.id == chosen, name(device)).clicked() {
                    wanted = Some(device.id.clone());
                }
            }
            rest(ui, &not, &misfits, &chosen, &mut wanted, name);
        });
        inner.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("{title} {shown}")));
    });
    match (wanted, runs) {
        (Some(id), Runs::Spiking) => cx.view.spiking_device = id,
        (Some(id), Runs::Dense) => cx.view.dense_device = id,
        _ => {}
    }
}

/// Devices that the network does not fit.
fn rest(
    ui: &mut Ui,
    devices: &[&Device],
    misfits: &BTreeMap<String, String>,
    chosen: &str,
    wanted: &mut Option<String>,
    name: impl Fn(&Device) -> String,
) {
    if devices.is_empty() {
        return;
    }
    ui.separator();
    ui.label(RichText::new("This network does not fit these:").small());
    for device in devices {
        let text = RichText::new(name(device)).weak();
        let label = ui.selectable_label(device.id == chosen, text);
        if label.on_hover_text(misfits.get(&device.id).map_or("", String::as_str)).clicked() {
            *wanted = Some(device.id.clone());
        }
    }
}

/// One meter.
fn meter(
    ui: &mut Ui,
    cx: &Cx<'_>,
    runs: Runs,
    side: Option<&Side>,
    moment: Option<&Moment>,
    scale: Option<LogScale>,
    colour: Color32,
) {
    let tokens = Tokens::in_use(ui);
    let (Some(side), Some(moment)) = (side, moment) else {
        ui.label("Working it out …");
        return;
    };
    if let Some(why) = &side.why_not {
        ui.label(RichText::new(format!("Does not fit: {why}.")).color(tokens.bad));
    }
    let (Some(range), Some(scale)) = (side.joules, scale) else {
        let why = side.nothing.as_deref().unwrap_or("nothing has run yet; press Run, or the space bar");
        let told = if why.ends_with('.') { format!("No figure. {why}") } else { format!("No figure: {why}.") };
        ui.label(RichText::new(told).color(tokens.faint));
        return;
    };
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(joules(range.nominal)).color(colour).size(22.0).strong());
        ui.label(format!("{} to {}", joules(range.low), joules(range.high))).on_hover_text("5th to 95th percentile");
        ui.label(RichText::new(crate::bill::what(side.boundary)).small().color(tokens.faint))
            .on_hover_text("What the figure includes");
    });
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 34.0), Sense::hover());
    let bar = egui::Rect::from_min_max(rect.min, rect.max - vec2(0.0, 14.0));
    let which = runs.word();
    scale.axis(ui.painter(), bar, tokens.faint, round_joules);
    scale.bar(ui.painter(), bar, range, colour, ui.visuals().text_color());
    let said = format!(
        "Meter of the {which} network on {}: {}, up to {:.3} ms",
        side.name,
        span(range),
        cx.scene.ms(moment.ran.counts.ticks)
    );
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, &said));
    response.on_hover_text(said);
    let each = each(runs, side, moment);
    let power =
        side.watts.map(|w| format!("{} over the last {} ms", watts(w), crate::chart::short((moment.over_s * 1e5).round() / 1e2)));
    let told: Vec<String> = each.into_iter().chain(power).collect();
    ui.label(RichText::new(told.join("; ")).small());
}

/// The energy of one of what is done again and again; `None` where nothing is.
fn each(runs: Runs, side: &Side, moment: &Moment) -> Option<String> {
    let each = joules(side.per_inference()?.nominal);
    let n = crate::number::grouped(side.inferences);
    let plural = if side.inferences == 1 { "" } else { "s" };
    match (moment.ran.dense, runs) {
        (DenseRuns::EverySample, _) => Some(format!("{each} an inference ({n} inference{plural} begun)")),
        (DenseRuns::EveryTick, Runs::Dense) => Some(format!("{each} a tick ({n} tick{plural}, all synapses in each)")),
        _ => None,
    }
}
