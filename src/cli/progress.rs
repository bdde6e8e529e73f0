//! A progress bar on standard error, for anything that takes over a second.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use spikewatt::study::Progress;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Shows a bar once a stage has lasted a second; never where standard error is no terminal or where quiet is asked for.
#[derive(Debug)]
pub(super) struct Bar {
    quiet: bool,
    stage: Mutex<Option<Stage>>,
}

#[derive(Debug)]
struct Stage {
    name: String,
    total: u64,
    done: u64,
    began: Instant,
    bar: Option<ProgressBar>,
}

/// Work that is over sooner needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

impl Bar {
    pub(super) fn new(quiet: bool) -> Self {
        Self { quiet, stage: Mutex::new(None) }
    }

    fn with(&self, f: impl FnOnce(&mut Option<Stage>)) {
        // A thread that panicked while it held the lock takes the program down anyway.
        if let Ok(mut stage) = self.stage.lock() {
            f(&mut stage);
        }
    }
}

impl Progress for Bar {
    fn begin(&self, stage: &str, total: u64) {
        self.with(|s| *s = Some(Stage { name: stage.into(), total, done: 0, began: Instant::now(), bar: None }));
    }

    fn advance(&self, steps: u64) {
        if self.quiet {
            return;
        }
        self.with(|stage| {
            let Some(stage) = stage else { return };
            stage.done += steps;
            if stage.bar.is_none() && stage.began.elapsed() > PATIENCE {
                let bar = ProgressBar::with_draw_target(Some(stage.total), ProgressDrawTarget::stderr());
                let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}  {elapsed} gone, {eta} left");
                bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
                bar.set_message(stage.name.clone());
                bar.set_elapsed(stage.began.elapsed());
                stage.bar = Some(bar);
            }
            if let Some(bar) = &stage.bar {
                bar.set_position(stage.done);
            }
        });
    }

    fn end(&self) {
        self.with(|stage| {
            if let Some(bar) = stage.take().and_then(|stage| stage.bar) {
                bar.finish_and_clear();
            }
        });
    }
}
