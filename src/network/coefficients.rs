//! Weights as a file gives them.

/// Weights as a file gives them, in the precision in which it gives them.
#[derive(Debug, Clone, PartialEq)]
pub enum Coefficients {
    /// The same for all, such as those of a pooling layer.
    One(f64),
    /// One each, in single precision.
    Single(Vec<f32>),
    /// One each, in double precision.
    Double(Vec<f64>),
}

impl Coefficients {
    /// The weight at a place.
    #[inline]
    #[must_use]
    pub fn at(&self, i: usize) -> f64 {
        match self {
            Self::One(w) => *w,
            Self::Single(w) => f64::from(w[i]),
            Self::Double(w) => w[i],
        }
    }

    /// How many are given; `None` where one stands for all.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "one for all is no length")]
    pub fn len(&self) -> Option<usize> {
        match self {
            Self::One(_) => None,
            Self::Single(w) => Some(w.len()),
            Self::Double(w) => Some(w.len()),
        }
    }

    /// Whether there are so many, or one for all.
    #[must_use]
    pub fn fits(&self, wanted: usize) -> bool {
        self.len().is_none_or(|len| len == wanted)
    }

    /// The first that is no finite number, with its place.
    #[must_use]
    pub fn not_finite(&self) -> Option<(usize, f64)> {
        match self {
            Self::One(w) => (!w.is_finite()).then_some((0, *w)),
            Self::Single(w) => w.iter().position(|w| !w.is_finite()).map(|at| (at, f64::from(w[at]))),
            Self::Double(w) => w.iter().position(|w| !w.is_finite()).map(|at| (at, w[at])),
        }
    }
}
