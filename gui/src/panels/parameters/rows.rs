//! A table, drawn: only the lines in view are laid out, so that a network of hundreds of populations costs a frame no more than a small one.

use super::sheet::{Column, Line, Sheet};
use crate::knobs::Editor;
use crate::theme::Tokens;
use crate::view::Cx;
use eframe::egui::{
    Align, FontSelection, Label, Layout, Rect, RichText, ScrollArea, Sense, TextWrapMode, Ui, UiBuilder, pos2, vec2,
};

/// Widths of columns, and of the field and the way back in the column that can be changed.
const NARROWEST: f32 = 40.0;
const WIDEST: f32 = 220.0;
const FIELD: f32 = 96.0;
const CHANGED: f32 = 160.0;
/// Between columns.
const GAP: f32 = 10.0;

/// What stands in a row: a line, or what is wrong with the line before.
enum Row {
    Line(usize),
    Wrong(String),
}

/// Draws some lines of a table below its titles.
pub(super) fn show(ui: &mut Ui, cx: &mut Cx<'_>, sheet: &mut Sheet, lines: &[usize], editor: &mut Editor) {
    if sheet.widths.is_empty() {
        sheet.widths = widths(ui, sheet);
    }
    let mut rows = Vec::with_capacity(lines.len());
    for &at in lines {
        rows.push(Row::Line(at));
        let wrong = sheet.lines[at].knob.as_ref().and_then(|knob| editor.complaint(cx, knob));
        rows.extend(wrong.into_iter().flat_map(str::lines).map(|text| Row::Wrong(text.to_owned())));
    }
    let height = ui.spacing().interact_size.y + 4.0;
    let (titles, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let whole = sheet.widths.iter().map(|w| w + GAP).sum::<f32>();
    let area = ScrollArea::both().id_salt(sheet.title).auto_shrink(false);
    let shown = area.show_rows(ui, height, rows.len(), |ui, range| {
        ui.set_min_width(whole);
        for (at, row) in range.clone().zip(&rows[range]) {
            let (rect, _) = ui.allocate_exact_size(vec2(whole, height), Sense::hover());
            if at % 2 == 1 {
                ui.painter().rect_filled(rect, 0.0, ui.visuals().faint_bg_color);
            }
            match row {
                Row::Line(at) => line(ui, cx, sheet, &sheet.lines[*at], rect, editor),
                Row::Wrong(text) => {
                    let rect = Rect::from_min_max(pos2(rect.left() + sheet.widths[0] + GAP, rect.top()), rect.max);
                    let text = RichText::new(text).color(Tokens::in_use(ui).bad);
                    cell(ui, rect, |ui| {
                        ui.add(Label::new(text).wrap_mode(TextWrapMode::Extend));
                    });
                }
            }
        }
    });
    // The titles move along sideways, and stay above.
    let mut head = ui.new_child(UiBuilder::new().max_rect(titles));
    head.set_clip_rect(titles.intersect(ui.clip_rect()));
    let mut left = titles.left() - shown.state.clamped_offset().x;
    for (column, width) in sheet.columns.iter().zip(&sheet.widths) {
        let rect = Rect::from_min_size(pos2(left, titles.top()), vec2(*width, titles.height()));
        cell(&mut head, rect, |ui| {
            let title = RichText::new(column.title).strong().color(Tokens::in_use(ui).faint);
            ui.add(Label::new(title).truncate()).on_hover_text(column.about);
        });
        left += width + GAP;
    }
}

fn line(ui: &mut Ui, cx: &mut Cx<'_>, sheet: &Sheet, line: &Line, rect: Rect, editor: &mut Editor) {
    let mut left = rect.left();
    for (at, ((text, column), width)) in line.cells.iter().zip(&sheet.columns).zip(&sheet.widths).enumerate() {
        let place = Rect::from_min_size(pos2(left, rect.top()), vec2(*width, rect.height()));
        left += width + GAP;
        if !ui.is_rect_visible(place) {
            continue;
        }
        cell(ui, place, |ui| match &line.knob {
            Some(knob) if at == sheet.now => {
                let hint = format!("{}: {}", knob.label, knob.about);
                ui.scope(|ui| editor.field(ui, cx, knob, FIELD)).response.on_hover_text(hint);
                editor.back(ui, cx, knob);
            }
            _ => {
                let again = line.again && at == 0;
                let words = RichText::new(text);
                let words = if at == 0 && !again { words.strong() } else { words };
                let hint = if at == sheet.now { &line.about } else { column.about };
                ui.add(Label::new(words).truncate()).on_hover_text(hint);
            }
        });
    }
}

fn cell(ui: &mut Ui, rect: Rect, add: impl FnOnce(&mut Ui)) {
    let mut inner = ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)));
    inner.spacing_mut().item_spacing.x = 4.0;
    add(&mut inner);
}

/// The width of each column, by its longest texts; all of them would take long to measure, and the one with most letters may not be the widest.
fn widths(ui: &Ui, sheet: &Sheet) -> Vec<f32> {
    const MEASURED: usize = 24;
    let font = FontSelection::Default.resolve(ui.style());
    let measure =
        |text: &str| ui.fonts_mut(|fonts| fonts.layout_no_wrap(text.to_owned(), font.clone(), Default::default()).size().x);
    let of = |(at, column): (usize, &Column)| {
        let mut cells: Vec<&str> = sheet.lines.iter().map(|line| line.cells[at].as_str()).collect();
        cells.sort_by_cached_key(|text| std::cmp::Reverse(text.chars().count()));
        cells.dedup();
        let widest = cells.into_iter().take(MEASURED).map(measure).fold(measure(column.title), f32::max).ceil() + 4.0;
        if at == sheet.now { widest.max(CHANGED) } else { widest }.clamp(NARROWEST, WIDEST)
    };
    sheet.columns.iter().enumerate().map(of).collect()
}
