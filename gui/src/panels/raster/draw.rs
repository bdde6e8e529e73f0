//! What is drawn on and beside the raster.

use super::Raster;
use super::choose::{Placed, Pointed};
use super::picture::{brightness, shade};
use crate::chart::{TimeAxis, short};
use crate::session::SampleMark;
use crate::theme::Tokens;
use crate::view::Cx;
use eframe::egui::{Align2, FontId, Mesh, Rect, Shape, Stroke, Ui, pos2, vec2};
use spikewatt::compile::CompiledNetwork;

/// What a population does to those it reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// It reaches none.
    None,
    /// Its weights are above zero, nearly all.
    Excites,
    /// Below zero.
    Inhibits,
    /// Some and some.
    Both,
}

impl Sign {
    /// Looks at the connections of some neurons, spread over the population.
    pub(super) fn of(net: &CompiledNetwork, population: usize) -> Self {
        const LOOKED_AT: usize = 6;
        let (mut up, mut down) = (0u64, 0u64);
        let size = net.populations[population].size;
        for projection in net.projections.iter().filter(|p| p.from == population && size > 0) {
            for k in 0..LOOKED_AT.min(size) {
                net.each_connection(projection, k * size / LOOKED_AT.min(size), &mut |c| {
                    up += u64::from(c.weight > 0.0);
                    down += u64::from(c.weight < 0.0);
                });
            }
        }
        match (up, down) {
            (0, 0) => Self::None,
            _ if down * 20 <= up => Self::Excites,
            _ if up * 20 <= down => Self::Inhibits,
            _ => Self::Both,
        }
    }

    /// Behind a number of neurons.
    pub(super) fn told(self) -> &'static str {
        match self {
            Self::Inhibits => ", inhibitory",
            Self::Excites => ", excitatory",
            Self::None | Self::Both => "",
        }
    }
}

impl Raster {
    /// Below the spikes: edges of bands, samples, what is no longer known, the chosen neuron.
    pub(super) fn draw_ground(&self, ui: &Ui, cx: &Cx<'_>, axis: &TimeAxis, scale: f32) {
        let (tokens, rect) = (Tokens::in_use(ui), axis.rect);
        let painter = ui.painter_at(rect);
        for band in &self.bands.list {
            painter.hline(
                rect.x_range(),
                rect.top() + band.bottom() as f32 / scale,
                Stroke::new(1.0, tokens.faint.gamma_multiply(0.35)),
            );
        }
        let begins = cx.history.spikes.begins();
        if begins > 0 && axis.x(begins as f64) > rect.left() {
            let until = axis.x(begins as f64).min(rect.right());
            painter.rect_filled(Rect::from_min_max(rect.min, pos2(until, rect.bottom())), 0.0, tokens.faint.gamma_multiply(0.15));
            let text = format!("history begins at {} ms", short(cx.scene.ms(begins)));
            painter.text(
                pos2(until - 4.0, rect.center().y),
                Align2::RIGHT_CENTER,
                text,
                FontId::proportional(11.0),
                tokens.faint,
            );
        }
        if let Some(band) = cx.view.neuron.and_then(|n| self.bands.of(n.population).map(|band| band.centre(n.id))) {
            painter.hline(rect.x_range(), rect.top() + band as f32 / scale, Stroke::new(1.0, tokens.chosen.gamma_multiply(0.35)));
        }
        draw_samples(ui, cx, axis);
    }

    /// The spikes, where there are many: one texture, each of its pixels one of the screen.
    pub(super) fn draw_picture(&mut self, ui: &Ui, axis: &TimeAxis, scale: f32) {
        let texture = self.picture.texture(ui, &mut self.grid, &self.bands);
        let from = ((self.grid.begin() - axis.window.from) / self.grid.per()) as f32;
        let min = pos2(axis.rect.left() + from / scale, axis.rect.top());
        let size = vec2(self.grid.width() as f32, self.bands.height as f32) / scale;
        let mut mesh = Mesh::with_texture(texture.id());
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        mesh.add_rect_with_uv(Rect::from_min_size(min, size), whole, eframe::egui::Color32::WHITE);
        ui.painter_at(axis.rect).add(Shape::mesh(mesh));
    }

