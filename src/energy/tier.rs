//! Tiers: how much of a machine a price knows of.
//!
//! | tier | knows | which devices |
//! |---|---|---|
//! | 0 | counts, published break-evens; no joules | [`break_even`](super::break_even) |
//! | 1 | operations | arithmetic tables; the counted terms of a chip whose figures are per term |
//! | 2 | operations and memory traffic | models of a core: arithmetic and its local memory |
//! | 3 | a chip's profile: events, updates, spikes, messages, hops, standing power for the time a sample takes, capacity | chips, boards, measured processors |
//! | 4 | the system: board, host, sensor, regulator, duty cycle, battery | [`system`](super::system::system), from an estimate of tier 3 |
//!
//! A price of a higher tier takes the place of that of a lower one; the two are never added.

use super::device::{Boundary, Device, Runs, Scope};
use super::figure::FigureName;

/// The tiers that a device has a model of, lowest first; never empty.
#[must_use]
pub fn tiers(device: &Device) -> Vec<u8> {
    match device.boundary {
        Boundary::Operations => vec![1],
        Boundary::Core => vec![2],
        Boundary::Chip | Boundary::Board | Boundary::System => {
            // An all-in figure cannot be taken apart, and a measured processor's figure has all tiers inside.
            let by_terms = matches!(device.scope, Some(Scope::PerTerm | Scope::Incremental));
            let counted = device.runs(Runs::Spiking) && device.energies.contains_key(&FigureName::SynapticEvent);
            if by_terms && counted { vec![1, 3] } else { vec![3] }
        }
    }
}

/// The highest tier of a device.
pub(super) fn highest(device: &Device) -> u8 {
    tiers(device).into_iter().max().unwrap_or(1)
}
