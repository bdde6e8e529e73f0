//! Budgets: what a network may take on a device, held to what it would take.

mod product;

use crate::energy::EnergyEstimate;
use crate::report::AnswersPart;
use serde::Serialize;

/// What a network may take, and how well it must do. What is absent is not asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Budgets {
    /// The most power while it works, watts.
    pub power_w: Option<f64>,
    /// The most energy of a sample, joules.
    pub energy_j: Option<f64>,
    /// The longest time of a sample, seconds.
    pub latency_s: Option<f64>,
    /// The least share of right answers, 0 to 1.
    pub accuracy: Option<f64>,
    /// The time that 99 of 100 samples must keep, seconds.
    pub deadline_s: Option<f64>,
    /// The most power of the whole system at its rate of requests, watts.
    pub system_power_w: Option<f64>,
    /// The least hours on the battery.
    pub hours: Option<f64>,
    /// The most power in any window of a recording, watts.
    pub window_power_w: Option<f64>,
}

impl Budgets {
    /// Whether any of them is that of a device.
    #[must_use]
    pub fn are_of_devices(&self) -> bool {
        Self { accuracy: None, ..*self } != Self::default()
    }
}

/// A budget and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BudgetLine {
    /// What was asked for: `power`, `energy`, `latency`, `accuracy`, `deadline`, `system power`, `hours`, `window power`, or `fits` and `keeps up`, which
    /// are asked of every device.
    pub what: &'static str,
    /// The device; absent for accuracy, which is the network's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The budget, in SI units or as a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<f64>,
    /// What was found: its low end (5th percentile), nominal value and high end (95th percentile), alike where there is one value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<[f64; 3]>,
    /// What became of it.
    pub held: Held,
    /// What is known to be missing in what was found, or why nothing was found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// What became of a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// The whole interval lies within.
    Kept,
    /// The interval lies across: it may be kept or not.
    Undecided,
    /// The whole interval lies beyond.
    Broken,
    /// There is no figure to hold it to.
    Unknown,
}

impl Held {
    /// In a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Undecided => "undecided",
            Self::Broken => "broken",
            Self::Unknown => "unknown",
        }
    }
}

impl BudgetLine {
    /// How far the end that decides lies beyond the budget: 1.2 where it is 20 % too much; of accuracy, how much of it is missing.
    #[must_use]
    pub fn beyond(&self) -> Option<f64> {
        let ([_, _, high], budget) = (self.found?, self.budget?);
        match self.held {
            Held::Kept | Held::Unknown => None,
            _ if self.what == "accuracy" => Some(budget - high),
            _ if self.what == "hours" => self.found.map(|[low, ..]| budget / low),
            _ => Some(high / budget),
        }
    }
}

