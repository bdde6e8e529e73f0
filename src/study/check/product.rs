//! Budgets of a product: deadline, power of the system, hours on a battery, the worst window.

use super::{BudgetLine, Budgets, Held};
use crate::report::{AnswersPart, DeviceAnswer, Range, Runs};

/// Adds a line for each of these budgets, of the spiking network on a device.
pub(super) fn lines(budgets: &Budgets, answers: &AnswersPart, device: &str, lines: &mut Vec<BudgetLine>) {
    let answer = answers.devices.iter().find(|answer| answer.device == device && answer.runs == Runs::Spiking);
    let system = answer.and_then(|answer| answer.system.as_ref());
    let line = |what, budget, found: Option<[f64; 3]>, remarks: Vec<String>| {
        let held = held(what, found, budget);
        BudgetLine { what, device: Some(device.to_owned()), budget, found, held, remarks }
    };
    let ends = |range: Range| [range.low, range.nominal, range.high];
    let missing = |why: &str| vec![why.to_owned()];
    let unpriced =
        || system.map_or_else(Vec::new, |system| system.unpriced.iter().map(|what| format!("not priced: {what}")).collect());
    if budgets.deadline_s.is_some() {
        let found = answer.and_then(|answer| answer.latency).map(|latency| [latency.p99_s; 3]);
        let remarks = match (found, answer) {
            (None, _) => missing("the device has no figure for the time of a sample"),
            (Some(_), answer) => late(answer),
        };
        lines.push(line("deadline", budgets.deadline_s, found, remarks));
    }
    if let Some(false) = system.and_then(|system| system.keeps_up) {
        let duty = system.and_then(|system| system.duty_cycle).unwrap_or_default();
        let remarks =
            vec![format!("it would work {duty:.2} seconds in every second: answers are asked for faster than it gives them")];
        lines.push(BudgetLine { held: Held::Broken, ..line("keeps up", None, None, remarks) });
    }
    if budgets.system_power_w.is_some() {
        let found = system.map(|system| ends(system.power_w));
        let remarks =
            if found.is_none() { missing("the device has no energy of a sample, so there is no system") } else { unpriced() };
        lines.push(line("system power", budgets.system_power_w, found, remarks));
    }
    if budgets.hours.is_some() {
        let found = system.and_then(|system| system.hours).map(ends);
        let remarks =
            if found.is_none() { missing("the device has no energy of a sample, so there is no system") } else { unpriced() };
        lines.push(line("hours", budgets.hours, found, remarks));
    }
    if budgets.window_power_w.is_some() {
        let windows = answers.windows.as_ref();
        let worst = windows.and_then(|windows| windows.devices.iter().find(|worst| worst.device == device));
        let found = worst.and_then(|worst| worst.power_w).map(ends);
        let remarks = match (windows, worst) {
            (None, _) => missing("there is only one window"),
            (_, Some(worst)) if found.is_some() => {
                let sample = worst.sample.map_or_else(String::new, |sample| format!(" of sample {sample}"));
                vec![format!("the worst window begins at {:.6} s{sample}", worst.start_s)]
            }
            _ => missing("the device has no figure for energy or for the time of a sample"),
        };
        lines.push(line("window power", budgets.window_power_w, found, remarks));
    }
}

fn late(answer: Option<&DeviceAnswer>) -> Vec<String> {
    let late = answer.and_then(|answer| answer.latency?.late).filter(|late| *late > 0.0);
    late.map(|late| format!("{:.2} % of samples come too late", 100.0 * late)).into_iter().collect()
}

/// What became of a budget: of hours the least is asked for, of all else the most.
fn held(what: &str, found: Option<[f64; 3]>, budget: Option<f64>) -> Held {
    match (found, budget) {
        (Some([low, _, high]), Some(budget)) if what == "hours" => {
            if low >= budget {
                Held::Kept
            } else if high < budget {
                Held::Broken
            } else {
                Held::Undecided
            }
        }
        (Some([_, _, high]), Some(budget)) if high <= budget => Held::Kept,
        (Some([low, ..]), Some(budget)) if low > budget => Held::Broken,
        (Some(_), _) => Held::Undecided,
        (None, _) => Held::Unknown,
    }
}
