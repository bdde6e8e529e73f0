//! `--account`: what other tools print for the same network.

use spikewatt::energy::compat::{TOOLS, Tool};
use spikewatt::report::Report;
use spikewatt::study::{Comparison, DenseResult, Outcome, account_part};

/// The tools that are asked for.
#[derive(Debug, clap::Args)]
pub(super) struct Accounts {
    /// Set beside ours what these tools print for the same network, and say where they part
    #[arg(long, value_delimiter = ',', value_name = "TOOL,…", value_parser = names())]
    account: Vec<String>,
}

fn names() -> clap::builder::PossibleValuesParser {
    TOOLS.iter().map(|(name, _)| *name).into()
}

impl Accounts {
    /// Adds the accounts to the report.
    pub(super) fn add(&self, report: &mut Report, outcome: &Outcome, dense: &DenseResult, comparison: &Comparison) {
        let asked = |(name, _): &&(&str, Tool)| self.account.iter().any(|one| one == name);
        let tools: Vec<Tool> = TOOLS.iter().filter(asked).map(|(_, tool)| *tool).collect();
        report.accounts = account_part(&tools, outcome, dense, comparison);
    }
}
