//! Tier 0: the spikes per synapse that a run took, against published break-evens. No joules.

use super::evidence::Tag;
use super::quantity::Range;
use crate::counts::SpikingWork;
use serde::{Deserialize, Serialize};

/// How a run stands to a break-even.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Below it: the spiking network can win.
    Met,
    /// Above it: the dense network wins.
    NotMet,
    /// Within its interval: it depends.
    Inside,
    /// The criterion is stated for other numbers of ticks.
    DoesNotApply,
}

/// A published break-even.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Criterion {
    /// The name, as its papers are called.
    pub name: String,
    /// Spikes per synapse and inference below which the spiking network wins.
    pub low: f64,
    /// Spikes per synapse and inference above which the dense network wins.
    pub high: f64,
    /// Citation and how it was seen.
    pub source: String,
    /// How the run stands to it.
    pub verdict: Outcome,
}

/// A run against the published break-evens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BreakEven {
    /// Spikes per synapse and inference, analog inputs counted as spikes; absent where there are no synapses or samples.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub measured: Option<f64>,
    /// Every criterion.
    pub criteria: Vec<Criterion>,
    /// The lowest break-even of those that apply, spikes per synapse and inference.
    pub low: f64,
    /// The highest of those that apply.
    pub high: f64,
}

/// A criterion as published.
struct Published {
    name: &'static str,
    /// Low and high end, spikes per synapse: per inference, or per tick where `ticks` is given.
    interval: (f64, f64),
    /// The numbers of ticks it is stated for, if it is stated per tick.
    ticks: Option<(u64, u64)>,
    source: &'static str,
    tag: Tag,
}

/// The break-evens, each with its paper. All compare a spiking network with the dense network of the same shape.
const PUBLISHED: &[Published] = &[
    Published {
        name: "Davidson & Furber 2021",
        interval: (1.72, 1.72),
        ticks: None,
        source: "Front. Neurosci. 15:651141, 2021: the same silicon, one addition and its reads per spike against one \
                 multiply-add and its reads; the cost of state per tick comes on top",
        tag: Tag::Quoted,
    },
    Published {
        name: "Dampfhoffer 2023",
        interval: (0.15, 1.38),
        ticks: None,
        source: "Dampfhoffer et al., IEEE TETCI 7(3):731-741, 2023: with memory; from the best to the least reuse of \
                 weights by the dense machine",
        tag: Tag::Seen,
    },
    Published {
        name: "Yan 2024 (v2-v3)",
        interval: (0.064, 0.064),
        ticks: Some((5, 10)),
        source: "Yan, Bai & Wong, arXiv:2409.08290 v2 and v3: fewer than 6.4 % of neurons spike a tick, 5 to 10 ticks",
        tag: Tag::Seen,
    },
    Published {
        name: "Yan 2026 (v4, TCAD)",
        interval: (0.057, 0.057),
        ticks: Some((5, 5)),
        source: "Yan, Bai, Tang & Wong, arXiv:2409.08290 v4, IEEE TCAD 2026: fewer than 5.7 % of neurons spike a tick, 5 ticks",
        tag: Tag::Seen,
    },
];

impl Published {
    /// The criterion for a run of so many ticks.
    fn judge(&self, measured: Option<f64>, ticks: u64) -> Criterion {
        // Spikes per synapse and tick times ticks are spikes per synapse and inference.
        let scale = if self.ticks.is_some() { ticks as f64 } else { 1.0 };
        let (low, high) = (self.interval.0 * scale, self.interval.1 * scale);
        let applies = self.ticks.is_none_or(|(least, most)| (least..=most).contains(&ticks));
        let verdict = match measured.filter(|_| applies) {
            None => Outcome::DoesNotApply,
            Some(measured) if measured < low => Outcome::Met,
            Some(measured) if measured > high => Outcome::NotMet,
            Some(_) => Outcome::Inside,
        };
        Criterion { name: self.name.to_owned(), low, high, source: format!("{} ({})", self.source, self.tag), verdict }
    }
}

/// Spikes per synapse and inference: s̄ = (synaptic events + analog multiply-accumulates) / (synapses · samples).
///
/// An analog input that is not zero costs at least what a spike does, in every tick it is presented, so it counts as one.
#[must_use]
pub fn spikes_per_synapse(work: &SpikingWork) -> Option<f64> {
    let places = work.synapses as f64 * work.samples as f64;
    (places > 0.0).then(|| (work.counts.synaptic_events as f64 + work.counts.effective_macs as f64) / places)
}

/// Sets a run against the published break-evens.
#[must_use]
pub fn break_even(work: &SpikingWork) -> BreakEven {
    let measured = spikes_per_synapse(work);
    let ticks = work.ticks_per_sample;
    let criteria: Vec<_> = PUBLISHED.iter().map(|published| published.judge(measured, ticks)).collect();
    // Those stated per inference always apply, so that there is an interval without a measurement.
    let interval = PUBLISHED
        .iter()
        .zip(&criteria)
        .filter(|(published, criterion)| published.ticks.is_none() || criterion.verdict != Outcome::DoesNotApply)
        .map(|(_, criterion)| Range { low: criterion.low, nominal: criterion.low, high: criterion.high })
        .reduce(Range::covering);
    let (low, high) = interval.map_or((f64::NAN, f64::NAN), |interval| (interval.low, interval.high));
    BreakEven { measured, criteria, low, high }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::energy::testing::work;

    fn outcomes(spikes_per_synapse: f64, ticks: u64) -> Vec<Outcome> {
        let mut work = work();
        (work.synapses, work.samples, work.ticks_per_sample) = (1000, 10, ticks);
        work.counts.effective_macs = 0;
        work.counts.synaptic_events = (spikes_per_synapse * 10_000.0).round() as u64;
        break_even(&work).criteria.iter().map(|criterion| criterion.verdict).collect()
    }

    #[test]
    fn a_run_is_judged_by_every_criterion() {
        use Outcome::{DoesNotApply, Inside, Met, NotMet};
        assert_eq!(outcomes(0.1, 5), [Met, Met, Met, Met]);
        assert_eq!(outcomes(0.3, 5), [Met, Inside, Met, NotMet]);
        assert_eq!(outcomes(0.3, 10), [Met, Inside, Met, DoesNotApply]);
        assert_eq!(outcomes(0.7, 10), [Met, Inside, NotMet, DoesNotApply]);
        assert_eq!(outcomes(1.5, 100), [Met, NotMet, DoesNotApply, DoesNotApply]);
        assert_eq!(outcomes(1.8, 100), [NotMet, NotMet, DoesNotApply, DoesNotApply]);
    }

    #[test]
    fn analog_inputs_count_as_spikes() {
        let mut work = work();
        (work.synapses, work.samples) = (50, 2);
        (work.counts.synaptic_events, work.counts.effective_macs) = (60, 40);
        assert_eq!(spikes_per_synapse(&work), Some(1.0));
    }

    #[test]
    fn nothing_is_measured_without_synapses() {
        let mut work = work();
        work.synapses = 0;
        let be = break_even(&work);
        assert_eq!(be.measured, None);
        assert_eq!((be.low, be.high), (0.15, 1.72));
        assert!(be.criteria.iter().all(|criterion| criterion.verdict == Outcome::DoesNotApply));
        let json = serde_json::to_value(&be).expect("plain data");
        assert!(json.get("measured").is_none(), "absent, never zero");
    }
}
