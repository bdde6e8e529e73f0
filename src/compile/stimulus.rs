//! Stimuli in ticks.

use super::{MAX_DELAY_TICKS, PoissonNumber};
use crate::diagnostic::{Diagnostic, Result};
use crate::network::{Drive, Stimulus, not_whole, whole_ticks};
use crate::rng::{Purpose, Stream};

/// A stimulus ready to run.
#[derive(Debug, Clone)]
pub struct CompiledStimulus {
    /// Its name.
    pub name: String,
    /// The population it reaches.
    pub to: usize,
    /// The neurons it reaches, ascending; all where empty.
    pub ids: Vec<u32>,
    /// What it brings.
    pub drive: CompiledDrive,
}

/// What a stimulus brings, in ticks.
#[derive(Debug, Clone)]
pub enum CompiledDrive {
    /// Independent Poisson numbers of events in each tick.
    Poisson {
        /// The distribution of their number.
        number: PoissonNumber,
        /// Strength of one event.
        weight: f64,
        /// First and last tick with events.
        ticks: (u64, u64),
        /// Where they are drawn from.
        stream: Stream,
    },
    /// Events at known ticks.
    Events {
        /// (tick, neuron), ascending.
        events: Vec<(u64, u32)>,
        /// Strength of one event.
        weight: f64,
    },
    /// Events at even intervals, the same for every neuron.
    Regular {
        /// Time of the first event in ticks, not rounded.
        start: f64,
        /// Ticks between events, not rounded.
        interval: f64,
        /// Delay, ticks.
        delay: u64,
        /// Strength of one event.
        weight: f64,
    },
    /// A current for each tick: (first tick, value), ascending.
    Current(Vec<(u64, f64)>),
    /// A current that is drawn anew every few ticks, for each neuron on its own.
    Noise(CompiledNoise),
}

/// A noise current in ticks.
#[derive(Debug, Clone, Copy)]
pub struct CompiledNoise {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
    /// Ticks for which a value is held, at least 1.
    pub interval: u64,
    /// First and last tick in which it acts; the first begins an interval.
    pub ticks: (u64, u64),
    /// Where it is drawn from: draw `interval << 32 | neuron`, a normal number.
    pub stream: Stream,
}

impl CompiledNoise {
    /// The current into a neuron during `tick` (the interval that ends at its grid point), 0 where the noise does not act. `epoch` ticks lie
    /// before tick 1 in the stream: those of earlier samples. No two intervals of samples whose epochs lie apart by their length share a draw.
    #[inline]
    #[must_use]
    pub fn value(&self, tick: u64, epoch: u64, neuron: u32) -> f64 {
        if !(self.ticks.0..=self.ticks.1).contains(&tick) {
            return 0.0;
        }
        let interval = (tick - self.ticks.0) / self.interval + epoch;
        self.mean + self.sd * self.stream.normal(interval << 32 | u64::from(neuron))
    }

    /// True where the values of `tick` are not those of the tick before: an interval begins, or the noise ends.
    #[must_use]
    pub fn changes(&self, tick: u64) -> bool {
        let acts = (self.ticks.0..=self.ticks.1).contains(&tick);
        acts && (tick - self.ticks.0).is_multiple_of(self.interval) || tick == self.ticks.1.saturating_add(1)
    }
}

impl CompiledStimulus {
    /// Whether its events are drawn for a run of neurons at a time: Poisson events, often, onto all.
    pub(crate) fn is_drawn_by_run(&self) -> bool {
        matches!(&self.drive, CompiledDrive::Poisson { number, .. } if self.ids.is_empty() && !number.is_rare())
    }
}

impl CompiledDrive {
    /// Whether it brings a current, and not events.
    pub(crate) fn is_current(&self) -> bool {
        matches!(self, Self::Current(_) | Self::Noise(_))
    }

    /// Whether the current it brings is another from `tick` on.
    pub(crate) fn changes_at(&self, tick: u64) -> bool {
        match self {
            Self::Current(steps) => steps.iter().any(|(from, _)| *from == tick),
            Self::Noise(noise) => noise.changes(tick),
            _ => false,
        }
    }

