//! Who is told how far a long job is, and may ask it to stop.

/// What the steps of a stage are, so that they can be put into words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Steps {
    /// Ticks of simulated time of this many seconds each.
    Ticks {
        /// Length of a tick, seconds.
        dt_s: f64,
    },
    /// Samples of a data set.
    Samples,
    /// Things of this name, many of them: `synapses`.
    Things(&'static str),
}

/// Who is told how far a long job is.
pub trait Progress: Sync {
    /// A stage of `total` steps begins. A total of 0 means that nobody knows how many there will be.
    fn begin(&self, _stage: &str, _total: u64, _steps: Steps) {}

    /// So many more steps are done; from any thread.
    fn advance(&self, _steps: u64) {}

    /// The stage is over.
    fn end(&self) {}

    /// True once the job should stop. It then ends soon and gives what it has, marked partial. Asked from any thread, often.
    fn cancelled(&self) -> bool {
        false
    }
}

/// Tells nobody, and lets every job come to its end.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Progress for Quiet {}
