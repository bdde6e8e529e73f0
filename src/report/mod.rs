//! What happened, in numbers, words and tables.
//!
//! A [`Report`] is plain data: the JSON of `--json`, the root attribute of a result file, the terminal text and the HTML page are
//! four views of it. The keys are a contract (`spikewatt.report/1`, [`SCHEMA`]): keys may be added, never renamed. A part that does not
//! apply is absent, never zero, so that a reader can tell "nothing happened" from "not measured".

mod answers;
mod break_even;
mod comparison;
mod facts;
mod html;
mod json;
mod placement;
mod precision;
mod replay;
mod sections;
mod text;

#[cfg(test)]
mod answers_example;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod examples_answers;
#[cfg(test)]
mod tests;

pub use answers::{
    AnswersPart, ByStepPart, DeviceAnswer, EnergyByStep, LatencyAnswer, LeastAnswer, PowerTermEntry, RatioEntry, SystemAnswer,
    WindowsPart, WorstWindow,
};
pub use break_even::{
    AccountEntry, AccountTermEntry, BesideEntry, CrossingEntry, CurveEntry, CurvePointEntry, DifferenceEntry, LayerEnergyEntry,
};
pub use comparison::{
    Boundary, BreakEven, CriterionEntry, DeviceKind, EnergyEntry, EnergyTerm, Range, Runs, VerdictPart, Winner,
};
pub use facts::{
    CountsPart, DenseLayerEntry, DensePart, NeurobenchPart, PopulationCountsEntry, ProjectionCountsEntry, SynapticOperations,
    TaskPart,
};
pub use html::{to_html, write_html};
pub use json::{from_json, to_json, write_json};
pub use placement::{PlacementEntry, UtilisationEntry};
pub use precision::{
    BatchEntry, DenseVariantEntry, FormEnergyEntry, Interval, PrecisionEntry, ProjectionErrorEntry, UtilisedEntry, wilson,
};
pub use replay::ReplayPart;
pub use text::{TextOptions, render};

use serde::{Deserialize, Serialize};

/// The name and version of the report's keys, the value of its key `schema`.
pub const SCHEMA_ID: &str = "spikewatt.report/1";

/// The JSON schema of a report (draft 2020-12), with a description and the unit of every key.
pub const SCHEMA: &str = include_str!("report.schema.json");

/// Everything there is to say about a run or a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`SCHEMA_ID`].
    pub schema: String,
    /// What was simulated.
    pub network: NetworkPart,
    /// How it was simulated.
    pub run: RunPart,
    /// What happened.
    pub counts: CountsPart,
    /// Predictions and accuracy, where the input was a labelled or classified data set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskPart>,
    /// The figures of the `NeuroBench` algorithm track.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub neurobench: Option<NeurobenchPart>,
    /// The dense network that does the same job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dense: Option<DensePart>,
    /// The spiking network run as devices hold it, in their bits. Empty (and absent in JSON) where nobody asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub precision: Vec<PrecisionEntry>,
    /// The price on each device. Empty (and absent in JSON) where nothing was priced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub energy: Vec<EnergyEntry>,
    /// Answers to what a product asks. Absent where nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<AnswersPart>,
    /// Which network wins, in words and figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<VerdictPart>,
    /// What other tools print for the same network. Empty (and absent in JSON) where nobody asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<AccountEntry>,
    /// What to keep in mind when reading the figures.
    pub caveats: Vec<String>,
}

/// What was simulated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkPart {
    /// Its name.
    pub name: String,
    /// SHA-256 of the network file, 64 hexadecimal digits. Absent for a network that was built in memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Neurons, input populations included.
    pub neurons: u64,
    /// Synapses.
    pub synapses: u64,
    /// Its populations, in the network's order.
    pub populations: Vec<PopulationEntry>,
}

/// One population of the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PopulationEntry {
    /// Its name.
    pub name: String,
    /// Its neuron model.
    pub model: String,
    /// Its neurons.
    pub size: u64,
}

/// How it was simulated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunPart {
    /// The engine that ran: `event`, `clock` or `reference`.
    pub engine: String,
    /// Why this engine.
    pub engine_reason: String,
    /// The semantics of the file's framework that were followed. Absent where the network file leaves no choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub semantics: Option<String>,
    /// Length of a step, seconds. Absent in exact mode, where spike times lie on no grid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dt_s: Option<f64>,
    /// Simulated time of one sample (of the run, where there are no samples), seconds.
    pub duration_s: f64,
    /// Steps of one sample. Absent in exact mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<u64>,
    /// Samples run; 1 for a plain run.
    pub samples: u64,
    /// Seed of all random draws.
    pub seed: u64,
    /// Threads used. The results do not depend on them.
    pub threads: u64,
    /// Wall-clock time to build the network, seconds.
    pub build_wall_s: f64,
    /// Wall-clock time to run it, seconds.
    pub run_wall_s: f64,
    /// The most memory the process held, bytes. Absent where the system does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_memory_bytes: Option<u64>,
    /// The input data, as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// SHA-256 of the input file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_sha256: Option<String>,
    /// SHA-256 of the dense network's file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dense_sha256: Option<String>,
    /// SHA-256 that stands for every spike of the run (see `spikewatt::record::SpikeDigest`). Absent where nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spikes_sha256: Option<String>,
    /// What was chosen, so that the run can be repeated. Absent for a run that was not made by the command line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replay: Option<ReplayPart>,
    /// Version of the program that wrote the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// True where the run was interrupted: duration, samples and counts cover only what ran until then. Absent otherwise.
    #[serde(default, skip_serializing_if = "is_false")]
    pub partial: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}
