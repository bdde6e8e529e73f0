//! From a sample to what an input population gets, tick by tick.

use super::{Dataset, Samples, SpikeLists};
use crate::diagnostic::{Diagnostic, Result};
use crate::rng::{Purpose, Stream};
use crate::spike::InputTrain;

/// How numbers become input. Samples that are spikes already take [`Encoding::Direct`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// The value itself, in every step.
    #[default]
    Direct,
    /// A spike in each step with the value as its probability.
    Rate,
    /// One spike, the earlier the larger the value.
    Latency,
}

impl Encoding {
    /// Every encoding and its name.
    pub const ALL: &[(&str, Self)] = &[("direct", Self::Direct), ("rate", Self::Rate), ("latency", Self::Latency)];

    /// The encoding of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(other, _)| *other == name).map(|&(_, encoding)| encoding)
    }

    /// Whether samples have a strength that can be multiplied before they are encoded: numbers have one, spikes have none.
    #[must_use]
    pub fn scales(self, samples: &Samples) -> bool {
        matches!(samples, Samples::Values(_)) || matches!(samples, Samples::Frames { .. }) && self != Self::Latency
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Rate => "rate",
            Self::Latency => "latency",
        }
    }
}

/// Most steps of a run of one sample: each takes memory.
const MOST_STEPS: u64 = 100_000_000;

/// A time this near to a step's end, relative to its number, belongs to the next step: 0.3 ms is the beginning of step 3 of
/// 0.1 ms although 0.3 / 0.1 is a little less than 3.
const ON_GRID: f64 = 1e-9;

/// What sample `sample` puts into an input population in `steps` steps of `dt_ms` milliseconds.
///
/// | samples | direct | rate | latency |
/// |---|---|---|---|
/// | values x | x in every step | a spike with probability x, drawn anew in each step | one spike in step ⌊(1 - x)(steps - 1) + ½⌋, counted from 0, and none for x = 0 |
/// | frames | row t in step t; `steps` may be fewer than the rows | as above, with row t in step t | refused |
/// | spikes | into step ⌊t / dt⌋; later ones are left out, see [`left_out`] | refused | refused |
///
/// Rate and latency need values in 0..=1. A rate's draw depends only on seed, sample, step and channel.
///
/// # Errors
/// There is no such sample; the encoding does not fit; a value lies outside 0..=1; there are no steps, too many, or more
/// than the frames have; `dt_ms` is not a positive number.
pub fn encode(dataset: &Dataset, sample: usize, encoding: Encoding, steps: u64, dt_ms: f64, seed: u64) -> Result<InputTrain> {
    encode_scaled(dataset, sample, encoding, steps, dt_ms, seed, 1.0)
}

/// The same, with every value of the sample multiplied by `factor` before it is encoded. What rate and latency cannot go beyond they keep
/// to: from 1 on, rate spikes in every step and latency in the first. A rate's draws are the same for every factor, so that more input
/// adds spikes and takes none away.
///
/// # Errors
/// As [`encode`]; a factor other than 1 for samples that are spikes, or one that is below zero or no number.
pub fn encode_scaled(
    dataset: &Dataset,
    sample: usize,
    encoding: Encoding,
    steps: u64,
    dt_ms: f64,
    seed: u64,
    factor: f64,
) -> Result<InputTrain> {
    let complaint = |message: String| {
        let mut complaint = Diagnostic::at(format!("sample {sample}"), message);
        complaint.file.clone_from(&dataset.file);
        complaint
    };
    if sample >= dataset.len() {
        return Err(complaint(format!("there is no such sample; there are {}", dataset.len())).into());
    }
    if steps == 0 || steps > MOST_STEPS {
        return Err(complaint(format!("{steps} steps; expected 1 to {MOST_STEPS}")).into());
    }
    if !(dt_ms > 0.0 && dt_ms.is_finite()) {
        return Err(complaint(format!("the step lasts {dt_ms} ms; expected a positive time")).into());
    }
    if !(factor.is_finite() && factor >= 0.0) {
        return Err(complaint(format!("its values times {factor}; expected a finite number, zero or above")).into());
    }
    if factor != 1.0 && matches!(dataset.samples, Samples::Spikes(_) | Samples::Raster(_)) {
        return Err(complaint("the samples are spikes already, and have no strength to multiply".to_owned()).into());
    }
    let steps = steps as usize;
    let channels = dataset.channels;
    let draws = Stream::new(seed, Purpose::Encode, sample as u32);
    match (&dataset.samples, encoding) {
        (Samples::Values(values), _) => {
            let row = values.slice(sample * channels, channels);
            if encoding == Encoding::Direct {
                return Ok(InputTrain::Constant(times(row, factor, f64::INFINITY)));
            }
            within_unit(&row, channels, encoding).map_err(complaint)?;
            let row = times(row, factor, 1.0);
            Ok(InputTrain::Spikes(if encoding == Encoding::Rate { rate(&row, steps, draws) } else { latency(&row, steps) }))
        }
        (Samples::Frames { steps: rows, values }, Encoding::Direct | Encoding::Rate) => {
            if steps > *rows {
                let message = format!("its frames have {rows} steps, and the run {steps}");
                return Err(complaint(message).help(format!("run at most {rows} steps")).into());
            }
            let values = values.slice(sample * rows * channels, steps * channels);
            if encoding == Encoding::Direct {
                return Ok(InputTrain::Frames { channels, values: times(values, factor, f64::INFINITY) });
            }
            within_unit(&values, channels, encoding).map_err(complaint)?;
            let values = times(values, factor, 1.0);
            let spikes = |(step, row): (usize, &[f64])| rate_step(row, step, draws);
            Ok(InputTrain::Spikes(values.chunks_exact(channels).enumerate().map(spikes).collect()))
        }
        (Samples::Frames { .. }, Encoding::Latency) => {
            let message = "the samples have a time axis already, so latency does not apply".to_owned();
            Err(complaint(message).help("use the encoding direct or rate").into())
        }
        (Samples::Spikes(lists), Encoding::Direct) => Ok(InputTrain::Spikes(binned(lists, sample, steps, dt_ms))),
        (Samples::Raster(raster), Encoding::Direct) => {
            let row = |step| if step < raster.steps() { raster.step(sample, step).to_vec() } else { Vec::new() };
            Ok(InputTrain::Spikes((0..steps).map(row).collect()))
        }
        (Samples::Spikes(_) | Samples::Raster(_), _) => {
            let message = format!("the samples are spikes already, so {} does not apply", encoding.name());
            Err(complaint(message).help("use the encoding direct").into())
        }
    }
}

