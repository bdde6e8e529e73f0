//! Who wins, in one line, like for like, in intervals.

use super::breakeven::BreakEven;
use super::device::Boundary;
use super::estimate::EnergyEstimate;
use super::quantity::Range;
use super::uncertainty::percentiles;
use serde::{Deserialize, Serialize};

/// Which network takes less energy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Winner {
    /// The spiking one.
    Spiking,
    /// The dense one.
    Dense,
    /// It cannot be told.
    Undecided,
}

/// Two ends.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The low end.
    pub low: f64,
    /// The high end.
    pub high: f64,
}

/// The verdict of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Who wins.
    pub winner: Winner,
    /// One plain line that begins with who wins.
    pub text: String,
    /// The grounds in full.
    pub reason: String,
    /// The published break-evens, spikes per synapse and inference.
    #[serde(rename = "break_even_spikes_per_synapse")]
    pub break_even: Interval,
    /// The run's spikes per synapse and inference.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub measured: Option<f64>,
}

/// Accuracies further apart than this (one percentage point) are not equal.
const EQUAL_ACCURACY: f64 = 0.01;

/// Energy of the spiking side over that of the dense side, on one device.
struct Ratio {
    device: String,
    low: f64,
    high: f64,
    measure: Measure,
}

/// What a ratio is taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    /// An arithmetic table: the best case of the spiking network.
    Arithmetic,
    /// Operations and memory traffic.
    Memory,
    /// Two prices of one device, each with its interval.
    Intervals,
}

/// Decides who takes less energy.
///
/// Only estimates of one device and one boundary are like for like. The first of these that is among them decides:
///
/// 1. models of operations and memory (tier 2): the ratio is taken trial by trial, so that the error common to both sides cancels, from its 5th to
///    its 95th percentile and over all numeric types and models;
/// 2. arithmetic tables (tier 1): type by type, over all types and tables. What they leave out weighs more on the spiking side;
/// 3. a device that runs both kinds of network, by its intervals.
///
/// Then:
///
/// - ratio above 1 throughout: *dense* wins;
/// - ratio below 1 throughout: *spiking* wins if its spikes per synapse are also below every published break-even, or, where the ratio
///   knows of memory as they do, not above all of them; otherwise it is undecided;
/// - ratio on both sides of 1: *dense* wins if the spikes per synapse are above every published break-even; otherwise it
///   is undecided.
///
/// Energies of networks of different accuracy are not like for like: where the cheaper one is less accurate by more than one
/// percentage point, it does not win.
#[must_use]
pub fn verdict(
    spiking: &[EnergyEstimate],
    dense: &[EnergyEstimate],
    break_even: &BreakEven,
    accuracy_spiking: Option<f64>,
    accuracy_dense: Option<f64>,
) -> Verdict {
    let Ground { mut winner, mut headline, mut reason } = match ratio(spiking, dense) {
        Some(ratio) => by_ratio(&ratio, break_even),
        None => {
            let headline = no_pair(spiking, dense).to_owned();
            Ground { winner: Winner::Undecided, reason: format!("{headline}; {}", against(break_even)), headline }
        }
    };
    if let (Some(s), Some(d)) = (accuracy_spiking, accuracy_dense)
        && (s - d).abs() > EQUAL_ACCURACY
    {
        let less_accurate = if s < d { Winner::Spiking } else { Winner::Dense };
        let points = (s - d).abs() * 100.0;
        let which = if s < d { "less" } else { "more" };
        reason += &format!(
            "; not at equal accuracy: the spiking network is {points:.1} points {which} accurate ({:.1} % against {:.1} %)",
            s * 100.0,
            d * 100.0
        );
        if winner == less_accurate {
            let cheaper = if winner == Winner::Spiking { "spiking" } else { "dense" };
            headline = format!("the {cheaper} network takes less energy but is {points:.1} points less accurate");
            reason = format!("the {cheaper} network takes less energy but is less accurate; {reason}");
            winner = Winner::Undecided;
        }
    }
    let first = match winner {
        Winner::Spiking => "Spiking wins",
        Winner::Dense => "Dense wins",
        Winner::Undecided => "Undecided",
    };
    Verdict {
        winner,
        text: format!("{first}: {headline}."),
        reason: sentence(&reason),
        break_even: Interval { low: break_even.low, high: break_even.high },
        measured: break_even.measured,
    }
}

