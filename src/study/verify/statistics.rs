//! Networks of the textbook held to runs of the same networks in NEST, Brian2 and GeNN.
//!
//! Spikes of a network with noise, or chaos, of its own are not the same in two simulators; their statistics are. For every population
//! each figure must lie in the range of all stored runs, widened on either side by [`ERRORS`] standard errors of a run of ours:
//!
//! ```text
//! error = s √(stored window / our window)
//! ```
//!
//! with s the standard deviation between the seeds of one simulator, pooled over the simulators. What differs between simulators (two of them
//! never agree better than that) is in the range, and not in s. With three seeds of two simulators s has four degrees of freedom and is
//! itself too small by half now and then; hence as many errors. For deviations over n neurons, and for the silent part p of them, s is at
//! least what n draws give: a part of 1/√(2n), and √(p/n).
//!
//! Where our window is not the stored one, deviations over neurons and the silent part, which depend on its length, are not compared, and
//! figures of a neuron's intervals only where it has many ([`MANY`]). A much shorter window would need more errors: the range, which is wide for
//! s that is too small, stays while the errors grow. Seeds are fixed, so that what passes once passes always.

use super::{Case, Finding, VerifySettings};
use crate::diagnostic::{Diagnostic, Result};
use crate::record::Statistics;
use crate::study::lessons::lesson;
use crate::study::{Plan, Progress, Settings, run};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Standard errors that the range of the stored runs is widened by.
const ERRORS: f64 = 4.0;

/// Intervals of a neuron, on average, from which on their mean and their CV do not depend on the window: both are too small by about a part
/// of 1/n, since a window cuts long intervals more often than short ones.
const MANY: f64 = 50.0;

/// What a figure is of, and so whether windows of another length can be compared.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Of any window.
    Any,
    /// Of a neuron's intervals.
    Intervals,
    /// A deviation over neurons.
    Deviation,
    /// The part of the neurons without a spike.
    Silent,
}

