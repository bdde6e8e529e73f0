//! The network's own activity against the published criteria, on a logarithmic axis.

use super::markup::Markup;
use super::page::{HtmlPage, header_cell};
use super::{energy::key, svg};
use crate::report::sections::axis::{Axis, power_of_ten};
use crate::report::sections::numbers::mean;
use crate::report::sections::words::{clean, name};
use crate::report::sections::{Look, Page as _, break_even};
use crate::report::{CriterionEntry, Report, VerdictPart};

/// Height of a row's picture, pixels.
const HEIGHT: u32 = 34;

/// What is compared where a criterion names no other quantity.
const QUANTITY: &str = "spikes per synapse and inference";

/// Writes one chart for each quantity that criteria compare.
pub(super) fn write(report: &Report, page: &mut HtmlPage) {
    let Some(verdict) = &report.verdict else { return };
    if verdict.measured.is_none() && verdict.criteria.is_empty() {
        return;
    }
    page.title("Break-even", "");
    page.paragraph(&break_even::sentence(verdict), Look::Plain);
    let markup = page.markup();
    let mut quantities: Vec<Option<&str>> = vec![];
    for criterion in &verdict.criteria {
        if !quantities.contains(&criterion.quantity.as_deref()) {
            quantities.push(criterion.quantity.as_deref());
        }
    }
    for quantity in quantities {
        let criteria: Vec<_> = verdict.criteria.iter().filter(|criterion| criterion.quantity.as_deref() == quantity).collect();
        chart(verdict, quantity.map_or_else(|| QUANTITY.to_owned(), clean).as_str(), &criteria, markup);
    }
    if !verdict.criteria.is_empty() {
        markup.element("p", &[("class", "legend")], |p| {
            for (class, text) in
                [("can", "spiking can win"), ("depends", "depends on the dense machine"), ("cannot", "spiking loses")]
            {
                p.element("span", &[("class", "key")], |span| {
                    span.element("svg", &[("width", "18"), ("height", "12"), ("aria-hidden", "true")], |icon| {
                        svg::bar(class, 0.0, 1.0, 0, 12, icon);
                    });
                    span.text(text);
                });
            }
            key("here", "this network", p);
        });
    }
}

/// This network's value of what a criterion compares.
fn measured(verdict: &VerdictPart, criterion: &CriterionEntry) -> Option<f64> {
    criterion.measured.or(verdict.measured.filter(|_| criterion.quantity.is_none()))
}

fn chart(verdict: &VerdictPart, quantity: &str, criteria: &[&CriterionEntry], markup: &mut Markup) {
    let values = criteria.iter().flat_map(|criterion| {
        // Half a decade of room at both ends, so that every area can be seen.
        let room = [criterion.low / 3.0, criterion.high * 3.0];
        room.into_iter().chain(measured(verdict, criterion))
    });
    let axis = Axis::over(values);
    markup.element("table", &[("class", "chart")], |table| {
        table.element("thead", &[], |head| {
            head.element("tr", &[], |row| {
                header_cell("Criterion", "w", row);
                row.element("th", &[("scope", "col"), ("class", "picture")], |cell| {
                    cell.text_element("span", &[], &format!("{quantity}, logarithmic"));
                    if let Some(axis) = &axis {
                        svg::scale(axis, "", quantity, cell);
                    }
                });
                header_cell("Spiking can win at", "n", row);
                header_cell("Here", "n", row);
                header_cell("Met?", "w", row);
            });
        });
        table.element("tbody", &[], |body| {
            for criterion in criteria {
                let here = measured(verdict, criterion);
                body.element("tr", &[("class", "device")], |row| {
                    row.text_element("th", &[("scope", "row")], &name(&criterion.name));
                    row.element("td", &[("class", "picture")], |cell| {
                        if let Some(axis) = &axis {
                            areas(criterion, here, axis, cell);
                        }
                    });
                    row.text_element("td", &[("class", "n")], &break_even::limit(criterion));
                    row.element("td", &[("class", "n"), ("data-label", "here")], |cell| {
                        cell.text_element("b", &[], &here.map(mean).unwrap_or_default())
                    });
                    row.element("td", &[("class", "w")], |cell| {
                        cell.text_element("span", &[("class", "pill")], break_even::answer(criterion));
                    });
                });
            }
        });
    });
}

/// Where a criterion lets the spiking network win, where it depends, where not; and where this network stands.
fn areas(criterion: &CriterionEntry, here: Option<f64>, axis: &Axis, cell: &mut Markup) {
    let (from, to) = axis.ends();
    let here_text = here.map(|here| format!("; this network {}", mean(here))).unwrap_or_default();
    let title = format!("{}: spiking can win at {}{here_text}", name(&criterion.name), break_even::limit(criterion));
    let description = format!("On a logarithmic axis from {} to {}.", power_of_ten(from, ""), power_of_ten(to, ""));
    let (low, high) = (axis.place(criterion.low), axis.place(criterion.high));
    svg::picture("areas", HEIGHT, &title, &description, cell, |picture| {
        svg::bar("can", 0.0, low, 5, HEIGHT - 10, picture);
        svg::bar("depends", low, high, 5, HEIGHT - 10, picture);
        svg::bar("cannot", high, 1.0, 5, HEIGHT - 10, picture);
        svg::grid(axis, HEIGHT, picture);
        for limit in [low, high] {
            svg::upright("limit", limit, 5, HEIGHT - 5, picture);
        }
        if let Some(here) = here {
            svg::upright("here", axis.place(here), 0, HEIGHT, picture);
            svg::mark("here", axis.place(here), HEIGHT / 2, picture);
        }
    });
}
