//! Spikes and what is put into a network: trains of spikes or of numbers; and moments of exact time.

use std::cmp::Ordering;

/// Length of a tick where time is exact, ms: one nanosecond.
pub const EXACT_TICK_MS: f64 = 1e-6;

/// A moment of exact time: whole ticks of a nanosecond, and the rest of one. It is as fine at the end of a long run as at its start.
#[derive(Debug, Clone, Copy)]
pub struct Time {
    /// Whole nanoseconds.
    pub tick: u64,
    /// The rest, in [0, 1).
    pub fraction: f64,
}

impl Time {
    /// The start.
    pub const ZERO: Self = Self::at_tick(0);

    /// A whole nanosecond.
    #[must_use]
    pub const fn at_tick(tick: u64) -> Self {
        Self { tick, fraction: 0.0 }
    }

    /// A time in ms, not below zero. Within 10⁻⁵ of a whole nanosecond, it is that: a decimal in ms is not exact in binary.
    #[must_use]
    pub fn of_ms(ms: f64) -> Self {
        let ticks = ms / EXACT_TICK_MS;
        let nearest = ticks.round();
        if (ticks - nearest).abs() < 1e-5 { Self::at_tick(nearest as u64) } else { Self::ZERO.after_ms(ms) }
    }

    /// So many ms later; `ms` is not below zero.
    #[must_use]
    pub fn after_ms(self, ms: f64) -> Self {
        let ticks = ms / EXACT_TICK_MS;
        self.plus(Self { tick: ticks as u64, fraction: ticks - ticks.floor() })
    }

    /// Later by a duration, which is given as the time from the start.
    #[must_use]
    pub fn plus(self, duration: Self) -> Self {
        let (tick, fraction) = (self.tick.saturating_add(duration.tick), self.fraction + duration.fraction);
        if fraction < 1.0 { Self { tick, fraction } } else { Self { tick: tick.saturating_add(1), fraction: fraction - 1.0 } }
    }

    /// So many ticks later.
    #[must_use]
    pub fn after_ticks(self, ticks: u64) -> Self {
        Self { tick: self.tick.saturating_add(ticks), ..self }
    }

    /// Milliseconds since an earlier moment; below zero where it is later.
    #[must_use]
    pub fn ms_since(self, earlier: Self) -> f64 {
        let ticks =
            if self.tick >= earlier.tick { (self.tick - earlier.tick) as f64 } else { -((earlier.tick - self.tick) as f64) };
        (ticks + (self.fraction - earlier.fraction)) * EXACT_TICK_MS
    }

    /// Milliseconds since the start.
    #[must_use]
    pub fn ms(self) -> f64 {
        self.ms_since(Self::ZERO)
    }
}

impl PartialEq for Time {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Time {}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> Ordering {
        self.tick.cmp(&other.tick).then(self.fraction.total_cmp(&other.fraction))
    }
}

/// What one sample puts into an input population, tick by tick.
#[derive(Debug, Clone, PartialEq)]
pub enum InputTrain {
    /// Spikes: `ticks[t]` lists the channels that spike in tick t + 1 of the run, ascending. A channel that spikes twice in a
    /// tick stands there twice.
    Spikes(Vec<Vec<u32>>),
    /// The same values in every tick.
    Constant(Vec<f64>),
    /// A row of values for every tick: `values[t * channels + c]` in tick t + 1.
    Frames {
        /// Channels.
        channels: usize,
        /// Row by row.
        values: Vec<f64>,
    },
}

impl InputTrain {
    /// What is left of it after so many ticks.
    #[must_use]
    pub fn after(self, ticks: u64) -> Self {
        let ticks = usize::try_from(ticks).unwrap_or(usize::MAX);
        match self {
            Self::Spikes(mut spikes) => Self::Spikes(spikes.split_off(ticks.min(spikes.len()))),
            Self::Constant(values) => Self::Constant(values),
            Self::Frames { channels, mut values } => {
                let values = values.split_off(ticks.saturating_mul(channels).min(values.len()));
                Self::Frames { channels, values }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_time_does_not_grow_coarse() {
        let late = Time::at_tick(1 << 50);
        let then = late.after_ms(1e-6 / 3.0);
        assert!((then.ms_since(late) - 1e-6 / 3.0).abs() < 1e-21 && then > late);
        assert_eq!(then.after_ms(2e-6 / 3.0).ms_since(late), 1e-6);
        assert_eq!(Time::of_ms(0.1), Time::at_tick(100_000));
        assert_eq!(Time::of_ms(181.7), Time::at_tick(181_700_000));
        let off = Time::of_ms(1.231_633_392_417_484_7);
        assert_eq!(off.tick, 1_231_633);
        assert!((off.ms() - 1.231_633_392_417_484_7).abs() < 1e-15);
        assert_eq!(Time::ZERO.ms_since(late), -late.ms());
        assert_eq!(off.after_ticks(500_000).ms_since(off), 0.5);
    }
}
