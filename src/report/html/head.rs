//! The head of the page: the verdict, the figures it rests on, what ran.

use super::markup::Markup;
use super::page::write_facts;
use crate::report::sections::numbers::{decimal, mean, share};
use crate::report::sections::words::{name, with_tied_units};
use crate::report::sections::{break_even, setting};
use crate::report::{Report, Winner};

/// The longest beginning of a verdict that is set as a headline.
const HEADLINE: usize = 60;

/// The title of the browser's window.
pub(super) fn page_title(report: &Report) -> String {
    let network = name(&report.network.name);
    let headline = headline(&setting::first_sentence(report)).0;
    if report.verdict.is_some() { format!("{network}: {headline} – Spikewatt") } else { format!("{network} – Spikewatt") }
}

/// Writes the head.
pub(super) fn write(report: &Report, body: &mut Markup) {
    let class = match report.verdict.as_ref().map(|verdict| verdict.winner) {
        Some(Winner::Spiking) => "spiking",
        Some(Winner::Dense) => "dense",
        Some(Winner::Undecided) => "undecided",
        None => "run",
    };
    body.element("header", &[("class", class)], |header| {
        let what = if report.verdict.is_some() { "Spikewatt comparison" } else { "Spikewatt run" };
        header.element("p", &[("class", "eyebrow")], |p| {
            p.text(what);
            p.text(" · ");
            p.text_element("b", &[], &name(&report.network.name));
        });
        let (headline, rest) = headline(&setting::first_sentence(report));
        header.text_element("h1", &[], &with_tied_units(&headline));
        if !rest.is_empty() {
            header.text_element("p", &[("class", "lead")], &with_tied_units(&rest));
        }
        if let Some(reason) = setting::reason(report) {
            header.text_element("p", &[("class", "plain")], &with_tied_units(&reason));
        }
        if report.run.partial {
            header.text_element("p", &[("class", "strong")], setting::INTERRUPTED);
        }
        tiles(report, header);
        write_facts(&setting::facts(report), header);
    });
}

/// A sentence of the form `who wins: why` as a headline and a sentence of its own.
fn headline(sentence: &str) -> (String, String) {
    match sentence.split_once(": ") {
        Some((headline, rest)) if headline.chars().count() <= HEADLINE => {
            let mut letters = rest.chars();
            let first = letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
            (headline.to_owned(), first + letters.as_str())
        }
        _ => (sentence.to_owned(), String::new()),
    }
}

/// The figures the verdict rests on, side by side.
fn tiles(report: &Report, header: &mut Markup) {
    let mut tiles: Vec<(&str, Vec<(&str, String)>)> = vec![];
    let task = report.task.as_ref().and_then(|task| task.accuracy);
    if let Some((spiking, dense)) = task.zip(report.dense.as_ref().and_then(|dense| dense.accuracy)) {
        tiles.push(("Accuracy", vec![("spiking", share(spiking, 2)), ("dense", share(dense, 2))]));
    }
    if let Some(dense) = &report.dense {
        let (samples, total) = (report.run.samples.max(1), &report.counts.total);
        let of = |value: u64, samples: u64, word: &str| format!("{} {word}", decimal(value as f64 / samples as f64, 0));
        let spiking: Vec<String> = [(total.effective_macs, "MACs"), (total.effective_acs, "ACs")]
            .iter()
            .filter(|(value, word)| *value > 0 || *word == "ACs")
            .map(|(value, word)| of(*value, samples, word))
            .collect();
        let theirs = of(dense.effective_macs, dense.samples.max(1), "MACs");
        tiles.push(("Effective operations of one inference", vec![("spiking", spiking.join(" + ")), ("dense", theirs)]));
    }
    if let Some(verdict) = &report.verdict
        && let Some(measured) = verdict.measured
    {
        let limits = break_even::limits(verdict).map(|limits| ("published break-even", limits));
        tiles.push(("Spikes per synapse and inference", [("measured", mean(measured))].into_iter().chain(limits).collect()));
    }
    if tiles.is_empty() {
        return;
    }
    header.element("div", &[("class", "tiles")], |div| {
        for (title, figures) in tiles {
            div.element("div", &[], |tile| {
                tile.text_element("h3", &[], title);
                for (what, figure) in figures {
                    tile.element("p", &[("class", what.split(' ').next().unwrap_or_default())], |p| {
                        p.text_element("b", &[], &figure);
                        p.text(" ");
                        p.text_element("span", &[], what);
                    });
                }
            });
        }
    });
}
