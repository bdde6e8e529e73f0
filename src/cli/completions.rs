//! `spikewatt completions`.

use super::{command, output};
use clap_complete::Shell;
use spikewatt::diagnostic::Result;

/// Print completions for a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  spikewatt completions bash > ~/.local/share/bash-completion/completions/spikewatt")]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

impl Args {
    pub(super) fn run(&self) -> Result<()> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command(), "spikewatt", &mut script);
        output::print(&String::from_utf8_lossy(&script))
    }
}
