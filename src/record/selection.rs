//! What of a network is recorded: a request by names, found in the compiled network.

use super::Probe;
use crate::compile::CompiledNetwork;
use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use crate::network::Record;

/// Populations whose spikes are kept, and what is sampled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Populations, each once, in the order of the request.
    pub spikes: Vec<usize>,
    /// What is sampled.
    pub probes: Vec<Probe>,
}

impl Selection {
    /// Finds what `record` asks for.
    ///
    /// # Errors
    /// Where it names populations, variables or neurons that are not there.
    pub fn new(net: &CompiledNetwork, record: &Record) -> Result<Self> {
        let mut wrong = Diagnostics::new();
        let find = |name: &str, wrong: &mut Diagnostics| {
            let found = net.populations.iter().position(|p| p.name == name);
            if found.is_none() {
                let names: Vec<_> = net.populations.iter().map(|p| p.name.as_str()).collect();
                wrong.push(
                    Diagnostic::at("record", format!("no population `{name}`")).help(format!("there are: {}", names.join(", "))),
                );
            }
            found
        };
        let mut selection = Self::default();
        for name in &record.spikes {
            let Some(population) = find(name, &mut wrong) else { continue };
            if !selection.spikes.contains(&population) {
                selection.spikes.push(population);
            }
        }
        for request in &record.traces {
            let Some(population) = find(&request.population, &mut wrong) else { continue };
            let p = &net.populations[population];
            let output = request.variable == "output" && !net.exact;
            if p.model.spec().variable(&request.variable).is_none() && !output {
                let names: Vec<_> = p.model.spec().variables.iter().map(|v| v.name).collect();
                wrong.push(
                    Diagnostic::at("record", format!("`{}` of `{}` cannot be recorded", request.variable, p.name))
                        .help(format!("its variables are: {}", if names.is_empty() { "none".into() } else { names.join(", ") })),
                );
                continue;
            }
            let mut ids = request.ids.clone();
            if ids.is_empty() {
                ids = (0..p.size as u32).collect();
            }
            ids.sort_unstable();
            ids.dedup();
            if let Some(id) = ids.iter().find(|id| **id as usize >= p.size) {
                wrong.push(Diagnostic::at("record", format!("neuron {id} of `{}`, which has {}", p.name, p.size)));
                continue;
            }
            if net.exact && request.every_ms.is_none() {
                let message = format!(
                    "nothing says how often `{}` of `{}` is sampled, and exact time has no ticks",
                    request.variable, p.name
                );
                wrong.push(Diagnostic::at("record", message).help("add every = \"0.1 ms\""));
                continue;
            }
            let every = request.every_ms.map_or(1, |ms| net.ticks(ms)).max(1);
            match selection.probes.iter_mut().find(|p| p.population == population && p.variable == request.variable) {
                // A file has one trace of a variable of a population.
                Some(probe) if probe.every == every => {
                    probe.ids.extend(ids);
                    probe.ids.sort_unstable();
                    probe.ids.dedup();
                }
                Some(_) => {
                    let message = format!("`{}` of `{}` is asked for twice, at different intervals", request.variable, p.name);
                    wrong.push(Diagnostic::at("record", message).help("give both the same `every`"));
                }
                None => selection.probes.push(Probe { population, variable: request.variable.clone(), ids, every }),
            }
        }
        wrong.or(selection)
    }

    /// True where nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spikes.is_empty() && self.probes.is_empty()
    }
}
