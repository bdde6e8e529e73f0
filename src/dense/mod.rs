//! The dense twin: a conventional network run for real over the same samples, and its operations counted.
