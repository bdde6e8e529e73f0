//! What to keep in mind.

use super::words::{clean, name};
use crate::report::Report;

/// What holds for the whole report.
pub(in crate::report) fn general(report: &Report) -> Vec<String> {
    report.caveats.iter().map(|caveat| clean(caveat)).collect()
}

/// What holds for devices, each said once: the devices it holds for, and the caveat.
pub(in crate::report) fn of_devices(report: &Report) -> Vec<(String, String)> {
    let mut found: Vec<(&str, Vec<String>)> = vec![];
    for entry in &report.energy {
        for caveat in &entry.caveats {
            let device = name(&entry.device);
            match found.iter_mut().find(|(text, _)| text == caveat) {
                Some((_, devices)) if devices.contains(&device) => {}
                Some((_, devices)) => devices.push(device),
                None => found.push((caveat, vec![device])),
            }
        }
    }
    found.into_iter().map(|(text, devices)| (devices.join(", "), clean(text))).collect()
}
