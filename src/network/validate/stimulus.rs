//! Stimuli: times, rates, and whom they reach.

use super::Checker;
use crate::diagnostic::Diagnostic;
use crate::network::{Drive, Population, Stimulus, whole_ticks};
use crate::neuron::{Check, Output, Values};

/// What is said of an interval of noise that is no whole number of ticks.
pub(crate) fn not_whole(path: String, interval_ms: f64, dt_ms: f64) -> Diagnostic {
    Diagnostic::at(path, format!("noise that changes every {interval_ms} ms does so between ticks of {dt_ms} ms"))
        .help(format!("set the stimulus's dt to {dt_ms} ms or a multiple of it"))
}

impl Checker<'_> {
    pub(super) fn stimulus(&mut self, stimulus: &Stimulus) {
        let at = format!("stimulus.{}", stimulus.name);
        let Some(to) = self.refer(&format!("{at}.to"), &stimulus.to.population) else { return };
        if self.unsure.stimuli.contains(&stimulus.name) {
            return;
        }
        self.ids(&format!("{at}.to"), to, &stimulus.to.ids);
        let one = |value: f64| Values::One(value);
        match &stimulus.drive {
            Drive::Poisson { rate_hz, weight, delay_ms, window_ms: (start, stop) } => {
                self.values(format!("{at}.rate"), "rate", &one(*rate_hz), Check::NonNegative, 1);
                self.event(&at, *weight, *delay_ms);
                self.window(&at, *start, *stop);
            }
            Drive::Noise { mean, sd, interval_ms, window_ms: (start, stop) } => {
                self.values(format!("{at}.mean"), "mean", &one(*mean), Check::Finite, 1);
                self.values(format!("{at}.std"), "std", &one(*sd), Check::NonNegative, 1);
                self.window(&at, *start, *stop);
                let path = format!("{at}.dt");
                let before = self.complaints.iter().count();
                self.values(path.clone(), "dt", &one(*interval_ms), Check::Positive, 1);
                if let Some(tick) = self.network.dt_ms
                    && self.complaints.iter().count() == before
                    && tick > 0.0
                    && whole_ticks(*interval_ms, tick).is_none()
                {
                    self.complaints.push(not_whole(path, *interval_ms, tick));
                }
            }
            Drive::Spikes { events, weight, delay_ms } => {
                self.event(&at, *weight, *delay_ms);
                self.events(&at, stimulus, to, events);
            }
            Drive::Regular { rate_hz, start_ms, weight, delay_ms } => {
                self.values(format!("{at}.rate"), "rate", &one(*rate_hz), Check::Positive, 1);
                self.values(format!("{at}.start"), "start", &one(*start_ms), Check::NonNegative, 1);
                self.event(&at, *weight, *delay_ms);
            }
            Drive::Current(steps) => {
                let path = format!("{at}.steps");
                if let Some(step) = steps.iter().find(|step| !Check::NonNegative.allows(step.at_ms) || !step.value.is_finite()) {
                    self.complain(
                        &path,
                        format!(
                            "a step has the time {} ms and the value {}: both must be finite, the time zero or above",
                            step.at_ms, step.value
                        ),
                    );
                }
                if let Some(pair) = steps.windows(2).find(|pair| pair[0].at_ms >= pair[1].at_ms) {
                    self.complain_with_help(
                        &path,
                        format!("a step at {} ms follows one at {} ms", pair[1].at_ms, pair[0].at_ms),
                        "write steps in the order of time, one for each time",
                    );
                }
            }
            Drive::Dataset => {
                if self.sure(to) && to.model.spec().output != Output::External {
                    self.complain_with_help(
                        format!("{at}.to"),
                        format!(
                            "a data set goes to an input population, and `{}` has the model `{}`",
                            to.name,
                            to.model.spec().name
                        ),
                        "give the samples a population of the model `input`, and project from there",
                    );
                }
            }
        }
    }

    fn window(&mut self, at: &str, start: Option<f64>, stop: Option<f64>) {
        for (name, time) in [("start", start), ("stop", stop)] {
            if let Some(time) = time {
                self.values(format!("{at}.{name}"), name, &Values::One(time), Check::NonNegative, 1);
            }
        }
        if let (Some(start), Some(stop)) = (start, stop)
            && start > stop
        {
            self.complain(format!("{at}.stop"), format!("`stop` ({stop} ms) is before `start` ({start} ms)"));
        }
    }

    fn event(&mut self, at: &str, weight: f64, delay_ms: f64) {
        self.values(format!("{at}.weight"), "weight", &Values::One(weight), Check::Finite, 1);
        self.values(format!("{at}.delay"), "delay", &Values::One(delay_ms), Check::NonNegative, 1);
    }

    fn events(&mut self, at: &str, stimulus: &Stimulus, to: &Population, events: &[(Option<u32>, f64)]) {
        let path = format!("{at}.times");
        if let Some((_, time)) = events.iter().find(|(_, time)| !Check::NonNegative.allows(*time)) {
            self.complain(&path, format!("a spike time must be finite, zero or above, found {time} ms"));
        }
        let reached = if stimulus.to.ids.is_empty() { to.size } else { stimulus.to.ids.len() };
        if self.sized(to)
            && let Some(id) = events.iter().filter_map(|(id, _)| *id).max()
            && id as usize >= reached
        {
            self.complain(&path, format!("a spike goes to neuron {id} of {reached}; ids are 0 to {}", reached - 1));
        }
    }
}
