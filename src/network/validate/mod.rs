//! Whether a network makes sense: every complaint at once.
//!
//! Complaints name their place by a dotted path: `population.e.params.tau_m`, `projection.ee.from`, `stimulus.drive.to`,
//! `record.spikes`, `dt`. A reader of a text file maps these back to lines.

mod cycle;
mod names;
mod population;
mod projection;
mod record;
mod stimulus;
mod values;

pub(crate) use names::suggestion;
pub(crate) use population::{unknown_param, unknown_variable};
pub(crate) use stimulus::not_whole;

use super::{MAX_NEURONS, Network, Population};
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use std::collections::{BTreeMap, BTreeSet};

/// Names of parts that a reader could not make out in full. They are there to be referred to, but what they hold is a
/// stand-in, so that nothing is said of it.
#[derive(Debug, Default)]
pub(crate) struct Unsure {
    pub(crate) populations: BTreeSet<String>,
    pub(crate) projections: BTreeSet<String>,
    pub(crate) stimuli: BTreeSet<String>,
}

impl Network {
    /// Checks what every format needs: names are unique, references lead somewhere, sizes fit, values are allowed, and no
    /// circle of connections is without delay.
    ///
    /// # Errors
    /// Everything that is wrong, each complaint with the dotted path of its place.
    ///
    /// ```
    /// use spikewatt::network::Network;
    /// let complaints = Network::new("empty").validate().expect_err("it has no neurons");
    /// assert!(complaints.to_string().contains("no populations"));
    /// ```
    pub fn validate(&self) -> Result<()> {
        self.complaints(&Unsure::default()).or(())
    }

    /// Everything that is wrong, save with what a reader is unsure of.
    pub(crate) fn complaints(&self, unsure: &Unsure) -> Diagnostics {
        let mut index = BTreeMap::new();
        for population in &self.populations {
            index.entry(population.name.as_str()).or_insert(population);
        }
        let mut checker = Checker { network: self, index, unsure, complaints: Diagnostics::new() };
        checker.whole();
        for population in &self.populations {
            checker.population(population);
        }
        for projection in &self.projections {
            checker.projection(projection);
        }
        for stimulus in &self.stimuli {
            checker.stimulus(stimulus);
        }
        checker.record();
        checker.cycles();
        checker.complaints
    }
}

/// A network under examination.
struct Checker<'a> {
    network: &'a Network,
    /// The first population of each name.
    index: BTreeMap<&'a str, &'a Population>,
    unsure: &'a Unsure,
    complaints: Diagnostics,
}

impl<'a> Checker<'a> {
    fn complain(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.complaints.push(Diagnostic::at(path, message));
    }

    fn complain_with_help(&mut self, path: impl Into<String>, message: impl Into<String>, help: impl Into<String>) {
        self.complaints.push(Diagnostic::at(path, message).help(help));
    }

    /// The population that a place refers to, with a complaint where there is none.
    fn refer(&mut self, path: &str, name: &str) -> Option<&'a Population> {
        let found = self.index.get(name).copied();
        // Where there are no populations at all, that is said once.
        if found.is_none() && !self.index.is_empty() {
            let known: Vec<_> = self.index.keys().copied().collect();
            let help = suggestion(name, "populations", &known);
            self.complain_with_help(path, format!("there is no population {}", quoted(name)), help);
        }
        found
    }

    /// True where a population's model is known.
    fn sure(&self, population: &Population) -> bool {
        !self.unsure.populations.contains(&population.name)
    }

    /// True where a population's size is known, and is one: of a wrong size only that is said.
    fn sized(&self, population: &Population) -> bool {
        self.sure(population) && (1..=MAX_NEURONS).contains(&(population.size as u64))
    }

    /// Neuron ids: within the population, and each once.
    fn ids(&mut self, path: &str, population: &Population, ids: &[u32]) {
        if !self.sized(population) {
            return;
        }
        if let Some(id) = ids.iter().find(|id| **id as usize >= population.size) {
            let last = population.size - 1;
            self.complain(path, format!("there is no neuron {id} in population `{}`: ids are 0 to {last}", population.name));
        }
        let mut sorted = ids.to_vec();
        sorted.sort_unstable();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            self.complain(path, format!("neuron {} stands here twice", pair[0]));
        }
    }

    fn whole(&mut self) {
        let network = self.network;
        for (name, value) in [("dt", network.dt_ms), ("duration", network.duration_ms)] {
            if let Some(value) = value
                && !(value.is_finite() && value > 0.0)
            {
                self.complain(name, format!("`{name}` must be a finite time above zero, found {value} ms"));
            }
        }
        if network.populations.is_empty() && self.unsure.populations.is_empty() {
            self.complain_with_help(
                "population",
                "there are no populations",
                "a network needs at least one population of neurons",
            );
        }
        let total = network.populations.iter().filter(|p| self.sure(p)).fold(0u64, |sum, p| sum.saturating_add(p.size as u64));
        if total > MAX_NEURONS && network.populations.iter().all(|p| p.size as u64 <= MAX_NEURONS) {
            self.complain(
                "population",
                format!("the populations have {total} neurons together; at most {MAX_NEURONS} are possible"),
            );
        }
        self.unique("population", network.populations.iter().map(|p| p.name.as_str()));
        self.unique("projection", network.projections.iter().map(|p| p.name.as_str()));
        self.unique("stimulus", network.stimuli.iter().map(|s| s.name.as_str()));
        for (name, outside) in &network.node_ids {
            if let Some(population) = self.refer("node_ids", name)
                && outside.ids.len() != population.size
            {
                let message =
                    format!("population `{name}` has {} neurons and {} ids in its file", population.size, outside.ids.len());
                self.complain("node_ids", message);
            }
        }
        if let Some(readout) = &network.readout {
            self.refer("readout", readout);
        }
        if let Some(input) = &network.input
            && let Some(population) = self.refer("input", input)
            && self.sure(population)
            && population.model.spec().output != crate::neuron::Output::External
        {
            self.complain_with_help(
                "input",
                format!("population `{input}` has the model `{}`, which takes no samples", population.model.spec().name),
                "samples go to a population of the model `input`",
            );
        }
    }

    fn unique(&mut self, kind: &str, names: impl Iterator<Item = &'a str>) {
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for name in names {
            *times.entry(name).or_default() += 1;
        }
        for (name, times) in times {
            let path = format!("{kind}.{name}.name");
            if times > 1 {
                self.complain_with_help(
                    path,
                    format!("{times} {kind} sections are called {}", quoted(name)),
                    "give each a name of its own",
                );
            } else if name.trim().is_empty() || name.chars().any(char::is_control) {
                self.complain(path, format!("{} is no name: a name has letters and no line ends", quoted(name)));
            }
        }
    }
}

#[cfg(test)]
mod tests;
