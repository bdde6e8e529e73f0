//! The figures of `NeuroBench`'s algorithm track.

use super::Page;
use super::numbers::{bytes, count, decimal, mean};
use super::setting::per_sample;
use super::words::items;
use crate::report::Report;

/// Writes the figures under `NeuroBench`'s own names.
pub(in crate::report) fn write(report: &Report, page: &mut dyn Page) {
    let Some(figures) = &report.neurobench else { return };
    page.title("NeuroBench", &per_sample(report));
    let parameters = figures.parameter_bytes.map(|size| {
        let number = figures.parameters.map(|number| format!(" ({})", count(number))).unwrap_or_default();
        format!("parameters {}{number}", bytes(size))
    });
    let state = figures.state_bytes.map(|size| format!("neuron state {}", bytes(size)));
    let operations = &figures.synaptic_operations;
    page.facts(&[
        ("Footprint", items([bytes(figures.footprint_bytes), parameters.unwrap_or_default(), state.unwrap_or_default()])),
        ("Connection sparsity", decimal(figures.connection_sparsity, 4)),
        ("Activation sparsity", decimal(figures.activation_sparsity, 4)),
        (
            "Synaptic operations",
            items([
                format!("dense {}", mean(operations.dense)),
                format!("effective MACs {}", mean(operations.effective_macs)),
                format!("effective ACs {}", mean(operations.effective_acs)),
            ]),
        ),
        ("Membrane updates", mean(figures.membrane_updates)),
    ]);
}
