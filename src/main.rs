//! The command line of Spikewatt.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
