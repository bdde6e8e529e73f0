//! Whose membranes are recorded.

use super::Worker;
use crate::session::Neuron;
use spikewatt::record::Both;
use std::sync::PoisonError;

impl Worker<'_> {
    /// The neurons whose membranes are recorded, in order: those that are watched, and in a small network all, so that whichever is chosen has a past.
    pub(super) fn followed(&self, has_membrane: impl Fn(usize) -> bool) -> Vec<Neuron> {
        const SMALL: usize = 512;
        let populations = &self.scene.net.populations;
        let all = || (0..populations.len()).filter(|population| has_membrane(*population));
        let mut followed = self.watched.clone();
        if all().map(|population| populations[population].size).sum::<usize>() <= SMALL {
            let neurons = |population: usize| (0..populations[population].size as u32).map(move |id| Neuron { population, id });
            followed.extend(all().flat_map(neurons));
        }
        followed.sort_unstable();
        followed.dedup();
        followed
    }

    pub(super) fn watch(&mut self) {
        let net = self.scene.net.clone();
        let variable = |population: usize| {
            let spec = net.populations[population].model.spec();
            (!net.populations[population].is_input() && spec.variable("v").is_some()).then_some("v")
        };
        let tally = self.heard.first.clone();
        let mut listener = std::mem::take(&mut self.heard.second);
        let followed = self.followed(|population| variable(population).is_some());
        listener.watch(&followed, self.scene.small_step(), variable);
        // The two are joined anew, since what is sampled is settled then.
        self.heard = Both::new(tally, listener);
        self.shared.history.write().unwrap_or_else(PoisonError::into_inner).traces.watch(&followed, &self.watched);
    }
}
