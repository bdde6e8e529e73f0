//! The energy of one inference: its groups and order, and what is said of each device.

use super::numbers::{count, mean, share, things};
use super::words::{clean, items};
use crate::report::{Boundary, DeviceKind, EnergyEntry, Report, Runs};
use std::cmp::Ordering;

/// Devices of one kind that run one of the two networks, cheapest first, those that do not fit last.
pub(in crate::report) struct Group<'a> {
    pub(in crate::report) runs: Runs,
    pub(in crate::report) title: &'static str,
    pub(in crate::report) entries: Vec<&'a EnergyEntry>,
}

/// All prices in their groups, the spiking network's first.
pub(in crate::report) fn groups(report: &Report) -> Vec<Group<'_>> {
    let mut keys: Vec<(Runs, DeviceKind)> = report.energy.iter().map(|entry| (entry.runs, entry.kind)).collect();
    keys.sort_unstable();
    keys.dedup();
    let group = |(runs, kind)| {
        let mut entries: Vec<_> = report.energy.iter().filter(|entry| (entry.runs, entry.kind) == (runs, kind)).collect();
        entries.sort_by(|a, b| by_nominal(a, b));
        Group { runs, title: title(runs, kind), entries }
    };
    keys.into_iter().map(group).collect()
}

fn by_nominal(a: &EnergyEntry, b: &EnergyEntry) -> Ordering {
    let nominal = |entry: &EnergyEntry| entry.energy_per_sample_j.map_or(f64::INFINITY, |energy| energy.nominal);
    b.fits.cmp(&a.fits).then(nominal(a).total_cmp(&nominal(b)))
}

fn title(runs: Runs, kind: DeviceKind) -> &'static str {
    match (runs, kind) {
        (Runs::Spiking, DeviceKind::Neuromorphic) => "Spiking network on neuromorphic devices",
        (Runs::Spiking, DeviceKind::Dense) => "Spiking network on conventional devices",
        (Runs::Spiking, DeviceKind::Biological) => "Spiking network in living tissue",
        (Runs::Dense, DeviceKind::Neuromorphic) => "Dense network on neuromorphic devices",
        (Runs::Dense, DeviceKind::Dense) => "Dense network on conventional devices",
        (Runs::Dense, DeviceKind::Biological) => "Dense network in living tissue",
    }
}

/// The batch that all entries share. None where they differ.
pub(in crate::report) fn common_batch(report: &Report) -> Option<u32> {
    let first = report.energy.first()?.batch;
    report.energy.iter().all(|entry| entry.batch == first).then_some(first)
}

/// What stands beside the title.
pub(in crate::report) fn beside_title(report: &Report) -> String {
    let at_batch = common_batch(report).map(|batch| format!(" at batch {batch}")).unwrap_or_default();
    format!(" of one inference{at_batch} (low and high: 5th and 95th percentile)")
}

/// The word for a boundary.
pub(in crate::report) fn boundary(boundary: Boundary) -> &'static str {
    match boundary {
        Boundary::Chip => "chip",
        Boundary::Board => "board",
        Boundary::System => "system",
    }
}

/// The device's name in words, where it is another than its identifier.
pub(in crate::report) fn label(entry: &EnergyEntry) -> String {
    entry.name.as_deref().map(clean).filter(|label| *label != entry.device).unwrap_or_default()
}

/// What is said of a device besides its name: what costs most, what has no price, why it does not fit.
pub(in crate::report) fn note(entry: &EnergyEntry, show_batch: bool) -> String {
    let batch = if show_batch { format!("batch {}", count(entry.batch.into())) } else { String::new() };
    if !entry.fits {
        let why = entry.why_not.as_deref().map_or_else(String::new, |why| format!(": {}", clean(why)));
        return items([batch, format!("the network does not fit{why}"), placement(entry)]);
    }
    let unpriced = match entry.unpriced.as_slice() {
        [] => String::new(),
        unpriced => format!("not priced: {}", clean(&unpriced.join(", "))),
    };
    items([batch, placement(entry), dominant(entry), unpriced])
}

/// Where the network lies: cores and chips, how full they are of what is scarcest, and what a spike takes.
fn placement(entry: &EnergyEntry) -> String {
    let Some(placement) = &entry.placement else { return String::new() };
    let cores = things(placement.cores, "core");
    let on = if placement.chips == 1 { cores } else { format!("{cores} on {}", things(placement.chips, "chip")) };
    let scarcest = placement.utilisation.iter().max_by(|a, b| a.share.total_cmp(&b.share));
    let full = scarcest.map(|u| format!("{} full of {}", share(u.share, 0), clean(&u.resource.replace('-', " "))));
    let each = |n: f64, what: &str, of: &str| format!("{} {what}{} a {of}", mean(n), if n == 1.0 { "" } else { "s" });
    let messages = placement.messages_per_spike.map(|n| each(n, "message", "spike"));
    let hops = placement.mean_hops.map(|n| each(n, "hop", "message"));
    let all = [full, messages, hops].into_iter().flatten();
    std::iter::once(on).chain(all).collect::<Vec<_>>().join(", ")
}

/// The largest term, with its share of the nominal energy.
fn dominant(entry: &EnergyEntry) -> String {
    let largest = entry.terms.iter().max_by(|a, b| a.nominal_j.total_cmp(&b.nominal_j));
    let named = entry.dominant_term.as_ref().and_then(|name| entry.terms.iter().find(|term| term.name == *name));
    let term = named.or(largest.filter(|_| entry.dominant_term.is_none()));
    let total: f64 = entry.terms.iter().map(|term| term.nominal_j).sum();
    match (term, &entry.dominant_term) {
        (Some(term), _) if entry.terms.len() > 1 && total > 0.0 => {
            format!("{} is {}", share(term.nominal_j / total, 0), clean(&term.name))
        }
        (Some(term), _) => clean(&term.name),
        (None, Some(name)) => format!("mostly {}", clean(name)),
        (None, None) => String::new(),
    }
}
