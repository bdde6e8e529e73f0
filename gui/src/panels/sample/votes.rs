//! The decision as it builds up: spikes of each output neuron, and what the dense network answers.

use super::class_name;
use crate::chart::short;
use crate::session::SampleMark;
use crate::theme::Tokens;
use crate::view::Cx;
use eframe::egui::{Align2, FontId, Grid, Pos2, Rect, RichText, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};
use spikewatt::dataset::decode::{Decoding, decide};

/// Classes that are drawn; more are told in words.
const MOST: usize = 64;

/// The population whose spikes are votes.
fn readout(cx: &Cx<'_>) -> usize {
    cx.scene.net.readout.unwrap_or(cx.scene.net.populations.len().saturating_sub(1))
}

/// Ticks and classes of the votes of a sample up to a tick.
fn cast<'a>(cx: &'a Cx<'_>, mark: &SampleMark, tick: u64) -> (&'a [u64], &'a [u32]) {
    let end = cx.scene.ticks.map_or(tick, |ticks| tick.min(mark.began + ticks));
    cx.history.spikes.between(readout(cx), mark.began + 1, end)
}

/// Spikes of each output neuron up to a tick, and the tick of the first of each.
fn counted(cx: &Cx<'_>, mark: &SampleMark, tick: u64) -> (Vec<u64>, Vec<Option<u64>>) {
    let n = mark.votes.len();
    let (mut votes, mut first) = (vec![0; n], vec![None; n]);
    let (ticks, ids) = cast(cx, mark, tick);
    for (tick, id) in ticks.iter().zip(ids) {
        if let Some(vote) = votes.get_mut(*id as usize) {
            *vote += 1;
            first[*id as usize].get_or_insert(*tick);
        }
    }
    (votes, first)
}

/// What the spikes so far decide; `None` where the answer is read off membranes, which are not kept.
pub(super) fn decided(cx: &Cx<'_>, mark: &SampleMark, tick: u64) -> Option<usize> {
    let decoding = cx.scene.task.as_ref()?.decoding.filter(|decoding| *decoding != Decoding::MaxMembrane)?;
    let (votes, first) = counted(cx, mark, tick);
    decide(decoding, &votes, &first, &[])
}

/// Whether the answer is by spikes and none has come yet.
pub(super) fn are_missing(cx: &Cx<'_>, mark: &SampleMark, tick: u64) -> bool {
    let by_spikes = cx.scene.task.as_ref().and_then(|task| task.decoding) != Some(Decoding::MaxMembrane);
    by_spikes && counted(cx, mark, tick).0.iter().all(|votes| *votes == 0)
}

/// Votes for each class at the moment.
pub(super) fn bars(ui: &mut Ui, cx: &Cx<'_>, mark: &SampleMark, tick: u64) {
    let tokens = Tokens::in_use(ui);
    let decoding = cx.scene.task.as_ref().and_then(|task| task.decoding);
    if decoding == Some(Decoding::MaxMembrane) {
        ui.label("The answer is the output neuron whose membrane rose highest; its spikes are no votes.");
        return;
    }
    let (votes, _) = counted(cx, mark, tick);
    ui.label("Spikes of each output neuron");
    let most = votes.iter().copied().max().unwrap_or(0).max(1);
    Grid::new("votes").num_columns(3).spacing([6.0, 2.0]).show(ui, |ui| {
        for (class, count) in votes.iter().enumerate().take(MOST) {
            let is_label = mark.label == Some(class as u32);
            let name = RichText::new(class_name(cx, class));
            ui.label(if is_label { name.strong() } else { name });
            let wide = (ui.available_width() - 70.0).clamp(60.0, 160.0);
            let (rect, response) = ui.allocate_exact_size(vec2(wide, 12.0), Sense::hover());
            ui.painter().rect_filled(rect, 1.0, tokens.faint.gamma_multiply(0.12));
            let filled = Rect::from_min_size(rect.min, vec2(wide * *count as f32 / most as f32, 12.0));
            ui.painter().rect_filled(filled, 1.0, if is_label { tokens.good } else { tokens.spiking });
            response
                .widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("{count} votes for {}", class_name(cx, class))));
            let dense = if mark.dense_answer == Some(class) { "  dense" } else { "" };
            ui.horizontal(|ui| {
                ui.label(count.to_string());
                ui.label(RichText::new(dense).color(tokens.dense).small());
            });
            ui.end_row();
        }
    });
    if votes.len() > MOST {
        ui.small(format!("the first {MOST} of {} classes", votes.len()));
    }
}

