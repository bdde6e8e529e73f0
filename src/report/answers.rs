//! The part of a report that answers what a product asks: power at a rate of requests, deadlines, batteries, the worst of a recording, and
//! what is left when answers are read early.

use super::comparison::{Range, Runs};
use serde::{Deserialize, Serialize};

/// What a product asks, and the answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AnswersPart {
    /// Answers asked for in a second. Absent where nobody said; then there is no system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_rate_hz: Option<f64>,
    /// The time within which an answer must come, seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_s: Option<f64>,
    /// What the battery holds, joules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub battery_j: Option<f64>,
    /// The share of it that may be used, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depth_of_discharge: Option<f64>,
    /// One entry for each device and network with a chip's profile.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<DeviceAnswer>,
    /// The two systems that take least. Absent where one of the networks has no system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<LeastAnswer>,
    /// The worst of the samples, or of the windows of a recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub windows: Option<WindowsPart>,
    /// Accuracy and energy by the step at which an answer is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_step: Option<ByStepPart>,
}

/// What a network takes on a device in use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceAnswer {
    /// The device.
    pub device: String,
    /// Which network it runs.
    pub runs: Runs,
    /// Whether the network fits the device.
    pub fits: bool,
    /// Energy of an inference within the device's own boundary, joules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy_per_inference_j: Option<Range>,
    /// Power while it works, watts: energy of a second of inferences without a pause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power_working_w: Option<Range>,
    /// Time of an inference. Absent where the device has no figure for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<LatencyAnswer>,
    /// The system around the device. Absent without a rate of requests, and where the device has no energy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemAnswer>,
}

/// The time of an inference over all samples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LatencyAnswer {
    /// The time that half of the samples keep, seconds.
    pub p50_s: f64,
    /// The time that 95 of 100 keep, seconds.
    pub p95_s: f64,
    /// The time that 99 of 100 keep, seconds.
    pub p99_s: f64,
    /// The longest, seconds.
    pub max_s: f64,
    /// True where it depends on what the sample does; false where the device has a fixed tick.
    pub varies: bool,
    /// Share of samples that come too late, 0 to 1. Absent without a deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<f64>,
    /// Whether 99 of 100 samples keep the deadline. Absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meets_deadline: Option<bool>,
}

/// A device with what stands around it, at the rate of requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SystemAnswer {
    /// Mean power from the supply, watts: energy of a second.
    pub power_w: Range,
    /// Energy of an answer, joules.
    pub energy_per_answer_j: Range,
    /// Share of the time at work. Above 1 where the device is too slow; absent where the time of an inference is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty_cycle: Option<f64>,
    /// Whether it gives answers as fast as they are asked for. Absent where the time of an inference is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keeps_up: Option<bool>,
    /// Hours on the battery. Absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Range>,
    /// Share of what is drawn from the battery that goes into answers. Absent where nothing else hangs on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_of_battery: Option<f64>,
    /// What draws the power.
    pub terms: Vec<PowerTermEntry>,
    /// What draws power and was not priced.
    pub unpriced: Vec<String>,
}

/// What a part of a system draws.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PowerTermEntry {
    /// What it pays for.
    pub name: String,
    /// Its mean power, watts.
    pub power_w: Range,
}

/// The cheapest system of each network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeastAnswer {
    /// The device on which the spiking network takes least.
    pub spiking: String,
    /// The device on which the dense network takes least.
    pub dense: String,
    /// Power of the spiking system over that of the dense one: the least and the most that their intervals allow.
    pub ratio: RatioEntry,
    /// The same in words.
    pub text: String,
}

/// The ends of a ratio.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RatioEntry {
    /// The least.
    pub low: f64,
    /// The most.
    pub high: f64,
}

/// The worst of what was told apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WindowsPart {
    /// Simulated time of a window, seconds.
    pub window_s: f64,
    /// Windows in all.
    pub windows: u64,
    /// True where a window is a whole sample.
    pub are_samples: bool,
    /// One entry for each device.
    pub devices: Vec<WorstWindow>,
}

/// The worst window on a device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorstWindow {
    /// The device.
    pub device: String,
    /// The sample, by its number in the data set. Absent for a plain run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<u64>,
    /// Where in the sample or run the window begins, seconds of simulated time.
    pub start_s: f64,
    /// Its energy, joules.
    pub energy_j: Range,
    /// Energy of a window on average, joules, nominal.
    pub mean_energy_j: f64,
    /// Its power, watts. Absent where the device has no time, and windows are samples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power_w: Option<Range>,
    /// Power over all windows, watts, nominal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean_power_w: Option<f64>,
    /// True where the power is over simulated time, as the device has no time of its own.
    pub in_simulated_time: bool,
}

/// What is left when answers are read early.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ByStepPart {
    /// The steps after which answers are read.
    pub steps: Vec<u64>,
    /// Share of right answers. Absent without labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<Vec<f64>>,
    /// Share of answers that are those after the last step.
    pub settled: Vec<f64>,
    /// One entry for each device.
    pub devices: Vec<EnergyByStep>,
}

/// Energy of a sample by the step after which it ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EnergyByStep {
    /// The device.
    pub device: String,
    /// Energy of a sample for each of the steps, joules.
    pub energy_j: Vec<Range>,
}
