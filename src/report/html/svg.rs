//! Small charts in SVG, as wide as what they stand in: places along the axis are percentages, heights are pixels.

use super::markup::Markup;
use crate::report::sections::axis::{Axis, power_of_ten};

/// Labels that find room on an axis, also on a phone.
const LABELS: usize = 6;

/// Lines that can still be told apart.
const LINES: usize = 24;

/// A place along the axis as a percentage.
pub(super) fn percent(place: f64) -> String {
    format!("{:.2}%", 100.0 * if place.is_finite() { place.clamp(0.0, 1.0) } else { 0.0 })
}

/// A picture with its title (also shown by the pointer) and its description.
pub(super) fn picture<F: FnOnce(&mut Markup)>(
    class: &str,
    height: u32,
    title: &str,
    description: &str,
    markup: &mut Markup,
    content: F,
) {
    let height = height.to_string();
    markup.element("svg", &[("class", class), ("role", "img"), ("width", "100%"), ("height", &height)], |svg| {
        svg.text_element("title", &[], title);
        svg.text_element("desc", &[], description);
        content(svg);
    });
}

/// The part of a row between two places, as a bar.
pub(super) fn bar(class: &str, from: f64, to: f64, y: u32, height: u32, svg: &mut Markup) {
    let (x, width) = (percent(from), percent((to - from).max(0.0)));
    svg.empty("rect", &[("class", class), ("x", &x), ("width", &width), ("y", &y.to_string()), ("height", &height.to_string())]);
}

/// An upright line at a place.
pub(super) fn upright(class: &str, at: f64, from: u32, to: u32, svg: &mut Markup) {
    let x = percent(at);
    svg.empty("line", &[("class", class), ("x1", &x), ("x2", &x), ("y1", &from.to_string()), ("y2", &to.to_string())]);
}

/// A mark at a place: round for the spiking network, square on its corner for the dense one, so that colour is not all that
/// tells them apart.
pub(super) fn mark(class: &str, at: f64, y: u32, svg: &mut Markup) {
    let (x, y) = (percent(at), y.to_string());
    if class == "dense" {
        svg.element("svg", &[("x", &x), ("y", &y), ("overflow", "visible")], |inner| {
            inner.empty("path", &[("class", "mark dense"), ("d", "M-6 0L0-6L6 0L0 6Z")]);
        });
    } else {
        svg.empty("circle", &[("class", &format!("mark {class}")), ("cx", &x), ("cy", &y), ("r", "5")]);
    }
}

/// The lines of the axis behind a row.
pub(super) fn grid(axis: &Axis, height: u32, svg: &mut Markup) {
    for exponent in axis.marks(LINES) {
        upright("grid", place(axis, exponent), 0, height, svg);
    }
}

/// The axis with its labels, to stand above the rows.
pub(super) fn scale(axis: &Axis, unit: &str, what: &str, markup: &mut Markup) {
    let (from, to) = axis.ends();
    let description = format!("Logarithmic, from {} to {}.", power_of_ten(from, unit), power_of_ten(to, unit));
    picture("scale", 22, what, &description, markup, |svg| {
        for exponent in axis.marks(LINES) {
            upright("grid", place(axis, exponent), 17, 22, svg);
        }
        for exponent in axis.marks(LABELS) {
            let at = place(axis, exponent);
            let anchor = match at {
                at if at < 0.02 => "start",
                at if at > 0.98 => "end",
                _ => "middle",
            };
            svg.text_element("text", &[("x", &percent(at)), ("y", "12"), ("text-anchor", anchor)], &power_of_ten(exponent, unit));
        }
    });
}

fn place(axis: &Axis, exponent: f64) -> f64 {
    let (from, to) = axis.ends();
    (exponent - from) / (to - from)
}
