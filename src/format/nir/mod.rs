//! NIR: trained networks from Python frameworks.
//!
//! NIR (Neuromorphic Intermediate Representation) is a graph of primitives, such as `Affine` or `LIF`, in an HDF5 file. Source: J. E.
//! Pedersen et al., Nature Communications 15:8122, 2024, and the `nir` package 1.0.8.
//!
//! ```text
//! file ── read ──▶ NirGraph ── to_network ──▶ Network          to_dense ──▶ DenseNetwork
//! file ◀── write ── NirGraph ◀── tidy ── NirGraph
//! ```
//!
//! Adding a primitive is one row in [`PRIMITIVES`]; one that is neither neuron nor weights also needs its rule in `shapes` and in
//! `convert`.

mod array;
mod check;
mod convert;
mod cycles;
mod dense;
mod figures;
mod graph;
mod inline;
mod kernels;
mod layers;
mod meaning;
mod passing;
mod ports;
mod primitive;
mod projections;
mod read;
mod repair;
mod report;
mod rules;
mod shapes;
mod tidy;
mod update;
mod waiting;
mod window;
mod wiring;
mod write;
mod writer;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;

pub use array::{NirArray, Numbers};
pub use convert::to_network;
pub use dense::to_dense;
pub use graph::{Metadata, MetadataValue, NirGraph, NirNode};
pub use meaning::Known;
pub use primitive::{Class, DatasetSpec, Kind, PRIMITIVES, Primitive, Rule};
pub use read::read;
pub use report::{Meaning, NodeMeaning, meaning};
pub use tidy::tidy;
pub use write::write;
pub use writer::{Guess, GuessedStep};
