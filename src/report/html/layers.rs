//! Which layer takes what on each device.

use super::page::HtmlPage;
use super::terms::{Part, stacked};
use crate::report::{LayerEnergyEntry, Report};

/// Writes the layers of each priced device as a stacked bar and a list.
pub(super) fn write(report: &Report, page: &mut HtmlPage) {
    let part = |layer: &LayerEnergyEntry| Part {
        name: layer.name.clone(),
        nominal_j: layer.nominal_j,
        ends_j: layer.low_j.zip(layer.high_j),
        is_rest: layer.no_layer,
    };
    // A device whose price is no layer's has nothing to tell.
    let told = |layers: &[LayerEnergyEntry]| layers.iter().any(|layer| !layer.no_layer);
    stacked("Energy by layer", report, page, &|entry| {
        if told(&entry.layers) { entry.layers.iter().map(part).collect() } else { Vec::new() }
    });
}
