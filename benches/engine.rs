//! `cargo bench` and `cargo bench -- brunel sparse/1e5`: the benches of `spikewatt bench` (`src/study/bench`), all of them by default.

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    // Cargo adds `--bench` of its own.
    let mut arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if arguments.is_empty() {
        arguments.push("all".into());
    }
    let done = Command::new(env!("CARGO_BIN_EXE_spikewatt")).arg("bench").args(arguments).status();
    if done.is_ok_and(|status| status.success()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
