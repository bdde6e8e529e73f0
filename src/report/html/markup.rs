//! Markup that is well-formed and escaped by construction: an element closes itself, a text cannot become an element.

use crate::report::sections::words::{TIE, clean_char};

/// Names and values of attributes.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a str)];

/// Elements that stand on lines of their own in the file, so that a person can read and compare it.
const BLOCKS: &[&str] = &[
    "body", "caption", "dd", "div", "dl", "dt", "footer", "h1", "h2", "h3", "head", "header", "html", "li", "main", "meta",
    "nav", "p", "section", "style", "svg", "table", "tbody", "td", "th", "thead", "title", "tr", "ul",
];

/// Markup in the making.
#[derive(Default)]
pub(super) struct Markup {
    out: String,
}

impl Markup {
    pub(super) fn finish(self) -> String {
        self.out
    }

    /// An element with what `content` writes in it.
    pub(super) fn element<F: FnOnce(&mut Self)>(&mut self, tag: &str, attributes: Attributes<'_>, content: F) {
        self.start(tag, attributes);
        self.out.push('>');
        content(self);
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
        self.end_of_line(tag);
    }

    /// An element with a text in it.
    pub(super) fn text_element(&mut self, tag: &str, attributes: Attributes<'_>, text: &str) {
        self.element(tag, attributes, |markup| markup.text(text));
    }

    /// An element that never holds anything, such as `meta` or the shapes of SVG.
    pub(super) fn empty(&mut self, tag: &str, attributes: Attributes<'_>) {
        self.start(tag, attributes);
        self.out.push_str("/>");
        self.end_of_line(tag);
    }

    /// Text, escaped.
    pub(super) fn text(&mut self, text: &str) {
        escape_into(text, &mut self.out);
    }

    /// Text of the program itself that needs no escaping, such as a style sheet.
    pub(super) fn verbatim(&mut self, text: &'static str) {
        self.out.push_str(text);
    }

    /// What another has written.
    pub(super) fn append(&mut self, other: Self) {
        self.out.push_str(&other.out);
    }

    fn start(&mut self, tag: &str, attributes: Attributes<'_>) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            escape_into(value, &mut self.out);
            self.out.push('"');
        }
    }

    fn end_of_line(&mut self, tag: &str) {
        if BLOCKS.contains(&tag) {
            self.out.push('\n');
        }
    }
}

/// Names come from files: what could end a text or an attribute is written as a reference, and control characters are left out
/// as on a terminal, since XML has none.
fn escape_into(text: &str, out: &mut String) {
    for c in text.chars() {
        match if c == TIE { c } else { clean_char(c) } {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_become_an_element() {
        let mut markup = Markup::default();
        markup.element("p", &[("title", "a\" onclick='x'")], |p| {
            p.text("<script>alert('&')</script>\u{7}\u{ffff}");
            p.empty("rect", &[]);
        });
        assert_eq!(
            markup.finish(),
            "<p title=\"a&quot; onclick=&#39;x&#39;\">&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;\u{fffd}\u{fffd}<rect/></p>\n"
        );
    }
}
