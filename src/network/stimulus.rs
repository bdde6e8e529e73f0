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
    /// The samples of a data set, given at run time.
    Dataset,
}

/// From this time on, this current.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurrentStep {
    /// Time, ms.
    pub at_ms: f64,
    /// Current, pA (a plain number in a unitless network).
    pub value: f64,
}
