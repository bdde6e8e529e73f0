//! Samples of a data set, side by side: one network, one simulation a worker, the state wiped between samples.

use super::{EngineKind, Simulation};
use crate::compile::CompiledNetwork;
use crate::counts::EventCounts;
use crate::diagnostic::Result;
use crate::record::{Both, MemoryRecorder, Recorder, Tally};
use crate::spike::InputTrain;
use rayon::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What one sample did.
#[derive(Debug, Clone)]
pub struct SampleOutcome {
    /// Which one.
    pub sample: usize,
    /// Exact counts.
    pub counts: EventCounts,
    /// What the readout did.
    pub tally: Tally,
    /// What was recorded.
    pub recorded: MemoryRecorder,
    /// Counts from its start to the end of each piece, the last those of all of it; empty where pieces were not asked for.
    pub pieces: Vec<EventCounts>,
}

/// Runs samples `0..samples`, each for `ticks` ticks from the initial state, and gives their outcomes in order.
///
/// `train(sample)` makes what the input population puts out; `empty` and `tally` are cloned for every sample; `next()` is called
/// after each one, from any thread, and says whether others should begin: where it does not, samples that have not begun are left out.
/// Outcomes are the same bits for any number of threads: samples share nothing but the network.
///
/// # Errors
/// What `train` says of the first sample, in order, that it cannot make.
#[allow(clippy::too_many_arguments)]
pub fn run_samples(
    net: &Arc<CompiledNetwork>,
    engine: EngineKind,
    input: usize,
    samples: usize,
    ticks: u64,
    threads: usize,
    tally: &Tally,
    empty: &MemoryRecorder,
    train: impl Fn(usize) -> Result<InputTrain> + Sync,
    next: impl Fn() -> bool + Sync,
) -> Result<Vec<SampleOutcome>> {
    run_samples_in_pieces(net, engine, input, samples, ticks, None, threads, tally, empty, train, next)
}

/// The same, with counts at the end of every piece of `pieces` ticks, and of the last one, which may be shorter. How a sample is cut changes
/// nothing else.
///
/// # Errors
/// As [`run_samples`].
#[allow(clippy::too_many_arguments)]
pub fn run_samples_in_pieces(
    net: &Arc<CompiledNetwork>,
    engine: EngineKind,
    input: usize,
    samples: usize,
    ticks: u64,
    pieces: Option<u64>,
    threads: usize,
    tally: &Tally,
    empty: &MemoryRecorder,
    train: impl Fn(usize) -> Result<InputTrain> + Sync,
    next: impl Fn() -> bool + Sync,
) -> Result<Vec<SampleOutcome>> {
    let stopped = AtomicBool::new(false);
    let run = |simulation: &mut Simulation, sample: usize| {
        if stopped.load(Ordering::Relaxed) {
            return None;
        }
        let outcome = train(sample).map(|train| {
            simulation.reset(sample as u64 * ticks);
            simulation.set_input(input, Arc::new(train));
            let mut recorder = Both::new(tally.clone(), empty.clone());
            let pieces = match pieces {
                Some(piece) => in_pieces(simulation, ticks, piece.max(1), &mut recorder),
                None => {
                    simulation.run(ticks, &mut recorder);
                    Vec::new()
                }
            };
            SampleOutcome { sample, counts: simulation.counts(), tally: recorder.first, recorded: recorder.second, pieces }
        });
        if !next() {
            stopped.store(true, Ordering::Relaxed);
        }
        Some(outcome)
    };
    let threads = threads.min(samples);
    let pool = (threads > 1).then(|| rayon::ThreadPoolBuilder::new().num_threads(threads).build().ok()).flatten();
    let outcomes: Vec<Option<Result<SampleOutcome>>> = match pool {
        Some(pool) => pool.install(|| {
            (0..samples)
                .into_par_iter()
                .map_init(|| Simulation::with_engine(net.clone(), 1, engine), |simulation, sample| run(simulation, sample))
                .collect()
        }),
        None => {
            let mut simulation = Simulation::with_engine(net.clone(), 1, engine);
            (0..samples).map(|sample| run(&mut simulation, sample)).collect()
        }
    };
    outcomes.into_iter().flatten().collect()
}

/// Runs to `ticks`, and counts at the end of each piece.
fn in_pieces(simulation: &mut Simulation, ticks: u64, piece: u64, recorder: &mut dyn Recorder) -> Vec<EventCounts> {
    let mut counts = Vec::new();
    while simulation.tick() < ticks {
        simulation.run(piece.min(ticks - simulation.tick()), recorder);
        counts.push(simulation.counts());
    }
    counts
}
