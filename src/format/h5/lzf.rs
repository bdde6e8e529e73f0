//! Chunks compressed by LZF, h5py's own filter, which the HDF5 library does not bring along.
//!
//! The library tells where each chunk lies; what is in it is read and put together here. Source: the h5py documentation ("Dataset
//! compression"), `lzf_filter.c` in h5py, and HDF5 File Format Specification 3.0, section IV.A.2.l.

use std::io::{Read, Seek, SeekFrom};

use hdf5::datatype::ByteOrder;
use hdf5::filters::Filter;

use super::{H5File, Kind, LARGEST_RATIO, SLACK};
use crate::diagnostic::Result;

/// The registered number of the filter.
const LZF: i32 = 32_000;

/// The most that LZF makes of a byte: 264 of three.
const LZF_RATIO: u64 = 88;

/// One step on the way from numbers to stored bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The first bytes of all elements, then the second ones, and so on.
    Shuffle,
    Lzf,
    /// Four bytes more, which are not looked at.
    Checksum,
}

/// A number that stored ones can become.
pub(super) trait Number: Copy + Default {
    /// From a whole number.
    fn whole(value: i128) -> Self;
    /// From a number with a fraction.
    fn fraction(value: f64) -> Self;
}

macro_rules! number {
    ($($name:ty)*) => {$(
        impl Number for $name {
            fn whole(value: i128) -> Self {
                value as Self
            }
            fn fraction(value: f64) -> Self {
                value as Self
            }
        }
    )*};
}

number!(f32 f64 i128 u8);

impl H5File {
    /// Shape and elements of a dataset compressed by LZF; `None` where it is not.
    pub(super) fn unpacked<T: Number>(&self, at: &str, data: &hdf5::Dataset) -> Result<Option<(Vec<usize>, Vec<T>)>> {
        let Some(steps) = steps(&data.filters()) else { return Ok(None) };
        let shape = self.shape(at, data)?;
        let kind = self.kind(at, data)?;
        let dtype = data.dtype().map_err(|error| self.unreadable(at, &error))?;
        let (width, order) = (dtype.size(), dtype.byte_order());
        let chunk = data.chunk().unwrap_or_default();
        let supported = match kind {
            Kind::Integer { .. } => matches!(width, 1 | 2 | 4 | 8),
            Kind::Float => matches!(width, 2 | 4 | 8),
            _ => false,
        };
        let ordered = matches!(order, ByteOrder::LittleEndian | ByteOrder::BigEndian) || width == 1;
        if !supported || !ordered || chunk.len() != shape.len() || chunk.contains(&0) {
            return Err(self.complaint(at, format!("holds {}, compressed by LZF in an unknown way", kind.words())).into());
        }
        let bytes = self.chunks(at, data, &steps, &shape, &chunk, width)?;
        let values = bytes.chunks_exact(width).map(|bytes| number(bytes, kind, order == ByteOrder::BigEndian)).collect();
        Ok(Some((shape, values)))
    }