    /// Events of a regular drive that arrive in `tick`.
    pub(crate) fn regular_events(start: f64, interval: f64, delay: u64, tick: u64) -> u64 {
        // Event k happens at start + k · interval, on the first grid point at or after that. A tick has those k whose grid point it
        // is; the two bounds come from the same rounding, so that no event is lost or told twice.
        let before = |tick: f64| (((tick - start) / interval + 1e-9).floor() + 1.0).max(0.0);
        let at = tick.checked_sub(delay).map(|t| t as f64);
        at.map_or(0, |at| {
            let earlier = if at >= 1.0 { before(at - 1.0) } else { 0.0 };
            (before(at) - earlier) as u64
        })
    }

    /// The current of a stepped drive during `tick` (the interval that ends at its grid point).
    pub(crate) fn current_at(steps: &[(u64, f64)], tick: u64) -> f64 {
        match steps.partition_point(|(from, _)| *from <= tick) {
            0 => 0.0,
            n => steps[n - 1].1,
        }
    }
}

/// The first grid point at or after a time; times within 10⁻⁶ ticks of a grid point count as on it, as in NEST.
fn grid(ticks: f64) -> u64 {
    let nearest = ticks.round();
    if (ticks - nearest).abs() < 1e-6 { nearest as u64 } else { ticks.ceil() as u64 }
}