/// A dense network in another form, priced like for like with the spiking one ([`super::estimate_alike`]).
#[derive(Debug, Clone)]
pub struct Rival {
    /// What it is, as a person says it: `pruned 0.9`.
    pub name: String,
    /// Its accuracy; absent without labels.
    pub accuracy: Option<f64>,
    /// Its prices, one a device.
    pub estimates: Vec<EnergyEstimate>,
}

/// Holds a verdict against the dense network at its best: of the rivals that are not less accurate than the spiking network (by more than one percentage
/// point), the cheapest.
///
/// Where that one is cheaper than what the verdict was taken with, the reason names it, and a spiking network that wins must win against it too: it is
/// undecided where it cannot be told, and the dense network wins where it would win with this one, also where it was undecided before.
#[must_use]
pub fn at_its_best(
    verdict: Verdict,
    spiking: &[EnergyEstimate],
    dense: &[EnergyEstimate],
    rivals: &[Rival],
    break_even: &BreakEven,
    accuracy_spiking: Option<f64>,
) -> Verdict {
    let middle = |ratio: &Ratio| ratio.low * ratio.high;
    let Some(taken) = ratio(spiking, dense) else { return verdict };
    let equal = |rival: &&Rival| match (rival.accuracy, accuracy_spiking) {
        (Some(rival), Some(spiking)) => rival >= spiking - EQUAL_ACCURACY,
        (None, None) => true,
        _ => false,
    };
    let best = rivals
        .iter()
        .filter(equal)
        .filter_map(|rival| Some((rival, ratio(spiking, &rival.estimates)?)))
        .filter(|(_, ratio)| ratio.measure == taken.measure)
        .max_by(|(_, a), (_, b)| middle(a).total_cmp(&middle(b)));
    let Some((rival, best)) = best.filter(|(_, best)| middle(best) > middle(&taken)) else { return verdict };
    let accurate = rival.accuracy.map(|accuracy| format!(", {:.1} % accurate", accuracy * 100.0)).unwrap_or_default();
    let against = format!(
        "the spiking network takes {} to {} times the energy of the dense one at its best ({}{accurate})",
        figures(best.low),
        figures(best.high),
        rival.name
    );
    let against_best = by_ratio(&best, break_even).winner;
    let mut verdict = verdict;
    verdict.reason += &format!(" {}", sentence(&against));
    match (verdict.winner, against_best) {
        (Winner::Spiking | Winner::Undecided, Winner::Dense) => {
            verdict.winner = Winner::Dense;
            verdict.text = format!("Dense wins: {against}.");
        }
        (Winner::Spiking, Winner::Undecided) => {
            verdict.winner = Winner::Undecided;
            verdict.text = format!("Undecided: {against}.");
        }
        _ => {}
    }
    verdict
}

/// The ratio that is like for like, if there is one.
fn ratio(spiking: &[EnergyEstimate], dense: &[EnergyEstimate]) -> Option<Ratio> {
    let pairs: Vec<_> = spiking
        .iter()
        .filter_map(|s| Some((s, dense.iter().find(|d| d.device == s.device && d.boundary == s.boundary)?)))
        .collect();
    let over_all = |boundary, of: fn(&EnergyEstimate, &EnergyEstimate) -> Option<Ratio>| {
        let ratios = pairs.iter().filter(|(s, _)| s.boundary == boundary).filter_map(|(s, d)| of(s, d));
        ratios.reduce(|a, b| Ratio {
            device: format!("{} and {}", a.device, b.device),
            low: a.low.min(b.low),
            high: a.high.max(b.high),
            measure: a.measure,
        })
    };
    let of_chips = || {
        pairs.iter().filter(|(s, _)| !matches!(s.boundary, Boundary::Operations | Boundary::Core)).find_map(|(s, d)| {
            let (spiking, dense) = (s.energy_per_sample?, d.energy_per_sample?);
            (dense.low.0 > 0.0).then(|| Ratio {
                device: s.device.clone(),
                low: spiking.low / dense.high,
                high: spiking.high / dense.low,
                measure: Measure::Intervals,
            })
        })
    };
    over_all(Boundary::Core, by_trial).or_else(|| over_all(Boundary::Operations, by_type)).or_else(of_chips)
}

/// The ratio of two estimates of one model, trial by trial, and over its numeric types.
fn by_trial(spiking: &EnergyEstimate, dense: &EnergyEstimate) -> Option<Ratio> {
    let (s, d) = (spiking.trials.0.as_ref()?, dense.trials.0.as_ref()?);
    let nominal = spiking.energy_per_sample?.nominal / dense.energy_per_sample?.nominal;
    let mut ratios: Vec<f64> = s.iter().zip(d.iter()).map(|(s, d)| s / d).collect();
    if ratios.is_empty() || !ratios.iter().all(|ratio| ratio.is_finite()) {
        return None;
    }
    let range = percentiles(&mut ratios, nominal);
    let types = by_type(spiking, dense);
    let (low, high) = types.map_or((range.low, range.high), |types| (range.low.min(types.low), range.high.max(types.high)));
    Some(Ratio { device: spiking.device.clone(), low, high, measure: Measure::Memory })
}

