//! `spikewatt check`.

use super::devices::OwnDevices;
use super::progress::Bar;
use super::run::{How, Opened};
use super::{Ending, interrupt, output, values};
use spikewatt::diagnostic::{Diagnostic, Diagnostics, Place, Result};
use spikewatt::network::Record;
use spikewatt::study::{BudgetLine, Budgets, Held, Plan, check, estimates, run};
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
        let budgets = Budgets {
            power_w: self.max_power,
            energy_j: self.max_energy,
            latency_s: self.max_latency.map(|ms| ms * 1e-3),
            accuracy: self.min_accuracy,
        };
        let mut wrong = Diagnostics::new();
        let missing =
            |name: &str, message: &str, help: &str| Diagnostic::new(message).place(Place::Argument(name.into())).help(help);
        let of_a_device = budgets.power_w.is_some() || budgets.energy_j.is_some() || budgets.latency_s.is_some();
        if budgets == Budgets::default() {
            let help = "give --max-power, --max-energy, --max-latency or --min-accuracy";
            wrong.push(missing("--max-power", "there is no budget to hold the network to", help));
        }
        if of_a_device && self.device.is_empty() {
            wrong.push(missing(
                "--device",
                "power, energy and latency are those of a device, and none is named",
                "such as --device loihi1-sanafe",
            ));
        }
        if self.how.input.is_none() {
            let help = "give --input DATA, a data set in HDF5, NPY or CSV";
            wrong.push(missing("--input", "a check needs samples that the network runs on", help));
        }
        let catalogue = wrong.take(self.own.catalogue());
        let devices: Vec<_> = match &catalogue {
            Some(catalogue) => self.device.iter().filter_map(|id| wrong.take(catalogue.find(id))).collect(),
            None => Vec::new(),
        };
        let opened = wrong.take(self.how.open(&self.network));
        let (Some(Opened { network, dataset: Some(dataset), .. }), true) = (opened, wrong.is_empty()) else { return Err(wrong) };
        let mut settings = self.how.settings();
        settings.record = Some(Record::default());
        settings.neuron_spikes = true;
        let in_file = |wrong: Diagnostics| wrong.in_file(&self.network);
        let plan = Plan::new(&network, Some(&dataset), &settings).map_err(in_file)?;
        let outcome = run(&network, Some(&dataset), &plan, &Bar::new(self.quiet)).map_err(in_file)?;
        if outcome.partial {
            return Ok(Ending::Interrupted);
        }
        let samples = outcome.done.task.as_ref().map_or(&[][..], |task| &task.samples[..]);
        let correct = outcome.task.as_ref().and_then(|task| task.correct(&dataset, samples));
        let accuracy = correct.map(|correct| correct as f64 / samples.len().max(1) as f64);
        let lines = check(&budgets, &estimates(&devices, &outcome), accuracy);
        self.give(&network.name, samples.len(), &lines)?;
        Ok(if lines.iter().all(|line| line.held == Held::Kept) { Ending::Whole } else { Ending::Missed })
    }

    fn give(&self, network: &str, samples: usize, lines: &[BudgetLine]) -> Result<()> {
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

fn text(network: &str, samples: usize, lines: &[BudgetLine]) -> String {
    let kept = lines.iter().filter(|line| line.held == Held::Kept).count();
    let mut table = output::table(&["Budget", "Device", "At most", "P5", "Nominal", "P95", "Held"], &[2, 3, 4, 5]);
    for line in lines {
        let shown = |value: Option<f64>| value.map_or_else(String::new, |value| in_units(line.what, value));
        let at_least = if line.what == "accuracy" { "≥ " } else { "" };
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
    let mut text = format!("{network}: {kept} of {} budgets kept over {samples} samples\n\n{table}\n", lines.len());
    for line in lines.iter().filter(|line| line.held != Held::Kept) {
        let device = line.device.as_ref().map_or_else(String::new, |device| format!(" on {device}"));
        let beyond = match (line.beyond(), line.what) {
            (Some(missing), "accuracy") => format!(": {:.2} points are missing", 100.0 * missing),
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
        "power" => si(value, "W"),
        "energy" => si(value, "J"),
        "latency" => si(value, "s"),
        _ => format!("{:.2} %", 100.0 * value),
    }
}
