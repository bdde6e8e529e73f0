//! A plain run: a network for its duration.

use super::pieces::pieces_fit;
use super::run::Ran;
use super::{Keep, Plan, Progress, Steps};
use crate::compile::{CompiledNetwork, memory};
use crate::counts::EventCounts;
use crate::diagnostic::{Diagnostic, Result};
use crate::engine::{EngineKind, Simulation};
use crate::record::{Both, FileRecorder, MemoryRecorder, Recorder, Selection, Silent, SpikeDigest};
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
    if let Some(pieces) = plan.pieces {
        pieces_fit(pieces, plan.ticks, 1, net.populations.len(), net.projections.len())?;
    }
    let (mut file, mut recorded) = (None, Vec::new());
    let mut listened = |recorder: &mut dyn Recorder| advance(&mut simulation, plan, recorder, progress);
    let (pieces, digest) = match (&plan.keep, plan.digest) {
        (Keep::File(path), digest) => {
            let recorder = FileRecorder::begin(path, net, selection)?;
            let (pieces, digest, recorder) = if digest {
                let mut both = Both::new(recorder, SpikeDigest::new());
                (listened(&mut both), Some(both.second), both.first)
            } else {
                let mut recorder = recorder;
                (listened(&mut recorder), None, recorder)
            };
            recorder.check()?;
            file = Some(recorder);
            (pieces, digest.map(|digest| digest.digest()))
        }
        (Keep::Memory, digest) => {
            traces_fit(selection, plan.ticks as f64)?;
            let recorder = MemoryRecorder::of(net, selection);
            let mut recorder = if digest { recorder.digesting() } else { recorder };
            let pieces = listened(&mut recorder);
            let digest = recorder.digest();
            recorded.push(recorder);
            (pieces, digest)
        }
        (Keep::Nothing, true) => {
            let mut digest = SpikeDigest::new();
            (listened(&mut digest), Some(digest.digest()))
        }
        (Keep::Nothing, false) => (listened(&mut Silent), None),
    };
    let done = Plan { ticks: simulation.tick(), ..plan.clone() };
    Ok(Ran {
        partial: done.ticks < plan.ticks,
        done,
        counts: simulation.counts(),
        neuron_spikes: None,
        recorded,
        file,
        task: None,
        pieces: plan.pieces.map(|_| pieces).into_iter().collect(),
        spikes_sha256: digest.map(|digest| SpikeDigest::of_samples([digest])),
        notes: Vec::new(),
    })
}

/// Lets time pass in stretches: between two of them progress is told, and it is asked whether to go on. Gives the counts up to the end of each
/// piece of the plan.
fn advance(simulation: &mut Simulation, plan: &Plan, recorder: &mut dyn Recorder, progress: &dyn Progress) -> Vec<EventCounts> {
    // A stretch is long enough to cost nothing and short enough that nobody waits for it.
    const SHORT: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_millis(100);
    let ticks = plan.ticks;
    let window = u64::from(simulation.network().min_delay.max(1));
    let mut windows = 1;
    let mut pieces = Vec::new();
    progress.begin("simulating", ticks, Steps::Ticks { dt_s: simulation.network().dt_ms * 1e-3 });
    while simulation.tick() < ticks && !progress.cancelled() && !recorder.failed() {
        let tick = simulation.tick();
        let to_piece = plan.pieces.map_or(u64::MAX, |pieces| pieces.ticks - tick % pieces.ticks);
        let now = (ticks - tick).min(windows * window).min(to_piece);
        let began = Instant::now();
        simulation.run(now, recorder);
        if now == to_piece {
            pieces.push(simulation.counts());
        }
        progress.advance(now);
        let took = began.elapsed();
        if took < SHORT {
            windows = (windows * 2).min(1 << 20);
        } else if took > LONG {
            windows = (windows / 2).max(1);
        }
    }
    if plan.pieces.is_some() && pieces.last().is_none_or(|last| last.ticks < simulation.tick()) && simulation.tick() > 0 {
        // What came after the last whole piece.
        pieces.push(simulation.counts());
    }
    progress.end();
    pieces
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
