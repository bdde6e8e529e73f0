//! A case, measured.

use super::{Case, GOALS, PEERS, Peer, Work};
use crate::compile::CompiledNetwork;
use crate::counts::{EventCounts, TotalCounts};
use crate::diagnostic::{Diagnostic, Result};
use crate::engine::{EngineKind, Simulation, choose, run_samples};
use crate::record::{MemoryRecorder, Selection, Silent, Tally};
use crate::spike::InputTrain;
use crate::study::machine::{memory_bytes, peak_memory_bytes, reset_peak_memory};
use crate::study::{Progress, Steps};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Instant;

/// How a case is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BenchSettings {
    /// Threads.
    pub threads: usize,
    /// Simulated time of a measured run, or steps of a sample times dt, ms; the case's own where absent.
    pub duration_ms: Option<f64>,
    /// Measured runs, after one that is not measured.
    pub repeats: usize,
    /// The fraction of the neurons and of each neuron's synapses that there are; 1 for the case itself.
    pub size: f64,
}

impl Default for BenchSettings {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Self { threads, duration_ms: None, repeats: 3, size: 1.0 }
    }
}

/// Median and extremes of repeated measurements.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The median; of an even number the mean of the two in the middle.
    pub median: f64,
    /// The least.
    pub min: f64,
    /// The most.
    pub max: f64,
}

impl Spread {
    /// The spread of some measurements, at least one.
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        let median = if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 };
        Self { median, min: values[0], max: values[values.len() - 1] }
    }
}

/// What a case took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseResult {
    /// The bench.
    pub bench: String,
    /// The case.
    pub case: String,
    /// The question of the bench.
    pub question: String,
    /// Which engine ran.
    pub engine: String,
    /// Neurons.
    pub neurons: u64,
    /// Synapses.
    pub synapses: u64,
    /// Threads that were asked for.
    pub threads: usize,
    /// Samples of each measured run, where the case is shown samples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub samples: Option<u64>,
    /// Simulated time of each measured run, of all its samples together, s.
    pub simulated_s: f64,
    /// Measured runs.
    pub repeats: usize,
    /// Wall time to construct the network, s.
    pub build_wall_s: f64,
    /// Wall seconds of simulation, per simulated second or, where the case is shown samples, per sample.
    pub wall_s: Spread,
    /// Spikes of all measured runs.
    pub spikes: u64,
    /// Synaptic events of all measured runs.
    pub synaptic_events: u64,
    /// Stimulus events of all measured runs.
    pub stimulus_events: u64,
    /// Synaptic events in a wall second, over all measured runs.
    pub synaptic_events_per_wall_s: f64,
    /// The most memory that the process held, bytes. Absent where the system does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak_memory_bytes: Option<u64>,
    /// Memory that the constructed network takes, for each synapse. Absent where the system does not tell, or for so few synapses
    /// that it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_per_synapse: Option<f64>,
    /// The fastest peer at this case, on the machine that it was measured on. Absent where none was measured, and where the case is not
    /// run at its own size.
    #[serde(skip_serializing_if = "Option::is_none", skip_deserializing)]
    pub best_peer: Option<Peer>,
    /// How many times as fast as that peer: its wall time over ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times_as_fast_as_peer: Option<f64>,
    /// What the engine is meant to reach, by the same measure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal_wall_s: Option<f64>,
    /// What the limits of the machine that peers were measured on allow, by the same measure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_wall_s: Option<f64>,
}

impl CaseResult {
    /// A result from its JSON, as another process measured it.
    ///
    /// # Errors
    /// Where the text is no result.
    pub fn from_json(text: &str) -> Result<Self> {
        let result: Self = serde_json::from_str(text)
            .map_err(|error| Diagnostic::new(format!("expected the result of a bench, as JSON: {error}")))?;
        // The peers' table is this program's own, and is not read from anywhere; only a case at its own size is set beside it.
        let peer = result.times_as_fast_as_peer.and_then(|_| result.peer());
        Ok(Self { best_peer: peer, ..result })
    }

    fn peer(&self) -> Option<Peer> {
        let place = format!("{}/{}", self.bench, self.case);
        PEERS.iter().find(|peer| peer.case == place).copied()
    }
}

/// Measures a case. Its memory is told well only by a process that has measured no other case before, since what one frees the next may take.
///
/// # Errors
/// Where its network does not compile.
pub fn measure(case: &Case, settings: &BenchSettings, progress: &dyn Progress) -> Result<CaseResult> {
    // Fewer synapses than this are lost in the noise of the memory's pages.
    const WORTH_A_FIGURE: u64 = 1_000_000;
    reset_peak_memory();
    let before = memory_bytes();
    progress.begin(&format!("{}/{}, building", case.bench, case.name), 0, Steps::Things("synapses"));
    let network = case.network(settings.size)?;
    let began = Instant::now();
    let net = Arc::new(CompiledNetwork::for_threads(&network, None, None, settings.threads)?);
    let build_wall_s = began.elapsed().as_secs_f64();
    drop(network);
    let built = memory_bytes();
    progress.end();

    let place = format!("{}/{}", case.bench, case.name);
    let repeats = settings.repeats.max(1);
    let ran = match &case.work {
        Work::Time(ms) => run_on(&net, &place, *ms, repeats, settings, progress),
        Work::Samples { number, ticks, train } => {
            let ticks = settings.duration_ms.map_or(*ticks, |ms| net.ticks(ms).max(1));
            show(&net, &place, (*number, ticks), train.as_ref(), repeats, settings, progress)?
        }
    };
    let own_size = settings.size == 1.0;
    let goal = GOALS.iter().find(|g| g.case == place && own_size);
    let units = ran.samples.map_or(ran.simulated_s, |samples| samples as f64);
    let wall = Spread::of(ran.walls.iter().map(|wall| wall / units).collect());
    let best_peer = PEERS.iter().find(|peer| peer.case == place && own_size).copied();
    let synapses = net.synapses();
    let taken = before.zip(built).map(|(before, built)| built.saturating_sub(before) as f64 / synapses as f64);
    Ok(CaseResult {
        bench: case.bench.into(),
        case: case.name.clone(),
        question: case.question().into(),
        engine: ran.engine.name().into(),
        neurons: net.neurons(),
        synapses,
        threads: settings.threads,
        samples: ran.samples,
        simulated_s: ran.simulated_s,
        repeats,
        build_wall_s,
        wall_s: wall,
        spikes: ran.spikes,
        synaptic_events: ran.synaptic_events,
        stimulus_events: ran.stimulus_events,
        synaptic_events_per_wall_s: ran.synaptic_events as f64 / ran.walls.iter().sum::<f64>(),
        peak_memory_bytes: peak_memory_bytes(),
        bytes_per_synapse: taken.filter(|_| synapses >= WORTH_A_FIGURE),
        best_peer,
        times_as_fast_as_peer: best_peer.map(|peer| peer.wall_s / wall.median),
        goal_wall_s: goal.map(|g| g.wall_s),
        limit_wall_s: goal.and_then(|g| g.limit_s),
    })
}

