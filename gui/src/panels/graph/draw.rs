//! Draws the graph: populations, projections with their pulses, and neurons where it is near enough.

use super::activity::{Activity, BINS, rate_text};
use super::cells::{Cells, on_screen};
use super::links::Links;
use super::{Drawn, Graph};
use crate::number::grouped;
use crate::session::Neuron;
use crate::theme::Tokens;
use crate::view::{Cx, faded};
use eframe::egui::{Align2, Color32, FontId, Mesh, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};
use spikewatt::compile::CompiledDrive;

/// A population is drawn as its neurons from this side on, points.
pub(super) const NEAR: f32 = 90.0;
/// Spikes of a population that are drawn as lit neurons.
const MOST_LIT: usize = 20_000;

/// What one frame is drawn with.
pub(super) struct Frame<'a> {
    pub(super) painter: &'a Painter,
    pub(super) tokens: &'static Tokens,
    pub(super) text: Color32,
    pub(super) scale: f32,
    pub(super) offset: Vec2,
}

impl Frame<'_> {
    fn point(&self, p: Pos2) -> Pos2 {
        (p.to_vec2() * self.scale + self.offset).to_pos2()
    }

    /// The colour of weights of which this share is above zero: between that of the two signs.
    fn sign(&self, above: f32) -> Color32 {
        self.tokens.inhibitory.lerp_to_gamma(self.tokens.excitatory, above)
    }

    /// A projection: its course, an arrowhead, and its source's spikes on their way.
    pub(super) fn projection(&self, cx: &Cx<'_>, drawn: &Drawn, activity: &Activity, index: usize, chosen: bool) {
        let (kind, p) = (drawn.kinds[index], &cx.scene.net.projections[index]);
        let points: Vec<Pos2> = drawn.courses[index].iter().map(|p| self.point(*p)).collect();
        let (Some(&end), Some(&before)) = (points.last(), points.get(points.len().saturating_sub(3))) else { return };
        let width = (1.0 + 0.5 * (kind.synapses.max(1) as f32).log10()) * self.scale.clamp(0.5, 1.6);
        let colour = self.sign(kind.above);
        let line = faded(colour, if chosen { 0.95 } else { 0.5 });
        self.painter.add(Shape::line(points.clone(), Stroke::new(width, line)));
        let (along, size) = ((end - before).normalized(), 5.0 + 1.5 * width);
        let back = end - along * size;
        let side = along.rot90() * size * 0.5;
        self.painter.add(Shape::convex_polygon(vec![end, back + side, back - side], line, Stroke::NONE));
        let size = cx.scene.net.populations[p.from].size.max(1) as f32;
        for (k, n) in activity.bins[p.from].iter().enumerate().filter(|(_, n)| **n > 0) {
            // A bin's share of the neurons, on a scale of roots so that single spikes show.
            let bright = ((*n as f32 / size).sqrt() * 1.4).clamp(0.3, 1.0);
            let at = (k as f32 + 0.5) / BINS as f32 * (points.len() - 1) as f32;
            let (low, share) = (at as usize, at.fract());
            let at = points[low] + (points[(low + 1).min(points.len() - 1)] - points[low]) * share;
            self.painter.circle_filled(at, width * 0.6 + 3.0 * bright, faded(colour.lerp_to_gamma(self.text, 0.35), bright));
        }
    }

    /// What drives a population, as a short arrow from the left with its name.
    pub(super) fn stimuli(&self, cx: &Cx<'_>, drawn: &Drawn, population: usize) {
        let of: Vec<_> = cx.scene.net.stimuli.iter().filter(|s| s.to == population).collect();
        let Some(first) = of.first() else { return };
        let node = drawn.nodes[population];
        let end = self.point(node.centre + vec2(-node.half - 3.0, node.half * 0.7));
        let start = end - vec2(30.0, -16.0) * self.scale.clamp(0.5, 1.5);
        let colour = match &first.drive {
            CompiledDrive::Poisson { weight, .. }
            | CompiledDrive::Events { weight, .. }
            | CompiledDrive::Regular { weight, .. }
                if *weight < 0.0 =>
            {
                self.tokens.inhibitory
            }
            _ => self.tokens.excitatory,
        };
        self.painter.arrow(start, end - start, Stroke::new(1.5, faded(colour, 0.8)));
        if self.scale > 0.45 {
            let name = if of.len() == 1 { first.name.clone() } else { format!("{} stimuli", of.len()) };
            self.painter.text(start + vec2(0.0, 2.0), Align2::CENTER_TOP, name, FontId::proportional(10.5), self.tokens.faint);
        }
    }

    /// A population: its shape, its label, and its neurons where it is near.
    pub(super) fn population(&self, cx: &Cx<'_>, graph: &Graph, drawn: &Drawn, activity: &Activity, index: usize) {
        let p = &cx.scene.net.populations[index];
        let rect = on_screen(drawn.nodes[index], self.scale, self.offset);
        if !self.painter.clip_rect().intersects(rect.expand(60.0)) {
            return;
        }
        let colour = self.tokens.population(index);
        let near = rect.width() >= NEAR;
        let round = if p.is_input() { 3.0 } else { rect.width() * if near { 0.04 } else { 0.3 } };
        self.painter.rect_filled(rect, round, self.tokens.ground);
        if near {
            self.neurons(cx, &drawn.cells[index], activity, index, rect);
        } else {
            let bright = 0.15 + 0.85 * activity.of(index, p.size);
            self.painter.rect_filled(rect, round, faded(colour, bright));
        }
        let marked = graph.at.population == index && graph.focused || cx.view.population == index;
        let stroke = if marked { Stroke::new(2.5, self.tokens.chosen) } else { Stroke::new(1.5, colour) };
        self.painter.rect_stroke(rect, round, stroke, StrokeKind::Outside);
        if cx.scene.net.readout == Some(index) {
            self.painter.rect_stroke(rect.expand(4.0), round + 3.0, Stroke::new(1.0, colour), StrokeKind::Outside);
        }
        let mut at = pos2(rect.center().x, rect.bottom() + 6.0);
        let mut say = |text: String, size: f32, colour: Color32| {
            // Connections run beneath it.
            let text = self.painter.layout_no_wrap(text, FontId::proportional(size), colour);
            let place = Align2::CENTER_TOP.anchor_size(at, text.size());
            self.painter.rect_filled(place.expand2(vec2(2.0, 0.0)), 2.0, self.tokens.ground.gamma_multiply(0.85));
            self.painter.galley(place.min, text, colour);
            at.y = place.bottom();
        };
        say(p.name.clone(), 13.0, self.text);
        if self.scale > 0.45 {
            say(format!("{} × {}", grouped(p.size as u64), p.model.spec().name), 11.0, self.tokens.faint);
            say(rate_text(activity.rates[index]), 11.0, self.text);
        }
    }

    /// Neurons as cells, lit by their last spikes.
    fn neurons(&self, cx: &Cx<'_>, cells: &Cells, activity: &Activity, population: usize, rect: Rect) {
        let size = cx.scene.net.populations[population].size;
        let (colour, cell) = (self.tokens.population(population), cells.cell(rect));
        let gap = if cell > 5.0 { cell * 0.1 } else { 0.0 };
        let clip = self.painter.clip_rect();
        let mut mesh = Mesh::default();
        if cell >= 4.0 {
            for id in 0..size {
                let at = cells.rect(rect, id);
                if clip.intersects(at) {
                    mesh.add_colored_rect(at.shrink(gap), faded(colour, 0.16));
                }
            }
        } else {
            mesh.add_colored_rect(rect, faded(colour, 0.12));
        }
        let from = (activity.tick + 1).saturating_sub(activity.glow);
        let (ticks, ids) = cx.history.spikes.between(population, from, activity.tick);
        let skipped = ticks.len().saturating_sub(MOST_LIT);
        for (tick, id) in ticks.iter().zip(ids).skip(skipped) {
            let bright = 1.0 - (activity.tick - tick) as f32 / activity.glow as f32;
            let at = cells.rect(rect, *id as usize);
            if clip.intersects(at) {
                let least = Vec2::splat(at.width().max(1.0));
                mesh.add_colored_rect(
                    Rect::from_center_size(at.center(), least).shrink(gap),
                    faded(colour, 0.16 + 0.84 * bright),
                );
            }
        }
        self.painter.add(mesh);
        if skipped > 0 {
            let told = format!("{} of {} spikes lit", grouped(MOST_LIT as u64), grouped(ticks.len() as u64));
            self.painter.text(rect.left_top(), Align2::LEFT_BOTTOM, told, FontId::proportional(10.5), self.tokens.faint);
        }
    }

    /// Outlines a neuron, where its population is drawn near.
    pub(super) fn mark(&self, drawn: &Drawn, neuron: Neuron, colour: Color32) {
        let (Some(node), Some(cells)) = (drawn.nodes.get(neuron.population), drawn.cells.get(neuron.population)) else { return };
        let rect = on_screen(*node, self.scale, self.offset);
        if rect.width() >= NEAR {
            let at = cells.rect(rect, neuron.id as usize);
            let at = Rect::from_center_size(at.center(), at.size().max(Vec2::splat(5.0)));
            self.painter.rect_stroke(at.expand(1.0), 1.0, Stroke::new(2.0, colour), StrokeKind::Outside);
        }
    }

    /// The strongest connections of a neuron.
    pub(super) fn links(&self, drawn: &Drawn, neuron: Neuron, links: &Links) {
        let place = |n: Neuron| {
            let rect = on_screen(drawn.nodes[n.population], self.scale, self.offset);
            drawn.cells[n.population].rect(rect, n.id as usize).center()
        };
        if self.scale * 2.0 * drawn.nodes[neuron.population].half < NEAR {
            return;
        }
        let strongest = links.strongest.first().map_or(1.0, |l| l.weight.abs()).max(f64::MIN_POSITIVE);
        for link in links.strongest.iter().rev() {
            let share = (link.weight.abs() / strongest) as f32;
            let colour = faded(self.sign(if link.weight >= 0.0 { 1.0 } else { 0.0 }), 0.2 + 0.6 * share);
            let (from, to) = if link.out { (place(neuron), place(link.other)) } else { (place(link.other), place(neuron)) };
            self.painter.line_segment([from, to], Stroke::new(0.6 + 1.4 * share, colour));
            self.painter.circle_filled(to, 1.5 + share, colour);
        }
    }
}
