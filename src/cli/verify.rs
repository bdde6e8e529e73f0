//! `spikewatt verify`.

use super::progress::Bar;
use super::{Ending, output};
use spikewatt::diagnostic::{Diagnostic, Result};
use spikewatt::study::verify::{CaseResult, Finding, ORACLES, VerifyReport, VerifySettings, select};
use spikewatt::whole_file::write_whole;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Check on this machine that results are what they should be: those of other simulators, of formulas, and the same by every execution.
///
/// Everything that it needs is in the program. Ends with exit code 1 where anything is further off than it may be. With --report it repeats the
/// run of a report instead, and says whether it had the same spikes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  spikewatt verify
  spikewatt verify --list
  spikewatt verify nest closed-form
  spikewatt verify nest/exp --json -
  spikewatt verify --full
  spikewatt verify --report report.json")]
pub(super) struct Args {
    /// Oracles to check, such as nest, or a part of one, such as nest/exp; all by default
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// List the oracles and their cases, and run nothing
    #[arg(long)]
    list: bool,
    /// Run networks as long as the stored runs were, or as their files say; by default they are cut short
    #[arg(long)]
    full: bool,
    /// Repeat the run of this report (of `run` or `compare`, written with --json) and hold spikes, counts and answers to it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["names", "list", "full"])]
    report: Option<PathBuf>,
    /// Threads of networks. By default all cores
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Write the results as JSON; `-` for standard output
    #[arg(long, value_name = "FILE", conflicts_with = "list")]
    json: Option<PathBuf>,
    /// Print no text and no progress
    #[arg(long, conflicts_with = "list")]
    quiet: bool,
}

impl Args {
    pub(super) fn run(&self) -> Result<Ending> {
        if let Some(report) = &self.report {
            return super::replay::replay(report, self.threads, self.json.as_deref(), self.quiet);
        }
        let cases = select(&self.names)?;
        if self.list {
            let mut table = output::table(&["Case", "What is run", "Against"], &[]);
            for case in &cases {
                table.add_row([format!("{}/{}", case.oracle, case.name), case.about.to_owned(), case.against.to_owned()]);
            }
            let about: String = ORACLES.iter().map(|oracle| format!("{}: {}\n", oracle.name, oracle.about)).collect();
            output::print_tables(&format!("{about}\n{table}\n"))?;
            return Ok(Ending::Whole);
        }
        let began = Instant::now();
        let defaults = VerifySettings::default();
        let settings = VerifySettings { threads: self.threads.map_or(defaults.threads, usize::from), full: self.full };
        let bar = Bar::for_measurements(self.quiet);
        let report = VerifyReport::new(cases.iter().map(|case| case.verify(&settings, &bar)).collect());
        let json = || {
            let text = serde_json::to_string_pretty(&report);
            text.map(|text| text + "\n").map_err(|error| Diagnostic::new(format!("the results are no JSON: {error}")))
        };
        match self.json.as_deref() {
            Some(path) if path == Path::new("-") => output::print(&json()?)?,
            Some(path) => {
                let text = json()?;
                write_whole(path, |beside| std::fs::write(beside, text).map_err(|error| error.to_string()))?;
            }
            None => {}
        }
        if !self.quiet && self.json.as_deref() != Some(Path::new("-")) {
            output::print_tables(&shown(&report, began.elapsed().as_secs_f64()))?;
        }
        Ok(ending(&report))
    }
}

/// A miss is an ending of its own.
fn ending(report: &VerifyReport) -> Ending {
    if report.passed { Ending::Whole } else { Ending::Missed }
}

/// The table, each miss in full, and a line that sums up.
fn shown(report: &VerifyReport, wall_s: f64) -> String {
    let mut table = output::table(&["Case", "Compared", "Against", "Worst", "Allowed", ""], &[3, 4]);
    for result in &report.results {
        for (at, finding) in result.findings.iter().enumerate() {
            // A case is named once.
            let first = |text: &str| if at == 0 { text.to_owned() } else { String::new() };
            table.add_row([
                first(&result.case),
                format!("{} ×{}", finding.quantity, finding.compared),
                first(&result.against),
                format!("{} {}", number(finding.worst), finding.unit),
                number(finding.allowed),
                if finding.passed { "ok" } else { "MISS" }.to_owned(),
            ]);
        }
    }
    let misses = report
        .results
        .iter()
        .flat_map(|result| result.findings.iter().filter(|finding| !finding.passed).map(move |finding| miss(result, finding)));
    let misses: String = misses.collect();
    let (cases, values) =
        (report.results.len(), report.results.iter().flat_map(|r| &r.findings).map(|f| f.compared).sum::<u64>());
    let summary = match report.missed {
        0 => format!("All {cases} cases are as they should be"),
        missed => format!("{missed} of {cases} cases MISSED"),
    };
    let gap = if misses.is_empty() { "" } else { "\n" };
    format!(
        "{table}\n\nrelative: of the value, or of 1 where that is more. errors: standard errors beyond the range of the stored runs.\n\
         {gap}{misses}\n{summary}: {values} values compared in {wall_s:.1} s.\n"
    )
}

fn miss(result: &CaseResult, finding: &Finding) -> String {
    let Finding { quantity, worst, allowed, unit, place, compared, .. } = finding;
    if *compared == 0 {
        return format!("MISS {}: {quantity}: nothing was compared\n", result.case);
    }
    format!("MISS {}: {quantity}: {} {unit}, {} allowed: {place}\n", result.case, number(*worst), number(*allowed))
}

/// Whole numbers as they are, others to two digits.
fn number(value: f64) -> String {
    if value == value.round() || !value.is_finite() {
        format!("{value}")
    } else if value.abs() < 0.01 {
        format!("{value:.1e}").replace(".0e", "e")
    } else {
        format!("{value:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(worst: f64) -> VerifyReport {
        let finding = Finding {
            quantity: "v".into(),
            compared: 3,
            unit: "mV".into(),
            worst,
            allowed: 1e-9,
            place: "clock, v at 0.1 ms".into(),
            passed: worst <= 1e-9,
        };
        let result = |case: &str, findings| CaseResult { case: case.into(), against: "NEST".into(), wall_s: 0.1, findings };
        VerifyReport::new(vec![result("nest/one", vec![finding.clone()]), result("nest/none", vec![])])
    }

    #[test]
    fn a_miss_ends_with_1_and_is_told() {
        let mut good = report(1e-12);
        // A case that found nothing is no case that passed.
        assert_eq!(good.missed, 1);
        good = VerifyReport::new(good.results[..1].to_vec());
        assert_eq!((good.passed, ending(&good).code()), (true, 0));
        assert!(shown(&good, 0.5).contains("All 1 cases are as they should be: 3 values compared in 0.5 s."));
        let missed = report(1e-6);
        assert_eq!((missed.missed, ending(&missed).code()), (2, 1));
        let text = shown(&missed, 0.5);
        assert!(text.contains("MISS nest/one: v: 1e-6 mV, 1e-9 allowed: clock, v at 0.1 ms"), "{text}");
        assert!(text.contains("2 of 2 cases MISSED"), "{text}");
    }
}
