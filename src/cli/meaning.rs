//! What a NIR file means, as text.

use spikewatt::format::nir::Meaning;
use spikewatt::units::si;
use std::fmt::Write;

/// Columns that a line may take.
const WIDTH: usize = 100;

/// Who wrote the file, how it steps, and what becomes of each node.
pub(super) fn about(meaning: &Meaning, text: &mut String) {
    text.push_str("\nMeaning\n");
    match &meaning.guess {
        Some(guess) => {
            line("written by", &format!("{}, as it seems: {}", guess.writer, guess.because), text);
            line("or", guess.or, text);
        }
        None => line("written by", "nothing in it tells", text),
    }
    line("semantics", &format!("{} ({})", meaning.semantics.label(), meaning.semantics_known.words()), text);
    line("step", &format!("{} ({})", si(meaning.dt, "s"), meaning.dt_known.words()), text);
    for node in &meaning.nodes {
        let shape: Vec<_> = node.shape.iter().map(usize::to_string).collect();
        // Writing to a string cannot fail, so the result of `writeln!` is dropped.
        let _ = writeln!(text, "\n{}: {}, {}", node.node, node.kind, shape.join(" × "));
        if !node.says.is_empty() {
            line("says", &node.says.join(", "), text);
        }
        if let Some(meant) = &node.meant {
            line("meant", meant, text);
        }
        for (at, does) in node.does.iter().enumerate() {
            line(if at == 0 { "does" } else { "" }, does, text);
        }
        if !node.ignored.is_empty() {
            line("ignored", &node.ignored.join(", "), text);
        }
        if !node.waits.is_empty() {
            line("waits", &format!("a step on the way to {}", node.waits.join(", ")), text);
        }
    }
}

/// A word and what belongs to it, broken at spaces.
fn line(what: &str, words: &str, text: &mut String) {
    const MARGIN: usize = 14;
    let mut head = format!("  {what:<11} ");
    let mut row = String::new();
    for word in words.split(' ') {
        if !row.is_empty() && MARGIN + row.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{head}{row}");
            (head, row) = (" ".repeat(MARGIN), String::new());
        }
        if !row.is_empty() {
            row.push(' ');
        }
        row.push_str(word);
    }
    let _ = writeln!(text, "{head}{row}");
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use spikewatt::format::nir;
    use std::path::Path;

    fn shown(file: &str, semantics: Option<&str>) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/nir").join(file);
        let semantics = semantics.map(|text| text.parse().unwrap());
        let mut text = String::new();
        about(&nir::meaning(&nir::read(path).unwrap(), semantics, None).unwrap(), &mut text);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        text
    }

    #[test]
    fn a_network_of_snntorch() {
        insta::assert_snapshot!(shown("native/snntorch_leaky_mlp.nir", None));
    }

    #[test]
    fn a_recurrent_network() {
        insta::assert_snapshot!(shown("paper_braille.nir", Some("norse,cuba-reset=subtract")));
    }
}
