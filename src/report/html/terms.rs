//! What the energy of each device is made of.

use super::markup::Markup;
use super::page::HtmlPage;
use super::{class, svg};
use crate::report::sections::numbers::{share, si};
use crate::report::sections::words::{clean, name, tied};
use crate::report::sections::{Page as _, energy};
use crate::report::{EnergyEntry, EnergyTerm, Report, Runs};

/// Colours of parts in the style sheet: `t0` to `t5`, and `t6` for the rest.
const COLOURS: usize = 6;

/// Parts of a device that are shown one by one.
const MOST: usize = 24;

/// A part of a device's energy.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) nominal_j: f64,
    /// 5th and 95th percentile, where they are known.
    pub(super) ends_j: Option<(f64, f64)>,
    /// True of what is left when all parts that have a name of their own are taken away.
    pub(super) is_rest: bool,
}

/// Writes the terms of each priced device as a stacked bar and a list.
pub(super) fn write(report: &Report, page: &mut HtmlPage) {
    let part = |term: &EnergyTerm| Part {
        name: term.name.clone(),
        nominal_j: term.nominal_j,
        ends_j: term.low_j.zip(term.high_j),
        is_rest: false,
    };
    stacked("Energy by term", report, page, &|entry| entry.terms.iter().map(part).collect());
}

/// Writes the parts of each priced device that has any.
pub(super) fn stacked(title: &str, report: &Report, page: &mut HtmlPage, parts: &dyn Fn(&EnergyEntry) -> Vec<Part>) {
    let priced = |entry: &&EnergyEntry| entry.fits && entry.energy_per_sample_j.is_some();
    let groups: Vec<_> = energy::groups(report)
        .into_iter()
        .map(|group| {
            let entries = group.entries.into_iter().filter(priced).map(|entry| (entry, parts(entry)));
            (group.runs, group.title, entries.filter(|(_, parts)| !parts.is_empty()).collect::<Vec<_>>())
        })
        .filter(|(_, _, entries)| !entries.is_empty())
        .collect();
    if groups.is_empty() {
        return;
    }
    page.title(title, " nominal, with 5th and 95th percentile and the share of the whole");
    // A part has one colour on all devices, as far as colours reach.
    let mut names: Vec<&str> = vec![];
    let several = groups.iter().flat_map(|(_, _, entries)| entries).filter(|(_, parts)| parts.len() > 1);
    for part in several.flat_map(|(_, parts)| parts).filter(|part| !part.is_rest) {
        if !names.contains(&part.name.as_str()) {
            names.push(&part.name);
        }
    }
    page.markup().element("table", &[("class", "chart terms")], |table| {
        for (runs, title, entries) in &groups {
            table.element("tbody", &[("class", class(*runs))], |body| {
                body.element("tr", &[("class", "group")], |row| {
                    row.text_element("th", &[("scope", "rowgroup"), ("colspan", "2")], title);
                });
                for (entry, parts) in entries {
                    body.element("tr", &[("class", "device")], |row| device(entry, parts, *runs, &names, row));
                }
            });
        }
    });
}

fn device(entry: &EnergyEntry, parts: &[Part], runs: Runs, names: &[&str], row: &mut Markup) {
    row.element("th", &[("scope", "row")], |cell| {
        cell.text_element("code", &[], &name(&entry.device));
        if let Some(energy) = entry.energy_per_sample_j {
            cell.text_element("small", &[], &si(energy.nominal, "J"));
        }
    });
    let total: f64 = parts.iter().map(|part| part.nominal_j).sum();
    let of_all = |part: &Part| if total > 0.0 && total.is_finite() { part.nominal_j / total } else { f64::NAN };
    let colours = colours(parts, names);
    row.element("td", &[], |cell| {
        if parts.len() > 1 && total > 0.0 && total.is_finite() {
            let title = format!("What {} is made of on {}", si(total, "J"), name(&entry.device));
            let words: Vec<_> =
                parts.iter().take(MOST).map(|part| format!("{} {}", clean(&part.name), share(of_all(part), 1))).collect();
            svg::picture(class(runs), 16, &title, &words.join(", "), cell, |picture| {
                let mut from = 0.0;
                for (part, colour) in parts.iter().zip(&colours) {
                    let to = from + of_all(part).max(0.0);
                    svg::bar(colour, from, to, 0, 16, picture);
                    from = to;
                }
            });
        }
        cell.element("ul", &[], |list| {
            for (part, colour) in parts.iter().zip(&colours).take(MOST) {
                list.element("li", &[], |item| {
                    // One part needs no colour: it has no bar.
                    if parts.len() > 1 {
                        item.element("svg", &[("width", "11"), ("height", "11"), ("aria-hidden", "true")], |icon| {
                            svg::bar(colour, 0.0, 1.0, 0, 11, icon);
                        });
                    }
                    item.text(&clean(&part.name));
                    item.text(" ");
                    item.text_element("b", &[], &tied(&si(part.nominal_j, "J")));
                    if let Some((low, high)) = part.ends_j {
                        item.text(&format!(" ({} – {})", tied(&si(low, "J")), tied(&si(high, "J"))));
                    }
                    if parts.len() > 1 {
                        item.text(&format!(" {}", tied(&share(of_all(part), 1))));
                    }
                });
            }
            if parts.len() > MOST {
                list.text_element("li", &[], &format!("and {} more", parts.len() - MOST));
            }
        });
    });
}

/// A colour for each part of a device: its own where it is still free, else the next free one.
fn colours(parts: &[Part], names: &[&str]) -> Vec<String> {
    let mut taken: Vec<usize> = vec![];
    let of = |part: &Part| {
        if part.is_rest {
            return format!("t{COLOURS}");
        }
        let own = names.iter().position(|name| *name == part.name).unwrap_or(0) % COLOURS;
        let free = (own..own + COLOURS).map(|colour| colour % COLOURS).find(|colour| !taken.contains(colour));
        taken.push(free.unwrap_or(own));
        format!("t{}", free.unwrap_or(own))
    };
    parts.iter().map(of).collect()
}
