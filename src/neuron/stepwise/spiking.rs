//! Thresholds and resets, chunk by chunk: small loops without branches, which become vector code. What is common (a reset in the step of
//! the spike, at most one spike a step) takes the fewest of them.

use super::super::firing::CHUNK;
use super::super::kick::{Kick, lift};
use super::super::{Block, Compare, MOST_SPIKES_A_STEP, ResetAt, SpikeNumber};
use super::linear::{Linear, Wide};
use super::rule::SpikingRule;

/// Thresholds and resets of a block.
pub(super) struct Spiking {
    threshold: Wide,
    target: Option<Wide>,
    at: ResetAt,
    compare: Compare,
    number: SpikeNumber,
    floor: Option<Wide>,
    /// At most one spike a step and a reset in it: nothing is kept from step to step.
    pub(super) plain: bool,
    /// Spikes of the step before, of neurons that are not plain.
    pub(super) spiked: Vec<f64>,
}

impl Spiking {
    pub(super) fn new(rule: SpikingRule, block: &Block<'_>) -> Self {
        let plain = rule.number == SpikeNumber::One && rule.at == ResetAt::Now && rule.floor.is_none();
        Self {
            threshold: Wide::new(rule.threshold, block),
            target: rule.target.map(|target| Wide::new(target, block)),
            at: rule.at,
            compare: rule.compare,
            number: rule.number,
            floor: rule.floor.map(|floor| Wide::new(floor, block)),
            plain,
            spiked: vec![0.0; if plain { 0 } else { block.len }],
        }
    }

    /// Lifts the membrane of neuron `n` to where a step with input `x` brings it to threshold, whatever reset is still to come in that step.
    /// Where a membrane at threshold would be reset before it is tested ([`ResetAt::Twice`]), none is lifted.
    pub(super) fn kick(&self, membrane: &Linear, n: usize, v: &mut f64, x: f64) -> Kick {
        if self.at == ResetAt::Twice {
            return Kick::Unable;
        }
        let threshold = self.threshold.at(n);
        let target = self.target.as_ref().map(|target| target.at(n));
        let spiked = self.spiked.get(n).copied().unwrap_or(0.0);
        let after = |v: f64| {
            let taken = if spiked > 0.0 { spiked * threshold } else { 0.0 };
            target.filter(|_| spiked > 0.0).unwrap_or(v - taken)
        };
        let end = |v: f64| match self.at {
            ResetAt::BeforeLeak => membrane.of(n, after(v), x),
            ResetAt::AfterLeak => after(membrane.of(n, v, x)),
            ResetAt::Now | ResetAt::Twice => membrane.of(n, v, x),
        };
        let fires = |v: f64| match (self.number, self.compare) {
            (SpikeNumber::Several, _) => threshold > 0.0 && v >= threshold,
            (SpikeNumber::One, Compare::Above) => v > threshold,
            (SpikeNumber::One, Compare::AtOrAbove) => v >= threshold,
        };
        lift(v, threshold, end, fires)
    }

    /// Tests and resets the membranes of a chunk that is plain.
    #[inline(always)]
    pub(super) fn fire(&self, first: usize, v: &mut [f64], spikes: &mut Vec<u32>) {
        let threshold = self.threshold.chunk(first, v.len());
        let target = self.target.as_ref().map(|target| target.chunk(first, v.len()));
        match (self.compare, target) {
            (Compare::Above, Some(target)) => fire(first, v, threshold, target, spikes, |v, th| v > th, |_, _, to| to),
            (Compare::AtOrAbove, Some(target)) => fire(first, v, threshold, target, spikes, |v, th| v >= th, |_, _, to| to),
            (Compare::Above, None) => fire(first, v, threshold, threshold, spikes, |v, th| v > th, |v, th, _| v - th),
            (Compare::AtOrAbove, None) => fire(first, v, threshold, threshold, spikes, |v, th| v >= th, |v, th, _| v - th),
        }
    }

