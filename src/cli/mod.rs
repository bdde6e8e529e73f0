//! The command line: arguments in, a report out.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 done, 2 bad usage or bad input with nothing
//! written. One file a subcommand.

mod compare;
mod completions;
mod devices;
mod inspect;
mod output;
mod progress;
mod run;
mod values;

use clap::{Parser, Subcommand};
use spikewatt::diagnostic::Result;
use std::process::ExitCode;

/// Runs spiking neural networks, counts what they do, and says honestly what that costs in energy.
#[derive(Debug, Parser)]
#[command(
    name = "spikewatt",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    after_help = "Begin with:\n  spikewatt compare networks/digits.nir --input datasets/digits.h5 --dense networks/digits-mlp.onnx\n  spikewatt run networks/01-one-neuron.toml\n  spikewatt inspect --models"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Args),
    Compare(compare::Args),
    Inspect(inspect::Args),
    Devices(devices::Args),
    Completions(completions::Args),
}

/// Runs the program and gives its exit code.
pub(crate) fn main() -> ExitCode {
    // The C library under HDF5 must not print its own stack of errors.
    hdf5::silence_errors(true);
    let done: Result<()> = match Cli::parse().command {
        Command::Run(args) => args.run(),
        Command::Compare(args) => args.run(),
        Command::Inspect(args) => args.run(),
        Command::Devices(args) => args.run(),
        Command::Completions(args) => args.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(complaints) => {
            eprintln!("{complaints}");
            ExitCode::from(2)
        }
    }
}

/// The whole command, for what describes it.
fn command() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}
