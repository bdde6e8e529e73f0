//! Spikes and traces kept in memory.

use super::{Probe, Recorder};
use crate::compile::CompiledNetwork;
use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use crate::network::Record;

/// Spikes of a population: (tick, neuron) pairs, ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpikeTrain {
    /// The population.
    pub population: usize,
    /// Ticks, ascending.
    pub ticks: Vec<u64>,
    /// Neurons, one per tick.
    pub ids: Vec<u32>,
}

/// Samples of a probe.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// What was sampled.
    pub probe: Probe,
    /// Ticks of the samples.
    pub ticks: Vec<u64>,
    /// `values[sample * neurons + neuron]`.
    pub values: Vec<f64>,
}

/// Keeps what it hears in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryRecorder {
    /// One train for each population whose spikes are kept.
    pub trains: Vec<SpikeTrain>,
    /// One trace per probe.
    pub traces: Vec<Trace>,
    probes: Vec<Probe>,
    /// Place in `trains` of each population.
    slot: Vec<Option<usize>>,
}

impl MemoryRecorder {
    /// A recorder of what `record` asks for.
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
        let mut recorder = Self { slot: vec![None; net.populations.len()], ..Self::default() };
        for name in &record.spikes {
            let Some(population) = find(name, &mut wrong) else { continue };
            if recorder.slot[population].is_none() {
                recorder.slot[population] = Some(recorder.trains.len());
                recorder.trains.push(SpikeTrain { population, ..SpikeTrain::default() });
            }
        }
        for request in &record.traces {
            let Some(population) = find(&request.population, &mut wrong) else { continue };
            let p = &net.populations[population];
            if p.model.spec().variable(&request.variable).is_none() && request.variable != "output" {
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
            let every = request.every_ms.map_or(1, |ms| net.ticks(ms)).max(1);
            recorder.probes.push(Probe { population, variable: request.variable.clone(), ids, every });
        }
        recorder.traces =
            recorder.probes.iter().map(|p| Trace { probe: p.clone(), ticks: Vec::new(), values: Vec::new() }).collect();
        wrong.or(recorder)
    }

    /// A recorder of all spikes of every population, and of nothing else.
    #[must_use]
    pub fn all_spikes(net: &CompiledNetwork) -> Self {
        let trains = (0..net.populations.len()).map(|population| SpikeTrain { population, ..SpikeTrain::default() }).collect();
        Self { trains, slot: (0..net.populations.len()).map(Some).collect(), ..Self::default() }
    }
}

impl Recorder for MemoryRecorder {
    fn wants_spikes(&self, population: usize) -> bool {
        self.slot[population].is_some()
    }

    fn spikes(&mut self, population: usize, tick: u64, ids: &[u32]) {
        if let Some(slot) = self.slot[population] {
            let train = &mut self.trains[slot];
            train.ticks.resize(train.ticks.len() + ids.len(), tick);
            train.ids.extend_from_slice(ids);
        }
    }

    fn probes(&self) -> &[Probe] {
        &self.probes
    }

    fn sample(&mut self, probe: usize, tick: u64, values: &[f64]) {
        self.traces[probe].ticks.push(tick);
        self.traces[probe].values.extend_from_slice(values);
    }
}
