//! An HDF5 dataset that grows by blocks, so that memory does not.

use hdf5::types::VarLenUnicode;
use hdf5::{Dataset, Group, H5Type, Location, Result, SimpleExtents};
use ndarray::{ArrayView1, ArrayView2};
use std::str::FromStr;

/// Values on their way into a growing dataset: at most a block of them is held.
///
/// A block is a chunk of the file, so that each chunk is compressed and written once.
#[derive(Debug)]
pub(super) struct Column<T> {
    dataset: Dataset,
    /// Values of a row where the dataset has rows; a plain list otherwise.
    width: Option<usize>,
    block: usize,
    held: Vec<T>,
    /// Values written.
    written: usize,
}

impl<T: H5Type + Copy> Column<T> {
    /// An empty dataset `name` in `group`: a list, or rows of `width` values. About `block` values are held at most, and at least one row.
    pub(super) fn new(group: &Group, name: &str, width: Option<usize>, block: usize) -> Result<Self> {
        let block = block.max(1);
        // The level: spikes of a fast run come faster than a higher one can pack them.
        let builder = group.new_dataset::<T>().shuffle().deflate(1);
        let (dataset, block) = match width {
            None => (builder.chunk(block).shape(SimpleExtents::resizable([0])).create(name)?, block),
            Some(width) => {
                let rows = (block / width.max(1)).max(1);
                let extents = SimpleExtents::new([(0, None), (width, Some(width))]);
                (builder.chunk((rows, width.clamp(1, block))).shape(extents).create(name)?, rows * width.max(1))
            }
        };
        Ok(Self { dataset, width, block, held: Vec::new(), written: 0 })
    }

    /// Takes values, for a dataset of rows whole ones, and writes what makes a block.
    pub(super) fn extend(&mut self, values: impl IntoIterator<Item = T>) -> Result<()> {
        let mut values = values.into_iter();
        loop {
            let room = self.block - self.held.len();
            self.held.extend(values.by_ref().take(room));
            if self.held.len() < self.block {
                return Ok(());
            }
            self.flush()?;
        }
    }

    /// Writes what is held.
    pub(super) fn flush(&mut self) -> Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let end = self.written + self.held.len();
        match self.width {
            None => {
                self.dataset.resize(end)?;
                self.dataset.write_slice(ArrayView1::from(&self.held[..]), self.written..end)?;
            }
            Some(width) => {
                let (from, to) = (self.written / width, end / width);
                let rows = ArrayView2::from_shape((to - from, width), &self.held);
                let rows = rows.map_err(|error| hdf5::Error::from(error.to_string()))?;
                self.dataset.resize((to, width))?;
                self.dataset.write_slice(rows, (from..to, 0..width))?;
            }
        }
        self.written = end;
        self.held.clear();
        Ok(())
    }

    /// The dataset, for its attributes.
    pub(super) fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// The most values that are ever held.
    #[cfg(test)]
    pub(super) fn bound(&self) -> usize {
        self.block
    }

    /// Room that is taken for values, whether they are there or not.
    #[cfg(test)]
    pub(super) fn room(&self) -> usize {
        self.held.capacity()
    }
}

/// A small dataset, whole at once.
pub(super) fn array<T: H5Type>(group: &Group, name: &str, values: &[T]) -> Result<Dataset> {
    let dataset = group.new_dataset::<T>().shape(values.len()).create(name)?;
    if !values.is_empty() {
        dataset.write_raw(values)?;
    }
    Ok(dataset)
}

/// An attribute that is a text.
pub(super) fn text_attribute(place: &Location, name: &str, text: &str) -> Result<()> {
    // HDF5's strings end at a NUL; a report has none.
    let text = VarLenUnicode::from_str(&text.replace('\0', "")).map_err(|error| hdf5::Error::from(error.to_string()))?;
    place.new_attr::<VarLenUnicode>().create(name)?.write_scalar(&text)
}
