//! `scale`, and what it needs to know of populations: `mean_rate`.

use super::cursor::Table;
use super::document::Document;
use super::section::Section;
use crate::network::{Network, Unsure};
use crate::units::Dimension;
use std::collections::BTreeMap;

/// The scale of the network that the file asks for.
pub(super) struct Scaling {
    scale: f64,
    /// By population, Hz, at full scale.
    mean_rates_hz: BTreeMap<String, f64>,
}

impl Scaling {
    /// Reads the scale; 1 where there is none.
    pub(super) fn read(root: &Table<'_>) -> Self {
        let scale = root.get("scale").and_then(|item| item.quantity(Some(Dimension::None)));
        Self { scale: scale.unwrap_or(1.0), mean_rates_hz: BTreeMap::new() }
    }

    /// Reads a population's rate at full scale.
    pub(super) fn mean_rate(&mut self, section: &Section<'_>) {
        let Some(item) = section.table.get("mean_rate") else { return };
        match item.quantity(Some(Dimension::Frequency)) {
            Some(rate) if rate.is_finite() && rate >= 0.0 => {
                self.mean_rates_hz.insert(section.name.clone(), rate);
            }
            Some(rate) => item.complain(format!("a rate is finite, zero or above, found {rate} Hz")),
            None => {}
        }
    }

    /// Scales a network that is right; what does not go is told in `doc`.
    pub(super) fn apply(&self, network: Network, doc: &Document<'_>) -> Network {
        if self.scale == 1.0 {
            return network;
        }
        match network.clone().scaled(self.scale, &self.mean_rates_hz) {
            Err(complaints) => complaints.iter().for_each(|complaint| doc.add_at_path(complaint)),
            Ok(scaled) => {
                // Ids may have gone with their neurons, and partners with theirs.
                let complaints = scaled.complaints(&Unsure::default());
                for mut complaint in complaints.iter().cloned() {
                    complaint.help.get_or_insert_with(|| format!("the network is scaled by {}", self.scale));
                    doc.add_at_path(&complaint);
                }
                if complaints.is_empty() {
                    doc.note(format!(
                        "Scaled by {}: sizes and numbers of inputs smaller, weights larger, a constant current for the mean input that is lost.",
                        self.scale
                    ));
                    return scaled;
                }
            }
        }
        network
    }
}
