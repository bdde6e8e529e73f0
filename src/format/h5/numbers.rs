//! Numbers of any width.

use hdf5::H5Type;

use super::lzf::Number;
use super::{H5File, Kind};
use crate::diagnostic::Result;

impl H5File {
    /// Shape and values, row by row. Infinities and NaN come through.
    ///
    /// # Errors
    /// There is no such dataset, it holds no numbers, or it is damaged.
    pub(crate) fn floats(&self, at: &str) -> Result<(Vec<usize>, Vec<f64>)> {
        self.unpacked_or_numbers(at)
    }

    /// As [`floats`](Self::floats), rounded to 32 bits.
    ///
    /// # Errors
    /// As [`floats`](Self::floats).
    pub(crate) fn floats32(&self, at: &str) -> Result<(Vec<usize>, Vec<f32>)> {
        self.unpacked_or_numbers(at)
    }

    /// Shape and values of whole numbers or booleans, row by row.
    ///
    /// # Errors
    /// There is no such dataset, it holds no whole numbers, one is above the largest `i64`, or it is damaged.
    pub(crate) fn ints(&self, at: &str) -> Result<(Vec<usize>, Vec<i64>)> {
        let data = self.dataset(at)?;
        if matches!(self.kind(at, &data)?, Kind::Integer { .. })
            && let Some((shape, values)) = self.unpacked::<i128>(at, &data)?
        {
            return self.below_2_63(at, values).map(|values| (shape, values));
        }
        self.whole(at, &data)
    }

    /// Shape and values of a dataset of unsigned bytes, or `None` where it holds other numbers.
    ///
    /// # Errors
    /// There is no such dataset, or it is damaged.
    pub(crate) fn bytes(&self, at: &str) -> Result<Option<(Vec<usize>, Vec<u8>)>> {
        let data = self.dataset(at)?;
        if !data.dtype().is_ok_and(|kind| kind.size() == 1 && Kind::of(&kind) == Kind::Integer { unsigned: true }) {
            return Ok(None);
        }
        if let Some(found) = self.unpacked(at, &data)? {
            return Ok(Some(found));
        }
        let shape = self.shape(at, &data)?;
        Ok(Some((shape, self.raw(at, &data)?)))
    }

    /// True where 32-bit floats hold every number of the dataset's type.
    ///
    /// # Errors
    /// There is no such dataset.
    pub(crate) fn fits_f32(&self, at: &str) -> Result<bool> {
        let data = self.dataset(at)?;
        let width = data.dtype().map_or(8, |kind| kind.size());
        Ok(match self.kind(at, &data)? {
            Kind::Float => width <= 4,
            _ => width <= 2,
        })
    }

    /// Some values of a list, as 64-bit floats: `range` lies within its length.
    ///
    /// # Errors
    /// There is no such list, it holds no numbers, or it is damaged.
    pub(crate) fn floats_in(&self, at: &str, range: std::ops::Range<usize>) -> Result<Vec<f64>> {
        let values = self.plain_numbers(at)?.read_slice_1d::<f64, _>(range);
        values.map(|values| values.to_vec()).map_err(|error| self.unreadable(at, &error))
    }

    /// Some rows of a table of numbers, one behind another.
    ///
    /// # Errors
    /// There is no table of numbers there that reaches so far, or it cannot be read.
    pub(crate) fn rows_in(&self, at: &str, rows: std::ops::Range<usize>) -> Result<Vec<f64>> {
        let values = self.plain_numbers(at)?.read_slice_2d::<f64, _>(ndarray::s![rows, ..]);
        values.map(|values| values.iter().copied().collect()).map_err(|error| self.unreadable(at, &error))
    }

    /// A data set of numbers that are read without conversion of their kind.
    fn plain_numbers(&self, at: &str) -> Result<hdf5::Dataset> {
        let data = self.dataset(at)?;
        match self.kind(at, &data)? {
            Kind::Integer { .. } | Kind::Float => Ok(data),
            other => Err(self.complaint(at, format!("expected numbers, found {}", other.words())).into()),
        }
    }

    /// An attribute of one number; `None` where there is none of that name.
    ///
    /// # Errors
    /// The attribute holds no number, or not exactly one.
    pub(crate) fn attribute_float(&self, of: &str, name: &str) -> Result<Option<f64>> {
        let Some((at, data)) = self.attribute(of, name)? else { return Ok(None) };
        let (shape, values) = self.numbers(&at, &data)?;
        self.single(&at, &shape, values).map(Some)
    }

    /// An attribute of one whole number; `None` where there is none of that name.
    ///
    /// # Errors
    /// The attribute holds no whole number, or not exactly one.
    pub(crate) fn attribute_int(&self, of: &str, name: &str) -> Result<Option<i64>> {
        let Some((at, data)) = self.attribute(of, name)? else { return Ok(None) };
        let (shape, values) = self.whole(&at, &data)?;
        self.single(&at, &shape, values).map(Some)
    }

    fn unpacked_or_numbers<T: H5Type + Number>(&self, at: &str) -> Result<(Vec<usize>, Vec<T>)> {
        let data = self.dataset(at)?;
        match self.unpacked(at, &data)? {
            Some(found) => Ok(found),
            None => self.numbers(at, &data),
        }
    }

    fn below_2_63<N: TryInto<i64>>(&self, at: &str, values: Vec<N>) -> Result<Vec<i64>> {
        let values = values.into_iter().map(TryInto::try_into).collect::<std::result::Result<_, _>>();
        Ok(values.map_err(|_| self.complaint(at, "holds a number of 2⁶³ or more"))?)
    }

    fn numbers<T: H5Type>(&self, at: &str, data: &hdf5::Container) -> Result<(Vec<usize>, Vec<T>)> {
        match self.kind(at, data)? {
            Kind::Integer { .. } | Kind::Float => Ok((self.shape(at, data)?, self.raw(at, data)?)),
            other => Err(self.complaint(at, format!("expected numbers, found {}", other.words())).into()),
        }
    }

    fn whole(&self, at: &str, data: &hdf5::Container) -> Result<(Vec<usize>, Vec<i64>)> {
        match self.kind(at, data)? {
            Kind::Integer { unsigned: false } => Ok((self.shape(at, data)?, self.raw(at, data)?)),
            Kind::Integer { unsigned: true } => {
                // HDF5 would clamp what does not fit.
                let shape = self.shape(at, data)?;
                let values = self.below_2_63(at, self.raw::<u64>(at, data)?)?;
                Ok((shape, values))
            }
            other => Err(self.complaint(at, format!("expected whole numbers, found {}", other.words())).into()),
        }
    }

    pub(super) fn kind(&self, at: &str, data: &hdf5::Container) -> Result<Kind> {
        Ok(Kind::of(&data.dtype().map_err(|error| self.unreadable(at, &error))?))
    }

    /// All elements. Call [`shape`](Self::shape) first: it checks the size.
    pub(super) fn raw<T: H5Type>(&self, at: &str, data: &hdf5::Container) -> Result<Vec<T>> {
        if data.space().is_ok_and(|space| space.is_null()) {
            return Ok(Vec::new());
        }
        data.read_raw().map_err(|error| self.unreadable(at, &error))
    }

    pub(super) fn single<T>(&self, at: &str, shape: &[usize], values: Vec<T>) -> Result<T> {
        match <[T; 1]>::try_from(values) {
            Ok([value]) => Ok(value),
            Err(_) => Err(self.complaint(at, format!("expected a single value, found the shape {shape:?}")).into()),
        }
    }
}
