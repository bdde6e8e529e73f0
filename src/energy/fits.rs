//! Whether a network fits one device: neurons, synapses and fan-in against the limits of its file.

use super::device::{Device, Limit};
use crate::counts::SpikingWork;

/// Why the network does not fit the device, every reason; `None` where nothing speaks against it.
///
/// A network that was placed on the device's cores fits as its placement says. Of one that was not, the sums alone are compared with one device's
/// limits, so that it may still not fit.
pub(super) fn why_not(device: &Device, work: &SpikingWork) -> Option<String> {
    if let Some(placed) = &work.placed {
        return (!placed.why_not.is_empty()).then(|| placed.why_not.join("; "));
    }
    let cores = device.limit(Limit::UsableCores).or(device.limit(Limit::Cores));
    let per_core = |limit| cores.zip(device.limit(limit)).map(|(cores, each)| cores.saturating_mul(each));
    let checks = [
        ("neurons", work.neurons, device.limit(Limit::Neurons).or_else(|| per_core(Limit::NeuronsPerCore))),
        ("synapses", work.synapses, device.limit(Limit::Synapses).or_else(|| per_core(Limit::SynapsesPerCore))),
        ("synapses onto one neuron", work.max_fan_in, device.limit(Limit::FanIn)),
    ];
    let reasons: Vec<_> = checks
        .into_iter()
        .filter_map(|(what, needed, limit)| {
            let limit = limit.filter(|&limit| needed > limit)?;
            Some(format!("{needed} {what}, the device holds {limit}"))
        })
        .collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

/// True where the file states no limit that [`why_not`] could test.
pub(super) fn untested(device: &Device) -> bool {
    let tested = [Limit::Neurons, Limit::Synapses, Limit::FanIn, Limit::NeuronsPerCore, Limit::SynapsesPerCore];
    !tested.iter().any(|&limit| device.limit(limit).is_some())
}
