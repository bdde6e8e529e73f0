//! A network that runs on a thread of its own, and what is known of its past.
//!
//! The window sends [`Command`]s and reads [`Now`] and [`History`]; it never waits for the simulation, and the simulation waits for the window no
//! longer than a reader holds the history.

mod clock;
mod command;
mod counts_log;
mod history;
mod listener;
mod notes;
mod opening;
mod playback;
mod scene;
mod spikes;
mod traces;
mod worker;

pub use clock::Speed;
pub use command::Command;
pub use counts_log::CountsLog;
pub use history::{History, SampleMark, Tried};
pub use opening::Doing;
pub use scene::{Neuron, Recorded, Scene, Source};
pub use spikes::{Spiked, Spikes};
pub use traces::{StimulusEvent, Trace, TraceLog};

use spikewatt::counts::EventCounts;
use spikewatt::diagnostic::Diagnostics;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::thread::JoinHandle;

/// Called whenever there is something new to show, from the simulation's thread.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// How far a session has come.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Stage {
    /// Files are read and the network is built.
    #[default]
    Opening,
    /// It can run.
    Ready,
    /// It could not be opened.
    Failed(Diagnostics),
}

/// The present: small enough to be copied for every frame.
#[derive(Debug, Clone, Default)]
pub struct Now {
    /// How far it has come.
    pub stage: Stage,
    /// What is done while it opens.
    pub doing: Doing,
    /// What runs; absent until it is ready.
    pub scene: Option<Arc<Scene>>,
    /// Time passes.
    pub playing: bool,
    /// Ticks passed since the session began, all samples one after the other.
    pub tick: u64,
    /// The tick before the present sample's first one; 0 in a plain run.
    pub sample_began: u64,
    /// The present sample, by its number in the data set.
    pub sample: Option<usize>,
    /// Exact counts since the session began.
    pub counts: EventCounts,
    /// Simulated seconds per second, lately.
    pub pace: f64,
    /// The tick after which a recording was asked for a spike, and that of the spike; `None` where none comes.
    pub found: Option<(u64, Option<u64>)>,
    /// What could not be done, newest last.
    pub complaints: Vec<String>,
    /// How many things could not be done so far.
    pub complained: u64,
    /// Edits that were heard, taken up or not.
    pub edits_heard: u64,
    /// Why the last edits were not taken up; absent where they were.
    pub edits_refused: Option<String>,
}

struct Shared {
    now: Mutex<Now>,
    history: RwLock<History>,
    stop: AtomicBool,
}

/// A network that runs.
pub struct Session {
    commands: Sender<Command>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("tick", &self.now().tick).finish_non_exhaustive()
    }
}

impl Session {
    /// Opens a source on a thread of its own; what is wrong with it is told in [`Now::stage`].
    #[must_use]
    pub fn open(source: Source, wake: Wake) -> Self {
        let (commands, inbox) = channel();
        let shared = Arc::new(Shared {
            now: Mutex::new(Now::default()),
            history: RwLock::new(History::default()),
            stop: AtomicBool::new(false),
        });
        let theirs = shared.clone();
        let thread =
            std::thread::Builder::new().name("simulation".into()).spawn(move || worker::work(&source, &theirs, &inbox, &wake));
        Self { commands, shared, thread: thread.ok() }
    }

    /// Asks the simulation for something; it does so in order, soon.
    pub fn send(&self, command: Command) {
        // A session whose thread has ended has said why in its stage.
        let _ = self.commands.send(command);
    }

    /// The present.
    #[must_use]
    pub fn now(&self) -> Now {
        self.shared.now.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The past; to be held no longer than a frame is drawn.
    pub fn history(&self) -> RwLockReadGuard<'_, History> {
        self.shared.history.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        let _ = self.commands.send(Command::Pause);
        // One that is still opening ends by itself, as soon as it has read what it reads.
        let opening = self.now().stage == Stage::Opening;
        if let Some(thread) = self.thread.take().filter(|_| !opening) {
            let _ = thread.join();
        }
    }
}
