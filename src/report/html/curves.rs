//! The break-even as charts: the ratio of energies over spikes per synapse, both logarithmic, as a band with the network's own point.

use super::markup::Markup;
use super::page::{HtmlPage, scrolling};
use super::svg;
use crate::report::sections::axis::{Axis, power_of_ten};
use crate::report::sections::numbers::mean;
use crate::report::sections::words::name;
use crate::report::sections::{Look, Page as _, curves};
use crate::report::{CurveEntry, CurvePointEntry, Report, Winner};

/// Height of a chart's area, pixels.
const HEIGHT: u32 = 170;

/// Room above the area and below it, for labels.
const ABOVE: u32 = 6;
const BELOW: u32 = 18;

/// Charts on a page; the table has all pairs.
const MOST: usize = 12;

/// Writes a chart for each chosen pair, and a table of all.
pub(super) fn write(report: &Report, page: &mut HtmlPage) {
    let chosen = curves::chosen(report);
    let Some(verdict) = report.verdict.as_ref().filter(|_| !chosen.is_empty()) else { return };
    page.title("Break-even by device", curves::BESIDE_TITLE);
    page.paragraph(curves::EXPLANATION, Look::Faint);
    let markup = page.markup();
    markup.element("p", &[("class", "legend")], |p| {
        p.element("span", &[("class", "key")], |span| {
            span.element("svg", &[("width", "18"), ("height", "12"), ("aria-hidden", "true")], |icon| {
                svg::bar("band", 0.0, 1.0, 0, 12, icon);
            });
            span.text("times the dense network's energy, 5th to 95th percentile");
        });
        super::energy::key("here", "this network", p);
        for (class, text) in [("cannot", "dense takes less"), ("can", "spiking takes less")] {
            p.element("span", &[("class", "key curve")], |span| {
                span.element("svg", &[("width", "18"), ("height", "12"), ("aria-hidden", "true")], |icon| {
                    svg::bar(class, 0.0, 1.0, 0, 12, icon);
                });
                span.text(text);
            });
        }
    });
    markup.element("div", &[("class", "curves")], |div| {
        for curve in chosen.iter().take(MOST) {
            chart(curve, div);
        }
    });
    let all: Vec<_> = verdict.curves.iter().collect();
    let table = curves::table(&all);
    scrolling("Break-even of all pairs", page.markup(), |markup| super::page::write_table(&table, markup));
}

fn finite(point: &CurvePointEntry) -> bool {
    [point.spikes_per_synapse, point.low, point.nominal, point.high].iter().all(|value| value.is_normal() && *value > 0.0)
}

fn chart(curve: &CurveEntry, markup: &mut Markup) {
    let points: Vec<_> = curve.points.iter().filter(|point| finite(point)).collect();
    let across = Axis::over(points.iter().map(|point| point.spikes_per_synapse));
    let up = Axis::over(points.iter().flat_map(|point| [point.low, point.high]).chain([0.5, 2.0]));
    let (Some(across), Some(up)) = (across, up) else { return };
    let title = if curve.spiking == curve.dense {
        name(&curve.spiking)
    } else {
        format!("{} against {}", name(&curve.spiking), name(&curve.dense))
    };
    let break_even = format!("Break-even: {}", curves::crossing(&curve.crossing));
    let who = match curve.winner {
        Winner::Undecided => "undecided".to_owned(),
        winner => format!("{} takes less", curves::winner(winner)),
    };
    let here = format!("Here {}: {} times, {who}", mean(curve.here.spikes_per_synapse), curves::times(curve));
    let (from, to) = (power_of_ten(across.ends().0, ""), power_of_ten(across.ends().1, ""));
    let description = format!("Logarithmic: from {from} to {to} spikes per synapse across, ratio of energies upwards.");
    markup.element("figure", &[], |figure| {
        figure.element("figcaption", &[], |caption| {
            caption.text_element("code", &[], &title);
            caption.text_element("small", &[], &break_even);
            caption.text_element("small", &[], &here);
        });
        svg::picture(
            "curve",
            ABOVE + HEIGHT + BELOW,
            &format!("{title}. {break_even}. {here}."),
            &description,
            figure,
            |picture| {
                area(curve, &points, &across, &up, picture);
            },
        );
    });
}