/// What the measured runs of a case did.
struct Ran {
    engine: EngineKind,
    samples: Option<u64>,
    /// Of each run, s.
    simulated_s: f64,
    /// Of each run, s.
    walls: Vec<f64>,
    /// Of all runs.
    spikes: u64,
    synaptic_events: u64,
    stimulus_events: u64,
}

/// Runs a network on and on.
fn run_on(
    net: &Arc<CompiledNetwork>,
    place: &str,
    ms: f64,
    repeats: usize,
    settings: &BenchSettings,
    progress: &dyn Progress,
) -> Ran {
    let ticks = net.ticks(settings.duration_ms.unwrap_or(ms)).max(1);
    let engine = choose(net, settings.threads, ticks).engine;
    let threads = Simulation::worthwhile_threads(net, settings.threads, engine);
    let mut simulation = Simulation::with_engine(net.clone(), threads, engine);
    progress.begin(place, ticks * (repeats as u64 + 1), Steps::Ticks { dt_s: net.dt_ms * 1e-3 });
    // The first run fills queues and caches and lets the network find its activity.
    simulation.run(ticks, &mut Silent);
    progress.advance(ticks);
    let before = simulation.counts().total();
    let mut walls = Vec::with_capacity(repeats);
    for _ in 0..repeats {
        let began = Instant::now();
        simulation.run(ticks, &mut Silent);
        walls.push(began.elapsed().as_secs_f64());
        progress.advance(ticks);
    }
    progress.end();
    let after = simulation.counts().total();
    Ran {
        engine,
        samples: None,
        simulated_s: ticks as f64 * net.dt_ms * 1e-3,
        walls,
        spikes: after.spikes - before.spikes,
        synaptic_events: after.synaptic_events - before.synaptic_events,
        stimulus_events: after.stimulus_events - before.stimulus_events,
    }
}

/// Shows a network samples, again and again. One alone is shown a few times in a run, one after the other: it is over too soon to be timed.
fn show(
    net: &Arc<CompiledNetwork>,
    place: &str,
    (number, ticks): (u32, u64),
    train: &(dyn Fn(u32) -> InputTrain + Send + Sync),
    repeats: usize,
    settings: &BenchSettings,
    progress: &dyn Progress,
) -> Result<Ran> {
    const ALONE: u64 = 50;
    let rounds = if number == 1 { ALONE } else { 1 };
    let engine = choose(net, settings.threads, ticks).engine;
    let input = net.input.expect("a network that is shown samples has an input");
    let tally = Tally::new(net, net.readout.unwrap_or(input), false);
    let nothing = MemoryRecorder::of(net, &Selection::default());
    let trains: Vec<InputTrain> = (0..number).map(train).collect();
    progress.begin(place, repeats as u64 + 1, Steps::Things("runs"));
    let run = || {
        let mut counts = EventCounts::zero(net.populations.len(), net.projections.len());
        let began = Instant::now();
        for _ in 0..rounds {
            let shown = |sample: usize| Ok(trains[sample].clone());
            let outcomes =
                run_samples(net, engine, input, trains.len(), ticks, settings.threads, &tally, &nothing, shown, || true)?;
            outcomes.iter().for_each(|outcome| counts += &outcome.counts);
        }
        progress.advance(1);
        Ok((began.elapsed().as_secs_f64(), counts.total()))
    };
    run()?;
    let runs = (0..repeats).map(|_| run()).collect::<Result<Vec<_>>>()?;
    progress.end();
    let of_all = |of: fn(&TotalCounts) -> u64| runs.iter().map(|(_, counts)| of(counts)).sum();
    let samples = rounds * u64::from(number);
    Ok(Ran {
        engine,
        samples: Some(samples),
        simulated_s: (samples * ticks) as f64 * net.dt_ms * 1e-3,
        walls: runs.iter().map(|run| run.0).collect(),
        spikes: of_all(|counts| counts.spikes),
        synaptic_events: of_all(|counts| counts.synaptic_events),
        stimulus_events: of_all(|counts| counts.stimulus_events),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_median_and_extremes() {
        assert_eq!(Spread::of(vec![3.0, 1.0, 2.0]), Spread { median: 2.0, min: 1.0, max: 3.0 });
        assert_eq!(Spread::of(vec![4.0, 1.0, 2.0, 3.0]).median, 2.5);
    }
}