    /// One step of a chunk by any other rule.
    #[inline(always)]
    pub(super) fn step(&mut self, membrane: &Linear, first: usize, v: &mut [f64], x: &[f64], spikes: &mut Vec<u32>) {
        let len = v.len();
        let threshold = self.threshold.chunk(first, len);
        let target = self.target.as_ref().map(|target| target.chunk(first, len));
        let spiked = &mut self.spiked[first..first + len];
        let mut first_off = [0.0; CHUNK];
        let first_off = &mut first_off[..len];
        if self.at == ResetAt::BeforeLeak {
            reset(v, spiked, threshold, target);
        }
        if self.at == ResetAt::Twice {
            count(self.compare, SpikeNumber::One, v, threshold, first_off);
        }
        membrane.step(first, v, x);
        match self.at {
            ResetAt::AfterLeak => reset(v, spiked, threshold, target),
            ResetAt::Twice => reset(v, first_off, threshold, target),
            ResetAt::Now | ResetAt::BeforeLeak => {}
        }
        count(self.compare, self.number, v, threshold, spiked);
        match (self.at, target) {
            (ResetAt::Now, _) | (ResetAt::Twice, Some(_)) => reset(v, spiked, threshold, target),
            // What was taken off before the test and not spent on a spike is given back.
            (ResetAt::Twice, None) => {
                for (((v, spiked), off), threshold) in v.iter_mut().zip(&*spiked).zip(&*first_off).zip(threshold) {
                    *v -= (spiked - off) * threshold;
                }
            }
            (ResetAt::BeforeLeak | ResetAt::AfterLeak, _) => {}
        }
        if let Some(floor) = &self.floor {
            v.iter_mut().zip(floor.chunk(first, len)).for_each(|(v, floor)| *v = v.max(*floor));
        }
        if self.number == SpikeNumber::One {
            let mut fired = [0u64; CHUNK];
            fired.iter_mut().zip(&*spiked).for_each(|(fired, number)| *fired = u64::from(*number > 0.0));
            tell(first, &fired[..len], spikes);
            return;
        }
        for (n, number) in spiked.iter().enumerate() {
            if *number > 0.0 {
                spikes.extend(std::iter::repeat_n((first + n) as u32, *number as usize));
            }
        }
    }
}

/// Tests membranes and resets those that spike.
#[inline(always)]
fn fire(
    first: usize,
    v: &mut [f64],
    threshold: &[f64],
    target: &[f64],
    spikes: &mut Vec<u32>,
    spikes_at: impl Fn(f64, f64) -> bool,
    after: impl Fn(f64, f64, f64) -> f64,
) {
    let mut fired = [0u64; CHUNK];
    for (((v, threshold), target), fired) in v.iter_mut().zip(threshold).zip(target).zip(&mut fired) {
        let spikes = spikes_at(*v, *threshold);
        *v = if spikes { after(*v, *threshold, *target) } else { *v };
        *fired = u64::from(spikes);
    }
    tell(first, &fired[..v.len()], spikes);
}

/// Tells who of a chunk has spiked, from 1 for each that has and 0 for the others.
#[inline(always)]
fn tell(first: usize, fired: &[u64], spikes: &mut Vec<u32>) {
    if fired.iter().fold(0, |any, fired| any | fired) == 0 {
        return;
    }
    // Written for all and kept for those that spike, so that it costs the same whoever spikes.
    let (mut ids, mut number) = ([0u32; CHUNK], 0);
    for (n, fired) in fired.iter().enumerate() {
        ids[number % CHUNK] = (first + n) as u32;
        number += *fired as usize;
    }
    spikes.extend_from_slice(&ids[..number]);
}

/// The number of spikes of membranes.
#[inline(always)]
fn count(compare: Compare, number: SpikeNumber, v: &[f64], threshold: &[f64], spikes: &mut [f64]) {
    let each = spikes.iter_mut().zip(v).zip(threshold);
    match (number, compare) {
        (SpikeNumber::One, Compare::Above) => each.for_each(|((z, v), th)| *z = if v > th { 1.0 } else { 0.0 }),
        (SpikeNumber::One, Compare::AtOrAbove) => each.for_each(|((z, v), th)| *z = if v >= th { 1.0 } else { 0.0 }),
        (SpikeNumber::Several, _) => {
            let most = f64::from(MOST_SPIKES_A_STEP);
            each.for_each(|((z, v), th)| *z = if *v > 0.0 && *th >= 0.0 { (v / th).trunc().min(most) } else { 0.0 });
        }
    }
}

/// Resets membranes that spiked so often.
#[inline(always)]
fn reset(v: &mut [f64], spikes: &[f64], threshold: &[f64], target: Option<&[f64]>) {
    match target {
        Some(target) => {
            for ((v, spikes), target) in v.iter_mut().zip(spikes).zip(target) {
                *v = if *spikes > 0.0 { *target } else { *v };
            }
        }
        None => {
            for ((v, spikes), threshold) in v.iter_mut().zip(spikes).zip(threshold) {
                // An infinite threshold never spikes, and 0 times infinity is no number.
                *v = if *spikes > 0.0 { *v - spikes * threshold } else { *v };
            }
        }
    }
}
