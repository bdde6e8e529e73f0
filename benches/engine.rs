//! `cargo bench` and `cargo bench -- brunel sparse/1e5`: the benches of `spikewatt bench`, which has more choices.

use spikewatt::study::Quiet;
use spikewatt::study::bench::{BENCHES, BenchReport, BenchSettings, limits, measure, select};
use std::process::ExitCode;

fn main() -> ExitCode {
    // Cargo adds `--bench` of its own.
    let names: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let all = || BENCHES.iter().map(|bench| bench.name.to_owned()).collect();
    let settings = BenchSettings::default();
    let found = select(&if names.is_empty() { all() } else { names }).and_then(|cases| {
        let limits = limits(settings.threads);
        let results = cases.iter().map(|case| measure(case, &settings, &Quiet)).collect::<Result<Vec<_>, _>>()?;
        Ok(BenchReport::new(limits, results))
    });
    match found {
        Ok(report) => {
            #[allow(clippy::print_stdout, reason = "a bench's results belong on standard output")]
            {
                print!("{}", report.to_text());
            }
            ExitCode::SUCCESS
        }
        Err(complaints) => {
            eprintln!("{complaints}");
            ExitCode::from(2)
        }
    }
}
