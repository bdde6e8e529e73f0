//! `spikewatt check`.

use super::devices::OwnDevices;
use super::product::ProductOptions;
use super::progress::Bar;
use super::run::{How, Opened};
use super::{Ending, interrupt, output, values};
use spikewatt::diagnostic::{Diagnostic, Diagnostics, Place, Result};
use spikewatt::network::Record;
use spikewatt::study::{BudgetLine, Budgets, Held, Plan, answers, check, priced, run};
use spikewatt::units::si;
use std::path::{Path, PathBuf};

/// Hold a network to budgets: exit code 1 where one is not kept, for tests that run by themselves.
///
/// A budget is kept only where the whole interval of an estimate, from its 5th to its 95th percentile, is within it. What has no
/// published figure is not known to be kept, and a device that does not hold the network keeps nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  spikewatt check networks/digits.nir --input datasets/digits.h5 --min-accuracy 95%
  spikewatt check networks/digits.nir --input datasets/digits.h5 --device xylo-audio2 --max-power 5mW --max-energy 10uJ --max-latency 20ms
  spikewatt check networks/digits.nir --input datasets/digits.h5 --device xylo-audio2 --rate 50Hz --board 5mW --battery 1Wh --min-hours 24 --deadline 20ms
  spikewatt check model.nir --input test.h5 --device loihi1-sanafe --max-latency 15ms --json check.json")]
pub(super) struct Args {
    /// The network: TOML, NIR, or a SONATA configuration
    network: PathBuf,
    #[command(flatten)]
    how: How,
    /// Devices that the budgets hold for (`spikewatt devices` lists them)
    #[arg(long, value_delimiter = ',', value_name = "ID,…")]
    device: Vec<String>,
    #[command(flatten)]
    own: OwnDevices,
    /// The most power while the network works, such as 5mW
    #[arg(long, value_parser = values::power_w, value_name = "P")]
    max_power: Option<f64>,
    /// The most energy of a sample, such as 10uJ
    #[arg(long, value_parser = values::energy_j, value_name = "E")]
    max_energy: Option<f64>,
    /// The longest time of a sample, such as 15ms
    #[arg(long, value_parser = values::time_ms, value_name = "T")]
    max_latency: Option<f64>,
    /// The least share of right answers, such as 95% or 0.95
    #[arg(long, value_parser = values::share, value_name = "A")]
    min_accuracy: Option<f64>,
    /// The most power of the whole system at the rate of requests (--rate), such as 2W
    #[arg(long, value_parser = values::power_w, value_name = "P")]
    max_system_power: Option<f64>,
    /// The least hours on the battery (--battery), such as 8
    #[arg(long, value_parser = values::hours, value_name = "HOURS")]
    min_hours: Option<f64>,
    /// The most power in any sample, or in any window of a recording (--window), such as 10mW
    #[arg(long, value_parser = values::power_w, value_name = "P")]
    max_window_power: Option<f64>,
    #[command(flatten)]
    product: ProductOptions,
    /// Write what was found as JSON; `-` for standard output
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Print no text and no progress
    #[arg(long)]
    quiet: bool,
}

impl Args {
    pub(super) fn run(&self) -> Result<Ending> {
        interrupt::listen(self.quiet)?;
        let mut wrong = Diagnostics::new();
        let catalogue = wrong.take(self.own.catalogue());
        let devices: Vec<_> = match &catalogue {
            Some(catalogue) => self.device.iter().filter_map(|id| wrong.take(catalogue.find(id))).collect(),
            None => Vec::new(),
        };
        let product = wrong.take(self.product.product(&devices));
        let mut settings = self.how.settings();
        wrong.take(self.product.keep(&mut settings));
        settings.each_sample |= self.max_window_power.is_some();
        let budgets = Budgets {
            deadline_s: product.as_ref().and_then(|product| product.deadline_s),
            system_power_w: self.max_system_power,
            hours: self.min_hours,
            window_power_w: self.max_window_power,
            power_w: self.max_power,
            energy_j: self.max_energy,
            latency_s: self.max_latency.map(|ms| ms * 1e-3),
            accuracy: self.min_accuracy,
        };
        let missing =
            |name: &str, message: &str, help: &str| Diagnostic::new(message).place(Place::Argument(name.into())).help(help);
        if budgets == Budgets::default() {
            let help = "give --max-power, --max-energy, --max-latency, --min-accuracy, --deadline, --max-system-power, --min-hours or --max-window-power";
            wrong.push(missing("--max-power", "there is no budget to hold the network to", help));
        }
        if budgets.are_of_devices() && self.device.is_empty() {
            wrong.push(missing(
                "--device",
                "power, energy and latency are those of a device, and none is named",
                "such as --device loihi1-sanafe",
            ));
        }
        if self.max_system_power.is_some() && !self.product.has_system() {
            wrong.push(missing(
                "--max-system-power",
                "a system's power depends on how often it is asked",
                "give --rate, such as --rate 50Hz",
            ));
        }
        if self.min_hours.is_some() && !self.product.has_battery() {
            wrong.push(missing(
                "--min-hours",
                "hours are those of a battery, and there is none",
                "give --battery, such as --battery 10Wh",
            ));
        }
        let opened = wrong.take(self.how.open(&self.network));
        // Networks with drive of their own run without samples.
        let takes_samples = opened.as_ref().is_none_or(|opened| opened.network.input.is_some()) || self.min_accuracy.is_some();
        if takes_samples && self.how.input.is_none() {
            let help = "give --input DATA, a data set in HDF5, NPY or CSV";
            wrong.push(missing("--input", "a check needs samples that the network runs on", help));
        }
        let (Some(Opened { network, dataset, .. }), Some(product), true) = (opened, product, wrong.is_empty()) else {
            return Err(wrong);
        };
        settings.record = Some(Record::default());
        settings.neuron_spikes = true;
        let in_file = |wrong: Diagnostics| wrong.in_file(&self.network);
        let plan = Plan::new(&network, dataset.as_ref(), &settings).map_err(in_file)?;
        let outcome = run(&network, dataset.as_ref(), &plan, &Bar::new(self.quiet)).map_err(in_file)?;
        if outcome.partial {
            return Ok(Ending::Interrupted);
        }
        let samples = outcome.done.task.as_ref().map_or(&[][..], |task| &task.samples[..]);
        let correct = outcome.task.as_ref().zip(dataset.as_ref()).and_then(|(task, dataset)| task.correct(dataset, samples));
        let accuracy = correct.map(|correct| correct as f64 / samples.len().max(1) as f64);
        let (estimates, placements) = priced(&devices, &outcome);
        let asked = self.product.is_asked() || self.max_window_power.is_some();
        let answered = match asked {
            true => Some(answers(&product, &devices, &estimates, &placements, &outcome, dataset.as_ref())?.part),
            false => None,
        };
        let lines = check(&budgets, &estimates, answered.as_ref(), accuracy);
        self.give(&network.name, dataset.is_some().then_some(samples.len()), &lines)?;
        Ok(if lines.iter().all(|line| line.held == Held::Kept) { Ending::Whole } else { Ending::Missed })
    }

