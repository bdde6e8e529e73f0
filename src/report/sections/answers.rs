//! Answers to what a product asks: systems at a rate of requests, the worst of a recording, early answers.

use super::numbers::{NONE, count, mean, share, si};
use super::table::{Column, Table};
use super::words::{clean, items, name};
use super::{Look, Page};
use crate::report::{AnswersPart, ByStepPart, DeviceAnswer, Range, Report, Runs, WindowsPart};

/// Steps that are shown, at most: the first and the last, and others evenly between.
const MOST_STEPS: usize = 13;

/// Writes the answers.
pub(in crate::report) fn write(report: &Report, page: &mut dyn Page) {
    let Some(answers) = &report.answers else { return };
    in_use(answers, page);
    if let Some(windows) = &answers.windows {
        worst(windows, page);
    }
    if let Some(by_step) = &answers.by_step {
        early(by_step, page);
    }
}

/// Devices as parts of a product.
fn in_use(answers: &AnswersPart, page: &mut dyn Page) {
    if answers.devices.is_empty() {
        return;
    }
    let mut table = Table::new(vec![
        Column::words("device").cut_to(14),
        Column::numbers("an inference"),
        Column::numbers("power at work").leaves(2),
        Column::numbers("latency p50").leaves(1),
        Column::numbers("p99"),
        Column::numbers("late"),
        Column::numbers("at work").leaves(3),
        Column::numbers("system low").leaves(5),
        Column::numbers("system"),
        Column::numbers("system high").leaves(6),
        Column::numbers("hours"),
    ]);
    for (runs, title) in [(Runs::Spiking, "Spiking network"), (Runs::Dense, "Dense network")] {
        let mut entries: Vec<&DeviceAnswer> = answers.devices.iter().filter(|entry| entry.runs == runs).collect();
        let power = |entry: &DeviceAnswer| entry.system.as_ref().map_or(f64::INFINITY, |system| system.power_w.nominal);
        entries.sort_by(|a, b| b.fits.cmp(&a.fits).then(power(a).total_cmp(&power(b))));
        if !entries.is_empty() {
            table.heading(title.to_owned());
        }
        for entry in entries {
            table.row(row(entry));
            table.note(note(entry));
        }
    }
    let battery = answers.battery_j.map(|joules| {
        let used = answers.depth_of_discharge.filter(|used| *used < 1.0).map(|used| format!(", {} of it used", share(used, 0)));
        format!("battery of {}{}", si(joules, "J"), used.unwrap_or_default())
    });
    let asked = [
        answers.request_rate_hz.map(|rate| format!("{} answers a second", mean(rate))),
        answers.deadline_s.map(|deadline| format!("deadline {}", si(deadline, "s"))),
        battery,
    ];
    let asked: Vec<String> = asked.into_iter().flatten().collect();
    page.title("In use", &if asked.is_empty() { String::new() } else { format!(" ({})", asked.join(", ")) });
    page.table(&table);
    if let Some(least) = &answers.least {
        page.paragraph(&clean(&least.text), Look::Plain);
    }
    page.paragraph(
        "an inference: energy within the device's own boundary; power at work: energy of a second of inferences without a pause; p50 and p99: times \
         that half and 99 of 100 samples keep; late: samples beyond the deadline; at work: share of the time; system: mean power from the \
         supply with all that was stated, from 5th to 95th percentile. What nobody stated is not priced.",
        Look::Faint,
    );
}

fn row(entry: &DeviceAnswer) -> Vec<String> {
    let watts = |power: Option<f64>| power.map_or_else(String::new, |power| si(power, "W"));
    let system = entry.system.as_ref();
    let latency = entry.latency;
    vec![
        name(&entry.device),
        entry.energy_per_inference_j.map_or_else(|| NONE.to_owned(), |energy| si(energy.nominal, "J")),
        watts(entry.power_working_w.map(|power| power.nominal)),
        latency.filter(|latency| latency.varies).map(|latency| si(latency.p50_s, "s")).unwrap_or_default(),
        latency.map_or_else(|| NONE.to_owned(), |latency| si(latency.p99_s, "s")),
        latency.and_then(|latency| latency.late).map(|late| share(late, 1)).unwrap_or_default(),
        system.and_then(|system| system.duty_cycle).map(|duty| share(duty, 1)).unwrap_or_default(),
        watts(system.map(|system| system.power_w.low)),
        watts(system.map(|system| system.power_w.nominal)),
        watts(system.map(|system| system.power_w.high)),
        system.and_then(|system| system.hours).map(hours).unwrap_or_default(),
    ]
}

fn hours(hours: Range) -> String {
    if hours.low == hours.high { mean(hours.nominal) } else { format!("{} to {}", mean(hours.low), mean(hours.high)) }
}

