//! Tier 4: the system around a chip, from an estimate of tier 3.
//!
//! P_system = [P_board + P_host + P_sensor + P_io + P_standing + r · E_running] / η
//!
//! with r the rate of requests, E_running the energy of an answer without standing power, P_standing the chip's standing power (static power
//! and host processors of its estimate), drawn all the time; where the chip sleeps between answers, for the share d = r · t of it, and P_sleep for the
//! rest; η the efficiency of the regulators. Then
//!
//! E_answer = P_system / r, and the battery lasts E_battery · depth of discharge / (P_system + P_other).
//!
//! What a person does not state is no zero: it stands among the unpriced. Ranges are P5 to P95 (see `src/energy/uncertainty.rs`), each setting and each
//! term of the estimate drawn on its own.

use super::device::{Boundary, Device, Scope};
use super::estimate::{EnergyEstimate, Term, Trials};
use super::evidence::{FigureKind, Grade};
use super::figure::FigureName;
use super::quantity::{Hertz, Joules, Range, Seconds, Watts};
use super::uncertainty::{Slot, Spread, TRIALS, Tail, percentiles};
use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use serde::{Deserialize, Serialize};

/// A battery and what else hangs on it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Battery {
    /// What it holds when full.
    pub energy: Range<Joules>,
    /// The share of it that may be used, over 0 and at most 1.
    pub depth_of_discharge: f64,
    /// What else draws from it, such as motors; absent where nothing is said of it.
    pub other: Option<Range<Watts>>,
}

/// The system around a chip. Powers are at the chip's side of the regulators; what is absent is not priced, and said to be so.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SystemSettings {
    /// Answers a second.
    pub request_rate: Hertz,
    /// Board: memory, clocks, links, what it draws with nothing to do. Must be absent where the estimate is of a board.
    pub board: Option<Range<Watts>>,
    /// Host processor beside the chip.
    pub host: Option<Range<Watts>>,
    /// Sensor.
    pub sensor: Option<Range<Watts>>,
    /// Bringing the sensor's data to the chip.
    pub io: Option<Range<Watts>>,
    /// Share of the drawn power that reaches its user. Typical: 0.8 to 0.95 (general knowledge).
    pub regulator_efficiency: Range<f64>,
    /// What the chip draws where it sleeps between answers, 0 where it is switched off; waking it up is not priced. Absent where it stays as
    /// it is.
    pub sleep: Option<Range<Watts>>,
    /// What the chip draws all the time, where its estimate has no standing power because the time of an answer is not known ([`idle_power`]).
    pub idle: Option<Range<Watts>>,
    /// The battery, if there is one.
    pub battery: Option<Battery>,
}

impl SystemSettings {
    /// A system of which only the rate of requests is known; regulators as they commonly are.
    #[must_use]
    pub fn at(request_rate: Hertz) -> Self {
        Self {
            request_rate,
            board: None,
            host: None,
            sensor: None,
            io: None,
            regulator_efficiency: Range { low: 0.8, nominal: 0.9, high: 0.95 },
            sleep: None,
            idle: None,
            battery: None,
        }
    }
}

/// What a part of the system draws on average, regulators not included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PowerTerm {
    /// What it pays for.
    pub name: String,
    /// Its power, watts.
    pub power_w: Range<Watts>,
}

/// A system's power, energy per answer and endurance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SystemEstimate {
    /// The device's id.
    pub device: String,
    /// 4: the system.
    pub tier: u8,
    /// What the energy includes: the system.
    pub boundary: Boundary,
    /// Mean power drawn from the supply.
    #[serde(rename = "power_w")]
    pub power: Range<Watts>,
    /// Energy of one answer at the rate of requests.
    #[serde(rename = "energy_per_answer_j")]
    pub energy_per_answer: Range<Joules>,
    /// Share of the time in which the chip works; absent where the time of an answer is not known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub duty_cycle: Option<f64>,
    /// True where what the chip draws between answers is in the price; otherwise it is among the unpriced.
    pub between_answers: bool,
    /// False where answers are asked for faster than the chip gives them; the price is then that of a chip that could.
    pub keeps_up: bool,
    /// How long the battery lasts, hours.
    #[serde(rename = "hours", skip_serializing_if = "Option::is_none", default)]
    pub endurance_hours: Option<Range<f64>>,
    /// The share of all that is drawn from the battery which goes into answers, where something else hangs on it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub share_of_battery: Option<f64>,
    /// What draws the power; the nominal power is their sum.
    pub terms: Vec<PowerTerm>,
    /// The name of the largest term.
    pub dominant_term: String,
    /// What draws power and was not priced.
    pub unpriced: Vec<String>,
    /// The weakest grade among the chip's figures; settings are the user's own.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub evidence: Option<Grade>,
    /// What to know before quoting a number.
    pub caveats: Vec<String>,
}

