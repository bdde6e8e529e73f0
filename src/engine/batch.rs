//! Samples of a data set, side by side: one network, one simulation a worker, the state wiped between samples.

use super::{EngineKind, Simulation};
use crate::compile::CompiledNetwork;
use crate::counts::EventCounts;
use crate::diagnostic::Result;
use crate::record::{Both, MemoryRecorder, Tally};
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
    let stopped = AtomicBool::new(false);
    let run = |simulation: &mut Simulation, sample: usize| {
        if stopped.load(Ordering::Relaxed) {
            return None;
        }
        let outcome = train(sample).map(|train| {
            simulation.reset(sample as u64 * ticks);
            simulation.set_input(input, Arc::new(train));
            let mut recorder = Both::new(tally.clone(), empty.clone());
            simulation.run(ticks, &mut recorder);
            SampleOutcome { sample, counts: simulation.counts(), tally: recorder.first, recorded: recorder.second }
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
