//! The samples that a network is shown, one after another.

use super::Worker;
use crate::session::notes::Note;
use crate::session::{SampleMark, Scene, Tried};
use spikewatt::diagnostic::Result;
use spikewatt::spike::InputTrain;
use std::sync::Arc;

impl Worker<'_> {
    /// Begins the sample at the present place, or the plain run. Where it cannot be shown, time stands.
    pub(super) fn begin_sample(&mut self) -> Result<()> {
        let begun = self.try_sample();
        self.playing &= begun.is_ok();
        begun
    }

    pub(super) fn try_sample(&mut self) -> Result<()> {
        let Some((task, dataset)) = self.scene.task.as_ref().zip(self.scene.dataset.as_ref()) else {
            self.simulation.reset(0);
            self.heard.second.base = self.base;
            return Ok(());
        };
        let (sample, ticks) = (task.samples[self.place], self.scene.ticks.unwrap_or(1));
        self.simulation.reset(self.place as u64 * ticks);
        self.heard.first.clear();
        self.heard.second.base = self.base;
        let train = self.scene.encoded(sample)?;
        if let Some((input, train)) = self.scene.net.input.zip(train) {
            self.simulation.set_input(input, Arc::new(train));
        }
        let dense = self.scene.dense_on(sample);
        let mark = SampleMark {
            sample,
            began: self.base,
            label: dataset.labels.as_ref().map(|labels| labels[sample]),
            votes: vec![0; self.heard.first.counts.len()],
            answer: None,
            ended: false,
            dense_macs: dense.map(|(all, effective, _)| (all, effective)),
            dense_answer: dense.map(|(_, _, answer)| answer),
            before: Tried::default(),
        };
        self.notes.push(Note::Began(mark));
        Ok(())
    }

    /// Puts the present sample's counts to those of the others.
    pub(super) fn end_sample(&mut self) {
        self.before += &self.simulation.counts();
        self.base = self.tick();
        self.simulation.reset(0);
    }

    /// What is still to come of the present sample, as this scene has it.
    pub(super) fn rest_of_input(&self, scene: &Scene) -> Result<Option<InputTrain>> {
        let Some(task) = &scene.task else { return Ok(None) };
        let train = scene.encoded(task.samples[self.place])?;
        Ok(train.map(|train| train.after(self.simulation.tick())))
    }
}
