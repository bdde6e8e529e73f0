//! Prose broken into lines of a width.

use crate::report::sections::words::{TIE, width, with_tied_units};
use unicode_width::UnicodeWidthChar as _;

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
    use crate::report::sections::words::{cut, items};
    use proptest::prelude::*;

    #[test]
    fn a_paragraph_is_broken_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("an abcdefghij", 4), ["an", "abcd", "efgh", "ij"]);
        assert_eq!(wrapped(&items(["4.31 µJ".to_owned(), "96.3 mW".to_owned()]), 12), ["4.31 µJ ·", "96.3 mW"]);
        assert_eq!(wrapped("takes 4.31 µJ, or 5 %", 12), ["takes", "4.31 µJ, or", "5 %"]);
        assert_eq!(wrapped("", 7), [""]);
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
