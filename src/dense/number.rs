//! The numbers that a dense network is run in: single precision as it is, double precision where it must hold the sums of integers.

use nalgebra::RealField;

/// A floating-point number.
pub(super) trait Number: RealField + Copy {
    /// The nearest number.
    fn of(value: f64) -> Self;

    /// In double precision.
    fn double(self) -> f64;
}

impl Number for f32 {
    fn of(value: f64) -> Self {
        value as Self
    }

    fn double(self) -> f64 {
        f64::from(self)
    }
}

impl Number for f64 {
    fn of(value: f64) -> Self {
        value
    }

    fn double(self) -> f64 {
        self
    }
}