/// A figure: its name in the stored files, what it is of, and ours.
type Figure = (&'static str, Kind, fn(&Statistics) -> Option<f64>);

const FIGURES: &[Figure] = &[
    ("rate_mean", Kind::Any, |s| Some(s.rate_hz.mean)),
    ("rate_sd_over_neurons", Kind::Deviation, |s| Some(s.rate_hz.sd)),
    ("silent_fraction", Kind::Silent, |s| Some(s.silent_fraction)),
    ("cv_isi_mean", Kind::Intervals, |s| s.cv.map(|cv| cv.mean)),
    ("cv_isi_sd", Kind::Deviation, |s| s.cv.map(|cv| cv.sd)),
    ("lv_isi", Kind::Intervals, |s| s.lv.map(|lv| lv.mean)),
    ("mean_isi_ms", Kind::Intervals, |s| s.mean_interval_ms),
    ("corr_mean", Kind::Any, |s| s.correlation.map(|c| c.pairs.mean)),
    ("pop_count_fano_1ms", Kind::Any, |s| s.fano_1ms),
    ("pop_count_fano_2ms", Kind::Any, |s| s.fano_2ms),
];

/// A network and its stored runs.
struct Stored {
    name: &'static str,
    lesson: &'static str,
    set: &'static [(&'static str, &'static str)],
    about: &'static str,
    against: &'static str,
    /// Simulator and text of each run, those of a simulator together.
    runs: &'static [(&'static str, &'static str)],
    /// Our populations and theirs.
    populations: &'static [(&'static str, &'static str)],
    /// Simulated time after what the stored runs left out, ms, where time is short; absent where the stored window is short enough.
    short_ms: Option<f64>,
}

macro_rules! runs {
    ($($simulator:literal $name:literal),* $(,)?) => {
        &[$(($simulator, include_str!(concat!("data/statistics/", $name, ".json")))),*]
    };
}

const EI: &[(&str, &str)] = &[("e", "E"), ("i", "I")];

const STORED: &[Stored] = &[
    Stored {
        name: "brunel",
        lesson: "06-brunel-2000",
        set: &[],
        about: "Brunel's network, 6 runs over 5 s",
        against: "NEST 3.10, GeNN 5.4",
        runs: runs![
            "GeNN" "b1_genn_seed1", "GeNN" "b1_genn_seed2", "GeNN" "b1_genn_seed3",
            "NEST" "b1_nest_seed1", "NEST" "b1_nest_seed2", "NEST" "b1_nest_seed3",
        ],
        populations: EI,
        short_ms: Some(1500.0),
    },
    Stored {
        name: "cuba",
        lesson: "07-vogels-abbott-cuba",
        set: &[],
        about: "Vogels and Abbott's with currents, 6 runs over 10 s",
        against: "NEST 3.10, Brian2 2.9",
        runs: runs![
            "Brian2" "cuba_brian2_rep1", "Brian2" "cuba_brian2_rep2", "Brian2" "cuba_brian2_rep3",
            "NEST" "cuba_nest_seed1", "NEST" "cuba_nest_seed2", "NEST" "cuba_nest_seed3",
        ],
        populations: EI,
        short_ms: None,
    },
    Stored {
        name: "coba",
        lesson: "08-vogels-abbott-coba",
        set: &[],
        about: "Vogels and Abbott's with conductances, 6 runs over 10 s",
        against: "NEST 3.10, Brian2 2.9",
        runs: runs![
            "Brian2" "coba_brian2_rep1", "Brian2" "coba_brian2_rep2", "Brian2" "coba_brian2_rep3",
            "NEST" "coba_nest_seed1", "NEST" "coba_nest_seed2", "NEST" "coba_nest_seed3",
        ],
        populations: EI,
        short_ms: None,
    },
    Stored {
        name: "microcircuit-0.1",
        lesson: "10-microcircuit",
        set: &[("scale", "0.1")],
        about: "a tenth of the cortical microcircuit, 6 runs over 10 s",
        against: "NEST 3.10, GeNN 5.4",
        runs: runs![
            "GeNN" "b3_scale0.1_genn_seed1", "GeNN" "b3_scale0.1_genn_seed2", "GeNN" "b3_scale0.1_genn_seed3",
            "NEST" "b3_scale0.1_nest_seed1", "NEST" "b3_scale0.1_nest_seed2", "NEST" "b3_scale0.1_nest_seed3",
        ],
        populations: &[
            ("L23E", "L23E"),
            ("L23I", "L23I"),
            ("L4E", "L4E"),
            ("L4I", "L4I"),
            ("L5E", "L5E"),
            ("L5I", "L5I"),
            ("L6E", "L6E"),
            ("L6I", "L6I"),
        ],
        short_ms: None,
    },
];

pub(super) fn cases() -> Vec<Case> {
    let case = |stored: &'static Stored| {
        Case::new("statistics", stored.name, stored.about, stored.against, move |settings, progress| {
            stored.check(settings, progress)
        })
    };
    STORED.iter().map(case).collect()
}

/// A run in another simulator.
#[derive(Debug, Clone, Deserialize)]
struct Run {
    #[serde(skip)]
    simulator: &'static str,
    /// Beginning and end of what was looked at, ms.
    window_ms: (f64, f64),
    /// Figures of each population.
    populations: BTreeMap<String, BTreeMap<String, Value>>,
}

impl Run {
    fn figure(&self, population: &str, figure: &str) -> Result<f64> {
        let value = self.populations.get(population).and_then(|of| of.get(figure)).and_then(Value::as_f64);
        value.ok_or_else(|| Diagnostic::new(format!("a stored run has no `{figure}` of `{population}`")).into())
    }
}

impl Stored {
    fn runs(&self) -> Result<Vec<Run>> {
        let read = |(simulator, text): &(&'static str, &str)| {
            let run: Run = serde_json::from_str(text)
                .map_err(|error| Diagnostic::new(format!("a stored run is not as it should be: {error}")))?;
            Ok(Run { simulator, ..run })
        };
        self.runs.iter().map(read).collect()
    }

