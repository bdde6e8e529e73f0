//! The weights of a projection as an image, with their histogram.

mod picture;

use super::job::{Job, NetKey};
use super::{Home, Panel, PanelSpec};
use crate::chart::short;
use crate::knobs::{measured, with_unit};
use crate::number::grouped;
use crate::session::Neuron;
use crate::theme::Tokens;
use crate::view::{Cx, Table, faded};
use eframe::egui::{
    self, Align2, Color32, ColorImage, ComboBox, DragValue, FontId, Rect, Sense, TextureHandle, TextureOptions, Ui, WidgetInfo,
    pos2, vec2,
};
use picture::{BINS, Picture};
use spikewatt::compile::Connected;

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "weights",
    title: "Weights",
    about: "The weights of a projection as an image, with their histogram",
    home: Home::Below,
    open: true,
    make: || Box::new(Weights::default()),
};

#[derive(Default)]
struct Weights {
    job: Job<(NetKey, usize), Picture>,
    /// The image, and what it was made for: projection, theme, network.
    texture: Option<(usize, bool, NetKey, TextureHandle)>,
    /// The cell that is read by hand: source, target.
    cell: [u32; 2],
}

/// Connections between two neurons: there may be several.
fn between(cx: &Cx<'_>, projection: usize, source: u32, target: u32) -> Vec<Connected> {
    let mut found = Vec::new();
    let net = &cx.scene.net;
    if (source as usize) < net.populations[net.projections[projection].from].size {
        net.each_connection(&net.projections[projection], source as usize, &mut |c| {
            if c.target == target {
                found.push(c);
            }
        });
    }
    found
}

