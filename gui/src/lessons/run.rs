//! A lesson under way: which step it is at, and whether that is done.

use super::{Facts, Lesson, Mark, Step};
use crate::project::Edits;
use crate::session::{Command, Neuron, Speed};
use crate::view::{Action, Cx, Window};

/// A lesson under way.
#[derive(Debug, Clone)]
pub struct Runner {
    /// The lesson.
    pub lesson: &'static Lesson,
    /// The step, counted from 0; as many as there are when all is done.
    pub at: usize,
    began: Option<Mark>,
    edits: Edits,
    edited: u64,
}

impl Runner {
    /// A lesson at its beginning. Its network is to be opened.
    #[must_use]
    pub fn new(lesson: &'static Lesson) -> Self {
        Self { lesson, at: 0, began: None, edits: Edits::default(), edited: 0 }
    }

    /// The step to be done; `None` at the end.
    #[must_use]
    pub fn step(&self) -> Option<&'static Step> {
        self.lesson.steps.get(self.at)
    }

    /// Whether the lesson's network is what is open.
    #[must_use]
    pub fn is_open(&self, cx: &Cx<'_>) -> bool {
        self.lesson.is_of(&cx.scene.source)
    }

    /// Looks at what the learner did since the last frame, and goes on where a step is done. Gives true where it did.
    pub fn look(&mut self, cx: &mut Cx<'_>) -> bool {
        if !self.is_open(cx) {
            return false;
        }
        let Some(began) = &self.began else {
            self.prepare(cx);
            self.began = Some(Mark::now(cx));
            return false;
        };
        if cx.now.tick < began.tick {
            // It was reset: the step begins anew.
            self.began = Some(Mark::now(cx));
            self.edited = 0;
            return false;
        }
        if *cx.view.edits.now() != self.edits {
            self.edits = cx.view.edits.now().clone();
            self.edited = cx.now.tick;
        }
        let Some(step) = self.step() else { return false };
        if !(step.done)(&Facts { cx, began, edited: self.edited }) {
            return false;
        }
        self.at += 1;
        self.began = Some(Mark::now(cx));
        true
    }

    /// Lets the present step begin now, as if nothing had been done yet.
    pub fn mark(&mut self, cx: &Cx<'_>) {
        if self.began.is_some() {
            self.began = Some(Mark::now(cx));
        }
    }

    /// Shows what the lesson is about, at a pace that the eye can follow.
    fn prepare(&mut self, cx: &mut Cx<'_>) {
        let lesson = self.lesson;
        cx.view.watched = lesson.watch.iter().map(|(population, id)| Neuron { population: *population, id: *id }).collect();
        cx.view.neuron = cx.view.watched.first().copied();
        cx.view.window = Window { from: 0.0, to: cx.scene.tick(lesson.window_ms) as f64, follows: true };
        cx.send(Command::Watch(cx.view.watched.clone()));
        cx.send(Command::Speed(Speed::Times(lesson.speed)));
        cx.actions.extend(lesson.panels.iter().map(|id| Action::ShowPanel(id)));
    }
}
