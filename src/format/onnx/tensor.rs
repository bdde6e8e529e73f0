//! Tensors: their values as 32-bit floats or as integers, their lengths held against the bytes that are there.

use crate::diagnostic::{Diagnostic, quoted};
use rten_onnx::onnx::{DataLocation, DataType, TensorProto};

/// A tensor of finite floats.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tensor {
    /// Its shape; empty for a scalar.
    pub(super) dims: Vec<usize>,
    /// Its values, last dimension fastest.
    pub(super) values: Vec<f32>,
    /// The file holds 64-bit floats.
    pub(super) rounded: bool,
}

impl Tensor {
    pub(super) fn scalar(value: f32) -> Self {
        Self { dims: Vec::new(), values: vec![value], rounded: false }
    }

    /// The transpose of a matrix.
    pub(super) fn transposed(self) -> Self {
        let &[rows, columns] = self.dims.as_slice() else { return self };
        let values = (0..columns).flat_map(|c| (0..rows).map(move |r| r * columns + c)).map(|at| self.values[at]).collect();
        Self { dims: vec![columns, rows], values, ..self }
    }
}

/// The name by which complaints call a tensor.
pub(super) fn place(name: &str) -> String {
    format!("initialiser {}", quoted(name))
}

/// Reads a tensor of floats.
pub(super) fn floats(tensor: &TensorProto, place: &str) -> Result<Tensor, Diagnostic> {
    let kind = tensor.data_type.unwrap_or(DataType(0));
    let raw = raw(tensor);
    let values: Vec<f32> = match (kind, raw.as_deref()) {
        (DataType::FLOAT, Some(raw)) => elements(raw, place)?.map(f32::from_le_bytes).collect(),
        (DataType::FLOAT, None) => tensor.float_data.clone(),
        (DataType::DOUBLE, Some(raw)) => elements(raw, place)?.map(|bytes| f64::from_le_bytes(bytes) as f32).collect(),
        (DataType::DOUBLE, None) => tensor.double_data.iter().map(|v| *v as f32).collect(),
        (DataType::FLOAT16, Some(raw)) => elements(raw, place)?.map(|bytes| from_half(u16::from_le_bytes(bytes))).collect(),
        (DataType::FLOAT16, None) => tensor.int32_data.iter().map(|v| from_half(*v as u16)).collect(),
        (DataType::BFLOAT16, Some(raw)) => elements(raw, place)?.map(|bytes| from_bfloat(u16::from_le_bytes(bytes))).collect(),
        (DataType::BFLOAT16, None) => tensor.int32_data.iter().map(|v| from_bfloat(*v as u16)).collect(),
        _ => {
            let found = format!("expected floating-point values, found values of type {kind}");
            return Err(missing_type_help(Diagnostic::at(place, found), kind));
        }
    };
    let dims = shape(tensor, values.len(), place)?;
    if let Some(at) = values.iter().position(|v| !v.is_finite()) {
        let message = format!("the value at {:?} is {}, expected finite 32-bit floats only", index(at, &dims), values[at]);
        return Err(Diagnostic::at(place, message));
    }
    Ok(Tensor { dims, values, rounded: kind == DataType::DOUBLE })
}

/// Reads a list of integers: a shape.
pub(super) fn integers(tensor: &TensorProto, place: &str) -> Result<Vec<i64>, Diagnostic> {
    let raw = raw(tensor);
    let values: Vec<i64> = match (tensor.data_type.unwrap_or(DataType(0)), raw.as_deref()) {
        (DataType::INT64, Some(raw)) => elements(raw, place)?.map(i64::from_le_bytes).collect(),
        (DataType::INT64, None) => tensor.int64_data.clone(),
        (DataType::INT32, Some(raw)) => elements(raw, place)?.map(|bytes| i32::from_le_bytes(bytes).into()).collect(),
        (DataType::INT32, None) => tensor.int32_data.iter().map(|v| i64::from(*v)).collect(),
        (kind, _) => return Err(Diagnostic::at(place, format!("expected integers, found values of type {kind}"))),
    };
    shape(tensor, values.len(), place)?;
    Ok(values)
}

fn missing_type_help(complaint: Diagnostic, kind: DataType) -> Diagnostic {
    match kind {
        DataType::INT8 | DataType::UINT8 | DataType::INT4 | DataType::UINT4 => {
            complaint.help("quantised weights are not read: export the network with 32-bit floats")
        }
        _ => complaint,
    }
}

/// The bytes of a tensor stored as such.
fn raw(tensor: &TensorProto) -> Option<std::cell::Ref<'_, Vec<u8>>> {
    tensor.raw_data.as_ref().map(std::cell::RefCell::borrow).filter(|raw| !raw.is_empty())
}

fn elements<'a, const N: usize>(raw: &'a [u8], place: &str) -> Result<impl Iterator<Item = [u8; N]> + 'a, Diagnostic> {
    let (elements, rest) = raw.as_chunks::<N>();
    if rest.is_empty() {
        Ok(elements.iter().copied())
    } else {
        Err(Diagnostic::at(place, format!("{} bytes of data are no whole number of {N}-byte values", raw.len())))
    }
}