/// A ratio's height from the top of the picture, pixels.
fn height(up: &Axis, ratio: f64) -> f64 {
    f64::from(ABOVE) + f64::from(HEIGHT) * (1.0 - up.place(ratio))
}

fn area(curve: &CurveEntry, points: &[&CurvePointEntry], across: &Axis, up: &Axis, picture: &mut Markup) {
    let bottom = ABOVE + HEIGHT;
    let one = height(up, 1.0).round() as u32;
    svg::bar("cannot", 0.0, 1.0, ABOVE, one - ABOVE, picture);
    svg::bar("can", 0.0, 1.0, one, bottom - one, picture);
    for exponent in across.marks(24) {
        svg::upright("grid", place(across, exponent), ABOVE, bottom, picture);
    }
    // The band's shape in a frame that is stretched across, since a path knows no percentages.
    let (width, whole) = ("1000", (ABOVE + HEIGHT).to_string());
    let frame = [
        ("class", "plot"),
        ("overflow", "hidden"),
        ("width", "100%"),
        ("height", whole.as_str()),
        ("viewBox", &format!("0 0 {width} {whole}")),
        ("preserveAspectRatio", "none"),
    ];
    let at = |point: &CurvePointEntry, value: f64| {
        format!("{:.1} {:.1}", 1000.0 * across.place(point.spikes_per_synapse), height(up, value))
    };
    let line =
        |value: fn(&CurvePointEntry) -> f64| -> Vec<String> { points.iter().map(|point| at(point, value(point))).collect() };
    let mut outline = line(|point| point.high);
    outline.extend(line(|point| point.low).into_iter().rev());
    picture.element("svg", &frame, |frame| {
        frame.empty("path", &[("class", "band"), ("d", &format!("M{}Z", outline.join("L")))]);
        frame.empty("path", &[("class", "nominal"), ("d", &format!("M{}", line(|point| point.nominal).join("L")))]);
    });
    across_line("one", one, picture);
    let text = |class: &str, x: &str, y: u32, anchor: &str, text: &str, picture: &mut Markup| {
        picture.text_element("text", &[("class", class), ("x", x), ("y", &y.to_string()), ("text-anchor", anchor)], text);
    };
    for exponent in up.marks(6) {
        let y = height(up, 10_f64.powf(exponent)).round() as u32;
        if exponent != 0.0 {
            across_line("grid", y, picture);
        }
        // A label at the very top would leave the picture.
        let y = y.saturating_sub(3).max(ABOVE + 10);
        text("label", "0.6%", y, "start", &format!("{}×", power_of_ten(exponent, "")), picture);
    }
    for exponent in across.marks(6) {
        let at = place(across, exponent);
        let anchor = match at {
            at if at < 0.04 => "start",
            at if at > 0.96 => "end",
            _ => "middle",
        };
        text("label", &svg::percent(at), bottom + 14, anchor, &power_of_ten(exponent, ""), picture);
    }
    if finite(&curve.here) {
        let here = across.place(curve.here.spikes_per_synapse);
        let y = |value: f64| height(up, value).round() as u32;
        svg::upright("here", here, y(curve.here.high), y(curve.here.low), picture);
        svg::mark("here", here, y(curve.here.nominal), picture);
    }
}

/// A line across the whole picture.
fn across_line(class: &str, y: u32, picture: &mut Markup) {
    let y = y.to_string();
    picture.empty("line", &[("class", class), ("x1", "0"), ("x2", "100%"), ("y1", &y), ("y2", &y)]);
}

fn place(axis: &Axis, exponent: f64) -> f64 {
    let (from, to) = axis.ends();
    (exponent - from) / (to - from)
}
