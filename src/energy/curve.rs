//! The break-even curve: the energy of the spiking network over that of the dense one, over spikes per synapse.
//!
//! What spikes drive (spikes, synaptic events, driven updates, messages, hops, input events) is multiplied by one factor and priced anew by
//! [`estimate_at`], all else as it was run: ticks, sizes, analog inputs, the dense network. Driven updates grow with the spikes up to the clocked
//! ones. A synapse carries a spike a tick at most, which ends the curve.
//!
//! **Between prices nothing is guessed.** A trial of an estimate is a sum of counts times drawn figures, and of drawn powers times the time of a
//! sample. Counts are affine in the factor, except where driven updates reach the clocked ones, and the curve is parted there. The time is
//! the greater of two affine functions, so that on each part a trial is convex, and a convex function that meets its chord in the
//! middle *is* its chord. A part that does so is priced at its ends and mixed in between; one that does not is halved, and what is left
//! around a kink is priced point by point, as is a device whose high end is set by more than trials.
//!
//! A band holds the ratio's 5th to 95th percentile. Two prices of one device share their draws and their ratio is taken trial by trial, over all
//! numeric types where there are several, as [`verdict`](super::verdict()) does; devices that are not the same err independently.

use super::device::{Boundary, Device, DeviceKind};
use super::estimate::{EnergyEstimate, Work, estimate_at};
use super::figure::FigureName;
use super::quantity::Range;
use super::uncertainty::percentiles;
use super::verdict::Winner;
use crate::counts::{DenseWork, SpikingWork};
use crate::numerics::exp;
use serde::Serialize;
use std::f64::consts::LN_10;

/// The ratio of energies at one activity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Spikes per synapse and inference, analog inputs counted as spikes.
    pub spikes_per_synapse: f64,
    /// Energy of the spiking network over that of the dense one.
    pub ratio: Range<f64>,
}

impl CurvePoint {
    /// Who takes less energy there.
    #[must_use]
    pub fn winner(&self) -> Winner {
        match self.ratio {
            Range { high, .. } if high < 1.0 => Winner::Spiking,
            Range { low, .. } if low > 1.0 => Winner::Dense,
            _ => Winner::Undecided,
        }
    }
}

/// Where the two networks take the same, spikes per synapse and inference. 0 where even a silent network takes more; absent where the curve
/// ends below 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Crossing {
    /// Below this the spiking network takes less (the 95th percentile of the ratio is 1).
    pub low: Option<f64>,
    /// At nominal figures.
    pub nominal: Option<f64>,
    /// Above this the dense network takes less (the 5th percentile of the ratio is 1).
    pub high: Option<f64>,
}

/// A break-even curve of two devices, or of one that runs both networks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curve {
    /// The device of the spiking network.
    pub spiking: String,
    /// The device of the dense network.
    pub dense: String,
    /// What both prices include.
    pub boundary: Boundary,
    /// Points from few spikes to many; no ratio falls from one to the next.
    pub points: Vec<CurvePoint>,
    /// The network as it ran.
    pub here: CurvePoint,
    /// Where the ratio is 1.
    pub crossing: Crossing,
}

/// True where two prices can be set against one another: one device, or two of one boundary that is more than a part of a chip, at one inference
/// at a time, with room for the network.
#[must_use]
pub fn like_for_like(spiking: &EnergyEstimate, dense: &EnergyEstimate) -> bool {
    let whole = |boundary| !matches!(boundary, Boundary::Operations | Boundary::Core);
    let same = spiking.device == dense.device;
    let priced = spiking.energy_per_sample.is_some() && dense.energy_per_sample.is_some_and(|energy| energy.nominal.0 > 0.0);
    let alive = spiking.kind == DeviceKind::Biological || dense.kind == DeviceKind::Biological;
    priced
        && !alive
        && spiking.fits
        && dense.fits
        && dense.batch == spiking.batch
        && spiking.boundary == dense.boundary
        && (same || whole(spiking.boundary))
}

/// The curve of a spiking run on a device against a dense run on a device, each at its highest tier. `None` where one has no price or the
/// network no spikes.
#[must_use]
pub fn curve(spiking: (&Device, &SpikingWork), dense: (&Device, &DenseWork)) -> Option<Curve> {
    let tier = super::tier::highest(spiking.0);
    let work = Work { spiking: None, dense: Some(dense.1) };
    let dense = super::estimate::estimate(dense.0, &work).into_iter().next()?;
    Sweep::new(spiking.0, spiking.1, tier)?.against(&dense)
}

