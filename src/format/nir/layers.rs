//! Populations in the order of layers. A NIR file lists its nodes by name; a person reads them from the input to the output.

use crate::network::{Delay, Network};

/// Sorts populations so that each stands after those that feed it within the step, the input first, those that are ready together
/// in the order they had; projections follow their sources.
pub(super) fn sort(network: &mut Network) {
    let mut left = std::mem::take(&mut network.populations);
    if let Some(input) = left.iter().position(|p| Some(&p.name) == network.input.as_ref()) {
        left[..=input].rotate_right(1);
    }
    let feeds = |from: &str, to: &str| {
        network
            .projections
            .iter()
            .any(|p| matches!(p.delay, Delay::Ticks(0) | Delay::Ms(_)) && p.from == from && p.to == to && from != to)
    };
    while !left.is_empty() {
        // Cycles carry a delay, so that somebody is always ready; were it not so, the order stays as it is.
        let ready = left.iter().position(|p| !left.iter().any(|other| feeds(&other.name, &p.name))).unwrap_or(0);
        network.populations.push(left.remove(ready));
    }
    let place = |name: &str| network.populations.iter().position(|p| p.name == name);
    let mut projections = std::mem::take(&mut network.projections);
    projections.sort_by_key(|p| (place(&p.from), place(&p.to)));
    network.projections = projections;
}
