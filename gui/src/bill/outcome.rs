//! Who takes less so far, in honest words.

use super::side::Side;
use spikewatt::energy::{Boundary, DeviceKind, Range, Verdict, Winner};

/// Who takes less, and why it can or cannot be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Who takes less.
    pub winner: Winner,
    /// One plain line.
    pub text: String,
    /// What else is to be known, a sentence each.
    pub but: Vec<String>,
}

/// Accuracies further apart than this are not equal.
const EQUAL: f64 = 0.01;

pub(super) fn of(
    spiking: &Side,
    dense: &Side,
    same: Option<&Verdict>,
    ratio: Option<Range<f64>>,
    accuracy: Option<(f64, f64, usize)>,
) -> Outcome {
    let undecided =
        |text: &str, but: Vec<String>| Outcome { winner: Winner::Undecided, text: format!("Undecided: {text}."), but };
    let mut but = Vec::new();
    for (side, which) in [(spiking, "spiking"), (dense, "dense")] {
        if let Some(why) = &side.why_not {
            but.push(format!("The {which} network does not fit {}: {why}. It is priced as if it did.", side.name));
        }
    }
    let Some(ratio) = ratio else {
        let which = match (spiking.joules, dense.joules) {
            (None, None) => "there is no figure for either side yet",
            (None, _) => "there is no figure for the spiking side",
            (_, None) => "there is no figure for the dense side",
            _ => "the dense side takes nothing yet",
        };
        return undecided(which, but);
    };
    // On one device both prices rest on the same figures, and their errors cancel: `compare` knows how.
    if let Some(verdict) = same {
        but.push(verdict.reason.clone());
        if spiking.why_not.is_none() {
            return Outcome { winner: verdict.winner, text: verdict.text.clone(), but };
        }
    }
    let times = format!("{} to {} times the dense energy", two(ratio.low), two(ratio.high));
    let by_ratio = match ratio {
        Range { high, .. } if high < 1.0 => Winner::Spiking,
        Range { low, .. } if low > 1.0 => Winner::Dense,
        _ => Winner::Undecided,
    };
    if by_ratio == Winner::Undecided {
        but.extend(boundaries(spiking, dense));
        return undecided(&format!("the ranges overlap, spiking takes {times}"), but);
    }
    let (cheap, dear) = if by_ratio == Winner::Spiking { (spiking, dense) } else { (dense, spiking) };
    let cheaper = by_word(by_ratio);
    if spiking.why_not.is_some() || dense.why_not.is_some() {
        return undecided(&format!("{cheaper} would take less, but the network does not fit (spiking takes {times})"), but);
    }
    if [spiking, dense].iter().any(|side| side.kind == DeviceKind::Biological) {
        return undecided(&format!("living tissue is no device to choose; spiking takes {times}"), but);
    }
    but.extend(boundaries(spiking, dense));
    // A figure with less in it that is the higher one all the same decides; one that is the lower one does not.
    let fair = cheap.device == dear.device || cheap.boundary >= dear.boundary;
    if !fair || (spiking.device != dense.device && spiking.boundary <= Boundary::Core) {
        return undecided(
            &format!("{cheaper} takes less by these figures, but they are not like for like (spiking takes {times})"),
            but,
        );
    }
    if let Some((s, d, n)) = accuracy
        && (s - d).abs() > EQUAL
    {
        but.push(format!("Not at equal accuracy: {:.1} % against {:.1} % of {n} samples so far.", s * 100.0, d * 100.0));
        if (by_ratio == Winner::Spiking) == (s < d) {
            return undecided(&format!("{cheaper} takes less but is less accurate (spiking takes {times})"), but);
        }
    }
    let first = if by_ratio == Winner::Spiking { "Spiking takes less" } else { "Dense takes less" };
    Outcome { winner: by_ratio, text: format!("{first} so far: spiking takes {times}."), but }
}

fn by_word(winner: Winner) -> &'static str {
    if winner == Winner::Spiking { "spiking" } else { "dense" }
}

/// What the two figures include, where that is not the same.
fn boundaries(spiking: &Side, dense: &Side) -> Option<String> {
    (spiking.boundary != dense.boundary).then(|| {
        format!(
            "Not like for like: the spiking figure is of {}, the dense one of {}.",
            what(spiking.boundary),
            what(dense.boundary)
        )
    })
}

/// What a figure includes.
#[must_use]
pub fn what(boundary: Boundary) -> &'static str {
    match boundary {
        Boundary::Operations => "arithmetic alone",
        Boundary::Core => "arithmetic and its local memory",
        Boundary::Chip => "the chip",
        Boundary::Board => "the whole board",
        Boundary::System => "the whole system",
    }
}

/// A number of about two figures.
#[must_use]
pub fn two(value: f64) -> String {
    if !(value.is_finite() && value > 0.0) {
        return format!("{value}");
    }
    if value >= 1000.0 {
        return crate::number::grouped(value.round() as u64);
    }
    let digits = (1.0 - value.log10().floor()).clamp(0.0, 12.0) as usize;
    format!("{value:.digits$}")
}
