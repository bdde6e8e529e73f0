//! Names: the nearest known one for a misspelt one.

/// The known name that a person most likely meant: the nearest by edits, if it is near.
pub(crate) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    // Longer texts are no misspelt names, and comparing costs length × length.
    const LONGEST: usize = 60;
    if name.chars().count() > LONGEST {
        return None;
    }
    let given = name.to_lowercase();
    // NEST's name for the resting potential shares nothing with ours.
    if given == "e_l" && known.contains(&"v_rest") {
        return Some("v_rest");
    }
    let allowed = (given.chars().count() / 3).max(1);
    known
        .iter()
        .filter(|candidate| candidate.chars().count() <= LONGEST)
        .map(|candidate| (edits(&given, &candidate.to_lowercase()), *candidate))
        .filter(|(edits, _)| *edits <= allowed)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Help for an unknown name: ``did you mean `v`? variables are v, i_ex``.
pub(crate) fn suggestion(name: &str, plural: &str, known: &[&str]) -> String {
    const SHOWN: usize = 16;
    let list = match known {
        [] => format!("there are no {plural}"),
        [..] if known.len() <= SHOWN => format!("{plural} are {}", known.join(", ")),
        [..] => format!("{plural} are {}, … ({} in all)", known[..SHOWN].join(", "), known.len()),
    };
    match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`? {list}"),
        None => list,
    }
}

/// Fewest insertions, deletions, replacements and swaps of neighbours that make `b` of `a` (optimal string alignment).
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let mut best = (above[j] + 1).min(row[j - 1] + 1).min(above[j - 1] + usize::from(a[i - 1] != b[j - 1]));
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
        let known = ["tau_m", "tau_syn_ex", "v_rest", "v_th", "t_ref"];
        for (given, meant) in [
            ("taum", Some("tau_m")),
            ("TAU_M", Some("tau_m")),
            ("tua_m", Some("tau_m")),
            ("E_L", Some("v_rest")),
            ("tref", Some("t_ref")),
            ("conductance", None),
            ("", None),
        ] {
            assert_eq!(nearest(given, &known), meant, "{given}");
        }
    }

    #[test]
    fn edits_are_counted() {
        for (a, b, count) in
            [("", "", 0), ("abc", "", 3), ("", "ab", 2), ("abc", "abd", 1), ("ab", "ba", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(edits(a, b), count, "{a} {b}");
        }
    }
}
