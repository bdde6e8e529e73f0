//! Neurons that are touched only when something reaches them.
//!
//! Between events a neuron whose equations have a closed form needs no steps: its state is known at any later tick, and so is the tick in
//! which it will reach threshold if nothing more arrives. A [`LazyKernel`] keeps each neuron as it was when it was last touched,
//! advances it in one go when an event arrives, and keeps predicted crossings in a calendar. What it costs follows events, not
//! neurons × ticks.
//!
//! The meaning is that of the stepped [`Kernel`](super::Kernel), tick by tick: the state is advanced to the end of the tick, arrivals are added,
//! and thresholds are tested after all of them; refractoriness is counted in ticks; a spike is stamped with the tick in which the
//! membrane was at threshold. Only the last bits of a membrane may differ, since k ticks are one product here and k products there.

mod calendar;
mod currents;
mod delta;
mod lift;
mod powers;
#[cfg(test)]
mod tests;

pub(super) use currents::LazyCurrents;
pub(super) use delta::LazyDelta;

use crate::counts::PopulationCounts;

/// Neurons of a block advanced only when something reaches them, on a grid of ticks.
///
/// Within a tick an engine calls [`inject`](Self::inject) and [`receive`](Self::receive) in any number and order, then
/// [`finish`](Self::finish) once; every tick is finished, in turn, the silent ones too. The first tick is 1.
/// [`PopulationCounts::membrane_updates`] and [`PopulationCounts::neuron_updates_clocked`] are not counted here.
pub trait LazyKernel: Send {
    /// Events that arrive in tick `now` (never before a tick already finished). Counts driven updates (once per neuron and tick)
    /// and dropped events into `counts`.
    ///
    /// Events of stimuli that meet a refractory neuron count as dropped too; an engine that keeps synaptic events apart gives those of
    /// stimuli with counts of their own and takes only the driven updates from them.
    fn receive(&mut self, now: u64, events: &Events<'_>, counts: &mut PopulationCounts);

    /// The current from stimuli into neuron `n` from tick `now` on (it acts during tick `now` and after, until changed), pA.
    fn inject(&mut self, now: u64, n: usize, current: f64);

    /// Ends tick `now`: tests thresholds where something arrived or a crossing is due; pushes those that spike, ascending, by place
    /// in the block. Costs nothing where nothing is due.
    fn finish(&mut self, now: u64, spikes: &mut Vec<u32>, counts: &mut PopulationCounts);

    /// A state variable of neuron `n` at the end of tick `now`, the last one finished, without touching it.
    fn value(&self, now: u64, n: usize, variable: &str) -> Option<f64>;

    /// Events a neuron and tick below which touching only who is reached costs less than stepping every neuron: the ratio of what a
    /// neuron's step costs to what an event costs.
    fn pays_below(&self) -> f64;

    /// Back to the initial state at tick 0.
    fn reset(&mut self);
}

/// A row of events: one for each target, in the order in which they count.
#[derive(Debug, Clone, Copy)]
pub struct Events<'a> {
    /// The neurons. `targets` minus `base` are places in the block.
    pub targets: Targets<'a>,
    /// The number of the block's first neuron.
    pub base: u32,
    /// One weight for each target.
    pub weights: EventWeights<'a>,
}

/// Neurons that events reach.
#[derive(Debug, Clone, Copy)]
pub enum Targets<'a> {
    /// In 16 bits.
    Narrow(&'a [u16]),
    /// In 32 bits.
    Wide(&'a [u32]),
}

/// Weights of events.
#[derive(Debug, Clone, Copy)]
pub enum EventWeights<'a> {
    /// One for all.
    One(f64),
    /// `values[i] * unit`.
    Units {
        /// Whole numbers.
        values: &'a [i32],
        /// What one of them weighs.
        unit: f64,
    },
    /// One each.
    Double(&'a [f64]),
    /// One each, in single precision.
    Single(&'a [f32]),
}

impl Targets<'_> {
    /// Target `i`, as it is stored.
    #[inline]
    #[must_use]
    pub fn at(&self, i: usize) -> u32 {
        match self {
            Self::Narrow(targets) => u32::from(targets[i]),
            Self::Wide(targets) => targets[i],
        }
    }

    /// How many.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Narrow(targets) => targets.len(),
            Self::Wide(targets) => targets.len(),
        }
    }

    /// True for none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl EventWeights<'_> {
    /// Weight `i`.
    #[inline]
    #[must_use]
    pub fn at(&self, i: usize) -> f64 {
        match self {
            Self::One(weight) => *weight,
            Self::Units { values, unit } => f64::from(values[i]) * unit,
            Self::Double(weights) => weights[i],
            Self::Single(weights) => f64::from(weights[i]),
        }
    }
}

/// Events that are looked at together. Their neurons stay in the nearest cache, and as many loads as that are on their way at once.
const CHUNK: usize = 64;

/// Nothing is due.
const NEVER: u32 = u32::MAX;
/// Ticks after which a kernel's epoch is moved, so that ticks since then fit into 32 bits with the longest refractoriness. Tests move it
/// often.
const REBASE: u64 = if cfg!(test) { 200 } else { 1 << 30 };

/// What takes the events of a row.
trait Take {
    /// Has the processor fetch the neuron at a place. Those of a chunk are fetched side by side before their events are taken: a neuron of
    /// a large block is not in a cache, and an event's own arithmetic would leave room for few fetches at a time, so that it would take
    /// half as long again.
    fn load(&mut self, _place: usize) {}

    /// An event.
    fn event(&mut self, place: usize, weight: f64);
}

impl Events<'_> {
    /// Gives every event to `take`, in order. What the row is made of is asked once, outside the loops.
    #[inline(always)]
    fn give(&self, take: &mut impl Take) {
        match self.targets {
            Targets::Narrow(targets) => walk(self.base, targets, self.weights, take),
            Targets::Wide(targets) => walk(self.base, targets, self.weights, take),
        }
    }
}

#[inline(always)]
fn walk<T: Copy + Into<u32>>(base: u32, targets: &[T], weights: EventWeights<'_>, take: &mut impl Take) {
    let place = |t: T| (t.into().wrapping_sub(base)) as usize;
    for (at, chunk) in targets.chunks(CHUNK).enumerate() {
        chunk.iter().for_each(|t| take.load(place(*t)));
        let places = chunk.iter().map(|t| place(*t));
        let first = at * CHUNK;
        let of = first..first + chunk.len();
        match weights {
            EventWeights::One(w) => places.for_each(|n| take.event(n, w)),
            EventWeights::Units { values, unit } => {
                places.zip(&values[of]).for_each(|(n, k)| take.event(n, f64::from(*k) * unit))
            }
            EventWeights::Double(values) => places.zip(&values[of]).for_each(|(n, w)| take.event(n, *w)),
            EventWeights::Single(values) => places.zip(&values[of]).for_each(|(n, w)| take.event(n, f64::from(*w))),
        }
    }
}
