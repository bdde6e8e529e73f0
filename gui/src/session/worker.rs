//! The simulation's thread: commands in, time passes, the present and the past out.

use super::clock::Pacer;
use super::listener::Listener;
use super::notes::{Note, Notes};
use super::opening::Telling;
use super::{Command, CountsLog, Doing, History, Neuron, SampleMark, Scene, Shared, Source, Speed, Stage, Tried, Wake};
use crate::project::Edits;
use spikewatt::counts::EventCounts;
use spikewatt::dataset::decode::decide;
use spikewatt::diagnostic::Result;
use spikewatt::engine::{EngineKind, Simulation};
use spikewatt::record::{Both, Tally};
use spikewatt::spike::InputTrain;
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

    /// What is still to come of the present sample, as this scene has it.
    fn rest_of_input(&self, scene: &Scene) -> Result<Option<InputTrain>> {
        let Some(task) = &scene.task else { return Ok(None) };
        let train = scene.encoded(task.samples[self.place])?;
        Ok(train.map(|train| train.after(self.simulation.tick())))
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

    /// Begins the sample at the present place, or the plain run. Where it cannot be shown, time stands.
    fn begin_sample(&mut self) -> Result<()> {
        let begun = self.try_sample();
        self.playing &= begun.is_ok();
        begun
    }

    fn try_sample(&mut self) -> Result<()> {
        let Some((task, dataset)) = self.scene.task.as_ref().zip(self.scene.dataset.as_ref()) else {
            self.simulation.reset(0);
            self.heard.second.base = self.base;
            return Ok(());
        };
        let (sample, ticks) = (task.samples[self.place], self.scene.ticks.unwrap_or(1));
        self.simulation.reset(self.place as u64 * ticks);
        self.heard.first.clear();
        self.heard.second.base = self.base;
        let train = self.scene.encoded(sample)?;
        if let Some((input, train)) = self.scene.net.input.zip(train) {
            self.simulation.set_input(input, Arc::new(train));
        }
        let dense = self.scene.dense_on(sample);
        let mark = SampleMark {
            sample,
            began: self.base,
            label: dataset.labels.as_ref().map(|labels| labels[sample]),
            votes: vec![0; self.heard.first.counts.len()],
            answer: None,
            ended: false,
            dense_macs: dense.map(|(all, effective, _)| (all, effective)),
            dense_answer: dense.map(|(_, _, answer)| answer),
            before: Tried::default(),
        };
        self.notes.push(Note::Began(mark));
        Ok(())
    }

    /// Puts the present sample's counts to those of the others.
    fn end_sample(&mut self) {
        self.before += &self.simulation.counts();
        self.base = self.tick();
        self.simulation.reset(0);
    }

    /// The neurons whose membranes are recorded, in order: those that are watched, and in a small network all, so that whichever is chosen has a past.
    fn followed(&self, has_membrane: impl Fn(usize) -> bool) -> Vec<Neuron> {
        const SMALL: usize = 512;
        let populations = &self.scene.net.populations;
        let all = || (0..populations.len()).filter(|population| has_membrane(*population));
        let mut followed = self.watched.clone();
        if all().map(|population| populations[population].size).sum::<usize>() <= SMALL {
            let neurons = |population: usize| (0..populations[population].size as u32).map(move |id| Neuron { population, id });
            followed.extend(all().flat_map(neurons));
        }
        followed.sort_unstable();
        followed.dedup();
        followed
    }

    fn watch(&mut self) {
        let net = self.scene.net.clone();
        let variable = |population: usize| {
            let spec = net.populations[population].model.spec();
            (!net.populations[population].is_input() && spec.variable("v").is_some()).then_some("v")
        };
        let tally = self.heard.first.clone();
        let mut listener = std::mem::take(&mut self.heard.second);
        let followed = self.followed(|population| variable(population).is_some());
        listener.watch(&followed, self.scene.small_step(), variable);
        // The two are joined anew, since what is sampled is settled then.
        self.heard = Both::new(tally, listener);
        self.shared.history.write().unwrap_or_else(PoisonError::into_inner).traces.watch(&followed, &self.watched);
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

    /// Puts what waits into the history; false where it is being read, unless it must be.
    fn hand_over(&mut self, must: bool) -> bool {
        let Some(mut history) = self.notes.hand_over(self.shared, must) else { return false };
        self.heard.second.hand_over(&mut history);
        true
    }

    /// Notes what was counted.
    fn keep(&mut self, end: u64) {
        let (tick, counts) = (self.tick(), self.counts());
        let ended = self.simulation.tick() >= end;
        let decoding = self.scene.task.as_ref().and_then(|t| t.decoding);
        let tally = &self.heard.first;
        let answer = decoding.and_then(|d| decide(d, &tally.counts, &tally.first, &tally.highest));
        let sample = self.scene.task.is_some().then(|| Note::Sample { votes: tally.counts.clone(), answer, ended });
        self.notes.push(Note::Counts(tick, counts));
        sample.into_iter().for_each(|note| self.notes.push(note));
    }

    fn counts(&self) -> EventCounts {
        let mut counts = self.before.clone();
        counts += &self.simulation.counts();
        counts
    }

    /// Tells the window what there is; `all` where more than time may have changed.
    fn tell(&mut self, all: bool) {
        // The present is never ahead of the history.
        self.untold = !self.hand_over(all);
        if self.untold {
            return;
        }
        let tick = self.tick();
        let (since, from, _) = self.pace;
        let wall = since.elapsed().as_secs_f64();
        if wall > 0.25 {
            self.pace = (Instant::now(), tick, tick.saturating_sub(from) as f64 * self.scene.dt_s() / wall);
        }
        {
            let mut now = self.shared.now.lock().unwrap_or_else(PoisonError::into_inner);
            now.stage = Stage::Ready;
            now.doing = Doing::default();
            now.playing = self.playing || self.seeking;
            now.tick = tick;
            now.sample_began = self.base;
            now.sample = self.scene.task.as_ref().map(|t| t.samples[self.place]);
            now.counts = self.counts();
            now.pace = if now.playing { self.pace.2 } else { 0.0 };
            if all {
                now.scene = Some(self.scene.clone());
                now.complaints.clone_from(&self.complaints);
                now.complained = self.complained;
                now.edits_heard = self.edits_heard;
                now.edits_refused.clone_from(&self.edits_refused);
            }
        }
        (self.wake)();
    }

    /// Keeps what could not be done. Time goes on: what was refused changed nothing.
    fn complain(&mut self, done: Result<()>) {
        if let Err(wrong) = done {
            self.complained += 1;
            self.complaints.push(wrong.to_string());
            let over = self.complaints.len().saturating_sub(COMPLAINTS);
            self.complaints.drain(..over);
        }
    }
}
