//! Ctrl-C (and SIGTERM): what was done is kept, a second one ends at once.
//!
//! While nothing has run yet (a file is read, a network built) there is nothing to keep, and the first ends at once. Once a run
//! has begun, the first asks it to stop, and what it did is written whole and marked partial. A second ends at once; files on
//! their way are removed then, so no half file stays.

use spikewatt::diagnostic::Result;
use spikewatt::study::Outcome;
use std::sync::atomic::{AtomicU8, Ordering};

/// The exit code of what was interrupted: 128 + 2, the number of SIGINT, as shells give it.
pub(super) const EXIT_CODE: u8 = 130;

const NOTHING_TO_KEEP: u8 = 0;
const RUNNING: u8 = 1;
const ASKED_TO_STOP: u8 = 2;

static STATE: AtomicU8 = AtomicU8::new(NOTHING_TO_KEEP);

/// Listens from now on. Where there are no Unix signals, Ctrl-C ends the program as the system has it.
#[cfg(unix)]
pub(super) fn listen(quiet: bool) -> Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let failed =
        |error: std::io::Error| spikewatt::diagnostic::Diagnostic::new(format!("signals cannot be listened to: {error}"));
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]).map_err(failed)?;
    // A thread of its own may do what a signal handler must not.
    std::thread::spawn(move || signals.forever().for_each(|_| heard(quiet)));
    Ok(())
}

/// Listens from now on. Where there are no Unix signals, Ctrl-C ends the program as the system has it.
#[cfg(not(unix))]
pub(super) fn listen(_quiet: bool) -> Result<()> {
    Ok(())
}

#[cfg(unix)]
fn heard(quiet: bool) {
    match STATE.compare_exchange(RUNNING, ASKED_TO_STOP, Ordering::SeqCst, Ordering::SeqCst) {
        Ok(_) if quiet => {}
        Ok(_) => {
            eprintln!("Stopping: what was done is kept and marked partial. Press Ctrl-C again to end at once and keep nothing.")
        }
        Err(_) => {
            spikewatt::whole_file::abandon_all();
            std::process::exit(i32::from(EXIT_CODE));
        }
    }
}

/// From now on there is something to keep.
pub(super) fn running() {
    // Whoever asked before has ended the program.
    let _ = STATE.compare_exchange(NOTHING_TO_KEEP, RUNNING, Ordering::SeqCst, Ordering::SeqCst);
}

/// True once a run has been asked to stop.
pub(super) fn asked() -> bool {
    STATE.load(Ordering::SeqCst) == ASKED_TO_STOP
}

/// True where a run was stopped before it did anything that could be told.
pub(super) fn too_early(outcome: &Outcome) -> bool {
    let none = outcome.partial && (outcome.done.ticks == 0 || outcome.counts.samples == 0);
    if none {
        eprintln!("Interrupted before anything was done: nothing is written.");
    }
    none
}
