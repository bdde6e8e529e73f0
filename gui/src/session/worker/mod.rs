//! The simulation's thread: commands in, time passes, the present and the past out.

mod samples;
mod tell;
mod watch;

use super::clock::Pacer;
use super::listener::Listener;
use super::notes::Notes;
use super::opening::Telling;
use super::{Command, CountsLog, History, Neuron, Scene, Shared, Source, Speed, Stage, Wake};
use crate::project::Edits;
use spikewatt::counts::EventCounts;
use spikewatt::diagnostic::Result;
use spikewatt::engine::{EngineKind, Simulation};
use spikewatt::record::{Both, Tally};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// A piece of time is simulated in about so long before commands are heard and the window is told.
const PIECE: Duration = Duration::from_millis(6);
/// The window is told again so soon where it was reading.
const RETRY: Duration = Duration::from_millis(4);
/// Complaints that are kept.
const COMPLAINTS: usize = 20;

/// Opens a source and lets it run as commanded, until the session ends.
pub(super) fn work(source: &Source, shared: &Shared, inbox: &Receiver<Command>, wake: &Wake) {
    if source.is_results() {
        return super::playback::work(source, shared, inbox, wake);
    }
    match Scene::open_telling(source, &Telling { shared, wake }).and_then(|scene| Worker::new(Arc::new(scene), shared, wake)) {
        Ok(mut worker) => worker.live(inbox),
        Err(wrong) => {
            shared.now.lock().unwrap_or_else(PoisonError::into_inner).stage = Stage::Failed(wrong);
            wake();
        }
    }
}

struct Worker<'a> {
    scene: Arc<Scene>,
    shared: &'a Shared,
    wake: &'a Wake,
    simulation: Simulation,
    heard: Both<Tally, Listener>,
    /// The last tick at which everything was counted, and the counts; absent where that was before a reset.
    counted: Option<(u64, EventCounts)>,
    /// When that was, and how long it took: events on their way are looked for, of which a large network has many.
    counting: (Instant, Duration),
    /// When the window was told last.
    told: Instant,
    /// Counts of the samples that have ended.
    before: EventCounts,
    /// The tick before the present sample's first one.
    base: u64,
    /// The place of the present sample among those of the plan.
    place: usize,
    keep_going: bool,
    playing: bool,
    /// Time passes until a neuron spikes.
    seeking: bool,
    pacer: Pacer,
    /// Ticks of a piece.
    piece: u64,
    watched: Vec<Neuron>,
    pace: (Instant, u64, f64),
    complaints: Vec<String>,
    complained: u64,
    edits_heard: u64,
    edits_refused: Option<String>,
    notes: Notes,
    /// The window was not told of the present, since it read the past.
    untold: bool,
}

impl<'a> Worker<'a> {
    fn new(scene: Arc<Scene>, shared: &'a Shared, wake: &'a Wake) -> Result<Self> {
        let net = scene.net.clone();
        let inputs: Vec<bool> = net.populations.iter().map(spikewatt::compile::CompiledPopulation::is_input).collect();
        let readout = net.readout.unwrap_or(net.populations.len().saturating_sub(1));
        let membrane = scene.task.as_ref().and_then(|t| t.decoding).is_some_and(|d| d.name() == "max_membrane");
        let engine = if net.exact { EngineKind::Event } else { EngineKind::Clock };
        let threads = Simulation::worthwhile_threads(&net, net.shards.count(), engine);
        let mut worker = Self {
            shared,
            wake,
            simulation: Simulation::with_engine(net.clone(), threads, engine),
            heard: Both::new(Tally::new(&net, readout, membrane), Listener::new(inputs)),
            counted: None,
            counting: (Instant::now(), Duration::ZERO),
            told: Instant::now(),
            before: EventCounts::zero(net.populations.len(), net.projections.len()),
            base: 0,
            place: 0,
            keep_going: true,
            playing: false,
            seeking: false,
            pacer: Pacer::new(Speed::default()),
            piece: 1,
            watched: Vec::new(),
            pace: (Instant::now(), 0, 0.0),
            complaints: Vec::new(),
            complained: 0,
            edits_heard: 0,
            edits_refused: None,
            notes: Notes::default(),
            untold: false,
            scene,
        };
        worker.reset()?;
        worker.tell(true);
        Ok(worker)
    }