    /// Runs the network and holds its populations to theirs.
    fn check(&self, settings: &VerifySettings, progress: &dyn Progress) -> Result<Vec<Finding>> {
        let runs = self.runs()?;
        let (begin, end) = runs[0].window_ms;
        let short = self.short_ms.filter(|_| !settings.full);
        let window = (begin, short.map_or(end, |ms| begin + ms));
        let set: Vec<_> = self.set.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        let network = lesson(self.lesson, &set)?;
        let plan = Plan::new(
            &network,
            None,
            &Settings { duration_ms: Some(window.1), threads: Some(settings.threads), ..Settings::default() },
        )?;
        let outcome = run(&network, None, &plan, progress)?;
        let missing = |what: &str| Diagnostic::new(format!("the network has no {what}"));
        let mut findings = Vec::new();
        for (ours, theirs) in self.populations {
            let at = outcome.net.populations.iter().position(|p| p.name == *ours).ok_or_else(|| missing(ours))?;
            let recorded = outcome.recorded.first().map(|r| &r.trains[..]).unwrap_or_default();
            let train = recorded.iter().find(|t| t.population == at).ok_or_else(|| missing("record of its spikes"))?;
            let size = outcome.net.populations[at].size;
            let mut neurons = Finding::new(format!("{ours}: neurons"), "neurons", 0.0);
            let expected = runs[0].figure(theirs, "n")?;
            neurons.note((size as f64 - expected).abs(), || format!("{size}, expected {expected}"));
            if !neurons.passed {
                findings.push(neurons);
            }
            let statistics = Statistics::new(train, size, outcome.net.dt_ms, window)?;
            findings.push(compare(ours, theirs, &statistics, &runs, window)?);
        }
        Ok(findings)
    }
}

/// Holds the figures of a population over our window to those of the stored runs.
fn compare(ours: &str, theirs: &str, statistics: &Statistics, runs: &[Run], window: (f64, f64)) -> Result<Finding> {
    let stored = runs[0].window_ms;
    let lengthening = (stored.1 - stored.0) / (window.1 - window.0);
    let intervals = statistics.rate_hz.mean * (window.1 - window.0) * 1e-3;
    let neurons = statistics.neurons as f64;
    let mut names = Vec::new();
    let mut finding = Finding::new("", "errors", ERRORS);
    for (name, kind, figure) in FIGURES {
        let comparable = match kind {
            Kind::Any => true,
            Kind::Intervals => lengthening == 1.0 || intervals >= MANY,
            Kind::Deviation | Kind::Silent => lengthening == 1.0,
        };
        if !comparable {
            continue;
        }
        names.push(*name);
        let found = figure(statistics).unwrap_or(f64::NAN);
        let (low, high, sd) = spread(runs, theirs, name)?;
        let least = match kind {
            Kind::Silent => (high.max(1.0 / neurons) / neurons).sqrt(),
            Kind::Deviation => high / (2.0 * neurons).sqrt(),
            Kind::Any | Kind::Intervals => 0.0,
        };
        let error = sd.max(least) * lengthening.sqrt();
        // Within the range a figure is not off at all. What is no number stays none.
        let beyond = if found.is_nan() { found } else { (low - found).max(found - high).max(0.0) };
        let off = if beyond > 0.0 { beyond / error } else { beyond };
        finding.note(off, || format!("{name}: {found:.5}, stored {low:.5} to {high:.5}, error {error:.5}"));
    }
    finding.quantity = format!("{ours}: {} figures", names.len());
    Ok(finding)
}

/// Lowest and highest stored value, and the pooled standard deviation between seeds of a simulator.
fn spread(runs: &[Run], population: &str, figure: &str) -> Result<(f64, f64, f64)> {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    let (mut squares, mut free) = (0.0, 0);
    for own in runs.chunk_by(|a, b| a.simulator == b.simulator) {
        let values = own.iter().map(|run| run.figure(population, figure)).collect::<Result<Vec<f64>>>()?;
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        squares += values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        free += values.len() - 1;
        (low, high) = values.iter().fold((low, high), |(low, high), value| (low.min(*value), high.max(*value)));
    }
    Ok((low, high, (squares / free as f64).sqrt()))
}
