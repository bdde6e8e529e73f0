//! From how many spikes on the dense network takes less, pair by pair.

use super::numbers::mean;
use super::table::{Column, Table};
use super::words::name;
use super::{Look, Page};
use crate::report::{CrossingEntry, CurveEntry, Report, Winner};

/// What stands beside the title.
pub(in crate::report) const BESIDE_TITLE: &str = " spikes per synapse and inference at which both networks take the same";

/// What the intervals are.
pub(in crate::report) const EXPLANATION: &str = "What spikes drive was multiplied and priced anew, all else left as it ran. From low (95 of 100 prices still \
     let the spiking network take less) to high (5 of 100). Where even a silent network takes more there is no break-even.";

/// Devices that run both networks, and each chip beside the dense device that takes least of those with its boundary.
pub(in crate::report) fn chosen(report: &Report) -> Vec<&CurveEntry> {
    let Some(verdict) = &report.verdict else { return Vec::new() };
    let mut chosen: Vec<&CurveEntry> = Vec::new();
    for curve in &verdict.curves {
        let known = chosen.iter_mut().find(|other| is_pair(curve) && is_pair(other) && other.spiking == curve.spiking);
        match known {
            // The dearer the spiking network seems, the cheaper the dense one is.
            Some(other) if curve.here.nominal > other.here.nominal => *other = curve,
            Some(_) => {}
            None => chosen.push(curve),
        }
    }
    chosen
}

/// True of two devices rather than of one.
fn is_pair(curve: &CurveEntry) -> bool {
    curve.spiking != curve.dense
}

/// Writes the chosen pairs.
pub(in crate::report) fn write(report: &Report, page: &mut dyn Page) {
    let chosen = chosen(report);
    if chosen.is_empty() {
        return;
    }
    page.title("Break-even by device", BESIDE_TITLE);
    page.paragraph(EXPLANATION, Look::Faint);
    page.table(&table(&chosen));
    let left = report.verdict.as_ref().map_or(0, |verdict| verdict.curves.len()) - chosen.len();
    if left > 0 {
        let more = format!(
            "Each chip beside the dense device of its boundary that takes least; {left} more pairs are in the JSON report."
        );
        page.paragraph(&more, Look::Faint);
    }
}

/// The pairs of two columns with their break-even, and who takes less here.
pub(in crate::report) fn table(curves: &[&CurveEntry]) -> Table {
    let mut table = Table::new(vec![
        Column::words("spiking on").cut_to(12),
        Column::words("dense on").cut_to(12),
        Column::words("break-even").cut_to(16),
        Column::numbers("here"),
        Column::words("times the energy").leaves(1),
        Column::words("takes less").cut_to(9),
    ]);
    for curve in curves {
        let dense = if is_pair(curve) { name(&curve.dense) } else { "the same".to_owned() };
        table.row(vec![
            name(&curve.spiking),
            dense,
            crossing(&curve.crossing),
            mean(curve.here.spikes_per_synapse),
            times(curve),
            winner(curve.winner).to_owned(),
        ]);
    }
    table
}

/// The spiking network's energy over the dense one's here.
pub(in crate::report) fn times(curve: &CurveEntry) -> String {
    let (low, high) = (short(curve.here.low), short(curve.here.high));
    if low == high { low } else { format!("{low} to {high}") }
}

/// The interval of a break-even in words.
pub(in crate::report) fn crossing(crossing: &CrossingEntry) -> String {
    match (crossing.low, crossing.high) {
        (_, Some(high)) if high <= 0.0 => "none, dense always less".to_owned(),
        (None, _) => "none, spiking always less".to_owned(),
        (Some(low), None) if low <= 0.0 => "undecided throughout".to_owned(),
        (Some(low), None) => format!("{} or more", short(low)),
        (Some(low), Some(high)) => format!("{} to {}", short(low), short(high)),
    }
}

/// The word for who takes less.
pub(in crate::report) fn winner(winner: Winner) -> &'static str {
    match winner {
        Winner::Spiking => "spiking",
        Winner::Dense => "dense",
        Winner::Undecided => "undecided",
    }
}

/// Three figures, also of large numbers, which say no more.
fn short(value: f64) -> String {
    match value.abs() {
        size if !size.is_finite() || size < 100.0 => mean(value),
        size if size < 1e5 => {
            let round = 10_f64.powi(size.log10().floor() as i32 - 2);
            mean((value / round).round() * round)
        }
        _ => format!("{value:.1e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_ratios_have_three_figures() {
        assert_eq!(
            [short(4814.9), short(42_444.4), short(163.52), short(2.5e6), short(0.8391), short(f64::NAN)],
            ["4,810", "42,400", "164", "2.5e6", "0.839", "–"]
        );
    }

    #[test]
    fn a_crossing_is_an_interval_an_end_or_none() {
        let words = |low, high| crossing(&CrossingEntry { low, nominal: None, high });
        assert_eq!(words(Some(0.1234), Some(3.0)), "0.123 to 3");
        assert_eq!(words(Some(0.0), Some(0.0)), "none, dense always less");
        assert_eq!(words(Some(0.5), None), "0.5 or more");
        assert_eq!(words(Some(0.0), None), "undecided throughout");
        assert_eq!(words(None, None), "none, spiking always less");
        assert_eq!(words(Some(0.0), Some(2.0)), "0 to 2");
    }
}
