//! Files of parameters that edges name.

use super::components::Components;
use super::members::Members;
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use crate::network::suggestion;
use std::collections::BTreeMap;

/// What a file of synapse parameters says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Synapse {
    pub(super) sign: f64,
    /// The weight of edges that have none otherwise.
    pub(super) weight: Option<f64>,
    /// The delay of edges that have none otherwise, ms.
    pub(super) delay: Option<f64>,
}

impl Default for Synapse {
    fn default() -> Self {
        Self { sign: 1.0, weight: None, delay: None }
    }
}

/// Files of synapse parameters that were read; of one that is wrong, that is said once.
#[derive(Debug, Default)]
pub(super) struct SynapsesRead(BTreeMap<String, Option<Synapse>>);

impl SynapsesRead {
    pub(super) fn get(
        &mut self,
        file: &str,
        members: &Members,
        edge: usize,
        components: &mut Components<'_>,
    ) -> Result<Option<Synapse>> {
        if let Some(found) = self.0.get(file) {
            return Ok(*found);
        }
        let read = read_synapse(file, members, edge, components);
        self.0.insert(file.to_owned(), read.as_ref().ok().copied());
        read.map(Some)
    }
}

fn read_synapse(file: &str, members: &Members, edge: usize, components: &mut Components<'_>) -> Result<Synapse> {
    const KNOWN: &[&str] = &["sign", "weight", "delay", "receptor_type"];
    let place = || members.complaint(edge, format!("`dynamics_params` names {}", quoted(file)));
    let settings = components.read("synaptic_models_dir", file, place)?;
    let complaint = |key: &str, message: String| Diagnostic::at(key, message).file(&settings.file);
    if let Some(detail) = settings.words.get("level_of_detail").filter(|detail| !detail.starts_with("instant")) {
        let message = format!("synapses of the kind {} cannot be run", quoted(detail));
        return Err(complaint("level_of_detail", message).help("synapses of point neurons are instantaneous").into());
    }
    let mut wrong = Diagnostics::new();
    for key in settings.keys().filter(|key| !KNOWN.contains(key)) {
        let message = format!("synapses have no parameter {} here", quoted(key));
        wrong.push(complaint(key, message).help(suggestion(key, "parameters", KNOWN)));
    }
    let number = |key: &str| settings.numbers.get(key).copied();
    let sign = number("sign").unwrap_or(1.0);
    if sign.abs() != 1.0 {
        wrong.push(complaint("sign", format!("`sign` is 1 or -1, found {sign}")));
    }
    if let Some(receptor) = number("receptor_type").filter(|receptor| *receptor != 0.0) {
        wrong.push(complaint("receptor_type", format!("receptor {receptor} cannot be run: neurons have receptor 0 alone")));
    }
    wrong.or(Synapse { sign, weight: number("weight"), delay: number("delay") })
}
