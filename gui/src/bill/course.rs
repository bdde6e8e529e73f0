//! Energy over time, of both sides.

use super::prices::{Prices, so_far_joules};
use super::ran::{DenseRuns, Ran, shown};
use crate::session::{History, Scene};
use spikewatt::energy::{Device, Range};

/// Energy so far at ascending ticks.
pub type Line = Vec<(u64, Range<f64>)>;

/// Energy over time, of both sides.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Course {
    /// The device of the spiking network.
    pub spiking_device: String,
    /// That of the dense network.
    pub dense_device: String,
    /// The spiking network; between two points the line is straight.
    pub spiking: Line,
    /// The dense network: a step wherever it ran.
    pub dense: Line,
}

/// Points of the spiking side in view, at most about.
const POINTS: usize = 48;
/// Steps of the dense side that are drawn one by one; more are drawn at the points of the spiking side.
const STEPS: usize = 1000;

/// The moments of the record that are priced: those in view, every 1, 2, 4 … of them, so that the same ones come back as the view moves.
pub(super) fn moments(scene: &Scene, history: &History, from: u64, to: u64) -> Vec<Ran> {
    let ticks = history.counts.ticks();
    let first = ticks.partition_point(|t| *t < from).saturating_sub(1);
    let end = (ticks.partition_point(|t| *t <= to) + 1).min(ticks.len());
    let every = history.counts.every();
    let step = (end.saturating_sub(first) / POINTS).max(1).next_power_of_two() as u64;
    let chosen = (first..end).filter(|at| *at == first || *at + 1 == end || (ticks[*at] / every).is_multiple_of(step));
    chosen.map(|at| Ran::until(scene, history, history.counts.counts()[at].clone(), ticks[at])).collect()
}

/// The inferences of the dense network in view, by the tick at which each began and how many came before it.
pub(super) fn inferences(scene: &Scene, history: &History, to: u64) -> Vec<(u64, u64)> {
    if DenseRuns::beside(scene) != DenseRuns::EverySample {
        return Vec::new();
    }
    shown(&history.samples).map(|mark| (mark.began, mark.before.samples)).take_while(|(began, _)| *began < to).collect()
}

pub(super) fn course(
    prices: &Prices,
    scene: &Scene,
    spiking: &Device,
    dense: &Device,
    moments: &[Ran],
    inferences: &[(u64, u64)],
) -> Course {
    let nothing = Range::point(0.0);
    let of = |ran: &Ran| {
        let joules = if ran.counts.ticks == 0 { Some(nothing) } else { prices.remembered(scene, spiking, ran) };
        joules.map(|joules| (ran.counts.ticks, joules))
    };
    let line = moments.iter().filter_map(of).collect();
    let each =
        moments.last().and_then(|ran| prices.dense(scene, dense, ran)).and_then(|so_far| so_far_joules(&so_far.estimate, 1.0));
    let first = moments.first().map_or(0, |ran| ran.counts.ticks);
    let mut steps = Vec::new();
    if let Some(each) = each {
        let times = |n: u64| each.map(|joules| joules * n as f64);
        let skipped = inferences.partition_point(|(began, _)| *began < first);
        if !inferences.is_empty() && inferences.len() - skipped <= STEPS {
            for (began, before) in &inferences[skipped..] {
                steps.push((*began, times(*before)));
                steps.push((*began, times(before + 1)));
            }
            if let Some(last) = moments.last() {
                let end = (last.counts.ticks, times(last.inferences));
                steps.push(end);
            }
            if let Some(ran) = moments.first().filter(|_| skipped > 0) {
                steps.insert(0, (ran.counts.ticks, times(ran.inferences)));
            }
        } else {
            steps = moments.iter().map(|ran| (ran.counts.ticks, times(ran.inferences))).collect();
        }
    }
    Course { spiking_device: spiking.id.clone(), dense_device: dense.id.clone(), spiking: line, dense: steps }
}
