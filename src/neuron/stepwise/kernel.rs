//! A block of neurons, stepped chunk by chunk.

use super::super::firing::CHUNK;
use super::super::{Block, Kernel, Kick, Tick};
use super::linear::{Currents, Linear};
use super::rule::Rule;
use super::spiking::Spiking;
use crate::numerics::vectorised;

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
            membrane: Linear::new(rule.keep, rule.gain, rule.shift, block),
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

    fn variable_mut(&mut self, name: &str) -> Option<&mut [f64]> {
        match name {
            "v" => Some(&mut self.v),
            "i" => self.currents.as_mut().map(|currents| currents.i.as_mut_slice()),
            _ => None,
        }
    }

    fn renew(&mut self, block: &Block<'_>) -> bool {
        let before = std::mem::replace(self, Self::new(Rule::new(block), block));
        self.v = before.v;
        if let (Some(currents), Some(before)) = (&mut self.currents, before.currents) {
            currents.i = before.i;
        }
        if let (Some(spiking), Some(before)) = (&mut self.spiking, before.spiking) {
            spiking.spiked = before.spiked;
        }
        true
    }

    fn kick(&mut self, n: usize, input: [f64; 2], current: f64) -> Kick {
        let x = input[0] + current;
        let x = self.currents.as_ref().map_or(x, |currents| currents.taken(n, x));
        match &self.spiking {
            Some(spiking) => spiking.kick(&self.membrane, n, &mut self.v[n], x),
            None => Kick::Unable,
        }
    }

    fn lift(&mut self, n: usize, by: f64) {
        self.v[n] += by;
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
