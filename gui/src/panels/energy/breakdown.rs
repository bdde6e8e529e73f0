//! What the energy went into: terms and layers, as stacked bars and as a table.

use super::or_dash;
use crate::bill::{Moment, Part, Side, joules};
use crate::theme::Tokens;
use eframe::egui::{Grid, Rect, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// How an energy is parted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum By {
    #[default]
    Terms,
    Layers,
}

impl By {
    pub(super) fn ui(&mut self, ui: &mut Ui, moment: &Moment) {
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            ui.selectable_value(self, Self::Terms, "By term");
            ui.selectable_value(self, Self::Layers, "By layer");
        });
        for (side, which) in [(&moment.spiking, "Spiking"), (&moment.dense, "Dense")] {
            let parts = match self {
                Self::Terms => &side.terms,
                Self::Layers => &side.layers,
            };
            if parts.is_empty() || side.joules.is_none() {
                continue;
            }
            stack(ui, which, side, parts);
            table(ui, which, parts);
        }
    }
}

/// Parts beside one another, as wide as their shares.
fn stack(ui: &mut Ui, which: &str, side: &Side, parts: &[Part]) {
    let tokens = Tokens::in_use(ui);
    let all: f64 = parts.iter().map(|part| part.joules.nominal).sum();
    ui.label(RichText::new(format!("{which}, {}", side.name)).small());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 14.0), Sense::hover());
    let mut x = rect.left();
    let mut words = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let share = if all > 0.0 { (part.joules.nominal / all) as f32 } else { 0.0 };
        let next = x + share * rect.width();
        let piece = Rect::from_min_max(pos2(x, rect.top()), pos2(next, rect.bottom()));
        ui.painter().rect_filled(piece, 0.0, tokens.population(at).gamma_multiply(0.8));
        words.push(format!("{} {:.1} %", part.name, share * 100.0));
        x = next;
    }
    let said = format!("{which} energy by part: {}", words.join(", "));
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &said));
    response.on_hover_text(words.join("\n"));
}

fn table(ui: &mut Ui, which: &str, parts: &[Part]) {
    let tokens = Tokens::in_use(ui);
    let all: f64 = parts.iter().map(|part| part.joules.nominal).sum();
    Grid::new(("parts", which)).striped(true).num_columns(4).show(ui, |ui| {
        for (at, part) in parts.iter().enumerate() {
            ui.horizontal(|ui| {
                let (dot, _) = ui.allocate_exact_size(vec2(8.0, 8.0), Sense::hover());
                ui.painter().rect_filled(dot, 1.0, tokens.population(at));
                let label = ui.label(&part.name);
                if part.standing {
                    label.on_hover_text("Drawn whether or not there is anything to do");
                }
            });
            ui.label(or_dash(Some(part.joules.nominal)));
            ui.label(format!("{:.1} %", if all > 0.0 { part.joules.nominal / all * 100.0 } else { 0.0 }));
            ui.label(
                RichText::new(format!("{} to {}", joules(part.joules.low), joules(part.joules.high))).small().color(tokens.faint),
            );
            ui.end_row();
        }
    });
}