impl Panel for Weights {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let net = cx.scene.net.clone();
        if net.projections.is_empty() {
            ui.label("This network has no projections.");
            return;
        }
        let index = cx.view.projection.min(net.projections.len() - 1);
        let p = &net.projections[index];
        let unit = measured(cx.scene, net.populations[p.to].model.spec().input.dimension()).unit();
        let factor = cx.view.edits.now().weights.get(&p.name).copied().unwrap_or(1.0);
        ui.horizontal_wrapped(|ui| {
            let name = ui.label("Projection");
            let shown = ComboBox::from_id_salt("projection").selected_text(&p.name).show_ui(ui, |ui| {
                for (at, p) in net.projections.iter().enumerate() {
                    ui.selectable_value(&mut cx.view.projection, at, &p.name);
                }
            });
            shown.response.labelled_by(name.id);
            self.reader(ui, cx, index, unit);
        });
        // The weights as they were built: what they are multiplied by changes the legend and not the image.
        let built = cx.scene.built.clone();
        let key = (NetKey::of(&built), index);
        let work = move || move |stop: &std::sync::atomic::AtomicBool| picture::picture(&built, &built.projections[index], stop);
        let Some(picture) = self.job.get(ui.ctx(), key.clone(), work) else {
            ui.label("Looking at the weights …");
            return;
        };
        let (of, to) = (&net.populations[p.from].name, &net.populations[p.to].name);
        let zero = 100.0 * picture.zeros as f64 / picture.weights.max(1) as f64;
        let mut about = format!("from {of} to {to}: {} weights, {zero:.1} % zero", grouped(picture.weights));
        if picture.kernel.is_none() {
            about = format!("{} × {} ({about})", grouped(picture.shape[0] as u64), grouped(picture.shape[1] as u64));
        }
        let told = match (picture.kernel, picture.block) {
            (Some([h, w]), _) => {
                let (a, b) = (picture.cells[0] / (h + 1), picture.cells[1] / (w + 1));
                format!("{a} × {b} of {} × {} kernels of {h} × {w}", picture.shape[0], picture.shape[1])
            }
            (_, [1, 1]) => "every weight is one cell".to_owned(),
            (_, [a, b]) => format!("a cell is the mean of the connections between {a} sources and {b} targets"),
        };
        ui.label(format!("{about}; {told}"));
        let dark = ui.visuals().dark_mode;
        let tokens = Tokens::in_use(ui);
        if self.texture.as_ref().is_none_or(|(at, was, of, _)| *at != index || *was != dark || *of != key.0) {
            let texture = ui.ctx().load_texture("weights", image(picture, tokens), TextureOptions::NEAREST);
            self.texture = Some((index, dark, key.0, texture));
        }
        let room = ui.available_size();
        let side = 150f32.min(room.x * 0.3);
        let size = vec2((room.x - side - 16.0).max(60.0), room.y.max(60.0) - 16.0);
        ui.horizontal_top(|ui| {
            let (rect, response) = ui.allocate_exact_size(size, Sense::click());
            if let Some((_, _, _, texture)) = &self.texture {
                let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
                ui.painter().image(texture.id(), rect, uv, Color32::WHITE);
            }
            response.widget_info(|| {
                WidgetInfo::labeled(egui::accesskit::Role::Image, true, format!("Weight matrix {about}; {told}"))
            });
            let place = |p: egui::Pos2| {
                let (x, y) = ((p.x - rect.left()) / rect.width(), (p.y - rect.top()) / rect.height());
                let cell = |share: f32, n: usize| ((share.max(0.0) * n as f32) as usize).min(n.saturating_sub(1));
                (cell(y, picture.cells[0]), cell(x, picture.cells[1]))
            };
            if let (Some(at), None) = (response.interact_pointer_pos().filter(|_| response.clicked()), picture.kernel) {
                let (row, column) = place(at);
                let [source, target] = picture.first(row, column).map(|n| n as u32);
                self.cell = [source, target];
                let shift = ui.input(|i| i.modifiers.shift);
                cx.choose(if shift {
                    Neuron { population: p.to, id: target }
                } else {
                    Neuron { population: p.from, id: source }
                });
            }
            if let Some(at) = response.hover_pos() {
                let (row, column) = place(at);
                let text = hovered(picture, row, column, factor, unit);
                response.on_hover_text_at_pointer(text);
            }
            ui.vertical(|ui| {
                legend(ui, picture, factor, unit, side);
                histogram(ui, picture, factor, unit, vec2(side, (size.y - 70.0).clamp(30.0, 120.0)));
            });
        });
    }

    fn table(&self, cx: &Cx<'_>) -> Option<Table> {
        let picture = self.job.last()?;
        let p = cx.scene.net.projections.get(cx.view.projection)?;
        let factor = f64::from(cx.view.edits.now().weights.get(&p.name).copied().unwrap_or(1.0) as f32);
        let columns = ["first_source", "first_target", "mean_weight"].map(String::from).to_vec();
        let cells = picture.means.iter().enumerate().filter(|(_, mean)| mean.is_finite());
        let rows = cells.map(|(at, mean)| {
            let [source, target] = picture.first(at / picture.cells[1], at % picture.cells[1]);
            vec![source.to_string(), target.to_string(), (f64::from(*mean) * factor).to_string()]
        });
        Some(Table { columns, rows: rows.collect() })
    }
}

impl Weights {
    /// Reads one weight by the numbers of its neurons.
    fn reader(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, index: usize, unit: &str) {
        let net = cx.scene.net.clone();
        let p = &net.projections[index];
        let ends = [("source", p.from), ("target", p.to)];
        for (at, (name, population)) in ends.into_iter().enumerate() {
            let last = net.populations[population].size.saturating_sub(1) as u32;
            self.cell[at] = self.cell[at].min(last);
            let label = ui.label(name);
            ui.add(DragValue::new(&mut self.cell[at]).range(0..=last).speed(0.2)).labelled_by(label.id);
        }
        let [source, target] = self.cell;
        let found = between(cx, index, source, target);
        let text = match found[..] {
            [] => "not connected".to_owned(),
            [c] => format!("weight {}, {} ms", with_unit(&short(c.weight), unit), short(cx.scene.ms(u64::from(c.delay)))),
            _ => format!(
                "{} connections, weight {} in all",
                found.len(),
                with_unit(&short(found.iter().map(|c| c.weight).sum()), unit)
            ),
        };
        ui.strong(text.trim_end());
        for (at, (name, population)) in ends.into_iter().enumerate() {
            if ui.button(format!("Choose {name}")).clicked() {
                cx.choose(Neuron { population, id: self.cell[at] });
            }
        }
    }
}

fn colour(tokens: &Tokens, share: f32) -> Color32 {
    let of = if share >= 0.0 { tokens.excitatory } else { tokens.inhibitory };
    // Zero is not nothing: it is told apart from what is not connected.
    faded(tokens.faint, 0.25).blend(Color32::TRANSPARENT).lerp_to_gamma(of, share.abs().min(1.0))
}

