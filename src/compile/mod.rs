//! Description → arrays.
