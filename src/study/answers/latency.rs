//! The time of an inference over all samples.

use super::super::Outcome;
use super::parts::Parts;
use crate::energy::EnergyEstimate;
use crate::report::LatencyAnswer;

/// Times of each sample on a device, or the one time of an estimate where samples were not told apart.
pub(super) fn latency(
    parts: Option<&Parts<'_>>,
    estimate: &EnergyEstimate,
    outcome: &Outcome,
    deadline_s: Option<f64>,
) -> Option<LatencyAnswer> {
    let one = estimate.latency?.0;
    let each = parts.and_then(|parts| {
        let times = outcome.pieces.iter().map(|sample| parts.time(sample.last()?).map(|time| time.0));
        times.collect::<Option<Vec<f64>>>().filter(|times| !times.is_empty())
    });
    let mut times = each.unwrap_or_else(|| vec![one]);
    times.sort_by(f64::total_cmp);
    let at = |share: f64| percentile(&times, share);
    let late = deadline_s.map(|deadline| times.iter().filter(|time| **time > deadline).count() as f64 / times.len() as f64);
    Some(LatencyAnswer {
        p50_s: at(0.5),
        p95_s: at(0.95),
        p99_s: at(0.99),
        max_s: at(1.0),
        varies: times[0] != times[times.len() - 1],
        late,
        meets_deadline: deadline_s.map(|deadline| at(0.99) <= deadline),
    })
}

/// The smallest of sorted values that a share of all does not pass (the nearest rank).
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn percentiles_are_values_that_were_met() {
        let values: Vec<f64> = (1..=200).map(f64::from).collect();
        assert_eq!([0.5, 0.95, 0.99, 1.0].map(|share| percentile(&values, share)), [100.0, 190.0, 198.0, 200.0]);
        assert_eq!(percentile(&[7.0], 0.99), 7.0);
    }
}
