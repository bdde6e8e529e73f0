//! A plan carried out.

use super::plain::run_plain;
use super::samples::run_dataset;
use super::{Keep, Plan, Progress, Steps};
use crate::compile::CompiledNetwork;
use crate::counts::EventCounts;
use crate::dataset::Dataset;
use crate::diagnostic::Result;
use crate::engine::{Choice, EngineKind, choose};
use crate::network::Network;
use crate::record::{FileRecorder, MemoryRecorder, Selection, write_results};
use std::sync::Arc;
use std::time::Instant;

/// What a run did.
#[derive(Debug)]
pub struct Outcome {
    /// What ran.
    pub net: Arc<CompiledNetwork>,
    /// Which engine ran it.
    pub engine: EngineKind,
    /// Why that one.
    pub engine_reason: String,
    /// What was done: the plan, cut to the ticks or the samples that were run where the run was interrupted.
    pub done: Plan,
    /// True where the run was interrupted before it had done what was planned.
    pub partial: bool,
    /// Exact counts, all samples together.
    pub counts: EventCounts,
    /// Spikes of each neuron of each population, all samples together, where they were counted.
    pub neuron_spikes: Option<Vec<Vec<u64>>>,
    /// What was recorded into memory, sample by sample (one for a plain run).
    pub recorded: Vec<MemoryRecorder>,
    /// What a plain run has recorded into a file, until [`Outcome::write`] completes it.
    pub file: Option<FileRecorder>,
    /// Answers, where there was a data set and a readout.
    pub task: Option<TaskOutcome>,
    /// Counts from the start to the end of each piece, sample by sample (one for a plain run); empty where they were not asked for.
    pub pieces: Vec<Vec<EventCounts>>,
    /// The digest of all spikes ([`crate::record::SpikeDigest`]), where it was asked for.
    pub spikes_sha256: Option<String>,
    /// Wall time to compile, seconds.
    pub build_wall_s: f64,
    /// Wall time to run, seconds.
    pub run_wall_s: f64,
    /// What a reader of the figures should know.
    pub notes: Vec<String>,
}

impl Outcome {
    /// Completes the file of results that was planned ([`Keep::File`]) with the report, as JSON, in it. Without such a plan nothing
    /// is done.
    ///
    /// # Errors
    /// Where the file cannot be written. Nothing is left at its place then that was not there before.
    pub fn write(&mut self, report_json: &str) -> Result<()> {
        let Keep::File(path) = &self.done.keep else { return Ok(()) };
        match self.file.take() {
            Some(file) => file.finish(report_json, self.partial),
            None => {
                let samples: Vec<_> = self.recorded.iter().collect();
                write_results(path, &self.net, &samples, report_json, self.partial)
            }
        }
    }
}

/// What the readout answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskOutcome {
    /// The class answered for each sample; absent where nothing was to be read (no first spike).
    pub predictions: Vec<Option<u32>>,
    /// Spikes of each readout neuron, sample by sample.
    pub readout_counts: Vec<Vec<u64>>,
    /// The class that would be answered after each step, sample by sample; empty where it was not asked for.
    pub by_step: Vec<Vec<Option<u32>>>,
}

impl TaskOutcome {
    /// Answers that equal the label; `None` where the data set has no labels. The samples are those of the plan that ran.
    #[must_use]
    pub fn correct(&self, dataset: &Dataset, samples: &[usize]) -> Option<u64> {
        let labels = dataset.labels.as_ref()?;
        Some(samples.iter().zip(&self.predictions).filter(|(s, p)| Some(labels[**s]) == **p).count() as u64)
    }
}

/// What passes between compiling and the report, of either kind of run.
pub(super) struct Ran {
    pub(super) done: Plan,
    pub(super) partial: bool,
    pub(super) counts: EventCounts,
    pub(super) neuron_spikes: Option<Vec<Vec<u64>>>,
    pub(super) recorded: Vec<MemoryRecorder>,
    pub(super) file: Option<FileRecorder>,
    pub(super) task: Option<TaskOutcome>,
    pub(super) pieces: Vec<Vec<EventCounts>>,
    pub(super) spikes_sha256: Option<String>,
    pub(super) notes: Vec<String>,
}

/// Compiles a network and runs it as planned, or until `progress` says that it should stop.
///
/// A plain run stops at the end of a window of its minimum delay; of samples those that have begun come to their end.
///
/// # Errors
/// Where the network does not compile, a sample cannot be encoded, or what is recorded cannot be kept.
pub fn run(network: &Network, dataset: Option<&Dataset>, plan: &Plan, progress: &dyn Progress) -> Result<Outcome> {
    let began = Instant::now();
    progress.begin("building", 0, Steps::Things("synapses"));
    // Samples run side by side, each on one thread.
    let threads = if plan.task.is_some() { 1 } else { plan.threads };
    let net = Arc::new(CompiledNetwork::for_threads(network, (!plan.exact).then_some(plan.dt_ms), Some(plan.seed), threads)?);
    progress.end();
    let mut selection = Selection::new(&net, &plan.record)?;
    if plan.keep == Keep::Nothing {
        selection = Selection::default();
    }
    let build_wall_s = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let choice = match plan.engine {
        Some(engine) => Choice { engine, reason: "asked for".into() },
        None => choose(&net, plan.threads, plan.ticks),
    };
    let ran = match (&plan.task, dataset) {
        (Some(task), Some(dataset)) => run_dataset(&net, choice.engine, dataset, plan, task, &selection, progress),
        _ => run_plain(&net, choice.engine, plan, &selection, progress),
    }?;
    Ok(Outcome {
        engine: choice.engine,
        engine_reason: choice.reason,
        done: ran.done,
        partial: ran.partial,
        counts: ran.counts,
        neuron_spikes: ran.neuron_spikes,
        recorded: ran.recorded,
        file: ran.file,
        task: ran.task,
        pieces: ran.pieces,
        spikes_sha256: ran.spikes_sha256,
        build_wall_s,
        run_wall_s: began.elapsed().as_secs_f64(),
        notes: ran.notes,
        net,
    })
}
