//! Files ↔ networks, one format a file, in one list.

pub(crate) mod h5;
pub mod nir;
pub mod onnx;
pub mod toml;
