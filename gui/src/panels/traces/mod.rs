//! Membranes of the neurons that are followed, with threshold, reset, spikes and what arrives.

mod draw;
mod incoming;

use super::{Home, Panel, PanelSpec};
use crate::chart::{self, TimeAxis, short};
use crate::session::{Command, Neuron};
use crate::view::{Cx, Table};
use draw::Lane;
use eframe::egui::{Button, ComboBox, DragValue, Rect, RichText, Role, Ui, WidgetInfo, pos2};
use incoming::{Missing, Wires, arrivals, of_stimuli};
use spikewatt::compile::{ExactDrive, ExactStimulus, ResetTo};

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "traces",
    title: "Traces",
    about: "Membranes of the neurons that are followed, with threshold, reset, spikes and what arrives",
    home: Home::Below,
    open: true,
    make: || Box::new(Traces::default()),
};

#[derive(Default)]
struct Traces {
    overlay: bool,
    population: usize,
    id: u32,
    wires: Wires,
}

impl Traces {
    fn toolbar(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let populations = &cx.scene.net.populations;
        self.population = self.population.min(populations.len().saturating_sub(1));
        ui.horizontal_wrapped(|ui| {
            let Some(p) = populations.get(self.population) else { return };
            let label = ui.label("Population");
            let combo = ComboBox::from_id_salt("population").selected_text(&p.name).width(90.0).show_ui(ui, |ui| {
                for (at, p) in populations.iter().enumerate() {
                    ui.selectable_value(&mut self.population, at, &p.name);
                }
            });
            combo.response.labelled_by(label.id);
            let size = populations[self.population].size;
            self.id = self.id.min(size.saturating_sub(1) as u32);
            ui.add(DragValue::new(&mut self.id).range(0..=size.saturating_sub(1)).prefix("neuron "))
                .on_hover_text("Its number in the population");
            let neuron = Neuron { population: self.population, id: self.id };
            let able = size > 0 && !cx.view.watched.contains(&neuron);
            if ui.add_enabled(able, Button::new("Follow")).on_hover_text("Shows this neuron's membrane from now on").clicked() {
                cx.choose(neuron);
            }
            ui.toggle_value(&mut self.overlay, "Overlay").on_hover_text("All in one chart instead of one below the other");
            let mut gone = None;
            for neuron in &cx.view.watched {
                let name = cx.scene.name_of(*neuron);
                if ui.small_button(format!("Drop {name}")).on_hover_text("Follows it no longer").clicked() {
                    gone = Some(*neuron);
                }
            }
            if let Some(gone) = gone {
                cx.view.watched.retain(|n| *n != gone);
                cx.send(Command::Watch(cx.view.watched.clone()));
            }
        });
    }

    /// A neuron as it is to be drawn.
    fn lane(&mut self, ui: &Ui, cx: &Cx<'_>, neuron: Neuron, axis: &TimeAxis, at: u64) -> Lane {
        let (from, to) = axis.ticks();
        let to = to.min(cx.now.tick);
        let wires = self.wires.of(ui.ctx(), &cx.scene.net, neuron, &cx.view.watched);
        let (mut arrivals, missing) = match wires {
            Some(wires) if from <= to => match arrivals(&cx.history.spikes, wires, from, to) {
                Ok(arrivals) => (arrivals, None),
                Err(missing) => (Vec::new(), Some(missing)),
            },
            Some(_) => (Vec::new(), None),
            None => (Vec::new(), Some(Missing::LookedUp)),
        };
        // A recording keeps no parameters.
        let limits = cx.scene.net.threshold(neuron.population, neuron.id as usize).filter(|_| cx.scene.recorded.is_none());
        let trace = cx.history.traces.of(neuron);
        if from <= to {
            arrivals.extend(of_stimuli(trace, from, to));
        }
        let trace = trace.filter(|trace| !trace.is_empty());
        let value = trace.and_then(|trace| trace.at(at));
        let unit = if cx.scene.network.unitless { "" } else { " mV" };
        let mut told = match value {
            Some(value) => format!("{}: {}{unit}", cx.scene.name_of(neuron), round(value)),
            None if cx.now.tick == 0 => format!("{}: nothing has run yet", cx.scene.name_of(neuron)),
            None => format!("{}: not recorded", cx.scene.name_of(neuron)),
        };
        if let Some((threshold, reset)) = limits {
            told += &format!(", threshold {}{unit}", round(threshold));
            told += &match reset {
                ResetTo::Value(value) => format!(", reset to {}{unit}", round(value)),
                ResetTo::Subtract => ", reset by subtraction".into(),
            };
        }
        let mut arriving = incoming::told(&cx.scene.net, &arrivals);
        let events = |s: &ExactStimulus| s.to == neuron.population && !matches!(s.drive, ExactDrive::Current(_));
        if cx.scene.net.exact_stimuli.iter().any(events) {
            arriving += if arriving.is_empty() { "" } else { "; " };
            arriving += "what stimuli bring is not marked in exact time";
        }
        Lane { neuron, limits, arrivals, arriving, missing, told }
    }
}