    /// The bytes of all elements, row by row. Chunks that were never written hold zeros.
    fn chunks(
        &self,
        at: &str,
        data: &hdf5::Dataset,
        steps: &[Step],
        shape: &[usize],
        chunk: &[usize],
        width: usize,
    ) -> Result<Vec<u8>> {
        let damaged = |what: &str| self.complaint(at, format!("is compressed by LZF, and damaged: {what}"));
        let unreadable = |error: std::io::Error| self.complaint(at, format!("cannot be read: {error}"));
        let bytes = |of: &[usize]| of.iter().try_fold(width, |product, &n| product.checked_mul(n));
        let count = data.num_chunks().unwrap_or(0);
        // Each chunk is unpacked once; how much that is in all is no more than what the file can hold.
        let most = LARGEST_RATIO * data.storage_size().min(self.bytes) + SLACK;
        let sizes = bytes(shape).zip(bytes(chunk));
        let fits = |&(_, size): &(usize, usize)| size.checked_mul(count.max(1)).is_some_and(|all| all as u64 <= most);
        let (whole, size) = sizes.filter(fits).ok_or_else(|| damaged("its chunks claim more than the file can hold"))?;
        let mut values = vec![0; whole];
        let mut stream = std::fs::File::open(&self.path).map_err(unreadable)?;
        for index in 0..count {
            let info = data.chunk_info(index).ok_or_else(|| damaged("a chunk has no place"))?;
            if info.size > self.bytes {
                return Err(damaged("a chunk claims to be larger than the file").into());
            }
            let mut stored = Vec::new();
            stream.seek(SeekFrom::Start(info.addr)).map_err(unreadable)?;
            stream.by_ref().take(info.size).read_to_end(&mut stored).map_err(unreadable)?;
            for (step, what) in steps.iter().enumerate().rev() {
                // A filter that would not have helped was passed over.
                if info.filter_mask & (1 << step) == 0 {
                    stored = undo(*what, stored, size, width).ok_or_else(|| damaged("a chunk cannot be unpacked"))?;
                }
            }
            if stored.len() != size {
                return Err(damaged("a chunk does not hold what it should").into());
            }
            let offset: Vec<usize> = info.offset.iter().map(|n| usize::try_from(*n).unwrap_or(usize::MAX)).collect();
            place(&mut values, &stored, shape, chunk, &offset, width).ok_or_else(|| damaged("a chunk lies outside"))?;
        }
        Ok(values)
    }
}

/// The steps of a pipeline with LZF in it, where all are known; of a library that may know others, so that `None` is no complaint.
fn steps(filters: &[Filter]) -> Option<Vec<Step>> {
    let step = |filter: &Filter| match filter {
        Filter::Shuffle => Some(Step::Shuffle),
        Filter::Fletcher32 => Some(Step::Checksum),
        other if other.id() == LZF => Some(Step::Lzf),
        _ => None,
    };
    let steps: Vec<_> = filters.iter().map(step).collect::<Option<_>>()?;
    steps.contains(&Step::Lzf).then_some(steps)
}

/// What was there before a step; `None` where that cannot be.
fn undo(step: Step, mut stored: Vec<u8>, size: usize, width: usize) -> Option<Vec<u8>> {
    match step {
        Step::Checksum => {
            stored.truncate(stored.len().checked_sub(4)?);
            Some(stored)
        }
        // Memory is taken for what the bytes can hold, not for what is claimed.
        Step::Lzf if size as u64 > LZF_RATIO * stored.len() as u64 => None,
        Step::Lzf => lzf::decompress(&stored, size).ok(),
        Step::Shuffle => {
            let count = stored.len() / width;
            let mut whole = stored.clone();
            for (byte, place) in (0..width).flat_map(|byte| (0..count).map(move |place| (byte, place))) {
                whole[place * width + byte] = stored[byte * count + place];
            }
            Some(whole)
        }
    }
}

/// Copies a chunk to its place, its rows one by one; what lies beyond the dataset's edge is left out.
fn place(values: &mut [u8], stored: &[u8], shape: &[usize], chunk: &[usize], offset: &[usize], width: usize) -> Option<()> {
    let Some(last) = shape.len().checked_sub(1) else {
        values.copy_from_slice(stored.get(..values.len())?);
        return Some(());
    };
    let inside = offset.iter().zip(shape).all(|(offset, size)| offset < size);
    if !inside || offset.len() != shape.len() {
        return None;
    }
    let length = chunk[last].min(shape[last] - offset[last]) * width;
    // The row of the chunk, in all dimensions but the last.
    let mut row = vec![0; last];
    for from in stored.chunks_exact(chunk[last] * width) {
        let mut to = Some(0usize);
        for axis in 0..last {
            let at = offset[axis] + row[axis];
            to = to.filter(|_| at < shape[axis]).map(|to| to * shape[axis] + at);
        }
        if let Some(to) = to {
            let start = (to * shape[last] + offset[last]) * width;
            values.get_mut(start..start + length)?.copy_from_slice(&from[..length]);
        }
        for axis in (0..last).rev() {
            row[axis] += 1;
            if row[axis] < chunk[axis] {
                break;
            }
            row[axis] = 0;
        }
    }
    Some(())
}

