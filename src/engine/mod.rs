//! Time passes.