/// Puts a stimulus into ticks; none for a data set's, which is given at run time.
pub(super) fn compile(s: &Stimulus, index: u32, to: usize, dt_ms: f64, seed: u64) -> Result<Option<CompiledStimulus>> {
    let at = |key: &str| format!("stimulus.{}.{key}", s.name);
    let delay = |delay_ms: f64| {
        let ticks = (delay_ms / dt_ms).round();
        if ticks > f64::from(MAX_DELAY_TICKS) {
            return Err(Diagnostic::at(
                at("delay"),
                format!("{delay_ms} ms is {ticks} ticks; at most {MAX_DELAY_TICKS} are possible"),
            ));
        }
        Ok(ticks as u64)
    };
    let mut ids = s.to.ids.clone();
    let drive = match &s.drive {
        Drive::Dataset => return Ok(None),
        Drive::Poisson { rate_hz, weight, delay_ms, window_ms } => {
            let mean = rate_hz * dt_ms * 1e-3;
            if mean > PoissonNumber::MAX_MEAN {
                return Err(Diagnostic::at(
                    at("rate"),
                    format!("{rate_hz} Hz is {mean} events per tick; at most {} are possible", PoissonNumber::MAX_MEAN),
                )
                .into());
            }
            let delay = delay(*delay_ms)?;
            // Events of the tick that ends at grid point k happened within it; they arrive `delay` ticks later.
            let first = window_ms.0.map_or(0, |ms| grid(ms / dt_ms)) + 1 + delay;
            let last = window_ms.1.map_or(u64::MAX, |ms| grid(ms / dt_ms) + delay);
            ids.sort_unstable();
            CompiledDrive::Poisson {
                number: PoissonNumber::new(mean),
                weight: *weight,
                ticks: (first, last),
                stream: Stream::new(seed, Purpose::Poisson, index),
            }
        }
        Drive::Spikes { events, weight, delay_ms } => {
            let delay = delay(*delay_ms)?;
            let mut listed = Vec::with_capacity(events.len());
            for &(id, ms) in events {
                let tick = grid(ms / dt_ms) + delay;
                if tick == 0 {
                    return Err(Diagnostic::at(
                        at("times"),
                        format!("the event at {ms} ms arrives at time 0, before the first tick"),
                    )
                    .help("give the stimulus a delay of at least one tick, or a later time")
                    .into());
                }
                match id {
                    Some(id) => listed.push((tick, ids.get(id as usize).copied().unwrap_or(id))),
                    None if ids.is_empty() => listed.push((tick, u32::MAX)),
                    None => listed.extend(ids.iter().map(|&id| (tick, id))),
                }
            }
            listed.sort_unstable();
            ids.clear();
            CompiledDrive::Events { events: listed, weight: *weight }
        }
        Drive::Regular { rate_hz, start_ms, weight, delay_ms } => {
            let delay = delay(*delay_ms)?;
            CompiledDrive::Regular { start: start_ms / dt_ms, interval: 1e3 / (rate_hz * dt_ms), delay, weight: *weight }
        }
        Drive::Noise { mean, sd, interval_ms, window_ms } => {
            let Some(interval) = whole_ticks(*interval_ms, dt_ms) else {
                return Err(not_whole(at("dt"), *interval_ms, dt_ms).into());
            };
            let first = window_ms.0.map_or(0, |ms| grid(ms / dt_ms)) + 1;
            let last = window_ms.1.map_or(u64::MAX, |ms| grid(ms / dt_ms));
            let stream = Stream::new(seed, Purpose::Noise, index);
            ids.sort_unstable();
            CompiledDrive::Noise(CompiledNoise { mean: *mean, sd: *sd, interval, ticks: (first, last), stream })
        }
        Drive::Current(steps) => {
            // A current from `at` on acts first in the tick that begins there, and so ends one later.
            let mut steps: Vec<_> = steps.iter().map(|step| (grid(step.at_ms / dt_ms) + 1, step.value)).collect();
            steps.sort_by_key(|(tick, _)| *tick);
            CompiledDrive::Current(steps)
        }
    };
    Ok(Some(CompiledStimulus { name: s.name.clone(), to, ids, drive }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_events_are_neither_lost_nor_doubled() {
        for (start, interval, delay) in [(0.0, 10.0, 1), (3.5, 0.3, 0), (1.0, 7.77, 4), (0.0, 1.0, 0)] {
            let ticks = 10_000u64;
            let counted: u64 = (0..=ticks).map(|t| CompiledDrive::regular_events(start, interval, delay, t)).sum();
            let expected = (0..).take_while(|&k| grid(start + f64::from(k) * interval) + delay <= ticks).count() as u64;
            assert_eq!(counted, expected, "{start} {interval} {delay}");
        }
    }

    #[test]
    fn noise_is_normal_and_apart_from_neuron_to_neuron_and_interval_to_interval() {
        let stream = Stream::new(3, Purpose::Noise, 0);
        let noise = CompiledNoise { mean: 50.0, sd: 20.0, interval: 10, ticks: (6, 1_000_000), stream };
        assert_eq!([noise.value(5, 0, 0), noise.value(1_000_001, 0, 0)], [0.0, 0.0]);
        // Held over an interval, drawn anew for the next, for another neuron, and for a later sample.
        let first = noise.value(6, 0, 0);
        assert!((6..16).all(|tick| noise.value(tick, 0, 0) == first) && noise.value(16, 0, 0) != first);
        assert!(noise.value(6, 0, 1) != first && noise.value(6, 1, 0) != first);
        assert!((5..40).all(|tick| noise.changes(tick) == (noise.value(tick, 0, 3) != noise.value(tick - 1, 0, 3))));
        let n = 100_000;
        let draws: Vec<_> = (0..n).map(|k| (noise.value(6 + 10 * (k / 100), 0, k as u32 % 100) - 50.0) / 20.0).collect();
        let mean = |f: &dyn Fn(usize) -> f64| (0..n as usize).map(f).sum::<f64>() / n as f64;
        let error = 1.0 / (n as f64).sqrt();
        assert!(mean(&|k| draws[k]).abs() < 5.0 * error);
        assert!((mean(&|k| draws[k].powi(2)) - 1.0).abs() < 5.0 * 2f64.sqrt() * error);
        // The next neuron, and the same neuron an interval later: correlation zero within five standard errors.
        for apart in [1, 100] {
            let correlation = mean(&|k| draws[k] * draws[(k + apart) % n as usize]);
            assert!(correlation.abs() < 5.0 * error, "{apart}: {correlation}");
        }
    }
}
