//! What the program is held to, checked where it runs: stored results of other simulators, closed forms, and its own executions set
//! against one another.
//!
//! An oracle is a few cases. A case runs something and says of each quantity how far it is at worst from what should come out, and how far it may
//! be. The stored results are in the binary, and the tests of the project check them by this same code.

mod agreement;
mod case;
mod closed_form;
mod nest;
mod neuron;
mod statistics;

pub use case::{Case, CaseResult, Finding, VerifySettings};

use super::names::chosen;
use crate::diagnostic::Result;
use serde::Serialize;

/// Something that results are held to, and its cases.
#[derive(Debug)]
pub struct Oracle {
    /// Its name.
    pub name: &'static str,
    /// What it holds to what.
    pub about: &'static str,
    /// Its cases.
    pub cases: fn() -> Vec<Case>,
}

/// Every oracle.
pub const ORACLES: &[Oracle] = &[
    Oracle {
        name: "nest",
        about: "single neurons, by every execution and in exact time, to the same neurons in NEST",
        cases: nest::cases,
    },
    Oracle { name: "closed-form", about: "single neurons, by every execution, to formulas", cases: closed_form::cases },
    Oracle {
        name: "agreement",
        about: "executions and numbers of shards to one another, on the textbook's networks",
        cases: agreement::cases,
    },
    Oracle {
        name: "statistics",
        about: "networks with noise or chaos of their own to the spread of other simulators' runs",
        cases: statistics::cases,
    },
];

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerifyReport {
    /// `spikewatt.verify/1`.
    pub schema: String,
    /// Version of the program.
    pub version: String,
    /// True where no case was missed.
    pub passed: bool,
    /// Cases in which a quantity is further off than it may be.
    pub missed: usize,
    /// Case by case.
    pub results: Vec<CaseResult>,
}

impl VerifyReport {
    /// A report of these results.
    #[must_use]
    pub fn new(results: Vec<CaseResult>) -> Self {
        let missed = results.iter().filter(|result| !result.passed()).count();
        Self {
            schema: "spikewatt.verify/1".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            passed: missed == 0,
            missed,
            results,
        }
    }
}

/// The cases of a selection: `nest`, or a part of an oracle, `nest/exp`; in the order of [`ORACLES`], each once. All where nothing is named.
///
/// # Errors
/// Where a name is no oracle, or no case of it begins so.
pub fn select(names: &[String]) -> Result<Vec<Case>> {
    let all: Vec<Case> = ORACLES.iter().flat_map(|oracle| (oracle.cases)()).collect();
    if names.is_empty() {
        return Ok(all);
    }
    let known: Vec<_> = all.iter().map(|case| (case.oracle, case.name)).collect();
    let chosen = chosen(names, &known, ("oracle", "oracles"))?;
    Ok(all.into_iter().zip(chosen).filter_map(|(case, chosen)| chosen.then_some(case)).collect())
}

#[cfg(test)]
mod tests;
