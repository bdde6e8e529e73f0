//! Lessons: short, guided, each a network and steps that see whether the learner did them.
//!
//! To add a lesson, write its file here with its network beside it, and add it to [`LESSONS`].

mod balance;
mod coincidence;
mod course;
mod digits;
mod facts;
mod leak;
mod loses;
mod refractory;
mod run;
mod silence;
mod threshold;
mod travel;

pub use course::Course;
pub use facts::{Facts, Mark};
pub use run::Runner;

use crate::session::Source;
use crate::view::Cx;
use spikewatt::diagnostic::Result;

/// A lesson.
#[derive(Debug, Clone, Copy)]
pub struct Lesson {
    /// Its name in tests, and of its network.
    pub id: &'static str,
    /// Its title: what is learnt.
    pub title: &'static str,
    /// What it is about, in a sentence or two.
    pub about: &'static str,
    /// What is opened.
    pub source: fn() -> Result<Source>,
    /// Panels to be shown, the one in front last.
    pub panels: &'static [&'static str],
    /// Neurons whose membranes are followed: population and number.
    pub watch: &'static [(usize, u32)],
    /// Milliseconds in view.
    pub window_ms: f64,
    /// Simulated seconds a second at which it can be followed by eye.
    pub speed: f64,
    /// What to do, in order.
    pub steps: &'static [Step],
    /// What was learnt, when all is done.
    pub learnt: &'static str,
}

impl Lesson {
    /// Whether a source is this lesson's own; a file of a person's that is called alike is not.
    #[must_use]
    pub fn is_of(&self, source: &Source) -> bool {
        is_own(source) && source.network.file_stem().is_some_and(|stem| stem == self.id)
    }
}

/// Whether a source comes with the program, as a text or as one of the files that it unpacks.
#[must_use]
pub fn is_own(source: &Source) -> bool {
    source.text.is_some() || source.network.starts_with(digits::folder())
}

/// A step of a lesson.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// What to do, and what to look at.
    pub text: &'static str,
    /// Where to do it.
    pub hint: &'static str,
    /// Whether it was done.
    pub done: fn(&Facts<'_, '_>) -> bool,
    /// Does it for the learner.
    pub show: fn(&mut Cx<'_>),
}

/// The digits with their dense network, to look at without a lesson.
///
/// # Errors
/// Where the files that come with the program cannot be unpacked.
pub fn example() -> Result<Source> {
    digits::files("digits-example")
}

/// Every lesson, in the order in which they are given.
pub const LESSONS: &[Lesson] = &[
    leak::LESSON,
    threshold::LESSON,
    refractory::LESSON,
    coincidence::LESSON,
    travel::LESSON,
    balance::LESSON,
    silence::LESSON,
    loses::LESSON,
    digits::LESSON,
];