/// Six digits say all that a chart can show.
fn round(value: f64) -> String {
    if value.abs() < 1e-3 && value != 0.0 { format!("{value:.2e}") } else { short((value * 1e3).round() / 1e3) }
}

impl Panel for Traces {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        self.toolbar(ui, cx);
        let watched = cx.view.watched.clone();
        if watched.is_empty() {
            ui.label(match &cx.scene.recorded {
                Some(recorded) if recorded.membranes.is_empty() => {
                    "No membranes were recorded: `spikewatt run --record v:POPULATION:0-4 --out FILE` keeps those of five neurons."
                }
                _ => "No neuron is followed. Choose one above and press Follow, or click a spike in the raster.",
            });
            return;
        }
        let left = chart::left(ui);
        let (rect, response) = chart::ground(ui, left);
        TimeAxis::new(rect, cx).interact(ui, &response, cx);
        let axis = TimeAxis::new(rect, cx);
        let at = match response.hover_pos().filter(|p| rect.contains(*p)) {
            Some(pointer) => (axis.tick(pointer.x).max(0.0) as u64).min(cx.now.tick),
            None => cx.tick(),
        };
        let lanes: Vec<Lane> = watched.iter().map(|neuron| self.lane(ui, cx, *neuron, &axis, at)).collect();
        if self.overlay {
            draw::lanes(ui, cx, &axis, rect, &lanes);
        } else {
            let height = rect.height() / lanes.len() as f32;
            for (row, lane) in lanes.iter().enumerate() {
                let top = rect.top() + row as f32 * height;
                let part = Rect::from_min_max(pos2(rect.left(), top), pos2(rect.right(), top + height - 1.0));
                draw::lanes(ui, cx, &axis, part, std::slice::from_ref(lane));
            }
        }
        axis.draw(ui, cx);
        let told: Vec<_> = lanes.iter().map(Lane::spoken).collect();
        let label = format!("Traces at {} ms: {}", short(cx.scene.ms(at)), told.join("; "));
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &label));
        if response.hovered() {
            response.on_hover_ui_at_pointer(|ui| {
                ui.label(RichText::new(format!("{} ms", short(cx.scene.ms(at)))).strong());
                for lane in &lanes {
                    ui.label(lane.spoken());
                }
            });
        }
    }

    fn table(&self, cx: &Cx<'_>) -> Option<Table> {
        let window = cx.view.window;
        let (from, to) = (window.from.max(0.0) as u64, (window.to.max(0.0) as u64).min(cx.tick()));
        let unit = if cx.scene.network.unitless { "" } else { " (mV)" };
        let columns = ["time (ms)".to_owned(), "neuron".to_owned(), format!("membrane{unit}")].to_vec();
        let mut rows = Vec::new();
        for neuron in &cx.view.watched {
            let samples = cx.history.traces.of(*neuron).into_iter().flat_map(|trace| trace.between(from, to));
            rows.extend(samples.map(|(tick, v)| vec![short(cx.scene.ms(tick)), cx.scene.name_of(*neuron), v.to_string()]));
        }
        Some(Table { columns, rows })
    }
}
