//! Lists of numbers of any length, HDF5's "vlen".

use std::io::{BufReader, Read, Seek, SeekFrom};
use std::ops::Range;

use hdf5::H5Type;
use hdf5::dataset::Layout;
use hdf5::types::VarLenArray;

use super::{H5File, Kind};
use crate::diagnostic::Result;

/// Bytes of a list or text in a dataset: length, place of a heap, number within it. The type that the library gives is that
/// of memory, which has another size. [`H5File::open`] makes sure that places have eight bytes.
const ELEMENT: usize = 16;

/// A row of lists of numbers.
pub(crate) struct Lists<'a> {
    h5: &'a H5File,
    at: String,
    data: hdf5::Dataset,
    len: usize,
}

impl H5File {
    /// The lists at a path.
    ///
    /// # Errors
    /// There is no such dataset, it is not a row of lists, or a list claims to be longer than the file.
    pub(crate) fn lists(&self, at: &str) -> Result<Lists<'_>> {
        let data = self.dataset(at)?;
        let kind = self.kind(at, &data)?;
        if kind != Kind::List {
            return Err(self.complaint(at, format!("expected lists of numbers, found {}", kind.words())).into());
        }
        let shape = self.shape(at, &data)?;
        let &[len] = shape.as_slice() else {
            return Err(self.complaint(at, format!("expected one row of lists, found the shape {shape:?}")).into());
        };
        self.sound_lengths(at, &data)?;
        Ok(Lists { h5: self, at: at.to_owned(), data, len })
    }

    /// Makes sure that no list or text in `data` claims to be longer than the whole file.
    ///
    /// The library takes and clears memory for a list before it looks whether the list is there. Each element of the
    /// dataset is a length in 32 bits and a place in a global heap (HDF5 File Format Specification 3.0, section IV.A.2.d:
    /// class 9), which no library call gives. They are read here where they are stored plainly; the compressed ones are
    /// guarded by the compression's own checksum.
    pub(super) fn sound_lengths(&self, at: &str, data: &hdf5::Dataset) -> Result<()> {
        let kind = self.kind(at, data)?;
        if !matches!(kind, Kind::List | Kind::Text { .. }) {
            return Ok(());
        }
        let elements: usize = self.shape(at, data)?.iter().product();
        let mut pieces = Vec::new();
        if let Some(start) = data.offset() {
            pieces.push((start, (elements * ELEMENT) as u64));
        } else if data.layout() == Layout::Compact {
            let what = kind.words();
            return Err(self.complaint(at, format!("holds {what} in a compact layout, which this program does not read")).into());
        } else if data.is_chunked() && data.filters().is_empty() {
            let collect = |chunk: hdf5::dataset::ChunkInfoRef<'_>| {
                pieces.push((chunk.addr, chunk.size));
                0
            };
            data.chunks_visit(collect).map_err(|error| self.unreadable(at, &error))?;
        }
        let unreadable = |error: std::io::Error| self.complaint(at, format!("cannot be read: {error}"));
        let mut stream = BufReader::new(std::fs::File::open(&self.path).map_err(unreadable)?);
        let mut element = [0; ELEMENT];
        for (start, bytes) in pieces {
            stream.seek(SeekFrom::Start(start)).map_err(unreadable)?;
            for _ in 0..bytes / ELEMENT as u64 {
                stream.read_exact(&mut element).map_err(unreadable)?;
                let length = element.first_chunk().map_or(0, |&length| u32::from_le_bytes(length));
                if u64::from(length) > self.bytes {
                    let message = format!("a list claims {length} elements, more than the file has bytes; it is damaged");
                    return Err(self.complaint(at, message).into());
                }
            }
        }
        Ok(())
    }
}

impl Lists<'_> {
    /// How many lists there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Some of the lists, so that a large dataset need not be held twice.
    ///
    /// # Errors
    /// The file is damaged, or the range beyond the lists.
    pub(crate) fn read<T: H5Type + Copy>(&self, range: Range<usize>) -> Result<Vec<VarLenArray<T>>> {
        if range.is_empty() {
            return Ok(Vec::new());
        }
        let read = self.data.read_slice_1d::<VarLenArray<T>, _>(range);
        Ok(read.map_err(|error| self.h5.unreadable(&self.at, &error))?.into_raw_vec_and_offset().0)
    }
}
