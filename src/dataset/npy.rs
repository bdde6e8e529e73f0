//! Arrays of NumPy's NPY format: one array per file, its first axis the samples.
//!
//! An array of three axes that holds only 0 and 1 in booleans or unsigned bytes is spikes on a grid: sample, step, channel.
//! Any other array is values without time, unless its axes are given (`sample,step,y,x`); where one of them is `step`, an array of any type that holds
//! only 0 and 1 is spikes. Labels are in a file beside it: `NAME.labels.npy` or `NAME-labels.npy`.

use std::path::Path;

use npyz::{DType, Endianness, NpyHeader, Order, TypeChar};

use super::{Dataset, DatasetFormat, Raster, Samples, Stored, Values, axes, stem};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Result};

pub(super) const FORMAT: DatasetFormat = DatasetFormat {
    name: "npy",
    about: "a NumPy array, samples first; labels in NAME.labels.npy or NAME-labels.npy beside it",
    extensions: &["npy"],
    sniff: |_, head| head.starts_with(MAGIC),
    read,
};

const MAGIC: &[u8] = b"\x93NUMPY";

/// NumPy itself refuses longer headers unless told otherwise (`max_header_size` of `numpy.load`).
const LONGEST_HEADER: usize = 10_000;

fn read(path: &Path, axes: Option<&str>) -> Result<Dataset> {
    let mut wrong = Diagnostics::new();
    let dataset = wrong.take(samples(path, axes));
    let beside = ["labels.npy", "-labels.npy"].map(|end| {
        let dot = if end.starts_with('-') { "" } else { "." };
        path.with_file_name(format!("{}{dot}{end}", stem(path)))
    });
    let labels = beside.iter().find(|beside| beside.is_file()).and_then(|beside| {
        wrong.take(labels(beside, dataset.as_ref().map(Dataset::len)).map_err(|complaints| complaints.in_file(beside)))
    });
    let Some(mut dataset) = dataset else { return Err(wrong) };
    dataset.labels = labels;
    wrong.or(dataset)?.checked()
}

fn samples(path: &Path, axes: Option<&str>) -> Result<Dataset> {
    let array = Array::read(path)?;
    let shape = &array.shape;
    if let Some(text) = axes {
        return as_told(array, text);
    }
    if shape.len() < 2 {
        let message = format!("has the shape {shape:?}; expected an axis of samples and at least one of channels");
        return Err(Diagnostic::new(message).into());
    }
    if shape.contains(&0) {
        return Err(Diagnostic::new(format!("has the shape {shape:?}: an axis is empty")).into());
    }
    if let (&[_, steps, channels], Stored::Bytes(bytes)) = (shape.as_slice(), &array.stored)
        && bytes.iter().all(|&byte| byte <= 1)
    {
        let mut dataset = Dataset::new("", channels, Samples::Raster(Raster::new(steps, channels, bytes)));
        dataset.notes.push(format!("read as spikes: {} samples of {steps} steps and {channels} channels", shape[0]));
        return Ok(dataset);
    }
    let values = Values { stored: array.stored, scale: 1.0 };
    let inner: usize = shape[1..].iter().product();
    if let Some(at) = values.first_not_finite() {
        let (sample, channel, found) = (at / inner, at % inner, values.slice(at, 1)[0]);
        let message = format!("holds {found} in sample {sample}, channel {channel}; expected finite numbers");
        return Err(Diagnostic::new(message).into());
    }
    let mut dataset = Dataset::new("", inner, Samples::Values(values));
    let axes: &[&str] = match shape.len() {
        3 => &["y", "x"],
        4 => &["channel", "y", "x"],
        _ => &[],
    };
    if !axes.is_empty() {
        dataset.shape = shape[1..].to_vec();
        dataset.axes = axes.iter().map(|&axis| axis.to_owned()).collect();
    }
    Ok(dataset)
}