    fn live(&mut self, inbox: &Receiver<Command>) {
        while !self.shared.stop.load(Ordering::Relaxed) {
            let due = if self.playing { self.pacer.due_s() } else { 0.0 };
            let ticks = if due.is_finite() { (due / self.scene.dt_s()) as u64 } else { u64::MAX };
            let wait = match (self.playing, ticks) {
                _ if self.seeking => Duration::ZERO,
                (false, _) => Duration::from_secs(3600),
                (true, 0) => self.pacer.until(self.scene.dt_s()).max(Duration::from_millis(1)),
                _ => Duration::ZERO,
            };
            let wait = if self.untold { wait.min(RETRY) } else { wait };
            let command = if wait.is_zero() {
                match inbox.try_recv() {
                    Ok(command) => Some(command),
                    Err(TryRecvError::Empty) => None,
                    Err(TryRecvError::Disconnected) => return,
                }
            } else {
                match inbox.recv_timeout(wait) {
                    Ok(command) => Some(command),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            };
            match command {
                Some(command) => {
                    let done = self.obey(command);
                    self.complain(done);
                    self.tell(true);
                }
                None if self.seeking => {
                    let done = self.seek();
                    self.complain(done);
                    self.tell(!self.seeking);
                }
                None if self.playing && ticks > 0 => {
                    let done = self.pass(ticks);
                    self.complain(done);
                    // Nobody comes back soon to what stands still.
                    self.tell(!self.playing);
                }
                None if self.untold => self.tell(false),
                None => {}
            }
        }
    }

    fn obey(&mut self, command: Command) -> Result<()> {
        // What came before a command stands before it in the history.
        self.hand_over(true);
        match command {
            Command::Play => self.play(true),
            Command::Pause => self.play(false),
            Command::Step(ticks) => {
                self.play(false);
                let until = self.tick() + ticks;
                while self.tick() < until && !self.stopped() {
                    let before = self.tick();
                    self.pass(until - before)?;
                    self.tell(false);
                    if self.tick() == before {
                        break;
                    }
                }
            }
            Command::StepMillisecond => self.obey(Command::Step(self.scene.tick(1.0).max(1)))?,
            Command::ToNextSpike => {
                self.play(false);
                self.heard.second.heard_spike();
                self.seeking = true;
            }
            Command::Reset => {
                self.seeking = false;
                self.reset()?;
            }
            Command::Speed(speed) => {
                self.pacer = Pacer::new(speed);
                self.piece = 1;
            }
            Command::Sample(place) => {
                let places = self.scene.task.as_ref().map_or(0, |t| t.samples.len());
                if place < places {
                    self.end_sample();
                    self.place = place;
                    self.begin_sample()?;
                }
            }
            Command::KeepGoing(keep_going) => self.keep_going = keep_going,
            Command::Kick(neuron) => {
                let lift = self.simulation.kick(neuron.population, neuron.id)?;
                let tick = self.tick();
                self.shared.history.write().unwrap_or_else(PoisonError::into_inner).kicked(neuron, tick, lift);
            }
            Command::Watch(neurons) => {
                self.watched = neurons;
                self.watch();
            }
            Command::Edit(edits) => {
                let done = self.edit(&edits);
                self.edits_heard += 1;
                self.edits_refused = done.as_ref().err().map(ToString::to_string);
                done?;
            }
            Command::Look(..) | Command::SpikeAfter(_) => {}
        }
        Ok(())
    }

    fn stopped(&self) -> bool {
        self.shared.stop.load(Ordering::Relaxed)
    }

    /// Goes on towards the next spike for a while; whatever else is asked for meanwhile is heard.
    fn seek(&mut self) -> Result<()> {
        let began = Instant::now();
        while self.seeking && began.elapsed() < PIECE {
            let before = self.tick();
            let passed = self.pass(self.scene.small_step());
            self.seeking = passed.is_ok() && !self.heard.second.heard_spike() && self.tick() != before;
            passed?;
        }
        Ok(())
    }

    fn play(&mut self, playing: bool) {
        (self.playing, self.seeking) = (playing, false);
        self.pacer = Pacer::new(self.pacer.speed());
        self.pace = (Instant::now(), self.tick(), 0.0);
    }

    /// Goes on with other parameters; the past stays.
    fn edit(&mut self, edits: &Edits) -> Result<()> {
        let scene = self.scene.edited(edits)?;
        let rest = (scene.net.input_factor != self.scene.net.input_factor).then(|| self.rest_of_input(&scene)).transpose()?;
        self.simulation.adopt(scene.net.clone())?;
        if let Some((input, train)) = scene.net.input.zip(rest.flatten()) {
            self.simulation.set_input(input, Arc::new(train));
        }
        let tick = self.tick();
        self.shared.history.write().unwrap_or_else(PoisonError::into_inner).changed = tick;
        self.scene = Arc::new(scene);
        Ok(())
    }

    /// Ticks since the session began.
    fn tick(&self) -> u64 {
        self.base + self.simulation.tick()
    }

    /// Back to the beginning.
    fn reset(&mut self) -> Result<()> {
        let net = &self.scene.net;
        self.before = EventCounts::zero(net.populations.len(), net.projections.len());
        self.base = 0;
        self.counted = None;
        let every = self.scene.tick(1.0).min(self.scene.ticks.map_or(u64::MAX, |t| t / 16)).max(1);
        {
            let mut history = self.shared.history.write().unwrap_or_else(PoisonError::into_inner);
            let mut traces = std::mem::take(&mut history.traces);
            traces.clear();
            *history = History { counts: CountsLog::new(every), traces, ..History::default() };
        }
        self.watch();
        self.play(self.playing);
        self.begin_sample()
    }

    /// Lets at most so many ticks pass, a piece at most, and no further than the sample goes.
    fn pass(&mut self, ticks: u64) -> Result<()> {
        let samples = self.scene.task.is_some();
        let end = if samples { self.scene.ticks.unwrap_or(u64::MAX) } else { u64::MAX };
        if self.simulation.tick() >= end {
            if !self.keep_going {
                self.playing = false;
                return Ok(());
            }
            self.end_sample();
            self.place = (self.place + 1) % self.scene.task.as_ref().map_or(1, |t| t.samples.len());
            self.begin_sample()?;
        }
        let now = ticks.min(self.piece).min(end - self.simulation.tick());
        let (began, first) = (Instant::now(), self.simulation.tick() + 1);
        self.simulation.run(now, &mut self.heard);
        let (net, ticks) = (self.scene.net.as_ref(), first..=self.simulation.tick());
        self.heard.second.hear_stimuli(net, &self.watched, ticks, self.simulation.epoch());
        let took = began.elapsed();
        // Pieces grow while they are short, and one that asked for all of it is the measure.
        if took < PIECE / 2 && now == self.piece {
            self.piece = (self.piece * 2).min(1 << 40);
        } else if took > PIECE * 2 {
            self.piece = (self.piece / 2).max(1);
        }
        self.pacer.passed(now as f64 * self.scene.dt_s());
        self.keep(end);
        Ok(())
    }
}
