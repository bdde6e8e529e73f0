//! Results that are looked at: read piece by piece, however large the file is.
//!
//! At first the file is walked once in the background, for counts over time and for every n-th spike of it. A stretch with few enough spikes
//! is then shown with all of them, read anew when it comes into view; a longer one with every n-th, and it is told that it is so.
//! Sizes of populations that no report tells grow with the ids that are met.

mod begin;
mod membranes;
mod read;

use super::{Command, CountsLog, Doing, History, Scene, Shared, Source, Stage, Wake};
use spikewatt::counts::EventCounts;
use spikewatt::diagnostic::Result;
use spikewatt::record::Results;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// Spikes that are read at once.
const BLOCK: usize = 1 << 16;
/// Spikes that are shown at most.
const MOST: usize = 1_000_000;
/// Moments at which counts are kept.
const BINS: usize = 1024;
/// The largest population that a file may claim by an id.
const LARGEST: u64 = 100_000_000;
/// Complaints that are kept.
const COMPLAINTS: usize = 20;

pub(super) fn work(source: &Source, shared: &Shared, inbox: &Receiver<Command>, wake: &Wake) {
    match Playback::open(source, shared, wake) {
        Ok(mut playback) => playback.live(inbox),
        Err(wrong) => {
            shared.now.lock().unwrap_or_else(PoisonError::into_inner).stage = Stage::Failed(wrong.in_file(&source.network));
            wake();
        }
    }
}

struct Playback<'a> {
    shared: &'a Shared,
    wake: &'a Wake,
    results: Results,
    scene: Arc<Scene>,
    trains: Vec<Train>,
    /// The tick after the last.
    end: u64,
    /// Ticks of a sample.
    sample: u64,
    /// Every so many spikes one is kept of the whole.
    thin: usize,
    /// The train that is walked, and how far.
    walked: (usize, usize),
    told: Instant,
    window: (u64, u64),
    /// What is shown is every so many spikes.
    shown: usize,
    complaints: Vec<String>,
    /// More rows of membranes are in view than are read.
    too_many_rows: bool,
    /// The tick after which a spike was sought, and the tick of that spike.
    found: Option<(u64, Option<u64>)>,
}

#[derive(Default)]
struct Train {
    /// How many neurons there are is told by the file's report, and does not grow with ids.
    told: bool,
    bins: Vec<u64>,
    /// Every n-th spike.
    few: Vec<(u64, u32)>,
    /// Ticks of the first spikes of blocks, as far as they were asked for.
    starts: BTreeMap<usize, u64>,
    last: u64,
    /// Its spikes are not in the order of time.
    mixed: bool,
    /// Spikes of neurons that are not there.
    beyond: usize,
}

impl<'a> Playback<'a> {
    fn live(&mut self, inbox: &Receiver<Command>) {
        while !self.shared.stop.load(Ordering::Relaxed) {
            let walking = self.walked.0 < self.trains.len();
            let wait = if walking { Duration::ZERO } else { Duration::from_secs(3600) };
            let (mut look, mut seek) = (None, None);
            let mut next = inbox.recv_timeout(wait);
            loop {
                match next {
                    Ok(Command::Look(from, to)) => look = Some((from, to)),
                    Ok(Command::SpikeAfter(tick)) => seek = Some(tick),
                    Ok(command) => self.refuse(&command),
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => break,
                }
                // Of many asked for meanwhile, only the last counts.
                next = inbox.recv_timeout(Duration::ZERO);
            }
            let sought = seek.map_or(Ok(()), |tick| self.seek(tick));
            let done = match look {
                Some(window) => {
                    self.window = window;
                    self.show()
                }
                None if walking => self.walk(),
                None => Ok(()),
            };
            let done = sought.and(done);
            if let Err(wrong) = done {
                // What is damaged is not walked further.
                self.walked.0 = self.trains.len();
                self.complain(wrong.in_file(&self.scene.source.network).to_string());
                self.tell();
            }
        }
    }

