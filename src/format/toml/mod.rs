//! TOML: networks that people write.
