//! A membrane over time.

use super::incoming::{Arrival, Missing};
use super::round;
use crate::chart::{TimeAxis, marks};
use crate::session::{Neuron, Trace};
use crate::theme::Tokens;
use crate::view::Cx;
use eframe::egui::{Align2, Color32, FontId, Mesh, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};
use spikewatt::compile::ResetTo;

/// A neuron as it is drawn.
pub(super) struct Lane {
    pub(super) neuron: Neuron,
    pub(super) limits: Option<(f64, ResetTo)>,
    pub(super) arrivals: Vec<Arrival>,
    /// How many events arrive from whom in the stretch in view, in words.
    pub(super) arriving: String,
    pub(super) missing: Option<Missing>,
    /// Its values in words.
    pub(super) told: String,
}

impl Lane {
    /// All of it in words.
    pub(super) fn spoken(&self) -> String {
        if self.arriving.is_empty() { self.told.clone() } else { format!("{}; arriving in view: {}", self.told, self.arriving) }
    }
}

/// A line through samples: of those on one pixel the first, the lowest, the highest and the last, so that nothing that sticks out is lost.
pub(super) fn line(samples: impl Iterator<Item = (u64, f64)>, x_of: impl Fn(u64) -> f32, scale: f32) -> Vec<(f32, f64)> {
    let mut points: Vec<(f32, f64)> = Vec::new();
    let mut now: Option<(i64, f32, [f64; 4])> = None;
    let put = |points: &mut Vec<(f32, f64)>, (_, x, [first, low, high, last]): (i64, f32, [f64; 4])| {
        points.push((x, first));
        for value in [low, high, last] {
            if points.last().is_none_or(|(_, before)| *before != value) {
                points.push((x, value));
            }
        }
    };
    for (tick, value) in samples.filter(|(_, value)| value.is_finite()) {
        let x = x_of(tick);
        let pixel = (x * scale).floor() as i64;
        match &mut now {
            Some((at, _, [_, low, high, last])) if *at == pixel => {
                *low = low.min(value);
                *high = high.max(value);
                *last = value;
            }
            _ => {
                if let Some(done) = now.replace((pixel, x, [value; 4])) {
                    put(&mut points, done);
                }
            }
        }
    }
    if let Some(done) = now {
        put(&mut points, done);
    }
    points
}

/// Draws some neurons over one another.
pub(super) fn lanes(ui: &Ui, cx: &Cx<'_>, axis: &TimeAxis, rect: Rect, lanes: &[Lane]) {
    let tokens = Tokens::in_use(ui);
    let painter = ui.painter_at(rect.expand2(vec2(56.0, 0.0)));
    let (from, to) = axis.ticks();
    let to = to.min(cx.now.tick).max(from);
    let scale = ui.ctx().pixels_per_point();
    // One sample beyond each edge, so that lines go on to it.
    let samples = |trace: &Trace| line(trace.between(from.saturating_sub(1), to), |tick| axis.x(tick as f64), scale);
    let curves: Vec<_> = lanes.iter().map(|lane| cx.history.traces.of(lane.neuron).map(samples).unwrap_or_default()).collect();
    let limits = lanes.iter().filter_map(|lane| lane.limits).flat_map(|(threshold, reset)| {
        let reset = if let ResetTo::Value(value) = reset { value } else { threshold };
        [threshold, reset]
    });
    let all = curves.iter().flatten().map(|(_, v)| *v).chain(limits).filter(|v| v.is_finite());
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    let (low, high) = if low < high {
        (low, high)
    } else if low.is_finite() {
        (low - 1.0, high + 1.0)
    } else {
        (0.0, 1.0)
    };
    // Spikes lie above, arrivals below.
    let (top, bottom) = (rect.top() + 14.0, (rect.bottom() - 16.0).max(rect.top() + 16.0));
    let y = |value: f64| bottom - ((value - low) / (high - low)) as f32 * (bottom - top);
    for mark in marks(low, high, ((bottom - top) / 26.0).max(1.0) as usize) {
        painter.text(
            pos2(rect.left() - 4.0, y(mark)),
            Align2::RIGHT_CENTER,
            round(mark),
            FontId::proportional(10.0),
            tokens.faint,
        );
    }
    let inside = ui.painter_at(rect);
    for (at, (lane, curve)) in lanes.iter().zip(&curves).enumerate() {
        let colour = if lanes.len() > 1 {
            tokens.populations[at % tokens.populations.len()]
        } else {
            tokens.population(lane.neuron.population)
        };
        if let Some((threshold, reset)) = lane.limits {
            dashes(&inside, rect, y(threshold), tokens.limit);
            if let ResetTo::Value(reset) = reset {
                inside.hline(rect.x_range(), y(reset), Stroke::new(1.0, tokens.faint.gamma_multiply(0.6)));
            }
        }
        let points: Vec<Pos2> = curve.iter().map(|(x, v)| pos2(*x, y(*v))).collect();
        inside.add(Shape::line(points, Stroke::new(1.2, colour)));
        let mut mesh = Mesh::default();
        let (ticks, ids) = cx.history.spikes.between(lane.neuron.population, from, to);
        let own = places_of(ids, lane.neuron.id).map(|at| axis.x(ticks[at] as f64));
        bars(&mut mesh, own, rect.top() + 2.0, rect.top() + 11.0, colour);
        let middle = rect.bottom() - 8.0;
        let of = |up: bool| {
            lane.arrivals.iter().filter(move |a| (a.weight > 0.0) == up && a.weight != 0.0).map(|a| axis.x(a.tick as f64))
        };
        bars(&mut mesh, of(true), middle - 6.0, middle, tokens.excitatory);
        bars(&mut mesh, of(false), middle, middle + 6.0, tokens.inhibitory);
        inside.add(Shape::mesh(mesh));
        let missing = match lane.missing {
            Some(Missing::LookedUp) => " · looking up who reaches it",
            Some(Missing::TooMany) => " · zoom in to see what arrives",
            None => "",
        };
        let text = format!("{}{missing}", lane.told);
        let text = inside.layout_no_wrap(text, FontId::proportional(11.0), colour);
        let at = pos2(rect.left() + 4.0, rect.top() + 12.0 + 13.0 * at as f32);
        inside.rect_filled(Rect::from_min_size(at, text.size()).expand(1.0), 2.0, tokens.ground.gamma_multiply(0.85));
        inside.galley(at, text, colour);
    }
    if let Some(lane) = lanes.first().filter(|lane| lanes.len() == 1 && !lane.arriving.is_empty()) {
        inside.text(
            pos2(rect.right() - 4.0, rect.bottom() - 16.0),
            Align2::RIGHT_BOTTOM,
            format!("arriving: {}", lane.arriving),
            FontId::proportional(10.0),
            tokens.faint,
        );
    }
    painter.hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, tokens.faint.gamma_multiply(0.4)));
}

