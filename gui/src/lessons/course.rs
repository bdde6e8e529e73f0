//! Which lesson a person is in, and which are done.

use super::{LESSONS, Lesson, Runner};
use crate::view::Cx;

/// Which lesson a person is in, and which are done.
///
/// Whoever opens the network of a lesson is in it, from wherever it was opened, until the lesson is left or something else is opened.
#[derive(Debug, Clone, Default)]
pub struct Course {
    runner: Option<Runner>,
    done: Vec<&'static str>,
    left: bool,
}

impl Course {
    /// A course of which lessons of these ids are done; ids that there are not are left out.
    #[must_use]
    pub fn after(done: &[String]) -> Self {
        let done = LESSONS.iter().map(|lesson| lesson.id).filter(|id| done.iter().any(|other| other == id)).collect();
        Self { done, ..Self::default() }
    }

    /// The lesson under way.
    #[must_use]
    pub fn runner(&self) -> Option<&Runner> {
        self.runner.as_ref()
    }

    /// Ids of the lessons that are done.
    #[must_use]
    pub fn done(&self) -> &[&'static str] {
        &self.done
    }

    /// Whether a lesson is done.
    #[must_use]
    pub fn has_done(&self, lesson: &Lesson) -> bool {
        self.done.contains(&lesson.id)
    }

    /// Leaves the lesson; its network stays open.
    pub fn leave(&mut self) {
        self.runner = None;
        self.left = true;
    }

    /// Looks at what the learner did since the last frame. To be called once a frame.
    pub fn follow(cx: &mut Cx<'_>) {
        let mut course = std::mem::take(&mut cx.view.course);
        if course.runner.is_none() && !course.left {
            course.runner = LESSONS.iter().map(Runner::new).find(|runner| runner.is_open(cx));
        }
        if let Some(runner) = &mut course.runner {
            runner.look(cx);
            if runner.step().is_none() && !course.done.contains(&runner.lesson.id) {
                course.done.push(runner.lesson.id);
            }
        }
        cx.view.course = course;
    }
}
