//! What to simulate: pure data, no behaviour.
//!
//! A [`Network`] is a set of [`Population`]s of like neurons, joined by [`Projection`]s and driven by [`Stimulus`]es. Every file
//! format reads into it and the compiler reads from it. Times are milliseconds, voltages millivolts, currents picoamperes,
//! capacitances picofarads, rates hertz; networks of trained weights ([`Network::unitless`]) use plain numbers for
//! voltage and current, and milliseconds all the same.

mod coefficients;
mod connect;
mod convolution;
mod dense;
pub mod quantise;
mod scale;
mod stimulus;
mod validate;
mod words;

pub use coefficients::Coefficients;
pub use connect::{Connect, Delay, Matrix, Projection, Weight};
pub use convolution::Convolution;
pub use dense::{Activation, DenseLayer, DenseMatrix, DenseNetwork, DenseWeights};
pub use scale::MAX_SCALE;
pub(crate) use stimulus::whole_ticks;
pub use stimulus::{CurrentStep, Drive, Stimulus, Target};
pub(crate) use validate::{Unsure, not_whole, suggestion, unknown_param, unknown_variable};

use crate::neuron::{ModelRef, Semantics, Values};
use std::collections::BTreeMap;

/// The largest number of neurons in one network: indices are 32 bits wide.
pub const MAX_NEURONS: u64 = u32::MAX as u64;

/// A whole network: what a file describes.
#[derive(Debug, Clone)]
pub struct Network {
    /// Its name.
    pub name: String,
    /// The grid of spike times, ms.
    pub dt_ms: Option<f64>,
    /// Simulated time of a plain run, ms.
    pub duration_ms: Option<f64>,
    /// The seed of every random draw.
    pub seed: u64,
    /// Voltages, currents and weights are plain numbers, as NIR has them.
    pub unitless: bool,
    /// How the discrete-time neurons of trained networks step; other models have one meaning and ignore it.
    pub semantics: Semantics,
    /// Neurons.
    pub populations: Vec<Population>,
    /// Connections.
    pub projections: Vec<Projection>,
    /// What drives it from outside.
    pub stimuli: Vec<Stimulus>,
    /// What to record.
    pub record: Record,
    /// The population whose activity is the answer (NIR's `Output`), where there is one.
    pub readout: Option<String>,
    /// The population that takes a data set's samples (NIR's `Input`), where there is one.
    pub input: Option<String>,
    /// What the file says about how it is meant to be used.
    pub hints: Hints,
    /// What a reader had to assume or could not carry over: shown as caveats.
    pub notes: Vec<String>,
    /// Of populations whose neurons have other ids in the file that they are from than their places here: those ids. Files of results
    /// speak of them.
    pub node_ids: BTreeMap<String, NodeIds>,
}

/// What the neurons of a population are called in the file that they are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeIds {
    /// The population in the file; several of one model each may be parts of it.
    pub population: String,
    /// The id of each neuron.
    pub ids: Vec<u64>,
}

impl Network {
    /// An empty network.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            dt_ms: None,
            duration_ms: None,
            seed: 1,
            unitless: false,
            semantics: Semantics::default(),
            populations: Vec::new(),
            projections: Vec::new(),
            stimuli: Vec::new(),
            record: Record::default(),
            readout: None,
            input: None,
            hints: Hints::default(),
            notes: Vec::new(),
            node_ids: BTreeMap::new(),
        }
    }

    /// The index of a population.
    #[must_use]
    pub fn population(&self, name: &str) -> Option<usize> {
        self.populations.iter().position(|p| p.name == name)
    }
}

/// Like neurons under one name.
#[derive(Debug, Clone)]
pub struct Population {
    /// Its name, unique in the network.
    pub name: String,
    /// Number of neurons.
    pub size: usize,
    /// Shape of the neurons' array where the file has one (`[8, 8]`); its product is `size`.
    pub shape: Vec<usize>,
    /// The neuron model.
    pub model: ModelRef,
    /// Parameters given, by name; the others take their model's default.
    pub params: BTreeMap<String, Values>,
    /// Initial values of state variables, by name (`v`).
    pub init: BTreeMap<String, Values>,
}

/// What to record.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// Populations whose spikes are kept.
    pub spikes: Vec<String>,
    /// Membranes (and other state variables) that are sampled.
    pub traces: Vec<TraceRequest>,
}

/// State variables of some neurons of a population, sampled at even times.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceRequest {
    /// The population.
    pub population: String,
    /// The variable (`v`).
    pub variable: String,
    /// The neurons; empty for all.
    pub ids: Vec<u32>,
    /// Sampling interval, ms; every tick where absent.
    pub every_ms: Option<f64>,
}

/// What a file says about how it is meant to be used. The command line overrides it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hints {
    /// Encoding of samples (`direct`, `rate`, `latency`).
    pub encode: Option<String>,
    /// Steps of one sample.
    pub steps: Option<u64>,
    /// How to read the answer (`count`, `first_spike`, `max_membrane`).
    pub decode: Option<String>,
}