/// The samples of an array whose axes are known.
fn as_told(array: Array, text: &str) -> Result<Dataset> {
    let place = |message: String| Diagnostic::new(message).place(Place::Argument("--axes".into()));
    if array.shape.contains(&0) {
        return Err(Diagnostic::new(format!("has the shape {:?}: an axis is empty", array.shape)).into());
    }
    let axes = axes::parse(text, array.shape.len(), true, place)?;
    let size = |name: &str| axes.iter().position(|axis| axis == name).map(|at| array.shape[at]);
    let outer = axes.iter().filter(|axis| *axis == "sample" || *axis == "step").count();
    let (steps, channels) = (size("step"), array.shape[outer..].iter().product());
    let values = Values { stored: array.stored, scale: 1.0 };
    if let Some(at) = values.first_not_finite() {
        let message = format!("holds {} as its number {at}; expected finite numbers", values.slice(at, 1)[0]);
        return Err(Diagnostic::new(message).into());
    }
    let all = values.len();
    let samples = match steps {
        None => Samples::Values(values),
        Some(steps) if (0..all).step_by(channels).all(|at| values.slice(at, channels).iter().all(|v| *v == 0.0 || *v == 1.0)) => {
            let spikes: Vec<u8> = values.slice(0, all).into_iter().map(|v| u8::from(v == 1.0)).collect();
            Samples::Raster(Raster::new(steps, channels, &spikes))
        }
        Some(steps) => Samples::Frames { steps, values },
    };
    let mut dataset = Dataset::new("", channels, samples);
    dataset.shape = array.shape[outer..].to_vec();
    dataset.axes = axes[outer..].to_vec();
    Ok(dataset)
}

fn labels(path: &Path, samples: Option<usize>) -> Result<Vec<u32>> {
    let array = Array::read(path)?;
    if array.shape.len() != 1 || samples.is_some_and(|samples| array.shape[0] != samples) {
        let of = samples.map_or_else(String::new, |samples| format!(" for {samples} samples"));
        return Err(Diagnostic::new(format!("has the shape {:?}; expected one label per sample{of}", array.shape)).into());
    }
    let values = Values { stored: array.stored, scale: 1.0 }.slice(0, array.shape[0]);
    let class = |&value: &f64| value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value);
    if let Some(at) = values.iter().position(|value| !class(value)) {
        return Err(Diagnostic::new(format!("sample {at} has the label {}; expected a class number", values[at])).into());
    }
    Ok(values.into_iter().map(|value| value as u32).collect())
}

/// An array in row-major order.
struct Array {
    shape: Vec<usize>,
    stored: Stored,
}

impl Array {
    fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|error| Diagnostic::new(format!("cannot be read: {error}")))?;
        let damaged = |why: String| Diagnostics::from(Diagnostic::new(format!("is no sound NPY file: {why}")));
        let (header, data) = header(&bytes).map_err(damaged)?;
        let kind = match header.dtype() {
            DType::Plain(kind) => kind,
            other => return Err(Diagnostic::new(format!("holds {}; expected plain numbers", other.descr())).into()),
        };
        let width = kind.num_bytes().unwrap_or(0);
        let decode = decoder(kind.type_char(), width);
        let Some(decode) = decode else {
            return Err(Diagnostic::new(format!("holds {kind}; expected booleans, integers or floats")).into());
        };
        let shape: Vec<usize> = header.shape().iter().map(|&n| n as usize).collect();
        // The header's reader has made sure that the product does not overflow.
        let claimed = shape.iter().product::<usize>();
        if claimed.checked_mul(width) != Some(data.len()) {
            let message = format!("the shape {shape:?} needs {claimed} numbers of {width} bytes, {} bytes are there", data.len());
            return Err(damaged(message));
        }
        let plain = matches!(kind.type_char(), TypeChar::Bool | TypeChar::Uint) && width == 1;
        let stored = if plain {
            Stored::Bytes(in_rows(data.to_vec(), &header))
        } else {
            let big = kind.endianness() == Endianness::Big;
            let number = |bytes: &[u8]| {
                let mut word = [0; 8];
                word[..width].copy_from_slice(bytes);
                if big {
                    word[..width].reverse();
                }
                decode(u64::from_le_bytes(word))
            };
            Values::new(in_rows(data.chunks_exact(width).map(number).collect(), &header)).stored
        };
        Ok(Self { shape, stored })
    }
}

