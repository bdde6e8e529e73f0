//! Stimuli: what drives a network from outside.

/// A stimulus onto a population.
#[derive(Debug, Clone, PartialEq)]
pub struct Stimulus {
    /// Its name.
    pub name: String,
    /// Whom it reaches.
    pub to: Target,
    /// What it brings.
    pub drive: Drive,
}

/// The neurons a stimulus reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The population.
    pub population: String,
    /// The neurons; empty for all.
    pub ids: Vec<u32>,
}

/// What a stimulus brings to each of its neurons.
#[derive(Debug, Clone, PartialEq)]
pub enum Drive {
    /// Independent Poisson events for each neuron.
    Poisson {
        /// Events per second and neuron.
        rate_hz: f64,
        /// Strength of one event.
        weight: f64,
        /// Delay, ms.
        delay_ms: f64,
        /// First and last time of events, ms, before the delay; open where absent.
        window_ms: (Option<f64>, Option<f64>),
    },
    /// Events at given times.
    Spikes {
        /// (position in the target's `ids`, or neuron where `ids` is empty; `None` for all of them; time in ms), any order.
        events: Vec<(Option<u32>, f64)>,
        /// Strength of one event.
        weight: f64,
        /// Delay, ms.
        delay_ms: f64,
    },
    /// Events at even intervals, the same for all neurons.
    Regular {
        /// Events per second.
        rate_hz: f64,
        /// Time of the first event, ms.
        start_ms: f64,
        /// Strength of one event.
        weight: f64,
        /// Delay, ms.
        delay_ms: f64,
    },
    /// A current that changes in steps; zero before the first.
    Current(Vec<CurrentStep>),
    /// A current that is drawn anew at even intervals and held between them, for each neuron on its own (NEST's `noise_generator`).
    ///
    /// In long run its mean is `mean` and its standard deviation `sd`; the shorter the interval, the less of it a membrane feels.
    /// Onto a membrane of time constant τ, resistance R, and held for δ, the potential at the end of an interval varies by
    /// `R² sd² (1 − e^(−δ/τ)) / (1 + e^(−δ/τ))`.
    Noise {
        /// Mean, pA (a plain number in a unitless network).
        mean: f64,
        /// Standard deviation, likewise.
        sd: f64,
        /// How long a value is held, ms: a whole number of ticks.
        interval_ms: f64,
        /// From when until when it acts, ms; open where absent.
        window_ms: (Option<f64>, Option<f64>),
    },
    /// The samples of a data set, given at run time.
    Dataset,
}

/// An interval in ticks, where it is a whole number of them, at least one.
pub(crate) fn whole_ticks(interval_ms: f64, dt_ms: f64) -> Option<u64> {
    let ticks = interval_ms / dt_ms;
    // The quotient of two decimals is off by a few rounding errors where it is whole.
    let whole = ticks.round();
    ((1.0..1e15).contains(&whole) && (ticks - whole).abs() <= 1e-9 * whole).then_some(whole as u64)
}

/// From this time on, this current.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurrentStep {
    /// Time, ms.
    pub at_ms: f64,
    /// Current, pA (a plain number in a unitless network).
    pub value: f64,
}
