//! `/spikes`: for every sample a list of times and one of channels, as SHD and SSC have them.

use crate::dataset::{Dataset, MOST_CHANNELS, Samples, SpikeLists};
use crate::diagnostic::Result;
use crate::format::h5::H5File;

const TIMES: &str = "/spikes/times";
const UNITS: &str = "/spikes/units";

/// Samples read in one go, so that a large file is not held twice.
const BATCH: usize = 256;

pub(super) fn read(h5: &H5File) -> Result<Dataset> {
    let (times, units) = (h5.lists(TIMES)?, h5.lists(UNITS)?);
    let samples = times.len();
    if units.len() != samples {
        return Err(h5.complaint(UNITS, format!("has {} lists, but /spikes/times {samples}", units.len())).into());
    }
    let channels = match h5.attribute_int(UNITS, "channels")? {
        None => None,
        Some(n) if (1..=MOST_CHANNELS as i64).contains(&n) => Some(n as u32),
        Some(n) => {
            let message = format!("is {n}; expected a number of channels, 1 to {MOST_CHANNELS}");
            return Err(h5.complaint("/spikes/units@channels", message).into());
        }
    };
    let mut lists = SpikeLists::new();
    // The lists are stored uncompressed, so a sound file cannot hold more spikes than bytes.
    let mut room = h5.size();
    for start in (0..samples).step_by(BATCH) {
        let range = start..samples.min(start + BATCH);
        let (times, units) = (times.read::<f64>(range.clone())?, units.read::<i64>(range)?);
        for (at, (times, units)) in times.iter().zip(&units).enumerate() {
            let spikes = sample(h5, start + at, times, units, channels.unwrap_or(MOST_CHANNELS as u32))?;
            let Some(left) = room.checked_sub(spikes.len() as u64) else {
                return Err(h5.complaint(TIMES, "the lists hold more than the file can; it is damaged").into());
            };
            room = left;
            lists.push(spikes);
        }
    }
    let found = lists.largest_channel().map_or(0, |largest| largest + 1);
    let mut dataset = Dataset::new("", channels.unwrap_or(found) as usize, Samples::Spikes(lists));
    if channels.is_none() {
        let note = format!("the file does not say how many channels it has; {found}, by the largest in use");
        dataset.notes.push(note);
    }
    Ok(dataset)
}

fn sample(h5: &H5File, sample: usize, times: &[f64], units: &[i64], channels: u32) -> Result<Vec<(f64, u32)>> {
    if times.len() != units.len() {
        let message = format!("sample {sample} has {} channels for {} times", units.len(), times.len());
        return Err(h5.complaint(UNITS, message).into());
    }
    let spike = |(&time, &unit): (&f64, &i64)| {
        if !(time >= 0.0 && time.is_finite()) {
            let message = format!("sample {sample} has a spike at {time} s; expected a time of 0 or later");
            return Err(h5.complaint(TIMES, message).into());
        }
        if !(0..i64::from(channels)).contains(&unit) {
            let message = format!("sample {sample} has a spike of channel {unit}; expected 0 to {}", channels - 1);
            return Err(h5.complaint(UNITS, message).into());
        }
        Ok((time, unit as u32))
    };
    times.iter().zip(units).map(spike).collect()
}
