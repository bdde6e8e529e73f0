//! Cases chosen by name: a group, or a part of one.

use crate::diagnostic::{Diagnostic, Diagnostics, Place, Result};
use crate::network::suggestion;

/// Which of `all`, each a group and a case of it, are meant by `names`: `sparse`, or a part of it, `sparse/1e6`. In the order of `all`,
/// each once.
///
/// # Errors
/// Where a name is no group, or no case of it begins so. `one` and `many` are what such a group is called.
pub(super) fn chosen(names: &[String], all: &[(&str, &str)], (one, many): (&str, &str)) -> Result<Vec<bool>> {
    let mut wrong = Diagnostics::new();
    let mut chosen = vec![false; all.len()];
    for name in names {
        let (group, part) = name.split_once('/').unwrap_or((name, ""));
        let mut found = false;
        for ((of, case), chosen) in all.iter().zip(&mut chosen) {
            // `1e6` begins `1e6-10hz`, and `0.1` begins no `0.10`.
            let begins =
                case.strip_prefix(part).is_some_and(|rest| part.is_empty() || rest.is_empty() || rest.starts_with(['-', '_']));
            if *of == group && begins {
                (found, *chosen) = (true, true);
            }
        }
        if !found {
            let mut groups: Vec<&str> = all.iter().map(|(of, _)| *of).collect();
            groups.dedup();
            let help = if groups.contains(&group) {
                let cases: Vec<_> = all.iter().filter(|(of, _)| *of == group).map(|(of, case)| format!("{of}/{case}")).collect();
                suggestion(name, "its cases", &cases.iter().map(String::as_str).collect::<Vec<_>>())
            } else {
                suggestion(group, many, &groups)
            };
            wrong.push(Diagnostic::new(format!("there is no {one} `{name}`")).place(Place::Argument("NAME".into())).help(help));
        }
    }
    wrong.or(chosen)
}