/// Points of a curve in a decade.
const PER_DECADE: f64 = 4.0;

/// Ends of a curve that nothing else ends, spikes per synapse and inference.
const SPAN: (f64, f64) = (1e-3, 1e2);

/// Parts of a curve are halved so often at most.
const HALVINGS: u32 = 6;

/// A price at a factor.
#[derive(Debug, Clone)]
struct Knot {
    factor: f64,
    estimate: EnergyEstimate,
}

/// A spiking run on a device over its activity, to be set against any dense price.
#[derive(Debug, Clone)]
pub struct Sweep<'w> {
    device: &'w Device,
    work: &'w SpikingWork,
    tier: u8,
    /// Prices in the order of their factors, the first at silence.
    knots: Vec<Knot>,
    /// Whether each part between two of them is its chord.
    chords: Vec<bool>,
    /// Factors of the points.
    factors: Vec<f64>,
}

impl<'w> Sweep<'w> {
    /// Prices the run over its activity. `None` where the device has no price of it or the network no spikes.
    #[must_use]
    pub fn new(device: &'w Device, work: &'w SpikingWork, tier: u8) -> Option<Self> {
        let here = super::spikes_per_synapse(work)?;
        if work.counts.synaptic_events == 0 {
            return None;
        }
        // Off the grid a tick is a nanosecond, and no bound on spikes.
        let most = if work.dt_s > 1.5e-9 { SPAN.1.min(work.ticks_per_sample as f64) } else { SPAN.1 };
        let (from, to) = (SPAN.0.min(here), most.max(here));
        let mut sweep = Self { device, work, tier, knots: vec![], chords: vec![], factors: vec![] };
        let decades = crate::numerics::ln(to / from) / LN_10;
        let steps = (decades * PER_DECADE).ceil().max(1.0);
        let at = |step: f64| from * exp(step / steps * decades * LN_10);
        let all = (0..=steps as u32).map(|step| sweep.factor(at(f64::from(step))));
        sweep.factors = all.filter(|factor| *factor > 0.0).collect();
        let last = *sweep.factors.last()?;
        let full = work.neuron_updates_clocked as f64 / work.neuron_updates_driven as f64;
        let mut ends = vec![0.0];
        ends.extend(Some(full).filter(|full| (1e-9..last).contains(full)));
        ends.push(last);
        let mut ends = ends.into_iter();
        let first = sweep.price(ends.next()?)?;
        sweep.knots.push(first);
        for end in ends {
            let end = sweep.price(end)?;
            let start = sweep.knots.last()?.clone();
            sweep.part(start, end, HALVINGS)?;
        }
        Some(sweep)
    }

    /// Adds the part between two prices, in halves where it is not its chord.
    fn part(&mut self, start: Knot, end: Knot, halvings: u32) -> Option<()> {
        let middle = self.price(0.5 * (start.factor + end.factor))?;
        let nominal = |knot: &Knot| knot.estimate.energy_per_sample.map(|energy| energy.nominal.0);
        let (a, m, b) = (nominal(&start)?, nominal(&middle)?, nominal(&end)?);
        let by_trials_alone = [&start, &middle, &end].into_iter().all(|knot| !is_raised(&knot.estimate));
        let chord = by_trials_alone && (0.5 * (a + b) - m).abs() <= 1e-9 * m;
        if chord || halvings == 0 || !by_trials_alone {
            self.chords.push(chord);
            self.knots.push(end);
        } else {
            self.part(start, middle.clone(), halvings - 1)?;
            self.part(middle, end, halvings - 1)?;
        }
        Some(())
    }

    /// The factor at which there are so many spikes per synapse.
    fn factor(&self, spikes_per_synapse: f64) -> f64 {
        let places = self.work.synapses as f64 * self.work.samples as f64;
        (spikes_per_synapse * places - self.work.counts.effective_macs as f64) / self.work.counts.synaptic_events as f64
    }

    /// Spikes per synapse at a factor.
    fn spikes_per_synapse(&self, factor: f64) -> f64 {
        let places = self.work.synapses as f64 * self.work.samples as f64;
        (factor * self.work.counts.synaptic_events as f64 + self.work.counts.effective_macs as f64) / places
    }

