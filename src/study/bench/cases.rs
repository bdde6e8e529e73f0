//! The benches and their cases.

use super::inference;
use crate::diagnostic::Result;
use crate::network::{Connect, Network};
use crate::spike::InputTrain;
use crate::study::lessons::lesson;
use std::sync::Arc;

/// A question about the engine and the cases that answer it.
#[derive(Debug)]
pub struct Bench {
    /// Its name.
    pub name: &'static str,
    /// The question it answers.
    pub question: &'static str,
    /// Its cases.
    pub cases: fn() -> Vec<Case>,
}

/// Every bench.
pub const BENCHES: &[Bench] = &[
    Bench {
        name: "brunel",
        question: "Does delivery keep up where a thousand inputs a neuron are busy and random input is as costly as the network?",
        cases: || vec![case("brunel", "full", 1000.0, brunel)],
    },
    Bench {
        name: "cuba-4k",
        question: "What does a small network with few events cost, where peers pay for stepping its neurons?",
        cases: || vec![case("cuba-4k", "full", 5000.0, || cuba(4))],
    },
    Bench {
        name: "cuba-40k",
        question: "Does the cost of few events grow with the neurons alone, beyond the caches?",
        cases: || vec![case("cuba-40k", "full", 1000.0, || cuba(40))],
    },
    Bench {
        name: "microcircuit-0.1",
        question: "What does a tenth of a cortical microcircuit cost: drawn weights and delays, sparse and irregular activity?",
        cases: || vec![case("microcircuit-0.1", "full", 1000.0, || microcircuit("0.1"))],
    },
    Bench {
        name: "microcircuit-1.0",
        question: "How far from real time is the whole microcircuit, and does it fit a laptop's memory?",
        cases: || vec![case("microcircuit-1.0", "full", 200.0, || microcircuit("1.0"))],
    },
    Bench {
        name: "sparse",
        question: "Does the cost follow events or neurons × steps: out-degree 100, each event from outside one spike?",
        cases: || {
            let sizes = [("1e4", 10_000, 5000.0), ("1e5", 100_000, 1000.0), ("1e6", 1_000_000, 200.0)];
            let rates = [("0hz", 0.0), ("0.1hz", 0.1), ("1hz", 1.0), ("10hz", 10.0)];
            let cases = sizes.iter().flat_map(|&(n, size, ms)| {
                rates.iter().map(move |&(r, rate)| case("sparse", format!("{n}-{r}"), ms, move || sparse(size, rate)))
            });
            cases.collect()
        },
    },
    Bench {
        name: "silent",
        question: "What does a neuron cost that nothing ever reaches?",
        cases: || vec![case("silent", "1e6", 200.0, silent)],
    },
    Bench {
        name: "doubling",
        question: "Does the time stay when neurons double and the events of all together stay?",
        cases: || {
            let cases = [("1e5", 100_000, 4.0), ("2e5", 200_000, 2.0), ("4e5", 400_000, 1.0)];
            cases.into_iter().map(|(n, size, rate)| case("doubling", n, 500.0, move || sparse(size, rate))).collect()
        },
    },
    Bench {
        name: "inference",
        question: "What does an answer of a trained network cost (784-1024-1024-10, 100 steps), and does it follow the events: one sample alone, and a hundred?",
        cases: inference::cases,
    },
];

/// What is measured of a network.
#[derive(Clone)]
pub enum Work {
    /// It runs for so long, ms.
    Time(f64),
    /// It is shown so many samples: one alone, or many side by side.
    Samples {
        /// How many.
        number: u32,
        /// Steps of each.
        ticks: u64,
        /// What one of them puts in.
        train: Arc<dyn Fn(u32) -> InputTrain + Send + Sync>,
    },
}

/// A network and what is measured of it.
pub struct Case {
    /// Its bench.
    pub bench: &'static str,
    /// Its name within the bench.
    pub name: String,
    /// What is measured.
    pub work: Work,
    network: Box<dyn Fn() -> Result<Network>>,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case").field("bench", &self.bench).field("name", &self.name).finish_non_exhaustive()
    }
}

impl Case {
    pub(super) fn new(
        bench: &'static str,
        name: impl Into<String>,
        work: Work,
        network: impl Fn() -> Result<Network> + 'static,
    ) -> Self {
        Self { bench, name: name.into(), work, network: Box::new(network) }
    }

    /// Its network, at this fraction of its neurons and of each neuron's synapses (1 for the case itself).
    ///
    /// # Errors
    /// Where its text is no network: a mistake of this program.
    pub fn network(&self, size: f64) -> Result<Network> {
        Ok(shrunk((self.network)()?, size))
    }

    /// The question of its bench.
    #[must_use]
    pub fn question(&self) -> &'static str {
        BENCHES.iter().find(|bench| bench.name == self.bench).map_or("", |bench| bench.question)
    }
}

fn case(bench: &'static str, name: impl Into<String>, duration_ms: f64, network: impl Fn() -> Result<Network> + 'static) -> Case {
    Case::new(bench, name, Work::Time(duration_ms), network)
}

/// The same network with fewer neurons and synapses, for trying out: its activity is another. One of given weights stays as it is.
fn shrunk(mut network: Network, size: f64) -> Network {
    let given = network.projections.iter().any(|p| matches!(p.connect, Connect::Dense(_)));
    if size == 1.0 || given {
        return network;
    }
    for population in &mut network.populations {
        population.size = ((population.size as f64 * size).round() as usize).max(1);
        population.shape = vec![population.size];
    }
    for projection in &mut network.projections {
        let fewer = |k: u32| ((f64::from(k) * size).ceil() as u32).max(1);
        match &mut projection.connect {
            Connect::FixedIndegree(k) | Connect::FixedOutdegree(k) => *k = fewer(*k),
            Connect::FixedTotal(n) => *n = (*n as f64 * size * size).ceil() as u64,
            _ => {}
        }
    }
    network
}

fn brunel() -> Result<Network> {
    lesson("06-brunel-2000", &[])
}

/// So many thousand neurons, each with as many inputs.
fn cuba(thousands: u32) -> Result<Network> {
    let sizes = [("population.e.size", thousands * 800), ("population.i.size", thousands * 200)];
    lesson("07-vogels-abbott-cuba", &sizes.map(|(key, size)| (key, size.to_string())))
}

fn microcircuit(scale: &str) -> Result<Network> {
    lesson("10-microcircuit", &[("scale", scale.into())])
}

fn sparse(size: u32, rate_hz: f64) -> Result<Network> {
    let mut network = lesson(
        "09-sparse-activity",
        &[("population.n.size", size.to_string()), ("stimulus.outside.rate", format!("{rate_hz} Hz"))],
    )?;
    if rate_hz == 0.0 {
        network.stimuli.clear();
    }
    Ok(network)
}

/// Neurons alone.
fn silent() -> Result<Network> {
    let mut network = sparse(1_000_000, 0.0)?;
    network.name = "silent".into();
    network.projections.clear();
    Ok(network)
}
