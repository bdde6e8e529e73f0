//! Results of benches as text.

use super::{BenchReport, CaseResult};

const HEADER: [&str; 14] = [
    "case",
    "engine",
    "neurons",
    "synapses",
    "built s",
    "time",
    "min–max",
    "events/s",
    "of L2",
    "peak",
    "B/syn",
    "best peer",
    "goal",
    "limit",
];

impl BenchReport {
    /// The results as a table for people, the questions above it and the machine's limits below.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let mut asked: Vec<&str> = Vec::new();
        for result in &self.results {
            if !asked.contains(&result.bench.as_str()) {
                asked.push(&result.bench);
                text.push_str(&format!("{}: {}\n", result.bench, result.question));
            }
        }
        text.push('\n');
        let mut rows = vec![HEADER.map(str::to_owned)];
        rows.extend(self.results.iter().map(|result| self.row(result)));
        let wide = |text: &str| text.chars().count();
        let widths: [usize; HEADER.len()] =
            std::array::from_fn(|at| rows.iter().map(|row| wide(&row[at])).max().unwrap_or_default());
        for (at, row) in rows.iter().enumerate() {
            let cells = row.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
                let space = " ".repeat(width - wide(cell));
                // Names stand on the left, numbers on the right.
                if column == 0 { format!("{cell}{space}") } else { format!("{space}{cell}") }
            });
            text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
            text.push('\n');
            if at == 0 {
                text.push_str(&"─".repeat(widths.iter().sum::<usize>() + 2 * (HEADER.len() - 1)));
                text.push('\n');
            }
        }
        let limits = &self.limits;
        text.push_str(&format!(
            "\ntime: wall seconds of simulation per simulated second, or milliseconds per sample, the median of {} after a warm-up.\n\
             events/s: synaptic events in a wall second. of L2: their share of the random 4-byte read-modify-writes that this machine does\n\
             in 256 KiB. B/syn: memory of the constructed network. best peer: its time on the machine it was measured on, and how many\n\
             times as fast this was here. goal and limit: what is meant to be reached there, and what its hardware allows.\n\
             \nThis machine, {}, in this run: reads {} GB/s (256 MiB), read-modify-writes {} M/s in 256 KiB and {} M/s in 32 MiB.\n",
            things(self.results.first().map_or(0, |r| r.repeats), "run"),
            things(limits.threads as usize, "thread"),
            digits(limits.read_gb_per_s),
            digits(limits.rmw_256_kib_per_s / 1e6),
            digits(limits.rmw_32_mib_per_s / 1e6),
        ));
        text
    }

    fn row(&self, r: &CaseResult) -> [String; HEADER.len()] {
        let none = || "–".to_owned();
        // A sample takes milliseconds; of a simulated second, seconds are told.
        let (scale, unit) = if r.samples.is_some() { (1e3, " ms") } else { (1.0, "") };
        let wall = |s: f64| digits(s * scale);
        [
            format!("{}/{}", r.bench, r.case),
            r.engine.clone(),
            count(r.neurons as f64),
            count(r.synapses as f64),
            digits(r.build_wall_s),
            format!("{}{unit}", wall(r.wall_s.median)),
            format!("{}–{}", wall(r.wall_s.min), wall(r.wall_s.max)),
            count(r.synaptic_events_per_wall_s),
            format!("{} %", digits(100.0 * r.synaptic_events_per_wall_s / self.limits.rmw_256_kib_per_s)),
            r.peak_memory_bytes.map_or_else(none, |bytes| format!("{} MB", digits(bytes as f64 / 1e6))),
            r.bytes_per_synapse.map_or_else(none, digits),
            r.best_peer.zip(r.times_as_fast_as_peer).map_or_else(none, |(peer, times)| {
                let threads = if peer.threads > 1 { format!("×{}", peer.threads) } else { String::new() };
                format!("{}{threads} {} ({} ×)", peer.peer, wall(peer.wall_s), digits(times))
            }),
            r.goal_wall_s.map_or_else(none, wall),
            r.limit_wall_s.map_or_else(none, wall),
        ]
    }
}

fn things(number: usize, name: &str) -> String {
    format!("{number} {name}{}", if number == 1 { "" } else { "s" })
}

/// Three digits, as many of them behind the point as there is room for.
fn digits(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let before = value.abs().log10().floor() as i32 + 1;
    let text = format!("{value:.*}", (3 - before).clamp(0, 9) as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn count(n: f64) -> String {
    match n {
        n if n >= 1e9 => format!("{} G", digits(n / 1e9)),
        n if n >= 1e6 => format!("{} M", digits(n / 1e6)),
        n if n >= 1e3 => format!("{} k", digits(n / 1e3)),
        n => digits(n),
    }
}
