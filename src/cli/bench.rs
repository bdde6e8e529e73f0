//! `spikewatt bench`.

use super::progress::Bar;
use super::{output, values};
use spikewatt::diagnostic::{Diagnostic, Result};
use spikewatt::study::bench::{BENCHES, BenchReport, BenchSettings, Case, CaseResult, limits, measure, select};
use spikewatt::whole_file::write_whole;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Measure how fast the engine runs on this machine, beside what the machine can do at best and what other simulators took.
///
/// Without a name, lists the benches and the question that each answers.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  spikewatt bench
  spikewatt bench brunel
  spikewatt bench sparse/1e5 silent --threads 1 --repeat 5
  spikewatt bench all --json bench.json")]
pub(super) struct Args {
    /// Benches to run, such as brunel, or a part of one, such as sparse/1e6; `all` for every one
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Threads. By default all cores
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Simulated time of a measured run, such as 1s; by default what suits the case
    #[arg(long, value_parser = values::time_ms, value_name = "T")]
    duration: Option<f64>,
    /// Measured runs of each case, after one to warm up
    #[arg(long, value_name = "K", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=1000))]
    repeat: u16,
    /// Write the results as JSON; `-` for standard output
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Print no text and no progress
    #[arg(long)]
    quiet: bool,
    /// Measure one case and print its result alone, for the process that measures several
    #[arg(long, hide = true)]
    alone: bool,
}

impl Args {
    pub(super) fn run(&self) -> Result<()> {
        if self.names.is_empty() {
            return list();
        }
        let every: Vec<String> = BENCHES.iter().map(|bench| bench.name.to_owned()).collect();
        let cases = select(if self.names.iter().any(|name| name == "all") { &every } else { &self.names })?;
        let defaults = BenchSettings::default();
        let settings = BenchSettings {
            threads: self.threads.map_or(defaults.threads, usize::from),
            duration_ms: self.duration,
            repeats: usize::from(self.repeat),
            ..defaults
        };
        let bar = Bar::for_measurements(self.quiet);
        if self.alone {
            let results = cases.iter().map(|case| measure(case, &settings, &bar)).collect::<Result<Vec<_>>>()?;
            return output::print(&results.iter().map(json).collect::<Result<String>>()?);
        }
        let limits = limits(settings.threads);
        let results = cases.iter().map(|case| self.apart(case, &settings)).collect::<Result<Vec<_>>>()?;
        let report = BenchReport::new(limits, results);
        if self.json.as_deref() == Some(Path::new("-")) {
            return output::print(&json(&report)?);
        }
        if let Some(path) = &self.json {
            let text = json(&report)?;
            write_whole(path, |beside| std::fs::write(beside, text).map_err(|error| error.to_string()))?;
        }
        if self.quiet { Ok(()) } else { output::print(&report.to_text()) }
    }
}

impl Args {
    /// Measures a case in a process of its own, so that its memory is its own.
    fn apart(&self, case: &Case, settings: &BenchSettings) -> Result<CaseResult> {
        let failed = |error: std::io::Error| Diagnostic::new(format!("this program cannot be started anew: {error}"));
        let mut command = Command::new(std::env::current_exe().map_err(failed)?);
        command.args(["bench", "--alone", "--threads"]).arg(settings.threads.to_string());
        command.arg("--repeat").arg(settings.repeats.to_string()).arg(format!("{}/{}", case.bench, case.name));
        if let Some(ms) = settings.duration_ms {
            command.arg("--duration").arg(format!("{ms}ms"));
        }
        if self.quiet {
            command.arg("--quiet");
        }
        let done = command.stderr(Stdio::inherit()).output().map_err(failed)?;
        if !done.status.success() {
            // It has said why.
            return Err(Diagnostic::new(format!("{}/{} could not be measured", case.bench, case.name)).into());
        }
        CaseResult::from_json(&String::from_utf8_lossy(&done.stdout))
    }
}

fn json(data: &impl serde::Serialize) -> Result<String> {
    let text = serde_json::to_string_pretty(data);
    Ok(text.map(|text| text + "\n").map_err(|error| Diagnostic::new(format!("the results are no JSON: {error}")))?)
}

fn list() -> Result<()> {
    let mut table = output::table(&["Bench", "The question it answers", "Cases"], &[]);
    for bench in BENCHES {
        let cases: Vec<_> = (bench.cases)().into_iter().map(|case| case.name).collect();
        table.add_row([bench.name.to_owned(), bench.question.to_owned(), cases.join(", ")]);
    }
    output::print_tables(&format!("{table}\nRun one with: spikewatt bench NAME, a part of it with: spikewatt bench NAME/CASE\n"))
}
