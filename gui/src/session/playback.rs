//! Results that are looked at: read piece by piece, however large the file is.
//!
//! At first the file is walked once in the background, for counts over time and for every n-th spike of it. A stretch with few enough spikes
//! is then shown with all of them, read anew when it comes into view; a longer one with every n-th, and it is told that it is so.

use super::{Command, CountsLog, History, Recorded, Scene, Shared, Source, Spikes, Stage, Wake};
use spikewatt::compile::CompiledNetwork;
use spikewatt::counts::EventCounts;
use spikewatt::diagnostic::{Diagnostic, Result};
use spikewatt::network::{Network, Population};
use spikewatt::neuron::model_by_name;
use spikewatt::record::{RecordedSpikes, Results};
use spikewatt::report::{Report, from_json};
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

pub(super) fn work(source: &Source, shared: &Shared, inbox: &Receiver<Command>, wake: &Wake) {
    match Playback::open(source, shared, wake) {
        Ok(Some(mut playback)) => playback.live(inbox),
        Ok(None) => {}
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
}

#[derive(Default)]
struct Train {
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
    /// Opens a file; `None` where nobody waits for it any more.
    fn open(source: &Source, shared: &'a Shared, wake: &'a Wake) -> Result<Option<Self>> {
        let results = Results::open(&source.network)?;
        let mut complaints = Vec::new();
        let report: Option<Report> = results.report.as_deref().and_then(|text| {
            // Spikes are there to be seen whatever is said of them.
            from_json(text).map_err(|_| complaints.push("the file's report cannot be read; its spikes can".to_owned())).ok()
        });
        let name = source.network.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let mut network = Network::new(report.as_ref().map_or(name, |report| report.network.name.clone()));
        let dt_s = report.as_ref().and_then(|report| report.run.dt_s).filter(|dt| *dt > 0.0);
        // Without a grid, a microsecond.
        let dt_ms = dt_s.map_or(1e-3, |dt| (dt * 1e12).round() * 1e-9);
        network.dt_ms = Some(dt_ms);
        let mut last_ms = 0.0f64;
        for at in 0..results.trains.len() {
            let train = &results.trains[at];
            let known = report.as_ref().and_then(|report| report.network.populations.iter().find(|p| p.name == train.name));
            let size = match known {
                Some(known) => known.size,
                None => {
                    let Some(largest) = largest_id(&results, at, shared)? else { return Ok(None) };
                    largest.map_or(0, |id| id + 1)
                }
            };
            if size > LARGEST {
                let message = format!("has {size} neurons; at most {LARGEST} can be shown");
                return Err(Diagnostic::at(format!("spikes/{}", train.name), message).into());
            }
            let plain = || model_by_name("lif_delta");
            let named = known.and_then(|known| model_by_name(&known.model));
            let model = named.filter(|model| model.spec().params.iter().all(|p| p.default.is_some())).or_else(plain);
            let Some(model) = model else { continue };
            let size = size.max(1) as usize;
            let (params, init) = (BTreeMap::new(), BTreeMap::new());
            network.populations.push(Population { name: train.name.clone(), size, shape: vec![size], model, params, init });
            let end = results.read(at, train.len.saturating_sub(BLOCK)..train.len)?;
            last_ms = end.times_ms.iter().copied().fold(last_ms, f64::max);
        }
        if network.populations.is_empty() {
            return Err(Diagnostic::at("spikes", "holds no population: nothing was recorded").into());
        }
        let net = Arc::new(CompiledNetwork::new(&network, Some(dt_ms), None)?);
        let run = report.as_ref().map(|report| &report.run);
        let sample_ms = run.map_or(last_ms, |run| run.duration_s * 1e3).max(last_ms);
        let sample = (sample_ms / dt_ms).ceil().clamp(1.0, 1e15) as u64;
        let end = sample.saturating_mul(run.map_or(1, |run| run.samples).max(1));
        let total: usize = results.trains.iter().map(|train| train.len).sum();
        let trains = results.trains.iter().map(|_| Train { bins: vec![0; BINS], ..Train::default() }).collect();
        let recorded = Some(Recorded { report: report.map(Arc::new), spikes: total });
        let scene = Scene {
            source: source.clone(),
            network: Arc::new(network),
            built: net.clone(),
            net,
            dataset: None,
            task: None,
            ticks: None,
            dense: None,
            notes: vec!["A recording: it is looked at, not simulated.".into()],
            recorded,
        };
        let mut playback = Self {
            shared,
            wake,
            results,
            scene: Arc::new(scene),
            trains,
            end,
            sample,
            thin: total.div_ceil(MOST).max(1),
            walked: (0, 0),
            told: Instant::now(),
            window: (0, end),
            shown: 1,
            complaints,
        };
        playback.tell_counts();
        playback.tell();
        Ok(Some(playback))
    }

    fn live(&mut self, inbox: &Receiver<Command>) {
        while !self.shared.stop.load(Ordering::Relaxed) {
            let walking = self.walked.0 < self.trains.len();
            let wait = if walking { Duration::ZERO } else { Duration::from_secs(3600) };
            let mut look = None;
            let mut next = inbox.recv_timeout(wait);
            loop {
                match next {
                    Ok(Command::Look(from, to)) => look = Some((from, to)),
                    Ok(command) => self.refuse(&command),
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => break,
                }
                // Of many asked for meanwhile, only the last counts.
                next = inbox.recv_timeout(Duration::ZERO);
            }
            let done = match look {
                Some(window) => {
                    self.window = window;
                    self.show()
                }
                None if walking => self.walk(),
                None => Ok(()),
            };
            if let Err(wrong) = done {
                // What is damaged is not walked further.
                self.walked.0 = self.trains.len();
                self.complaints.push(wrong.in_file(&self.scene.source.network).to_string());
                self.tell();
            }
        }
    }

    fn refuse(&mut self, command: &Command) {
        let told = "a recording is looked at, not simulated: move through it by the slider or the arrow keys";
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
        self.complaints.retain(|other| other != told);
        self.complaints.push(told.into());
        self.tell();
    }

    /// Ticks and neurons of spikes that were read; those of neurons that are not there are left out.
    fn spikes(&mut self, train: usize, read: &RecordedSpikes) -> (Vec<u64>, Vec<u32>) {
        let (dt_ms, size) = (self.scene.net.dt_ms, self.scene.net.populations[train].size as u64);
        let (mut ticks, mut ids) = (Vec::with_capacity(read.ids.len()), Vec::with_capacity(read.ids.len()));
        for (at, (time, id)) in read.times_ms.iter().zip(&read.ids).enumerate() {
            if *id >= size || time.is_nan() || *time < 0.0 {
                self.trains[train].beyond += 1;
                continue;
            }
            let sample = read.samples.get(at).copied().unwrap_or(0);
            ticks.push((time / dt_ms).round() as u64 + sample.saturating_mul(self.sample));
            ids.push(*id as u32);
        }
        (ticks, ids)
    }

    /// Reads a block of the file, for the whole.
    fn walk(&mut self) -> Result<()> {
        let (at, from) = self.walked;
        let read = self.results.read(at, from..from + BLOCK)?;
        let (ticks, ids) = self.spikes(at, &read);
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
                self.complaints.push(message);
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

    /// The place of the first spike of a train at or after a tick.
    fn place(&mut self, train: usize, tick: u64) -> Result<usize> {
        let len = self.results.trains[train].len;
        let (mut low, mut high) = (0, len.div_ceil(BLOCK));
        // The first block that begins at or after the tick.
        while low < high {
            let middle = (low + high) / 2;
            let start = match self.trains[train].starts.get(&(middle * BLOCK)) {
                Some(start) => *start,
                None => {
                    let one = self.results.read(train, middle * BLOCK..middle * BLOCK + 1)?;
                    let start = self.spikes(train, &one).0.first().copied().unwrap_or(0);
                    self.trains[train].starts.insert(middle * BLOCK, start);
                    start
                }
            };
            if start < tick { low = middle + 1 } else { high = middle }
        }
        let Some(block) = low.checked_sub(1) else { return Ok(0) };
        let read = self.results.read(train, block * BLOCK..(block + 1) * BLOCK)?;
        let offset = read.times_ms.len();
        let (ticks, _) = self.spikes(train, &read);
        // Where some are left out, places within a block are not those in the file.
        Ok(if ticks.len() == offset { block * BLOCK + ticks.partition_point(|t| *t < tick) } else { block * BLOCK })
    }

    /// Puts what is in view into the history: all of it, or every n-th spike.
    fn show(&mut self) -> Result<()> {
        let (from, to) = self.window;
        let mut places = Vec::with_capacity(self.trains.len());
        let mut total = 0;
        for train in 0..self.trains.len() {
            let range = if self.trains[train].mixed {
                0..self.results.trains[train].len
            } else {
                self.place(train, from)?..self.place(train, to.saturating_add(1))?
            };
            total += range.len();
            places.push(range);
        }
        let mut spikes = Spikes::default();
        let whole = total <= MOST;
        for (train, range) in places.into_iter().enumerate() {
            let (ticks, ids): (Vec<u64>, Vec<u32>) = if whole {
                let read = self.results.read(train, range)?;
                let (ticks, ids) = self.spikes(train, &read);
                let mut both: Vec<(u64, u32)> = ticks.into_iter().zip(ids).collect();
                if self.trains[train].mixed {
                    both.sort_unstable();
                }
                both.into_iter().unzip()
            } else {
                self.trains[train].few.iter().copied().unzip()
            };
            spikes.extend(train, &ticks, &ids);
        }
        self.shown = if whole { 1 } else { self.thin };
        self.shared.history.write().unwrap_or_else(PoisonError::into_inner).spikes = spikes;
        self.tell();
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
            let spikes = std::mem::take(&mut history.spikes);
            *history = History { spikes, counts: log, ..History::default() };
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
        if !over && total > BLOCK {
            told.push(format!("reading: {:.0} %", (before + self.walked.1) as f64 / total as f64 * 100.0));
        }
        {
            let mut now = self.shared.now.lock().unwrap_or_else(PoisonError::into_inner);
            now.stage = Stage::Ready;
            now.tick = self.end;
            now.scene = Some(self.scene.clone());
            now.complaints = told;
        }
        (self.wake)();
    }
}

/// The largest id of a population's spikes; the outer `None` where nobody waits for it any more.
fn largest_id(results: &Results, train: usize, shared: &Shared) -> Result<Option<Option<u64>>> {
    let mut largest = None;
    let mut from = 0;
    while from < results.trains[train].len {
        if shared.stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        largest = largest.max(results.read(train, from..from + BLOCK)?.ids.into_iter().max());
        from += BLOCK;
    }
    Ok(Some(largest))
}
