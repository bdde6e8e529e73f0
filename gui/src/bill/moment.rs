//! Both sides at one moment.

use super::outcome::{self, Outcome};
use super::prices::{Prices, so_far_joules};
use super::ran::{DenseRuns, Ran};
use super::side::{Side, runs_only};
use crate::session::Scene;
use spikewatt::energy::{self, Device, Range, Runs, Work};
use spikewatt::study::dense_shares;

/// Both sides at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// What ran.
    pub ran: Ran,
    /// The spiking network.
    pub spiking: Side,
    /// The dense network.
    pub dense: Side,
    /// Simulated seconds over which power is taken.
    pub over_s: f64,
    /// Spikes per synapse and inference of the dense network so far.
    pub spikes_per_synapse: Option<f64>,
    /// Spiking over dense.
    pub ratio: Option<Range<f64>>,
    /// Who takes less so far, in words.
    pub outcome: Outcome,
}

/// What is asked.
pub(super) struct Question<'a> {
    pub(super) scene: &'a Scene,
    pub(super) spiking: &'a Device,
    pub(super) dense: &'a Device,
    pub(super) ran: Ran,
    /// What ran up to the beginning of the stretch over which power is taken.
    pub(super) before: Ran,
    /// Share of right answers of both, and over how many samples.
    pub(super) accuracy: Option<(f64, f64, usize)>,
}

pub(super) fn price(prices: &Prices, asked: Question<'_>) -> Moment {
    let Question { scene, spiking, dense, ran, before, accuracy } = asked;
    let recent = ran.since(&before);
    let over_s = recent.counts.ticks as f64 * scene.dt_s();
    let per_second = |joules: Option<Range<f64>>| joules.filter(|_| over_s > 0.0).map(|j| j.map(|j| j / over_s));

    let mut dense_estimate = None;
    let spiking_side = match prices.spiking(scene, spiking, &ran) {
        None if !spiking.runs(Runs::Spiking) => Side::nothing(spiking, runs_only(spiking, Runs::Spiking)),
        None => Side::nothing(spiking, "nothing has run yet; press Run, or the space bar"),
        Some((pricer, so_far)) => {
            let layers = pricer.layers(&ran.counts, &so_far);
            let mut side = Side::of(spiking, &so_far.estimate, so_far.times, ran.samples, &layers);
            // A stretch within one sample is priced as one; those that begin in it are what a device charges by the inference.
            let lately = prices.spiking(scene, spiking, &recent);
            side.watts = lately.and_then(|(_, so_far)| per_second(so_far_joules(&so_far.estimate, so_far.times)));
            side
        }
    };
    let dense_side = match prices.dense(scene, dense, &ran) {
        None if !dense.runs(Runs::Dense) => Side::nothing(dense, runs_only(dense, Runs::Dense)),
        None if ran.dense == DenseRuns::Never => Side::nothing(dense, DenseRuns::Never.words()),
        None => Side::nothing(dense, "nothing has run yet; press Run, or the space bar"),
        Some(so_far) => {
            let shape = prices.dense_shape(scene);
            let layers = shape.map_or_else(Vec::new, |shape| dense_shares(&shape.layers, &so_far.estimate));
            let mut side = Side::of_dense(dense, &so_far, &layers);
            side.watts = match prices.dense(scene, dense, &recent) {
                Some(lately) => per_second(so_far_joules(&lately.estimate, lately.times)),
                None => side.joules.and(per_second(Some(Range::point(0.0)))),
            };
            dense_estimate = Some(so_far.estimate);
            side
        }
    };
    let pair = spiking_side.joules.zip(dense_side.joules).filter(|(_, d)| d.low > 0.0);
    let ratio = pair.map(|(s, d)| Range { low: s.low / d.high, nominal: s.nominal / d.nominal, high: s.high / d.low });
    let by_inference = prices.pricer(scene, spiking).map(|pricer| pricer.work(&ran.counts, ran.inferences.max(1)));
    let spikes_per_synapse = by_inference.as_ref().filter(|_| ran.inferences > 0).and_then(energy::spikes_per_synapse);
    let same = by_inference.filter(|_| spiking.id == dense.id).zip(dense_estimate).and_then(|(work, dense)| {
        let spiking = energy::estimate(spiking, &Work { spiking: Some(&work), dense: None }).into_iter().next()?;
        let (s, d) = accuracy.map_or((None, None), |(s, d, _)| (Some(s), Some(d)));
        Some(energy::verdict(&[spiking], &[dense], &energy::break_even(&work), s, d))
    });
    let outcome = outcome::of(&spiking_side, &dense_side, same.as_ref(), ratio, accuracy);
    Moment { ran, spiking: spiking_side, dense: dense_side, over_s, spikes_per_synapse, ratio, outcome }
}