    fn refuse(&mut self, command: &Command) {
        let told = "a recording is looked at, not simulated: it can be played, and nothing in it can be changed";
        if let Command::Edit(edits) = command {
            let mut now = self.shared.now.lock().unwrap_or_else(PoisonError::into_inner);
            now.edits_heard += 1;
            now.edits_refused = (!edits.is_empty()).then(|| told.into());
        }
        let harmless = matches!(command, Command::Pause | Command::Speed(_) | Command::Watch(_) | Command::KeepGoing(_));
        if harmless || matches!(command, Command::Edit(edits) if edits.is_empty()) {
            return;
        }
        self.shared.now.lock().unwrap_or_else(PoisonError::into_inner).complained += 1;
        self.complain(told.into());
        self.tell();
    }

    /// Tells something once; the oldest goes where much is told.
    fn complain(&mut self, told: String) {
        self.complaints.retain(|other| *other != told);
        self.complaints.push(told);
        let over = self.complaints.len().saturating_sub(COMPLAINTS);
        self.complaints.drain(..over);
    }

    /// Reads a block of the file, for the whole.
    fn walk(&mut self) -> Result<()> {
        let (at, from) = self.walked;
        let read = self.results.read(at, from..from + BLOCK)?;
        let (ticks, ids) = self.spikes(at, &read)?;
        let (thin, end) = (self.thin, self.end);
        let train = &mut self.trains[at];
        if let Some(first) = ticks.first() {
            train.starts.insert(from, *first);
        }
        for (n, (tick, id)) in ticks.iter().zip(&ids).enumerate() {
            train.mixed |= *tick < train.last;
            train.last = *tick;
            let bin = (*tick as f64 / end as f64 * BINS as f64) as usize;
            train.bins[bin.min(BINS - 1)] += 1;
            if (from + n).is_multiple_of(thin) {
                train.few.push((*tick, *id));
            }
        }
        if from + BLOCK < self.results.trains[at].len {
            self.walked.1 = from + BLOCK;
        } else {
            if train.mixed {
                train.few.sort_unstable();
            }
            if train.beyond > 0 {
                let message = format!(
                    "{} spikes of `{}` are of no neuron there, or at no time, and are left out",
                    train.beyond, self.results.trains[at].name
                );
                self.complain(message);
            }
            self.walked = (at + 1, 0);
        }
        let over = self.walked.0 == self.trains.len();
        if over || self.told.elapsed() > Duration::from_millis(400) {
            self.told = Instant::now();
            self.tell_counts();
            if over || self.shown > 1 {
                self.show()?;
            }
            self.tell();
        }
        Ok(())
    }

    /// Counts over time, as far as the file was walked.
    fn tell_counts(&mut self) {
        let populations = self.trains.len();
        let mut counts = EventCounts::zero(populations, 0);
        let mut log = CountsLog::new((self.end / BINS as u64).max(1));
        for bin in 0..BINS {
            for (train, count) in self.trains.iter().zip(&mut counts.populations) {
                count.spikes += train.bins[bin];
            }
            counts.ticks = ((bin + 1) as f64 / BINS as f64 * self.end as f64) as u64;
            log.push(counts.ticks, counts.clone());
        }
        {
            let mut history = self.shared.history.write().unwrap_or_else(PoisonError::into_inner);
            let (spikes, traces) = (std::mem::take(&mut history.spikes), std::mem::take(&mut history.traces));
            *history = History { spikes, traces, counts: log, ..History::default() };
        }
        self.shared.now.lock().unwrap_or_else(PoisonError::into_inner).counts = counts;
    }

    fn tell(&mut self) {
        let total: usize = self.results.trains.iter().map(|train| train.len).sum();
        let before: usize = self.results.trains[..self.walked.0.min(self.trains.len())].iter().map(|train| train.len).sum();
        let mut told = self.complaints.clone();
        let over = self.walked.0 == self.trains.len();
        if self.shown > 1 {
            told.push(format!("1 of {} spikes is shown; a shorter stretch of time shows all of its spikes", self.shown));
        }
        if self.too_many_rows {
            told.push("membranes are shown in a shorter stretch of time".into());
        }
        if !over && total > BLOCK {
            told.push(format!("reading: {:.0} %", (before + self.walked.1) as f64 / total as f64 * 100.0));
        }
        {
            let mut now = self.shared.now.lock().unwrap_or_else(PoisonError::into_inner);
            now.stage = Stage::Ready;
            now.doing = Doing::default();
            now.found = self.found;
            now.tick = self.end;
            now.scene = Some(self.scene.clone());
            now.complaints = told;
        }
        (self.wake)();
    }
}