/// What is said of a device besides: that it does not fit or keep up, what draws most, what has no price.
fn note(entry: &DeviceAnswer) -> String {
    let fits = if entry.fits { String::new() } else { "the network does not fit".to_owned() };
    let Some(system) = &entry.system else { return fits };
    let slow = if system.keeps_up == Some(false) { "does NOT keep up with the requests".to_owned() } else { String::new() };
    let all: f64 = system.terms.iter().map(|term| term.power_w.nominal).sum();
    let largest = system.terms.iter().max_by(|a, b| a.power_w.nominal.total_cmp(&b.power_w.nominal));
    let most =
        largest.filter(|_| all > 0.0).map(|term| format!("{} is {}", share(term.power_w.nominal / all, 0), clean(&term.name)));
    let of_battery = system.share_of_battery.map(|part| format!("{} of what the battery gives", share(part, 1)));
    let unpriced = match system.unpriced.as_slice() {
        [] => String::new(),
        unpriced => format!("not priced: {}", clean(&unpriced.join(", "))),
    };
    items([fits, slow, most.unwrap_or_default(), of_battery.unwrap_or_default(), unpriced])
}

/// The worst sample or window on each device.
fn worst(windows: &WindowsPart, page: &mut dyn Page) {
    let mut table = Table::new(vec![
        Column::words("device").cut_to(14),
        Column::numbers("mean power"),
        Column::numbers("worst low").leaves(2),
        Column::numbers("worst"),
        Column::numbers("worst high").leaves(3),
        Column::numbers("energy"),
        Column::numbers("of the mean"),
        Column::numbers("sample"),
        Column::numbers("from").leaves(1),
    ]);
    let watts = |power: Option<f64>| power.map_or_else(|| NONE.to_owned(), |power| si(power, "W"));
    let mut simulated = false;
    for entry in &windows.devices {
        simulated |= entry.in_simulated_time;
        let times = (entry.mean_energy_j > 0.0).then(|| entry.energy_j.nominal / entry.mean_energy_j);
        table.row(vec![
            name(&entry.device) + if entry.in_simulated_time { " *" } else { "" },
            watts(entry.mean_power_w),
            watts(entry.power_w.map(|power| power.low)),
            watts(entry.power_w.map(|power| power.nominal)),
            watts(entry.power_w.map(|power| power.high)),
            si(entry.energy_j.nominal, "J"),
            times.map(|times| format!("{} ×", mean((times * 1000.0).round() / 1000.0))).unwrap_or_default(),
            entry.sample.map(count).unwrap_or_default(),
            if windows.are_samples { String::new() } else { si(entry.start_s, "s") },
        ]);
    }
    let what = if windows.are_samples { "samples" } else { "windows" };
    let each = if windows.are_samples { String::new() } else { format!(" of {}", si(windows.window_s, "s")) };
    let title = if windows.are_samples { "Worst sample" } else { "Worst window" };
    page.title(title, &format!(" of {} {what}{each}", count(windows.windows)));
    page.table(&table);
    let star = if simulated { " *: the device has no time of its own, and power is over simulated time." } else { "" };
    page.paragraph(
        &format!("worst: the one with the most power, or the most energy where the device has no time; energy: of that one, and how many times the mean.{star}"),
        Look::Faint,
    );
}

/// Accuracy and energy by the step of the answer.
fn early(by_step: &ByStepPart, page: &mut dyn Page) {
    let mut columns = vec![Column::numbers("steps"), Column::numbers("accuracy"), Column::numbers("settled").leaves(9)];
    columns.extend(by_step.devices.iter().map(|entry| Column::numbers(&name(&entry.device))));
    let mut table = Table::new(columns);
    for at in shown(by_step.steps.len()) {
        let mut cells = vec![
            count(by_step.steps[at]),
            by_step.accuracy.as_ref().and_then(|accuracy| accuracy.get(at)).map(|right| share(*right, 2)).unwrap_or_default(),
            by_step.settled.get(at).map(|settled| share(*settled, 1)).unwrap_or_default(),
        ];
        cells.extend(
            by_step
                .devices
                .iter()
                .map(|entry| entry.energy_j.get(at).map_or_else(|| NONE.to_owned(), |energy| si(energy.nominal, "J"))),
        );
        table.row(cells);
    }
    page.title("Early answers", " (accuracy and energy where a sample ends after so many steps)");
    page.table(&table);
    page.paragraph(
        "settled: answers that are those after the last step. Energies are nominal; their intervals are in the JSON.",
        Look::Faint,
    );
}

/// Places of so many that are shown.
fn shown(all: usize) -> Vec<usize> {
    let few = all.min(MOST_STEPS);
    let mut places: Vec<usize> = (0..few).map(|at| if few == 1 { 0 } else { at * (all - 1) / (few - 1) }).collect();
    places.dedup();
    places
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn the_first_and_the_last_step_are_shown() {
        assert_eq!(shown(1), [0]);
        assert_eq!(shown(5), [0, 1, 2, 3, 4]);
        let of_many = shown(256);
        assert_eq!((of_many.len(), of_many[0], of_many[12]), (13, 0, 255));
    }
}
