//! The Spikewatt viewer.
fn main() {}
