//! Full weight matrices, one row per source, in the narrowest form that loses nothing.

/// A full weight matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixRows {
    /// Targets in a row.
    pub targets: usize,
    /// Row by row: the weight from `source` to `target` is number `source * targets + target`.
    pub weights: MatrixWeights,
}

/// The weights of a matrix.
#[derive(Debug, Clone, PartialEq)]
pub enum MatrixWeights {
    /// Whole multiples of a unit, a power of two, so that a row is a quarter as long and its sums are sums of integers. Behind the last
    /// stand [`MatrixRows::SPARE`] zeros, which let a row be read in steps of that many.
    Bytes {
        /// What a weight is a multiple of.
        unit: f64,
        /// How many units each is.
        values: Vec<i8>,
    },
    /// In single precision.
    Single(Vec<f32>),
    /// In double precision.
    Double(Vec<f64>),
}

impl MatrixRows {
    /// Zeros behind the last row of bytes.
    pub const SPARE: usize = 32;

    /// The matrix of `sources` × `targets` whose weights `at(source, target)` gives.
    #[must_use]
    pub fn new(sources: usize, targets: usize, at: impl Fn(usize, usize) -> f64) -> Self {
        let all = || (0..sources).flat_map(|source| (0..targets).map(move |target| (source, target))).map(|(s, t)| at(s, t));
        let weights = match byte_unit(all()) {
            Some(unit) => {
                let mut values = Vec::with_capacity(sources * targets + Self::SPARE);
                values.extend(all().map(|w| (w / unit) as i8));
                values.resize(sources * targets + Self::SPARE, 0);
                MatrixWeights::Bytes { unit, values }
            }
            None if all().all(|w| f64::from(w as f32) == w) => MatrixWeights::Single(all().map(|w| w as f32).collect()),
            None => MatrixWeights::Double(all().collect()),
        };
        Self { targets, weights }
    }

    /// The number of weights.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.weights {
            MatrixWeights::Bytes { values, .. } => values.len() - Self::SPARE,
            MatrixWeights::Single(values) => values.len(),
            MatrixWeights::Double(values) => values.len(),
        }
    }

    /// True where there are no weights.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The weight of a place, `source * targets + target`.
    #[inline]
    #[must_use]
    pub fn at(&self, place: usize) -> f64 {
        match &self.weights {
            MatrixWeights::Bytes { unit, values } => f64::from(values[place]) * unit,
            MatrixWeights::Single(values) => f64::from(values[place]),
            MatrixWeights::Double(values) => values[place],
        }
    }

    /// The weights of a source, target by target.
    pub fn row(&self, source: usize) -> impl ExactSizeIterator<Item = f64> + '_ {
        (source * self.targets..(source + 1) * self.targets).map(|place| self.at(place))
    }
}

/// The power of two of which all weights are whole multiples that a byte holds, from −127 to 127, where there is one.
fn byte_unit(weights: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut largest, mut finest) = (0.0f64, i32::MAX);
    for w in weights.filter(|w| *w != 0.0) {
        largest = largest.max(w.abs());
        finest = finest.min(lowest_bit(w));
        // Weights that were trained in floating point are soon seen to need more than a byte.
        if finest < -1000 || largest > 127.0 * 2f64.powi(finest) {
            return None;
        }
    }
    Some(if finest == i32::MAX { 1.0 } else { 2f64.powi(finest) })
}

/// The exponent of the lowest bit that is set in a finite number other than zero.
fn lowest_bit(w: f64) -> i32 {
    let bits = w.to_bits();
    let (exponent, mantissa) = ((bits >> 52 & 0x7ff) as i32, bits & ((1 << 52) - 1));
    // Subnormal numbers have no hidden bit and the exponent of the smallest normal ones.
    let (exponent, mantissa) = if exponent == 0 { (1, mantissa) } else { (exponent, mantissa | 1 << 52) };
    exponent - 1075 + mantissa.trailing_zeros() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_form_loses_a_digit(
            values in prop_oneof![
                prop::collection::vec((-127i32..=127).prop_map(f64::from), 12),
                prop::collection::vec((-127i32..=127).prop_map(|w| f64::from(w) * 2f64.powi(-40)), 12),
                prop::collection::vec((-1e3f32..1e3).prop_map(f64::from), 12),
                prop::collection::vec(-1e3f64..1e3, 12),
                prop::collection::vec(prop_oneof![Just(0.0), Just(f64::MIN_POSITIVE / 8.0), Just(1e300), Just(-5e-324)], 12),
            ],
        ) {
            let rows = MatrixRows::new(3, 4, |s, t| values[t * 3 + s]);
            prop_assert_eq!(rows.len(), 12);
            for s in 0..3 {
                for (t, w) in rows.row(s).enumerate() {
                    prop_assert_eq!(w.to_bits(), (values[t * 3 + s] + 0.0).to_bits());
                }
            }
        }
    }

    #[test]
    fn bytes_are_taken_where_they_hold_all() {
        let unit = |weights: &[f64]| byte_unit(weights.iter().copied());
        assert_eq!(unit(&[3.0, -127.0, 0.0]), Some(1.0));
        assert_eq!(unit(&[0.75, -0.5]), Some(0.25));
        assert_eq!(unit(&[256.0, 512.0]), Some(256.0));
        assert_eq!(unit(&[0.0, 0.0]), Some(1.0));
        assert_eq!(unit(&[128.0, 1.0]), None, "one too large");
        assert_eq!(unit(&[0.1]), None);
        assert_eq!(unit(&[1e300, 1e-300]), None);
    }
}
