//! What to keep in mind.

use super::words::{clean, name};
use crate::report::Report;

/// The report's caveats, then those of devices, each said once with the devices it holds for.
pub(in crate::report) fn caveats(report: &Report) -> Vec<String> {
    let mut of_devices: Vec<(&str, Vec<String>)> = vec![];
    for entry in &report.energy {
        for caveat in &entry.caveats {
            let device = name(&entry.device);
            match of_devices.iter_mut().find(|(text, _)| text == caveat) {
                Some((_, devices)) if devices.contains(&device) => {}
                Some((_, devices)) => devices.push(device),
                None => of_devices.push((caveat, vec![device])),
            }
        }
    }
    let general = report.caveats.iter().map(|caveat| clean(caveat));
    general.chain(of_devices.iter().map(|(text, devices)| format!("{}: {}", devices.join(", "), clean(text)))).collect()
}
