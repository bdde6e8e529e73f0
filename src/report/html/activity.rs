//! How much of a clocked chip's work had a cause.

use super::page::HtmlPage;
use super::svg;
use crate::report::Report;
use crate::report::sections::numbers::{count, share};
use crate::report::sections::spikes::MOST_ROWS;
use crate::report::sections::words::name;

/// Draws the driven and clocked updates of each population, under its table.
pub(super) fn write(report: &Report, page: &mut HtmlPage) {
    let updates = |p: &crate::report::PopulationCountsEntry| p.neuron_updates_driven.zip(p.neuron_updates_clocked);
    let rows: Vec<_> = report
        .counts
        .populations
        .iter()
        .take(MOST_ROWS)
        .filter_map(|p| updates(p).filter(|(_, clocked)| *clocked > 0).map(|updates| (name(&p.name), updates)))
        .collect();
    let Some(most) = rows.iter().map(|(_, (_, clocked))| *clocked).max() else { return };
    let markup = page.markup();
    markup.element("table", &[("class", "chart activity")], |table| {
        table.text_element("caption", &[], "Neuron updates: filled with a cause (driven), empty without (idle)");
        table.element("tbody", &[], |body| {
            for (population, (driven, clocked)) in rows {
                let whole = clocked as f64 / most as f64;
                let part = share(driven as f64 / clocked as f64, 1);
                let text = format!("{population}: {} of {} updates had a cause", count(driven), count(clocked));
                body.element("tr", &[("class", "device")], |row| {
                    row.text_element("th", &[("scope", "row")], &population);
                    row.element("td", &[("class", "picture")], |cell| {
                        svg::picture("spiking", 22, &text, "On a linear axis shared by all populations.", cell, |picture| {
                            svg::bar("clocked", 0.0, whole, 4, 14, picture);
                            svg::bar("driven", 0.0, driven.min(clocked) as f64 / most as f64, 4, 14, picture);
                        });
                    });
                    row.text_element("td", &[("class", "n")], &format!("{part} driven"));
                });
            }
        });
    });
}