/// Places at which an id stands. Of a million, those without it are passed over by pieces, which the processor compares side by side.
fn places_of(ids: &[u32], id: u32) -> impl Iterator<Item = usize> + '_ {
    const PIECE: usize = 256;
    let with = move |piece: &[u32]| piece.iter().fold(false, |any, other| any | (*other == id));
    ids.chunks(PIECE)
        .enumerate()
        .filter(move |(_, piece)| with(piece))
        .flat_map(move |(at, piece)| (at * PIECE..).zip(piece).filter(move |(_, other)| **other == id).map(|(place, _)| place))
}

/// Upright marks, one a pixel where they would lie on each other.
fn bars(mesh: &mut Mesh, at: impl Iterator<Item = f32>, top: f32, bottom: f32, colour: Color32) {
    let mut last = f32::NEG_INFINITY;
    for x in at {
        if (x - last).abs() >= 0.5 {
            mesh.add_colored_rect(Rect::from_min_max(pos2(x - 0.75, top), pos2(x + 0.75, bottom)), colour);
            last = x;
        }
    }
}

fn dashes(painter: &eframe::egui::Painter, rect: Rect, y: f32, colour: Color32) {
    painter.extend(Shape::dashed_line(&[pos2(rect.left(), y), pos2(rect.right(), y)], Stroke::new(1.0, colour), 6.0, 4.0));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_found_wherever_it_stands() {
        let ids: Vec<u32> = (0..1_000).map(|k| k % 301).collect();
        let by_one: Vec<usize> = (0..1_000).filter(|at| ids[*at] == 255).collect();
        assert_eq!(places_of(&ids, 255).collect::<Vec<_>>(), by_one);
        assert_eq!(by_one.len(), 3);
        assert_eq!(places_of(&ids, 999).count(), 0);
    }

    #[test]
    fn a_peak_on_one_sample_among_thousands_is_drawn() {
        let samples = (0..10_000u64).map(|tick| {
            (
                tick,
                if tick == 5_003 {
                    40.0
                } else if tick == 77 {
                    -90.0
                } else {
                    -65.0
                },
            )
        });
        let points = line(samples, |tick| tick as f32 / 100.0, 1.0);
        assert!(points.len() < 300, "{} points on 100 pixels", points.len());
        let peak = points.iter().find(|(_, v)| *v == 40.0).expect("the peak");
        assert_eq!(peak.0.floor(), 50.0);
        assert!(points.iter().any(|(_, v)| *v == -90.0), "and the trough");
    }
}
