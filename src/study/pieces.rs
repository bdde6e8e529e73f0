//! Parts of a run of which counts are kept: samples, windows of time, and what was done up to each step.

use crate::compile::memory;
use crate::counts::{EventCounts, PopulationCounts, ProjectionCounts};
use crate::diagnostic::{Diagnostic, Place, Result};

/// Points of a curve over steps, at most.
const MOST_POINTS: u64 = 256;

/// What of a run is told apart, in ticks of a sample or of a plain run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pieces {
    /// Ticks of a piece: every window and every point ends with one.
    pub ticks: u64,
    /// Ticks of a window; a sample, or a whole plain run, where no window was asked for.
    pub window: u64,
    /// Ticks between the points of the curve over steps; absent where it was not asked for.
    pub points: Option<u64>,
}

impl Pieces {
    /// The pieces of a run of so many ticks, for windows of `window` ticks and for a curve where `by_steps`.
    #[must_use]
    pub fn new(ticks: u64, window: Option<u64>, by_steps: bool) -> Self {
        let window = window.unwrap_or(ticks).clamp(1, ticks.max(1));
        let points = by_steps.then(|| ticks.div_ceil(MOST_POINTS).max(1));
        Self { ticks: points.map_or(window, |points| common_divisor(window, points)), window, points }
    }
}

fn common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// Refuses pieces whose counts memory cannot hold.
pub(super) fn pieces_fit(pieces: Pieces, ticks: u64, samples: usize, populations: usize, projections: usize) -> Result<()> {
    let one =
        populations * size_of::<PopulationCounts>() + projections * size_of::<ProjectionCounts>() + size_of::<EventCounts>();
    let bytes = samples as f64 * ticks.div_ceil(pieces.ticks) as f64 * one as f64;
    if memory::fits(bytes) {
        return Ok(());
    }
    let message =
        format!("counts of every window need about {} of memory, which this machine does not give", memory::shown(bytes));
    Err(Diagnostic::new(message)
        .place(Place::Argument("--window".into()))
        .help("ask for longer windows, or run fewer samples")
        .into())
}

/// Counts of each window of a run, from counts up to the ends of its pieces.
#[must_use]
pub fn windows(cumulative: &[EventCounts], window: u64) -> Vec<EventCounts> {
    let last = cumulative.len().saturating_sub(1);
    let ends = cumulative.iter().enumerate().filter(|(at, counts)| *at == last || counts.ticks.is_multiple_of(window));
    let mut before: Option<&EventCounts> = None;
    ends.map(|(_, counts)| {
        let of = before.map_or_else(|| counts.clone(), |before| counts.since(before));
        before = Some(counts);
        of
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn up_to(ticks: u64) -> EventCounts {
        let mut counts = EventCounts::zero(1, 1);
        (counts.ticks, counts.samples) = (ticks, 1);
        counts.populations[0].spikes = ticks * ticks;
        counts.projections[0].synaptic_events = 3 * ticks;
        counts
    }

    proptest! {
        #[test]
        fn windows_add_up_to_the_run(ticks in 1u64..300, window in 1u64..400, by_steps: bool) {
            let pieces = Pieces::new(ticks, Some(window), by_steps);
            let ends = (1..=ticks).filter(|t| t.is_multiple_of(pieces.ticks) || *t == ticks);
            let cumulative: Vec<_> = ends.map(up_to).collect();
            let each = windows(&cumulative, pieces.window);
            prop_assert_eq!(each.len() as u64, ticks.div_ceil(pieces.window));
            prop_assert!(each[..each.len() - 1].iter().all(|w| w.ticks == pieces.window));
            let mut sum = EventCounts::zero(1, 1);
            each.iter().for_each(|window| sum += window);
            sum.samples = 1;
            prop_assert_eq!(sum, up_to(ticks));
        }
    }
}
