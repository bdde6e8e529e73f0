//! The benches and their cases.

use crate::diagnostic::Result;
use crate::format::toml::parse;
use crate::network::{Connect, Drive, Network};
use std::path::Path;

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
        cases: || vec![case("cuba-4k", "full", 5000.0, || cuba(1.0))],
    },
    Bench {
        name: "cuba-40k",
        question: "Does the cost of few events grow with the neurons alone, beyond the caches?",
        cases: || vec![case("cuba-40k", "full", 1000.0, || cuba(10.0))],
    },
    Bench {
        name: "sparse",
        question: "Does the cost follow events or neurons × steps: out-degree 100, each event from outside one spike?",
        cases: || {
            let sizes = [("1e4", 1e4, 5000.0), ("1e5", 1e5, 1000.0), ("1e6", 1e6, 200.0)];
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
            let cases = [("1e5", 1e5, 4.0), ("2e5", 2e5, 2.0), ("4e5", 4e5, 1.0)];
            cases.into_iter().map(|(n, size, rate)| case("doubling", n, 500.0, move || sparse(size, rate))).collect()
        },
    },
];

/// A network and for how long it runs.
pub struct Case {
    /// Its bench.
    pub bench: &'static str,
    /// Its name within the bench.
    pub name: String,
    /// Simulated time of a measured run, ms.
    pub duration_ms: f64,
    network: Box<dyn Fn() -> Result<Network>>,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case").field("bench", &self.bench).field("name", &self.name).finish_non_exhaustive()
    }
}

impl Case {
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
    Case { bench, name: name.into(), duration_ms, network: Box::new(network) }
}

/// The same network with fewer neurons and synapses, for trying out: its activity is another.
fn shrunk(mut network: Network, size: f64) -> Network {
    if size == 1.0 {
        return network;
    }
    for population in &mut network.populations {
        resize(population, population.size as f64 * size);
    }
    for projection in &mut network.projections {
        let fewer = |k: u32| ((f64::from(k) * size).ceil() as u32).max(1);
        match &mut projection.connect {
            Connect::FixedIndegree(k) | Connect::FixedOutdegree(k) => *k = fewer(*k),
            _ => {}
        }
    }
    network
}

fn resize(population: &mut crate::network::Population, size: f64) {
    population.size = (size.round() as usize).max(1);
    population.shape = vec![population.size];
}

fn text(name: &str, text: &str) -> Result<Network> {
    parse(text, Path::new(name), Path::new(""))
}

fn brunel() -> Result<Network> {
    text("brunel.toml", include_str!("brunel.toml"))
}

/// So many times the neurons of the text, each with as many inputs.
fn cuba(neurons: f64) -> Result<Network> {
    let mut network = text("cuba.toml", include_str!("cuba.toml"))?;
    for population in &mut network.populations {
        resize(population, population.size as f64 * neurons);
    }
    Ok(network)
}

fn sparse(size: f64, rate: f64) -> Result<Network> {
    let mut network = text("sparse.toml", include_str!("sparse.toml"))?;
    network.populations.iter_mut().for_each(|population| resize(population, size));
    if rate == 0.0 {
        network.stimuli.clear();
    }
    for stimulus in &mut network.stimuli {
        if let Drive::Poisson { rate_hz, .. } = &mut stimulus.drive {
            *rate_hz = rate;
        }
    }
    Ok(network)
}

/// Neurons alone.
fn silent() -> Result<Network> {
    let mut network = sparse(1e6, 0.0)?;
    network.name = "silent".into();
    network.projections.clear();
    Ok(network)
}
