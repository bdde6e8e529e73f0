//! Break-even curves of every pair of devices that is like for like.

use super::OnCores;
use super::compare::on_device;
use crate::counts::SpikingWork;
use crate::energy::{Curve, Device, EnergyEstimate, Runs, Sweep, like_for_like};
use std::collections::BTreeMap;

/// The curves of a comparison: devices that run both networks first, then each chip of the spiking network against each of the dense one.
pub(super) fn curves(
    devices: &[&Device],
    work: &SpikingWork,
    placements: &BTreeMap<String, OnCores>,
    estimates: &[EnergyEstimate],
) -> Vec<Curve> {
    let of = |runs| estimates.iter().filter(move |estimate| estimate.runs == runs);
    let mut curves = Vec::new();
    for spiking in of(Runs::Spiking) {
        let partners: Vec<_> = of(Runs::Dense).filter(|dense| like_for_like(spiking, dense)).collect();
        let Some(device) = devices.iter().find(|device| device.id == spiking.device).filter(|_| !partners.is_empty()) else {
            continue;
        };
        let work = on_device(work, placements.get(&device.id));
        // What is priced for the spiking side does not depend on the dense one.
        let Some(sweep) = Sweep::new(device, &work, spiking.tier) else { continue };
        curves.extend(partners.into_iter().filter_map(|dense| sweep.against(dense)));
    }
    curves.sort_by_key(|curve| curve.spiking != curve.dense);
    curves
}
