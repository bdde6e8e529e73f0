//! The page that sections write on, as HTML.

use super::markup::Markup;
use crate::report::sections::table::{Column, Row, Table};
use crate::report::sections::words::with_tied_units;
use crate::report::sections::{Look, Page};

/// Sections in the making.
#[derive(Default)]
pub(super) struct HtmlPage {
    sections: Vec<Section>,
}

struct Section {
    title: String,
    more: String,
    body: Markup,
}

impl HtmlPage {
    /// The markup of the last section, for what only this page draws.
    pub(super) fn markup(&mut self) -> &mut Markup {
        if self.sections.is_empty() {
            self.title("Report", "");
        }
        &mut self.sections.last_mut().expect("there is a section").body
    }

    fn last_title(&self) -> String {
        self.sections.last().map(|section| section.title.clone()).unwrap_or_default()
    }

    /// Writes the contents and the sections.
    pub(super) fn write_into(self, body: &mut Markup) {
        body.element("nav", &[("aria-label", "Contents")], |nav| {
            for section in &self.sections {
                nav.text_element("a", &[("href", &format!("#{}", id(&section.title)))], &section.title);
                nav.text(" ");
            }
        });
        body.element("main", &[], |main| {
            for section in self.sections {
                main.element("section", &[("id", &id(&section.title))], |element| {
                    element.element("h2", &[], |h2| {
                        h2.text(&section.title);
                        if !section.more.is_empty() {
                            h2.text_element("small", &[], &section.more);
                        }
                    });
                    element.append(section.body);
                });
            }
        });
    }
}

/// The anchor of a section.
fn id(title: &str) -> String {
    title.to_lowercase().replace(' ', "-")
}

impl Page for HtmlPage {
    fn title(&mut self, title: &str, more: &str) {
        self.sections.push(Section { title: title.to_owned(), more: more.to_owned(), body: Markup::default() });
    }

    fn paragraph(&mut self, text: &str, look: Look) {
        let class = match look {
            Look::Plain => "plain",
            Look::Title | Look::Verdict(_) => "strong",
            Look::Faint => "faint",
        };
        self.markup().text_element("p", &[("class", class)], &with_tied_units(text));
    }

    fn facts(&mut self, facts: &[(&str, String)]) {
        write_facts(facts, self.markup());
    }

    fn table(&mut self, table: &Table) {
        let title = self.last_title();
        scrolling(&title, self.markup(), |markup| write_table(table, markup));
    }
}

/// What may be wider than a phone: it scrolls by itself, also by keyboard, and the page does not.
pub(super) fn scrolling<F: FnOnce(&mut Markup)>(title: &str, markup: &mut Markup, content: F) {
    markup.element("div", &[("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", title)], content);
}

/// Facts as a list of terms. A fact without text is left out.
pub(super) fn write_facts(facts: &[(&str, String)], markup: &mut Markup) {
    markup.element("dl", &[], |dl| {
        for (name, fact) in facts.iter().filter(|(_, fact)| !fact.is_empty()) {
            dl.text_element("dt", &[], name);
            dl.text_element("dd", &[], fact);
        }
    });
}

/// A cell of a header row; an empty one heads nothing.
pub(super) fn header_cell(text: &str, class: &str, row: &mut Markup) {
    if text.is_empty() {
        row.text_element("td", &[], "");
    } else {
        row.text_element("th", &[("scope", "col"), ("class", class)], text);
    }
}

pub(super) fn write_table(table: &Table, markup: &mut Markup) {
    let shown: Vec<(usize, &Column)> =
        table.columns.iter().enumerate().filter(|(at, _)| table.rows.iter().any(|row| !row.cells[*at].is_empty())).collect();
    let columns = shown.len().to_string();
    let class = |column: &Column| if column.is_number { "n" } else { "w" };
    markup.element("table", &[], |markup| {
        markup.element("thead", &[], |head| {
            head.element("tr", &[], |row| shown.iter().for_each(|(_, column)| header_cell(&column.header, class(column), row)));
        });
        markup.element("tbody", &[], |body| {
            for Row { heading, cells, note } in &table.rows {
                if let Some(heading) = heading {
                    body.element("tr", &[("class", "group")], |row| {
                        row.text_element("th", &[("scope", "colgroup"), ("colspan", &columns)], heading);
                    });
                }
                body.element("tr", &[], |row| {
                    for (index, &(at, column)) in shown.iter().enumerate() {
                        match index {
                            0 => row.text_element("th", &[("scope", "row")], &cells[at]),
                            _ => row.text_element("td", &[("class", class(column))], &cells[at]),
                        }
                    }
                });
                if let Some(note) = note {
                    body.element("tr", &[("class", "note")], |row| {
                        row.text_element("td", &[("colspan", &columns)], note);
                    });
                }
            }
        });
    });
}