/// Holds a network to budgets, on each device that it was priced on. A budget is kept only where the whole interval is within it; what has no
/// figure is not known to be kept. `answers` are those of the run to what is asked of the product.
#[must_use]
pub fn check(
    budgets: &Budgets,
    estimates: &[EnergyEstimate],
    answers: Option<&AnswersPart>,
    accuracy: Option<f64>,
) -> Vec<BudgetLine> {
    let mut lines = Vec::new();
    for estimate in estimates {
        let line = |what, budget: Option<f64>, found: Option<[f64; 3]>, missing: &str| {
            let held = match (found, budget) {
                (Some([_, _, high]), Some(budget)) if high <= budget => Held::Kept,
                (Some([low, ..]), Some(budget)) if low > budget => Held::Broken,
                (Some(_), _) => Held::Undecided,
                (None, _) => Held::Unknown,
            };
            let unpriced = || estimate.unpriced.iter().map(|what| format!("not priced: {what}"));
            let remarks = match found {
                None => vec![missing.to_owned()],
                Some(_) if what == "latency" => Vec::new(),
                Some(_) => unpriced().collect(),
            };
            BudgetLine { what, device: Some(estimate.device.clone()), budget, found, held, remarks }
        };
        if let Some(why_not) = &estimate.why_not {
            let remarks = vec![why_not.clone()];
            let device = Some(estimate.device.clone());
            lines.push(BudgetLine { what: "fits", device, budget: None, found: None, held: Held::Broken, remarks });
        }
        if budgets.power_w.is_some() {
            let found = estimate.power.map(|power| [power.low.0, power.nominal.0, power.high.0]);
            lines.push(line("power", budgets.power_w, found, "the device has no figure for energy or for the time of a sample"));
        }
        if budgets.energy_j.is_some() {
            let found = estimate.energy_per_sample.map(|energy| [energy.low.0, energy.nominal.0, energy.high.0]);
            lines.push(line("energy", budgets.energy_j, found, "the device has no figure for what grows with the run"));
        }
        if budgets.latency_s.is_some() {
            let found = estimate.latency.map(|latency| [latency.0; 3]);
            lines.push(line("latency", budgets.latency_s, found, "the device has no figure for the time of a sample"));
        }
        if let Some(answers) = answers {
            product::lines(budgets, answers, &estimate.device, &mut lines);
        }
    }
    if let Some(least) = budgets.accuracy {
        let held = match accuracy {
            Some(share) if share >= least => Held::Kept,
            Some(_) => Held::Broken,
            None => Held::Unknown,
        };
        let remarks =
            if accuracy.is_none() { vec!["the data have no labels, or the network gives no answer".into()] } else { Vec::new() };
        let found = accuracy.map(|share| [share; 3]);
        lines.push(BudgetLine { what: "accuracy", device: None, budget: Some(least), found, held, remarks });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counts::{SpikingWork, TotalCounts};
    use crate::energy::{Work, device, estimate};

    fn on(id: &str) -> Vec<EnergyEstimate> {
        let counts = TotalCounts { synaptic_events: 10_000, spikes: 200, ..TotalCounts::default() };
        let work = SpikingWork {
            counts,
            samples: 1,
            ticks_per_sample: 17,
            dt_s: 1e-4,
            neurons: 266,
            synapses: 18_944,
            max_fan_in: 256,
            neuron_updates_clocked: 4522,
            neuron_updates_driven: 3500,
            neuron_spikes: 150,
            weight_bits: 32,
            weight_bytes: 4 * 19_210,
            state_bytes: 1064,
            placed: None,
        };
        estimate(device(id).expect("built in"), &Work { spiking: Some(&work), dense: None })
    }

    fn held(budgets: Budgets, id: &str, accuracy: Option<f64>) -> Vec<(&'static str, Held)> {
        check(&budgets, &on(id), None, accuracy).iter().map(|line| (line.what, line.held)).collect()
    }

    #[test]
    fn a_budget_is_kept_where_the_whole_interval_is_within() {
        let estimate = &on("loihi1-sanafe")[0];
        let energy = estimate.energy_per_sample.expect("it has a figure");
        let with = |energy_j: f64| Budgets { energy_j: Some(energy_j), ..Budgets::default() };
        assert_eq!(held(with(energy.high.0), "loihi1-sanafe", None), [("energy", Held::Kept)]);
        assert_eq!(held(with(energy.high.0 * 0.999), "loihi1-sanafe", None), [("energy", Held::Undecided)]);
        assert_eq!(held(with(energy.low.0 * 0.999), "loihi1-sanafe", None), [("energy", Held::Broken)]);
        let lines = check(&with(energy.high.0 / 2.0), &on("loihi1-sanafe"), None, None);
        assert!((lines[0].beyond().expect("beyond") - 2.0).abs() < 1e-12, "{lines:?}");
        assert!(lines[0].remarks.iter().any(|remark| remark.starts_with("not priced")), "{lines:?}");
    }

    #[test]
    fn what_has_no_figure_is_not_kept() {
        let budgets = Budgets { latency_s: Some(1.0), power_w: Some(1.0), ..Budgets::default() };
        let lines = check(&budgets, &on("asic-45nm-arith"), None, None);
        assert!(lines.iter().all(|line| line.held == Held::Unknown && !line.remarks.is_empty()), "{lines:?}");
        let accuracy = Budgets { accuracy: Some(0.9), ..Budgets::default() };
        assert_eq!(held(accuracy, "loihi1-sanafe", None), [("accuracy", Held::Unknown)]);
        assert_eq!(held(accuracy, "loihi1-sanafe", Some(0.9)), [("accuracy", Held::Kept)]);
        assert_eq!(held(accuracy, "loihi1-sanafe", Some(0.89)), [("accuracy", Held::Broken)]);
    }

    #[test]
    fn a_network_that_does_not_fit_breaks_every_promise() {
        let lines = check(&Budgets { accuracy: Some(0.5), ..Budgets::default() }, &on("odin"), None, Some(1.0));
        assert_eq!((lines[0].what, lines[0].held), ("fits", Held::Broken));
        assert!(lines[0].remarks[0].contains("256"), "{lines:?}");
    }
}
