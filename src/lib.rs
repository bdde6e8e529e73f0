//! Spikewatt: runs spiking neural networks, counts every spike-driven operation, prices the counts on real chips with honest
//! ranges, and sets the answer beside the dense network that would do the same job.
//!
//! The modules are floors of a house; each uses only lower ones (a test holds them to it):
//!
//! | floor | modules | what |
//! |---|---|---|
//! | 7 | [`study`] | the main job, from opened files to a report |
//! | 6 | [`report`] | what happened, in words, numbers and tables |
//! | 5 | [`energy`], [`dense`] | counts × device → joules; the dense twin |
//! | 4 | [`engine`], [`record`], [`placement`] | time passes; who listens; which core of a chip holds which neurons |
//! | 3 | [`compile`] | description → arrays |
//! | 2 | [`network`], [`format`](mod@format), [`dataset`] | what to simulate; files ↔ networks; files → samples |
//! | 1 | [`neuron`], [`spike`], [`counts`] | the physics, the facts |
//! | 0 | [`units`], [`diagnostic`], [`rng`], [`numerics`], [`whole_file`] | foundations |

pub mod compile;
pub mod counts;
pub mod dataset;
pub mod dense;
pub mod diagnostic;
pub mod energy;
pub mod engine;
pub mod format;
pub mod network;
pub mod neuron;
pub mod numerics;
pub mod placement;
pub mod record;
pub mod report;
pub mod rng;
pub mod spike;
pub mod study;
pub mod units;
pub mod whole_file;
