//! Spikes and what is put into a network: trains of spikes or of numbers.

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
