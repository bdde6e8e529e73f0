//! Membranes stepped chunk by chunk: small loops without branches, which become vector code. What is common (a reset in the step of the
//! spike, at most one spike a step) takes the fewest of them.

use super::super::firing::CHUNK;
use super::super::{Block, Column, Compare, Kernel, MOST_SPIKES_A_STEP, ResetAt, SpikeNumber, Tick};
use super::rule::{Rule, SpikingRule, SynapseRule, Takes};
use crate::numerics::vectorised;

/// A column from which a chunk is cut, so that one loop serves shared and own values.
enum Wide {
    One([f64; CHUNK]),
    Each(Vec<f64>),
}

impl Wide {
    fn new(column: Column) -> Self {
        match column {
            Column::One(value) => Self::One([value; CHUNK]),
            Column::Each(values) => Self::Each(values),
        }
    }

    #[inline(always)]
    fn chunk(&self, first: usize, len: usize) -> &[f64] {
        match self {
            Self::One(values) => &values[..len],
            Self::Each(values) => &values[first..first + len],
        }
    }
}

/// `y ← keep y + gain x + shift`.
struct Linear {
    keep: Wide,
    gain: Wide,
    /// Absent where it is zero.
    shift: Option<Wide>,
}

impl Linear {
    fn new(keep: Column, gain: Column, shift: Column) -> Self {
        let shift = if shift == Column::One(0.0) { None } else { Some(Wide::new(shift)) };
        Self { keep: Wide::new(keep), gain: Wide::new(gain), shift }
    }

    #[inline(always)]
    fn step(&self, first: usize, y: &mut [f64], x: &[f64]) {
        let (keep, gain) = (self.keep.chunk(first, y.len()), self.gain.chunk(first, y.len()));
        match &self.shift {
            None => {
                for (((y, x), keep), gain) in y.iter_mut().zip(x).zip(keep).zip(gain) {
                    *y = keep * *y + gain * x;
                }
            }
            Some(shift) => {
                let shift = shift.chunk(first, y.len());
                for ((((y, x), keep), gain), shift) in y.iter_mut().zip(x).zip(keep).zip(gain).zip(shift) {
                    *y = keep * *y + gain * x + shift;
                }
            }
        }
    }
}

struct Currents {
    linear: Linear,
    weight: Wide,
    takes: Takes,
    i: Vec<f64>,
    initial: Vec<f64>,
}

impl Currents {
    fn new(rule: SynapseRule, block: &Block<'_>) -> Self {
        let initial = block.initial("i", &Column::One(0.0));
        Self {
            linear: Linear::new(rule.keep, rule.gain, rule.shift),
            weight: Wide::new(rule.weight),
            takes: rule.takes,
            i: initial.clone(),
            initial,
        }
    }

    /// Moves the currents of a chunk on; what the membranes take of them stands in `x` then.
    #[inline(always)]
    fn step(&mut self, first: usize, x: &mut [f64]) {
        let i = &mut self.i[first..first + x.len()];
        let mut taken = [0.0; CHUNK];
        let taken = &mut taken[..x.len()];
        match self.takes {
            Takes::New => {}
            Takes::Old => taken.copy_from_slice(i),
            Takes::Undecayed => {
                let weight = self.weight.chunk(first, x.len());
                for (((taken, i), x), weight) in taken.iter_mut().zip(&*i).zip(&*x).zip(weight) {
                    *taken = i + weight * x;
                }
            }
        }
        self.linear.step(first, i, x);
        x.copy_from_slice(if self.takes == Takes::New { i } else { taken });
    }
}

struct Spiking {
    threshold: Wide,
    target: Option<Wide>,
    at: ResetAt,
    compare: Compare,
    number: SpikeNumber,
    floor: Option<Wide>,
    /// At most one spike a step and a reset in it: nothing is kept from step to step.
    plain: bool,
    /// Spikes of the step before, of neurons that are not plain.
    spiked: Vec<f64>,
}

impl Spiking {
    fn new(rule: SpikingRule, block: &Block<'_>) -> Self {
        let plain = rule.number == SpikeNumber::One && rule.at == ResetAt::Now && rule.floor.is_none();
        Self {
            threshold: Wide::new(rule.threshold),
            target: rule.target.map(Wide::new),
            at: rule.at,
            compare: rule.compare,
            number: rule.number,
            floor: rule.floor.map(Wide::new),
            plain,
            spiked: vec![0.0; if plain { 0 } else { block.len }],
        }
    }

