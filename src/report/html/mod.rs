//! The report as one HTML page that needs nothing else: no script, no font, no picture, no network.
//!
//! The words, figures and tables are those of the terminal ([`super::sections`]); the charts are drawn here, in SVG whose
//! horizontal places are percentages, so that they fit a phone and a sheet of paper without shrinking their letters. The markup is
//! well-formed XML, and a policy in its head forbids the browser to fetch anything.

mod activity;
mod break_even;
mod caveats;
mod curves;
mod energy;
mod head;
mod identity;
mod layers;
mod markup;
mod page;
mod sources;
mod svg;
mod terms;
#[cfg(test)]
mod tests;

use super::{Report, Runs, sections};
use crate::diagnostic::Result;
use crate::whole_file::write_whole;
use markup::Markup;
use page::HtmlPage;
use std::path::Path;

const STYLE: &str = include_str!("style.css");

/// What the browser may fetch: nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The report as a page of HTML: the same report always gives the same bytes.
///
/// Names and other texts that come from files are escaped.
#[must_use]
pub fn to_html(report: &Report) -> String {
    let mut page = HtmlPage::default();
    sections::accuracy::write(report, &mut page);
    sections::precision::chips(report, &mut page);
    energy::write(report, &mut page);
    sections::answers::write(report, &mut page);
    break_even::write(report, &mut page);
    curves::write(report, &mut page);
    sections::spikes::populations(report, &mut page);
    activity::write(report, &mut page);
    sections::spikes::projections(report, &mut page);
    terms::write(report, &mut page);
    layers::write(report, &mut page);
    sections::accounts::write(report, &mut page);
    sections::operations::write(report, &mut page);
    sections::precision::dense(report, &mut page);
    sections::forms::write(report, &mut page);
    sections::neurobench::write(report, &mut page);
    caveats::write(report, &mut page);
    sources::write(report, &mut page);
    identity::write(report, &mut page);

    let mut html = Markup::default();
    html.verbatim("<!DOCTYPE html>\n");
    html.element("html", &[("lang", "en-GB")], |html| {
        html.element("head", &[], |head| {
            head.empty("meta", &[("charset", "utf-8")]);
            head.empty("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]);
            head.empty("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
            head.empty("meta", &[("name", "color-scheme"), ("content", "light dark")]);
            head.text_element("title", &[], &head::page_title(report));
            head.element("style", &[], |style| style.verbatim(STYLE));
        });
        html.element("body", &[], |body| {
            head::write(report, body);
            page.write_into(body);
        });
    });
    html.finish()
}

/// Writes the report as a page of HTML; the file appears whole or not at all.
///
/// # Errors
/// Where the file cannot be written.
pub fn write_html(report: &Report, path: &Path) -> Result<()> {
    let text = to_html(report);
    write_whole(path, |beside| std::fs::write(beside, text).map_err(|error| error.to_string()))
}

/// The class of what belongs to one of the two networks.
fn class(runs: Runs) -> &'static str {
    match runs {
        Runs::Spiking => "spiking",
        Runs::Dense => "dense",
    }
}