    fn price(&self, factor: f64) -> Option<Knot> {
        let work = scaled(self.device, self.work, factor);
        let estimate = estimate_at(self.device, &Work { spiking: Some(&work), dense: None }, self.tier).into_iter().next()?;
        estimate.trials.0.as_ref()?;
        Some(Knot { factor, estimate })
    }

    /// The curve against a price of the dense network. `None` where that has no energy.
    #[must_use]
    pub fn against(&self, dense: &EnergyEstimate) -> Option<Curve> {
        let against = Against::new(self.device, dense)?;
        let mut ratios = Vec::new();
        let mut at = |factor: f64| {
            let ratio = self.ratio(&against, factor, &mut ratios)?;
            Some(CurvePoint { spikes_per_synapse: self.spikes_per_synapse(factor), ratio })
        };
        let points: Vec<_> = self.factors.iter().map(|&factor| at(factor)).collect::<Option<_>>()?;
        let here = at(1.0)?;
        let mut crossing = |end: fn(&Range<f64>) -> f64| -> Option<f64> {
            let mut at = |factor: f64| at(factor).map(|point| end(&point.ratio) - 1.0);
            if at(0.0)? >= 0.0 {
                return Some(0.0);
            }
            let above = points.iter().position(|point| end(&point.ratio) >= 1.0)?;
            let below = above.checked_sub(1).map_or(0.0, |below| self.factors[below]);
            root(&mut at, below, self.factors[above]).map(|factor| self.spikes_per_synapse(factor))
        };
        let crossing = Crossing { low: crossing(|r| r.high), nominal: crossing(|r| r.nominal), high: crossing(|r| r.low) };
        Some(Curve {
            spiking: self.device.id.clone(),
            dense: dense.device.clone(),
            boundary: dense.boundary,
            points,
            here,
            crossing,
        })
    }

    /// The ratio at a factor.
    fn ratio(&self, against: &Against<'_>, factor: f64, ratios: &mut Vec<f64>) -> Option<Range<f64>> {
        let part = self.knots.windows(2).position(|ends| factor <= ends[1].factor).filter(|&part| self.chords[part]);
        match part {
            Some(part) => {
                let [a, b] = [&self.knots[part], &self.knots[part + 1]];
                against.ratio(&a.estimate, &b.estimate, (factor - a.factor) / (b.factor - a.factor), ratios)
            }
            None => {
                let knot = self.price(factor)?;
                against.ratio(&knot.estimate, &knot.estimate, 0.0, ratios)
            }
        }
    }
}

/// A dense price that spiking ones are set against.
struct Against<'d> {
    dense: &'d EnergyEstimate,
    trials: &'d [f64],
    same_device: bool,
}

impl<'d> Against<'d> {
    fn new(device: &Device, dense: &'d EnergyEstimate) -> Option<Self> {
        let trials = dense.trials.0.as_deref()?;
        Some(Self { dense, trials, same_device: dense.device == device.id })
    }

    /// The ratio of a price so far on the way from one to another.
    fn ratio(&self, a: &EnergyEstimate, b: &EnergyEstimate, way: f64, ratios: &mut Vec<f64>) -> Option<Range<f64>> {
        let mix = |a: f64, b: f64| a + (b - a) * way;
        let (ta, tb) = (a.trials.0.as_deref()?, b.trials.0.as_deref()?);
        ratios.clear();
        let mixed = ta.iter().zip(tb).map(|(a, b)| mix(*a, *b));
        if self.same_device {
            ratios.extend(mixed.zip(self.trials).map(|(s, d)| s / d));
        } else {
            // Figures of one name share their draws, also of devices that have nothing to do with one another: another order parts them.
            ratios.extend(mixed.enumerate().map(|(trial, s)| s / self.trials[(trial * 1601 + 7) % self.trials.len()]));
        }
        if !ratios.iter().all(|ratio| ratio.is_finite()) {
            return None;
        }
        let (ea, eb, dense) = (a.energy_per_sample?, b.energy_per_sample?, self.dense.energy_per_sample?);
        let nominal = mix(ea.nominal.0, eb.nominal.0) / dense.nominal.0;
        let mut range = percentiles(ratios, nominal);
        if is_raised(a) {
            range.high = range.high.max(ea.high.0 / dense.low.0);
        }
        if self.same_device {
            for one in &a.by_precision {
                let other = b.by_precision.iter().find(|other| other.precision == one.precision);
                let theirs = self.dense.by_precision.iter().find(|theirs| theirs.precision == one.precision);
                if let Some((other, theirs)) = other.zip(theirs).filter(|(_, theirs)| theirs.energy_per_sample_j.0 > 0.0) {
                    let ratio = mix(one.energy_per_sample_j.0, other.energy_per_sample_j.0) / theirs.energy_per_sample_j.0;
                    range = range.covering(Range::point(ratio));
                }
            }
        }
        Some(range)
    }
}