/// The header, checked before the crate parses it, and the bytes behind it.
fn header(bytes: &[u8]) -> std::result::Result<(NpyHeader, &[u8]), String> {
    let short = || "it ends within its header".to_owned();
    if !bytes.starts_with(MAGIC) {
        return Err("it does not begin with NPY's signature".into());
    }
    let (start, length) = match bytes.get(6).ok_or_else(short)? {
        1 => (10, bytes.get(8..10).map(|b| usize::from(u16::from_le_bytes([b[0], b[1]])))),
        _ => (12, bytes.get(8..12).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize)),
    };
    let length = length.ok_or_else(short)?;
    if length > LONGEST_HEADER {
        return Err(format!("its header has {length} bytes; at most {LONGEST_HEADER} are read"));
    }
    let text = bytes.get(start..start + length).ok_or_else(short)?;
    // Plain arrays have one dictionary and one tuple; deep nesting would exhaust the parser's stack.
    if text.iter().filter(|byte| b"([{".contains(byte)).count() > 16 {
        return Err("its header is too deeply nested".into());
    }
    product_fits(text)?;
    let header = NpyHeader::from_reader(&bytes[..start + length]).map_err(|error| error.to_string())?;
    Ok((header, &bytes[start + length..]))
}

/// The crate multiplies the sizes without looking for overflow.
fn product_fits(text: &[u8]) -> std::result::Result<(), String> {
    let text = String::from_utf8_lossy(text);
    let shape = text.split_once("shape").and_then(|(_, rest)| rest.split_once(['(', '['])).map_or("", |(_, rest)| rest);
    let shape = shape.split([')', ']']).next().unwrap_or("");
    let sizes = shape.split(',').map(str::trim).filter(|size| !size.is_empty());
    // An empty axis counts as one element: strides are products of some of the sizes.
    let product = sizes.map(str::parse::<u64>).try_fold(1u64, |product, size| product.checked_mul(size.ok()?.max(1)));
    product.map(|_| ()).ok_or_else(|| format!("its shape ({shape}) is not a product of sizes below 2⁶⁴"))
}

/// Turns a little-endian word of that width into a number, where the type is a number.
fn decoder(kind: TypeChar, width: usize) -> Option<fn(u64) -> f64> {
    Some(match (kind, width) {
        (TypeChar::Bool | TypeChar::Uint, 1 | 2 | 4 | 8) => |word| word as f64,
        (TypeChar::Int, 1) => |word| f64::from(word as u8 as i8),
        (TypeChar::Int, 2) => |word| f64::from(word as u16 as i16),
        (TypeChar::Int, 4) => |word| f64::from(word as u32 as i32),
        (TypeChar::Int, 8) => |word| word as i64 as f64,
        (TypeChar::Float, 2) => half,
        (TypeChar::Float, 4) => |word| f64::from(f32::from_bits(word as u32)),
        (TypeChar::Float, 8) => f64::from_bits,
        _ => return None,
    })
}

/// A 16-bit float of IEEE 754: a sign, 5 bits of exponent with bias 15, 10 bits of fraction.
fn half(word: u64) -> f64 {
    let (exponent, fraction) = ((word >> 10 & 0x1f) as i32, (word & 0x3ff) as f64 / 1024.0);
    let magnitude = match exponent {
        0 => fraction * 2f64.powi(-14),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction) * 2f64.powi(exponent - 15),
    };
    if word & 0x8000 == 0 { magnitude } else { -magnitude }
}

/// Row-major order, whatever the file's.
fn in_rows<T: Copy>(stored: Vec<T>, header: &NpyHeader) -> Vec<T> {
    if header.order() == Order::C || header.shape().len() < 2 || stored.is_empty() {
        return stored;
    }
    let (shape, strides) = (header.shape(), header.strides());
    let mut index = vec![0u64; shape.len()];
    let mut rows = Vec::with_capacity(stored.len());
    for _ in 0..stored.len() {
        rows.push(stored[index.iter().zip(strides).map(|(i, stride)| i * stride).sum::<u64>() as usize]);
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            if index[axis] < shape[axis] {
                break;
            }
            index[axis] = 0;
        }
    }
    rows
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#[path = "npy_tests.rs"]
mod tests;
