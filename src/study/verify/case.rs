//! A case, and what it found.

use crate::diagnostic::Result;
use crate::study::{Progress, Steps};
use serde::Serialize;
use std::time::Instant;

/// How cases are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifySettings {
    /// Threads of networks.
    pub threads: usize,
    /// Networks run as long as their stored runs did, or as their files say; otherwise they are cut short.
    pub full: bool,
}

impl Default for VerifySettings {
    fn default() -> Self {
        Self { threads: std::thread::available_parallelism().map_or(1, usize::from), full: false }
    }
}

type Check = dyn Fn(&VerifySettings, &dyn Progress) -> Result<Vec<Finding>>;

/// Something to run, and what should come out.
pub struct Case {
    /// Its oracle.
    pub oracle: &'static str,
    /// Its name within the oracle.
    pub name: &'static str,
    /// What is run.
    pub about: &'static str,
    /// What it is held to.
    pub against: &'static str,
    check: Box<Check>,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case").field("oracle", &self.oracle).field("name", &self.name).finish_non_exhaustive()
    }
}

impl Case {
    pub(super) fn new(
        oracle: &'static str,
        name: &'static str,
        about: &'static str,
        against: &'static str,
        check: impl Fn(&VerifySettings, &dyn Progress) -> Result<Vec<Finding>> + 'static,
    ) -> Self {
        Self { oracle, name, about, against, check: Box::new(check) }
    }

    /// Runs the case. One that cannot be run is a miss.
    #[must_use]
    pub fn verify(&self, settings: &VerifySettings, progress: &dyn Progress) -> CaseResult {
        let began = Instant::now();
        let name = format!("{}/{}", self.oracle, self.name);
        let findings = (self.check)(settings, &Named { name: &name, inner: progress }).unwrap_or_else(|wrong| {
            let mut finding = Finding::new("the case can be run", "complaints", 0.0);
            finding.note(wrong.iter().count() as f64, || wrong.to_string());
            vec![finding]
        });
        CaseResult { case: name, against: self.against.into(), wall_s: began.elapsed().as_secs_f64(), findings }
    }
}

/// What a case found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseResult {
    /// Oracle and case.
    pub case: String,
    /// What it was held to.
    pub against: String,
    /// Wall time, s.
    pub wall_s: f64,
    /// Quantity by quantity.
    pub findings: Vec<Finding>,
}

impl CaseResult {
    /// True where every quantity is as near as it must be.
    #[must_use]
    pub fn passed(&self) -> bool {
        !self.findings.is_empty() && self.findings.iter().all(|finding| finding.passed)
    }
}

/// How far a quantity is at worst from what should come out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// The quantity.
    pub quantity: String,
    /// How many values of it were compared.
    pub compared: u64,
    /// The unit of `worst` and `allowed`; `relative` is a part of the value, or of 1 where that is more, and `errors` are standard errors
    /// beyond the range of the stored runs.
    pub unit: String,
    /// The largest difference; no number (null in JSON) where a value was none.
    pub worst: f64,
    /// The largest that is allowed.
    pub allowed: f64,
    /// Where the largest difference is; empty where there is none.
    pub place: String,
    /// True where no difference is larger than allowed, and something was compared.
    pub passed: bool,
}

impl Finding {
    /// Nothing compared yet.
    pub(super) fn new(quantity: impl Into<String>, unit: &str, allowed: f64) -> Self {
        let (quantity, unit) = (quantity.into(), unit.to_owned());
        Self { quantity, compared: 0, unit, worst: 0.0, allowed, place: String::new(), passed: false }
    }

    /// Takes a difference into account.
    pub(super) fn note(&mut self, off: f64, place: impl FnOnce() -> String) {
        let within = off <= self.allowed;
        self.passed = within && (self.passed || self.compared == 0);
        self.compared += 1;
        // What is no number is worse than any number.
        if off > self.worst || (off.is_nan() && !self.worst.is_nan()) {
            (self.worst, self.place) = (off, place());
        }
    }

    /// Takes two ascending lists into account: the difference is the number of entries that only one of them has.
    pub(super) fn note_lists<T: Ord + std::fmt::Debug>(&mut self, found: &[T], expected: &[T], place: impl Fn() -> String) {
        let (mut here, mut there) = (found.iter().peekable(), expected.iter().peekable());
        let (mut alone, mut first) = (0u64, None);
        loop {
            let order = match (here.peek(), there.peek()) {
                (None, None) => break,
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some(a), Some(b)) => a.cmp(b),
            };
            if order.is_lt() {
                first = first.or(here.peek().map(|a| format!("{a:?} should not be")));
            }
            if order.is_gt() {
                first = first.or(there.peek().map(|b| format!("{b:?} is missing")));
            }
            alone += u64::from(order.is_ne());
            if order.is_le() {
                here.next();
            }
            if order.is_ge() {
                there.next();
            }
        }
        if expected.is_empty() && found.is_empty() {
            return;
        }
        self.note(alone as f64, || format!("{}, first {}", place(), first.unwrap_or_default()));
        self.compared += expected.len().saturating_sub(1) as u64;
    }
}

/// Says which case a stage belongs to.
struct Named<'a> {
    name: &'a str,
    inner: &'a dyn Progress,
}

impl Progress for Named<'_> {
    fn begin(&self, stage: &str, total: u64, steps: Steps) {
        self.inner.begin(&format!("{}, {stage}", self.name), total, steps);
    }

    fn advance(&self, steps: u64) {
        self.inner.advance(steps);
    }

    fn end(&self) {
        self.inner.end();
    }

    fn cancelled(&self) -> bool {
        self.inner.cancelled()
    }
}