/// One number from its bytes.
fn number<T: Number>(bytes: &[u8], kind: Kind, big_end_first: bool) -> T {
    let mut word = [0; 8];
    for (at, byte) in bytes.iter().enumerate() {
        word[if big_end_first { bytes.len() - 1 - at } else { at }] = *byte;
    }
    let raw = u64::from_le_bytes(word);
    let unused = 64 - 8 * bytes.len() as u32;
    match (kind, bytes.len()) {
        (Kind::Float, 8) => T::fraction(f64::from_bits(raw)),
        (Kind::Float, 4) => T::fraction(f64::from(f32::from_bits(raw as u32))),
        (Kind::Float, _) => T::fraction(half(raw as u16)),
        (Kind::Integer { unsigned: true }, _) => T::whole(i128::from(raw)),
        // The sign stands in the highest bit that is used.
        _ => T::whole(i128::from((raw << unused) as i64 >> unused)),
    }
}

/// A number of 16 bits (IEEE 754, binary16).
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let size = match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
    };
    if bits >> 15 == 1 { -size } else { size }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_width_and_order() {
        let unsigned = Kind::Integer { unsigned: true };
        let signed = Kind::Integer { unsigned: false };
        assert_eq!(number::<i128>(&[0xff], signed, false), -1);
        assert_eq!(number::<i128>(&[0xff], unsigned, false), 255);
        assert_eq!(number::<i128>(&[0xfe, 0xff, 0xff, 0xff], signed, false), -2);
        assert_eq!(number::<i128>(&[0xff; 8], unsigned, false), i128::from(u64::MAX));
        assert_eq!(number::<f64>(&1.5f32.to_be_bytes(), Kind::Float, true), 1.5);
        assert_eq!(number::<f32>(&(-2.25f64).to_le_bytes(), Kind::Float, false), -2.25);
        // NumPy's float16 of these.
        for (bits, value) in [(0x3c00, 1.0), (0xc580, -5.5), (0x0001, 5.960_464_477_539_063e-8), (0x7bff, 65_504.0)] {
            assert_eq!(half(bits), value, "{bits:#x}");
        }
        assert!(half(0x7e00).is_nan() && half(0xfc00) == f64::NEG_INFINITY);
    }

    #[test]
    fn chunks_at_the_edge_are_cut() {
        // 3 × 5 values of one byte in chunks of 2 × 3.
        let mut values = vec![0; 15];
        for (row, column) in [(0, 0), (0, 3), (2, 0), (2, 3)] {
            let stored: Vec<u8> = (0..6).map(|i| ((row + i / 3) * 5 + column + i % 3) as u8).collect();
            place(&mut values, &stored, &[3, 5], &[2, 3], &[row, column], 1).unwrap();
        }
        assert_eq!(values, (0..15).collect::<Vec<u8>>());
        assert_eq!(place(&mut values, &[0; 6], &[3, 5], &[2, 3], &[4, 0], 1), None);
    }

    #[test]
    fn what_claims_too_much_is_not_unpacked() {
        let packed = lzf::compress(&[7; 1000]).unwrap();
        assert_eq!(undo(Step::Lzf, packed.clone(), 1000, 1).unwrap(), [7; 1000]);
        assert_eq!(undo(Step::Lzf, packed.clone(), 1 << 40, 1), None);
        assert_eq!(undo(Step::Lzf, packed, 10, 1), None);
        assert_eq!(undo(Step::Lzf, vec![0xe0, 1], 100, 1), None);
        assert_eq!(undo(Step::Checksum, vec![1, 2, 3], 3, 1), None);
        assert_eq!(undo(Step::Shuffle, vec![1, 2, 3, 4, 5, 6], 6, 2).unwrap(), [1, 4, 2, 5, 3, 6]);
    }
}
