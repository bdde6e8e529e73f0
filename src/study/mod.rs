//! The main job, from opened files to a report: run a network, or compare it with its dense twin.
//!
//! The command line and the viewer both stand on this floor; it prints nothing and knows no terminal.

mod assemble;
mod compare;
mod machine;
mod plan;
mod run;

pub use assemble::{Provenance, report};
pub use compare::{Comparison, DEFAULT_DEVICES, DenseResult, compare, dense_result};
pub use machine::{peak_memory_bytes, sha256_of_file};
pub use plan::{Plan, Settings};
pub use run::{Outcome, TaskOutcome, run};

/// Who is told how far a long job is.
pub trait Progress: Sync {
    /// A stage of `total` steps begins.
    fn begin(&self, _stage: &str, _total: u64) {}

    /// So many more steps are done; from any thread.
    fn advance(&self, _steps: u64) {}

    /// The stage is over.
    fn end(&self) {}
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Progress for Quiet {}
