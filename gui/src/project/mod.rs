//! What a person works on: edits of a network, done and undone, and the file that keeps them.

mod courier;
mod edits;
mod file;
mod undo;

pub use crate::layout::Place;
pub use courier::Courier;
pub use edits::Edits;
pub use file::{ENDING, Project};
pub use undo::Undo;
