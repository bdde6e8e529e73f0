//! Files ↔ networks, one format a file, in one list.

pub mod nir;
pub mod onnx;
pub mod toml;
