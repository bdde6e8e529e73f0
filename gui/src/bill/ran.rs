//! What ran up to a moment, on both sides: counts alone, to be priced.

use crate::session::{History, SampleMark, Scene};
use spikewatt::counts::EventCounts;

/// How often the dense network runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DenseRuns {
    /// Once for each sample; one that is under way counts as soon as it has begun.
    EverySample,
    /// At every tick: there is no dense network of whole samples, and the network's own synapses are evaluated instead, spikes or not.
    EveryTick,
    /// Never: time has no ticks at which it could.
    Never,
}

impl DenseRuns {
    /// How it runs beside what is opened.
    #[must_use]
    pub fn beside(scene: &Scene) -> Self {
        match (&scene.dense, &scene.task) {
            _ if scene.net.exact => Self::Never,
            (Some(_), Some(_)) => Self::EverySample,
            _ => Self::EveryTick,
        }
    }

    /// The same in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::EverySample => "The dense network runs once for each sample, as soon as the sample begins.",
            Self::EveryTick => {
                "There is no dense network for whole samples here: the same network is evaluated densely at every tick, each synapse \
                 once, whether or not a spike came."
            }
            Self::Never => "Time is exact here: there is no tick at which a dense network could be evaluated.",
        }
    }
}

/// What ran up to a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Ran {
    /// Exact counts of the spiking network.
    pub counts: EventCounts,
    /// Samples that have begun; 1 in a plain run.
    pub samples: u64,
    /// How often the dense network runs.
    pub dense: DenseRuns,
    /// Inferences of the dense network.
    pub inferences: u64,
    /// Its multiply-accumulates, all, and those without a zero.
    pub macs: (u64, u64),
}

impl Ran {
    /// These counts of the spiking network since the beginning, the last on record at `tick`, and what the dense network did beside them: a sample
    /// may have begun since.
    #[must_use]
    pub fn until(scene: &Scene, history: &History, counts: EventCounts, tick: u64) -> Self {
        let samples = if scene.task.is_some() { history.tried(counts.ticks).samples } else { u64::from(counts.ticks > 0) };
        let dense = DenseRuns::beside(scene);
        let total = counts.total();
        let (inferences, macs) = match dense {
            DenseRuns::EverySample => {
                let begun = history.tried(tick.max(counts.ticks));
                (begun.samples, begun.macs)
            }
            DenseRuns::EveryTick => (counts.ticks, (total.dense_macs, total.effective_macs + total.effective_acs)),
            DenseRuns::Never => (0, (0, 0)),
        };
        Self { counts, samples, dense, inferences, macs }
    }

    /// What ran after `earlier`.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let less = |a: u64, b: u64| a.saturating_sub(b);
        Self {
            counts: self.counts.since(&earlier.counts),
            samples: less(self.samples, earlier.samples),
            dense: self.dense,
            inferences: less(self.inferences, earlier.inferences),
            macs: (less(self.macs.0, earlier.macs.0), less(self.macs.1, earlier.macs.1)),
        }
    }
}

/// Samples that had a tick, or may still have one: of those that began at one moment, the last.
pub(super) fn shown(marks: &[SampleMark]) -> impl DoubleEndedIterator<Item = &SampleMark> {
    marks
        .iter()
        .enumerate()
        .filter(|(at, mark)| marks.get(at + 1).is_none_or(|next| next.began > mark.began))
        .map(|(_, mark)| mark)
}
