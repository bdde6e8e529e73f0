//! A plan carried out.

use super::{Plan, Progress};
use crate::compile::{CompiledNetwork, memory};
use crate::counts::EventCounts;
use crate::dataset::Dataset;
use crate::dataset::decode::{Decoding, decide};
use crate::dataset::encode::{encode, left_out};
use crate::diagnostic::{Diagnostic, Result};
use crate::engine::{EngineKind, Simulation, run_samples};
use crate::network::Network;
use crate::record::{MemoryRecorder, Tally};
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
    /// Exact counts, all samples together.
    pub counts: EventCounts,
    /// What was recorded, sample by sample (one for a plain run).
    pub recorded: Vec<MemoryRecorder>,
    /// Answers, where there was a data set and a readout.
    pub task: Option<TaskOutcome>,
    /// Wall time to compile, seconds.
    pub build_wall_s: f64,
    /// Wall time to run, seconds.
    pub run_wall_s: f64,
    /// What a reader of the figures should know.
    pub notes: Vec<String>,
}

/// What the readout answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskOutcome {
    /// The class answered for each sample; absent where nothing was to be read (no first spike).
    pub predictions: Vec<Option<u32>>,
    /// Spikes of each readout neuron, sample by sample.
    pub readout_counts: Vec<Vec<u64>>,
}

impl TaskOutcome {
    /// Answers that equal the label; `None` where the data set has no labels. The samples are those of the plan that ran.
    #[must_use]
    pub fn correct(&self, dataset: &Dataset, samples: &[usize]) -> Option<u64> {
        let labels = dataset.labels.as_ref()?;
        Some(samples.iter().zip(&self.predictions).filter(|(s, p)| Some(labels[**s]) == **p).count() as u64)
    }
}

/// How many ticks of a plain run pass between two words of progress.
const TICKS_A_WORD: u64 = 256;

/// Refuses recordings that memory cannot hold. How many spikes there will be, nobody knows before.
fn traces_fit(recorder: &MemoryRecorder, plan: &Plan) -> Result<()> {
    let samples = plan.task.as_ref().map_or(1, |task| task.samples.len()) as f64;
    let values = recorder.traces.iter().map(|t| (plan.ticks / t.probe.every.max(1)) as f64 * (t.probe.ids.len() + 1) as f64);
    let bytes = 8.0 * samples * values.sum::<f64>();
    if memory::fits(bytes) {
        return Ok(());
    }
    let message = format!("the traces need about {} of memory, which this machine does not give", memory::shown(bytes));
    Err(Diagnostic::at("record", message).help("record fewer neurons, or less often: every = \"1 ms\"").into())
}

/// Compiles a network and runs it as planned.
///
/// # Errors
/// Where the network does not compile, or a sample cannot be encoded.
pub fn run(network: &Network, dataset: Option<&Dataset>, plan: &Plan, progress: &dyn Progress) -> Result<Outcome> {
    let began = Instant::now();
    // Samples run side by side, each on one thread.
    let threads = if plan.task.is_some() { 1 } else { plan.threads };
    let net = Arc::new(CompiledNetwork::for_threads(network, Some(plan.dt_ms), Some(plan.seed), threads)?);
    let recorder = MemoryRecorder::new(&net, &plan.record)?;
    traces_fit(&recorder, plan)?;
    let build_wall_s = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let mut notes = Vec::new();
    let (counts, recorded, task) = match (&plan.task, dataset) {
        (Some(task), Some(dataset)) => {
            let input = net.input.expect("a plan for a data set needs an input population");
            let membrane = task.decoding == Some(Decoding::MaxMembrane);
            // Without a readout the input's own spikes are tallied, and nobody looks.
            let tally = Tally::new(&net, net.readout.unwrap_or(input), membrane);
            progress.begin("samples", task.samples.len() as u64);
            let train = |at: usize| encode(dataset, task.samples[at], task.encoding, plan.ticks, net.dt_ms, plan.seed);
            let outcomes =
                run_samples(&net, input, task.samples.len(), plan.ticks, plan.threads, &tally, &recorder, train, || {
                    progress.advance(1);
                })?;
            progress.end();
            let lost: u64 = task.samples.iter().map(|&s| left_out(dataset, s, plan.ticks, net.dt_ms)).sum();
            if lost > 0 {
                notes.push(format!("{lost} input spikes come after the last step and were left out."));
            }
            let mut counts = EventCounts::zero(net.populations.len(), net.projections.len());
            let mut recorded = Vec::with_capacity(outcomes.len());
            let mut answers = TaskOutcome { predictions: Vec::new(), readout_counts: Vec::new() };
            for outcome in outcomes {
                counts += &outcome.counts;
                if let Some(decoding) = task.decoding {
                    let t = &outcome.tally;
                    answers.predictions.push(decide(decoding, &t.counts, &t.first, &t.highest).map(|class| class as u32));
                    answers.readout_counts.push(outcome.tally.counts);
                }
                recorded.push(outcome.recorded);
            }
            (counts, recorded, task.decoding.map(|_| answers))
        }
        _ => {
            let mut recorder = recorder;
            let mut simulation = Simulation::new(net.clone(), plan.threads);
            progress.begin("ticks", plan.ticks);
            let mut left = plan.ticks;
            while left > 0 {
                let now = left.min(TICKS_A_WORD.next_multiple_of(u64::from(net.min_delay.max(1))));
                simulation.run(now, &mut recorder);
                progress.advance(now);
                left -= now;
            }
            progress.end();
            (simulation.counts(), vec![recorder], None)
        }
    };
    let engine_reason = if net.min_delay == 0 {
        "layers pass on within a step, so every neuron is stepped and samples run side by side"
    } else {
        "it is the only engine of this version"
    };
    Ok(Outcome {
        engine: EngineKind::Clock,
        engine_reason: engine_reason.into(),
        counts,
        recorded,
        task,
        build_wall_s,
        run_wall_s: began.elapsed().as_secs_f64(),
        notes,
        net,
    })
}
