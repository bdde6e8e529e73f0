//! How much memory a long run takes, with all panels open.

use super::script::Script;
use eframe::egui::Context;
use std::time::{Duration, Instant};

/// Memory is told so often.
const EVERY: Duration = Duration::from_secs(20);

/// Tells memory and simulated time while frames are drawn, for so many seconds.
pub(crate) fn watch(mut script: Script, ctx: &Context, seconds: u64, mut draw: impl FnMut(&Context, &mut Script)) {
    let began = Instant::now();
    let mut told = began;
    while began.elapsed().as_secs() < seconds {
        let frame = Instant::now();
        draw(ctx, &mut script);
        if told.elapsed() > EVERY {
            told = Instant::now();
            let (simulated_s, spikes) = script.come();
            eprintln!(
                "after {:4.0} s: {simulated_s:8.1} s simulated, {spikes} spikes kept, {} MB resident",
                began.elapsed().as_secs_f64(),
                resident_mb().map_or_else(|| "?".into(), |mb| mb.to_string())
            );
        }
        std::thread::sleep(Duration::from_millis(16).saturating_sub(frame.elapsed()));
    }
}

/// Memory that the system has given this program, MB.
fn resident_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}
