//! What the energy of each device is made of.

use super::markup::Markup;
use super::page::HtmlPage;
use super::{class, svg};
use crate::report::sections::numbers::{share, si};
use crate::report::sections::words::{clean, name, tied};
use crate::report::sections::{Page as _, energy};
use crate::report::{EnergyEntry, EnergyTerm, Report, Runs};

/// Colours of terms in the style sheet: `t0` to `t6`.
const COLOURS: usize = 7;

/// Writes the terms of each priced device as a stacked bar and a list.
pub(super) fn write(report: &Report, page: &mut HtmlPage) {
    let priced = |entry: &&EnergyEntry| entry.fits && entry.energy_per_sample_j.is_some() && !entry.terms.is_empty();
    let groups = energy::groups(report);
    if !groups.iter().flat_map(|group| &group.entries).any(priced) {
        return;
    }
    page.title("Energy by term", " nominal, with 5th and 95th percentile and the share of the whole");
    // A term has one colour on all devices, as far as colours reach.
    let mut names: Vec<&str> = vec![];
    let several = report.energy.iter().filter(priced).filter(|entry| entry.terms.len() > 1);
    for term in several.flat_map(|entry| &entry.terms) {
        if !names.contains(&term.name.as_str()) {
            names.push(&term.name);
        }
    }
    page.markup().element("table", &[("class", "chart terms")], |table| {
        for group in groups {
            let entries: Vec<_> = group.entries.into_iter().filter(priced).collect();
            if entries.is_empty() {
                continue;
            }
            table.element("tbody", &[("class", class(group.runs))], |body| {
                body.element("tr", &[("class", "group")], |row| {
                    row.text_element("th", &[("scope", "rowgroup"), ("colspan", "2")], group.title);
                });
                for entry in entries {
                    body.element("tr", &[("class", "device")], |row| device(entry, group.runs, &names, row));
                }
            });
        }
    });
}

fn device(entry: &EnergyEntry, runs: Runs, names: &[&str], row: &mut Markup) {
    row.element("th", &[("scope", "row")], |cell| {
        cell.text_element("code", &[], &name(&entry.device));
        if let Some(energy) = entry.energy_per_sample_j {
            cell.text_element("small", &[], &si(energy.nominal, "J"));
        }
    });
    let total: f64 = entry.terms.iter().map(|term| term.nominal_j).sum();
    let part = |term: &EnergyTerm| if total > 0.0 && total.is_finite() { term.nominal_j / total } else { f64::NAN };
    let colours = colours(&entry.terms, names);
    row.element("td", &[], |cell| {
        if entry.terms.len() > 1 && total > 0.0 && total.is_finite() {
            let title = format!("What {} is made of on {}", si(total, "J"), name(&entry.device));
            let parts: Vec<_> =
                entry.terms.iter().map(|term| format!("{} {}", clean(&term.name), share(part(term), 1))).collect();
            svg::picture(class(runs), 16, &title, &parts.join(", "), cell, |picture| {
                let mut from = 0.0;
                for (term, colour) in entry.terms.iter().zip(&colours) {
                    let to = from + part(term).max(0.0);
                    svg::bar(colour, from, to, 0, 16, picture);
                    from = to;
                }
            });
        }
        cell.element("ul", &[], |list| {
            for (term, colour) in entry.terms.iter().zip(&colours) {
                list.element("li", &[], |item| {
                    // One term needs no colour: it has no bar.
                    if entry.terms.len() > 1 {
                        item.element("svg", &[("width", "11"), ("height", "11"), ("aria-hidden", "true")], |icon| {
                            svg::bar(colour, 0.0, 1.0, 0, 11, icon);
                        });
                    }
                    item.text(&clean(&term.name));
                    item.text(" ");
                    item.text_element("b", &[], &tied(&si(term.nominal_j, "J")));
                    if let Some((low, high)) = term.low_j.zip(term.high_j) {
                        item.text(&format!(" ({} – {})", tied(&si(low, "J")), tied(&si(high, "J"))));
                    }
                    if entry.terms.len() > 1 {
                        item.text(&format!(" {}", tied(&share(part(term), 1))));
                    }
                });
            }
        });
    });
}

/// A colour for each term of a device: the term's own where it is still free, else the next free one.
fn colours(terms: &[EnergyTerm], names: &[&str]) -> Vec<String> {
    let mut taken: Vec<usize> = vec![];
    for term in terms {
        let own = names.iter().position(|name| *name == term.name).unwrap_or(0) % COLOURS;
        let free = (own..own + COLOURS).map(|colour| colour % COLOURS).find(|colour| !taken.contains(colour));
        taken.push(free.unwrap_or(own));
    }
    taken.iter().map(|colour| format!("t{colour}")).collect()
}