/// Values times a factor, none above `most`; the same bits for a factor of 1.
fn times(mut values: Vec<f64>, factor: f64, most: f64) -> Vec<f64> {
    if factor != 1.0 {
        values.iter_mut().for_each(|value| *value = (*value * factor).min(most));
    }
    values
}

/// How many spikes of the sample come after the last of `steps` steps of `dt_ms` milliseconds, and so are left out.
#[must_use]
pub fn left_out(dataset: &Dataset, sample: usize, steps: u64, dt_ms: f64) -> u64 {
    match &dataset.samples {
        Samples::Spikes(lists) if sample < lists.len() => {
            lists.sample(sample).filter(|&(time, _)| step_of(time, dt_ms) >= steps as f64).count() as u64
        }
        Samples::Raster(raster) if sample < raster.len() => {
            let first = usize::try_from(steps).unwrap_or(usize::MAX).min(raster.steps());
            (first..raster.steps()).map(|step| raster.step(sample, step).len() as u64).sum()
        }
        _ => 0,
    }
}

fn binned(lists: &SpikeLists, sample: usize, steps: usize, dt_ms: f64) -> Vec<Vec<u32>> {
    let mut ticks = vec![Vec::new(); steps];
    for (time, channel) in lists.sample(sample) {
        let step = step_of(time, dt_ms);
        if step < steps as f64 {
            ticks[step as usize].push(channel);
        }
    }
    for tick in &mut ticks {
        tick.sort_unstable();
    }
    ticks
}

/// The step of a time in seconds, as a whole number that may be beyond any run.
fn step_of(time_s: f64, dt_ms: f64) -> f64 {
    let exact = time_s * 1e3 / dt_ms;
    let near = exact.round();
    if (exact - near).abs() <= ON_GRID * near.max(1.0) { near } else { exact.floor() }
}

fn rate(row: &[f64], steps: usize, draws: Stream) -> Vec<Vec<u32>> {
    (0..steps).map(|step| rate_step(row, step, draws)).collect()
}

fn rate_step(row: &[f64], step: usize, draws: Stream) -> Vec<u32> {
    let first = step as u64 * row.len() as u64;
    let spikes = |channel: &usize| draws.uniform(first + *channel as u64) < row[*channel];
    (0..row.len()).filter(spikes).map(|channel| channel as u32).collect()
}

fn latency(row: &[f64], steps: usize) -> Vec<Vec<u32>> {
    let mut ticks = vec![Vec::new(); steps];
    for (channel, &x) in row.iter().enumerate().filter(|&(_, &x)| x > 0.0) {
        let step = ((1.0 - x) * (steps - 1) as f64 + 0.5).floor() as usize;
        // Rounding up stays inside: x > 0, so (1 - x)(steps - 1) + ½ < steps, or rounds to it at worst.
        ticks[step.min(steps - 1)].push(channel as u32);
    }
    ticks
}

/// All values within 0..=1, or a message about the first that is not.
fn within_unit(values: &[f64], channels: usize, encoding: Encoding) -> std::result::Result<(), String> {
    let outside = |value: &f64| !(0.0..=1.0).contains(value);
    let Some(at) = values.iter().position(outside) else { return Ok(()) };
    let step = if values.len() > channels { format!("step {}, ", at / channels) } else { String::new() };
    let (channel, value, name) = (at % channels, values[at], encoding.name());
    let more = values.iter().filter(|value| outside(value)).count() - 1;
    let more = if more > 0 { format!(" ({more} more are, too)") } else { String::new() };
    Err(format!("{step}channel {channel}: {value} is outside 0..=1, the range that {name} encodes{more}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#[path = "encode_tests.rs"]
mod tests;