    fn give(&self, network: &str, samples: Option<usize>, lines: &[BudgetLine]) -> Result<()> {
        if let Some(path) = &self.json {
            let kept = lines.iter().all(|line| line.held == Held::Kept);
            let found = serde_json::json!({
                "schema": "spikewatt.check/1", "network": network, "samples": samples, "kept": kept, "budgets": lines,
            });
            let text = serde_json::to_string_pretty(&found).map(|text| text + "\n");
            let text = text.map_err(|error| Diagnostic::new(format!("the result is no JSON: {error}")))?;
            if path == Path::new("-") {
                return output::print(&text);
            }
            spikewatt::whole_file::write_whole(path, |beside| std::fs::write(beside, &text).map_err(|error| error.to_string()))?;
        }
        if self.quiet { Ok(()) } else { output::print_tables(&text(network, samples, lines)) }
    }
}

fn text(network: &str, samples: Option<usize>, lines: &[BudgetLine]) -> String {
    let kept = lines.iter().filter(|line| line.held == Held::Kept).count();
    let mut table = output::table(&["Budget", "Device", "At most", "P5", "Nominal", "P95", "Held"], &[2, 3, 4, 5]);
    for line in lines {
        let shown = |value: Option<f64>| value.map_or_else(String::new, |value| in_units(line.what, value));
        let at_least = if matches!(line.what, "accuracy" | "hours") { "≥ " } else { "" };
        let budget = if line.budget.is_some() { format!("{at_least}{}", shown(line.budget)) } else { String::new() };
        table.add_row([
            line.what.to_owned(),
            line.device.clone().unwrap_or_default(),
            budget,
            shown(line.found.map(|found| found[0])),
            shown(line.found.map(|found| found[1])),
            shown(line.found.map(|found| found[2])),
            line.held.word().to_owned(),
        ]);
    }
    let over = samples.map_or_else(String::new, |samples| format!(" over {samples} samples"));
    let mut text = format!("{network}: {kept} of {} budgets kept{over}\n\n{table}\n", lines.len());
    for line in lines.iter().filter(|line| line.held != Held::Kept) {
        let device = line.device.as_ref().map_or_else(String::new, |device| format!(" on {device}"));
        let beyond = match (line.beyond(), line.what) {
            (Some(missing), "accuracy") => format!(": {:.2} points are missing", 100.0 * missing),
            (Some(times), "hours") => format!(": {times:.2} times as long is asked for as the low end"),
            (Some(times), _) => format!(": the high end is {times:.2} times the budget"),
            (None, _) => format!(": {}", line.remarks.join("; ")),
        };
        text += &format!("{} {}{device}{beyond}\n", line.what, line.held.word());
    }
    let unpriced =
        lines.iter().filter(|line| line.found.is_some()).flat_map(|line| line.remarks.iter().map(move |remark| (line, remark)));
    let mut said: Vec<String> = Vec::new();
    for (line, remark) in unpriced {
        let remark = format!("{}: {remark}", line.device.as_deref().unwrap_or_default());
        if !said.contains(&remark) {
            text += &format!("{remark}\n");
            said.push(remark);
        }
    }
    text
}

fn in_units(what: &str, value: f64) -> String {
    match what {
        "power" | "system power" | "window power" => si(value, "W"),
        "energy" => si(value, "J"),
        "latency" | "deadline" => si(value, "s"),
        "hours" => format!("{value:.2} h"),
        _ => format!("{:.2} %", 100.0 * value),
    }
}
