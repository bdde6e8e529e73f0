//! What other tools print for the same network, with ours beside it.

use super::compare::price;
use super::layers::{dense_layers, layers};
use super::work::spiking_work;
use super::{Comparison, DenseResult, Outcome};
use crate::energy::compat::{Comparison as Beside, Named, Tool};
use crate::energy::{self, EnergyEstimate, Joules, Runs};
use crate::report;
use crate::report::{AccountEntry, AccountTermEntry, BesideEntry, DifferenceEntry};

/// The accounts of tools for a comparison, as a part of the report. A device of ours that was not compared on is priced for them.
#[must_use]
pub fn account_part(tools: &[Tool], outcome: &Outcome, dense: &DenseResult, comparison: &Comparison) -> Vec<AccountEntry> {
    let steps = outcome.counts.ticks / outcome.counts.samples.max(1);
    let (spiking, twin) = (layers(outcome), dense_layers(dense));
    let named = tools.iter().flat_map(|tool| tool.accounts(&spiking, &twin, steps));
    let entry = |named: Named| {
        let ours = ours(&named, outcome, dense, comparison);
        account_entry(&named, ours.and_then(|ours| named.account.beside(&ours)))
    };
    named.map(entry).collect()
}

/// Our estimate for the machine of an account.
fn ours(named: &Named, outcome: &Outcome, dense: &DenseResult, comparison: &Comparison) -> Option<EnergyEstimate> {
    let is_it = |estimate: &&EnergyEstimate| estimate.device == named.ours && estimate.runs == named.runs;
    if let Some(found) = comparison.estimates.iter().find(is_it) {
        return Some(found.clone());
    }
    let device = energy::device(named.ours)?;
    let (estimates, _) = price(None, &[device], outcome, &spiking_work(&outcome.net, &outcome.counts), Some(&dense.run.work));
    estimates.into_iter().find(|estimate| estimate.runs == named.runs)
}

fn account_entry(named: &Named, beside: Option<Beside>) -> AccountEntry {
    let joules = |joules: Option<Joules>| joules.map(|joules| joules.0);
    let account = &named.account;
    AccountEntry {
        tool: account.tool.clone(),
        runs: match named.runs {
            Runs::Spiking => report::Runs::Spiking,
            Runs::Dense => report::Runs::Dense,
        },
        source: account.source.into(),
        energy_per_sample_j: account.energy_per_sample_j.0,
        terms: account
            .terms
            .iter()
            .map(|term| AccountTermEntry {
                name: term.name.into(),
                count: term.count,
                each_j: term.each_j.0,
                energy_j: term.energy_j.0,
            })
            .collect(),
        notes: account.notes.iter().map(|&note| note.into()).collect(),
        beside: beside.map(|beside| BesideEntry {
            device: beside.device,
            energy_per_sample_j: beside.ours_j.0,
            differences: beside
                .differences
                .into_iter()
                .map(|one| DifferenceEntry {
                    what: one.what,
                    theirs_j: joules(one.theirs_j),
                    ours_j: joules(one.ours_j),
                    difference_j: one.difference_j.0,
                    why: one.why,
                })
                .collect(),
            unpriced: beside.unpriced,
        }),
    }
}
