//! Every device, with what the present sample would take there.

use super::prices::{Prices, so_far_joules};
use super::ran::Ran;
use crate::session::Scene;
use spikewatt::energy::{Device, Range, Runs, tiers};

/// A device, and what the present sample would take there.
#[derive(Debug, Clone, PartialEq)]
pub struct Priced {
    /// The device's id.
    pub id: String,
    /// The tier of the best model of it.
    pub tier: u8,
    /// Why the network does not fit; also absent where it runs dense networks alone.
    pub why_not: Option<String>,
    /// Joules of the spiking network.
    pub spiking: Option<Range<f64>>,
    /// Joules of the dense one.
    pub dense: Option<Range<f64>>,
}

pub(super) fn shelf(prices: &Prices, scene: &Scene, devices: &[Device], sample: &Ran) -> Vec<Priced> {
    let of = |device: &Device| {
        let spiking = prices.spiking(scene, device, sample);
        let why_not = match &spiking {
            Some((_, so_far)) => so_far.estimate.why_not.clone(),
            None if device.runs(Runs::Spiking) => prices.why_not(scene, device),
            None => None,
        };
        Priced {
            id: device.id.clone(),
            tier: tiers(device).iter().copied().max().unwrap_or(0),
            why_not,
            spiking: spiking.and_then(|(_, so_far)| so_far_joules(&so_far.estimate, so_far.times)),
            dense: prices.dense(scene, device, sample).and_then(|so_far| so_far_joules(&so_far.estimate, so_far.times)),
        }
    };
    devices.iter().map(of).collect()
}
