//! Energy of one inference on each device, as ranges on one logarithmic axis.

use super::markup::Markup;
use super::page::{HtmlPage, header_cell};
use super::{class, svg};
use crate::report::sections::axis::{Axis, power_of_ten};
use crate::report::sections::numbers::si;
use crate::report::sections::words::{items, name, with_tied_units};
use crate::report::sections::{Page as _, energy};
use crate::report::{EnergyEntry, Range, Report, Runs};

/// Height of a row's picture, pixels.
const HEIGHT: u32 = 34;

/// Writes a table for all devices: one axis, a group for each pair of network and kind of device, cheapest first.
pub(super) fn write(report: &Report, page: &mut HtmlPage) {
    if report.energy.is_empty() {
        return;
    }
    page.title("Energy", &energy::beside_title(report));
    let shown = report.energy.iter().filter(|entry| entry.fits);
    let axis = Axis::over_ranges(shown.filter_map(|entry| entry.energy_per_sample_j.as_ref()));
    let show_batch = energy::common_batch(report).is_none();
    let markup = page.markup();
    markup.text_element(
        "p",
        &[("class", "faint")],
        "A bar reaches from the 5th to the 95th percentile on a logarithmic axis: a long bar is an uncertain figure. Figures that \
         include different things (chip, board, system) cannot be set against one another.",
    );
    markup.element("p", &[("class", "legend")], |p| {
        key("spiking", "nominal, spiking network", p);
        key("dense", "nominal, dense network", p);
    });
    markup.element("table", &[("class", "chart energy")], |table| {
        table.element("thead", &[], |head| {
            head.element("tr", &[], |row| {
                header_cell("Device", "w", row);
                row.element("th", &[("scope", "col"), ("class", "picture")], |cell| match &axis {
                    Some(axis) => svg::scale(axis, "J", "Energy of one inference", cell),
                    None => cell.text("Energy of one inference"),
                });
                header_cell("Nominal (low – high)", "n", row);
                header_cell("Includes", "w", row);
                header_cell("Evidence", "w", row);
            });
        });
        for group in energy::groups(report) {
            table.element("tbody", &[("class", class(group.runs))], |body| {
                body.element("tr", &[("class", "group")], |row| {
                    row.text_element("th", &[("scope", "rowgroup"), ("colspan", "5")], group.title);
                });
                for entry in group.entries {
                    device(entry, group.runs, axis.as_ref(), show_batch, body);
                }
            });
        }
    });
}

/// What a mark means.
pub(super) fn key(class: &str, text: &str, markup: &mut Markup) {
    markup.element("span", &[("class", "key")], |span| {
        span.element("svg", &[("width", "14"), ("height", "14"), ("aria-hidden", "true")], |icon| svg::mark(class, 0.5, 7, icon));
        span.text(text);
    });
}

fn device(entry: &EnergyEntry, runs: Runs, axis: Option<&Axis>, show_batch: bool, body: &mut Markup) {
    let id = name(&entry.device);
    let energy = entry.energy_per_sample_j.as_ref().filter(|_| entry.fits);
    let note = energy::note(entry, show_batch);
    body.element("tr", &[("class", if entry.fits { "device" } else { "device unfit" })], |row| {
        row.element("th", &[("scope", "row")], |cell| {
            cell.text_element("code", &[], &id);
            let label = energy::label(entry);
            if !label.is_empty() {
                cell.text_element("small", &[], &label);
            }
        });
        match energy.zip(axis) {
            Some((energy, axis)) => {
                row.element("td", &[("class", "picture")], |cell| range(&id, runs, energy, axis, cell));
                row.element("td", &[("class", "n")], |cell| {
                    cell.text_element("b", &[], &si(energy.nominal, "J"));
                    cell.text_element("small", &[], &format!("{} – {}", si(energy.low, "J"), si(energy.high, "J")));
                });
            }
            None => {
                let text = if entry.fits { "no price" } else { &note };
                row.text_element("td", &[("class", "nothing"), ("colspan", "2")], text);
            }
        }
        row.element("td", &[("class", "w")], |cell| {
            cell.text_element("span", &[("class", "pill")], energy::boundary(entry.boundary))
        });
        row.element("td", &[("class", "w")], |cell| cell.text_element("span", &[("class", "pill")], &name(&entry.evidence)));
    });
    if !entry.fits {
        return;
    }
    let power = entry.power_w.map(|power| format!("{} mean power", si(power.nominal, "W")));
    let latency = entry.latency_s.map(|latency| format!("{} an inference", si(latency, "s")));
    let note = items([note, latency.unwrap_or_default(), power.unwrap_or_default()]);
    if !note.is_empty() {
        body.element("tr", &[("class", "note")], |row| {
            row.text_element("td", &[("colspan", "5")], &with_tied_units(&note));
        });
    }
}

/// The range of a device at its place on the axis.
fn range(id: &str, runs: Runs, energy: &Range, axis: &Axis, cell: &mut Markup) {
    let (from, to) = axis.ends();
    let text = format!("{id}: {}, range {} to {}", si(energy.nominal, "J"), si(energy.low, "J"), si(energy.high, "J"));
    let description = format!("On a logarithmic axis from {} to {}.", power_of_ten(from, "J"), power_of_ten(to, "J"));
    let (low, nominal, high) = (axis.place(energy.low), axis.place(energy.nominal), axis.place(energy.high));
    svg::picture(class(runs), HEIGHT, &text, &description, cell, |picture| {
        svg::grid(axis, HEIGHT, picture);
        svg::bar("range", low, high, HEIGHT / 2 - 4, 8, picture);
        svg::upright("end", low, HEIGHT / 2 - 7, HEIGHT / 2 + 7, picture);
        svg::upright("end", high, HEIGHT / 2 - 7, HEIGHT / 2 + 7, picture);
        svg::mark(class(runs), nominal, HEIGHT / 2, picture);
    });
}