impl SystemEstimate {
    /// The energy of an answer as an estimate of tier 4, beside those of the chip that it was made from.
    #[must_use]
    pub fn as_estimate(&self, chip: &EnergyEstimate, request_rate: Hertz) -> EnergyEstimate {
        let term = |term: &PowerTerm| {
            let energy = term.power_w.map(|watts| watts / request_rate);
            Term { name: term.name.clone(), low_j: energy.low, nominal_j: energy.nominal, high_j: energy.high, standing: false }
        };
        let duty = self.duty_cycle.map(|duty| format!(", at work {:.3} % of the time", 100.0 * duty.min(1.0)));
        let mut caveats = vec![format!("at {request_rate}{}", duty.unwrap_or_default())];
        caveats.extend(self.caveats.iter().cloned());
        EnergyEstimate {
            tier: self.tier,
            boundary: self.boundary,
            energy_per_sample: Some(self.energy_per_answer),
            power: Some(self.power),
            terms: self.terms.iter().map(term).collect(),
            dominant_term: Some(self.dominant_term.clone()),
            unpriced: self.unpriced.clone(),
            caveats,
            by_precision: Vec::new(),
            by_reuse: Vec::new(),
            trials: Trials::default(),
            ..chip.clone()
        }
    }
}

/// The term of a chip that sleeps.
const SLEEP: &str = "sleep between answers";
/// The term of a chip whose answers take a time that is not known.
const IDLE: &str = "idle power";

/// What a device draws with nothing to do, by its file: static power and host processors. `None` for all-in figures, to which nothing is ever added.
#[must_use]
pub fn idle_power(device: &Device) -> Option<Range<Watts>> {
    if device.scope == Some(Scope::AllIn) {
        return None;
    }
    let powers = [FigureName::StaticPower, FigureName::HostPower].map(|name| device.power(name));
    let ranges = powers.into_iter().flatten().map(|figure| figure.range(FigureKind::Power));
    ranges.reduce(std::ops::Add::add)
}

/// A term in every trial, watts.
struct Drawn {
    name: String,
    nominal: f64,
    trials: Vec<f64>,
}

/// A range as a term; ends are the 5th and 95th percentile.
fn drawn(name: &str, range: Range<f64>, index: usize) -> Drawn {
    let spread = Spread { range, below: Tail::LogNormal, above: Tail::LogNormal };
    Drawn { name: name.to_owned(), nominal: range.nominal, trials: spread.factors(Slot::other(index)).collect() }
}

