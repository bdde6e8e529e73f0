//! A plain run: a network for its duration.

use super::run::Ran;
use super::{Keep, Plan, Progress, Steps};
use crate::compile::{CompiledNetwork, memory};
use crate::diagnostic::{Diagnostic, Result};
use crate::engine::{EngineKind, Simulation};
use crate::record::{FileRecorder, MemoryRecorder, Recorder, Selection, Silent};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Runs a network as planned, or until it should stop.
pub(super) fn run_plain(
    net: &Arc<CompiledNetwork>,
    engine: EngineKind,
    plan: &Plan,
    selection: &Selection,
    progress: &dyn Progress,
) -> Result<Ran> {
    let mut simulation = Simulation::with_engine(net.clone(), Simulation::worthwhile_threads(net, plan.threads, engine), engine);
    let (mut file, mut recorded) = (None, Vec::new());
    match &plan.keep {
        Keep::File(path) => {
            let mut recorder = FileRecorder::begin(path, net, selection)?;
            advance(&mut simulation, plan.ticks, &mut recorder, progress);
            recorder.check()?;
            file = Some(recorder);
        }
        Keep::Memory => {
            traces_fit(selection, plan.ticks as f64)?;
            let mut recorder = MemoryRecorder::of(net, selection);
            advance(&mut simulation, plan.ticks, &mut recorder, progress);
            recorded.push(recorder);
        }
        Keep::Nothing => advance(&mut simulation, plan.ticks, &mut Silent, progress),
    }
    let done = Plan { ticks: simulation.tick(), ..plan.clone() };
    Ok(Ran {
        partial: done.ticks < plan.ticks,
        done,
        counts: simulation.counts(),
        neuron_spikes: None,
        recorded,
        file,
        task: None,
        notes: Vec::new(),
    })
}

/// Lets time pass in pieces: between two of them progress is told, and it is asked whether to go on.
fn advance(simulation: &mut Simulation, ticks: u64, recorder: &mut dyn Recorder, progress: &dyn Progress) {
    // A piece is long enough to cost nothing and short enough that nobody waits for it.
    const SHORT: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_millis(100);
    let window = u64::from(simulation.network().min_delay.max(1));
    let mut windows = 1;
    progress.begin("simulating", ticks, Steps::Ticks { dt_s: simulation.network().dt_ms * 1e-3 });
    while simulation.tick() < ticks && !progress.cancelled() && !recorder.failed() {
        let now = (ticks - simulation.tick()).min(windows * window);
        let began = Instant::now();
        simulation.run(now, recorder);
        progress.advance(now);
        let took = began.elapsed();
        if took < SHORT {
            windows = (windows * 2).min(1 << 20);
        } else if took > LONG {
            windows = (windows / 2).max(1);
        }
    }
    progress.end();
}

/// Refuses traces that memory cannot hold, of so many ticks in all. How many spikes there will be, nobody knows before.
pub(super) fn traces_fit(selection: &Selection, ticks: f64) -> Result<()> {
    let values = selection.probes.iter().map(|p| (ticks / p.every.max(1) as f64) * (p.ids.len() + 1) as f64);
    let bytes = 8.0 * values.sum::<f64>();
    if memory::fits(bytes) {
        return Ok(());
    }
    let message = format!("the traces need about {} of memory, which this machine does not give", memory::shown(bytes));
    Err(Diagnostic::at("record", message).help("record fewer neurons, or less often: every = \"1 ms\"").into())
}
