//! What to keep in mind: first what holds for all, then device by device.

use super::page::HtmlPage;
use crate::report::Report;
use crate::report::sections::table::{Column, Table};
use crate::report::sections::words::with_tied_units;
use crate::report::sections::{Page as _, caveats};

/// Writes the caveats.
pub(super) fn write(report: &Report, page: &mut HtmlPage) {
    let (general, of_devices) = (caveats::general(report), caveats::of_devices(report));
    if general.is_empty() && of_devices.is_empty() {
        return;
    }
    page.title("Caveats", "");
    if !general.is_empty() {
        page.markup().element("ul", &[("class", "caveats")], |list| {
            general.iter().for_each(|caveat| list.text_element("li", &[], &with_tied_units(caveat)));
        });
    }
    let mut table = Table::new(vec![Column::words("Device"), Column::words("Keep in mind")]);
    for (devices, caveat) in of_devices {
        table.row(vec![devices, with_tied_units(&caveat)]);
    }
    if !table.is_empty() {
        page.table(&table);
    }
}
