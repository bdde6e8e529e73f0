//! Answers to what a product asks of a network: power at a rate of requests, hours on a battery, deadlines, the worst of a recording, and what is
//! left when answers are read early.

mod by_step;
mod latency;
mod parts;
mod product;
#[cfg(test)]
mod tests;
mod worst;

pub use product::{PowerOf, Product};

use super::Outcome;
use super::compare::OnCores;
use crate::dataset::Dataset;
use crate::diagnostic::{Diagnostics, Result};
use crate::energy::system::SystemEstimate;
use crate::energy::{Device, DeviceKind, EnergyEstimate, Runs};
use crate::report::{AnswersPart, DeviceAnswer, LeastAnswer, PowerTermEntry, Range, RatioEntry, SystemAnswer};
use parts::Parts;
use std::collections::BTreeMap;

/// What was asked, with what is needed for the report's part and for its prices.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// The part of the report.
    pub part: AnswersPart,
    /// Prices of tier 4, in the order of the estimates they were made from.
    pub systems: Vec<EnergyEstimate>,
}

/// Answers what a product asks of a run, on devices that it was priced on.
///
/// Samples, windows and steps are told apart where the run's plan says so.
///
/// # Errors
/// Where what is said of the product cannot be: all complaints at once.
pub fn answers(
    product: &Product,
    devices: &[&Device],
    estimates: &[EnergyEstimate],
    placements: &BTreeMap<String, OnCores>,
    outcome: &Outcome,
    dataset: Option<&Dataset>,
) -> Result<Answers> {
    let spiking: Vec<Parts<'_>> = devices
        .iter()
        .filter(|device| device.runs(Runs::Spiking) && device.kind != DeviceKind::Biological)
        .map(|device| Parts::new(device, outcome, placements.get(&device.id)))
        .collect();
    let of = |estimate: &EnergyEstimate| {
        spiking.iter().find(|parts| parts.device.id == estimate.device && estimate.runs == Runs::Spiking)
    };
    let mut wrong = Diagnostics::new();
    let (mut each, mut found, mut systems) = (Vec::new(), Vec::new(), Vec::new());
    for estimate in estimates.iter().filter(|e| e.tier == 3 && e.kind != DeviceKind::Biological) {
        let device = devices.iter().find(|device| device.id == estimate.device);
        let system = device.and_then(|device| wrong.take(product.system(device, estimate)).flatten());
        each.push(DeviceAnswer {
            device: estimate.device.clone(),
            runs: runs(estimate),
            fits: estimate.fits,
            energy_per_inference_j: estimate.energy_per_sample.map(|energy| range(energy.map(|joules| joules.0))),
            power_working_w: estimate.power.map(|power| range(power.map(|watts| watts.0))),
            latency: latency::latency(of(estimate), estimate, outcome, product.deadline_s),
            system: system.as_ref().map(answer),
        });
        if let (Some(system), Some(rate)) = (system, product.request_rate) {
            systems.push(system.as_estimate(estimate, rate));
            found.push((estimate, system));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let chosen = curve_devices(&spiking, estimates);
    let battery = product.battery.filter(|_| product.request_rate.is_some());
    let part = AnswersPart {
        request_rate_hz: product.request_rate.map(|rate| rate.0),
        deadline_s: product.deadline_s,
        battery_j: battery.map(|battery| battery.energy.nominal.0),
        depth_of_discharge: battery.map(|battery| battery.depth_of_discharge),
        devices: each,
        least: least(&found),
        windows: worst::worst(&spiking, outcome),
        by_step: by_step::by_step(&chosen, outcome, dataset),
    };
    Ok(Answers { part, systems })
}

fn range(range: crate::energy::Range<f64>) -> Range {
    Range { low: range.low, nominal: range.nominal, high: range.high }
}

fn runs(estimate: &EnergyEstimate) -> crate::report::Runs {
    match estimate.runs {
        Runs::Spiking => crate::report::Runs::Spiking,
        Runs::Dense => crate::report::Runs::Dense,
    }
}

fn answer(system: &SystemEstimate) -> SystemAnswer {
    SystemAnswer {
        power_w: range(system.power.map(|watts| watts.0)),
        energy_per_answer_j: range(system.energy_per_answer.map(|joules| joules.0)),
        duty_cycle: system.duty_cycle,
        keeps_up: system.duty_cycle.map(|_| system.keeps_up),
        hours: system.endurance_hours.map(range),
        share_of_battery: system.share_of_battery,
        terms: system
            .terms
            .iter()
            .map(|term| PowerTermEntry { name: term.name.clone(), power_w: range(term.power_w.map(|watts| watts.0)) })
            .collect(),
        unpriced: system.unpriced.clone(),
    }
}

/// The cheapest system of each network, of those that hold the network, keep up, and are priced between answers too: what leaves that out would
/// win by what it does not say.
fn least(systems: &[(&EnergyEstimate, SystemEstimate)]) -> Option<LeastAnswer> {
    let of = |runs: Runs| {
        let fit = systems.iter().filter(|(e, system)| e.runs == runs && e.fits && system.keeps_up && system.between_answers);
        fit.min_by(|(_, a), (_, b)| a.power.nominal.0.total_cmp(&b.power.nominal.0))
    };
    let ((s, spiking), (d, dense)) = (of(Runs::Spiking)?, of(Runs::Dense)?);
    let ratio = RatioEntry { low: spiking.power.low / dense.power.high, high: spiking.power.high / dense.power.low };
    // A system whose power between answers nobody states takes at least what is known of it; it may still beat the winner.
    let may_beat = |winner: &SystemEstimate, loser: Runs| {
        let open = systems.iter().filter(|(e, system)| e.runs == loser && e.fits && system.keeps_up && !system.between_answers);
        let ids: Vec<_> =
            open.filter(|(_, system)| system.power.low < winner.power.high).map(|(e, _)| e.device.as_str()).collect();
        ids.join(", ")
    };
    let won = |what: &str, winner: &SystemEstimate, loser: Runs| match may_beat(winner, loser) {
        ids if ids.is_empty() => what.to_owned(),
        ids => format!("undecided, as the power between answers of {ids} is not known and may be less (state it with --sleep)"),
    };
    let verdict = match ratio {
        RatioEntry { high, .. } if high < 1.0 => won("the spiking system takes less", spiking, Runs::Dense),
        RatioEntry { low, .. } if low > 1.0 => won("the dense system takes less", dense, Runs::Spiking),
        _ => "undecided, as the intervals overlap".to_owned(),
    };
    let side = |device: &EnergyEstimate, system: &SystemEstimate| {
        let unpriced = match system.unpriced.as_slice() {
            [] => String::new(),
            unpriced => format!(", without {}", unpriced.join(", ")),
        };
        format!("{} ({}{unpriced})", device.device, system.power)
    };
    let text = format!(
        "Of the systems that keep up and are priced at all times, the spiking network's takes least on {}, the dense network's on {}: {verdict}.",
        side(s, spiking),
        side(d, dense)
    );
    Some(LeastAnswer { spiking: s.device.clone(), dense: d.device.clone(), ratio, text })
}

/// Devices for the curve over steps: the models of operations and memory, and the chip for spikes that takes least of those that hold the network.
fn curve_devices<'p, 'a>(spiking: &'p [Parts<'a>], estimates: &[EnergyEstimate]) -> Vec<&'p Parts<'a>> {
    let of = |parts: &&Parts<'_>| estimates.iter().find(|e| e.runs == Runs::Spiking && e.device == parts.device.id);
    let chips = spiking.iter().filter_map(|parts| {
        let estimate = of(&parts).filter(|e| e.tier == 3 && e.fits && e.kind == DeviceKind::Neuromorphic)?;
        Some((parts, estimate.energy_per_sample?.nominal.0))
    });
    let best = chips.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(parts, _)| parts);
    let models = spiking.iter().filter(|parts| of(parts).is_some_and(|e| e.tier == 2));
    models.chain(best).collect()
}
