//! Stimuli that come to many neurons at one time: how far each has got.

use crate::compile::{ExactDrive, ExactStimulus};
use crate::spike::Time;

/// How far a stimulus has got; Poisson events, which come to each neuron on its own, are not told here.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cursor(u64);

/// What comes next.
#[derive(Debug, Clone, Copy)]
pub(super) enum Next {
    /// An event to this neuron, or to all that the stimulus reaches.
    Event { neuron: Option<u32>, weight: f64 },
    /// A current to all.
    Current(f64),
    /// A current to each, drawn from this draw of its own.
    Noise { mean: f64, sd: f64, draw: u64 },
}

impl Cursor {
    /// When something comes next.
    pub(super) fn time(self, stimulus: &ExactStimulus) -> Option<Time> {
        let at = self.0 as usize;
        match &stimulus.drive {
            ExactDrive::Poisson { .. } => None,
            ExactDrive::Events { events, .. } => events.get(at).map(|event| event.0),
            ExactDrive::Regular { start, interval_ms, .. } => Some(start.plus(Time::of_ms(self.0 as f64 * interval_ms))),
            ExactDrive::Current(steps) => steps.get(at).map(|step| step.0),
            ExactDrive::Noise { interval_ms, window, .. } => {
                if self.0 == u64::MAX {
                    return None;
                }
                let begins = window.0.plus(Time::of_ms(self.0 as f64 * interval_ms));
                // A noise that has begun ends; one that ends before it begins never comes.
                match window.1 {
                    Some(end) if end <= window.0 => None,
                    Some(end) => Some(begins.min(end)),
                    None => Some(begins),
                }
            }
        }
    }

    /// Takes what comes next.
    pub(super) fn take(&mut self, stimulus: &ExactStimulus) -> Option<Next> {
        let at = self.time(stimulus)?;
        let number = self.0;
        self.0 += 1;
        Some(match &stimulus.drive {
            ExactDrive::Poisson { .. } => return None,
            ExactDrive::Events { events, weight } => {
                let neuron = events[number as usize].1;
                Next::Event { neuron: (neuron != u32::MAX).then_some(neuron), weight: *weight }
            }
            ExactDrive::Regular { weight, .. } => Next::Event { neuron: None, weight: *weight },
            ExactDrive::Current(steps) => Next::Current(steps[number as usize].1),
            ExactDrive::Noise { mean, sd, window, .. } => {
                if window.1 == Some(at) {
                    self.0 = u64::MAX;
                    Next::Current(0.0)
                } else {
                    Next::Noise { mean: *mean, sd: *sd, draw: number }
                }
            }
        })
    }
}