/// True where the high end is set by more than the trials.
fn is_raised(estimate: &EnergyEstimate) -> bool {
    let Some((energy, trials)) = estimate.energy_per_sample.zip(estimate.trials.0.as_ref()) else { return false };
    energy.high.0 > percentiles(&mut trials.to_vec(), energy.nominal.0).high * (1.0 + 1e-9)
}

/// Where a rising function goes through zero between two places: the Illinois form of the false position.
fn root(at: &mut impl FnMut(f64) -> Option<f64>, mut below: f64, mut above: f64) -> Option<f64> {
    let (mut low, mut high) = (at(below)?, at(above)?);
    for _ in 0..60 {
        if above - below <= 1e-9 * above || low == high {
            break;
        }
        let place = (below * high - above * low) / (high - low);
        let value = at(place)?;
        if value.abs() < 1e-9 {
            return Some(place);
        }
        if value < 0.0 {
            (below, low, high) = (place, value, high * 0.5);
        } else {
            (above, high, low) = (place, value, low * 0.5);
        }
    }
    Some(0.5 * (below + above))
}

/// Samples are multiplied so often at most, so that rounding a count to a whole number moves nothing.
const SAMPLES: f64 = 1_048_576.0;

/// The largest whole number up to which doubles hold all.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// The run with what spikes drive multiplied by a factor, as very many samples.
fn scaled(device: &Device, work: &SpikingWork, factor: f64) -> SpikingWork {
    let counts = &work.counts;
    let driven_by_spikes = [counts.spikes, counts.synaptic_events, counts.stimulus_events, work.neuron_updates_driven];
    let others = [counts.dense_macs, counts.neuron_updates_clocked, work.samples];
    let most = |counts: &[u64]| counts.iter().copied().max().unwrap_or(0) as f64;
    let largest = (most(&driven_by_spikes) * factor).max(most(&others)).max(1.0);
    let many = SAMPLES.min((WHOLE / largest).floor()).max(1.0);
    let kept = |count: u64| (count as f64 * many).round() as u64;
    let driven = |count: u64| (count as f64 * factor * many).round() as u64;
    let mut to = work.clone();
    to.samples = kept(work.samples);
    to.counts.spikes = driven(counts.spikes);
    to.counts.synaptic_events = driven(counts.synaptic_events);
    to.counts.synaptic_events_dropped = driven(counts.synaptic_events_dropped);
    to.counts.stimulus_events = driven(counts.stimulus_events);
    to.counts.effective_acs = driven(counts.effective_acs);
    to.counts.neuron_updates_clocked = kept(counts.neuron_updates_clocked);
    to.counts.neuron_updates_driven = driven(counts.neuron_updates_driven).min(to.counts.neuron_updates_clocked);
    to.counts.effective_macs = kept(counts.effective_macs);
    to.counts.dense_macs = kept(counts.dense_macs);
    to.neuron_spikes = driven(work.neuron_spikes);
    to.neuron_updates_clocked = kept(work.neuron_updates_clocked);
    to.neuron_updates_driven = driven(work.neuron_updates_driven).min(to.neuron_updates_clocked);
    if let Some(placed) = &mut to.placed {
        placed.messages *= factor * many;
        placed.hops = placed.hops.map(|hops| hops * factor * many);
        // The slowest core has at least the mean core's neurons to update, spikes or none.
        let update = device.time(FigureName::NeuronUpdateTime).map_or(0.0, |figure| figure.nominal.0);
        let silent = placed.places as f64 / placed.cores.max(1) as f64 * update;
        placed.core_time_s = placed.core_time_s.map(|time| silent.min(time) + (time - silent.min(time)) * factor);
    }
    to
}

#[cfg(test)]
#[path = "curve_tests.rs"]
mod tests;
