//! Progress on standard error, for anything that takes over a second.

use super::interrupt;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use spikewatt::study::{Progress, Steps};
use std::io::IsTerminal;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Shows a bar once a stage has lasted a second; never where standard error is no terminal or where quiet is asked for. A run asks
/// it whether Ctrl-C was pressed.
#[derive(Debug)]
pub(super) struct Bar {
    shown: bool,
    /// What is done when Ctrl-C comes is worth keeping.
    keeps: bool,
    stage: Arc<Mutex<Option<Stage>>>,
}

#[derive(Debug)]
struct Stage {
    name: String,
    total: u64,
    done: u64,
    steps: Steps,
    began: Instant,
    bar: Option<ProgressBar>,
}

/// Work that is over sooner needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

impl Bar {
    pub(super) fn new(quiet: bool) -> Self {
        Self { shown: !quiet && std::io::stderr().is_terminal(), keeps: true, stage: Arc::default() }
    }

    /// A bar of work of which a part is worth nothing: Ctrl-C ends it at once.
    pub(super) fn for_measurements(quiet: bool) -> Self {
        Self { keeps: false, ..Self::new(quiet) }
    }

    fn with(&self, f: impl FnOnce(&mut Option<Stage>)) {
        // A thread that panicked while it held the lock takes the program down anyway.
        if let Ok(mut stage) = self.stage.lock() {
            f(&mut stage);
        }
    }
}

impl Progress for Bar {
    fn begin(&self, stage: &str, total: u64, steps: Steps) {
        if self.keeps && matches!(steps, Steps::Ticks { .. } | Steps::Samples) {
            interrupt::running();
        }
        if !self.shown {
            return;
        }
        let began = Instant::now();
        self.with(|s| *s = Some(Stage { name: stage.into(), total, done: 0, steps, began, bar: None }));
        // A stage may say nothing for long, so a thread waits for the moment.
        let stage = self.stage.clone();
        std::thread::spawn(move || {
            std::thread::sleep(PATIENCE);
            if let Ok(mut stage) = stage.lock()
                && let Some(stage) = stage.as_mut().filter(|stage| stage.began == began)
            {
                stage.bar = Some(bar(stage));
            }
        });
    }

    fn advance(&self, steps: u64) {
        if !self.shown {
            return;
        }
        self.with(|stage| {
            let Some(stage) = stage else { return };
            stage.done += steps;
            if let Some(bar) = &stage.bar {
                bar.set_position(stage.done);
                bar.set_message(words(stage.steps, stage.done, stage.total, stage.began.elapsed()));
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

    fn cancelled(&self) -> bool {
        interrupt::asked()
    }
}

fn bar(stage: &Stage) -> ProgressBar {
    let (length, template) = match stage.total {
        0 => (None, "{prefix}: {msg} {spinner} {elapsed} gone"),
        total => (Some(total), "{prefix}: {msg} {wide_bar}"),
    };
    let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_elapsed(stage.began.elapsed());
    bar.set_prefix(stage.name.clone());
    bar.set_position(stage.done);
    bar.set_message(words(stage.steps, stage.done, stage.total, stage.began.elapsed()));
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

/// How far a stage is: `120 M of 299 M synapses, 12 s left`; of simulated time also its price in wall time.
fn words(steps: Steps, done: u64, total: u64, elapsed: Duration) -> String {
    let elapsed = elapsed.as_secs_f64();
    let of = |unit: &dyn Fn(u64) -> String| {
        if total > 0 { format!("{} of {}", unit(done), unit(total)) } else { unit(done) }
    };
    let far = match steps {
        Steps::Ticks { dt_s } => {
            let pace = if done > 0 {
                format!(", {} s wall per simulated s", digits(elapsed / (done as f64 * dt_s)))
            } else {
                String::new()
            };
            format!("{} simulated{pace}", of(&|ticks| time(ticks as f64 * dt_s)))
        }
        Steps::Samples => format!("{} samples", of(&|n| n.to_string())),
        Steps::Things(_) if done == 0 && total == 0 => return String::new(),
        Steps::Things(name) => format!("{} {name}", of(&count)),
    };
    if done == 0 || total == 0 {
        return far;
    }
    format!("{far}, {} left", time(elapsed / done as f64 * total.saturating_sub(done) as f64))
}

/// Three digits, without noughts behind the point.
fn digits(value: f64) -> String {
    let before = if value >= 1.0 { value.log10().floor() as usize + 1 } else { 1 };
    let text = format!("{value:.*}", 3usize.saturating_sub(before));
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn count(n: u64) -> String {
    let n = n as f64;
    match n {
        _ if n >= 1e9 => format!("{} G", digits(n / 1e9)),
        _ if n >= 1e6 => format!("{} M", digits(n / 1e6)),
        _ if n >= 1e4 => format!("{} k", digits(n / 1e3)),
        _ => format!("{n}"),
    }
}

fn time(seconds: f64) -> String {
    match seconds {
        s if s >= 7200.0 => format!("{} h {} min", (s / 3600.0).floor(), (s % 3600.0 / 60.0).floor()),
        s if s >= 120.0 => format!("{} min {} s", (s / 60.0).floor(), (s % 60.0).floor()),
        s if s >= 1.0 || s == 0.0 => format!("{} s", digits(s)),
        s => format!("{} ms", digits(s * 1e3)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_tells_how_far_how_fast_and_how_long_still() {
        let ticks = Steps::Ticks { dt_s: 1e-4 };
        let half = words(ticks, 50_000, 100_000, Duration::from_secs(3));
        assert_eq!(half, "5 s of 10 s simulated, 0.6 s wall per simulated s, 3 s left");
        assert_eq!(words(ticks, 0, 100_000, Duration::ZERO), "0 s of 10 s simulated");
        let synapses = words(Steps::Things("synapses"), 120_000_000, 299_000_000, Duration::from_secs(10));
        assert_eq!(synapses, "120 M of 299 M synapses, 14.9 s left");
        assert_eq!(words(Steps::Things("synapses"), 0, 0, Duration::from_secs(1)), "", "nobody knows, so nothing is said");
        assert_eq!(words(Steps::Samples, 90, 360, Duration::from_secs(100)), "90 of 360 samples, 5 min 0 s left");
        assert_eq!((time(0.0123), time(9000.0), count(12_345)), ("12.3 ms".into(), "2 h 30 min".into(), "12.3 k".into()));
    }
}