/// What a system draws that answers so often.
///
/// # Errors
/// Where the estimate is not of tier 3 or has no energy, where the rate, an efficiency or a share is not what it can be, or ranges are out of
/// order: all complaints at once.
pub fn system(estimate: &EnergyEstimate, settings: &SystemSettings) -> Result<SystemEstimate> {
    check(estimate, settings)?;
    let rate = settings.request_rate;
    let duty_cycle = estimate.latency.map(|latency| rate.0 * latency.0);
    let keeps_up = duty_cycle.is_none_or(|duty| duty <= 1.0);
    let mut caveats = Vec::new();
    let mut unpriced = estimate.unpriced.clone();

    let mut terms = Vec::new();
    for (index, term) in estimate.terms.iter().enumerate() {
        let energy = term.range().map(|joules| joules * rate);
        // Standing power is charged for the time of a sample: over that time it is a power again.
        let power = match (term.standing, settings.sleep, estimate.latency) {
            (true, None, Some(latency)) => term.range().map(|joules| joules / latency),
            _ => energy,
        };
        terms.push(drawn(&term.name, power.map(|watts| watts.0), index));
    }
    let first = estimate.terms.len();
    let stands = estimate.terms.iter().any(|term| term.standing);
    // Where the time of an answer is not known, the chip is taken to sleep all the time: the most that it can.
    let asleep = (1.0 - duty_cycle.unwrap_or(0.0)).max(0.0);
    let parts = [
        ("board", settings.board),
        ("host", settings.host),
        ("sensor", settings.sensor),
        ("input and output", settings.io),
        (SLEEP, settings.sleep.map(|power| power * asleep)),
        (IDLE, settings.idle.filter(|_| !stands && settings.sleep.is_none())),
    ];
    for (index, (name, power)) in parts.into_iter().enumerate() {
        match power {
            Some(power) => terms.push(drawn(name, power.map(|watts| watts.0), first + index)),
            None if name == SLEEP || name == IDLE => {}
            None if name == "board" && estimate.boundary != Boundary::Chip => {}
            None if name != "sensor" && estimate.boundary == Boundary::System => {}
            None if unpriced.iter().any(|text| text == name) => {}
            None => unpriced.push(name.to_owned()),
        }
    }
    let between_answers =
        stands || settings.sleep.is_some() || settings.idle.is_some() || duty_cycle.is_some_and(|duty| duty >= 1.0);
    if terms.iter().any(|term| term.name == IDLE) {
        // Of what runs in its own time, the energy of an answer may have idle power inside.
        match unpriced.iter().position(|text| text.starts_with("static power")) {
            Some(at) => drop(unpriced.remove(at)),
            None => caveats.push(
                "idle power is charged all the time; where the energy of an answer holds it too, it is charged twice at work"
                    .to_owned(),
            ),
        }
    }
    if !between_answers {
        unpriced.push("the chip between answers (its figures hold while it works)".to_owned());
    }
    if settings.sleep.is_some() {
        caveats.push("the chip sleeps between answers; waking it up and loading its weights are not priced".to_owned());
        if duty_cycle.is_none() {
            caveats.push("the time of an answer is not known: the power of sleep is charged all the time".to_owned());
        }
    }
    if !keeps_up {
        let latency = estimate.latency.unwrap_or_default();
        caveats.push(format!("{rate} asked for, and an answer takes {latency}: one chip does not keep up"));
    }

    let efficiency = drawn("regulators", settings.regulator_efficiency, first + parts.len());
    let share = |value: f64| value.min(1.0);
    let mut power = vec![0.0; TRIALS];
    for term in &terms {
        power.iter_mut().zip(&term.trials).for_each(|(sum, trial)| *sum += trial);
    }
    power.iter_mut().zip(&efficiency.trials).for_each(|(sum, &efficiency)| *sum /= share(efficiency));
    let used = terms.iter().map(|term| term.nominal).sum::<f64>();
    let nominal = used / settings.regulator_efficiency.nominal;
    let range = percentiles(&mut power.clone(), nominal).map(Watts);

    let (mut endurance_hours, mut share_of_battery) = (None, None);
    if let Some(battery) = &settings.battery {
        let full = drawn("battery", battery.energy.map(|joules| joules.0), first + parts.len() + 1);
        let other = battery.other.map(|other| drawn("other", other.map(|watts| watts.0), first + parts.len() + 2));
        let of_other = |trial: usize| other.as_ref().map_or(0.0, |other| other.trials[trial]);
        let lasts = |energy: f64, power: f64| (Joules(energy * battery.depth_of_discharge) / Watts(power)).hours();
        let mut hours: Vec<f64> = (0..TRIALS).map(|trial| lasts(full.trials[trial], power[trial] + of_other(trial))).collect();
        let rest = other.as_ref().map_or(0.0, |other| other.nominal);
        endurance_hours = Some(percentiles(&mut hours, lasts(full.nominal, nominal + rest)));
        share_of_battery = other.is_some().then(|| nominal / (nominal + rest));
    }

    let regulators = terms_of(&mut terms, used, &efficiency, settings.regulator_efficiency.nominal);
    terms.push(regulators);
    let dominant = terms.iter().reduce(|a, b| if b.nominal > a.nominal { b } else { a });
    Ok(SystemEstimate {
        device: estimate.device.clone(),
        tier: 4,
        boundary: Boundary::System,
        power: range,
        energy_per_answer: range.map(|watts| watts / rate),
        duty_cycle,
        between_answers,
        keeps_up,
        endurance_hours,
        share_of_battery,
        dominant_term: dominant.map_or_else(String::new, |term| term.name.clone()),
        terms: terms
            .into_iter()
            .map(|mut term| PowerTerm { power_w: percentiles(&mut term.trials, term.nominal).map(Watts), name: term.name })
            .collect(),
        unpriced,
        evidence: estimate.evidence,
        caveats,
    })
}

