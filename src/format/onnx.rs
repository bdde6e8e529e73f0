//! ONNX: dense networks.
