//! Arrays as a NIR file holds them: shape, type and values.

use crate::neuron::Values;

/// Numbers of one type. Narrower types of a file are widened to these, without loss.
#[derive(Debug, Clone, PartialEq)]
pub enum Numbers {
    /// 32-bit floating point.
    F32(Vec<f32>),
    /// 64-bit floating point.
    F64(Vec<f64>),
    /// Whole numbers and booleans.
    I64(Vec<i64>),
}

impl From<Vec<f32>> for Numbers {
    fn from(values: Vec<f32>) -> Self {
        Self::F32(values)
    }
}

impl From<Vec<f64>> for Numbers {
    fn from(values: Vec<f64>) -> Self {
        Self::F64(values)
    }
}

impl From<Vec<i64>> for Numbers {
    fn from(values: Vec<i64>) -> Self {
        Self::I64(values)
    }
}

/// An array, row by row. Its shape is empty for a single number.
#[derive(Debug, Clone, PartialEq)]
pub struct NirArray {
    /// Its shape; the product is the number of values.
    pub shape: Vec<usize>,
    /// Its values.
    pub numbers: Numbers,
}

impl NirArray {
    /// An array of a shape.
    #[must_use]
    pub fn new(shape: impl Into<Vec<usize>>, numbers: impl Into<Numbers>) -> Self {
        Self { shape: shape.into(), numbers: numbers.into() }
    }

    /// A vector.
    #[must_use]
    pub fn vector(numbers: impl Into<Numbers>) -> Self {
        let numbers = numbers.into();
        let mut array = Self { shape: Vec::new(), numbers };
        array.shape.push(array.len());
        array
    }

    /// The number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.numbers {
            Numbers::F32(values) => values.len(),
            Numbers::F64(values) => values.len(),
            Numbers::I64(values) => values.len(),
        }
    }

    /// True where there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One value.
    ///
    /// # Panics
    /// There are not so many values.
    #[must_use]
    pub fn at(&self, at: usize) -> f64 {
        match &self.numbers {
            Numbers::F32(values) => f64::from(values[at]),
            Numbers::F64(values) => values[at],
            Numbers::I64(values) => values[at] as f64,
        }
    }

    /// The values, one after another.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        (0..self.len()).map(|at| self.at(at))
    }

    /// The values as whole numbers, where all are.
    #[must_use]
    pub fn whole(&self) -> Option<Vec<i64>> {
        match &self.numbers {
            Numbers::I64(values) => Some(values.clone()),
            // Beyond 2^53 a floating-point number does not say which whole number it is.
            _ => self.values().map(|v| (v.fract() == 0.0 && v.abs() <= 9.0e15).then_some(v as i64)).collect(),
        }
    }

    /// The values in single precision, and whether any of them lost digits. Ones too large become infinite.
    #[must_use]
    pub fn to_f32(&self) -> (Vec<f32>, bool) {
        if let Numbers::F32(values) = &self.numbers {
            return (values.clone(), false);
        }
        let mut rounded = false;
        let values = self
            .values()
            .map(|wide| {
                let narrow = wide as f32;
                rounded |= f64::from(narrow) != wide;
                narrow
            })
            .collect();
        (values, rounded)
    }

    /// The values times a factor, as values of a population's neurons.
    #[must_use]
    pub fn times(&self, factor: f64) -> Values {
        let mut values = self.values().map(|v| v * factor);
        match values.next() {
            Some(first) if self.values().all(|v| (v * factor).to_bits() == first.to_bits()) => Values::One(first),
            _ => Values::Each(self.values().map(|v| v * factor).collect()),
        }
    }
}