/// What the regulators lose.
fn terms_of(terms: &mut [Drawn], used: f64, efficiency: &Drawn, nominal: f64) -> Drawn {
    let lost = |trial: usize| {
        let sum: f64 = terms.iter().map(|term| term.trials[trial]).sum();
        sum * (1.0 / efficiency.trials[trial].min(1.0) - 1.0)
    };
    Drawn { name: "regulators".to_owned(), nominal: used * (1.0 / nominal - 1.0), trials: (0..TRIALS).map(lost).collect() }
}

/// What must hold of an estimate and of settings.
fn check(estimate: &EnergyEstimate, settings: &SystemSettings) -> Result<()> {
    let mut wrong = Diagnostics::new();
    let mut complain = |place: &str, message: String, help: &str| wrong.push(Diagnostic::at(place, message).help(help));
    if estimate.tier != 3 || estimate.energy_per_sample.is_none() {
        let message = format!("{} has no price of tier 3", estimate.device);
        complain("estimate", message, "a system is built around a chip whose profile prices the run");
    }
    if !(settings.request_rate.0.is_finite() && settings.request_rate.0 > 0.0) {
        complain("request_rate", format!("{} is no rate of requests", settings.request_rate.0), "answers a second, over 0");
    }
    if settings.board.is_some() && estimate.boundary != Boundary::Chip {
        let message = format!("the estimate of {} is of a {} already", estimate.device, estimate.boundary);
        complain("board", message, "leave `board` out: it would be charged twice");
    }
    let powers = [
        ("board", settings.board),
        ("host", settings.host),
        ("sensor", settings.sensor),
        ("io", settings.io),
        ("sleep", settings.sleep),
        ("idle", settings.idle),
        ("battery.other", settings.battery.and_then(|battery| battery.other)),
    ];
    for (name, power) in powers {
        if let Some(power) = power
            && !(power.is_ordered() && power.low.0 >= 0.0 && power.high.0.is_finite())
        {
            complain(name, "a power is written low <= nominal <= high, not negative".to_owned(), "");
        }
    }
    let efficiency = settings.regulator_efficiency;
    if !(efficiency.is_ordered() && efficiency.low > 0.0 && efficiency.high <= 1.0) {
        complain(
            "regulator_efficiency",
            "an efficiency is over 0 and at most 1, low <= nominal <= high".to_owned(),
            "typical: 0.8 to 0.95",
        );
    }
    if let Some(battery) = &settings.battery {
        if !(battery.energy.is_ordered() && battery.energy.low.0 > 0.0 && battery.energy.high.0.is_finite()) {
            complain("battery.energy", "what a battery holds is over 0, low <= nominal <= high".to_owned(), "1 Wh is 3600 J");
        }
        if !(battery.depth_of_discharge > 0.0 && battery.depth_of_discharge <= 1.0) {
            complain("battery.depth_of_discharge", "a share is over 0 and at most 1".to_owned(), "0.8 is common");
        }
    }
    wrong.or(())
}

/// A battery's energy from its voltage and charge, as is printed on it.
#[must_use]
pub fn watt_hours(energy: f64) -> Joules {
    Seconds(3600.0) * Watts(energy)
}

#[cfg(test)]
mod tests;