    /// Tests and resets the membranes of a chunk that is plain.
    #[inline(always)]
    fn fire(&self, first: usize, v: &mut [f64], spikes: &mut Vec<u32>) {
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
    fn step(&mut self, membrane: &Linear, first: usize, v: &mut [f64], x: &[f64], spikes: &mut Vec<u32>) {
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
    let mut any = 0;
    for (((v, threshold), target), fired) in v.iter_mut().zip(threshold).zip(target).zip(&mut fired) {
        let spikes = spikes_at(*v, *threshold);
        *v = if spikes { after(*v, *threshold, *target) } else { *v };
        *fired = u64::from(spikes);
        any |= *fired;
    }
    if any != 0 {
        // Written for all and kept for those that spike, so that it costs the same whoever spikes.
        let (mut ids, mut number) = ([0u32; CHUNK], 0);
        for (n, fired) in fired[..v.len()].iter().enumerate() {
            ids[number % CHUNK] = (first + n) as u32;
            number += *fired as usize;
        }
        spikes.extend_from_slice(&ids[..number]);
    }
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

/// A block of neurons.
pub(super) struct StepwiseKernel {
    membrane: Linear,
    currents: Option<Currents>,
    spiking: Option<Spiking>,
    v: Vec<f64>,
    initial: Vec<f64>,
}

impl StepwiseKernel {
    pub(super) fn new(rule: Rule, block: &Block<'_>) -> Self {
        let initial = block.initial("v", &rule.start);
        Self {
            membrane: Linear::new(rule.keep, rule.gain, rule.shift),
            currents: rule.synapse.map(|rule| Currents::new(rule, block)),
            spiking: rule.spiking.map(|rule| Spiking::new(rule, block)),
            v: initial.clone(),
            initial,
        }
    }

    #[inline(always)]
    fn run(&mut self, tick: &mut Tick<'_>) {
        let run = tick.input[0].len();
        let mut changed = 0;
        for at in (0..run).step_by(CHUNK) {
            let len = CHUNK.min(run - at);
            let first = tick.first + at;
            let mut x = [0.0; CHUNK];
            let x = &mut x[..len];
            x.copy_from_slice(&tick.input[0][at..at + len]);
            if !tick.current.is_empty() {
                x.iter_mut().zip(&tick.current[at..at + len]).for_each(|(x, current)| *x += current);
            }
            if let Some(currents) = &mut self.currents {
                currents.step(first, x);
            }
            let v = &mut self.v[first..first + len];
            let mut before = [0.0; CHUNK];
            let before = &mut before[..len];
            before.copy_from_slice(v);
            match &mut self.spiking {
                Some(spiking) if spiking.plain => {
                    self.membrane.step(first, v, x);
                    spiking.fire(first, v, tick.spikes);
                }
                Some(spiking) => spiking.step(&self.membrane, first, v, x, tick.spikes),
                None => {
                    self.membrane.step(first, v, x);
                    tick.output[at..at + len].copy_from_slice(v);
                }
            }
            if tick.membrane_updates {
                changed += v.iter().zip(&*before).map(|(v, before)| u64::from(v != before)).sum::<u64>();
            }
        }
        if tick.membrane_updates {
            tick.counts.membrane_updates += if tick.number == 1 { run as u64 } else { changed };
        }
    }
}

impl Kernel for StepwiseKernel {
    fn step(&mut self, tick: &mut Tick<'_>) {
        vectorised(
            #[inline(always)]
            || self.run(tick),
        );
    }

    fn variable(&self, name: &str) -> Option<&[f64]> {
        match name {
            "v" => Some(&self.v),
            "i" => self.currents.as_ref().map(|currents| currents.i.as_slice()),
            _ => None,
        }
    }

    fn reset(&mut self) {
        self.v.copy_from_slice(&self.initial);
        if let Some(currents) = &mut self.currents {
            currents.i.copy_from_slice(&currents.initial);
        }
        if let Some(spiking) = &mut self.spiking {
            spiking.spiked.fill(0.0);
        }
    }
}
