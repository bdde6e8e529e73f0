//! What the axes of an array are.

use super::AXES;
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};

/// The names of `rank` axes from text such as `sample,step,y,x`: `sample` first, or absent where `one` array may be one sample, `step` next, if at
/// all, then those that make up a channel, at least one. `complain` puts a message in its place.
///
/// # Errors
/// All complaints at once.
pub(super) fn parse(text: &str, rank: usize, one: bool, complain: impl Fn(String) -> Diagnostic) -> Result<Vec<String>> {
    let axes: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
    let mut wrong = Diagnostics::new();
    if axes.len() != rank {
        wrong.push(complain(format!("names {} axes; the array has {rank}", axes.len())));
    }
    let step = usize::from(axes[0] == "sample");
    for (at, name) in axes.iter().enumerate() {
        if !AXES.contains(&name.as_str()) {
            let complaint = complain(format!("names an unknown axis {}", quoted(name)));
            wrong.push(complaint.help(format!("axes are {}", AXES.join(", "))));
        } else if (name == "sample" && at > 0) || (at == 0 && name != "sample" && !one) {
            wrong.push(complain("expected `sample` as the first axis and nowhere else".into()));
        } else if name == "step" && at != step {
            wrong.push(complain("expected `step` before the axes of channels, if at all".into()));
        } else if name != "channel" && axes[..at].contains(name) {
            wrong.push(complain(format!("names the axis {} twice", quoted(name))));
        }
    }
    if axes.iter().all(|name| name == "sample" || name == "step") {
        wrong.push(complain("has no axis of channels".into()).help("write \"sample,step,channel\""));
    }
    wrong.or(axes)
}