    /// The spikes one by one, where they are few.
    pub(super) fn draw_single(&self, ui: &Ui, placed: &Placed<'_>) {
        let (tokens, axis) = (Tokens::in_use(ui), placed.axis);
        let (from, to) = axis.ticks();
        let max = self.grid.max();
        let wide = ((axis.rect.width() / axis.window.length() as f32) * 0.5).clamp(1.5, 3.0);
        let mut mesh = Mesh::default();
        for band in &self.bands.list {
            let high = (band.each as f32 / placed.scale * 0.8).clamp(2.0, 16.0);
            let shades: Vec<_> = (0..=max).map(|n| shade(tokens, band.population, brightness(n, max))).collect();
            let (ticks, ids) = placed.spikes.between(band.population, from, to.min(placed.now).max(from));
            for (tick, id) in ticks.iter().zip(ids).filter(|(tick, _)| **tick <= placed.now) {
                let Some(cell) = band.cell(*id) else { continue };
                let at = pos2(axis.x(*tick as f64), axis.rect.top() + band.centre(*id) as f32 / placed.scale);
                let count = self.grid.at(*tick, cell).min(max);
                mesh.add_colored_rect(Rect::from_center_size(at, vec2(wide, high)), shades[count as usize]);
            }
        }
        ui.painter_at(axis.rect).add(Shape::mesh(mesh));
    }

    /// Above the spikes: what is chosen or pointed at; what came after the moment that is looked at stands back.
    pub(super) fn draw_above(&self, ui: &Ui, cx: &Cx<'_>, placed: &Placed<'_>, pointed: Option<Pointed>) {
        let (tokens, rect) = (Tokens::in_use(ui), placed.axis.rect);
        let painter = ui.painter_at(rect);
        if let Some(cursor) = cx.view.cursor {
            let from = placed.axis.x(cursor as f64).clamp(rect.left(), rect.right());
            painter.rect_filled(Rect::from_min_max(pos2(from, rect.top()), rect.max), 0.0, tokens.ground.gamma_multiply(0.6));
        }
        if let Some(at) = pointed.map(|p| p.at) {
            painter.circle_stroke(at, 5.0, Stroke::new(1.0, tokens.faint));
        }
        if let Some(at) = cx.view.spike.and_then(|spike| placed.position(spike)) {
            painter.circle_stroke(at, 6.0, Stroke::new(2.0, tokens.chosen));
        }
    }