/// The shape, where it holds as many values as are there.
fn shape(tensor: &TensorProto, values: usize, place: &str) -> Result<Vec<usize>, Diagnostic> {
    if tensor.data_location == Some(DataLocation::EXTERNAL) || !tensor.external_data.is_empty() {
        return Err(Diagnostic::at(place, "its values lie in another file, which is not read")
            .help("save the model in one file: `onnx.save(model, path, save_as_external_data=False)`"));
    }
    let dims: Option<Vec<usize>> = tensor.dims.iter().map(|d| usize::try_from(*d).ok()).collect();
    let expected = dims.as_deref().and_then(|dims| dims.iter().try_fold(1_usize, |product, d| product.checked_mul(*d)));
    match (dims, expected) {
        (Some(dims), Some(expected)) if expected == values => {
            if values == 0 {
                return Err(Diagnostic::at(place, format!("it has the shape {dims:?}, so no values")));
            }
            Ok(dims)
        }
        (Some(_), Some(expected)) => {
            Err(Diagnostic::at(place, format!("its shape {:?} needs {expected} values, found {values}", tensor.dims)))
        }
        _ => Err(Diagnostic::at(place, format!("its shape {:?} is impossible; found {values} values", tensor.dims))),
    }
}

/// The index of value number `at` in each dimension.
fn index(mut at: usize, dims: &[usize]) -> Vec<usize> {
    let mut index: Vec<usize> = dims
        .iter()
        .rev()
        .map(|d| {
            let here = at % d;
            at /= d;
            here
        })
        .collect();
    index.reverse();
    index
}

/// IEEE 754 binary16: 1 sign bit, 5 exponent bits with bias 15, 10 fraction bits. Every value is exact in 32 bits.
fn from_half(bits: u16) -> f32 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
    let magnitude = match exponent {
        0 => fraction * 2_f32.powi(-24),
        0x1f if fraction == 0.0 => f32::INFINITY,
        0x1f => f32::NAN,
        _ => (1024.0 + fraction) * 2_f32.powi(exponent - 25),
    };
    if bits >> 15 == 1 { -magnitude } else { magnitude }
}

/// bfloat16: the upper half of a 32-bit float.
fn from_bfloat(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn half_precision_values_are_those_of_ieee_754() {
        let cases = [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_95),
            (0x7bff, 65504.0),
            (0x0001, 5.960_464_5e-8),
            (0x0400, 6.103_515_6e-5),
            (0x7c00, f32::INFINITY),
            (0xfc00, f32::NEG_INFINITY),
        ];
        for (bits, value) in cases {
            assert_eq!(from_half(bits), value, "{bits:#x}");
        }
        assert!(from_half(0x7e00).is_nan());
        assert_eq!(from_bfloat(0x3fc0), 1.5);
    }

    #[test]
    fn every_way_to_store_floats_reads_the_same() {
        let stored = |kind, raw: Vec<u8>| TensorProto {
            dims: vec![2],
            data_type: Some(kind),
            raw_data: Some(RefCell::new(raw)),
            ..TensorProto::default()
        };
        let typed = |kind| TensorProto { dims: vec![2], data_type: Some(kind), ..TensorProto::default() };
        let all = [
            stored(DataType::FLOAT, [1.5_f32, -2.0].iter().flat_map(|v| v.to_le_bytes()).collect()),
            TensorProto { float_data: vec![1.5, -2.0], ..typed(DataType::FLOAT) },
            stored(DataType::DOUBLE, [1.5_f64, -2.0].iter().flat_map(|v| v.to_le_bytes()).collect()),
            TensorProto { double_data: vec![1.5, -2.0], ..typed(DataType::DOUBLE) },
            stored(DataType::FLOAT16, [0x3e00_u16, 0xc000].iter().flat_map(|v| v.to_le_bytes()).collect()),
            TensorProto { int32_data: vec![0x3e00, 0xc000], ..typed(DataType::FLOAT16) },
            stored(DataType::BFLOAT16, [0x3fc0_u16, 0xc000].iter().flat_map(|v| v.to_le_bytes()).collect()),
            TensorProto { int32_data: vec![0x3fc0, 0xc000], ..typed(DataType::BFLOAT16) },
        ];
        for tensor in &all {
            assert_eq!(floats(tensor, "t").unwrap().values, [1.5, -2.0], "{tensor:?}");
        }
    }

    #[test]
    fn a_transpose_swaps_rows_and_columns() {
        let tensor = Tensor { dims: vec![2, 3], values: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], rounded: false };
        let transposed = tensor.clone().transposed();
        assert_eq!(
            (transposed.dims.as_slice(), transposed.values.as_slice()),
            (&[3, 2][..], &[1.0, 4.0, 2.0, 5.0, 3.0, 6.0][..])
        );
        assert_eq!(transposed.transposed(), tensor);
    }
}
