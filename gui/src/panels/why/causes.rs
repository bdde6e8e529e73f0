//! The list of causes, gone through by mouse or by keys.

use super::past::Found;
use super::{name, sent};
use crate::chart::short;
use crate::keys::{self, Does};
use crate::knobs::measured;
use crate::session::Spiked;
use crate::theme::Tokens;
use crate::view::Cx;
use eframe::egui::{self, EventFilter, FocusDirection, Grid, Label, Response, RichText, Sense, Ui, vec2};
use spikewatt::engine::Source;

/// Causes that are listed; what the others come to is one line.
const MOST: usize = 40;

/// Where a person is who goes through causes by keys.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// The next list is to have the focus: on this cause, or on its first.
    next: Option<Option<Spiked>>,
}

impl Walk {
    /// Gives the next list the focus: on the cause that is this spike, or on its first.
    pub(super) fn begin(&mut self, at: Option<Spiked>) {
        self.next = Some(at);
    }

    /// Goes from cause to cause, and gives the spike of the one that is followed.
    fn keys(&mut self, ui: &Ui, listed: &[(Response, Option<Spiked>)]) -> Option<Spiked> {
        let go = |at: usize| {
            if let Some((response, _)) = listed.get(at) {
                response.request_focus();
                response.scroll_to_me(None);
            }
        };
        if let Some(spike) = self.next.take() {
            go(listed.iter().position(|(_, of)| spike.is_some() && *of == spike).unwrap_or(0));
            return None;
        }
        let ctx = ui.ctx();
        let Some(at) = listed.iter().position(|(response, _)| response.has_focus()) else {
            // Where nothing has the focus the list is the next that takes it.
            if ctx.memory(|memory| memory.focused().is_none()) && keys::pressed(ctx, Does::NextCause) {
                go(0);
                // The key is used up: it does not move the focus on from there.
                ctx.memory_mut(|memory| memory.move_focus(FocusDirection::None));
            }
            return None;
        };
        let (response, spike) = &listed[at];
        let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ctx.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        ui.painter().rect_stroke(response.rect.expand(2.0), 2.0, ui.visuals().selection.stroke, egui::StrokeKind::Outside);
        if keys::pressed(ctx, Does::NextCause) {
            go(at + 1);
        }
        if keys::pressed(ctx, Does::PreviousCause) && at > 0 {
            go(at - 1);
        }
        let followed = spike.filter(|_| keys::pressed(ctx, Does::FollowCause));
        if followed.is_some() {
            self.begin(None);
        }
        followed
    }
}

/// The list of causes; gives the spike that is to be explained next.
pub(super) fn causes(ui: &mut Ui, cx: &Cx<'_>, found: &Found, unit: &str, walk: &mut Walk) -> Option<Spiked> {
    let (why, tokens) = (&found.why, Tokens::in_use(ui));
    let largest = why.causes.first().map_or(1.0, |c| c.part.abs()).max(f64::MIN_POSITIVE);
    let ms = |tick: u64| short(cx.scene.ms(tick + found.began));
    let (mut stepped, mut listed) = (None, Vec::new());
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
            let (response, spike) = match cause.source {
                Source::Spike { population, neuron, sent, .. } => {
                    let link = ui.link(&text).on_hover_text("Step back: why did this one fire?");
                    (link, Some(Spiked { tick: sent + found.began, population, id: neuron }))
                }
                _ => (ui.add(Label::new(&text).sense(Sense::focusable_noninteractive())), None),
            };
            if response.clicked() {
                stepped = spike;
            }
            listed.push((response, spike));
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
    walk.keys(ui, &listed).or(stepped)
}

fn titled(what: &str, unit: &str) -> String {
    if unit.is_empty() { what.to_owned() } else { format!("{what}, {unit}") }
}
