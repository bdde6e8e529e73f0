//! Text that fits: cleaned of control characters, cut or wrapped to a width.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// A space at which a line is not broken; written as an ordinary one.
pub(super) const TIE: char = '\u{a0}';

/// Columns a text takes on a terminal.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text without what could move the cursor, change colours or turn the writing direction: names come from files.
pub(super) fn clean(text: &str) -> String {
    let is_harmful = |c: char| {
        c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    text.chars()
        .map(|c| {
            if c.is_whitespace() {
                ' '
            } else if is_harmful(c) {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

/// The text on one line of at most `limit` columns, with `…` where it was cut.
pub(super) fn cut(text: &str, limit: usize) -> String {
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
pub(super) fn name(text: &str) -> String {
    cut(&clean(text), 60)
}

/// Words that stay on one line.
pub(super) fn tied(text: &str) -> String {
    text.replace(' ', &TIE.to_string())
}

/// Items in a row, with dots between them. Short items are not broken.
pub(super) fn items<I: IntoIterator<Item = String>>(items: I) -> String {
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
fn with_tied_units(text: &str) -> String {
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

/// The lines of a paragraph, each at most `limit` columns. A number stays with its unit; a word longer than a line is broken.
pub(super) fn wrapped(text: &str, limit: usize) -> Vec<String> {
    let limit = limit.max(2);
    let text = with_tied_units(text);
    let mut lines = vec![];
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let long = width(word);
        if used > 0 && used + 1 + long > limit {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        if long <= limit {
            line.push_str(word);
            used += long;
            continue;
        }
        for c in word.chars() {
            let columns = c.width().unwrap_or(0);
            if used + columns > limit {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(c);
            used += columns;
        }
    }
    lines.push(line);
    lines.iter().map(|line| line.replace(TIE, " ").trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_paragraph_is_broken_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("an abcdefghij", 4), ["an", "abcd", "efgh", "ij"]);
        assert_eq!(wrapped(&items(["4.31 µJ".to_owned(), "96.3 mW".to_owned()]), 12), ["4.31 µJ ·", "96.3 mW"]);
        assert_eq!(wrapped("takes 4.31 µJ, or 5 %", 12), ["takes", "4.31 µJ, or", "5 %"]);
        assert_eq!(wrapped("", 7), [""]);
    }

    #[test]
    fn a_name_cannot_speak_to_the_terminal() {
        assert_eq!(clean("a\x1b[2Jb\u{202e}c\nd"), "a\u{fffd}[2Jb\u{fffd}c d");
        assert_eq!(cut("日本語の名前", 7), "日本語…");
        assert_eq!(cut("seven 7", 7), "seven 7");
    }

    proptest! {
        #[test]
        fn lines_keep_their_width_and_every_letter(text in "[a-z é日]{0,60}", limit in 2_usize..30) {
            let lines = wrapped(&text, limit);
            for line in &lines {
                prop_assert!(width(line) <= limit, "{line:?}");
            }
            let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text), "{:?}", lines);
            prop_assert!(width(&cut(&text, limit)) <= limit);
        }
    }
}
