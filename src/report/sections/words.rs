//! Words of files and of the program made ready for a page: cleaned, cut, tied to what they belong to.

use unicode_width::UnicodeWidthStr as _;

/// A space at which a line is not broken; written as an ordinary one.
pub(in crate::report) const TIE: char = '\u{a0}';

/// Columns a text takes on a terminal.
pub(in crate::report) fn width(text: &str) -> usize {
    text.width()
}

/// The text without what could move the cursor, change colours or turn the writing direction: names come from files.
pub(in crate::report) fn clean(text: &str) -> String {
    text.chars().map(clean_char).collect()
}

/// One character of [`clean`].
pub(in crate::report) fn clean_char(c: char) -> char {
    let is_harmful =
        c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    match c {
        c if c.is_whitespace() => ' ',
        _ if is_harmful => '\u{fffd}',
        c => c,
    }
}

/// The text on one line of at most `limit` columns, with `…` where it was cut.
pub(in crate::report) fn cut(text: &str, limit: usize) -> String {
    // Marks that take no columns could make a name of any length fit; four characters a column are enough for any script.
    let most = limit.saturating_mul(4);
    if width(text) <= limit && text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars().take(most) {
        kept.push(c);
        if width(&kept) >= limit {
            kept.pop();
            break;
        }
    }
    kept.push('…');
    kept
}

/// A name on one line, of at most 60 columns.
pub(in crate::report) fn name(text: &str) -> String {
    cut(&clean(text), 60)
}

/// Words that stay on one line.
pub(in crate::report) fn tied(text: &str) -> String {
    text.replace(' ', &TIE.to_string())
}

/// Items in a row, with dots between them. Short items are not broken.
pub(in crate::report) fn items<I: IntoIterator<Item = String>>(items: I) -> String {
    let items: Vec<_> = items
        .into_iter()
        .map(|item| if width(&item) <= 40 { tied(&item) } else { item })
        .filter(|item| !item.is_empty())
        .collect();
    items.join(&format!("{TIE}· "))
}

/// Whether a word is a unit that belongs to the number before it: `%`, `µJ`, `ms,`.
fn is_unit(word: &str) -> bool {
    let word = word.trim_end_matches([',', '.', ';', ':', ')']);
    let word = word.strip_prefix(['f', 'p', 'n', 'µ', 'm', 'k', 'M', 'G']).filter(|rest| !rest.is_empty()).unwrap_or(word);
    matches!(word, "%" | "J" | "W" | "s" | "Hz" | "B" | "V" | "A")
}

/// Ties each number to its unit.
pub(in crate::report) fn with_tied_units(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_number = false;
    for (index, word) in text.split([' ', '\n', '\t']).enumerate() {
        if index > 0 {
            out.push(if after_number && is_unit(word) { TIE } else { ' ' });
        }
        out.push_str(word);
        after_number = word.ends_with(|c: char| c.is_ascii_digit());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_speak_to_the_terminal() {
        assert_eq!(clean("a\x1b[2Jb\u{202e}c\nd"), "a\u{fffd}[2Jb\u{fffd}c d");
        assert_eq!(cut("日本語の名前", 7), "日本語…");
        assert_eq!(cut("seven 7", 7), "seven 7");
    }
}