/// The ratio of two estimates of one table, over its numeric types.
fn by_type(spiking: &EnergyEstimate, dense: &EnergyEstimate) -> Option<Ratio> {
    let ratios = spiking.by_precision.iter().filter_map(|s| {
        let d = dense.by_precision.iter().find(|d| d.precision == s.precision)?;
        (d.energy_per_sample_j.0 > 0.0).then(|| s.energy_per_sample_j / d.energy_per_sample_j)
    });
    let range = ratios.map(Range::point).reduce(Range::covering)?;
    Some(Ratio { device: spiking.device.clone(), low: range.low, high: range.high, measure: Measure::Arithmetic })
}

/// Who wins and why, in a line and in full.
struct Ground {
    winner: Winner,
    headline: String,
    reason: String,
}

/// Who wins by a ratio and the published break-evens, and why.
fn by_ratio(ratio: &Ratio, break_even: &BreakEven) -> Ground {
    let Ratio { device, low, high, measure } = ratio;
    let arithmetic = *measure == Measure::Arithmetic;
    let (low, high) = (*low, *high);
    let words = match measure {
        Measure::Arithmetic => "arithmetic alone, every numeric type",
        Measure::Memory => "operations and memory, every numeric type",
        Measure::Intervals => "its intervals",
    };
    let times = format!("the spiking network takes {} to {} times the energy of the dense one", figures(low), figures(high));
    let facts = format!("{times} like for like ({device}, {words})");
    let spikes = against(break_even);
    let spikes_alone = spikes.replacen("its ", "", 1);
    let below = break_even.measured.is_some_and(|measured| measured < break_even.low);
    let above = break_even.measured.is_some_and(|measured| measured > break_even.high);
    let (winner, headline, reason) = match (low > 1.0, high < 1.0) {
        (true, _) if arithmetic => {
            (Winner::Dense, times, format!("{facts}, and memory would only add to the spiking side; {spikes}"))
        }
        (true, _) => (Winner::Dense, times, format!("{facts}; {spikes}")),
        (_, true) if below => (Winner::Spiking, times, format!("{facts}, and {spikes}")),
        (_, true) if *measure == Measure::Memory && !above => (Winner::Spiking, times, format!("{facts}; {spikes}")),
        (_, true) if arithmetic => (Winner::Undecided, spikes_alone, format!("{facts}, but {spikes}, so memory traffic decides")),
        (_, true) => (Winner::Undecided, spikes_alone, format!("{facts}, but {spikes}")),
        _ if above => (Winner::Dense, spikes_alone, format!("{spikes}; {facts}")),
        _ => (
            Winner::Undecided,
            format!("{times}, an interval with 1 inside"),
            format!("{facts}, an interval with 1 inside; {spikes}"),
        ),
    };
    Ground { winner, headline, reason }
}

/// A text as a sentence.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// The run against the break-evens, in words.
fn against(break_even: &BreakEven) -> String {
    let BreakEven { measured, low, high, .. } = break_even;
    match measured {
        None => format!("spikes per synapse were not measured (published break-evens are {low} to {high})"),
        Some(m) => {
            let place = match m {
                m if m < low => "below every published break-even",
                m if m > high => "above every published break-even",
                _ => "within the published break-evens",
            };
            format!("its {} spikes per synapse are {place} ({low} to {high})", figures(*m))
        }
    }
}

/// Why nothing can be compared.
fn no_pair(spiking: &[EnergyEstimate], dense: &[EnergyEstimate]) -> &'static str {
    match (spiking.is_empty(), dense.is_empty()) {
        (true, _) => "no spiking network was priced",
        (_, true) => "no dense network was priced",
        _ => "no device prices both networks within one boundary",
    }
}

/// Three significant figures.
fn figures(value: f64) -> String {
    match value {
        v if v >= 100.0 => format!("{v:.0}"),
        v if v >= 10.0 => format!("{v:.1}"),
        v if v >= 0.1 || v == 0.0 => format!("{v:.2}"),
        v if v >= 0.001 => format!("{v:.4}"),
        v => format!("{v:.1e}"),
    }
}
