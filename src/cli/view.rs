//! `spikewatt view`: starts the viewer's program, which is a program of its own so that this one needs no window system.

use super::Ending;
use spikewatt::diagnostic::{Diagnostic, Diagnostics, Place, Result};
use std::env::{self, consts::EXE_SUFFIX};
use std::path::PathBuf;
use std::process::Command;

/// Look at a network while it runs: spikes, joules and why a neuron fired.
///
/// Starts the program `spikewatt-gui`, which lies beside this one.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  spikewatt view networks/04-winner-take-all.toml
  spikewatt view networks/digits.nir --input datasets/digits.h5 --dense networks/digits-mlp.onnx
  spikewatt view results.h5")]
pub(super) struct Args {
    /// A network (TOML, NIR, or a SONATA configuration), a file of results (HDF5) or a project of the viewer
    file: Option<PathBuf>,
    /// The data set whose samples the network is shown
    #[arg(long, value_name = "DATA", requires = "file")]
    input: Option<PathBuf>,
    /// The dense network beside it: ONNX or NIR
    #[arg(long, value_name = "MODEL", requires = "file")]
    dense: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(&self) -> Result<Ending> {
        let mut wrong = Diagnostics::new();
        let program = wrong.take(program());
        if !has_display() {
            wrong.push(
                Diagnostic::new("no window can be opened: there is no display")
                    .help("the viewer needs one; `spikewatt run` and `spikewatt compare` work without"),
            );
        }
        for path in [&self.file, &self.input, &self.dense].into_iter().flatten() {
            if let Err(error) = std::fs::File::open(path) {
                wrong.push(Diagnostic::new(format!("cannot be read: {error}")).file(path));
            }
        }
        let (Some(program), true) = (program, wrong.is_empty()) else { return Err(wrong) };
        let mut command = Command::new(&program);
        command.args(&self.file);
        for (option, path) in [("--input", &self.input), ("--dense", &self.dense)] {
            if let Some(path) = path {
                command.arg(option).arg(path);
            }
        }
        let ended =
            command.status().map_err(|error| Diagnostic::new(format!("the viewer cannot be started: {error}")).file(&program))?;
        match ended.code() {
            Some(0) => Ok(Ending::Whole),
            Some(code) => Ok(Ending::As(u8::try_from(code).unwrap_or(2))),
            None => Err(Diagnostic::new(format!("the viewer was ended: {ended}")).file(&program).into()),
        }
    }
}

/// The viewer's program: beside this one, or where programs are sought.
fn program() -> Result<PathBuf> {
    let name = format!("spikewatt-gui{EXE_SUFFIX}");
    let beside = env::current_exe().ok().and_then(|own| Some(own.parent()?.to_path_buf()));
    let path = env::var_os("PATH").unwrap_or_default();
    let found = beside.into_iter().chain(env::split_paths(&path)).map(|folder| folder.join(&name)).find(|at| at.is_file());
    Ok(found.ok_or_else(|| {
        Diagnostic::new("the viewer's program `spikewatt-gui` is neither beside this one nor on the PATH")
            .place(Place::Argument("view".into()))
            .help("build it with `cargo build --release -p spikewatt-gui`")
    })?)
}

/// Whether there is a display to ask for a window; on systems that always have one, true.
fn has_display() -> bool {
    if !cfg!(all(unix, not(target_os = "macos"))) {
        return true;
    }
    ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}