fn image(picture: &Picture, tokens: &Tokens) -> ColorImage {
    let largest = picture.largest().max(f32::MIN_POSITIVE);
    let pixels = picture.means.iter().map(|mean| if mean.is_nan() { tokens.ground } else { colour(tokens, mean / largest) });
    ColorImage::new([picture.cells[1].max(1), picture.cells[0].max(1)], pixels.collect())
}

fn hovered(picture: &Picture, row: usize, column: usize, factor: f64, unit: &str) -> String {
    let value = picture.means.get(row * picture.cells[1] + column).copied().unwrap_or(f32::NAN);
    let shown =
        if value.is_nan() { "not connected".to_owned() } else { with_unit(&format!("{:.4}", f64::from(value) * factor), unit) };
    if let Some([h, w]) = picture.kernel {
        let (from, to) = (row / (h + 1), column / (w + 1));
        return format!("kernel of channel {from} to {to}, row {}, column {}: {shown}", row % (h + 1), column % (w + 1));
    }
    let [source, target] = picture.first(row, column);
    if picture.block == [1, 1] {
        return format!("source {source} to target {target}: {shown}\nClick: choose the source (shifted: the target)");
    }
    let last = |first: usize, axis: usize| (first + picture.block[axis]).min(picture.shape[axis]) - 1;
    format!("sources {source} to {}, targets {target} to {}: mean {shown}", last(source, 0), last(target, 1))
}

fn legend(ui: &mut Ui, picture: &Picture, factor: f64, unit: &str, width: f32) {
    let tokens = Tokens::in_use(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(width, 30.0), Sense::hover());
    let bar = Rect::from_min_max(rect.min, pos2(rect.right(), rect.top() + 12.0));
    for k in 0..64 {
        let x = |k: usize| bar.left() + bar.width() * k as f32 / 64.0;
        let part = Rect::from_min_max(pos2(x(k), bar.top()), pos2(x(k + 1), bar.bottom()));
        ui.painter().rect_filled(part, 0.0, colour(tokens, k as f32 / 31.5 - 1.0));
    }
    let most = f64::from(picture.largest()) * factor;
    let ends = [
        (-most, Align2::LEFT_TOP, bar.left()),
        (0.0, Align2::CENTER_TOP, bar.center().x),
        (most, Align2::RIGHT_TOP, bar.right()),
    ];
    for (value, align, x) in ends {
        let text = if value == 0.0 { unit.to_owned() } else { format!("{value:.3}") };
        ui.painter().text(pos2(x, bar.bottom() + 2.0), align, text, FontId::proportional(11.0), tokens.faint);
    }
}

fn histogram(ui: &mut Ui, picture: &Picture, factor: f64, unit: &str, size: egui::Vec2) {
    let tokens = Tokens::in_use(ui);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let (low, high) = (picture.range.0 * factor, picture.range.1 * factor);
    let told =
        format!("Histogram of {} weights from {low:.4} to {}", grouped(picture.weights), with_unit(&format!("{high:.4}"), unit));
    response.widget_info(|| WidgetInfo::labeled(egui::accesskit::Role::Image, true, &told));
    ui.painter().rect_filled(rect, 0.0, tokens.ground);
    let most = picture.histogram.iter().copied().max().unwrap_or(0).max(1) as f32;
    for (k, n) in picture.histogram.iter().enumerate().filter(|(_, n)| **n > 0) {
        let value = picture.range.0 + (picture.range.1 - picture.range.0) * (k as f64 + 0.5) / BINS as f64;
        // Heights are of logarithms, so that few show beside many.
        let height = (1.0 + *n as f32).ln() / (1.0 + most).ln() * (rect.height() - 2.0);
        let x = rect.left() + rect.width() * k as f32 / BINS as f32;
        let bar = Rect::from_min_max(pos2(x, rect.bottom() - height), pos2(x + rect.width() / BINS as f32, rect.bottom()));
        ui.painter().rect_filled(bar, 0.0, if value >= 0.0 { tokens.excitatory } else { tokens.inhibitory });
    }
    ui.small(format!("{low:.3} to {}", with_unit(&format!("{high:.3}"), unit)));
    ui.small("heights are logarithmic");
    response.on_hover_text(told);
}
