//! Benches of the engine: each answers a written question, on networks that peers were measured on too.
//!
//! A bench is a few cases; a case is a network and a simulated time or a number of samples. Measured are construction, wall time per
//! simulated second or per sample, synaptic events a second and memory; beside them stand what the machine can do at best, measured in the same run ([`limits`]), and what
//! the best peer was measured at ([`PEERS`]). Nothing here asserts a time: machines differ, and other work runs on them.

mod cases;
mod inference;
mod limits;
mod measure;
mod peers;
mod table;

pub use cases::{BENCHES, Bench, Case, Work};
pub use limits::{Limits, limits};
pub use measure::{BenchSettings, CaseResult, Spread, measure};
pub use peers::{GOALS, Goal, PEERS, Peer};

use crate::diagnostic::Result;
use crate::study::names::chosen;
use serde::Serialize;

/// What a set of benches found.
#[derive(Debug, Clone, Serialize)]
pub struct BenchReport {
    /// `spikewatt.bench/1`.
    pub schema: String,
    /// Version of the program.
    pub version: String,
    /// What the machine can do at best, measured in the same run.
    pub limits: Limits,
    /// Case by case.
    pub results: Vec<CaseResult>,
}

impl BenchReport {
    /// A report of these results.
    #[must_use]
    pub fn new(limits: Limits, results: Vec<CaseResult>) -> Self {
        Self { schema: "spikewatt.bench/1".into(), version: env!("CARGO_PKG_VERSION").into(), limits, results }
    }
}

/// The cases of a selection: `brunel`, `sparse`, or a part of a bench, `sparse/1e6`; in the order of [`BENCHES`], each once.
///
/// # Errors
/// Where a name is no bench, or no case of it begins so.
pub fn select(names: &[String]) -> Result<Vec<Case>> {
    let all = all();
    let known: Vec<_> = all.iter().map(|case| (case.bench, case.name.as_str())).collect();
    let chosen = chosen(names, &known, ("bench", "benches"))?;
    Ok(all.into_iter().zip(chosen).filter_map(|(case, chosen)| chosen.then_some(case)).collect())
}

fn all() -> Vec<Case> {
    BENCHES.iter().flat_map(|bench| (bench.cases)()).collect()
}

#[cfg(test)]
mod tests;
