//! Weights, of a file or of connections.

/// Weights as a file gives them, in the precision in which it gives them; or of connections, in the narrowest form that loses nothing.
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
    /// One each, in the narrowest form that loses nothing.
    #[must_use]
    pub fn from_each(weights: Vec<f64>) -> Self {
        match weights.split_first() {
            Some((first, rest)) if rest.iter().all(|w| w.to_bits() == first.to_bits()) => Self::One(*first),
            _ if weights.iter().all(|&w| is_single(w)) => Self::Single(weights.iter().map(|&w| w as f32).collect()),
            _ => Self::Double(weights),
        }
    }

    /// The same in the narrowest form that loses nothing.
    #[must_use]
    pub(crate) fn narrow(&self) -> Self {
        if let Self::Double(weights) = self { Self::from_each(weights.clone()) } else { self.clone() }
    }

    /// One each still, in single precision where that loses nothing.
    #[must_use]
    pub(crate) fn single(self) -> Self {
        match self {
            Self::Double(w) if w.iter().all(|&w| is_single(w)) => Self::Single(w.iter().map(|&w| w as f32).collect()),
            other => other,
        }
    }

    /// `self[at(i)]` for `number` places i, one each.
    #[must_use]
    pub(crate) fn permuted(&self, number: usize, at: impl Fn(usize) -> usize) -> Self {
        let narrow = match self {
            Self::One(w) => is_single(*w),
            Self::Single(_) => true,
            Self::Double(w) => w.iter().all(|w| is_single(*w)),
        };
        let each = (0..number).map(|i| self.at(at(i)));
        if narrow { Self::Single(each.map(|w| w as f32).collect()) } else { Self::Double(each.collect()) }
    }

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

/// Whether a number is exact in single precision.
fn is_single(w: f64) -> bool {
    f64::from(w as f32).to_bits() == w.to_bits()
}