    /// Names of populations beside their bands, and numbers of neurons where there is room for each.
    pub(super) fn draw_names(&self, ui: &Ui, cx: &Cx<'_>, margin: Rect, scale: f32) {
        let tokens = Tokens::in_use(ui);
        let painter = ui.painter_at(margin);
        let mut free_from = f32::INFINITY;
        for band in &self.bands.list {
            let (top, bottom) = (margin.top() + band.top as f32 / scale, margin.top() + band.bottom() as f32 / scale);
            let (top, bottom) = (top.max(margin.top()), bottom.min(margin.bottom()));
            if bottom - top < 1.0 {
                continue;
            }
            let bar = Rect::from_min_max(pos2(margin.right() - 4.0, top + 0.5), pos2(margin.right(), bottom - 0.5));
            painter.rect_filled(bar, 0.0, tokens.population(band.population));
            let inhibits = self.signs[band.population] == Sign::Inhibits;
            if inhibits {
                // Told by form as well as by colour: the bar has teeth.
                let mut y = bar.top() + 2.0;
                while y < bar.bottom() {
                    painter.hline(bar.x_range(), y, Stroke::new(1.5, tokens.ground));
                    y += 5.0;
                }
            }
            let middle = (top + bottom) / 2.0;
            let each = band.each as f32 / scale;
            if each >= 13.0 {
                let mut y = top + each / 2.0;
                while let Some(id) =
                    Some(y).filter(|y| *y < bottom).and_then(|y| band.id_at(f64::from((y - margin.top()) * scale)))
                {
                    let at = margin.top() + band.centre(id) as f32 / scale;
                    painter.text(
                        pos2(margin.right() - 8.0, at),
                        Align2::RIGHT_CENTER,
                        id.to_string(),
                        FontId::proportional(10.0),
                        tokens.faint,
                    );
                    y += each;
                }
            }
            // From below upwards: a name that would lie on the one before is left to the list of populations.
            if middle + 6.0 > free_from {
                continue;
            }
            free_from = middle - 6.0;
            let name = &cx.scene.net.populations[band.population].name;
            let (font, two) = (FontId::proportional(11.0), inhibits && bottom - top > 28.0);
            let name = if inhibits && !two { format!("{name} (inh.)") } else { name.clone() };
            let colour = if inhibits { tokens.inhibitory } else { ui.visuals().text_color() };
            let up = if two { 6.0 } else { 0.0 };
            painter.text(pos2(margin.left() + 1.0, middle - up), Align2::LEFT_CENTER, name, font.clone(), colour);
            if two {
                painter.text(
                    pos2(margin.left() + 1.0, middle + up),
                    Align2::LEFT_CENTER,
                    "inhibitory",
                    FontId::proportional(10.0),
                    tokens.inhibitory,
                );
            }
        }
    }
}

/// Height of the line above the spikes that tells the samples.
pub(super) const SAMPLES: f32 = 15.0;

/// Lines where samples begin, and above the spikes what they are and what was answered.
fn draw_samples(ui: &Ui, cx: &Cx<'_>, axis: &TimeAxis) {
    let (tokens, rect) = (Tokens::in_use(ui), axis.rect);
    let above = rect.top() - SAMPLES;
    let painter = ui.painter().with_clip_rect(Rect::from_min_max(pos2(rect.left(), above), rect.max));
    let samples = &cx.history.samples;
    let first = samples.partition_point(|s| (s.began as f64) < axis.window.from).saturating_sub(1);
    let end = samples.partition_point(|s| (s.began as f64) <= axis.window.to);
    let shown = &samples[first..end.max(first)];
    let each = rect.width() / shown.len().max(1) as f32;
    if each < 4.0 {
        return;
    }
    for (at, sample) in shown.iter().enumerate() {
        let x = axis.x(sample.began as f64);
        painter.vline(x, above..=rect.bottom(), Stroke::new(1.0, tokens.faint.gamma_multiply(0.7)));
        let until = shown.get(at + 1).map_or(rect.right(), |next| axis.x(next.began as f64)).min(rect.right());
        let from = x.max(rect.left());
        let wanted = if until - from > 150.0 { sample_in_words(sample) } else { sample_in_short(sample) };
        if until - from > 34.0 {
            let right = sample.label.is_none_or(|label| sample.answer.is_none_or(|answer| answer == label as usize));
            let colour = if right { tokens.faint } else { tokens.bad };
            painter.text(pos2(from + 4.0, above + 1.0), Align2::LEFT_TOP, wanted, FontId::proportional(11.0), colour);
        }
    }
}

fn sample_in_words(sample: &SampleMark) -> String {
    let mut text = format!("sample {}", sample.sample);
    if let Some(label) = sample.label {
        text += &format!(": {label}");
    }
    if let Some(answer) = sample.answer {
        text += &format!(", answer {answer}");
    }
    text
}

fn sample_in_short(sample: &SampleMark) -> String {
    let part = |n: Option<String>| n.unwrap_or_else(|| "?".into());
    format!("{}/{}", part(sample.label.map(|l| l.to_string())), part(sample.answer.map(|a| a.to_string())))
}
