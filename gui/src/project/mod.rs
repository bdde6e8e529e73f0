//! What a person works on: edits of a network, done and undone.

mod edits;
mod undo;

pub use edits::Edits;
pub use undo::Undo;
