//! Whether a network makes sense: every complaint at once.