/// Votes over the sample's time, with the dense network's answer beside them.
pub(super) fn curves(ui: &mut Ui, cx: &Cx<'_>, mark: &SampleMark) {
    let (Some(ticks), false) = (cx.scene.ticks, mark.votes.is_empty()) else { return };
    if cx.scene.task.as_ref().and_then(|task| task.decoding) == Some(Decoding::MaxMembrane) {
        return;
    }
    let tokens = Tokens::in_use(ui);
    let (outer, response) = ui.allocate_exact_size(vec2(ui.available_width(), 110.0), Sense::hover());
    let rect = Rect::from_min_max(outer.min, outer.max - vec2(26.0, 16.0));
    ui.painter().rect_filled(rect, 0.0, tokens.ground);
    let end = cx.now.tick.min(mark.began + ticks);
    let (at, ids) = cast(cx, mark, end);
    let most = mark.votes.iter().copied().max().unwrap_or(0).max(1) as f32;
    let x = |tick: u64| rect.left() + tick.saturating_sub(mark.began) as f32 / ticks.max(1) as f32 * rect.width();
    let y = |count: u64| rect.bottom() - 2.0 - count as f32 / most * (rect.height() - 8.0);
    let mut lines: Vec<Vec<Pos2>> = vec![vec![pos2(x(mark.began), y(0))]; mark.votes.len()];
    let mut counts = vec![0; mark.votes.len()];
    for (tick, id) in at.iter().zip(ids) {
        let Some(line) = lines.get_mut(*id as usize) else { continue };
        line.push(pos2(x(*tick), y(counts[*id as usize])));
        counts[*id as usize] += 1;
        line.push(pos2(x(*tick), y(counts[*id as usize])));
    }
    let painter = ui.painter();
    for (class, mut line) in lines.into_iter().enumerate() {
        line.push(pos2(x(end), y(counts[class])));
        let is_label = mark.label == Some(class as u32);
        let stroke = match (is_label, mark.dense_answer == Some(class)) {
            (true, _) => Stroke::new(2.5, tokens.good),
            (false, true) => Stroke::new(2.0, tokens.dense),
            (false, false) => Stroke::new(1.0, tokens.population(class).gamma_multiply(0.7)),
        };
        painter.add(Shape::line(line, stroke));
        if counts[class] > 0 && (is_label || counts[class] as f32 > 0.3 * most) {
            let colour = stroke.color;
            let text = class_name(cx, class);
            painter.text(
                pos2(rect.right() + 3.0, y(counts[class])),
                Align2::LEFT_CENTER,
                text,
                FontId::proportional(11.0),
                colour,
            );
        }
    }
    if let Some(cursor) = cx.view.cursor.filter(|cursor| (mark.began..=mark.began + ticks).contains(cursor)) {
        painter.vline(x(cursor), rect.y_range(), Stroke::new(1.5, tokens.chosen));
    }
    let axis = FontId::proportional(10.5);
    painter.text(rect.left_bottom() + vec2(0.0, 2.0), Align2::LEFT_TOP, "0 ms", axis.clone(), tokens.faint);
    let last = format!("{} ms", short(cx.scene.ms(ticks)));
    painter.text(rect.right_bottom() + vec2(0.0, 2.0), Align2::RIGHT_TOP, last, axis, tokens.faint);
    let said = format!("Votes over the sample's time: {} spikes of output neurons", at.len());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &said));
    if let Some(answer) = mark.dense_answer {
        let text = format!("The dense network answers {} at once, from the whole sample.", class_name(cx, answer));
        ui.label(RichText::new(text).small().color(tokens.dense));
    }
}
