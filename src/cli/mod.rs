//! The command line: arguments in, a report out.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 done; 1 a budget of `check` is not kept or a case of `verify` missed; 2 bad usage or bad input, with nothing
//! written; 130 interrupted, with what was done until then written and marked. One file a subcommand.

mod account;
mod bench;
mod check;
mod compare;
mod completions;
mod convert;
mod devices;
mod inspect;
mod inspect_sonata;
mod interrupt;
mod meaning;
mod output;
mod precision;
mod product;
mod progress;
mod replay;
mod run;
mod values;
mod verify;
mod view;

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
    Check(check::Args),
    Inspect(inspect::Args),
    Convert(convert::Args),
    Devices(devices::Args),
    Bench(bench::Args),
    Verify(verify::Args),
    View(view::Args),
    Completions(completions::Args),
}

/// How a command that did not fail came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Whole,
    /// With a result that is not as it should be.
    Missed,
    /// By Ctrl-C, with what was done until then.
    Interrupted,
    /// As another program ended, with its exit code.
    As(u8),
}

impl Ending {
    fn of(outcome: &spikewatt::study::Outcome) -> Self {
        if outcome.partial { Self::Interrupted } else { Self::Whole }
    }

    /// The exit code.
    fn code(self) -> u8 {
        match self {
            Self::Whole => 0,
            Self::Missed => 1,
            Self::Interrupted => interrupt::EXIT_CODE,
            Self::As(code) => code,
        }
    }
}

/// Runs the program and gives its exit code.
pub(crate) fn main() -> ExitCode {
    // The C library under HDF5 must not print its own stack of errors.
    hdf5::silence_errors(true);
    let whole = |done: Result<()>| done.map(|()| Ending::Whole);
    let done: Result<Ending> = match Cli::parse().command {
        Command::Run(args) => args.run(),
        Command::Compare(args) => args.run(),
        Command::Check(args) => args.run(),
        Command::Inspect(args) => whole(args.run()),
        Command::Convert(args) => whole(args.run()),
        Command::Devices(args) => whole(args.run()),
        Command::Bench(args) => whole(args.run()),
        Command::Verify(args) => args.run(),
        Command::View(args) => args.run(),
        Command::Completions(args) => whole(args.run()),
    };
    match done {
        Ok(ending) => ExitCode::from(ending.code()),
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
