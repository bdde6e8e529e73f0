//! Joules, watts and seconds as types of their own, and ranges of them, so that no sum mixes units.
//!
//! What has a meaning compiles:
//!
//! ```
//! use spikewatt::energy::{Hertz, Joules, Seconds, Watts};
//! assert_eq!(Watts(2.0) * Seconds(3.0) + Joules(1.0), Joules(7.0));
//! assert_eq!(Joules(6.0) / Seconds(3.0), Watts(2.0));
//! assert_eq!(Joules(6.0) / Watts(3.0), Seconds(2.0));
//! assert_eq!(Joules(6.0) * Hertz(3.0), Watts(18.0));
//! ```
//!
//! A sum of joules and watts does not, nor any other of what differs in its unit:
//!
//! ```compile_fail,E0308
//! use spikewatt::energy::{Joules, Watts};
//! let _ = Joules(1.0) + Watts(1.0);
//! ```
//!
//! ```compile_fail,E0308
//! use spikewatt::energy::{Joules, Seconds};
//! let total: Joules = Seconds(1.0);
//! ```
//!
//! ```compile_fail,E0308
//! use spikewatt::energy::{Range, Joules, Watts};
//! let _ = Range::point(Joules(1.0)) + Range::point(Watts(1.0));
//! ```
//!
//! ```compile_fail,E0277
//! use spikewatt::energy::Joules;
//! let _ = Joules(1.0) + 1.0;
//! ```
//!
//! ```compile_fail,E0308
//! use spikewatt::energy::{Joules, Watts};
//! let _ = Joules(1.0) < Watts(1.0);
//! ```

use crate::units::si;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Div, Mul};

/// One newtype over `f64` with the arithmetic that keeps its unit.
macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $unit:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub f64);

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
                values.fold(Self(0.0), Add::add)
            }
        }

        impl Mul<f64> for $name {
            type Output = Self;
            fn mul(self, factor: f64) -> Self {
                Self(self.0 * factor)
            }
        }

        impl Div<f64> for $name {
            type Output = Self;
            fn div(self, divisor: f64) -> Self {
                Self(self.0 / divisor)
            }
        }

        impl Div for $name {
            type Output = f64;
            fn div(self, other: Self) -> f64 {
                self.0 / other.0
            }
        }

        /// Three figures and a metric prefix, as in `4.31 µJ`.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&si(self.0, $unit))
            }
        }
    };
}

quantity!(
    /// An energy, joules.
    Joules,
    "J"
);
quantity!(
    /// A power, watts.
    Watts,
    "W"
);
quantity!(
    /// A time, seconds.
    Seconds,
    "s"
);

quantity!(
    /// A rate, hertz.
    Hertz,
    "Hz"
);

impl Mul<Hertz> for Joules {
    type Output = Watts;
    fn mul(self, rate: Hertz) -> Watts {
        Watts(self.0 * rate.0)
    }
}

impl Div<Watts> for Joules {
    type Output = Seconds;
    fn div(self, power: Watts) -> Seconds {
        Seconds(self.0 / power.0)
    }
}

impl Div<Hertz> for Watts {
    type Output = Joules;
    fn div(self, rate: Hertz) -> Joules {
        Joules(self.0 / rate.0)
    }
}

impl Mul<Watts> for Seconds {
    type Output = Joules;
    fn mul(self, power: Watts) -> Joules {
        power * self
    }
}

impl Seconds {
    /// The time in hours.
    #[must_use]
    pub fn hours(self) -> f64 {
        self.0 / 3600.0
    }
}

impl Mul<Seconds> for Watts {
    type Output = Joules;
    fn mul(self, time: Seconds) -> Joules {
        Joules(self.0 * time.0)
    }
}

impl Div<Seconds> for Joules {
    type Output = Watts;
    fn div(self, time: Seconds) -> Watts {
        Watts(self.0 / time.0)
    }
}

/// A value with the interval it is believed to lie in: `low <= nominal <= high`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Range<T> {
    /// The low end.
    pub low: T,
    /// The value to quote if only one can be quoted.
    pub nominal: T,
    /// The high end.
    pub high: T,
}

impl<T: Copy> Range<T> {
    /// The range that holds one value.
    #[must_use]
    pub fn point(value: T) -> Self {
        Self { low: value, nominal: value, high: value }
    }

    /// The range with each end taken through a function that keeps their order.
    #[must_use]
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Range<U> {
        Range { low: f(self.low), nominal: f(self.nominal), high: f(self.high) }
    }
}

impl<T: Copy + PartialOrd> Range<T> {
    /// True where `low <= nominal <= high`.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        self.low <= self.nominal && self.nominal <= self.high
    }

    /// True where the two intervals share a value.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    /// The same nominal, with the ends moved outwards where needed to take in `other`'s.
    #[must_use]
    pub fn covering(self, other: Self) -> Self {
        Self {
            low: if other.low < self.low { other.low } else { self.low },
            nominal: self.nominal,
            high: if other.high > self.high { other.high } else { self.high },
        }
    }
}

/// Sum of terms, end by end. Interval arithmetic: the errors of the terms are taken to go the same way, the widest case.
impl<T: Add<Output = T>> Add for Range<T> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { low: self.low + other.low, nominal: self.nominal + other.nominal, high: self.high + other.high }
    }
}

impl<T: Copy + Mul<f64, Output = T>> Mul<f64> for Range<T> {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        self.map(|x| x * factor)
    }
}

impl Mul<Seconds> for Range<Watts> {
    type Output = Range<Joules>;
    fn mul(self, time: Seconds) -> Range<Joules> {
        self.map(|power| power * time)
    }
}

impl Div<Seconds> for Range<Joules> {
    type Output = Range<Watts>;
    fn div(self, time: Seconds) -> Range<Watts> {
        self.map(|energy| energy / time)
    }
}

/// `4.31 µJ (1.20 µJ to 9.00 µJ)`.
impl<T: fmt::Display> fmt::Display for Range<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} to {})", self.nominal, self.low, self.high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_times_time_is_energy() {
        let power = Range { low: Watts(1.0), nominal: Watts(2.0), high: Watts(4.0) };
        let energy = power * Seconds(0.5);
        assert_eq!(energy, Range { low: Joules(0.5), nominal: Joules(1.0), high: Joules(2.0) });
        assert_eq!(energy / Seconds(0.5), power);
        assert_eq!(Joules(3.0) / Joules(2.0), 1.5);
    }

    #[test]
    fn ranges_are_written_with_their_unit() {
        let range = Range { low: Joules(1.2e-6), nominal: Joules(4.31e-6), high: Joules(9e-6) };
        assert_eq!(range.to_string(), "4.31 µJ (1.20 µJ to 9.00 µJ)");
        assert_eq!(serde_json::to_string(&range).expect("plain data"), r#"{"low":1.2e-6,"nominal":4.31e-6,"high":9e-6}"#);
    }

    #[test]
    fn ranges_overlap_and_cover() {
        let (a, b) = (Range { low: 1.0, nominal: 2.0, high: 3.0 }, Range { low: 3.5, nominal: 4.0, high: 5.0 });
        assert!(!a.overlaps(&b) && a.overlaps(&a));
        assert_eq!(a.covering(b), Range { low: 1.0, nominal: 2.0, high: 5.0 });
    }
}
