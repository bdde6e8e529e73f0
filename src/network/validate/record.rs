//! Recordings: what is asked for can be had.

use super::Checker;
use super::population::unknown_variable;
use crate::neuron::Output;
use std::collections::BTreeSet;

impl Checker<'_> {
    pub(super) fn record(&mut self) {
        let record = &self.network.record;
        let mut seen = BTreeSet::new();
        for name in &record.spikes {
            let Some(population) = self.refer("record.spikes", name) else { continue };
            if !seen.insert(name) {
                self.complain("record.spikes", format!("population `{name}` stands here twice"));
            }
            if self.sure(population) && population.model.spec().output == Output::Analog {
                let help = match population.model.spec().variables.first() {
                    Some(variable) => format!("record its `{}` instead", variable.name),
                    None => "it has no state to record either".to_owned(),
                };
                let message =
                    format!("population `{name}` has the model `{}`, which does not spike", population.model.spec().name);
                self.complain_with_help("record.spikes", message, help);
            }
        }
        let mut intervals: Vec<f64> = record.traces.iter().filter_map(|trace| trace.every_ms).collect();
        intervals.sort_by(f64::total_cmp);
        intervals.dedup_by_key(|every| every.to_bits());
        for every in intervals {
            self.interval(every);
        }
        for trace in &record.traces {
            let path = format!("record.{}", trace.variable);
            let Some(population) = self.refer(&path, &trace.population) else { continue };
            self.ids(&path, population, &trace.ids);
            let spec = population.model.spec();
            if self.sure(population) && spec.variable(&trace.variable).is_none() {
                let (message, help) = unknown_variable(spec, &trace.variable);
                self.complain_with_help(path, format!("{message} (population `{}`)", trace.population), help);
            }
        }
    }

    /// Samples fall on ticks.
    fn interval(&mut self, every: f64) {
        if !(every.is_finite() && every > 0.0) {
            self.complain("record.every", format!("`every` must be a finite time above zero, found {every} ms"));
        } else if let Some(dt) = self.network.dt_ms
            && dt > 0.0
            && ((every / dt).round() * dt / every - 1.0).abs() > 1e-9
        {
            self.complain_with_help(
                "record.every",
                format!("`every` ({every} ms) is no multiple of `dt` ({dt} ms)"),
                "samples are taken on ticks",
            );
        }
    }
}
